"""*I am worried*: stays on top for every worker of the group until they agreed what to do.

If chosen, the regional coordinator thinks along: the coordinator reads the worker's broad words,
the group and whom to call, never a name (trust.md 3). Locks the stay.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import NotYours, RuleBroken
from core.locks import lock_copy
from core.names import whole_word
from participants.models import Participant, Trajectory, Worry
from participants.recusal import recusal
from participants.stay.lock import lock


@transaction.atomic
def begin_worry(*, trajectory: Trajectory, by: User, note: str = "") -> Worry:
    """At most one is open per stay: a second worker's worry joins the first, its words kept."""
    lock(trajectory)
    worry = Worry.objects.open().filter(trajectory=trajectory).first()
    if worry is None:
        return Worry.objects.create(trajectory=trajectory, by=by, at=clock.now(), note=note)
    if note.strip():
        said = f"{by.first_name}: {note.strip()}"
        worry.note = f"{worry.note}\n\n{said}" if worry.note else said
        worry.save(update_fields=["note"])
    return worry


@transaction.atomic
def ask_to_think_along(*, worry: Worry, broad: str, by: User) -> Worry:
    """Put broad words to the coordinator. Raises RuleBroken: settled, words_needed, names_nobody.

    Asked again before an answer, the words are replaced.
    """
    row = _lock(worry)
    if row.settled_at is not None:
        raise RuleBroken(_("You settled this together already."), "settled")
    recusal.need_a_coordinator(row.trajectory)
    if not broad.strip():
        raise RuleBroken(_("What would you like to ask?"), "words_needed", "broad")
    if name := _named(row.trajectory.participant, broad):
        raise RuleBroken(
            _("Leave the name out: the coordinator need not know who it is. Found: %(name)s")
            % {"name": name},
            "names_nobody",
            "broad",
        )
    row.broad, row.asked_by, row.asked_at = broad, by, clock.now()
    row.thought_along_by = row.thought_along_at = None
    row.save()
    return row


@transaction.atomic
def think_along(*, worry: Worry, by: User) -> Worry:
    """The coordinator was in touch with the worker. Raises NotYours, RuleBroken("not_asked")."""
    row = _lock(worry)
    if not recusal.coordinates(by, row.trajectory):
        raise NotYours(_("This is for the coordinator of the region."), "not_the_coordinator")
    if row.asked_at is None:
        raise RuleBroken(_("Nobody asked you to think along."), "not_asked")
    if row.thought_along_at is None:
        row.thought_along_by, row.thought_along_at = by, clock.now()
        row.save(update_fields=["thought_along_by", "thought_along_at"])
    return row


@transaction.atomic
def settle_worry(*, worry: Worry, note: str, by: User) -> Worry:
    """You agreed what to do. Raises RuleBroken("words_needed"); settling twice changes nothing."""
    row = _lock(worry)
    if row.settled_at is not None:
        return row
    if not note.strip():
        raise RuleBroken(_("Write down what you agreed."), "words_needed", "settled_note")
    row.settled_note, row.settled_by, row.settled_at = note, by, clock.now()
    row.save()
    return row


def _lock(worry: Worry) -> Worry:
    trajectory = lock(worry.trajectory)
    row = lock_copy(worry)
    row.trajectory = trajectory
    return row


def _named(person: Participant, text: str) -> str:
    """The first of this person's names in the text, as a whole word; empty when none stands."""
    names = {person.call_name, person.full_name, *person.full_name.split()}
    for name in sorted(n for n in names if len(n) > 1):
        if whole_word(name).search(text):
            return name
    return ""

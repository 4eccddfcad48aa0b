"""A copy of the rest, a correction or deletion: asked, weighed and answered by a person (R-101).

The own package needs no request. The rest (notes, judgements) is checked for other people and
read together (C-35). What a parent asks is weighed by a person who first hears the young person;
there is no button that gives a parent anything (C-40). Due within one month.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.months import add_months
from participants.models import DataRequest, Trajectory
from participants.rights import erasure
from participants.stay.lock import lock, lock_person

Kind, Asker, Outcome = DataRequest.Kind, DataRequest.Asker, DataRequest.Outcome
GIVEN = (Outcome.DONE, Outcome.PARTLY)


def due_on(asked_on: date) -> date:
    """One month later; 31 January becomes the last day of February."""
    return add_months(asked_on, 1)


@transaction.atomic
def ask(
    *, trajectory: Trajectory, kind: str, by: User, words: str = "", asker: str = Asker.SELF
) -> DataRequest:
    """Write down what is asked; the same open question again returns the one that stands.

    The young person asks alone; what a parent asks is written down by a professional. A copy is
    asked of the workers of each stay, who read with the young person what belongs to that stay.
    Raises RuleBroken: not_your_data, words_needed, already_erased.
    """
    lock(trajectory)
    itself = by is not None and by.pk == trajectory.participant.user_id
    if itself != (asker == Asker.SELF):
        raise RuleBroken(
            _("Only the young person asks this here. A parent asks a youth worker."),
            code="not_your_data",
        )
    if trajectory.participant.erased_at is not None:
        raise RuleBroken(_("Nothing is left of this person."), code="already_erased")
    if kind == Kind.CORRECTION and not words.strip():
        raise RuleBroken(_("Write what is not right, please."), code="words_needed", field="words")
    if kind == Kind.COPY and itself:
        earlier = Trajectory.objects.filter(participant=trajectory.participant_id)
        for other in earlier.exclude(pk=trajectory.pk).order_by("pk"):
            _write_down(other, kind, by, words, asker)
    return _write_down(trajectory, kind, by, words, asker)


def _write_down(trajectory: Trajectory, kind: str, by: User, words: str, asker: str) -> DataRequest:
    about: dict[str, Any] = {"trajectory__participant": trajectory.participant_id}
    if kind == Kind.COPY and asker == Asker.SELF:
        about = {"trajectory": trajectory}
    standing = DataRequest.objects.filter(kind=kind, asker=asker, answered_at=None, **about).first()
    if standing is not None:
        if words.strip() and words.strip() != standing.words:
            standing.words = f"{standing.words}\n\n{words.strip()}".strip()
            standing.save(update_fields=["words"])
        return standing
    return DataRequest.objects.create(
        trajectory=trajectory,
        kind=kind,
        asker=asker,
        words=words.strip(),
        asked_at=clock.now(),
        written_by=by,
        due_on=due_on(clock.today()),
    )


@transaction.atomic
def take_back(*, request: DataRequest, by: User) -> DataRequest:
    """The young person changed their mind. Raises RuleBroken: not_your_data, already_answered."""
    row = _lock(request)
    if by.pk != row.trajectory.participant.user_id or row.asker != Asker.SELF:
        raise RuleBroken(_("Only the young person takes this back."), code="not_your_data")
    return _close(row, Outcome.TAKEN_BACK, "", by)


@transaction.atomic
def check_for_others(*, request: DataRequest, by: User) -> DataRequest:
    """Somebody read the rest and looked whether other people appear in it (C-35)."""
    row = _lock(request)
    _need_open(row)
    row.checked_at, row.checked_by = clock.now(), by
    row.save(update_fields=["checked_at", "checked_by"])
    return row


@transaction.atomic
def hear_the_child(*, request: DataRequest, by: User, day: date | None = None) -> DataRequest:
    """A parent asked; the young person was asked what they think of it (C-40).

    Raises RuleBroken: future_day, already_answered.
    """
    row = _lock(request)
    _need_open(row)
    row.child_heard_on = _past(day or clock.today())
    row.save(update_fields=["child_heard_on"])
    return row


@transaction.atomic
def read_together(*, request: DataRequest, by: User, day: date | None = None) -> DataRequest:
    """The rest was read, the two of you side by side. Raises RuleBroken: not_checked."""
    row = _lock(request)
    _need_open(row)
    if row.checked_at is None:
        raise RuleBroken(
            _("First look whether other people appear in it."), code="not_checked", field="day"
        )
    row.read_together_on = _past(day or clock.today())
    row.save(update_fields=["read_together_on"])
    return row


@transaction.atomic
def answer(*, request: DataRequest, outcome: str, words: str, by: User) -> DataRequest:
    """Record the answer. Deletion that is granted erases in the same transaction.

    Raises RuleBroken: already_answered, unknown_outcome, words_needed, not_checked,
    not_read_together, child_not_heard, parent_cannot_erase, came_back.
    """
    if request.kind == Kind.DELETION:  # may erase, which concerns every stay and the person
        lock_person(request.trajectory.participant)
    row = _lock(request)
    _need_open(row)
    if outcome not in (Outcome.DONE, Outcome.PARTLY, Outcome.REFUSED):
        raise RuleBroken(_("Choose what you did."), code="unknown_outcome", field="outcome")
    if outcome != Outcome.DONE and not words.strip():
        raise RuleBroken(
            _("Say why, in words the young person understands."), "words_needed", "words"
        )
    if outcome in GIVEN:
        _need_steps(row)
    if row.kind == Kind.DELETION and outcome in GIVEN:
        participant = row.trajectory.participant
        if participant.trajectories.filter(signed_up_at__gt=row.asked_at).exists():
            raise RuleBroken(
                _("This person signed up again since. Ask whether it is still wanted."),
                code="came_back",
                field="outcome",
            )
        closed = _close(row, outcome, "", by)
        erasure.erase_person(participant=participant, by=by)
        return closed
    return _close(row, outcome, words.strip(), by)


def _need_steps(row: DataRequest) -> None:
    if row.asker == Asker.PARENT:
        if row.child_heard_on is None:
            raise RuleBroken(_("First ask the young person about it."), "child_not_heard")
        if row.kind == Kind.DELETION:
            raise RuleBroken(
                _("Only the young person can ask for everything to be erased here."),
                code="parent_cannot_erase",
                field="outcome",
            )
    elif row.kind == Kind.COPY:
        if row.checked_at is None:
            raise RuleBroken(_("First look whether other people appear in it."), "not_checked")
        if row.read_together_on is None:
            raise RuleBroken(_("First read it together."), "not_read_together")


def _close(row: DataRequest, outcome: str, words: str, by: User) -> DataRequest:
    _need_open(row)
    row.outcome, row.answer = outcome, words
    row.answered_at, row.answered_by = clock.now(), by
    row.save(update_fields=["outcome", "answer", "answered_at", "answered_by"])
    return row


def _need_open(row: DataRequest) -> None:
    if row.answered_at is not None:
        raise RuleBroken(_("This was answered already."), code="already_answered")


def _past(day: date) -> date:
    if day > clock.today():
        raise RuleBroken(_("Choose a day that has been."), code="future_day", field="day")
    return day


def _lock(request: DataRequest) -> DataRequest:
    """The stay: every act on a request locks it, and a deletion goes on to the group's lock."""
    lock(request.trajectory)
    rows = DataRequest.objects.select_related("trajectory__participant")
    return rows.get(pk=request.pk)

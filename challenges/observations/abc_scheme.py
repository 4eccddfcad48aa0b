"""The ABC of a situation: what was going on, what somebody did, and what followed (R-146, R-149).

An aid, never a goal: nothing asks for one (R-152). Early ones are there to understand (R-147),
later ones to find a chance to practise and to see whether new behaviour is used, and what it
brings (R-148). Only who saw it changes it or takes it back; colleagues of the group read it.
Locks: the stay.
"""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from challenges.models import Consequence, Jotting, Observation
from challenges.observations.meetings import days_elsewhere, meetings_of
from challenges.observations.observers import require_observed, why_not
from core import clock
from core.accounts.models import User
from core.errors import NotYours, RuleBroken
from core.sent_twice import done_before
from participants.models import Trajectory
from participants.stay.lock import lock

Aim, Kind = Observation.Aim, Consequence.Kind
#: Apart from those that only try to understand.
LATER = (Aim.CHANCE, Aim.NEW_BEHAVIOUR)


@dataclass(frozen=True)
class Seen:
    """What somebody saw. `meeting`: at which one; else the day counts."""

    behaviour: str
    on: date
    meeting: UUID | None = None
    aim: str = Aim.UNDERSTAND
    antecedent: str = ""
    followed: dict[str, list[str]] = field(default_factory=dict)


@transaction.atomic
def write_observation(
    *,
    trajectory: Trajectory,
    seen: Seen,
    client_id: UUID,
    by: User,
    jotting: Jotting | None = None,
) -> Observation:
    """Sent twice it is written once. Of a `jotting` it is what becomes of it: once, whatever other
    tabs do.

    Raises NotYours("not_yours"); RuleBroken: not_in_the_group, waits_for_a_yes, text_needed,
    not_then, client_id_used, worked_out_already.
    """
    lock(trajectory)
    require_observed(trajectory, by, remembered=jotting is not None and jotting.is_kept)
    sent = Observation.objects.filter(client_id=client_id).first()
    if done := done_before(sent, trajectory_id=trajectory.pk, by_id=by.pk):
        return done
    if jotting is not None:
        _require_to_work_out(jotting, trajectory, by)
    row = Observation(client_id=client_id, trajectory=trajectory, by=by)
    _write(row, seen)
    if jotting is not None:
        Jotting.objects.filter(pk=jotting.pk).update(observation=row, text="")
    return row


@transaction.atomic
def change_observation(*, observation: Observation, seen: Seen, by: User) -> Observation:
    """No new words while a consent is missing; after a goodbye a slip can still be put right.

    Raises NotYours("not_yours"); RuleBroken: waits_for_a_yes, text_needed, not_then, taken_back.
    """
    _own(observation, by)
    words, code = why_not(observation.trajectory, remembered=True)
    if code == "waits_for_a_yes":
        raise RuleBroken(words, code)
    if observation.taken_back_at is not None:
        raise RuleBroken(_("You took this back. First let it stand again."), "taken_back")
    _write(observation, seen)
    return observation


@transaction.atomic
def take_back(*, observation: Observation, by: User) -> None:
    """Nobody else reads it any more; twice is once. Raises NotYours("not_yours")."""
    _own(observation, by)
    _mark(observation, taken_back=True)


@transaction.atomic
def let_stand(*, observation: Observation, by: User) -> None:
    """The taking back was a slip. Raises NotYours("not_yours")."""
    _own(observation, by)
    _mark(observation, taken_back=False)


def _mark(row: Observation, *, taken_back: bool) -> None:
    if (row.taken_back_at is not None) != taken_back:
        row.taken_back_at = clock.now() if taken_back else None
        row.version += 1
        row.save(update_fields=["taken_back_at", "version"])


def _write(row: Observation, seen: Seen) -> None:
    if not seen.behaviour.strip():
        raise RuleBroken(_("Write down what you saw."), "text_needed", "behaviour")
    if (row.seen_on, row.meeting_id) != (seen.on, seen.meeting) or row._state.adding:
        row.seen_on, row.meeting_id = _when(row, seen)
    row.behaviour, row.antecedent = seen.behaviour.strip(), seen.antecedent.strip()
    row.aim, row.written_at = seen.aim, clock.now()
    row.version += 1
    row.save()
    stood = [(one.kind, one.text) for one in row.consequences.all()]
    follows = [
        (kind, text.strip())
        for kind in Kind.values
        for text in seen.followed.get(kind, ())
        if text.strip()
    ]
    if stood != follows:
        row.consequences.all().delete()
        Consequence.objects.bulk_create(
            Consequence(observation=row, kind=kind, text=text, order=order)
            for order, (kind, text) in enumerate(follows)
        )


def _when(row: Observation, seen: Seen) -> tuple[date, UUID | None]:
    """The day of a meeting is the meeting's own."""
    if seen.meeting is not None:
        there = meetings_of(row.trajectory, row.by).filter(pk=seen.meeting).first()
        if there is not None:
            return there.date, there.pk
    elif seen.on in days_elsewhere(row.trajectory):
        return seen.on, None
    raise RuleBroken(_("Choose when you saw this."), "not_then", "when")


def _require_to_work_out(jotting: Jotting, stay: Trajectory, by: User) -> None:
    jotting.refresh_from_db(fields=["observation", "trajectory", "by"])
    if (jotting.trajectory_id, jotting.by_id) != (stay.pk, by.pk):
        raise NotYours(_("Only who wrote this can change it."), "not_yours")
    if jotting.observation_id is not None:
        raise RuleBroken(
            _("You worked this out already, in another window. Save again to keep this as well."),
            "worked_out_already",
        )


def _own(row: Observation, by: User) -> None:
    lock(row.trajectory)
    own = Observation.objects.visible_to(by).filter(pk=row.pk, by=by)
    if not own.exists():
        raise NotYours(_("Only who wrote this can change it."), "not_yours")
    row.refresh_from_db()

"""How practising went, written by whom it concerns (R-160, R-161, R-167).

One tap is a whole note: where and when are guessed from the group's meetings, and everything else
may be added or stay empty. Nobody else writes here; a youth worker notes a talk
(`challenges.talks`). Locks: the stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from challenges.models import Challenge, PracticeNote
from challenges.register.choosing import may_change
from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import User
from core.errors import NotYours, RuleBroken
from groups.models import Meeting
from groups.models.meetings import MeetingQuerySet
from participants.models import Trajectory
from participants.stay.lock import lock

Where, Outcome = PracticeNote.Where, PracticeNote.Outcome
#: So often *nog niet* in a row, and a talk is suggested: to both, without a verdict.
OFTEN = 2
#: Meetings of so long ago can be chosen for a note.
LOOK_BACK = timedelta(days=70)
#: A meeting that runs past midnight is of the day before; so may its challenge be.
SLACK = timedelta(days=1)


@dataclass(frozen=True)
class Told:
    """What a note says beside how it went. `place` belongs to somewhere else, `meeting` to us."""

    where: str = Where.OUTSIDE
    on: date | None = None
    meeting: UUID | None = None
    place: str = ""
    did: str = ""
    felt: str = ""


def suggests_talk(newest_first: Sequence[str]) -> bool:
    """Pure: the last two times it was *nog niet*."""
    last = newest_first[:OFTEN]
    return len(last) == OFTEN and all(outcome == Outcome.NOT_YET for outcome in last)


def guess(trajectory: Trajectory, user: User) -> Told:
    """At Join Us while a meeting of the own group runs, or when there was one today."""
    today = clock.today()
    tonight = meetings_of(user).filter(date__gte=today - timedelta(days=1)).first()
    now = clock.now()
    if tonight is not None and (tonight.date == today or tonight.ends_at > now):
        return Told(Where.INSIDE, tonight.date, tonight.pk)
    return Told(Where.OUTSIDE, today)


def meetings_of(user: Viewer) -> MeetingQuerySet:
    """Where the own group came together lately, the newest first."""
    seen = Meeting.objects.visible_to(user).exclude(status=Meeting.Status.CANCELLED)
    begun = seen.filter(starts_at__lte=clock.now(), date__gte=clock.today() - LOOK_BACK)
    return begun.order_by("-starts_at")


@transaction.atomic
def note_practice(
    *, challenge: Challenge, client_id: UUID, outcome: str, by: User, told: Told | None = None
) -> PracticeNote:
    """One tap. Sent twice it is one note: the same `client_id`. Who went back and tapped something
    else on that page means the last tap.

    Also of a challenge that ended a moment ago: what was done is not lost. Raises
    NotYours("not_yours"); RuleBroken: not_taking_part, waits_for_a_yes, unknown_outcome, and what
    `change_note` raises about the day.
    """
    stay = _lock_own(challenge.trajectory, by)
    found = PracticeNote.objects.filter(client_id=client_id).select_related("challenge").first()
    if found is not None and found.challenge_id != challenge.pk:
        raise NotYours(_("This note belongs to somebody else."), "not_yours")
    if outcome not in Outcome.values:
        raise RuleBroken(_("Choose how it went."), "unknown_outcome", "outcome")
    if found is not None:
        if found.outcome != outcome:
            found.outcome, found.version = outcome, found.version + 1
            found.save(update_fields=["outcome", "version"])
        return found
    note = PracticeNote(client_id=client_id, challenge=challenge, by=by, outcome=outcome)
    _write(note, told or guess(stay, by), by)
    note.save()
    return note


@transaction.atomic
def change_note(*, note: PracticeNote, outcome: str, told: Told, by: User) -> PracticeNote:
    """Say it otherwise, or say more. What is the same is not saved again.

    Raises NotYours("not_yours"); RuleBroken: not_taking_part, waits_for_a_yes, taken_back,
    unknown_outcome, day_to_come, day_too_early, unknown_meeting.
    """
    _lock_own(note.challenge.trajectory, by)
    note.refresh_from_db()
    if note.taken_back_at is not None:
        raise RuleBroken(_("You took this note away. Put it back first."), "taken_back")
    if outcome not in Outcome.values:
        raise RuleBroken(_("Choose how it went."), "unknown_outcome", "outcome")
    before = (note.outcome, as_told(note))
    note.outcome = outcome
    _write(note, told, by)
    if before != (note.outcome, as_told(note)):
        note.version += 1
        note.save()
    return note


@transaction.atomic
def take_back_note(*, note: PracticeNote, by: User) -> PracticeNote:
    """One tap too many: nobody reads it any more, and it can be put back."""
    return _stand(note, by, gone=True)


@transaction.atomic
def put_back_note(*, note: PracticeNote, by: User) -> PracticeNote:
    return _stand(note, by, gone=False)


def as_told(note: PracticeNote) -> Told:
    return Told(note.where, note.on, note.meeting_id, note.place, note.did, note.felt)


def attach(rows: Iterable[Challenge]) -> None:
    """To each challenge its newest note as `latest`, and `suggests_talk`: one statement."""
    of = {row.pk: row for row in rows}
    notes: dict[UUID, list[PracticeNote]] = {key: [] for key in of}
    found = PracticeNote.objects.in_force().filter(challenge__in=of)
    for note in found.select_related("meeting").order_by("-on", "-at", "-id") if of else ():
        notes[note.challenge_id].append(note)
    for key, row in of.items():
        row.latest = notes[key][0] if notes[key] else None  # type: ignore[attr-defined]
        row.suggests_talk = suggests_talk([n.outcome for n in notes[key]])  # type: ignore[attr-defined]


def _stand(note: PracticeNote, by: User, *, gone: bool) -> PracticeNote:
    _lock_own(note.challenge.trajectory, by, writes=not gone)
    note.refresh_from_db()
    if (note.taken_back_at is not None) != gone:
        note.taken_back_at = clock.now() if gone else None
        note.version += 1
        note.save(update_fields=["taken_back_at", "version"])
    return note


def _write(note: PracticeNote, told: Told, by: User) -> None:
    inside = told.where == Where.INSIDE
    meeting = told.meeting if inside else None
    day = told.on or note.on or clock.today()
    if meeting is not None:
        day = _day_of(meeting, note, by)
    if day > clock.today():
        raise RuleBroken(_("That day is still to come."), "day_to_come", "on")
    if day < note.challenge.chosen_on - SLACK:
        raise RuleBroken(
            _("You did not have this challenge yet on that day."), "day_too_early", "on"
        )
    note.where, note.on, note.meeting_id = told.where, day, meeting
    note.at = note.at or clock.now()
    note.place = "" if inside else " ".join(told.place.split())
    note.did, note.felt = told.did.strip(), told.felt.strip()


def _day_of(meeting: UUID, note: PracticeNote, by: User) -> date:
    """What stands in the note stays, also after a move to another group."""
    rows = Meeting.objects.filter(pk=meeting) if meeting == note.meeting_id else meetings_of(by)
    found = rows.filter(pk=meeting).values_list("date", flat=True).first()
    if found is None:
        raise RuleBroken(
            _("Choose one of the meetings of your group."), "unknown_meeting", "meeting"
        )
    return found


def _lock_own(trajectory: Trajectory, by: User, *, writes: bool = True) -> Trajectory:
    lock(trajectory)
    if trajectory.participant.user_id != by.pk:
        raise NotYours(_("Only the young person keeps this."), "not_yours")
    if writes and trajectory.blocked_reason:
        raise RuleBroken(_("Something has to be arranged first."), "waits_for_a_yes")
    if writes and not may_change(trajectory):
        raise RuleBroken(_("This stay is not running any more."), "not_taking_part")
    return trajectory

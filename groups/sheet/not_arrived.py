"""Who has not arrived is rung, from a quarter past the beginning on (R-090, C-44).

Only in the way this person called safe, inside their own hours; never who said stop, never a
parent, also not of somebody who waits for a consent. Who may only be messaged gets a ready text.
What came of it is a contact attempt with its time, in one tap, and can be taken back by who wrote
it down until the sheet's day ends. *Does not come* is a notice: the row proposes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.accounts.models import User, first_name_of
from core.errors import RuleBroken
from core.messaging.models import Contact
from core.ready_made import ReadyMade
from groups.evenings import absence
from groups.evenings.meetings import on_sheet
from groups.evenings.over import is_closed, rings_from
from groups.models import AbsenceNotice, Attendance, Meeting
from groups.models.moments import is_coming
from participants.care.safe_ways import Way, others_may_read, way_now
from participants.models import ContactAttempt, Recusal, Trajectory
from participants.stay.attempts import keep_attempt
from participants.stay.lock import lock

ABOUT = "not_arrived"
Outcome, Conclusion = ContactAttempt.Outcome, ContactAttempt.Conclusion


class Heard(models.TextChoices):
    """What came of it; one tap."""

    COMING = "coming", gettext_lazy("Is coming")
    NOT_COMING = "not_coming", gettext_lazy("Does not come")
    NO_ANSWER = "no_answer", gettext_lazy("No answer")


KEPT_AS: dict[str, tuple[str, str]] = {
    Heard.COMING: (Outcome.SPOKEN, Conclusion.ON_WAY),
    Heard.NOT_COMING: (Outcome.SPOKEN, Conclusion.NOT_NOW),
    Heard.NO_ANSWER: (Outcome.NO_ANSWER, ""),
}
AFTER_A_MESSAGE = (Outcome.LEFT_MESSAGE, "")


@dataclass(frozen=True)
class Tried:
    """The last attempt of this evening. `mine`: this worker wrote it down and may take it back."""

    id: UUID
    at: datetime
    heard: Heard
    by_name: str
    mine: bool
    by_message: bool = False


@dataclass(frozen=True)
class Call:
    """What an unrecorded row offers; `way` empty: nothing now."""

    way: Way
    tried: Tried | None = None


@dataclass(frozen=True)
class _Missing:
    """`phone` stays sealed: here it only matters that there is one."""

    stay: UUID
    phase: str
    told: bool
    out: bool
    phone: Any
    email: str
    ways: list[str]
    stopped_at: datetime | None
    held_since: datetime | None
    safe_from: time | None
    safe_until: time | None
    tried: list[dict[str, Any]]


def is_time(meeting: Meeting, moment: datetime) -> bool:
    """A quarter of an hour has passed and it is not over."""
    return rings_from(meeting) <= moment and is_coming(meeting, moment)


def calls_of(meeting: Meeting, user: User) -> Mapping[UUID, Call]:
    """By stay: who is not written down, and how to reach them now; one statement, and none outside
    the time for it."""
    now = clock.now()
    if not is_time(meeting, now):
        return {}
    asked = {"meeting": meeting.pk, "group": meeting.group_id, "day": meeting.date}
    rows = _MISSING(**asked, user=user.pk, since=meeting.starts_at)
    found = {row.stay: _call(row, user, now) for row in rows if not row.out}
    return {stay: call for stay, call in found.items() if call.way or call.tried}


def _call(row: _Missing, user: User, now: datetime) -> Call:
    contact = Contact(
        phone="sealed" if row.phone else "",
        email=row.email,
        safe_channels=row.ways,
        stopped_at=row.stopped_at,
        held_since=row.held_since,
        safe_from=row.safe_from,
        safe_until=row.safe_until,
    )
    tried = _tried(row.tried[0], user) if row.tried else None
    asked = row.told or row.phase == Trajectory.Phase.PAUSED
    return Call(Way.NONE if asked else way_now(contact, now), tried)


def _tried(row: dict[str, Any], user: User) -> Tried:
    kept = {pair: Heard(heard) for heard, pair in KEPT_AS.items()}
    return Tried(
        id=UUID(row["id"]),
        at=datetime.fromisoformat(row["at"]),
        heard=kept.get((row["outcome"], row["conclusion"]), Heard.NO_ANSWER),
        by_name=first_name_of(row["who"]),
        mine=row["by"] == str(user.pk),
        by_message=row["outcome"] == Outcome.LEFT_MESSAGE,
    )


def _missing(
    *, meeting: UUID, group: UUID, day: date, user: UUID, since: datetime
) -> QuerySet[Any, Any]:
    evening = Meeting(pk=meeting, group_id=group, date=day)
    here = {"meeting": meeting, "trajectory": OuterRef("trajectory")}
    written = Attendance.objects.filter(**here).exclude(state=Attendance.State.NOT_RECORDED)
    out = Recusal.objects.in_force().filter(
        worker=user, participant=OuterRef("trajectory__participant")
    )
    tried = ContactAttempt.objects.filter(
        trajectory=OuterRef("trajectory"), about=ABOUT, at__gte=since
    ).order_by("-at")
    one = JSONObject(
        id="pk", at="at", outcome="outcome", conclusion="conclusion", who="by__name", by="by_id"
    )
    contact = "trajectory__participant__contact__"
    found: QuerySet[Any, Any] = (
        on_sheet(evening)
        .exclude(Exists(written))
        .values_list(
            "trajectory_id",
            "trajectory__phase",
            Exists(AbsenceNotice.objects.filter(**here, taken_back_at__isnull=True)),
            Exists(out),
            *(
                f"{contact}{name}"
                for name in (
                    "phone",
                    "email",
                    "safe_channels",
                    "stopped_at",
                    "held_since",
                    "safe_from",
                    "safe_until",
                )
            ),
            ArraySubquery(tried.values(row=one)[:1]),
        )
    )
    return found


_MISSING = ReadyMade(
    _Missing, _missing, meeting=UUID, group=UUID, day=date, user=UUID, since=datetime
)


def ready_text(name: str, contact: Contact, by: User, *, blocked: bool) -> str:
    """To send by hand. Where others read along, or somebody waits for a consent: *call me*, and
    not a word about where they are awaited."""
    if blocked or others_may_read(contact):
        text = _("Hi {name}, will you call me back or send me a message? Regards, {worker}")
    else:
        text = _("Hi {name}, we have begun. Are you coming? Let me know. Regards, {worker}")
    return text.format(name=name, worker=by.first_name)


@transaction.atomic
def note_call(
    *, meeting: Meeting, trajectory: Trajectory, heard: str, by: User, attempt_id: UUID
) -> ContactAttempt:
    """What came of it; the same form twice is once. *Does not come* is told for this evening.

    Locks the stay. Raises RuleBroken: unknown_outcome, already_kept, not_now, not_on_sheet,
    written_down.
    """
    if heard not in Heard.values:
        raise RuleBroken(_("Choose what came of it."), "unknown_outcome")
    stay = lock(trajectory)
    kept = ContactAttempt.objects.filter(pk=attempt_id).first()
    if kept is not None:
        if (kept.trajectory_id, kept.by_id) != (stay.pk, by.pk):
            raise RuleBroken(_("Open the page again."), "already_kept")
        return kept
    row = Meeting.objects.get(pk=meeting.pk)
    if not is_time(row, clock.now()):
        raise RuleBroken(_("Ringing is for while the meeting runs."), "not_now")
    if not on_sheet(row).filter(trajectory=stay).exists():
        raise RuleBroken(_("This person is not on the sheet of this evening."), "not_on_sheet")
    if absence.is_recorded(row, stay):
        raise RuleBroken(_("Somebody wrote down by now how it was."), "written_down")
    outcome, conclusion = KEPT_AS[heard]
    if heard == Heard.NO_ANSWER and _way_of(stay) in (Way.WHATSAPP, Way.EMAIL):
        outcome, conclusion = AFTER_A_MESSAGE
    attempt = keep_attempt(
        trajectory=stay,
        about=ABOUT,
        outcome=outcome,
        conclusion=conclusion,
        by=by,
        attempt_id=attempt_id,
    )
    if heard == Heard.NOT_COMING:
        absence.tell(meeting=row, trajectory=stay, at=attempt.at)
    return attempt


def _way_of(stay: Trajectory) -> Way:
    return way_now(stay.participant.contact, clock.now())


@transaction.atomic
def take_back_call(*, meeting: Meeting, trajectory: Trajectory, by: User) -> bool:
    """This worker's last attempt of this evening was a slip; False: there is none.

    Takes back what it told, unless the young person told it too. Raises RuleBroken: undo_over.
    """
    if is_closed(meeting.date, clock.now()):
        raise RuleBroken(_("This evening is over: change the row itself."), "undo_over")
    stay = lock(trajectory)
    tried = ContactAttempt.objects.filter(
        trajectory=stay, about=ABOUT, by=by, at__gte=meeting.starts_at
    )
    last = tried.order_by("-at").first()
    if last is None:
        return False
    told = absence.notice_of(meeting, stay)
    if told is not None and told.told_at == last.at and not told.why:
        told.taken_back_at = clock.now()
        told.save(update_fields=["taken_back_at"])
    last.delete()
    return True

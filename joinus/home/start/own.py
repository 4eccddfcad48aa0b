"""The participant's start page: next meeting, open questionnaire, where am I.

Five statements and what the phase adds: the stay with all that hangs on it, the next evening, the
challenges, and what waits. The bar of the page takes the stay from here.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from challenges.models import Challenge
from challenges.register import choosing, ending
from challenges.todo_kinds import Kind as ChallengeKind
from core import clock
from core.accounts.models import User
from core.messaging.models import Contact
from core.names import isolated
from core.ready_made import ReadyMade, ReadyRows
from groups.evenings.first_evening import came_since, may_be_first
from groups.evenings.told import COMES
from groups.evenings.told_words import of_line
from groups.evenings.who_hears import Shift, still_to_say
from groups.models import (
    AbsenceNotice,
    Attendance,
    DoorWait,
    Meeting,
    MeetingChange,
    Placement,
)
from groups.models.moments import is_today
from groups.seats.role_models import Example, along, examples
from groups.todo_kinds import Kind as GroupKind
from joinus.home.closing.closing import follow_up_on
from joinus.home.navigation import place_of
from joinus.home.waiting import todos_for
from participants.care.who_helps import help_for
from participants.exit import exit_talk
from participants.exit.aftercare import exceptions_open_to
from participants.journey.route_map import route_of
from participants.models import CallWish, ExitAgreement, Participant, PhaseChange, Trajectory
from participants.signup.what_to_expect import expecting
from participants.todo_kinds import Kind as CareKind
from questionnaires.answers import went_away
from questionnaires.answers.went_away import WentAway
from questionnaires.cycle import on_hold
from questionnaires.cycle.own_reasons import in_one_line
from questionnaires.instrument.instrument import item_count
from questionnaires.models import Invitation
from questionnaires.todo_kinds import Kind

#: What has a card of its own here.
ON_THE_PAGE = (
    Kind.QUESTIONNAIRE,
    CareKind.OWN_PAUSE,
    GroupKind.ROOM_NEWS,
    ChallengeKind.CHALLENGE_PROPOSED,
)


def own_page(user: User) -> dict[str, Any]:
    """Everything on the page, for the newest stay of this person. No other person appears."""
    found = _OWN(user=user.pk)
    if not found:
        place_of(user, None)
        return {"stay": None, "todos": []}
    own, today = found[0], clock.today()
    stay = own.stay
    place_of(user, stay)
    meeting = _next_meeting(user, own)
    asked = on_hold.is_asked(stay)
    invitation = own.invitation if asked else None
    may_answer = on_hold.has_a_yes(stay)
    waits = todos_for(user)
    return {
        "stay": stay,
        "name": isolated(stay.participant.call_name),
        "meeting": meeting,
        "changed": _changed(own, today),
        "today": today,
        "when": meeting.called if meeting else "",
        "days_ahead": (meeting.date - today).days if meeting else None,
        "absent": meeting is not None and meeting.absent,
        "invitation": invitation,
        "why": in_one_line(own.why) if invitation else "",
        "went_away": own.went_away if asked else [],
        "not_asked": own.invitation if may_answer and not asked else None,
        "items": item_count(own.wave) if invitation else 0,
        "rather_not": own.rather_not,
        "is_running": stay.phase not in Trajectory.Phase.OVER and stay.stopped_on is None,
        **_around(own),
        **_leaving(own),
        **_challenges(user, stay),
        "proposal": next((t for t in waits if t.kind == ChallengeKind.CHALLENGE_PROPOSED), None),
        "route": route_of(stay, own.phases),
        "expecting": expecting(stay) if stay.stopped_on is None else None,
        "first_evening": meeting is not None and meeting.is_first,
        "todos": [t for t in waits if t.kind not in ON_THE_PAGE],
        "examples": own.examples,
        "group_news": next((t for t in waits if t.kind == GroupKind.ROOM_NEWS), None),
    }


# ---- The stay, and what hangs on it --------------------------------------------------------


@dataclass
class Own:
    """`seat`: first day and group of the running placement; `came`: they were there since.
    `invitation`: the wave that is open; `rather_not`: no messages about it; `why`: its reason;
    `went_away`: waves that stood here until not long ago; `phases`: every change of phase.
    `shifts`: meetings of their group that moved, or do not happen, on days that have not passed.
    """

    stay: Trajectory
    seat: tuple[date, UUID] | None
    came: bool
    invitation: UUID | None
    wave: str
    rather_not: bool
    why: dict[str, Any]
    went_away: list[WentAway]
    may_return: bool
    wish: CallWish | None
    phases: list[tuple[str, datetime]]
    shifts: list[Shift]
    examples: list[Example]


_STAY = tuple(field.attname for field in Trajectory._meta.concrete_fields)


def _newest(*, user: UUID) -> QuerySet[Trajectory, Any]:
    me = _young(user)
    here = OuterRef("pk")
    waves = Invitation.objects.visible_to(me).filter(trajectory=here)
    open_waves = waves.open()
    gone = {"id": "pk", "state": "state", "reason": "reason", "opened_on": "opened_on"}
    seats = Placement.objects.visible_to(me).held().filter(trajectory=here)
    came = seats.filter(
        Exists(came_since(OuterRef("trajectory"), OuterRef("group"), OuterRef("first_day")))
    )
    calls = CallWish.objects.open().filter(trajectory=here)
    changes = PhaseChange.objects.filter(trajectory=here).order_by("at", "pk")
    found: QuerySet[Trajectory, Any] = (
        Trajectory.objects.visible_to(me)
        .order_by("-signed_up_at")
        .values_list(
            *_STAY,
            "participant__call_name",
            "participant__contact_id",
            "participant__contact__stopped_at",
            "participant__contact__safe_channels",
            Subquery(seats.values("first_day")[:1]),
            Subquery(seats.values("group")[:1]),
            Exists(came),
            Subquery(open_waves.values("pk")[:1]),
            Subquery(open_waves.values("wave")[:1]),
            Subquery(open_waves.values("left_alone_on")[:1]),
            Subquery(open_waves.values("reason")[:1]),
            ArraySubquery(went_away.lately(waves).values(one=JSONObject(**gone))),
            Exists(exceptions_open_to(OuterRef("participant"))),
            Subquery(calls.values("asked_at")[:1]),
            ArraySubquery(changes.values(one=JSONObject(to="to_phase", at="at"))),
            ArraySubquery(
                MeetingChange.objects.lately(clock.now())
                .filter(meeting__group=OuterRef("group"))
                .order_by("at")
                .values(
                    one=JSONObject(
                        meeting="meeting_id",
                        at="at",
                        was="was",
                        now="meeting__starts_at",
                        status="meeting__status",
                    )
                )
            ),
            *along("pk"),
        )
    )
    return found[:1]


def _own(*columns: Any) -> Own:
    stay: Trajectory = Trajectory.from_db("default", _STAY, columns[: len(_STAY)])
    (
        name,
        contact,
        stopped,
        ways,
        first_day,
        group,
        came,
        invitation,
        wave,
        rather_not,
        why,
        gone,
        back,
        asked,
        phases,
        shifts,
        told,
        skills,
    ) = columns[len(_STAY) :]
    stay.participant = Participant.from_db(
        "default", ("id", "contact_id", "call_name"), (stay.participant_id, contact, name)
    )
    stay.participant.contact = Contact.from_db(
        "default", ("id", "safe_channels", "stopped_at"), (contact, ways, stopped)
    )
    return Own(
        stay=stay,
        seat=(first_day, group) if first_day else None,
        came=came,
        invitation=invitation,
        wave=wave or "",
        rather_not=rather_not is not None,
        why=why or {},
        went_away=[went_away.told(one) for one in gone],
        may_return=back,
        wish=CallWish(trajectory=stay, asked_at=asked) if asked else None,
        phases=[(one["to"], datetime.fromisoformat(one["at"])) for one in phases],
        shifts=[_shift(one) for one in shifts],
        examples=examples(told, skills),
    )


def _shift(one: dict[str, Any]) -> Shift:
    off = one["status"] == Meeting.Status.CANCELLED
    starts_at = None if off else datetime.fromisoformat(one["now"])
    at, was = (datetime.fromisoformat(one[name]) for name in ("at", "was"))
    return Shift(UUID(one["meeting"]), at, was, starts_at)


def _changed(own: Own, today: date) -> list[str]:
    """*12 December does not go ahead*, until that day has passed; nothing of time or place before
    every yes that is needed (trust.md 6), and of no day before the own place began.
    """
    stay = own.stay
    if own.seat is None or stay.blocked_reason or stay.stopped_on is not None:
        return []
    since, group = own.seat
    if group != stay.group_id or stay.phase not in COMES:
        return []
    return [of_line(line) for line in still_to_say(own.shifts, since, today)]


_OWN = ReadyMade(_own, _newest, user=UUID)


def _young(user: UUID) -> User:
    """Somebody with the account of a young person, while a text is put together."""
    return User(pk=user, kind=User.Kind.PARTICIPANT)


def _around(own: Own) -> dict[str, Any]:
    """Who is there for somebody who does not take part now, and the place that is kept.

    A place stays while its seat does: a block and a pause leave the seat (groups.seats).
    """
    stay = own.stay
    blocked = bool(stay.blocked_reason) and stay.phase in Trajectory.Phase.PLACED
    away = blocked and stay.stopped_on is None
    over = stay.phase in Trajectory.Phase.OVER or stay.stopped_on is not None
    found: dict[str, Any] = {"away": away, "over": over, "place_kept": own.seat is not None}
    if not (away or over or stay.phase == Trajectory.Phase.PAUSED):
        return found
    around = help_for(stay)
    return found | {
        "help": around,
        "faces": not over,
        "may_ask": around.hears,
        "wish": own.wish,
    }


def _leaving(own: Own) -> dict[str, Any]:
    """R-019: who said goodbye, or stopped, finds what comes after, and what is their own."""
    stay = own.stay
    gone = stay.phase == "former" or stay.stopped_on is not None
    if not gone:
        says_goodbye = stay.phase == Trajectory.Phase.LEAVING
        return {"says_goodbye": says_goodbye, "last_evening": stay.last_meeting_on}
    return {
        "gone": True,
        "nothing_comes_now": not on_hold.has_a_yes(stay),
        "follow_up_on": follow_up_on(stay),
        "by_message": stay.afterwards_by == Trajectory.Afterwards.MESSAGE,
        "to_learn": [line.text for line in _TO_LEARN(stay=stay.pk)],
        "may_return": own.may_return,
    }


def _to_learn(*, stay: UUID) -> QuerySet[ExitAgreement]:
    return exit_talk.agreements(Trajectory(pk=stay))


_TO_LEARN = ReadyRows(ExitAgreement, ("id", "text"), _to_learn, stay=UUID)


def _challenges(user: User, stay: Trajectory) -> dict[str, Any]:
    """What they are trying now, in the own words; or that they may choose something (R-002)."""
    if not ending.may_end(stay) or stay.stopped_on is not None:
        return {"challenges": [], "may_choose": False}
    going = _GOING(user=user.pk, stay=stay.pk)
    return {"challenges": going, "may_choose": choosing.may_choose(stay)}


def _going(*, user: UUID, stay: UUID) -> QuerySet[Challenge]:
    return Challenge.objects.visible_to(_young(user)).going().filter(trajectory=stay)


_GOING = ReadyRows(Challenge, ("id", "text"), _going, user=UUID, stay=UUID)


class NextMeeting(NamedTuple):
    """The evening on top of the page. `waits`: somebody stands at the door for them; `recorded`:
    they are written down already, so that nothing is told beforehand any more."""

    pk: UUID
    group: UUID
    date: date
    starts_at: datetime
    activity: str
    place: str
    absent: bool
    waits: bool
    recorded: bool
    is_first: bool = False

    @property
    def called(self) -> str:
        """What stands beside its day: now, today, or nothing when it is later."""
        now = clock.now()
        if self.starts_at <= now:
            return "now"
        return "today" if is_today(self.date, self.starts_at, now) else ""


def _meetings(*, user: UUID, stay: UUID) -> QuerySet[Meeting, Any]:
    mine = {"meeting": OuterRef("pk"), "trajectory": stay, "taken_back_at__isnull": True}
    here = Attendance.objects.filter(meeting=OuterRef("pk"), trajectory=stay)
    written = here.exclude(state=Attendance.State.NOT_RECORDED)
    found: QuerySet[Meeting, Any] = (
        Meeting.objects.visible_to(_young(user))
        .upcoming(clock.now())
        .values_list(
            "pk",
            "group",
            "date",
            "starts_at",
            "activity",
            "group__location__name",
            Exists(AbsenceNotice.objects.filter(**mine)),
            Exists(DoorWait.objects.filter(**mine)),
            Exists(written),
        )
    )
    return found[:1]


_MEETINGS = ReadyMade(NextMeeting, _meetings, user=UUID, stay=UUID)


def _next_meeting(user: User, own: Own) -> NextMeeting | None:
    """The next evening that this person has a place on; after a move that is one of the new group.

    No time or place before every yes that is needed (trust.md 6).
    """
    stay = own.stay
    is_new = may_be_first(stay) and own.seat is not None
    in_a_group = stay.phase in Trajectory.Phase.PLACED and stay.group_id is not None
    if stay.blocked_reason or not (is_new or in_a_group):
        return None
    for meeting in _MEETINGS(user=user.pk, stay=stay.pk):
        came_here = own.came and own.seat is not None and own.seat[1] == meeting.group
        return meeting._replace(is_first=is_new and not came_here)
    return None

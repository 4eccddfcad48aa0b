"""Stays of one group, phase by phase, with every row that the actions would have left behind."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from core import clock
from core.messaging.models import Contact
from groups.models import (
    AbsenceNotice,
    Attendance,
    AttendanceTap,
    LastMeeting,
    Meeting,
    Placement,
    TrialOutcome,
)
from joinus.demo.fill import beside, cycle, mailed, papers
from joinus.demo.fill.block import Block
from joinus.demo.fill.stencil import MUNICIPALITY, PC4
from participants.models import (
    ContactAttempt,
    ExitTalk,
    FollowUpCall,
    Hold,
    Intake,
    Judgement,
    Participant,
    PhaseChange,
    Referral,
    Trajectory,
)

#: From sign-up to the evening to get to know the group.
AHEAD = timedelta(days=25)
#: Taps lie in the log for the evenings of so many days.
TAPS_KEPT = timedelta(days=60)


@dataclass
class Stay:
    """One stay while it is being written."""

    block: Block
    row: Any
    person: Any
    contact: Any
    by: UUID
    number: int
    placements: list[Placement] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    attendance: list[Attendance] = field(default_factory=list)
    phase: str = ""

    def moved(self, to: str, day: date, by: UUID | None = None) -> None:
        """The stay goes to phase `to` on `day`, with its line in the log."""
        self.block.add(
            PhaseChange,
            trajectory_id=self.row.pk,
            from_phase=self.phase,
            to_phase=to,
            by_id=by,
            at=clock.at(day, 17, len(self.phase)),
        )
        self.phase = self.row.phase = to


# ---- Before the group ------------------------------------------------------------


def sign_up(block: Block, at: datetime, *, age: int | None = None) -> Stay:
    """Somebody signed up at that moment; nobody has called yet."""
    if age is None:
        age = block.dice.randint(block.age_from, block.age_until - 1)
    number, face = block.person(age, at)
    contact = block.add(
        Contact,
        name=face["call"],
        birth_date=face["born"],
        email=face["email"],
        email_hash=face["hash"],
        phone=f"+316{block.dice.randint(10_000_000, 99_999_999)}",
        safe_channels=["email", "phone"],
    )
    person = block.add(
        Participant,
        contact_id=contact.pk,
        call_name=face["call"],
        full_name=face["full"] if number % 2 else "",
        birth_date=face["born"],
        municipality_id=MUNICIPALITY,
        postcode=PC4,
        created_at=at,
    )
    row = block.add(
        Trajectory,
        participant_id=person.pk,
        phase="signed_up",
        group_id=block.group,
        region_id=block.region,
        signed_up_at=at,
        heard_from=block.dice.choice(("school", "friend", "internet")),
        first_contact_by=block.dice.choice(("app", "call", "meet")),
        search_name=face["search"],
        shown_name=face["call"],
    )
    stay = Stay(block, row, person, contact, block.worker(), number)
    stay.moved("signed_up", clock.day_of(at))
    return stay


def tried(stay: Stay, at: datetime, *, spoken: bool) -> None:
    stay.block.add(
        ContactAttempt,
        trajectory_id=stay.row.pk,
        by_id=stay.by,
        at=at,
        about="first_contact",
        outcome="spoken" if spoken else "no_answer",
    )
    if spoken:
        stay.row.contacted_at = at


def talked(stay: Stay, day: date, *, decision: str = "", judged: bool = True) -> Any:
    """The first talk was on `day`; with a decision, it was taken and told there and then."""
    at = clock.at(day, 16)
    stay.moved("intake", day, stay.by)
    intake = stay.block.add(
        Intake,
        trajectory_id=stay.row.pk,
        mode="face_to_face",
        held_on=day,
        one_to_one=True,
        need="Vrienden maken." if judged else "",
        explained=True,
        explained_on=day,
        group_fit="Past bij de groep." if judged else "",
        enthusiastic=True,
        mail_can_harm=False,
        version=2,
    )
    if judged:
        for subject in Judgement.Subject.values:
            stay.block.add(Judgement, intake_id=intake.pk, subject=subject, answer="meets")
    if decision:
        intake.decision, intake.decided_by_id, intake.decided_at = decision, stay.by, at
        intake.told_by_id, intake.told_at = stay.by, at
    stay.row.suitable = {"suitable": True, "referred": False}.get(decision)
    if decision == "suitable":
        stay.row.screened_on = day
        papers.account(stay, at)
    return intake


def referred(stay: Stay, day: date) -> None:
    """Helped further by somebody else, told and closed on `day`."""
    talked(stay, day, decision="referred")
    at = clock.at(day, 16)
    referral = stay.block.add(
        Referral, trajectory_id=stay.row.pk, to="social_team", by_id=stay.by, at=at
    )
    beside.handed_over(stay, referral.pk, at + timedelta(days=15))
    stay.row.ended_on = day
    stay.moved("referred", day, stay.by)


def withdrew(stay: Stay, day: date) -> None:
    stay.row.ended_on = day
    stay.moved("withdrawn", day)


def agreed(stay: Stay, day: date) -> None:
    """Every yes that is needed stands from `day` on."""
    papers.own_yes(stay, day)
    if stay.block.parents_decide:
        papers.parents_yes(stay, day)
    stay.row.consent_complete_on = day


# ---- In the group ------------------------------------------------------------------


def invited(stay: Stay, seat: int, trial_on: date) -> Placement:
    """A seat for the one evening to get to know the group."""
    placement: Placement = stay.block.add(
        Placement,
        trajectory_id=stay.row.pk,
        group_id=stay.block.group,
        trial=True,
        seat=seat,
        first_day=trial_on,
        placed_by_id=stay.by,
        placed_at=clock.at(
            min(trial_on - timedelta(days=10), stay.block.today - timedelta(days=1)), 16
        ),
    )
    stay.placements.append(placement)
    stay.moved("trial", clock.day_of(placement.placed_at), stay.by)
    return placement


def admitted(stay: Stay, trial: Placement) -> Placement:
    """Both sides said yes after the trial evening; taking part begins the day after it."""
    evening = trial.first_day
    at = clock.at(evening + timedelta(days=1), 12)
    stay.block.add(
        TrialOutcome,
        placement_id=trial.pk,
        programme_fits=True,
        group_fits=True,
        judged_by_id=stay.by,
        judged_at=at,
        own_wish=True,
        own_wish_at=at,
        own_wish_by_id=stay.by,
    )
    trial.last_day = evening
    begins = evening + timedelta(days=1)
    placement: Placement = stay.block.add(
        Placement,
        trajectory_id=stay.row.pk,
        group_id=stay.block.group,
        trial=False,
        seat=trial.seat,
        first_day=begins,
        placed_by_id=stay.by,
        placed_at=at,
        in_chat_on=begins,
    )
    stay.placements.append(placement)
    stay.row.definitive_on = begins
    stay.moved("participating", begins, stay.by)
    return placement


def came(stay: Stay, meetings: Sequence[Meeting], *, always: bool = False) -> None:
    """Recorded at these evenings: mostly there, sometimes not."""
    block = stay.block
    for meeting in meetings:
        dice = block.dice.random()
        state = "present"
        if not always and dice > 0.92:
            state = "absent_without_notice" if dice > 0.97 else "absent_with_notice"
        at = _recorded_at(meeting, late=dice < 0.03, now=block.now)
        row: Attendance = block.add(
            Attendance,
            meeting_id=meeting.pk,
            trajectory_id=stay.row.pk,
            state=state,
            version=1,
            recorded_at=at,
            recorded_by_id=stay.by,
        )
        stay.attendance.append(row)
        if block.today - meeting.date > TAPS_KEPT:
            continue
        block.add(
            AttendanceTap,
            attendance_id=row.pk,
            from_state="not_recorded",
            to_state=state,
            by_id=stay.by,
            at=row.recorded_at,
            version=1,
            act=block.new_key(),
        )
        if state == "absent_with_notice":
            told_us(stay, meeting)


def _recorded_at(meeting: Meeting, *, late: bool, now: datetime) -> datetime:
    """At its end, or a day late where that day has come by now: nobody records this very second,
    and whatever changed since the last turn of the sweep is judged in the next one."""
    at = meeting.starts_at + timedelta(hours=3)
    a_day_later = at + timedelta(days=1)
    return a_day_later if late and a_day_later < now else at


def stayed_away(stay: Stay, meetings: Sequence[Meeting]) -> None:
    """Did not come to these evenings, without a word."""
    for meeting in meetings:
        row: Attendance = stay.block.add(
            Attendance,
            meeting_id=meeting.pk,
            trajectory_id=stay.row.pk,
            state="absent_without_notice",
            version=1,
            recorded_at=meeting.starts_at + timedelta(hours=3),
            recorded_by_id=stay.by,
        )
        stay.attendance.append(row)


def told_us(stay: Stay, meeting: Meeting) -> None:
    stay.block.add(
        AbsenceNotice,
        meeting_id=meeting.pk,
        trajectory_id=stay.row.pk,
        told_at=min(meeting.starts_at - timedelta(days=1), stay.block.now - timedelta(hours=3)),
    )


def waits(stay: Stay, kind: str, first: date, until: date | None = None) -> None:
    hold: Hold = stay.block.add(
        Hold,
        trajectory_id=stay.row.pk,
        kind=kind,
        days=(first, until),
        from_at=clock.at(first),
        until_at=clock.at(until) if until else None,
    )
    stay.holds.append(hold)


def paused(stay: Stay, day: date) -> None:
    stay.moved("paused", day, stay.by)
    stay.row.expected_back_on = stay.block.today + timedelta(days=30)
    waits(stay, "paused", day)


def leaves(stay: Stay, meeting: Meeting, *, told_on: date) -> None:
    """The last evening was agreed on `told_on`."""
    at = clock.at(told_on, 16)
    stay.block.add(
        ExitTalk,
        trajectory_id=stay.row.pk,
        held_on=told_on,
        challenge_reached=8,
        satisfied=7,
        ready=True,
        by_id=stay.by,
        at=at,
    )
    stay.block.add(
        LastMeeting,
        trajectory_id=stay.row.pk,
        meeting_id=meeting.pk,
        agreed_at=at,
        agreed_by_id=stay.by,
    )
    stay.row.last_meeting_on = meeting.date
    if stay.block.parents_decide:
        papers.parents_heard(stay, told_on)
    stay.moved("leaving", told_on, stay.by)


def ended(stay: Stay, day: date, *, kind: str, reason: str) -> None:
    """The stay is over and the seat is free."""
    placement = stay.placements[-1]
    placement.last_day, placement.out_of_chat_on = day, day
    stay.row.exited_on = stay.row.ended_on = day
    stay.row.exit_kind, stay.row.exit_reason = kind, reason
    stay.moved("former", day, stay.by)


def wants_no_more(stay: Stay, day: date) -> None:
    """With the goodbye came "send nothing more"."""
    stay.contact.stopped_at = clock.at(day, 17)
    stay.contact.stopped_reason = "stopped"
    stay.row.follow_up_waived = "contact_refused"
    waits(stay, "held", day)


def called_after(stay: Stay) -> None:
    """Three months later a worker called (R-191)."""
    day = stay.row.exited_on + timedelta(days=95)
    if day < stay.block.today:
        stay.block.add(
            FollowUpCall,
            trajectory_id=stay.row.pk,
            by_id=stay.by,
            at=clock.at(day, 16),
            outcome="well",
            how="call",
        )


def settled(stay: Stay, *, keep_open: bool = False) -> None:
    """The waves, their answers and mails, and the counters: the last thing that is written."""
    block = stay.block
    facts = cycle.facts_of(stay.row, stay.placements, stay.holds, block.meetings, stay.attendance)
    stands = cycle.played(facts, block.today, block.dice, keep_open)
    for wave in stands:
        mailed.wave(stay, wave)
    counted = cycle.counters(facts, stands, block.today)
    block.rows.append(counted)

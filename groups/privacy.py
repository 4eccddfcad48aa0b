"""What a group keeps about a person: given out, and taken out. Seats and attendance stay, as
counts without a name (trust.md 12)."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Actor
from core.dates import all_in_full
from core.names import whole_word
from core.privacy import OWN, Fact, Person, Section
from groups.activities import privacy as activities
from groups.farewell import privacy as farewell
from groups.logbook import privacy as logbook
from groups.models import (
    AbsenceNotice,
    Attendance,
    AttendanceTap,
    DoorWait,
    GroupMove,
    LastMeeting,
    Meeting,
    MeetingChange,
    Notice,
    NoticeLine,
    Placement,
    RoleModel,
    SheetAct,
    TimedLine,
    TrialOutcome,
    Visitor,
)
from groups.room import privacy as room
from participants.models import Participant

#: Model -> what becomes of it when somebody is erased.
HOLDS = {
    Placement: "the reason goes; group and days stay",
    TrialOutcome: "stays as counts: fits or not, wants or not",
    Attendance: "stays: which evening, there or not",
    AttendanceTap: "stays: who recorded what, when",
    AbsenceNotice: "the own words go; that it was told stays",
    DoorWait: "stays: that somebody was waited for at the door",
    LastMeeting: "stays: a date",
    Visitor: "stays: that somebody visited; a friend's call name goes after 30 days",
    SheetAct: "stays: who counted a guest, a visitor or an early goodbye, when",
    TimedLine: "the call name goes from what was written of a meeting of their group",
    GroupMove: "the reason and the coordinator's words go; groups, days and answers stay",
    RoleModel: "the skill goes; days stay",
    MeetingChange: "stays: which meeting, who changed it, when",
    Notice: "stays: that something was told, by whom, when",
    NoticeLine: "stays: days and hours of meetings",
    Meeting: "the call name of who thought up the activity goes",
    **room.HOLDS,
    **farewell.HOLDS,
}


def export_person(person: Person, part: str) -> list[Section]:
    """Answer to the port."""
    ids = person.trajectory_ids
    seats = Placement.objects.filter(trajectory__in=ids).select_related("group")
    if part != OWN:
        own = [_outcomes(person), _reasons(seats), _moves(person), activities.rest(ids)]
        return [*own, *logbook.export_person(person, part)]
    evenings = Attendance.objects.filter(trajectory__in=ids).select_related("meeting__group")
    notices = AbsenceNotice.objects.filter(trajectory__in=ids).select_related("meeting")
    return [
        Section(
            "places",
            _("Your place in a group"),
            [
                [
                    Fact("group", _("Group"), seat.group.name),
                    Fact("getting_to_know", _("To get to know each other"), seat.trial),
                    Fact("first_day", _("From"), seat.first_day),
                    Fact("last_day", _("Up to and including"), seat.last_day),
                ]
                for seat in seats.order_by("first_day")
            ],
            order=50,
        ),
        Section(
            "evenings",
            _("The evenings"),
            [
                [
                    Fact("day", _("Day"), row.meeting.date),
                    Fact("group", _("Group"), row.meeting.group.name),
                    Fact("state", _("Were you there?"), row.get_state_display()),
                    Fact("left_at", _("Went home early"), row.left_at),
                ]
                for row in evenings.order_by("meeting__date")
            ],
            order=55,
        ),
        Section(
            "visits",
            _("When you visited a group"),
            [
                [
                    Fact("day", _("Day"), row.meeting.date),
                    Fact("group", _("Group"), row.meeting.group.name),
                ]
                for row in Visitor.objects.here()
                .filter(trajectory__in=ids)
                .select_related("meeting__group")
                .order_by("meeting__date")
            ],
            order=55,
        ),
        Section(
            "told_beforehand",
            _("When you told us you could not come"),
            [
                [
                    Fact("day", _("Day"), row.meeting.date),
                    Fact("told_at", _("Told on"), row.told_at),
                    Fact("why", _("What you said"), row.why),
                    Fact("taken_back", _("Came after all"), _came_after_all(row)),
                    Fact("lapsed", _("Lapsed, since the meeting was moved"), row.lapsed),
                ]
                for row in notices.order_by("meeting__date")
            ],
            order=56,
        ),
        Section(
            "waited_for",
            _("When you asked us to wait at the door"),
            [
                [
                    Fact("day", _("Day"), row.meeting.date),
                    Fact("asked_at", _("Asked on"), row.asked_at),
                    Fact("taken_back", _("Taken back"), row.taken_back_at),
                ]
                for row in DoorWait.objects.filter(trajectory__in=ids).select_related("meeting")
            ],
            order=57,
        ),
        _example(person),
        *activities.sections(ids),
        _told(person),
        *room.own_words(person),
        *farewell.sections(person),
    ]


def _came_after_all(row: AbsenceNotice) -> datetime | None:
    return None if row.lapsed else row.taken_back_at


def _example(person: Person) -> Section:
    rows = RoleModel.objects.filter(trajectory__in=person.trajectory_ids)
    return Section(
        "example_to_others",
        _("What you were an example in for others"),
        [
            [
                Fact("skill", _("In"), row.skill),
                Fact("agreed_on", _("Agreed on"), row.agreed_on),
                Fact("with", _("Agreed with"), row.noted_by.first_name),
                Fact("until", _("Up to and including"), row.ended_on or row.trajectory.ended_on),
            ]
            for row in rows.select_related("noted_by", "trajectory").order_by("agreed_on", "pk")
        ],
        order=57,
    )


def _told(person: Person) -> Section:
    """What they were told of changes by a person; what was mailed stands among the messages."""
    rows = Notice.objects.filter(
        trajectory__in=person.trajectory_ids, parent=False, told_at__isnull=False
    )
    return Section(
        "told_of_changes",
        _("When somebody told you that a meeting changed"),
        [
            [
                Fact("told_at", _("Told on"), row.told_at),
                Fact("days", _("About"), _days(row)),
            ]
            for row in rows.prefetch_related("lines").order_by("told_at")
        ],
        order=58,
    )


def _days(row: Notice) -> str:
    moments = [line.was or line.now for line in row.lines.all()]
    return all_in_full(sorted(clock.day_of(moment) for moment in moments if moment))


def erase_person(person: Person, by: Actor) -> None:
    """Answer to the port. The seat is given back when the floor below ends the stay."""
    ids = person.trajectory_ids
    Placement.objects.filter(trajectory__in=ids).update(override_reason="")
    AbsenceNotice.objects.filter(trajectory__in=ids).update(why="")
    activities.erase(person)
    room.take_out(person)
    GroupMove.objects.filter(trajectory__in=ids).update(reason="", word="")
    RoleModel.objects.filter(trajectory__in=ids).update(skill="")
    farewell.erase(person)
    _leave_activities(person)
    _leave_lines(person)
    logbook.erase_person(person, by)


def _leave_lines(person: Person) -> None:
    """'20:10 Casey fell off the bike': the name goes from the lines of where they were."""
    name = Participant.objects.values_list("call_name", flat=True).get(pk=person.participant_id)
    word = whole_word(name)
    for row in TimedLine.objects.filter(meeting__in=logbook.meetings_of(person.trajectory_ids)):
        if word.search(row.text):
            row.text = word.sub("…", row.text)
            row.save(update_fields=["text"])


def _leave_activities(person: Person) -> None:
    """'Thought up by Casey': the name goes from the evenings of the groups they were in."""
    name = Participant.objects.values_list("call_name", flat=True).get(pk=person.participant_id)
    groups = Placement.objects.filter(trajectory__in=person.trajectory_ids).values("group")
    word = whole_word(name)
    for row in Meeting.objects.filter(group__in=groups, activity_by__icontains=name):
        row.activity_by = word.sub("", row.activity_by).strip(" ,&")
        row.save(update_fields=["activity_by"])


def _outcomes(person: Person) -> Section:
    rows = TrialOutcome.objects.filter(placement__trajectory__in=person.trajectory_ids)
    return Section(
        "getting_to_know",
        _("After getting to know each other"),
        [
            [
                Fact("programme_fits", _("The programme fits"), row.programme_fits),
                Fact("group_fits", _("The group fits"), row.group_fits),
                Fact("own_wish", _("You wanted to join"), row.own_wish),
                Fact("judged_at", _("When"), row.judged_at),
            ]
            for row in rows
        ],
        order=210,
    )


def _reasons(seats: Iterable[Placement]) -> Section:
    return Section(
        "reasons_of_places",
        _("Why you got a place"),
        [
            [
                Fact("first_day", _("From"), seat.first_day),
                Fact("reason", _("Reason"), seat.override_reason),
            ]
            for seat in seats
            if seat.override_reason
        ],
        order=220,
    )


def _moves(person: Person) -> Section:
    rows = GroupMove.objects.filter(trajectory__in=person.trajectory_ids)
    return Section(
        "asked_to_move",
        _("When another group was asked about"),
        [
            [
                Fact("asked_at", _("When"), row.asked_at),
                Fact("group", _("Group"), row.to_group.name),
                Fact("reason", _("Reason"), row.reason),
                Fact("own", _("What you said"), row.get_own_display()),
                Fact("word", _("What the coordinator said"), row.word),
            ]
            for row in rows.select_related("to_group").order_by("asked_at")
        ],
        order=221,
    )

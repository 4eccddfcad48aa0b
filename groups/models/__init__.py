"""What is kept about a group and its meetings: one file per subject, each list beside its model."""

from groups.models.activities import (
    Activity,
    ActivityLike,
    ActivityOrganiser,
    ActivityStop,
    with_plan,
)
from groups.models.attendance import AbsenceNotice, Attendance, AttendanceTap, DoorWait
from groups.models.farewell import FarewellCard, FarewellRound, FarewellText
from groups.models.funding import FundingRequest
from groups.models.happened import TimedLine
from groups.models.logbook import LocationCheck, LogbookAbout, LogbookPart, Talk, last_talk_on
from groups.models.meetings import LastMeeting, Meeting, MeetingQuerySet
from groups.models.moves import GroupMove
from groups.models.role_models import RoleModel, RoleModelQuerySet
from groups.models.room import (
    ExampleMessage,
    Folded,
    Post,
    PostQuerySet,
    PostReport,
    RoomVisit,
    Topic,
    TopicQuerySet,
    seats_in_a_room,
    with_a_room,
)
from groups.models.seats import PERSON, Placement, PlacementQuerySet, TrialOutcome
from groups.models.sheet import SheetAct, Visitor
from groups.models.told import MeetingChange, Notice, NoticeLine
from groups.models.year_plan import CalendarFeed

__all__ = [
    "PERSON",
    "AbsenceNotice",
    "Activity",
    "ActivityLike",
    "ActivityOrganiser",
    "ActivityStop",
    "Attendance",
    "AttendanceTap",
    "CalendarFeed",
    "DoorWait",
    "ExampleMessage",
    "FarewellCard",
    "FarewellRound",
    "FarewellText",
    "Folded",
    "FundingRequest",
    "GroupMove",
    "LastMeeting",
    "LocationCheck",
    "LogbookAbout",
    "LogbookPart",
    "Meeting",
    "MeetingChange",
    "MeetingQuerySet",
    "Notice",
    "NoticeLine",
    "Placement",
    "PlacementQuerySet",
    "Post",
    "PostQuerySet",
    "PostReport",
    "RoleModel",
    "RoleModelQuerySet",
    "RoomVisit",
    "SheetAct",
    "Talk",
    "TimedLine",
    "Topic",
    "TopicQuerySet",
    "TrialOutcome",
    "Visitor",
    "last_talk_on",
    "seats_in_a_room",
    "with_a_room",
    "with_plan",
]

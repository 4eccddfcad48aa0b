"""What logbooks keep about a person: given out on request, and taken out (trust.md 3, 12).

Talks and what happened are found by their keys. Somebody's call name may stand in any other words
of a meeting they were at, so it goes from those as well.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.accounts.actors import Actor
from core.names import whole_word
from core.privacy import NO_NAME, OWN, Fact, Person, Section
from groups.models import (
    Attendance,
    LogbookAbout,
    LogbookPart,
    Meeting,
    Placement,
    Talk,
    Visitor,
)
from participants.models import Participant

HOLDS = {
    LogbookPart: "words about this person alone go, from other words the call name; that it was"
    " written stays",
    LogbookAbout: "the key goes, with the words it hung on",
    Talk: "the words go; that there was a talk at a meeting stays, without a name",
}


def export_person(person: Person, part: str) -> list[Section]:
    """Answer to the port: on request, read together (C-35); the own page shows attendance alone."""
    if part == OWN:
        return []
    talks = Talk.objects.filter(trajectory__in=person.trajectory_ids).select_related("meeting")
    about = LogbookPart.objects.filter(about__trajectory__in=person.trajectory_ids).distinct()
    return [
        Section(
            "talks",
            _("Talks at meetings"),
            [
                [
                    Fact("day", _("Day"), talk.meeting.date),
                    Fact("how", _("How"), talk.options),
                    Fact("words", _("What was written down"), talk.text),
                    Fact("taken_back", _("Taken back"), talk.taken_back_at),
                ]
                for talk in talks.order_by("meeting__date", "written_at")
            ],
            order=230,
        ),
        Section(
            "in_logbooks",
            _("Where a logbook is about you"),
            [
                [
                    Fact("day", _("Day"), row.meeting.date),
                    Fact("what", _("What"), row.get_kind_display()),
                    Fact("words", _("What was written down"), row.text),
                ]
                for row in _with_what_followed(about)
            ],
            order=231,
        ),
    ]


def _with_what_followed(about: QuerySet[LogbookPart]) -> Iterable[LogbookPart]:
    """What happened, and with it how it was talked over and what the group came up with."""
    kinds = LogbookPart.Kind
    incidents = about.filter(kind=kinds.INCIDENT).values("meeting")
    followed = LogbookPart.objects.filter(
        meeting__in=incidents, kind__in=(kinds.DISCUSSED, kinds.SOLUTION)
    )
    both = about.order_by().values("pk").union(followed.values("pk"))
    rows = LogbookPart.objects.filter(pk__in=both, filled=True)
    return rows.select_related("meeting").order_by("meeting__date", "kind")


def erase_person(person: Person, by: Actor) -> None:
    """Answer to the port. Rows stay as counts; words are changed one row at a time: each is sealed
    for itself."""
    ids = person.trajectory_ids
    for talk in Talk.objects.filter(trajectory__in=ids):
        talk.text = ""
        talk.save(update_fields=["text"])
    _leave_parts(ids)
    name = Participant.objects.values_list("call_name", flat=True).get(pk=person.participant_id)
    word = whole_word(name)
    meetings = meetings_of(ids)
    rows: list[LogbookPart | Talk] = [
        *LogbookPart.objects.filter(meeting__in=meetings),
        *Talk.objects.filter(meeting__in=meetings).exclude(trajectory__in=ids),
    ]
    for row in rows:
        if row.text and word.search(row.text):
            row.text = word.sub(NO_NAME, row.text)
            row.save(update_fields=["text"])


def _leave_parts(ids: Iterable[UUID]) -> None:
    """What is about this person alone goes; beside others only the key does, and then the name."""
    kinds = LogbookPart.Kind
    mine = LogbookAbout.objects.filter(trajectory__in=ids).select_related("part")
    for about in mine:
        alone = not about.part.about.exclude(trajectory__in=ids).exists()
        if alone:
            follow = (kinds.DISCUSSED, kinds.SOLUTION) if about.part.kind == kinds.INCIDENT else ()
            meeting = LogbookPart.objects.filter(meeting=about.part.meeting_id)
            for part in meeting.filter(Q(pk=about.part.pk) | Q(kind__in=follow)):
                part.text = ""
                part.save(update_fields=["text"])
    mine.delete()


def meetings_of(ids: Iterable[UUID]) -> QuerySet[Meeting]:
    """Every meeting of the groups they had a place in, and every one they were written down at or
    visited: there their name may stand in somebody's words."""
    groups = Placement.objects.filter(trajectory__in=ids).values("group")
    written = Attendance.objects.filter(trajectory__in=ids).values("meeting")
    visited = Visitor.objects.filter(trajectory__in=ids).values("meeting")
    of_groups = Meeting.objects.filter(group__in=groups).order_by().values("pk")
    return Meeting.objects.filter(pk__in=written.union(visited, of_groups))

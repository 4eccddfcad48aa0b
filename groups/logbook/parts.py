"""The parts of a logbook: which there are, when they can be written, and writing them.

Three fixed parts (R-122), of which the talks have a room of their own (`groups.logbook.talks`); the
state of the basic conditions (R-140); what happened, how it was talked over and what the group
came up with (R-137); the goodbye (R-186); and a word back from the coordinator (R-141).

Locks: the meeting. Whoever writes its logbook, taps its sheet or cancels it waits for the other.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.locks import lock_copy
from groups.evenings.over import is_to_come
from groups.models import LogbookAbout, LogbookPart, Meeting

Kind = LogbookPart.Kind
#: The states of R-140; everything else holds words.
CONDITIONS = (Kind.FUN_AND_SAFETY, Kind.PEER_TO_PEER, Kind.LEADERSHIP)
#: What is written together in one card of the page, by the name of the card.
CARDS: dict[str, tuple[LogbookPart.Kind, ...]] = {
    "welcome": (Kind.OWN_TIME,),
    "activity": (Kind.ACTIVITY,),
    "conditions": CONDITIONS,
    "incident": (Kind.INCIDENT, Kind.DISCUSSED, Kind.SOLUTION),
    "farewell": (Kind.FAREWELL,),
    "feedback": (Kind.FEEDBACK,),
}
#: Cards about people: whom, stands as a key beside the words.
ABOUT = {"incident": Kind.INCIDENT, "farewell": Kind.FAREWELL}


def why_closed(meeting: Meeting, moment: datetime) -> str:
    """The code of the reason why nothing can be written in this logbook now, or nothing."""
    if meeting.status == Meeting.Status.CANCELLED:
        return "meeting_cancelled"
    return "meeting_to_come" if is_to_come(meeting, moment) else ""


def lock_to_write(meeting: Meeting) -> Meeting:
    """The meeting, locked and read anew. Raises RuleBroken: meeting_cancelled, meeting_to_come."""
    row = lock_copy(meeting)
    why = why_closed(row, clock.now())
    if why == "meeting_cancelled":
        raise RuleBroken(_("This meeting was cancelled: it has no logbook."), why)
    if why:
        raise RuleBroken(_("This meeting is still to come: its logbook opens on the day."), why)
    return row


@transaction.atomic
def write_parts(
    *,
    meeting: Meeting,
    said: Mapping[LogbookPart.Kind, str],
    by: User,
    about: Mapping[LogbookPart.Kind, Collection[UUID]] | None = None,
) -> list[LogbookPart]:
    """Save what changed of these parts; what is the same stays whose it was.

    `said`: words, or a state for a condition. `about`: the stays a part is about; without a word
    of a part it is about nobody. Raises what `lock_to_write` does.
    """
    row = lock_to_write(meeting)
    known = {one.kind: one for one in LogbookPart.objects.filter(meeting=row, kind__in=said)}
    for kind, told in said.items():
        part = known.get(kind)
        if part is None and not told:
            continue
        if part is None:
            part = known[kind] = LogbookPart(meeting=row, kind=kind)
        if kind in CONDITIONS:
            changed, part.state = part.state != told, told
        else:
            changed, part.text = part.text != told, told
        if changed:
            part.filled, part.version = bool(told), part.version + 1
            part.written_by, part.written_at = by, clock.now()
            part.save()
    for kind, stays in (about or {}).items():
        if kind in known:
            _be_about(known[kind], stays)
    return list(known.values())


def _be_about(part: LogbookPart, stays: Collection[UUID]) -> None:
    wanted = set(stays) if part.filled else set()
    there = dict(part.about.values_list("trajectory_id", "pk"))
    LogbookAbout.objects.filter(pk__in=[there[stay] for stay in there.keys() - wanted]).delete()
    LogbookAbout.objects.bulk_create(
        LogbookAbout(part=part, trajectory_id=stay) for stay in wanted - there.keys()
    )

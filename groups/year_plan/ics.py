"""Meetings as a calendar reads them (RFC 5545): one for a young person, all for a professional.

The library writes lines, escapes and folds; here stands what is said and what is not. A young
person's calendar may be read over a shoulder: it holds the time under a word that says nothing, no
place, no name, nothing about who we are. A professional's holds the group's name and the place,
and nobody's name: no activity either, in which people write who thought of it.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.prop import vRecur

from core import clock
from groups.models import Meeting

CONTENT_TYPE = "text/calendar; charset=utf-8"
#: Nothing in a file may say whose it is: the program that made it stands in every calendar.
MADE_BY = "-//Agenda//NL"
HOURLY = timedelta(hours=1)


def for_a_young_person(meeting: Meeting) -> bytes:
    """This one meeting, as *Afspraak* and nothing more."""
    event = _event(meeting, _("Appointment"))
    event.add("class", "PRIVATE")
    return _written([event])


def for_a_professional(meetings: Iterable[Meeting]) -> bytes:
    """All of these. Wants `group.location`."""
    return _written([_in_full(meeting) for meeting in meetings], name=_("Meetings"))


def _in_full(meeting: Meeting) -> Event:
    group, place = meeting.group, meeting.group.location
    title = group.name
    if meeting.status == Meeting.Status.CANCELLED:
        # Many programs show a cancelled appointment as any other.
        title = _("Does not go ahead: %(group)s") % {"group": group.name}
    event = _event(meeting, title)
    event.add("location", ", ".join(filter(None, (place.name, place.street, place.town))))
    return event


def _event(meeting: Meeting, title: str) -> Event:
    cancelled = meeting.status == Meeting.Status.CANCELLED
    event = Event()
    event.add("uid", str(meeting.pk))
    event.add("dtstamp", clock.utc(clock.now()))
    event.add("last-modified", clock.utc(meeting.changed_at or _made_at(meeting.pk)))
    event.add("sequence", meeting.sequence)
    event.add("dtstart", _moment(meeting.starts_at))
    event.add("dtend", _moment(meeting.ends_at))
    event.add("summary", title)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    return event


def _moment(moment: datetime) -> datetime:
    """On the clock of Amsterdam; in the hour that comes twice the second one in UTC, because a
    local time there means the first."""
    wall = clock.local(moment)
    return clock.utc(moment) if wall.fold else wall


def _made_at(key: UUID) -> datetime:
    """The moment in a key of version 7."""
    return datetime.fromtimestamp((key.int >> 80) / 1000, UTC).replace(microsecond=0)


def _written(events: list[Event], name: str = "") -> bytes:
    calendar = Calendar()
    calendar.add("prodid", MADE_BY)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", HOURLY, parameters={"VALUE": "DURATION"})
    calendar.add_component(_amsterdam())
    for event in events:
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _amsterdam() -> Timezone:
    """Summer and winter time by the rule of the European Union: the last Sunday of March and of
    October."""
    zone = Timezone()
    zone.add("tzid", "Europe/Amsterdam")
    for part, name, month, hour, before, after in (
        (TimezoneDaylight(), "CEST", 3, 2, 1, 2),
        (TimezoneStandard(), "CET", 10, 3, 2, 1),
    ):
        part.add("tzname", name)
        part.add("dtstart", datetime(1996, month, 31 if month == 3 else 27, hour))  # noqa: DTZ001
        part.add("tzoffsetfrom", timedelta(hours=before))
        part.add("tzoffsetto", timedelta(hours=after))
        part.add("rrule", vRecur(freq="YEARLY", bymonth=month, byday="-1SU"))
        zone.add_component(part)
    return zone

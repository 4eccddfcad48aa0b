"""What a calendar program reads: by the library's own parser, and line by line against RFC 5545."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from core import clock
from core.organisations.models import Group
from groups.evenings.meetings import cancel_meeting, plan_meeting
from groups.models import Meeting
from groups.year_plan import ics
from tests import world

NOW = clock.at(date(2026, 11, 27), 12)
#: Friday evenings around both changes of the clock, and two meetings that hold one.
DAYS = (date(2026, 10, 23), date(2026, 10, 30), date(2027, 3, 26), date(2027, 4, 2))


@pytest.fixture(autouse=True)
def _now() -> Any:
    with clock.travel(NOW):
        yield


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group(name="Groep 12–16")


def lines(written: bytes) -> list[str]:
    """Unfolded content lines, after looking at the bytes: RFC 5545, 3.1."""
    assert written.endswith(b"\r\n")
    assert b"\n" not in written.replace(b"\r\n", b""), "CRLF ends every line, and nothing else"
    assert b"\r" not in written.replace(b"\r\n", b"")
    raw = written.split(b"\r\n")[:-1]
    assert raw
    for line in raw:
        assert 0 < len(line) <= 75, line
        line.decode()  # no letter is cut in two
    return re.sub("\r\n[ \t]", "", written.decode())[:-2].split("\r\n")


def blocks(written: bytes) -> list[dict[str, str]]:
    """The events: name with its parameters -> value as it is written. Every block is closed."""
    found: list[dict[str, str]] = []
    open_ones: list[str] = []
    for line in lines(written):
        name, _colon, value = line.partition(":")
        if name == "BEGIN":
            open_ones.append(value)
            if value == "VEVENT":
                found.append({})
        elif name == "END":
            assert open_ones.pop() == value
        elif open_ones[-1] == "VEVENT":
            assert name not in found[-1], "each property once"
            found[-1][name] = value
    assert not open_ones
    return found


def text(value: str) -> str:
    """TEXT of 3.3.11, read back."""
    return re.sub(r"\\([\\;,nN])", lambda m: "\n" if m[1] in "nN" else m[1], value)


def test_the_frame_is_a_calendar(group: Group) -> None:
    written = lines(ics.for_a_professional([world.make_meeting(group, DAYS[0])]))
    assert written[0] == "BEGIN:VCALENDAR"
    assert written[-1] == "END:VCALENDAR"
    head = written[1 : written.index("BEGIN:VTIMEZONE")]
    assert {line.split(":")[0].split(";")[0] for line in head} >= {"VERSION", "PRODID", "METHOD"}
    assert "VERSION:2.0" in head
    assert "METHOD:PUBLISH" in head


def test_every_event_has_what_the_standard_asks(group: Group) -> None:
    meetings = [world.make_meeting(group, day, sequence=n) for n, day in enumerate(DAYS)]
    events = blocks(ics.for_a_professional(meetings))
    assert [event["UID"] for event in events] == [str(m.pk) for m in meetings]
    for n, event in enumerate(events):
        assert re.fullmatch(r"\d{8}T\d{6}Z", event["DTSTAMP"])
        assert re.fullmatch(r"\d{8}T\d{6}Z", event["LAST-MODIFIED"])
        assert event["SEQUENCE"] == str(n)
        assert event["STATUS"] == "CONFIRMED"
        assert event["DTSTART;TZID=Europe/Amsterdam"] == f"{DAYS[n]:%Y%m%d}T190000"
        assert event["DTEND;TZID=Europe/Amsterdam"] == f"{DAYS[n]:%Y%m%d}T220000"
    again = blocks(ics.for_a_professional(meetings))
    assert [event["UID"] for event in again] == [event["UID"] for event in events], "it stays"


def test_the_parser_reads_back_the_same_moments_across_both_changes(group: Group) -> None:
    """Its parser and its own time zones; also where the clock changes during the meeting."""
    meetings = [world.make_meeting(group, day) for day in DAYS]
    for day in (date(2026, 10, 24), date(2027, 3, 27)):
        night = world.make_meeting(group, day)
        night.starts_at = clock.at(day, 23, 30)
        night.ends_at = night.starts_at.astimezone(UTC) + timedelta(hours=3)
        night.save()
        meetings.append(Meeting.objects.get(pk=night.pk))
    found: Any = Calendar.from_ical(ics.for_a_professional(meetings))
    events = list(found.walk("VEVENT"))
    assert len(events) == len(meetings)
    for event, meeting in zip(events, meetings, strict=True):
        start, end = event["DTSTART"].dt, event["DTEND"].dt
        assert start.astimezone(UTC) == meeting.starts_at.astimezone(UTC)
        assert end.astimezone(UTC) == meeting.ends_at.astimezone(UTC)


def test_the_hour_that_comes_twice_is_written_without_a_doubt(group: Group) -> None:
    """A local time there means the first one (RFC 5545, 3.3.5): the second is written in UTC."""
    meeting = world.make_meeting(group, date(2026, 10, 24))
    meeting.starts_at = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)
    meeting.ends_at = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # half past two, once more
    (event,) = blocks(ics.for_a_young_person(meeting))
    assert event["DTSTART;TZID=Europe/Amsterdam"] == "20261025T003000"
    assert event["DTEND"] == "20261025T013000Z"


def test_the_time_zone_in_the_file_is_that_of_amsterdam(group: Group) -> None:
    """Read by hand from its own rules, for ten years, against the zone that Python knows."""
    written = lines(ics.for_a_young_person(world.make_meeting(group, DAYS[0])))
    zone = written[written.index("BEGIN:VTIMEZONE") : written.index("END:VTIMEZONE")]
    assert zone.count("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3") == 1
    assert zone.count("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10") == 1
    offsets = {
        block[0]: (
            next(line for line in block if line.startswith("TZOFFSETFROM")),
            next(line for line in block if line.startswith("TZOFFSETTO")),
        )
        for block in (
            zone[zone.index(f"BEGIN:{part}") + 1 : zone.index(f"END:{part}")]
            for part in ("DAYLIGHT", "STANDARD")
        )
    }
    assert sorted(offsets.values()) == [
        ("TZOFFSETFROM:+0100", "TZOFFSETTO:+0200"),
        ("TZOFFSETFROM:+0200", "TZOFFSETTO:+0100"),
    ]
    for year in range(2026, 2036):
        for month, hour in ((3, 2), (10, 3)):
            last = max(day for n in range(25, 32) if (day := date(year, month, n)).weekday() == 6)
            change = clock.at(last, hour)
            before, after = (change.astimezone(UTC) + timedelta(seconds=n) for n in (-7200, 7200))
            assert clock.local(before).utcoffset() != clock.local(after).utcoffset()


def test_what_people_typed_is_escaped_and_folded(group: Group) -> None:
    group.name = "Groep; a, b \\ één — " + "🎳 bowlen en taart, " * 8
    group.name = group.name[:80]
    group.location.name = "De Kegel\nBEGIN:VALARM"
    meeting = world.make_meeting(group, DAYS[0])
    meeting.group = group
    (event,) = blocks(ics.for_a_professional([meeting]))
    assert text(event["SUMMARY"]) == group.name
    assert text(event["LOCATION"]).startswith("De Kegel\nBEGIN:VALARM, ")
    assert "VALARM" not in set(lines(ics.for_a_professional([meeting])))


def test_a_cancelled_meeting_says_so_to_every_program(group: Group) -> None:
    worker = world.make_worker(group)
    meeting = plan_meeting(group=group, date=date(2026, 12, 11), by=worker)
    before = blocks(ics.for_a_professional([meeting]))[0]
    cancelled = cancel_meeting(meeting=meeting, reason="location", by=worker)
    after = blocks(ics.for_a_professional([cancelled]))[0]
    assert after["UID"] == before["UID"]
    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert int(after["SEQUENCE"]) >= int(before["SEQUENCE"])
    assert after["SUMMARY"] != before["SUMMARY"], "for programs that show it as any other"
    assert after["TRANSP"] == "TRANSPARENT"


def test_a_young_persons_calendar_says_nothing(group: Group) -> None:
    """No place, no group, no name, nothing of what is done there or who we are."""
    meeting = world.make_meeting(group, DAYS[2], activity="Bowlen", activity_by="Casey")
    written = ics.for_a_young_person(meeting).decode().lower()
    (event,) = blocks(ics.for_a_young_person(meeting))
    assert event["CLASS"] == "PRIVATE"
    assert set(event) == {
        "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART;TZID=Europe/Amsterdam",
        "DTEND;TZID=Europe/Amsterdam", "SUMMARY", "STATUS", "TRANSP", "CLASS",
    }  # fmt: skip
    place = group.location
    for word in (group.name, place.name, place.town, place.organisation.name, "bowlen", "casey",
                 "join", "eenzaam", "lonely", "groep", "eerste", "http"):  # fmt: skip
        assert word.lower() not in written, word


def test_a_professionals_holds_nobodys_name(group: Group) -> None:
    meeting = world.make_meeting(group, DAYS[2], activity="Taart van Casey", activity_by="Casey")
    world.make_participating(group, since=date(2026, 1, 1), call_name="Casey")
    assert "casey" not in ics.for_a_professional([meeting]).decode().lower()

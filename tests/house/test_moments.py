"""Whether an evening is tonight's, running or over is asked of its moments, never of its status:
that follows the first tap (design 2e, R-375). `groups/models/moments.py` has the one answer."""

import re
from pathlib import Path

import pytest

#: What talks to people, or finds what waits for them.
FLOORS = ("core", "participants", "groups", "challenges", "questionnaires", "licensing", "joinus")
#: Asking the status of an evening, or comparing its end oneself.
STATUS = re.compile(
    r"""status(?:__in)?\s*=\s*["'](?:planned|held)["']|Status\.(?:PLANNED|HELD)\b"""
    r"""|status\s*[!=]=\s*["'](?:planned|held)["']|m\.status\s*=\s*'(?:planned|held)'"""
    r"""|\bends_at__[lg]te?\b|\.ends_at\s*[<>]|[<>]=?\s*[\w.]+\.ends_at\b"""
    r"""|\bclosed_at__[lg]te?\b|\.closed_at\s*[<>]"""
)
#: Where the status itself is meant, and why; the number of times.
MEANT = {
    "groups/models/meetings.py": 4,  # the state, its two querysets (written down, or not), a check
    "groups/evenings/meetings.py": 3,  # the state machine: plan, move, cancel
    "groups/sheet/attendance.py": 2,  # the first row makes it held, the last one taken back planned
    "groups/evenings/last_meeting.py": 1,  # somebody was there: a fact of the sheet
    "groups/seats/placement.py": 1,  # the same
    "groups/seats/glance.py": 1,  # which of those that are over have a row
    "groups/panels.py": 2,  # the same, for one person
    "templates/groups/group.html": 1,  # the same, in words
    "templates/groups/told.html": 1,  # only what stands can be moved
    "templates/groups/meeting.html": 1,  # only what nobody is written down for can be cancelled
    "joinus/home/attention/statement.py": 5,  # with the moment beside it: `_OVER`
    "groups/activities/stops.py": 1,  # around the meeting, hours before and after it
    "groups/evenings/take_back.py": 2,  # the state machine: planned once more, never once held
    "groups/logbook/overdue.py": 1,  # held, with the moment beside it
    "groups/year_plan/plan.py": 1,  # which of those that are over were written down
    "questionnaires/cycle/attended_meetings.py": 1,  # the cycle's pure rule of what counts
    "challenges/register/practising/notes.py": 1,  # where nobody came together, nobody practised
    "challenges/thread/reading.py": 1,  # of how many times there was a sheet
    "participants/rights/retention.py": 1,  # a complaint that was closed
}
FILES = [
    *(path for floor in FLOORS for path in Path(floor).rglob("*.py")),
    *Path("templates").rglob("*.html"),
]
NOT_PAGES = ("migrations", "demo", "bench")


@pytest.mark.req("R-375")
def test_no_page_asks_the_status_whether_an_evening_is_over() -> None:
    found = {}
    for path in FILES:
        if set(NOT_PAGES) & set(path.parts) or path == Path("groups/models/moments.py"):
            continue
        if number := len(STATUS.findall(path.read_text())):
            found[str(path)] = number
    more = {path: n for path, n in found.items() if n > MEANT.get(path, 0)}
    assert more == {}, "ask groups.models.moments: upcoming, tonight, running, over, not_over"


@pytest.mark.req("R-375")
def test_every_exception_is_still_one() -> None:
    for path, number in MEANT.items():
        there = len(STATUS.findall(Path(path).read_text()))
        assert 0 < there <= number, f"{path}: {there}, written: {number}"


@pytest.mark.parametrize(
    "asked",
    [
        'Meeting.objects.filter(status="planned", ends_at__gte=now)',
        "row.status == Meeting.Status.HELD",
        "[m for m in meetings if m.ends_at < now]",
        '{% if meeting.status == "held" %}',
        "WHERE m.status = 'held'",
        "if meeting.closed_at > now",
    ],
)
def test_the_rule_sees_what_it_is_for(asked: str) -> None:
    assert STATUS.search(asked)

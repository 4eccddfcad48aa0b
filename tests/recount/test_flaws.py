"""The recount is only worth something when it notices: one true stay, and each flaw by itself."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest

from tests.recount.recount import Stay

GROUP = "g"
FIRST = date(2026, 1, 6)
WEEK = timedelta(days=7)
TODAY = date(2026, 9, 1)
Row = dict[str, Any]


def evening(n: int, **fields: Any) -> Row:
    day = FIRST + n * WEEK
    return {
        "date": day.isoformat(),
        "starts_at": f"{day}T19:00:00+01:00",
        "over_at": f"{day}T22:00:00+01:00",
        "group": GROUP,
        "status": "held",
        "attendance": "present",
        "recorded_at": day.isoformat(),
        "counted": True,
        **fields,
    }


def wave(name: str, sequence: int, earned: date, **fields: Any) -> Row:
    due = {"baseline": None, "interim": 14, "exit": 7, "follow_up": 60}[name]
    return {
        "wave": name,
        "sequence": sequence,
        "opening": 1,
        "earned_on": earned.isoformat(),
        "opened_on": fields.get("opened_on", earned.isoformat()),
        "due_on": (earned + timedelta(days=due)).isoformat() if due else None,
        "answered_on": None,
        "state": "open",
        "reason": {},
        **fields,
    }


def answered(name: str, sequence: int, earned: date, on: date, **fields: Any) -> Row:
    on_day = {"state": "answered", "answered_on": on.isoformat()}
    return wave(name, sequence, earned, **on_day, **fields)


def nth(n: int) -> date:
    return FIRST + n * WEEK


def two_goodbyes() -> Row:
    """Twelve evenings attended. The fifth was blocked at its start and one more was late at night.

    The sixth was a goodbye that was answered; somebody stayed after all, the twelfth that counts
    opened the second interim, and a goodbye agreed later was moved once and closed the stay.
    """
    meetings = [evening(n) for n in range(14)]
    meetings[4] |= {"counted": False}  # a yes was missing from 18:00 to 20:00
    six = [n for n in range(14) if n != 4]
    sixth, twelfth, last = nth(six[5]), nth(six[11]), nth(13)
    return {
        "trajectory": "t",
        "participant": "p",
        "phase": "former",
        "screened_on": "2025-12-20",
        "consent_complete_on": "2025-12-22",
        "definitive_on": "2026-01-01",
        "ended_on": (last + timedelta(days=1)).isoformat(),
        "placements": [
            {"group": GROUP, "from": "2026-01-01", "until": last.isoformat(), "trial": False}
        ],
        "on_hold": [
            {
                "from": nth(4).isoformat(),
                "until": nth(4).isoformat(),
                "from_at": f"{nth(4)}T18:00:00+01:00",
                "until_at": f"{nth(4)}T20:00:00+01:00",
                "kind": "blocked",
            },
            {
                "from": nth(5).isoformat(),
                "until": nth(5).isoformat(),
                "from_at": f"{nth(5)}T21:00:00+01:00",
                "until_at": f"{nth(5)}T23:00:00+01:00",
                "kind": "blocked",
            },
        ],
        "last_meeting_on": last.isoformat(),
        "exited_on": last.isoformat(),
        "exit_kind": "other",
        "follow_up_waived": None,
        "meetings": meetings,
        "invitations": [
            wave("baseline", 1, date(2025, 12, 22), state="missed", due_on=nth(0).isoformat()),
            answered("exit", 1, sixth, sixth),
            wave("interim", 2, twelfth, state="missed"),
            wave("exit", 2, last - WEEK, state="withdrawn"),
            wave("exit", 2, last, opening=2, state="missed"),
            wave("follow_up", 1, date(2026, 7, 7), due_on="2026-09-05"),
        ],
    }


def found(row: Row, today: date = TODAY) -> list[str]:
    return list(Stay(row, today).disagreements())


def test_a_stay_with_two_goodbyes_and_two_blocked_evenings_agrees() -> None:
    assert found(two_goodbyes()) == []


def _flaw(name: str) -> Callable[[Row], None]:
    def the(row: Row, wave: str, **fields: Any) -> None:
        next(
            i for i in row["invitations"] if i["wave"] == wave and i["state"] != "withdrawn"
        ).update(fields)

    flaws: dict[str, Callable[[Row], object]] = {
        "blocked at its start counts": lambda r: r["meetings"][4].update(counted=True),
        "blocked after its start counts not": lambda r: r["meetings"][5].update(counted=False),
        "a sixth beside a goodbye": lambda r: r["invitations"].append(
            wave("interim", 1, nth(6), state="missed")
        ),
        "the number of the sixth": lambda r: the(r, "interim", sequence=1),
        "a goodbye too few": lambda r: r["invitations"].pop(4),
        "a goodbye too many": lambda r: r["invitations"].append(
            wave("exit", 3, nth(13), state="missed")
        ),
        "the older opening stands": lambda r: r["invitations"][3].update(opening=3),
        "two openings of one number": lambda r: r["invitations"][3].update(opening=2),
        "an opening that was not counted": lambda r: r["invitations"][4].update(opening=3),
        "twice the same wave": lambda r: r["invitations"].append(
            wave("follow_up", 1, date(2026, 7, 7), opening=2, due_on="2026-09-05", state="missed")
        ),
        "open beside a newer stay": lambda r: (
            r.update(follow_up_waived="returned"),
            r["invitations"].pop(),
            the(r, "baseline", state="missed"),
            r["invitations"][4].update(state="open"),
        ),
        "missed by nothing": lambda r: r["invitations"].pop(),
        "open behind a later one": lambda r: the(r, "interim", state="open"),
        "a wrong day": lambda r: the(r, "interim", earned_on="2026-02-02"),
        "due on another day": lambda r: the(r, "follow_up", due_on="2026-09-06"),
        "opened on hold": lambda r: r["on_hold"].append(
            {"from": "2026-07-01", "until": "2026-07-09", "from_at": None, "until_at": None,
             "kind": "paused"}
        ),
        "called answered": lambda r: the(r, "follow_up", state="answered"),
    }  # fmt: skip
    return flaws[name]


FLAWS = (
    "blocked at its start counts",
    "blocked after its start counts not",
    "a sixth beside a goodbye",
    "the number of the sixth",
    "a goodbye too few",
    "a goodbye too many",
    "the older opening stands",
    "two openings of one number",
    "an opening that was not counted",
    "twice the same wave",
    "open beside a newer stay",
    "missed by nothing",
    "open behind a later one",
    "a wrong day",
    "due on another day",
    "opened on hold",
    "called answered",
)


@pytest.mark.req("R-351", "R-352", "R-353")
@pytest.mark.parametrize("flaw", FLAWS)
def test_each_flaw_is_noticed(flaw: str) -> None:
    row = deepcopy(two_goodbyes())
    _flaw(flaw)(row)
    assert found(row) != []


def test_an_evening_that_still_runs_earns_nothing_yet() -> None:
    row = two_goodbyes()
    row["meetings"][12]["over_at"] = f"{nth(12) + timedelta(days=1)}T01:00:00+01:00"
    assert Stay(row, nth(12)).is_over(row["meetings"][12]) is False
    assert Stay(row, nth(13)).is_over(row["meetings"][12]) is True


def test_a_goodbye_agreed_before_the_answer_and_only_moved_opens_none() -> None:
    row = two_goodbyes()
    row |= {"phase": "leaving", "ended_on": None, "exited_on": None, "exit_kind": None}
    row["last_meeting_on"] = (nth(6) - WEEK).isoformat()
    row["invitations"] = [*row["invitations"][:3], wave("exit", 2, nth(6) - WEEK)]
    assert any("not earned" in line for line in found(row))

"""The table of `/docs/speed.md`: printed, and written beside the worlds."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from core import clock
from joinus.bench import place
from joinus.embedded.place import LOCAL

HEAD = (
    "| # | Operation | people | x bare | goal | CPU ms (Python + PostgreSQL) | p10-p90 | wall ms "
    "| statements | goal | t(N)/t(1k) | HTML kB (gz) | |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|---|"
)
#: How much dearer something may be among more people.
GROWTH = 1.2
SMALLEST = 1000
NOT_BUILT = {"7": "regional report", "8": "rebuild summaries"}


def write(people: Sequence[int], name: str = "") -> str:
    """The table of these numbers of people, also kept in `.local/`."""
    table = "\n".join([HEAD, *_lines(people)])
    (LOCAL / f"bench-{name or clock.today().isoformat()}.md").write_text(table + "\n")
    return table


def _lines(people: Sequence[int]) -> Iterator[str]:
    by_people = {n: _results(n) for n in people}
    small = _results(SMALLEST)
    facts = [fact for found in by_people.values() for fact in found.values()]
    for fact in sorted(facts, key=lambda f: (_number(f["row"]), f["name"], f["people"])):
        yield _line(fact, small.get(f"{fact['row']} {fact['name']}"))
    for row, name in NOT_BUILT.items():
        yield f"| {row} | {name} | | | | | | | | | | | not built |"
    yield "| 13 | `make demo` | | | | | | | | | | | measured by the suite of the demo |"


def _line(fact: dict[str, Any], small: dict[str, Any] | None) -> str:
    growth = _growth(fact, small)
    cells = [
        fact["row"],
        f"{fact['name']} ({fact['note']})" if fact.get("note") else fact["name"],
        f"{fact['people']:,}",
        _figure(fact.get("ratio"), "{:.2f}" if fact.get("at_least") else "{:.1f}"),
        _goal(fact),
        _cpu(fact),
        f"{fact['p10']:.1f}-{fact['p90']:.1f}" if "p10" in fact else "",
        _figure(fact.get("wall"), "{:.1f}"),
        _figure(fact.get("queries"), "{}"),
        _figure(fact.get("goal_queries"), "{}"),
        _figure(growth, "{:.2f}"),
        f"{fact['bytes'] / 1000:.1f} ({fact['gzip'] / 1000:.1f})" if fact.get("bytes") else "",
        _verdict(fact, growth),
    ]
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _verdict(fact: dict[str, Any], growth: float | None) -> str:
    """Met, or everything that is not."""
    wrong = []
    judged = False
    if fact.get("goal") is not None and fact.get("ratio") is not None:
        judged = True
        met = (
            fact["ratio"] >= fact["goal"] if fact.get("at_least") else fact["ratio"] <= fact["goal"]
        )
        wrong += [] if met else ["cost"]
    if fact.get("goal_queries") is not None:
        judged = True
        wrong += ["statements"] if fact["queries"] > fact["goal_queries"] else []
    if fact.get("most_ms") is not None:
        judged = True
        wrong += ["cost"] if fact["cpu"] > fact["most_ms"] else []
    if fact["row"] == "19":
        judged = True
        wrong += [] if fact["each_second"] >= 120 and fact["p99"] <= 300 else ["too slow"]
    if growth is not None and growth > GROWTH:
        wrong.append("grows")
    if wrong:
        return "not met: " + ", ".join(wrong)
    return "met" if judged or growth is not None else ""


def _growth(fact: dict[str, Any], small: dict[str, Any] | None) -> float | None:
    """In multiples of the yardstick of its own run, so that two runs can be compared."""
    if small is None or fact["people"] == small["people"] or "p10" not in fact:
        return None
    mine, theirs = fact["cpu"] / fact["bare"], small["cpu"] / small["bare"]
    return float(mine / theirs)


def _goal(fact: dict[str, Any]) -> str:
    if fact.get("most_ms") is not None:
        return f"{fact['most_ms']} ms"
    if fact["row"] == "19":
        return "120/s, p99 300 ms"
    if fact.get("goal") is None:
        return ""
    return f"{'>=' if fact.get('at_least') else '<='} {fact['goal']:g}"


def _cpu(fact: dict[str, Any]) -> str:
    if "p99" in fact:
        return f"p99 {fact['p99']:.0f} ms"
    if "cpu" not in fact:
        return ""
    parts = f" ({fact['python']:.1f} + {fact['postgres']:.1f})" if "python" in fact else ""
    return f"{fact['cpu']:.1f}{parts}"


def _figure(value: Any, form: str) -> str:
    return "" if value is None else form.format(value)


def _number(row: str) -> tuple[int, str]:
    digits = "".join(c for c in row if c.isdigit())
    return int(digits), row


def _results(people: int) -> dict[str, Any]:
    try:
        return dict(json.loads(place.results(people).read_text()))
    except (FileNotFoundError, ValueError):
        return {}

"""One number of people: hold the servers, fill, measure, and leave the figures in .local/."""

import argparse
import gc
import json
import os

import django

from joinus import embedded
from joinus.bench import place


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m joinus.bench.run")
    parser.add_argument("--rows", default="")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--fill-only", action="store_true")
    asked = parser.parse_args()
    people = int(os.environ["BENCH_PEOPLE"])
    embedded.hold(place.kind(people))
    django.setup()
    from joinus.bench import everything, world

    world.prepare(people)
    if asked.fill_only:
        return
    gc.collect()
    gc.freeze()
    rows = {row for row in asked.rows.split(",") if row}
    found = everything.measured(people, rows, asked.rounds)
    kept = _kept(people, rows) if rows else {}
    place.results(people).write_text(json.dumps({**kept, **{_key(f): f for f in found}}))


def _kept(people: int, anew: set[str]) -> dict[str, object]:
    """What was measured before of the other rows."""
    try:
        found = json.loads(place.results(people).read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return {name: fact for name, fact in found.items() if fact["row"] not in anew}


def _key(fact: dict[str, object]) -> str:
    return f"{fact['row']} {fact['name']}"


if __name__ == "__main__":
    main()

"""The world of a bench: filled once, kept, and used again while it would come out the same."""

import hashlib
import time
from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection

from core import clock
from joinus.bench import place
from joinus.demo.fill import fill
from joinus.home.attention.facts import count_groups
from joinus.home.models import GroupFigures

SEED = 1
#: So many stays wait for the sweep in every world that is large enough.
DUE, DUE_FROM = 100, 1000


def prepare(people: int) -> None:
    """A filled and analysed database behind this process.

    Newer migrations are applied to a world that stands, as an update does to a living one; another
    fill, or a history of migrations that does not fit, makes the world anew.
    """
    facts, filled_by, migrated = place.facts(people), fingerprint_of_fill(people), _migrations()
    if facts.get("filled_by") != filled_by or not _brought_up_to(migrated, people):
        _make(people)
        place.note(people, **place.facts(people), filled_by=filled_by, migrated=migrated)
    place.stand_still(people)
    if not GroupFigures.objects.exists():
        count_groups()  # as beat does every hour


def fingerprint_of_fill(people: int) -> str:
    """Of the hands that fill, and what they are asked."""
    files = Path(fill.__file__).parent.glob("*.py")
    return _hashed(files, f"{people} {SEED} {DUE}")


def _migrations() -> str:
    files: list[Path] = []
    for app in apps.get_app_configs():
        files += Path(app.path, "migrations").glob("*.py")
    return _hashed(files, "")


def _hashed(files: Iterable[Path], words: str) -> str:
    found = hashlib.sha256(words.encode())
    for name, content in sorted((path.name, path.read_bytes()) for path in files):
        found.update(name.encode() + content)
    return found.hexdigest()[:16]


def _brought_up_to(migrated: str, people: int) -> bool:
    facts = place.facts(people)
    if facts.get("migrated") == migrated:
        return True
    say("Migrating the world that stands")
    try:
        call_command("migrate", verbosity=0)
        _analyse()
    except DatabaseError as does_not_fit:
        say(f"It does not fit any more: {does_not_fit}")
        return False
    place.note(people, **{**facts, "migrated": migrated})
    return True


def _make(people: int) -> None:
    place.note(people)  # half a world is none
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connection.close()
    say(f"Migrating, then filling with {people} people")
    call_command("migrate", verbosity=0)
    moment = place.today()
    due = DUE if people >= DUE_FROM else 0
    started = time.monotonic()
    with clock.travel(moment):
        rows = fill.Fill(people, seed=SEED, due=due, now=moment, progress=say).run()
    took = time.monotonic() - started
    say(f"{rows} rows in {took:.0f} s, {rows / took:.0f} a second. Analysing")
    _analyse()
    place.note(people, moment=moment.isoformat(), rows=rows, seconds=took)


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def say(line: str) -> None:
    print(line, flush=True)

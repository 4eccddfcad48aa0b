"""The world of a bench: filled once, kept, and used again while it would come out the same."""

import hashlib
import time
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection

from core import clock
from joinus.bench import place
from joinus.demo.fill import fill

SEED = 1
#: So many stays wait for the sweep in every world that is large enough.
DUE, DUE_FROM = 100, 1000


def made_of(people: int) -> str:
    """A fingerprint of the migrations, the fill and its arguments."""
    files = list(Path(fill.__file__).parent.glob("*.py"))
    for app in apps.get_app_configs():
        files += Path(app.path, "migrations").glob("*.py")
    found = hashlib.sha256(f"{people} {SEED} {DUE}".encode())
    for name, content in sorted((path.name, path.read_bytes()) for path in files):
        found.update(name.encode() + content)
    return found.hexdigest()[:16]


def prepare(people: int) -> None:
    """A filled database behind this process; makes it anew when anything in it would differ."""
    wanted = made_of(people)
    if place.facts(people).get("made_of") == wanted:
        place.stand_still(people)
        return
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
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    place.note(people, made_of=wanted, moment=moment.isoformat(), rows=rows, seconds=took)
    place.stand_still(people)


def say(line: str) -> None:
    print(line, flush=True)

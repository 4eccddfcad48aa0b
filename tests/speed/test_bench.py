"""The bench cannot rot: everything it measures answers once in a small filled world."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

from core import clock
from joinus.bench import everything, measure, place, report, waves
from joinus.bench.cast import Cast
from joinus.bench.floor import one_row
from joinus.demo.fill.fill import Fill
from questionnaires.models import Invitation

MOMENT = datetime(2026, 11, 28, 19, 30, tzinfo=clock.AMSTERDAM)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined]
    with django_db_blocker.unblock(), around:
        with clock.travel(MOMENT):
            Fill(60, now=MOMENT).run()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = origin")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def cast(_filled: None) -> Iterator[Cast]:
    """The people of the bench, in its own addresses, at the moment of the fill."""
    with clock.travel(MOMENT), override_settings(ROOT_URLCONF="joinus.bench.urls"):
        yield Cast()


def test_every_act_of_the_bench_answers(cast: Cast) -> None:
    acts = [*everything.yardsticks(cast).values(), *everything.every_act(cast)]
    for act in acts:
        measure.once(act)
    rows = {act.row for act in acts}
    assert {"1", "1b", "2", "4", "5", "6", "9", "14", "15", "16", "17", "18", "21"} <= rows
    assert {str(n) for n in range(22, 38)} <= rows


def test_an_act_is_undone_and_compared(cast: Cast) -> None:
    """A few rounds of one act: the figures are there, and nothing of it stays."""
    before = Invitation.objects.filter(state="open").count()
    act = next(a for a in everything.every_act(cast) if a.name == "22 answers sent")
    act.rounds, act.requests = 1, 2
    (found,) = measure.measure([act], everything.yardsticks(cast))
    facts = found.as_facts()
    assert facts["cpu"] > facts["bare"] > 0
    assert facts["queries"] > 5
    assert Invitation.objects.filter(state="open").count() == before


def test_an_unexpected_answer_is_an_error(cast: Cast) -> None:
    act = next(a for a in everything.every_act(cast) if a.name == "worker's start, 15 people")
    act.expect = (302,)
    with pytest.raises(AssertionError, match="200, not"):
        measure.once(act)


def test_waves_are_opened_beside_the_bare_statement(cast: Cast) -> None:
    lines = list(waves.opened())
    for line in lines:
        assert line["ratio"] > 0
    user = cast.worker_of(cast.group)
    one_row(user, cast.group.pk)


def test_the_table_says_what_is_not_met_and_what_grows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr(report, "LOCAL", tmp_path)
    monkeypatch.setattr(place, "LOCAL", tmp_path)
    fact = {
        "row": "1",
        "name": "start",
        "ratio": 6.0,
        "cpu": 12.0,
        "python": 9.0,
        "postgres": 3.0,
        "wall": 20.0,
        "p10": 11.0,
        "p90": 14.0,
        "bare": 2.0,
        "queries": 9,
        "goal": 5,
        "goal_queries": 12,
        "bytes": 3000,
        "gzip": 900,
    }
    place.results(1000).write_text(json.dumps({"1 start": {**fact, "people": 1000, "ratio": 4.0}}))
    place.results(100_000).write_text(
        json.dumps({"1 start": {**fact, "people": 100_000, "cpu": 24.0}})
    )
    table = report.write([1000, 100_000], "here")
    small, large = (line for line in table.splitlines() if line.startswith("| 1 |"))
    assert small.endswith("| met |")
    assert large.endswith("| 2.00 | 3.0 (0.9) | not met: cost, grows |")
    assert (tmp_path / "bench-here.md").read_text() == table + "\n"


def test_servers_of_a_bench_are_its_own() -> None:
    from joinus.embedded.place import place_of

    assert place_of("bench-1000").home != place_of("bench-100000").home
    with pytest.raises(ValueError):
        place_of("bench-many")


def test_the_command_writes_its_table_at_the_end(tmp_path: Path) -> None:
    """By itself, without settings from outside: what was measured is not lost on the last line."""
    code = (
        "import pathlib, subprocess, sys\n"
        "from joinus.bench import __main__ as bench, report\n"
        "subprocess.run = lambda *asked, **how: None\n"
        "report.LOCAL = pathlib.Path(sys.argv.pop())\n"
        "bench.main()\n"
    )
    clean = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    subprocess.run([sys.executable, "-c", code, "7", str(tmp_path)], env=clean, check=True)
    assert [found.suffix for found in tmp_path.glob("bench-*")] == [".md"]

"""Random lives through the real actions, beside a model that imports nothing of the project."""

import json
import os
import re
from collections import Counter
from collections.abc import Callable

import pytest

from tests.lives.play import Life, Play
from tests.lives.watch import aside

#: 2,016 lives; in every fourth world long enough for a follow-up that nobody answers.
WORLDS, LIVES, DAYS = 24, 84, (260, 170, 170, 170)

pytestmark = pytest.mark.django_db


Record = Callable[[str, object], None]


def play(seed: int, record_property: Record | None = None, **how: object) -> Play:
    done = Play(seed, **how).run()  # type: ignore[arg-type]
    if record_property is not None:
        record_property("lives", dict(done.count))
    if done.watch.faults:
        pytest.fail(told(done), pytrace=False)
    for what in ("acts", "openings", "messages", "answers", "sentences read"):
        assert done.count[what] >= len(done.everybody) / 3, f"hardly any {what}: {done.count}"
    return done


def told(done: Play) -> str:
    """What went wrong, each with the whole life it happened to, and how to play that again."""
    kinds = Counter(fault.kind for fault in done.watch.faults)
    lines = [
        f"\n{len(done.watch.faults)} disagreements in the world of seed {done.seed}: {dict(kinds)}"
    ]
    lines += [str(fault).partition("\n")[0][:300] for fault in done.watch.faults]
    shown: Counter[str] = Counter()
    for fault in done.watch.faults:
        shown[fault.kind] += 1
        if shown[fault.kind] > int(os.environ.get(f"LIVES_{fault.kind.upper()}", "2")):
            continue
        lines += ["", str(fault)]
        life = next((one for one in done.everybody if one.number == fault.life), None)
        if life is not None:
            lines += [f"      {line}" for line in life.log]
            lines.append(
                f"    again: python -m tests.lives --seed {done.seed} --lives {done.size} "
                f"--days {done.days} --life {life.number}"
            )
    return "\n".join(lines)


@pytest.mark.req("R-131", "R-202", "R-351", "R-354")
def test_ten_lives_of_two_months_stand_as_the_model_says(record_property: Record) -> None:
    play(1, record_property, lives=10, days=60, pairs=1)


@pytest.mark.deep
@pytest.mark.req("R-350", "R-351", "R-352", "R-353", "R-354", "R-355", "R-218")
@pytest.mark.parametrize("seed", range(WORLDS))
def test_a_world_of_lives_stands_as_the_model_says(seed: int, record_property: Record) -> None:
    play(seed, record_property, lives=LIVES, days=DAYS[seed % len(DAYS)])


@pytest.mark.deep
@pytest.mark.skipif("LIVES_ASKED" not in os.environ, reason="asked for by python -m tests.lives")
def test_what_was_asked_for(record_property: Record) -> None:
    asked = json.loads(os.environ["LIVES_ASKED"])
    seed, life = asked["seed"], asked["life"]
    how = {"lives": asked["lives"], "days": asked["days"], "only": life}
    if life is None or not asked["shrink"]:
        play(seed, record_property, **how)
        return
    done = alone(seed, how)
    if done.watch.faults:
        pytest.fail(told(smallest(seed, how, done)), pytrace=False)


def alone(seed: int, how: dict[str, object], without: frozenset[str] = frozenset()) -> Play:
    with aside():
        return Play(seed, without=without, **how).run()  # type: ignore[arg-type]


def smallest(seed: int, how: dict[str, object], done: Play) -> Play:
    """Leave out act after act, from the last, as long as the same kind of disagreement comes."""
    kind, without = done.watch.faults[0].kind, frozenset[str]()
    for act in reversed(acts_of(done.everybody[0])):
        shorter = alone(seed, how, without | {act})
        if any(fault.kind == kind for fault in shorter.watch.faults):
            done, without = shorter, without | {act}
    return done


def acts_of(life: Life) -> list[str]:
    return [found[1] for line in life.log if (found := re.search(r"\[(\d{6}[^\]]+)\]", line))]

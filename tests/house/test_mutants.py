"""`make mutants` itself: it finds the clauses it should, and its lists still fit the code."""

import ast
import importlib
from inspect import cleandoc

import pytest

from tests.house.test_floors import ROOT
from tests.mutants import __main__ as mutants
from tests.mutants import clauses
from tests.mutants.equivalents import EQUIVALENT
from tests.mutants.flaws import FLAWS, Flaw

RULE = cleandoc(
    """
    def may_come(stay: Stay | None, day):
        if stay is None:
            return False
        late = stay.ended or stay.day < day
        seats = Seat.objects.filter(stay=stay, open=True).exclude(trial=True)
        return not late and (seats or stay.guest) and day.weekday() == 1
    """
)


@pytest.fixture(scope="module")
def found() -> list[clauses.Clause]:
    return clauses.everything()


def test_it_takes_second_clauses_and_early_returns_away() -> None:
    cut = {clause.gone: clause.cut(RULE).splitlines() for clause in clauses.clauses("x.py", RULE)}
    end = {gone: text[-1].strip() for gone, text in cut.items()}
    assert end["day.weekday() == 1"] == "return (not late and (seats or stay.guest))"
    assert end["seats or stay.guest"] == "return (not late and day.weekday() == 1)"
    assert end["stay.guest"] == "return not late and ((seats)) and day.weekday() == 1"
    assert cut["stay.day < day"][3].strip() == "late = (stay.ended)"
    assert cut["open=True"][4].endswith("Seat.objects.filter(stay=stay).exclude(trial=True)")
    assert cut[".exclude(trial=True)"][4].endswith("Seat.objects.filter(stay=stay, open=True)")
    assert cut["if stay is None"][1].strip() == "pass"
    assert len(cut) == 7


def test_what_is_left_is_python(found: list[clauses.Clause]) -> None:
    sources = {clause.path: (ROOT / clause.path).read_text() for clause in found}
    for clause in found:
        ast.parse(clause.cut(sources[clause.path]))


def test_the_same_seed_draws_the_same_and_passes_over_the_known(
    found: list[clauses.Clause],
) -> None:
    drawn = clauses.draw(found, 7, 20)
    assert clauses.draw(found, 7, 20) == drawn != clauses.draw(found, 8, 20)
    others = clauses.draw(found, 7, 20, {drawn[4].key})
    assert others[:19] == [*drawn[:4], *drawn[5:]]
    assert others[19] not in drawn


def test_every_equivalent_still_stands_in_the_code(found: list[clauses.Clause]) -> None:
    assert set(EQUIVALENT) <= {clause.key for clause in found}


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda flaw: flaw.name)
def test_every_flaw_can_be_planted_and_has_its_tests(flaw: Flaw) -> None:
    assert bool(flaw.changes) == bool(flaw.tests) != bool(flaw.no_surface)
    for change in flaw.changes:
        assert (ROOT / change.path).read_text().count(change.old) == 1, change.old
    for test in flaw.tests:
        path, name = test.partition("[")[0].split("::")
        module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
        assert callable(getattr(module, name))


def test_the_tests_of_the_own_room_are_asked_first_and_then_the_floors() -> None:
    near, wide = mutants.stages("participants/exit/leaving.py")
    assert near[0] == "tests/participants/exit"
    assert wide[:4] == ["tests/participants", "tests/home", "tests/access", "tests/privacy"]
    assert mutants.stages("joinus/home/start/tonight.py")[0][0] == "tests/home/start"

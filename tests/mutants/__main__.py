"""`make mutants`: plants the ten flaws, then takes twenty drawn clauses away. See the package.

Exit code 0 when everything was noticed. `--only flaws` or `--only clauses` does one half,
`--list` shows what would be drawn.
"""

import argparse
import os
import re
import signal
import sys
import time
from pathlib import PurePosixPath

from tests.mutants import clauses
from tests.mutants.clauses import Clause
from tests.mutants.equivalents import EQUIVALENT
from tests.mutants.flaws import FLAWS, Flaw
from tests.mutants.throwaway import ROOT, Copy, copy

#: Where the tests of a floor stand when they do not stand under its own name.
TESTS_OF = {"joinus": "home"}
#: Whole walks and tables: they see what the tests of one floor do not.
ACROSS = ("home", "access", "privacy")


def main() -> int:
    asked = _arguments()
    drawn = clauses.draw(clauses.everything(), asked.seed, asked.most, EQUIVALENT)
    if asked.list:
        print("\n".join(str(clause) for clause in drawn))
        return 0
    os.nice(asked.nice)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the copy is cleared away then too
    flaws = FLAWS if asked.only != "clauses" else ()
    drawn = drawn if asked.only != "flaws" else []
    print(f"MUTANTS seed {asked.seed}: {len(flaws)} flaws, {len(drawn)} clauses", flush=True)
    with copy(asked.workers) as house:
        planted = [_say(*plant(house, flaw, asked.seconds)) for flaw in flaws]
        killed = [_say(*take_away(house, clause, asked.seconds)) for clause in drawn]
    tried = [one for one in planted if one is not None]
    print(f"MUTANTS killed {sum(map(bool, killed))}/{len(killed)}, flaws {sum(tried)}/{len(tried)}")
    return 0 if all(killed) and all(tried) else 1


def plant(house: Copy, flaw: Flaw, seconds: float) -> tuple[bool | None, str]:
    """None: there is nothing yet that could have this flaw."""
    if not flaw.changes:
        return None, f"{flaw.name}: no surface yet. {flaw.no_surface}"
    texts = {}
    for change in flaw.changes:
        source = (house.root / change.path).read_text()
        if source.count(change.old) != 1:
            return False, f"{flaw.name}: `{change.old}` does not stand once in {change.path}"
        texts[change.path] = source.replace(change.old, change.new)
    what = f"{flaw.name} in {', '.join(texts)}"
    return _judge(house, texts, [list(flaw.tests)], seconds, what)


def take_away(house: Copy, clause: Clause, seconds: float) -> tuple[bool | None, str]:
    source = (house.root / clause.path).read_text()
    texts = {clause.path: clause.cut(source)}
    return _judge(house, texts, stages(clause.path), seconds, str(clause))


def stages(path: str) -> list[list[str]]:
    """Which tests to ask, nearest first: the own room's, the floor's, the walks across."""
    room = PurePosixPath(path).with_suffix("")
    folder = ROOT / "tests" / PurePosixPath(TESTS_OF.get(room.parts[0], room.parts[0]))
    inside = room.parts[2:-1] if room.parts[0] == "joinus" else room.parts[1:-1]
    near = folder.joinpath(*inside)
    while not near.is_dir():
        near = near.parent
    callers = _that_import(room)
    first = callers if near == folder and callers else [_name(near), *callers]
    wide = [_name(folder), *(f"tests/{name}" for name in ACROSS), *callers]
    return [_without_doubles(first), _without_doubles(wide)]


def _that_import(room: PurePosixPath) -> list[str]:
    """Test modules that name this room: `from a.b import c` or `a.b.c`."""
    package, name = ".".join(room.parts[:-1]), room.parts[-1]
    wanted = re.compile(
        rf"{re.escape(package)}\.{name}\b|from {re.escape(package)} import [^\n]*\b{name}\b"
    )
    found = sorted((ROOT / "tests").rglob("test_*.py"))
    return [_name(file) for file in found if wanted.search(file.read_text())]


def _name(path: os.PathLike[str]) -> str:
    return PurePosixPath(os.fspath(path)).relative_to(ROOT).as_posix()


def _without_doubles(what: list[str]) -> list[str]:
    """No file of a folder that is asked as a whole."""
    kept: list[str] = []
    for one in dict.fromkeys(what):
        if not any(one != other and one.startswith(f"{other}/") for other in what):
            kept.append(one)
    return kept


def _judge(
    house: Copy, texts: dict[str, str], asked: list[list[str]], seconds: float, what: str
) -> tuple[bool, str]:
    """Red with the change, and green without: only then the change was noticed."""
    ends = time.monotonic() + seconds
    green: list[str] = []
    for tests in asked:
        for _again in range(2):
            with house.changed(texts):
                run = house.test(tests, ends - time.monotonic(), but=green)
            if run.late:
                return False, f"{what}\n         no red within {seconds:.0f} s"
            if not run.red:
                break
            if not house.test([run.red], seconds).red:
                return True, f"{what}\n         {run.red}"
            house.forget_databases()  # perhaps it only stumbled over rows that were left
            if house.test([run.red], seconds).red:
                return False, f"{what}\n         {run.red} is red by itself"
        green += tests
    return False, f"{what}\n         all green: {' '.join(asked[-1])}"


def _say(noticed: bool | None, what: str) -> bool | None:
    word = {True: "killed", False: "SURVIVED", None: "-"}[noticed]
    print(f"{word:<8} {what}", flush=True)
    return noticed


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--most", type=int, default=20, help="how many clauses")
    parser.add_argument("--seconds", type=float, default=300, help="per mutant")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--nice", type=int, default=10)
    parser.add_argument("--only", choices=["flaws", "clauses"])
    parser.add_argument("--list", action="store_true", help="what would be drawn")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

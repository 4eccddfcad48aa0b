"""`make requirements`: each line of the ledger with the tests that prove it.

The proof is the mark `@pytest.mark.req("R-202")` on a collected test, deep ones included. A line
of which something is still to be built carries `req_part`: it is printed, and not counted.
"""

import contextlib
import csv
import io
import sys
from collections import defaultdict
from pathlib import Path

import pytest

LEDGER = Path(__file__).resolve().parents[1] / "docs" / "requirements.csv"


class Proofs:
    """A pytest plugin that only listens: which tests claim which lines."""

    def __init__(self) -> None:
        self.tests: dict[str, list[str]] = defaultdict(list)
        self.parts: dict[str, list[str]] = defaultdict(list)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            where = item.nodeid.split("[")[0]
            for name, found in (("req", self.tests), ("req_part", self.parts)):
                for line in (line for mark in item.iter_markers(name) for line in mark.args):
                    if where not in found[line]:
                        found[line].append(where)


def lines() -> list[dict[str, str]]:
    with LEDGER.open(newline="") as file:
        return list(csv.DictReader(file))


def collect() -> tuple[int, Proofs]:
    """pytest's exit code and the tests by line."""
    proofs, said = Proofs(), io.StringIO()
    with contextlib.redirect_stdout(said):
        code = pytest.main(
            ["--collect-only", "-q", "-m", "", "-p", "no:cacheprovider", "tests"], plugins=[proofs]
        )
    if code:
        print(said.getvalue(), file=sys.stderr)
    return int(code), proofs


def main() -> int:
    code, proofs = collect()
    tests = proofs.tests
    ledger = lines()
    for line in ledger:
        print(f"{line['id']} {line['level']:<6} {line['statement']}")
        for where in tests.get(line["id"], ()):
            print(f"       {where}")
        for where in proofs.parts.get(line["id"], ()):
            print(f"       in part: {where}")
    unknown = sorted((tests.keys() | proofs.parts.keys()) - {line["id"] for line in ledger})
    if unknown:
        print(f"Marked, but not in the ledger: {', '.join(unknown)}", file=sys.stderr)
    counts = []
    for level in ("MUST", "SHOULD", "COULD"):
        ids = [line["id"] for line in ledger if line["level"] == level]
        counts.append(f"{level} {sum(id_ in tests for id_ in ids)}/{len(ids)}")
    print(" ".join(counts))
    return code or bool(unknown)


if __name__ == "__main__":
    sys.exit(main())

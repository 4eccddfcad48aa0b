"""Names are put in order in one way (R-344, docs/adr/0025)."""

import re
from pathlib import Path

import pytest

FLOORS = ("core", "participants", "groups", "questionnaires", "challenges", "licensing", "joinus")
#: An order by a bare column with a name, in Python or SQL.
BARE = re.compile(
    r"""order_by\([^)]*["'][-\w]*name["']|ordering\s*=\s*\[[^\]]*["'][-\w]*name["']"""
    r"""|sorted\([^\n]*\.name(?!s|d|_)\b(?!\))|ORDER\ BY[^\n"]*(?<![\w{])name\b"""
)
#: Names of nobody: folders, files; and the order of an index of hits (docs/adr/0019).
FINE = {"joinus/bench", "joinus/demo", "joinus/home/search/people.py", "joinus/embedded"}
DONE = re.compile(r"alphabetical\(|in_order\(|by_call_name\(")


@pytest.mark.req("R-344")
def test_no_list_is_ordered_by_a_bare_name() -> None:
    found = []
    for floor in FLOORS:
        for path in Path(floor).rglob("*.py"):
            if "migrations" in path.parts or any(str(path).startswith(fine) for fine in FINE):
                continue
            for hit in BARE.finditer(path.read_text()):
                if not DONE.search(hit[0]):
                    found.append(f"{path}: {hit[0]}")
    assert found == []

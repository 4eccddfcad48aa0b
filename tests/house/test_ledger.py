"""Marks name lines that exist, and the ledger counts as printed in the contract."""

import pytest

from tests import ledger


def test_the_ledger_has_the_lines_it_was_given():
    levels = [line["level"] for line in ledger.lines()]
    assert (levels.count("MUST"), levels.count("SHOULD"), levels.count("COULD")) == (206, 135, 38)


def test_every_mark_of_this_run_names_a_line_of_the_ledger(request: pytest.FixtureRequest):
    known = {line["id"] for line in ledger.lines()}
    marked = {
        line
        for item in request.session.items
        for name in ("req", "req_part")
        for mark in item.iter_markers(name)
        for line in mark.args
    }
    assert marked <= known

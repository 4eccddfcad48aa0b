"""Clauses whose absence no test can see, each with the reason; they are not drawn.

A line is (module, function, clause as the run prints it). When the code changes so that the line
fits nothing any more, `tests/house/test_mutants.py` says so.
"""

EQUIVALENT: dict[tuple[str, str, str], str] = {}

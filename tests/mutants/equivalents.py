"""Clauses whose absence no test can see, each with the reason; they are not drawn.

A key is (module, function, clause as the run prints it). When the code changes so that it fits
nothing any more, `tests/house/test_mutants.py` says so.
"""

EQUIVALENT: dict[tuple[str, str, str], str] = {
    (
        "groups/evenings/first_evening.py",
        "waiting_for",
        "trajectory__stopped_on__isnull=True",
    ): "Who stopped is leaving (journey.begin_stopping), and FIRST beside it holds only the trial "
    "and taking part: no row has both.",
    (
        "core/accounts/privacy.py",
        "erase_person",
        "if person.user_id is None",
    ): "Without an account every query below finds nothing; the line tells the type checker so.",
}

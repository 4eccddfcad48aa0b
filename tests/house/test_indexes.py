"""What an index holds only some rows by stands in the statement, whoever asks.

A connection plans once for whatever values, and a plan for any `phase` reads every stay there ever
was. Asked of each such index and constraint of ours, those of tomorrow too.
"""

import pytest
from django.apps import apps
from django.db.models import Index, Model, Q, UniqueConstraint

from core.accounts.models import User
from core.audit.models import ReadEntry
from core.written_out import WordColumn
from participants.models import ParentalConsent, Trajectory

OURS = {"core", "licensing", "challenges", "questionnaires", "groups", "participants"}
PARTIAL = [
    pytest.param(model, index, id=index.name)
    for model in apps.get_models()
    if model.__module__.split(".")[0] in OURS
    for index in [*model._meta.indexes, *model._meta.constraints]
    if isinstance(index, Index | UniqueConstraint) and index.condition is not None
]


def asked(model: type[Model], which: Q) -> tuple[str, tuple[object, ...]]:
    sql, params = model._default_manager.filter(which).query.sql_with_params()
    return sql.partition(" WHERE ")[2].partition(" ORDER BY ")[0], params


@pytest.mark.parametrize(("model", "index"), PARTIAL)
def test_the_condition_of_an_index_is_asked_without_parameters(
    model: type[Model], index: Index | UniqueConstraint
) -> None:
    sql, params = asked(model, index.condition)
    assert params == (), (
        f"{index.name} is never used: {sql} is planned for whatever values. "
        "Make the column that its condition names a WordColumn (core/written_out.py)."
    )


def test_every_partial_index_was_looked_at() -> None:
    assert len(PARTIAL) > 40


def test_words_stand_in_one_order_so_that_a_no_matches_the_index_as_well() -> None:
    backwards = sorted(Trajectory.Phase.OVER, reverse=True)
    sql, _params = asked(Trajectory, ~Q(phase__in=backwards))
    assert sql.endswith("IN ('former', 'referred', 'withdrawn'))")
    assert asked(ParentalConsent, Q(answer=""))[0].endswith("\"answer\" = ''")


@pytest.mark.parametrize("typed", ["it's", "staff'--", "%s", "ja en nee", "nobody", ""])
def test_what_is_no_choice_goes_along_as_a_parameter(typed: str) -> None:
    for which in (Q(kind=typed), Q(kind__in=["staff", typed])):
        sql, params = asked(User, which)
        assert typed in params
        assert "'" not in sql


def test_a_word_of_a_column_without_choices_is_letters_only() -> None:
    assert asked(ReadEntry, Q(record="answers"))[1] == ()
    for other in ("it's", "a%sb", "ja en nee", "één"):
        assert asked(ReadEntry, Q(record=other))[1] == (other,)
    assert not WordColumn().writes_out(None)

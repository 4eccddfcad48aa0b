"""Two people in one form: a three-way merge per field (R-340). No database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.drafts.merging import merge

FIELDS = st.fixed_dictionaries(dict.fromkeys("abc", st.sampled_from("xyz")))


@pytest.mark.req("R-340")
@given(base=FIELDS, mine=FIELDS, theirs=FIELDS)
def test_no_word_of_either_is_lost(
    base: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    merged = merge(base, mine, theirs)
    for name in mine:
        only_mine, only_theirs = theirs[name] == base[name], mine[name] == base[name]
        if only_mine:
            assert merged.values[name] == mine[name]
        elif only_theirs:
            assert merged.values[name] == theirs[name]
        else:
            assert merged.values[name] == mine[name]
            assert (name in merged.both) == (mine[name] != theirs[name])
        if name in merged.both:
            assert merged.both[name] == theirs[name]


@pytest.mark.req("R-340")
@given(base=FIELDS, mine=FIELDS)
def test_alone_everything_is_mine(base: dict[str, str], mine: dict[str, str]) -> None:
    merged = merge(base, mine, base)
    assert merged.values == mine
    assert not merged.both


@given(base=FIELDS, mine=FIELDS, theirs=FIELDS)
def test_who_came_first_does_not_matter_where_nothing_clashes(
    base: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    assert one.both.keys() == other.both.keys()
    for name in mine.keys() - one.both.keys():
        assert one.values[name] == other.values[name]


def test_a_field_that_is_new_to_the_others_is_mine() -> None:
    assert merge({}, {"a": "x"}, {"a": "y"}).values == {"a": "x"}
    assert merge({"a": "w"}, {"a": "x"}, {}).values == {"a": "x"}

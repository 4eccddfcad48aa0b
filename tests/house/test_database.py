"""The copy that every worker of the suite tests on: as it ships, and again so after each test."""

import shutil

import pytest
from django.db import OperationalError

from core.organisations.models import Region
from core.texts import publishing
from core.texts.models import TextVersion
from questionnaires.models import Instrument, Item, Option
from tests import world
from tests.fixtures import database
from tests.fixtures.database import Template, empty_tables, loaded


def shipped() -> list[tuple[object, ...]]:
    rows = TextVersion.objects.values_list("key", "language", "version", "sha256")
    return [*rows.order_by("pk"), *Item.objects.values_list("key", "text_nl").order_by("pk")]


@pytest.mark.django_db
def test_what_ships_is_there_before_any_test_begins() -> None:
    assert TextVersion.objects.count() == len(list(publishing.SHIPPED.glob("*.md")))
    assert (Instrument.objects.count(), Item.objects.count()) == (1, 22)
    assert Option.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_a_test_commits_is_gone_and_what_ships_is_as_it_was() -> None:
    before = shipped()
    publishing.publish(key="privacy", language="nl", title="Anders", body="anders")
    world.make_region()
    empty_tables()
    assert shipped() == before
    assert not Region.objects.exists()


@pytest.mark.django_db
def test_a_request_that_still_held_a_row_does_not_spoil_the_next_test(monkeypatch) -> None:
    """The browser of a test is closed, its last request may be at work: one of both is refused."""
    world.make_region()
    held, empty = iter([OperationalError("deadlock detected")]), database._empty

    def refused_once(asked: str) -> None:
        for refusal in held:
            raise refusal
        empty(asked)

    monkeypatch.setattr(database, "_empty", refused_once)
    empty_tables()
    assert not Region.objects.exists()


@pytest.mark.django_db
def test_without_what_ships_the_tables_are_empty(nothing_shipped: None) -> None:
    assert not shipped()


def test_one_changed_word_makes_another_template(tmp_path, monkeypatch) -> None:
    before = loaded()
    shutil.copytree(publishing.SHIPPED, tmp_path / "shipped")
    monkeypatch.setattr(publishing, "SHIPPED", tmp_path / "shipped")
    assert loaded() == before
    changed = next((tmp_path / "shipped").glob("*.md"))
    changed.write_text(changed.read_text() + "en nog iets")
    assert Template("test_", loaded()).name != Template("test_", before).name


OLD, NEW, OTHER = ("a/0001.py", "1"), ("a/0002.py", "2"), ("a/0001.py", "changed")


@pytest.mark.parametrize(
    ("stands", "wanted", "from_before"),
    [
        ({OLD}, {OLD, NEW}, True),
        ({OLD, NEW}, {OLD}, False),
        ({OLD}, {OTHER, NEW}, False),
        (set(), {OLD}, False),
    ],
    ids=["one came by", "one went", "one was changed", "nobody knows of what"],
)
def test_only_what_did_not_change_is_migrated_further(
    monkeypatch, stands, wanted, from_before
) -> None:
    monkeypatch.setattr(Template, "all", lambda *_: {"test_migrated_1": stands})
    found = Template("test_migrated_", wanted).before(None)
    assert found == ("test_migrated_1" if from_before else None)

"""What somebody agreed to can be shown again, to the letter, years later."""

import pytest
from django.db import ProgrammingError, transaction

from core.texts.models import TextVersion
from core.texts.publishing import SHIPPED, publish, publish_shipped, wording
from core.texts.rendering import as_html

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_shipped")]


@pytest.mark.req("R-086")
def test_a_new_wording_is_a_new_version_and_the_old_one_stays() -> None:
    first = publish(key="privacy", language="nl", title="A", body="een")
    same = publish(key="privacy", language="nl", title="A", body="een")
    second = publish(key="privacy", language="nl", title="A", body="twee")
    assert (first.pk, first.version, second.version) == (same.pk, 1, 2)
    assert TextVersion.objects.current("privacy", "nl") == second
    assert TextVersion.objects.get(pk=first.pk).body == "een"


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_a_published_text(change: str) -> None:
    text = publish(key="privacy", language="nl", title="A", body="een")
    rows = TextVersion.objects.filter(pk=text.pk)
    with pytest.raises(ProgrammingError), transaction.atomic():
        rows.update(body="anders") if change == "update" else rows.delete()
    assert rows.get().body == "een"


def test_every_shipped_text_exists_in_both_languages_and_publishes_once() -> None:
    keys = {path.stem.split(".")[0] for path in SHIPPED.glob("*.md")}
    assert {f"{k}.{x}.md" for k in keys for x in ("nl", "en")} == {
        path.name for path in SHIPPED.glob("*.md")
    }
    published = publish_shipped()
    assert len(published) == TextVersion.objects.count() == 2 * len(keys)
    assert [t.pk for t in publish_shipped()] == [t.pk for t in published]


def test_before_anything_is_published_the_shipped_words_are_shown() -> None:
    shown = wording("privacy", "nl")
    assert shown._state.adding
    published = {(t.key, t.language): t for t in publish_shipped()}["privacy", "nl"]
    assert (shown.title, shown.body) == (published.title, published.body)
    assert wording("privacy", "nl") == published


def test_raw_html_in_a_text_does_not_come_through() -> None:
    text = publish(key="x", language="nl", title="A", body="<script>alert(1)</script> **ja**")
    assert "<script" not in as_html(text)
    assert "<strong>ja</strong>" in as_html(text)

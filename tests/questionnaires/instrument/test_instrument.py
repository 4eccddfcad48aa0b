"""The instrument stands as it is printed, and a version that stands is never edited."""

import json
from collections import Counter
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from core import clock
from questionnaires.cycle import cycle
from questionnaires.instrument.instrument import (
    DATA,
    PublishedVersionChanged,
    in_use,
    item_count,
    load_instrument,
    questions_of,
    read,
)
from questionnaires.models import NOT_APPLICABLE, Instrument, Invitation, Item, Option, Wave
from tests import world

RAW: dict[str, Any] = json.loads(DATA.read_text("utf-8"))


def changed_file(tmp_path: Path, change: Any, version: str = RAW["version"]) -> Path:
    raw = deepcopy(RAW)
    raw["version"] = version
    change(raw)
    path = tmp_path / "questionnaire.json"
    path.write_text(json.dumps(raw, ensure_ascii=False), "utf-8")
    return path


@pytest.fixture
def instrument(nothing_shipped: None) -> Instrument:
    """Loaded here and now: these are the proofs of the loading itself."""
    return load_instrument()


@pytest.mark.req("R-209")
def test_every_word_and_option_stands_as_printed(instrument: Instrument) -> None:
    for raw in RAW["items"]:
        item = Item.objects.get(instrument=instrument, number=raw["number"])
        assert (item.key, item.text_nl, item.text_en) == (raw["key"], raw["nl"], raw["en"])
        assert [(o.position, o.text_nl, o.text_en) for o in item.options.all()] == [
            (o["position"], o["nl"], o["en"]) for o in raw["options"]
        ]


@pytest.mark.req("R-209")
def test_a_doubled_word_of_the_print_is_not_mended(instrument: Instrument) -> None:
    assert "voel je je je al" in Item.objects.get(number=2).text_nl


@pytest.mark.req("R-190", "R-200")
def test_18_items_at_the_start_and_22_afterwards(instrument: Instrument) -> None:
    version = instrument.pk
    assert [q.number for q in questions_of(version, "baseline")] == list(range(1, 19))
    for wave in ("interim", "exit", "follow_up"):
        assert [q.number for q in questions_of(version, wave)] == list(range(1, 23))
    for wave in Wave.values:
        assert item_count(wave) == len(questions_of(version, wave))


@pytest.mark.req("R-214")
def test_subscales_have_their_printed_sizes(instrument: Instrument) -> None:
    assert Counter(q.subscale for q in read(instrument.pk)) == {
        "loneliness": 4,
        "self_worth": 1,
        "interaction": 1,
        "social_skills": 3,
        "social_network": 3,
        "knowledge_insight": 1,
        "negative_thoughts": 1,
        "functioning": 4,
        "satisfaction": 4,
    }


@pytest.mark.req("R-211")
def test_items_1_and_2_point_to_worse_and_3_and_4_to_better(instrument: Instrument) -> None:
    directions = [q.higher_is_better for q in read(instrument.pk)[:4]]
    assert directions == [False, False, True, True]


@pytest.mark.req("R-210")
def test_only_item_2_can_be_not_applicable_and_it_is_no_number(instrument: Instrument) -> None:
    codes = Option.objects.filter(value=NOT_APPLICABLE).select_related("item")
    assert [(o.item.number, o.text_nl) for o in codes] == [(2, "niet van toepassing")]
    assert not Option.objects.filter(value=0).exists()


@pytest.mark.req("R-223")
def test_each_item_keeps_its_source_and_authors(instrument: Instrument) -> None:
    for raw in RAW["items"]:
        assert Item.objects.get(number=raw["number"]).source == raw["source"]


def test_a_version_that_was_never_loaded_is_no_empty_list(db: None) -> None:
    for _again in range(2):
        with pytest.raises(Instrument.DoesNotExist):
            read("1999")


def test_loading_again_changes_nothing(instrument: Instrument) -> None:
    before = list(Option.objects.values_list("pk", "text_nl"))
    assert load_instrument() == instrument
    assert list(Option.objects.values_list("pk", "text_nl")) == before
    assert Item.objects.count() == 22


@pytest.mark.req("R-209")
@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw["items"][1].update(nl="Hoe lang voel je je al alleen?"),
        lambda raw: raw["items"][0]["options"][0].update(nl="Nooit."),
        lambda raw: raw["items"][0]["options"].pop(),
        lambda raw: raw["items"][18].update(waves=["baseline"]),
    ],
    ids=["item", "option", "one option fewer", "another wave"],
)
def test_another_wording_under_the_same_version_is_refused(
    instrument: Instrument, tmp_path: Path, change: Any
) -> None:
    with pytest.raises(PublishedVersionChanged):
        load_instrument(changed_file(tmp_path, change))
    assert Item.objects.get(number=1).text_nl == RAW["items"][0]["nl"]


@pytest.mark.req("R-209")
def test_an_edit_makes_a_new_version_and_the_old_one_stands(
    instrument: Instrument, tmp_path: Path
) -> None:
    path = changed_file(tmp_path, lambda raw: raw["items"][4].update(nl="Ik ben tevreden"), "new")
    newer = load_instrument(path, in_use_from=instrument.in_use_from + timedelta(days=30_000))
    assert read("new")[4].text_nl == "Ik ben tevreden"
    assert read(instrument.pk)[4].text_nl == "Meestal ben ik tevreden met mezelf"
    assert in_use(instrument.in_use_from) == instrument
    assert in_use(newer.in_use_from) == newer


@pytest.mark.usefixtures("nothing_shipped")
def test_where_nothing_was_loaded_the_first_wave_that_opens_loads_what_ships() -> None:
    day = clock.today() - timedelta(days=3)
    agreed = {"screened_on": day, "consent_complete_on": day}
    stay = world.make_participating(world.make_group(), since=day, **agreed)
    cycle.refresh([stay.pk])
    assert Invitation.objects.get(trajectory=stay).instrument_id == RAW["version"]
    assert Item.objects.count() == 22


@pytest.mark.req("R-209")
@pytest.mark.parametrize("model", [Instrument, Item, Option])
def test_the_database_itself_refuses_an_edit(instrument: Instrument, model: Any) -> None:
    field = {"language": "en"} if model is Instrument else {"text_nl": "anders"}
    with pytest.raises(DatabaseError, match="annot update"), transaction.atomic():
        model.objects.update(**field)

"""What a person gets about themselves is readable (W9): Dutch words, no code and no key of ours."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import DatabaseError, models, transaction
from django.test import Client

from core import ports
from core.privacy import OWN, REST, Fact, Section
from participants.models import Guardian, Trajectory
from participants.parents.guardians import Relation
from participants.rights.privacy import person_of
from participants.signup.choices import CHANNEL, HEARD_FROM, WHEN
from tests.fixtures.database import built_once
from tests.privacy.filling import Filled, held

pytestmark = pytest.mark.django_db

#: Choices that stand beside a plain column.
BESIDE: list[tuple[type[models.Model], str, list[str]]] = [
    (Guardian, "relation", list(Relation.values)),
    (Trajectory, "heard_from", [str(key) for key, _words in HEARD_FROM]),
    (Trajectory, "first_contact_when", [str(key) for key, _words in WHEN]),
]


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Filled]:
    """One person filled into every table; each test is undone."""
    with built_once(django_db_blocker):
        yield Filled()


@pytest.fixture
def filled(db: None, built: Filled) -> Filled:
    return deepcopy(built)


def choice_fields() -> list[tuple[type[models.Model], str, list[str]]]:
    """Every field with choices of every model that holds something about a person."""
    found = [
        (model, field.name, [str(k) for k, words in field.flatchoices if k and str(words) != k])
        for model in held()
        for field in model._meta.concrete_fields
        if getattr(field, "choices", None) and isinstance(field, models.CharField)
    ]
    return [*found, *BESIDE]


def raw_keys() -> set[str]:
    keys = {key for _model, _name, keys in choice_fields() for key in keys}
    return keys | {str(key) for key, _words in CHANNEL}


def sections_of(filled: Filled) -> list[Section]:
    person = person_of(filled.person)
    return [s for part in (OWN, REST) for one in ports.export_person(person, part) for s in one]


def facts(filled: Filled) -> Iterator[Fact]:
    for section in sections_of(filled):
        for entry in section.told:
            yield from entry


def test_there_is_something_to_read(filled: Filled) -> None:
    assert len(choice_fields()) > 20
    assert len(list(facts(filled))) > 60


@pytest.mark.deep
def test_no_raw_key_of_any_choice_reaches_the_person(filled: Filled) -> None:
    """Every value of every choice field in turn, as far as the database allows it."""
    raw, shown = raw_keys(), set()
    for model, name, keys in choice_fields():
        for key in keys:
            try:
                with transaction.atomic():
                    model._base_manager.update(**{name: key})
            except DatabaseError:
                continue
            shown |= {
                f"{model.__name__}.{name}={key}: {fact.label}"
                for fact in facts(filled)
                if fact.text == key and key in raw
            }
    assert not shown, "\n".join(sorted(shown))


def test_what_was_not_chosen_is_no_answer(filled: Filled) -> None:
    """The first line of a form is not what somebody said."""
    Trajectory.objects.update(heard_from="", first_contact_when="")
    assert not [f for f in facts(filled) if "Kies" in f.text]


def test_the_files_have_the_words_a_person_reads(filled: Filled) -> None:
    """The document is read anywhere; the machine's file has Dutch words for its keys too."""
    client = Client()
    client.force_login(filled.person.user)
    document = client.get("/wat-we-weten/van-jou/document/")
    assert document["Content-Disposition"] == 'attachment; filename="join-us.html"'
    page = document.content.decode()
    assert "<dt>" in page
    assert 'src="/' not in page
    assert 'href="/' not in page, "everything is inside it"
    told = json.loads(client.get("/wat-we-weten/van-jou/bestand/").content)
    keys = {fact.key for fact in facts(filled)} | {s.key for s in sections_of(filled)}
    lists = [entries for entries in told.values() if isinstance(entries, list)]
    named = {key for entries in lists for entry in entries for key in entry}
    assert not {k for k in keys if "_" in k} & (named | set(told))
    assert "Roepnaam" in named


def test_two_facts_of_one_name_both_stay() -> None:
    from core.privacy import as_json

    twice = Section("moves", "Verplaatst", [[Fact("a", "Meedoen", 1), Fact("b", "Meedoen", 2)]])
    assert as_json([twice, twice]) == {"Verplaatst": [{"Meedoen": 1, "Meedoen (2)": 2}] * 2}

"""Names as they are looked for: the database and the program fold them alike (docs/adr/0019)."""

import pytest
from django.db import connection

from core.names import FROM, PAIRS, SILENT, Part, fold, parts, typed
from core.organisations.models import Group, Organisation
from participants.models import Trajectory
from participants.person.details import change_details
from participants.rights.erasure import erase_person
from tests import world

NAMES = {
    "Noor": "noor",
    "Zoë": "zoe",
    "Zoe\u0308": "zoe",
    "Şade": "sade",
    "İrem": "irem",
    "Işıl": "isil",
    "Łukasz": "lukasz",
    "Søren": "soren",
    "Đorđe": "dorde",
    "Weiß": "weiss",
    "Æsa": "aesa",
    "Þóra": "thora",
    "Çağla": "cagla",
    "Anne-Marie": "anne marie",
    "D'Angelo": "dangelo",
    "O’Brien": "obrien",
    "Ĳsbrand": "ijsbrand",
    "Ελένη": "ελενη",
    "Σοφία": "σοφια",
    "Йордан": "иордан",
    "Ђорђе": "ђорђе",
    "محمد": "محمد",
    "100%_\\'": "100% \\",
    "🦊 Fox": "🦊 fox",
}


@pytest.mark.req("R-373")
@pytest.mark.parametrize(("name", "looked_for"), NAMES.items())
def test_accents_capitals_and_hyphens_do_not_matter(name: str, looked_for: str) -> None:
    assert fold(name) == looked_for


@pytest.mark.req("R-373")
@pytest.mark.django_db
def test_the_database_folds_every_letter_as_the_program_does() -> None:
    letters = [chr(c) for c in range(0x20, 0x530) if chr(c).isprintable()]
    names = [*NAMES, *letters, *FROM, *PAIRS, *SILENT, "".join(letters)]
    with connection.cursor() as cursor:
        cursor.execute("select n, name_folded(n) from unnest(%s::text[]) n", [names])
        assert [(n, f) for n, f in cursor.fetchall() if f != fold(n)] == []


@pytest.mark.django_db
def test_groups_and_organisations_carry_the_name_as_it_is_looked_for() -> None:
    group = world.make_group(name="Groep Zoë")
    Group.objects.filter(pk=group.pk).update(name="Groep Şade")
    named = Organisation.objects.get(pk=world.make_organisation("Buurtwerk Ødegård").pk)
    assert Group.objects.get(pk=group.pk).search_name == "groep sade"
    assert named.search_name == "buurtwerk odegard"


@pytest.mark.req("R-373")
@pytest.mark.django_db
def test_the_name_of_a_stay_follows_the_person_whoever_writes_it() -> None:
    stay = world.make_trajectory(group=world.make_group(), call_name="Zoë")

    def kept() -> str:
        return Trajectory.objects.values_list("search_name", flat=True).get(pk=stay.pk)

    assert kept() == "zoe"
    loaded = Trajectory.objects.get(pk=stay.pk)
    person = stay.participant
    change_details(participant=person, by=person.user, call_name="Şade")
    assert kept() == "sade"
    loaded.save()  # an old copy that writes every column
    assert kept() == "sade"
    Trajectory.objects.filter(pk=stay.pk).update(search_name="somebody else")
    assert kept() == "sade"
    erase_person(participant=person)
    assert kept() == ""


@pytest.mark.parametrize(
    ("name", "wanted", "found"),
    [
        ("Noor", "noo", [Part("Noo", found=True), Part("r")]),
        ("Éleonoor", "noo", [Part("Éleo"), Part("noo", found=True), Part("r")]),
        ("Weiß", "eis", [Part("W"), Part("eiß", found=True)]),
        ("Zoe\u0308", "oe", [Part("Z"), Part("oe\u0308", found=True)]),
        ("D'Angelo", "dan", [Part("D'An", found=True), Part("gelo")]),
        ("Noor", "xq", [Part("Noor")]),
    ],
)
def test_the_typed_part_is_marked_in_the_name_as_it_is_written(
    name: str, wanted: str, found: list[Part]
) -> None:
    assert parts(name, wanted) == found


def test_what_is_typed_has_single_spaces() -> None:
    assert typed("  Anne -Marie ") == "anne marie"

"""Django's admin: the same door, and reference data only."""

import pytest
from django.test import Client

from core.administration import site
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    user = world.make_staff()
    user.is_staff = True
    user.save()
    return user


def test_only_reference_data_is_registered():
    assert {model._meta.label for model in site._registry} == {
        "organisations.Region",
        "organisations.Municipality",
        "organisations.PostalArea",
        "organisations.SchoolHoliday",
        "texts.TextVersion",
    }


def test_an_administrator_edits_the_map(administrator):
    client = Client()
    client.force_login(administrator)
    assert client.get("/beheer/").status_code == 200
    assert client.post("/beheer/organisations/region/add/", {"name": "Noord"}).status_code == 302
    assert client.get("/beheer/organisations/region/").status_code == 200
    municipality = world.make_municipality("Ergens", pc4="1234")
    for path in (
        "/beheer/organisations/municipality/?q=Erg",
        f"/beheer/organisations/municipality/{municipality.pk}/change/",
        "/beheer/organisations/postalarea/",
        "/beheer/texts/textversion/",
    ):
        assert client.get(path).status_code == 200, path
    assert client.get("/beheer/texts/textversion/add/").status_code == 403


def test_the_admin_has_no_door_of_its_own(administrator):
    answer = Client().get("/beheer/login/")
    assert answer["Location"].startswith("/inloggen/begeleiders/?next=")
    assert Client().post("/beheer/login/", {"username": "a", "password": "b"}).status_code == 302
    administrator.set_password("drie woorden achter elkaar")
    administrator.save()
    client = Client()
    client.post(
        "/inloggen/begeleiders/",
        {"login": administrator.email, "password": "drie woorden achter elkaar"},
    )
    assert client.get("/beheer/")["Location"] == "/inloggen/beveiliging/instellen/"


def test_others_do_not_even_see_that_it_exists():
    client = Client()
    client.force_login(world.make_staff())
    assert client.get("/beheer/").status_code == 404

"""What anybody may read: two versions of the same programme, and a page to print and give away."""

import re
from typing import Any

import pytest
from django.test import Client

from core.qr import qr_svg

YOUNG = ("/", "/hoe-het-werkt/", "/voor-ouders/", "/aanmelden/")
PROFESSIONAL = "/voor-professionals/"
AID = "/voor-professionals/gesprekskaart/"
pytestmark = pytest.mark.django_db


def words(client: Client, path: str) -> str:
    main = client.get(path).content.decode().split('id="content"')[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.mark.req("R-026")
def test_there_are_two_versions_and_each_leads_to_the_next_step(client: Client) -> None:
    for path in ("/hoe-het-werkt/", "/voor-ouders/"):
        page = words(client, path)
        assert "12 tot en met 30" in page or "leeftijdsgenoten" in page
        assert 'href="/"' in client.get(path).content.decode()
        for term in ("psychiatrisch", "cognitieve gedragstherapie", "licentie"):
            assert term not in page.lower()
    professional = words(client, PROFESSIONAL)
    for term in ("Toelatingscriteria", "intrinsieke motivatie", "cognitieve gedragstherapie"):
        assert term.lower() in professional.lower()
    start = client.get("/").content.decode()
    menu, foot = start.split("<main")[0], start.split("</main>")[1]
    for path in ("/hoe-het-werkt/", "/voor-ouders/"):
        assert f'href="{path}"' in menu
    assert f'href="{PROFESSIONAL}"' in foot, "not in the young people's own menu"
    assert f'href="{PROFESSIONAL}"' not in menu


@pytest.mark.req("R-024")
@pytest.mark.parametrize("path", ["/hoe-het-werkt/", PROFESSIONAL])
def test_for_whom_it_is_is_said_as_young_people_say_it(client: Client, path: str) -> None:
    page = words(client, path)
    assert re.search(r"meer contact (zouden )?(willen )?met andere jongeren", page)
    assert "hulp" in page


@pytest.mark.req("R-046")
@pytest.mark.parametrize("path", ["/hoe-het-werkt/", "/voor-ouders/", PROFESSIONAL, AID])
def test_no_page_asks_for_an_indication_and_each_says_so(client: Client, path: str) -> None:
    page = words(client, path)
    assert re.search(r"[Gg]een (zorg)?(indicatie|verwijzing)|(zorg)?indicatie is niet nodig", page)


@pytest.mark.req("R-038")
@pytest.mark.parametrize("path", ["/voor-ouders/", PROFESSIONAL, AID])
def test_whoever_helps_reads_that_only_the_young_person_signs_up(client: Client, path: str) -> None:
    page = words(client, path)
    assert re.search(r"zelf aanmelden|zich aanmelden|een ander aanmelden", page)


@pytest.mark.req("R-042")
def test_before_the_form_stand_criteria_cost_and_ages_in_the_young_persons_words(
    client: Client,
) -> None:
    page = words(client, "/aanmelden/")
    before = page[: page.index("Hoe wil je genoemd worden")]
    for said in (
        "12 tot en met 30",
        "langer dan een jaar alleen",
        "vrienden maken en erbij horen",
        "Je wilt dit zelf",
        "Gratis",
        "Geen verwijzing nodig",
    ):
        assert said in before, said


# ---- The talk aid ------------------------------------------------------------------


@pytest.mark.req("R-312")
def test_the_talk_aid_leads_to_our_own_address_in_ink_and_in_letters(
    client: Client, settings: Any
) -> None:
    settings.SITE_URL = "https://meedoen.example/"
    page = client.get(AID).content.decode()
    address = "https://meedoen.example/?via=referrer"
    assert str(qr_svg(address, "QR-code naar deze site")) in page
    assert f'href="{address}"' in page
    assert "meedoen.example</a>" in page
    assert page.count("<svg") > 2
    assert "http://" not in re.sub(r"xmlns=\"[^\"]+\"", "", page)


@pytest.mark.req("R-312")
def test_it_helps_to_begin_and_to_explain_and_fits_a_young_persons_eyes(client: Client) -> None:
    page = words(client, AID)
    for said in ("Zou je meer mensen van jouw leeftijd willen kennen", "Om de week", "0800-0113"):
        assert said in page
    assert "eenza" not in page.lower()


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R-312")
def test_on_paper_it_is_one_sheet(page_at: Any) -> None:
    for locale in ("nl-NL", "en-GB"):
        page = page_at(1440, 900, locale=locale)
        page.goto(AID)
        paper = page.pdf(prefer_css_page_size=True, print_background=True)
        assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1, locale

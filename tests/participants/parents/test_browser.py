"""The parent's page in a real browser: one screen, no referrer, and a POST that still works."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from core.messaging.models import Message
from participants.models import ParentalConsent
from participants.parents import question as parental
from tests import world
from tests.participants.parents.build import follow, form_of


@pytest.fixture
def asked(transactional_db: None) -> tuple[ParentalConsent, str]:
    group = world.make_group(organisation=world.make_organisation(phone="030 123 45 67"))
    stay = world.make_trajectory(
        group=group, phase="intake", suitable=True, age=14, call_name="Noor"
    )
    worker = world.make_worker(group)
    parental.ask_harm(trajectory=stay, can_harm=False, by=worker)
    return parental.release_request(guardian=world.make_guardian(stay), trajectory=stay, by=worker)


@pytest.mark.req("R-105")
def test_the_question_fits_one_screen_and_a_running_page_alone_answers_nothing(
    asked: tuple[ParentalConsent, str], page_at: Any, axe: Any
) -> None:
    row, token = asked
    page = page_at(390, 844)
    page.goto(reverse("participants:parent_consent", args=[token]))
    assert token not in page.url
    assert page.evaluate("document.documentElement.scrollHeight") <= 844
    axe(page)
    page.wait_for_timeout(300)
    for form in range(page.locator("form").count()):
        page.evaluate(f"document.forms[{form}].noValidate = true")
    page.click("button:has-text('Ja, Noor mag meedoen')")
    page.wait_for_selector("[role=alert]")
    axe(page)
    row.refresh_from_db()
    assert row.answer == "", "a scanner that presses buttons does not tick"
    page.check("#id_yes")
    page.click("button:has-text('Ja, Noor mag meedoen')")
    page.wait_for_url("**/ouders/klaar/ja/**")
    row.refresh_from_db()
    assert row.answer == "yes"


@pytest.mark.req("R-339")
def test_back_after_a_mistake_and_an_answer_is_a_page_and_no_error_of_the_browser(
    asked: tuple[ParentalConsent, str], page_at: Any
) -> None:
    _row, token = asked
    page = page_at(390, 844)
    page.goto(reverse("participants:parent_consent", args=[token]) + "?stap=nee")
    page.goto(page.url.split("?")[0] + "?stap=nee")
    page.click("button:has-text('Nee, nu niet')")
    page.wait_for_selector("[role=alert]")
    page.check("#id_parent")
    page.click("button:has-text('Nee, nu niet')")
    page.wait_for_url("**/ouders/klaar/nee/**")
    page.go_back()
    expect(page.get_by_role("heading", name="Deze link werkt niet")).to_be_visible()


@pytest.mark.req("R-105")
@pytest.mark.parametrize("javascript", [True, False])
def test_it_works_with_and_without_javascript(
    asked: tuple[ParentalConsent, str], page_at: Any, javascript: bool
) -> None:
    row, token = asked
    page = page_at(390, 844, java_script_enabled=javascript)
    page.goto(reverse("participants:parent_consent", args=[token]))
    page.get_by_role("link", name="Nee", exact=True).click()
    page.check("#id_parent")
    page.click("button:has-text('Nee, nu niet')")
    page.wait_for_url("**/ouders/klaar/nee/**")
    row.refresh_from_db()
    assert row.answer == "no"


@pytest.mark.req("R-105")
def test_a_yes_pressed_twice_without_javascript_ends_at_the_thank_you(
    asked: tuple[ParentalConsent, str], page_at: Any
) -> None:
    row, token = asked
    page = page_at(390, 844, java_script_enabled=False)
    page.goto(reverse("participants:parent_consent", args=[token]))
    page.check("#id_yes")
    page.dblclick("button:has-text('Ja, Noor mag meedoen')")
    page.wait_for_url("**/ouders/klaar/ja/**")
    page.wait_for_load_state("networkidle")
    assert "Dank u wel" in page.inner_text("h1")
    row.refresh_from_db()
    assert row.answer == "yes"
    assert Message.objects.filter(kind="parental_receipt").count() == 1


@pytest.mark.req("R-339")
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_parents_question_survives_another_language_and_a_reload(
    asked: tuple[ParentalConsent, str], page_at: Any, axe: Any, javascript: bool
) -> None:
    """Its words lie under the number of this very page: another child's page shows none of them."""
    row, token = asked
    page = page_at(390, 844, java_script_enabled=javascript)
    page.goto(reverse("participants:parent_consent", args=[token]))
    page.get_by_role("link", name="Een vraag").click()
    page.fill("[name=question]", "Wie zijn jullie eigenlijk?")
    if javascript:
        page.reload()
        expect(page.locator("[name=question]")).to_have_value("Wie zijn jullie eigenlijk?")
    page.click("header button[lang=en]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("[name=question]")).to_have_value("Wie zijn jullie eigenlijk?")
    if javascript:
        axe(page)
        assert page.reload().request.method == "GET"
        expect(page.locator("[name=question]")).to_have_value("Wie zijn jullie eigenlijk?")
    page.locator("form#question button.button--wide").first.click()
    page.wait_for_url("**/ouders/klaar/vraag/**")
    row.refresh_from_db()
    assert row.question == "Wie zijn jullie eigenlijk?"
    if javascript:
        assert page.evaluate("Object.keys(sessionStorage).length") == 0


@pytest.mark.req("R-105")
def test_a_forged_post_from_elsewhere_answers_nothing(asked: tuple[ParentalConsent, str]) -> None:
    row, token = asked
    client = Client(enforce_csrf_checks=True)
    link, page = follow(token, client)
    answer = {**form_of(page), "yes": "on"}
    secret = client.cookies["csrftoken"].value
    for data, headers in (
        (answer, {}),
        (answer, {"origin": "null"}),
        ({**answer, "csrfmiddlewaretoken": "x" * 64}, {"origin": "null"}),
        ({**answer, "csrfmiddlewaretoken": secret}, {"origin": "https://evil.example"}),
    ):
        assert link.post(data, headers=headers).status_code == 403
    row.refresh_from_db()
    assert row.answer == ""
    good = {**answer, "csrfmiddlewaretoken": secret}
    assert link.post(good, headers={"origin": "null"}).status_code == 302

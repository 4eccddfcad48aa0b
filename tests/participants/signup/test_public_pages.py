"""Who is not signed in loses no word: Back, reload, another language, with JavaScript and without.

Nothing is kept on the server (R-339); what the tab keeps goes with it, and with the thank-you.
"""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from core import clock
from core.ages import birthday
from core.organisations.models import Group
from participants.models import InterestRegistration, Trajectory
from tests.participants.signup.build import CHECK, CHECKED, SIGN_UP, SIGNED_UP
from tests.world import make_group, make_municipality, make_worker

pytestmark = pytest.mark.django_db(transaction=True)
RESULT = re.compile(rf"{CHECKED}\?z=[\w-]+$")


@pytest.fixture
def group() -> Group:
    group = make_group(municipality=make_municipality("Voorbeeldstad", pc4="3511"))
    make_worker(group, "Fleur Jansen")
    return group


def look_near(page: Any, place: str = "3511", age: str = "14") -> None:
    page.goto("/")
    page.fill("[name=place]", place)
    page.fill("[name=age]", age)
    page.click(".check-card button")
    page.wait_for_url(RESULT)


def fill_in(page: Any, name: str = "Bo", years: int = 14) -> None:
    """All that is asked, but the tick at the end."""
    born = birthday(clock.today(), -years)
    page.fill("[name=call_name]", name)
    for part in ("day", "month", "year"):
        page.fill(f"[name=birth_date_{part}]", str(getattr(born, part)))
    page.fill("[name=postcode]", "3511")
    page.check("[name=channel][value=email]")
    page.fill("[name=email]", "bo@example.org")
    page.check("[name=others_read][value=no]")
    page.check("[name=home_may_know][value=yes]")
    page.check("[name=first_contact_by][value=app]")


def send(page: Any) -> None:
    page.click("form#sign-up button.button--wide")


def is_filled_in(page: Any, name: str = "Bo") -> None:
    expect(page.locator("[name=call_name]")).to_have_value(name)
    expect(page.locator("[name=email]")).to_have_value("bo@example.org")
    expect(page.locator("[name=channel][value=email]")).to_be_checked()
    expect(page.locator("[name=birth_date_day]")).to_have_value(str(clock.today().day))


def kept(page: Any) -> int:
    found: int = page.evaluate("Object.keys(sessionStorage).length")
    return found


# ---- A result is a page of its own ---------------------------------------------------


@pytest.mark.req("R-339")
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_the_result_is_found_again_by_reload_by_back_and_by_its_address(
    page_at: Any, axe: Any, group: Group, javascript: bool
) -> None:
    page = page_at(390, 844, java_script_enabled=javascript)
    look_near(page)
    heading = page.locator("h1").inner_text()
    answer = page.reload()
    assert answer.status == 200
    assert answer.request.method == "GET"
    assert page.locator("h1").inner_text() == heading
    page.click(f'main a.button[href^="{SIGN_UP}"]')
    page.wait_for_url(f"**{SIGN_UP}?z=*")
    expect(page.locator("[name=postcode]")).to_have_value("3511")
    page.go_back()
    page.wait_for_url(RESULT)
    expect(page.locator("h1")).to_have_text(heading)
    elsewhere = page_at(390, 844)
    elsewhere.goto(page.url)
    expect(elsewhere.locator("h1")).to_have_text(heading)
    axe(elsewhere)


@pytest.mark.req("R-339")
@pytest.mark.parametrize("sealed", ["", "x", "A" * 60, "A" * 5000, "%00"])
def test_a_torn_address_leads_to_the_question(client: Any, group: Group, sealed: str) -> None:
    assert client.get(f"{CHECKED}?z={sealed}").url == CHECK
    assert client.get(f"{SIGN_UP}?z={sealed}").status_code == 200
    assert client.get(f"/laat-het-me-weten/?z={sealed}").url == CHECK


def test_no_address_says_where_somebody_lives_or_how_old_they_are(
    client: Any, group: Group
) -> None:
    address = client.post(CHECK, {"place": "Voorbeeldstad", "age": "14", "via": "google"}).url
    assert not re.search(r"3511|oorbeeld|14|google", address.split("z=")[0])
    code = group.location.work_area.get().cbs_code
    assert code not in address
    again = client.post(CHECK, {"place": "Voorbeeldstad", "age": "14", "via": "google"}).url
    assert address != again


# ---- Words stay in the page -----------------------------------------------------------


@pytest.mark.req("R-339")
def test_the_form_keeps_its_words_through_an_error_back_reload_and_another_language(
    page_at: Any, axe: Any, group: Group
) -> None:
    page = page_at(390, 844)
    look_near(page)
    page.click(f'main a.button[href^="{SIGN_UP}"]')
    page.wait_for_url(f"**{SIGN_UP}?z=*")
    fill_in(page)
    page.reload()
    is_filled_in(page)
    expect(page.locator("[data-words-back]")).to_be_visible()
    axe(page)
    send(page)  # the tick is missing
    expect(page.locator("[data-error-summary]")).to_be_focused()
    is_filled_in(page)
    answer = page.reload()
    assert answer.request.method == "GET"
    is_filled_in(page)
    page.goto("/privacy/")
    page.go_back()
    is_filled_in(page)
    page.click("footer button[lang=en]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    is_filled_in(page)
    page.check("[name=myself]")
    send(page)
    page.wait_for_url(f"**{SIGNED_UP}**")
    assert kept(page) == 0
    answer = page.reload()
    assert answer.request.method == "GET"
    page.go_back()
    expect(page.locator("[name=call_name]")).to_have_value("")
    assert Trajectory.objects.get().participant.call_name == "Bo"


@pytest.mark.req("R-339")
def test_without_javascript_an_error_and_another_language_keep_every_word(
    page_at: Any, axe: Any, group: Group
) -> None:
    page = page_at(390, 844, java_script_enabled=False)
    page.goto(SIGN_UP)
    fill_in(page)
    page.click("footer button[lang=en]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    is_filled_in(page)
    assert page.locator("[data-error-summary]").count() == 0
    send(page)
    expect(page.locator("[data-error-summary]")).to_be_visible()
    is_filled_in(page)
    page.check("[name=myself]")
    send(page)
    page.wait_for_url(f"**{SIGNED_UP}**")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert Trajectory.objects.count() == 1


@pytest.mark.req("R-339")
def test_another_language_does_nothing_but_speak_it(client: Any, group: Group) -> None:
    from tests.participants.signup.build import form

    page = client.post(SIGN_UP, form(**{"andere-taal": "en"}))
    assert page.status_code == 200
    assert 'lang="en"' in page.content.decode()
    assert not Trajectory.objects.exists()
    assert client.cookies["django_language"].value == "en"
    assert client.post(SIGN_UP, form(**{"andere-taal": "xx"})).status_code == 302


@pytest.mark.req("R-339")
def test_the_next_person_at_the_same_screen_reads_nothing(page_at: Any, group: Group) -> None:
    """Emptied by a tap, gone with the tab, and after half an hour without typing."""
    page = page_at(390, 844)
    page.goto(SIGN_UP)
    fill_in(page)
    assert kept(page) == 1
    other = page.context.new_page()
    other.goto(SIGN_UP)
    expect(other.locator("[name=call_name]")).to_have_value("")
    page.reload()
    page.click("[data-words-clear]")
    expect(page.locator("[name=call_name]")).to_have_value("")
    assert kept(page) == 0
    fill_in(page)
    page.evaluate(
        "for (const key of Object.keys(sessionStorage)) {"
        " const all = JSON.parse(sessionStorage[key]); all.at -= 31 * 60 * 1000;"
        " sessionStorage[key] = JSON.stringify(all); }"
    )
    page.reload()
    expect(page.locator("[name=call_name]")).to_have_value("")
    assert kept(page) == 0


@pytest.mark.req("R-339")
def test_back_from_the_thank_you_shows_no_answer_to_who_holds_the_phone_next(
    page_at: Any, group: Group
) -> None:
    """Also after a mistake, when the browser itself remembers what stood in the page."""
    page = page_at(390, 844)
    page.goto(SIGN_UP)
    fill_in(page)
    send(page)
    page.locator("[data-error-summary]").first.wait_for()
    page.check("[name=home_may_know][value=no]")
    page.fill("[name=birth_date_year]", str(clock.today().year - 15))
    page.check("[name=myself]")
    send(page)
    page.wait_for_url(re.compile(SIGNED_UP))
    expect(page.locator(".message--done[data-words-done]")).to_be_visible()
    page.go_back()
    expect(page.locator("[name=call_name]")).to_have_value("")
    expect(page.locator("[name=birth_date_year]")).to_have_value("")
    for name in ("home_may_know", "others_read", "channel", "myself"):
        expect(page.locator(f"[name={name}]:checked")).to_have_count(0)


@pytest.mark.req("R-339")
def test_the_address_for_news_survives_a_mistake_reload_and_another_language(
    page_at: Any, axe: Any, group: Group
) -> None:
    make_municipality("Verweg", pc4="9999")
    page = page_at(390, 844)
    look_near(page, "9999")
    axe(page)
    page.fill("[name=email]", "bo@")
    page.click("footer button[lang=en]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("[name=email]")).to_have_value("bo@")
    page.click("form#interest button[type=submit]")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    answer = page.reload()
    assert answer.request.method == "GET"
    expect(page.locator("[name=email]")).to_have_value("bo@")
    page.fill("[name=email]", "bo@example.org")
    page.click("form#interest button[type=submit]")
    page.wait_for_url("**/bewaard/")
    assert kept(page) == 0
    row = InterestRegistration.objects.get()
    assert (row.contact.email, row.age, row.municipality.name) == ("bo@example.org", 14, "Verweg")


# ---- An answer is not an error ----------------------------------------------------------


@pytest.mark.req("R-041")
def test_31_years_is_answered_kindly_with_the_way_back_to_the_form(
    page_at: Any, axe: Any, group: Group
) -> None:
    page = page_at(390, 844)
    page.goto(SIGN_UP)
    fill_in(page, years=31)
    send(page)
    page.wait_for_url(RESULT)
    expect(page.locator("h1")).to_contain_text(
        "Join Us is er voor mensen van 12 tot en met 30 jaar"
    )
    words = page.locator("main").inner_text()
    assert "Bijna goed" not in words
    assert page.locator("[data-error-summary], .field__error").count() == 0
    axe(page)
    assert page.reload().request.method == "GET"
    page.get_by_role("link", name="Terug naar het formulier").click()
    is_filled_in(page)
    page.fill("[name=birth_date_year]", str(clock.today().year - 14))
    page.check("[name=myself]")
    send(page)
    page.wait_for_url(f"**{SIGNED_UP}**")
    assert Trajectory.objects.get().participant.birth_date == birthday(clock.today(), -14)


@pytest.mark.req("R-041", "R-339")
def test_without_javascript_the_answer_carries_the_words_back_to_the_form(
    page_at: Any, group: Group
) -> None:
    page = page_at(390, 844, java_script_enabled=False)
    page.goto(SIGN_UP)
    fill_in(page, years=31)
    send(page)
    expect(page.locator("h1")).to_contain_text("voor mensen van 12 tot en met 30 jaar")
    assert page.locator("[data-error-summary], .field__error").count() == 0
    page.get_by_role("button", name="Terug naar het formulier").click()
    is_filled_in(page)
    page.fill("[name=birth_date_year]", str(clock.today().year - 14))
    page.check("[name=myself]")
    send(page)
    page.wait_for_url(f"**{SIGNED_UP}**")


@pytest.mark.req("R-041")
@pytest.mark.parametrize("year", ["9", "09", "2999", "123", ""])
def test_nothing_is_concluded_from_a_date_that_cannot_be_true(
    client: Any, group: Group, year: str
) -> None:
    from tests.participants.signup.build import form

    page = client.post(SIGN_UP, form(birth_date_year=year))
    words = page.content.decode()
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"birth_date"}
    for word in ("tot en met 30 jaar", "huisarts", "Luisterlijn", "Kindertelefoon"):
        assert word not in words.split('id="content"')[1]


# ---- A question that comes up late ---------------------------------------------------------


@pytest.mark.req("R-041")
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_question_that_comes_up_late_says_that_it_is_needed(
    page_at: Any, axe: Any, group: Group, javascript: bool
) -> None:
    second = make_group(municipality=group.location.work_area.get())
    page = page_at(390, 844, java_script_enabled=javascript)
    page.goto(SIGN_UP)
    fill_in(page)
    page.check("[name=myself]")
    send(page)
    summary = page.locator("[data-error-summary]")
    expect(summary).to_contain_text("Nog één vraag")
    assert summary.get_attribute("role") == "alert"
    if javascript:
        expect(summary).to_be_focused()
        axe(page)
    asked = page.locator("fieldset", has=page.locator("[name=group]"))
    assert "(hoeft niet)" not in asked.inner_text()
    assert "dat hebben we nodig" in asked.inner_text()
    assert page.locator("[name=group][required]").count() == 2
    page.check(f"[name=group][value='{second.pk}']")
    send(page)
    page.wait_for_url(f"**{SIGNED_UP}**")
    assert Trajectory.objects.get().group == second


@pytest.mark.req("R-339")
def test_a_municipality_that_was_chosen_is_not_asked_again(client: Any, group: Group) -> None:
    from tests.participants.signup.build import form

    make_municipality("Buurstad", pc4="3511")
    mine = group.location.work_area.get().cbs_code
    page = client.post(
        CHECK, {"place": "3511", "age": "14", "municipality": mine}, follow=True
    ).content.decode()
    to_form = re.search(rf'href="({SIGN_UP}[^"]*)"', page)
    assert to_form
    hidden = client.get(to_form[1]).context["form"]["municipality"].value()
    assert hidden == mine
    assert client.post(SIGN_UP, form(municipality=hidden)).status_code == 302

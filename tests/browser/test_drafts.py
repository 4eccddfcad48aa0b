"""In a real browser: a talk of forty minutes, other forms of the page, a broken connection."""

import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from core import clock
from core.accounts.models import User
from core.accounts.sessions import SessionStore
from core.accounts.signin import LAST_SEEN_AT, SIGNED_IN_AT
from core.drafts.keeping import words_of
from core.drafts.models import Draft
from groups.models import Attendance, Meeting
from participants.intake.talk import start_intake
from participants.models import Consultation, Intake
from tests.browser.conftest import Enter
from tests.browser.moments.steps import PASSWORD, named
from tests.fixtures.browser import Axe, PageAt
from tests.world import make_worker

Town = dict[str, User | None]


def page_of(row: Intake) -> str:
    return f"/aanmeldingen/{row.trajectory_id}/gesprek/"


def kept(page: Any) -> None:
    """The page says so only after the server did."""
    page.locator(".draft-state", has_text="Concept opgeslagen").wait_for()


def nobody_touched_anything_for(minutes: int, whole: int | None = None) -> None:
    for row in Session.objects.all():
        store = SessionStore(row.session_key)
        store[LAST_SEEN_AT] = time.time() - minutes * 60
        store[SIGNED_IN_AT] = time.time() - (whole or minutes) * 60
        store.save()


def sign_in(page: Any, user: User) -> None:
    """At the door that the time-out led to: the password, and a recovery code."""
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form.form button[type=submit]").first.click()
    page.locator("[name=code]").wait_for()
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    page.fill("[name=code]", codes[0])
    page.locator("main form.form button[type=submit]").first.click()


@pytest.mark.req("R-339")
@pytest.mark.parametrize("width", [390, pytest.param(1440, marks=pytest.mark.deep)])
def test_another_form_of_the_page_empties_nothing(
    page_at: PageAt, enter: Enter, town: Town, axe: Axe, width: int
) -> None:
    begun = start_intake(trajectory=named("Bo"), by=town["worker"])
    page = page_at(width, 844)
    enter(page, town["worker"])
    page.goto(page_of(begun))
    page.fill("[name=need]", "Vrienden om mee te gamen")
    page.check("[name=mode][value=phone]")
    page.locator("summary", has_text="Vraag de").click()
    page.fill("[name=question]", "Past dit bij ons?")
    page.locator("form[action$='/advies/'] button").click()
    page.locator("text=Je vraag is bij de").wait_for()
    expect(page.locator("[name=need]")).to_have_value("Vrienden om mee te gamen")
    expect(page.locator("[name=mode][value=phone]")).to_be_checked()
    assert Consultation.objects.get().question == "Past dit bij ons?"
    expect(page.locator("text=Wat je typte, staat er nog")).to_have_count(1)
    axe(page)
    page.locator("button", has_text="Opslaan, later besluiten").click()
    page.locator(".message--done").first.wait_for()
    begun.refresh_from_db()
    assert begun.need == "Vrienden om mee te gamen"
    assert not Draft.objects.open().exists()


@pytest.mark.req("R-339")
def test_a_talk_of_forty_minutes(page_at: PageAt, enter: Enter, town: Town, axe: Axe) -> None:
    """Ten minutes of typing, ten of talking, a look at the phone, and half an hour of silence."""
    fleur = town["worker"]
    assert fleur is not None
    begun = start_intake(trajectory=named("Bo"), by=fleur)
    page = page_at(390, 844)
    enter(page, fleur)
    page.goto(page_of(begun))
    said = ["Vrienden om mee te gamen.", "Is verhuisd uit Breda.", "Durft niet te bellen."]
    for n, sentence in enumerate(said):
        page.locator("[name=need]").press("End")
        page.locator("[name=need]").press_sequentially(sentence + "\n")
        kept(page)
        nobody_touched_anything_for(10, whole=10 * (n + 1))
    page.fill("[name=group_fit]", "Past bij de spelletjes.")
    kept(page)
    nobody_touched_anything_for(31, whole=70)
    page.locator("button", has_text="Opslaan, later besluiten").click()
    page.locator("text=wat je typte, staat er nog").wait_for()
    sign_in(page, fleur)
    page.wait_for_url(f"**{page_of(begun)}")
    for sentence in said:
        assert sentence in page.input_value("[name=need]")
    assert page.input_value("[name=group_fit]") == "Past bij de spelletjes."
    assert page.locator("text=Wat je typte, staat er nog").count() == 1
    axe(page)
    begun.refresh_from_db()
    assert begun.need == ""
    page.locator("button", has_text="Opslaan, later besluiten").click()
    page.locator(".message--done").first.wait_for()
    begun.refresh_from_db()
    assert "Durft niet te bellen." in begun.need
    assert not Draft.objects.open().exists()


@pytest.mark.req("R-339")
def test_a_closed_tab_leaves_a_draft_that_waits_to_be_asked_for(
    page_at: PageAt, enter: Enter, town: Town, axe: Axe
) -> None:
    fleur = town["worker"]
    begun = start_intake(trajectory=named("Bo"), by=fleur)
    page = page_at(1440, 900)
    enter(page, fleur)
    page.goto(page_of(begun))
    page.fill("[name=need]", "Vrienden om mee te gamen")
    kept(page)
    page.goto("/vandaag/")
    page.goto(page_of(begun))
    page.locator("text=Je hebt een concept").wait_for()
    assert page.input_value("[name=need]") == ""
    axe(page)
    page.locator("a", has_text="Verder schrijven").click()
    page.wait_for_url("**concept=**")
    assert page.input_value("[name=need]") == "Vrienden om mee te gamen"
    page.locator("button", has_text="Weggooien").click()
    page.wait_for_url(f"**{page_of(begun)}")
    assert page.locator("text=Je hebt een concept").count() == 0
    assert page.input_value("[name=need]") == ""


@pytest.mark.req("R-339")
def test_a_broken_connection_says_so_and_tries_on(
    page_at: PageAt, enter: Enter, town: Town
) -> None:
    fleur = town["worker"]
    begun = start_intake(trajectory=named("Bo"), by=fleur)
    page = page_at(390, 844)
    enter(page, fleur)
    page.goto(page_of(begun))
    page.context.set_offline(True)
    page.fill("[name=need]", "In de kelder getypt")
    page.locator(".draft-state", has_text="Nog niet opgeslagen").wait_for()
    assert not Draft.objects.exists()
    page.context.set_offline(False)
    kept(page)
    assert words_of(Draft.objects.get()).values["need"] == ["In de kelder getypt"]


@pytest.mark.req("R-339")
def test_what_is_on_its_way_when_the_form_is_sent_does_not_come_back(
    page_at: PageAt, enter: Enter, town: Town
) -> None:
    """The form came in first, and the next page is slow: this one is told no, and lets it be."""
    fleur = town["worker"]
    begun = start_intake(trajectory=named("Bo"), by=fleur)
    page = page_at(390, 844)
    enter(page, fleur)
    page.goto(page_of(begun))
    on_its_way: list[Any] = []
    answered: list[Any] = []

    def hold(route: Any) -> None:
        if route.request.method != "POST":
            route.continue_()
        else:
            answered.append((route, route.fetch(max_redirects=0)))

    page.route("**/concepten/bewaren/", lambda route: on_its_way.append(route))
    page.route(f"**{page_of(begun)}", hold)
    page.fill("[name=need]", "Vrienden om mee te gamen")
    page.locator("button", has_text="Opslaan, later besluiten").click(no_wait_after=True)
    for _wait in range(100):
        page.wait_for_timeout(100)
        if on_its_way and answered:
            break
    begun.refresh_from_db()
    assert begun.need == "Vrienden om mee te gamen"
    page.unroute("**/concepten/bewaren/")
    on_its_way[0].continue_()
    page.wait_for_timeout(1500)  # nothing more is to come
    route, answer = answered[0]
    route.fulfill(response=answer)
    page.locator(".message--done").first.wait_for()
    assert not Draft.objects.open().exists()


@pytest.mark.req("R-339")
def test_a_tap_after_the_time_out_is_saved_after_signing_in(
    page_at: PageAt, enter: Enter, town: Town
) -> None:
    fleur = town["worker"]
    assert fleur is not None
    evening = Meeting.objects.get(date=clock.today())
    evening.starts_at, evening.ends_at = clock.now(), clock.now() + timedelta(hours=3)
    evening.save()
    page = page_at(390, 844)
    enter(page, fleur)
    page.goto(f"/avonden/{evening.pk}/")
    nobody_touched_anything_for(31)
    row = page.locator(f"#row-{named('Amir').pk}")
    row.locator(".attendance__state").click()
    page.locator("text=daarna wordt je tik opgeslagen").wait_for()
    assert not Attendance.objects.filter(meeting=evening).exclude(state="not_recorded").exists()
    sign_in(page, fleur)
    page.wait_for_url(f"**/avonden/{evening.pk}/#row-**")
    saved = Attendance.objects.get(meeting=evening, trajectory=named("Amir"))
    assert saved.state == "present"
    assert not Draft.objects.open().exists()


@pytest.mark.req("R-339")
def test_without_javascript_the_time_out_keeps_what_was_sent(
    page_at: PageAt, enter: Enter, town: Town
) -> None:
    fleur = town["worker"]
    assert fleur is not None
    begun = start_intake(trajectory=named("Bo"), by=fleur)
    page = page_at(390, 844, java_script_enabled=False)
    enter(page, fleur)
    page.goto(page_of(begun))
    page.fill("[name=need]", "Zonder script")
    nobody_touched_anything_for(31)
    page.locator("button", has_text="Opslaan, later besluiten").click()
    page.locator("text=wat je typte, staat er nog").wait_for()
    sign_in(page, fleur)
    page.wait_for_url(f"**{page_of(begun)}")
    assert page.input_value("[name=need]") == "Zonder script"


@pytest.mark.req("R-339")
def test_a_tab_that_stood_open_goes_on_after_signing_in_in_another(
    page_at: PageAt, enter: Enter, town: Town
) -> None:
    fleur = town["worker"]
    assert fleur is not None
    begun = start_intake(trajectory=named("Bo"), by=fleur)
    page = page_at(1440, 900)
    enter(page, fleur)
    page.goto(page_of(begun))
    page.fill("[name=need]", "Voor de pauze.")
    kept(page)
    nobody_touched_anything_for(31)
    other = page.context.new_page()
    other.goto("/vandaag/")
    sign_in(other, fleur)
    other.wait_for_url("**/vandaag/")
    page.fill("[name=need]", "Voor en na de pauze.")
    kept(page)
    page.locator("button", has_text="Opslaan, later besluiten").click()
    page.locator(".message--done").first.wait_for()
    begun.refresh_from_db()
    assert begun.need == "Voor en na de pauze."


@pytest.mark.req("R-340")
def test_what_a_colleague_wrote_is_taken_over_with_one_tap(
    page_at: PageAt, enter: Enter, town: Town, axe: Axe
) -> None:
    fleur, bo = town["worker"], named("Bo")
    assert fleur is not None
    assert bo.group is not None
    begun = start_intake(trajectory=bo, by=fleur)
    page, other = page_at(390, 844), page_at(1440, 900)
    enter(page, make_worker(bo.group, "Sem Visser"))
    enter(other, fleur)
    for one in (page, other):
        one.goto(page_of(begun))
    other.fill("[name=need]", "Van Fleur")
    other.check("[name=mode][value=face_to_face]")
    other.locator("button", has_text="later").last.click()
    other.locator(".message--done").first.wait_for()
    page.fill("[name=need]", "Van Sem")
    page.check("[name=mode][value=phone]")
    page.locator("button", has_text="later").last.click()
    page.locator(".beside").first.wait_for()
    axe(page)
    take = page.locator("button", has_text="Neem over wat Fleur schreef")
    expect(take).to_have_count(2)
    for n in (0, 1):
        take.nth(n).click()
    expect(page.locator("[name=need]")).to_have_value("Van Fleur")
    expect(page.locator("[name=mode][value=face_to_face]")).to_be_checked()
    kept(page)
    page.locator("button", has_text="later").last.click()
    page.locator(".message--done").first.wait_for()
    begun.refresh_from_db()
    assert (begun.need, begun.mode) == ("Van Fleur", "face_to_face")

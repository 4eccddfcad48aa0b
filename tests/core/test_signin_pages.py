"""The doors in a real browser: by keyboard, on a phone and on a desk, without axe's complaints."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import hotp_value

from core.messaging.models import Message
from tests import world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
#: The desk is looked at with the long proofs; the phone always.
SIZES = [(390, 844), pytest.param((1440, 900), marks=pytest.mark.deep)]
PASSWORD = "drie woorden achter elkaar"
MINUTE = 60


def secret_of(template: str) -> str:
    return Message.objects.filter(template=template).latest("written_at").secret


@pytest.mark.parametrize("size", SIZES)
def test_a_young_person_signs_in_by_keyboard_within_a_minute(live_server, page_at, axe, size):
    world.make_participant(email="casey@example.org", call_name="Casey")
    page = page_at(*size)
    began = time.monotonic()
    page.goto(f"{live_server.url}/inloggen/")
    axe(page)
    page.get_by_label("Je e-mailadres").focus()
    page.keyboard.type("casey@example.org")
    page.keyboard.press("Enter")
    page.wait_for_url("**/inloggen/code/")
    axe(page)
    page.get_by_label("De code uit de mail").focus()
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    page.get_by_text("Dit is niet de goede code").first.wait_for()
    axe(page)
    field = page.get_by_label("De code uit de mail")
    field.fill(re.search(r"\d{6}", secret_of("sign_in_code")).group())
    field.press("Enter")
    page.wait_for_url(lambda url: "/inloggen/" not in url)
    assert time.monotonic() - began < MINUTE


@pytest.mark.parametrize("size", SIZES)
def test_a_worker_sets_up_the_second_step_and_keeps_the_codes(live_server, page_at, axe, size):
    worker = world.make_worker(world.make_group())
    worker.set_password(PASSWORD)
    worker.save()
    page = page_at(*size)
    page.goto(f"{live_server.url}/inloggen/begeleiders/")
    axe(page)
    page.get_by_label("Je e-mailadres").fill(worker.email)
    page.get_by_label("Je wachtwoord").fill("niet goed")
    page.get_by_role("button", name="Verder").click()
    page.get_by_text("Dit adres en wachtwoord horen niet bij elkaar").first.wait_for()
    axe(page)
    page.get_by_label("Je wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Verder").click()
    page.wait_for_url("**/beveiliging/instellen/")
    axe(page)
    page.get_by_text("Lukt scannen niet").click()
    key = page.locator("code.key").inner_text()
    code = f"{hotp_value(key, int(time.time()) // 30):06}"
    page.get_by_label("De code die de app nu laat zien").fill(code)
    page.get_by_role("button", name="Aanzetten").click()
    page.wait_for_url("**/herstelcodes/")
    assert page.locator("main code").count() == 10
    axe(page)
    for path in ("beveiliging/", "wachtwoord/wijzigen/", "beveiliging/ander-toestel/"):
        page.goto(f"{live_server.url}/inloggen/{path}")
        axe(page)
    page.goto(f"{live_server.url}/inloggen/uit/")
    axe(page)
    page.get_by_role("button", name="Uitloggen").last.click()
    page.wait_for_url(lambda url: not url.endswith("/uit/"))
    page.goto(f"{live_server.url}/inloggen/begeleiders/")
    page.get_by_label("Je e-mailadres").fill(worker.email)
    page.get_by_label("Je wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Verder").click()
    page.wait_for_url("**/tweede-stap/")
    axe(page)


@pytest.mark.parametrize("size", SIZES)
def test_a_forgotten_password(live_server, page_at, axe, size):
    worker = world.make_worker(world.make_group())
    page = page_at(*size)
    page.goto(f"{live_server.url}/inloggen/wachtwoord/")
    axe(page)
    page.get_by_label("Je e-mailadres").fill(worker.email)
    page.get_by_role("button", name="Stuur me de link").click()
    page.wait_for_url("**/verstuurd/")
    axe(page)
    path = secret_of("password_reset").split("8000")[1].rstrip('"}')
    page.goto(live_server.url + path)
    axe(page)
    page.get_by_label("Nieuw wachtwoord", exact=True).fill("vier losse woorden hier")
    page.get_by_label("Nieuw wachtwoord, nog een keer").fill("vier losse woorden hier")
    page.get_by_role("button", name="Dit wachtwoord opslaan").click()
    page.wait_for_url("**/klaar/")
    axe(page)
    page.goto(live_server.url + path)
    page.get_by_text("Deze link werkt niet meer").first.wait_for()
    axe(page)

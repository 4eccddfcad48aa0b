"""The questionnaire: answered, left half way, read by the workers."""

from typing import Any
from urllib.parse import urlsplit

from questionnaires.cycle import mail_buttons
from questionnaires.models import Invitation
from questionnaires.models import Response as Answered
from tests.browser.moments.steps import Enter, Look, Town, answered_once, follow, named
from tests.questionnaires import a_yes


def answering_to_the_end(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay = named("Casey")
    wave = Invitation.objects.get(trajectory=stay, wave="interim")
    answered_once(stay)
    enter(page, town["participant"])
    page.goto(f"/vragen/{wave.pk}/1/")
    page.locator(".choice").first.click()
    page.wait_for_url("**/2/")
    page.goto(f"/vragen/{wave.pk}/verder/")
    look(page)
    page.goto(f"/vragen/{wave.pk}/klaar/")
    look(page)
    follow(page, page.locator("main form button").first)
    assert Answered.objects.filter(invitation=wave).exists()
    for step in ("bedankt", "terugkijken"):
        page.goto(f"/vragen/{wave.pk}/{step}/")
        look(page)


def a_closed_wave(page: Any, town: Town, enter: Enter, look: Look) -> None:
    wave = Invitation.objects.get(trajectory=named("Casey"), wave="interim")
    Invitation.objects.filter(pk=wave.pk).update(state="closed", answered_on=None)
    enter(page, town["participant"])
    page.goto(f"/vragen/{wave.pk}/")
    look(page)


def reading_answers(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay = named("Casey")
    answered_once(stay)
    enter(page, town["worker"])
    page.goto(f"/deelnemers/{stay.pk}/antwoorden/")
    look(page)
    page.goto(f"/vragen/{Invitation.objects.get(trajectory=stay, state='open').pk}/tekst/")
    look(page)


def the_two_buttons_of_a_mail(page: Any, town: Town, enter: Enter, look: Look) -> None:
    wave = Invitation.objects.open().get(trajectory=named("Casey"))
    for address in mail_buttons.links(wave).values():
        page.goto(urlsplit(address).path)
        look(page)
        follow(page, page.locator("main form button").first)
        look(page)
    page.goto("/vragen/morgen/een-link-die-niet-klopt/")
    look(page)
    enter(page, wave.trajectory.participant.user)
    for path in ("/vandaag/", f"/vragen/{wave.pk}/", f"/vragen/{wave.pk}/later/"):
        page.goto(path)
        look(page)


def while_a_yes_is_missing(page: Any, town: Town, enter: Enter, look: Look) -> None:
    """A parent takes the yes back while a list is open."""
    life = a_yes.begin()
    life.take_back()
    enter(page, life.user)
    page.goto(f"/vragen/{life.wave.pk}/")
    look(page)

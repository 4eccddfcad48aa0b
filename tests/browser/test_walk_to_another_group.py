"""Noor goes to another group, walked at four phones from the question to her first day there."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils.formats import date_format
from django.utils.translation import override
from playwright.sync_api import expect

from core import clock
from core.messaging.models import Message
from groups.models import GroupMove
from groups.room.posts import start_topic
from joinus.home.run_due import run_due
from participants.models import ParentalConsent
from tests import world
from tests.browser.conftest import Enter
from tests.browser.test_minors import mails
from tests.fixtures.browser import PageAt
from tests.fixtures.mail import SmtpCatcher

pytestmark = [pytest.mark.deep, pytest.mark.django_db(transaction=True)]

REASON = "De anderen zijn te kinderachtig voor haar."


def in_words(day: date) -> str:
    with override("nl"):
        return date_format(day, "l j F")


def press(page: Any, words: str) -> None:
    page.get_by_role("main").get_by_role("button", name=words).first.click()


def waits(page: Any, words: str) -> Any:
    """The line of the start page that says so."""
    return page.locator("main .todo", has_text=words)


@pytest.mark.req("R-377")
def test_noor_goes_to_a_group_outside_her_age_band(
    page_at: PageAt,
    enter: Enter,
    smtp_catcher: SmtpCatcher,
    move_clock: Callable[[datetime], None],
) -> None:
    today = clock.today()
    move_clock(clock.at(today, 12))
    first_day = today + timedelta(days=7)
    old = world.make_group(name="Groep 12-16")
    place = old.location
    new = world.make_group(
        name="Groep 16-20",
        organisation=place.organisation,
        region=place.region,
        age_from=16,
        age_until=20,
    )
    type(place).objects.filter(pk=new.location_id).update(name="De Silo")
    last_here = world.make_meeting(old, today + timedelta(days=5))
    world.make_meeting(old, today + timedelta(days=19))
    first_there = world.make_meeting(new, first_day)
    since = today - timedelta(days=60)
    stay = world.make_participating(old, since=since, call_name="Noor", age=15)
    world.give_own_agreements(stay)
    at_home = world.give_parental_yes(stay).guardian.contact
    her = stay.participant
    topic = start_topic(
        group=old, title="Wie neemt de speaker mee?", text="Ik?", client_id=uuid4(), by=her.user
    )

    people = {
        "noor": her.user,
        "fleur": world.make_worker(old),
        "karim": world.make_coordinator(place.region),
        "daan": world.make_worker(new, "Daan Smit"),
        "anouk": world.make_worker(new, "Anouk de Boer"),
    }
    at = {name: page_at(390, 844) for name in people}
    noor, fleur, karim = at["noor"], at["fleur"], at["karim"]

    def everybody_enters() -> None:
        for name, user in people.items():
            enter(at[name], user)

    everybody_enters()

    def noor_opens(path: str) -> Any:
        """Whatever she opens: why it was asked stands nowhere (C-50)."""
        answer = noor.goto(path)
        assert REASON not in noor.content()
        return answer

    # Her worker asks it from the file.
    fleur.goto(f"/deelnemers/{stay.pk}/")
    fleur.locator("#more > summary").click()
    fleur.get_by_role("link", name="Naar een andere groep").click()
    fleur.wait_for_url("**/andere-groep/")
    choice = fleur.locator("label.choice", has_text="Groep 16-20")
    expect(choice).to_contain_text("16–20")
    expect(choice).to_contain_text("vrije plekken")
    choice.click()
    fleur.fill("[name=first_day]", first_day.isoformat())
    fleur.fill("[name=reason]", REASON)
    fleur.check("[name=own_yes][value=ask]")
    press(fleur, "Overzetten of vragen")
    expect(fleur.get_by_role("main")).to_contain_text("nog geen antwoord")
    asked = GroupMove.objects.get(trajectory=stay)
    assert (asked.outside, asked.reason) == (True, REASON)

    # One message, that says nothing to whoever looks over her shoulder; none to the home.
    mails(smtp_catcher)
    (mail,) = smtp_catcher.to(her.contact.email)
    assert mail["Subject"] == "Er staat iets voor je klaar"
    parts = [part for part in mail.walk() if part.get_content_maintype() == "text"]
    shown = "".join(part.get_content() for part in parts)
    assert "Er is een vraag voor je bij Join Us" in shown
    for told in ("16-20", "Silo", "andere groep", "kinderachtig"):
        assert told not in shown
    assert not Message.objects.filter(contact=at_home).exists()

    # She reads who, when and where, and says yes. It is not certain yet.
    noor_opens("/vandaag/")
    card = noor.locator("main .card", has_text="Wil je naar een andere groep?")
    card.get_by_role("link", name="Bekijken").click()
    expect(noor.get_by_role("button", name="Ja, dat wil ik wel")).to_be_visible()
    assert REASON not in noor.content()
    question = noor.get_by_role("main")
    for words in ("Groep 16-20", "19:00", "De Silo", "Daan", "Anouk", in_words(first_day)):
        expect(question).to_contain_text(words)
    expect(question).to_contain_text("Nee is ook goed")
    press(noor, "Ja, dat wil ik wel")
    noor.wait_for_url("**/vandaag/")
    expect(noor.locator("body")).to_contain_text("Het is nog niet zeker")
    expect(noor.get_by_role("main")).not_to_contain_text("Je gaat naar Groep 16-20")
    noor_opens(f"/andere-groep/{asked.pk}/")
    expect(noor.get_by_role("main")).to_contain_text("Het is nog niet zeker")
    for name in ("daan", "anouk"):
        at[name].goto("/vandaag/")
        expect(waits(at[name], "Noor")).to_have_count(0)

    # The coordinator reads why, and agrees.
    karim.goto("/vandaag/")
    waits(karim, "Noor naar Groep 16-20").get_by_role("link", name="Antwoord geven").click()
    expect(karim.get_by_role("main")).to_contain_text(REASON)
    expect(karim.get_by_role("main")).to_contain_text("Noor wil het zelf")
    press(karim, "Ik ben het ermee eens")
    expect(karim.locator("body")).to_contain_text("De begeleiders zien het")

    # The workers of both groups hear it, each what it is to them.
    for name, words in (
        ("fleur", "Noor gaat naar Groep 16-20"),
        ("daan", "Noor komt naar Groep 16-20"),
        ("anouk", "Noor komt naar Groep 16-20"),
    ):
        at[name].goto("/vandaag/")
        expect(waits(at[name], words)).to_have_count(1)
        expect(waits(at[name], words)).not_to_contain_text(REASON)
    for name, words in (("fleur", "Noor gaat naar"), ("daan", "Noor komt naar")):
        waits(at[name], words).get_by_role("button", name="We weten het").click()
        expect(waits(at[name], words)).to_have_count(0)
    at["anouk"].goto("/vandaag/")
    expect(waits(at["anouk"], "Noor komt naar")).to_have_count(0)

    # Until that day she is of the old group, and reads from when she goes.
    for day in (today, first_day - timedelta(days=2)):
        move_clock(clock.at(day, 12))
        everybody_enters()
        run_due()
        noor_opens("/vandaag/")
        page = noor.get_by_role("main")
        expect(page.locator(".card").first).to_contain_text(in_words(last_here.date).capitalize())
        expect(page.locator(".card").first).to_contain_text("De Kegel")
        expect(page).to_contain_text("Je gaat naar Groep 16-20")
        expect(page).to_contain_text(f"Vanaf {in_words(first_day)}. Tot die dag kom je gewoon hier")
        assert noor_opens(f"/groep/{topic.pk}/").status == 200

    # On that day the evening there is hers, and the room of the old group is not.
    move_clock(clock.at(first_day, 12))
    everybody_enters()
    run_due()
    noor_opens("/vandaag/")
    page = noor.get_by_role("main")
    evening = page.locator(".card").first
    expect(evening).to_contain_text(in_words(first_there.date).capitalize())
    expect(evening).to_contain_text("De Silo")
    expect(page).not_to_contain_text("De Kegel")
    expect(page).not_to_contain_text("Tot die dag kom je gewoon hier")
    assert noor_opens(f"/groep/{topic.pk}/").status == 404
    noor_opens("/groep/")
    expect(noor.get_by_role("main")).not_to_contain_text("Wie neemt de speaker mee?")
    noor_opens(f"/andere-groep/{asked.pk}/")
    expect(noor.get_by_role("main")).to_contain_text("Je hoort nu bij Groep 16-20")

    # The yes of her mother goes along: nothing was asked again, and she still stands for it.
    assert ParentalConsent.objects.filter(trajectory=stay).count() == 1
    stay.refresh_from_db()
    assert (stay.group, stay.blocked_reason) == (new, "")
    assert not Message.objects.filter(contact=at_home).exists()
    assert Message.objects.filter(contact=her.contact, template="move_asked").count() == 1

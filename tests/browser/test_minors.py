"""Two thirteen-year-olds walked through the real pages: a home that is not safe, and two parents
who do not agree. What is read is what each person reads; what is counted is what was sent.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from core import clock
from core.errors import RuleBroken
from core.messaging import sending
from core.messaging.models import Message
from participants.consent import needed as consent
from participants.models import Participant, Trajectory
from questionnaires.models import Invitation
from tests import world
from tests.fixtures.mail import SmtpCatcher

pytestmark = [pytest.mark.deep, pytest.mark.django_db(transaction=True)]

JUDGED_WELL = {
    "motivation": "meets",
    "long_lasting": "meets",
    "cognitive": "meets",
    "group_behaviour": "meets",
    "psychiatric": "meets",
    "substances": "meets",
    "crisis": "meets",
    "dutch": "meets",
}


class Town:
    """A group with two workers, a coordinator, and an evening next week."""

    def __init__(self, page_at: Callable[..., Any], live_server: Any) -> None:
        self.page_at, self.server = page_at, live_server
        self.region = world.make_region("Oost")
        self.place = world.make_municipality("Arnhem", "6811", self.region)
        self.group = world.make_group(
            name="Groep 12-16",
            municipality=self.place,
            region=self.region,
            age_from=12,
            age_until=16,
        )
        self.worker = world.make_worker(self.group)
        self.colleague = world.make_worker(self.group, "Daan Smit")
        self.coordinator = world.make_coordinator(self.region)
        self.evening = world.make_meeting(self.group, clock.today() + timedelta(days=7))

    def anybody(self) -> Any:
        return self.page_at(390, 844)

    def as_(self, user: Any, width: int = 390, height: int = 844) -> Any:
        page = self.page_at(width, height)
        client = Client()
        client.force_login(user)
        page.context.add_cookies(
            [
                {"name": k, "value": m.value, "url": self.server.url}
                for k, m in client.cookies.items()
            ]
        )
        return page


@pytest.fixture
def town(page_at: Any, live_server: Any) -> Town:
    return Town(page_at, live_server)


def press(page: Any, words: str) -> None:
    page.get_by_role("button", name=words).first.click()
    page.wait_for_load_state()


def sign_up(town: Town, name: str, *, home_may_know: bool) -> Trajectory:
    born = clock.today().replace(year=clock.today().year - 13, month=1, day=5)
    page = town.anybody()
    page.goto("/")
    page.fill("[name=place]", "6811")
    page.fill("[name=age]", str(clock.today().year - born.year))
    press(page, "Kijk in mijn buurt")
    page.get_by_role("button", name="Meld me aan").or_(
        page.get_by_role("link", name="Meld me aan")
    ).first.click()
    page.fill("[name=call_name]", name)
    for part, value in zip(
        ("day", "month", "year"), (born.day, born.month, born.year), strict=True
    ):
        page.locator(f"[name=birth_date_{part}]").fill(str(value))
    page.fill("[name=postcode]", "6811")
    page.check("[name=channel][value=email]")
    page.fill("[name=email]", f"{name.lower()}@school.example")
    page.check("[name=others_read][value=no]")
    page.check(f"[name=home_may_know][value={'yes' if home_may_know else 'no'}]")
    page.check("[name=first_contact_by][value=app]")
    if page.locator("[name=first_contact_when][type=radio]").count():
        page.check("[name=first_contact_when][value=any]")
    page.check("[name=myself]")
    press(page, "Meld me aan")
    page.wait_for_url("**/aangemeld/**")
    return Trajectory.objects.select_related("participant__contact").get(
        participant__call_name=name
    )


def find_suitable(town: Town, stay: Trajectory) -> None:
    """The worker gets in touch, holds the talk, judges everything and decides."""
    page = town.as_(town.worker)
    page.goto(f"/aanmeldingen/{stay.pk}/")
    assert stay.participant.call_name in page.inner_text("h1")
    page.check("[name=outcome][value=spoken]")
    press(page, "Opslaan")
    press(page, "Begin het gesprek")
    page.check("[name=mode][value=face_to_face]")
    page.fill("[name=held_on]", clock.today().isoformat())
    page.check("[name=one_to_one]")
    page.fill("[name=need]", "Ik wil graag vrienden maken.")
    page.check("[name=explained]")
    page.fill("[name=group_fit]", "Past goed.")
    page.check("[name=enthusiastic][value=yes]")
    for subject, answer in JUDGED_WELL.items():
        page.locator(f"[name={subject}][value={answer}]").check(force=True)
    page.check("[name=decision][value=suitable]")
    page.fill("[name=reason]", "Wil zelf graag en past in de groep.")
    press(page, "Besluit opslaan")
    told = page.get_by_role("button", name="verteld")
    if told.count():
        told.first.click()
        page.wait_for_load_state()
    stay.refresh_from_db()
    assert stay.suitable


def say_yes_oneself(town: Town, stay: Trajectory) -> Any:
    person = Participant.objects.select_related("user").get(pk=stay.participant_id)
    page = town.as_(person.user)
    for subject in ("privacy", "participation"):
        page.goto("/afspraken/")
        page.check(f"#yes-{subject}")
        page.locator(f"#{subject} button:has-text('Ja')").first.click()
        page.wait_for_load_state()
    return page


def mails(catcher: SmtpCatcher, days: int = 1) -> None:
    with clock.travel(clock.at(clock.today() + timedelta(days=days), 17)):
        sending.send_due()


def link_for_parents(catcher: SmtpCatcher, address: str) -> str:
    body = catcher.to(address)[-1].get_body(("plain",)).get_content()
    return re.search(r"https?://[^/\s]+(/ouders/l/[^\s)>]+)", body)[1]


@pytest.mark.req("R-102", "R-104")
def test_a_thirteen_year_old_whose_home_is_not_safe(town: Town, smtp_catcher: SmtpCatcher) -> None:
    stay = sign_up(town, "Tygo", home_may_know=False)
    find_suitable(town, stay)
    say_yes_oneself(town, stay)

    worker = town.as_(town.worker)
    worker.goto(f"/deelnemers/{stay.pk}/ouders/")
    worker.check("[name=can_harm][value=yes]")
    press(worker, "Antwoord opslaan")
    worker.select_option("[name=coordinator]", label=town.coordinator.name)
    worker.fill("[name=reason]", "Thuis loopt het uit de hand als zij dit lezen.")
    press(worker, "Besluit opslaan")
    assert "geen mail naar huis" in worker.inner_text("main").lower()

    coordinator = town.as_(town.coordinator, 1440, 900)
    coordinator.goto("/")
    coordinator.get_by_role("link", name="Lees en bevestig").first.click()
    assert "Tygo" in coordinator.inner_text("main")
    assert "tygo@school.example" not in coordinator.content()
    press(coordinator, "Ja, zo besproken")

    stay.refresh_from_db()
    assert stay.blocked_reason == ""
    colleague = town.as_(town.colleague)
    colleague.goto(f"/deelnemers/{stay.pk}/ouders/")
    assert (
        colleague.get_by_role(
            "button", name=re.compile("Geef de mail vrij|Stuur .*opnieuw")
        ).count()
        == 0
    )

    worker.goto(f"/aanmeldingen/{stay.pk}/")
    worker.get_by_role("link", name="Kies een bijeenkomst").click()
    press(worker, "Spreek deze bijeenkomst af")
    stay.refresh_from_db()
    assert stay.phase == "trial"

    for days in range(1, 21, 4):
        mails(smtp_catcher, days)
    assert {name for to in smtp_catcher.recipients for name in to} <= {
        "tygo@school.example",
        town.worker.email,
        town.colleague.email,
        town.coordinator.email,
    }
    assert not Message.objects.filter(kind__startswith="parental").exists()
    young = town.as_(Participant.objects.get(pk=stay.participant_id).user)
    young.goto("/")
    assert Invitation.objects.get(trajectory=stay).wave == "baseline"
    assert "ouder" not in young.inner_text("main").lower(), "the phone may be read at home"


@pytest.mark.req("R-102", "R-103", "R-104", "R-105")
def test_a_thirteen_year_old_with_one_parent_who_says_yes_and_one_who_says_no(
    town: Town, smtp_catcher: SmtpCatcher
) -> None:
    stay = sign_up(town, "Noor", home_may_know=True)
    find_suitable(town, stay)
    young = say_yes_oneself(town, stay)
    for name, relation in (("Inge Visser", "mother"), ("Ruud Visser", "father")):
        young.goto("/mijn-gegevens/regelen/")
        young.fill("[name=name]", name)
        choice = young.locator("[name=relation]")
        if choice.first.evaluate("e => e.tagName") == "SELECT":
            choice.first.select_option(relation)
        else:
            young.check(f"[name=relation][value={relation}]")
        young.fill("[name=email]", f"{name.split()[0].lower()}@visser.example")
        press(young, "Opslaan")
        assert name in young.inner_text("main")

    worker = town.as_(town.worker)
    worker.goto(f"/deelnemers/{stay.pk}/ouders/")
    worker.check("[name=can_harm][value=no]")
    press(worker, "Antwoord opslaan")
    for _parent in range(2):
        press(worker, "Geef de mail vrij")
    mails(smtp_catcher)
    for mail in (smtp_catcher.to("inge@visser.example"), smtp_catcher.to("ruud@visser.example")):
        assert len(mail) == 1
        assert "Noor" not in mail[0]["Subject"]

    mother, father = town.anybody(), town.anybody()
    mother.goto(link_for_parents(smtp_catcher, "inge@visser.example"))
    assert "Ruud" not in mother.content()
    assert "De Kegel" not in mother.content()
    mother.check("#id_yes")
    press(mother, "Ja, Noor mag meedoen")
    mother.wait_for_url("**/ouders/klaar/ja/**")
    stay.refresh_from_db()
    assert stay.blocked_reason == "", "one yes of two is enough while nobody said no"

    father.goto(link_for_parents(smtp_catcher, "ruud@visser.example"))
    assert "Inge" not in father.content()
    father.get_by_role("link", name="Nee", exact=True).click()
    father.check("#id_parent")
    press(father, "Nee, nu niet")
    father.wait_for_url("**/ouders/klaar/nee/**")
    stay.refresh_from_db()
    assert stay.blocked_reason == "parent_refused"

    worker.goto("/")
    assert "een ouder zei nee" in worker.inner_text("body").lower()
    with pytest.raises(RuleBroken):
        consent.require(stay, clock.today())
    young.goto("/")
    shown = young.inner_text("body")
    assert "Ruud" not in shown, "who said no is not for this page"
    assert "19:00" not in shown
    assert "Je vragenlijst staat klaar" not in shown

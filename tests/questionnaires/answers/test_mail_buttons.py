"""The two buttons of a mail about questions: each does what it says, once, and for nobody else."""

import json
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.messaging.models import Message
from core.messaging.rendering import render
from questionnaires.answers import later
from questionnaires.answers.views import mail_buttons as views
from questionnaires.cycle import mail_buttons
from questionnaires.models import Invitation
from tests import world
from tests.link_pages import Behind, hidden_in
from tests.questionnaires.build import make_invitation

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-349")]
DAY = timedelta(days=1)
BUTTONS = ("tomorrow", "rather_not")


def mailed(wave: Invitation) -> dict[str, str]:
    """The addresses behind the two buttons, out of the mail that is written about this wave."""
    day = wave.opened_on + DAY
    with clock.travel(clock.at(day, 9)):
        world.swept("wave_messages", day=day)
    message = Message.objects.get(subject_id=wave.pk)
    return {name: urlsplit(json.loads(str(message.secret))[f"{name}_url"]).path for name in BUTTONS}


def behind(wave: Invitation, button: str, client: Client | None = None) -> Behind:
    path = urlsplit(mail_buttons.links(wave)[f"{button}_url"]).path
    return Behind(path, client)


def state(wave: Invitation) -> tuple[date | None, date | None]:
    wave.refresh_from_db()
    return wave.remind_on, wave.left_alone_on


@pytest.fixture
def today() -> date:
    return clock.today()


@pytest.mark.parametrize("kind", ["first", "reminder"])
def test_the_mail_has_two_different_links_and_each_leads_to_its_own_page(
    wave: Invitation, kind: str
) -> None:
    links = mailed(wave)
    assert links["tomorrow"] != links["rather_not"]
    message = Message.objects.get(subject_id=wave.pk)
    if kind == "reminder":
        message.template = "wave_reminder"
    for language in ("nl", "en"):
        message.contact.language = language
        mail = render(message)
        for link in links.values():
            assert link in mail.html
            assert link in mail.text
    assert links["tomorrow"] not in json.dumps(message.params), "a secret, wiped when it has left"
    pages = [Behind(link).get().content.decode() for link in links.values()]
    assert "Morgen nog een bericht" in pages[0]
    assert "Ja, geen berichten meer hierover" in pages[1]
    assert [page.count("<button") for page in pages] == [3, 3], "one act, and the two languages"


@pytest.mark.parametrize("button", BUTTONS)
def test_a_scanner_changes_nothing(wave: Invitation, button: str) -> None:
    link = urlsplit(mail_buttons.links(wave)[f"{button}_url"]).path
    page = Behind(link)
    for client in (Client(), page.client):
        for address in (link, page.here, f"{page.here}?choice={button}"):
            client.get(address)
            client.head(address)
            client.get(address, headers={"sec-purpose": "prefetch", "purpose": "prefetch"})
            client.options(address)
    assert page.client.post(link).status_code == 405
    assert page.client.post(page.here).status_code == 303, "no ticket, nothing done"
    assert state(wave) == (None, None)


def test_tomorrow_is_one_press_and_says_so(wave: Invitation, today: date) -> None:
    page = behind(wave, "tomorrow")
    assert page.post(hidden_in(page.get())).url == page.here
    assert state(wave) == (today + DAY, None)
    after = page.get().content.decode()
    assert "Je krijgt morgen één bericht" in after
    assert 'name="form"' not in after
    assert page.post({}).status_code in (302, 303), "pressed twice, the same page"
    assert state(wave) == (today + DAY, None)


def test_rather_not_is_one_press_and_the_young_person_takes_it_back_on_the_own_page(
    casey: Client, wave: Invitation, today: date
) -> None:
    page = behind(wave, "rather_not")
    page.post(hidden_in(page.get()))
    assert state(wave) == (None, today)
    assert "Geen berichten meer hierover, Casey<" in page.get().content.decode()
    start = casey.get("/vandaag/").content.decode()
    assert "Je zei: liever niet." in start
    own = reverse("questionnaires:later", args=[wave.pk])
    assert own in start, "on the start page, with the way back"
    assert own in casey.get(reverse("questionnaires:who_reads", args=[wave.pk])).content.decode()
    assert "Stuur me toch maar berichten" in casey.get(own).content.decode()
    casey.post(own, {"choice": "again"})
    assert state(wave) == (None, None)
    assert "liever niet" not in casey.get("/vandaag/").content.decode()
    day = today + 2 * DAY
    with clock.travel(clock.at(day, 9)):
        assert world.swept("wave_messages", day=day) == 1, "the messages go on"


def test_a_no_is_not_undone_from_the_mailbox(wave: Invitation, today: date) -> None:
    """Whoever shares the mailbox may press "Tomorrow" for ever: the young person said no."""
    person = wave.trajectory.participant.user
    later.leave_alone(invitation=wave, by=person)
    page = behind(wave, "tomorrow")
    html = page.get().content.decode()
    assert "Log in" in html
    page.post({"form": ticket_of(wave, "tomorrow")})
    assert state(wave) == (None, today)


def ticket_of(wave: Invitation, button: str) -> str:
    kind = {"tomorrow": views.TOMORROW, "rather_not": views.RATHER_NOT}[button]
    return kind.ticket_for(str(wave.pk))


@pytest.mark.req("R-338")
def test_two_mails_in_one_mailbox_silence_only_whose_page_was_pressed(client: Client) -> None:
    waves = [
        make_invitation(world.make_trajectory(group=world.make_group(), call_name=name))
        for name in ("Aya", "Bram")
    ]
    tabs = [behind(wave, "rather_not", client) for wave in waves]
    shown = [hidden_in(tab.get()) for tab in tabs]
    tabs[0].post(shown[0])
    assert [bool(state(wave)[1]) for wave in waves] == [True, False]
    crossed = client.post(tabs[0].here, shown[1], follow=True)
    assert "Deze pagina gaat over Bram" in crossed.content.decode()
    assert [bool(state(wave)[1]) for wave in waves] == [True, False]


@pytest.mark.req("R-338")
def test_one_button_is_not_the_other(wave: Invitation) -> None:
    page = behind(wave, "tomorrow")
    page.post({"form": ticket_of(wave, "rather_not")})
    token = urlsplit(mail_buttons.links(wave)["tomorrow_url"]).path.split("/")[-2]
    assert Behind(f"/vragen/liever-niet/{token}/").get().status_code == 410
    assert state(wave) == (None, None)


def test_forged_used_up_and_cut_off_buttons_look_the_same(wave: Invitation) -> None:
    link = urlsplit(mail_buttons.links(wave)["rather_not_url"]).path
    old = make_invitation(wave.trajectory, "baseline", state="missed")
    seen = set()
    for path in (
        urlsplit(mail_buttons.links(old)["rather_not_url"]).path,
        f"{link[:-4]}/",
        "/vragen/liever-niet/x/",
        f"/vragen/liever-niet/{wave.pk}/",
    ):
        page = Behind(path)
        answer = page.get()
        body = answer.content.decode().replace(page.here, "")
        seen.add((page.door.status_code, answer.status_code, len(body)))
        assert "Casey" not in body
    assert len(seen) == 1
    assert next(iter(seen))[:2] == (302, 410)


def test_the_page_says_nothing_that_a_shared_mailbox_may_not_know(
    casey: Client, wave: Invitation
) -> None:
    casey.post(reverse("questionnaires:item", args=[wave.pk, 1]), {"answer": 2})
    group = wave.trajectory.group
    for button in BUTTONS:
        html = behind(wave, button).get().content.decode().lower()
        stay = str(wave.trajectory_id)
        for secret in ("eenza", "antwoord", "begeleider", group.name.lower(), stay):
            assert secret not in html


def test_a_shared_mailbox_gets_no_buttons(wave: Invitation) -> None:
    contact = wave.trajectory.participant.contact
    contact.shared_mailbox = True
    contact.save()
    links = mailed(wave)
    mail = render(Message.objects.get(subject_id=wave.pk))
    assert not any(link in mail.html for link in links.values())


def test_a_worker_sees_that_rather_not_was_chosen(client: Client, wave: Invitation) -> None:
    page = behind(wave, "rather_not")
    page.post(hidden_in(page.get()))
    stay = wave.trajectory
    client.force_login(world.make_worker(stay.group))
    file = client.get(reverse("home:file", args=[stay.pk])).content.decode()
    assert "gekozen voor ‘Liever niet’" in file
    text = client.get(reverse("questionnaires:ready_text", args=[wave.pk])).content.decode()
    assert "gekozen voor ‘Liever niet’" in text


def test_nobody_else_switches_the_messages_on_again(client: Client, wave: Invitation) -> None:
    later.leave_alone(invitation=wave, by=wave.trajectory.participant.user)
    other = world.make_trajectory(group=wave.trajectory.group)
    own = reverse("questionnaires:later", args=[wave.pk])
    for user in (other.participant.user, world.make_worker(wave.trajectory.group)):
        client.force_login(user)
        assert client.post(own, {"choice": "again"}).status_code in (403, 404)
    assert state(wave)[1] is not None


def test_what_waited_before_the_buttons_had_links_still_leads_somewhere(wave: Invitation) -> None:
    mailed(wave)
    message = Message.objects.get(subject_id=wave.pk)
    message.secret = ""
    mail: Any = render(message)
    assert reverse("questionnaires:later", args=[wave.pk]) in mail.html

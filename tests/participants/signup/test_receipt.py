"""Something in hand after signing up: on the channel that was given, to mend and to take back."""

import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import expect

from core import clock
from core.accounts import ways_in
from core.ages import birthday
from core.messaging.by_hand import ready_text
from core.messaging.models import Contact, Message
from core.messaging.rendering import render
from core.messaging.sending import why_not
from core.organisations.models import Group
from participants import sweep
from participants.models import Participant, SignUpReceipt, Trajectory
from participants.signup.first_contact import record_contact
from participants.signup.receipt import KIND
from participants.stay.no_messages import send_nothing_more
from tests.participants.signup.build import INTEREST, SIGN_UP, form, thanked
from tests.world import (
    make_group,
    make_municipality,
    make_trajectory,
    make_worker,
    waiting,
)

pytestmark = pytest.mark.django_db
WITHDRAWN = "/aangemeld/klopt-het/weg/"


@pytest.fixture
def group() -> Group:
    return make_group(municipality=make_municipality("Voorbeeldstad", pc4="3511"))


@pytest.fixture
def fleur(group: Group) -> Any:
    return make_worker(group, "Fleur Jansen")


def mails() -> list[Message]:
    return list(Message.objects.filter(kind=KIND).order_by("written_at"))


def link_in(message: Message) -> str:
    return urlsplit(json.loads(str(message.secret))["page_url"]).path


def opened(client: Any, address: str) -> tuple[str, Any]:
    """The page behind a link, and what a form of it carries along."""
    here = client.get(address)["Location"]
    return here, client.get(here)


def hidden(page: Any) -> str:
    found = re.search(r'name="form" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def mend(client: Any, by: str, **changes: str) -> Any:
    here, page = opened(client, by)
    return client.post(here, {"form": hidden(page), **changes}, follow=True)


# ---- On the channel that was given --------------------------------------------------------


def test_who_gave_an_address_gets_a_mail_with_a_link_of_its_own(
    client: Any, group: Group, fleur: Any
) -> None:
    client.post(SIGN_UP, form())
    (mail,) = mails()
    assert (mail.channel, mail.contact.email, mail.urgency) == (
        "email",
        "bo@example.org",
        "immediate",
    )
    assert len(link_in(mail).strip("/").split("/")[-1]) >= 43
    assert "Bo" in render(mail).text
    row = SignUpReceipt.objects.get()
    assert bytes(row.token_hash) not in link_in(mail).encode()
    here, page = opened(Client(), link_in(mail))
    assert "bo@example.org" in page.content.decode()
    assert "bo@" not in here
    assert page["Cache-Control"].count("no-store")


@pytest.mark.parametrize("channel", ["phone", "whatsapp"])
def test_who_gave_a_number_gets_it_from_the_worker_until_they_have_spoken(
    client: Any, group: Group, fleur: Any, channel: str
) -> None:
    client.post(SIGN_UP, form(channel=channel, email=None, phone="0612345678"))
    (text,) = mails()
    assert text.channel == "worker_text"
    assert link_in(text) in ready_text(text)
    assert len(waiting(fleur, "message")) == 1
    record_contact(trajectory=Trajectory.objects.get(), outcome="spoken", by=fleur)
    assert waiting(fleur, "message") == []
    assert ready_text(Message.objects.get(pk=text.pk)) == ""


@pytest.mark.parametrize(
    ("others_read", "home_may_know", "sent"),
    [("yes", "yes", "signed_up_quiet"), ("no", "no", "signed_up_quiet"), ("yes", "no", None)],
)
def test_where_others_read_along_the_mail_says_nothing(
    client: Any, group: Group, others_read: str, home_may_know: str, sent: str | None
) -> None:
    client.post(SIGN_UP, form(others_read=others_read, home_may_know=home_may_know))
    assert [mail.template for mail in mails()] == ([sent] if sent else [])
    for mail in mails():
        said = render(mail)
        text = f"{said.subject} {said.text}".replace(link_in(mail), "")
        assert not re.search(r"\bBo\b|aanmeld|aangemeld|groep|ouder", text)


def test_on_a_mailbox_that_a_sibling_uses_the_mail_says_nothing(client: Any, group: Group) -> None:
    client.post(SIGN_UP, form())
    client.post(SIGN_UP, form(call_name="Mees", born=birthday(clock.today(), -13)))
    for mail in mails():
        said = render(mail)
        assert not re.search(r"Bo\b|Mees|aanmeld|log in", f"{said.subject} {said.text}")
        assert link_in(mail) in said.text


@pytest.mark.req("R-341")
def test_who_knocks_on_an_address_changes_nothing_for_who_signs_in_by_it(
    client: Any, group: Group
) -> None:
    client.post(SIGN_UP, form())
    client.post(SIGN_UP, form(call_name="Bobbie"))
    assert SignUpReceipt.objects.count() == 2
    assert not ways_in.door_of(Participant.objects.get().contact).among_others


def test_it_does_not_leave_after_send_nothing_more_nor_when_they_spoke(
    client: Any, group: Group, fleur: Any
) -> None:
    client.post(SIGN_UP, form())
    (mail,) = mails()
    assert why_not(mail) == ""
    Trajectory.objects.update(contacted_at=clock.now())
    assert why_not(mail) == "no_longer_wanted"
    Trajectory.objects.update(contacted_at=None)
    send_nothing_more(participant=Participant.objects.get(), by=None, reason="own_wish")
    assert why_not(Message.objects.select_related("contact").get(pk=mail.pk)) == "contact_stopped"


# ---- Once, and not to strangers -------------------------------------------------------------


def test_the_same_person_again_gets_no_second_mail(client: Any, group: Group, fleur: Any) -> None:
    data = form()
    for sent in (data, data, form(), form(call_name="bo")):
        assert client.post(SIGN_UP, sent).status_code == 302
    assert len(mails()) == 1
    assert Trajectory.objects.count() == 1


@pytest.mark.req("R-370")
def test_a_stranger_gets_a_few_mails_a_day_whatever_is_typed(client: Any, group: Group) -> None:
    towns = [make_municipality(f"Verweg {n}") for n in range(5)]
    for n in range(6):
        born = birthday(clock.today(), -14) + timedelta(days=n)
        sent = client.post(SIGN_UP, form(call_name=f"Bo {n}", born=born, email="Bo@Example.org"))
        assert sent.status_code == 302
    for town in towns:
        data = {"municipality": town.cbs_code, "age": "15", "email": "bo@example.org"}
        assert client.post(INTEREST, data).status_code == 302
    to = Message.objects.filter(contact__email="bo@example.org")
    assert to.count() == 3
    assert Trajectory.objects.count() == 6, "nobody is turned away because of it"
    with clock.travel(clock.now() + timedelta(days=1, minutes=1)):
        born = birthday(clock.today(), -15)
        client.post(SIGN_UP, form(call_name="Mees", born=born, email="bo@example.org"))
    assert to.count() == 4


@pytest.mark.req("R-370")
def test_many_spellings_of_one_mailbox_are_one(client: Any, group: Group) -> None:
    for n, email in enumerate(
        ("bo@gmail.com", "b.o@gmail.com", "bo+a@gmail.com", "b.o+b@gmail.com")
    ):
        born = birthday(clock.today(), -14) + timedelta(days=n)
        sent = client.post(SIGN_UP, form(call_name=f"Bo {n}", born=born, email=email))
        assert sent.status_code == 302
        town = make_municipality(f"Verweg {n}")
        data = {"municipality": town.cbs_code, "age": "15", "email": f"bo+{n}@googlemail.com"}
        assert client.post(INTEREST, data).status_code == 302
    kinds = (KIND, "participants.interest_kept")
    assert Message.objects.filter(kind__in=kinds).count() == 3


@pytest.mark.parametrize("known", [False, True])
def test_nobody_finds_out_by_an_own_address_whether_somebody_takes_part(
    client: Any, group: Group, fleur: Any, known: bool
) -> None:
    """A parent, a bully: name, birthday and postcode of another, and a mailbox of their own."""
    stay = None
    if known:
        stay = make_trajectory(
            group=group,
            phase="participating",
            call_name="Bo",
            birth_date=birthday(clock.today(), -14),
            email="bo@example.org",
        )
        Participant.objects.update(postcode="3511")
    client.post(SIGN_UP, form(email="spy@example.org"))
    (mail,) = mails()
    assert (mail.contact.email, mail.template) == ("spy@example.org", "signed_up")
    page = mend(Client(), link_in(mail), call_name="Bob", address="other@example.org")
    assert "Opgeslagen" in page.content.decode()
    assert mails()[-1].contact.email == "other@example.org"
    here, page = opened(Client(), link_in(mails()[-1]))
    behind = Client()
    here, page = opened(behind, link_in(mails()[-1]))
    left = behind.post(f"{here}toch-niet/", {"form": hidden(page)})
    assert left.url == WITHDRAWN
    if stay is not None:
        stay.refresh_from_db()
        assert (stay.phase, stay.participant.call_name) == ("participating", "Bo")
        assert Contact.objects.get(pk=stay.participant.contact_id).email == "bo@example.org"


@pytest.mark.parametrize("known", [False, True])
def test_who_took_it_back_is_told_to_nobody_who_signs_up_with_their_number(
    client: Any, group: Group, fleur: Any, known: bool
) -> None:
    """Another name, the birthday and the number: the page in hand repeats what was typed."""
    number = {"channel": "phone", "email": None, "phone": "06 12345678"}
    if known:
        theirs = thanked(Client(), **number, call_name="Noor")
        here = opened(theirs.client, f"{theirs.here}klopt-het/")[0]
        page = theirs.client.get(here)
        assert theirs.client.post(f"{here}toch-niet/", {"form": hidden(page)}).url == WITHDRAWN
    page = thanked(client, **number, call_name="Iemand")
    here, shown = opened(client, f"{page.here}klopt-het/")
    assert "Iemand" in shown.content.decode()
    assert "Noor" not in shown.content.decode()
    data = {"form": hidden(shown), "call_name": "Ander", "address": "06 87654321"}
    assert "Opgeslagen" in client.post(here, data, follow=True).content.decode()
    if known:
        contact = Participant.objects.get().contact
        assert (contact.name, contact.phone) == ("Noor", "+31612345678")
    assert client.post(f"{here}toch-niet/", {"form": hidden(shown)}).url == WITHDRAWN
    assert set(Trajectory.objects.values_list("phase", flat=True)) == {"withdrawn"}
    with clock.travel(clock.now() + timedelta(days=31)):
        sweep.run_due()
    assert not SignUpReceipt.objects.exists()
    assert not Contact.objects.filter(name="Ander").exclude(participant__isnull=False).exists()


# ---- To mend, and to take back ----------------------------------------------------------------


def test_a_mistyped_address_is_mended_from_the_thank_you_and_the_mail_goes_there(
    client: Any, group: Group, fleur: Any
) -> None:
    thanks = thanked(client, email="bo@exmaple.org").get().content.decode()
    (lost,) = mails()
    to_page = re.search(r'href="(/aangemeld/[^"]*/klopt-het/)"', thanks)
    assert to_page
    page = mend(client, to_page[1], call_name="Bo", address="bo@example.org")
    assert page.status_code == 200
    assert Participant.objects.get().contact.email == "bo@example.org"
    assert [m.contact.email for m in mails()][-1] == "bo@example.org"
    lost.refresh_from_db()
    assert (lost.state, lost.reason) == ("withdrawn", "corrected")
    assert Client().get(link_in(lost), follow=True).status_code == 410, "whose mailbox that is"
    assert opened(Client(), link_in(mails()[-1]))[1].status_code == 200


def test_a_mistyped_name_and_number_are_mended_everywhere(
    client: Any, group: Group, fleur: Any
) -> None:
    client.post(SIGN_UP, form(channel="phone", email=None, phone="0612345678"))
    mend(Client(), link_in(mails()[0]), call_name="Boris", address="0687654321")
    person = Participant.objects.get()
    assert (person.call_name, person.contact.name) == ("Boris", "Boris")
    assert person.contact.phone.replace(" ", "")[-8:] == "87654321"
    client.force_login(fleur)
    assert "Boris" in client.get("/aanmeldingen/").content.decode()


@pytest.mark.parametrize("bad", [{"call_name": "", "address": "x@y.nl"}, {"call_name": "Bo"}])
def test_what_cannot_be_is_said_at_the_field(client: Any, group: Group, bad: Any) -> None:
    client.post(SIGN_UP, form())
    here, page = opened(client, link_in(mails()[0]))
    refused = client.post(here, {"form": hidden(page), "address": "geen", **bad})
    assert refused.status_code == 422
    assert Participant.objects.get().contact.email == "bo@example.org"


def test_after_the_first_talk_a_person_knows_better(client: Any, group: Group, fleur: Any) -> None:
    client.post(SIGN_UP, form())
    address = link_in(mails()[0])
    here, page = opened(client, address)
    ticket = hidden(page)
    record_contact(trajectory=Trajectory.objects.get(), outcome="spoken", by=fleur)
    late = client.post(here, {"form": ticket, "call_name": "X", "address": "x@example.org"})
    assert late.status_code == 422
    assert "al contact gehad" in late.content.decode()
    assert Participant.objects.get().contact.email == "bo@example.org"


def test_taken_back_without_a_reason_and_only_by_a_press(
    client: Any, group: Group, fleur: Any
) -> None:
    client.post(SIGN_UP, form())
    address = link_in(mails()[0])
    here, page = opened(client, address)
    ticket = hidden(page)
    assert client.post(f"{here}toch-niet/").url != WITHDRAWN
    assert Trajectory.objects.get().phase == "signed_up"
    assert client.post(f"{here}toch-niet/", {"form": ticket}).url == WITHDRAWN
    assert client.get(WITHDRAWN).status_code == 200
    assert Trajectory.objects.get().phase == "withdrawn"
    assert client.post(f"{here}toch-niet/", {"form": ticket}).status_code == 410
    assert waiting(fleur, "applicant_new") == []
    assert {mail.state for mail in mails()} == {"withdrawn"}
    assert client.post(SIGN_UP, form()).status_code == 302
    assert Trajectory.objects.filter(phase="signed_up").count() == 1


@pytest.mark.req("R-338")
def test_two_receipts_in_one_browser_each_act_on_their_own(client: Any, group: Group) -> None:
    for name in ("Bo", "Mees"):
        client.post(SIGN_UP, form(call_name=name, email=f"{name.lower()}@example.org"))
    first, second = (opened(client, link_in(mail)) for mail in mails())
    crossed = client.post(f"{first[0]}toch-niet/", {"form": hidden(second[1])})
    assert crossed.status_code in (303, 410)
    assert set(Trajectory.objects.values_list("phase", flat=True)) == {"signed_up"}
    client.post(f"{second[0]}toch-niet/", {"form": hidden(second[1])})
    assert Trajectory.objects.get(phase="withdrawn").participant.call_name == "Mees"


@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 5000])
def test_every_link_that_does_not_work_looks_the_same(client: Any, token: str) -> None:
    assert client.get(f"/aangemeld/l/{token}/", follow=True).status_code == 410


def test_after_a_month_the_page_is_gone_with_what_a_stranger_typed(
    client: Any, group: Group, fleur: Any
) -> None:
    client.post(SIGN_UP, form())
    client.post(SIGN_UP, form(call_name="Bo", email="spy@example.org"))
    assert SignUpReceipt.objects.count() == 2
    with clock.travel(clock.now() + timedelta(days=30)):
        assert Client().get(link_in(mails()[0]), follow=True).status_code == 410
        sweep.run_due()
    assert not SignUpReceipt.objects.exists()
    assert not Contact.objects.filter(email="spy@example.org").exists()
    assert Contact.objects.filter(email="bo@example.org").exists()


# ---- In a browser ------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_the_page_in_hand_is_mended_in_the_browser(
    page_at: Any, axe: Any, group: Group, fleur: Any, javascript: bool
) -> None:
    Client().post(SIGN_UP, form())
    page = page_at(390, 844, java_script_enabled=javascript)
    page.goto(link_in(mails()[0]))
    expect(page.locator("h1")).to_have_text("Klopt dit?")
    page.fill("[name=address]", "bo@")
    page.click("footer button[lang=en]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("[name=address]")).to_have_value("bo@")
    page.click("form#receipt .actions button")
    expect(page.locator("[data-error-summary]")).to_be_visible()
    if javascript:
        axe(page)
        page.reload()
        expect(page.locator("[name=address]")).to_have_value("bo@")
    page.fill("[name=address]", "beter@example.org")
    page.click("form#receipt .actions button")
    expect(page.locator("main")).to_contain_text("Your changes are saved.")
    expect(page.locator("[name=address]")).to_have_value("beter@example.org")
    if javascript:
        axe(page)
    page.click("main summary")
    page.click("form[action$='/toch-niet/'] button")
    page.wait_for_url(f"**{WITHDRAWN}")
    if javascript:
        axe(page)
    assert Trajectory.objects.get().phase == "withdrawn"


@pytest.mark.req("R-338")
def test_ten_sign_ups_on_one_tablet_do_not_close_the_site(client: Any, group: Group) -> None:
    """A stand at a school: what the browser remembers stays within what a server takes."""
    for n in range(10):
        born = birthday(clock.today(), -14) + timedelta(days=n)
        sent = {"call_name": "👩🏽" * 20, "born": born, "email": f"bo{n}@example.org"}
        last = thanked(client, **sent)
    sends = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items() if one.value)
    assert len(sends) < 6_000
    assert "👩🏽" in last.get().content.decode()

"""Who comes in how: one answer, and people who share a mailbox each reach their own page only."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from core import clock
from core.accounts import ways_in
from core.accounts.models import User
from core.accounts.new_address import change_sign_in_address
from core.accounts.ways_in import Way
from core.messaging.models import Message
from core.messaging.rendering import render
from core.messaging.sending import send_due
from participants.models import Participant
from tests import world

pytestmark = pytest.mark.django_db
ASK, CODE, WHO = "/inloggen/", "/inloggen/code/", "/inloggen/wie-ben-je/"
FAMILY = "familie@example.org"
LOTTE, DAAN = date(2010, 3, 4), date(2012, 5, 6)
MAIL = Path(settings.BASE_DIR) / "templates" / "mail"


def person(name: str, born: date, **contact: Any) -> Participant:
    return world.make_participant(call_name=name, birth_date=born, **({"email": FAMILY} | contact))


@pytest.fixture
def lotte() -> Participant:
    return person("Lotte", LOTTE)


@pytest.fixture
def daan() -> Participant:
    return person("Daan", DAAN)


def code_of(client: Client, address: str = FAMILY) -> str:
    client.post(ASK, {"email": address})
    row = Message.objects.filter(template="sign_in_code").latest("written_at")
    found = re.search(r"\d{6}", str(row.secret))
    assert found
    return found[0]


def say(client: Client, born: date) -> Any:
    parts = {f"born_{name}": getattr(born, name) for name in ("day", "month", "year")}
    return client.post(WHO, parts)


def who_is_in(client: Client) -> str:
    user = User.objects.filter(pk=client.session.get("_auth_user_id")).first()
    return user.name if user else ""


@pytest.mark.req("R-341")
def test_brother_and_sister_with_one_mailbox_each_reach_their_own_page(lotte, daan) -> None:
    for name, born in (("Lotte", LOTTE), ("Daan", DAAN)):
        client = Client()
        answer = client.post(CODE, {"code": code_of(client), "action": "verify"})
        assert answer["Location"] == WHO
        assert who_is_in(client) == ""
        page = client.get(WHO).content.decode()
        assert "Lotte" not in page
        assert "Daan" not in page
        assert say(client, born)["Location"] == "/"
        assert who_is_in(client) == name


@pytest.mark.req("R-341")
def test_somebody_alone_at_a_mailbox_is_not_asked_anything_more(client, lotte) -> None:
    client.post(CODE, {"code": code_of(client), "action": "verify"})
    assert who_is_in(client) == "Lotte"


@pytest.mark.req("R-341")
def test_who_signed_up_without_an_account_yet_does_not_come_into_the_sisters(lotte) -> None:
    person("Daan", DAAN, with_account=False)
    client = Client()
    client.post(CODE, {"code": code_of(client), "action": "verify"})
    say(client, DAAN)
    assert who_is_in(client) == ""
    say(client, LOTTE)
    assert who_is_in(client) == "Lotte"


@pytest.mark.req("R-341")
def test_two_wrong_dates_end_the_attempt_and_the_code_is_used_up(lotte, daan) -> None:
    client = Client()
    code = code_of(client)
    client.post(CODE, {"code": code, "action": "verify"})
    first = say(client, date(2011, 1, 1))
    assert first.status_code == 422
    assert say(client, date(2011, 1, 2))["Location"] == ASK
    assert say(client, DAAN)["Location"] == ASK
    client.post(CODE, {"code": code, "action": "verify"})
    say(client, DAAN)
    assert who_is_in(client) == ""


def test_the_page_that_asks_who_is_there_wants_the_code_first(lotte, daan) -> None:
    client = Client()
    assert say(client, DAAN)["Location"] == ASK
    code_of(client)
    assert client.get(WHO)["Location"] == ASK
    assert say(client, DAAN)["Location"] == ASK
    assert who_is_in(client) == ""


def test_a_code_counts_once_also_while_we_ask_who_is_there(lotte, daan) -> None:
    client = Client()
    code = code_of(client)
    client.post(CODE, {"code": code, "action": "verify"})
    assert client.get(CODE)["Location"] == WHO
    assert client.post(CODE, {"code": code, "action": "verify"}).status_code != 302
    assert who_is_in(client) == ""


@pytest.mark.req("R-341")
def test_a_mailbox_has_so_many_dates_a_day(lotte, daan) -> None:
    for n in range(10):
        client = Client()
        _ask_without_limits(client)
        say(client, date(2000, 1, 1 + n))
        say(client, date(2001, 1, 1 + n))
    client = Client()
    _ask_without_limits(client)
    assert say(client, LOTTE)["Location"] == ASK
    assert who_is_in(client) == ""


def _ask_without_limits(client: Client) -> None:
    """The code was right, however often it was asked for."""
    from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
    from django.test import RequestFactory

    request = RequestFactory().post(ASK)
    request.session = client.session
    request.user = None
    process = LoginCodeVerificationProcess.initiate(request=request, user=None, email=FAMILY)
    process.state["proved"] = True
    process.persist()
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key


@pytest.mark.req("R-341")
def test_twins_are_not_told_apart_by_a_birthday_so_no_code_is_mailed(lotte) -> None:
    person("Liv", LOTTE)
    client = Client()
    answer = client.post(ASK, {"email": FAMILY}, follow=True)
    assert answer.request["PATH_INFO"] == CODE
    assert not Message.objects.exists()
    assert "Vraag je begeleider om een code" in answer.content.decode()


@pytest.mark.req("R-341")
def test_where_home_may_not_know_a_code_to_the_familys_mailbox_opens_nothing(daan) -> None:
    lotte = person("Lotte", LOTTE, not_at_home=True)
    assert ways_in.door_of(lotte.contact).way == Way.WORKER
    client = Client()
    client.post(CODE, {"code": code_of(client), "action": "verify"})
    say(client, LOTTE)
    assert who_is_in(client) == ""


@pytest.mark.req("R-341")
@pytest.mark.parametrize("known", ["alone", "shared", "twins", "nobody"])
def test_asking_a_code_reads_the_same_for_everybody(known) -> None:
    if known != "nobody":
        person("Lotte", LOTTE)
    if known == "shared":
        person("Daan", DAAN)
    if known == "twins":
        person("Liv", LOTTE)
    client = Client()
    page = client.post(ASK, {"email": FAMILY}, follow=True).content.decode()
    bare = re.sub(r'(csrfmiddlewaretoken" value|X-CSRFToken":) ?=?"[^"]+"', "", page)
    stranger = Client()
    other = stranger.post(ASK, {"email": "wie@example.org"}, follow=True).content.decode()
    assert bare.replace(FAMILY, "") == re.sub(
        r'(csrfmiddlewaretoken" value|X-CSRFToken":) ?=?"[^"]+"', "", other
    ).replace("wie@example.org", "")


@pytest.mark.req("R-341")
def test_mail_to_a_mailbox_of_two_names_nobody(lotte, daan) -> None:
    code_of(Client())
    ready = Message(
        contact=daan.contact,
        template="account_ready",
        kind="x",
        params={"call_name": "Daan", "sign_in_url": "https://example.org"},
    )
    for row in (Message.objects.get(), ready):
        text = render(row).text
        assert "Lotte" not in text
        assert "Daan" not in text
        assert "Hoi" in text or row is ready


@pytest.mark.parametrize(
    ("contact", "others", "way"),
    [
        ({}, {}, Way.MAIL),
        ({"email": ""}, {}, Way.WORKER),
        ({"safe_channels": ["phone"]}, {}, Way.WORKER),
        ({}, {"email": "Familie@Example.ORG"}, Way.MAIL_AND_BIRTHDAY),
        ({}, {"born": LOTTE}, Way.WORKER),
        ({"not_at_home": True}, {"born": DAAN}, Way.WORKER),
        ({"not_at_home": True}, {}, Way.MAIL),
        ({"shared_mailbox": True}, {}, Way.MAIL),
    ],
)
@pytest.mark.req("R-341")
def test_the_way_in(contact, others, way) -> None:
    lotte = person("Lotte", LOTTE, **contact)
    if others:
        others = dict(others)
        person("Daan", others.pop("born", DAAN), with_account=False, **others)
    assert ways_in.door_of(lotte.contact).way == way


@pytest.mark.req("R-341")
def test_a_mailbox_that_refuses_mail_is_no_promise_until_one_arrives(lotte) -> None:
    def row(state: str, reason: str = "") -> None:
        Message.objects.create(
            contact=lotte.contact,
            template="neutral",
            kind="x",
            dedupe_key=f"{state}{Message.objects.count()}",
            urgency="scheduled",
            channel="email",
            not_before=clock.now(),
            written_at=clock.now(),
            state=state,
            reason=reason,
        )

    row("sent")
    assert ways_in.door_of(lotte.contact).by_mail
    row("dead", "smtp_550")
    assert not ways_in.door_of(lotte.contact).by_mail
    row("sent")
    assert ways_in.door_of(lotte.contact).by_mail


def test_an_account_is_never_a_professionals_and_a_young_persons_door_at_once(lotte) -> None:
    staff = world.make_staff()
    with pytest.raises(Exception, match="Join Us"):
        change_sign_in_address(user=lotte.user, email=staff.email, by=lotte.user)


# ---- No letter promises a code by itself ------------------------------------------------------

#: Lead a young person behind the sign-in: they say how through `mail/_way_in.md`.
BEHIND_SIGN_IN = {
    "account_ready",
    "challenge_reminder",
    "move_asked",
    "neutral",
    "something_ready",
    "wave_baseline",
    "wave_exit",
    "wave_follow_up",
    "wave_interim",
    "wave_reminder",
}
#: To professionals, who have a password.
TO_PROFESSIONALS = {
    "advice_asked",
    "advice_given",
    "first_contact_late",
    "invitation",
    "known_person_knocked",
    "new_sign_up",
    "password_reset",
    "something_told",
}
#: Hold a code that was asked for a moment ago, at that address.
ASKED_FOR = {"sign_in_code", "new_address_code"}


def _words(name: str) -> str:
    """The source of a letter with what it includes, but for the one that says the way in."""
    text = (MAIL / name / "body.md").read_text()
    for part in re.findall(r'include "mail/(_\w+\.md)"', text):
        if part != "_way_in.md":
            text += (MAIL / part).read_text()
    return text


@pytest.mark.req("R-341")
def test_every_letter_behind_the_sign_in_says_the_way_in_and_no_other_promises_one() -> None:
    for folder in sorted(MAIL.iterdir()):
        if not folder.is_dir() or folder.name in TO_PROFESSIONALS | ASKED_FOR:
            continue
        words = _words(folder.name)
        if folder.name in BEHIND_SIGN_IN:
            assert 'include "mail/_way_in.md"' in words, folder.name
        if re.search(r"[Ss]ign(ing)? in|site_url|sign_in_url|code by (e-)?mail", words):
            assert folder.name in BEHIND_SIGN_IN, folder.name
        if "code by mail" in words:
            assert "{% if door.by_mail %}" in words, folder.name


#: "You get a code by mail", in any page; what says that one can not is no promise.
PROMISE = re.compile(r"(?<!Let )\bcode (by|per|in your) (e-?)?mail|\bmailed code", re.IGNORECASE)


@pytest.mark.req("R-341")
def test_no_page_promises_a_code_that_did_not_ask_the_way_in() -> None:
    pages = [path for path in MAIL.parent.rglob("*.html") if PROMISE.search(path.read_text())]
    assert [path.name for path in pages if "door.by_mail" not in path.read_text()] == []
    assert {"codes.html", "hand_code.html"} <= {path.name for path in pages}


@pytest.mark.req("R-341")
@pytest.mark.parametrize("name", sorted(BEHIND_SIGN_IN))
def test_a_letter_promises_no_code_to_who_gets_none(name, lotte) -> None:
    person("Liv", LOTTE)
    row = Message(contact=lotte.contact, template=name, kind="x", params={})
    text = render(row).text
    assert "code per mail" not in text
    assert "code die je van je begeleider krijgt" in text


def test_the_account_is_ready_says_the_code_by_mail_only_to_who_gets_one(lotte) -> None:
    row = Message(contact=lotte.contact, template="account_ready", kind="x", params={})
    assert "code per mail" in render(row).text


@pytest.mark.req("R-341")
def test_a_code_leaves_to_the_mailbox_that_was_asked_for(lotte, daan, mailoutbox) -> None:
    code_of(Client())
    send_due()
    assert [mail.to for mail in mailoutbox] == [[FAMILY]]

"""Who is told that a code comes by mail, whom a worker gives one, and another address (R-341)."""

import re
import time
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from core import clock
from core.accounts import ways_in
from core.accounts.models import User
from core.accounts.ways_in import Way
from core.messaging.models import Message
from core.messaging.sending import send_due
from participants.intake import mail
from participants.models import Trajectory
from participants.person.account import open_account
from participants.recusal import recusal
from participants.todo_kinds import Kind
from tests import world

pytestmark = pytest.mark.django_db
PAGE, OWN = "/hoe-ik-inlog/adres/", "/hoe-ik-inlog/"
FAMILY = "familie@example.org"
BORN = date(2012, 5, 6)


@pytest.fixture
def daan() -> Trajectory:
    return world.make_trajectory(
        group=world.make_group(), call_name="Daan", birth_date=BORN, email=FAMILY
    )


@pytest.fixture
def worker(daan: Trajectory) -> User:
    return world.worker_of(daan)


def sister(born: date = date(2010, 3, 4), **contact: Any) -> Any:
    return world.make_participant(call_name="Lotte", birth_date=born, email=FAMILY, **contact)


def waits(user: User) -> list[str]:
    return [todo.title for todo in world.waiting(user, Kind.GIVE_CODE)]


def browser(stay: Trajectory) -> Client:
    client = Client()
    client.force_login(stay.participant.user)
    User.objects.filter(pk=stay.participant.user_id).update(last_login=None)
    return client


def ask(client: Client, email: str, **more: str) -> tuple[str, str]:
    """The ticket of the page, and the code in the mail."""
    page = client.post(PAGE, {"email": email, **more}).content.decode()
    ticket = re.search(r'name="ticket" value="([^"]+)"', page)
    row = Message.objects.filter(template="new_address_code").latest("written_at")
    code = re.search(r"\d{6}", str(row.secret))
    assert ticket, page
    assert code
    return ticket[1], code[0]


def answer(client: Client, ticket: str, code: str) -> Any:
    return client.post(PAGE, {"act": "code", "ticket": ticket, "code": code})


# ---- The letter and the to-do ------------------------------------------------------------------


@pytest.mark.req("R-341")
def test_a_second_child_on_one_mailbox_gets_the_address_and_no_sister_is_greeted(worker) -> None:
    sister()
    person = world.make_participant(
        call_name="Bo", birth_date=date(2013, 1, 2), email=FAMILY, with_account=False
    )
    user = open_account(participant=person, by=worker)
    assert user.email == FAMILY
    assert ways_in.door_of(person.contact).way == Way.MAIL_AND_BIRTHDAY


@pytest.mark.req("R-341")
def test_twins_are_not_told_that_a_code_comes(daan) -> None:
    sister(BORN)
    mail.account_ready(daan)
    assert not Message.objects.filter(template="account_ready").exists()


@pytest.mark.req("R-341")
def test_who_is_told_is_asked_again_when_the_letter_leaves(daan, mailoutbox) -> None:
    mail.account_ready(daan)
    sister(BORN, with_account=False)  # the twin signs up the same evening
    with clock.travel(clock.now() + timedelta(days=2)):
        send_due()
    assert not mailoutbox
    assert Message.objects.get().state == "withdrawn"


@pytest.mark.req("R-341")
@pytest.mark.parametrize(
    ("contact", "twin", "waiting"),
    [
        ({}, False, False),
        ({"email": ""}, False, True),
        ({"safe_channels": ["phone"]}, False, True),
        ({}, True, True),
    ],
)
def test_a_worker_is_asked_to_give_a_code_where_none_comes_by_mail(contact, twin, waiting) -> None:
    stay = world.make_trajectory(
        group=world.make_group(),
        participant=world.make_participant(
            call_name="Daan", birth_date=BORN, **({"email": FAMILY} | contact)
        ),
    )
    if twin:
        sister(BORN, with_account=False)
    assert waits(world.worker_of(stay)) == (["Geef Daan een code"] if waiting else [])


@pytest.mark.req("R-341")
def test_the_to_do_goes_when_daan_was_in_or_has_another_way(daan, worker) -> None:
    sister(BORN)
    assert waits(worker) == ["Geef Daan een code"]
    User.objects.filter(pk=daan.participant.user_id).update(last_login=clock.now())
    assert waits(worker) == []
    User.objects.filter(pk=daan.participant.user_id).update(last_login=None)
    client = browser(daan)
    assert answer(client, *ask(client, "daan@example.org")).status_code == 302
    assert waits(worker) == []


@pytest.mark.req("R-341")
def test_a_mailbox_that_refuses_mail_asks_for_a_code(daan, worker) -> None:
    User.objects.filter(pk=daan.participant.user_id).update(
        last_login=clock.now() - timedelta(days=3)
    )
    Message.objects.create(
        contact=daan.participant.contact,
        template="neutral",
        kind="x",
        dedupe_key="x",
        urgency="scheduled",
        channel="email",
        not_before=clock.now(),
        written_at=clock.now(),
        state="dead",
        reason="smtp_550",
    )
    assert waits(worker) == ["Geef Daan een code"]
    User.objects.filter(pk=daan.participant.user_id).update(last_login=clock.now())
    assert waits(worker) == []


@pytest.mark.req("R-341")
def test_only_the_own_groups_workers_who_stay_in_see_it(daan, worker) -> None:
    sister(BORN)
    assert daan.group is not None
    others = [
        world.make_worker(world.make_group()),
        world.make_coordinator(daan.group.location.region),
        daan.participant.user,
    ]
    assert [waits(user) for user in others] == [[], [], []]
    colleague = world.make_worker(daan.group, "Ruben Bos")
    recusal.recuse(trajectory=daan, worker=worker, by=worker, said_by="worker")
    assert waits(colleague) == ["Geef Daan een code"]
    assert waits(worker) == []


def test_nobody_gives_a_code_to_who_left_or_has_no_account_yet(worker, daan) -> None:
    sister(BORN)
    Trajectory.objects.filter(pk=daan.pk).update(
        phase="former", exited_on=clock.today(), exit_kind="goal"
    )
    assert waits(worker) == []


@pytest.mark.req("R-341")
def test_the_own_page_says_how_this_person_comes_in(daan) -> None:
    client = browser(daan)
    assert f"Je krijgt een code per mail, op {FAMILY}" in client.get(OWN).content.decode()
    lotte = sister()
    assert "wanneer je geboren bent" in client.get(OWN).content.decode()
    lotte.contact.birth_date = BORN
    lotte.contact.save()
    page = client.get(OWN).content.decode()
    assert "code per mail" not in page
    assert "Lotte" not in page


# ---- Another address ---------------------------------------------------------------------------


@pytest.mark.req("R-341")
def test_another_address_counts_when_its_code_came_back(daan, mailoutbox) -> None:
    client, elsewhere = browser(daan), browser(daan)
    ticket, code = ask(client, " Daan@Example.org ", read_by_others="on")
    user = User.objects.get(pk=daan.participant.user_id)
    assert user.email == FAMILY  # half done and away: nothing changed
    assert answer(client, ticket, code)["Location"] == OWN
    user.refresh_from_db()
    assert user.email == "daan@example.org"
    assert user.contact.email == "daan@example.org"
    assert user.contact.shared_mailbox
    assert ways_in.door_of(user.contact).way == Way.MAIL
    assert client.get(OWN).status_code == 200
    assert elsewhere.get(OWN).status_code == 302
    send_due()
    sent = {mail.to[0]: mail for mail in mailoutbox}
    assert set(sent) == {"daan@example.org", FAMILY}
    assert "Vertel het dan snel aan je begeleider" in sent[FAMILY].body
    assert "Daan" not in sent[FAMILY].body + sent["daan@example.org"].body


@pytest.mark.req("R-341")
def test_somebody_without_an_address_adds_one(mailoutbox) -> None:
    stay = world.make_trajectory(group=world.make_group(), birth_date=BORN, email="")
    client = browser(stay)
    ticket, code = ask(client, "eigen@example.org")
    send_due()
    assert [mail.to for mail in mailoutbox] == [["eigen@example.org"]]
    answer(client, ticket, code)
    contact = Trajectory.objects.get().participant.contact
    assert ways_in.door_of(contact).way == Way.MAIL
    send_due()
    assert len(mailoutbox) == 1  # there is no old mailbox to write to


@pytest.mark.req("R-341")
def test_two_tabs_each_work_until_one_counts_and_it_can_be_changed_back(daan) -> None:
    client = browser(daan)
    first, second = ask(client, "een@example.org"), ask(client, "twee@example.org")
    assert answer(client, *second)["Location"] == OWN
    assert answer(client, *first)["Location"] == PAGE
    user = User.objects.get(pk=daan.participant.user_id)
    assert user.email == "twee@example.org"
    assert answer(client, *ask(client, FAMILY))["Location"] == OWN
    user.refresh_from_db()
    assert user.email == FAMILY


@pytest.mark.req("R-341")
def test_guesses_and_other_peoples_tickets_change_nothing(daan) -> None:
    client = browser(daan)
    ticket, code = ask(client, "nieuw@example.org")
    other = world.make_trajectory(group=world.make_group())
    assert answer(browser(other), ticket, code)["Location"] == PAGE
    for _n in range(5):
        assert answer(client, ticket, f"{(int(code) + 1) % 10**6:06}").status_code == 422
    assert answer(client, ticket, code)["Location"] == PAGE
    assert not User.objects.filter(email="nieuw@example.org").exists()


@pytest.mark.req("R-341")
def test_a_ticket_lives_a_quarter_of_an_hour(daan) -> None:
    client = browser(daan)
    ticket, code = ask(client, "nieuw@example.org")
    with time_machine.travel(time.time() + 16 * 60):
        assert answer(client, ticket, code)["Location"] == PAGE


@pytest.mark.req("R-341", "R-347")
@pytest.mark.parametrize("typed", ["Moeder@gmail.com", "m.oeder+bo@googlemail.com"])
def test_a_parents_address_is_refused_at_once(daan, typed) -> None:
    world.make_guardian(daan, email="moeder@gmail.com")
    client = browser(daan)
    page = client.post(PAGE, {"email": typed})
    assert page.status_code == 422
    assert not Message.objects.exists()


@pytest.mark.req("R-341", "R-347")
def test_an_address_that_became_a_parents_meanwhile_is_refused_as_well(daan) -> None:
    client = browser(daan)
    ticket, code = ask(client, "moeder@example.org")
    world.make_guardian(daan, email="moeder@example.org")
    assert answer(client, ticket, code).status_code == 422
    assert User.objects.get(pk=daan.participant.user_id).email == FAMILY


@pytest.mark.req("R-341", "R-347")
def test_a_referrers_address_is_refused_too(daan) -> None:
    world.make_tie(daan, email="mentor@school.example")
    page = browser(daan).post(PAGE, {"email": "Mentor+daan@school.example"})
    assert page.status_code == 422
    assert not Message.objects.filter(template="new_address_code").exists()


@pytest.mark.req("R-341")
@pytest.mark.parametrize("who", ["professional", "twin", "sister"])
def test_whose_address_it_is_shows_only_to_who_reads_its_mail(daan, worker, who) -> None:
    taken = worker.email if who == "professional" else "lotte@example.org"
    if who != "professional":
        world.make_participant(
            call_name="Lotte",
            birth_date=BORN if who == "twin" else date(2010, 3, 4),
            email=taken,
        )
    client = browser(daan)
    ticket, code = ask(client, taken)  # the same page as for an address of nobody
    page = answer(client, ticket, code)
    user = User.objects.get(pk=daan.participant.user_id)
    if who == "sister":  # each comes in with the own birth date
        assert user.email == taken
        assert ways_in.door_of(user.contact).way == Way.MAIL_AND_BIRTHDAY
    else:
        assert page.status_code == 422
        assert user.email == FAMILY
        assert not Message.objects.filter(template="address_changed").exists()


def test_asking_codes_for_addresses_ends(daan) -> None:
    client = browser(daan)
    for n in range(4):
        ask(client, f"adres{n}@example.org")
    assert client.post(PAGE, {"email": "nog@example.org"}).status_code == 429
    cache.clear()

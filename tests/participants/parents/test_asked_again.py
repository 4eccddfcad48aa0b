"""After a no or a withdrawal only the parent's own word opens the question again (R-345)."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.messaging.models import Message
from core.messaging.rendering import render
from participants import sweep
from participants.models import AskedAgain, Guardian, ParentalConsent, Trajectory
from participants.parents import guardians, mail_home, receipt_pdf
from participants.parents import question as parental
from participants.parents.asked_again import record_asked_again
from tests import world
from tests.participants.parents.build import (
    NOON,
    asked,
    came_back,
    child,
    follow,
    form_of,
    say_yes,
)
from tests.world import eyes

pytestmark = pytest.mark.django_db
NUMBER = "+31612345678"


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with clock.travel(NOON):
        yield


def said_no(stay: Trajectory, **guardian: Any) -> tuple[ParentalConsent, Guardian]:
    row, _token, parent = asked(stay, phone=NUMBER, **guardian)
    return parental.answer_request(consent=row, answer="no"), parent


def withdrew(stay: Trajectory) -> tuple[ParentalConsent, Guardian]:
    row, token, parent = asked(stay, phone=NUMBER)
    say_yes(token)
    row.refresh_from_db()
    parental.withdraw_by_parent(consent=row)
    return row, parent


def requests_to(parent: Guardian) -> int:
    return Message.objects.filter(contact=parent.contact, kind="parental_request").count()


@pytest.mark.req("R-345")
@pytest.mark.parametrize("answer", [said_no, withdrew])
def test_nobody_mails_a_parent_again_by_a_tap(answer: Any) -> None:
    stay = child()
    _row, parent = answer(stay)
    release = reverse("participants:release_request", args=[stay.pk, parent.pk])
    for name in ("Anouk Smit", "Ruben Vos"):  # a second worker has no other rule
        worker = eyes(world.make_worker(stay.group, name))
        page = worker.get(reverse("participants:parents", args=[stay.pk])).content.decode()
        assert release not in page
        assert worker.post(release).status_code == 422, "nor by a forged form"
    assert requests_to(parent) == 1
    for day in (3, 7, 14):
        with clock.travel(NOON + timedelta(days=day)):
            assert not parental.reminders_due(clock.today()).exists()


@pytest.mark.req("R-345")
@pytest.mark.parametrize("answer", [said_no, withdrew])
def test_the_parents_own_word_opens_one_question(answer: Any) -> None:
    stay = child()
    row, parent = answer(stay)
    worker = world.make_worker(stay.group)
    client = eyes(worker)
    where = reverse("participants:asked_again", args=[stay.pk, parent.pk])
    page = client.get(where).content.decode()
    assert f"tel:{NUMBER}" in page
    day = clock.today()
    given = {
        "heard_on_day": day.day,
        "heard_on_month": day.month,
        "heard_on_year": day.year,
        "words": "Wil het toch goedvinden.",
        "spoken": "on",
        "agreed": "on",
        "can_harm": "no",
    }
    for without in ("words", "spoken", "agreed", "can_harm"):
        less = {key: value for key, value in given.items() if key != without}
        assert client.post(where, less).status_code == 422, without
    assert not AskedAgain.objects.exists()
    assert client.post(where, given).status_code == 302
    assert client.post(where, given).status_code == 302, "sent twice"
    heard = AskedAgain.objects.get()
    assert (heard.heard_by, heard.heard_on, heard.how) == (worker, day, "rang_back")
    assert (str(heard.number), heard.used_at) == (NUMBER, None)
    assert requests_to(parent) == 1, "writing it down sends nothing"
    _row, token = parental.release_request(guardian=parent, trajectory=stay, by=worker)
    parental.answer_request(consent=parental.find_by_hash(*_link(token)), answer="no")
    with world.broken("said_no"):
        parental.release_request(guardian=parent, trajectory=stay, by=worker)
    row.refresh_from_db()
    assert row.is_no, "the first no stays in the record"


def _link(token: str) -> tuple[bytes, str]:
    return parental.token_hash(token, "parental_answer"), "answer"


@pytest.mark.req("R-345")
def test_ringing_back_is_on_the_number_of_then_and_without_one_only_in_person() -> None:
    stay = child()
    worker = world.make_worker(stay.group)
    _row, parent = said_no(stay)
    guardians.change_guardian(
        guardian=parent,
        name="Inge",
        relation="mother",
        email=parent.contact.email,
        phone="+31699999999",
        by=worker,
    )
    parent.refresh_from_db()
    assert str(came_back(parent, stay, by=worker).number) == NUMBER
    other = child()
    row, _token, unknown = asked(other, phone="")
    parental.answer_request(consent=row, answer="no")
    heard = came_back(unknown, other, by=world.make_worker(other.group))
    assert (heard.how, str(heard.number)) == ("in_person", "")


@pytest.mark.req("R-345")
def test_the_young_person_agrees_and_a_home_that_became_unsafe_opens_nothing() -> None:
    stay = child()
    _row, parent = said_no(stay)
    worker = world.make_worker(stay.group)
    given = {
        "guardian": parent,
        "trajectory": stay,
        "heard_on": clock.today(),
        "words": "x",
        "by": worker,
    }
    with world.broken("young_person_first"):
        record_asked_again(agreed=False, can_harm=False, **given)
    early = given | {"heard_on": clock.today() - timedelta(days=1)}
    with world.broken("day_not_possible"):
        record_asked_again(agreed=True, can_harm=False, **early)
    assert record_asked_again(agreed=True, can_harm=True, **given) is None
    assert not AskedAgain.objects.exists()
    assert mail_home.is_unsafe(stay)
    with world.broken("can_harm"):
        parental.release_request(guardian=parent, trajectory=stay, by=worker)


@pytest.mark.req("R-345")
def test_a_question_that_was_asked_for_is_sent_again_for_as_long_as_its_link_works() -> None:
    """The parent did not find the mail: once more, but not for ever on one word of then."""
    stay = child()
    worker = world.make_worker(stay.group)
    _row, parent = said_no(stay)
    came_back(parent, stay, by=worker)
    parental.release_request(guardian=parent, trajectory=stay, by=worker)
    with clock.travel(NOON + mail_home.ASKED_FOR - timedelta(minutes=1)):
        assert mail_home.is_writable(parent, stay)
    assert timedelta(days=30) == mail_home.ASKED_FOR
    with clock.travel(NOON + mail_home.ASKED_FOR + timedelta(minutes=1)):
        assert not mail_home.is_writable(parent, stay)
        with world.broken("said_no"):
            mail_home.may_write_to(parent, stay)


@pytest.mark.req("R-345")
def test_neither_another_address_nor_another_stay_asks_again_by_itself() -> None:
    stay = child()
    _row, parent = said_no(stay)
    worker = world.make_worker(stay.group)
    change = {
        "guardian": parent,
        "name": "Inge",
        "relation": "mother",
        "by": worker,
        "other_person": True,
    }
    with world.broken("same_mailbox"):
        guardians.change_guardian(email=parent.contact.email, **change)
    guardians.change_guardian(email="nieuw@example.org", **change)
    assert requests_to(parent) == 1, "released by hand, after harm was asked anew"
    again = child()
    _row, parent = said_no(again)
    Trajectory.objects.filter(pk=again.pk).update(phase="withdrawn")
    later = world.make_trajectory(
        group=again.group, participant=again.participant, phase="intake", suitable=True
    )
    parental.ask_harm(trajectory=later, can_harm=False, by=worker)
    with world.broken("said_no"):
        parental.release_request(guardian=parent, trajectory=later, by=worker)
    mother = world.make_guardian(later, name="Els")
    parental.release_request(guardian=mother, trajectory=later, by=worker)


@pytest.mark.req("R-345")
def test_page_mail_and_paper_of_a_no_say_whom_to_ring() -> None:
    stay = child()
    row, token, _parent = asked(stay, phone=NUMBER)
    client, page = follow(token)
    answer = client.post({**form_of(page), "stap": "nee", "parent": "on"})
    done = Client().get(answer["Location"])
    row.refresh_from_db()
    letter = Message.objects.get(kind="parental_receipt", subject_id=row.pk)
    paper = _html_of(row)
    for text in (done.content.decode(), render(letter).text, paper):
        assert re.search(r"030[ -]?123", text)
        assert "Fleur" in text
        assert "Wij vragen het u alleen opnieuw als u dat zelf vraagt." in text
    anyone = Client().get("/ouders/klaar/nee/?bel=verzonnen").content.decode()
    assert not re.search(r"030[ -]?123", anyone)


@pytest.mark.req("R-345", "R-105")
def test_the_paper_of_a_no_says_no_and_that_of_a_withdrawal_says_so() -> None:
    row, _parent = said_no(child())
    html = _html_of(row)
    assert "U gaf geen toestemming" in html
    assert "ik vind het goed" not in html
    assert "met de link in de mail" not in html
    taken_back, _parent = withdrew(child())
    html = _html_of(taken_back)
    assert "U trok uw toestemming in" in html
    assert "Voor deze tekst had u toestemming gegeven." in html
    first = receipt_pdf.receipt(row)
    row.trajectory.group.location.organisation.phone = "099"
    row.trajectory.group.location.organisation.save()
    with clock.travel(NOON + timedelta(days=365 * 5)):
        assert receipt_pdf.receipt(ParentalConsent.objects.get(pk=row.pk)) == first


def _html_of(row: ParentalConsent) -> str:
    pages: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.pdf.render", lambda html: pages.append(html) or b"%PDF-")
        receipt_pdf.receipt(ParentalConsent.objects.get(pk=row.pk))
    return re.sub(r"\s+", " ", pages[0])


# ---- The birthdays ------------------------------------------------------------------------------


@pytest.mark.req("R-345", "R-107")
@pytest.mark.parametrize("born", [date(2010, 3, 11), date(2012, 2, 29)])
def test_a_no_lapses_at_the_sixteenth_birthday_in_amsterdam(born: date) -> None:
    stay = child()
    stay.participant.birth_date = born
    stay.participant.save()
    sixteenth = date(2026, 3, 11) if born.year == 2010 else date(2028, 2, 29)
    with clock.travel(clock.at(sixteenth - timedelta(days=10), 12)):
        row, _token, parent = asked(stay, phone=NUMBER)
        parental.answer_request(consent=row, answer="no")
        stay.refresh_from_db()
        assert stay.blocked_reason == "parent_refused"
    with clock.travel(clock.at(sixteenth, 0) - timedelta(minutes=1)):
        sweep.run_due(clock.today())
        stay.refresh_from_db()
        assert stay.blocked_reason == "parent_refused"
    with clock.travel(clock.at(sixteenth, 0)):
        sweep.run_due(clock.today())
        stay.refresh_from_db()
        assert stay.blocked_reason == ""
        with world.broken("not_needed"):
            came_back_and_sent(parent, stay)


def came_back_and_sent(parent: Guardian, stay: Trajectory) -> None:
    worker = world.make_worker(stay.group)
    came_back(parent, stay, by=worker)
    parental.release_request(guardian=parent, trajectory=stay, by=worker)


@pytest.mark.req("R-345", "R-107")
def test_a_no_on_the_birthday_itself_counts_on_the_fifteenth_and_not_on_the_sixteenth() -> None:
    stay = child()
    stay.participant.birth_date = date(2011, 3, 10)  # fifteen today
    stay.participant.save()
    row, _parent = said_no(stay)
    stay.refresh_from_db()
    assert (row.answer, stay.blocked_reason) == ("no", "parent_refused")
    other = child()
    other.participant.birth_date = date(2010, 3, 11)
    other.participant.save()
    _row, token, _parent = asked(other)
    with clock.travel(clock.at(date(2026, 3, 11), 0)):  # sixteen since a moment
        client, page = follow(token)
        assert page.status_code == 410
        assert "klaar" not in client.post({"stap": "nee", "parent": "on"}).get("Location", "")
    other.refresh_from_db()
    assert not ParentalConsent.objects.filter(trajectory=other).exclude(answer="").exists()


@pytest.mark.req("R-345")
def test_the_receipt_of_a_withdrawal_names_whom_to_ring_too() -> None:
    row, _parent = withdrew(child())
    letter = Message.objects.get(dedupe_key=f"parental_receipt:{row.pk}:withdrawn")
    assert "Bel dan Fleur" in render(letter).text

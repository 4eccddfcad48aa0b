"""Tell me when Join Us comes near: kept, told once, deleted by the person (R-035)."""

import json
import random
import threading
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client

from core import clock
from core.messaging.models import Contact, Message
from core.organisations.models import Municipality
from core.tokens import token_hash
from participants import sweep
from participants.models import InterestCount, InterestRegistration
from participants.signup import interest
from tests.link_pages import Behind
from tests.races import at_once
from tests.world import make_group, make_municipality

pytestmark = pytest.mark.django_db
ADDRESS = "/laat-het-me-weten/"


@pytest.fixture
def town() -> Municipality:
    return make_municipality("Verweg", pc4="9999")


def leave(client: Any, town: Municipality, email: str = "bo@example.org", age: int = 15) -> Any:
    data = {"municipality": town.cbs_code, "age": age, "email": email}
    return client.post(ADDRESS, data)


def link(template: str = "interest_kept") -> str:
    mail = Message.objects.filter(template=template).latest("written_at")
    return urlsplit(json.loads(str(mail.secret))["delete_url"]).path


@pytest.mark.req("R-035")
def test_the_link_in_the_mail_deletes_everything_and_the_count_stays(
    client: Any, town: Municipality
) -> None:
    assert leave(client, town).url == f"{ADDRESS}bewaard/"
    mailed = Behind(link(), client)
    assert mailed.door["Referrer-Policy"] == "no-referrer"
    assert mailed.get().status_code == 200
    assert mailed.post().url == f"{ADDRESS}weg/"
    assert client.get(f"{ADDRESS}weg/").status_code == 200
    assert not InterestRegistration.objects.exists()
    assert not Contact.objects.exists()
    assert not Message.objects.exists()
    assert InterestCount.objects.get().times == 1
    assert mailed.get().status_code == mailed.post().status_code == 410


@pytest.mark.req("R-035")
def test_looking_at_the_link_changes_nothing(client: Any, town: Municipality) -> None:
    leave(client, town)
    address = link()
    for method in ("get", "head"):
        assert getattr(Client(), method)(address, follow=True).status_code == 200
    guarded = Behind(address, Client(enforce_csrf_checks=True))
    assert guarded.post().status_code == 403
    assert InterestRegistration.objects.exists()


def test_only_a_hash_of_the_link_is_kept(client: Any, town: Municipality) -> None:
    leave(client, town)
    token = link().strip("/").split("/")[-1]
    row = InterestRegistration.objects.get()
    assert len(token) >= 43
    assert bytes(row.token_hash) != token.encode()
    assert interest.find_by_hash(token_hash(token, "interest_delete")) == row


@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 5000, "%00", "..%2F"])
def test_every_link_that_does_not_work_looks_the_same(
    client: Any, town: Municipality, token: str
) -> None:
    leave(client, town)
    page = client.get(f"{ADDRESS}weg/{token}/", follow=True)
    assert page.status_code in (404, 410)
    assert InterestRegistration.objects.exists()


def test_the_same_address_again_is_one_registration_and_one_mail_a_day(
    client: Any, town: Municipality
) -> None:
    for _n in range(3):
        leave(client, town)
    first = link()
    assert InterestRegistration.objects.count() == Message.objects.count() == 1
    assert InterestCount.objects.get().times == 1
    with clock.travel(clock.now() + timedelta(days=1)):
        leave(client, town)
        assert Message.objects.count() == 2
    assert link() != first
    assert client.get(first, follow=True).status_code == 410
    assert client.get(link(), follow=True).status_code == 200


@pytest.mark.req("R-035")
def test_an_address_is_counted_once_however_it_was_typed(client: Any, town: Municipality) -> None:
    for typed in ("mees@example.org", "Mees@Example.org"):
        leave(client, town, typed)
    assert InterestRegistration.objects.count() == 1
    assert InterestCount.objects.get().times == 1


@pytest.mark.req("R-035")
def test_when_join_us_comes_near_one_message_goes_and_later_the_address(
    client: Any, town: Municipality
) -> None:
    leave(client, town)
    leave(client, town, "te-jong@example.org", age=12)
    sweep.run_due()
    assert not Message.objects.filter(template="interest_news").exists()
    make_group(municipality=town, age_from=14, age_until=18)
    for _twice in range(2):
        sweep.run_due()
    told = Message.objects.get(template="interest_news")
    assert told.contact.email == "bo@example.org"
    assert client.get(link("interest_news"), follow=True).status_code == 200
    with clock.travel(clock.now() + timedelta(days=13)):
        sweep.run_due()
        assert InterestRegistration.objects.count() == 2
    with clock.travel(clock.now() + timedelta(days=14)):
        sweep.run_due()
    assert InterestRegistration.objects.get().contact.email == "te-jong@example.org"
    assert not Contact.objects.filter(email="bo@example.org").exists()


def test_a_full_group_is_no_news(client: Any, town: Municipality) -> None:
    leave(client, town)
    make_group(municipality=town, state="full")
    sweep.run_due()
    assert not Message.objects.filter(template="interest_news").exists()


def test_somebody_grows_into_a_group(client: Any, town: Municipality) -> None:
    make_group(municipality=town, age_from=17, age_until=23)
    leave(client, town, age=15)
    sweep.run_due()
    assert not Message.objects.filter(template="interest_news").exists()
    with clock.travel(clock.now() + timedelta(days=720)):
        assert interest.age_now(InterestRegistration.objects.get(), clock.today()) == 16


def test_an_old_registration_goes_by_itself(client: Any, town: Municipality) -> None:
    leave(client, town)
    with clock.travel(clock.now() + timedelta(days=730)):
        sweep.run_due()
    assert not InterestRegistration.objects.exists()


@pytest.mark.parametrize(
    "email", ["", "bo", "bo@example.org\r\nBcc: x@y.nl", "a\x00@b.nl", "x" * 999]
)
def test_bad_input_keeps_nothing(client: Any, town: Municipality, email: str) -> None:
    page = leave(client, town, email)
    assert page.status_code == 422
    assert "email" in page.context["form"].errors
    assert not InterestRegistration.objects.exists()


@pytest.mark.req("R-035", "R-357")
@pytest.mark.django_db(transaction=True)
def test_deleting_while_a_mail_is_being_written_takes_that_mail_along(town: Municipality) -> None:
    row = interest.register_interest(municipality=town, age=15, email="bo@example.org")
    being_written = threading.Event()

    def writes() -> None:
        with transaction.atomic():
            interest.tell(registration=row, day=clock.today())
            being_written.set()
            time.sleep(0.3)

    def deletes() -> None:
        being_written.wait(10)
        interest.delete_interest(registration=row)

    assert at_once([writes, deletes], random.Random(1)) == ["done", "done"]
    assert not Message.objects.exists()
    assert not Contact.objects.exists()

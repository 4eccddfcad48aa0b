"""Rooms moved into packages; what people, queues and rows hold by name did not (docs/moved.csv).

`before.json` was written by the code as it was before that move, under the keys of the suite:
`names` are those that `lasting` reads, `made` is what that code signed, sealed and hashed. A name
may be added. One that is to go is taken out there as well, by somebody who knows what still
carries it.
"""

import base64
import csv
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test import Client, RequestFactory

from core import clock, erasures
from core.accounts.adapter import FactorAdapter
from core.accounts.models import OneTimeCode
from core.accounts.sessions import SessionStore
from core.encryption import CannotOpen
from core.messaging.contacts import address_hash, create_contact
from core.texts.models import TextVersion
from core.texts.publishing import publish_shipped
from core.tokens import token_hash
from participants.models import (
    ConsentLink,
    FeedbackConsent,
    InterestRegistration,
    ParentalConsent,
    Participant,
)
from participants.signup.forms.sign_up import SignUpForm
from participants.signup.views.arrival import Arrival, arrivals
from tests import world
from tests.house import lasting
from tests.link_pages import Behind

ROOT = Path(__file__).resolve().parents[2]
BEFORE = json.loads((ROOT / "tests" / "house" / "before.json").read_text())
MADE = BEFORE["made"]
ROW, TOKEN, TEXT = UUID(MADE["row"]), MADE["token"], MADE["text"]
SOON_AFTER = datetime.fromisoformat(MADE["made_at"]) + timedelta(minutes=5)


def moves() -> list[dict[str, str]]:
    with (ROOT / "docs" / "moved.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def soon_after() -> Iterator[None]:
    """Five minutes after everything in `made` was handed out."""
    with time_machine.travel(SOON_AFTER, tick=False), clock.travel(SOON_AFTER):
        yield


# ---- Where it went ---------------------------------------------------------------


def test_the_list_of_moves_is_true():
    rows = moves()
    assert len(rows) > 200
    assert [row["old"] for row in rows if (ROOT / row["old"]).exists()] == []
    assert [row["new"] for row in rows if not (ROOT / row["new"]).is_file()] == []


# ---- Names -----------------------------------------------------------------------


def lost(before: Any, now: Any) -> list[str]:
    """What stood before and stands no more; of a mapping also what has another value."""
    if isinstance(before, dict):
        return [
            f"{name}: {value}"
            for name, value in before.items()
            if name not in now or lost_from(value, now[name])
        ]
    return sorted(set(before) - set(now))


def lost_from(before: Any, now: Any) -> bool:
    return bool(set(before) - set(now)) if isinstance(before, list) else before != now


@pytest.mark.parametrize("kind", sorted(lasting.EVERY))
def test_nothing_lost_its_name(kind):
    assert lost(BEFORE["names"][kind], lasting.EVERY[kind]()) == []


def test_every_kind_of_name_was_written_down():
    assert {kind for kind, names in BEFORE["names"].items() if names} == set(lasting.EVERY)


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        (["a", "b"], ["a", "b", "c"], []),
        (["a", "b"], ["a"], ["b"]),
        ({"page": ["x/"]}, {"page": ["x/", "y/"]}, []),
        ({"page": ["x/"]}, {"page": ["y/"]}, ["page: ['x/']"]),
        ({"a.B": "a_b"}, {"a.B": "b"}, ["a.B: a_b"]),
    ],
)
def test_a_lost_name_is_found(before, now, found):
    assert lost(before, now) == found


# ---- A mailed link and an open browser go on working -----------------------------


@pytest.fixture
def question(db: None, soon_after: None) -> ParentalConsent:
    """A question to a parent of which the three links were mailed before."""
    publish_shipped()
    stay = world.make_trajectory(group=world.make_group(), phase="intake", suitable=True, age=14)
    row: ParentalConsent = world.give_parental_yes(stay)
    row.child_name = "Noor"
    row.save()
    for purpose in ConsentLink.Purpose.values:
        ConsentLink.objects.create(
            consent=row,
            purpose=purpose,
            token_hash=bytes.fromhex(MADE["hashes"][f"parental_{purpose}"]),
            issued_at=clock.now(),
        )
    return row


def open_again(row: ParentalConsent) -> None:
    ParentalConsent.objects.filter(pk=row.pk).update(
        answer="", answered_at=None, answered_language="", answered_relation=""
    )


PARENTS_PAGES = [
    ("answer", "/ouders/l/", "/ouders/toestemming/"),
    ("withdraw", "/ouders/i/", "/ouders/intrekken/"),
    ("receipt", "/ouders/b/", "/ouders/bewijs/"),
]


@pytest.mark.parametrize(("purpose", "link", "page"), PARENTS_PAGES)
def test_a_link_mailed_to_a_parent_before_leads_to_its_page(question, purpose, link, page):
    if purpose == "answer":
        open_again(question)
    parent = Behind(f"{link}{TOKEN}/")
    assert parent.here.startswith(page)
    assert parent.get().status_code == 200
    assert parent.elsewhere().get().status_code == 410
    assert Client().get(page).status_code == 410


@pytest.mark.parametrize(("purpose", "_link", "page"), PARENTS_PAGES)
def test_a_page_that_a_parent_had_open_goes_on(question, purpose, _link, page):
    """Under the one cookie of its kind: the page is shown anew, with a cookie of its own."""
    if purpose == "answer":
        open_again(question)
    parent = Client()
    parent.cookies[f"parent-{purpose}"] = MADE["cookies"][f"parent-{purpose}"]
    shown = parent.get(page, follow=True)
    assert shown.status_code == 200
    assert shown.redirect_chain[-1][0].startswith(page)
    assert parent.get(page).status_code == 410, "the shared cookie is read once"


def test_a_form_of_before_answers_nothing_and_its_page_is_shown_anew(question):
    """Its cookie was shared: it says nothing about which child stood on the page."""
    open_again(question)
    parent = Client()
    parent.cookies["parent-answer"] = MADE["cookies"]["parent-answer"]
    sent = {"form": MADE["tickets"]["answer"], "yes": "on"}
    shown = parent.post("/ouders/toestemming/", sent, follow=True)
    assert "Er is nog niets gedaan" in shown.content.decode()
    question.refresh_from_db()
    assert question.answer == ""


@pytest.mark.parametrize(("purpose", "page"), [(row[0], row[2]) for row in PARENTS_PAGES[:2]])
def test_a_second_press_on_a_form_of_before_is_thanked(question, purpose, page):
    if purpose == "withdraw":
        ParentalConsent.objects.filter(pk=question.pk).update(withdrawn_at=clock.now())
    ticket = MADE["tickets"][purpose]
    assert Client().post(page, {"form": ticket, "yes": "on"}).status_code == 302
    assert Client().post(page, {"form": f"{ticket}x", "yes": "on"}).status_code == 410


def test_a_parent_can_still_answer_about_a_referrer(db, soon_after):
    stay = world.make_trajectory(group=world.make_group(), age=14)
    tie = world.make_tie(stay)
    text = TextVersion.objects.current("parental_feedback", "nl")
    FeedbackConsent.objects.create(
        tie=tie,
        guardian=world.make_guardian(stay),
        text=text,
        text_sha256=text.sha256,
        asked_by=world.make_staff(),
        asked_at=clock.now(),
        token_hash=bytes.fromhex(MADE["hashes"]["parental_feedback"]),
    )
    assert Behind(f"/ouders/t/{TOKEN}/").get().status_code == 200
    parent = Client()
    parent.cookies["parent-feedback"] = MADE["cookies"]["parent-feedback"]
    assert parent.get("/ouders/terugkoppeling/", follow=True).status_code == 200


def test_who_left_an_address_can_take_it_away(db):
    row = InterestRegistration.objects.create(
        contact=create_contact(name="", email="bo@example.org"),
        municipality=world.make_municipality(),
        age=15,
        registered_on=clock.today(),
        token_hash=bytes.fromhex(MADE["hashes"]["interest_delete"]),
    )
    Behind(f"/laat-het-me-weten/weg/{TOKEN}/").post()
    assert not InterestRegistration.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("scanned", [True, False])
def test_a_code_on_a_workers_screen_still_lets_in(db, soon_after, scanned):
    stay = world.make_trajectory(group=world.make_group())
    OneTimeCode.objects.create(
        user=stay.participant.user,
        made_by=world.make_staff(),
        made_at=clock.now(),
        expires_at=clock.now() + timedelta(minutes=5),
        code_hash=bytes.fromhex(MADE["hashes"]["one_time_code"]),
        token_hash=bytes.fromhex(MADE["hashes"]["one_time_link"]),
    )
    young = Client()
    if scanned:
        young.cookies["door"] = MADE["cookies"]["door"]
        shown = young.post("/inloggen/met-code/", {"act": "scanned"})
        assert "_auth_user_id" not in young.session, "its page is shown anew first"
        answer = Behind.at(young, shown).post()
    else:
        answer = young.post("/inloggen/met-code/", {"code": "ABCD2345"})
    assert answer.headers["Location"] == "/"
    assert young.session["_auth_user_id"] == str(stay.participant.user_id)


def test_a_hash_of_before_is_the_hash_of_today():
    spoken = dict.fromkeys(MADE["hashes"], TOKEN) | {"one_time_code": "ABCD2345"}
    assert {p: token_hash(text, p).hex() for p, text in spoken.items()} == MADE["hashes"]
    assert {a: address_hash(a).hex() for a in MADE["address"]} == MADE["address"]


def test_the_browser_that_just_signed_up_is_recognised(soon_after):
    young = Client()
    young.cookies["arrived"] = MADE["cookies"]["arrived"]
    moved = young.get("/aangemeld/wachten/")
    request = RequestFactory().get("/")
    request.COOKIES = {name: morsel.value for name, morsel in young.cookies.items()}
    assert moved.status_code == 302
    (remembered,) = arrivals(request)
    assert remembered == Arrival(
        key=ROW,
        group_id=ROW,
        on=datetime.fromisoformat(MADE["made_at"]).date(),
        by="phone",
        when="school",
        waits=True,
        knows=("somebody",),
    )


def test_a_sign_up_form_that_was_open_can_be_sent(soon_after):
    form = SignUpForm.__new__(SignUpForm)
    form._settle_key(MADE["sign_up_key"])
    assert form.sign_up_key.version == 7


def test_a_session_of_before_goes_on(soon_after):
    assert SessionStore().decode(MADE["session"]) == {"kept": "before"}


# ---- What was sealed opens ---------------------------------------------------------


def test_text_sealed_before_opens_in_its_own_row_only():
    shut, open_elsewhere = [], []
    for name, sealed in MADE["sealed"].items():
        if opened(name, ROW, sealed) != TEXT:
            shut.append(name)
        if opened(name, UUID(int=ROW.int + 1), sealed) is not None:
            open_elsewhere.append(name)
    assert len(MADE["sealed"]) == 60
    assert (shut, open_elsewhere) == ([], [])


def opened(name: str, key: UUID, sealed: str) -> str | None:
    """What a row with this key reads in the field, as the database gives it; None: it is shut."""
    label, field_name = name.rsplit(".", 1)
    row: Any = apps.get_model(label)(pk=key)
    field: Any = row._meta.get_field(field_name)
    setattr(row, field_name, field.from_db_value(memoryview(base64.b64decode(sealed)), None, None))
    try:
        return str(getattr(row, field_name))
    except CannotOpen:
        return None


def test_a_row_of_before_is_read_from_the_database(db):
    person = world.make_participant()
    sealed = base64.b64decode(MADE["sealed"]["participants.participant.address"])
    with connection.cursor() as cursor:
        cursor.execute(
            "update participants_participant set id = %s, address = %s where id = %s",
            [ROW, sealed, person.pk],
        )
    assert Participant.objects.get(pk=ROW).address == TEXT


def test_a_second_factor_set_up_before_opens():
    assert FactorAdapter().decrypt(MADE["authenticator"]) == "JBSWY3DPEHPK3PXP"


def test_who_was_erased_before_is_still_known(tmp_path, settings):
    settings.ERASURES_FILE = str(tmp_path / "erasures.jsonl")
    Path(settings.ERASURES_FILE).write_text("\n".join(MADE["erasures"]) + "\n")
    assert [each.pseudonym for each in erasures.read()] == [
        erasures.pseudonym(ROW),
        erasures.pseudonym(UUID(int=ROW.int + 1)),
    ]

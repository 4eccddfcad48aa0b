"""The doors: a code for participants; a password and an enforced second step for all others."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from core.accounts.assignments import end_role
from core.accounts.forms import USED_FOR
from core.accounts.models import User
from core.accounts.new_address import change_sign_in_address
from core.accounts.sessions import SessionStore
from core.accounts.signin import end_sessions
from core.messaging.models import Message
from tests import world

pytestmark = pytest.mark.django_db
PASSWORD = "drie woorden achter elkaar"

ASK = "/inloggen/"
CODE = "/inloggen/code/"
STAFF = "/inloggen/begeleiders/"
SECOND = "/inloggen/begeleiders/tweede-stap/"
SET_UP = "/inloggen/beveiliging/instellen/"
FORGOTTEN = "/inloggen/wachtwoord/"
SECURITY = "/inloggen/beveiliging/"


@pytest.fixture
def young() -> User:
    return world.make_participant(email="casey@example.org").user


@pytest.fixture
def worker() -> User:
    user = world.make_worker(world.make_group())
    user.set_password(PASSWORD)
    user.save()
    return user


def sent_code() -> str:
    row = Message.objects.filter(template="sign_in_code").latest("written_at")
    return re.search(r"\d{6}", row.secret).group()


def app_code(secret: str, at: float | None = None) -> str:
    return f"{hotp_value(secret, int(at or time.time()) // 30):06}"


def sign_in_by_password(client: Client, user: User, **extra: str):
    return client.post(STAFF, {"login": user.email, "password": PASSWORD}, **extra)


def with_factor(user: User) -> str:
    """Set up the second step through the pages; returns the key inside the app."""
    client = Client()
    sign_in_by_password(client, user)
    secret = client.get(SET_UP).context["form"].secret
    answer = client.post(SET_UP, {"code": app_code(secret)})
    assert answer.status_code == 302, answer.content.decode()
    cache.clear()
    return secret


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# ---- Participants ----------------------------------------------------------


@pytest.mark.req("R-003")
def test_a_participant_signs_in_with_the_code_from_the_mail(client, young):
    answer = client.post(ASK, {"email": "casey@example.org"}, follow=True)
    assert answer.request["PATH_INFO"] == CODE
    answer = client.post(CODE, {"code": sent_code(), "action": "verify"})
    assert answer["Location"] == "/"
    assert client.session["_auth_user_id"] == str(young.pk)


def test_the_code_leaves_through_the_outbox_and_is_sealed(client, young):
    client.post(ASK, {"email": "casey@example.org"})
    row = Message.objects.get()
    assert row.urgency == "immediate"
    assert row.contact == young.contact
    assert sent_code() not in str(row.params)


def test_a_code_works_once_and_only_where_it_was_asked(client, young):
    client.post(ASK, {"email": "casey@example.org"})
    code = sent_code()
    elsewhere = Client()
    elsewhere.post(ASK, {"email": "nobody@example.org"})
    elsewhere.post(CODE, {"code": code})
    assert not signed_in(elsewhere)
    client.post(CODE, {"code": code})
    assert signed_in(client)
    client.post("/inloggen/uit/")
    client.post(CODE, {"code": code})
    assert not signed_in(client)


def test_three_wrong_codes_end_the_attempt(client, young):
    client.post(ASK, {"email": "casey@example.org"})
    right = sent_code()
    for wrong in ("000001", "000002", "000003"):
        client.post(CODE, {"code": wrong})
    client.post(CODE, {"code": right})
    assert not signed_in(client)


def test_a_code_expires_after_fifteen_minutes(client, young):
    with time_machine.travel(time.time()) as traveller:
        client.post(ASK, {"email": "casey@example.org"})
        code = sent_code()
        traveller.shift(15 * 60 + 1)
        client.post(CODE, {"code": code})
    assert not signed_in(client)


def test_a_professional_never_gets_in_by_code(client, worker):
    client.post(ASK, {"email": worker.email})
    assert not Message.objects.exists()
    client.post(CODE, {"code": "-"})
    assert not signed_in(client)


def test_a_participant_never_gets_in_by_password(client, young):
    young.set_password(PASSWORD)
    young.save()
    answer = sign_in_by_password(client, young)
    assert answer.status_code == 200
    assert not signed_in(client)


# ---- Professionals: the second step ---------------------------------------


def test_after_the_password_only_the_set_up_page_answers(client, worker):
    sign_in_by_password(client, worker)
    assert signed_in(client)
    for path in (SECURITY, "/inloggen/wachtwoord/wijzigen/", "/inloggen/nog-even/code/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, SET_UP), path
        assert client.post(path).status_code == 403
    assert client.get(SET_UP).status_code == 200


def test_the_second_step_is_asked_every_time_and_opens_the_house(client, worker):
    secret = with_factor(worker)
    answer = sign_in_by_password(client, worker)
    assert answer["Location"] == SECOND
    assert not signed_in(client)
    client.post(SECOND, {"code": app_code(secret)})
    assert signed_in(client)
    assert client.get(SECURITY).status_code == 200


def test_a_code_of_the_app_works_once_however_long_it_lives(worker):
    secret = with_factor(worker)
    now = time.time() // 30 * 30 + 1
    with time_machine.travel(now) as traveller:
        code = app_code(secret, now)
        first, second = Client(), Client()
        sign_in_by_password(first, worker)
        first.post(SECOND, {"code": code})
        assert signed_in(first)
        for wait in (0, 31):
            traveller.shift(wait)
            sign_in_by_password(second, worker)
            second.post(SECOND, {"code": code})
            assert not signed_in(second)
    assert USED_FOR > 3 * 30


def test_the_code_that_turned_it_on_is_used_up(client, worker):
    sign_in_by_password(client, worker)
    secret = client.get(SET_UP).context["form"].secret
    code = app_code(secret)
    client.post(SET_UP, {"code": code})
    other = Client()
    sign_in_by_password(other, worker)
    other.post(SECOND, {"code": code})
    assert not signed_in(other)


def test_a_recovery_code_works_once(worker):
    with_factor(worker)
    codes = Authenticator.objects.get(user=worker, type="recovery_codes").wrap().get_unused_codes()
    for expected in (True, False):
        client = Client()
        sign_in_by_password(client, worker)
        client.post(SECOND, {"code": codes[0]})
        assert signed_in(client) is expected


def test_keys_of_apps_are_sealed_in_the_database(worker):
    secret = with_factor(worker)
    stored = Authenticator.objects.get(user=worker, type="totp").data["secret"]
    assert secret not in stored


def test_a_session_that_skipped_the_second_step_is_sent_back(client, worker):
    with_factor(worker)
    from django.contrib.auth import SESSION_KEY

    sign_in_by_password(client, worker)
    session = client.session
    session[SESSION_KEY] = str(worker.pk)
    session["_auth_user_backend"] = "core.accounts.backend.PasswordOfStaff"
    worker.refresh_from_db()
    session["_auth_user_hash"] = worker.get_session_auth_hash()
    session.save()
    answer = client.get(SECURITY)
    assert answer["Location"].startswith(STAFF)
    assert not signed_in(client)


def test_participants_have_no_password_or_factor_pages(client, young):
    client.force_login(young)
    for path in (SET_UP, SECURITY, "/inloggen/wachtwoord/wijzigen/", "/inloggen/nog-even/"):
        assert client.get(path).status_code == 404, path
        assert client.post(path).status_code == 404, path


# ---- Sessions end ----------------------------------------------------------


def _open(user: User) -> Client:
    client = Client()
    client.force_login(user)
    assert client.get(SECURITY).status_code in (200, 404)
    assert signed_in(client)
    return client


def _still_in(client: Client) -> bool:
    client.get(SECURITY)
    return signed_in(client)


@pytest.mark.req_part("R-017")
def test_sessions_die_on_role_password_factor_and_address(worker):
    from core import clock

    assignment = worker.role_assignments.get()
    client = _open(worker)
    end_role(assignment=assignment, last_day=clock.today(), by=None)
    assert not _still_in(client)

    client = _open(User.objects.get(pk=worker.pk))
    worker.refresh_from_db()
    worker.set_password("heel iets anders nu")
    worker.save()
    assert not _still_in(client)

    client = _open(worker)
    change_sign_in_address(user=worker, email="Nieuw@Example.org", by=None)
    assert not _still_in(client)
    worker.refresh_from_db()
    assert worker.email == "nieuw@example.org"

    client = _open(worker)
    worker.set_password(PASSWORD)
    worker.save()
    elsewhere = _open(worker)
    with_factor(worker)
    assert not _still_in(client)
    assert not _still_in(elsewhere)


def test_end_sessions_may_keep_the_one_that_asked(client, worker):
    sign_in_by_password(client, worker)
    other = _open(worker)
    secret = client.get(SET_UP).context["form"].secret
    client.post(SET_UP, {"code": app_code(secret)})
    assert _still_in(client)
    assert not _still_in(other)


@pytest.mark.parametrize(("idle", "whole"), [(30 * 60, 12 * 3600)])
def test_a_professional_is_signed_out_when_idle_and_after_a_working_day(worker, idle, whole):
    with time_machine.travel(time.time(), tick=False) as traveller:
        client = _open(worker)
        traveller.shift(idle - 1)
        assert _still_in(client)
        traveller.shift(idle + 61)
        assert not _still_in(client)

        client = _open(worker)
        for _ in range(whole // (idle - 60) + 1):
            traveller.shift(idle - 60)
            client.get(SECURITY)
        assert not signed_in(client)


def test_a_participant_stays_two_weeks(young):
    with time_machine.travel(time.time(), tick=False) as traveller:
        client = _open(young)
        traveller.shift(14 * 86400 - 1)
        assert _still_in(client)
        traveller.shift(14 * 86400 + 61)
        answer = client.get(SECURITY)
        assert answer["Location"].startswith(ASK)
        assert not signed_in(client)


# ---- The same answer for everybody ----------------------------------------


def _shape(answer) -> tuple[int, str, str]:
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
    body = re.sub(r'"X-CSRFToken": "[^"]+"', "", body)
    return answer.status_code, answer.get("Location", ""), body


def _as(address: str, text: str) -> str:
    return text.replace(address, "ADDRESS")


@pytest.mark.parametrize(("url", "field"), [(ASK, "email"), (FORGOTTEN, "email")])
def test_known_and_unknown_addresses_get_the_same_answer(url, field, young, worker):
    seen = set()
    for address in (young.email, worker.email, "nobody@example.org"):
        client = Client()
        first = _shape(client.post(url, {field: address}))
        second = _shape(client.get(first[1]))
        seen.add((first, second[0], _as(address, second[2])))
    assert len(seen) == 1


def test_a_resend_answers_the_same_for_known_and_unknown(young):
    seen = set()
    for address in (young.email, "nobody@example.org"):
        client = Client()
        client.post(ASK, {"email": address})
        first = _shape(client.post(CODE, {"action": "resend"}))
        seen.add((first, _as(address, _shape(client.get(CODE))[2])))
    assert len(seen) == 1
    assert Message.objects.count() == 2


def test_a_wrong_password_answers_the_same_for_known_and_unknown(young, worker):
    off = world.make_staff()
    off.set_password(PASSWORD)
    off.is_active = False
    off.save()
    seen = set()
    for address, password in (
        (worker.email, "x"),
        ("nobody@example.org", "x"),
        (young.email, PASSWORD),
        (off.email, PASSWORD),
    ):
        answer = Client().post(STAFF, {"login": address, "password": password})
        seen.add(_as(address, str(_shape(answer))))
    assert len(seen) == 1


def test_unknown_addresses_cost_the_same_work(monkeypatch, young, worker):
    from django.contrib.auth import hashers

    calls = []
    original = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(
        hashers.MD5PasswordHasher,
        "encode",
        lambda self, *a, **k: calls.append(1) or original(self, *a, **k),
    )
    counts = set()
    for address in (worker.email, "nobody@example.org", young.email):
        calls.clear()
        Client().post(STAFF, {"login": address, "password": "wrong"})
        counts.add(len(calls))
    assert counts == {1}


# ---- Limits ----------------------------------------------------------------

VARIANTS = ("casey@example.org", "CASEY@example.org", " Casey@EXAMPLE.org ", "ｃasey@example.org")


def test_asking_codes_is_limited_per_account_whatever_the_header_or_spelling(young):
    for n in range(12):
        Client().post(
            ASK,
            {"email": VARIANTS[n % 4]},
            HTTP_X_FORWARDED_FOR=f"10.0.0.{n}",
            REMOTE_ADDR=f"192.0.2.{n}",
        )
    assert Message.objects.count() == 4


def test_passwords_are_limited_per_account_whatever_the_header_or_spelling(worker):
    for n, email in enumerate([worker.email, worker.email.upper(), f" {worker.email} "] * 2):
        Client().post(
            STAFF,
            {"login": email, "password": "wrong"},
            HTTP_X_FORWARDED_FOR=f"10.0.0.{n}",
            REMOTE_ADDR=f"192.0.2.{n}",
        )
    client = Client()
    sign_in_by_password(client, worker, REMOTE_ADDR="192.0.2.99")
    assert not signed_in(client)


def test_limits_per_address_survive_a_spoofed_header(worker, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    answers = [
        Client()
        .post(
            STAFF,
            {"login": f"guess{n}@example.org", "password": "wrong"},
            HTTP_X_FORWARDED_FOR=f"10.0.0.{n}, 203.0.113.7",
        )
        .status_code
        for n in range(31)
    ]
    assert answers[-1] == 429
    assert set(answers[:20]) == {200}


def test_guessing_a_code_side_by_side_is_limited_per_account(young):
    """Every browser may guess three times, but the account is guessed at only ten times."""
    browsers = []
    for _ in range(4):
        client = Client()
        client.post(ASK, {"email": young.email})
        browsers.append((client, sent_code()))
    for client, _code in browsers[:3]:
        for wrong in ("000001", "000002", "000003"):
            client.post(CODE, {"code": wrong})
    last, code = browsers[3]
    last.post(CODE, {"code": "000001"})
    last.post(CODE, {"code": code})
    assert not signed_in(last)


# ---- Reset and change ------------------------------------------------------


def test_a_professional_chooses_a_new_password_by_mail_once(client, worker):
    client.post(FORGOTTEN, {"email": worker.email})
    row = Message.objects.get(template="password_reset")
    link = re.search(r"http://[^\"]+", row.secret).group().split("8000")[1]
    answer = client.get(link, follow=True)
    assert link not in answer.request["PATH_INFO"]
    form = {"password1": "vier losse woorden hier", "password2": "vier losse woorden hier"}
    assert client.post(answer.request["PATH_INFO"], form).status_code == 302
    assert not signed_in(client)
    worker.refresh_from_db()
    assert worker.check_password("vier losse woorden hier")
    again = Client().get(link, follow=True)
    assert "password1" not in again.content.decode()


def test_a_participant_gets_no_reset_link(client, young):
    client.post(FORGOTTEN, {"email": young.email})
    assert not Message.objects.exists()


# ---- Bad input -------------------------------------------------------------


@pytest.mark.parametrize(
    "evil", ["//evil.example", "https://evil.example/", "\\\\evil.example", "javascript:alert(1)"]
)
def test_next_never_leads_outside(client, young, evil):
    client.post(f"{ASK}?next={evil}", {"email": young.email, "next": evil})
    answer = client.post(f"{CODE}?next={evil}", {"code": sent_code(), "next": evil})
    assert answer["Location"] == "/"
    answer = client.post("/inloggen/uit/", {"next": evil})
    assert answer["Location"] == "/"


def test_next_inside_the_house_is_followed(client, young):
    client.post(ASK, {"email": young.email, "next": "/inloggen/uit/"})
    answer = client.post(CODE, {"code": sent_code(), "next": "/inloggen/uit/"})
    assert answer["Location"] == "/inloggen/uit/"


def test_a_forged_host_is_400(client):
    assert client.get(ASK, HTTP_HOST="evil.example").status_code == 400


@pytest.mark.parametrize("forged", ["e" * 31 + "\u00e9", "e" * 31 + "-", "e" * 7])
def test_the_database_is_asked_only_for_keys_that_this_house_can_have_given(forged: str) -> None:
    assert SessionStore("e" * 32).session_key == "e" * 32
    assert SessionStore(forged).session_key is None


@pytest.mark.parametrize("forged", ["\x00abcdefghijk", "'; drop table", "a" * 4000, "é" * 20])
def test_a_forged_session_cookie_is_a_visitor_without_a_session(client, forged):
    client.cookies["sessionid"] = forged
    assert client.get("/").status_code == 200
    assert client.get("/vandaag/").status_code == 302


def test_a_form_without_token_gets_a_friendly_page(young):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(ASK, {"email": young.email})
    assert answer.status_code == 403
    assert "<h1>" in answer.content.decode()


@pytest.mark.parametrize("bad", ["a\x00b@example.org", "x" * 100_000, "a\r\nBcc: b@c.nl", ""])
def test_bad_addresses_are_a_message_at_the_field(client, bad):
    for url, field in ((ASK, "email"), (FORGOTTEN, "email"), (STAFF, "login")):
        answer = client.post(url, {field: bad, "password": "x"})
        assert answer.status_code == 200, url
        assert "field--wrong" in answer.content.decode()
    assert not Message.objects.exists()


def test_no_signed_in_answer_is_kept_by_a_cache(client, young):
    client.force_login(young)
    for path in (SECURITY, "/inloggen/uit/", "/nothing-here/"):
        assert "no-store" in client.get(path)["Cache-Control"], path


def test_signing_out_needs_a_post(client, young):
    client.force_login(young)
    client.get("/inloggen/uit/")
    assert signed_in(client)
    client.post("/inloggen/uit/")
    assert not signed_in(client)


def test_end_sessions_ends_all(young):
    client = _open(young)
    end_sessions(user=young)
    assert not _still_in(client)
    assert reverse("account_request_login_code") == ASK

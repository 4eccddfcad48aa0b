"""In without an own mailbox: the worker's one-time code or QR, and a device that keeps nothing."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse

from core import clock
from core.accounts import one_time
from core.accounts.models import OneTimeCode, User
from core.accounts.roles import Role
from core.accounts.sessions import SessionStore
from core.audit.models import ReadEntry
from core.errors import RuleBroken
from participants.models import Trajectory
from participants.person import door_code
from tests import world
from tests.link_pages import Behind

pytestmark = pytest.mark.django_db
TYPE = "/inloggen/met-code/"


@pytest.fixture
def stay() -> Trajectory:
    """Somebody who takes part and has no e-mail address at all."""
    return world.make_trajectory(group=world.make_group(), call_name="Noor", email="")


@pytest.fixture
def worker(stay: Trajectory) -> User:
    assert stay.group is not None
    return world.make_worker(stay.group)


def signed_in(client: Client) -> str:
    return str(client.session.get("_auth_user_id", ""))


def type_in(code: str, **data: str) -> tuple[Client, Any]:
    client = Client()
    return client, client.post(TYPE, {"act": "typed", "code": code, **data})


def page_of(worker: User, stay: Trajectory) -> tuple[str, str]:
    """The code and the QR's address, as the worker's page shows them."""
    client = Client()
    client.force_login(worker)
    url = reverse("participants:hand_code", args=[stay.pk])
    assert "hand-code__code" not in client.get(url).content.decode()
    body = client.post(url).content.decode()
    found = re.search(r'hand-code__code">([^<]+)<', body)
    assert found
    assert "<svg" in body
    return found[1], body


@pytest.mark.req("R-003")
def test_somebody_without_a_mailbox_signs_in_with_the_code_the_worker_shows(stay, worker) -> None:
    code, _body = page_of(worker, stay)
    client, answer = type_in(f" {code.lower().replace(' ', '-')} ")
    assert answer["Location"] == "/"
    assert signed_in(client) == str(stay.participant.user_id)
    assert "Noor" in client.get("/vandaag/").content.decode()


def test_the_code_and_the_link_are_nowhere_in_the_database(stay, worker) -> None:
    handed = door_code.hand_code(trajectory=stay, by=worker)
    with connection.cursor() as cursor:
        cursor.execute("select r::text from accounts_onetimecode r")
        rows = str(cursor.fetchall())
    assert handed.code not in rows
    assert handed.token not in rows


def test_a_code_works_once_for_ten_minutes_and_until_it_is_taken_back(stay, worker) -> None:
    used = door_code.hand_code(trajectory=stay, by=worker).code
    assert type_in(used)[1].status_code == 302
    late = door_code.hand_code(trajectory=stay, by=worker).code
    revoked_client = Client()
    with clock.travel(clock.now() + timedelta(minutes=10, seconds=1)):
        run_out = type_in(late)
    older = door_code.hand_code(trajectory=stay, by=worker).code
    newest = door_code.hand_code(trajectory=stay, by=worker).code
    revoked_client.force_login(worker)
    revoked_client.post(reverse("participants:take_back_code", args=[stay.pk]))
    bodies = set()
    for client, answer in (run_out, *(type_in(c) for c in (used, older, newest, "ABCD2345"))):
        assert answer.status_code == 422
        assert not signed_in(client)
        body = re.sub(
            r'(name="csrfmiddlewaretoken" value|"X-CSRFToken":) ?=?"[^"]+"',
            "",
            answer.content.decode(),
        )
        bodies.add(re.sub(r'name="code" value="[^"]*"', "", body))
    assert len(bodies) == 1  # used, run out, replaced, taken back and unknown read the same


def test_a_get_changes_nothing_and_the_token_leaves_the_address(stay, worker) -> None:
    handed = door_code.hand_code(trajectory=stay, by=worker)
    client = Client()
    link = reverse("account_one_time_link", args=[handed.token])
    for _n in range(3):
        client.head(link)
        answer = client.get(link)
    assert answer.status_code == 302
    assert re.fullmatch(rf"{TYPE}[0-9a-f]{{24}}/", answer["Location"])
    assert answer["Referrer-Policy"] == "no-referrer"
    assert handed.token not in str(client.cookies)
    scan = Behind(link, client)
    page = scan.get()
    assert "Noor" in page.content.decode()
    assert handed.token not in page.content.decode()
    assert not signed_in(client)
    assert OneTimeCode.objects.get().used_at is None
    scan.post()
    assert signed_in(client) == str(stay.participant.user_id)
    assert "Noor" not in Behind(link).get().content.decode()


def test_a_forged_link_looks_like_one_that_ran_out(stay, worker) -> None:
    old = door_code.hand_code(trajectory=stay, by=worker).token
    seen = set()
    with clock.travel(clock.now() + timedelta(hours=1)):
        for token in (old, "A" * 43, old[:-1]):
            scan = Behind(reverse("account_one_time_link", args=[token]))
            page = scan.get()
            tidy = re.sub(r'value="[^"]{40,}"|"X-CSRFToken": "[^"]+"', "", page.content.decode())
            own = scan.here.split("/")[-2]
            seen.add((scan.door.status_code, page.status_code, tidy.replace(own, "")))
    assert len(seen) == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_are_one_sign_in() -> None:
    stay = world.make_trajectory(group=world.make_group(), email="")
    code = door_code.hand_code(trajectory=stay, by=world.make_worker(stay.group)).code

    def try_it(_n: int) -> bool:
        request = RequestFactory().post(TYPE)
        request.session = SessionStore()
        try:
            return one_time.use_code(request, code=code)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_it, range(50))) == 1


def test_nobody_outside_the_group_makes_one(stay, worker) -> None:
    assert stay.group is not None
    elsewhere = world.make_worker(world.make_group())
    coordinator = world.make_coordinator(stay.group.location.region)
    url = reverse("participants:hand_code", args=[stay.pk])
    for user in (elsewhere, coordinator, stay.participant.user):
        client = Client()
        client.force_login(user)
        assert client.get(url).status_code == 404
        assert client.post(url).status_code == 404
        with pytest.raises(RuleBroken):
            door_code.hand_code(trajectory=stay, by=user)
    assert not OneTimeCode.objects.exists()


def test_a_code_never_opens_a_professionals_account(worker) -> None:
    with pytest.raises(RuleBroken):
        one_time.make_code(user=worker, by=world.make_staff())


def test_making_one_is_written_down_as_opening_a_record(stay, worker) -> None:
    door_code.hand_code(trajectory=stay, by=worker)
    entry = ReadEntry.objects.get()
    assert (entry.user, entry.record, entry.subject_ids) == (worker, "sign_in_code", [stay.pk])


def test_a_worker_cannot_use_it_where_they_are_signed_in(stay, worker) -> None:
    code = door_code.hand_code(trajectory=stay, by=worker).code
    client = Client()
    client.force_login(worker)
    answer = client.post(TYPE, {"act": "typed", "code": code})
    assert answer.status_code == 409
    assert signed_in(client) == str(worker.pk)
    assert OneTimeCode.objects.get().used_at is None


def test_the_young_person_is_asked_afterwards_and_reads_who_made_it(stay, worker) -> None:
    code = door_code.hand_code(trajectory=stay, by=worker).code
    client, _answer = type_in(code)
    assert "Was jij dat?" not in client.get("/vandaag/").content.decode()
    with clock.travel(clock.now() + timedelta(hours=7)):
        assert "Was jij dat?" in client.get("/vandaag/").content.decode()
        page = client.get("/hoe-ik-inlog/").content.decode()
        assert "Fleur" in page
        client.post("/hoe-ik-inlog/", {"code": OneTimeCode.objects.get().pk, "act": "me"})
        assert "Was jij dat?" not in client.get("/vandaag/").content.decode()
        assert "Fleur" in client.get("/hoe-ik-inlog/").content.decode()


def test_that_was_not_me_ends_every_other_session_and_reaches_the_coordinator(stay, worker) -> None:
    """Trust.md 11a: a named person outside the group hears it; its workers see no trace."""
    assert stay.group is not None
    coordinator = world.make_coordinator(stay.group.location.region)
    elsewhere = world.make_coordinator(world.make_region())
    thief, _answer = type_in(door_code.hand_code(trajectory=stay, by=worker).code)
    own, _answer = type_in(door_code.hand_code(trajectory=stay, by=worker).code)
    first = OneTimeCode.objects.earliest("made_at")
    own.post("/hoe-ik-inlog/", {"code": first.pk, "act": "not_me"})
    assert thief.get("/vandaag/").status_code == 302
    assert own.get("/vandaag/").status_code == 200
    assert [t.about for t in world.waiting(coordinator, "disputed_code")] == [first.pk]
    assert world.waiting(worker, "disputed_code") == []
    client = Client()
    client.force_login(worker)
    page = client.get(reverse("participants:hand_code", args=[stay.pk])).content.decode()
    assert "niet mij" not in page
    url = reverse("participants:disputed_code", args=[first.pk])
    for user, status in ((worker, 404), (elsewhere, 404), (coordinator, 200)):
        client = Client()
        client.force_login(user)
        assert client.get(url).status_code == status
    client.post(url)
    assert world.waiting(coordinator, "disputed_code") == []


def test_who_made_the_code_or_leads_the_group_never_hears_it_as_coordinator(stay, worker) -> None:
    """The page promises somebody who is not in the group: else the quality coordinator hears it."""
    assert stay.group is not None
    region = stay.group.location.region
    colleague = world.make_worker(stay.group, "Sem")
    for both in (worker, colleague):
        world.give_role(both, Role.REGIONAL_COORDINATOR, region=region)
    quality = world.make_national(Role.QUALITY_COORDINATOR)
    own, _answer = type_in(door_code.hand_code(trajectory=stay, by=worker).code)
    row = OneTimeCode.objects.get()
    own.post("/hoe-ik-inlog/", {"code": row.pk, "act": "not_me"})
    url = reverse("participants:disputed_code", args=[row.pk])
    for both in (worker, colleague):
        assert world.waiting(both, "disputed_code") == []
        assert world.eyes(both).post(url).status_code == 404
    assert [t.about for t in world.waiting(quality, "disputed_code")] == [row.pk]
    outside = world.make_coordinator(region)
    assert [t.about for t in world.waiting(outside, "disputed_code")] == [row.pk]
    assert world.waiting(quality, "disputed_code") == [], "the region itself comes first"
    assert world.eyes(quality).get(url).status_code == 404
    assert world.eyes(outside).get(url).status_code == 200


def test_disputes_cost_the_coordinator_the_same_for_one_and_for_five(
    stay, worker, django_assert_num_queries
) -> None:
    assert stay.group is not None
    coordinator = world.make_coordinator(stay.group.location.region)

    def dispute(whose: Trajectory) -> None:
        door_code.hand_code(trajectory=whose, by=worker)
        OneTimeCode.objects.update(disputed_at=clock.now())

    dispute(stay)
    for there in (1, 5):
        while OneTimeCode.objects.count() < there:
            dispute(world.make_trajectory(group=stay.group))
        coordinator = User.objects.get(pk=coordinator.pk)
        with django_assert_num_queries(7):
            assert len(world.waiting(coordinator, "disputed_code")) == there


def test_somebody_elses_code_cannot_be_confirmed(stay, worker) -> None:
    door_code.hand_code(trajectory=stay, by=worker)
    other = world.make_trajectory(group=stay.group)
    client = Client()
    client.force_login(other.participant.user)
    for act in ("me", "not_me"):
        client.post("/hoe-ik-inlog/", {"code": OneTimeCode.objects.get().pk, "act": act})
    row = OneTimeCode.objects.get()
    assert (row.confirmed_at, row.disputed_at) == (None, None)


def test_codes_are_limited_per_account_and_per_worker(stay, worker) -> None:
    for _n in range(one_time.MOST_A_DAY):
        door_code.hand_code(trajectory=stay, by=worker)
    with pytest.raises(RuleBroken):
        door_code.hand_code(trajectory=stay, by=worker)


def test_guessing_is_limited_whatever_the_header() -> None:
    answers = [
        Client()
        .post(TYPE, {"act": "typed", "code": f"ABCD{n:04}"}, HTTP_X_FORWARDED_FOR=f"10.0.0.{n}")
        .status_code
        for n in range(31)
    ]
    assert set(answers[:30]) == {422}
    assert answers[-1] == 429


@pytest.mark.parametrize("code", ["", "\x00", "🙂" * 8, "A" * 5000, "' or 1=1 --"])
def test_nonsense_is_refused_kindly(code: str) -> None:
    assert type_in(code)[1].status_code == 422


# ---- A device that others use too --------------------------------------------


def test_a_shared_device_keeps_nothing(stay, worker) -> None:
    code = door_code.hand_code(trajectory=stay, by=worker).code
    client, _answer = type_in(code, shared="on")
    assert client.cookies["sessionid"]["max-age"] == ""
    page = client.get("/vandaag/")
    assert "Gedeeld apparaat" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    answer = client.post("/inloggen/uit/")
    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert client.get("/vandaag/").status_code == 302


def test_an_own_device_stays_signed_in_and_shows_no_bar(stay, worker) -> None:
    code = door_code.hand_code(trajectory=stay, by=worker).code
    client, _answer = type_in(code)
    assert client.cookies["sessionid"]["max-age"] > 0
    assert "Gedeeld apparaat" not in client.get("/vandaag/").content.decode()
    assert client.post("/inloggen/uit/")["Clear-Site-Data"] == '"cache", "storage"'


def test_a_shared_device_signs_out_after_ten_quiet_minutes(stay, worker) -> None:
    with time_machine.travel(time.time(), tick=False) as traveller:
        client, _answer = type_in(door_code.hand_code(trajectory=stay, by=worker).code, shared="on")
        client.get("/vandaag/")
        traveller.shift(9 * 60)
        assert client.get("/vandaag/").status_code == 200
        traveller.shift(11 * 60)
        answer = client.get("/mijn-gegevens/")
        assert answer["Location"] == "/inloggen/"  # not even where somebody was
        assert "storage" in answer["Clear-Site-Data"]
        assert not signed_in(client)


def test_the_code_from_the_mail_can_be_used_on_a_shared_device(client) -> None:
    from core.messaging.models import Message

    world.make_participant(email="casey@example.org")
    client.post("/inloggen/", {"email": "casey@example.org"})
    code = re.search(r"\d{6}", str(Message.objects.get().secret))
    assert code
    client.post("/inloggen/code/", {"code": code.group(), "action": "verify", "shared": "on"})
    assert client.session["shared_device"] is True
    assert client.cookies["sessionid"]["max-age"] == ""

"""Who opened which personal record: written with the page, never changed (R-020)."""

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client

from core.audit.log import opened
from core.audit.models import ReadEntry
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    return world.make_group()


@pytest.fixture
def stay(group):
    return world.make_trajectory(group=group, call_name="Kanarie")


@pytest.fixture
def worker(group):
    return world.make_worker(group)


def open_page(user, address):
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client.get(address)


@pytest.mark.req("R-020")
def test_opening_a_file_writes_person_time_and_record(stay, worker):
    assert open_page(worker, f"/deelnemers/{stay.pk}/").status_code == 200
    line = ReadEntry.objects.get()
    assert (line.user, line.record, line.subject_ids) == (worker, "file", [stay.pk])
    assert line.at
    assert len(line.session) == 16


@pytest.mark.req("R-020")
def test_the_line_tells_sessions_apart_and_opens_none(stay, worker):
    """Who reads the log finds one visit again, never the key of somebody's browser."""
    browser = world.eyes(worker)
    for part in ("", "antwoorden/"):
        browser.get(f"/deelnemers/{stay.pk}/{part}")
    world.eyes(worker).get(f"/deelnemers/{stay.pk}/")
    first, second, elsewhere = ReadEntry.objects.order_by("at", "pk")
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert first.session == second.session != elsewhere.session
    assert first.session
    assert not key.startswith(first.session)


@pytest.mark.req("R-020")
def test_opening_answers_is_a_line_of_its_own(stay, worker):
    assert open_page(worker, f"/deelnemers/{stay.pk}/antwoorden/").status_code == 200
    assert list(ReadEntry.objects.values_list("record", flat=True)) == ["answers"]


@pytest.mark.req("R-020")
def test_a_list_of_records_is_one_line_with_all_ids(group, worker):
    applicants = [world.make_trajectory(group=group, phase="signed_up") for _ in range(3)]
    assert open_page(worker, "/aanmeldingen/").status_code == 200
    assert set(ReadEntry.objects.get().subject_ids) == {stay.pk for stay in applicants}


@pytest.mark.req("R-020")
def test_a_refused_visit_writes_nothing(stay):
    elsewhere = world.make_worker(world.make_group())
    assert open_page(elsewhere, f"/deelnemers/{stay.pk}/").status_code == 404
    assert not ReadEntry.objects.exists()


@pytest.mark.req("R-020")
@pytest.mark.parametrize("part", ["", "antwoorden/"])
def test_no_log_no_data(stay, worker, monkeypatch, part):
    def full_disk(*args, **kwargs):
        raise DatabaseError("the log cannot be written")

    monkeypatch.setattr(ReadEntry.objects, "create", full_disk)
    answer = open_page(worker, f"/deelnemers/{stay.pk}/{part}")
    assert answer.status_code == 500
    assert "Kanarie" not in answer.content.decode()


@pytest.mark.req("R-020")
@pytest.mark.parametrize(
    "attempt",
    [
        lambda: ReadEntry.objects.update(record="nothing"),
        lambda: ReadEntry.objects.all().delete(),
        lambda: _sql("update audit_readentry set record = 'nothing'"),
        lambda: _sql("delete from audit_readentry"),
    ],
    ids=["update", "delete", "raw update", "raw delete"],
)
def test_the_log_only_grows(stay, worker, attempt):
    opened(worker, "file", [stay.pk])
    with pytest.raises(DatabaseError), transaction.atomic():
        attempt()
    assert ReadEntry.objects.get().record == "file"


def _sql(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)

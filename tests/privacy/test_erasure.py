"""A person filled into every table, given out and erased: no canary is left, the counts are."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from core import clock, ports
from core.accounts.models import User
from core.messaging.models import Contact, Message
from core.organisations.models import Group
from core.privacy import OWN, REST, as_json
from groups.models import Attendance, Placement
from participants.models import Intake, Judgement, Trajectory
from participants.rights import erasure
from participants.rights.privacy import person_of
from questionnaires.models import Draft, Invitation, Response
from tests.fixtures.database import built_once
from tests.privacy.filling import CANARY, Filled, still_there, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_file(settings, tmp_path):
    settings.ERASURES_FILE = str(tmp_path / "apart" / "erasures.jsonl")


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Filled]:
    """One person filled into every table; each test is undone."""
    with built_once(django_db_blocker):
        yield Filled()


@pytest.fixture
def filled(db: None, built: Filled) -> Filled:
    return deepcopy(built)


def told(filled: Filled, part: str) -> str:
    person = person_of(filled.person)
    sections = [s for answer in ports.export_person(person, part) for s in answer]
    return json.dumps(as_json(sections), ensure_ascii=False)


def test_every_table_knows_the_person_first(filled):
    assert len(still_there()) > 25
    assert "participants.Intake.need" in still_there()


@pytest.mark.req_part("R-101")
def test_nobody_finds_an_erased_person_and_the_counts_stay(filled):
    before = {model: model.objects.count() for model in (Attendance, Response, Placement)}
    assert erasure.erase_person(participant=filled.person, by=filled.worker)
    assert still_there() == set()
    assert {model: model.objects.count() for model in before} == before
    assert not Judgement.objects.exists()
    assert not Draft.objects.exists()
    assert Intake.objects.get().decision


def test_a_second_time_changes_nothing(filled):
    assert erasure.erase_person(participant=filled.person)
    assert not erasure.erase_person(participant=filled.person)


def test_erasing_ends_the_stay_the_questions_and_the_seat(filled):
    assert Invitation.objects.filter(state="open").exists()
    erasure.erase_person(participant=filled.person, by=filled.worker)
    stay = Trajectory.objects.get()
    assert (stay.phase, stay.follow_up_waived) == ("former", "erased")
    assert not Invitation.objects.filter(state="open").exists()
    assert not Placement.objects.filter(last_day=None).exists()
    assert Group.objects.get(pk=filled.group.pk).places_taken == 0


def test_nobody_can_sign_in_or_be_written_to_any_more(filled, client):
    user = filled.person.user
    client.force_login(user)
    assert client.get("/vandaag/").status_code == 200
    erasure.erase_person(participant=filled.person)
    assert client.get("/vandaag/").status_code == 302
    closed = User.objects.get(pk=user.pk)
    assert (closed.email, closed.is_active) == (None, False)
    assert not Contact.objects.exclude(email="").filter(user=None, referrer=None).exists()
    assert not Message.objects.filter(state__in=["queued", "sending", "dead"]).exists()


def test_the_workers_no_longer_have_a_file(filled, client):
    client.force_login(filled.worker)
    assert client.get(f"/deelnemers/{filled.stay.pk}/").status_code == 200
    erasure.erase_person(participant=filled.person)
    assert client.get(f"/deelnemers/{filled.stay.pk}/").status_code == 404


def test_the_own_package_has_the_own_words_and_not_what_others_wrote(filled):
    Intake.objects.all().delete()
    intake = Intake(trajectory=filled.stay, need="geheim van een ander")
    intake.save()
    own, rest = told(filled, OWN), told(filled, REST)
    assert CANARY in own
    assert "geheim van een ander" not in own
    assert "geheim van een ander" in rest


def test_every_figure_of_the_package_reads_as_text_too(filled):
    person = person_of(filled.person)
    for answer in ports.export_person(person, OWN) + ports.export_person(person, REST):
        for section in answer:
            assert all(fact.label and fact.text for entry in section.told for fact in entry)


def test_the_year_of_birth_stays_for_the_figures(filled):
    born = filled.person.birth_date
    erasure.erase_person(participant=filled.person)
    filled.person.refresh_from_db()
    assert filled.person.birth_date == born.replace(month=1, day=1)
    assert filled.person.erased_at is not None
    assert clock.day_of(filled.person.erased_at) == clock.today()
    assert CANARY not in words_of(filled.person)

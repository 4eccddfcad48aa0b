"""C-45, R-349: what is not sent is the young person's own, and every page says so."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from core import ports
from core.accounts.models import Role
from core.messaging.models import Message
from core.messaging.rendering import render
from core.privacy import OWN, REST
from joinus.home.waiting import todos_for
from participants.models import Trajectory
from participants.rights import erasure
from participants.rights.privacy import person_of
from questionnaires.answers.answering import save_answers
from questionnaires.cycle.reminders import params, text_by_hand
from questionnaires.models import Draft, Invitation
from tests import world
from tests.questionnaires.answers.test_pages import text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-349")]

PROMISE = "Je begeleiders zien je antwoorden pas als je ze verstuurt"
#: "Altijd" on both items that ask for a talk once they are sent (R-216).
HEAVY = 5
NATIONAL = (Role.QUALITY_COORDINATOR, Role.FOUNDATION, Role.RESEARCHER)


@pytest.fixture
def worker(stay: Trajectory) -> Any:
    return world.worker_of(stay)


def answer(wave: Invitation, *numbers: int, value: int = HEAVY) -> None:
    save_answers(
        invitation=wave,
        values=dict.fromkeys(numbers, value),
        by=wave.trajectory.participant.user,
    )


def all_answered(wave: Invitation) -> None:
    answer(wave, *range(1, 23), value=2)


def exported() -> list[Any]:
    out = StringIO()
    call_command("export_cycle", "--json", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_nobody_reads_what_is_not_sent_and_no_signal_follows(
    casey: Client, stay: Trajectory, wave: Invitation, worker: Any
) -> None:
    """The workers' page, what waits, the file, the export and the rest package: as before."""
    eyes = world.eyes(worker)
    pages = [
        reverse("questionnaires:answers", args=[stay.pk]),
        reverse("home:file", args=[stay.pk]),
        "/vandaag/",
    ]

    def seen() -> list[Any]:
        rest = [
            [s.told for s in part]
            for part in ports.export_person(person_of(stay.participant), REST)
        ]
        shown = [text_of(eyes.get(page)) for page in pages]
        waits = [(t.kind, str(t.title), str(t.reason)) for t in todos_for(worker)]
        mails = list(Message.objects.order_by("pk").values_list("pk", "template", "contact"))
        return [shown, waits, exported(), rest, mails]

    before = seen()
    answer(wave, 1, 2, 3)
    assert seen() == before
    answer(wave, *range(4, 19), value=1)
    assert seen() == before


def test_every_screen_says_so(casey: Client, stay: Trajectory, wave: Invitation) -> None:
    assert PROMISE in text_of(casey.get("/vandaag/"))
    assert PROMISE in text_of(casey.get(url("who_reads", wave)))
    for number in range(1, 23):
        assert PROMISE in text_of(casey.get(url("item", wave, number)))
    answer(wave, 1)
    for name in ("finish", "stop_here"):
        assert PROMISE in text_of(casey.get(url(name, wave)))
    all_answered(wave)
    assert PROMISE in text_of(casey.get(url("finish", wave)))


def test_who_reads_it_once_sent_is_whom_the_page_names_and_nobody_else(
    casey: Client, stay: Trajectory, wave: Invitation, worker: Any
) -> None:
    says = text_of(casey.get(url("who_reads", wave)))
    assert "Dan lezen de begeleiders van jouw groep ze" in says
    assert "Anderen zien alleen cijfers van veel mensen samen" in says
    assert stay.group is not None
    organisation = stay.group.location.organisation
    others = {
        "of another group": world.make_worker(world.make_group(organisation=organisation)),
        "coordinator": world.make_coordinator(stay.region),
        "manager": world.make_manager(organisation),
        **{str(role): world.make_national(role) for role in NATIONAL},
        "another young person": world.make_trajectory(group=stay.group).participant.user,
    }
    answer(wave, 1, 2)
    assert casey.post(url("finish", wave)).status_code == 302
    page = reverse("questionnaires:answers", args=[stay.pk])
    assert world.eyes(worker).get(page).status_code == 200
    read = {name for name, user in others.items() if world.eyes(user).get(page).status_code == 200}
    assert read == set()


def test_with_everything_answered_the_last_screen_has_one_act(
    casey: Client, wave: Invitation
) -> None:
    all_answered(wave)
    page = casey.get(url("finish", wave)).content.decode().split('id="content"')[1]
    assert page.count("<button") == 1
    assert 'class="button' not in page.replace('<button type="submit" class="button', "")
    assert "Verstuur" in page


def test_leaving_half_way_offers_to_send_what_is_there(casey: Client, wave: Invitation) -> None:
    way = url("stop_here", wave)
    assert way not in casey.get(url("item", wave, 1)).content.decode(), "nothing to send yet"
    assert casey.get(way).status_code == 302
    answer(wave, 1, 2)
    assert way in casey.get(url("item", wave, 3)).content.decode()
    page = casey.get(way)
    assert "2 antwoorden zijn hier bewaard" in text_of(page)
    assert f'action="{url("finish", wave)}"' in page.content.decode()
    casey.post(url("finish", wave))
    wave.refresh_from_db()
    assert wave.state == "answered"
    assert wave.response.given() == {1: HEAVY, 2: HEAVY}


def test_the_reminder_says_that_it_is_not_sent(stay: Trajectory, wave: Invitation) -> None:
    all_answered(wave)
    message = Message(
        contact=stay.participant.contact,
        template="wave_reminder",
        params=params(wave),
        kind="questionnaire_reminder",
    )
    assert "nog niet verstuurd" in render(message).text
    assert "nog niet verstuurd" in text_by_hand(wave)


def test_the_partial_of_a_missed_wave_is_the_own_and_goes_with_the_stay(
    casey: Client, stay: Trajectory, wave: Invitation, worker: Any
) -> None:
    answer(wave, 1, 2)
    Invitation.objects.filter(pk=wave.pk).update(state="missed")
    Draft.objects.update(partial=True)
    person = person_of(stay.participant)

    def sections(part: str) -> dict[str, Any]:
        found = [s for answer in ports.export_person(person, part) for s in answer]
        return {s.key: s.told for s in found}

    assert len(sections(OWN)["not_sent"]) == 1
    assert "not_sent" not in sections(REST)
    page = world.eyes(worker).get(reverse("questionnaires:answers", args=[stay.pk]))
    assert "Nog geen antwoorden" in text_of(page)
    erasure.erase_person(participant=stay.participant, by=worker)
    assert not Draft.objects.exists()

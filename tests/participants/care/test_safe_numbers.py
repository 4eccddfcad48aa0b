"""A number for WhatsApp alone dials nowhere, and one that is not safe is not shown (R-348)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from core import clock
from participants.models import Trajectory
from tests import world
from tests.questionnaires.build import make_invitation

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-348")]

PLACES = (
    ("participants:applicant", "signed_up"),
    ("participants:reach", "participating"),
    ("home:details", "participating"),
    ("home:file", "participating"),
    ("participants:hand_over", "referred"),
    ("questionnaires:aftercare", "former"),
)


def stay_in(phase: str, way: str) -> tuple[Trajectory, str]:
    group = world.make_group()
    gone: dict[str, Any] = {}
    if phase == "former":
        gone = {"exited_on": clock.today() - timedelta(days=120), "exit_kind": "goal"}
    stay = world.make_trajectory(group=group, phase=phase, call_name="Sam", age=17, **gone)
    if phase == "former":
        answered = clock.today() - timedelta(days=20)
        make_invitation(stay, "follow_up", state="answered", answered_on=answered)
    contact = stay.participant.contact
    contact.phone, contact.safe_channels = "06 11 22 33 44", [way]
    contact.save()
    return stay, "06 11223344"


@pytest.mark.parametrize(("name", "phase"), PLACES)
@pytest.mark.parametrize("way", ["phone", "whatsapp", "email"])
def test_a_number_dials_only_where_a_call_is_safe(name: str, phase: str, way: str) -> None:
    stay, number = stay_in(phase, way)
    answer = world.eyes(world.worker_of(stay)).get(reverse(name, args=[stay.pk]))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert ('href="tel:+31611223344"' in page) == (way == "phone")
    assert (number in page) == (way != "email")

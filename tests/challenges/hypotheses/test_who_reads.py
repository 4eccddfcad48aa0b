"""R-154: a hypothesis is for the youth workers of the group; the person reads it on request."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from challenges import privacy
from challenges.hypotheses.agreeing import say_opinion
from challenges.hypotheses.outcome import drop
from challenges.models import Hypothesis, Opinion
from core.privacy import OWN, REST
from participants.rights.erasure import erase_person
from participants.rights.privacy import person_of
from tests import world
from tests.challenges.hypotheses.conftest import Minds, move
from tests.challenges.observations.conftest import DAY
from tests.challenges.observations.test_who_reads import ELSEWHERE, OTHERS

THOUGHT = "kanariehypothese"


@pytest.fixture
def row(scene: Minds) -> Hypothesis:
    found = scene.think(scene.saw(), text=THOUGHT)
    say_opinion(hypothesis=found, agrees=False, by=scene.daan, version=1, text=THOUGHT)
    return found


def pages(row: Hypothesis) -> list[str]:
    stay, one = [row.trajectory_id], [row.pk]
    return [
        reverse("challenges:hypotheses", args=stay),
        reverse("challenges:new_hypothesis", args=stay),
        reverse("challenges:hypothesis", args=one),
        reverse("challenges:change_hypothesis", args=one),
        reverse("challenges:instead", args=one),
    ]


@pytest.mark.req("R-154")
@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_reads_or_writes_it_on_any_screen(
    scene: Minds, row: Hypothesis, who: str
) -> None:
    user = OTHERS[who](scene)
    eyes = world.eyes(user) if user else Client()
    sent: dict[str, Any] = {"text": "Anders", "mechanism": row.mechanism, "version": 1}
    for path in pages(row):
        for answer in (
            eyes.get(path),
            *(eyes.post(path, sent | {"act": act, "on": DAY}) for act in ("agree", "drop")),
        ):
            assert answer.status_code in ((302,) if user is None else (404, 405)), path
            assert THOUGHT not in answer.content.decode()
    for path in (
        reverse("home:today"),
        reverse("groups:group", args=[scene.group.pk]),
        *(reverse(name, args=[scene.casey.pk]) for name in ELSEWHERE),
    ):
        assert THOUGHT not in eyes.get(path, follow=True).content.decode(), path
    row.refresh_from_db()
    assert (row.text, row.outcome, row.opinions.count()) == (THOUGHT, "", 2)
    visible = Hypothesis.objects.visible_to(user) if user else Hypothesis.objects.none()
    assert not visible.exists()


@pytest.mark.req("R-154")
def test_the_workers_of_the_group_do_and_in_another_group_its_own(
    scene: Minds, row: Hypothesis
) -> None:
    new = world.make_group()
    bo = world.make_worker(new, "Bo Elders")

    def reads(user: Any) -> list[int]:
        return [world.eyes(user).get(path).status_code for path in pages(row)]

    assert reads(scene.fleur) == reads(scene.daan) == [200] * 5
    assert reads(bo) == [404] * 5
    move(scene.casey, new)
    assert reads(bo) == [200] * 5
    assert reads(scene.fleur) == reads(scene.daan) == [404] * 5


@pytest.mark.req("R-154")
def test_the_person_has_it_in_the_answered_request_and_nowhere_else(
    scene: Minds, row: Hypothesis
) -> None:
    """C-35: read together, after a worker's check for others."""
    drop(hypothesis=row, by=scene.fleur, on=DAY, text=THOUGHT)
    person = person_of(scene.casey.participant)
    assert THOUGHT not in str(privacy.export_person(person, OWN))
    rest = [s for s in privacy.export_person(person, REST) if s.key in ("hypotheses", "opinions")]
    assert str(rest).count(THOUGHT) == 3
    assert "Fleur" not in str(rest)


def test_erased_nothing_is_left_of_it(scene: Minds, row: Hypothesis) -> None:
    erase_person(participant=scene.casey.participant, by=scene.fleur)
    assert not Hypothesis.objects.exists()
    assert not Opinion.objects.exists()

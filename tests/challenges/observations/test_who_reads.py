"""R-154: observations are for the youth workers of the group; the person reads them on request."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from challenges import privacy
from challenges.models import Observation
from challenges.observations import jottings
from challenges.observations.abc_scheme import write_observation
from challenges.permissions import OBSERVE
from core import clock
from core.accounts.models import RoleAssignment
from core.accounts.roles import Role
from core.ids import uuid7
from core.privacy import OWN, REST
from participants.models import DataRequest
from participants.recusal.recusal import recuse
from participants.rights import requests
from participants.rights.privacy import person_of
from tests import world
from tests.challenges.observations.conftest import Scene

SEEN, LINE = "kanarieobservatie", "kanarieregel"


@pytest.fixture
def row(scene: Scene) -> Observation:
    jottings.remember(trajectory=scene.casey, text=LINE, client_id=uuid7(), by=scene.fleur)
    return write_observation(
        trajectory=scene.casey,
        seen=scene.seen(
            behaviour=SEEN, antecedent=SEEN, followed={"positive": [SEEN], "negative": [SEEN]}
        ),
        client_id=uuid7(),
        by=scene.fleur,
    )


def former(scene: Scene) -> Any:
    user = world.make_worker(scene.group, "Sem Vos")
    yesterday = clock.today() - timedelta(days=1)
    RoleAssignment.objects.filter(user=user).update(valid_until=yesterday)
    return user


def recused(scene: Scene) -> Any:
    user = world.make_worker(scene.group, "Nadia Smit")
    recuse(trajectory=scene.casey, worker=user, by=user, said_by="worker")
    return user


def no_worker(_scene: Scene) -> None:
    return None


OTHERS = {
    "coordinator": lambda s: world.make_coordinator(s.group.location.region),
    "manager": lambda s: world.make_manager(s.group.location.organisation),
    "quality": lambda _s: world.make_national(Role.QUALITY_COORDINATOR),
    "foundation": lambda _s: world.make_national(Role.FOUNDATION),
    "researcher": lambda _s: world.make_national(Role.RESEARCHER),
    "participant": lambda s: s.casey.participant.user,
    "another participant of the group": lambda s: s.riley.participant.user,
    "worker of another group": lambda _s: world.make_worker(world.make_group(), "Elders"),
    "recused worker": recused,
    "former worker": former,
    "municipality or parent, without an account": no_worker,
}


def everything(scene: Scene, row: Observation) -> list[str]:
    stay = [scene.casey.pk]
    return [
        reverse("challenges:observe", args=stay),
        reverse("challenges:observations", args=stay),
        reverse("challenges:observation", args=[row.pk]),
    ]


#: Where this person is met by who may be there.
ELSEWHERE = (
    "home:file",
    "home:time_line",
    "home:details",
    "challenges:of_stay",
    "participants:route",
)


@pytest.mark.req("R-154")
@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_reads_or_writes_it_on_any_screen(
    scene: Scene, row: Observation, who: str
) -> None:
    user = OTHERS[who](scene)
    eyes = world.eyes(user) if user else Client()
    line = scene.casey.jottings.get()
    for path in everything(scene, row):
        for answer in (eyes.get(path), eyes.post(path, scene.form(behaviour="Anders"))):
            refused = (302,) if user is None else (404, 405)
            assert answer.status_code in refused, path
            assert SEEN not in answer.content.decode()
    for path in (
        reverse("challenges:remembered"),
        reverse("challenges:jotting", args=[line.pk]),
        reverse("challenges:observe_in", args=[scene.group.pk]),
        reverse("home:today"),
        reverse("groups:meeting", args=[scene.meeting.pk]),
        reverse("groups:logbook", args=[scene.meeting.pk]),
        reverse("groups:group", args=[scene.group.pk]),
        *(reverse(name, args=[scene.casey.pk]) for name in ELSEWHERE),
    ):
        page = eyes.get(path, follow=True).content.decode()
        assert SEEN not in page, path
        assert LINE not in page, path
    row.refresh_from_db()
    assert row.behaviour == SEEN
    visible = Observation.objects.visible_to(user) if user else Observation.objects.none()
    assert not visible.exists()


@pytest.mark.req("R-154")
def test_no_other_role_may_ever_be_given_it() -> None:
    assert OBSERVE.roles == {Role.YOUTH_WORKER}
    assert not OBSERVE.participants


@pytest.mark.req("R-154")
def test_the_two_workers_of_the_group_do(scene: Scene, row: Observation) -> None:
    for user in (scene.fleur, scene.daan):
        path = reverse("challenges:observations", args=[scene.casey.pk])
        assert SEEN in world.eyes(user).get(path).content.decode()


class TestOnRequest:
    """C-35: not on a screen and not in the package of one tap, but in the answered request."""

    @pytest.mark.req("R-101")
    @pytest.mark.req("R-156")
    def test_not_in_what_the_person_downloads_at_once(self, scene: Scene, row: Observation) -> None:
        eyes = world.eyes(scene.casey.participant.user)
        for name in ("participants:known", "participants:package", "participants:package_file"):
            page = eyes.get(reverse(name), follow=True)
            assert page.status_code == 200
            assert SEEN not in page.content.decode()
        assert SEEN not in str(privacy.export_person(person_of(scene.casey.participant), OWN))

    @pytest.mark.req("R-101")
    @pytest.mark.req("R-156")
    def test_in_the_answer_to_a_request_which_the_worker_checks_first(
        self, scene: Scene, row: Observation
    ) -> None:
        user = scene.casey.participant.user
        asked = requests.ask(trajectory=scene.casey, kind=DataRequest.Kind.COPY, by=user)
        there = reverse("participants:rest_of_data", args=[asked.pk])
        page = world.eyes(scene.fleur).get(there).content.decode()
        assert page.count(SEEN) == 4
        assert LINE in page
        assert world.eyes(user).get(there).status_code in (403, 404)
        sections = privacy.export_person(person_of(scene.casey.participant), REST)
        assert SEEN in str(sections)
        assert "Fleur" not in str([s for s in sections if s.key == "observations"])

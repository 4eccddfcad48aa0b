"""As for observations: Group A of Fleur and Daan, in which Casey and Riley take part."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from challenges.hypotheses.thinking import Idea, write_hypothesis
from challenges.models import Hypothesis, Observation
from challenges.observations.abc_scheme import write_observation
from core import clock
from core.accounts.models import RoleAssignment, User
from core.ids import uuid7
from core.organisations.models import Group
from participants.models import Trajectory
from tests import world
from tests.challenges.observations.conftest import DAY, Scene, make_scene

NOT_ABLE, NOT_DARING = "social_skills_deficit", "negative_cognitions"
THINKS = "Weet niet hoe je vraagt of je mee mag doen"


@dataclass
class Minds(Scene):
    """The same scene, with what the workers think."""

    def think(self, *rests_on: Observation, **more: Any) -> Hypothesis:
        by, stay = more.pop("by", self.fleur), more.pop("stay", self.casey)
        client_id = more.pop("client_id", None) or uuid7()
        return write_hypothesis(
            trajectory=stay, idea=self.idea(*rests_on, **more), client_id=client_id, by=by
        )

    def idea(self, *rests_on: Observation, **more: Any) -> Idea:
        given: dict[str, Any] = {"text": THINKS, "mechanism": NOT_ABLE}
        return Idea(**given | more, rests_on=frozenset(row.pk for row in rests_on))

    def saw(self, days_ago: int = 0, *, stay: Trajectory | None = None, **more: Any) -> Observation:
        """At a meeting so many days ago, or at the one of today."""
        by = more.pop("by", self.fleur)
        if days_ago:
            day = DAY - timedelta(days=days_ago)
            meeting = world.make_meeting(self.group, day)
            more |= {"on": day, "meeting": meeting.pk}
        return write_observation(
            trajectory=stay or self.casey, seen=self.seen(**more), client_id=uuid7(), by=by
        )


@pytest.fixture(autouse=True)
def _that_evening() -> Iterator[None]:
    with clock.travel(clock.at(DAY, 19, 40)):
        yield


@pytest.fixture
def scene(db: None) -> Minds:
    return make_minds()


def make_minds() -> Minds:
    return Minds(**vars(make_scene()))


def leave(user: User, day: date) -> None:
    """Their role ended before this day."""
    RoleAssignment.objects.filter(user=user).update(valid_until=day - timedelta(days=1))
    user.__dict__.pop("_roles_in_force", None)


def move(stay: Trajectory, group: Group) -> None:
    Trajectory.objects.filter(pk=stay.pk).update(group=group)
    stay.refresh_from_db()

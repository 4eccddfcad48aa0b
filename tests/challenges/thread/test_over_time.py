"""What one question was answered with over time, and for whom."""

import pytest

from core.accounts.roles import Role
from questionnaires.answers.over_time import answers_over_time
from tests import world
from tests.challenges.thread.conftest import Scene


@pytest.mark.req("R-213")
def test_the_own_workers_read_printed_words_and_nothing_is_added_up(scene: Scene) -> None:
    found = answers_over_time(scene.casey, scene.fleur, "social_skills")
    assert found is not None
    assert [one.words for one in found.answers] == ["Vaak", "Soms", "liever niet"]
    assert [one.place for one in found.answers] == [0.75, 0.5, None]
    assert answers_over_time(scene.riley, scene.fleur, "social_skills") is None


@pytest.mark.req("R-005")
def test_nobody_else_is_told_an_answer(scene: Scene) -> None:
    users = (
        world.make_coordinator(scene.group.location.region),
        world.make_manager(scene.group.location.organisation),
        world.make_national(Role.FOUNDATION),
        world.make_worker(world.make_group(), "Els Elders"),
        scene.riley.participant.user,
    )
    for user in users:
        assert answers_over_time(scene.casey, user, "social_skills") is None

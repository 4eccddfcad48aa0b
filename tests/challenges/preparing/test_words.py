"""R-135: what the two workers write for one person at one meeting, and what becomes of it."""

from datetime import timedelta

import pytest

from challenges.models import PlannedSupport, Preparation
from challenges.preparing.words import Wanted, prepare, take_along
from core import clock
from core.errors import NotYours
from groups.evenings.meetings import move_meeting
from groups.models import Meeting
from participants.recusal.recusal import recuse
from tests import world
from tests.challenges.preparing.scene import Scene

LEADS = Wanted("Leidt het overleg", planned=frozenset({"prompt", "compliment"}))


def of(scene: Scene, name: str = "Amir") -> Preparation:
    return Preparation.objects.get(meeting=scene.meeting, trajectory=scene.stays[name])


@pytest.mark.req("R-135")
def test_a_role_in_own_words_stands_with_its_support_and_again_it_changes(scene: Scene) -> None:
    amir = scene.stays["Amir"].pk
    prepare(meeting=scene.meeting, wanted={amir: LEADS}, by=scene.fleur)
    assert of(scene).role == "Leidt het overleg"
    assert set(of(scene).planned.values_list("form", flat=True)) == {"prompt", "compliment"}
    prepare(meeting=scene.meeting, wanted={amir: Wanted("Legt het uit")}, by=scene.daan)
    row = of(scene)
    assert (row.role, row.version, row.written_by) == ("Legt het uit", 2, scene.daan)
    assert not row.planned.exists()


def test_what_is_the_same_stays_whose_it_was_and_nothing_makes_no_row(scene: Scene) -> None:
    amir, sam = scene.stays["Amir"].pk, scene.stays["Sam"].pk
    prepare(meeting=scene.meeting, wanted={amir: LEADS, sam: Wanted()}, by=scene.fleur)
    prepare(meeting=scene.meeting, wanted={amir: LEADS, sam: Wanted()}, by=scene.daan)
    assert of(scene).written_by == scene.fleur
    assert Preparation.objects.count() == 1


def test_only_the_workers_of_the_group_write_and_only_about_who_is_on_the_sheet(
    scene: Scene,
) -> None:
    amir = scene.stays["Amir"].pk
    elsewhere = world.make_worker(world.make_group(), "Elders")
    coordinator = world.make_coordinator(scene.group.location.region)
    for other in (elsewhere, coordinator):
        with pytest.raises(NotYours):
            prepare(meeting=scene.meeting, wanted={amir: LEADS}, by=other)
    stranger = world.make_participating(world.make_group(), since=clock.today())
    with world.broken("not_on_sheet"):
        prepare(meeting=scene.meeting, wanted={stranger.pk: LEADS}, by=scene.fleur)
    recuse(trajectory=scene.stays["Amir"], worker=scene.daan, by=scene.daan, said_by="worker")
    with world.broken("not_on_sheet"):
        prepare(meeting=scene.meeting, wanted={amir: LEADS}, by=scene.daan)
    scene.stays["Sam"].__class__.objects.filter(pk=scene.stays["Sam"].pk).update(
        blocked_reason="parental_yes"
    )
    with world.broken("not_on_sheet"):
        prepare(meeting=scene.meeting, wanted={scene.stays["Sam"].pk: LEADS}, by=scene.fleur)
    assert not Preparation.objects.exists()


def test_a_meeting_that_moves_takes_its_preparation_along(scene: Scene) -> None:
    prepare(meeting=scene.meeting, wanted={scene.stays["Amir"].pk: LEADS}, by=scene.fleur)
    later = clock.today() + timedelta(days=3)
    moved = move_meeting(meeting=scene.meeting, date=later, by=scene.fleur)
    assert moved.date == later
    assert Preparation.objects.get().meeting == moved


class TestCancelled:
    @pytest.fixture(autouse=True)
    def _next(self, scene: Scene) -> None:
        amir, sam = scene.stays["Amir"].pk, scene.stays["Sam"].pk
        prepare(meeting=scene.meeting, wanted={amir: LEADS, sam: LEADS}, by=scene.fleur)
        Meeting.objects.filter(pk=scene.meeting.pk).update(
            status="cancelled", cancel_reason="worker_ill"
        )
        self.next = world.make_meeting(scene.group, clock.today() + timedelta(days=14))

    def test_it_stays_and_nothing_is_written_there(self, scene: Scene) -> None:
        with world.broken("meeting_cancelled"):
            wanted = {scene.stays["Riley"].pk: LEADS}
            prepare(meeting=scene.meeting, wanted=wanted, by=scene.fleur)
        assert Preparation.objects.filter(meeting=scene.meeting).count() == 2

    def test_it_can_be_taken_along_and_what_was_written_there_stays(self, scene: Scene) -> None:
        own = Wanted("Kookt mee")
        prepare(meeting=self.next, wanted={scene.stays["Sam"].pk: own}, by=scene.daan)
        taken = take_along(meeting=scene.meeting, to=self.next, by=scene.fleur)
        assert taken == 1
        rows = {row.trajectory_id: row for row in Preparation.objects.filter(meeting=self.next)}
        assert rows[scene.stays["Amir"].pk].role == "Leidt het overleg"
        assert rows[scene.stays["Sam"].pk].role == "Kookt mee"
        assert PlannedSupport.objects.filter(preparation__meeting=self.next).count() == 2
        assert take_along(meeting=scene.meeting, to=self.next, by=scene.fleur) == 0

    def test_of_one_that_goes_ahead_nothing_is_taken(self, scene: Scene) -> None:
        with world.broken("not_cancelled"):
            take_along(meeting=self.next, to=self.next, by=scene.fleur)

"""Two people plan, take a task and ask at one moment: one of them is first, nothing is doubled."""

import random
from datetime import timedelta
from functools import partial

import pytest

from core import clock
from groups.activities.funding import ask
from groups.activities.ideas import propose
from groups.activities.plans import plan_activity
from groups.activities.stops import come_back, go_on
from groups.activities.tasks import add_task, take_task
from groups.evenings.meetings import cancel_meeting
from groups.models import Activity, ActivityStop, FundingRequest, Meeting
from participants.models import Trajectory
from tests import world
from tests.races import at_once, left_behind


@pytest.mark.django_db(transaction=True)
@pytest.mark.req_part("R-123")
def test_of_two_at_one_moment_one_is_first() -> None:
    dice = random.Random(11)
    group = world.make_group()
    fleur, sem = world.make_worker(group), world.make_worker(group, "Sem Visser")
    since = clock.today() - timedelta(days=60)
    stays = [world.make_participating(group, since=since, age=17) for _n in range(2)]
    meeting = world.make_meeting(group, clock.today())
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=clock.now() - timedelta(minutes=5), ends_at=clock.now() + timedelta(hours=2)
    )

    def fresh(n: int) -> Trajectory:
        return Trajectory.objects.select_related("participant__user").get(pk=stays[n].pk)

    ideas = [
        propose(
            group_id=group.pk,
            title=f"Idee {n}",
            by=stays[n].participant.user,
            trajectory=stays[n],
        )
        for n in range(2)
    ]

    def plan(n: int) -> None:
        plan_activity(
            activity=Activity.objects.get(pk=ideas[n].pk),
            meeting=Meeting.objects.get(pk=meeting.pk),
            by=stays[n].participant.user,
            trajectory=fresh(n),
        )

    outcomes = at_once([lambda: plan(0), lambda: plan(1)], dice)
    assert sorted(outcomes) == ["done", "meeting_has_a_plan"]
    task = add_task(activity=ideas[0], task="De baan", trajectory=fresh(0))

    def take(n: int) -> None:
        one = Activity.objects.get(pk=ideas[0].pk)
        take_task(activity=one, task_id=task.pk, trajectory=fresh(n))

    assert sorted(at_once([lambda: take(0), lambda: take(1)], dice)) == ["done", "task_taken"]
    go, back = partial(go_on, meeting=meeting, what="Bowlen"), partial(come_back, meeting=meeting)
    for act in (go, back):
        at_once([partial(act, by=fleur), partial(act, by=sem)], dice)
    assert ActivityStop.objects.count() == 2
    me = stays[0].participant.user
    twice = [lambda: ask(trajectory=fresh(0), activity=ideas[0], by=me)] * 2
    assert at_once(twice, dice) == ["done", "done"]
    assert FundingRequest.objects.count() == 1
    outcomes = at_once(
        [
            lambda: cancel_meeting(meeting=meeting, reason="weather", by=fleur),
            lambda: plan(0),
            lambda: plan(1),
        ],
        dice,
    )
    assert outcomes[0] == "done"
    assert set(outcomes[1:]) <= {"done", "meeting_has_a_plan", "meeting_cancelled"}
    assert left_behind() == 0

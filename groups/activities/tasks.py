"""Tasks of an activity: what has to be arranged, taken on and given back by participants (R-134).

An empty task is the whole of it: *I organise this*. Whoever left the group leaves the task open,
without anybody writing that down (`groups.activities.ideas.as_seen`).
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from groups.activities.plans import may_unplan
from groups.activities.taking_part import (
    is_done,
    lock_activity,
    refuse_pause,
    refuse_put_aside,
    seats_in,
)
from groups.activities.without_numbers import refuse_contact_details
from groups.models import Activity, ActivityOrganiser
from participants.models import Trajectory

MOST = 20


@transaction.atomic
def organise(*, activity: Activity, trajectory: Trajectory) -> None:
    """*I organise this*, alone or together with others; twice is once.

    Raises RuleBroken: not_your_group, paused, put_aside, too_late.
    """
    _lock(activity, trajectory)
    refuse_pause(trajectory)
    ActivityOrganiser.objects.get_or_create(activity=activity, trajectory=trajectory, task="")


@transaction.atomic
def no_longer_organise(*, activity: Activity, trajectory: Trajectory) -> None:
    """Rather not after all; nothing is asked. Raises RuleBroken: not_your_group."""
    lock_activity(activity, trajectory)
    ActivityOrganiser.objects.filter(activity=activity, trajectory=trajectory, task="").delete()


@transaction.atomic
def write_organisers(
    *, activity: Activity, chosen: Collection[UUID], asked: Collection[UUID]
) -> None:
    """A worker writes down who of these (`asked`, stays) organises it, or did: also afterwards.

    Whoever was not asked about, and a task that somebody took on, stay as they are.
    """
    lock_activity(activity, None)
    rows = ActivityOrganiser.objects.filter(activity=activity, task="", trajectory__in=asked)
    rows.exclude(trajectory__in=chosen).delete()
    there = set(rows.values_list("trajectory", flat=True))
    ActivityOrganiser.objects.bulk_create(
        ActivityOrganiser(activity=activity, trajectory_id=stay)
        for stay in asked
        if stay in chosen and stay not in there
    )


@transaction.atomic
def add_task(
    *, activity: Activity, task: str, trajectory: Trajectory | None, mine: bool = False
) -> ActivityOrganiser:
    """Something to arrange, for whoever wants; `mine`: *I do it*. The same task twice is one.

    Raises RuleBroken: not_your_group, no_task, contact_details, too_many_tasks, paused, put_aside,
    too_late.
    """
    _lock(activity, trajectory)
    task = " ".join(task.split())
    if not task:
        raise RuleBroken(_("Say in a few words what has to be arranged."), "no_task", "task")
    refuse_contact_details(trajectory, task=task)
    if mine:
        refuse_pause(trajectory)
    tasks = ActivityOrganiser.objects.filter(activity=activity).exclude(task="")
    same = tasks.filter(task__iexact=task).first()
    if same is not None:
        if mine and trajectory is not None:
            _give_to(same, activity, trajectory)
        return same
    if tasks.count() >= MOST:
        raise RuleBroken(_("There are many tasks already."), "too_many_tasks", "task")
    return ActivityOrganiser.objects.create(
        activity=activity, task=task, trajectory=trajectory if mine else None
    )


@transaction.atomic
def take_task(*, activity: Activity, task_id: UUID, trajectory: Trajectory) -> None:
    """*I do it*: of two at one moment the first has it. Twice changes nothing.

    Raises RuleBroken: not_your_group, paused, put_aside, too_late, no_such_task, task_taken.
    """
    _lock(activity, trajectory)
    refuse_pause(trajectory)
    _give_to(_task(activity, task_id), activity, trajectory)


def _give_to(row: ActivityOrganiser, activity: Activity, trajectory: Trajectory) -> None:
    if row.trajectory_id == trajectory.pk:
        return
    holder = seats_in(activity.group_id).filter(trajectory=row.trajectory_id).first()
    if row.trajectory_id is not None and holder is not None:
        raise RuleBroken(_("Somebody else does this already."), "task_taken")
    row.trajectory, row.done_at = trajectory, None
    row.save(update_fields=["trajectory", "done_at"])


@transaction.atomic
def give_back_task(*, activity: Activity, task_id: UUID, trajectory: Trajectory) -> None:
    """For somebody else; no reason is asked. Somebody else's task stays as it is.

    Raises RuleBroken: not_your_group, no_such_task.
    """
    lock_activity(activity, trajectory)
    row = _task(activity, task_id)
    if row.trajectory_id == trajectory.pk:
        row.trajectory, row.done_at = None, None
        row.save(update_fields=["trajectory", "done_at"])


@transaction.atomic
def settle_task(
    *, activity: Activity, task_id: UUID, trajectory: Trajectory, done: bool = True
) -> None:
    """*Arranged*, by whoever does it, and that taken back.

    Raises RuleBroken: not_your_group, no_such_task, not_yours.
    """
    lock_activity(activity, trajectory)
    row = _task(activity, task_id)
    if row.trajectory_id != trajectory.pk:
        raise RuleBroken(_("Somebody else does this already."), "not_yours")
    row.done_at = (row.done_at or clock.now()) if done else None
    row.save(update_fields=["done_at"])


@transaction.atomic
def drop_task(
    *, activity: Activity, task_id: UUID, by: User, trajectory: Trajectory | None = None
) -> None:
    """It need not be arranged. An open task, by whoever thought of, planned or organises the
    activity; a worker drops any. Dropped already: nothing happens.

    Raises RuleBroken: not_your_group, not_yours.
    """
    lock_activity(activity, trajectory)
    row = ActivityOrganiser.objects.filter(activity=activity, pk=task_id).exclude(task="").first()
    if row is None:
        return
    if trajectory is not None:
        others = row.trajectory_id not in (None, trajectory.pk)
        if others or not may_unplan(activity, by, trajectory):
            raise RuleBroken(_("Ask your youth workers to take this task away."), "not_yours")
    row.delete()


def _lock(activity: Activity, trajectory: Trajectory | None) -> None:
    lock_activity(activity, trajectory)
    refuse_put_aside(activity)
    if is_done(activity, clock.now()):
        raise RuleBroken(_("This meeting is over."), "too_late")


def _task(activity: Activity, task_id: UUID) -> ActivityOrganiser:
    row = ActivityOrganiser.objects.filter(activity=activity, pk=task_id).exclude(task="").first()
    if row is None:
        raise RuleBroken(_("This task is no longer there."), "no_such_task")
    return row

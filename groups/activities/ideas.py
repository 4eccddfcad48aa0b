"""Ideas of a group: a title is enough, a tap says *I would like that*, no idea wins (R-123, R-133).

Nothing is counted or ranked: ideas stand in the order of time, with the names of who likes them,
and without a word where nobody tapped yet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import User
from core.errors import RuleBroken
from core.names import in_order, isolated
from groups.activities.plans import clean_title, forget_plan
from groups.activities.taking_part import (
    is_done,
    is_plan_of,
    lock_activity,
    lock_member,
    refuse_put_aside,
    seats_in,
)
from groups.activities.without_numbers import refuse_contact_details
from groups.models import Activity, ActivityLike, ActivityOrganiser, Meeting
from participants.models import Trajectory

#: So many ideas of one person stand at a time.
MOST = 20
#: So many of what the group did stand on the page.
DONE_SHOWN = 6


@transaction.atomic
def propose(
    *, group_id: UUID, title: str, by: User, trajectory: Trajectory | None = None
) -> Activity:
    """An idea; the same one of the same person twice is one. `trajectory`: nobody, a worker wrote.

    Raises RuleBroken: no_title, contact_details, too_many_ideas, not_your_group.
    """
    title = clean_title(title)
    lock_member(trajectory, group_id)
    refuse_contact_details(trajectory, title=title)
    mine = Activity.objects.filter(group=group_id, put_aside_at__isnull=True, meeting=None)
    if trajectory is None:
        mine = mine.filter(proposed_by=None, written_by=by)
    else:
        mine = mine.filter(proposed_by=trajectory)
    same = mine.filter(title__iexact=title).first()
    if same is not None:
        return same
    if trajectory is not None and mine.count() >= MOST:
        raise RuleBroken(
            _("You have thought of a lot already. Put one of your ideas aside first."),
            "too_many_ideas",
            "title",
        )
    return Activity.objects.create(
        group_id=group_id,
        title=title,
        proposed_by=trajectory,
        written_by=by,
        proposed_at=clock.now(),
    )


@transaction.atomic
def like(*, activity: Activity, trajectory: Trajectory) -> None:
    """*I would like that*; twice is once.

    Raises RuleBroken: not_your_group, put_aside.
    """
    lock_activity(activity, trajectory)
    refuse_put_aside(activity)
    ActivityLike.objects.get_or_create(
        activity=activity, trajectory=trajectory, defaults={"liked_at": clock.now()}
    )


@transaction.atomic
def unlike(*, activity: Activity, trajectory: Trajectory) -> None:
    """Rather not after all. Raises RuleBroken: not_your_group."""
    lock_activity(activity, trajectory)
    ActivityLike.objects.filter(activity=activity, trajectory=trajectory).delete()


@transaction.atomic
def put_aside(*, activity: Activity, by: User, trajectory: Trajectory | None = None) -> None:
    """Out of sight of the group: one's own idea, or one that does not fit, by a worker. Was it the
    plan of a meeting to come, then that meeting has none any more. Twice changes nothing.

    Raises RuleBroken: not_your_group, not_yours, too_late.
    """
    forget_plan(activity, trajectory)
    if trajectory is not None and activity.proposed_by_id != trajectory.pk:
        raise RuleBroken(_("Only whoever thought of it can put it aside."), "not_yours")
    if activity.put_aside_at is None:
        activity.put_aside_at, activity.put_aside_by = clock.now(), by
    activity.save(update_fields=["put_aside_at", "put_aside_by"])


@transaction.atomic
def bring_back(*, activity: Activity, by: User, trajectory: Trajectory | None = None) -> None:
    """An idea again. What a worker put aside is brought back by a worker.

    Raises RuleBroken: not_your_group, not_yours, put_aside_by_worker.
    """
    lock_activity(activity, trajectory)
    if trajectory is not None and activity.proposed_by_id != trajectory.pk:
        raise RuleBroken(_("Only whoever thought of it can bring it back."), "not_yours")
    if trajectory is not None and activity.put_aside_by_id not in (None, by.pk):
        raise RuleBroken(
            _("Your youth workers put this idea aside. Ask them about it."), "put_aside_by_worker"
        )
    activity.put_aside_at = activity.put_aside_by = None
    activity.save(update_fields=["put_aside_at", "put_aside_by"])


# ---- The page ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Task:
    """Something to arrange. `who`: nobody yet, or no longer in the group."""

    row: ActivityOrganiser
    who: str
    mine: bool
    away: bool = False

    @property
    def is_open(self) -> bool:
        return not self.who


@dataclass(frozen=True)
class Idea:
    """An activity as somebody of the group may see it."""

    activity: Activity
    meeting: Meeting | None
    by: str
    own: bool
    liked: bool
    likers: list[str] = field(default_factory=list)
    organisers: list[Task] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)

    @property
    def organised_by_me(self) -> bool:
        return any(one.mine for one in self.organisers)

    @property
    def arranged_by(self) -> list[str]:
        """Who organises it or took a task on, each once."""
        names = [one.who for one in (*self.organisers, *self.tasks) if one.who]
        return list(dict.fromkeys(names))


@dataclass(frozen=True)
class Ideas:
    """What a group does and could do, each in the order of time."""

    planned: list[Idea]
    open: list[Idea]
    aside: list[Idea]
    done: list[Idea]


def with_people(rows: QuerySet[Activity], group_id: UUID) -> QuerySet[Activity]:
    """Along with who likes it and who arranges what, of those who are in the group now."""
    here = seats_in(group_id).values("trajectory")
    who = "trajectory__participant"
    likes = ActivityLike.objects.filter(trajectory__in=here).select_related(who)
    organisers = ActivityOrganiser.objects.order_by("pk").select_related(who)
    return rows.select_related("meeting", "proposed_by__participant").prefetch_related(
        Prefetch("likes", likes, to_attr="likes_here"),
        Prefetch("organisers", organisers, to_attr="all_tasks"),
    )


def read_ideas(user: Viewer, group_id: UUID, trajectory: Trajectory | None) -> Ideas:
    """Everything on the page; a fixed number of queries. `trajectory`: nobody, a professional."""
    now, here = clock.now(), frozenset(seats_in(group_id).values_list("trajectory", flat=True))
    rows = with_people(Activity.objects.visible_to(user).filter(group=group_id), group_id)
    planned: list[Idea] = []
    ideas: list[Idea] = []
    aside: list[Idea] = []
    done: list[Idea] = []
    for activity in rows:
        one = as_seen(activity, trajectory, here)
        if activity.put_aside_at is not None:
            if trajectory is None or one.own:
                aside.append(one)
        elif is_done(activity, now):
            done.append(one)
        else:
            (planned if one.meeting else ideas).append(one)
    planned.sort(key=_starts)
    done.sort(key=_starts, reverse=True)
    return Ideas(planned, ideas, aside, done[:DONE_SHOWN])


def _starts(idea: Idea) -> datetime:
    return idea.meeting.starts_at if idea.meeting is not None else idea.activity.proposed_at


def as_seen(
    activity: Activity,
    trajectory: Trajectory | None,
    here: frozenset[UUID],
    away: frozenset[UUID] = frozenset(),
) -> Idea:
    """One activity of `with_people`. `here`: stays in the group; `away`: who told us beforehand."""
    me = trajectory.pk if trajectory is not None else None
    name = _called if trajectory is not None else _told_apart
    tasks = [
        Task(
            row,
            name(row.trajectory) if row.trajectory_id in here and row.trajectory else "",
            row.trajectory_id is not None and row.trajectory_id == me,
            row.trajectory_id in away,
        )
        for row in activity.all_tasks  # type: ignore[attr-defined]
    ]
    likes = activity.likes_here  # type: ignore[attr-defined]
    others = [one.trajectory for one in likes if one.trajectory_id != me]
    proposer = activity.proposed_by
    return Idea(
        activity=activity,
        meeting=is_plan_of(activity),
        by=name(proposer) if proposer is not None else "",
        own=proposer is not None and proposer.pk == me,
        liked=any(one.trajectory_id == me for one in likes),
        likers=[name(one) for one in sorted(others, key=lambda one: in_order(one.shown_name))],
        organisers=[one for one in tasks if not one.row.task and one.who],
        tasks=[one for one in tasks if one.row.task],
    )


def _called(stay: Trajectory) -> str:
    """For young people, who read nothing of what tells namesakes apart (R-343)."""
    return isolated(stay.participant.call_name)


def _told_apart(stay: Trajectory) -> str:
    """For professionals."""
    return isolated(stay.shown_name)

"""The plan of a meeting: the one activity the group does there (R-123), weeks ahead if it likes.

Chosen by the group on its own phones, or written down by a worker. What stands in
`Meeting.activity` and `activity_by`, for every line that names a meeting, is written here only.

A plan hangs on its meeting, so it moves along. A cancelled meeting has no activity: its plan
stands among the ideas again, may go to another meeting, and is the plan once more when the
cancelling is taken back. The questions about cost, people, transport and preparation are the
group's own; nothing is refused for an answer or for none (R-134, R-136).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.locks import lock_again, lock_all
from groups.activities.taking_part import is_plan_of, lock_member, refuse_put_aside, seats_in
from groups.activities.without_numbers import refuse_contact_details
from groups.models import Activity, ActivityOrganiser, Meeting
from groups.models.moments import can_come, is_over
from participants.models import Trajectory

#: The questions a plan asks, by the name of their field.
QUESTIONS = ("cost_note", "people", "transport", "preparation")


@transaction.atomic
def plan_activity(
    *, activity: Activity, meeting: Meeting, by: User, trajectory: Trajectory | None = None
) -> None:
    """The group does this at that meeting; twice changes nothing. `trajectory`: nobody, a worker.

    Of two who plan at one moment the second hears what the first chose.
    Raises RuleBroken: not_your_group, put_aside, meeting_cancelled, too_late, already_planned,
    meeting_has_a_plan.
    """
    wanted = _lock(activity, trajectory, meeting.pk)[meeting.pk]
    refuse_put_aside(activity)
    if wanted.group_id != activity.group_id:
        raise RuleBroken(_("This is not an activity of your group."), "not_your_group")
    if wanted.status == Meeting.Status.CANCELLED:
        raise RuleBroken(_("This meeting does not go ahead."), "meeting_cancelled", "meeting")
    _refuse_over(wanted)
    standing = is_plan_of(activity)
    if standing is not None and standing.pk == wanted.pk:
        return
    if standing is not None:
        raise RuleBroken(
            _("This is planned for {day} already.").format(day=_day(standing)),
            "already_planned",
            "meeting",
        )
    taken = Activity.objects.filter(meeting=wanted).first()
    if taken is not None:
        raise RuleBroken(
            _("For {day} something is planned already: {title}. Choose another meeting.").format(
                day=_day(wanted), title=taken.title
            ),
            "meeting_has_a_plan",
            "meeting",
        )
    if activity.meeting is not None:
        _write(activity.meeting, None)
    activity.meeting, activity.planned_by = wanted, by
    activity.save(update_fields=["meeting", "planned_by"])
    _write(wanted, activity)


@transaction.atomic
def back_to_ideas(*, activity: Activity, by: User, trajectory: Trajectory | None = None) -> None:
    """Not at that meeting after all. Whoever planned it, thought of it or organises it may; and a
    worker. Without a meeting nothing happens.

    Raises RuleBroken: not_your_group, not_yours, too_late.
    """
    forget_plan(activity, trajectory)
    if trajectory is not None and not may_unplan(activity, by, trajectory):
        raise RuleBroken(
            _("Ask whoever planned this, or your youth workers, to change it."), "not_yours"
        )
    activity.planned_by = None
    activity.save(update_fields=["planned_by"])


def may_unplan(activity: Activity, by: User, trajectory: Trajectory) -> bool:
    """Whoever planned it, thought of it, or organises it."""
    if by.pk == activity.planned_by_id or activity.proposed_by_id == trajectory.pk:
        return True
    organisers = ActivityOrganiser.objects.filter(activity=activity, task="")
    return organisers.filter(trajectory=trajectory).exists()


def forget_plan(activity: Activity, trajectory: Trajectory | None) -> None:
    """Take it off its meeting and lock it; within an act. What was done stays done.

    Raises RuleBroken: not_your_group, too_late.
    """
    _lock(activity, trajectory)
    meeting = activity.meeting
    if meeting is None:
        return
    if meeting.status != Meeting.Status.CANCELLED:
        _refuse_over(meeting)
    activity.meeting = None
    activity.save(update_fields=["meeting"])
    _write(meeting, None)


@transaction.atomic
def answer_questions(
    *,
    activity: Activity,
    by: User,
    trajectory: Trajectory | None = None,
    title: str,
    cost_cents: int | None = None,
    **answers: str,
) -> None:
    """What the group found out so far, by anybody in it; empty is an answer too.

    Another title only from whoever thought of it, or a worker. `answers`: see QUESTIONS.
    Raises RuleBroken: not_your_group, not_yours, no_title, contact_details, put_aside, too_late.
    """
    _lock(activity, trajectory)
    refuse_put_aside(activity)
    if trajectory is not None and (meeting := is_plan_of(activity)) is not None:
        _refuse_over(meeting)
    title = clean_title(title)
    if title != activity.title and not may_rename(activity, trajectory):
        raise RuleBroken(_("Only whoever thought of it can change this."), "not_yours", "title")
    refuse_contact_details(trajectory, title=title, **answers)
    activity.title, activity.cost_cents = title, cost_cents
    for name in QUESTIONS:
        setattr(activity, name, answers.get(name, "").strip())
    activity.version += 1
    activity.save(update_fields=["title", "cost_cents", *QUESTIONS, "version"])
    if activity.meeting is not None:
        _write(activity.meeting, activity)


def may_rename(activity: Activity, trajectory: Trajectory | None) -> bool:
    return trajectory is None or activity.proposed_by_id == trajectory.pk


@transaction.atomic
def write_plan(*, meeting: Meeting, title: str, thought_up_by: UUID | None, by: User) -> None:
    """A worker writes down what the group does there: its plan is made, or changed.

    Another title of the same person is the same plan in other words. Another title of somebody
    else is another plan: the one before is an idea again. No title: there is no plan.
    Raises RuleBroken: not_in_the_group.
    """
    row = lock_all(Meeting.objects.filter(pk=meeting.pk))[0]
    plan = lock_all(Activity.objects.filter(meeting=row))
    standing = plan[0] if plan else None
    title = " ".join(title.split())
    who = _of_the_group(row, thought_up_by, standing)
    if standing is not None and _is_another(standing, title, who):
        standing.meeting = standing.planned_by = None
        standing.save(update_fields=["meeting", "planned_by"])
        standing = None
    if not title:
        _write(row, None)
        return
    if standing is None:
        standing = Activity(
            group_id=row.group_id,
            meeting=row,
            written_by=by,
            planned_by=by,
            proposed_at=clock.now(),
        )
    standing.title, standing.proposed_by_id = title, who
    standing.save()
    _write(row, standing)


def _is_another(standing: Activity, title: str, who: UUID | None) -> bool:
    """Not the same plan in other words."""
    if title == standing.title:
        return False
    return not title or standing.proposed_by_id not in (None, who)


def _of_the_group(meeting: Meeting, stay: UUID | None, standing: Activity | None) -> UUID | None:
    if stay is None or (standing is not None and standing.proposed_by_id == stay):
        return stay
    if not seats_in(meeting.group_id).filter(trajectory=stay).exists():
        raise RuleBroken(_("Choose somebody of the group."), "not_in_the_group", "activity_by")
    return stay


# ---- What can be chosen -----------------------------------------------------------------------


def meetings_to_plan(meetings: QuerySet[Meeting], group_id: UUID) -> list[Meeting]:
    """The coming meetings of the group with what is planned for them, in the order of time.

    `meetings`: those in sight of whoever chooses.
    """
    coming = meetings.filter(can_come(clock.now()), group=group_id).select_related("plan")
    return list(coming.order_by("starts_at").distinct())


def clean_title(typed: str) -> str:
    """In one line. Raises RuleBroken: no_title."""
    title = " ".join(typed.split())
    if not title:
        raise RuleBroken(_("Say in a few words what you would like to do."), "no_title", "title")
    return title


def _day(meeting: Meeting) -> str:
    return date_format(clock.local(meeting.starts_at), "j F")


def _refuse_over(meeting: Meeting, now: datetime | None = None) -> None:
    if is_over(meeting, now or clock.now()):
        raise RuleBroken(_("This meeting is over."), "too_late", "meeting")


def _lock(activity: Activity, stay: Trajectory | None, *meetings: UUID) -> dict[UUID, Meeting]:
    """The stay of whoever acts, its meeting and the ones named, then the activity, read afresh.

    Raises RuleBroken: not_your_group, changed_meanwhile.
    """
    lock_member(stay, activity.group_id)
    own = Activity.objects.filter(pk=activity.pk, meeting__isnull=False).order_by()
    named = Meeting.objects.filter(pk__in=meetings).order_by()
    rows = Meeting.objects.filter(pk__in=own.values("meeting").union(named.values("pk")))
    locked = {row.pk: row for row in lock_all(rows)}
    lock_again(activity)
    if activity.meeting_id is not None:
        if activity.meeting_id not in locked:
            raise RuleBroken(_("Somebody changed this just now. Look again."), "changed_meanwhile")
        activity.meeting = locked[activity.meeting_id]
    return locked


def _write(meeting: Meeting, plan: Activity | None) -> None:
    """What every line that names the meeting reads: its activity, and who thought of it, by the
    name that young people read."""
    proposer = plan.proposed_by if plan is not None else None
    meeting.activity = plan.title if plan is not None else ""
    meeting.activity_by = proposer.participant.call_name[:120] if proposer is not None else ""
    meeting.save(update_fields=["activity", "activity_by"])

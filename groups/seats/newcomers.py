"""What waits about somebody new in a group: a place, the first evening, both sides, the chat."""

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import Reach
from core.organisations.models import Group
from core.ports import Todo
from groups.models import PERSON, Attendance, Placement
from groups.seats.glance import first_in_line, is_ready
from groups.todo_kinds import Kind
from participants.models import Trajectory
from participants.models.recusal import not_recused


def trials(far: Reach, user: Viewer) -> list[Todo]:
    """After the first evening: the workers' judgements, the own wish, then the decision."""
    came = _first_evenings()
    running: QuerySet[Placement] = Placement.objects.open().filter(
        far.as_q("group__"), not_recused(user, PERSON), Exists(came), trial=True
    )
    rows = running.annotate(
        came_on=Subquery(came.order_by("-meeting__date").values("meeting__date")[:1])
    ).select_related("trajectory__participant", "trial_outcome")
    return [todo for row in rows for todo in _of_trial(row)]


def _of_trial(row: Any) -> list[Todo]:
    """Who came on `came_on`: what each side still has to say, or the decision."""
    outcome = getattr(row, "trial_outcome", None)
    name = row.trajectory.participant.call_name
    day = date_format(row.came_on, "j F")
    found = []
    if outcome is None or outcome.judged_at is None:
        found.append(
            _trial(
                row,
                kind=Kind.TRIAL_JUDGE,
                title=_("Does it fit for {name}?").format(name=name),
                reason=_(
                    "Came to get to know you on {day}. Two questions for the two of you."
                ).format(day=day),
                action=_("Answer the questions"),
            )
        )
    if outcome is None or outcome.own_wish_at is None:
        found.append(
            _trial(
                row,
                kind=Kind.TRIAL_WISH,
                title=_("Ask what {name} wants").format(name=name),
                reason=_("Came on {day}; the own wish is not written down yet.").format(day=day),
                action=_("Write down"),
            )
        )
    return found or [
        _trial(
            row,
            kind=Kind.TRIAL_DECIDE,
            title=_("Decide together about {name}").format(name=name),
            reason=_("Both sides have answered after the evening of {day}.").format(day=day),
            action=_("Decide"),
        )
    ]


def _trial(row: Any, **fields: Any) -> Todo:
    return Todo(
        about=row.pk,
        urgency=1,
        when=ago(row.came_on),
        url=reverse("groups:trial", args=[row.pk]),
        since=row.came_on,
        **fields,
    )


def waiting(far: Reach, user: Viewer) -> list[Todo]:
    """A place is free: first in line is proposed, and whoever is ready for a first evening.

    Of those who wait and are ready the first one, also behind somebody whose talk is still to come.
    """
    stays = (
        Trajectory.objects.filter(
            far.as_q("group__"),
            not_recused(user),
            phase__in=[Trajectory.Phase.SIGNED_UP, Trajectory.Phase.INTAKE],
            group__state=Group.State.OPEN,
        )
        .select_related("participant", "group", "intake")
        .order_by("signed_up_at")
    )
    by_group: dict[UUID | None, list[Trajectory]] = defaultdict(list)
    for stay in stays:
        by_group[stay.group_id].append(stay)
    found = []
    for line in by_group.values():
        first = first_in_line(line)
        first_ready = first_in_line([stay for stay in line if is_ready(stay)])
        for stay in line:
            if is_ready(stay) and (stay.waiting_since is None or stay is first_ready):
                found.append(_invite(stay, stay is first))
            elif stay is first:
                found.append(_first_in_line(stay))
    return found


def _invite(stay: Trajectory, first: bool) -> Todo:
    name = stay.participant.call_name
    reason = _("First in line, and there is a place.") if first else _("The first talk went well.")
    return Todo(
        kind=Kind.INVITE,
        about=stay.pk,
        urgency=2,
        when=_("this week"),
        title=_("Invite {name} for an evening").format(name=name),
        reason=reason,
        action=_("Choose the evening"),
        url=reverse("groups:invite", args=[stay.pk]),
        since=stay.waiting_since,
    )


def _first_in_line(stay: Trajectory) -> Todo:
    assert stay.group is not None and stay.waiting_since is not None  # noqa: S101, PT018
    return Todo(
        kind=Kind.FIRST_IN_LINE,
        about=stay.pk,
        urgency=2,
        when=_("this week"),
        title=_("A place for {name}").format(name=stay.participant.call_name),
        reason=_("{group} has a place again. First in line, waits since {day}.").format(
            group=stay.group, day=date_format(stay.waiting_since, "j F")
        ),
        action=_("Open"),
        url=reverse("participants:applicant", args=[stay.pk]),
        since=stay.waiting_since,
    )


def chat(far: Reach, user: Viewer) -> list[Todo]:
    """R-079 after the choice to take part, R-189 after leaving; only for groups with a chat."""
    today = clock.today()
    rows = (
        Placement.objects.filter(far.as_q("group__"), trial=False, out_of_chat_on__isnull=True)
        .filter(not_recused(user, PERSON))
        .exclude(group__chat_link="")
        .filter(
            Q(last_day__isnull=True, in_chat_on__isnull=True, without_chat_on__isnull=True)
            | Q(last_day__lt=today, in_chat_on__isnull=False)
        )
        .select_related("trajectory__participant")
    )
    found = []
    for row in rows:
        name = row.trajectory.participant.call_name
        add = row.last_day is None
        title = _("Add {name} to the group chat") if add else _("Take {name} out of the group chat")
        reason = _("Takes part since {day}.") if add else _("The place here ended on {day}.")
        day = row.first_day if row.last_day is None else row.last_day
        found.append(
            Todo(
                kind=Kind.CHAT,
                about=row.pk,
                urgency=2,
                when=_("this week"),
                title=title.format(name=name),
                reason=reason.format(day=date_format(day, "j F")),
                action=_("It is done"),
                url=reverse("groups:chat", args=[row.pk]),
                since=day,
                post=True,
                stay_id=row.trajectory_id,
                lasts=True,
            )
        )
    return found


def own_wish(user: Viewer) -> list[Todo]:
    """The participant after the first evening: what do you want? (R-077)"""
    came = _first_evenings()
    rows = (
        Placement.objects.visible_to(user)
        .filter(Exists(came), trial=True, last_day__isnull=True)
        .exclude(trial_outcome__own_wish__isnull=False)
    )
    return [
        Todo(
            kind=Kind.OWN_WISH,
            about=row.pk,
            urgency=1,
            when=_("today"),
            title=_("Would you like to take part?"),
            reason=_("You have met the group. Tell us what you want."),
            action=_("Say it"),
            url=reverse("groups:wish"),
        )
        for row in rows
    ]


def _first_evenings() -> QuerySet[Attendance]:
    """Evenings at which the person of the outer placement was there."""
    return Attendance.objects.filter(
        trajectory=OuterRef("trajectory"),
        state=Attendance.State.PRESENT,
        meeting__group=OuterRef("group"),
        meeting__date__gte=OuterRef("first_day"),
    )


def ago(day: date) -> str:
    days = (clock.today() - day).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return _("{n} days").format(n=days)

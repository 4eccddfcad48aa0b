"""What waits about people who take part: a worry, a pause, a goodbye. Computed from facts."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import may
from core.ports import Todo, TodoRule
from participants.models import PauseWish, PhaseChange, StopHeard, Trajectory, Worry
from participants.permissions import CONSULT, DECIDE
from participants.todo_kinds import Kind

Phase = Trajectory.Phase
#: How long a day to look again may lie behind before it asks for an answer today.
PRESSES_AFTER = timedelta(days=7)
#: How long a worker finds that somebody stopped.
TOLD_DAYS = timedelta(days=60)
ON_TOP = -1


def _worries(user: Viewer) -> list[Todo]:
    """Stays on top for every worker of the group until it is settled (R-091)."""
    if not may(user, DECIDE):
        return []
    rows = Worry.objects.visible_to(user).open().select_related("trajectory__participant", "by")
    found = []
    for row in rows:
        day = clock.day_of(row.at)
        reason = _("{who} is worried, since {day}. Agree together what you do.")
        if row.thought_along_at is not None:
            reason = _("{who} is worried, since {day}. The coordinator has thought along.")
        elif row.asked_at is not None:
            reason = _("{who} is worried, since {day}. The coordinator has been asked.")
        found.append(
            _todo(
                row.trajectory,
                kind=Kind.WORRY,
                about=row.pk,
                urgency=ON_TOP,
                when=_("worried"),
                title=_("How is {name}?"),
                reason=reason.format(who=row.by.first_name, day=date_format(day, "j F")),
                action=_("Look together"),
                url=reverse("participants:reach", args=[row.trajectory_id]),
                since=day,
            )
        )
    return found


def _think_along(user: Viewer) -> list[Todo]:
    """For the coordinator: whom to call, nothing about who it is."""
    if not may(user, CONSULT):
        return []
    rows = Worry.objects.broadly_visible_to(user).open().filter(thought_along_at__isnull=True)
    return [
        Todo(
            kind=Kind.THINK_ALONG,
            about=row.pk,
            urgency=0,
            when=_("today"),
            title=_("{who} asks you to think along").format(
                who=row.asked_by.first_name if row.asked_by else ""
            ),
            reason=_("A worry about somebody in the group."),
            action=_("Read and call"),
            url=reverse("participants:think_along", args=[row.pk]),
            since=clock.day_of(row.asked_at) if row.asked_at else None,
            group_id=row.trajectory.group_id,
        )
        for row in rows.select_related("asked_by", "trajectory")
    ]


def _wishes(user: Viewer) -> list[Todo]:
    if not may(user, DECIDE):
        return []
    stays = Trajectory.objects.visible_to(user)
    rows = PauseWish.objects.filter(
        trajectory__in=stays, trajectory__phase=Phase.PARTICIPATING, settled_at__isnull=True
    )
    return [
        _todo(
            row.trajectory,
            kind=Kind.PAUSE_WISH,
            about=row.pk,
            urgency=1,
            when=_("asked"),
            title=_("{name} would like a break"),
            reason=_("Asked on {day}. Talk it over and agree until when.").format(
                day=date_format(clock.day_of(row.asked_at), "j F")
            ),
            action=_("Open"),
            url=reverse("participants:pause", args=[row.trajectory_id]),
            since=clock.day_of(row.asked_at) if row.asked_at else None,
        )
        for row in rows.select_related("trajectory__participant")
    ]


def _pauses(user: Viewer) -> list[Todo]:
    """The day to look again has come; a week later it is no longer for this week but for today."""
    if not may(user, DECIDE):
        return []
    today = clock.today()
    rows = Trajectory.objects.visible_to(user).filter(
        Q(expected_back_on__lte=today) | Q(expected_back_on__isnull=True), phase=Phase.PAUSED
    )
    found = []
    for stay in rows.select_related("participant"):
        day = stay.expected_back_on or today
        found.append(
            _todo(
                stay,
                kind=Kind.PAUSE,
                about=stay.pk,
                urgency=1 if day <= today - PRESSES_AFTER else 2,
                when=_("pause"),
                title=_("Does {name} come back?"),
                reason=_(
                    "You would look again on {day}. Prolong it, end it, or say goodbye."
                ).format(day=date_format(day, "j F")),
                action=_("Open"),
                url=reverse("participants:pause", args=[stay.pk]),
                since=day,
            )
        )
    return found


def stopped_by_themselves(stays: QuerySet[Trajectory]) -> QuerySet[Trajectory]:
    """Stays that ended by the young person's *I stop*; under 16 a worker still closes (R-109)."""
    by_person = PhaseChange.objects.filter(
        trajectory=OuterRef("pk"),
        to_phase__in=Phase.STOPPING,
        by=OuterRef("participant__user"),
        at__gte=clock.now() - TOLD_DAYS,
    )
    over = Q(phase__in=[Phase.FORMER, Phase.WITHDRAWN]) | Q(stopped_on__isnull=False)
    return stays.filter(over, Exists(by_person))


def _stopped(user: Viewer) -> list[Todo]:
    """The same day, for each of the workers, until that worker has read it."""
    if not may(user, DECIDE):
        return []
    heard = StopHeard.objects.filter(trajectory=OuterRef("pk"), by=user.pk)
    stays = stopped_by_themselves(Trajectory.objects.visible_to(user))
    rows = stays.exclude(Exists(heard))
    return [
        _todo(
            stay,
            kind=Kind.HAS_STOPPED,
            about=stay.pk,
            urgency=0,
            when=_("today") if clock.today() in (stay.ended_on, stay.stopped_on) else _("new"),
            title=_("{name} has stopped"),
            reason=_("Wants no more contact: leave it at that.")
            if stay.participant.contact.stopped_at
            else _("By own choice. Read what was said."),
            action=_("Read"),
            url=reverse("participants:stopped", args=[stay.pk]),
            since=stay.stopped_on or stay.ended_on,
        )
        for stay in rows.select_related("participant__contact")
    ]


def _own(user: Viewer) -> list[Todo]:
    stay = Trajectory.objects.visible_to(user).filter(phase=Phase.PAUSED).first()
    if stay is None:
        return []
    return [
        Todo(
            kind=Kind.OWN_PAUSE,
            urgency=2,
            when=_("pause"),
            title=_("You are having a break"),
            reason=_("Your place stays yours. Feel like it again?"),
            action=_("I come again"),
            url=reverse("participants:own_pause"),
        )
    ]


def _todo(stay: Trajectory, *, title: str, **fields: Any) -> Todo:
    return Todo(
        title=title.format(name=stay.participant.call_name),
        group_id=stay.group_id,
        stay_id=stay.pk,
        **fields,
    )


#: A fixed number of queries, whatever the size of the groups.
RULES = (
    TodoRule((Kind.OWN_PAUSE,), _own, own=True),
    TodoRule((Kind.THINK_ALONG,), _think_along),
    TodoRule((Kind.WORRY,), _worries, of_a_stay=True),
    TodoRule((Kind.PAUSE_WISH,), _wishes, of_a_stay=True),
    TodoRule((Kind.PAUSE,), _pauses, of_a_stay=True),
    TodoRule((Kind.HAS_STOPPED,), _stopped, of_a_stay=True),
)

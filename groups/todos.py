"""What waits for somebody about a group: computed from facts, never stored.

Each to-do has its reason and one button, and is gone as soon as its fact changes.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import Permission, Reach, reach
from core.ages import OLDEST, AgeOn, age_on, as_date
from core.messaging.models import Contact
from core.organisations.models import Group
from core.ports import Todo, TodoRule
from groups.evenings import first_evening
from groups.models import PERSON, Attendance, Meeting
from groups.permissions import PLACE, RECORD_ATTENDANCE
from groups.seats import newcomers
from groups.seats.newcomers import ago
from groups.todo_kinds import Kind
from participants.models import ContactAttempt, Trajectory, Worry
from participants.models.recusal import not_recused

LOOK_BACK = timedelta(days=60)
TURNS_31_WITHIN = timedelta(days=92)
State = Attendance.State


def _not_recorded(far: Reach, user: Viewer) -> list[Todo]:
    """A past evening on which nobody was written down."""
    now, today = clock.now(), clock.today()
    meetings = Meeting.objects.filter(
        far.as_q("group__"),
        status=Meeting.Status.PLANNED,
        ends_at__lt=now,
        date__gte=today - LOOK_BACK,
    )
    return [
        Todo(
            kind=Kind.ATTENDANCE,
            about=m.pk,
            urgency=0 if (today - m.date).days > 2 else 1,
            when=ago(m.date),
            title=_("Who was there on {day}?").format(day=date_format(m.date, "j F")),
            reason=_("{group}: nobody has been written down yet.").format(group=m.group),
            action=_("Fill in"),
            url=reverse("groups:meeting", args=[m.pk]),
            since=m.date,
        )
        for m in meetings.select_related("group").order_by("date")
    ]


def _did_not_come(far: Reach, user: Viewer) -> list[Todo]:
    """R-090: not there and no word; get in touch the same day, about coming again.

    Gone once somebody spoke, met again, or an absence was agreed until later. Who was tried and
    not reached today comes back tomorrow; a worry takes its place (participants.care.todos).
    """
    today = clock.today()
    tries = ContactAttempt.objects.filter(
        trajectory=OuterRef("trajectory"), at__gte=OuterRef("meeting__starts_at")
    )
    agreed = ContactAttempt.objects.filter(
        trajectory=OuterRef("trajectory"), quiet_until__gte=OuterRef("meeting__date")
    )
    later = Attendance.objects.filter(
        trajectory=OuterRef("trajectory"), meeting__date__gt=OuterRef("meeting__date")
    ).exclude(state=State.NOT_RECORDED)
    worry = Worry.objects.open().filter(trajectory=OuterRef("trajectory"))
    rows = (
        Attendance.objects.filter(
            far.as_q("meeting__group__"),
            not_recused(user, PERSON),
            state=State.WITHOUT_NOTICE,
            meeting__date__gte=today - LOOK_BACK,
        )
        .exclude(trajectory__phase__in=[*Trajectory.Phase.OVER, Trajectory.Phase.PAUSED])
        .exclude(Exists(tries.filter(outcome=ContactAttempt.Outcome.SPOKEN)))
        .exclude(Exists(tries.filter(at__gte=clock.at(today))))
        .exclude(Exists(agreed))
        .exclude(Exists(later))
        .exclude(Exists(worry))
        .annotate(
            missed=Subquery(_missed_before()),
            tried=Subquery(
                tries.order_by().values("trajectory").annotate(n=Count("pk")).values("n")
            ),
        )
        .select_related("meeting", "trajectory__participant__contact")
    )
    return [_absence(row) for row in rows]


def _absence(row: Any) -> Todo:
    """The title says how it is safe to get in touch, the reason what is known."""
    today, person, day = clock.today(), row.trajectory.participant, row.meeting.date
    reason = _("Was not there on {day}, without a word.")
    if row.missed and row.missed > 1:
        reason = _("Was not there {times} times, without a word; the last time on {day}.")
    reason = reason.format(day=date_format(day, "j F"), times=row.missed)
    if row.tried:
        reason += " " + ngettext(
            "Tried {n} time, not reached.", "Tried {n} times, not reached.", row.tried
        ).format(n=row.tried)
    return Todo(
        kind=Kind.ABSENCE,
        about=row.pk,
        urgency=0,
        when=_("today") if day >= today or row.tried else ago(day),
        title=_how(person.contact).format(name=person.call_name),
        reason=reason,
        action=_("How do I reach this person?"),
        url=reverse("participants:reach", args=[row.trajectory_id]),
        since=day,
        stay_id=row.trajectory_id,
    )


def _how(contact: Contact) -> str:
    if contact.stopped_at is not None or not contact.safe_channels:
        return _("Talk with {name} at the next evening")
    return _("Call {name}") if "phone" in contact.safe_channels else _("Write to {name}")


def _missed_before() -> Any:
    return (
        Attendance.objects.filter(
            trajectory=OuterRef("trajectory"),
            state=State.WITHOUT_NOTICE,
            meeting__date__lte=OuterRef("meeting__date"),
        )
        .order_by()
        .values("trajectory")
        .annotate(n=Count("pk"))
        .values("n")
    )


def _goodbyes(far: Reach, user: Viewer) -> list[Todo]:
    """A last evening to agree again, or a stay to close after it."""
    today = clock.today()
    stays = Trajectory.objects.filter(
        far.as_q("group__"), not_recused(user), phase=Trajectory.Phase.LEAVING
    ).filter(Q(last_meeting_on__isnull=True) | Q(last_meeting_on__lt=today))
    found = []
    for stay in stays.select_related("participant"):
        name = stay.participant.call_name
        url = reverse("groups:leave", args=[stay.pk])
        if stay.stopped_on is not None:
            found.append(_stopped(stay, name, url))
        elif stay.last_meeting_on is None:
            found.append(
                Todo(
                    kind=Kind.LAST_MEETING,
                    about=stay.pk,
                    urgency=1,
                    when=_("soon"),
                    title=_("A new last evening for {name}").format(name=name),
                    reason=_("The agreed evening was cancelled."),
                    action=_("Agree"),
                    url=url,
                    stay_id=stay.pk,
                )
            )
        else:
            found.append(
                Todo(
                    kind=Kind.CLOSE,
                    about=stay.pk,
                    urgency=2,
                    when=ago(stay.last_meeting_on),
                    title=_("Close the stay of {name}").format(name=name),
                    reason=_("The last evening was on {day}.").format(
                        day=date_format(stay.last_meeting_on, "j F")
                    ),
                    action=_("Close"),
                    url=reverse("home:close", args=[stay.pk]),
                    since=stay.last_meeting_on,
                    stay_id=stay.pk,
                )
            )
    return found


def _stopped(stay: Trajectory, name: str, url: str) -> Todo:
    """R-109: somebody under 16 stopped; the parents hear how it went before the stay closes."""
    return Todo(
        kind=Kind.STOPPED,
        about=stay.pk,
        urgency=1,
        when=_("soon"),
        title=_("{name} stopped: speak with the parents").format(name=name),
        reason=_("Under 16 the parents hear how it went, with tips. After that you close."),
        action=_("Open the goodbye"),
        url=url,
        since=stay.stopped_on,
        stay_id=stay.pk,
    )


def _no_plan(far: Reach, user: Viewer) -> list[Todo]:
    """A running group without a coming evening."""
    coming = Meeting.objects.filter(
        group=OuterRef("pk"), status=Meeting.Status.PLANNED, ends_at__gte=clock.now()
    )
    groups = Group.objects.filter(far.as_q(), state__in=[Group.State.OPEN, Group.State.FULL])
    return [
        Todo(
            kind=Kind.PLAN,
            about=group.pk,
            urgency=1,
            when=_("soon"),
            title=_("Plan the next evenings"),
            reason=_("{group} has no coming evening; nobody knows when to come.").format(
                group=group
            ),
            action=_("Plan"),
            url=reverse("groups:plan", args=[group.pk]),
        )
        for group in groups.exclude(Exists(coming))
    ]


def _too_old(far: Reach, user: Viewer) -> list[Todo]:
    """R-188: turns 31 soon; talk about it well before, nobody is removed by a machine."""
    by_then = as_date(clock.today() + TURNS_31_WITHIN)
    stays = (
        Trajectory.objects.filter(
            far.as_q("group__"),
            not_recused(user),
            phase__in=[Trajectory.Phase.PARTICIPATING, Trajectory.Phase.PAUSED],
        )
        .annotate(age_then=AgeOn("participant__birth_date", by_then))
        .filter(age_then__gt=OLDEST)
        .select_related("participant")
    )
    return [
        Todo(
            kind=Kind.TURNS_31,
            about=stay.pk,
            urgency=3,
            when=_("later"),
            title=_("Talk with {name} about going on").format(name=stay.participant.call_name),
            reason=_("Turns 31 within three months. You decide together when the last evening is.")
            if age_on(stay.participant.birth_date, clock.today()) <= OLDEST
            else _("Is 31 by now. You decide together when the last evening is."),
            action=_("Agree on a last evening"),
            url=reverse("groups:leave", args=[stay.pk]),
            stay_id=stay.pk,
        )
        for stay in stays
    ]


# ---- Who is asked which ----------------------------------------------------------------


def _leads(
    rule: Callable[[Reach, Viewer], list[Todo]], permission: Permission = PLACE
) -> Callable[[Viewer], list[Todo]]:
    """The rule for a group's own workers."""

    def ask(user: Viewer) -> list[Todo]:
        far = reach(user, permission)
        return rule(far, user) if far else []

    return ask


#: Answers the port: a fixed number of queries, whatever the size of the groups.
RULES = (
    TodoRule((Kind.OWN_WISH,), newcomers.own_wish, own=True),
    TodoRule((Kind.ATTENDANCE,), _leads(_not_recorded, RECORD_ATTENDANCE)),
    TodoRule((Kind.ABSENCE,), _leads(_did_not_come), of_a_stay=True),
    TodoRule((Kind.DOOR,), _leads(first_evening.at_the_door)),
    TodoRule((Kind.DESCRIBE_DOOR,), _leads(first_evening.doors)),
    TodoRule((Kind.TRIAL_JUDGE, Kind.TRIAL_WISH, Kind.TRIAL_DECIDE), _leads(newcomers.trials)),
    TodoRule((Kind.LAST_MEETING, Kind.CLOSE, Kind.STOPPED), _leads(_goodbyes), of_a_stay=True),
    TodoRule((Kind.INVITE, Kind.FIRST_IN_LINE), _leads(newcomers.waiting)),
    TodoRule((Kind.PLAN,), _leads(_no_plan)),
    TodoRule((Kind.CHAT,), _leads(newcomers.chat), of_a_stay=True),
    TodoRule((Kind.TURNS_31,), _leads(_too_old), of_a_stay=True),
)

"""What waits for somebody about a group: computed from facts, never stored.

Each to-do has its reason and one button, and is gone as soon as its fact changes.
"""

from collections import defaultdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.rights import Reach, reach
from core.ages import OLDEST, AgeOn, as_date
from core.organisations.models import SMALLEST_GROUP, Group
from core.ports import Todo
from groups.contact import ABOUT
from groups.glance import first_in_line, is_ready
from groups.models import Attendance, Meeting, Placement
from groups.permissions import PLACE, RECORD_ATTENDANCE, SEE_MEETINGS
from groups.placement import NO_LONGER_HERE
from participants.models import ContactAttempt, Trajectory

LOOK_BACK = timedelta(days=60)
TURNS_31_WITHIN = timedelta(days=92)
State = Attendance.State


def todos(user: Any) -> list[Todo]:
    """Answers the port: a fixed number of queries, whatever the size of the groups."""
    if getattr(user, "is_participant", False):
        return _own_wish(user)
    far = reach(user, PLACE)
    found: list[Todo] = []
    if far:
        found += _not_recorded(reach(user, RECORD_ATTENDANCE))
        found += _did_not_come(far)
        found += _trials(far)
        found += _goodbyes(far)
        found += _waiting(far)
        found += _no_plan(far)
        found += _chat(far)
        found += _too_old(far)
    seen = reach(user, SEE_MEETINGS)
    if seen.regions or seen.national:
        found += _small_groups(seen)
        found += _small_evenings(seen)
    return found


def _not_recorded(far: Reach) -> list[Todo]:
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
            key=f"attendance:{m.pk}",
            urgency=0 if (today - m.date).days > 2 else 1,
            when=_ago(m.date),
            title=_("Who was there on {day}?").format(day=date_format(m.date, "j F")),
            reason=_("{group}: nobody has been written down yet.").format(group=m.group),
            action=_("Fill in"),
            url=reverse("groups:meeting", args=[m.pk]),
            since=m.date,
        )
        for m in meetings.select_related("group").order_by("date")
    ]


def _did_not_come(far: Reach) -> list[Todo]:
    """R-090: no word and not there; get in touch the same day. Gone once you spoke, or they came."""
    today = clock.today()
    spoken = ContactAttempt.objects.filter(
        trajectory=OuterRef("trajectory"),
        about=ABOUT,
        outcome=ContactAttempt.Outcome.SPOKEN,
        at__gte=OuterRef("meeting__starts_at"),
    )
    later = Attendance.objects.filter(
        trajectory=OuterRef("trajectory"), meeting__date__gt=OuterRef("meeting__date")
    ).exclude(state=State.NOT_RECORDED)
    rows = (
        Attendance.objects.filter(
            far.as_q("meeting__group__"),
            state=State.WITHOUT_NOTICE,
            meeting__date__gte=today - LOOK_BACK,
        )
        .exclude(trajectory__phase__in=NO_LONGER_HERE)
        .exclude(Exists(spoken))
        .exclude(Exists(later))
        .annotate(missed=Subquery(_missed_before()))
        .select_related("meeting", "trajectory__participant")
    )
    found = []
    for row in rows:
        name = row.trajectory.participant.call_name
        day = date_format(row.meeting.date, "j F")
        twice = row.missed and row.missed > 1
        found.append(
            Todo(
                key=f"absence:{row.pk}",
                urgency=0,
                when=_("today") if row.meeting.date >= today else _ago(row.meeting.date),
                title=_("Call {name}").format(name=name),
                reason=(
                    _("Was not there {times} times, without a word; the last time on {day}.")
                    if twice
                    else _("Was not there on {day}, without a word.")
                ).format(day=day, times=row.missed),
                action=_("We spoke"),
                url=reverse("groups:spoken", args=[row.pk]),
                since=row.meeting.date,
                post=True,
            )
        )
    return found


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


def _trials(far: Reach) -> list[Todo]:
    """After the first evening: the workers' judgements, the own wish, then the decision."""
    came = Attendance.objects.filter(
        trajectory=OuterRef("trajectory"),
        state=State.PRESENT,
        meeting__group=OuterRef("group"),
        meeting__date__gte=OuterRef("first_day"),
    )
    rows = (
        Placement.objects.open()
        .filter(far.as_q("group__"), Exists(came), trial=True)
        .annotate(came_on=Subquery(came.order_by("-meeting__date").values("meeting__date")[:1]))
        .select_related("trajectory__participant", "trial_outcome")
    )
    found = []
    for row in rows:
        outcome = getattr(row, "trial_outcome", None)
        name = row.trajectory.participant.call_name
        judged = outcome is not None and outcome.judged_at is not None
        wished = outcome is not None and outcome.own_wish_at is not None
        day = date_format(row.came_on, "j F")
        url = reverse("groups:trial", args=[row.pk])

        def todo(kind: str, title: str, reason: str, action: str) -> Todo:
            return Todo(
                key=f"trial-{kind}:{row.pk}",  # noqa: B023
                urgency=1,
                when=_ago(row.came_on),  # noqa: B023
                title=title,
                reason=reason,
                action=action,
                url=url,  # noqa: B023
                since=row.came_on,  # noqa: B023
            )

        if not judged:
            found.append(
                todo(
                    "judge",
                    _("Does it fit for {name}?").format(name=name),
                    _("Came to get to know you on {day}. Two questions for the two of you.").format(
                        day=day
                    ),
                    _("Answer"),
                )
            )
        if not wished:
            found.append(
                todo(
                    "wish",
                    _("Ask what {name} wants").format(name=name),
                    _("Came on {day}; the own wish is not written down yet.").format(day=day),
                    _("Write down"),
                )
            )
        if judged and wished:
            found.append(
                todo(
                    "decide",
                    _("Decide together about {name}").format(name=name),
                    _("Both sides have answered after the evening of {day}.").format(day=day),
                    _("Decide"),
                )
            )
    return found


def _goodbyes(far: Reach) -> list[Todo]:
    """A last evening to agree again, or a stay to close after it."""
    today = clock.today()
    stays = Trajectory.objects.filter(far.as_q("group__"), phase=Trajectory.Phase.LEAVING).filter(
        Q(last_meeting_on__isnull=True) | Q(last_meeting_on__lt=today)
    )
    found = []
    for stay in stays.select_related("participant"):
        name = stay.participant.call_name
        url = reverse("groups:leave", args=[stay.pk])
        if stay.last_meeting_on is None:
            found.append(
                Todo(
                    key=f"last-meeting:{stay.pk}",
                    urgency=1,
                    when=_("soon"),
                    title=_("A new last evening for {name}").format(name=name),
                    reason=_("The agreed evening was cancelled."),
                    action=_("Agree"),
                    url=url,
                )
            )
        else:
            found.append(
                Todo(
                    key=f"close:{stay.pk}",
                    urgency=2,
                    when=_ago(stay.last_meeting_on),
                    title=_("Close the stay of {name}").format(name=name),
                    reason=_("The last evening was on {day}.").format(
                        day=date_format(stay.last_meeting_on, "j F")
                    ),
                    action=_("Close"),
                    url=url,
                    since=stay.last_meeting_on,
                )
            )
    return found


def _waiting(far: Reach) -> list[Todo]:
    """A place is free: first in line is proposed, and whoever is ready for a first evening."""
    stays = (
        Trajectory.objects.filter(
            far.as_q("group__"),
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
        for stay in line:
            if is_ready(stay) and (first is None or stay is first or stay.waiting_since is None):
                found.append(_invite(stay, stay is first))
            elif stay is first:
                found.append(_first_in_line(stay))
    return found


def _invite(stay: Trajectory, first: bool) -> Todo:
    name = stay.participant.call_name
    reason = _("First in line, and there is a place.") if first else _("The first talk went well.")
    return Todo(
        key=f"invite:{stay.pk}",
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
        key=f"first-in-line:{stay.pk}",
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


def _no_plan(far: Reach) -> list[Todo]:
    """A running group without a coming evening."""
    coming = Meeting.objects.filter(
        group=OuterRef("pk"), status=Meeting.Status.PLANNED, ends_at__gte=clock.now()
    )
    groups = Group.objects.filter(far.as_q(), state__in=[Group.State.OPEN, Group.State.FULL])
    return [
        Todo(
            key=f"plan:{group.pk}",
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


def _chat(far: Reach) -> list[Todo]:
    """R-079 after the choice to take part, R-189 after leaving; only for groups with a chat."""
    today = clock.today()
    rows = (
        Placement.objects.filter(far.as_q("group__"), trial=False, out_of_chat_on__isnull=True)
        .exclude(group__chat_link="")
        .filter(
            Q(last_day__isnull=True, in_chat_on__isnull=True)
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
                key=f"chat:{row.pk}",
                urgency=2,
                when=_("this week"),
                title=title.format(name=name),
                reason=reason.format(day=date_format(day, "j F")),
                action=_("Done"),
                url=reverse("groups:chat", args=[row.pk]),
                since=day,
                post=True,
            )
        )
    return found


def _too_old(far: Reach) -> list[Todo]:
    """R-188: turns 31 soon; talk about it well before, nobody is removed by a machine."""
    by_then = as_date(clock.today() + TURNS_31_WITHIN)
    stays = (
        Trajectory.objects.filter(
            far.as_q("group__"),
            phase__in=[Trajectory.Phase.PARTICIPATING, Trajectory.Phase.PAUSED],
        )
        .annotate(age_then=AgeOn("participant__birth_date", by_then))
        .filter(age_then__gt=OLDEST)
        .select_related("participant")
    )
    return [
        Todo(
            key=f"turns-31:{stay.pk}",
            urgency=3,
            when=_("later"),
            title=_("Talk with {name} about going on").format(
                name=stay.participant.call_name
            ),
            reason=_("Turns 31 within three months. You decide together when the last evening is."),
            action=_("Agree on a last evening"),
            url=reverse("groups:leave", args=[stay.pk]),
        )
        for stay in stays
    ]


def _small_groups(far: Reach) -> list[Todo]:
    """R-117: fewer than five people take part."""
    groups = (
        Group.objects.filter(far.as_q(), state__in=[Group.State.OPEN, Group.State.FULL])
        .annotate(
            taking_part=Count(
                "placements",
                filter=Q(placements__last_day__isnull=True, placements__trial=False),
            )
        )
        .filter(taking_part__lt=SMALLEST_GROUP)
    )
    return [
        Todo(
            key=f"small-group:{group.pk}",
            urgency=1,
            when=_("soon"),
            title=_("{group} is small").format(group=group),
            reason=_("{n} people take part; a group works from five on.").format(
                n=group.taking_part
            ),
            action=_("Look"),
            url=reverse("groups:group", args=[group.pk]),
            group_id=group.pk,
        )
        for group in groups
    ]


def _small_evenings(far: Reach) -> list[Todo]:
    """R-118: fewer than five were there at the last evening that was held."""
    last = Meeting.objects.filter(group=OuterRef("group"), status=Meeting.Status.HELD)
    meetings = (
        Meeting.objects.filter(
            far.as_q("group__"),
            pk=Subquery(last.order_by("-date").values("pk")[:1]),
            date__gte=clock.today() - LOOK_BACK,
        )
        .annotate(here=Count("attendance", filter=Q(attendance__state=State.PRESENT)))
        .filter(here__lt=SMALLEST_GROUP)
        .select_related("group")
    )
    return [
        Todo(
            key=f"small-evening:{m.pk}",
            urgency=2,
            when=_ago(m.date),
            title=_("Few people at {group}").format(group=m.group),
            reason=_("{n} were there on {day}; practising works less well below five.").format(
                n=m.here, day=date_format(m.date, "j F")
            ),
            action=_("Look"),
            url=reverse("groups:meeting", args=[m.pk]),
            since=m.date,
            group_id=m.group_id,
        )
        for m in meetings
    ]


def _own_wish(user: Any) -> list[Todo]:
    """The participant after the first evening: what do you want? (R-077)"""
    came = Attendance.objects.filter(
        trajectory=OuterRef("trajectory"),
        state=State.PRESENT,
        meeting__group=OuterRef("group"),
        meeting__date__gte=OuterRef("first_day"),
    )
    rows = (
        Placement.objects.visible_to(user)
        .filter(Exists(came), trial=True, last_day__isnull=True)
        .exclude(trial_outcome__own_wish__isnull=False)
    )
    return [
        Todo(
            key=f"own-wish:{row.pk}",
            urgency=1,
            when=_("today"),
            title=_("Would you like to take part?"),
            reason=_("You have met the group. Tell us what you want."),
            action=_("Say it"),
            url=reverse("groups:wish"),
        )
        for row in rows
    ]


def _ago(day: Any) -> str:
    days = (clock.today() - day).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return _("{n} days").format(n=days)

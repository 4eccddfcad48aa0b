"""What the group does: ideas on their own phones, a plan with tasks and a price, an evening out;
and somebody for whom it costs too much."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from core import clock
from core.accounts.models import User
from groups.activities import funding, stops
from groups.activities.ideas import like, propose
from groups.activities.plans import answer_questions, plan_activity
from groups.activities.tasks import add_task, organise, take_task
from groups.models import Activity, Meeting
from joinus.demo.world.cast import GROUPS
from participants.models import Trajectory

if TYPE_CHECKING:
    from joinus.demo.world.play import Play

PLAN = GROUPS[0]


def activities(play: Play) -> None:
    """Of the group of the youngest; who is not there (any more) is left out."""

    def put(ago: int, act: Callable[[Play], None], hour: int = 12) -> None:
        play.agenda.put(play.until - timedelta(days=ago), hour, lambda: act(play))

    put(14, _an_evening_out, 22)
    put(9, _ideas)
    put(6, _a_plan)
    put(3, _too_expensive)


def _stay(play: Play, name: str) -> tuple[Trajectory, User] | None:
    """This person with their account; nothing for who is not there, or waits for a yes."""
    life = next((one for one in play.lives.values() if one.person.name == name), None)
    if life is None:
        return None
    stay = Trajectory.objects.select_related("participant").get(pk=life.stay.pk)
    return None if stay.blocked_reason else (stay, life.user)


def _ideas(play: Play) -> None:
    for name, title, likers in (
        ("Amir", "Lasergamen", ("Sam", "Noor")),
        ("Noor", "Samen pannenkoeken bakken", ("Ilse", "Jordan", "Finn")),
        ("Ilse", "Met de honden van het asiel wandelen", ()),
    ):
        if (found := _stay(play, name)) is None:
            continue
        stay, user = found
        one = propose(group_id=play.group(PLAN).pk, title=title, by=user, trajectory=stay)
        for other in likers:
            if (liker := _stay(play, other)) is not None:
                like(activity=one, trajectory=liker[0])


def _a_plan(play: Play) -> None:
    """The idea of one is planned by another, weeks ahead; tonight's plan gets its price."""
    coming = Meeting.objects.filter(
        group=play.group(PLAN), status=Meeting.Status.PLANNED, ends_at__gt=clock.now()
    ).order_by("starts_at")
    found, other = _stay(play, "Sam"), _stay(play, "Noor")
    if found is None or other is None:
        return
    (sam, user), (noor, _user) = found, other
    tonight = Activity.objects.filter(meeting=coming.first()).first()
    if tonight is not None:
        answer_questions(
            activity=tonight,
            by=user,
            trajectory=sam,
            title=tonight.title,
            cost_cents=750,
            cost_note="Drinken is erbij.",
            transport="Met de fiets, samen weg om 19:15.",
            preparation="Iemand belt om te reserveren.",
        )
        organise(activity=tonight, trajectory=noor)
        add_task(activity=tonight, task="Reserveren", trajectory=sam, mine=True)
        add_task(activity=tonight, task="Foto's maken", trajectory=sam)
    free = coming.filter(plan=None).last()
    cooking = Activity.objects.filter(group=play.group(PLAN), proposed_by=noor, meeting=None)
    if free is not None and (one := cooking.first()) is not None:
        plan_activity(activity=one, meeting=free, by=user, trajectory=sam)
        shopping = add_task(activity=one, task="Boodschappen doen", trajectory=noor)
        take_task(activity=one, task_id=shopping.pk, trajectory=sam)


def _too_expensive(play: Play) -> None:
    found = _stay(play, "Jordan")
    idea = Activity.objects.filter(group=play.group(PLAN), title="Lasergamen").first()
    if found is not None and idea is not None:
        stay, user = found
        words = "Ik wil wel mee, maar deze maand lukt het niet."
        funding.ask(trajectory=stay, activity=idea, words=words, by=user)


def _an_evening_out(play: Play) -> None:
    meeting = Meeting.objects.filter(
        group=play.group(PLAN), date=clock.today(), status=Meeting.Status.HELD
    ).first()
    if meeting is None:
        return
    one, other = play.worker(PLAN), play.worker(PLAN, 1)
    with clock.travel(meeting.starts_at + timedelta(minutes=15)):
        stop = stops.go_on(
            meeting=meeting, what="Bowlen", place="Bowlingcentrum, Kerkplein 2", by=one
        )
        counted = stops.expected(meeting)
        stops.count_heads(meeting=meeting, stop_id=stop.pk, counted=counted, by=one)
    with clock.travel(meeting.ends_at - timedelta(minutes=15)):
        back = stops.come_back(meeting=meeting, by=other)
        if back is not None:
            stops.count_heads(meeting=meeting, stop_id=back.pk, counted=counted, by=other)

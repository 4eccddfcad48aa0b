"""A wave that may rest is not looked at; which messages are written stays exactly the same."""

from contextlib import suppress
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db.models import Exists, OuterRef, Q

from core import clock
from core.clock import at, travel
from core.messaging.models import Message
from groups.models import Placement
from participants.models import Hold
from questionnaires.answers import later
from questionnaires.cycle import at_once, reminders
from questionnaires.cycle import facts as known
from questionnaires.models import Invitation
from tests import world
from tests.questionnaires.build import make_invitation

TUESDAY = date(2026, 3, 10)
DAY = timedelta(days=1)
HAPPENS = ("nothing",) * 6 + (
    "tomorrow",
    "rather not",
    "hold",
    "settle",
    "again",
    "answer",
    "first date",
    "dead",
    "retried",
)


def may_be_due_by_all_facts(day: date) -> set[Any]:
    """Of all open waves those that are not told everything, nor lately, unless they are chosen."""
    standing = Message.objects.filter(
        kind__in=(reminders.MESSAGE, reminders.REMINDER),
        subject_id=OuterRef("pk"),
        state__in=reminders.STANDS,
    )
    lately = standing.filter(not_before__gte=at(day - DAY))
    waves = Invitation.objects.open().filter(left_alone_on__isnull=True)
    opened = Q(opened_on__lte=day - DAY) & ~Exists(standing[2:3]) & ~Exists(lately)
    return set(waves.filter(Q(remind_on__lte=day) | opened).values_list("pk", flat=True))


def happen(what: str, wave: Invitation, day: date) -> None:
    stay = wave.trajectory
    user = stay.participant.user
    waits = Message.objects.filter(subject_id=wave.pk)
    match what:
        case "tomorrow":
            with suppress(later.NoMessagesNow):
                later.ask_tomorrow(invitation=wave, by=user)
        case "rather not":
            later.leave_alone(invitation=wave, by=user)
        case "hold":
            if not stay.holds.running().exists():
                Hold.objects.create(trajectory=stay, kind="held", days=(day, None))
        case "settle":
            for hold in stay.holds.running():
                hold.days = (hold.days.lower, max(day, hold.days.lower + DAY))
                hold.save(update_fields=["days"])
        case "again":  # as the cycle writes a wave anew that stands open
            (facts,) = known.load([stay.pk])
            moved = [w for w in facts.invitations if w.row == wave.pk]
            at_once.write_changed(moved, quiet_until=day + DAY)
        case "answer":
            Invitation.objects.filter(pk=wave.pk).update(state="answered", answered_on=day)
        case "first date":
            if not Placement.objects.filter(trajectory=stay).exists():
                world.seat(stay, first_day=day)
        case "dead":
            waits.filter(state="queued").update(state="dead")
        case "retried":
            waits.filter(state="dead").update(state="queued", not_before=clock.now())


def leaves(day: date, dice: Random) -> None:
    """What waits leaves, is not wanted any more, or waits for another hour."""
    for message in Message.objects.filter(state="queued", not_before__lt=at(day + DAY)):
        if dice.random() < 0.8:
            about = reminders.About(message.subject_id, message.contact_id)
            wanted = reminders.message_wanted(message.kind, {about})
            message.state = "sent" if wanted else "withdrawn"
            message.save(update_fields=["state"])


@pytest.mark.req("R-207")
@pytest.mark.parametrize("seed", range(4))
def test_the_same_waves_are_found_in_every_history(instrument: Any, seed: int) -> None:
    dice = Random(seed)  # invented lives
    group = world.make_group()
    rested = False
    with travel(at(TUESDAY, 12)):
        waves = [
            make_invitation(world.make_trajectory(group=group), kind, opened_on=TUESDAY + n * DAY)
            for n, kind in enumerate(("baseline", "interim", "exit", "follow_up", "interim"))
        ]
    for n in range(16):
        day = TUESDAY + n * DAY
        for hour in (0, 12, 22):
            with travel(at(day, hour, 5)):
                wave = dice.choice(waves)
                wave.refresh_from_db()
                if wave.state == "open" and wave.opened_on <= day:
                    happen(dice.choice(HAPPENS), wave, day)
                expected = may_be_due_by_all_facts(day)
                assert set(reminders._may_be_due(day)) == expected, (seed, day)
                assert set(reminders._may_be_due(day)) == expected, "and again, once they rest"
                world.swept("wave_messages", day=day)
                leaves(day, dice)
                rested = rested or Invitation.objects.filter(no_message_before__gt=day).exists()
    assert rested


def test_who_had_every_message_is_not_looked_at(
    instrument: Any, django_assert_num_queries: Any
) -> None:
    with travel(at(TUESDAY, 12)):
        wave = make_invitation(world.make_trajectory(group=world.make_group()))
    dice = Random(1)
    for n in range(20):
        with travel(at(TUESDAY + n * DAY, 12)):
            world.swept("wave_messages", day=TUESDAY + n * DAY)
            leaves(TUESDAY + n * DAY, dice)
    wave.refresh_from_db()
    assert (Message.objects.filter(state="sent").count(), wave.no_message_before) == (3, date.max)
    with django_assert_num_queries(1):
        world.swept("wave_messages", day=TUESDAY + 30 * DAY)
    with travel(at(TUESDAY + 30 * DAY, 12)):
        later.ask_tomorrow(invitation=wave, by=wave.trajectory.participant.user)
        assert world.swept("wave_messages", day=TUESDAY + 31 * DAY) == 1

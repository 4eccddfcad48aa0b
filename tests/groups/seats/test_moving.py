"""To another group: a reason, the own yes, outside the age band the coordinator (R-377, C-50)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.urls import reverse

from core import clock
from core.accounts.models import User
from core.messaging.models import Message
from core.organisations.models import Group
from groups.models import GroupMove, Meeting, Placement
from groups.seats import moving
from groups.seats.moving import (
    Waits,
    answer_move,
    ask_move,
    decide_outside,
    has_lapsed,
    message_wanted,
    move_now,
    take_back_move,
    waits_for,
)
from groups.seats.planned_move import begin_move, call_off_move, moves_to_begin
from participants.models import Recusal, Trajectory
from tests import world
from tests.world import broken, waiting

TODAY = date(2026, 3, 13)
LATER = TODAY + timedelta(days=20)


@dataclass
class Two:
    """Noor (15) in the group of 12-16; beside it one of 12-16 and one of 17-23."""

    group: Group
    near: Group
    older: Group
    worker: User
    receiver: User
    coordinator: User
    noor: Trajectory

    def ask(self, to: Group, day: date = TODAY, spoken: date | None = None) -> GroupMove:
        return ask_move(
            trajectory=self.noor,
            to_group=to,
            first_day=day,
            reason="Reistijd.",
            by=self.worker,
            spoken_on=spoken,
        )

    def is_in(self) -> Group | None:
        self.noor.refresh_from_db()
        return self.noor.group


@pytest.fixture
def two(db: None) -> Iterator[Two]:
    with clock.travel(clock.at(TODAY, 12)):
        group = world.make_group(name="Groep vrijdag")
        house = {"organisation": group.location.organisation, "region": group.location.region}
        near = world.make_group(name="Groep zaterdag", **house)
        older = world.make_group(name="Groep 17-23", age_from=17, age_until=23, **house)
        noor = world.make_participating(
            group, since=TODAY - timedelta(days=60), age=16, call_name="Noor"
        )
        world.give_own_agreements(noor)
        yield Two(
            group,
            near,
            older,
            world.make_worker(group),
            world.make_worker(near, "Daan Vos"),
            world.make_coordinator(group.location.region),
            noor,
        )


# ---- The own yes -------------------------------------------------------------------------------


@pytest.mark.req("R-377")
def test_nobody_moves_before_the_young_person_said_yes(two: Two) -> None:
    asked = two.ask(two.near)
    assert two.is_in() == two.group
    assert waiting(two.noor.participant.user, "move_own")
    answer_move(asked=asked, yes=True, by=two.noor.participant.user)
    assert two.is_in() == two.near


@pytest.mark.req("R-377")
def test_a_yes_in_a_talk_is_written_down_and_moves_at_once(two: Two) -> None:
    asked = two.ask(two.near, spoken=TODAY)
    assert (asked.own, asked.own_on, asked.own_by) == ("yes", TODAY, two.worker)
    assert two.is_in() == two.near
    assert not Message.objects.filter(template="move_asked").exists(), "nothing is asked any more"


@pytest.mark.req("R-377")
def test_a_no_leaves_everything_as_it_is(two: Two) -> None:
    asked = two.ask(two.near)
    answer_move(asked=asked, yes=False, by=two.noor.participant.user)
    assert two.is_in() == two.group
    assert asked.trajectory.placements.get().last_day is None
    with broken("move_over"):
        answer_move(asked=asked, yes=True, by=two.noor.participant.user)


@pytest.mark.req("R-377")
def test_a_reason_is_needed(two: Two) -> None:
    with broken("reason_needed"):
        ask_move(trajectory=two.noor, to_group=two.near, first_day=TODAY, reason=" ", by=two.worker)


def test_only_groups_of_the_own_organisation_and_one_question_at_a_time(two: Two) -> None:
    with broken("other_organisation"):
        two.ask(world.make_group())
    two.ask(two.near)
    with broken("asked_already"):
        two.ask(two.older)


def test_nobody_is_asked_to_say_yes_to_a_place_that_is_not_there(two: Two) -> None:
    Group.objects.filter(pk=two.near.pk).update(capacity=1)
    world.make_participating(two.near, since=TODAY)
    with broken("group_full"):
        two.ask(two.near)
    assert not GroupMove.objects.exists()


def test_a_yes_is_kept_when_the_place_went_meanwhile_and_a_worker_tries_again(two: Two) -> None:
    asked = two.ask(two.near)
    Group.objects.filter(pk=two.near.pk).update(capacity=1)
    other = world.make_participating(two.near, since=TODAY)
    answer_move(asked=asked, yes=True, by=two.noor.participant.user)
    asked.refresh_from_db()
    assert (asked.own, asked.ended_at, two.is_in()) == ("yes", None, two.group)
    assert waiting(two.worker, "move_ready")
    Placement.objects.filter(trajectory=other).delete()
    move_now(asked=asked, by=two.worker)
    assert two.is_in() == two.near


# ---- Outside the age band ----------------------------------------------------------------------


@pytest.mark.req("R-377")
def test_outside_the_age_band_the_coordinator_decides_too(two: Two) -> None:
    asked = two.ask(two.older, spoken=TODAY)
    assert two.is_in() == two.group
    (todo,) = waiting(two.coordinator, "move_outside")
    assert todo.url == reverse("groups:move_outside", args=[asked.pk])
    decide_outside(asked=asked, agrees=True, by=two.coordinator)
    assert two.is_in() == two.older


@pytest.mark.req("R-377")
def test_a_coordinator_who_does_not_agree_says_why_and_nobody_moves(two: Two) -> None:
    asked = two.ask(two.older)
    with broken("word_needed"):
        decide_outside(asked=asked, agrees=False, by=two.coordinator)
    decide_outside(asked=asked, agrees=False, by=two.coordinator, word="Nog te jong.")
    assert two.is_in() == two.group
    assert not waiting(two.noor.participant.user, "move_own"), "the question is gone"
    page = world.eyes(two.worker).get(reverse("groups:move", args=[two.noor.pk]))
    assert "Nog te jong." in page.content.decode()


@pytest.mark.req("R-377")
def test_another_regions_coordinator_and_a_worker_decide_nothing(two: Two) -> None:
    asked = two.ask(two.older)
    for user in (world.make_coordinator(world.make_region()), two.worker):
        with broken("not_coordinator"):
            decide_outside(asked=asked, agrees=True, by=user)


@pytest.mark.req("R-377")
def test_the_age_is_that_of_the_first_day_there(two: Two) -> None:
    birthday = TODAY.replace(year=TODAY.year - 17) + timedelta(days=10)
    two.noor.participant.birth_date = birthday
    assert moving.is_outside(two.noor.participant, two.older, TODAY)
    assert not moving.is_outside(two.noor.participant, two.older, TODAY + timedelta(days=10))


# ---- How long a question stands ----------------------------------------------------------------


@pytest.mark.req("R-377")
@pytest.mark.parametrize(
    ("days", "own", "closes", "lapsed"),
    [
        (14, "", False, False),
        (15, "", False, True),
        (15, "yes", False, False),
        (15, "", True, False),
    ],
)
def test_two_weeks_without_an_answer_let_it_lapse_unless_the_group_closes(
    days: int, own: str, closes: bool, lapsed: bool
) -> None:
    today = TODAY + timedelta(days=days)
    found = has_lapsed(asked_on=TODAY, own=own, old_is_closed=closes, today=today)
    assert found is lapsed


@pytest.mark.req("R-377")
def test_the_night_after_two_weeks_takes_the_question_away(two: Two) -> None:
    asked = two.ask(two.near)
    with clock.travel(clock.at(TODAY + timedelta(days=16), 4)):
        world.swept("moves_lapse")
        asked.refresh_from_db()
        assert asked.ended_why == "lapsed"
        assert not waiting(two.noor.participant.user, "move_own")
        assert message_wanted(moving.KIND, [about(asked)]) == set()


def test_after_five_days_without_an_answer_a_talk_is_proposed(two: Two) -> None:
    two.ask(two.near)
    assert not waiting(two.worker, "move_ask")
    with clock.travel(clock.at(TODAY + timedelta(days=5), 12)):
        (todo,) = waiting(two.worker, "move_ask")
        assert todo.stay_id == two.noor.pk


def test_what_was_taken_back_is_no_longer_announced_or_asked(two: Two) -> None:
    asked = two.ask(two.near)
    assert message_wanted(moving.KIND, [about(asked)]) == {about(asked)}
    take_back_move(asked=asked, by=two.worker)
    assert message_wanted(moving.KIND, [about(asked)]) == set()
    assert Message.objects.get(template="move_asked").state == "withdrawn"


# ---- Every page follows the placement of its day -------------------------------------------------


@pytest.mark.req("R-377")
def test_until_the_first_day_there_everything_is_of_the_old_group(two: Two) -> None:
    """Noor still comes here for three weeks: the workers keep the file, she sees both meetings."""
    here = world.make_meeting(two.group, TODAY + timedelta(days=7))
    late = world.make_meeting(two.group, TODAY + timedelta(days=21))
    there = world.make_meeting(two.near, TODAY + timedelta(days=28))
    early = world.make_meeting(two.near, TODAY + timedelta(days=14))
    two.ask(two.near, day=LATER, spoken=TODAY)
    assert two.is_in() == two.group
    seen = set(Meeting.objects.visible_to(two.noor.participant.user))
    assert seen == {here, there}, "not the old group's after it, nor the new one's before it"
    assert {late, early} & seen == set()
    file = reverse("home:file", args=[two.noor.pk])
    assert world.eyes(two.worker).get(file).status_code == 200
    assert world.eyes(two.receiver).get(file).status_code == 404


@pytest.mark.req("R-377")
def test_on_its_first_day_the_stay_is_of_the_new_group(two: Two) -> None:
    two.ask(two.near, day=LATER, spoken=TODAY)
    with clock.travel(clock.at(LATER - timedelta(days=1), 23)):
        assert moves_to_begin() == []
    with clock.travel(clock.at(LATER, 0)):
        assert moves_to_begin() == [two.noor.pk]
        world.swept("moves_begin")
        assert two.is_in() == two.near
        begin_move(two.noor.pk)
        assert moves_to_begin() == []


@pytest.mark.req("R-377")
def test_a_day_that_was_looked_at_is_not_asked_every_five_minutes_and_the_night_asks_all(
    two: Two,
) -> None:
    two.ask(two.near, day=LATER, spoken=TODAY)
    with clock.travel(clock.at(LATER, 12)):
        world.swept("moves_begin")
        assert two.is_in() == two.group, "nobody reads every place in a group at noon"
        world.swept("moves_left")
        assert two.is_in() == two.near


@pytest.mark.req("R-377")
def test_the_workers_there_hear_who_comes_and_say_that_they_know(two: Two) -> None:
    asked = two.ask(two.near, day=LATER, spoken=TODAY)
    (todo,) = waiting(two.receiver, "move_welcome")
    assert "Noor" in todo.title
    assert "Reistijd" not in str(todo), "the reason is never shown to a group"
    world.eyes(two.receiver).post(reverse("groups:move_seen", args=[asked.pk]))
    assert not waiting(two.receiver, "move_welcome")


def test_a_worker_there_who_knows_the_young_person_hears_nothing(two: Two) -> None:
    Recusal.objects.create(
        participant=two.noor.participant,
        worker=two.receiver,
        by=two.receiver,
        at=clock.now(),
        said_by=Recusal.Said.WORKER,
    )
    asked = two.ask(two.near, day=LATER, spoken=TODAY)
    assert not waiting(two.receiver, "move_welcome")
    seen = reverse("groups:move_seen", args=[asked.pk])
    assert world.eyes(two.receiver).post(seen).status_code == 404


def test_a_planned_move_that_is_called_off_keeps_the_old_place_without_a_gap(two: Two) -> None:
    two.ask(two.near, day=LATER, spoken=TODAY)
    call_off_move(trajectory=two.noor, by=two.worker)
    (open_one,) = Placement.objects.open().filter(trajectory=two.noor)
    assert (open_one.group, open_one.first_day) == (two.group, TODAY - timedelta(days=60))
    two.near.refresh_from_db()
    assert two.near.places_taken == 0
    assert not waiting(two.receiver, "move_welcome")
    with broken("no_planned_move"):
        call_off_move(trajectory=two.noor, by=two.worker)


def test_a_first_day_that_has_passed_only_with_a_spoken_yes_and_inside_the_band(two: Two) -> None:
    past = TODAY - timedelta(days=7)
    with broken("first_day_passed"):
        two.ask(two.near, day=past)
    with broken("first_day_passed") as refused:
        two.ask(two.older, day=past, spoken=TODAY)
    assert "coördinator" in str(refused.value), "it does not say that nobody said yes"
    two.ask(two.near, day=past, spoken=TODAY)
    assert two.is_in() == two.near


# ---- The pages -----------------------------------------------------------------------------------


@pytest.mark.req("R-377")
def test_the_choice_says_ages_and_free_places_and_the_own_page_says_no_reason(two: Two) -> None:
    page = world.eyes(two.worker).get(reverse("groups:move", args=[two.noor.pk])).content.decode()
    assert "17–23" in page
    assert "15 vrije plekken" in page
    asked = two.ask(two.near)
    own = world.eyes(two.noor.participant.user)
    here = reverse("groups:own_move", args=[asked.pk])
    shown = own.get(here).content.decode()
    assert "Groep zaterdag" in shown
    assert "Reistijd" not in shown
    own.post(here, {"answer": "yes"})
    assert two.is_in() == two.near


def test_the_own_question_is_the_own(two: Two) -> None:
    asked = two.ask(two.near)
    other = world.make_participating(two.group, since=TODAY, age=16)
    here = reverse("groups:own_move", args=[asked.pk])
    assert world.eyes(other.participant.user).get(here).status_code == 404
    Trajectory.objects.filter(pk=two.noor.pk).update(blocked_reason="parent_withdrew")
    assert world.eyes(two.noor.participant.user).get(here).status_code == 404


def test_a_worker_writes_down_what_was_said(two: Two) -> None:
    two.ask(two.near, day=LATER)
    eyes, page = world.eyes(two.worker), reverse("groups:move", args=[two.noor.pk])
    assert "Zei vandaag ja" in eyes.get(page).content.decode()
    eyes.post(page, {"act": "yes"})
    shown = eyes.get(page).content.decode()
    assert "blijft toch hier" in shown
    eyes.post(page, {"act": "off"})
    assert Placement.objects.open().get(trajectory=two.noor).group == two.group


def test_whom_a_move_waits_for() -> None:
    move = GroupMove(outside=True)
    assert waits_for(move) == (Waits.OWN, Waits.COORDINATOR)
    move.own = "yes"
    assert waits_for(move) == (Waits.COORDINATOR,)
    move.agreed = "yes"
    assert waits_for(move) == (Waits.READY,)


def about(asked: GroupMove) -> moving.About:
    return moving.About(asked.pk, asked.trajectory.participant.contact_id)

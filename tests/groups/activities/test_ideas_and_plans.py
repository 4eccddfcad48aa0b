"""Ideas and plans: thought up, liked, planned, arranged and given back by young people."""

from contextlib import nullcontext
from datetime import date, time, timedelta
from typing import Any

import pytest

from core import clock
from core.accounts.models import User
from core.organisations.models import Group
from groups.activities.ideas import bring_back, like, propose, put_aside, read_ideas, unlike
from groups.activities.money import NoAmount, in_euros, read_cents
from groups.activities.plans import (
    answer_questions,
    back_to_ideas,
    meetings_to_plan,
    plan_activity,
    write_plan,
)
from groups.activities.tasks import (
    add_task,
    drop_task,
    give_back_task,
    no_longer_organise,
    organise,
    settle_task,
    take_task,
)
from groups.activities.without_numbers import refuse_contact_details
from groups.evenings.meetings import cancel_meeting, move_meeting, plan_meeting
from groups.models import Activity, ActivityLike, ActivityOrganiser, Meeting, Placement
from participants.models import Trajectory
from tests import world
from tests.world import broken

TODAY = date(2026, 3, 13)
SINCE = TODAY - timedelta(days=200)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.travel(clock.at(TODAY, 12)):
        yield


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group(name="Groep Vrijdag")


@pytest.fixture
def noor(group: Group) -> Trajectory:
    return world.make_participating(group, since=SINCE, call_name="Noor", age=15)


@pytest.fixture
def amir(group: Group) -> Trajectory:
    return world.make_participating(group, since=SINCE, call_name="Amir", age=15)


@pytest.fixture
def fleur(group: Group) -> User:
    return world.make_worker(group)


@pytest.fixture
def coming(group: Group) -> Meeting:
    return world.make_meeting(group, TODAY + timedelta(days=7))


def user(stay: Trajectory) -> User:
    found = stay.participant.user
    assert found is not None
    return found


def idea(stay: Trajectory, title: str = "Bowlen") -> Activity:
    return propose(group_id=stay.group_id, title=title, by=user(stay), trajectory=stay)


def plan(activity: Activity, meeting: Meeting, stay: Trajectory) -> None:
    plan_activity(activity=activity, meeting=meeting, by=user(stay), trajectory=stay)


def said(meeting: Meeting) -> tuple[str, str]:
    meeting.refresh_from_db()
    return meeting.activity, meeting.activity_by


# ---- Ideas -----------------------------------------------------------------------------------


@pytest.mark.req("R-133")
def test_a_title_is_enough_and_saying_it_twice_is_once(noor: Trajectory) -> None:
    one = idea(noor, "  Bowlen  ")
    assert (one.title, one.proposed_by, one.cost_cents) == ("Bowlen", noor, None)
    assert idea(noor, "bowlen").pk == one.pk
    with broken("no_title"):
        idea(noor, " \n ")
    assert Activity.objects.count() == 1


def test_ideas_stand_in_the_order_of_time_with_names_and_no_score(
    group: Group, noor: Trajectory, amir: Trajectory
) -> None:
    """Two like the older one; it does not win: what came last stands first."""
    older = idea(noor, "Koken")
    with clock.travel(clock.at(TODAY, 13)):
        newer = idea(amir, "Film")
        for stay in (noor, amir):
            like(activity=older, trajectory=stay)
            like(activity=older, trajectory=stay)
        found = read_ideas(user(noor), group.pk, noor)
    assert [one.activity for one in found.open] == [newer, older]
    assert (found.open[1].liked, found.open[1].likers) == (True, ["Amir"])
    assert ActivityLike.objects.count() == 2
    unlike(activity=older, trajectory=noor)
    unlike(activity=older, trajectory=noor)
    assert not read_ideas(user(noor), group.pk, noor).open[1].liked


def test_one_person_cannot_fill_the_list(noor: Trajectory, amir: Trajectory) -> None:
    for n in range(20):
        idea(noor, f"Idee {n}")
    with broken("too_many_ideas"):
        idea(noor, "Nog een")
    idea(amir, "Die past nog")
    put_aside(activity=Activity.objects.get(title="Idee 3"), by=user(noor), trajectory=noor)
    idea(noor, "Nog een")


def test_who_left_or_waits_for_a_yes_does_nothing_here(
    group: Group, noor: Trajectory, amir: Trajectory, coming: Meeting
) -> None:
    one = idea(amir)
    task = add_task(activity=one, task="De baan", trajectory=amir)
    Trajectory.objects.filter(pk=noor.pk).update(blocked_reason="parent_not_answered")
    acts: list[Any] = [
        lambda: idea(noor),
        lambda: like(activity=one, trajectory=noor),
        lambda: organise(activity=one, trajectory=noor),
        lambda: take_task(activity=one, task_id=task.pk, trajectory=noor),
        lambda: plan(one, coming, noor),
    ]
    for act in acts:
        with broken("not_your_group"):
            act()
    assert not Activity.objects.visible_to(user(noor)).exists()
    Trajectory.objects.filter(pk=noor.pk).update(blocked_reason="")
    Placement.objects.filter(trajectory=noor).update(last_day=TODAY)
    for act in acts:
        with broken("not_your_group"):
            act()


def test_who_takes_a_break_thinks_along_and_arranges_nothing(
    noor: Trajectory, amir: Trajectory
) -> None:
    Trajectory.objects.filter(pk=noor.pk).update(phase="paused")
    one = idea(noor)
    like(activity=one, trajectory=noor)
    task = add_task(activity=one, task="De baan", trajectory=amir)
    with broken("paused"):
        organise(activity=one, trajectory=noor)
    with broken("paused"):
        take_task(activity=one, task_id=task.pk, trajectory=noor)
    with broken("paused"):
        add_task(activity=one, task="Snoep", trajectory=noor, mine=True)


def test_an_idea_is_put_aside_by_who_thought_of_it_or_by_a_worker(
    group: Group, noor: Trajectory, amir: Trajectory, fleur: User, coming: Meeting
) -> None:
    one = idea(noor)
    with broken("not_yours"):
        put_aside(activity=one, by=user(amir), trajectory=amir)
    put_aside(activity=one, by=user(noor), trajectory=noor)
    assert not read_ideas(user(amir), group.pk, amir).aside
    assert read_ideas(user(noor), group.pk, noor).aside
    with broken("put_aside"):
        like(activity=one, trajectory=amir)
    bring_back(activity=one, by=user(noor), trajectory=noor)
    plan(one, coming, amir)
    put_aside(activity=one, by=fleur)
    assert said(coming) == ("", ""), "what does not fit is not the plan either"
    with broken("put_aside_by_worker"):
        bring_back(activity=one, by=user(noor), trajectory=noor)
    bring_back(activity=one, by=fleur)
    assert read_ideas(user(amir), group.pk, amir).open


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("Bel mij op 06-12345678", True),
        ("mail noor@example.org", True),
        ("snap @noor_2011", True),
        ("Bowlen om 19:15", False),
        ("12 december 2026, 20-30 euro", False),
        ("De Kegel, Stationsplein 4, dekegel.nl", False),
        ("Film 🎬", False),
    ],
)
def test_a_place_and_a_price_are_no_way_to_reach_somebody(
    noor: Trajectory, text: str, refused: bool
) -> None:
    with broken("contact_details") if refused else nullcontext():
        refuse_contact_details(noor, title=text)


@pytest.mark.req("R-226")
def test_where_people_under_18_are_nobody_types_a_number_for_the_whole_group(
    group: Group, noor: Trajectory, fleur: User
) -> None:
    with broken("contact_details"):
        idea(noor, "Bel 06 12345678")
    one = idea(noor)
    with broken("contact_details"):
        add_task(activity=one, task="Bel 06 12345678", trajectory=noor)
    with broken("contact_details"):
        answer_questions(
            activity=one,
            by=user(noor),
            trajectory=noor,
            title="Bowlen",
            transport="app noor@example.org",
        )
    propose(group_id=group.pk, title="De baan bellen: 06 12345678", by=fleur)
    grown = world.make_participating(group, since=SINCE, age=20)
    with broken("contact_details"):
        idea(grown, "Bel 06 12345678")
    adults = world.make_group(age_from=18, age_until=30)
    among_them = world.make_participating(adults, since=SINCE, age=20)
    idea(among_them, "Bel 06 12345678")


# ---- Plans -----------------------------------------------------------------------------------


@pytest.mark.req("R-123", "R-133")
@pytest.mark.parametrize("weeks", [1, 5])
def test_the_group_plans_for_the_next_meeting_or_weeks_ahead(
    group: Group, noor: Trajectory, amir: Trajectory, weeks: int
) -> None:
    """By anybody of the group; the meeting says what and who thought of it."""
    for n in (1, 3, 5):
        world.make_meeting(group, TODAY + timedelta(weeks=n))
    meeting = group.meetings.get(date=TODAY + timedelta(weeks=weeks))
    one = idea(noor)
    plan(one, meeting, amir)
    plan(one, meeting, amir)
    assert said(meeting) == ("Bowlen", "Noor")
    organise(activity=one, trajectory=amir)
    assert list(meeting.plan.organisers.values_list("trajectory", flat=True)) == [amir.pk]


@pytest.mark.req_part("R-123")
def test_a_meeting_has_one_activity_and_the_second_hears_what_the_first_chose(
    noor: Trajectory, amir: Trajectory, coming: Meeting
) -> None:
    first, second = idea(noor), idea(amir, "Film")
    plan(first, coming, noor)
    with pytest.raises(Exception, match="Bowlen") as refused:
        plan(second, coming, amir)
    assert refused.value.code == "meeting_has_a_plan"  # type: ignore[attr-defined]
    assert said(coming) == ("Bowlen", "Noor")


def test_only_a_meeting_that_can_still_be_planned(
    group: Group, noor: Trajectory, fleur: User
) -> None:
    one = idea(noor)
    past = world.make_meeting(group, TODAY - timedelta(days=7))
    off = world.make_meeting(group, TODAY + timedelta(days=3), status="cancelled")
    closed = world.make_meeting(group, TODAY, closed_at=clock.now() - timedelta(minutes=1))
    elsewhere = world.make_meeting(world.make_group(), TODAY + timedelta(days=7))
    free = world.make_meeting(group, TODAY + timedelta(days=9))
    for meeting, code in (
        (past, "too_late"),
        (off, "meeting_cancelled"),
        (closed, "too_late"),
        (elsewhere, "not_your_group"),
    ):
        with broken(code):
            plan(one, meeting, noor)
    assert meetings_to_plan(Meeting.objects.visible_to(user(noor)), group.pk) == [free]
    plan(one, free, noor)
    later = world.make_meeting(group, TODAY + timedelta(days=23))
    with broken("already_planned"):
        plan(one, later, noor)


def test_a_plan_moves_along_and_returns_when_the_cancelling_is_taken_back(
    group: Group, noor: Trajectory, fleur: User, coming: Meeting
) -> None:
    one = idea(noor)
    plan(one, coming, noor)
    moved = move_meeting(meeting=coming, date=TODAY + timedelta(days=8), by=fleur)
    assert moved.plan == one
    cancel_meeting(meeting=moved, reason="weather", by=fleur)
    assert [i.activity for i in read_ideas(user(noor), group.pk, noor).open] == [one]
    plan_meeting(group=group, date=moved.date, by=fleur, starts_at=time(19))
    assert [i.activity for i in read_ideas(user(noor), group.pk, noor).planned] == [one]
    assert said(moved) == ("Bowlen", "Noor")


def test_what_was_planned_elsewhere_meanwhile_does_not_return(
    group: Group, noor: Trajectory, fleur: User, coming: Meeting
) -> None:
    one = idea(noor)
    plan(one, coming, noor)
    cancel_meeting(meeting=coming, reason="weather", by=fleur)
    other = world.make_meeting(group, TODAY + timedelta(days=21))
    plan(one, other, noor)
    plan_meeting(group=group, date=coming.date, by=fleur)
    assert (said(coming), said(other)) == (("", ""), ("Bowlen", "Noor"))


def test_back_to_the_ideas_by_who_planned_thought_of_or_organises_it(
    group: Group, noor: Trajectory, amir: Trajectory, fleur: User, coming: Meeting
) -> None:
    one = idea(noor)
    third = world.make_participating(group, since=SINCE, call_name="Sam")
    plan(one, coming, amir)
    with broken("not_yours"):
        back_to_ideas(activity=one, by=user(third), trajectory=third)
    assert said(coming)[0] == "Bowlen"
    organise(activity=one, trajectory=third)
    back_to_ideas(activity=one, by=user(third), trajectory=third)
    back_to_ideas(activity=one, by=user(noor), trajectory=noor)
    assert said(coming) == ("", "")
    plan(one, coming, noor)
    back_to_ideas(activity=one, by=fleur)
    plan(one, coming, noor)
    with clock.travel(coming.ends_at), broken("too_late"):
        back_to_ideas(activity=one, by=user(noor), trajectory=noor)


@pytest.mark.req("R-134", "R-136")
def test_the_plan_asks_and_refuses_nothing(noor: Trajectory, amir: Trajectory) -> None:
    """No answer, a strange answer, a dear one: it stays an activity that can be planned."""
    one = idea(noor)
    ask = {"activity": one, "by": user(amir), "trajectory": amir, "title": "Bowlen"}
    answer_questions(**ask)
    answer_questions(
        **ask,
        cost_cents=99900,
        cost_note="Vliegtickets",
        people="2000",
        transport="Raket",
        preparation="Geen idee",
    )
    one.refresh_from_db()
    assert (one.cost_cents, one.people, one.transport) == (99900, "2000", "Raket")
    assert (one.put_aside_at, one.version) == (None, 2)


def test_only_who_thought_of_it_gives_it_another_title(
    noor: Trajectory, amir: Trajectory, coming: Meeting
) -> None:
    one = idea(noor)
    plan(one, coming, noor)
    with broken("not_yours"):
        answer_questions(activity=one, by=user(amir), trajectory=amir, title="Film")
    answer_questions(activity=one, by=user(noor), trajectory=noor, title="Bowlen met disco")
    assert said(coming) == ("Bowlen met disco", "Noor")


@pytest.mark.req_part("R-123")
def test_what_a_worker_writes_down_is_the_plan_and_nobodys_idea_is_lost(
    group: Group, noor: Trajectory, amir: Trajectory, fleur: User, coming: Meeting
) -> None:
    def write(title: str, who: Trajectory | None) -> None:
        write_plan(meeting=coming, title=title, thought_up_by=who.pk if who else None, by=fleur)

    write("Koken", None)
    assert (coming.plan.title, said(coming)) == ("Koken", ("Koken", ""))
    write("Samen koken", noor)
    assert (Activity.objects.count(), said(coming)) == (1, ("Samen koken", "Noor"))
    write("Film", amir)
    assert said(coming) == ("Film", "Amir")
    assert Activity.objects.get(title="Samen koken").meeting is None
    write("", None)
    assert said(coming) == ("", "")
    assert Activity.objects.filter(meeting=None).count() == 2
    stranger = world.make_participating(world.make_group(), since=SINCE)
    with broken("not_in_the_group"):
        write("Film", stranger)


# ---- Tasks -----------------------------------------------------------------------------------


@pytest.mark.req_part("R-134")
def test_a_task_is_taken_done_and_given_back(noor: Trajectory, amir: Trajectory) -> None:
    one = idea(noor)
    task = add_task(activity=one, task="Ik regel de baan", trajectory=noor, mine=True)
    assert add_task(activity=one, task="ik regel de baan", trajectory=amir).pk == task.pk
    with broken("task_taken"):
        take_task(activity=one, task_id=task.pk, trajectory=amir)
    settle_task(activity=one, task_id=task.pk, trajectory=noor)
    with broken("not_yours"):
        settle_task(activity=one, task_id=task.pk, trajectory=amir)
    give_back_task(activity=one, task_id=task.pk, trajectory=amir)
    task.refresh_from_db()
    assert (task.trajectory, task.done_at is None) == (noor, False)
    give_back_task(activity=one, task_id=task.pk, trajectory=noor)
    give_back_task(activity=one, task_id=task.pk, trajectory=noor)
    take_task(activity=one, task_id=task.pk, trajectory=amir)
    task.refresh_from_db()
    assert (task.trajectory, task.done_at) == (amir, None)


def test_somebody_who_left_leaves_the_task_open(
    group: Group, noor: Trajectory, amir: Trajectory
) -> None:
    one = idea(noor)
    task = add_task(activity=one, task="De baan", trajectory=amir, mine=True)
    organise(activity=one, trajectory=amir)
    like(activity=one, trajectory=amir)
    Placement.objects.filter(trajectory=amir).update(last_day=TODAY - timedelta(days=1))
    (seen,) = read_ideas(user(noor), group.pk, noor).open
    assert ([t.who for t in seen.tasks], seen.organisers, seen.likers) == ([""], [], [])
    assert not ActivityOrganiser.objects.arranging().exists()
    take_task(activity=one, task_id=task.pk, trajectory=noor)
    task.refresh_from_db()
    assert task.trajectory == noor


def test_organising_is_said_and_given_back(noor: Trajectory) -> None:
    one = idea(noor)
    organise(activity=one, trajectory=noor)
    organise(activity=one, trajectory=noor)
    assert one.organisers.count() == 1
    no_longer_organise(activity=one, trajectory=noor)
    no_longer_organise(activity=one, trajectory=noor)
    assert one.organisers.count() == 0


def test_an_open_task_is_dropped_by_who_leads_it_or_a_worker(
    noor: Trajectory, amir: Trajectory, fleur: User
) -> None:
    one = idea(noor)
    task = add_task(activity=one, task="De baan", trajectory=noor)
    with broken("not_yours"):
        drop_task(activity=one, task_id=task.pk, by=user(amir), trajectory=amir)
    take_task(activity=one, task_id=task.pk, trajectory=amir)
    with broken("not_yours"):
        drop_task(activity=one, task_id=task.pk, by=user(noor), trajectory=noor)
    drop_task(activity=one, task_id=task.pk, by=fleur)
    drop_task(activity=one, task_id=task.pk, by=fleur)
    with broken("no_such_task"):
        take_task(activity=one, task_id=task.pk, trajectory=amir)


# ---- Money and erasure -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("7", 700), ("7,5", 750), ("€ 7.50", 750), ("7,-", 700), ("0", 0), ("gratis", 0), (" ", None)],
)
def test_an_amount_is_read_as_people_type_it(typed: str, cents: int | None) -> None:
    assert read_cents(typed) == cents


@pytest.mark.parametrize("typed", ["ongeveer", "-5", "7,505", "99999", "1e3", "7\x00"])
def test_what_is_no_amount_is_not_guessed(typed: str) -> None:
    with pytest.raises(NoAmount):
        read_cents(typed)


def test_an_amount_is_shown_as_people_read_it() -> None:
    assert [in_euros(n) for n in (700, 750)] == ["€ 7", "€ 7,50"]

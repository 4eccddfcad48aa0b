"""Everybody's start page: what stands there, for whom, and what it costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from core.accounts.models import User
from core.accounts.roles import Role
from core.organisations.models import Group
from groups.models import AbsenceNotice
from joinus.home.attention.facts import count_groups
from joinus.home.start.regional import start_page
from joinus.home.start.tonight import group_cards
from joinus.home.waiting import todos_for
from participants.journey import journey
from participants.models import Trajectory
from questionnaires.models import CycleState
from tests.questionnaires.build import make_invitation
from tests.world import (
    attend,
    give_own_agreements,
    make_coordinator,
    make_group,
    make_manager,
    make_meeting,
    make_national,
    make_trajectory,
    make_worker,
    seat,
)

pytestmark = pytest.mark.django_db


def sign_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def filled(people: int) -> tuple[Group, User]:
    group = make_group(capacity=15)
    worker = make_worker(group)
    day = clock.today()
    meetings = [make_meeting(group, day - timedelta(days=14 * n), "held") for n in range(1, 9)]
    make_meeting(group, day, activity="Bowlen")
    for n in range(people):
        stay = make_trajectory(group=group, call_name=f"Naam{n}")
        seat(stay, first_day=day - timedelta(days=200))
        for meeting in meetings:
            attend(stay, meeting)
        CycleState.objects.create(trajectory=stay, attended=8)
    return group, worker


class TestWorker:
    @pytest.mark.req("R-001")
    def test_tonights_evening_stands_on_top_one_tap_from_the_sheet(self) -> None:
        _group, worker = filled(3)
        (card,) = group_cards(worker)
        assert card.is_today
        assert card.next_meeting is not None
        assert card.next_meeting.activity == "Bowlen"
        assert card.expected == 3
        assert [len(row.strip) for row in card.rows] == [6, 6, 6]
        assert card.rows[0].counted == 2

    def test_who_cannot_come_is_named_and_not_expected(self) -> None:
        _group, worker = filled(3)
        card = group_cards(worker)[0]
        AbsenceNotice.objects.create(
            meeting_id=card.next_meeting.id,
            trajectory_id=card.rows[1].trajectory_id,
            told_at=clock.now(),
        )
        card = group_cards(worker)[0]
        assert card.told == ["Naam1"]
        assert card.expected == 2

    def test_the_page_costs_the_same_for_five_and_fifteen_people(
        self, client: Client, django_assert_num_queries: Any
    ) -> None:
        for people in (5, 15):
            _group, worker = filled(people)
            client.force_login(worker)
            client.get("/vandaag/")
            with django_assert_num_queries(4):
                client.get("/vandaag/")

    @pytest.mark.req("R-004", "R-021")
    def test_another_groups_people_never_appear(self) -> None:
        filled(3)
        other = make_group()
        worker = make_worker(other)
        (card,) = group_cards(worker)
        assert card.group.id == other.pk
        assert card.rows == []


@pytest.mark.req("R-006", "R-010")
@pytest.mark.parametrize("who", ["manager", "coordinator", "quality", "researcher"])
def test_nobody_but_the_groups_workers_reads_a_name_on_the_start_page(
    client: Client, who: str
) -> None:
    group, _worker = filled(3)
    user = {
        "manager": lambda: make_manager(group.location.organisation),
        "coordinator": lambda: make_coordinator(group.location.region),
        "quality": lambda: make_national(Role.QUALITY_COORDINATOR),
        "researcher": lambda: make_national(Role.RESEARCHER),
    }[who]()
    body = sign_in(client, user).get("/vandaag/").content.decode()
    assert "Naam0" not in body
    assert (group.name in body) == (who != "researcher")


@pytest.mark.req("R-218")
def test_a_missed_wave_counts_in_the_response_rate_of_the_group() -> None:
    group = make_group()
    stay = make_trajectory(group=group)
    for number, state in enumerate(("answered", "missed", "missed", "withdrawn", "open"), 1):
        facts = {"answered_on": clock.today()} if state == "answered" else {}
        make_invitation(stay, "interim", number, state=state, **facts)
    count_groups()
    (row,) = start_page(make_coordinator(group.location.region), {})["rows"]
    line = row.facts
    assert (line.answered, line.asked, line.response) == (1, 3, 33)


@pytest.mark.req("R-130")
def test_only_what_was_written_down_counts_in_the_attendance_of_the_group() -> None:
    group = make_group()
    evening = make_meeting(group, clock.today() - timedelta(days=1), "held")
    for state in ("present", "absent_with_notice", "not_recorded"):
        attend(make_trajectory(group=group), evening, state)
    count_groups()
    (row,) = start_page(make_coordinator(group.location.region), {})["rows"]
    line = row.facts
    assert (line.present, line.expected, line.attendance) == (1, 2, 50)


@pytest.mark.req("R-018")
def test_words_and_access_follow_the_status_from_applicant_to_participant(client: Client) -> None:
    group, worker = filled(1)
    stay = make_trajectory(group=group, phase="intake", call_name="Noor", suitable=True, age=17)
    give_own_agreements(stay)
    assert stay.participant.user is not None
    sign_in(client, stay.participant.user)
    page = client.get("/vandaag/").content.decode()
    assert "Je bent nu bij: Eerste gesprek." in page
    assert "Bowlen" not in page
    assert stay in Trajectory.objects.applicants_visible_to(worker)
    journey.begin_trial(trajectory=stay, by=worker)
    journey.begin_participation(trajectory=stay, day=clock.today(), by=worker)
    seat(stay, first_day=clock.today())
    page = client.get("/vandaag/").content.decode()
    assert "Je bent nu bij: Meedoen." in page
    assert "Bowlen" in page
    assert stay not in Trajectory.objects.applicants_visible_to(worker)


@pytest.mark.req("R-010", "R-132")
@pytest.mark.req_part("R-002")
def test_a_participant_sees_the_own_next_evening_and_nobody_else(client: Client) -> None:
    group, _worker = filled(2)
    stay = make_trajectory(group=group, call_name="Noor")
    seat(stay, first_day=clock.today() - timedelta(days=3))
    assert stay.participant.user is not None
    body = sign_in(client, stay.participant.user).get("/vandaag/").content.decode()
    assert "Noor" in body
    assert "Bowlen" in body
    assert "Naam0" not in body


@pytest.mark.parametrize(
    ("phase", "promised"), [("signed_up", True), ("referred", False), ("withdrawn", False)]
)
def test_nobody_is_promised_a_contact_that_does_not_come(
    client: Client, phase: str, promised: bool
) -> None:
    """After a referral a person told it; the page says no status and promises nothing."""
    stay = make_trajectory(group=make_group(), phase=phase)
    assert stay.participant.user is not None
    page = sign_in(client, stay.participant.user).get("/vandaag/").content.decode()
    assert ("neemt contact op" in page or "contacts you" in page) is promised
    assert "referred" not in page
    assert "verwezen" not in page


@pytest.mark.req("R-104")
def test_no_time_or_place_before_every_yes(client: Client) -> None:
    group, _worker = filled(1)
    stay = make_trajectory(group=group, call_name="Noor", blocked_reason="consent")
    seat(stay, first_day=clock.today() - timedelta(days=3))
    assert stay.participant.user is not None
    body = sign_in(client, stay.participant.user).get("/vandaag/").content.decode()
    assert "Bowlen" not in body
    assert group.location.name not in body


class TestWhatTheOwnPageCosts:
    """The whole page through the browser; what waits is asked on top of it, whatever it costs."""

    @pytest.mark.parametrize("people", [5, 15])
    @pytest.mark.parametrize(
        ("phase", "statements"),
        [
            ("signed_up", 5),
            ("trial", 4),
            ("participating", 5),
            ("paused", 8),  # three more: who is there, with a number
            ("leaving", 5),
            ("former", 8),  # one more: was the follow-up answered or missed
        ],
    )
    def test_it_is_the_same_for_five_and_fifteen(
        self, client: Client, phase: str, statements: int, people: int
    ) -> None:
        group, _worker = filled(people - 1)
        stay = make_trajectory(
            group=group,
            phase=phase,
            waiting_since=clock.today() if phase == "signed_up" else None,
            **({"exited_on": clock.today(), "exit_kind": "planned"} if phase == "former" else {}),
        )
        if phase not in ("signed_up", "former"):
            seat(stay, first_day=clock.today() - timedelta(days=3), trial=phase == "trial")
        for _n in range(people):
            make_trajectory(group=group, phase="signed_up", waiting_since=clock.today())
        user = stay.participant.user
        assert user is not None
        with CaptureQueriesContext(connection) as waits:
            todos_for(user)
        sign_in(client, user)
        client.get("/vandaag/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/vandaag/")
        assert len(asked) - len(waits) == statements

"""Leaving: the talk, the own list, the parents of somebody under 16, stopping before closing."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from core import clock
from core.audit.models import ReadEntry
from core.organisations.models import Group
from groups.evenings.last_meeting import agree_last_meeting
from groups.goodbye.leaving import close_stay, reopen_stay, stay_after_all, stop_myself
from groups.models import Placement
from joinus.home.waiting import todos_for
from participants.exit import exit_talk
from participants.exit import parents as parents_at_exit
from participants.models import ExitTalk, ParentsAtExit, Trajectory
from participants.parents.unsafe_home import end_unsafe_home, record_unsafe_home
from tests import world
from tests.world import broken

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 13)
SINCE = TODAY - timedelta(days=300)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.travel(clock.at(TODAY, 12)):
        yield


@pytest.fixture
def group() -> Group:
    return world.make_group(age_from=12, age_until=30)


@pytest.fixture
def worker(group: Group) -> Any:
    return world.make_worker(group)


@pytest.fixture
def coordinator(group: Group) -> Any:
    return world.make_coordinator(group.location.region)


@pytest.fixture
def grown_up(group: Group) -> Trajectory:
    return world.make_participating(group, since=SINCE, age=29, call_name="Ilse")


@pytest.fixture
def child(group: Group) -> Trajectory:
    return world.make_participating(group, since=SINCE, age=14, call_name="Casey")


def close(stay: Trajectory, by: Any, reason: str = "moved", kind: str = "other") -> Trajectory:
    return close_stay(trajectory=stay, exit_kind=kind, exit_reason=reason, by=by)


def talk(stay: Trajectory, by: Any, **changes: Any) -> ExitTalk:
    facts: dict[str, Any] = {"challenge_reached": 8, "satisfied": 7, "ready": True}
    return exit_talk.record_exit_talk(trajectory=stay, held_on=TODAY, by=by, **(facts | changes))


def speak_with_parents(stay: Trajectory, by: Any, **changes: Any) -> ParentsAtExit:
    facts: dict[str, Any] = {"feedback": "Durft meer.", "tips": "Laat zelf afspreken."}
    return parents_at_exit.record_talk(
        trajectory=stay, spoken_on=clock.today(), by=by, **(facts | changes)
    )


# ---- The talk --------------------------------------------------------------


@pytest.mark.req("R-179", "R-094")
def test_reaching_the_goal_is_what_the_participant_says_in_a_recorded_talk(
    group: Group, grown_up: Trajectory, worker: Any
) -> None:
    agree_last_meeting(trajectory=grown_up, meeting=world.make_meeting(group, TODAY), by=worker)
    with broken("talk_first"):
        close(grown_up, worker, "goal_reached", "goal")
    talk(grown_up, worker, ready=False)
    with broken("not_ready"):
        close(grown_up, worker, "goal_reached", "goal")
    talk(grown_up, worker, note="Straalt")
    close(grown_up, worker, "goal_reached", "goal")
    kept = exit_talk.newest(grown_up)
    assert kept is not None
    assert (kept.challenge_reached, kept.satisfied, kept.ready, kept.by) == (8, 7, True, worker)
    assert kept.note == "Straalt"
    assert grown_up.exit_talks.count() == 2, "an earlier talk is never rewritten"


@pytest.mark.req("R-179")
def test_a_scale_goes_from_0_to_10_or_has_no_figure(grown_up: Trajectory, worker: Any) -> None:
    for wrong in (-1, 11):
        with broken("off_the_scale"):
            talk(grown_up, worker, satisfied=wrong)
    assert talk(grown_up, worker, satisfied=None, challenge_reached=0).satisfied is None
    with pytest.raises(IntegrityError):
        ExitTalk.objects.create(
            trajectory=grown_up, held_on=TODAY, satisfied=11, ready=True, by=worker, at=clock.now()
        )


def test_a_talk_has_a_day_inside_the_stay(grown_up: Trajectory, worker: Any) -> None:
    for wrong in (TODAY + timedelta(days=1), SINCE - timedelta(days=1)):
        with broken("day_outside_stay"):
            exit_talk.record_exit_talk(
                trajectory=grown_up,
                held_on=wrong,
                challenge_reached=1,
                satisfied=1,
                ready=True,
                by=worker,
            )


@pytest.mark.req("R-179")
@pytest.mark.parametrize("phase", ["intake", "trial", "former"])
def test_a_talk_about_leaving_is_with_somebody_who_takes_part(
    group: Group, worker: Any, phase: str
) -> None:
    ended = {"exit_kind": "other", "exited_on": TODAY, "ended_on": TODAY}
    stay = world.make_trajectory(group=group, phase=phase, **(ended if phase == "former" else {}))
    with broken("not_in_group"):
        talk(stay, worker)
    assert not ExitTalk.objects.exists()


@pytest.mark.req("R-179")
def test_the_worker_writes_the_talk_down_on_its_own_page(
    client: Client, grown_up: Trajectory, worker: Any
) -> None:
    client.force_login(worker)
    page = reverse("participants:exit_talk", args=[grown_up.pk])
    assert client.get(page).status_code == 200
    assert ReadEntry.objects.filter(record="exit_talk", user=worker).exists()
    assert client.post(page, {"act": "talk", "ready": "yes"}).status_code == 422
    assert client.post(page, {"act": "dance"}).status_code == 400
    answers = {
        "act": "talk",
        "held_on": TODAY.isoformat(),
        "challenge_reached": "9",
        "satisfied": "none",
        "ready": "yes",
    }
    assert client.post(page, answers | {"satisfied": "11"}).status_code == 422
    gone_to = client.post(page, answers)
    assert gone_to["Location"] == reverse("groups:leave", args=[grown_up.pk])
    kept = ExitTalk.objects.get()
    assert (kept.challenge_reached, kept.satisfied, kept.ready) == (9, None, True)


# ---- What is still to learn ------------------------------------------------


@pytest.mark.req("R-181")
def test_agreements_are_seen_and_changed_by_both(
    client: Client, grown_up: Trajectory, worker: Any
) -> None:
    client.force_login(worker)
    page = reverse("participants:exit_talk", args=[grown_up.pk])
    assert client.post(page, {"act": "agree", "text": " "}).status_code == 422
    client.post(page, {"act": "agree", "text": "Naar de klimhal"})
    young = Client()
    young.force_login(grown_up.participant.user)
    own = reverse("participants:onward")
    assert "Naar de klimhal" in young.get(own).content.decode()
    young.post(own, {"act": "agree", "text": "Zelf iemand bellen"})
    assert "Zelf iemand bellen" in client.get(page).content.decode()
    line = exit_talk.agreements(grown_up).first()
    young.post(own, {"act": "drop", "agreement": str(line.pk)})
    assert "Naar de klimhal" not in young.get(own).content.decode()
    assert young.post(own, {"act": "drop", "agreement": "x"}).status_code == 400
    assert young.post(own, {"act": "sing"}).status_code == 400


@pytest.mark.req("R-181")
def test_nobody_takes_a_line_from_another_list(
    group: Group, grown_up: Trajectory, child: Trajectory, worker: Any
) -> None:
    line = exit_talk.add_agreement(trajectory=grown_up, text="Sporten", by=worker)
    young = Client()
    young.force_login(child.participant.user)
    answer = young.post(reverse("participants:onward"), {"act": "drop", "agreement": str(line.pk)})
    assert answer.status_code == 404
    with broken("not_yours"):
        exit_talk.drop_agreement(agreement=line, by=child.participant.user)
    assert exit_talk.agreements(grown_up).count() == 1


def test_ten_lines_are_enough(grown_up: Trajectory, worker: Any) -> None:
    for n in range(10):
        exit_talk.add_agreement(trajectory=grown_up, text=f"Stap {n}", by=worker)
    with broken("enough_agreements"):
        exit_talk.add_agreement(trajectory=grown_up, text="Nog een", by=worker)


@pytest.mark.req("R-181")
@pytest.mark.parametrize("who", ["worker", "young person"])
def test_an_empty_line_is_not_an_agreement(grown_up: Trajectory, worker: Any, who: str) -> None:
    by = worker if who == "worker" else grown_up.participant.user
    with broken("text_needed"):
        exit_talk.add_agreement(trajectory=grown_up, text=" \n", by=by)
    assert not exit_talk.agreements(grown_up).exists()


def test_before_taking_part_there_is_no_page_about_going_on(group: Group) -> None:
    early = world.make_suitable(group)
    young = Client()
    young.force_login(early.participant.user)
    assert young.get(reverse("participants:onward")).status_code == 404


@pytest.mark.req("R-180")
def test_the_last_evening_stands_on_the_own_page(
    group: Group, grown_up: Trajectory, worker: Any
) -> None:
    agree_last_meeting(
        trajectory=grown_up,
        meeting=world.make_meeting(group, TODAY + timedelta(days=14)),
        by=worker,
    )
    young = Client()
    young.force_login(grown_up.participant.user)
    for page in ("home:today", "participants:onward"):
        assert "27 maart" in young.get(reverse(page)).content.decode()


# ---- The parents of somebody under 16 --------------------------------------


@pytest.mark.req("R-109")
@pytest.mark.parametrize(
    ("kind", "reason"), [("other", "moved"), ("drop_out", "no_contact"), ("goal", "goal_reached")]
)
def test_under_16_no_exit_closes_without_contact_with_the_parents(
    group: Group, child: Trajectory, worker: Any, kind: str, reason: str
) -> None:
    if kind == "goal":
        agree_last_meeting(trajectory=child, meeting=world.make_meeting(group, TODAY), by=worker)
        talk(child, worker)
    with broken("parents_first"):
        close(child, worker, reason, kind)
    child.refresh_from_db()
    assert child.phase != "former"
    speak_with_parents(child, worker)
    assert close(child, worker, reason, kind).phase == "former"


@pytest.mark.req("R-109")
def test_the_contact_is_feedback_and_tips(child: Trajectory, worker: Any, group: Group) -> None:
    for field in ("feedback", "tips"):
        with broken(f"{field}_needed"):
            speak_with_parents(child, worker, **{field: " "})
    other = world.make_participating(group, since=SINCE, age=14)
    with broken("other_child"):
        speak_with_parents(child, worker, guardian=world.make_guardian(other))
    kept = speak_with_parents(child, worker, guardian=world.make_guardian(child))
    assert (kept.feedback, kept.tips) == ("Durft meer.", "Laat zelf afspreken.")


@pytest.mark.req("R-109")
def test_an_unsafe_home_recorded_with_the_coordinator_is_the_exception(
    child: Trajectory, worker: Any, coordinator: Any
) -> None:
    record_unsafe_home(trajectory=child, by=worker, reason="Onveilig", coordinator=coordinator)
    with broken("home_not_safe"):
        speak_with_parents(child, worker)
    end_unsafe_home(trajectory=child, by=worker)
    with broken("parents_first"):
        close(child, worker)
    record_unsafe_home(trajectory=child, by=worker, reason="Toch onveilig", coordinator=coordinator)
    assert close(child, worker).phase == "former"


@pytest.mark.req("R-109")
def test_another_exception_is_decided_with_the_coordinator_of_the_region(
    child: Trajectory, worker: Any, coordinator: Any
) -> None:
    far = world.make_coordinator(world.make_region())
    for who, reason, code in (
        (far, "x", "not_the_coordinator"),
        (worker, "x", "not_the_coordinator"),
        (coordinator, " ", "reason_needed"),
    ):
        with broken(code):
            parents_at_exit.record_exception(
                trajectory=child, coordinator=who, reason=reason, by=worker
            )
    parents_at_exit.record_exception(
        trajectory=child, coordinator=coordinator, reason="Onbereikbaar", by=worker
    )
    assert close(child, worker).phase == "former"


@pytest.mark.req("R-109")
def test_from_16_on_the_young_person_decides(group: Group, worker: Any) -> None:
    sixteen = world.make_participating(group, since=SINCE, birth_date=date(2010, 3, 13))
    almost = world.make_participating(group, since=SINCE, birth_date=date(2010, 3, 14))
    assert close(sixteen, worker).phase == "former"
    with broken("parents_first"):
        close(almost, worker)


@pytest.mark.req("R-109")
def test_a_contact_counts_for_one_goodbye(group: Group, child: Trajectory, worker: Any) -> None:
    speak_with_parents(child, worker)
    close(child, worker)
    with clock.travel(TODAY + timedelta(days=3)):
        child = reopen_stay(trajectory=child, by=worker, reason="Vergissing")
        with broken("parents_first"):
            close(child, worker)
        speak_with_parents(child, worker)
    with clock.travel(TODAY + timedelta(days=4)):
        meeting = world.make_meeting(group, TODAY + timedelta(days=20))
        agree_last_meeting(trajectory=child, meeting=meeting, by=worker)
        stay_after_all(trajectory=child, by=worker)
        with broken("parents_first"):
            close(child, worker)


@pytest.mark.req("R-109")
def test_the_page_of_the_parents_asks_for_both_and_leads_back(
    client: Client, child: Trajectory, worker: Any, coordinator: Any
) -> None:
    client.force_login(worker)
    parent = world.make_guardian(child, name="Inge Visser", phone="0612345678")
    page = reverse("participants:parents_at_exit", args=[child.pk])
    assert "Inge Visser" in client.get(page).content.decode()
    closing = reverse("home:close", args=[child.pk])
    refused = client.post(closing, {"exit_reason": "moved"})
    assert refused.status_code == 422
    assert page in refused.content.decode()
    assert client.post(page, {"act": "talk", "feedback": "Goed"}).status_code == 422
    assert client.post(page, {"act": "exception", "reason": "x"}).status_code == 422
    assert client.post(page, {"act": "x"}).status_code == 400
    told = {"act": "talk", "spoken_on": TODAY.isoformat(), "feedback": "Goed", "tips": "Bellen"}
    assert client.post(page, told | {"guardian": str(parent.pk)}).status_code == 302
    assert client.post(closing, {"exit_reason": "moved"}).status_code == 200
    child.refresh_from_db()
    assert child.phase == "former"


# ---- A child that stops ----------------------------------------------------


@pytest.mark.req("R-109")
def test_a_child_stops_at_once_and_the_stay_waits_for_the_parents(
    group: Group, child: Trajectory, worker: Any, client: Client
) -> None:
    young = Client()
    young.force_login(child.participant.user)
    world.make_meeting(group, TODAY + timedelta(days=14), activity="Bowlen")
    assert young.post(reverse("groups:stop"), {"later": "yes"}).status_code == 200
    child.refresh_from_db()
    group.refresh_from_db()
    assert (child.phase, child.stopped_on, group.places_taken) == ("leaving", TODAY, 0)
    assert "Bowlen" not in young.get(reverse("home:today")).content.decode()
    assert young.post(reverse("groups:stop"), {"later": "no"}).status_code == 200
    child.refresh_from_db()
    assert child.follow_up_waived == "", "the second tap changes nothing"
    client.force_login(worker)
    with clock.travel(clock.at(TODAY + timedelta(days=5), 12)):
        assert "is gestopt" in client.get(reverse("home:today")).content.decode()
        speak_with_parents(child, worker)
        client.post(reverse("home:close", args=[child.pk]), {"exit_reason": "own_wish"})
    child.refresh_from_db()
    assert (child.phase, child.exited_on) == ("former", TODAY)
    assert child.ended_on == TODAY + timedelta(days=5)


def about(stay: Trajectory, user: Any) -> set[str]:
    """The kinds of what waits for this user about this very stay."""
    return {todo.kind for todo in todos_for(user) if todo.about == stay.pk}


@pytest.mark.req("R-109")
def test_every_worker_hears_that_a_child_stopped_and_the_goodbye_asks_for_the_parents(
    group: Group, child: Trajectory, worker: Any, client: Client
) -> None:
    young = Client()
    young.force_login(child.participant.user)
    young.post(reverse("groups:stop"), {"later": "yes", "why": "Te druk"})
    for who in (worker, world.make_worker(group, "Daan Smit")):
        assert {"has_stopped", "stopped"} <= about(child, who)
    client.force_login(worker)
    read = reverse("participants:stopped", args=[child.pk])
    assert "Te druk" in client.get(read).content.decode()
    client.post(read)
    left = about(child, worker)
    assert "has_stopped" not in left
    assert "stopped" in left, "having read it does not speak with the parents"
    goodbye = client.get(reverse("groups:leave", args=[child.pk]))
    assert goodbye.context["way"].next == "parents"
    asked = reverse("participants:parents_at_exit", args=[child.pk])
    assert asked in goodbye.content.decode()
    with broken("parents_first"):
        close(child, worker, "own_wish")
    speak_with_parents(child, worker)
    assert client.get(reverse("groups:leave", args=[child.pk])).context["way"].next == "close"
    assert close(child, worker, "own_wish").phase == "former"
    assert "stopped" not in about(child, worker)


def test_a_child_that_stopped_and_stays_after_all_gets_a_seat_again(
    group: Group, child: Trajectory, worker: Any
) -> None:
    stop_myself(trajectory=child, later_contact=True, by=child.participant.user)
    stay = stay_after_all(trajectory=child, by=worker)
    assert (stay.phase, stay.stopped_on, stay.follow_up_waived) == ("participating", None, "")
    assert Placement.objects.filter(trajectory=stay, last_day__isnull=True).count() == 1


def test_an_unsafe_home_lets_a_child_leave_without_waiting(
    child: Trajectory, worker: Any, coordinator: Any
) -> None:
    record_unsafe_home(trajectory=child, by=worker, reason="Onveilig", coordinator=coordinator)
    stay = stop_myself(trajectory=child, later_contact=True, by=child.participant.user)
    assert (stay.phase, stay.stopped_on) == ("former", None)


# ---- Afterwards ------------------------------------------------------------


def test_a_call_or_a_message_is_chosen_by_the_young_person(
    grown_up: Trajectory, worker: Any
) -> None:
    young = Client()
    young.force_login(grown_up.participant.user)
    own = reverse("participants:onward")
    young.post(own, {"act": "how", "how": "message"})
    grown_up.refresh_from_db()
    assert grown_up.afterwards_by == "message"
    young.post(own, {"act": "how", "how": "pigeon"})
    grown_up.refresh_from_db()
    assert grown_up.afterwards_by == "message"
    close(grown_up, worker)
    young.post(own, {"act": "how", "how": "call"})
    grown_up.refresh_from_db()
    assert grown_up.afterwards_by == "call"

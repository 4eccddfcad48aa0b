"""Aftercare: the call after the follow-up, the talks, and who is left in peace."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.accounts.models import RoleAssignment
from core.audit.models import ReadEntry
from core.messaging.models import Message
from core.organisations.models import Group
from core.ports import Todo
from groups.goodbye.leaving import close_stay, stop_myself
from joinus.home.run_due import run_due
from participants.exit import aftercare
from participants.exit.aftercare import Guide
from participants.models import FollowUpCall, Trajectory
from participants.stay.no_messages import send_nothing_more
from questionnaires.answers import answering
from questionnaires.models import Invitation
from tests import world
from tests.world import broken

pytestmark = pytest.mark.django_db
LEFT = date(2026, 3, 13)
ASKED = date(2026, 6, 13)
DAY = timedelta(days=1)
TALK = Guide("Ruzie met een vriend.", "Zelf bellen.", "Iemand die meegaat.")


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.travel(clock.at(LEFT, 12)):
        yield


@pytest.fixture
def group() -> Group:
    return world.make_group(age_from=12, age_until=30)


@pytest.fixture
def worker(group: Group) -> Any:
    return world.make_worker(group)


def member(group: Group, **fields: Any) -> Trajectory:
    fields.setdefault("age", 17)
    return world.make_participating(group, since=LEFT - 200 * DAY, **fields)


@pytest.fixture
def former(group: Group, worker: Any) -> Trajectory:
    stay = member(group, call_name="Noor")
    return close_stay(trajectory=stay, exit_kind="other", exit_reason="moved", by=worker)


def on(day: date) -> Any:
    return clock.travel(clock.at(day, 12))


def calls_for(user: Any) -> list[Todo]:
    return world.waiting(user, "aftercare")


def answer(stay: Trajectory) -> None:
    wave = Invitation.objects.get(trajectory=stay, wave="follow_up")
    answering.save_answer(invitation=wave, number=1, value=2, by=stay.participant.user)
    answering.submit(invitation=wave, by=stay.participant.user)


@pytest.mark.req("R-191")
def test_the_call_comes_after_the_answer_and_goes_when_its_outcome_is_kept(
    client: Client, former: Trajectory, worker: Any
) -> None:
    with on(ASKED):
        run_due()
        assert calls_for(worker) == [], "first the questionnaire"
        answer(former)
        (todo,) = calls_for(worker)
        assert "Noor" in todo.title
        client.force_login(worker)
        page = todo.url
        assert client.get(page).status_code == 200
        assert ReadEntry.objects.filter(record="aftercare", user=worker).exists()
        assert client.post(page, {"how": "call"}).status_code == 422
        client.post(page, {"how": "call", "outcome": "not_reached"})
        (again,) = calls_for(worker)
        assert "1" in again.reason
        client.post(page, {"how": "call", "outcome": "well", "note": "Gaat goed"})
        assert calls_for(worker) == []
    kept = FollowUpCall.objects.get(outcome="well")
    assert (kept.note, kept.by, kept.how) == ("Gaat goed", worker, "call")


@pytest.mark.req("R-192")
def test_without_an_answer_the_call_comes_after_fourteen_days(
    former: Trajectory, worker: Any
) -> None:
    with on(ASKED):
        run_due()
    with on(ASKED + 13 * DAY):
        assert calls_for(worker) == []
    with on(ASKED + 14 * DAY):
        (todo,) = calls_for(worker)
        assert todo.since == ASKED + 14 * DAY
    with on(ASKED + 80 * DAY):
        run_due()
        assert Invitation.objects.get(trajectory=former, wave="follow_up").state == "missed"
        assert len(calls_for(worker)) == 1
        aftercare.record_call(trajectory=former, outcome="left_alone", by=worker)
        assert calls_for(worker) == []


@pytest.mark.req("R-198")
def test_the_call_is_for_the_workers_of_today(
    group: Group, former: Trajectory, worker: Any
) -> None:
    with on(ASKED):
        run_due()
    with on(ASKED + 20 * DAY):
        RoleAssignment.objects.filter(user=worker).update(valid_until=ASKED)
        worker.__dict__.pop("_roles_in_force", None)
        new = world.make_worker(group, "Nieuwe Begeleider")
        assert calls_for(worker) == []
        assert len(calls_for(new)) == 1
        stranger = world.make_worker(world.make_group())
        assert calls_for(stranger) == []


@pytest.mark.req("R-199", "R-192")
def test_who_dropped_out_is_called_too(group: Group, worker: Any) -> None:
    stay = member(group)
    close_stay(trajectory=stay, exit_kind="drop_out", exit_reason="no_contact", by=worker)
    with on(ASKED):
        run_due()
        assert Invitation.objects.get(trajectory=stay, wave="follow_up").state == "open"
    with on(ASKED + 14 * DAY):
        assert len(calls_for(worker)) == 1


def test_who_likes_a_message_best_gets_a_message(former: Trajectory, worker: Any) -> None:
    Trajectory.objects.filter(pk=former.pk).update(afterwards_by="message")
    with on(ASKED):
        run_due()
    with on(ASKED + 14 * DAY):
        (todo,) = calls_for(worker)
        assert "bericht" in todo.title or "message" in todo.title


# ---- The talk --------------------------------------------------------------


@pytest.mark.req("R-193")
def test_when_it_goes_less_well_all_three_questions_are_talked_about(
    client: Client, former: Trajectory, worker: Any
) -> None:
    for part in ("what_happened", "own_part", "from_others"):
        with broken("guide_needed"):
            aftercare.record_call(
                trajectory=former,
                outcome="support",
                guide=Guide(**{**TALK.__dict__, part: " "}),
                by=worker,
            )
    client.force_login(worker)
    page = reverse("questionnaires:aftercare", args=[former.pk])
    asked = client.get(page).content.decode()
    for name in ("what_happened", "own_part", "from_others"):
        assert f'name="{name}"' in asked
    assert client.post(page, {"how": "call", "outcome": "support"}).status_code == 422
    client.post(page, {"how": "call", "outcome": "support", **TALK.__dict__})
    kept = FollowUpCall.objects.get()
    assert (kept.what_happened, kept.own_part, kept.from_others) == tuple(TALK.__dict__.values())


@pytest.mark.req("R-194", "R-196")
def test_after_three_talks_another_offer_is_the_next_step(
    client: Client, former: Trajectory, worker: Any
) -> None:
    client.force_login(worker)
    page = reverse("questionnaires:aftercare", args=[former.pk])
    again = {"how": "call", "outcome": "support", **TALK.__dict__}
    for n in range(2):
        later = LEFT + (n + 1) * DAY
        sent = client.post(page, again | {"again_on": later.isoformat()})
        assert sent.status_code == 302
        assert aftercare.calls_warning(former) == ""
    third = again | {"again_on": (LEFT + 9 * DAY).isoformat()}
    assert client.post(page, third).status_code == 422
    client.post(page, again | {"next_step": "Maatjesproject, Karim gaat mee"})
    assert aftercare.talks_of(former) == 3
    shown = client.get(page).content.decode()
    assert aftercare.calls_warning(former) in shown
    assert "Maatjesproject, Karim gaat mee" in shown
    assert 'name="again_on"' not in shown


def test_a_talk_that_was_agreed_comes_back_on_its_day(former: Trajectory, worker: Any) -> None:
    with broken("day_behind"):
        aftercare.record_call(
            trajectory=former, outcome="support", guide=TALK, again_on=LEFT, by=worker
        )
    aftercare.record_call(
        trajectory=former, outcome="support", guide=TALK, again_on=LEFT + 7 * DAY, by=worker
    )
    with on(LEFT + 6 * DAY):
        assert calls_for(worker) == []
    with on(LEFT + 7 * DAY):
        assert len(calls_for(worker)) == 1
        aftercare.record_call(trajectory=former, outcome="well", by=worker)
        assert calls_for(worker) == []


# ---- Contact refused -------------------------------------------------------


@pytest.mark.req("R-192")
def test_who_refused_contact_is_left_in_peace_everywhere(group: Group, worker: Any) -> None:
    """Not a message about a list that was open, not the exit list, no call: for half a year."""
    stay = member(group, screened_on=LEFT - 200 * DAY)
    Trajectory.objects.filter(pk=stay.pk).update(consent_complete_on=LEFT - 200 * DAY)
    with on(LEFT - 3 * DAY):
        run_due()
    assert Invitation.objects.filter(trajectory=stay, state="open").exists()
    Message.objects.all().delete()
    stop_myself(trajectory=stay, later_contact=False, by=stay.participant.user)
    for n in (0, 1, 2, 5, 30, 91, 92, 105, 106, 107, 150, 179):  # each day something could be due
        with on(LEFT + n * DAY):
            run_due()
            assert calls_for(worker) == []
    assert not Message.objects.filter(contact=stay.participant.contact).exists()
    waves = dict(Invitation.objects.filter(trajectory=stay).values_list("wave", "state"))
    assert waves == {"baseline": "closed"}
    with on(LEFT + 100 * DAY), broken("contact_refused"):
        aftercare.record_call(trajectory=stay, outcome="well", by=worker)
    aftercare.record_call(trajectory=stay, outcome="well", from_them=True, by=worker)


def test_send_nothing_more_after_leaving_ends_the_call(former: Trajectory, worker: Any) -> None:
    with on(ASKED):
        run_due()
    with on(ASKED + 20 * DAY):
        assert len(calls_for(worker)) == 1
        send_nothing_more(participant=former.participant, by=None, reason="own_wish")
        assert calls_for(worker) == []


def test_a_former_worker_elsewhere_finds_no_page(client: Client, former: Trajectory) -> None:
    client.force_login(world.make_worker(world.make_group()))
    page = reverse("questionnaires:aftercare", args=[former.pk])
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("size", [3, 9])
def test_the_list_of_calls_costs_the_same_for_three_and_nine(
    group: Group, worker: Any, size: int, django_assert_num_queries: Any
) -> None:
    for _n in range(size):
        close_stay(trajectory=member(group), exit_kind="other", exit_reason="moved", by=worker)
    with on(ASKED):
        run_due()
    with on(ASKED + 20 * DAY):
        worker.__dict__.pop("_roles_in_force", None)
        with django_assert_num_queries(2):
            assert len(world.waiting(worker, "aftercare")) == size


@pytest.mark.req("R-194")
def test_an_agreed_talk_is_off_once_no_contact_is_wanted(former: Trajectory, worker: Any) -> None:
    aftercare.record_call(
        trajectory=former, outcome="support", guide=TALK, again_on=LEFT + 7 * DAY, by=worker
    )
    send_nothing_more(participant=former.participant, by=worker, reason="own_wish")
    with on(LEFT + 7 * DAY):
        assert calls_for(worker) == []

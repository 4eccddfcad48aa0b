"""The end of a challenge: how satisfied, taken back the same day, twice at once, with the stay."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from challenges import panels
from challenges.models import Challenge
from challenges.register.choosing import choose_challenge
from challenges.register.ending import (
    lay_aside,
    none_left,
    reach_challenge,
    take_back_end,
)
from challenges.register.practising.notes import note_practice
from challenges.register.with_stay import left_behind
from core import clock
from core.errors import NotYours, RuleBroken
from core.ids import uuid7
from groups.goodbye.leaving import close_stay, reopen_stay
from participants.models import Trajectory
from participants.stay.no_messages import send_nothing_more
from tests import world
from tests.challenges.conftest import TODAY, Scene


def close(practise: Scene) -> Trajectory:
    practise.stay.refresh_from_db()
    return close_stay(
        trajectory=practise.stay, exit_kind="other", exit_reason="moved", by=practise.fleur
    )


@pytest.mark.req("R-169")
def test_how_satisfied_is_a_figure_from_0_to_10_or_none(practise: Scene) -> None:
    for wrong in (-1, 11):
        with world.broken("off_the_scale"):
            reach_challenge(challenge=practise.lunch, by=practise.noor, satisfaction=wrong)
    reach_challenge(challenge=practise.lunch, by=practise.noor, satisfaction=8)
    assert practise.again().satisfaction == 8


@pytest.mark.req("R-169")
def test_the_own_page_asks_it_and_keeps_it(practise: Scene) -> None:
    there = reverse("challenges:finish", args=[practise.lunch.pk])
    client = world.eyes(practise.noor)
    page = client.get(there, {"hoe": "gelukt"}).content.decode()
    assert "Hoe tevreden ben je over hoe het ging?" in page
    assert page.count('name="satisfaction"') == 12, "eleven figures, and rather no figure"
    assert client.post(there, {"act": "finish"}).status_code == 422
    client.post(
        there, {"act": "finish", "how": "reach", "satisfaction": "8", "wants_another": "no"}
    )
    row = practise.again()
    assert (row.state, row.satisfaction, row.wants_another) == ("reached", 8, False)
    assert (row.ended_on, row.ended_by) == (TODAY, practise.noor)
    assert "Hoe tevreden" not in client.get(there).content.decode()


@pytest.mark.req("R-162")
def test_who_wants_another_one_chooses_it_at_once(practise: Scene) -> None:
    there = reverse("challenges:finish", args=[practise.lunch.pk])
    client = world.eyes(practise.noor)
    done = client.post(
        there, {"act": "finish", "how": "reach", "wants_another": "yes"}, follow=True
    )
    assert done.redirect_chain[-1][0] == reverse("challenges:choose")
    assert 'name="text"' in done.content.decode()
    new = choose_challenge(trajectory=practise.stay, text="Ik bel een vriend", by=practise.noor)
    assert list(Challenge.objects.going()) == [new]


def test_the_same_end_by_both_is_one_and_the_own_word_stands(practise: Scene) -> None:
    reach_challenge(challenge=practise.again(), by=practise.fleur, satisfaction=5)
    reach_challenge(
        challenge=practise.again(), by=practise.noor, satisfaction=8, wants_another=True
    )
    reach_challenge(
        challenge=practise.again(), by=practise.daan, satisfaction=2, wants_another=False
    )
    row = practise.again()
    assert (row.ended_by, row.satisfaction, row.wants_another) == (practise.fleur, 8, True)
    with world.broken("already_ended"):
        lay_aside(challenge=practise.again(), by=practise.noor, satisfaction=1)
    assert practise.again().satisfaction == 8


def test_an_end_is_taken_back_on_the_same_day_by_either(practise: Scene) -> None:
    for by in (practise.noor, practise.daan):
        reach_challenge(
            challenge=practise.again(), by=practise.noor, satisfaction=8, wants_another=False
        )
        take_back_end(challenge=practise.again(), by=by)
        row = practise.again()
        assert (row.state, row.ended_on, row.ended_by) == ("going", None, None)
        assert (row.satisfaction, row.wants_another) == (None, None)
    assert take_back_end(challenge=practise.again(), by=practise.noor).state == "going"
    lay_aside(challenge=practise.again(), by=practise.noor)
    with pytest.raises(NotYours):
        take_back_end(
            challenge=practise.again(),
            by=world.make_worker(world.make_group(), "Iemand anders"),
        )
    with clock.travel(clock.at(TODAY + timedelta(days=1))), world.broken("too_late"):
        take_back_end(challenge=practise.again(), by=practise.noor)


def test_what_was_chosen_anew_meanwhile_is_not_there_twice(practise: Scene) -> None:
    lay_aside(challenge=practise.again(), by=practise.noor)
    choose_challenge(trajectory=practise.stay, text=practise.lunch.text, by=practise.noor)
    with world.broken("chosen_anew"):
        take_back_end(challenge=practise.again(), by=practise.noor)


def test_the_page_offers_to_take_it_back_today_and_not_tomorrow(practise: Scene) -> None:
    lay_aside(challenge=practise.again(), by=practise.noor)
    client, mine = world.eyes(practise.noor), reverse("challenges:mine")
    assert 'value="take_back"' in client.get(mine).content.decode()
    with clock.travel(clock.at(TODAY + timedelta(days=1))):
        client.force_login(practise.noor)
        assert 'value="take_back"' not in client.get(mine).content.decode()
    client.force_login(practise.noor)
    client.post(reverse("challenges:finish", args=[practise.lunch.pk]), {"act": "take_back"})
    assert practise.again().state == "going"
    worker = world.eyes(practise.fleur)
    here = reverse("challenges:of_stay", args=[practise.stay.pk])
    for act, state in (("reach", "reached"), ("take_back", "going")):
        worker.post(here, {"act": act, "challenge": practise.lunch.pk})
        assert practise.again().state == state


def test_no_figure_is_kept_while_a_yes_is_missing_but_it_may_end(practise: Scene) -> None:
    practise.now_at("participating", blocked_reason="parent_withdrew")
    with world.broken("waits_for_a_yes"):
        reach_challenge(challenge=practise.again(), by=practise.noor, satisfaction=8)
    assert reach_challenge(challenge=practise.again(), by=practise.noor).state == "reached"


def test_none_left_is_when_the_last_one_ended_and_nothing_new_is_wanted(practise: Scene) -> None:
    def left() -> bool:
        return none_left(Challenge.objects.all())

    assert not left(), "one goes on"
    lay_aside(challenge=practise.again(), by=practise.noor)
    assert left()
    lay_aside(challenge=practise.again(), by=practise.noor, wants_another=True)
    assert not left(), "something new is wanted"
    Challenge.objects.update(state="with_stay")
    assert not left(), "ended with a stay, which is no word of theirs"


# ---- With the stay ---------------------------------------------------------------------------


def test_a_challenge_that_goes_on_ends_with_the_stay_and_what_ended_stays(practise: Scene) -> None:
    done = choose_challenge(trajectory=practise.stay, text="Ik bel een vriend", by=practise.noor)
    reach_challenge(challenge=done, by=practise.noor, satisfaction=9)
    before = world.eyes(practise.fleur).get(reverse("home:close", args=[practise.stay.pk]))
    assert f"De challenge “{practise.lunch.text}”" in before.content.decode(), "said beforehand"
    close(practise)
    row = practise.again()
    assert (row.state, row.ended_on, row.ended_by) == ("with_stay", TODAY, None)
    done.refresh_from_db()
    assert (done.state, done.satisfaction) == ("reached", 9)
    line = [entry.text for entry in panels.time_line(practise.stay)]
    assert "Een challenge stopte bij het afscheid" in line
    for who, name, about in (
        (practise.noor, "challenges:mine", []),
        (practise.fleur, "challenges:of_stay", [practise.stay.pk]),
        (practise.fleur, "home:file", [practise.stay.pk]),
    ):
        page = world.eyes(who).get(reverse(name, args=about))
        assert "gestopt bij het afscheid" in page.content.decode()


def test_reopened_it_goes_on_and_closed_again_it_ends_again(practise: Scene) -> None:
    for _twice in range(2):
        close(practise)
        assert practise.again().state == "with_stay"
        reopen_stay(trajectory=practise.stay, by=practise.fleur, reason="Een vergissing.")
        row = practise.again()
        assert (row.state, row.ended_on) == ("going", None)
    with world.broken("already_ended"):
        close(practise)
        reach_challenge(challenge=practise.again(), by=practise.fleur)


def test_whoever_stops_under_16_keeps_it_until_the_stay_is_closed(practise: Scene) -> None:
    practise.now_at("leaving", stopped_on=TODAY)
    assert practise.again().state == "going"
    assert not left_behind()


def test_sending_nothing_more_or_moving_ends_no_challenge(practise: Scene) -> None:
    send_nothing_more(participant=practise.stay.participant, by=practise.fleur, reason="other")
    practise.now_at("paused")
    assert practise.again().state == "going"


def test_the_sweep_sets_right_what_nobody_was_told_of(practise: Scene) -> None:
    practise.now_at("former", exited_on=TODAY - timedelta(days=3))
    world.swept("challenges_left")
    row = practise.again()
    assert (row.state, row.ended_on) == ("with_stay", TODAY), "never before it was chosen"
    practise.now_at("participating", exited_on=None, ended_on=None, exit_kind="")
    world.swept("challenges_left")
    assert practise.again().state == "going"
    assert world.swept("challenges_left") == 0


def test_a_note_of_a_moment_after_somebody_ended_it_is_not_lost(practise: Scene) -> None:
    own = practise.again()
    reach_challenge(challenge=practise.again(), by=practise.fleur)
    kept = note_practice(challenge=own, client_id=uuid7(), outcome="worked", by=practise.noor)
    assert kept.challenge_id == own.pk


@pytest.mark.django_db(transaction=True)
def test_worker_and_participant_at_once_end_it_once(practise: Scene) -> None:
    gate, came_to = threading.Barrier(2), []

    def end(act: Any, by: Any, figure: int) -> None:
        try:
            own = practise.again()
            gate.wait(20)
            act(challenge=own, by=by, satisfaction=figure)
            came_to.append("done")
        except RuleBroken as broken:
            came_to.append(broken.code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=end, args=(reach_challenge, practise.noor, 8)),
        threading.Thread(target=end, args=(reach_challenge, practise.fleur, 3)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert came_to == ["done", "done"]
    assert practise.again().satisfaction == 8, "the own word stands, whoever was first"

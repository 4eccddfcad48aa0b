"""*Remember this*: one line for the writer, a week, and then its words are gone."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from challenges.models import Jotting
from challenges.observations import jottings
from challenges.sweep import STEPS
from core import clock
from core.ids import uuid7
from core.sweep.steps import take_turns
from participants.recusal.recusal import recuse
from tests import world
from tests.challenges.observations.conftest import DAY, SAT, Scene


def remember(scene: Scene, **more: Any) -> Jotting:
    given: dict[str, Any] = {
        "trajectory": scene.casey,
        "text": SAT,
        "client_id": uuid7(),
        "by": scene.fleur,
        "meeting": scene.meeting,
    }
    return jottings.remember(**given | more)


@pytest.mark.parametrize(
    "day", [date(2026, 3, 24), date(2026, 10, 19), date(2026, 12, 28), date(2028, 2, 24)]
)
@pytest.mark.parametrize(("hour", "minute"), [(0, 0), (0, 30), (19, 40), (23, 59)])
def test_a_week_is_never_shorter_whatever_the_clock_does(day: date, hour: int, minute: int) -> None:
    """Also in the weeks in which the clock changes, over a new year and 29 February."""
    at = clock.at(day, hour, minute)
    ends = jottings.lapses_at(at)
    assert ends - at.astimezone(ends.tzinfo) >= timedelta(days=7)
    wall = clock.local(ends)
    assert (wall.date(), wall.hour, wall.minute) == (day + timedelta(days=8), 0, 0)
    assert clock.utc(ends) - clock.utc(at) <= timedelta(days=8, hours=1)


class TestAWeek:
    @pytest.mark.req("R-152")
    def test_it_stands_to_the_end_of_the_seventh_day_and_its_words_go_that_night(
        self, scene: Scene
    ) -> None:
        row = remember(scene)
        last = clock.at(DAY + timedelta(days=7), 23, 59)
        for moment, stands in ((last, True), (last + timedelta(minutes=1), False)):
            with clock.travel(moment):
                assert jottings.standing(scene.fleur).exists() is stands
                page = world.eyes(scene.fleur).get(reverse("challenges:remembered"))
                assert (SAT in page.content.decode()) is stands
        with clock.travel(last):
            take_turns(STEPS)
            assert Jotting.objects.get(pk=row.pk).text == SAT, "the promise is a week"
        with clock.travel(clock.at(DAY + timedelta(days=8), 3, 8)):
            take_turns(STEPS)
            assert Jotting.objects.get(pk=row.pk).text == ""

    def test_the_page_says_until_which_day(self, scene: Scene) -> None:
        sent = world.eyes(scene.fleur).post(scene.path(), scene.form(act="remember"), follow=True)
        assert "Onthouden. Het blijft tot en met 20 maart voor je staan." in sent.content.decode()
        page = world.eyes(scene.fleur).get(reverse("challenges:remembered")).content.decode()
        assert "tot en met 20 mrt" in page

    def test_dropped_by_hand_it_comes_back_until_the_night(self, scene: Scene) -> None:
        row, eyes = remember(scene), world.eyes(scene.fleur)
        there = reverse("challenges:jotting", args=[row.pk])
        page = eyes.post(there, {"act": "drop"}, follow=True).content.decode()
        assert "Vandaag weggehaald" in page
        assert SAT in page
        assert not jottings.standing(scene.fleur).exists()
        eyes.post(there, {"act": "put_back"})
        assert jottings.standing(scene.fleur).get().lapses_at == row.lapses_at
        eyes.post(there, {"act": "drop"})
        with clock.travel(clock.at(DAY + timedelta(days=1), 3, 8)):
            assert SAT not in eyes.get(reverse("challenges:remembered")).content.decode()
            take_turns(STEPS)
            assert Jotting.objects.get(pk=row.pk).text == ""
            page = eyes.post(there, {"act": "put_back"}, follow=True).content.decode()
        assert "De woorden hiervan zijn al weg." in page
        assert not jottings.standing(scene.fleur).exists()


class TestOfTheWriterAlone:
    def test_a_colleague_never_reads_nor_drops_it(self, scene: Scene) -> None:
        row = remember(scene)
        eyes = world.eyes(scene.daan)
        assert SAT not in eyes.get(reverse("challenges:remembered")).content.decode()
        assert SAT not in eyes.get(scene.path(onthouden=row.pk)).content.decode()
        for act in ("drop", "put_back"):
            there = reverse("challenges:jotting", args=[row.pk])
            assert eyes.post(there, {"act": act}).status_code == 404
        assert jottings.standing(scene.fleur).count() == 1

    def test_whoever_stays_out_or_leads_the_group_no_more_has_it_no_more(
        self, scene: Scene
    ) -> None:
        remember(scene)
        recuse(trajectory=scene.casey, worker=scene.fleur, by=scene.fleur, said_by="worker")
        assert not jottings.standing(scene.fleur).exists()
        page = world.eyes(scene.fleur).get(reverse("home:today")).content.decode()
        assert "onthouden" not in page

    def test_sent_twice_it_is_kept_once(self, scene: Scene) -> None:
        eyes, sent = world.eyes(scene.fleur), scene.form(act="remember")
        for _press in range(2):
            assert eyes.post(scene.path(), sent).status_code == 302
        assert Jotting.objects.count() == 1
        other = world.eyes(scene.daan).post(scene.path(), sent)
        assert other.status_code == 422
        assert Jotting.objects.get().by == scene.fleur


class TestQuietly:
    @pytest.mark.req("R-152")
    def test_it_stands_on_the_start_page_without_its_words(self, scene: Scene) -> None:
        remember(scene)
        with clock.travel(clock.at(DAY + timedelta(days=2), 12)):
            page = world.eyes(scene.fleur).get(reverse("home:today")).content.decode()
            assert "Wat je wilde onthouden" in page
            assert SAT not in page
            assert "Wat je wilde onthouden" not in (
                world.eyes(scene.daan).get(reverse("home:today")).content.decode()
            )

    def test_around_a_meeting_not_even_the_name(self, scene: Scene) -> None:
        """On the way to the sheet nobody reads along of whom something is remembered (R-379)."""
        before = world.eyes(scene.fleur).get(reverse("home:today")).content.decode()
        remember(scene)
        page = world.eyes(scene.fleur).get(reverse("home:today")).content.decode()
        assert reverse("challenges:remembered") in page
        assert page.count("Casey") == before.count("Casey")

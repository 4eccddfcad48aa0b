"""The ABC of a situation: what belongs in it, whose it is, what becomes of a remembered line."""

from datetime import timedelta

import pytest
from django.db import connection

from challenges.models import Jotting, Observation
from challenges.observations import abc_scheme, jottings
from challenges.observations.abc_scheme import write_observation
from core import clock
from core.errors import NotYours, RuleBroken
from core.ids import uuid7
from tests import world
from tests.challenges.observations.conftest import DAY, SAT, Scene, ends

GOOD, BAD = (
    ["Hoefde niets te vragen", "Schouders zakten"],
    ["Niemand zei iets", "Kent de regels niet"],
)


def write(scene: Scene, **more: object) -> Observation:
    seen = more.pop("seen", None) or scene.seen(
        antecedent="Het spel begon, er was nog plek",
        followed={"positive": GOOD, "negative": BAD},
    )
    given: dict[str, object] = {
        "trajectory": scene.casey,
        "seen": seen,
        "client_id": uuid7(),
        "by": scene.fleur,
    }
    return write_observation(**given | more)  # type: ignore[arg-type]


def followed(row: Observation, kind: str) -> list[str]:
    return [one.text for one in row.consequences.all() if one.kind == kind]


@pytest.mark.req("R-146")
@pytest.mark.req("R-149")
def test_what_was_going_on_what_was_done_and_several_things_that_followed(scene: Scene) -> None:
    row = Observation.objects.get(pk=write(scene).pk)
    assert (row.antecedent, row.behaviour) == ("Het spel begon, er was nog plek", SAT)
    assert followed(row, "positive") == GOOD
    assert followed(row, "negative") == BAD
    assert (row.seen_on, row.meeting, row.by) == (DAY, scene.meeting, scene.fleur)


def test_all_of_it_lies_sealed_in_the_database(scene: Scene) -> None:
    write(scene)
    jottings.remember(trajectory=scene.casey, text=SAT, client_id=uuid7(), by=scene.fleur)
    with connection.cursor() as cursor:
        for table in ("observation", "consequence", "jotting"):
            cursor.execute(f"SELECT t::text FROM challenges_{table} t")
            lying = str(cursor.fetchall())
            assert not any(word in lying for word in (SAT, *GOOD, *BAD, "Het spel begon"))


@pytest.mark.req("R-152")
def test_one_sentence_is_enough(scene: Scene) -> None:
    row = write(scene, seen=scene.seen())
    assert (row.antecedent, list(row.consequences.all())) == ("", [])
    with world.broken("text_needed"):
        write(scene, seen=scene.seen(behaviour="  "))


class TestWhen:
    def test_at_a_meeting_of_this_person_or_on_a_day_of_late(self, scene: Scene) -> None:
        row = write(scene, seen=scene.seen(meeting=None, on=DAY - timedelta(days=3)))
        assert (row.meeting, row.seen_on) == (None, DAY - timedelta(days=3))

    def test_never_at_a_meeting_where_they_had_no_place(self, scene: Scene) -> None:
        other = world.make_meeting(world.make_group(), DAY)
        before = world.make_meeting(scene.group, DAY - timedelta(days=90))
        later = world.make_meeting(scene.group, DAY + timedelta(days=14))
        off = world.make_meeting(
            scene.group, DAY - timedelta(days=14), "cancelled", cancel_reason="worker_ill"
        )
        for meeting in (other, before, later, off):
            with world.broken("not_then"):
                write(scene, seen=scene.seen(meeting=meeting.pk, on=meeting.date))
        for day in (DAY + timedelta(days=1), DAY - timedelta(days=200)):
            with world.broken("not_then"):
                write(scene, seen=scene.seen(meeting=None, on=day))
        assert not Observation.objects.exists()

    def test_an_old_one_is_changed_without_a_new_day(self, scene: Scene) -> None:
        row = write(scene)
        with clock.travel(clock.at(DAY + timedelta(days=200), 12)):
            world.make_meeting(scene.group, clock.today())
            abc_scheme.change_observation(
                observation=row, seen=scene.seen(behaviour="Anders"), by=scene.fleur
            )
        assert (row.behaviour, row.seen_on) == ("Anders", DAY)


class TestWhose:
    def test_only_who_saw_it_changes_it_or_takes_it_back(self, scene: Scene) -> None:
        row = write(scene)
        change = {"seen": scene.seen(behaviour="Anders")}
        for act, more in (
            (abc_scheme.change_observation, change),
            (abc_scheme.take_back, {}),
            (abc_scheme.let_stand, {}),
        ):
            with pytest.raises(NotYours):
                act(observation=row, by=scene.daan, **more)  # type: ignore[operator]
        assert Observation.objects.get(pk=row.pk).behaviour == SAT

    def test_taken_back_it_stands_again_when_that_was_a_slip(self, scene: Scene) -> None:
        row = write(scene)
        for _press in range(2):
            abc_scheme.take_back(observation=row, by=scene.fleur)
        assert not Observation.objects.in_force().exists()
        assert row.version == 2, "twice is once"
        with world.broken("taken_back"):
            abc_scheme.change_observation(observation=row, seen=scene.seen(), by=scene.fleur)
        abc_scheme.let_stand(observation=row, by=scene.fleur)
        assert Observation.objects.in_force().get().behaviour == SAT


class TestOfWhom:
    @pytest.mark.parametrize("phase", ["signed_up", "intake", "former", "referred", "withdrawn"])
    def test_nobody_without_a_place(self, scene: Scene, phase: str) -> None:
        stay = world.make_trajectory(group=scene.group, phase=phase, call_name="Bo", **ends(phase))
        with world.broken("not_in_the_group"):
            write(scene, trajectory=stay, seen=scene.seen(meeting=None))
        with world.broken("not_in_the_group"):
            jottings.remember(trajectory=stay, text=SAT, client_id=uuid7(), by=scene.fleur)

    def test_nobody_while_a_yes_is_missing(self, scene: Scene) -> None:
        type(scene.casey).objects.filter(pk=scene.casey.pk).update(blocked_reason="parent_withdrew")
        with world.broken("waits_for_a_yes"):
            write(scene)
        with world.broken("waits_for_a_yes"):
            jottings.remember(trajectory=scene.casey, text=SAT, client_id=uuid7(), by=scene.fleur)

    def test_an_observation_gets_no_new_words_meanwhile_and_can_be_taken_back(
        self, scene: Scene
    ) -> None:
        row = write(scene)
        type(scene.casey).objects.filter(pk=scene.casey.pk).update(blocked_reason="parent_withdrew")
        with world.broken("waits_for_a_yes"):
            abc_scheme.change_observation(
                observation=row, seen=scene.seen(behaviour="Ging bij Riley zitten"), by=scene.fleur
            )
        assert Observation.objects.get().behaviour == SAT
        abc_scheme.take_back(observation=row, by=scene.fleur)
        assert not Observation.objects.in_force().exists()

    def test_what_was_remembered_before_the_goodbye_may_be_worked_out_after_it(
        self, scene: Scene
    ) -> None:
        line = jottings.remember(
            trajectory=scene.casey, text=SAT, client_id=uuid7(), by=scene.fleur
        )
        type(scene.casey).objects.filter(pk=scene.casey.pk).update(phase="former", **ends("former"))
        with world.broken("not_in_the_group"):
            write(scene)
        assert write(scene, jotting=line).behaviour == SAT

    def test_what_lapsed_is_remembered_no_more(self, scene: Scene) -> None:
        line = jottings.remember(
            trajectory=scene.casey, text=SAT, client_id=uuid7(), by=scene.fleur
        )
        jottings.wipe(now=line.lapses_at)
        line.refresh_from_db()
        type(scene.casey).objects.filter(pk=scene.casey.pk).update(phase="former", **ends("former"))
        with world.broken("not_in_the_group"):
            write(scene, jotting=line)

    def test_its_words_are_out_of_sight_before_the_night_that_wipes_them(
        self, scene: Scene
    ) -> None:
        line = jottings.remember(
            trajectory=scene.casey,
            text="Keek lang naar het spel",
            client_id=uuid7(),
            by=scene.fleur,
        )
        assert line.text in scene.page(scene.fleur, onthouden=line.pk)
        with clock.travel(line.lapses_at):
            assert line.text not in scene.page(scene.fleur, onthouden=line.pk)


class TestALineBecomesAnObservationOnce:
    def test_its_words_move_into_it(self, scene: Scene) -> None:
        line = jottings.remember(
            trajectory=scene.casey, text=SAT, client_id=uuid7(), by=scene.fleur
        )
        row = write(scene, jotting=line)
        line = Jotting.objects.get()
        assert (line.observation, line.text) == (row, "")
        assert not jottings.standing(scene.fleur).exists()
        with world.broken("worked_out_already"):
            write(scene, jotting=line)
        assert Observation.objects.count() == 1

    def test_nobody_works_out_what_another_remembered(self, scene: Scene) -> None:
        line = jottings.remember(
            trajectory=scene.casey, text=SAT, client_id=uuid7(), by=scene.fleur
        )
        with pytest.raises(NotYours):
            write(scene, jotting=line, by=scene.daan)
        with pytest.raises(NotYours):
            write(scene, jotting=line, trajectory=scene.riley)


def test_sent_twice_it_is_written_once(scene: Scene) -> None:
    key = uuid7()
    first = write(scene, client_id=key)
    assert write(scene, client_id=key) == first
    with pytest.raises(RuleBroken):
        write(scene, client_id=key, by=scene.daan)
    assert Observation.objects.get() == first

"""Writing in a logbook: parts, talks, when it can be written, and two at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from core import clock
from core.ids import uuid7
from groups.activities.plans import write_plan
from groups.activities.tasks import organise
from groups.logbook.book import read_logbook
from groups.logbook.parts import Kind, write_parts
from groups.logbook.talks import Said, note_talk, say_of_talks, take_back_talk
from groups.models import (
    Activity,
    Attendance,
    LogbookAbout,
    LogbookPart,
    Meeting,
    Placement,
    Talk,
    TimedLine,
)
from groups.sheet.timed_lines import write_line
from participants.recusal.recusal import recuse
from tests import world
from tests.groups.logbook.conftest import DAY, SINCE, Opened, Scene

ODD = "👩‍👩‍👧 שלום " + "z" * 10_000


def part(scene: Scene, kind: str) -> LogbookPart:
    return LogbookPart.objects.get(meeting=scene.meeting, kind=kind)


@pytest.mark.req("R-122")
def test_each_fixed_part_has_its_own_words_and_version(scene: Scene) -> None:
    write_parts(meeting=scene.meeting, said={Kind.OWN_TIME: "Thee en UNO"}, by=scene.fleur)
    write_parts(meeting=scene.meeting, said={Kind.ACTIVITY: "Twee banen"}, by=scene.daan)
    note_talk(meeting=scene.meeting, trajectory_id=scene.stays["Noor"].pk, by=scene.daan)
    book = read_logbook(scene.meeting, scene.fleur)
    assert book.parts["own_time"].text == "Thee en UNO"
    assert book.parts["activity"].text == "Twee banen"
    assert [line.name for line in book.told] == ["Noor"]
    write_parts(meeting=scene.meeting, said={Kind.OWN_TIME: "Thee en Skip-Bo"}, by=scene.daan)
    assert (part(scene, "own_time").version, part(scene, "activity").version) == (2, 1)


def test_what_did_not_change_stays_whose_it_was(scene: Scene) -> None:
    write_parts(meeting=scene.meeting, said={Kind.OWN_TIME: "Thee"}, by=scene.fleur)
    write_parts(meeting=scene.meeting, said={Kind.OWN_TIME: "Thee"}, by=scene.daan)
    row = part(scene, "own_time")
    assert (row.written_by, row.version) == (scene.fleur, 1)


def test_long_words_emoji_and_right_to_left_stay_and_are_sealed(scene: Scene) -> None:
    from django.db import connection

    write_parts(meeting=scene.meeting, said={Kind.OWN_TIME: ODD}, by=scene.fleur)
    assert part(scene, "own_time").text == ODD
    with connection.cursor() as cursor:
        cursor.execute("select text from groups_logbookpart")
        assert b"zzzz" not in bytes(cursor.fetchone()[0])


@pytest.mark.req("R-140")
def test_the_three_conditions_hold_a_state_each(scene: Scene) -> None:
    said = {Kind.FUN_AND_SAFETY: "plenty", Kind.LEADERSHIP: "too_little"}
    write_parts(meeting=scene.meeting, said=said, by=scene.fleur)
    conditions = read_logbook(scene.meeting, scene.daan).conditions
    assert [(one.kind, one.state) for one in conditions] == [
        ("fun_and_safety", "plenty"),
        ("leadership", "too_little"),
    ]


@pytest.mark.req("R-137")
def test_an_incident_holds_how_it_was_talked_over_and_their_own_solution(scene: Scene) -> None:
    said = {
        Kind.INCIDENT: "Ruzie om de tafel",
        Kind.DISCUSSED: "In de kring, iedereen vertelde",
        Kind.SOLUTION: "Ze maken een rooster",
    }
    about = {Kind.INCIDENT: [scene.stays["Bo"].pk, scene.stays["Sam"].pk]}
    write_parts(meeting=scene.meeting, said=said, by=scene.fleur, about=about)
    book = read_logbook(scene.meeting, scene.daan)
    assert [one.text for one in book.incident] == list(said.values())
    assert book.names_in_incident == ["Bo", "Sam"]
    about[Kind.INCIDENT].pop()
    write_parts(meeting=scene.meeting, said=said, by=scene.fleur, about=about)
    assert LogbookAbout.objects.get().trajectory == scene.stays["Bo"]


class TestTalks:
    @pytest.mark.req("R-124")
    def test_below_two_it_warns_in_words_and_blocks_nothing(self, scene: Scene) -> None:
        assert "nobody" in self.few(scene) or "nog met niemand" in self.few(scene)
        note_talk(meeting=scene.meeting, trajectory_id=scene.stays["Noor"].pk, by=scene.fleur)
        note_talk(meeting=scene.meeting, trajectory_id=scene.stays["Noor"].pk, by=scene.daan)
        assert "één deelnemer" in self.few(scene), "two talks with one person are one person"
        write_parts(meeting=scene.meeting, said={Kind.OWN_TIME: "Thee"}, by=scene.fleur)
        note_talk(meeting=scene.meeting, trajectory_id=scene.stays["Sam"].pk, by=scene.daan)
        assert self.few(scene) == ""

    def few(self, scene: Scene) -> str:
        return read_logbook(scene.meeting, scene.fleur).too_few

    @pytest.mark.req("R-126")
    def test_how_and_when_are_options(self, scene: Scene) -> None:
        noor, sam = scene.stays["Noor"].pk, scene.stays["Sam"].pk
        note_talk(meeting=scene.meeting, trajectory_id=noor, by=scene.fleur)
        said = {sam: Said("Wil zelf bellen", "group", "during")}
        say_of_talks(meeting=scene.meeting, said=said, by=scene.fleur)
        assert [(one.name, bool(one.options)) for one in self.told(scene)] == [
            ("Noor", False),
            ("Sam", True),
        ]

    def told(self, scene: Scene) -> Any:
        return read_logbook(scene.meeting, scene.daan).told

    def test_it_is_said_who_of_the_two_talked(self, scene: Scene) -> None:
        noor = scene.stays["Noor"].pk
        for by, text in ((scene.fleur, "Over school"), (scene.daan, "")):
            note_talk(meeting=scene.meeting, trajectory_id=noor, by=by)
            say_of_talks(meeting=scene.meeting, said={noor: Said(text)}, by=by)
        assert [one.told for one in self.told(scene)] == ["Daan", "Fleur: Over school"]

    def test_the_colleague_adds_a_day_later(self, scene: Scene) -> None:
        with clock.travel(DAY + timedelta(days=1)):
            note_talk(meeting=scene.meeting, trajectory_id=scene.stays["Bo"].pk, by=scene.daan)
        assert [one.by_name for one in self.told(scene)] == ["Daan"]

    def test_twice_is_once(self, scene: Scene) -> None:
        for _n in range(2):
            note_talk(meeting=scene.meeting, trajectory_id=scene.stays["Bo"].pk, by=scene.daan)
        assert Talk.objects.get().version == 1

    def test_taken_back_it_counts_no_more_and_keeps_its_words(self, scene: Scene) -> None:
        bo = scene.stays["Bo"].pk
        say_of_talks(meeting=scene.meeting, said={bo: Said("Over thuis")}, by=scene.daan)
        take_back_talk(meeting=scene.meeting, trajectory_id=bo, by=scene.daan)
        assert self.told(scene) == []
        note_talk(meeting=scene.meeting, trajectory_id=bo, by=scene.daan)
        assert [one.text for one in self.told(scene)] == ["Over thuis"]

    def test_words_that_come_after_a_taking_back_are_a_talk_again(self, scene: Scene) -> None:
        bo = scene.stays["Bo"].pk
        note_talk(meeting=scene.meeting, trajectory_id=bo, by=scene.daan)
        take_back_talk(meeting=scene.meeting, trajectory_id=bo, by=scene.daan)
        say_of_talks(meeting=scene.meeting, said={bo: Said("Toch")}, by=scene.daan)
        assert [one.text for one in self.told(scene)] == ["Toch"]

    def test_somebody_of_another_group_is_not_on_the_sheet(self, scene: Scene) -> None:
        stranger = world.make_participating(world.make_group(), since=SINCE)
        with world.broken("not_on_sheet"):
            note_talk(meeting=scene.meeting, trajectory_id=stranger.pk, by=scene.fleur)
        with world.broken("not_on_sheet"):
            say_of_talks(meeting=scene.meeting, said={stranger.pk: Said("Hoi")}, by=scene.fleur)
        assert not Talk.objects.exists()


class TestWhoStandsThere:
    def names(self, scene: Scene) -> list[str]:
        return [one.name for one in read_logbook(scene.meeting, scene.fleur).people]

    def test_who_was_away_is_no_chip_who_is_not_written_down_is(self, scene: Scene) -> None:
        rows = Attendance.objects.filter(meeting=scene.meeting)
        rows.filter(trajectory=scene.stays["Bo"]).update(state="absent_with_notice")
        rows.filter(trajectory=scene.stays["Sam"]).update(state="not_recorded")
        assert self.names(scene) == ["Amir", "Casey", "Noor", "Sam"]

    def test_who_left_the_group_since_still_stands_there(self, scene: Scene) -> None:
        Placement.objects.filter(trajectory=scene.stays["Bo"]).update(
            last_day=DAY + timedelta(days=2)
        )
        assert "Bo" in self.names(scene)

    @pytest.mark.req("R-125")
    def test_amber_is_who_nobody_talked_with_for_long(self, scene: Scene) -> None:
        earlier = world.make_meeting(scene.group, date(2026, 1, 2), "held")
        recent = world.make_meeting(scene.group, DAY - timedelta(days=14), "held")
        later = world.make_meeting(scene.group, DAY + timedelta(days=14), "held")
        for name in ("Amir", "Bo", "Casey", "Noor"):
            world.attend(scene.stays[name], recent)
            note_talk(meeting=recent, trajectory_id=scene.stays[name].pk, by=scene.daan)
        with clock.travel(later.starts_at):
            note_talk(meeting=later, trajectory_id=scene.stays["Sam"].pk, by=scene.daan)
        assert self.why(scene) == [
            "Nog niemand sprak met Sam, hier sinds 25 augustus 2025, dat is 28 weken."
        ]
        note_talk(meeting=earlier, trajectory_id=scene.stays["Sam"].pk, by=scene.daan)
        assert self.why(scene) == ["Nog niemand sprak met Sam sinds 2 januari, dat is 10 weken."]
        note_talk(meeting=scene.meeting, trajectory_id=scene.stays["Sam"].pk, by=scene.fleur)
        assert self.why(scene) == []

    @pytest.mark.req("R-125")
    def test_many_of_them_are_one_calm_line_the_longest_first(self, scene: Scene) -> None:
        """A card each would be a wall of amber on the phone, and nobody would read it."""
        for name, day in (("Amir", date(2026, 1, 9)), ("Bo", date(2025, 12, 5))):
            meeting = world.make_meeting(scene.group, day, "held")
            note_talk(meeting=meeting, trajectory_id=scene.stays[name].pk, by=scene.daan)
        for name in ("Casey", "Noor", "Sam"):
            note_talk(meeting=scene.meeting, trajectory_id=scene.stays[name].pk, by=scene.daan)
        assert read_logbook(scene.meeting, scene.fleur).why == (
            "Nog niemand sprak met Bo sinds 5 december 2025, dat is 14 weken. "
            "Ook al lang geleden: Amir."
        )
        page = world.eyes(scene.fleur).get(reverse("groups:logbook", args=[scene.meeting.pk]))
        assert page.content.decode().count("Nog niemand sprak") == 1

    def why(self, scene: Scene) -> list[str]:
        return [one.why for one in read_logbook(scene.meeting, scene.fleur).waits]


class TestRecused:
    """A worker who stays out of somebody reads and writes nothing about them (trust.md 3)."""

    @pytest.fixture
    def out(self, scene: Scene) -> Scene:
        noor = scene.stays["Noor"]
        say_of_talks(meeting=scene.meeting, said={noor.pk: Said("Geheim")}, by=scene.fleur)
        said = {Kind.INCIDENT: "Ruzie", Kind.SOLUTION: "Een rooster"}
        write_parts(
            meeting=scene.meeting, said=said, by=scene.fleur, about={Kind.INCIDENT: [noor.pk]}
        )
        recuse(trajectory=noor, worker=scene.daan, by=scene.daan, said_by="worker")
        return scene

    @pytest.mark.req("R-004")
    def test_reads_the_name_alone(self, out: Scene) -> None:
        book = read_logbook(out.meeting, out.daan)
        assert book.told == []
        (noor,) = [one for one in book.people if one.name == "Noor"]
        assert (noor.out, noor.anybody, noor.gone) == (True, False, None)
        assert book.hides_incident
        assert out.stays["Noor"].pk not in book.subjects
        assert not Talk.objects.visible_to(out.daan).exists()

    @pytest.mark.req("R-004")
    def test_reads_of_what_happened_the_own_lines_alone(self, out: Scene) -> None:
        """A line with its moment may name whom the incident is about."""
        for by, text in ((out.fleur, "Noor rende naar buiten"), (out.daan, "Politie gebeld")):
            write_line(meeting=out.meeting, client_id=uuid7(), by=by, text=text)
        read = {
            by: [line.text for line in read_logbook(out.meeting, by).lines]
            for by in (out.fleur, out.daan)
        }
        assert read == {
            out.fleur: ["Noor rende naar buiten", "Politie gebeld"],
            out.daan: ["Politie gebeld"],
        }
        own = TimedLine.objects.visible_to(out.daan)
        assert [line.text for line in own] == ["Politie gebeld"]

    def test_writes_nothing(self, out: Scene) -> None:
        with world.broken("not_on_sheet"):
            note_talk(meeting=out.meeting, trajectory_id=out.stays["Noor"].pk, by=out.daan)

    def test_the_talk_counts_towards_two_all_the_same(self, out: Scene) -> None:
        note_talk(meeting=out.meeting, trajectory_id=out.stays["Sam"].pk, by=out.daan)
        assert read_logbook(out.meeting, out.daan).enough


class TestWhenItCanBeWritten:
    def write(self, scene: Scene) -> None:
        write_parts(meeting=scene.meeting, said={Kind.OWN_TIME: "x"}, by=scene.fleur)

    def test_a_cancelled_meeting_has_no_logbook(self, scene: Scene) -> None:
        Meeting.objects.filter(pk=scene.meeting.pk).update(status="cancelled")
        with world.broken("meeting_cancelled"):
            self.write(scene)
        with world.broken("meeting_cancelled"):
            note_talk(meeting=scene.meeting, trajectory_id=scene.stays["Bo"].pk, by=scene.fleur)

    def test_the_day_before_it_is_closed_and_on_the_day_it_opens(self, scene: Scene) -> None:
        with clock.travel(DAY - timedelta(days=1)), world.broken("meeting_to_come"):
            self.write(scene)
        with clock.travel(clock.at(DAY, 9)):
            self.write(scene)

    def test_past_midnight_it_is_still_this_meeting(self, scene: Scene) -> None:
        with clock.travel(clock.at(DAY + timedelta(days=1), 1, 30)):
            self.write(scene)
        assert part(scene, "own_time").text == "x"


@pytest.mark.req("R-186")
def test_at_somebodys_last_meeting_the_logbook_asks_to_pause_at_the_goodbye(scene: Scene) -> None:
    assert not read_logbook(scene.meeting, scene.fleur).asks_for_farewell
    casey = scene.stays["Casey"]
    casey.last_meeting_on, casey.phase = DAY, "leaving"
    casey.save()
    book = read_logbook(scene.meeting, scene.fleur)
    assert [name for _stay, name in book.leaving] == ["Casey"]
    assert "Sta stil bij het afscheid van Casey en bij de stappen die zijn gezet." in scene.page(
        scene.fleur
    )
    scene.post(scene.fleur, "farewell", farewell="Iedereen zei één ding")
    assert LogbookAbout.objects.get(part__kind="farewell").trajectory == casey


@pytest.mark.req("R-123")
def test_who_organised_it_is_tapped_on_the_logbook_and_neither_of_two_workers_loses(
    scene: Scene,
) -> None:
    """Also when the meeting is over; whom a worker stays out of is neither asked nor taken away."""
    write_plan(meeting=scene.meeting, title="Bowlen", thought_up_by=None, by=scene.fleur)
    plan = Activity.objects.get()
    stays = {name: stay.pk for name, stay in scene.stays.items()}
    amir, bo, sam = (str(stays[name]) for name in ("Amir", "Bo", "Sam"))
    organise(activity=plan, trajectory=scene.stays["Sam"])
    recuse(trajectory=scene.stays["Sam"], worker=scene.daan, by=scene.daan, said_by="worker")

    def who() -> set[str]:
        return {str(one.trajectory_id) for one in plan.organisers.filter(task="")}

    fleur, daan = Opened(scene, scene.fleur), Opened(scene, scene.daan)
    assert daan.save("activity", organisers=[bo]).status_code == 200
    assert who() == {bo, sam}
    assert fleur.save("activity", organisers=[amir, sam]).status_code == 409, "both are shown"
    assert who() == {bo, sam}
    assert Opened(scene, scene.fleur).save("activity", organisers=[amir, bo]).status_code == 200
    assert who() == {amir, bo}
    assert daan.save("activity", organisers=[sam]).status_code == 422, "not asked about"
    page = scene.page(scene.fleur)
    assert "Wie organiseerde het?" in page

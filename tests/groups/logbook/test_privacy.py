"""What logbooks keep about somebody: given on request, and taken out (trust.md 3, 12)."""

from typing import Any

import pytest

from core import clock
from core.privacy import OWN, REST, Person
from groups.logbook.parts import Kind, write_parts
from groups.logbook.talks import Said, say_of_talks
from groups.models import Attendance, LogbookAbout, LogbookPart, Talk, Visitor
from groups.privacy import erase_person, export_person
from tests import world
from tests.groups.logbook.conftest import Scene


def person(scene: Scene, name: str) -> Person:
    stay = scene.stays[name]
    contact = stay.participant.contact_id
    return Person(stay.participant_id, (stay.pk,), contact, (contact,))


@pytest.fixture
def written(scene: Scene) -> Scene:
    bo, sam = scene.stays["Bo"].pk, scene.stays["Sam"].pk
    said = {bo: Said("Bo wil gaan bellen"), sam: Said("Had het over bo en Bob")}
    say_of_talks(meeting=scene.meeting, said=said, by=scene.fleur)
    told = {
        Kind.OWN_TIME: "Bo en Sam speelden UNO",
        Kind.INCIDENT: "Ruzie met Bo",
        Kind.SOLUTION: "Een rooster",
    }
    write_parts(meeting=scene.meeting, said=told, by=scene.fleur, about={Kind.INCIDENT: [bo]})
    return scene


def told(scene: Scene, part: str) -> dict[str, list[Any]]:
    return {
        one.key: [[fact.value for fact in entry] for entry in one.entries]
        for one in export_person(person(scene, "Bo"), part)
    }


def test_at_once_the_own_attendance_on_request_the_talks_too(written: Scene) -> None:
    assert "talks" not in told(written, OWN)
    assert "in_logbooks" not in told(written, OWN)
    rest = told(written, REST)
    assert [entry[2] for entry in rest["talks"]] == ["Bo wil gaan bellen"]
    assert [entry[2] for entry in rest["in_logbooks"]] == ["Ruzie met Bo", "Een rooster"]


def test_erased_words_about_somebody_go_and_the_counts_stay(written: Scene) -> None:
    erase_person(person(written, "Bo"), None)
    talks = {talk.trajectory.shown_name: talk.text for talk in Talk.objects.all()}
    assert talks == {"Bo": "", "Sam": "Had het over – en Bob"}
    parts = dict(LogbookPart.objects.values_list("kind", "filled"))
    assert parts == {"own_time": True, "incident": True, "solution": True}
    words = {part.kind: part.text for part in LogbookPart.objects.all()}
    assert words == {"own_time": "– en Sam speelden UNO", "incident": "", "solution": ""}
    assert not LogbookAbout.objects.exists()


def test_what_is_about_others_as_well_loses_the_name_alone(written: Scene) -> None:
    about = {Kind.INCIDENT: [written.stays["Bo"].pk, written.stays["Sam"].pk]}
    said = {Kind.INCIDENT: "Ruzie van Bo met Sam"}
    write_parts(meeting=written.meeting, said=said, by=written.fleur, about=about)
    erase_person(person(written, "Bo"), None)
    assert LogbookPart.objects.get(kind="incident").text == "Ruzie van – met Sam"
    assert LogbookAbout.objects.get().trajectory == written.stays["Sam"]


def test_who_was_written_down_as_away_since_stays_found_when_somebody_writes_on(
    written: Scene,
) -> None:
    """They can no longer be ticked; the words are about them all the same."""
    bo = written.stays["Bo"].pk
    Talk.objects.filter(trajectory=bo).delete()
    rows = Attendance.objects.filter(meeting=written.meeting, trajectory=bo)
    rows.update(state="absent_with_notice")
    done = written.post(written.daan, "incident", solution="Een rooster, en taart", about=[])
    assert done.status_code == 200
    assert list(LogbookAbout.objects.values_list("trajectory", flat=True)) == [bo]


def test_the_name_of_whoever_only_came_by_goes_as_well(written: Scene) -> None:
    """Walked in while the group was full: no place, not on the sheet, but in somebody's words."""
    max_ = world.make_trajectory(call_name="Max", group=written.group, phase="signed_up")
    Visitor.objects.create(
        meeting=written.meeting, trajectory=max_, added_by=written.fleur, added_at=clock.now()
    )
    said = {Kind.ACTIVITY: "Max bakte taart"}
    write_parts(meeting=written.meeting, said=said, by=written.fleur, about={})
    contact = max_.participant.contact_id
    erase_person(Person(max_.participant_id, (max_.pk,), contact, (contact,)), None)
    assert LogbookPart.objects.get(kind="activity").text == "– bakte taart"

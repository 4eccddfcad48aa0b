"""R-175: use of a support form is logged per person per meeting, in every way it can be given."""

import pytest
from django.urls import reverse

from challenges.models import SupportForm, SupportUse
from challenges.support.using import take_back_use, use_support
from core import clock
from core.errors import NotYours
from tests import world
from tests.challenges.preparing.scene import DAY, Scene

EVENING = clock.at(DAY, 20)


def used(scene: Scene, **facts: object) -> SupportUse:
    given: dict[str, object] = {
        "meeting": scene.meeting,
        "trajectory_id": scene.stays["Amir"].pk,
        "form": SupportForm.objects.get(key="prompt"),
        "by": scene.fleur,
    }
    with clock.travel(EVENING):
        return use_support(**(given | facts))  # type: ignore[arg-type]


@pytest.mark.req("R-175")
def test_alone_or_in_the_group_by_a_worker_or_a_participant_each_once(scene: Scene) -> None:
    ways = [(how, who) for how in ("alone", "group") for who in ("worker", "peer")]
    for how, who in ways:
        used(scene, setting=how, giver=who)
        used(scene, setting=how, giver=who, by=scene.daan)
    rows = SupportUse.objects.in_force().order_by("pk")
    assert [(row.setting, row.giver) for row in rows] == ways
    assert {row.meeting for row in rows} == {scene.meeting}
    assert {row.challenge for row in rows} == {scene.challenges["Amir"]}


@pytest.mark.req("R-175")
def test_on_its_page_it_is_chosen_how_and_taken_back(scene: Scene) -> None:
    there = scene.url("support_at", scene.stays["Amir"].pk)
    eyes = world.eyes(scene.fleur)
    with clock.travel(EVENING):
        page = eyes.get(there).content.decode()
        assert "schrijven we nergens op wie dat was" in page
        eyes.post(there, {"act": "use", "form": "role_model", "setting": "group", "giver": "peer"})
        row = SupportUse.objects.get()
        assert (row.form_id, row.setting, row.giver) == ("role_model", "group", "peer")
        assert "door een deelnemer" in eyes.get(there).content.decode()
        wrong = {"act": "use", "form": "prompt", "setting": "elsewhere", "giver": "peer"}
        assert eyes.post(there, wrong).status_code == 422
        assert eyes.post(there, {"act": "use", "form": "x", **wrong_way()}).status_code == 404
        assert eyes.post(there, {"act": "dance"}).status_code == 400
        eyes.post(there, {"act": "take_back", "use": str(row.pk)})
        eyes.post(there, {"act": "take_back", "use": str(row.pk)})
    assert SupportUse.objects.get().taken_back_at is not None


def wrong_way() -> dict[str, str]:
    return {"setting": "alone", "giver": "worker"}


def test_not_before_it_begins_not_when_cancelled_not_for_the_absent(scene: Scene) -> None:
    facts = {
        "trajectory_id": scene.stays["Amir"].pk,
        "form": SupportForm.objects.get(key="prompt"),
        "by": scene.fleur,
    }
    with clock.travel(clock.at(DAY, 2)), world.broken("meeting_to_come"):
        use_support(meeting=scene.meeting, **facts)
    world.attend(scene.stays["Amir"], scene.meeting, "absent_without_notice")
    with world.broken("was_not_there"):
        used(scene)
    scene.meeting.status, scene.meeting.cancel_reason = "cancelled", "weather"
    scene.meeting.save()
    with world.broken("meeting_cancelled"):
        used(scene)


def test_a_retired_form_is_logged_only_where_it_was_planned(scene: Scene) -> None:
    row = used(scene)
    SupportForm.objects.filter(key="prompt").update(retired_at=clock.now())
    with world.broken("form_retired"):
        used(scene, setting="group")
    of_stay = reverse("challenges:support_of_stay", args=[row.trajectory_id])
    assert "Prompt" in world.eyes(scene.fleur).get(of_stay).content.decode()  # stays where used


def test_nobody_else_logs_or_takes_back(scene: Scene) -> None:
    elsewhere = world.make_worker(world.make_group(), "Elders")
    with pytest.raises(NotYours):
        used(scene, by=elsewhere)
    row = used(scene)
    with pytest.raises(NotYours):
        take_back_use(use=row, by=elsewhere)
    with world.broken("not_on_sheet"):
        used(scene, trajectory_id=world.make_participating(world.make_group(), since=DAY).pk)


@pytest.mark.req("R-174")
def test_lessening_support_is_seen_per_person(scene: Scene) -> None:
    amir = scene.stays["Amir"].pk
    for days, key in ((28, "modelling"), (14, "prompt"), (0, "challenging")):
        day = DAY.fromordinal(DAY.toordinal() - days)
        meeting = scene.meeting if not days else world.make_meeting(scene.group, day)
        used(scene, meeting=meeting, form=SupportForm.objects.get(key=key))
    page = world.eyes(scene.daan).get(reverse("challenges:support_of_stay", args=[amir]))
    text = page.content.decode()
    assert "De ondersteuning is lichter geworden." in text
    assert text.count("support__dot") == 3

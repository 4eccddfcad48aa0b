"""Casey's thread in the group of Fleur and Daan: seen, thought of, tried, helped, told."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from challenges.models import (
    Challenge,
    ChallengeMechanism,
    Consequence,
    Evaluation,
    Hypothesis,
    HypothesisObservation,
    Observation,
    Opinion,
    PracticeNote,
    SupportForm,
    SupportUse,
)
from challenges.reference import load_reference
from core import clock
from core.accounts.models import User
from core.ids import uuid7
from core.organisations.models import Group
from groups.models import Meeting, Talk
from participants.models import Trajectory
from questionnaires.instrument.instrument import load_instrument
from tests import world
from tests.questionnaires.build import make_response

TODAY = date(2026, 9, 18)
SINCE = date(2026, 3, 6)
SAW = "Casey zat alleen op de bank toen Riley een spel koos"
THOUGHT = "Casey weet niet hoe je meedoet; Fleur deed het voor"
TRIED = "Ik stel een vraag aan Riley"
TALKED = "Casey durft het nu ook als Riley niet kijkt"
CONTACT = 8


@pytest.fixture(autouse=True)
def _that_evening() -> Iterator[None]:
    with clock.travel(clock.at(TODAY, 12)):
        yield


@dataclass
class Scene:
    group: Group
    fleur: User
    daan: User
    casey: Trajectory
    riley: Trajectory
    meetings: dict[date, Meeting] = field(default_factory=dict)

    def at(self, name: str, *about: Any) -> str:
        room = "home" if name == "thread" else "challenges"
        return reverse(f"{room}:{name}", args=about or [self.casey.pk])

    def page(self, user: User, name: str = "thread", *about: Any) -> str:
        found = world.eyes(user).get(self.at(name, *about))
        assert found.status_code == 200
        return found.content.decode()

    def meeting(self, day: date) -> Meeting:
        if day not in self.meetings:
            status = "held" if day < TODAY else "planned"
            self.meetings[day] = world.make_meeting(self.group, day, status)
        return self.meetings[day]

    def seen(self, day: date, words: str = SAW, **more: Any) -> Observation:
        return Observation.objects.create(
            client_id=uuid7(),
            trajectory=self.casey,
            seen_on=day,
            behaviour=words,
            by=self.fleur,
            written_at=clock.at(day, 22),
            **more,
        )

    def thought(self, day: date, *grounds: Observation, **more: Any) -> Hypothesis:
        given = {"text": THOUGHT, "mechanism": "social_skills_deficit", "client_id": uuid7()}
        row = Hypothesis.objects.create(
            trajectory=self.casey, by=self.fleur, at=clock.at(day, 20), **given | more
        )
        for ground in grounds:
            HypothesisObservation.objects.create(hypothesis=row, observation=ground)
        return row

    def tried(self, day: date, words: str = TRIED, **more: Any) -> Challenge:
        by = self.casey.participant.user
        return Challenge.objects.create(
            trajectory=self.casey, text=words, chosen_on=day, noted_by=by, **more
        )

    def practised(self, challenge: Challenge, day: date, **more: Any) -> PracticeNote:
        given = {"where": "inside", "outcome": "worked", "did": "Vroeg Riley iets"}
        return PracticeNote.objects.create(
            client_id=uuid7(),
            challenge=challenge,
            on=day,
            by=challenge.noted_by,
            at=clock.at(day, 21),
            **given | more,
        )

    def talked(self, challenge: Challenge, day: date, **more: Any) -> Evaluation:
        given = {"how_it_goes": TALKED, "satisfaction": 7, "next": "go_on", "version": 1}
        return Evaluation.objects.create(
            challenge=challenge, on=day, by=self.fleur, at=clock.at(day, 21), **given | more
        )

    def helped(self, day: date, form: str = "modelling", **more: Any) -> SupportUse:
        return SupportUse.objects.create(
            meeting=self.meeting(day),
            trajectory=self.casey,
            form=SupportForm.objects.get(pk=form),
            by=self.fleur,
            at=clock.at(day, 22),
            **more,
        )


def make_scene(**person: Any) -> Scene:
    load_reference()
    load_instrument(in_use_from=SINCE)
    group = world.make_group(name="Groep 12-16")
    casey, riley = (
        world.make_participating(group, since=SINCE, **{"call_name": name} | person)
        for name in ("Casey", "Riley")
    )
    Trajectory.objects.update(signed_up_at=clock.at(SINCE - timedelta(days=30)))
    casey.refresh_from_db()
    return Scene(
        group, world.make_worker(group), world.make_worker(group, "Daan Mulder"), casey, riley
    )


def fill(scene: Scene) -> Scene:
    """As in the drawing of the page."""
    march, april, may = date(2026, 3, 13), date(2026, 4, 3), date(2026, 5, 8)
    grounds = [scene.seen(day) for day in (march, march + timedelta(days=14), april)]
    first = grounds[0]
    Consequence.objects.create(observation=first, kind="positive", text="Had rust", order=1)
    Consequence.objects.create(observation=first, kind="negative", text="Miste het spel", order=2)
    thought = scene.thought(april, *grounds)
    Opinion.objects.create(
        hypothesis=thought, by=scene.daan, agrees=True, of_version=0, at=clock.at(april, 21)
    )
    scene.thought(
        april,
        text="Durft niet",
        mechanism="negative_cognitions",
        outcome="dropped",
        outcome_on=may,
        outcome_by=scene.fleur,
    )
    tried = scene.tried(may)
    ChallengeMechanism.objects.create(
        challenge=tried,
        mechanism="social_skills_deficit",
        hypothesis=thought,
        by=scene.fleur,
        at=clock.at(may, 22),
    )
    forms = ("modelling", "modelling", "prompt", "challenging")
    for weeks, form in enumerate(forms):
        day = may + timedelta(days=28 * weeks)
        scene.helped(day, form)
        world.attend(scene.casey, scene.meeting(day))
        if weeks:
            scene.practised(tried, day)
    talk = scene.meeting(date(2026, 9, 11))
    Talk.objects.create(
        meeting=talk, trajectory=scene.casey, by=scene.fleur, written_at=clock.now()
    )
    make_response(scene.casey, {CONTACT: 4}, "baseline", 1, SINCE)
    make_response(scene.casey, {CONTACT: 3}, "interim", 1, date(2026, 6, 5))
    make_response(scene.casey, {CONTACT: -2}, "interim", 2, date(2026, 8, 28))
    return scene


@pytest.fixture
def scene(db: None) -> Scene:
    return fill(make_scene())

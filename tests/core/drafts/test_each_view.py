"""Every view that saves a whole form asks what a colleague saved meanwhile (R-340).

Two people open the same page, both change the same field, and press save one after the other: the
second reads the words of the first, and nothing is written over them before a choice is made.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from challenges.hypotheses.thinking import Idea, write_hypothesis
from challenges.models import Challenge
from challenges.observations.abc_scheme import Seen, write_observation
from challenges.reference import load_reference
from challenges.register.choosing import choose_challenge
from challenges.register.practising.notes import note_practice
from core import clock
from core.accounts.models import Role
from core.drafts.two_writers import together
from core.ids import uuid7
from groups.models import Activity, FundingRequest
from participants.intake import talk
from tests import world
from tests.core.drafts.pages import text
from tests.house.test_floors import MODULES
from tests.participants.parents.build import child
from tests.world import eyes

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-340")]


class Boxes(HTMLParser):
    """The forms of a page, each as a browser would send it."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        of = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((of.get("action", ""), {}))
        elif self.forms and of.get("name"):
            kept = self.forms[-1][1].setdefault(of["name"], [])
            if tag == "textarea":
                self._area = of["name"]
                kept.append("")
            elif tag == "select":
                self._select = of["name"]
            elif tag == "input":
                ticks = of.get("type") in ("checkbox", "radio")
                if not ticks or "checked" in of:
                    kept.append(of.get("value", "on" if ticks else ""))
        elif tag == "option" and self._select:
            self._choose(of.get("value", ""), "selected" in of)

    def _choose(self, value: str, chosen: bool) -> None:
        """The first one, until another one is chosen."""
        told = self.forms[-1][1][self._select]
        if chosen or not told:
            told[:] = [value]

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1][1][self._area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""


def opened(client: Client, page: str, field: str) -> tuple[str, dict[str, list[str]]]:
    answer = client.get(page)
    assert answer.status_code == 200, answer.status_code
    read = Boxes()
    read.feed(text(answer))
    action, sent = next(f for f in read.forms if whole(f[1], field) in f[1] and "draft" in f[1])
    return action or page, {name: [t.strip("\n") for t in told] for name, told in sent.items()}


def whole(sent: dict[str, list[str]], field: str) -> str:
    """The name of the field; where each person has one, of the first that begins so."""
    return next((n for n in sent if field.endswith("_") and n.startswith(field)), field)


def own_details() -> Any:
    stay = world.make_participating(world.make_group(), since=clock.today(), call_name="Bo")
    return stay.participant.user, stay.participant.user, "/mijn-gegevens/"


def own_parent() -> Any:
    stay = child()
    parent = world.make_guardian(stay)
    user = stay.participant.user
    return user, user, reverse("participants:change_own_guardian", args=[parent.pk])


def parent() -> Any:
    stay = child()
    guardian = world.make_guardian(stay)
    page = reverse("participants:change_guardian", args=[stay.pk, guardian.pk])
    return *two_workers(stay.group), page


def policy() -> Any:
    organisation = world.make_organisation(
        consent_policy="informed", consent_basis="Grondslag van nu"
    )
    one, other = (world.make_national(Role.FOUNDATION, name) for name in ("Sanne Smit", "Els Bos"))
    return one, other, reverse("participants:policy", args=[organisation.pk])


def referrer() -> Any:
    group = world.make_group()
    tie = world.make_tie(world.make_trajectory(group=group), by=world.make_worker(group, "Ans"))
    return *two_workers(group), reverse("participants:referrer", args=[tie.referrer_id])


def begun_talk() -> Any:
    group = world.make_group()
    stay = world.make_trajectory(group=group, phase="signed_up", call_name="Bo")
    talk.start_intake(trajectory=stay, by=world.make_worker(group, "Ans"))
    return *two_workers(group), reverse("participants:intake", args=[stay.pk])


def trial() -> Any:
    group = world.make_group()
    stay = world.make_suitable(group)
    stay.phase = "trial"
    stay.save()
    yesterday = clock.today() - timedelta(days=1)
    placement = world.seat(stay, group, first_day=yesterday, trial=True)
    world.attend(stay, world.make_meeting(group, yesterday, status="held"))
    return *two_workers(group), reverse("groups:trial", args=[placement.pk])


def door() -> Any:
    group = world.make_group()
    return *two_workers(group), reverse("groups:door", args=[group.pk])


def evening() -> Any:
    group = world.make_group()
    meeting = world.make_meeting(group, clock.today())
    return *two_workers(group), reverse("groups:change", args=[meeting.pk])


def logbook() -> Any:
    group = world.make_group()
    meeting = world.make_meeting(group, clock.today())
    return *two_workers(group), reverse("groups:logbook", args=[meeting.pk])


def practised() -> Challenge:
    stay = world.make_participating(world.make_group(), since=clock.today())
    return choose_challenge(trajectory=stay, text="Een vraag", by=stay.participant.user)


def practice_note() -> Any:
    """Only the young person writes it: two windows."""
    challenge = practised()
    user = challenge.trajectory.participant.user
    row = note_practice(challenge=challenge, client_id=uuid7(), outcome="worked", by=user)
    return user, user, reverse("challenges:practice_note", args=[row.pk])


def evaluation() -> Any:
    challenge = practised()
    stay = challenge.trajectory
    page = reverse("challenges:evaluate", args=[stay.pk, challenge.pk])
    return *two_workers(stay.group), page


def observation() -> Any:
    """Only who wrote it changes it: two windows of one worker."""
    group = world.make_group()
    stay = world.make_participating(group, since=clock.today())
    worker = world.make_worker(group)
    row = write_observation(
        trajectory=stay,
        seen=Seen(behaviour="Zat op de bank", on=clock.today()),
        client_id=uuid7(),
        by=worker,
    )
    return worker, worker, reverse("challenges:observation", args=[row.pk])


def hypothesis() -> Any:
    group = world.make_group()
    stay = world.make_participating(group, since=clock.today())
    one, other = two_workers(group)
    idea = Idea("Weet niet hoe", "social_skills_deficit")
    row = write_hypothesis(trajectory=stay, idea=idea, client_id=uuid7(), by=one)
    return one, other, reverse("challenges:change_hypothesis", args=[row.pk])


def preparation() -> Any:
    group = world.make_group()
    meeting = world.make_meeting(group, clock.today())
    world.make_participating(group, since=clock.today())
    return *two_workers(group), reverse("challenges:preparation", args=[meeting.pk])


def support_form() -> Any:
    load_reference()
    one, other = (world.make_national(Role.FOUNDATION) for _ in range(2))
    return one, other, reverse("challenges:support_form", args=["prompt"])


def plan_questions() -> Any:
    group = world.make_group()
    one = Activity.objects.create(group=group, title="Bowlen", proposed_at=clock.now())
    return *two_workers(group), reverse("groups:idea_questions", args=[one.pk])


def money() -> Any:
    group = world.make_group()
    stay = world.make_participating(group, since=clock.today())
    row = FundingRequest.objects.create(trajectory=stay, asked_at=clock.now())
    return *two_workers(group), reverse("groups:funding", args=[row.pk])


def two_workers(group: Any) -> tuple[Any, Any]:
    return world.make_worker(group, "Fleur Jansen"), world.make_worker(group, "Sem Visser")


#: Where the two are, the field that both change, into what, and what else the form wants.
EACH: dict[str, tuple[Callable[[], Any], str, tuple[str, str], dict[str, str]]] = {
    "participants.person.views.details": (own_details, "call_name", ("Bobbie", "Bor"), {}),
    "participants.parents.views.guardians": (own_parent, "name", ("Inge", "Els"), {}),
    "participants.parents.views.overview": (parent, "name", ("Inge", "Els"), {}),
    "participants.parents.views.policies": (policy, "basis", ("De eerste", "De tweede"), {}),
    "participants.referrers.views.register": (referrer, "workplace", ("Ons Huis", "Lyceum"), {}),
    "participants.intake.views.talk": (begun_talk, "need", ("Gamen", "Praten"), {}),
    "participants.intake.views.around_the_talk": (
        begun_talk,
        "text",
        ("Bij de huisarts", "Bij een psycholoog"),
        {"agreed": "on"},
    ),
    "groups.seats.views.placing": (trial, "programme_fits", ("yes", "no"), {"group_fits": "yes"}),
    "groups.evenings.views.first_evening": (door, "door", ("De groene deur", "De blauwe"), {}),
    "groups.logbook.views.logbook": (logbook, "own_time", ("Thee", "Soep"), {}),
    "challenges.hypotheses.views": (hypothesis, "text", ("Durft niet", "Kan het niet"), {}),
    "challenges.register.practising.views": (practice_note, "did", ("Gevraagd", "Gezegd"), {}),
    "challenges.talks.views": (evaluation, "how_it_goes", ("Goed", "Wisselend"), {}),
    "challenges.observations.views": (observation, "behaviour", ("Keek mee", "Deed mee"), {}),
    "challenges.preparing.views": (preparation, "role_", ("Legt uit", "Vraagt door"), {}),
    "challenges.support.views": (support_form, "text", ("Een hint.", "Een wenk."), {}),
    "groups.evenings.views.plan": (evening, "activity", ("Koken", "Film"), {}),
    "groups.activities.views.ideas": (plan_questions, "people", ("Met tien", "Met acht"), {}),
    "groups.activities.views.funding": (money, "note", ("Fonds", "Samen"), {"outcome": "paid"}),
}


@pytest.mark.parametrize("where", EACH)
def test_both_texts_are_shown_before_one_is_chosen(where: str) -> None:
    build, field, (first, second), more = EACH[where]
    one, other, page = build()
    clients = eyes(one), eyes(other)
    (to, mine), (_to, theirs) = (opened(client, page, field) for client in clients)
    field = whole(mine, field)
    mine, theirs = ({**sent, **{k: [v] for k, v in more.items()}} for sent in (mine, theirs))
    saved = clients[0].post(to, {**mine, field: [first]})
    assert saved.status_code == 302, saved.status_code
    answer = clients[1].post(to, {**theirs, field: [second]})
    assert answer.status_code == 422
    seen = text(answer)
    assert re.search(r"hier intussen iets anders|Hier is intussen iets anders", seen)
    _to, stands = opened(clients[0], page, field)
    assert stands[field] == [first], "nothing was written over it"


def test_no_view_that_merges_is_left_out() -> None:
    """Whoever wires another view writes a row above."""
    wired = {
        name.removesuffix(".py").replace("/", ".")
        for name, source in MODULES.items()
        if f" {together.__name__}(request, " in source
    }
    assert wired == EACH.keys()

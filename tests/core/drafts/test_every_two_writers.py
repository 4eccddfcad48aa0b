"""Two people in each of the other forms that merge: nothing of either is lost, and not by a race.

The first talk has its own tests (`test_two_writers`). Here one touches one field, another one
another; then both the same one; then both press at the same moment (R-340).
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.accounts.models import User
from core.accounts.roles import Role
from core.drafts import filling
from groups.models import Activity
from groups.seats.trial import judge
from participants.intake import care_elsewhere, talk
from participants.parents.policies import set_consent_policy
from participants.person.details import change_details
from tests import world
from tests.core.drafts.pages import text, ticket
from tests.races import at_once, left_behind
from tests.world import eyes

pytestmark = pytest.mark.req("R-340")


@dataclass(frozen=True)
class Shared:
    """One form that two people may have open: `form` finds it on the page, `fields` are two of it.

    `one`, `other`: the two at it, or one person on two devices. `act`: where it is sent.
    """

    page: str
    one: User
    other: User
    fields: dict[str, str]
    clash: tuple[str, str, str]
    held: str
    form: Callable[[Any], Any] = lambda context: context["form"]
    act: str = ""
    also: tuple[tuple[str, str], ...] = ()


def details() -> Shared:
    stay = world.make_participating(world.make_group(), since=clock.today(), call_name="Bo")
    person = stay.participant
    change_details(participant=person, by=person.user, address="Laan 1")
    fields = {"call_name": "Bobbie", "address": "Dorpsstraat 1"}
    clash = ("address", "Plein 2", "Kade 3")
    return Shared("/mijn-gegevens/", person.user, person.user, fields, clash, "call_name")


def own_parent() -> Shared:
    stay = world.make_participating(world.make_group(), since=clock.today(), age=14)
    parent = world.make_guardian(stay)
    page = reverse("participants:change_own_guardian", args=[parent.pk])
    young = stay.participant.user
    fields = {"name": "Inge de Visser", "phone": "06 11223344"}
    return Shared(page, young, young, fields, ("name", "Ingrid", "Inga"), "relation")


def two_workers() -> tuple[Any, User, User]:
    group = world.make_group()
    return group, world.make_worker(group, "Fleur Jansen"), world.make_worker(group, "Sem Visser")


def parent() -> Shared:
    group, fleur, sem = two_workers()
    stay = world.make_participating(group, since=clock.today(), age=14)
    row = world.make_guardian(stay)
    page = reverse("participants:change_guardian", args=[stay.pk, row.pk])
    fields = {"name": "Inge de Visser", "phone": "06 11223344"}
    return Shared(page, fleur, sem, fields, ("name", "Ingrid", "Inga"), "relation")


def policy() -> Shared:
    organisation = world.make_organisation()
    one = world.make_national(Role.FOUNDATION, "Fleur Jansen")
    other = world.make_national(Role.FOUNDATION, "Sem Visser")
    set_consent_policy(organisation=organisation, policy="required", age=16, basis="Wet A", by=one)
    page = reverse("participants:policy", args=[organisation.pk])
    fields = {"age": "17", "basis": "Wet A, artikel 2"}
    return Shared(page, one, other, fields, ("basis", "Wet B", "Wet C"), "policy")


def referrer() -> Shared:
    group, fleur, sem = two_workers()
    stay = world.make_participating(group, since=clock.today())
    tie = world.make_tie(stay, by=fleur)
    page = reverse("participants:referrer", args=[tie.referrer_id])
    fields = {"name": "Karin de Groot", "workplace": "Het Lyceum"}
    return Shared(page, fleur, sem, fields, ("workplace", "Mavo", "Havo"), "function")


def meeting() -> Shared:
    group, fleur, sem = two_workers()
    row = world.make_meeting(group, clock.today() + timedelta(days=3), activity="Koken")
    page = reverse("groups:change", args=[row.pk])
    bo = world.make_participating(group, since=clock.today())
    fields = {"activity": "Bakken", "activity_by": str(bo.pk)}
    return Shared(page, fleur, sem, fields, ("activity", "Bowlen", "Film"), "date")


def trial() -> Shared:
    group, fleur, sem = two_workers()
    stay = world.make_trajectory(group=group, phase="trial", age=17)
    day = clock.today() - timedelta(days=2)
    placed = world.seat(stay, first_day=day, trial=True)
    world.attend(stay, world.make_meeting(group, day, "held"))
    judge(placement=placed, programme_fits=True, group_fits=True, by=fleur)
    return Shared(
        reverse("groups:trial", args=[placed.pk]),
        fleur,
        sem,
        {"programme_fits": "no", "group_fits": "no"},
        ("group_fits", "no", "yes"),
        "programme_fits",
        form=lambda context: context["forms"]["judge"],
        also=(("act", "judge"),),
    )


def care() -> Shared:
    group, fleur, sem = two_workers()
    stay = world.make_trajectory(group=group, phase="signed_up")
    talk.start_intake(trajectory=stay, by=fleur)
    care_elsewhere.note_care(trajectory=stay, text="Bij de GGZ", agreed=True, by=fleur)
    return Shared(
        reverse("participants:intake", args=[stay.pk]),
        fleur,
        sem,
        {},
        ("text", "Bij de huisarts", "Bij de wijkcoach"),
        "",
        form=lambda context: context["care"],
        act=reverse("participants:note_care", args=[stay.pk]),
        also=(("agreed", "on"),),
    )


def door() -> Shared:
    group, fleur, sem = two_workers()
    page = reverse("groups:door", args=[group.pk])
    return Shared(page, fleur, sem, {}, ("door", "De blauwe deur", "De rode deur"), "")


def plan_questions() -> Shared:
    group, fleur, sem = two_workers()
    one = Activity.objects.create(
        group=group, title="Bowlen", people="Met tien", proposed_at=clock.now()
    )
    page = reverse("groups:idea_questions", args=[one.pk])
    fields = {"people": "Met acht", "transport": "Met de fiets"}
    return Shared(page, fleur, sem, fields, ("people", "Met zes", "Met twaalf"), "title")


MERGING = [details, own_parent, parent, policy, referrer, meeting, trial, plan_questions]
EACH = pytest.mark.parametrize("build", MERGING)
#: Of a yes or a no whoever is second agrees, or is alone in touching it.
IN_WORDS = pytest.mark.parametrize("build", [*(one for one in MERGING if one != trial), care, door])


@dataclass(frozen=True)
class Opened:
    """A page as one of the two has it open."""

    client: Client
    shared: Shared
    values: dict[str, Any]

    def press(self, **touched: str) -> Any:
        """Save everything that the page held, with what was touched."""
        return self.client.post(self.shared.act or self.shared.page, self.values | touched)


def opened(shared: Shared, user: User) -> Opened:
    client = eyes(user)
    answer = client.get(shared.page)
    assert answer.status_code == 200
    form = shared.form(answer.context)
    name = shared.clash[0]
    held = {key: told for key, told in filling.as_posted(form).items() if told}
    sealed = ticket(text(answer), f'name="{form.add_prefix(name)}')
    return Opened(client, shared, {**held, **dict(shared.also), "draft": sealed})


def stands(shared: Shared) -> dict[str, list[str]]:
    answer = eyes(shared.one).get(shared.page)
    return filling.as_posted(shared.form(answer.context))


def told(shared: Shared) -> dict[str, str]:
    now = stands(shared)
    return {name: "".join(now[name]) for name in shared.fields}


@pytest.mark.django_db
@EACH
def test_what_only_one_touched_is_merged(build: Callable[[], Shared]) -> None:
    shared = build()
    one, other = opened(shared, shared.one), opened(shared, shared.other)
    (first, its), (second, theirs) = shared.fields.items()
    assert one.press(**{first: its}).status_code == 302
    assert other.press(**{second: theirs}).status_code == 302
    assert told(shared) == shared.fields


@pytest.mark.django_db
@IN_WORDS
def test_what_both_touched_shows_both_texts(build: Callable[[], Shared]) -> None:
    shared = build()
    name, mine, theirs = shared.clash
    one, other = opened(shared, shared.one), opened(shared, shared.other)
    assert one.press(**{name: mine}).status_code == 302
    answer = other.press(**{name: theirs})
    page = text(answer)
    assert answer.status_code == 422
    assert mine in page
    assert theirs in page
    assert "Kies wat blijft" in page
    assert "".join(stands(shared)[name]) == mine
    again = replace(other, values=other.values | {"draft": ticket(page, f'name="{name}')})
    assert again.press(**{name: theirs}).status_code == 302
    assert "".join(stands(shared)[name]) == theirs


@pytest.mark.django_db(transaction=True)
@EACH
def test_two_presses_at_one_moment_lose_nothing(build: Callable[[], Shared]) -> None:
    shared = build()
    (first, its), (second, theirs) = shared.fields.items()
    before = stands(shared)
    dice = random.Random(340)
    for _time in range(3):
        one, other = opened(shared, shared.one), opened(shared, shared.other)
        outcomes = at_once(
            [lambda o=one: o.press(**{first: its}), lambda o=other: o.press(**{second: theirs})],
            dice,
            longest_pause=0.005,
        )
        assert outcomes == ["done", "done"]
        assert told(shared) == shared.fields
        back = opened(shared, shared.one)
        assert back.press(**{n: "".join(before[n]) for n in shared.fields}).status_code == 302
    assert left_behind() == 0

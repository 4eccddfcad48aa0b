"""Preparations and support are for the youth workers of the group alone (R-154, trust.md 3)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from challenges import privacy
from challenges.models import Preparation, SupportForm, SupportUse
from challenges.preparing.words import Wanted, prepare
from challenges.support.using import use_support
from core import clock
from core.accounts.models import RoleAssignment
from core.accounts.roles import Role
from core.privacy import OWN, REST
from participants.recusal.recusal import recuse
from participants.rights.privacy import person_of
from tests import world
from tests.challenges.preparing.scene import DAY, Scene

WORDS, FORM = "kanarierol", "kanarievorm"


@pytest.fixture
def use(scene: Scene) -> SupportUse:
    form = SupportForm.objects.create(key="canary", name_nl=FORM, name_en=FORM, order=99)
    wanted = Wanted(WORDS, planned=frozenset({form.pk}))
    stay = scene.stays["Amir"].pk
    prepare(meeting=scene.meeting, wanted={stay: wanted}, by=scene.fleur)
    with clock.travel(clock.at(DAY, 20)):
        return use_support(
            meeting=scene.meeting, trajectory_id=stay, form=form, by=scene.fleur, giver="peer"
        )


def former(scene: Scene) -> Any:
    user = world.make_worker(scene.group, "Sem Vos")
    RoleAssignment.objects.filter(user=user).update(valid_until="2026-03-12")
    return user


def recused(scene: Scene) -> Any:
    user = world.make_worker(scene.group, "Nadia Smit")
    recuse(trajectory=scene.stays["Amir"], worker=user, by=user, said_by="worker")
    return user


OTHERS: dict[str, Any] = {
    "coordinator": lambda s: world.make_coordinator(s.group.location.region),
    "manager": lambda s: world.make_manager(s.group.location.organisation),
    "quality": lambda _s: world.make_national(Role.QUALITY_COORDINATOR),
    "foundation": lambda _s: world.make_national(Role.FOUNDATION),
    "researcher": lambda _s: world.make_national(Role.RESEARCHER),
    "participant": lambda s: s.stays["Amir"].participant.user,
    "another participant of the group": lambda s: s.stays["Sam"].participant.user,
    "worker of another group": lambda _s: world.make_worker(world.make_group(), "Elders"),
    "recused worker": recused,
    "former worker": former,
    "municipality or parent, without an account": lambda _s: None,
}


@pytest.mark.req("R-154")
@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_reads_or_writes_it_on_any_screen(
    scene: Scene, use: SupportUse, who: str
) -> None:
    stay = scene.stays["Amir"].pk
    user = OTHERS[who](scene)
    eyes = world.eyes(user) if user else Client()
    own = [
        scene.url(),
        scene.url("preparation_now"),
        scene.url("preparation_on_paper"),
        scene.url("support_at", stay),
        reverse("challenges:support_of_stay", args=[stay]),
    ]
    tap = {"act": "take_back", "use": str(use.pk), "not_used": str(use.pk)}
    with clock.travel(clock.at(DAY, 20)):
        for path in own:
            for answer in (eyes.get(path), eyes.post(path, tap)):
                if who != "recused worker":
                    assert answer.status_code in (302, 403, 404, 405), path
                    assert answer.status_code != 302 or user is None, path
                page = answer.content.decode()
                assert WORDS not in page, path
                assert FORM not in page.partition('id="add"')[0] or who == "recused worker", path
        for path in (
            reverse("home:today"),
            reverse("groups:meeting", args=[scene.meeting.pk]),
            reverse("groups:logbook", args=[scene.meeting.pk]),
            reverse("groups:group", args=[scene.group.pk]),
            *(
                reverse(name, args=[stay])
                for name in ("home:file", "home:time_line", "challenges:of_stay")
            ),
            reverse("challenges:mine"),
        ):
            page = eyes.get(path, follow=True).content.decode()
            assert WORDS not in page, path
            assert FORM not in page, path
    use.refresh_from_db()
    assert use.taken_back_at is None
    if user:
        assert not Preparation.objects.visible_to(user).exists()
        assert not SupportUse.objects.visible_to(user).exists()


@pytest.mark.req("R-175")
def test_the_two_workers_do_and_by_a_participant_names_nobody(
    scene: Scene, use: SupportUse
) -> None:
    amir = scene.stays["Amir"]
    for user in (scene.fleur, scene.daan):
        eyes = world.eyes(user)
        assert WORDS in eyes.get(scene.url()).content.decode()
        of_stay = eyes.get(reverse("challenges:support_of_stay", args=[amir.pk])).content.decode()
        assert FORM.capitalize() in of_stay
        assert "door een deelnemer" in of_stay
        for other in ("Jordan", "Layla", "Riley"):
            assert other not in of_stay
    names = {field.name for field in SupportUse._meta.get_fields()}
    assert not {"peer", "given_by", "participant"} & names


@pytest.mark.req("R-101")
def test_the_person_gets_it_on_request_and_not_in_one_tap(scene: Scene, use: SupportUse) -> None:
    person = person_of(scene.stays["Amir"].participant)
    assert WORDS not in str(privacy.export_person(person, OWN))
    rest = str(privacy.export_person(person, REST))
    assert WORDS in rest
    assert FORM in rest


def test_an_erased_name_goes_from_what_was_written_about_others(
    scene: Scene, use: SupportUse
) -> None:
    wanted = {scene.stays["Sam"].pk: Wanted("Vraagt Amir naar zijn mening. Amirs idee blijft.")}
    prepare(meeting=scene.meeting, wanted=wanted, by=scene.daan)
    privacy.erase_person(person_of(scene.stays["Amir"].participant), scene.fleur)
    assert Preparation.objects.get().role == "Vraagt – naar zijn mening. – idee blijft."
    assert SupportUse.objects.count() == 1

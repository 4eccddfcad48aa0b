"""A parent's address is nobody's own and no professional's without the coordinator (R-347)."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from core import clock
from core.messaging.models import Message
from participants.models import Guardian, ParentAtWork, Recusal, Trajectory
from participants.parents import addresses, guardians
from participants.parents import question as parental
from participants.recusal import recusal
from tests import world
from tests.participants.parents.build import NOON, child
from tests.world import eyes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with clock.travel(NOON):
        yield


def enter(stay: Trajectory, email: str, by: Any = None) -> Guardian:
    return guardians.enter_guardian(
        participant=stay.participant,
        name="Inge",
        relation="mother",
        email=email,
        by=by or stay.participant.user,
    )


def spellings(name: str) -> tuple[str, ...]:
    """Of a mailbox at gmail.com: capitals, signs nobody sees, wide letters, a tag, dots, a twin."""
    return (
        f"{name.upper()}@Gmail.com",
        f" {name}@gmail.com ",
        f"{name[0]}\u200b{name[1:]}@gmail.com\u2060",
        "".join(chr(ord(sign) + 0xFEE0) for sign in name) + "@gmail.com",
        f"{name}+mama@gmail.com",
        f"{name[0]}.{name[1:]}@gmail.com",
        f"{name}@googlemail.com",
    )


@pytest.mark.req("R-347")
def test_the_own_mailbox_in_another_spelling_is_refused_everywhere() -> None:
    stay = child()
    stay.participant.contact.email = "noor@gmail.com"
    stay.participant.contact.save()
    parent = enter(stay, "inge@gmail.com")
    for spelling in spellings("noor"):
        with world.broken("own_address"):
            enter(stay, spelling)
        with world.broken("own_address"):
            guardians.change_guardian(
                guardian=parent,
                name="Inge",
                relation="mother",
                email=spelling,
                by=world.make_worker(stay.group),
            )
    other = enter(stay, "henk@example.org")
    for spelling in spellings("inge"):
        with world.broken("known_parent"):
            enter(stay, spelling)
        with world.broken("known_parent"):
            guardians.change_guardian(
                guardian=other,
                name="Henk",
                relation="father",
                email=spelling,
                by=world.make_worker(stay.group),
            )


@pytest.mark.req("R-347")
def test_the_address_to_sign_in_with_is_the_own_too() -> None:
    stay = child()
    user = stay.participant.user
    assert user is not None
    user.email = "anders@example.org"
    user.save()
    with world.broken("own_address"):
        enter(stay, "anders+mama@example.org")


@pytest.mark.req("R-347")
def test_an_address_of_a_professional_waits_for_the_coordinator() -> None:
    stay = child()
    colleague = world.make_worker(stay.group, "Ruben Vos")
    worker = world.make_worker(stay.group)
    coordinator = world.make_coordinator(stay.region)
    parent = enter(stay, str(colleague.email).upper().replace("@", "+kind@"))
    parental.ask_harm(trajectory=stay, can_harm=False, by=worker)
    with world.broken("at_work"):
        parental.release_request(guardian=parent, trajectory=stay, by=worker)
    page = eyes(worker).get(reverse("participants:parents", args=[stay.pk])).content.decode()
    assert reverse("participants:release_request", args=[stay.pk, parent.pk]) not in page
    assert not Message.objects.filter(contact=parent.contact).exists()
    (todo,) = world.waiting(coordinator, "parent_at_work")
    assert world.waiting(worker, "parent_at_work") == []
    assert "Ruben Vos" in eyes(coordinator).get(todo.url).content.decode()
    assert eyes(worker).get(todo.url).status_code == 404
    assert eyes(coordinator).post(todo.url, {"parent": "misschien"}).status_code == 400
    eyes(coordinator).post(todo.url, {"parent": "yes"})
    assert world.waiting(coordinator, "parent_at_work") == []
    parental.release_request(guardian=parent, trajectory=stay, by=worker)
    out = Recusal.objects.in_force().get(participant=stay.participant)
    assert out.worker == colleague, "a parent is no worker of the own child"
    assert eyes(colleague).get(f"/deelnemers/{stay.pk}/ouders/").status_code == 404
    assert colleague not in recusal.guides_of(stay)


@pytest.mark.req("R-343", "R-347")
def test_of_two_noors_the_coordinator_reads_which_one() -> None:
    stay = child(birth_date=date(2012, 5, 3))
    world.make_trajectory(group=stay.group, call_name="noor", birth_date=date(2010, 1, 2))
    coordinator = world.make_coordinator(stay.region)
    enter(stay, str(world.make_worker(stay.group, "Ruben Vos").email))
    (todo,) = world.waiting(coordinator, "parent_at_work")
    assert "Noor (2012)" in todo.title
    assert "Noor (2012)" in eyes(coordinator).get(todo.url).content.decode()


@pytest.mark.req("R-347")
def test_a_wrong_address_is_corrected_before_anything_leaves() -> None:
    stay = child()
    worker, coordinator = world.make_worker(stay.group), world.make_coordinator(stay.region)
    manager = world.make_manager(stay.group.location.organisation)
    parent = enter(stay, str(manager.email))
    row = ParentAtWork.objects.get()
    addresses.settle_at_work(row=row, is_parent=False, by=coordinator)
    with world.broken("answered"):
        addresses.settle_at_work(row=row, is_parent=True, by=coordinator)
    parental.ask_harm(trajectory=stay, can_harm=False, by=worker)
    with world.broken("at_work"):
        parental.release_request(guardian=parent, trajectory=stay, by=worker)
    change = {"guardian": parent, "name": "Inge", "relation": "mother", "by": worker}
    guardians.change_guardian(email="inge@example.org", **change)
    parent.refresh_from_db()
    parental.release_request(guardian=parent, trajectory=stay, by=worker)


@pytest.mark.req("R-347")
def test_a_worker_never_makes_the_own_mailbox_that_of_a_parent() -> None:
    stay = child()
    worker = world.make_worker(stay.group)
    parent = enter(stay, "inge@example.org")
    with world.broken("entered_by"):
        guardians.change_guardian(
            guardian=parent,
            name="Inge",
            relation="mother",
            email=f" {str(worker.email).upper()}",
            by=worker,
        )
    with world.broken("entered_by"):
        enter(stay, str(worker.email).replace("@", "+noor@"), by=worker)
    assert not ParentAtWork.objects.exists()


@pytest.mark.req("R-347")
def test_the_coordinator_whose_address_it_is_does_not_answer_it() -> None:
    stay = child()
    coordinator = world.make_coordinator(stay.region)
    other = world.make_coordinator(stay.region, "Nadia Smit")
    enter(stay, str(coordinator.email))
    assert world.waiting(coordinator, "parent_at_work") == []
    assert len(world.waiting(other, "parent_at_work")) == 1

"""`message_wanted` is asked about a whole batch: each answer is about each message of it."""

from collections.abc import Collection
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from core.ids import uuid7
from core.ports import About, message_wanted
from participants.models import Intake, ParentalConsent
from participants.parents import mail, mail_home
from participants.signup import first_contact
from tests import world
from tests.participants.parents.build import asked, child

pytestmark = pytest.mark.django_db


def wanted(kind: str, about: Collection[About]) -> set[About]:
    """By the one who answers for this kind."""
    (answer,) = [found for found in message_wanted(kind, about) if found is not None]
    return answer


def statements(kind: str, about: Collection[About]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        message_wanted(kind, about)
    return len(found)


def together_as_alone(kind: str, about: Collection[About]) -> set[About]:
    found = wanted(kind, set(about))
    assert found == set().union(*(wanted(kind, {one}) for one in about))
    assert About(uuid7(), uuid7()) not in wanted(kind, {About(uuid7(), uuid7()), *about})
    assert statements(kind, list(about)[:1]) <= statements(kind, about) <= 6
    return found


@pytest.mark.req("R-103")
def test_questions_receipts_and_information_for_parents() -> None:
    open_ones = [asked(child())[0] for _ in range(2)]
    expired, unsafe = asked(child())[0], asked(child())[0]
    ParentalConsent.objects.filter(pk=expired.pk).update(expires_at=clock.now())
    Intake.objects.filter(trajectory=unsafe.trajectory).update(mail_can_harm=True)
    questions = [About(row.pk, row.guardian.contact_id) for row in (*open_ones, expired, unsafe)]
    answerable = together_as_alone(mail.REQUEST, questions)
    assert answerable == set(questions[:2])
    assert together_as_alone(mail.RECEIPT, questions) == set(questions[:3])

    organisation = world.make_organisation(consent_policy="informed", consent_basis="besluit 4")
    told = []
    for can_harm in (False, True, None):
        stay = child(group=world.make_group(organisation=organisation))
        Intake.objects.update_or_create(trajectory=stay, defaults={"mail_can_harm": can_harm})
        parent = world.make_guardian(stay)
        told.append(About(parent.pk, parent.contact_id))
    not_informed = world.make_guardian(open_ones[0].trajectory, name="Ria Bos")
    told.append(About(not_informed.pk, not_informed.contact_id))
    assert together_as_alone(mail.INFORMATION, told) == {told[0]}


@pytest.mark.req("R-047")
def test_reminders_of_a_late_first_contact() -> None:
    first, second = world.make_group(), world.make_group()
    near, far = world.make_worker(first), world.make_worker(second, "Daan de Boer")
    empty = world.make_group()
    coordinator = world.make_coordinator(empty.location.region)
    stays = [world.make_trajectory(group=g, phase="signed_up") for g in (first, second, empty)]
    with clock.travel(max(stay.signed_up_at for stay in stays) + timedelta(days=3)):
        first_contact.record_contact(trajectory=stays[1], outcome="spoken", by=far)
        letters = [
            About(stay.pk, user.contact_id)
            for stay in stays
            for user in (near, far, coordinator)
            if user.contact_id
        ]
        found = together_as_alone(first_contact.REMINDER, letters)
    assert found == {
        About(stays[0].pk, near.contact_id),  # type: ignore[arg-type]
        About(stays[2].pk, coordinator.contact_id),  # type: ignore[arg-type]
    }


@pytest.mark.parametrize(
    ("can_harm", "phase", "why"),
    [
        (None, "intake", "harm_not_asked"),
        (True, "intake", "can_harm"),
        (False, "intake", ""),
        (False, "former", "stay_over"),
    ],
)
def test_why_no_mail_goes_home(can_harm: bool | None, phase: str, why: str) -> None:
    stay = child()
    Intake.objects.update_or_create(trajectory=stay, defaults={"mail_can_harm": can_harm})
    stay.phase = phase
    parent = world.make_guardian(stay)
    home = mail_home.homes_of([stay.pk])[stay.pk]
    assert mail_home.why_not_write(parent, stay, home) == why
    assert mail_home.is_unsafe(stay) is (can_harm is True)
    assert mail_home.why_not_write(world.make_guardian(child()), stay, home) == "other_child"

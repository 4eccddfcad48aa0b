"""In a real browser: a talk of forty minutes, other forms of the page, a broken connection."""

import time
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from core.accounts.models import User
from core.accounts.sessions import SessionStore
from core.accounts.signin import LAST_SEEN_AT, SIGNED_IN_AT
from core.drafts.models import Draft
from participants.intake.talk import start_intake
from participants.models import Consultation, Intake
from tests import world
from tests.fixtures.browser import Axe, PageAt

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fleur() -> User:
    return world.make_worker(world.make_group())


@pytest.fixture
def begun(fleur: User) -> Intake:
    stay = world.make_trajectory(group=fleur_group(fleur), phase="signed_up", call_name="Bo")
    return start_intake(trajectory=stay, by=fleur)


def fleur_group(fleur: User) -> Any:
    return fleur.role_assignments.get().group


def page_of(row: Intake) -> str:
    return f"/aanmeldingen/{row.trajectory_id}/gesprek/"


def kept(page: Any, times: int = 1) -> None:
    page.locator(".draft-state", has_text="Concept bewaard").first.wait_for()


def nobody_touched_anything_for(minutes: int) -> None:
    for row in Session.objects.all():
        store = SessionStore(row.session_key)
        store[LAST_SEEN_AT] = time.time() - minutes * 60
        store[SIGNED_IN_AT] = time.time() - minutes * 60
        store.save()


@pytest.mark.req("R-339")
@pytest.mark.parametrize("width", [390, 1440])
def test_another_form_of_the_page_empties_nothing(
    page_at: PageAt, enter: Any, fleur: User, begun: Intake, axe: Axe, width: int
) -> None:
    world.make_coordinator(begun.trajectory.group.location.region)
    page = page_at(width, 844)
    enter(page, fleur)
    page.goto(page_of(begun))
    page.fill("[name=need]", "Vrienden om mee te gamen")
    page.check("[name=mode][value=phone]")
    page.locator("summary", has_text="Vraag de").click()
    page.fill("[name=question]", "Past dit bij ons?")
    page.locator("form[action$='/advies/'] button").click()
    page.locator("text=Je vraag is bij de").wait_for()
    assert page.input_value("[name=need]") == "Vrienden om mee te gamen"
    assert page.is_checked("[name=mode][value=phone]")
    assert Consultation.objects.get().question == "Past dit bij ons?"
    assert page.locator("text=Wat je typte, staat er nog").count() == 1
    axe(page)
    page.locator("button", has_text="Bewaar, besluit later").click()
    page.locator(".messages, .message--done", has_text="ewaard").first.wait_for()
    begun.refresh_from_db()
    assert begun.need == "Vrienden om mee te gamen"
    assert not Draft.objects.open().exists()

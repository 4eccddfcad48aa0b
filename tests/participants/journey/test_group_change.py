"""Another group: its policy, its region and its workers count at once (R-104, trust.md 4)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from core import clock
from core.messaging import outbox
from core.messaging.models import Message
from core.organisations.models import Group, Municipality
from groups.models import Placement
from groups.seats import placement
from groups.seats.trial import decline, judge
from participants.models import Hold, ParentalConsent, Trajectory
from participants.parents import question as parental
from participants.signup import applicants
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    return world.make_municipality()


@pytest.fixture
def informs(town: Municipality) -> Group:
    """Its organisation only informs parents."""
    organisation = world.make_organisation(consent_policy="informed", consent_basis="besluit 4")
    return world.make_group(organisation=organisation, municipality=town)


@pytest.fixture
def asks(town: Municipality) -> Group:
    """In another region, where a parent says yes first."""
    return world.make_group(municipality=town)


def trial(group: Group, **fields: Any) -> Trajectory:
    stay = world.make_trajectory(group=group, phase="trial", suitable=True, **fields)
    world.seat(stay, group, first_day=clock.today() - timedelta(days=3), trial=True)
    return stay


def taking_part(group: Group, **fields: Any) -> Trajectory:
    return world.make_participating(group, since=clock.today() - timedelta(days=40), **fields)


def move(stay: Trajectory, to_group: Group) -> Trajectory:
    placement.move(
        trajectory=stay,
        to_group=to_group,
        first_day=clock.today(),
        by=world.worker_of(stay),
        reason="Verhuisd",
    )
    stay.refresh_from_db()
    return stay


@pytest.mark.req("R-104")
@pytest.mark.parametrize("begun", [trial, taking_part])
def test_who_moves_to_where_parents_are_asked_waits_for_their_yes(
    begun: Any, informs: Group, asks: Group
) -> None:
    stay = begun(informs, age=14)
    world.give_own_agreements(stay)
    stay.refresh_from_db()
    assert stay.blocked_reason == ""
    move(stay, asks)
    assert stay.blocked_reason == "parent_unknown"
    assert Hold.objects.get(trajectory=stay).kind == "blocked"
    assert stay.region == asks.location.region
    world.give_parental_yes(stay)
    stay.refresh_from_db()
    assert stay.blocked_reason == ""


@pytest.mark.req("R-104")
def test_an_applicant_who_is_sent_on_follows_the_policy_of_the_other_group(
    informs: Group, asks: Group, town: Municipality
) -> None:
    stay = world.make_suitable(informs, age=14, municipality=town)
    assert stay.blocked_reason == ""
    worker = world.worker_of(stay)
    applicants.move_applicant(trajectory=stay, to_group=asks, reason="Past beter", by=worker)
    stay.refresh_from_db()
    assert stay.blocked_reason == "parent_unknown"


@pytest.mark.req("R-104")
def test_who_moves_to_where_parents_are_informed_no_longer_waits_and_the_link_is_closed(
    informs: Group, asks: Group
) -> None:
    stay = trial(asks, age=14)
    world.give_own_agreements(stay)
    worker, parent = world.worker_of(stay), world.make_guardian(stay)
    parental.ask_harm(trajectory=stay, can_harm=False, by=worker)
    parental.release_request(guardian=parent, trajectory=stay, by=worker)
    stay.refresh_from_db()
    assert stay.blocked_reason == "parent_not_answered"
    move(stay, informs)
    assert stay.blocked_reason == ""
    assert ParentalConsent.objects.get().obsolete_at is not None
    assert Message.objects.get(kind="parental_request").state == "withdrawn"


def test_what_waits_to_be_sent_moves_along_to_the_workers_of_now(asks: Group) -> None:
    """Ready texts and letters that did not arrive: the workers of before see neither."""
    stay = taking_part(asks, age=17)
    world.give_own_agreements(stay)
    before, elsewhere = world.worker_of(stay), world.make_group(age_until=20)
    now = world.make_worker(elsewhere)
    parent = world.make_guardian(stay)
    letters = []
    for n, contact in enumerate((stay.participant.contact, parent.contact)):
        letters.append(
            outbox.write(
                contact=contact, template="neutral", kind="neutral", dedupe_key=f"{n}", group=asks
            )
        )
    sent = outbox.write(
        contact=parent.contact, template="neutral", kind="neutral", dedupe_key="x", group=asks
    )
    Message.objects.filter(pk=letters[1].pk).update(state="dead")
    Message.objects.filter(pk=sent.pk).update(state="sent")
    move(stay, elsewhere)
    for row in letters:
        page = reverse("home:message", args=[row.pk])
        assert world.eyes(before).get(page).status_code == 404
        assert world.eyes(now).get(page).status_code == 200
    sent.refresh_from_db()
    assert sent.group == asks, "what was done stays with who did it"


def test_what_waits_for_school_about_somebody_moves_along_too(asks: Group) -> None:
    stay = taking_part(asks, age=17)
    world.give_own_agreements(stay)
    elsewhere = world.make_group(age_until=20)
    school = world.create_contact(name="Karin", email="karin@school.example")
    row = outbox.write(
        contact=school,
        about=stay.participant.contact,
        template="neutral",
        kind="neutral",
        dedupe_key="school",
        group=asks,
    )
    move(stay, elsewhere)
    row.refresh_from_db()
    assert row.group == elsewhere


def test_the_page_of_the_first_evening_closes_for_the_group_that_was_left(
    asks: Group, informs: Group
) -> None:
    stay = trial(asks, age=17)
    world.give_own_agreements(stay)
    before, page = world.worker_of(stay), reverse("groups:trial", args=[stay.placements.get().pk])
    assert world.eyes(before).get(page).status_code == 200
    move(stay, informs)
    assert world.eyes(before).get(page).status_code == 404
    assert world.eyes(before).post(page, {"act": "admit"}).status_code == 404


def test_a_page_of_an_earlier_first_evening_declines_nobody(asks: Group) -> None:
    """Left open in a tab: the second first evening, agreed with a reason, stays."""
    stay = trial(asks, age=17)
    earlier = stay.placements.get()
    evening = world.make_meeting(asks, earlier.first_day, "held")
    world.attend(stay, evening)
    worker = world.worker_of(stay)
    judge(placement=earlier, programme_fits=True, group_fits=False, by=worker)
    Placement.objects.filter(pk=earlier.pk).update(last_day=clock.today())
    again = world.seat(stay, asks, first_day=clock.today() + timedelta(days=1), trial=True)
    with world.broken("trial_over"):
        decline(placement=earlier, referral_to="gp", reason="Past niet", by=worker)
    again.refresh_from_db()
    stay.refresh_from_db()
    assert (again.last_day, stay.phase) == (None, "trial")

"""The other rooms of a group over HTTP: the group, plan, first evening, goodbye, own evening."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.ids import uuid7
from core.organisations.models import Group
from groups.models import AbsenceNotice, Meeting, Placement
from groups.seats.placement import place
from groups.sheet.attendance import everyone_here
from participants.models import Trajectory
from tests import world

TODAY = date(2026, 3, 13)
SINCE = TODAY - timedelta(days=200)


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group(age_from=12, age_until=30, name="Groep Vrijdag")


@pytest.fixture
def worker(group: Group, client: Client) -> Any:
    worker = world.make_worker(group)
    client.force_login(worker)
    return worker


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.travel(clock.at(TODAY, 12)):
        yield


@pytest.fixture
def me(group: Group) -> Trajectory:
    return world.make_participating(group, since=SINCE, call_name="Noor", age=17)


@pytest.fixture
def young(me: Trajectory) -> Client:
    client = Client()
    client.force_login(me.participant.user)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"groups:{name}", args=args)


def test_the_group_page_costs_the_same_for_five_and_fifteen(
    client: Client, group: Group, worker: Any, django_assert_num_queries: Any
) -> None:
    for n in range(6):
        meeting = world.make_meeting(group, TODAY - timedelta(days=14 * (n + 1)))
        everyone_here(meeting=meeting, client_id=uuid7(), by=worker)
    for people in (5, 10):
        for _n in range(people):
            world.make_participating(group, since=SINCE)
        for meeting in group.meetings.all():
            everyone_here(meeting=meeting, client_id=uuid7(), by=worker)
        client.get(url("group", group.pk))  # the first page also writes the session's last use
        with django_assert_num_queries(PAGE):
            answer = client.get(url("group", group.pk))
        assert answer.status_code == 200


PAGE = 10


def test_the_coordinator_reads_the_group_but_not_who_waits(client: Client, group: Group) -> None:
    stay = world.make_participating(group, since=SINCE, call_name="Layla")
    world.make_suitable(group, call_name="Geheimnaam")
    client.force_login(world.make_coordinator(group.location.region))
    page = client.get(url("group", group.pk)).content.decode()
    theirs = reverse("challenges:of_stay", args=[stay.pk])
    assert f'<a href="{theirs}">Layla</a>' in page, "what may be followed of her"
    assert client.get(theirs).status_code == 200
    assert "Geheimnaam" not in page
    assert client.get(url("plan", group.pk)).status_code == 403
    client.force_login(world.make_manager(group.location.organisation))
    assert client.get(url("group", group.pk)).status_code == 403


def test_ids_of_another_group_are_not_found(client: Client, group: Group, worker: Any) -> None:
    other = world.make_group(age_from=12, age_until=30)
    their = world.make_participating(other, since=SINCE)
    applicant = world.make_suitable(other)
    meeting = world.make_meeting(other, TODAY + timedelta(days=7))
    seat = place(
        trajectory=applicant,
        group=other,
        trial=True,
        first_day=meeting.date,
        by=world.make_worker(other),
    )
    for name, key in (
        ("group", other.pk),
        ("plan", other.pk),
        ("change", meeting.pk),
        ("invite", applicant.pk),
        ("trial", seat.pk),
        ("leave", their.pk),
        ("move", their.pk),
    ):
        assert client.get(url(name, key)).status_code == 404, name
    for name, key in (("cancel", meeting.pk), ("chat", seat.pk)):
        assert client.post(url(name, key)).status_code == 404, name


def test_planning_says_at_the_field_what_is_wrong(
    client: Client, group: Group, worker: Any
) -> None:
    taken = world.make_meeting(group, TODAY + timedelta(days=3))
    for fields in (
        {},
        {"dates": ["1999-01-01"]},
        {"other": "31-02-2026"},
        {"other": taken.date.isoformat()},
        {"other": "9999-12-31"},
        {"other": "\x00"},
    ):
        answer = client.post(url("plan", group.pk), fields)
        assert answer.status_code == 422, fields
    assert group.meetings.count() == 1
    client.post(url("plan", group.pk), {"other": "2026-04-01"})
    page = client.get(url("group", group.pk)).content.decode()
    assert group.meetings.count() == 2
    assert "1 Apr" in page or "1 apr" in page


@pytest.mark.req("R-132")
def test_an_evening_gets_its_activity_and_the_participant_sees_it(
    client: Client, group: Group, worker: Any, young: Client
) -> None:
    meeting = world.make_meeting(group, TODAY + timedelta(days=7))
    amir = world.make_participating(group, since=SINCE, call_name="Amir")
    fields = {
        "date": meeting.date.isoformat(),
        "starts_at": "19:30",
        "activity": "Bowlen",
        "activity_by": str(amir.pk),
    }
    asked = client.post(url("change", meeting.pk), fields).content.decode()
    (read,) = re.findall(r'name="read" value="([^"]+)"', asked)
    assert client.post(url("change", meeting.pk), fields | {"read": read}).status_code == 302
    page = young.get(url("my_meeting", meeting.pk)).content.decode()
    for fact in ("Bowlen", "Amir", "19:30", "22:30", "De Kegel", "Dorpsstraat 1", "Voorbeeldstad"):
        assert fact in page
    assert "20 " in page
    assert "Bowlen" in young.get(url("calendar")).content.decode()


@pytest.mark.req("R-132")
def test_no_time_or_place_before_every_yes(young: Client, me: Trajectory, group: Group) -> None:
    meeting = world.make_meeting(group, TODAY + timedelta(days=7))
    world.make_participating(group, since=SINCE)  # somebody else's yes is not mine
    Trajectory.objects.filter(pk=me.pk).update(blocked_reason="parent_not_answered")
    assert young.get(url("my_meeting", meeting.pk)).status_code == 404
    assert "De Kegel" not in young.get(url("calendar")).content.decode()


def test_i_cannot_come_in_one_tap_the_reason_afterwards(
    young: Client, me: Trajectory, group: Group
) -> None:
    meeting = world.make_meeting(group, TODAY + timedelta(days=7))
    young.post(url("absent", meeting.pk))
    notice = AbsenceNotice.objects.get()
    assert (notice.why, notice.trajectory) == ("", me)
    young.post(url("absent", meeting.pk), {"why": "Toets"})
    notice.refresh_from_db()
    assert notice.why == "Toets"
    assert young.post(url("absent", meeting.pk), {"why": "x" * 5000}).status_code == 422
    assert young.post(url("absent", meeting.pk), {"why": "a\x00b"}).status_code == 422
    young.post(url("absent", meeting.pk), {"act": "come"})
    notice.refresh_from_db()
    assert notice.taken_back_at is not None
    other = world.make_meeting(world.make_group(), TODAY + timedelta(days=7))
    assert young.post(url("absent", other.pk)).status_code == 404


def test_i_stop_is_two_taps(young: Client, me: Trajectory, group: Group) -> None:
    page = young.get(url("stop")).content.decode()
    assert 'name="later" value="no"' in page
    assert young.post(url("stop"), {"later": "maybe"}).status_code == 422
    assert young.post(url("stop"), {"later": "no"}).status_code == 200
    me.refresh_from_db()
    assert (me.phase, me.exit_reason, me.follow_up_waived) == (
        "former",
        "own_wish",
        "contact_refused",
    )
    assert young.get(url("stop")).status_code == 404
    assert young.post(url("stop"), {"later": "no"}).status_code == 200


@pytest.mark.parametrize(("phase", "asked"), [("participating", True), ("intake", False)])
def test_who_stops_is_promised_a_question_only_when_one_comes(
    group: Group, phase: str, asked: bool
) -> None:
    stay = (
        world.make_participating(group, since=SINCE, age=16)
        if asked
        else world.make_trajectory(group=group, phase=phase)
    )
    client = Client()
    client.force_login(stay.participant.user)
    for _tap in range(2):  # the second tap of an impatient finger says the same
        answer = client.post(url("stop"), {"later": "yes"})
        assert answer.status_code == 200
        page = answer.content.decode()
        assert ("Over drie maanden" in page or "In three months" in page) is asked


def test_a_worker_has_no_own_evening(client: Client, worker: Any, group: Group) -> None:
    meeting = world.make_meeting(group, TODAY)
    for name, args in (("stop", ()), ("wish", ()), ("my_meeting", (meeting.pk,))):
        assert client.get(url(name, *args)).status_code == 403


@pytest.mark.parametrize("name", ["groups:invite", "groups:move", "groups:leave", "home:close"])
def test_before_there_is_a_group_the_workers_pages_are_not_the_young_persons_own(
    db: None, client: Client, name: str
) -> None:
    """Their stay is in their sight; placing and closing it is the workers'."""
    stay = world.make_trajectory(phase="signed_up", call_name="Noor", with_account=True)
    client.force_login(stay.participant.user)
    assert client.get(reverse(name, args=[stay.pk])).status_code == 403
    assert client.post(reverse(name, args=[stay.pk])).status_code == 403


@pytest.mark.req("R-081")
def test_the_invitation_asks_why_only_the_second_time(
    client: Client, group: Group, worker: Any
) -> None:
    stay = world.make_suitable(group)
    first = world.make_meeting(group, TODAY + timedelta(days=7))
    page = client.get(url("invite", stay.pk)).content.decode()
    assert "override_reason" not in page
    assert client.post(url("invite", stay.pk), {"meeting": str(uuid7())}).status_code == 422
    client.post(url("invite", stay.pk), {"meeting": str(first.pk)})
    again = world.make_meeting(group, TODAY + timedelta(days=21))
    refused = client.post(url("invite", stay.pk), {"meeting": str(again.pk)})
    assert refused.status_code == 422
    assert Placement.objects.filter(trajectory=stay).count() == 1
    client.post(
        url("invite", stay.pk), {"meeting": str(again.pk), "override_reason": "Was ziek geworden."}
    )
    assert Placement.objects.filter(trajectory=stay).count() == 2


@pytest.mark.req("R-078")
def test_not_fitting_is_written_down_with_who_helps_further(
    client: Client, group: Group, worker: Any
) -> None:
    stay = world.make_suitable(group)
    meeting = world.make_meeting(group, TODAY)
    placement = place(trajectory=stay, group=group, trial=True, first_day=TODAY, by=worker)
    everyone_here(meeting=meeting, client_id=uuid7(), by=worker)
    page = url("trial", placement.pk)
    judged = {"act": "judge", "programme_fits": "yes", "group_fits": "no"}
    assert client.post(page, judged).status_code == 422, "it has not begun"
    with clock.travel(clock.at(TODAY, 19, 30)):
        client.post(page, judged)
    assert client.post(page, {"act": "decline", "reason": "x"}).status_code == 422
    assert client.post(page, {"act": "nonsense"}).status_code == 400
    client.post(
        page, {"act": "decline", "referral_to": "general_practitioner", "reason": "Liever alleen."}
    )
    stay.refresh_from_db()
    assert (stay.phase, stay.referral.to) == ("referred", "general_practitioner")


@pytest.mark.req("R-187")
@pytest.mark.req_part("R-183")
def test_closing_asks_one_question_and_frees_the_place(
    client: Client, group: Group, worker: Any, me: Trajectory
) -> None:
    page = reverse("home:close", args=[me.pk])
    assert client.post(page, {}).status_code == 422
    assert client.post(page, {"exit_reason": "bored"}).status_code == 422
    refused = client.post(page, {"exit_reason": "goal_reached"})
    assert refused.status_code == 422
    assert client.post(url("leave", me.pk), {"act": "x"}).status_code == 400
    client.post(page, {"exit_reason": "no_contact"})
    me.refresh_from_db()
    group.refresh_from_db()
    assert (me.exit_kind, me.exited_on, group.places_taken) == ("drop_out", TODAY, 0)


def test_moving_to_another_group_of_the_organisation(
    client: Client, group: Group, worker: Any
) -> None:
    stay = world.make_participating(group, since=SINCE, age=17)
    world.give_own_agreements(stay)
    other = world.make_group(
        organisation=group.location.organisation, age_from=12, age_until=30, name="Groep Zaterdag"
    )
    stranger = world.make_group()
    page = url("move", stay.pk)
    assert "Groep Zaterdag" in client.get(page).content.decode()
    fields = {"first_day": TODAY.isoformat(), "reason": "Reistijd.", "own_yes": "spoken"}
    assert client.post(page, fields | {"to_group": str(stranger.pk)}).status_code == 422
    assert client.post(page, fields | {"to_group": "x"}).status_code == 422
    assert client.post(page, fields | {"to_group": str(other.pk)}).status_code == 302
    stay.refresh_from_db()
    assert stay.group_id == other.pk


def test_cancelled_and_planned_evenings_of_other_groups_stay_theirs(
    young: Client, group: Group
) -> None:
    Meeting.objects.all().delete()
    world.make_meeting(world.make_group(), TODAY + timedelta(days=7), activity="Elders")
    assert "Elders" not in young.get(url("calendar")).content.decode()

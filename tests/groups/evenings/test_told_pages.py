"""The pages of a change: asked first, who knows it, taken back; where it then stands (R-376)."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.messaging.contacts import change_contact
from core.messaging.models import Message
from core.messaging.sending import send_due
from core.organisations.models import Group
from groups.evenings.meetings import cancel_meeting, move_meeting, plan_ahead
from groups.evenings.take_back import take_back
from groups.models import Meeting, MeetingChange, Notice
from participants.care.contact import note_attempt
from participants.models import Trajectory
from tests import world

FRIDAY = date(2026, 12, 11)
SINCE = FRIDAY - timedelta(days=200)
MORNING = clock.at(FRIDAY - timedelta(days=9), 10, 12)


@pytest.fixture(autouse=True)
def _some_morning() -> Any:
    with clock.travel(MORNING):
        yield


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group(age_from=12, age_until=30)


@pytest.fixture
def worker(group: Group, client: Client) -> Any:
    worker = world.make_worker(group, "Daan Smit")
    client.force_login(worker)
    return worker


@pytest.fixture
def friday(group: Group) -> Meeting:
    return world.make_meeting(group, FRIDAY)


def member(group: Group, name: str, **facts: Any) -> Trajectory:
    stay = world.make_participating(group, since=SINCE, call_name=name, **({"age": 20} | facts))
    came = Meeting.objects.filter(group=group, date=SINCE).first()
    world.attend(stay, came or world.make_meeting(group, SINCE, status="held"))
    return stay


def html_of(client: Client, name: str, *args: Any) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def own_page(stay: Trajectory) -> str:
    client = Client()
    client.force_login(stay.participant.user)
    return html_of(client, "home:today")


@pytest.mark.req("R-376")
def test_cancelling_is_two_taps_and_says_first_who_will_hear_it(
    group: Group, worker: Any, friday: Meeting, client: Client
) -> None:
    member(group, "Casey")
    member(group, "Sam", email="")
    world.make_meeting(group, FRIDAY + timedelta(days=28))
    url = reverse("groups:cancel", args=[friday.pk])
    shown = client.post(url, {"reason": "location"}).content.decode()
    for said in (
        "1 persoon krijgt bericht.",
        "Jij vertelt het zelf aan: Sam.",
        "De volgende keer is vrijdag 8 januari.",
    ):
        assert said in shown
    friday.refresh_from_db()
    assert friday.status == "planned"
    assert not Message.objects.exists()
    (mark,) = re.findall(r'name="read" value="([^"]+)"', shown)
    done = client.post(url, {"reason": "location", "read": mark}, follow=True)
    assert done.redirect_chain[-1][0] == reverse("groups:told", args=[friday.pk])
    assert "Vrijdag 11 december gaat niet door." in done.content.decode()
    again = client.post(url, {"reason": "weather"})  # the other tab
    assert again.status_code == 302
    friday.refresh_from_db()
    assert friday.cancel_reason == "location"


@pytest.mark.req("R-376")
def test_the_page_says_who_knows_it_and_each_outcome_is_one_tap(
    group: Group, worker: Any, friday: Meeting, client: Client
) -> None:
    member(group, "Amir")
    sam = member(group, "Sam", email="")
    change_contact(
        contact=sam.participant.contact, phone="+31612345678", safe_channels=["phone"], by=worker
    )
    cancel_meeting(meeting=friday, reason="location", by=worker)
    send_due()
    page = html_of(client, "groups:told", friday.pk)
    for said in ("1 persoon kreeg bericht", "weet het nog niet", "Wil liever gebeld worden."):
        assert said in page
    assert 'href="tel:+31612345678"' in page
    assert "data-copy" in page
    assert "Toch laten doorgaan" in page
    url = reverse("groups:tell_one", args=[friday.pk, Notice.objects.get(trajectory=sam).pk])
    client.post(url, {"act": "tried"})
    assert "Niet bereikt, 2 dec" in html_of(client, "groups:told", friday.pk)
    client.post(url, {"act": "told"})
    assert "verteld door Daan" in html_of(client, "groups:told", friday.pk)
    assert client.post(url, {"act": "nonsense"}).status_code == 400
    page = html_of(client, "groups:told", friday.pk)
    assert "2 mensen weten het al, en horen dit ook." in page


@pytest.mark.req("R-376")
def test_taken_back_from_the_page_and_refused_the_next_day(
    group: Group, worker: Any, friday: Meeting, client: Client
) -> None:
    member(group, "Amir")
    cancel_meeting(meeting=friday, reason="location", by=worker)
    change = MeetingChange.objects.get()
    url = reverse("groups:take_back_change", args=[friday.pk, change.pk])
    page = html_of(client, "groups:told", friday.pk)
    asked = page[page.index("<details", page.index("told__row")) :]
    assert "Niemand weet het nog. Niemand krijgt bericht." in asked, "it asks first, and says whom"
    assert asked.index("Niemand weet het nog") < asked.index(url)
    with clock.travel(MORNING + timedelta(days=1)):
        assert "Terugnemen kon op de dag zelf." in client.post(url, follow=True).content.decode()
    friday.refresh_from_db()
    assert friday.status == "cancelled"
    assert "Teruggenomen" in client.post(url, follow=True).content.decode()
    friday.refresh_from_db()
    assert friday.status == "planned"


@pytest.mark.req("R-376")
def test_whoever_heard_of_the_plan_only_heard_nothing_of_what_was_taken_back(
    group: Group, worker: Any, client: Client
) -> None:
    member(group, "Casey")
    (friday,) = plan_ahead(group=group, dates=[FRIDAY], by=worker)
    with clock.travel(clock.at(clock.today() + timedelta(days=1), 18)):
        send_due()
        assert "1 persoon kreeg bericht" in html_of(client, "groups:told", friday.pk)
        cancel_meeting(meeting=friday, reason="location", by=worker)
        take_back(change=MeetingChange.objects.filter(meeting=friday).latest("at"), by=worker)
        page = html_of(client, "groups:told", friday.pk)
        assert "1 persoon kreeg bericht" not in page
        assert "Niemand had het al gehoord. Niemand krijgt bericht." in page


@pytest.mark.req("R-376")
def test_the_young_person_reads_it_on_the_start_page_until_that_day_has_passed(
    group: Group, worker: Any, friday: Meeting
) -> None:
    casey = member(group, "Casey")
    world.make_meeting(group, FRIDAY + timedelta(days=28))
    said = "Vrijdag 11 december gaat niet door."
    assert said not in own_page(casey)
    cancel_meeting(meeting=friday, reason="location", by=worker)
    page = own_page(casey)
    assert said in page
    assert "De volgende keer is vrijdag 8 januari." in page
    with clock.travel(clock.at(FRIDAY, 23)):
        assert said in own_page(casey)
    with clock.travel(clock.at(FRIDAY + timedelta(days=1), 9)):
        assert said not in own_page(casey)
    Trajectory.objects.filter(pk=casey.pk).update(blocked_reason="no_consent")
    page = own_page(casey)
    assert "december" not in page
    assert "januari" not in page


@pytest.mark.req("R-376")
def test_a_moved_meeting_stands_on_the_start_page_and_in_the_agenda(
    group: Group, worker: Any, friday: Meeting
) -> None:
    casey = member(group, "Casey")
    move_meeting(meeting=friday, date=FRIDAY + timedelta(days=1), by=worker)
    said = "Vrijdag 11 december wordt zaterdag 12 december, om 19:00."
    assert said in own_page(casey)
    client = Client()
    client.force_login(casey.participant.user)
    assert said in html_of(client, "groups:calendar")
    with clock.travel(MORNING + timedelta(minutes=1)):
        move_meeting(meeting=friday, date=FRIDAY, by=worker)
        assert "wordt" not in own_page(casey)


@pytest.mark.req("R-376")
def test_the_worker_sees_it_on_the_start_page_and_no_sheet_to_fill_in(
    group: Group, worker: Any, client: Client
) -> None:
    member(group, "Casey")
    tonight = world.make_meeting(group, clock.today())
    cancel_meeting(meeting=tonight, reason="location", by=worker)
    assert "Woensdag 2 december gaat niet door." in html_of(client, "home:today")
    sheet = html_of(client, "groups:meeting", tonight.pk)
    assert "Deze bijeenkomst gaat niet door" in sheet
    assert 'id="evening"' not in sheet
    assert reverse("groups:told", args=[tonight.pk]) in sheet


def test_a_meeting_that_never_changed_says_so(
    group: Group, worker: Any, friday: Meeting, client: Client
) -> None:
    assert "Hier is niets veranderd" in html_of(client, "groups:told", friday.pk)


@pytest.mark.req("R-376")
def test_a_message_to_who_may_only_be_written_to_ends_the_to_do_once_it_was_sent(
    group: Group, worker: Any, client: Client
) -> None:
    """Who may be rung and was not reached is asked about again tomorrow."""
    by_mail, by_phone = member(group, "Casey"), member(group, "Amir")
    change_contact(
        contact=by_phone.participant.contact,
        phone="+31612345678",
        safe_channels=["phone"],
        by=worker,
    )
    held = world.make_meeting(group, clock.today() - timedelta(days=1), status="held")
    for stay in (by_mail, by_phone):
        world.attend(stay, held, "absent_without_notice")
    assert len(world.waiting(worker, "absence")) == 2
    page = html_of(client, "participants:reach", by_mail.pk)
    assert "Hoi Casey, hoe gaat het?" in page.replace("\u2068", "").replace("\u2069", "")
    assert "Tekst om te sturen" not in html_of(client, "participants:reach", by_phone.pk)
    for stay in (by_mail, by_phone):
        note_attempt(trajectory=stay, outcome="left_message", by=worker)
    with clock.travel(MORNING + timedelta(days=1)):
        (todo,) = world.waiting(worker, "absence")
    assert "Amir" in todo.title


@pytest.mark.req("R-376")
def test_the_foundation_decides_whether_an_organisation_tells_parents(
    group: Group, client: Client
) -> None:
    from core.accounts.roles import Role

    organisation = group.location.organisation
    client.force_login(world.make_national(Role.FOUNDATION))
    url = reverse("participants:policy", args=[organisation.pk])
    for on in (True, False):
        client.post(url, {"act": "changes"} | ({"on": "on"} if on else {}))
        organisation.refresh_from_db()
        assert organisation.parents_hear_changes is on

"""The file: who this is first, how to reach safely, what goes on now; the rest one tap behind."""

import re
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from challenges.register.choosing import choose_challenge
from challenges.register.ending import reach_challenge
from core import clock, ports
from core.dates import in_full
from core.organisations.models import Group
from core.ports import Mark
from groups.goodbye.leaving import close_stay
from joinus.home.file.strip import rows_of
from participants.care.contact import note_attempt
from participants.models import Trajectory
from tests import world
from tests.questionnaires.build import make_invitation, make_response

TODAY = date(2026, 3, 13)
SINCE = TODAY - timedelta(days=200)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.travel(clock.at(TODAY, 20)):
        yield


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group(age_from=12, age_until=30, name="Groep Vrijdag")


@pytest.fixture
def worker(group: Group) -> Any:
    return world.make_worker(group, "Fleur Jansen")


@pytest.fixture
def stay(group: Group, worker: Any) -> Trajectory:
    found = world.make_participating(group, since=SINCE, call_name="Noor", age=17)
    world.give_own_agreements(found)
    return found


def file_of(client: Client, stay: Trajectory) -> str:
    return client.get(reverse("home:file", args=[stay.pk])).content.decode()


def to(name: str, stay: Trajectory) -> str:
    return f'href="{reverse(name, args=[stay.pk])}"'


def in_order(page: str, *words: str) -> bool:
    places = [page.index(word) for word in words]
    return places == sorted(places)


def head(page: str) -> list[str]:
    """The acts in the head of the file, the main one first."""
    begin, end = page.index('class="staff__head"'), page.index('class="staff__columns"')
    return re.findall(r'<a href="([^"]+)" class="button', page[begin:end])


def test_it_begins_with_who_this_is_and_ends_with_what_is_rare(
    at_work: Client, group: Group, stay: Trajectory, worker: Any
) -> None:
    person = stay.participant
    person.pronouns, person.emergency_name = "zij/haar", "Oma Riet"
    person.save()
    with clock.travel(clock.at(TODAY - timedelta(days=10), 20)):
        note_attempt(trajectory=stay, outcome="spoken", conclusion="comes", by=worker)
    choose_challenge(trajectory=stay, text="Ik stel een vraag", by=person.user)
    make_response(stay, dict.fromkeys(range(1, 19), 3), "baseline", 1, TODAY)
    world.attend(stay, world.make_meeting(group, TODAY - timedelta(days=14), "held"))
    page = file_of(at_work, stay)
    assert in_order(
        page,
        f'href="{reverse("groups:group", args=[group.pk])}"',
        "Noor</h1>",
        _("%(age)s years old") % {"age": 17},
        "zij/haar",
        _("takes part since %(day)s") % {"day": in_full(SINCE)},
        to("participants:reach", stay),
        "Oma Riet",
        "Ik stel een vraag",
        date_format(TODAY - timedelta(days=10), "j F"),
        _("Questionnaire"),
        to("home:time_line", stay),
        to("home:details", stay),
        'id="more"',
        to("groups:move", stay),
        to("groups:leave", stay),
        _("Last meetings"),
    )
    assert page.count(to("groups:leave", stay)) == 1
    assert head(page) == [
        reverse("challenges:observe", args=[stay.pk]) + "?van=persoon",
        reverse("participants:reach", args=[stay.pk]),
        reverse("challenges:talk", args=[stay.pk]),
    ]


@pytest.mark.req("R-099")
def test_what_stood_in_the_file_stands_there_or_one_tap_behind_it(
    at_work: Client, stay: Trajectory
) -> None:
    world.make_guardian(stay, name="Inge Visser")
    make_response(stay, dict.fromkeys(range(1, 19), 3), "baseline", 1, TODAY)
    page = file_of(at_work, stay)
    for name in (
        "home:details",
        "home:time_line",
        "participants:route",
        "participants:reach",
        "participants:pause",
        "participants:care_concerns",
        "participants:hand_code",
        "challenges:observations",
        "challenges:support_of_stay",
        "challenges:of_stay",
        "questionnaires:answers",
        "groups:move",
        "groups:leave",
    ):
        assert to(name, stay) in page, name
    assert _("Group chat") in page
    behind = at_work.get(reverse("home:details", args=[stay.pk])).content.decode()
    assert "Inge Visser" in behind
    for name in (
        "participants:parents",
        "participants:data_requests",
        "participants:referrers",
        "participants:stay_out",
        "participants:hand_code",
    ):
        assert to(name, stay) in behind, name
    for form in ("participants:note_first_idea", "participants:note_care"):
        assert f'action="{reverse(form, args=[stay.pk])}"' in behind


@pytest.mark.parametrize(
    ("phase", "main"),
    [
        ("signed_up", "participants:applicant"),
        ("intake", "participants:applicant"),
        ("participating", "challenges:observe"),
        ("paused", "participants:pause"),
        ("leaving", "groups:leave"),
    ],
)
def test_the_main_act_is_that_of_the_phase(
    at_work: Client, group: Group, worker: Any, phase: str, main: str
) -> None:
    stay = world.make_trajectory(group=group, phase=phase, age=17)
    if phase in Trajectory.Phase.PLACED:
        world.seat(stay, group, first_day=SINCE)
    first = head(file_of(at_work, stay))[0].partition("?")[0]
    assert first == reverse(main, args=[stay.pk])


def test_a_trial_asks_how_it_was_and_offers_no_goodbye(
    at_work: Client, group: Group, worker: Any
) -> None:
    stay = world.make_trajectory(group=group, phase="trial", age=17)
    seat = world.seat(stay, group, first_day=TODAY, trial=True)
    page = file_of(at_work, stay)
    assert head(page)[0] == reverse("groups:trial", args=[seat.pk])
    assert to("groups:leave", stay) not in page


def test_a_former_participant_has_aftercare_and_the_way_back_under_more(
    at_work: Client, stay: Trajectory, worker: Any
) -> None:
    close_stay(trajectory=stay, exit_kind="drop_out", exit_reason="no_contact", by=worker)
    page = file_of(at_work, stay)
    assert head(page)[0] == reverse("questionnaires:aftercare", args=[stay.pk])
    assert page.index('id="more"') < page.index(to("groups:reopen", stay))
    assert _("took part until %(day)s") % {"day": in_full(TODAY)} in page


@pytest.mark.parametrize("phase", ["referred", "withdrawn"])
def test_who_never_took_part_has_no_acts_and_no_promise(
    at_work: Client, group: Group, worker: Any, phase: str
) -> None:
    page = file_of(at_work, world.make_trajectory(group=group, phase=phase, age=17))
    assert head(page) == []
    assert _("The first questions open by themselves") not in page


def test_why_somebody_waits_stands_on_top_with_the_way_to_the_parents(
    at_work: Client, stay: Trajectory
) -> None:
    for reason, parents in (("parent_withdrew", True), ("privacy", False)):
        Trajectory.objects.filter(pk=stay.pk).update(blocked_reason=reason)
        page = file_of(at_work, stay)
        assert "message--waits" in page
        assert (to("participants:parents", stay) in page) is parents


@pytest.mark.req("R-091")
@pytest.mark.parametrize(
    ("ways", "dials", "mails"),
    [
        (["phone"], True, False),
        (["phone", "whatsapp"], True, False),
        (["whatsapp"], False, False),
        (["email"], False, True),
        (["email", "phone"], True, True),
        ([], False, False),
    ],
)
def test_a_number_dials_only_where_a_call_is_safe(
    at_work: Client, stay: Trajectory, ways: list[str], dials: bool, mails: bool
) -> None:
    contact = stay.participant.contact
    contact.phone, contact.safe_channels = "06 12 34 56 78", ways
    contact.safe_from, contact.safe_until = time(16), time(21)
    contact.save()
    page = file_of(at_work, stay)
    assert ('href="tel:+31612345678"' in page) is dials
    assert ("06 12345678" in page) is (dials or "whatsapp" in ways)
    assert (f'href="mailto:{contact.email}"' in page) is mails
    hours = _("Only between %(from)s and %(until)s.") % {"from": "16:00", "until": "21:00"}
    assert (hours in page) is bool(ways)
    contact.stopped_at = clock.now()
    contact.save()
    page = file_of(at_work, stay)
    assert "tel:+31612345678" not in page
    assert "mailto:" not in page


def test_an_address_adds_nobody_to_the_mail_a_worker_writes(
    at_work: Client, stay: Trajectory
) -> None:
    contact = stay.participant.contact
    contact.email, contact.safe_channels = "noor?bcc=all&body=x+y@example.org", ["email"]
    contact.save()
    page = file_of(at_work, stay)
    assert 'href="mailto:noor%3Fbcc%3Dall%26body%3Dx+y@example.org"' in page


def test_marks_stand_under_the_nearest_date() -> None:
    days = [date(2026, 1, 2), date(2026, 1, 16), date(2026, 1, 30)]
    before, between, middle, after = (
        Mark(day, "Gesprek", "", "star")
        for day in (date(2026, 1, 1), date(2026, 1, 8), date(2026, 1, 9), date(2026, 2, 20))
    )
    (row,) = rows_of([before, between, middle, after], days)
    assert row.cells == [[between], [middle], [after]]
    assert rows_of([after], []) == []


def test_the_strip_has_its_dates_and_what_was_cancelled(
    at_work: Client, group: Group, stay: Trajectory
) -> None:
    for weeks, status, state in ((6, "held", "present"), (4, "cancelled", ""), (2, "held", "")):
        evening = world.make_meeting(group, TODAY - timedelta(weeks=weeks), status)
        if state:
            world.attend(stay, evening, state)
    other = world.make_group()
    world.make_meeting(other, TODAY - timedelta(weeks=2), "held")
    page = file_of(at_work, stay)
    rows = page[page.index("strip-table") :]
    assert re.findall(r'class="dot--(\w+)"', rows[: rows.index("</table>")]) == [
        "present",
        "cancelled",
        "not_recorded",
    ]
    for weeks in (6, 4, 2):
        assert date_format(TODAY - timedelta(weeks=weeks), "b") in rows


def test_the_evenings_of_a_former_group_stay_with_its_workers(
    at_work: Client, group: Group, worker: Any
) -> None:
    elsewhere = world.make_group(name="Groep Elders")
    stay = world.make_trajectory(group=group, phase="participating", age=17)
    world.seat(stay, elsewhere, first_day=SINCE, last_day=TODAY - timedelta(days=31))
    world.seat(stay, group, first_day=TODAY - timedelta(days=30))
    world.attend(stay, world.make_meeting(elsewhere, TODAY - timedelta(days=60), "held"))
    page = file_of(at_work, stay)
    assert "Groep Elders" not in page
    assert "strip-table" not in page


#: Session, user, the two of the transaction, roles, stay, the log; then one for each app.
WITHOUT_WHAT_WAITS = 12


def test_it_costs_the_same_however_long_the_stay(
    at_work: Client, group: Group, stay: Trajectory, worker: Any
) -> None:
    """What waits is one list for all pages; its own tests count it."""
    for n in range(1, 16):
        day = TODAY - timedelta(days=7 * n)
        with clock.travel(clock.at(day, 20)):
            row = choose_challenge(trajectory=stay, text=f"Stap {n}", by=stay.participant.user)
            reach_challenge(challenge=row, by=worker)
            note_attempt(trajectory=stay, outcome="spoken", conclusion="comes", by=worker)
            world.attend(stay, world.make_meeting(group, day, "held"))
            make_invitation(stay, "interim", n, opened_on=day, state="missed")
        if n not in (1, 15):
            continue
        with ports.todos.answering(lambda _user, _kinds: []):
            file_of(at_work, stay)  # the first page of a day also writes the session's last use
            with CaptureQueriesContext(connection) as queries:
                file_of(at_work, stay)
        assert len(queries) == WITHOUT_WHAT_WAITS

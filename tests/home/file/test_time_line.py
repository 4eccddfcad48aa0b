"""The time line and the file: who, when, why, corrections; the same queries at 3 and 30 entries."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from challenges.models import Proposal
from challenges.register.choosing import choose_challenge
from challenges.register.ending import lay_aside
from challenges.register.proposals import accept
from core import clock
from core.audit.models import ReadEntry
from core.dates import in_full
from core.ids import uuid7
from core.organisations.models import Group
from groups.evenings.last_meeting import agree_last_meeting
from groups.goodbye.leaving import close_stay, reopen_stay, stay_after_all
from groups.sheet.attendance import Tap, record
from participants.care.contact import note_attempt
from participants.care.worry import begin_worry
from participants.journey import journey, moves
from participants.models import Agreement, PhaseChange, Trajectory
from tests import world
from tests.questionnaires.build import make_response

TODAY = date(2026, 3, 13)
SINCE = TODAY - timedelta(days=300)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.travel(clock.at(TODAY, 20)):
        yield


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group()


@pytest.fixture
def worker(group: Group) -> Any:
    return world.make_worker(group, "Fleur Jansen")


@pytest.fixture
def stay(group: Group) -> Trajectory:
    return world.make_participating(group, since=SINCE, call_name="Noor", age=17)


def line_of(stay: Trajectory) -> str:
    return reverse("home:time_line", args=[stay.pk])


def read(client: Client, stay: Trajectory) -> str:
    return client.get(line_of(stay)).content.decode()


def test_every_move_stands_there_with_who_when_and_why(
    at_work: Client, stay: Trajectory, worker: Any
) -> None:
    with clock.travel(clock.at(TODAY - timedelta(days=20), 14)):
        journey.pause_stay(trajectory=stay, by=worker, reason="Drie weken stage")
    with clock.travel(clock.at(TODAY - timedelta(days=2), 9)):
        journey.resume_stay(trajectory=stay, by=stay.participant.user)
    page = read(at_work, stay)
    paused, back = page.index("Drie weken stage"), page.index(_("Back from a pause"))
    assert back < paused, "newest first"
    began = date_format(TODAY - timedelta(days=20), "j b")
    assert f"{began}, 14:00 · Fleur" in page
    assert "09:00 · Noor" in page
    entry = ReadEntry.objects.latest("at")
    assert (entry.record, entry.subject_ids, entry.user) == ("time line", [stay.pk], worker)


def test_corrections_are_marked_and_say_what_was_changed(
    at_work: Client, group: Group, stay: Trajectory, worker: Any
) -> None:
    evening = world.make_meeting(group, TODAY - timedelta(days=14))
    record(meeting=evening, taps=[Tap(uuid7(), stay.pk, "present", 0)], by=worker)
    row = stay.attendance.get()
    record(
        meeting=evening, taps=[Tap(uuid7(), stay.pk, "absent_with_notice", row.version)], by=worker
    )
    close_stay(trajectory=stay, exit_kind="drop_out", exit_reason="no_contact", by=worker)
    reopen_stay(trajectory=stay, by=worker, reason="Verkeerde naam aangetikt")
    page = read(at_work, stay)
    assert page.count(_("correction")) >= 2
    assert _("The closing was taken back") in page
    assert "Verkeerde naam aangetikt" in page
    assert date_format(evening.date, "j F") in page


def test_a_goodbye_that_is_off_says_so(
    at_work: Client, group: Group, stay: Trajectory, worker: Any
) -> None:
    evening = world.make_meeting(group, TODAY + timedelta(days=14))
    agree_last_meeting(trajectory=stay, meeting=evening, by=worker)
    stay_after_all(trajectory=stay, by=worker, reason="Wil nog even blijven")
    page = read(at_work, stay)
    assert _("No goodbye after all") in page
    assert "Wil nog even blijven" in page


def test_taking_part_for_the_first_time_is_no_coming_back(
    at_work: Client, group: Group, worker: Any
) -> None:
    newcomer = world.make_trajectory(group=group, phase="trial", age=17)
    world.give_own_agreements(newcomer)
    journey.begin_participation(trajectory=newcomer, day=TODAY, by=worker)
    page = read(at_work, newcomer)
    assert str(Trajectory.Phase.PARTICIPATING.label) in page
    for back in ("Back from a pause", "No goodbye after all", "The closing was taken back"):
        assert _(back) not in page


def test_what_can_come_next_stands_beside_it_with_who_and_why(
    at_work: Client, stay: Trajectory
) -> None:
    page = read(at_work, stay)
    for line in moves.next_moves(stay):
        assert line.why in page
    assert str(moves.WHO[moves.Who.PERSON]) in page


def test_only_the_groups_workers_read_it(group: Group, stay: Trajectory) -> None:
    for other in (
        stay.participant.user,
        world.make_worker(world.make_group()),
        world.make_coordinator(group.location.region),
        world.make_manager(group.location.organisation),
    ):
        theirs = Client()
        theirs.force_login(other)
        assert theirs.get(line_of(stay)).status_code == 404


@pytest.mark.parametrize("page", ["file", "time_line"])
def test_file_and_time_line_cost_the_same_at_three_and_thirty_entries(
    at_work: Client, group: Group, stay: Trajectory, worker: Any, page: str
) -> None:
    """A new panel may cost something; a longer stay never does."""
    url = reverse(f"home:{page}", args=[stay.pk])
    begin_worry(trajectory=stay, by=worker)
    costs, told = [], 0
    for n in (3, 27):
        for k in range(n):
            told += 1
            _one_more_of_everything(group, stay, told, f"Reden {k}")
        at_work.get(url)  # the first page of a day also writes the session's last use
        with CaptureQueriesContext(connection) as queries:
            answer = at_work.get(url)
        assert answer.status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert costs[0] <= 60
    if page == "time_line":
        assert answer.content.decode().count('class="moment') >= 60


def _one_more_of_everything(group: Group, stay: Trajectory, told: int, reason: str) -> None:
    day = TODAY - timedelta(days=told)
    with clock.travel(clock.at(day, 20)):
        colleague = world.make_worker(group, f"Collega {told}")
        note_attempt(trajectory=stay, outcome="no_answer", by=colleague)
        PhaseChange.objects.create(
            trajectory=stay,
            from_phase="participating",
            to_phase="paused",
            by=colleague,
            at=clock.now(),
            reason=reason,
        )
        by = stay.participant.user
        row = choose_challenge(trajectory=stay, text=f"Stap {told}", by=by)
        lay_aside(challenge=row, by=colleague)
        world.make_guardian(stay, name=f"Ouder {told}")
        world.attend(stay, world.make_meeting(group, day, "held"))


@pytest.mark.req("R-091")
def test_the_file_shows_only_what_is_safe(at_work: Client, stay: Trajectory) -> None:
    contact = stay.participant.contact
    contact.phone, contact.safe_channels = "0612345678", ["phone"]
    contact.save()
    page = at_work.get(reverse("home:file", args=[stay.pk])).content.decode()
    assert "06 12345678" in page
    assert contact.email not in page


@pytest.mark.req("R-099")
def test_the_file_registers_details_participation_forms_challenges_and_evaluations(
    at_work: Client, stay: Trajectory, worker: Any
) -> None:
    person = stay.participant
    person.address, person.emergency_name = "Kerkstraat 12", "Oma Riet"
    person.save()
    world.give_own_agreements(stay)
    make_response(stay, dict.fromkeys(range(1, 19), 3), "baseline", 1, TODAY)
    file = at_work.get(reverse("home:file", args=[stay.pk])).content.decode()
    assert "Oma Riet" in file
    assert reverse("questionnaires:answers", args=[stay.pk]) in file
    behind = reverse("home:details", args=[stay.pk])
    assert f'href="{behind}"' in file
    page = at_work.get(behind).content.decode()
    entry = ReadEntry.objects.latest("at")
    assert (entry.record, entry.subject_ids, entry.user) == ("file", [stay.pk], worker)
    assert "Kerkstraat 12" in page
    assert "Oma Riet" in page
    forms = Agreement.objects.filter(trajectory=stay).select_related("text")
    assert {f.subject for f in forms} == {"privacy", "participation"}
    for form in forms:
        assert form.text.title in page
        said = _("yes on %(day)s, version %(version)s") % {
            "day": in_full(TODAY),
            "version": form.text.version,
        }
        assert said in page
    challenges = reverse("challenges:of_stay", args=[stay.pk])
    at_work.post(challenges, {"act": "propose", "text": "Ik stel een vraag in de klas"})
    row = accept(proposal=Proposal.objects.get(trajectory=stay), by=stay.participant.user)
    page = at_work.get(reverse("home:file", args=[stay.pk])).content.decode()
    noted = _("written down by %(who)s on %(day)s") % {
        "who": stay.participant.call_name,
        "day": in_full(TODAY),
    }
    assert "Ik stel een vraag in de klas" in page
    assert noted in page
    at_work.post(challenges, {"act": "reach", "challenge": row.pk})
    page = at_work.get(reverse("home:file", args=[stay.pk])).content.decode()
    assert f"{row.State.REACHED.label}</span>" in page

"""An example to others, by agreement: the rule, whom it is for, and who sees it (R-145)."""

import random
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.urls import reverse

from core import clock, ports
from core.accounts.models import User
from core.organisations.models import Group
from core.privacy import OWN, Person
from groups import privacy
from groups.models import Attendance, RoleModel
from groups.seats.placement import move
from groups.seats.role_models import (
    AT_ONCE,
    LONGER,
    LONGEST,
    end_role_model,
    hindrance,
    hindrance_of,
    note_role_model,
)
from participants.models import Recusal, Trajectory
from tests import world
from tests.races import at_once
from tests.world import broken, eyes

pytestmark = pytest.mark.req("R-145")

TODAY = date(2026, 11, 4)
SINCE = TODAY - timedelta(days=120)
RULES = "spelregels uitleggen"


@dataclass
class Evening:
    group: Group
    fleur: User
    noor: Trajectory

    def note(self, skill: str = RULES, **given: Any) -> RoleModel:
        told = {"agreed_on": TODAY, "agreed": True, "by": self.fleur, **given}
        return note_role_model(trajectory=self.noor, skill=skill, **told)

    def send(self, user: User | None = None, **given: Any) -> Any:
        told = {"skill": RULES, "agreed_on": TODAY.isoformat(), "agreed": "on", **given}
        return eyes(user or self.fleur).post(self.page, told)

    @property
    def page(self) -> str:
        return reverse("groups:role_model", args=[self.noor.pk])

    def write(self, **fields: Any) -> None:
        Trajectory.objects.filter(pk=self.noor.pk).update(**fields)
        self.noor.refresh_from_db()

    def start_page(self, user: User | None = None) -> str:
        return eyes(user or self.noor.participant.user).get(reverse("home:today")).content.decode()

    def seen_by(self, user: User) -> str:
        page = eyes(user).get(reverse("groups:group", args=[self.group.pk]))
        return page.content.decode()


@pytest.fixture
def evening(db: None) -> Iterator[Evening]:
    """Noor takes part since July and was there six times; a guest of tonight counts for nobody."""
    with clock.travel(clock.at(TODAY, 12)):
        group = world.make_group()
        fleur = world.make_worker(group)
        noor = world.make_participating(group, since=SINCE, age=16, call_name="Noor")
        for n in range(LONGER):
            meeting = world.make_meeting(group, TODAY - timedelta(days=14 * n + 7), "held")
            world.attend(noor, meeting)
        yield Evening(group, fleur, noor)


# ---- Pure: for whom ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phase", "stopped", "blocked", "came", "why"),
    [
        ("participating", False, False, LONGER, None),
        ("leaving", False, False, LONGER, None),
        ("participating", False, False, LONGER - 1, "too_few_meetings"),
        ("participating", False, True, LONGER, "waits_for_consent"),
        ("participating", True, False, LONGER, "not_taking_part"),
        ("trial", False, False, LONGER, "not_taking_part"),
        ("paused", False, False, LONGER, "not_taking_part"),
        ("former", False, False, LONGER, "not_taking_part"),
        ("intake", False, False, LONGER, "not_taking_part"),
    ],
)
def test_for_somebody_who_takes_part_for_longer(
    phase: str, stopped: bool, blocked: bool, came: int, why: str | None
) -> None:
    assert hindrance(phase=phase, stopped=stopped, blocked=blocked, came=came) == why


# ---- The act -------------------------------------------------------------------------------------


def test_what_was_agreed_is_written_down(evening: Evening) -> None:
    row = evening.note("  spelregels   uitleggen ", agreed_on=TODAY - timedelta(days=1))
    row = RoleModel.objects.get(pk=row.pk)
    assert (row.skill, row.agreed_on) == (RULES, TODAY - timedelta(days=1))
    assert (row.noted_by, row.ended_on, row.trajectory) == (evening.fleur, None, evening.noor)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"agreed": False}, "not_agreed"),
        ({"skill": "   "}, "skill_needed"),
        ({"skill": "x" * (LONGEST + 1)}, "skill_too_long"),
        ({"agreed_on": TODAY + timedelta(days=1)}, "day_to_come"),
        ({"agreed_on": SINCE - timedelta(days=1)}, "before_taking_part"),
    ],
)
def test_not_without_agreement_words_or_a_true_day(
    evening: Evening, given: dict[str, Any], code: str
) -> None:
    with broken(code):
        evening.note(**given)
    assert not RoleModel.objects.exists()


def test_the_first_day_and_the_longest_words_are_fine(evening: Evening) -> None:
    assert evening.note("x" * LONGEST, agreed_on=SINCE).pk


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"blocked_reason": "parental_consent"}, "waits_for_consent"),
        ({"stopped_on": TODAY}, "not_taking_part"),
        ({"phase": "trial"}, "not_taking_part"),
    ],
)
def test_not_for_somebody_who_does_not_take_part(
    evening: Evening, fields: dict[str, Any], code: str
) -> None:
    evening.write(**fields)
    with broken(code):
        evening.note()


def test_six_meetings_of_this_stay_that_are_over(evening: Evening) -> None:
    last = Attendance.objects.filter(trajectory=evening.noor).order_by("meeting__date").last()
    assert last is not None
    last.state = Attendance.State.WITHOUT_NOTICE
    last.save(update_fields=["state"])
    other = world.make_participating(evening.group, since=SINCE)
    for attended in Attendance.objects.filter(trajectory=evening.noor):
        world.attend(other, attended.meeting)
    tonight = world.make_tonight(evening.group)
    world.attend(evening.noor, tonight)
    with broken("too_few_meetings"):
        evening.note()
    with clock.travel(tonight.ends_at):
        assert evening.note()


def test_twice_the_same_is_once(evening: Evening) -> None:
    first = evening.note()
    assert evening.note("Spelregels  UITLEGGEN") == first
    assert RoleModel.objects.count() == 1


def test_three_at_a_time(evening: Evening) -> None:
    rows = [evening.note(f"iets {n}") for n in range(AT_ONCE)]
    with broken("enough"):
        evening.note("nog iets")
    assert evening.note("IETS 0") == rows[0]
    end_role_model(role_model=rows[0], by=evening.fleur)
    assert evening.note("nog iets")


def test_it_is_ended_once(evening: Evening) -> None:
    noor = evening.noor.participant.user
    row = end_role_model(role_model=evening.note(), by=noor)
    with clock.travel(clock.at(TODAY + timedelta(days=2))):
        end_role_model(role_model=row, by=evening.fleur)
    row = RoleModel.objects.get()
    assert (row.ended_on, row.ended_by) == (TODAY, noor)


def test_workers_read_that_somebody_ended_it_and_say_they_know(evening: Evening) -> None:
    kind = "role_model_ended"
    row = evening.note()
    colleague = world.make_worker(evening.group, "Sem de Wit")
    stranger = world.make_worker(world.make_group(name="Elders"), "Iemand Anders")
    assert not world.waiting(colleague, kind)
    eyes(evening.noor.participant.user).post(reverse("groups:rather_not", args=[row.pk]))
    (told,) = world.waiting(colleague, kind)
    assert "Noor" in told.title
    assert RULES not in f"{told.title} {told.reason}", "what it was stays on the pages of the group"
    assert world.waiting(evening.fleur, kind)
    url = reverse("groups:role_model_ended", args=[row.pk])
    assert eyes(stranger).post(url).status_code == 404
    assert not world.waiting(stranger, kind)
    for _twice in range(2):
        assert eyes(colleague).post(url).status_code == 302
    assert not world.waiting(evening.fleur, kind), "one of them knows: it is gone for all"


def test_nobody_is_told_what_a_worker_ended_and_after_two_weeks_it_goes(evening: Evening) -> None:
    end_role_model(role_model=evening.note(), by=evening.fleur)
    assert not world.waiting(evening.fleur, "role_model_ended")
    end_role_model(role_model=evening.note("koken"), by=evening.noor.participant.user)
    assert world.waiting(evening.fleur, "role_model_ended")
    with clock.travel(clock.at(TODAY + timedelta(days=15), 12)):
        assert not world.waiting(evening.fleur, "role_model_ended")


def test_who_stays_out_of_the_stay_is_not_told(evening: Evening) -> None:
    out = world.make_worker(evening.group, "Sem de Wit")
    Recusal.objects.create(
        participant=evening.noor.participant, worker=out, said_by="worker", at=clock.now()
    )
    end_role_model(role_model=evening.note(), by=evening.noor.participant.user)
    assert not world.waiting(out, "role_model_ended")


def test_what_was_ended_is_agreed_on_anew(evening: Evening) -> None:
    end_role_model(role_model=evening.note(), by=evening.noor.participant.user)
    with broken("ended_since"):
        evening.note(agreed_on=TODAY - timedelta(days=1))
    assert evening.note()
    assert RoleModel.objects.open().count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_write_once(evening: Evening) -> None:
    words = [RULES, RULES.upper()] * 2
    each = [Evening(evening.group, evening.fleur, copy(evening.noor)) for _word in words]
    acts = [partial(one.note, word) for one, word in zip(each, words, strict=True)]
    assert at_once(acts, random.Random(1), longest_pause=0) == ["done"] * 4
    assert RoleModel.objects.count() == 1


# ---- How long it holds ---------------------------------------------------------------------------


def test_it_goes_along_to_another_group(evening: Evening) -> None:
    row = evening.note()
    near = world.make_group(
        organisation=evening.group.location.organisation, region=evening.group.location.region
    )
    daan = world.make_worker(near, "Daan Vos")
    assert row not in RoleModel.objects.visible_to(daan)
    world.give_own_agreements(evening.noor)
    move(trajectory=evening.noor, to_group=near, first_day=TODAY, by=evening.fleur, reason="Ver.")
    assert row in RoleModel.objects.in_force().visible_to(daan)
    assert row not in RoleModel.objects.visible_to(evening.fleur)


@pytest.mark.parametrize(
    "fields",
    [
        {"phase": "former", "exited_on": TODAY, "ended_on": TODAY, "exit_kind": "goal"},
        {"stopped_on": TODAY},
        {"blocked_reason": "parental_consent"},
    ],
)
def test_it_ends_with_the_stay_and_rests_without_consent(
    evening: Evening, fields: dict[str, Any]
) -> None:
    evening.note()
    evening.write(**fields)
    assert not RoleModel.objects.in_force().exists()
    assert RULES not in evening.start_page()
    assert RULES not in evening.seen_by(evening.fleur)


# ---- Who sees it ---------------------------------------------------------------------------------


def test_a_worker_notes_it_and_the_young_person_ends_it(evening: Evening) -> None:
    file = eyes(evening.fleur).get(reverse("home:file", args=[evening.noor.pk]))
    assert evening.page in file.content.decode()
    answer = evening.send()
    assert answer.status_code == 302
    start = evening.start_page()
    assert f"<bdi>{RULES}</bdi>" in start or RULES in start
    end = reverse("groups:rather_not", args=[RoleModel.objects.get().pk])
    assert f'action="{end}"' in start
    for _tap in range(2):
        assert eyes(evening.noor.participant.user).post(end).status_code == 302
    row = RoleModel.objects.get()
    assert (row.ended_on, row.ended_by) == (TODAY, evening.noor.participant.user)
    assert RULES not in evening.start_page()


def test_without_the_box_it_is_said_at_the_box(evening: Evening) -> None:
    answer = evening.send(agreed="")
    assert answer.status_code == 422
    assert answer.context["form"].errors["agreed"]
    assert not RoleModel.objects.exists()


def test_the_page_says_why_not_and_takes_nothing(evening: Evening) -> None:
    Attendance.objects.all().delete()
    page = eyes(evening.fleur).get(evening.page)
    assert hindrance_of(evening.noor) == "too_few_meetings"
    assert b'name="skill"' not in page.content
    file = eyes(evening.fleur).get(reverse("home:file", args=[evening.noor.pk]))
    assert evening.page not in file.content.decode()
    assert evening.send().status_code == 422
    assert not RoleModel.objects.exists()


def test_a_worker_ends_it_on_the_page(evening: Evening) -> None:
    row = evening.note()
    other = RoleModel.objects.create(
        trajectory=world.make_participating(evening.group, since=SINCE),
        skill="koken",
        agreed_on=TODAY,
        noted_by=evening.fleur,
    )
    client = eyes(evening.fleur)
    assert client.post(evening.page, {"end": str(other.pk)}).status_code == 404
    assert client.post(evening.page, {"end": "niets"}).status_code == 404
    assert client.post(evening.page, {"end": str(row.pk)}).status_code == 302
    row.refresh_from_db()
    assert (row.ended_on, row.ended_by) == (TODAY, evening.fleur)
    assert RULES in client.get(evening.page).content.decode()  # among what was earlier


def test_workers_and_the_coordinator_read_it_no_other_participant(evening: Evening) -> None:
    row = evening.note()
    karim = world.make_coordinator(evening.group.location.region)
    sam = world.make_participating(evening.group, since=SINCE, call_name="Sam").participant.user
    for reader in (evening.fleur, karim):
        assert RULES in evening.seen_by(reader)
        assert row in RoleModel.objects.visible_to(reader)
    file = eyes(evening.fleur).get(reverse("home:file", args=[evening.noor.pk]))
    assert RULES in file.content.decode()
    assert row not in RoleModel.objects.visible_to(sam)
    assert RULES not in evening.start_page(sam)
    end = reverse("groups:rather_not", args=[row.pk])
    assert eyes(sam).post(end).status_code == 404
    assert evening.send(sam).status_code == 404


def test_while_others_look_along_the_group_page_does_not_show_it(evening: Evening) -> None:
    evening.note()
    world.make_tonight(evening.group)
    assert RULES not in evening.seen_by(evening.fleur)


def test_whoever_stays_out_of_the_stay_finds_nothing(evening: Evening) -> None:
    row = evening.note()
    daan = world.make_worker(evening.group, "Daan Vos")
    Recusal.objects.create(
        participant=evening.noor.participant, worker=daan, said_by="worker", at=clock.now()
    )
    assert row not in RoleModel.objects.visible_to(daan)
    assert eyes(daan).get(evening.page).status_code == 404
    assert evening.send(daan).status_code == 404
    assert RULES not in evening.seen_by(daan)


def test_worker_of_another_group_or_coordinator_writes_nothing(evening: Evening) -> None:
    elsewhere = world.make_worker(world.make_group(), "Iris Kok")
    assert evening.send(elsewhere).status_code == 404
    karim = world.make_coordinator(evening.group.location.region)
    assert evening.send(karim).status_code in (403, 404)
    assert not RoleModel.objects.exists()


# ---- Told, given out, taken out ------------------------------------------------------------------


def test_the_time_line_tells_when_and_by_whom(evening: Evening) -> None:
    end_role_model(role_model=evening.note(), by=evening.fleur)
    told = [
        entry
        for part in ports.time_line(evening.noor)
        for entry in part
        if entry.kind == "role_model"
    ]
    assert [(e.at, e.who, RULES in e.text) for e in told] == [(TODAY, "Fleur", True)] * 2


def test_it_is_in_the_own_data_and_its_words_are_erased(evening: Evening) -> None:
    row = evening.note()
    noor, contact = evening.noor, evening.noor.participant.contact_id
    person = Person(noor.participant_id, (noor.pk,), contact, (contact,))
    sections = {s.key: s for s in privacy.export_person(person, OWN)}
    facts = {fact.key: fact.value for fact in sections["example_to_others"].entries[0]}
    assert facts == {"skill": RULES, "agreed_on": TODAY, "with": "Fleur", "until": None}
    privacy.erase_person(person, evening.fleur)
    row = RoleModel.objects.get(pk=row.pk)
    assert (row.skill, row.agreed_on) == ("", TODAY)

"""A small fill is what the actions would have left: valid, at rest, and counted right."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F, ForeignKey, Q
from django.test import override_settings

from challenges.hypotheses.grounds import enough
from challenges.models import (
    Challenge,
    Consequence,
    Evaluation,
    Hypothesis,
    Jotting,
    Observation,
    PracticeNote,
    Preparation,
    SupportUse,
)
from challenges.observations.jottings import lapses_at, standing
from challenges.observations.meetings import meetings_of
from challenges.support.using import AWAY, can_be_supported
from core import clock
from core.accounts.models import User
from core.accounts.roles import Role
from core.organisations.models import Group
from groups.models import (
    ActivityLike,
    ActivityStop,
    Attendance,
    FarewellText,
    LogbookPart,
    Meeting,
    MeetingChange,
    Notice,
    Post,
    SheetAct,
    Talk,
)
from groups.sheet.rows import rows_of
from joinus.demo.fill import stays
from joinus.demo.fill.block import Block, Reference
from joinus.demo.fill.fill import Fill, make_due
from joinus.demo.management.commands import fill
from joinus.home.run_due import run_due
from participants.consent.needed import settle
from participants.models import Participant, Trajectory
from participants.person.shown_name import tell_everybody_apart
from questionnaires.cycle import backstop
from questionnaires.models import CycleState, Invitation
from tests import world

MOMENT = datetime(2026, 11, 28, 20, tzinfo=clock.AMSTERDAM)
RECOUNT = Path(__file__).parents[1] / "recount" / "recount.py"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One fill for the module, inside a transaction that is rolled back."""
    around = transaction.atomic()
    around._from_testcase = True
    with django_db_blocker.unblock(), around:
        with override_settings(DEMO=True):
            call_command(fill.Command(), people=120, seed=3, at=MOMENT, stdout=StringIO())
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = origin")
        with clock.travel(MOMENT):
            yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _back_to_the_fill(filled: None) -> Iterator[None]:
    """What a test changes is forgotten, and its clock stands still at the fill."""
    with clock.travel(MOMENT):
        yield


def everything() -> dict[str, str]:
    """A fingerprint of the rows of every table."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            cursor.execute(
                f"select count(*), md5(string_agg(t::text, '|' order by t::text))"
                f' from "{table}" t'
            )
            found[model._meta.label] = str(cursor.fetchone())
    return found


def changed_by(act: Any) -> set[str]:
    before = everything()
    act()
    after = everything()
    return {label for label in before if before[label] != after[label]}


def test_it_holds_so_many_people_in_every_phase() -> None:
    assert Participant.objects.count() == Trajectory.objects.count() == 120
    assert set(Trajectory.objects.values_list("phase", flat=True)) == set(Trajectory.Phase.values)
    states = set(Invitation.objects.values_list("state", flat=True))
    assert {"answered", "open", "missed"} <= states
    assert set(Invitation.objects.values_list("wave", flat=True)) == {
        "baseline",
        "interim",
        "exit",
        "follow_up",
    }


def test_every_key_leads_to_a_row_and_every_value_is_allowed() -> None:
    """The copying checks no foreign key, and no choice: the database knows those not at all."""
    wrong = []
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey):
                lost = model._base_manager.filter(
                    Q(**{f"{field.attname}__isnull": False}), ~_exists(field)
                )
                wrong += [f"{model._meta.label}.{field.name}"] * lost.count()
        plain = [f for f in model._meta.concrete_fields if not f.is_relation]
        for row in model._base_manager.all()[:400]:
            empty = [f.name for f in plain if f.null and getattr(row, f.attname) is None]
            keys = [f.name for f in model._meta.concrete_fields if f.is_relation]
            row.clean_fields(exclude=[*keys, *empty, "data"])
    assert wrong == []


def _exists(field: Any) -> Any:
    from django.db.models import Exists, OuterRef

    target = field.remote_field.model._base_manager
    return Exists(target.filter(**{field.target_field.attname: OuterRef(field.attname)}))


def test_the_sweep_finds_nothing_to_do() -> None:
    """After it wrote down until when each wave may rest, which is a memory and no fact."""
    assert changed_by(lambda: world.swept("wave_messages")) <= {"questionnaires.Invitation"}
    world.swept("wave_messages")
    assert changed_by(run_due) == set()


def test_a_rebuild_of_the_cycle_changes_nothing() -> None:
    assert CycleState.objects.count() == 120
    assert changed_by(backstop.rebuild) == set()


def test_an_outsiders_recount_agrees() -> None:
    out = StringIO()
    call_command("export_cycle", "--json", stdout=out)
    counted = subprocess.run(
        [sys.executable, str(RECOUNT), "--day", MOMENT.date().isoformat()],
        input=out.getvalue(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert counted.stdout.endswith("120 stays recounted, 0 disagreements\n"), counted.stdout


def test_the_yeses_are_settled() -> None:
    def again() -> None:
        for stay in Trajectory.objects.all():
            settle(trajectory=stay)

    assert changed_by(again) == set()


def test_places_are_counted() -> None:
    seats = Count("placements", filter=Q(placements__last_day__isnull=True))
    assert not Group.objects.annotate(seats=seats).exclude(places_taken=F("seats")).exists()
    full = Q(places_taken__gte=F("capacity"))
    assert not Group.objects.filter(full).exclude(state="full").exists()
    assert not Group.objects.exclude(full).filter(state="full").exists()


def test_sealed_texts_open() -> None:
    """Each is sealed for its own row, in every print of a stencil."""
    sealed = 0
    for model in apps.get_models():
        fields = [
            f for f in model._meta.concrete_fields if type(f).__name__ == "EncryptedTextField"
        ]
        for row in model._base_manager.all() if fields else ():
            sealed += sum(bool(getattr(row, field.attname)) for field in fields)
    assert sealed > 200


def test_the_same_seed_is_the_same_world_and_another_is_not() -> None:
    def names(seed: int) -> list[str]:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
                for model in apps.get_models(include_auto_created=True):
                    if model._meta.app_label not in ("contenttypes", "auth", "texts"):
                        cursor.execute(f'delete from "{model._meta.db_table}"')
            Fill(60, seed=seed, now=MOMENT).run()
            rows = Participant.objects.order_by("pk").values_list(
                "pk", "call_name", "birth_date", "contact__email", "trajectories__phase"
            )
            waves = Invitation.objects.order_by("pk").values_list("pk", "state", "answered_on")
            found = json.dumps([*rows, *waves], default=str)
            transaction.set_rollback(True)
        return [found]

    assert names(5) == names(5)
    assert names(5) != names(6)


def test_so_many_stays_are_due_as_was_asked() -> None:
    follow_ups = Invitation.objects.filter(wave="follow_up", trajectory__phase="former").count()
    assert follow_ups > 4
    with transaction.atomic():
        make_due(4)
        assert len(backstop.due_ids(MOMENT)) == 4
        assert "questionnaires.Invitation" in changed_by(
            lambda: world.swept("waves", day=MOMENT.date())
        )
        transaction.set_rollback(True)
    with pytest.raises(ValueError):
        make_due(10_000)


def test_workers_have_a_role_a_second_factor_and_groups() -> None:
    staff = User.objects.staff()
    assert not staff.exclude(authenticator__type="totp").exists()
    assert set(staff.values_list("role_assignments__role", flat=True)) == set(Role.values)
    here = Attendance.objects.filter(state="present").count()
    assert here > Attendance.objects.exclude(state="present").count()


def test_meetings_have_what_their_pages_read() -> None:
    groups = Group.objects.count()
    kinds: list[Any] = [ActivityLike, ActivityStop, FarewellText, LogbookPart, Notice, Post]
    for model in [*kinds, MeetingChange, SheetAct, Talk]:
        assert model.objects.count() >= groups, model
    assert set(MeetingChange.objects.values_list("kind", flat=True)) == set(
        MeetingChange.Kind.values
    )
    assert not Talk.objects.exclude(
        meeting__attendance__trajectory=F("trajectory"), meeting__attendance__state="present"
    ).exists()


# ---- What was seen, thought, tried and what helped ---------------------------------------------


def test_everybody_of_a_group_has_a_course_and_nobody_else() -> None:
    about = [Observation, Challenge, SupportUse, Preparation, Hypothesis, Jotting]
    placed = Trajectory.objects.filter(phase__in=["participating", "paused", "leaving", "former"])
    for stay in placed:
        assert 1 <= Observation.objects.filter(trajectory=stay).count() <= 4
        assert 1 <= Challenge.objects.filter(trajectory=stay).count() <= 3
    for model in about:
        assert model.objects.exists(), model
        assert not model.objects.exclude(trajectory__in=placed).exists(), model
    assert Consequence.objects.count() >= Observation.objects.count() / 2
    going = Challenge.objects.going()
    assert set(going.values_list("trajectory__phase", flat=True)) == {
        "participating",
        "paused",
        "leaving",
    }
    assert not going.filter(trajectory__phase="former").exists()


def test_what_was_written_about_somebody_could_have_been() -> None:
    """At meetings of theirs, in the order of the method, and by whom it may be."""
    for seen in Observation.objects.select_related("trajectory", "meeting", "by"):
        assert seen.by.role_assignments.filter(group=seen.trajectory.group).exists()
        assert seen.meeting in meetings_of(seen.trajectory, seen.by)
        assert seen.seen_on == seen.meeting.date
    for row in Hypothesis.objects.select_related("trajectory"):
        grounds = Observation.objects.filter(hypotheses__hypothesis=row)
        assert not grounds.exclude(trajectory=row.trajectory).exists()
        assert not grounds.filter(written_at__gt=row.at).exists()
        assert row.outcome == "" or enough(grounds)
        said = row.opinions.values_list("by", flat=True)
        assert row.by_id in said
        assert len(said) in (1, 2)
        assert row.outcome_on is None or clock.day_of(row.at) <= row.outcome_on
    for note in PracticeNote.objects.select_related("challenge__trajectory__participant"):
        tries, stay = note.challenge, note.challenge.trajectory
        assert note.by_id == tries.noted_by_id == stay.participant.user_id
        assert tries.chosen_on <= note.on <= (tries.ended_on or MOMENT.date())
        assert note.at < MOMENT
    said_of = Evaluation.objects.filter(on__lt=F("challenge__chosen_on"))
    assert Evaluation.objects.exists()
    assert not said_of.exists()


def test_support_is_of_who_is_on_the_sheet() -> None:
    for use in SupportUse.objects.select_related("meeting", "by", "challenge")[:200]:
        here = rows_of(use.meeting, use.by)[use.trajectory_id]
        assert can_be_supported(here)
        assert here.state not in AWAY
        assert use.challenge is None or use.challenge.chosen_on <= use.meeting.date
    for prepared in Preparation.objects.select_related("meeting", "written_by", "challenge"):
        here = rows_of(prepared.meeting, prepared.written_by)[prepared.trajectory_id]
        assert can_be_supported(here)
        assert prepared.challenge.state == "going"
        assert prepared.meeting == Meeting.objects.upcoming(MOMENT).filter(
            group=prepared.meeting.group_id
        ).earliest("starts_at")


def test_a_line_stands_for_a_week_and_then_has_no_words() -> None:
    lines = list(Jotting.objects.select_related("by"))
    assert {bool(line.text) for line in lines} == {True, False}
    for line in lines:
        assert line.lapses_at == lapses_at(line.at)
        stands = line.observation_id is None and line.lapses_at > MOMENT
        assert bool(line.text) == stands == standing(line.by).filter(pk=line.pk).exists()


def test_nobody_is_recorded_in_this_very_second() -> None:
    """Of yesterday's meeting nothing is a day late yet: that day is still to come."""

    class AlwaysLate(Random):
        def random(self) -> float:
            return 0.01

    of_all = Reference({}, "", {}, {}, UUID(int=0))
    block = Block(MOMENT, AlwaysLate(), of_all, variant=11, evenings=4)
    held = block.held()
    assert held[-1].date == MOMENT.date() - timedelta(days=1)
    row: Any = SimpleNamespace(pk=block.new_key())
    stay = stays.Stay(block, row, None, None, block.workers[0], 0)
    stays.came(stay, held)
    after = [one.recorded_at - m.ends_at for one, m in zip(stay.attendance, held, strict=True)]
    assert after[:-1] == [timedelta(days=1)] * (len(held) - 1)
    assert after[-1] == timedelta(0)


def test_it_is_for_the_demo_and_for_an_empty_database() -> None:
    with pytest.raises(CommandError, match="DEMO is off"):
        call_command(fill.Command(), people=60)
    with override_settings(DEMO=True), pytest.raises(CommandError, match="a world already"):
        call_command(fill.Command(), people=60)


def test_everybody_is_found_and_told_apart_by_name() -> None:
    bare = Trajectory.objects.filter(participant__erased_at=None)
    assert not bare.filter(search_name="").exists()
    assert not bare.filter(shown_name="").exists()
    assert tell_everybody_apart() == 0
    assert bare.filter(shown_name__contains="(").exists()

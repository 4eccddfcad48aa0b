"""The demo world holds what it promises, and an outsider's recount agrees with all of it."""

import json
import subprocess
import sys
from collections import Counter
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

from challenges.models import Evaluation, Jotting, Preparation, ThreadSharing
from challenges.thread.reading import head_of, thread_of
from core import clock
from core.accounts.models import Portrait, User
from core.messaging.models import Message
from core.organisations.models import DoorPicture, Group, Organisation, Region
from groups.models import AttendanceTap, Meeting, Placement
from joinus.demo.management.commands import seed_demo
from joinus.home.waiting import todos_for
from participants.models import (
    Consultation,
    Hold,
    InterestRegistration,
    PhaseChange,
    Recusal,
    Trajectory,
)
from participants.signup.what_to_expect import Step, expecting
from questionnaires.models import Invitation
from tests.what_waits import beside_its_rule, twice

UNTIL = date(2026, 11, 23)
RECOUNT = Path(__file__).with_name("recount.py")

pytestmark = [pytest.mark.deep, pytest.mark.django_db]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Any:
    """One world for the module, played inside a transaction that is rolled back.

    It is around the tests, as Django's own: the transactions of the house begin within it.
    """
    from django.db import transaction

    around = transaction.atomic()
    around._from_testcase = True
    with django_db_blocker.unblock(), around:
        with override_settings(DEMO=True):
            call_command(seed_demo.Command(), seed=1, until=UNTIL, stdout=StringIO())
        out = StringIO()
        call_command("export_cycle", "--json", stdout=out)
        yield [json.loads(line) for line in out.getvalue().splitlines()]
        transaction.set_rollback(True)


def recount(rows: list[dict[str, Any]]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(RECOUNT), "--day", UNTIL.isoformat()],
        input="\n".join(json.dumps(row) for row in rows),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.req("R-202", "R-203", "R-204", "R-205", "R-218")
def test_a_recount_that_knows_nothing_of_the_project_agrees(world: Any) -> None:
    result = recount(world)
    assert result.returncode == 0, result.stdout
    assert f"{len(world)} stays recounted, 0 disagreements" in result.stdout


@pytest.mark.parametrize("flaw", ["a wave less", "a wrong day", "a miscounted evening", "two open"])
def test_the_recount_notices_a_flaw(world: Any, flaw: str) -> None:
    rows = json.loads(json.dumps(world))
    row = next(
        r
        for r in rows
        if sum(i["state"] in ("missed", "open") for i in r["invitations"]) >= 2
        and any(m["counted"] for m in r["meetings"])
    )
    unanswered = [i for i in row["invitations"] if i["state"] in ("missed", "open")]
    match flaw:
        case "a wave less":
            row["invitations"].remove(unanswered[0])
        case "a wrong day":
            unanswered[0]["earned_on"] = "2026-01-01"
        case "a miscounted evening":
            next(m for m in row["meetings"] if m["counted"])["counted"] = False
        case "two open":
            for invitation in unanswered:
                invitation["state"] = "open"
    assert recount(rows).returncode == 1


def test_the_world_holds_at_least_three_of_each_case(world: Any) -> None:
    waves = Counter(Invitation.objects.values_list("state", flat=True))
    found = {
        "answered": waves["answered"],
        "missed": waves["missed"],
        "withdrawn": waves["withdrawn"],
        "open": waves["open"],
        "second interims": Invitation.objects.filter(wave="interim", sequence=2).count(),
        "follow-ups": Invitation.objects.filter(wave="follow_up").count(),
        "cancellations": Meeting.objects.filter(status="cancelled").count(),
        "corrections": AttendanceTap.objects.filter(correction=True).count(),
        "recorded late": sum(
            1
            for m in Meeting.objects.filter(status="held").prefetch_related("attendance")
            if any(a.recorded_at and a.recorded_at.date() > m.date for a in m.attendance.all())
        ),
        "moves": Placement.objects.filter(trial=False, last_day__isnull=False)
        .filter(trajectory__placements__trial=False, trajectory__placements__last_day=None)
        .distinct()
        .count(),
        "pauses": Hold.objects.filter(kind="paused").count(),
        "blocked": Trajectory.objects.exclude(blocked_reason="").count(),
        "drop-outs": Trajectory.objects.filter(exit_kind="drop_out").count(),
        "waiting": Trajectory.objects.filter(waiting_since__isnull=False).count(),
    }
    assert {name: n for name, n in found.items() if n < 3} == {}


def test_the_world_has_its_size_and_its_two_special_groups(world: Any) -> None:
    assert (Region.objects.count(), Organisation.objects.count()) == (2, 3)
    assert Group.objects.count() == 5
    assert 70 <= Trajectory.objects.count() <= 80
    assert Group.objects.filter(places_taken=15, state="full").exists()
    assert Group.objects.filter(places_taken=4).exists()
    first = PhaseChange.objects.earliest("at").at.date()
    assert (UNTIL - first).days > 14 * 30
    texts = [
        (m.group_id, m.activity)
        for m in Meeting.objects.exclude(activity="").select_related("group")
    ]
    assert len(texts) == len(set(texts))


def test_old_mails_do_not_leave_again_when_the_demo_starts(world: Any) -> None:
    assert Message.objects.filter(state="queued", channel="email").count() < 60


def test_somebody_waits_for_the_call_today_and_somebody_for_a_place(world: Any) -> None:
    with clock.travel(clock.at(UNTIL, 13)):
        isa = expecting(Trajectory.objects.get(participant__call_name="Isa"))
        puk = Trajectory.objects.get(participant__call_name="Puk")
        waits = expecting(puk)
        assert isa is not None
        assert waits is not None
        assert (isa.step, isa.by, isa.latest) == (Step.CONTACT, "call", UNTIL)
        assert [w.first_name for w in isa.workers] == ["Fleur"]
        assert (waits.step, waits.waiting_since is not None) == (Step.TALK, True)
        assert puk.participant.user is not None
    assert Portrait.objects.count() == 8
    assert DoorPicture.objects.count() == 1
    assert InterestRegistration.objects.count() == 3


def test_nobody_in_the_world_finds_one_act_twice(world: Any) -> None:
    """The whole list of everybody who can sign in, on the last evening of the played year."""
    people = User.objects.filter(is_active=True)
    with clock.travel(clock.at(UNTIL, 13)):
        waiting = [todo for user in people for todo in todos_for(user)]
        wrong = [line for user in people for line in (*twice(user), *beside_its_rule(user))]
    assert wrong == []
    assert len({todo.kind for todo in waiting}) > 15


def test_a_talk_goes_on_a_question_waits_and_two_workers_stay_out(world: Any) -> None:
    quin = Trajectory.objects.get(participant__call_name="Quin")
    assert quin.intake.need
    assert not quin.intake.decision
    assert quin.first_ideas.count() == 1
    assert quin.care_elsewhere.text
    out = Recusal.objects.in_force().values_list("participant__call_name", "worker__name")
    assert set(out) == {("Bo", "Daan Smit"), ("Roos", "Mo Yilmaz")}
    asked = Consultation.objects.filter(answered_at__isnull=True)
    names = asked.values_list("intake__trajectory__participant__call_name", flat=True)
    assert set(names) == {"Quin", "Emma", "Roos"}


def test_the_thread_of_casey_runs_from_what_was_seen_to_what_works_out(world: Any) -> None:
    """The practice example: seen, thought, tried, helped more and more lightly, practised."""
    casey = Trajectory.objects.get(participant__call_name="Casey")
    with clock.travel(clock.at(UNTIL, 10)):
        found, head = thread_of(casey), head_of(casey)
    first_seen, second_seen = found.seen[:2]
    tried = found.tried[0]
    settled = [one.outcome_on for one in found.thought]
    assert first_seen.day < second_seen.day < found.thought[0].day
    assert [bool(one.ended) for one in found.thought] == [False, True]
    assert found.thought[0].grounds == (first_seen.key, second_seen.key)
    assert {one.agree for one in found.thought} == {2}
    assert all(day is not None and day < tried.day for day in settled)
    assert tried.rests_on == found.thought[0].key
    assert tried.until is not None
    assert tried.day < tried.practised[0].day <= tried.practised[-1].day <= tried.until
    assert {note.inside for note in tried.practised} == {True, False}
    steps = [one.intensity for one in found.helped if one.intensity is not None]
    assert steps[0] == 1
    assert steps[-1] == 3
    assert {one.aim for one in found.seen} > {found.seen[-1].aim}
    assert head.coming is not None
    assert head.coming.role
    assert head.coming.support
    talks = Evaluation.objects.filter(challenge__trajectory=casey)
    assert talks.filter(challenge=tried.key, on__gt=tried.practised[0].day).exists()
    assert ThreadSharing.objects.standing(clock.at(UNTIL, 10)).get().trajectory == casey
    assert Preparation.objects.count() == 3


def test_a_line_to_remember_stands_and_an_older_one_has_no_words(world: Any) -> None:
    now = clock.at(UNTIL, 23)
    assert not Jotting.objects.filter(lapses_at__gt=now, text="").exists()
    assert Jotting.objects.filter(lapses_at__gt=now).count() == 2
    assert not Jotting.objects.filter(lapses_at__lte=now).exclude(text="").exists()

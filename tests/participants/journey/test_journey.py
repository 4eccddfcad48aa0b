"""The path of one stay: which moves exist and what each leaves behind."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from core import clock, ports
from core.errors import RuleBroken
from participants.journey import journey, moves
from participants.models import Hold, PhaseChange, ReturnException, Trajectory
from participants.stay.no_messages import send_nothing_more
from tests import world

ROOT = Path(__file__).resolve().parents[3]
DAY = date(2026, 3, 10)
APPS = ("core", "participants", "groups", "challenges", "questionnaires", "licensing", "joinus")


def stay(phase: str = "participating", **fields: object) -> Trajectory:
    fields.setdefault("age", 17)
    return world.make_trajectory(group=world.make_group(), phase=phase, **fields)


def holds_of(trajectory: Trajectory) -> list[tuple[str, date, date | None]]:
    return [
        (h.kind, h.days.lower, h.days.upper) for h in Hold.objects.filter(trajectory=trajectory)
    ]


EXIT = {"exit_kind": "goal", "exited_on": DAY}


def at(phase: str) -> Trajectory:
    return stay(phase, **(EXIT if phase == "former" else {}))


def facts(before: str, to: str) -> dict[str, object]:
    """What the database asks of a row at `to`."""
    if to == "former":
        return dict(EXIT)
    return {"exit_kind": "", "exited_on": None} if before == "former" else {}


def actors(trajectory: Trajectory) -> dict[str, object]:
    """Everybody who could try, by what they are to this stay."""
    return {
        "person": trajectory.participant.user,
        "worker": world.worker_of(trajectory),
        "nobody": None,
        "another young person": world.make_participant().user,
        "a worker elsewhere": world.make_worker(world.make_group()),
        "coordinator": world.make_coordinator(trajectory.region),
        "a coordinator elsewhere": world.make_coordinator(world.make_region()),
    }


@contextmanager
def undone() -> Iterator[None]:
    """What is tried inside is taken back, so that everybody tries on the same stay."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.req("R-018")
@pytest.mark.parametrize("before", Trajectory.Phase.values)
def test_every_move_of_the_table_is_made_by_who_stands_there_and_nobody_else(before: str) -> None:
    made, trajectory = 0, at(before)
    everybody = actors(trajectory)
    for to in Trajectory.Phase.values:
        for name, by in everybody.items():
            move = moves.ALLOWED[before].get(to)
            may = move is not None and name in move.who
            with undone():
                if may:
                    journey.change_phase(
                        trajectory=trajectory, to=to, by=by, reason="Stage", **facts(before, to)
                    )
                    change = PhaseChange.objects.get(trajectory=trajectory)
                    assert (change.from_phase, change.by, change.reason) == (before, by, "Stage")
                    made += 1
                else:
                    with pytest.raises(RuleBroken) as broken:
                        journey.change_phase(trajectory=trajectory, to=to, by=by, reason="Stage")
                    wanted = "move_not_allowed" if move is None else "not_yours_to_move"
                    assert broken.value.code == wanted, (to, name)
                    assert not PhaseChange.objects.filter(trajectory=trajectory).exists()
                found = Trajectory.objects.get(pk=trajectory.pk)
                assert found.phase == (to if may else before)
            trajectory.refresh_from_db()
    assert made == sum(len(move.who) for move in moves.ALLOWED[before].values())


@pytest.mark.parametrize(
    ("before", "to", "who"),
    [
        ("signed_up", "intake", {"worker"}),
        ("intake", "trial", {"worker"}),
        ("trial", "participating", {"worker"}),
        ("participating", "paused", {"worker"}),
        ("paused", "participating", {"person", "worker"}),
        ("participating", "leaving", {"person", "worker"}),
        ("participating", "former", {"person", "worker", "coordinator", "nobody"}),
        ("paused", "former", {"person", "worker", "coordinator", "nobody"}),
        ("leaving", "former", {"person", "worker", "coordinator", "nobody"}),
        ("former", "participating", {"worker"}),
        ("trial", "withdrawn", {"person", "worker", "coordinator", "nobody"}),
        ("trial", "referred", {"worker"}),
    ],
)
def test_who_may_move_whom(before: str, to: str, who: set[str]) -> None:
    """The table by hand: a line of it that changes is noticed here."""
    assert set(moves.ALLOWED[before][to].who) == who
    assert str(moves.ALLOWED[before][to].why)


def test_the_table_knows_every_phase_and_ends_where_a_stay_ends() -> None:
    assert set(moves.ALLOWED) == {"", *Trajectory.Phase.values}
    assert moves.ALLOWED["referred"] == moves.ALLOWED["withdrawn"] == {}
    lines = {line.phase: line for line in moves.next_moves(Trajectory(phase="paused"))}
    assert len(lines) == 3
    assert all(line.who and line.why for line in lines.values())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "to"), [("participating", "paused"), ("former", "participating")]
)
def test_a_pause_and_a_closing_taken_back_need_a_reason(before: str, to: str) -> None:
    trajectory = at(before)
    with pytest.raises(RuleBroken) as broken:
        journey.change_phase(
            trajectory=trajectory, to=to, by=world.worker_of(trajectory), reason=" "
        )
    assert (broken.value.code, broken.value.field) == ("reason_needed", "reason")


@pytest.mark.django_db
def test_a_pause_may_have_an_end_that_goes_with_it() -> None:
    trajectory = stay()
    worker = world.worker_of(trajectory)
    with clock.travel(DAY):
        with pytest.raises(RuleBroken) as broken:
            journey.pause_stay(trajectory=trajectory, by=worker, reason="Stage", back_on=DAY)
        assert broken.value.code == "back_in_the_past"
        back = DAY + timedelta(days=30)
        journey.pause_stay(trajectory=trajectory, by=worker, reason="Stage", back_on=back)
        assert Trajectory.objects.get(pk=trajectory.pk).expected_back_on == back
        journey.resume_stay(trajectory=trajectory, by=trajectory.participant.user)
    assert Trajectory.objects.get(pk=trajectory.pk).expected_back_on is None


@pytest.mark.django_db
def test_nobody_signs_up_for_somebody_else() -> None:
    before = stay("withdrawn")
    for by in (world.worker_of(before), world.make_participant().user):
        with pytest.raises(RuleBroken) as broken:
            journey.open_stay(
                participant=before.participant,
                by=by,
                group=before.group,
                region=before.region,
                first_contact_by="app",
            )
        assert broken.value.code == "not_yours_to_move"
    assert Trajectory.objects.filter(participant=before.participant).count() == 1


def _assigns_phase(node: ast.AST) -> bool:
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(t, ast.Attribute) and t.attr == "phase" for t in targets)
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        keywords = {k.arg for k in node.keywords}
        if isinstance(node.func, ast.Name) and node.func.id in ("setattr",):
            return any(isinstance(a, ast.Constant) and a.value == "phase" for a in node.args)
        made = isinstance(node.func, ast.Name) and node.func.id == "Trajectory"
        return "phase" in keywords and (
            made or name in ("update", "create", "get_or_create", "update_or_create")
        )
    return False


@pytest.mark.req("R-018")
def test_nothing_but_the_journey_assigns_a_phase() -> None:
    guilty = []
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if (
                "migrations" in path.parts
                or "fill" in path.parts  # rows of a made-up crowd, never of people
                or path == ROOT / "participants" / "journey" / "journey.py"
            ):
                continue
            tree = ast.parse(path.read_text("utf-8"))
            guilty += [
                f"{path.relative_to(ROOT)}:{node.lineno}"
                for node in ast.walk(tree)
                if _assigns_phase(node)
            ]
    assert guilty == []
    own = ast.parse((ROOT / "participants" / "journey" / "journey.py").read_text("utf-8"))
    writers = [
        f.name
        for f in ast.walk(own)
        if isinstance(f, ast.FunctionDef) and any(_assigns_phase(n) for n in ast.walk(f))
    ]
    assert sorted(writers) == ["change_phase", "open_stay"]


@pytest.mark.django_db
def test_a_move_tells_who_when_and_why_and_calls_upstairs() -> None:
    heard: list[dict[object, set[str]]] = []
    listening = ports.trajectory_changed.answering(heard.append)
    trajectory = stay()
    worker = world.worker_of(trajectory)
    with listening, clock.travel(DAY):
        journey.pause_stay(trajectory=trajectory, by=worker, reason="Operatie")
        noon = clock.now()
    change = PhaseChange.objects.get(trajectory=trajectory)
    assert (change.by, change.at, change.reason) == (worker, noon, "Operatie")
    assert heard == [{trajectory.pk: {"phase", "hold"}}], "once, at the end"
    sealed = PhaseChange.objects.filter(pk=change.pk).extra(select={"raw": "reason"})
    assert b"Operatie" not in bytes(sealed.values_list("raw", flat=True)[0])


@pytest.mark.django_db
def test_a_pause_is_a_half_open_hold_and_the_day_back_is_free() -> None:
    trajectory = stay()
    worker = world.worker_of(trajectory)
    with clock.travel(DAY):
        journey.pause_stay(trajectory=trajectory, by=worker, reason="Stage")
    with clock.travel(DAY + timedelta(days=9)):
        journey.resume_stay(trajectory=trajectory, by=worker)
    assert holds_of(trajectory) == [("paused", DAY, DAY + timedelta(days=9))]


@pytest.mark.django_db
@pytest.mark.req("R-075")
def test_only_who_was_found_suitable_gets_to_know_the_group() -> None:
    trajectory = stay("intake")
    worker = world.worker_of(trajectory)
    with pytest.raises(RuleBroken) as broken:
        journey.begin_trial(trajectory=trajectory, by=worker)
    assert broken.value.code == "not_found_suitable"
    Trajectory.objects.filter(pk=trajectory.pk).update(suitable=True)
    journey.begin_trial(trajectory=trajectory, by=worker)
    assert trajectory.phase == "trial"


@pytest.mark.django_db
@pytest.mark.req("R-018")
def test_a_young_person_is_a_participant_from_the_definitive_day() -> None:
    trajectory = stay("trial", suitable=True)
    world.give_own_agreements(trajectory)
    journey.begin_participation(trajectory=trajectory, day=DAY, by=world.worker_of(trajectory))
    trajectory.refresh_from_db()
    assert (trajectory.phase, trajectory.definitive_on) == ("participating", DAY)


@pytest.mark.django_db
def test_the_last_meeting_can_be_moved_and_cancelled() -> None:
    trajectory = stay()
    worker = world.worker_of(trajectory)
    journey.begin_leaving(trajectory=trajectory, last_meeting_on=DAY, by=worker)
    journey.begin_leaving(
        trajectory=trajectory, last_meeting_on=DAY + timedelta(days=14), by=worker
    )
    trajectory.refresh_from_db()
    assert (trajectory.phase, trajectory.last_meeting_on) == ("leaving", date(2026, 3, 24))
    journey.cancel_leaving(trajectory=trajectory, by=worker)
    assert (trajectory.phase, trajectory.last_meeting_on) == ("participating", None)


def close(trajectory: Trajectory, day: date = DAY) -> None:
    with clock.travel(day):
        journey.end_stay(
            trajectory=trajectory,
            exit_kind="goal",
            exit_reason="goal_reached",
            exited_on=day - timedelta(days=1),
            by=world.worker_of(trajectory),
        )


@pytest.mark.django_db
def test_an_exit_opens_again_within_thirty_days_and_not_later() -> None:
    late, early = stay(), stay()
    worker = world.worker_of(early)
    close(late)
    close(early)
    with clock.travel(DAY + timedelta(days=31)), pytest.raises(RuleBroken) as broken:
        journey.reopen_exit(trajectory=late, by=worker, reason="vergist")
    assert broken.value.code == "too_late_to_reopen"
    with clock.travel(DAY + timedelta(days=30)):
        journey.reopen_exit(trajectory=early, by=worker, reason="vergist")
    early.refresh_from_db()
    assert (early.phase, early.exited_on, early.ended_on, early.exit_kind) == (
        "participating",
        None,
        None,
        "",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("ended", ["referred", "withdrawn"])
def test_after_no_participation_a_new_sign_up_is_a_new_stay(ended: str) -> None:
    before = stay(ended)
    again = journey.open_stay(
        participant=before.participant,
        group=before.group,
        region=before.region,
        first_contact_by="app",
    )
    assert again.pk != before.pk
    assert again.phase == "signed_up"
    with pytest.raises(RuleBroken) as broken:
        journey.open_stay(
            participant=before.participant,
            group=before.group,
            region=before.region,
            first_contact_by="app",
        )
    assert broken.value.code == "already_running"


@pytest.mark.django_db
@pytest.mark.req("R-195")
def test_who_comes_back_after_refusing_contact_can_be_reached_again() -> None:
    before = stay()
    close(before)
    Trajectory.objects.filter(pk=before.pk).update(exited_on=clock.today())
    contact = before.participant.contact
    send_nothing_more(participant=before.participant, by=None, reason="own wish")
    ReturnException.objects.create(
        participant=before.participant,
        by=world.make_staff(),
        discussed_with=world.make_staff(),
        at=clock.now(),
        reason="terugval",
    )
    before.participant.refresh_from_db()
    again = journey.open_stay(
        participant=before.participant,
        group=before.group,
        region=before.region,
        first_contact_by="app",
    )
    contact.refresh_from_db()
    assert contact.stopped_at is None
    assert not Hold.objects.running().filter(trajectory__in=[before, again], kind="held").exists()


@pytest.mark.django_db
@pytest.mark.req("R-195")
def test_a_former_participant_returns_only_with_an_exception_used_once() -> None:
    before = stay()
    close(before)
    Trajectory.objects.filter(pk=before.pk).update(exited_on=clock.today())

    def return_now() -> Trajectory:
        return journey.open_stay(
            participant=before.participant,
            group=before.group,
            region=before.region,
            first_contact_by="app",
        )

    with pytest.raises(RuleBroken) as broken:
        return_now()
    assert broken.value.code == "return_needs_exception"
    exception = ReturnException.objects.create(
        participant=before.participant,
        by=world.make_staff(),
        discussed_with=world.make_staff(),
        at=clock.now(),
        reason="terugval",
    )
    again = return_now()
    exception.refresh_from_db()
    before.refresh_from_db()
    assert exception.used_by == again
    assert before.follow_up_waived == "returned"
    journey.withdraw_sign_up(trajectory=again, by=None)
    with pytest.raises(RuleBroken) as broken:
        return_now()
    assert broken.value.code == "return_needs_exception"

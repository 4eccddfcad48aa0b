"""Follow-ups by one statement: the same as judged one by one, for every history."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from psycopg.types.range import DateRange

from core import clock
from core.ids import uuid7
from core.organisations.models import Group
from groups.models import Attendance, Meeting, Placement
from participants.models import Hold, Trajectory
from questionnaires.cycle import at_once, cycle
from questionnaires.cycle.facts import StayFacts
from questionnaires.models import CycleState, Instrument, Invitation
from tests import world
from tests.questionnaires.build import make_invitation
from tests.questionnaires.histories import History
from tests.questionnaires.stays import GROUP

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument")]

DAY = timedelta(days=1)
BEGIN = (("talk", 0, 0), ("consent", 2, 0), ("start", 10, 1))
MIDDLE = ("evening", "evening", "evening", "late", "correct", "cancel", "answer", "answer", "move")
END = ("answer", "answer", "answer", "hold", "settle", "waive", "correct", "look_again")


@dataclass
class Place:
    """Where every history is played: its two groups, and who placed people there."""

    group: Group
    other: Group
    staff: Any

    def of(self, key: Any) -> Group:
        return self.group if key == GROUP else self.other


@pytest.fixture
def place() -> Place:
    return Place(world.make_group(), world.make_group(), world.make_staff())


def history(seed: int) -> History:
    """Somebody who takes part and closes; before, on the day and after it anything happens."""
    dice = Random(seed)  # an invented life
    played = History()
    middle = [(dice.choice(MIDDLE), dice.choice((0, 3, 14)), dice.randrange(30)) for _ in range(12)]
    begins = [*BEGIN, *middle] if dice.random() < 0.9 else list(BEGIN)
    agrees = [("agree", 1, dice.randrange(3)), ("evening", 14, 0)] if dice.random() < 0.5 else []
    closes = [("close", dice.choice((0, 14, 45, 120)), dice.randrange(1, 30))]
    after = [(dice.choice(END), dice.randrange(30), dice.randrange(30)) for _ in range(3)]
    held = [("hold", 3, dice.randrange(3))] if dice.random() < 0.15 else []
    played.play([*begins, *held, *agrees, ("answer", 0, 0), *closes, ("answer", 1, 0), *after])
    return played


def written(facts: StayFacts, place: Place, day: date) -> Trajectory:
    """The rows that say these facts."""
    with clock.travel(clock.at(day)):
        stay = world.make_trajectory(
            group=place.of(facts.seats[-1].group) if facts.seats else None,
            phase=facts.phase,
            suitable=facts.screened_on is not None,
            screened_on=facts.screened_on,
            consent_complete_on=facts.consent_complete_on,
            definitive_on=facts.definitive_on,
            last_meeting_on=facts.last_meeting_on,
            ended_on=facts.ended_on,
            exited_on=facts.exited_on,
            exit_kind=facts.exit_kind,
            follow_up_waived=facts.follow_up_waived,
        )
    Placement.objects.bulk_create(
        Placement(
            trajectory=stay,
            group=place.of(seat.group),
            trial=seat.trial,
            seat=1,
            first_day=seat.first,
            last_day=seat.until,
            placed_by=place.staff,
            placed_at=clock.at(seat.placed_on or seat.first),
        )
        for seat in facts.seats
    )
    Hold.objects.bulk_create(
        Hold(
            trajectory=stay,
            kind=hold.kind,
            days=DateRange(hold.first, hold.until),
            from_at=hold.from_at,
            until_at=hold.until_at,
        )
        for hold in facts.holds
    )
    for evening in facts.evenings:
        meeting = Meeting.objects.create(
            group=place.of(evening.group),
            date=evening.day,
            starts_at=evening.starts_at,
            ends_at=evening.over_at,
            status=evening.status,
        )
        Attendance.objects.create(
            meeting=meeting,
            trajectory=stay,
            state=evening.attendance,
            recorded_at=clock.at(evening.recorded_on, 23) if evening.recorded_on else None,
        )
    version = Instrument.objects.get()
    Invitation.objects.bulk_create(
        Invitation(
            id=uuid7(),
            trajectory=stay,
            instrument=version,
            wave=wave.wave,
            sequence=wave.sequence,
            opening=wave.opening,
            earned_on=wave.earned_on,
            opened_on=wave.opened_on,
            due_on=wave.due_on,
            answered_on=wave.answered_on,
            state=wave.state,
            reason=wave.reason,
        )
        for wave in (*facts.invitations, *facts.withdrawn)
    )
    cycle._bring_up_to_date([stay.pk], clock.at(day, 23))
    return stay


def as_it_stands(stay: Trajectory) -> Any:
    """Everything the cycle keeps, but for the keys of new rows."""
    rows = Invitation.objects.filter(trajectory=stay).order_by("wave", "sequence", "opening")
    counters = CycleState.objects.filter(pk=stay.pk)
    return list(rows.values(*SAID)), list(counters.values())


SAID = [f.name for f in Invitation._meta.concrete_fields if f.name not in ("id", "trajectory")]


def after(act: Callable[[], object], stay: Trajectory) -> Any:
    with transaction.atomic():
        act()
        found = as_it_stands(stay)
        transaction.set_rollback(True)
    return found


def prove(seeds: range, place: Place, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Followed by time equals judged, on the day itself and however late the sweep comes."""
    counts: Counter[str] = Counter()
    opened = at_once.open_follow_ups

    def counted(stays: Any, at: datetime) -> Any:
        done = opened(stays, at)
        counts["plain" if done else "judged"] += 1
        return done

    monkeypatch.setattr(at_once, "open_follow_ups", counted)
    for seed in seeds:
        with transaction.atomic():
            played = history(seed)
            stay = written(played.facts, place, played.day)
            for _turn in range(5):
                due = CycleState.objects.get(pk=stay.pk).next_due_at
                if due is None:
                    break
                for days in (0, 1, 60, 61, 400):
                    at = clock.at(clock.day_of(due) + days * DAY, 3) if days else due
                    judged = after(partial(cycle._bring_up_to_date, [stay.pk], at), stay)
                    followed = after(partial(cycle._follow_time, [stay.pk], at), stay)
                    assert followed == judged, (seed, at)
                cycle._follow_time([stay.pk], due)
                again = CycleState.objects.get(pk=stay.pk).next_due_at
                assert again is None or again > due, (seed, "found a second time")
            transaction.set_rollback(True)
    return counts


@pytest.mark.req("R-131", "R-190", "R-199")
def test_followed_by_time_is_judged_for_any_history(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = prove(range(30), place, monkeypatch)
    assert min(counts["plain"], counts["judged"]) > 30


@pytest.mark.deep
def test_a_thousand_histories_followed_by_time(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    prove(range(1000, 2000), place, monkeypatch)


def test_the_version_is_the_one_in_use_on_the_day_of_the_wave(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = next(h for h in map(history, range(60)) if plain(h))
    stay = written(played.facts, place, played.day)
    due = due_day(stay)
    for version, first in (("before", due - DAY), ("on", due), ("after", due + DAY)):
        Instrument.objects.create(version=version, in_use_from=first)
    cycle._follow_time([stay.pk], clock.at(due + DAY))
    assert Invitation.objects.get(trajectory=stay, wave="follow_up").instrument_id == "on"


FORGOTTEN: dict[str, Callable[[Trajectory, date], object]] = {
    "nothing": lambda _stay, _due: None,
    "waived": lambda stay, _due: _now(stay, follow_up_waived="returned"),
    "back": lambda stay, _due: _now(
        stay, phase="participating", exited_on=None, ended_on=None, exit_kind=""
    ),
    "came back": lambda stay, _due: world.make_trajectory(
        participant=stay.participant, signed_up_at=stay.signed_up_at + DAY
    ),
    "left later": lambda stay, _due: _now(stay, exited_on=F("exited_on") + timedelta(days=7)),
    "closed later": lambda stay, due: _now(stay, ended_on=due + DAY, last_meeting_on=None),
    "held since": lambda stay, due: _hold(stay, due - 3 * DAY, None),
    "held for a while": lambda stay, due: _hold(stay, due + DAY, due + 5 * DAY),
    "was there before": lambda stay, due: _wave(stay, due, wave="follow_up", state="withdrawn"),
    "one that waits": lambda stay, due: _wave(stay, due - 90 * DAY, sequence=9, state="open"),
    "a goodbye that is closed": lambda stay, due: _wave(
        stay, due - 90 * DAY, wave="exit", sequence=9, state="closed"
    ),
    "a later one": lambda stay, due: _wave(
        stay, due + DAY, sequence=9, state="answered", answered_on=due + DAY
    ),
}


@pytest.mark.parametrize("what", FORGOTTEN)
def test_what_nobody_told_the_cycle_is_judged(place: Place, what: str) -> None:
    """The statement looks at the facts themselves, not only at the day that was kept."""
    played = next(h for h in map(history, range(60)) if plain(h))
    stay = written(played.facts, place, played.day)
    due = due_day(stay)
    FORGOTTEN[what](stay, due)
    for day in (due, due + 10 * DAY, due + 70 * DAY):
        at = clock.at(day)
        judged = after(partial(cycle._bring_up_to_date, [stay.pk], at), stay)
        assert after(partial(cycle._follow_time, [stay.pk], at), stay) == judged
        assert at_once.open_follow_ups([stay.pk], clock.at(due)) == (
            set() if what != "nothing" else {stay.pk}
        )
        CycleState.objects.filter(pk=stay.pk).update(next_due_at=clock.at(due))
        Invitation.objects.filter(trajectory=stay, wave="follow_up", state="open").delete()


@pytest.mark.parametrize("evenings", [1, 6, 7])
def test_what_was_closed_with_the_stay_stays_so_and_is_not_judged(
    place: Place, evenings: int
) -> None:
    """It closed before the follow-up came; on one and the same day it would be missed."""
    played = History()
    played.play([*BEGIN, *[("evening", 14, 0)] * evenings, ("close", 3, 2)])
    assert plain(played, "closed")
    stay = written(played.facts, place, played.day)
    due = due_day(stay)
    for days in (0, 1, 60, 61, 400):
        at = clock.at(due + days * DAY)
        judged = after(partial(cycle._bring_up_to_date, [stay.pk], at), stay)
        assert after(partial(at_once.open_follow_ups, [stay.pk], at), stay) == judged
    _now(stay, ended_on=due)
    assert at_once.open_follow_ups([stay.pk], clock.at(due)) == set()


def due_day(stay: Trajectory) -> date:
    """The day on which time alone changes something."""
    moment = CycleState.objects.get(pk=stay.pk).next_due_at
    assert moment is not None
    return clock.day_of(moment)


def _now(stay: Trajectory, **fields: Any) -> None:
    Trajectory.objects.filter(pk=stay.pk).update(**fields)


def _hold(stay: Trajectory, first: date, until: date | None) -> None:
    Hold.objects.create(trajectory=stay, kind="held", days=DateRange(first, until))


def _wave(stay: Trajectory, day: date, *, wave: str = "interim", **fields: Any) -> None:
    make_invitation(stay, wave, opened_on=day, due_on=day, **fields)


def plain(played: History, *others: str) -> bool:
    """Every wave is answered or missed, and some are in these other states."""
    facts = played.facts
    states = {wave.state for wave in facts.invitations} - {"answered", "missed"}
    closed = facts.phase == "former" and not facts.follow_up_waived and not facts.holds
    ahead = facts.exited_on is not None and played.day < facts.exited_on + 80 * DAY
    return states == set(others) and closed and ahead

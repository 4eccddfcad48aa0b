"""What an act would do to the questionnaires, said before it is done (R-131).

That the pages ask at all is proved beside them (tests/groups/test_beforehand.py); here, that what
is said of the waves is all there is to say, and true.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any

import pytest
from django.utils.translation import override

from core import clock
from core.ids import uuid7
from core.organisations.models import Group
from groups.evenings.last_meeting import agree_last_meeting
from groups.models import Meeting
from groups.sheet.attendance import Tap
from participants.models import Trajectory
from participants.stay.rehearsal import rehearse
from questionnaires.answers import answering
from questionnaires.cycle import cycle, preview, waves
from questionnaires.cycle.facts import Standing, StayFacts
from questionnaires.models import CycleState, Draft, Invitation
from tests import world
from tests.questionnaires.cycle.test_properties import BEGIN, EVENINGS, OFTEN, SELDOM
from tests.questionnaires.histories import HOURS, History, Step

FIRST = date(2026, 1, 8)
DAY = timedelta(days=1)


def nth(number: int) -> date:
    return FIRST + timedelta(weeks=2 * (number - 1))


# ---- In plain sentences ----------------------------------------------------------------------


class Casey:
    """Seven evenings; at six of them there, at the third not."""

    def __init__(self, evenings: int = 7) -> None:
        with clock.travel(FIRST - 30 * DAY):
            self.group: Group = world.make_group()
            self.worker = world.make_worker(self.group)
            self.stay = world.make_trajectory(
                group=self.group,
                age=20,
                suitable=True,
                screened_on=FIRST - 30 * DAY,
                consent_complete_on=FIRST - 30 * DAY,
                definitive_on=FIRST,
            )
            world.give_own_agreements(self.stay)
            world.seat(self.stay, self.group, first_day=FIRST)
            cycle.refresh([self.stay.pk])
        for number in range(1, evenings + 1):
            self.came(number, "present" if number != 3 else "absent_with_notice")

    def came(self, number: int, state: str = "present") -> None:
        with clock.travel(clock.at(nth(number), 23)):
            self.tap(number, state)()

    def tap(self, number: int, state: str) -> Callable[[], Any]:
        found = Meeting.objects.filter(group=self.group, date=nth(number)).first()
        meeting = found or world.make_meeting(self.group, nth(number))
        row = meeting.attendance.filter(trajectory=self.stay).first()
        tap = Tap(uuid7(), self.stay.pk, state, row.version if row else 0)
        return partial(world.write_down, meeting, [tap], self.worker)

    def agree(self, number: int) -> Callable[[], Any]:
        found = Meeting.objects.filter(group=self.group, date=nth(number)).first()
        meeting = found or world.make_meeting(self.group, nth(number))
        return lambda: agree_last_meeting(
            trajectory=Trajectory.objects.get(pk=self.stay.pk), meeting=meeting, by=self.worker
        )

    def waves(self) -> dict[str, str]:
        rows = Invitation.objects.filter(trajectory=self.stay).order_by("opening")
        return {f"{row.wave} {row.sequence}": row.state for row in rows}


@pytest.fixture
def casey(instrument: Any) -> Casey:
    return Casey()


def said(act: Callable[[], object], day: date, language: str = "en") -> list[tuple[str, str]]:
    with clock.travel(clock.at(day, 12)), override(language):
        return [(one.kind, one.text) for one in rehearse(act)]


@pytest.mark.django_db
@pytest.mark.req("R-131")
def test_taking_back_one_of_six_says_what_it_takes_back_and_what_opens_again(casey: Casey) -> None:
    assert said(casey.tap(5, "absent_with_notice"), nth(7) + DAY) == [
        ("withdraws", "This takes back questionnaire 1 in between."),
        ("opens", "This opens the first questionnaire again."),
    ]


@pytest.mark.django_db
@pytest.mark.req("R-131")
def test_an_evening_more_says_that_the_wave_moves(casey: Casey) -> None:
    assert said(casey.tap(3, "present"), nth(7) + DAY) == [
        ("moves", "This moves questionnaire 1 in between to 19 Mar."),
    ]


@pytest.mark.django_db
@pytest.mark.req("R-131")
def test_one_evening_more_than_five_opens_one_and_writes_the_other_down_as_missed(
    instrument: Any,
) -> None:
    casey = Casey(evenings=6)
    assert said(casey.tap(3, "present"), nth(6) + DAY) == [
        ("misses", "This writes down the first questionnaire as missed; nothing is sent."),
        ("opens", "This opens questionnaire 1 in between."),
    ]


@pytest.mark.django_db
@pytest.mark.req("R-131")
def test_the_same_state_has_no_consequence(casey: Casey) -> None:
    assert said(casey.tap(4, "present"), nth(7)) == []


@pytest.mark.django_db
@pytest.mark.req("R-131")
def test_it_says_that_the_questions_of_the_last_evening_move_back(instrument: Any) -> None:
    """The fourth was agreed; they came to the fifth as well, and that was a slip."""
    casey = Casey(evenings=3)
    with clock.travel(clock.at(nth(3) + DAY, 12)):
        casey.agree(4)()
    casey.came(4)
    casey.came(5)
    assert Trajectory.objects.get().last_meeting_on == nth(5)
    assert said(casey.tap(5, "absent_without_notice"), nth(5) + DAY) == [
        ("moves", "This moves the questionnaire of the last meeting to 19 Feb."),
    ]


@pytest.mark.django_db
@pytest.mark.req("R-131")
def test_agreeing_another_last_evening_says_when_it_comes_and_what_is_lost(instrument: Any) -> None:
    casey = Casey(evenings=3)
    with clock.travel(clock.at(nth(3) + DAY, 12)):
        assert said(casey.agree(4), nth(3) + DAY) == [
            ("opens", "This opens the questionnaire of the last meeting on 19 Feb."),
        ]
        casey.agree(4)()
    world.swept("waves", day=nth(4) + DAY)
    exit_wave = Invitation.objects.get(wave="exit", state="open")
    later, after = casey.agree(6), nth(4) + DAY
    moves = ("moves", "This moves the questionnaire of the last meeting to 19 Mar.")
    again = ("opens", "This opens the first questionnaire again.")
    assert said(later, after) == [again, moves]
    with clock.travel(clock.at(after, 10)):
        answering.save_answer(
            invitation=exit_wave, number=1, value=1, by=casey.stay.participant.user
        )
    assert said(later, after) == [
        again,
        moves,
        (
            "anew",
            "The questionnaire of the last meeting begins anew then: answers so far are not "
            "carried over.",
        ),
    ]
    with clock.travel(clock.at(after, 13)):
        later()
    world.swept("waves", day=nth(6) + DAY)
    anew = Invitation.objects.get(wave="exit", state="open")
    assert anew.opening == 2
    assert not Draft.objects.filter(invitation=anew).exists()
    assert Draft.objects.get().partial


@pytest.mark.django_db
@pytest.mark.req("R-131")
def test_the_preview_is_what_then_happens_and_writes_nothing(casey: Casey) -> None:
    before = list(Invitation.objects.order_by("pk").values()), list(CycleState.objects.values())
    act = casey.tap(5, "not_recorded")
    said(act, nth(7) + DAY)
    after = list(Invitation.objects.order_by("pk").values()), list(CycleState.objects.values())
    assert after == before
    with clock.travel(clock.at(nth(7) + DAY, 12)):
        act()
    assert casey.waves() == {"baseline 1": "open", "interim 1": "withdrawn"}


@pytest.mark.django_db
@pytest.mark.req("R-131")
def test_what_a_sweep_that_is_late_would_do_is_not_the_acts_doing(casey: Casey) -> None:
    """Nobody swept after the sixth evening: the wave it earned is no news of this tap."""
    Invitation.objects.filter(wave="interim").delete()
    Invitation.objects.filter(wave="baseline").update(state="open", reason={})
    assert said(casey.tap(3, "absent_without_notice"), nth(7) + DAY) == []


@pytest.mark.django_db
@pytest.mark.req("R-131")
def test_it_asks_as_much_for_one_as_for_many(
    instrument: Any, django_assert_num_queries: Any
) -> None:
    keys = [Casey(evenings=1).stay.pk for _number in range(3)]
    for some in (keys[:1], keys):
        with django_assert_num_queries(3):
            preview.consequences(some)()


@pytest.mark.django_db
@pytest.mark.req("R-131")
def test_dutch_sentences_name_the_wave(casey: Casey) -> None:
    first, *_rest = said(casey.tap(5, "not_recorded"), nth(7), "nl")
    assert first == ("withdraws", "Hiermee vervalt tussenmeting 1.")


# ---- For every life --------------------------------------------------------------------------

Key = tuple[str, int]


class Told(History):
    """Before each event the preview is asked; after it, the rows say what became of it."""

    def play(self, steps: list[Step]) -> StayFacts:
        self.told: list[tuple[StayFacts, StayFacts, StayFacts, Any]] = []
        for what, days, which in steps:
            self.wait(max(self.at, clock.at(self.day + days * DAY, HOURS[which % 3])))
            before = self.facts
            if getattr(self, what)(which):
                done = self.facts
                self.look(clock.evening_of(self.at))
                if what != "answer":  # the only one that writes rows itself
                    self.told.append((before, done, self.facts, self.at))
        return self.facts


def life(seed: int) -> list[Step]:
    dice = Random(seed)  # an invented life
    begin: list[Step] = dice.choice([[], BEGIN, BEGIN + EVENINGS])
    return begin + [
        (
            dice.choice(OFTEN + SELDOM),
            dice.choice((0, 1, 3, 14, 14, 40, 100)),
            dice.randrange(31),
        )
        for _number in range(30)
    ]


def sentences(
    before: StayFacts, after: StayFacts, at: Any, begun: Any = ()
) -> dict[Key, list[str]]:
    """What is said of each wave, by the kind of the sentence."""
    found: dict[Key, list[str]] = {}
    for kind, text in preview.differences(before, after, at, begun):
        wave, number = re.findall(r"<(\w+) (\d+)>", text)[0]
        found.setdefault((wave, int(number)), []).append(kind)
    return found


@pytest.fixture
def plain_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(preview, "wave_name", lambda wave, number: f"<{wave} {number}>")
    with override("en"):
        yield


@pytest.mark.req("R-131")
def test_all_of_what_happens_is_said_before_and_nothing_else(plain_names: None) -> None:
    """By the rows: each that opened, closed, was missed, moved or went away, in every life."""
    said_at_all = set()
    for number in range(100):
        history = Told()
        history.play(life(number))
        for before, done, written, at in history.told:
            begun = {(w.key, w.opened_on) for w in before.invitations if w.state == "open"}
            told = sentences(before, done, at, begun)
            assert told == sentences(before, written, at, begun), "on trial it was written already"
            for key in {*keys(before), *keys(written), *told}:
                prove(row(before, key), row(written, key), told.get(key, []), key)
            said_at_all |= {kind for kinds in told.values() for kind in kinds}
    assert said_at_all == {"opens", "moves", "misses", "closes", "withdraws", "anew"}


def keys(facts: StayFacts) -> list[Key]:
    return [wave.key for wave in facts.invitations]


def row(facts: StayFacts, key: Key) -> Standing | None:
    return next((wave for wave in facts.invitations if wave.key == key), None)


def prove(old: Standing | None, new: Standing | None, told: list[str], key: Key) -> None:
    case = (key, old, new, told)
    if old is None and new is None:  # only ahead: on its day, or no longer
        assert set(told) <= {"opens", "moves", "withdraws"}, case
    elif new is None:
        assert {"withdraws", "moves"} & set(told), case
    elif old is None:
        kind = {"open": "opens", "missed": "misses", "closed": "closes"}[new.state]
        assert kind in told, case
    else:
        should = []
        if old.earned_on != new.earned_on:
            should.append("moves")
        if old.state != new.state:
            should.append({"open": "opens", "missed": "misses", "closed": "closes"}[new.state])
        elif new.state == "open" and not should and old.row != new.row:
            should.append("opens")
        assert [kind for kind in told if kind != "anew"] == should, case
    is_open = old is not None and old.state == "open"
    if new is not None:
        assert ("anew" in told) == (is_open and new.state == "open" and old.row != new.row), case
    elif "anew" in told:
        assert is_open, case


@pytest.mark.req("R-131")
def test_what_is_said_to_open_on_a_day_opens_on_that_day(plain_names: None) -> None:
    """Of every life: left alone until then, with nothing in the way."""
    tried = 0
    for number in range(60):
        history = Told()
        history.play(life(number))
        for _before, _done, written, at in history.told:
            for key, look in preview.looks(written, at).items():
                if look.state == preview.AHEAD and not written.holds:
                    then = replace(written)
                    stands = waves.standing(then, clock.at(look.earned_on, 12))
                    [wave] = [w for w in stands if w.key == key]
                    assert wave.opened_on == look.earned_on, (key, look)
                    tried += 1
    assert tried > 15

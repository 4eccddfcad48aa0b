"""The cycle in the domain's words: facts and a day in, the waves that stand out (design.md 4)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.months import add_months
from questionnaires.cycle import attended_meetings, waves
from questionnaires.cycle.facts import Evening, Seat
from tests.questionnaires.stays import (
    FIRST,
    GROUP,
    OTHER_GROUP,
    answer,
    attended,
    evening,
    goodbye,
    hold,
    keeps,
    names,
    next_day,
    nth,
    on,
    one,
    stay,
    why_gone,
)

DAY = timedelta(days=1)
SIX = attended(1, 2, 3, 4, 5, 6)
TWELVE = attended(*range(1, 13))

# ---- Baseline -------------------------------------------------------------


@pytest.mark.req("R-201")
@pytest.mark.parametrize(
    ("screened", "complete", "earned"),
    [
        (date(2026, 1, 2), date(2026, 1, 5), date(2026, 1, 5)),
        (date(2026, 1, 5), date(2026, 1, 2), date(2026, 1, 5)),
        (date(2026, 1, 5), date(2026, 1, 5), date(2026, 1, 5)),
        (None, date(2026, 1, 5), None),
        (date(2026, 1, 5), None, None),
    ],
)
def test_baseline_opens_when_the_talk_was_positive_and_every_yes_is_there(
    screened: date | None, complete: date | None, earned: date | None
) -> None:
    facts = stay(screened_on=screened, consent_complete_on=complete, seats=(), evenings=())
    rows = on(facts, date(2026, 2, 1))
    assert names(rows) == (["baseline 1 open"] if earned else [])
    if earned:
        assert (rows[0].earned_on, rows[0].opened_on) == (earned, earned)
        assert on(facts, earned - DAY) == []


@pytest.mark.req("R-201")
def test_baseline_is_due_at_the_first_meeting_after_the_decision_and_late_from_the_second() -> None:
    planned = tuple(evening(n, "not_recorded", status="planned") for n in (1, 2, 3))
    rows = on(stay(*planned), FIRST)
    baseline = one(rows, "baseline")
    assert baseline.due_on == nth(1)
    assert not waves.is_late(baseline, nth(2) - DAY)
    assert waves.is_late(baseline, nth(2))
    answered = answer(rows, "baseline", 1, nth(2) - DAY)
    assert not waves.is_late(answered[0], nth(3))


@pytest.mark.req("R-201")
def test_a_cancelled_first_meeting_moves_the_day_the_baseline_is_due() -> None:
    evenings = (
        evening(1, "not_recorded", status="cancelled"),
        evening(2, "not_recorded", status="planned"),
    )
    assert one(on(stay(*evenings), FIRST), "baseline").due_on == nth(2)


@pytest.mark.req("R-201")
def test_before_a_first_meeting_is_known_the_baseline_has_no_due_day() -> None:
    assert one(on(stay(definitive_on=None), FIRST), "baseline").due_on is None


@pytest.mark.req("R-201")
def test_the_trial_meeting_is_not_the_first_meeting() -> None:
    facts = stay(*attended(1), definitive_on=nth(0))
    assert one(on(facts, nth(1)), "baseline").due_on == nth(1)


# ---- Interim --------------------------------------------------------------


@pytest.mark.req("R-202")
def test_sixth_attended_meeting_opens_the_interim_questionnaire() -> None:
    assert names(on(stay(*attended(1, 2, 3, 4, 5)), nth(6))) == ["baseline 1 open"]
    rows = on(stay(*SIX), nth(6))
    assert names(rows) == ["baseline 1 missed", "interim 1 open"]
    interim = one(rows, "interim")
    assert (interim.earned_on, interim.opened_on) == (nth(6), nth(6))
    assert interim.due_on == nth(6) + 14 * DAY


@pytest.mark.req("R-202")
def test_every_further_sixth_opens_the_next_interim() -> None:
    rows = on(stay(*attended(*range(1, 19))), nth(18))
    assert names(rows) == [
        "baseline 1 missed",
        "interim 1 missed",
        "interim 2 missed",
        "interim 3 open",
    ]
    assert [row.earned_on for row in rows[1:]] == [nth(6), nth(12), nth(18)]


NOT_COUNTED = [
    ("cancelled", evening(6, status="cancelled"), {}),
    ("not_written", evening(6, status="planned"), {}),
    ("absent_with_notice", evening(6, "absent_with_notice"), {}),
    ("absent_without_notice", evening(6, "absent_without_notice"), {}),
    ("not_recorded", evening(6, "not_recorded"), {}),
    ("no_place", evening(6, group=OTHER_GROUP), {}),
    ("blocked", evening(6), {"holds": (hold("blocked", nth(6), nth(6) + DAY),)}),
    (
        "no_place",
        evening(6),
        {"seats": (Seat(GROUP, FIRST, nth(6) - DAY),)},
    ),
]


@pytest.mark.req("R-202", "R-130")
@pytest.mark.parametrize(("why", "sixth", "facts"), NOT_COUNTED)
def test_a_sixth_that_does_not_count_opens_nothing_and_says_why(
    why: str, sixth: Evening, facts: dict[str, object]
) -> None:
    five = attended(1, 2, 3, 4, 5)
    known = stay(*five, sixth, **facts)
    assert attended_meetings.why_not_counted(sixth, known) == why
    assert names(on(known, nth(6))) == ["baseline 1 open"]


@pytest.mark.req("R-080", "R-202")
def test_the_trial_meeting_and_earlier_ones_do_not_count() -> None:
    before = (
        Seat(GROUP, nth(-3), nth(0), trial=True),
        Seat(GROUP, FIRST),
    )
    facts = stay(*attended(-3, -2, -1, 1, 2, 3, 4, 5), seats=before)
    assert len(attended_meetings.counted(facts)) == 5
    assert attended_meetings.why_not_counted(facts.evenings[0], facts) == "trial"


@pytest.mark.req("R-202")
def test_attended_while_paused_counts_and_the_day_a_block_is_settled_counts() -> None:
    holds = (hold("paused", nth(2), nth(4)), hold("blocked", nth(4), nth(5)))
    facts = stay(*SIX, holds=holds)
    assert [e.day for e in attended_meetings.counted(facts)] == [
        nth(1),
        nth(2),
        nth(3),
        nth(5),
        nth(6),
    ]


@pytest.mark.req("R-202")
def test_counting_runs_on_over_a_move_to_another_group() -> None:
    seats = (Seat(GROUP, FIRST, nth(4) - DAY), Seat(OTHER_GROUP, nth(4)))
    moved = tuple(evening(n, group=OTHER_GROUP) for n in (4, 5, 6))
    assert names(on(stay(*attended(1, 2, 3), *moved, seats=seats), nth(6)))[-1] == "interim 1 open"


@pytest.mark.req("R-205")
def test_the_reason_names_the_six_meetings_and_those_that_did_not_count() -> None:
    evenings = (*attended(1, 2), evening(3, status="cancelled"), *attended(4, 5, 6, 7))
    reason = one(on(stay(*evenings), nth(7)), "interim").reason
    assert reason["counted"] == [nth(n).isoformat() for n in (1, 2, 4, 5, 6, 7)]
    assert reason["not_counted"] == [
        {"date": nth(0).isoformat(), "why": "trial"},
        {"date": nth(3).isoformat(), "why": "cancelled"},
    ]


# ---- Exit -----------------------------------------------------------------


@pytest.mark.req("R-204")
def test_the_exit_questionnaire_opens_on_the_day_of_the_agreed_last_meeting() -> None:
    facts = stay(*attended(1, 2), phase="leaving", last_meeting_on=nth(4))
    assert names(on(facts, nth(4) - DAY)) == ["baseline 1 open"]
    rows = on(facts, nth(4))
    assert names(rows) == ["baseline 1 missed", "exit 1 open"]
    leaving = one(rows, "exit")
    assert (leaving.earned_on, leaving.opened_on) == (nth(4), nth(4))
    assert leaving.due_on == nth(4) + 7 * DAY


@pytest.mark.req("R-204")
def test_moving_the_last_meeting_moves_the_exit_questionnaire() -> None:
    facts = stay(*attended(1, 2), phase="leaving", last_meeting_on=nth(4))
    rows = on(facts, nth(4))
    later = keeps(facts, rows, last_meeting_on=nth(5))
    assert names(on(later, nth(4))) == ["baseline 1 open"]
    assert one(on(later, nth(5)), "exit").opened_on == nth(5)


@pytest.mark.req("R-204")
def test_a_cancelled_last_meeting_is_no_last_meeting() -> None:
    facts = stay(*attended(1, 2), phase="leaving", last_meeting_on=nth(4))
    assert names(on(facts, nth(4)))[-1] == "exit 1 open"
    cancelled = keeps(facts, on(facts, nth(4)), last_meeting_on=None)
    assert names(on(cancelled, nth(4))) == ["baseline 1 open"]


@pytest.mark.req("R-204")
def test_somebody_who_comes_again_after_the_last_meeting_has_a_later_last_meeting() -> None:
    facts = stay(*attended(1, 2, 3), phase="leaving", last_meeting_on=nth(3))
    again = keeps(
        facts,
        on(facts, nth(3)),
        evenings=(evening(0), *attended(1, 2, 3, 4)),
        last_meeting_on=nth(4),
    )
    leaving = one(on(again, nth(4), noticed_on=nth(4)), "exit")
    assert (leaving.earned_on, leaving.opened_on) == (nth(4), nth(4))


@pytest.mark.req("R-204")
def test_a_sixth_meeting_that_is_the_last_opens_only_the_exit_questionnaire() -> None:
    facts = stay(*TWELVE, phase="leaving", last_meeting_on=nth(12))
    rows = on(facts, nth(12))
    assert names(rows) == ["baseline 1 missed", "interim 1 missed", "exit 1 open"]
    assert one(rows, "exit").reason["instead_of"] == 2


@pytest.mark.req("R-204")
def test_an_interim_that_was_open_that_evening_gives_way_to_the_exit_questionnaire() -> None:
    facts = stay(*SIX)
    agreed = keeps(facts, on(facts, nth(6)), phase="leaving", last_meeting_on=nth(6))
    assert names(on(agreed, nth(6))) == ["baseline 1 missed", "exit 1 open"]
    assert why_gone(agreed, on(facts, nth(6)), "interim", nth(6)) == "exit_instead"


@pytest.mark.req("R-204")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"exit_kind": "other"}, ["baseline 1 missed", "exit 1 open"]),
        ({"exit_kind": "goal"}, ["baseline 1 missed", "exit 1 open"]),
        ({"exit_kind": "drop_out"}, ["baseline 1 closed"]),
        (
            {"exit_kind": "other", "follow_up_waived": "contact_refused"},
            ["baseline 1 closed"],
        ),
        (
            {"exit_kind": "drop_out", "last_meeting_on": nth(3)},
            ["baseline 1 closed"],
        ),
    ],
)
def test_without_an_agreed_last_meeting_it_opens_on_the_closing_day(
    changes: dict[str, object], expected: list[str]
) -> None:
    closed = nth(3) + 3 * DAY
    facts = goodbye(
        stay(*attended(1, 2, 3)),
        nth(3),
        **({"last_meeting_on": None, "ended_on": closed, "exited_on": closed} | changes),
    )
    rows = on(facts, closed)
    assert names(rows) == expected
    if "exit 1 open" in expected:
        assert one(rows, "exit").opened_on == closed


@pytest.mark.req("R-204")
def test_leaving_before_the_agreed_evening_opens_it_on_the_closing_day() -> None:
    facts = goodbye(stay(*attended(1)), nth(9), ended_on=nth(3), exited_on=nth(3))
    assert one(on(facts, nth(3)), "exit").earned_on == nth(3)


# ---- Follow-up ------------------------------------------------------------


@pytest.mark.req("R-203", "R-190")
@pytest.mark.parametrize(
    ("exited", "expected"),
    [
        (date(2025, 11, 30), date(2026, 2, 28)),
        (date(2023, 11, 30), date(2024, 2, 29)),
        (date(2025, 11, 29), date(2026, 2, 28)),
        (date(2025, 12, 31), date(2026, 3, 31)),
        (date(2025, 10, 31), date(2026, 1, 31)),
        (date(2026, 1, 31), date(2026, 4, 30)),
        (date(2025, 9, 15), date(2025, 12, 15)),
        (date(2024, 2, 29), date(2024, 5, 29)),
    ],
)
def test_follow_up_opens_three_calendar_months_after_the_exit(exited: date, expected: date) -> None:
    facts = goodbye(stay(screened_on=None), exited)
    assert "follow_up 1 open" not in names(on(facts, expected - DAY))
    rows = on(facts, expected)
    assert names(rows) == ["exit 1 missed", "follow_up 1 open"]
    follow_up = one(rows, "follow_up")
    assert (follow_up.earned_on, follow_up.opened_on) == (expected, expected)
    assert follow_up.due_on == expected + 60 * DAY


@pytest.mark.req("R-199")
def test_somebody_who_dropped_out_gets_the_follow_up_too() -> None:
    facts = goodbye(stay(), nth(3), exit_kind="drop_out", last_meeting_on=None)
    assert names(on(facts, add_months(nth(3), 3))) == [
        "baseline 1 closed",
        "follow_up 1 open",
    ]


@pytest.mark.req("R-203", "R-352")
@pytest.mark.parametrize("waived", ["contact_refused", "returned", "erased"])
def test_a_waived_follow_up_does_not_come(waived: str) -> None:
    left = goodbye(stay(), nth(3))
    facts = keeps(left, on(left, nth(4)), follow_up_waived=waived)
    exit_state = "open" if waived == "contact_refused" else "closed"
    assert names(on(facts, nth(30))) == ["baseline 1 missed", f"exit 1 {exit_state}"]
    stood = on(left, nth(30))
    assert why_gone(facts, stood, "follow_up", nth(30)) == waived


@pytest.mark.req("R-218")
def test_follow_up_is_missed_after_sixty_days() -> None:
    facts = goodbye(stay(), nth(3))
    opened = add_months(nth(3), 3)
    assert names(on(facts, opened + 60 * DAY))[-1] == "follow_up 1 open"
    assert names(on(facts, opened + 61 * DAY))[-1] == "follow_up 1 missed"


# ---- One open wave --------------------------------------------------------


@pytest.mark.req("R-218")
def test_undoing_a_slip_opens_the_earlier_wave_again() -> None:
    facts = stay(*SIX)
    rows = on(facts, nth(6))
    assert one(rows, "baseline").state == "missed"
    undone = keeps(facts, rows, evenings=(evening(0), *attended(1, 2, 3, 4, 5)))
    again = on(undone, nth(6), noticed_on=nth(6))
    assert names(again) == ["baseline 1 open"]
    assert again[0].opened_on == rows[0].opened_on
    assert "missed" not in again[0].reason


@pytest.mark.req("R-218", "R-131")
def test_a_wave_recorded_late_is_written_as_missed_with_the_reason() -> None:
    recorded = nth(7) + DAY
    five = stay(*attended(1, 2, 3, 4, 5), phase="leaving", last_meeting_on=nth(7))
    rows = on(five, nth(7))
    late = keeps(
        five, rows, evenings=(evening(0), *attended(1, 2, 3, 4, 5), evening(6, recorded=recorded))
    )
    again = on(late, recorded, noticed_on=recorded)
    assert names(again) == ["baseline 1 missed", "interim 1 missed", "exit 1 open"]
    interim = one(again, "interim")
    assert (interim.earned_on, interim.opened_on) == (nth(6), recorded)
    assert interim.reason["never_open"] is True
    assert interim.reason["missed"] == {"wave": "exit", "sequence": 1}
    assert interim.reason["recorded_on"] == recorded.isoformat()


@pytest.mark.req("R-205")
@pytest.mark.parametrize("phase", ["referred", "withdrawn"])
def test_a_stay_that_ends_early_closes_its_open_wave(phase: str) -> None:
    facts = stay(seats=(), evenings=(), phase=phase, ended_on=nth(1))
    assert names(on(facts, nth(2))) == ["baseline 1 closed"]


@pytest.mark.req("R-205")
def test_nothing_opens_after_a_stay_ended_early() -> None:
    facts = stay(phase="withdrawn", ended_on=nth(-1), consent_complete_on=nth(1))
    assert on(facts, nth(2)) == []


# ---- On hold --------------------------------------------------------------


@pytest.mark.req("R-205")
@pytest.mark.parametrize("kind", ["blocked", "paused", "held"])
def test_on_hold_nothing_opens_and_it_opens_when_the_hold_ends(kind: str) -> None:
    settled = nth(8)
    running = stay(*SIX, holds=(hold(kind, nth(6) + DAY),))
    late = replace(
        running, evenings=(*running.evenings[:-1], evening(6, recorded=nth(6) + 2 * DAY))
    )
    assert names(on(late, nth(8))) == ["baseline 1 open"]
    over = replace(late, holds=(hold(kind, nth(6) + DAY, settled),))
    assert names(on(over, settled - DAY)) == ["baseline 1 open"]
    interim = one(on(over, settled), "interim")
    assert (interim.earned_on, interim.opened_on) == (nth(6), settled)
    assert interim.due_on == settled + 14 * DAY
    assert interim.reason["waited_for"] == [kind]


@pytest.mark.req("R-205")
def test_holds_that_follow_each_other_are_waited_out() -> None:
    holds = (hold("paused", nth(5), nth(7)), hold("blocked", nth(7), nth(8)))
    assert one(on(stay(*SIX, holds=holds), nth(8)), "interim").opened_on == nth(8)


@pytest.mark.req("R-205")
def test_a_wave_that_was_open_before_the_hold_stays_open() -> None:
    facts = stay(*SIX)
    held = keeps(facts, on(facts, nth(6)), holds=(hold("paused", nth(6) + DAY),))
    assert names(on(held, nth(9))) == ["baseline 1 missed", "interim 1 open"]


@pytest.mark.req("R-205")
def test_a_wave_that_opened_on_the_very_day_a_hold_began_waits_with_it() -> None:
    facts = stay(*SIX)
    held = keeps(facts, on(facts, nth(6)), holds=(hold("paused", nth(6)),))
    assert names(on(held, nth(6))) == ["baseline 1 open"]
    over = replace(held, holds=(hold("paused", nth(6), nth(7)),))
    assert one(on(over, nth(7)), "interim").opened_on == nth(7)


@pytest.mark.req("R-205")
def test_on_hold_a_follow_up_does_not_become_missed() -> None:
    opened = add_months(nth(3), 3)
    over = opened + 90 * DAY
    facts = goodbye(stay(), nth(3))
    facts = keeps(facts, on(facts, opened), holds=(hold("held", opened + DAY, over),))
    assert names(on(facts, over - DAY))[-1] == "follow_up 1 open"
    assert names(on(facts, over))[-1] == "follow_up 1 missed"


@pytest.mark.req("R-218")
def test_two_waves_that_waited_for_the_same_hold_leave_one_open() -> None:
    rows = on(stay(*TWELVE, holds=(hold("paused", nth(5), nth(13)),)), nth(13))
    assert names(rows)[1:] == ["interim 1 missed", "interim 2 open"]


# ---- Corrections ----------------------------------------------------------


def without(number: int, *, of: int) -> tuple[Evening, ...]:
    wrong = evening(number, "absent_with_notice", recorded=nth(of) + DAY)
    return (evening(0), *[wrong if n == number else evening(n) for n in range(1, of + 1)])


@pytest.mark.req("R-131")
def test_a_correction_that_leaves_five_meetings_withdraws_the_open_interim() -> None:
    facts = stay(*SIX)
    corrected = keeps(facts, on(facts, nth(6)), evenings=without(3, of=6))
    assert names(on(corrected, nth(6) + DAY)) == ["baseline 1 open"]
    assert why_gone(corrected, on(facts, nth(6)), "interim", nth(6)) == "not_six"


@pytest.mark.req("R-131")
def test_an_answered_interim_never_disappears_and_its_number_is_not_given_again() -> None:
    facts = stay(*SIX)
    rows = answer(on(facts, nth(6)), "interim", 1, nth(6) + DAY)
    corrected = keeps(facts, rows, evenings=without(3, of=6))
    five = on(corrected, nth(7))
    assert names(five) == ["baseline 1 missed", "interim 1 answered"]
    assert one(five, "interim").reason["since"] == "corrected"
    assert one(five, "interim").earned_on == nth(6)
    for meetings, expected in ((7, 1), (12, 1), (13, 2)):
        more = (*without(3, of=6), *attended(*range(7, meetings + 1)))
        names_now = names(on(keeps(facts, five, evenings=more), nth(meetings)))
        assert names_now[1] == "interim 1 answered"
        assert len(names_now) == 1 + expected
    assert names_now[2] == "interim 2 open"


@pytest.mark.req("R-131")
def test_a_correction_in_the_first_block_withdraws_the_second_interim_only() -> None:
    facts = stay(*TWELVE)
    first = answer(on(facts, nth(12)), "interim", 1, nth(6) + DAY)
    corrected = keeps(facts, first, evenings=without(3, of=12))
    rows = on(corrected, nth(12) + DAY)
    assert names(rows) == ["baseline 1 missed", "interim 1 answered"]
    assert one(rows, "interim").earned_on == nth(6), "the seventh came after it was opened"


@pytest.mark.req("R-131")
def test_withdrawn_and_earned_again_opens_on_the_day_it_is_recorded() -> None:
    recorded = nth(6) + 5 * DAY
    facts = stay(*attended(1, 2, 3, 4, 5), evening(6, recorded=recorded))
    interim = one(on(facts, recorded, noticed_on=recorded), "interim")
    assert (interim.earned_on, interim.opened_on) == (nth(6), recorded)


@pytest.mark.req("R-131")
def test_a_correction_that_moves_the_sixth_moves_the_open_interim_with_it() -> None:
    wrong = (*attended(1, 2), evening(3, "absent_with_notice"), *attended(4, 5, 6, 7))
    facts = stay(*wrong)
    rows = on(facts, nth(7))
    right = keeps(
        facts,
        rows,
        evenings=(
            evening(0),
            *attended(1, 2),
            evening(3, recorded=nth(7) + DAY),
            *attended(4, 5, 6, 7),
        ),
    )
    moved = one(on(right, nth(7) + DAY, noticed_on=nth(7) + DAY), "interim")
    assert (moved.earned_on, moved.opened_on) == (nth(6), nth(7))


@pytest.mark.req("R-131")
def test_reopening_an_exit_withdraws_exit_and_follow_up_and_gives_the_interim_back() -> None:
    facts = goodbye(stay(*SIX), nth(6))
    rows = on(facts, nth(6))
    assert names(rows) == ["baseline 1 missed", "exit 1 open"]
    reopened = keeps(
        facts,
        rows,
        phase="participating",
        last_meeting_on=None,
        exited_on=None,
        ended_on=None,
        exit_kind="",
    )
    day = nth(6) + 10 * DAY
    back = on(reopened, day, noticed_on=day)
    assert names(back) == ["baseline 1 missed", "interim 1 open"]
    assert one(back, "interim").opened_on == day
    assert why_gone(reopened, rows, "exit", day) == "stays"


# ---- What time will change ------------------------------------------------


@pytest.mark.req("R-205")
def test_the_next_day_on_which_time_alone_changes_something() -> None:
    running = stay(*attended(1, 2))
    assert next_day(running, on(running, nth(2)), nth(2)) is None
    leaving = replace(running, phase="leaving", last_meeting_on=nth(5))
    assert next_day(leaving, on(leaving, nth(2)), nth(2)) == nth(5)
    former = goodbye(running, nth(2))
    opens = add_months(nth(2), 3)
    assert next_day(former, on(former, nth(2)), nth(2)) == opens
    assert next_day(former, on(former, opens), opens) == opens + 61 * DAY
    over = opens + 61 * DAY
    assert next_day(former, on(former, over), over) is None


@pytest.mark.req("R-205")
def test_planning_twice_gives_the_same_waves() -> None:
    facts = stay(*TWELVE, phase="leaving", last_meeting_on=nth(12))
    rows = on(facts, nth(12))
    assert on(keeps(facts, rows), nth(12)) == rows

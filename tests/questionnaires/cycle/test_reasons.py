"""Why a wave stands, or went away, in words of both languages and for two readers (design.md 4.7).

Whether a reason is true is another question: tests/questionnaires/cycle/test_true_reasons.py.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from core import clock
from questionnaires.cycle import own_reasons, reasons
from questionnaires.cycle.reasons import WAVE_NAMES, render, wave_name
from tests.questionnaires.stays import (
    attended,
    evening,
    goodbye,
    hold,
    keeps,
    nth,
    on,
    one,
    stay,
)

DAY = timedelta(days=1)
SEVEN = (*attended(1, 2), evening(3, status="cancelled"), *attended(4, 5, 6, 7))
SIX = ["2026-01-08", "2026-01-22", "2026-02-19", "2026-03-05", "2026-03-19", "2026-04-02"]

#: Every text with what it needs, and every code, as the cycle writes them (waves.py).
TEXTS: dict[str, dict[str, Any]] = {
    "baseline": {"talked_on": "2025-12-11", "consent_complete_on": "2025-12-13"},
    "interim": {"counted": SIX, "not_counted": []},
    "exit": {"last_meeting_on": "2026-04-16"},
    "exit_closed": {"closed_on": "2026-04-17"},
    "follow_up": {"exited_on": "2026-04-18"},
}
WHY_NOT = [
    "cancelled",
    "not_written",
    "not_recorded",
    "to_come",
    "absent_with_notice",
    "absent_without_notice",
    "trial",
    "blocked",
    "no_place",
    "not_held",
]
WITHDRAWN = [
    "not_six",
    "exit_instead",
    "moved",
    "on_hold",
    "not_over",
    "drop_out",
    "stays",
    "not_complete",
    "contact_refused",
    "returned",
    "erased",
]
KINDS = ("blocked", "paused", "held")
SINCE = ("corrected", "goes_on")


@pytest.fixture(autouse=True)
def _this_year() -> Iterator[None]:
    with clock.travel(date(2026, 6, 1)):
        yield


def interim(**more: Any) -> dict[str, Any]:
    return {"text": "interim"} | TEXTS["interim"] | more


def not_counted(*whys: str) -> list[dict[str, str]]:
    return [{"date": f"2026-02-{n:02d}", "why": why} for n, why in enumerate(whys, start=1)]


def withdrawn(why: str, **more: Any) -> dict[str, Any]:
    return interim(withdrawn={"on": "2026-05-09", "why": why} | more)


def told(reason: Any) -> str:
    """All that the young person reads of what came."""
    return " ".join(own_reasons.why_it_came(reason)).strip()


# ---- For professionals ------------------------------------------------------


@pytest.mark.req("R-205")
def test_six_of_six_and_what_did_not_count_in_both_languages() -> None:
    reason = one(on(stay(*SEVEN), nth(7)), "interim").reason
    with override("nl"):
        assert render(reason) == (
            "6 van 6: 8 jan, 22 jan, 19 feb, 5 mrt, 19 mrt, 2 apr; "
            "25 dec 2025 telde niet: kennismaken; 5 feb telde niet: niet doorgegaan."
        )
    with override("en"):
        assert render(reason).startswith("6 of 6: 8 Jan, 22 Jan, 19 Feb, 5 Mar, 19 Mar, 2 Apr; ")
        assert render(reason).endswith("5 Feb did not count: cancelled.")


@pytest.mark.req("R-218")
def test_a_missed_wave_says_which_one_came() -> None:
    rows = on(stay(*SEVEN), nth(7))
    with override("nl"):
        assert render(one(rows, "baseline").reason).endswith(
            "Niet meer gevraagd: tussenmeting 1 kwam."
        )


@pytest.mark.req("R-205")
def test_a_wave_that_waited_says_for_what() -> None:
    facts = stay(*attended(1, 2, 3, 4, 5))
    held = keeps(
        facts,
        on(facts, nth(5)),
        holds=(hold("paused", nth(5) + DAY, nth(8)),),
        evenings=(evening(0), *attended(1, 2, 3, 4, 5, 6)),
    )
    reason = one(on(held, nth(8)), "interim").reason
    with override("nl"):
        assert "De vragenlijst moest wachten, want er was een pauze." in render(reason)
        assert "Hij moest even wachten, want je had pauze." in told(reason)


@pytest.mark.req("R-204")
def test_the_last_meeting_says_whose_place_it_takes_and_is_never_called_eindmeting() -> None:
    rows = on(goodbye(stay(*attended(1, 2, 3, 4, 5, 6)), nth(6)), nth(6))
    with override("nl"):
        assert render(one(rows, "exit").reason) == (
            "Laatste bijeenkomst: 19 mrt. Deze komt in plaats van tussenmeting 1 "
            "(6 van 6: 8 jan, 22 jan, 5 feb, 19 feb, 5 mrt, 19 mrt; "
            "25 dec 2025 telde niet: kennismaken)."
        )
        assert wave_name("exit") == "de evaluatie bij afscheid"
        assert [w for w in WAVE_NAMES if "eindmeting" in wave_name(w)] == ["follow_up"]


@pytest.mark.req("R-354")
def test_professionals_read_the_day_and_the_cause_of_what_was_withdrawn() -> None:
    said = {
        "not_six": "er zijn geen zes bijeenkomsten meer die meetellen",
        "exit_instead": "de evaluatie bij afscheid komt ervoor in de plaats",
        "stays": "het afscheid ging niet door",
    }
    with override("nl"):
        for why, words in said.items():
            assert render(withdrawn(why)).endswith(f"Ingetrokken op 9 mei: {words}.")
        assert render(withdrawn("moved", to="2026-05-21")).endswith(
            "Ingetrokken op 9 mei: de dag is verschoven naar 21 mei."
        )
        assert render(withdrawn("on_hold", kinds=["blocked", "paused"])).endswith(
            "Ingetrokken op 9 mei: de vragenlijst wacht, want er ontbrak toestemming en er was een "
            "pauze."
        )


@pytest.mark.req("R-354")
def test_an_evening_that_nobody_wrote_down_is_not_one_that_did_not_go_ahead() -> None:
    with override("nl"):
        said = render(interim(not_counted=not_counted("not_written", "cancelled")))
        assert "1 feb telde niet: niet ingevuld; 2 feb telde niet: niet doorgegaan." in said


# ---- For the young person ---------------------------------------------------


@pytest.mark.req("R-354")
def test_somebody_who_was_there_six_times_reads_which_and_what_we_ask() -> None:
    reason = interim(not_counted=not_counted("trial", "cancelled", "not_recorded"))
    with override("nl"):
        assert told(reason) == (
            "Je was er zes keer bij: 8 januari, 22 januari, 19 februari, 5 maart, 19 maart en "
            "2 april. Daarom vragen we hoe het met je gaat. Op 1 februari kwam je kijken. Dat telt "
            "nog niet mee. Op 2 februari was er geen bijeenkomst. Er is nog niet ingevuld of je er "
            "op 3 februari was. Klopt dat niet? Zeg het tegen je begeleider."
        )
        assert own_reasons.in_one_line(reason) == (
            "Je was er zes keer bij, de laatste keer op 2 april."
        )


@pytest.mark.req("R-354")
def test_absent_is_absent_with_or_without_a_word_and_says_what_helps() -> None:
    """No reproach: the two kinds read alike, in one sentence."""
    reason = interim(not_counted=not_counted("absent_with_notice", "absent_without_notice"))
    with override("nl"):
        said = told(reason)
    assert said.endswith(
        "Op 1 februari en 2 februari was je er niet. Klopt dat niet? Zeg het tegen je begeleider."
    )


@pytest.mark.req("R-354")
@pytest.mark.parametrize("why", own_reasons.NOT_COUNTED)
def test_two_days_of_one_cause_read_as_well_as_one(why: str) -> None:
    """They stand behind a word that one and several days share."""
    with override("nl"):
        said = told(interim(not_counted=not_counted(why, why)))
    assert re.search(r"\bop 1 februari en 2 februari\b", said, re.IGNORECASE)


@pytest.mark.req("R-354")
@pytest.mark.parametrize("kind", ["exit_closed", "follow_up"])
def test_that_somebody_left_is_never_the_whole_reason_on_a_card(kind: str) -> None:
    """Nor is it now three months later: it may have waited for half a year."""
    reason = {"text": kind} | {
        "exit_closed": {"closed_on": "2026-04-17"},
        "follow_up": {"exited_on": "2026-04-18"},
    }[kind]
    with override("nl"):
        said = own_reasons.in_one_line(reason)
    assert said == own_reasons.why_it_came(reason)[0]
    assert "willen" in said
    assert "graag weten hoe" in said
    assert "Nu, drie maanden later" not in said


def everything_said_to_somebody() -> Iterator[str]:
    for text, needs in TEXTS.items():
        reason = {"text": text, **needs, "waited_for": KINDS, "recorded_on": "2026-05-01"}
        yield own_reasons.in_one_line(reason)
        yield told(reason | {"not_counted": not_counted(*WHY_NOT)})
        yield from (told(reason | {"since": code}) for code in SINCE)
        yield told(reason | {"kept": True, "instead_of": 1})
    for why in WITHDRAWN:
        yield own_reasons.why_it_went("withdrawn", withdrawn(why))
    for kind in KINDS:
        yield own_reasons.why_it_went("withdrawn", withdrawn("on_hold", kinds=[kind]))
    yield own_reasons.why_it_went("withdrawn", withdrawn("moved", to="2026-05-21"))
    yield own_reasons.why_it_went("missed", {"missed": {"wave": "exit", "sequence": 1}})
    yield own_reasons.why_it_went(
        "missed", {"missed": {"wave": "exit", "sequence": 1}, "never_open": True}
    )
    yield own_reasons.why_it_went("missed", {"missed": {"days": 60}})
    yield own_reasons.why_it_went("closed", {})


@pytest.mark.req("R-354", "R-350")
@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_word_tells_a_young_person_about_a_consent_or_a_judgement(language: str) -> None:
    """What waits for a consent is said as on every page: something has to be arranged first."""
    told = ("toestemming", "ouder", "voogd", "consent", "parent", "guardian", "geblokkeerd")
    told += ("beoordeel", "judge", "geschikt", "suitable", " mag ", "may not")
    with override(language):
        said = list(everything_said_to_somebody())
    assert not [(text, word) for text in said for word in told if word in text.lower()]
    if language == "nl":
        assert sum("Er moest eerst iets geregeld worden." in text for text in said) == 1
        assert sum("want er moest eerst iets geregeld worden" in text for text in said) > 2


@pytest.mark.req("R-354")
def test_the_first_questionnaire_names_the_talk_and_never_the_day_of_the_consent() -> None:
    with override("nl"):
        said = told({"text": "baseline"} | TEXTS["baseline"])
    assert "11 december 2025" in said
    assert "13 december" not in said


@pytest.mark.req("R-354")
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_young_person_knows_one_name_for_every_questionnaire(language: str) -> None:
    others = ("meting", "evaluatie", "tussendoor", "baseline", "interim", "exit", "follow-up")
    with override(language):
        said = " ".join(everything_said_to_somebody()).lower()
    assert not [word for word in others if word in said]


# ---- Both -------------------------------------------------------------------


REMARKS: list[dict[str, Any]] = [
    *({"waited_for": [kind]} for kind in KINDS),
    *({"since": code} for code in SINCE),
    *({"not_counted": not_counted(why)} for why in WHY_NOT),
    {"kept": True},
    {"recorded_on": "2026-05-01"},
]


@pytest.mark.req("R-354")
@pytest.mark.parametrize("reader", [render, told])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_code_of_what_came_has_words_for_both_readers(
    reader: Callable[[Any], str], language: str
) -> None:
    with override(language):
        for text, needs in TEXTS.items():
            assert reader({"text": text} | needs), text
        bare = reader(interim())
        for remark in REMARKS:
            assert len(reader(interim(**remark))) > len(bare), remark
        goodbye = {"text": "exit"} | TEXTS["exit"]
        assert len(reader(goodbye | {"instead_of": 2})) > len(reader(goodbye))
        # a cause without words says less than any that has them
        unknown = len(reader(interim(not_counted=not_counted("?"))))
        for why in WHY_NOT:
            assert len(reader(interim(not_counted=not_counted(why)))) > unknown, why


@pytest.mark.req("R-354")
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_code_of_what_went_away_has_words_for_both_readers(language: str) -> None:
    with override(language):
        for why in WITHDRAWN:
            assert len(render(withdrawn(why))) > len(render(withdrawn("?"))), why
            assert own_reasons.why_it_went("withdrawn", withdrawn(why)), why
        for state in ("missed", "closed"):
            assert own_reasons.why_it_went(state, {}), state


@pytest.mark.req("R-354")
def test_both_readers_have_words_for_the_same_codes() -> None:
    assert set(reasons.WHY_NOT) == set(own_reasons.NOT_COUNTED) == set(WHY_NOT)
    assert set(reasons.WITHDRAWN) == set(own_reasons.WITHDRAWN) == set(WITHDRAWN)
    assert set(reasons.WAITED_FOR) == set(own_reasons.WAITED_FOR) == set(KINDS)
    assert set(own_reasons.ON_HOLD) == set(KINDS)
    assert set(reasons.SINCE) == set(own_reasons.SINCE) == set(SINCE)


@pytest.mark.req("R-354")
def test_codes_without_words_break_nothing() -> None:
    """Rows live longer than the code that wrote them."""
    odd: list[dict[str, Any]] = [
        {},
        {"text": "of another year"},
        interim(not_counted=not_counted("?"), waited_for=["?"], since="?"),
        withdrawn("?"),
        withdrawn("on_hold", kinds=["?"]),
        withdrawn("moved", to=None),
        {"withdrawn": {"on": "2026-05-09", "why": "?"}},
        {"kept": True},
    ]
    for reason in odd:
        assert isinstance(render(reason), str)
        assert isinstance(told(reason), str)
        assert isinstance(own_reasons.in_one_line(reason), str)
        for state in ("withdrawn", "missed", "closed", "?"):
            assert isinstance(own_reasons.why_it_went(state, reason), str)
    with override("nl"):
        assert render(withdrawn("?")).endswith("Ingetrokken op 9 mei.")


@pytest.mark.req("R-022")
def test_no_reason_says_a_word_that_young_people_do_not_see() -> None:
    banned = ("eenzaam", "lonely", "screening", "doelgroep", "hulpvraag", "afgewezen", "dossier")
    facts = goodbye(stay(*SEVEN), nth(8), exit_kind="other", last_meeting_on=None)
    rows = [*on(facts, nth(8)), *on(facts, nth(20))]
    for language in ("nl", "en"):
        with override(language):
            texts = [render(row.reason) for row in rows]
            texts += [str(text) for text in reasons.WITHDRAWN.values()]
            texts += everything_said_to_somebody()
            assert all(texts)
            assert not [t for t in texts for word in banned if word in t.lower()]

"""Why a wave stands, in words of both languages (design.md 4.7)."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from questionnaires.cycle.reasons import WAVE_NAMES, WITHDRAWN, render, wave_name
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


@pytest.mark.req("R-205")
def test_six_of_six_and_what_did_not_count_in_both_languages() -> None:
    reason = one(on(stay(*SEVEN), nth(7)), "interim").reason
    with override("nl"):
        assert render(reason) == (
            "6 van 6: 8 jan, 22 jan, 19 feb, 5 mrt, 19 mrt, 2 apr; "
            "25 dec telde niet: kennismaken; 5 feb telde niet: geannuleerd."
        )
    with override("en"):
        assert render(reason).startswith("6 of 6: 8 Jan, 22 Jan, 19 Feb, 5 Mar, 19 Mar, 2 Apr; ")
        assert render(reason).endswith("5 Feb did not count: cancelled.")


@pytest.mark.req("R-218")
def test_a_missed_wave_says_which_one_came() -> None:
    rows = on(stay(*SEVEN), nth(7))
    with override("nl"):
        assert render(one(rows, "baseline").reason).endswith(
            "Niet meer gevraagd: tussenvragenlijst 1 kwam."
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
    with override("nl"):
        assert "Hij wachtte, want er was een pauze." in render(
            one(on(held, nth(8)), "interim").reason
        )


@pytest.mark.req("R-204")
def test_the_last_meeting_says_whose_place_it_takes_and_is_never_called_eindmeting() -> None:
    rows = on(goodbye(stay(*attended(1, 2, 3, 4, 5, 6)), nth(6)), nth(6))
    with override("nl"):
        assert render(one(rows, "exit").reason) == (
            "De laatste keer is op 19 mrt. Deze komt in plaats van tussenvragenlijst 1."
        )
        assert "eindmeting" not in " ".join(wave_name(wave) for wave in WAVE_NAMES).lower()


@pytest.mark.req("R-022")
def test_no_reason_says_a_word_that_young_people_do_not_see() -> None:
    banned = ("eenzaam", "lonely", "screening", "doelgroep", "hulpvraag", "afgewezen", "dossier")
    facts = goodbye(stay(*SEVEN), nth(8), exit_kind="other", last_meeting_on=None)
    rows = [*on(facts, nth(8)), *on(facts, nth(20))]
    for language in ("nl", "en"):
        with override(language):
            texts = [render(row.reason) for row in rows]
            texts += [str(text) for text in WITHDRAWN.values()]
            assert all(texts)
            assert not [t for t in texts for word in banned if word in t.lower()]

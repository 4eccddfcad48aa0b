"""R-174: support becomes lighter, and that can be seen: in words and a figure, without a score."""

from datetime import date
from uuid import UUID

import pytest

from challenges.models import SupportForm
from challenges.support import named
from challenges.support.over_time import AtMeeting, Used, by_meeting, figure, in_words

DAYS = (date(2026, 9, 12), date(2026, 9, 26), date(2026, 11, 21))


def used(number: int, name: str, step: int | None) -> Used:
    return Used(UUID(int=number), DAYS[number], name, step)


def casey() -> list[AtMeeting]:
    """Modelling, prompt with rewarding, challenging."""
    return by_meeting(
        [
            used(0, "modelling", 1),
            used(1, "prompt", 2),
            used(1, "rewarding", 2),
            used(1, "role play", None),
            used(2, "challenging", 3),
        ]
    )


@pytest.mark.req("R-174")
def test_from_intensive_to_light_is_said_in_words() -> None:
    words = in_words(casey())
    assert "modelling" in words
    assert "challenging" in words
    assert words.endswith("De ondersteuning is lichter geworden.")
    back = in_words(
        [*casey(), AtMeeting(UUID(int=9), date(2026, 12, 5), (used(0, "modelling", 1),))]
    )
    assert "lichter" not in back


@pytest.mark.req("R-174")
def test_the_figure_goes_down_and_holds_no_number() -> None:
    drawn = figure(casey())
    assert drawn is not None
    assert [word for word, _y in drawn.lines] == ["intensief", "ertussenin", "licht"]
    heights = [int(point.split(",")[1]) for point in drawn.path.split()]
    assert heights == sorted(set(heights))
    assert len(drawn.days) == 3


def test_without_a_step_there_is_no_figure_and_once_is_no_comparison() -> None:
    assert figure(by_meeting([used(0, "role play", None)])) is None
    assert in_words(by_meeting([used(0, "role play", None)])) == ""
    assert "lichter" not in in_words(by_meeting([used(0, "modelling", 1)]))


@pytest.mark.req("R-174")
def test_the_order_is_from_intensive_to_light_and_the_rest_after_it() -> None:
    forms = [
        SupportForm(key=key, intensity=step, order=n)
        for n, (key, step) in enumerate(
            {
                "role_play": None,
                "challenging": 3,
                "prompt": 2,
                "modelling": 1,
                "rewarding": 2,
            }.items()
        )
    ]
    keys = [one.key for one in named.in_order_of_intensity(forms)]
    assert keys == ["modelling", "prompt", "rewarding", "challenging", "role_play"]

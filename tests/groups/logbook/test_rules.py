"""Without a database: how long nobody talked with somebody, and what the page says beside it."""

from datetime import date, timedelta

import pytest
from django.test import override_settings

from groups.logbook.guidance import OLDER, YOUNGER, guidance
from groups.seats.last_talk import spoken

DAY = date(2026, 11, 27)


@pytest.mark.req("R-125")
class TestHowLongNobodyTalked:
    def test_it_is_counted_from_the_last_talk(self) -> None:
        told = spoken(date(2026, 10, 2), date(2026, 1, 9), DAY)
        assert (told.since, told.weeks, told.is_long_ago) == (date(2026, 10, 2), 8, True)

    def test_without_a_talk_from_the_first_day_here(self) -> None:
        told = spoken(None, date(2026, 11, 13), DAY)
        assert (told.last, told.since, told.weeks) == (None, date(2026, 11, 13), 2)
        assert not told.is_long_ago

    def test_eight_weeks_is_long_ago_a_day_less_is_not(self) -> None:
        for days, long_ago in ((56, True), (55, False)):
            assert spoken(DAY - timedelta(days=days), DAY, DAY).is_long_ago is long_ago

    def test_the_weeks_are_a_setting(self) -> None:
        with override_settings(WEEKS_WITHOUT_TALK=4):
            assert spoken(DAY - timedelta(days=28), DAY, DAY).is_long_ago

    def test_who_begins_after_the_meeting_waits_for_nothing(self) -> None:
        assert spoken(None, DAY + timedelta(days=3), DAY).weeks == 0


@pytest.mark.req("R-095")
def test_groups_under_18_get_other_guidance_with_more_lead() -> None:
    assert guidance(16) is YOUNGER
    assert guidance(18) is YOUNGER
    assert guidance(23) is OLDER


@pytest.mark.req("R-139")
def test_every_line_about_the_activity_asks_first_what_the_participants_did() -> None:
    for lines in (YOUNGER, OLDER):
        assert str(lines.activity).startswith(("What did the participants", "Wat regelden de deel"))

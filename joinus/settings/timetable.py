"""When beat calls what: the mails, and every step of the sweep by itself.

A tick of a step that waited longer than until the next one is dropped; that of the mails after five
minutes, because beat and worker may be on machines whose clocks differ by more than its twenty
seconds. The nightly steps are called every hour: the first call after three at night finds work,
and when the machine slept, the next one.
"""

from datetime import timedelta
from typing import Any

from celery.schedules import crontab

FIVE_MINUTES, AN_HOUR = timedelta(minutes=5), timedelta(hours=1)

#: What happened lately, and days that begin.
EVERY_FIVE_MINUTES = (
    "mergers",
    "birthdays",
    "parental_reminders",
    "first_contacts",
    "interest_news",
    "stopped_contacts",
    "kept_seats",
    "moves_begin",
    "waves",
)
#: Follows every open wave; what it writes leaves on the morning of the day at the earliest.
EVERY_HOUR = ("wave_messages",)
#: Everything there is, so that nothing slips through for longer than a night.
ONCE_A_NIGHT = (
    "ages",
    "parental_reminders_left",
    "first_contacts_left",
    "interest_over",
    "receipts_over",
    "contacts_and_holds",
    "came_back",
    "seats_left",
    "moves_left",
    "moves_lapse",
    "names_of_visitors",
    "challenges_left",
    "proposals_lapse",
    "challenge_reminders",
    "waves_left",
    "waves_of_the_week",
    "drafts",
    "jottings",
)


def _entry(step: str, schedule: Any, expires: timedelta) -> dict[str, Any]:
    return {
        "task": f"joinus.home.tasks.{step}",
        "schedule": schedule,
        "options": {"expires": expires.total_seconds()},
    }


def _spread(steps: int) -> list[int]:
    """A minute of the hour for each, behind what comes every hour, as far apart as possible."""
    first, last = 8, 59
    return [first + number * (last + 1 - first) // steps for number in range(steps)]


BEAT: dict[str, dict[str, Any]] = {
    "send what waits": {
        "task": "core.messaging.tasks.send_due",
        "schedule": timedelta(seconds=20),
        "options": {"expires": FIVE_MINUTES.total_seconds()},
    },
    "count what groups did": _entry("count_groups", AN_HOUR, AN_HOUR),
    **{step: _entry(step, FIVE_MINUTES, FIVE_MINUTES) for step in EVERY_FIVE_MINUTES},
    **{step: _entry(step, crontab(minute="2"), AN_HOUR) for step in EVERY_HOUR},
    **{
        step: _entry(step, crontab(minute=str(minute)), AN_HOUR)
        for step, minute in zip(ONCE_A_NIGHT, _spread(len(ONCE_A_NIGHT)), strict=True)
    },
}

"""Waves in words, for professionals: their name, and why they opened (design.md 4.7)."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from questionnaires.models import Invitation, Wave


def wave_name(wave: str, sequence: int) -> str:
    """"Start", "In between 2" ...: a wave that comes more than once carries its number."""
    return {
        Wave.BASELINE: _("Start"),
        Wave.INTERIM: _("In between %(number)d") % {"number": sequence},
        Wave.EXIT: _("Last meeting"),
        Wave.FOLLOW_UP: _("Three months later"),
    }[Wave(wave)]


def reason_of(invitation: Invitation) -> str:
    """One sentence on why this wave is there."""
    day = _day(invitation.earned_on)
    return {
        Wave.BASELINE: _("Since %(day)s the first talk is done and every yes is there."),
        Wave.INTERIM: _("The sixth meeting was on %(day)s."),
        Wave.EXIT: _("The last meeting is on %(day)s."),
        Wave.FOLLOW_UP: _("Three months after leaving: %(day)s."),
    }[Wave(invitation.wave)] % {"day": day}


def _day(day: Any) -> str:
    return date_format(day, "j F Y")

"""What a young person reads about another group: the question, and what came of it (R-377).

A no of the coordinator is not told here: a worker does that (`groups.seats.move_todos`).
"""

from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.organisations.models import Group
from groups.models import GroupMove, Meeting
from groups.seats.moving import LAPSES_AFTER, Waits, waits_for


def of_the_question(asked: GroupMove) -> dict[str, Any]:
    """For the page that asks. `first_day`: None when it would be at once; `until`: the last day to
    answer, None when the question stays."""
    today = clock.today()
    meetings = Meeting.objects.upcoming(clock.now()).filter(group=asked.to_group_id)
    stays = asked.from_group.state == Group.State.CLOSED
    return {
        "weekday": WEEKDAYS[asked.to_group.weekday],
        "first_day": asked.first_day if asked.first_day > today else None,
        "first_time": meetings.filter(date__gte=max(asked.first_day, today)).first(),
        "until": None if stays else clock.day_of(asked.asked_at) + LAPSES_AFTER,
    }


def said(asked: GroupMove) -> str:
    """At once after the own answer."""
    if asked.own != GroupMove.Answer.YES:
        return _("Fine. You stay where you are.")
    return _("Thanks.") + " " + stands(asked)


def stands(asked: GroupMove) -> str:
    """How it is now, in one or two sentences; of one that was answered, or is over."""
    words = {
        "group": asked.to_group,
        "day": date_format(asked.first_day, "l j F"),
    }
    if asked.ended_why == GroupMove.Ended.DONE:
        if asked.first_day > clock.today():
            return _("From %(day)s you come to %(group)s. Until then you come here.") % words
        return _("You are in %(group)s now.") % words
    if asked.ended_at is None and asked.own == GroupMove.Answer.YES:
        if Waits.COORDINATOR in waits_for(asked):
            return _("It is not certain yet. You hear from your youth worker.")
        return _("Your youth worker arranges it.")
    if asked.ended_why == GroupMove.Ended.NOT_AGREED:
        return _("You hear from your youth worker how it goes on. Until then you come here.")
    if asked.ended_why == GroupMove.Ended.REFUSED:
        return _("You stay where you are.")
    return _("This question is no longer there. You stay where you are.")

"""A thread for who may not know whose it is: masked words, months by number. Pure (R-268).

What the young person answered in a questionnaire is left out: only the group's own workers read an
individual answer (R-005, trust.md 3).
"""

from dataclasses import replace
from datetime import date

from challenges.thread.entries import Thread
from challenges.thread.masking import Mask
from core.months import add_months, months_between

#: Where months are counted from; it is no day of anybody.
NO_DAY = date(2000, 1, 1)
#: A month has a beginning, a middle and an end, and no more than that is told.
THIRDS = (5, 15, 25)


def coarse(day: date, first: date) -> date:
    """The third of the month, in months since the one of `first`, from `NO_DAY` on."""
    third = THIRDS[min((day.day - 1) // 10, 2)]
    return add_months(NO_DAY, months_between(first, day)).replace(day=third)


def disguised(thread: Thread, mask: Mask) -> Thread:
    first = min([thread.since, *thread.days])

    def when(day: date) -> date:
        return coarse(day, first)

    def until(day: date | None) -> date | None:
        return None if day is None else when(day)

    return Thread(
        since=when(thread.since),
        today=when(thread.today),
        seen=tuple(
            replace(
                one,
                day=when(one.day),
                text=mask(one.text),
                before=mask(one.before),
                pleasant=tuple(map(mask, one.pleasant)),
                hard=tuple(map(mask, one.hard)),
            )
            for one in thread.seen
        ),
        thought=tuple(
            replace(
                one,
                day=when(one.day),
                until=until(one.until),
                outcome_on=until(one.outcome_on),
                text=mask(one.text),
                why=mask(one.why),
            )
            for one in thread.thought
        ),
        tried=tuple(
            replace(
                one,
                day=when(one.day),
                until=until(one.until),
                text=mask(one.text),
                practised=tuple(
                    replace(note, day=when(note.day), text=mask(note.text))
                    for note in one.practised
                ),
                talked=tuple(
                    replace(talk, day=when(talk.day), text=mask(talk.text)) for talk in one.talked
                ),
            )
            for one in thread.tried
        ),
        helped=tuple(replace(one, day=when(one.day)) for one in thread.helped),
    )

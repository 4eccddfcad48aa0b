"""The thread as a table: everything the drawing shows, and the words it has no room for. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from challenges.thread.disguise import NO_DAY, THIRDS
from challenges.thread.entries import Seen, Talked, Thought, Thread, Tried
from core.dates import in_full
from core.months import months_between

When = Callable[[date], str]


@dataclass(frozen=True)
class Line:
    """`kind`: which row of the drawing; `text`: the words; `more`: small lines below them."""

    day: date
    when: str
    kind: str
    name: str
    text: str
    more: tuple[str, ...] = ()


def by_number(day: date) -> str:
    """A day of a disguised thread: "beginning of month 3"."""
    number = months_between(NO_DAY, day) + 1
    words = dict(
        zip(
            THIRDS,
            (_("beginning of month {n}"), _("middle of month {n}"), _("end of month {n}")),
            strict=True,
        )
    )
    return words.get(day.day, words[THIRDS[1]]).format(n=number)


def lines(thread: Thread, when: When = in_full) -> list[Line]:
    """The oldest first; of one day in the order of the drawing."""
    found = [Line(one[0], when(one[0]), *one[1:]) for one in _all(thread, when)]
    return sorted(found, key=lambda line: line.day)


Found = tuple[date, str, str, str, tuple[str, ...]]


def _all(thread: Thread, when: When) -> Iterator[Found]:
    for seen in thread.seen:
        yield seen.day, "seen", _("Seen"), seen.text, tuple(_of_seen(seen))
    for thought in thread.thought:
        words = f"{thought.text} ({thought.name})" if thought.text else thought.name
        yield thought.day, "thought", _("Thought"), words, tuple(_of_thought(thought, thread, when))
    for tried in thread.tried:
        yield tried.day, "tried", _("Challenge"), f"“{tried.text}”", tuple(_of_tried(tried, when))
        of = f"“{tried.text}”" if len(thread.tried) > 1 else ""
        for note in tried.practised:
            where = _("at Join Us") if note.inside else _("somewhere else")
            practised = _("{outcome}, {where}").format(outcome=note.outcome, where=where)
            yield note.day, "tried", _("Practised"), practised, tuple(filter(None, (of, note.text)))
        for talk in tried.talked:
            said = [words for words in (talk.text, came_to(talk)) if words]
            words, *rest = said or [_("Nothing is noted here.")]
            yield talk.day, "tried", _("Talk"), words, tuple(filter(None, (of, *rest)))
    for helped in thread.helped:
        yield helped.day, "helped", _("Help"), helped.name, tuple(filter(None, (helped.how,)))
    for told in thread.told:
        yield told.day, "told", _("Tells"), told.words, (f"{thread.question} · {told.wave}",)


def _of_seen(seen: Seen) -> Iterator[str]:
    if seen.before:
        yield _("Situation: {words}").format(words=seen.before)
    for words in seen.pleasant:
        yield _("Pleasant: {words}").format(words=words)
    for words in seen.hard:
        yield _("Hard: {words}").format(words=words)


def _of_thought(thought: Thought, thread: Thread, when: When) -> Iterator[str]:
    days = [seen.day for seen in thread.seen if seen.key in thought.grounds]
    if days:
        yield _("Rests on what was seen: {days}").format(days="; ".join(map(when, days)))
    if n := thought.agree:
        yield ngettext("{n} youth worker agrees", "{n} youth workers agree", n).format(n=n)
    if n := thought.differ:
        yield ngettext(
            "{n} youth worker sees it otherwise", "{n} youth workers see it otherwise", n
        ).format(n=n)
    if thought.outcome and thought.outcome_on:
        said = _("{outcome}, {day}").format(outcome=thought.outcome, day=when(thought.outcome_on))
        yield f"{said}: {thought.why}" if thought.why else said


def came_to(talk: Talked) -> str:
    """How satisfied and what was chosen, in a line; nothing where neither was said."""
    said = [talk.next] if talk.next else []
    if talk.satisfied is not None:
        said.insert(0, _("Satisfied: {n} of 10").format(n=talk.satisfied))
    return str(capfirst(" · ".join(said)))


def _of_tried(tried: Tried, when: When) -> Iterator[str]:
    if tried.until:
        yield _("{outcome}, {day}").format(outcome=tried.state, day=when(tried.until))

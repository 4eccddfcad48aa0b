"""What two workers start from: how practising goes, the last talk, what is not settled. Pure."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from challenges.thread.as_table import When
from challenges.thread.entries import Thread, Tried
from core.dates import in_full


def for_the_talk(name: str, thread: Thread, when: When = in_full) -> list[str]:
    """Of each challenge that goes on, how often it was practised and where; else what was last."""
    going = [one for one in thread.tried if one.until is None]
    if going:
        return [_practising(name, one, when) for one in going]
    if thread.tried:
        return [_("{name} has no challenge at the moment.").format(name=name)]
    return [_("{name} has no challenge yet. Talk about what they would like.").format(name=name)]


def _practising(name: str, tried: Tried, when: When) -> str:
    since = _("{name} practises “{text}” since {day}").format(
        name=name, text=tried.text, day=when(tried.day)
    )
    return " ".join([_noted(since, tried), *_last_talk(tried, when)])


def _noted(since: str, tried: Tried) -> str:
    inside = sum(note.inside for note in tried.practised)
    outside = len(tried.practised) - inside
    if not tried.practised:
        return _("{since}. Nothing is noted about practising yet.").format(since=since)
    if not outside:
        return ngettext(
            "{since}: {n} time at Join Us, not outside it yet.",
            "{since}: {n} times at Join Us, not outside it yet.",
            inside,
        ).format(since=since, n=inside)
    if not inside:
        return ngettext(
            "{since}: {n} time outside Join Us, not at Join Us yet.",
            "{since}: {n} times outside Join Us, not at Join Us yet.",
            outside,
        ).format(since=since, n=outside)
    return _("{since}: {inside} × at Join Us, {outside} × outside it.").format(
        since=since, inside=inside, outside=outside
    )


def _last_talk(tried: Tried, when: When) -> Iterator[str]:
    """The newest; of two in one part of a month, under another name, the one that came later."""
    for last in sorted(tried.talked, key=lambda talk: talk.day)[-1:]:
        yield _("Last talk about it: {day}.").format(day=when(last.day))
        if last.satisfied is not None:
            yield _("Satisfied: {n} of 10.").format(n=last.satisfied)


def thinking(thread: Thread) -> list[str]:
    """What is not settled between the workers: a hypothesis without an outcome."""
    return [
        _("Not talked over yet: {hypothesis}").format(hypothesis=one.text or one.name)
        for one in thread.thought
        if not one.outcome
    ]

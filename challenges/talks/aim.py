"""What the next talk with somebody is for (R-127, R-128): it follows from their challenges.

Starting: insight in the own behaviour, then with motivation a challenge. Longer in the group: how
practising goes, how satisfied, is a new one needed. Groups under 18 get more lead (R-095).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from challenges.models import Challenge, PracticeNote
from challenges.register.practising.notes import OFTEN, suggests_talk
from core.ports import TalkAim
from groups.logbook.guidance import ADULT

State = Challenge.State


class Kind(StrEnum):
    """From the first talk to the last one."""

    INSIGHT = "insight"
    EVALUATE = "evaluate"
    NOT_IN_ONE_GO = "not_in_one_go"
    WHAT_NOW = "what_now"


@dataclass(frozen=True)
class Stand:
    """One challenge, as much as the aim asks of it. `outcomes`: of practising, newest first."""

    state: str
    outcomes: Sequence[str] = ()


@dataclass(frozen=True)
class Aim:
    """`text`: in a line; `questions`: what to ask, fewer and more open for who is older."""

    kind: Kind
    text: Promise
    questions: tuple[Promise, ...]


def kind_of(stands: Collection[Stand]) -> Kind:
    """Pure. Whoever never had a challenge is starting, however long they are here."""
    going = [one for one in stands if one.state == State.GOING]
    if any(suggests_talk(one.outcomes) for one in going):
        return Kind.NOT_IN_ONE_GO
    if going:
        return Kind.EVALUATE
    return Kind.WHAT_NOW if stands else Kind.INSIGHT


TEXTS: dict[Kind, Promise] = {
    Kind.INSIGHT: gettext_lazy("Look together at what somebody does; a challenge follows from it"),
    Kind.EVALUATE: gettext_lazy("How does practising go, how satisfied, is a new one needed?"),
    Kind.NOT_IN_ONE_GO: gettext_lazy(
        "Twice “not yet”: is it small enough, or does something else fit better?"
    ),
    Kind.WHAT_NOW: gettext_lazy("No challenge now: something new, or is it enough like this?"),
}
#: More lead: say what you saw, offer, agree on where and when.
YOUNGER: dict[Kind, tuple[Promise, ...]] = {
    Kind.INSIGHT: (
        gettext_lazy("Tell what you saw, in plain words, and ask whether that is right."),
        gettext_lazy("What would they like to be different? Ask until it is their own wish."),
        gettext_lazy("Name two or three small things to try. They choose."),
        gettext_lazy("Agree together on where and when."),
    ),
    Kind.EVALUATE: (
        gettext_lazy("Go together through where they practised, here and elsewhere."),
        gettext_lazy("Ask for a figure from 0 to 10. What would one figure more look like?"),
        gettext_lazy("Is it done, does it go on, or is something new needed?"),
        gettext_lazy("Agree together on the next time: where, and with whom."),
    ),
    Kind.NOT_IN_ONE_GO: (
        gettext_lazy("Say that it does not have to work in one go."),
        gettext_lazy("Which piece did work? Start from there."),
        gettext_lazy("Name a smaller step yourself, or something else, and let them choose."),
    ),
    Kind.WHAT_NOW: (
        gettext_lazy("Look back together at what they dared."),
        gettext_lazy("Is there something they still would like to learn here? Name an example."),
        gettext_lazy("Nothing any more? Then talk about going on by themselves. They decide."),
    ),
}
OLDER: dict[Kind, tuple[Promise, ...]] = {
    Kind.INSIGHT: (
        gettext_lazy("Ask what they notice themselves, and what that brings them."),
        gettext_lazy("What would they like to be different, and why?"),
        gettext_lazy("Does a challenge come out of it? Let them word it."),
    ),
    Kind.EVALUATE: (
        gettext_lazy("How does practising go, and what helps?"),
        gettext_lazy("How satisfied, from 0 to 10?"),
        gettext_lazy("Does it go on, or is something new needed?"),
    ),
    Kind.NOT_IN_ONE_GO: (
        gettext_lazy("What stood in the way, and what did work?"),
        gettext_lazy("Smaller, otherwise, or something else? They decide."),
    ),
    Kind.WHAT_NOW: (
        gettext_lazy("What did it bring, and is there something left?"),
        gettext_lazy("Something new, or is it enough like this? They decide."),
    ),
}


def aim_of(stands: Collection[Stand], age_until: int) -> Aim:
    """Pure. By the age band of the group."""
    kind = kind_of(stands)
    return Aim(kind, TEXTS[kind], (YOUNGER if age_until <= ADULT else OLDER)[kind])


def stands_of(stays: Collection[UUID]) -> dict[UUID, list[Stand]]:
    """The challenges of these stays, in one statement, no words; who asks has them in sight."""
    notes = PracticeNote.objects.in_force().filter(challenge=OuterRef("pk"))
    newest = notes.order_by("-on", "-at", "-id").values("outcome")[:OFTEN]
    rows = Challenge.objects.filter(trajectory__in=stays).annotate(outcomes=ArraySubquery(newest))
    found: dict[UUID, list[Stand]] = {stay: [] for stay in stays}
    for row in rows.only("trajectory_id", "state"):
        last: list[str] = row.outcomes  # type: ignore[attr-defined]
        found[row.trajectory_id].append(Stand(row.state, last))
    return found


def beside_a_talk(meeting: Any, stays: Collection[UUID]) -> Mapping[UUID, TalkAim]:
    """Answers the port talk_aims: for the logbook of this meeting."""
    until = meeting.group.age_until
    return {
        stay: TalkAim(
            text=str(aim_of(stands, until).text),
            url=f"{reverse('challenges:talk', args=[stay])}?bijeenkomst={meeting.pk}",
            label=_("Note it with the challenge"),
        )
        for stay, stands in stands_of(stays).items()
    }

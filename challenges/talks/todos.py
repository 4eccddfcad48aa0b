"""What waits because of a challenge: a talk after twice *nog niet*, and what now that none is left.

Both workers read both. The second proposes to talk about leaving and never does more (R-163): it
leads to the steps of a goodbye, where the participant decides in a talk (R-094, R-178, R-179).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateField, Exists, Max, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from challenges.models import Challenge, Evaluation, PracticeNote, Proposal
from challenges.models.challenge import PROPOSAL_STANDS
from challenges.permissions import NOTE
from challenges.register.ending import BY_WORD
from challenges.register.practising.notes import OFTEN, Outcome, suggests_talk
from challenges.todo_kinds import Kind
from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import may, reach
from core.facts import Asked, Facts
from core.ports import Part, Todo, TodoRule, each
from groups.models import Talk
from groups.seats.newcomers import ago
from participants.models import ExitTalk, Trajectory
from participants.models.recusal import not_recused

#: A second *nog niet* of longer ago is not asked about any more.
LOOK_BACK = timedelta(days=60)


@dataclass(frozen=True)
class TwiceNotYet:
    """The newest outcomes of one challenge that goes on, and the moment of the last."""

    id: UUID
    stay: UUID
    name: str
    outcomes: tuple[str, ...]
    at: datetime


def _twice(user: Viewer) -> QuerySet[Any]:
    """Gone with the next note, or once somebody talked with them: here or at a meeting."""
    notes = PracticeNote.objects.in_force().filter(challenge=OuterRef("pk"))
    newest = notes.order_by("-on", "-at", "-id")
    talked = Talk.objects.in_force().filter(
        trajectory=OuterRef("trajectory"), written_at__gt=OuterRef("last_at")
    )
    said = Evaluation.objects.filter(challenge=OuterRef("pk"), at__gt=OuterRef("last_at"))
    rows = Challenge.objects.going().filter(
        reach(user, NOTE).as_q("trajectory__group__"),
        not_recused(user, "trajectory__participant"),
        Exists(notes.filter(outcome=Outcome.NOT_YET, at__gte=clock.now() - LOOK_BACK)),
        trajectory__phase__in=Trajectory.Phase.IN_GROUP,
        trajectory__stopped_on__isnull=True,
        trajectory__blocked_reason="",
    )
    rows = rows.annotate(
        last_at=Subquery(newest.values("at")[:1]),
        outcomes=ArraySubquery(newest.values("outcome")[:OFTEN]),
    )
    return rows.exclude(Exists(talked)).exclude(Exists(said))


def _talk(row: TwiceNotYet, asked: Asked) -> Todo | None:
    if not suggests_talk(row.outcomes):
        return None
    day = clock.day_of(row.at)
    return Todo(
        kind=Kind.TALK_ABOUT_CHALLENGE,
        about=row.id,
        urgency=2,
        when=ago(day, asked.day),
        title=_("Talk with {name} about the challenge").format(name=row.name),
        reason=_("Twice “not yet”. Maybe it can be smaller, or something else fits better."),
        action=_("Note the talk"),
        url=reverse("challenges:evaluate", args=[row.stay, row.id]),
        since=day,
        stay_id=row.stay,
    )


@dataclass(frozen=True)
class NoneLeft:
    """Somebody who takes part, whose last challenge ended on `ended`."""

    id: UUID
    name: str
    ended: date
    satisfaction: int | None
    no_new_one: bool


def _none_left(user: Viewer) -> QuerySet[Any]:
    """Gone with a new challenge, or words that are proposed for one; when something new is wanted;
    and after a talk about leaving."""
    proposed = Proposal.objects.open().filter(
        trajectory=OuterRef("pk"), at__gt=clock.now() - PROPOSAL_STANDS
    )
    of_stay = Challenge.objects.filter(trajectory=OuterRef("pk"))
    ended = of_stay.filter(state__in=BY_WORD)
    last = ended.order_by().values("trajectory").annotate(day=Max("ended_on")).values("day")
    newest = ended.filter(ended_on=OuterRef("ended")).order_by("-id")
    talked = ExitTalk.objects.filter(trajectory=OuterRef("pk"), held_on__gte=OuterRef("ended"))
    rows = Trajectory.objects.filter(
        reach(user, NOTE).as_q("group__"),
        not_recused(user),
        ~Exists(of_stay.filter(state=Challenge.State.GOING)),
        ~Exists(proposed),
        phase=Trajectory.Phase.PARTICIPATING,
        blocked_reason="",
    )
    rows = rows.annotate(ended=Subquery(last, output_field=DateField())).filter(Exists(ended))
    rows = rows.annotate(
        satisfaction=Subquery(newest.values("satisfaction")[:1]),
        no_new_one=Exists(newest.filter(wants_another=False)),
    )
    return rows.exclude(Exists(newest.filter(wants_another=True))).exclude(Exists(talked))


def _what_now(row: NoneLeft, asked: Asked) -> Todo:
    day = date_format(row.ended, "j F")
    reason = _("The last challenge ended on {day}. {name} decides: something new, or going on.")
    if row.no_new_one:
        reason = _("The last challenge ended on {day}; {name} wants no new one now.")
    reason = reason.format(day=day, name=row.name)
    if row.satisfaction is not None:
        reason += " " + _("Satisfied: {n} of 10.").format(n=row.satisfaction)
    return Todo(
        kind=Kind.NO_CHALLENGE_LEFT,
        about=row.id,
        urgency=2,
        when=ago(row.ended, asked.day),
        title=_("Talk with {name}: something new, or time for goodbye?").format(name=row.name),
        reason=reason,
        action=_("Talk about it"),
        url=reverse("groups:leave", args=[row.id]),
        since=row.ended,
        stay_id=row.id,
    )


def _leads(user: Viewer) -> bool:
    return may(user, NOTE)


TWICE = Facts(
    TwiceNotYet,
    _twice,
    {"stay": "trajectory_id", "name": "trajectory__shown_name", "at": "last_at"},
)
NONE_LEFT = Facts(NoneLeft, _none_left, {"name": "shown_name"})

RULES = (
    TodoRule(
        (Kind.TALK_ABOUT_CHALLENGE, Kind.NO_CHALLENGE_LEFT),
        parts=(Part(TWICE, each(_talk)), Part(NONE_LEFT, each(_what_now))),
        asks=_leads,
        of_a_stay=True,
    ),
)

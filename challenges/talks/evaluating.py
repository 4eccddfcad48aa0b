"""What a talk about a challenge came to, written by a youth worker (R-168).

The young person decides what it came to; the worker writes that down. Saving again on the same day
changes the evaluation of that day. Locks: the stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from challenges.models import Challenge, Evaluation
from challenges.register.choosing import require_writer
from challenges.register.ending import BY_WORD, MAY_END, lay_aside, reach_challenge
from core import clock
from core.accounts.models import User
from core.errors import NotYours, RuleBroken
from groups.models import Talk
from participants.models import Trajectory
from participants.models.leaving import SCALE
from participants.stay.lock import lock

Next, State = Evaluation.Next, Challenge.State


class CameTo(StrEnum):
    """What the talk came to. Of an ended one only whether something new is wanted is asked."""

    GO_ON = "go_on"
    REACHED_ANOTHER = "reached_another"
    REACHED_NONE = "reached_none"
    ASIDE_ANOTHER = "aside_another"
    ASIDE_NONE = "aside_none"
    ANOTHER = "another"
    NONE = "none"


ENDS = {
    CameTo.REACHED_ANOTHER: (reach_challenge, True),
    CameTo.REACHED_NONE: (reach_challenge, False),
    CameTo.ASIDE_ANOTHER: (lay_aside, True),
    CameTo.ASIDE_NONE: (lay_aside, False),
}
AFTERWARDS = {CameTo.ANOTHER: True, CameTo.NONE: False}
NEXT = {True: Next.ANOTHER, False: Next.NONE_NEEDED}


@dataclass(frozen=True)
class Said:
    """Every part may stay empty."""

    how_it_goes: str = ""
    satisfaction: int | None = None
    came_to: str = ""


@transaction.atomic
def note_evaluation(
    *, challenge: Challenge, said: Said, by: User, talk: Talk | None = None
) -> Evaluation:
    """Keep it, and end the challenge where the talk came to that. Nobody leaves the group by it.

    Raises NotYours("not_yours"); RuleBroken: not_taking_part, waits_for_a_yes, off_the_scale,
    unknown_outcome, nothing_said, already_ended.
    """
    stay = lock(challenge.trajectory)
    require_writer(stay, by)
    if by.is_participant:
        raise NotYours(_("A youth worker notes the talk."), "not_yours")
    _require_running(stay)
    challenge.refresh_from_db()
    _require_sense(challenge, said)
    row = evaluation_of(challenge) or Evaluation(challenge=challenge, on=clock.today())
    before = (row.how_it_goes, row.satisfaction, row.next)
    row.how_it_goes, row.satisfaction = said.how_it_goes.strip(), said.satisfaction
    row.next = _next(said.came_to)
    row.talk = talk or row.talk
    if row.version == 0 or before != (row.how_it_goes, row.satisfaction, row.next):
        row.version, row.by, row.at = row.version + 1, by, clock.now()
    row.save()
    _come_to(challenge, said, by)
    return row


def evaluation_of(challenge: Challenge) -> Evaluation | None:
    """Of today, by whichever of the workers."""
    return Evaluation.objects.filter(challenge=challenge, on=clock.today()).first()


def to_talk_about(rows: list[Challenge]) -> list[Challenge]:
    """Pure. What goes on; where nothing does, what ended last."""
    going = [row for row in rows if row.state == State.GOING]
    ended = [row for row in rows if row.state in BY_WORD and row.ended_on is not None]
    if going or not ended:
        return going
    return [max(ended, key=lambda row: (row.ended_on or row.chosen_on, row.pk))]


def _next(came_to: str) -> str:
    if came_to == CameTo.GO_ON:
        return Next.GO_ON
    for known, (_act, another) in ENDS.items():
        if came_to == known:
            return NEXT[another]
    return NEXT[AFTERWARDS[CameTo(came_to)]] if came_to in AFTERWARDS else ""


def _require_running(stay: Trajectory) -> None:
    if stay.phase not in MAY_END:
        raise RuleBroken(_("This stay is not running any more."), "not_taking_part")
    if stay.blocked_reason:
        raise RuleBroken(_("Something has to be arranged first."), "waits_for_a_yes")


def _require_sense(challenge: Challenge, said: Said) -> None:
    if said.satisfaction is not None and said.satisfaction not in SCALE:
        raise RuleBroken(_("Choose a figure from 0 to 10."), "off_the_scale", "satisfaction")
    if said.came_to and said.came_to not in list(CameTo):
        raise RuleBroken(_("Choose what it came to."), "unknown_outcome", "came_to")
    if not (said.how_it_goes.strip() or said.came_to or said.satisfaction is not None):
        raise RuleBroken(_("Fill in at least one of these."), "nothing_said")
    going = challenge.state == State.GOING
    if (said.came_to == CameTo.GO_ON and not going) or (said.came_to in AFTERWARDS and going):
        raise RuleBroken(
            _("This challenge is “%(state)s” already.") % {"state": challenge.get_state_display()},
            "already_ended",
            "came_to",
        )


def _come_to(challenge: Challenge, said: Said, by: User) -> None:
    for known, (act, another) in ENDS.items():
        if said.came_to == known:
            act(
                challenge=challenge,
                by=by,
                satisfaction=said.satisfaction,
                wants_another=another,
            )
    for known, another in AFTERWARDS.items():
        if said.came_to == known:
            challenge.wants_another = another
            challenge.save(update_fields=["wants_another"])

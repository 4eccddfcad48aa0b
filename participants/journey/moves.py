"""Which moves a stay can make, who may make each, and why: one table, read by rule and page.

A move not in ALLOWED does not exist. `check_move` is asked by `journey` before it writes.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.actors import Actor, is_participant
from core.accounts.rights import reach
from core.errors import NotYours, RuleBroken
from participants.models import Participant, Trajectory
from participants.permissions import DECIDE
from participants.recusal.recusal import coordinates

Phase = Trajectory.Phase


class Who(StrEnum):
    PERSON = "person"
    WORKER = "worker"
    COORDINATOR = "coordinator"
    NOBODY = "nobody"  # nobody is signed in: the public form, an erasure applied again


#: Who meets the young person, for a page.
PEOPLE = (Who.PERSON, Who.WORKER)
WHO: dict[Who, Promise] = {
    Who.PERSON: gettext_lazy("the young person"),
    Who.WORKER: gettext_lazy("a youth worker of the group"),
    Who.COORDINATOR: gettext_lazy("the coordinator of the region, when data are erased"),
    Who.NOBODY: gettext_lazy("by itself"),
}


@dataclass(frozen=True)
class Move:
    """Who may make it and why it exists; `reason_needed`: not without a word about why."""

    who: frozenset[Who]
    why: Promise
    reason_needed: bool = False


def _by(*who: Who, why: Promise, reason_needed: bool = False) -> Move:
    return Move(frozenset(who), why, reason_needed)


_SIGN_UP = _by(Who.PERSON, Who.NOBODY, why=gettext_lazy("Only the young person signs up."))
_REFERRED = _by(Who.WORKER, why=gettext_lazy("Something else helps better; told in person."))
_WITHDRAWN = _by(*Who, why=gettext_lazy("Nobody has to come; the door stays open."))
_LEAVING = _by(
    Who.PERSON,
    Who.WORKER,
    why=gettext_lazy("You agree on a last evening together; or somebody under 16 stops."),
)
_FORMER = _by(*Who, why=gettext_lazy("Everybody may stop at any moment, without a reason."))

ALLOWED: dict[str, dict[str, Move]] = {
    "": {Phase.SIGNED_UP: _SIGN_UP},
    Phase.SIGNED_UP: {
        Phase.INTAKE: _by(Who.WORKER, why=gettext_lazy("The first talk begins.")),
        Phase.REFERRED: _REFERRED,
        Phase.WITHDRAWN: _WITHDRAWN,
    },
    Phase.INTAKE: {
        Phase.TRIAL: _by(
            Who.WORKER, why=gettext_lazy("The talk went well: one evening to look around.")
        ),
        Phase.REFERRED: _REFERRED,
        Phase.WITHDRAWN: _WITHDRAWN,
    },
    Phase.TRIAL: {
        Phase.PARTICIPATING: _by(
            Who.WORKER, why=gettext_lazy("Both sides want it, and every yes is there.")
        ),
        Phase.REFERRED: _REFERRED,
        Phase.WITHDRAWN: _WITHDRAWN,
    },
    Phase.PARTICIPATING: {
        Phase.PAUSED: _by(
            Who.WORKER,
            why=gettext_lazy("Away for a while; the place stays, nothing is asked."),
            reason_needed=True,
        ),
        Phase.LEAVING: _LEAVING,
        Phase.FORMER: _FORMER,
    },
    Phase.PAUSED: {
        Phase.PARTICIPATING: _by(
            Who.PERSON, Who.WORKER, why=gettext_lazy("Coming back needs nobody's permission.")
        ),
        Phase.LEAVING: _LEAVING,
        Phase.FORMER: _FORMER,
    },
    Phase.LEAVING: {
        Phase.PARTICIPATING: _by(Who.WORKER, why=gettext_lazy("The last evening is off.")),
        Phase.FORMER: _FORMER,
    },
    Phase.FORMER: {
        Phase.PARTICIPATING: _by(
            Who.WORKER,
            why=gettext_lazy("Closed by mistake; within thirty days."),
            reason_needed=True,
        )
    },
    Phase.REFERRED: {},
    Phase.WITHDRAWN: {},
}


def who_is(by: Actor, trajectory: Trajectory) -> frozenset[Who]:
    """What this user is to this stay today; a stranger is nothing."""
    if by is None:
        return frozenset({Who.NOBODY})
    if is_participant(by):
        own = by.pk == trajectory.participant.user_id
        return frozenset({Who.PERSON}) if own else frozenset()
    found = set()
    if trajectory.group_id in reach(by, DECIDE).groups:
        found.add(Who.WORKER)
    if coordinates(by, trajectory):
        found.add(Who.COORDINATOR)
    return frozenset(found)


def check_move(trajectory: Trajectory, to: str, *, by: Actor, reason: str) -> None:
    """Raises RuleBroken move_not_allowed or reason_needed, NotYours not_yours_to_move."""
    move = ALLOWED[trajectory.phase].get(to)
    if move is None:
        raise RuleBroken(
            _("This cannot be done now: the stay is at “%(phase)s”.")
            % {"phase": trajectory.get_phase_display()},
            code="move_not_allowed",
        )
    if not move.who & who_is(by, trajectory):
        raise NotYours(
            _("This is done by: %(who)s.")
            % {"who": ", ".join(str(WHO[w]) for w in sorted(move.who))},
            code="not_yours_to_move",
        )
    if move.reason_needed and not reason.strip():
        raise RuleBroken(_("Write down why."), code="reason_needed", field="reason")


def check_sign_up(participant: Participant, *, by: Actor) -> None:
    """Nobody signs up for somebody else. Raises NotYours("not_yours_to_move")."""
    if not ALLOWED[""][Phase.SIGNED_UP].who & who_is(by, Trajectory(participant=participant)):
        raise NotYours(_("Only the young person signs up."), code="not_yours_to_move")


@dataclass(frozen=True)
class Next:
    """A line for a page: where the stay can go from here, who does it, and why."""

    phase: str
    who: str
    why: str


def next_moves(trajectory: Trajectory) -> list[Next]:
    return [
        Next(
            str(Phase(to).label),
            ", ".join(str(WHO[w]) for w in Who if w in move.who and w in PEOPLE),
            str(move.why),
        )
        for to, move in ALLOWED[trajectory.phase].items()
    ]

"""What waits about challenges: words to look at, for a young person; who has none, for workers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from challenges.models import Challenge, Proposal
from challenges.permissions import NOTE
from challenges.todo_kinds import Kind
from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import may, reach
from core.facts import Asked, Facts, counted
from core.names import isolated
from core.organisations.models import Group
from core.ports import Part, Todo, TodoRule, each
from groups.models import Placement
from participants.models import Trajectory
from participants.models.recusal import not_recused

#: Who takes part between so long and so long: three to six meetings. Before it is early, and after
#: it the group's page tells it; a reminder that never goes away would push somebody.
FROM, UNTIL = timedelta(weeks=6), timedelta(weeks=12)


@dataclass(frozen=True)
class Proposed:
    """Without the words: a start page is seen by others too."""

    id: UUID
    who: str
    at: datetime


def _proposed(user: Viewer) -> QuerySet[Proposal]:
    return Proposal.objects.visible_to(user).standing(clock.now())


def _look(row: Proposed, _asked: Asked) -> Todo:
    return Todo(
        kind=Kind.CHALLENGE_PROPOSED,
        about=row.id,
        urgency=3,
        when=_("later"),
        title=_("{who} thought of something you could try").format(
            who=isolated(row.who.split(" ")[0])
        ),
        reason=_("Look whether it suits you. You decide."),
        action=_("Look"),
        url=reverse("challenges:mine"),
        since=clock.day_of(row.at),
    )


@dataclass(frozen=True)
class NoneYet:
    id: UUID
    name: str
    n: int


def _none_yet(user: Viewer) -> QuerySet[Group]:
    """Never chose anything, and nothing waits for their answer; not who pauses or is blocked."""
    today = clock.today()
    here = OuterRef("pk")
    since = Placement.objects.filter(
        trajectory=here,
        trial=False,
        last_day__isnull=True,
        first_day__lte=today - FROM,
        first_day__gt=today - UNTIL,
    )
    chosen = Challenge.objects.filter(trajectory=here)
    waiting = Proposal.objects.open().filter(trajectory=here)
    stays = Trajectory.objects.filter(
        ~Exists(chosen),
        ~Exists(waiting),
        Exists(since),
        not_recused(user),
        group=OuterRef("pk"),
        phase=Trajectory.Phase.PARTICIPATING,
        blocked_reason="",
    )
    led = Group.objects.filter(reach(user, NOTE).as_q())
    return led.annotate(n=counted(stays)).filter(n__gt=0)


def _who_has_none(row: NoneYet, _asked: Asked) -> Todo:
    reason = ngettext(
        "{group}: {n} participant did not choose anything yet. Choosing takes the time it takes.",
        "{group}: {n} participants did not choose anything yet. Choosing takes the time it takes.",
        row.n,
    )
    return Todo(
        kind=Kind.CHALLENGE_NONE_YET,
        about=row.id,
        urgency=3,
        when=_("later"),
        title=_("Talk about a challenge?"),
        reason=reason.format(group=row.name, n=row.n),
        action=_("Look"),
        url=reverse("challenges:of_group", args=[row.id]),
    )


PROPOSED = Part(Facts(Proposed, _proposed, {"who": "by__name"}), each(_look))
NONE_YET = Part(Facts(NoneYet, _none_yet), each(_who_has_none))

RULES = (
    TodoRule((Kind.CHALLENGE_PROPOSED,), parts=(PROPOSED,), own=True),
    TodoRule((Kind.CHALLENGE_NONE_YET,), parts=(NONE_YET,), asks=lambda user: may(user, NOTE)),
)

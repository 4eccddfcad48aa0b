"""What waits about hypotheses: a colleague asks what you think, gently, one line per person.

Without the words of it: a start page is seen by others too. It ends when somebody else answered as
well, when it is withdrawn or let go, and with the stay.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import BaseExpression
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from challenges.hypotheses.agreeing import BOTH
from challenges.models import Hypothesis, Opinion
from challenges.permissions import OBSERVE
from challenges.todo_kinds import Kind
from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import first_name_of
from core.accounts.portraits import workers_at
from core.accounts.rights import may
from core.dates import in_full
from core.facts import Asked, Facts, counted
from core.names import isolated
from core.ports import Part, Todo, TodoRule
from participants.models import Recusal, Trajectory

#: How long it may lie with the colleague before its writer hears that nobody answered.
QUIET = timedelta(days=7)


@dataclass(frozen=True)
class Waiting:
    """One that waits for a second pair of eyes. `who`: whose words they are now."""

    id: UUID
    stay: UUID
    name: str
    group: UUID
    who: str
    at: datetime


def _waiting(user: Viewer) -> QuerySet[Hypothesis]:
    said = _said()
    return (
        Hypothesis.objects.visible_to(user)
        .filter(
            outcome="",
            trajectory__phase__in=Trajectory.Phase.PLACED,
            trajectory__blocked_reason="",
        )
        .annotate(eyes=counted(said), since=Subquery(said.order_by("at").values("at")[:1]))
        .filter(eyes__lt=BOTH)
    )


def _said() -> QuerySet[Opinion]:
    """Of the hypothesis outside, as it stands."""
    return Opinion.objects.filter(hypothesis=OuterRef("pk"), of_version=OuterRef("version"))


def _asks(user: Viewer) -> QuerySet[Hypothesis]:
    return _waiting(user).exclude(Exists(_said().filter(by=user.pk)))


def _unanswered(user: Viewer) -> QuerySet[Hypothesis]:
    """The own ones, of which a colleague who is there and guides this person has said nothing for
    a week."""
    person = OuterRef(OuterRef("trajectory__participant"))
    out = Recusal.objects.in_force().filter(participant=person, worker=OuterRef("user"))
    others = workers_at(Q(group=OuterRef("trajectory__group"))).exclude(user=user.pk)
    others = others.exclude(Exists(out))
    mine = _said().filter(by=user.pk)
    return _waiting(user).filter(Q(since__lte=clock.now() - QUIET), Exists(mine), Exists(others))


def _per_stay(say: Callable[[list[Waiting]], Todo]) -> Callable[[list[Waiting], Asked], list[Todo]]:
    """One line for a person, however many stand beside each other."""

    def all_of(rows: list[Waiting], _asked: Asked) -> list[Todo]:
        ordered = sorted(rows, key=lambda row: (row.stay, row.at, row.id))
        return [say(list(of_one)) for _stay, of_one in groupby(ordered, key=lambda row: row.stay)]

    return all_of


def _where(rows: list[Waiting]) -> str:
    if len(rows) == 1:
        return reverse("challenges:hypothesis", args=[rows[0].id])
    return reverse("challenges:hypotheses", args=[rows[0].stay])


def _facts(rows: list[Waiting]) -> dict[str, Any]:
    first = rows[0]
    return {
        "about": first.stay,
        "urgency": 2,
        "when": _("this week"),
        "url": _where(rows),
        "since": clock.day_of(first.at),
        "group_id": first.group,
        "stay_id": first.stay,
    }


def _ask(rows: list[Waiting]) -> Todo:
    first = rows[0]
    reason = ngettext(
        "About {name}: a hypothesis. Two of you look further than one.",
        "About {name}: {n} hypotheses. Two of you look further than one.",
        len(rows),
    )
    return Todo(
        kind=Kind.HYPOTHESIS_ASKED,
        title=_("{who} asks whether you agree").format(who=isolated(first_name_of(first.who))),
        reason=reason.format(name=isolated(first.name), n=len(rows)),
        action=_("Look"),
        **_facts(rows),
    )


def _discuss(rows: list[Waiting]) -> Todo:
    first = rows[0]
    reason = _(
        "Your colleague did not answer yet, since {day}. Another youth worker of the group can look"
        " at it as well."
    )
    return Todo(
        kind=Kind.HYPOTHESIS_UNANSWERED,
        title=_("Talk over what you think about {name}").format(name=isolated(first.name)),
        reason=reason.format(day=in_full(clock.day_of(first.at))),
        action=_("Look"),
        **_facts(rows),
    )


COLUMNS: dict[str, str | BaseExpression] = {
    "stay": "trajectory",
    "name": "trajectory__shown_name",
    "group": "trajectory__group",
    "who": Subquery(_said().order_by("at").values("by__name")[:1]),
    "at": "since",
}
ASKS = Part(Facts(Waiting, _asks, COLUMNS), _per_stay(_ask))
UNANSWERED = Part(Facts(Waiting, _unanswered, COLUMNS), _per_stay(_discuss))


def _may(user: Viewer) -> bool:
    return may(user, OBSERVE)


RULES = (
    TodoRule((Kind.HYPOTHESIS_ASKED,), parts=(ASKS,), asks=_may, of_a_stay=True),
    TodoRule((Kind.HYPOTHESIS_UNANSWERED,), parts=(UNANSWERED,), asks=_may, of_a_stay=True),
)

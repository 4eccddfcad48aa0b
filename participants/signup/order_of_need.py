"""The list of sign-ups: whose turn it is. The greatest need stands first, by one rule.

For a worker that is a person a line: first who waits too long for the first contact, then a
decision to tell, then who is new, whose talk is to be planned, whose talk has begun, and last who
may come and get to know the group. For a coordinator first whoever has no group, or no worker left
in it; then the groups of the region in which somebody waits: counts, and whom to ring, for who they
are is for their workers (trust.md 3). Within a step whoever waits longest stands first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Min, Q, TextChoices
from django.utils.translation import gettext_lazy as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import reach
from participants.models import Trajectory
from participants.models.recusal import not_recused
from participants.permissions import CONSULT, SEE_APPLICANTS
from participants.recusal.who_works_here import Ring, whom_to_ring
from participants.signup.look_alikes import Alike, alike, candidates


class Step(TextChoices):
    """What a line asks for, in the order of need."""

    NO_GROUP = "no_group", _("Without a group")
    NOBODY_LEFT = "nobody_left", _("No youth worker left")
    LATE = "late", _("Waits too long")
    LATE_IN_GROUP = "late_in_group", _("Groups where somebody waits too long")
    TO_TELL = "to_tell", _("Decision to tell")
    TO_REACH = "to_reach", _("First contact")
    TO_PLAN = "to_plan", _("Talk to be planned")
    IN_TALK = "in_talk", _("First talk has begun")
    READY = "ready", _("May get to know the group")
    IN_GROUP = "in_group", _("Other groups")


ORDER = {step: place for place, step in enumerate(Step)}
#: What is read of somebody, in the order of the later fields of `SignUp`.
FACTS = (
    "pk",
    "shown_name",
    "participant__birth_date",
    "group",
    "group__name",
    "signed_up_at",
    "contacted_at",
    "waiting_since",
    "intake__decision",
    "intake__told_at",
    "intake",
    "first_contact_with__name",
    "search_name",
)
GROUP, SIGNED_UP = FACTS.index("group"), FACTS.index("signed_up_at")


@dataclass(frozen=True)
class SignUp:
    """Somebody who arrives, in a line. `led`: the reader leads the group; `late`: signed up longer
    ago than we promise to get in touch.
    """

    led: bool
    late: bool
    pk: UUID
    name: str
    born: date
    group: UUID | None
    group_name: str | None
    signed_up_at: datetime
    contacted_at: datetime | None
    waiting_since: date | None
    decision: str | None
    told_at: datetime | None
    talk: UUID | None
    rather_by: str | None
    search_name: str
    attempts: int
    candidates: list[Any]

    @property
    def step(self) -> Step:
        if self.group is None:
            return Step.NO_GROUP
        if not self.led:
            return Step.NOBODY_LEFT
        if self.decision:
            return Step.READY if self.told_at else Step.TO_TELL
        if self.talk:
            return Step.IN_TALK
        if self.contacted_at:
            return Step.TO_PLAN
        return Step.LATE if self.late else Step.TO_REACH

    @property
    def since(self) -> datetime:
        """From when this one waits: a place in line may be older than the sign-up."""
        waits = self.waiting_since if self.step == Step.READY else None
        return clock.at(waits) if waits else self.signed_up_at

    @property
    def alike(self) -> list[Alike]:
        """Who seems to be the same person, of the reader's own group."""
        return alike(self.search_name, self.candidates) if self.led else []

    @property
    def names(self) -> tuple[str, ...]:
        """What a part of a name may be found in."""
        return (self.name,)

    @property
    def in_group(self) -> UUID | None:
        return self.group

    @property
    def in_group_name(self) -> str:
        return self.group_name or ""


@dataclass(frozen=True)
class InGroup:
    """A group in which somebody waits: counts only, never a person."""

    pk: UUID
    name: str
    organisation: str
    telephone: str
    sign_ups: int
    late: int
    late_since: datetime | None
    first: datetime
    in_line: int
    in_line_since: date | None

    @property
    def step(self) -> Step:
        return Step.LATE_IN_GROUP if self.late else Step.IN_GROUP

    @property
    def since(self) -> datetime:
        return self.late_since or self.first

    @property
    def names(self) -> tuple[str, ...]:
        return self.name, self.organisation

    @property
    def in_group(self) -> UUID | None:
        return self.pk

    @property
    def in_group_name(self) -> str:
        return self.name


Line = SignUp | InGroup


def too_long(moment: datetime) -> datetime:
    """Who signed up before this, and was not spoken, waits longer than we promise (R-047)."""
    return moment - timedelta(days=settings.FIRST_CONTACT_DAYS)


def in_order(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (ORDER[line.step], line.since, line.pk))


def lines_for(user: Viewer) -> list[Line]:
    """Every line of this reader, the greatest need first; one query, two for a coordinator."""
    return in_order([*_people(user), *_groups(user)])


def rings_of(lines: Iterable[Line]) -> dict[UUID, list[Ring]]:
    """Whom to ring about the groups among these lines; one query when there are any."""
    groups = [line.pk for line in lines if isinstance(line, InGroup)]
    return whom_to_ring(groups) if groups else {}


def _people(user: Viewer) -> list[SignUp]:
    own, before = reach(user, SEE_APPLICANTS).groups, too_long(clock.now())
    rows = (
        Trajectory.objects.applicants_visible_to(user)
        .values_list(*FACTS)
        .annotate(attempts=Count("contact_attempts"), candidates=candidates(user))
        .order_by()
    )
    return [SignUp(row[GROUP] in own, row[SIGNED_UP] <= before, *row) for row in rows]


def _groups(user: Viewer) -> list[InGroup]:
    far = reach(user, CONSULT)
    if not far:
        return []
    late = Q(
        contacted_at__isnull=True, intake__isnull=True, signed_up_at__lte=too_long(clock.now())
    )
    waits: dict[str, Any] = {
        "sign_ups": Count("pk"),
        "late": Count("pk", filter=late),
        "late_since": Min("signed_up_at", filter=late),
        "first": Min("signed_up_at"),
        "in_line": Count("waiting_since"),
        "in_line_since": Min("waiting_since"),
    }
    rows = (
        Trajectory.objects.filter(
            not_recused(user),
            far.as_q("group__"),
            group__isnull=False,
            phase__in=Trajectory.Phase.ARRIVING,
        )
        .exclude(group__in=reach(user, SEE_APPLICANTS).groups)
        .values_list(
            "group",
            "group__name",
            "group__location__organisation__name",
            "group__location__organisation__phone",
        )
        .annotate(**waits)
        .order_by()
    )
    return [InGroup(*row) for row in rows]

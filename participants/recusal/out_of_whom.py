"""The coordinator's list: who stays out of whose stay. Where nobody is left stands first."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer
from core.accounts.models import first_name_of
from core.names import in_order
from participants.models import Recusal, Trajectory

#: The answers to "how does it stand?".
STATES = {"alone": _("Nobody is left"), "guided": _("A colleague goes on")}


@dataclass(frozen=True)
class Out:
    """One professional who stays out."""

    pk: UUID
    name: str
    at: datetime
    said_it_themselves: bool

    @property
    def first_name(self) -> str:
        return first_name_of(self.name)


@dataclass(frozen=True)
class OutOfWhom:
    """Somebody whose running stay one or more professionals stay out of."""

    stay: UUID
    name: str
    phase: str
    group: UUID | None
    group_name: str | None
    alone: bool
    out: list[Out]

    @property
    def state(self) -> str:
        return "alone" if self.alone else "guided"

    @property
    def names(self) -> list[str]:
        return [self.name, self.group_name or "", *(one.name for one in self.out)]

    @property
    def arrives(self) -> bool:
        return self.phase in Trajectory.Phase.ARRIVING


def out_of_whom(user: Viewer) -> list[OutOfWhom]:
    """Of the running stays in this coordinator's regions; three queries."""
    rows = (
        Recusal.objects.visible_to(user)
        .in_force()
        .order_by("at", "pk")
        .values_list("participant", "pk", "worker__name", "at", "said_by")
    )
    out: dict[UUID, list[Out]] = defaultdict(list)
    for person, pk, name, at, said_by in rows:
        out[person].append(Out(pk, name, at, said_by == Recusal.Said.WORKER))
    stays = Trajectory.objects.regionally_visible_to(user, out)
    alone = set(stays.left_alone().values_list("pk", flat=True))
    found = [
        OutOfWhom(pk, name, phase, group, group_name, pk in alone, out[person])
        for pk, person, name, phase, group, group_name in stays.values_list(
            "pk", "participant", "shown_name", "phase", "group", "group__name"
        )
    ]
    return sorted(found, key=lambda one: (not one.alone, in_order(one.name), one.stay))

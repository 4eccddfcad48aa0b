"""Somebody signs up who seems to be there already: shown to who meets them, never decided here.

The same birthday, the same postcode and nearly the same name (R-343). Who is recognised for sure
makes no second sign-up (`known_already`); this is about the others: twins with nearly one name, or
one person who typed something else. A worker looks and says, with a reason, that they are two. Only
people within the worker's own reach are compared, so nobody learns of somebody elsewhere.
"""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import User
from core.accounts.rights import reach
from core.errors import RuleBroken
from core.names import plain
from participants.models import Trajectory
from participants.models.alike import NotTheSame
from participants.models.recusal import not_recused
from participants.permissions import SEE_FILE
from participants.stay.lock import lock

#: Shorter names are the same only when they are equal.
SHORT = 3


@dataclass(frozen=True)
class Alike:
    """Another stay that may be the same person's."""

    stay: UUID
    name: str
    person: UUID


def nearly_the_same(one: str, other: str) -> bool:
    """In their plain spelling equal, one the beginning of the other, or a letter apart."""
    short, long = sorted((plain(one), plain(other)), key=len)
    if short == long:
        return bool(short)
    if len(short) < SHORT:
        return False
    if long.startswith(short):
        return True
    return _one_letter_apart(short, long)


def _one_letter_apart(short: str, long: str) -> bool:
    at = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) == len(long):
        swapped = long[:at] + long[at : at + 2][::-1] + long[at + 2 :]
        return short[at + 1 :] == long[at + 1 :] or short == swapped
    return len(long) == len(short) + 1 and short[at:] == long[at + 1 :]


def candidates(user: Viewer) -> ArraySubquery:
    """For a query of stays: who has the same birthday and postcode, within this worker's reach."""
    said = NotTheSame.objects.filter(
        Q(trajectory=OuterRef(OuterRef("pk")), other=OuterRef("participant"))
        | Q(trajectory=OuterRef("pk"), other=OuterRef(OuterRef("participant")))
    )
    others = (
        Trajectory.objects.filter(
            reach(user, SEE_FILE).as_q("group__"),
            not_recused(user),
            group__isnull=False,
            participant__erased_at=None,
            participant__birth_date=OuterRef("participant__birth_date"),
            participant__postcode=OuterRef("participant__postcode"),
        )
        .exclude(participant=OuterRef("participant"))
        .filter(~Exists(said))
        .order_by("pk")
    )
    row = JSONObject(stay="pk", name="shown_name", person="participant_id", plain="search_name")
    return ArraySubquery(others.values(row=row))


def alike(search_name: str, found: list[Any]) -> list[Alike]:
    """Of these candidates, those whose name is nearly the same; the newest stay of each person."""
    people: dict[UUID, Alike] = {}
    for one in found or ():
        row = json.loads(one) if isinstance(one, str) else one
        if nearly_the_same(search_name, row["plain"]):
            person = UUID(row["person"])
            people[person] = Alike(UUID(row["stay"]), row["name"], person)
    return list(people.values())


@transaction.atomic
def not_the_same(*, trajectory: Trajectory, other: UUID, why: str, by: User) -> NotTheSame:
    """These are two people: nobody is asked again. Said twice is once. Locks the stay.

    Raises RuleBroken("reason_needed").
    """
    lock(trajectory)
    if not why.strip():
        raise RuleBroken(_("Say how you know."), code="reason_needed", field="why")
    row, _made = NotTheSame.objects.get_or_create(
        trajectory=trajectory,
        other_id=other,
        defaults={"by": by, "at": clock.now(), "why": why.strip()},
    )
    return row

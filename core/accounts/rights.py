"""Permissions by name, and `reach(user, permission)`: the one page that answers "how far".

Each app declares its permissions in `permissions.py` with `declare()`; an unknown name raises.
It is asked per permission, never "all my roles together": a manager at A may be a worker at B.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import RoleAssignment, User
from core.accounts.roles import SCOPE_OF, Role, Scope
from core.ready_made import ReadyRows


@dataclass(frozen=True)
class Permission:
    """What somebody may do, who may hold it, and why it exists."""

    name: str
    roles: frozenset[Role]
    why: str = ""
    participants: bool = False

    def __str__(self) -> str:
        return self.name


_declared: dict[str, Permission] = {}


class UnknownPermission(Exception):
    """A permission name that no app declares."""


def declare(name: str, *roles: Role, why: str = "", participants: bool = False) -> Permission:
    """Register a permission once, at import of an app's `permissions.py`."""
    permission = Permission(name, frozenset(roles), why, participants)
    if _declared.setdefault(name, permission) != permission:
        raise ValueError(f"Permission {name} is declared twice.")
    return permission


def declared() -> dict[str, Permission]:
    return dict(_declared)


@dataclass(frozen=True)
class Reach:
    """How far one permission of one user goes today. Falsy when it goes nowhere."""

    national: bool = False
    regions: frozenset[UUID] = field(default_factory=frozenset)
    organisations: frozenset[UUID] = field(default_factory=frozenset)
    groups: frozenset[UUID] = field(default_factory=frozenset)

    def __bool__(self) -> bool:
        return bool(self.national or self.regions or self.organisations or self.groups)

    def as_q(self, path: str = "") -> Q:
        """Filter for rows that hang on a Group: `path` leads from the row to the group.

        `reach.as_q("group__")` for a row with a `group`; `as_q("")` for Group itself.
        """
        if self.national:
            return Q()
        key = f"{path}pk__in" if not path or path.endswith("__") else path
        places = {
            key: self.groups,
            f"{path}location__organisation__in": self.organisations,
            f"{path}location__region__in": self.regions,
        }
        parts = [Q(**{field: ids}) for field, ids in places.items() if ids]
        return reduce(or_, parts) if parts else Q(pk__in=[])


NOWHERE = Reach()


def reach(user: Viewer, permission: Permission | str) -> Reach:
    """The reach of `user` for `permission` today; NOWHERE for anonymous or switched-off users.

    One query a request and user: the roles in force are kept on the user object. Raises
    UnknownPermission for a name that no app declared.
    """
    name = str(permission)
    if name not in _declared:
        raise UnknownPermission(name)
    if not isinstance(user, User) or not user.is_active or user.is_participant:
        return NOWHERE
    held = _held(user)
    if name not in held.reaches:
        wanted = _declared[name].roles
        held.reaches[name] = _sum(a for a in held.roles if Role(a.role) in wanted)
    return held.reaches[name]


@dataclass(frozen=True)
class Held:
    """The roles of one user on one day, and what was worked out of them."""

    day: date
    roles: list[RoleAssignment]
    reaches: dict[str, Reach] = field(default_factory=dict)


def roles_of(user: User) -> list[RoleAssignment]:
    """The roles in force today."""
    return _held(user).roles


def _held(user: User) -> Held:
    day = clock.today()
    kept: Held | None = user.__dict__.get("_roles_in_force")
    if kept is None or kept.day != day:
        kept = Held(day, _IN_FORCE(user=user.pk, day=day))
        user.__dict__["_roles_in_force"] = kept
    return kept


def _in_force(*, user: UUID, day: date) -> QuerySet[RoleAssignment]:
    return RoleAssignment.objects.in_force(day).filter(user=user)


_IN_FORCE = ReadyRows(
    RoleAssignment,
    [field.attname for field in RoleAssignment._meta.concrete_fields],
    _in_force,
    user=UUID,
    day=date,
)


def _sum(assignments: Iterable[RoleAssignment]) -> Reach:
    national = False
    parts: dict[Scope, set[UUID]] = {scope: set() for scope in Scope}
    for a in assignments:
        scope = SCOPE_OF[Role(a.role)]
        if scope == Scope.NATIONAL:
            national = True
        elif scope == Scope.REGION and a.region_id:
            parts[scope].add(a.region_id)
        elif scope == Scope.ORGANISATION and a.organisation_id:
            parts[scope].add(a.organisation_id)
        elif a.group_id:
            parts[scope].add(a.group_id)
    return Reach(
        national,
        frozenset(parts[Scope.REGION]),
        frozenset(parts[Scope.ORGANISATION]),
        frozenset(parts[Scope.GROUP]),
    )


def may(user: Viewer, permission: Permission | str) -> bool:
    """Does this permission reach anywhere at all?"""
    return bool(reach(user, permission))


def has_role(user: Viewer, role: Role) -> bool:
    """For navigation and greetings only; rights go through `reach()`."""
    return (
        isinstance(user, User)
        and not user.is_participant
        and any(a.role == role for a in roles_of(user))
    )

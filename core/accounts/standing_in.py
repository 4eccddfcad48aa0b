"""A stand-in for everybody with the same roles: their ids are marked, to be filled in later.

So a query that starts at `visible_to(user)` is put together once for all of them (core.facts).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid5

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import RoleAssignment, User
from core.accounts.rights import Held, roles_of
from core.accounts.roles import SCOPE_OF, Role, Scope

#: The kind of account and the roles in force: who shares them, shares every query.
Key = tuple[str, frozenset[Role]]
_NAMESPACE = UUID("6c1c7b1e-0f6a-4c5e-9a39-5a9f3f1f2d11")
_FIELD = {
    Scope.GROUP: "group_id",
    Scope.ORGANISATION: "organisation_id",
    Scope.REGION: "region_id",
}


class Marked(UUID):
    """An id that stands for one or `many`; `of` gives the real value for who asks."""

    many: bool
    of: Callable[[Any], Any]

    @classmethod
    def as_id(cls, name: str, of: Callable[[Any], Any], *, many: bool = False) -> Marked:
        mark = cls(int=uuid5(_NAMESPACE, name).int)
        object.__setattr__(mark, "many", many)
        object.__setattr__(mark, "of", of)
        return mark

    def __deepcopy__(self, _memo: Any) -> Marked:
        return self


def key_of(user: Viewer) -> Key:
    if not isinstance(user, User) or not user.is_active:
        return ("", frozenset())
    if user.is_participant:
        return (user.kind, frozenset())
    return (user.kind, frozenset(Role(a.role) for a in roles_of(user)))


def stand_in(key: Key) -> User:
    """A user who was never saved; asking for a role's places gives the mark of those places."""
    kind, roles = key
    user = User(kind=kind, is_active=bool(kind))
    user.pk = Marked.as_id("user", lambda asked: asked.user.pk)
    user.__dict__["_roles_in_force"] = Held(clock.today(), [_held(role) for role in sorted(roles)])
    return user


def _held(role: Role) -> RoleAssignment:
    scope = SCOPE_OF[role]
    if scope == Scope.NATIONAL:
        return RoleAssignment(role=role)
    name = _FIELD[scope]

    def places(asked: Any) -> list[UUID]:
        held = (getattr(a, name) for a in roles_of(asked.user) if a.role == role)
        return sorted(place for place in held if place)

    return RoleAssignment(role=role, **{name: Marked.as_id(f"{role}", places, many=True)})

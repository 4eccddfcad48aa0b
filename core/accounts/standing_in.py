"""A stand-in for everybody with the same roles, so that a query is put together once for all.

A query that starts at `visible_to(user)` depends on the user by the id and by the places of the
roles in force; those are the values it is asked with (core.facts).
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import RoleAssignment, User
from core.accounts.rights import Held, roles_of
from core.accounts.roles import SCOPE_OF, Role, Scope
from core.ready_made import many

#: The kind of account and the roles in force: who shares them, shares every query.
Key = tuple[str, frozenset[Role]]
_FIELD = {
    Scope.GROUP: "group_id",
    Scope.ORGANISATION: "organisation_id",
    Scope.REGION: "region_id",
}


def key_of(user: Viewer) -> Key:
    if not isinstance(user, User) or not user.is_active:
        return ("", frozenset())
    if user.is_participant:
        return (user.kind, frozenset())
    return (user.kind, frozenset(Role(a.role) for a in _roles(user)))


def kinds_of(key: Key) -> dict[str, Any]:
    """The values a query of these people is asked with: their id, and the places of each role."""
    return {"user": UUID} | {role.value: many for role in sorted(key[1]) if _fields(role)}


def values_of(user: Viewer) -> dict[str, Any]:
    """These values of one user."""
    values: dict[str, Any] = {"user": user.pk}
    for role in key_of(user)[1]:
        for name in _fields(role):
            held = (getattr(a, name) for a in _roles(user) if a.role == role)
            values[role.value] = sorted(place for place in held if place)
    return values


def stand_in(key: Key, values: Mapping[str, Any]) -> User:
    """A user who was never saved, with these values for an id and for the places of the roles."""
    kind, roles = key
    user = User(pk=values["user"], kind=kind, is_active=bool(kind))
    held = [_assignment(role, values) for role in sorted(roles)]
    user.__dict__["_roles_in_force"] = Held(clock.today(), held)
    return user


def _assignment(role: Role, values: Mapping[str, Any]) -> RoleAssignment:
    places = {name: values[role.value][0] for name in _fields(role)}  # noqa: C420
    return RoleAssignment(role=role, **places)


def _fields(role: Role) -> list[str]:
    """The field that says where a role is held; none for the whole country."""
    name = _FIELD.get(SCOPE_OF[role])
    return [name] if name else []


def _roles(user: Viewer) -> list[RoleAssignment]:
    return roles_of(user) if isinstance(user, User) else []

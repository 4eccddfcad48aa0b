"""A stand-in for everybody with the same roles, so that a query is put together once for all.

What `visible_to(user)` finds depends on the user in three ways only: the kind of account and the
roles in force, which decide what the query looks like (`key_of`: who shares it, shares the text);
and the id and the places of those roles, which are values in it (`values_of`). So the text is made
with `stand_in(key, made-up values)` and asked with the values of whoever is really there:

    key_of(fleur)     # ("staff", {Role.YOUTH_WORKER})
    values_of(fleur)  # {"user": <her id>, "youth_worker": [<ids of her groups>]}

A query that asks the user for anything else (a name, a setting) would find the stand-in's: nobody
was ever saved with it. Only `core.facts` comes here.
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
    """Nobody in particular, and who may not sign in, is asked as somebody without roles."""
    if not isinstance(user, User) or not user.is_active:
        return ("", frozenset())
    if user.is_participant:
        return (user.kind, frozenset())
    return (user.kind, frozenset(Role(a.role) for a in _roles(user)))


def kinds_of(key: Key) -> dict[str, Any]:
    """The values a query of these people is asked with: their id, and the places of each role."""
    return {"user": UUID} | {role.value: many for role in sorted(key[1]) if _fields(role)}


def values_of(user: Viewer, key: Key) -> dict[str, Any]:
    """These values of one user. A role of the key that ended meanwhile, at midnight, has none."""
    values: dict[str, Any] = {"user": user.pk}
    for role in key[1]:
        for name in _fields(role):
            held = (getattr(a, name) for a in _roles(user) if a.role == role)
            values[role.value] = sorted(place for place in held if place)
    return values


def stand_in(key: Key, values: Mapping[str, Any]) -> User:
    """A user who was never saved, with these values for an id and for the places of the roles."""
    kind, roles = key
    user = User(pk=values["user"], kind=kind, is_active=bool(kind))
    held = [RoleAssignment(role=role) for role in sorted(roles)]
    for assignment in held:
        for name in _fields(Role(assignment.role)):
            setattr(assignment, name, values[assignment.role][0])
    user.__dict__["_roles_in_force"] = Held(clock.today(), held)
    return user


def _fields(role: Role) -> list[str]:
    """The field that says where a role is held; none for the whole country."""
    name = _FIELD.get(SCOPE_OF[role])
    return [name] if name else []


def _roles(user: Viewer) -> list[RoleAssignment]:
    return roles_of(user) if isinstance(user, User) else []

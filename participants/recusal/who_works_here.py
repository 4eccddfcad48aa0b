"""Which faces of youth workers somebody may see: the young person's side of a portrait."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from core.accounts.actors import Viewer, is_participant
from core.accounts.models import Portrait, User
from core.accounts.portraits import colleagues_visible_to, workers_at
from core.messaging.models import Contact
from core.names import alphabetical, isolated
from core.ready_made import ReadyMade, as_tuple, many, row_of
from participants.models import Trajectory


def faces_visible_to(user: Viewer, arrived_at: Collection[UUID] = ()) -> QuerySet[Portrait]:
    """A young person sees the workers of the group they are in or signed up for.

    Professionals see their colleagues. `arrived_at`: the groups that a visitor without an
    account has just signed up for.
    """
    if is_participant(user):
        stays = Trajectory.objects.visible_to(user).running().filter(group__isnull=False)
        return _of_workers(Q(group__in=stays.values("group")))
    if user.is_authenticated:
        return colleagues_visible_to(user)
    return _of_workers(Q(group__in=arrived_at)) if arrived_at else Portrait.objects.none()


def workers_of(group_id: UUID) -> list[User]:
    """Today's youth workers of this group, by name: one query, with the address to write to and
    the portrait (not the picture). Who of them goes on with a stay: `recusal.guides_of`."""
    return _WORKERS(group=group_id)


def _workers(*, group: UUID) -> QuerySet[User, Any]:
    found: QuerySet[User, Any] = (
        User.objects.filter(pk__in=workers_at(Q(group=group)).values("user"))
        .order_by(alphabetical("name"), "pk")
        .values_list(
            *_USER,
            *(f"contact__{name}" for name in _CONTACT),
            *(f"portrait__{name}" for name in _PORTRAIT),
        )
    )
    return found


def _worker(*columns: Any) -> User:
    contact, portrait = len(_USER), len(_USER) + len(_CONTACT)
    user = _user(*columns[:contact])
    if user.contact_id is not None:
        user.contact = _contact(*columns[contact:portrait])
    face = _portrait(*columns[portrait:]) if columns[portrait] is not None else None
    User._meta.get_field("portrait").set_cached_value(user, face)
    return user


def _all_of(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


_USER, _user = row_of(User, _all_of(User))
_CONTACT, _contact = row_of(Contact, _all_of(Contact))
_PORTRAIT, _portrait = row_of(Portrait, set(_all_of(Portrait)) - {"image"})
_WORKERS = ReadyMade(_worker, _workers, group=UUID)


class Ring(NamedTuple):
    """A youth worker to ring; no number of their own: ring the organisation."""

    name: str
    phone: str


def numbers_at(group_id: UUID) -> list[Ring]:
    """Today's youth workers of this group, for a colleague or the coordinator who rings them."""
    return whom_to_ring([group_id]).get(group_id, [])


def whom_to_ring(groups: Collection[UUID]) -> dict[UUID, list[Ring]]:
    """Group -> today's youth workers by name, each once, with their own number; one query."""
    found: dict[UUID, dict[UUID, Ring]] = defaultdict(dict)
    for group, user, name, *contact in _RINGS(groups=list(groups)):
        phone = Contact.from_db(None, ("id", "phone"), contact).phone or ""
        found[group][user] = Ring(isolated(name), phone)
    return {group: list(rings.values()) for group, rings in found.items()}


def _rings(*, groups: list[UUID]) -> QuerySet[Any, Any]:
    here = workers_at(Q(group__in=groups)).order_by(alphabetical("user__name"), "user")
    return here.values_list(
        "group_id", "user_id", "user__name", "user__contact__id", "user__contact__phone"
    )


_RINGS = ReadyMade(as_tuple, _rings, groups=many)


def _of_workers(groups: Q) -> QuerySet[Portrait]:
    return Portrait.objects.filter(user__in=workers_at(groups).values("user"))

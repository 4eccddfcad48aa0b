"""Which faces of youth workers somebody may see: the young person's side of a portrait."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from core import clock
from core.accounts.actors import Viewer, is_participant
from core.accounts.models import Portrait, User
from core.accounts.portraits import colleagues_visible_to, workers_at
from core.messaging.models import Contact
from core.ready_made import ReadyMade, as_tuple, row_of
from participants.models import Trajectory


def faces_visible_to(user: Viewer, arrived_at: UUID | None = None) -> QuerySet[Portrait]:
    """A young person sees the workers of the group they are in or signed up for.

    Professionals see their colleagues. `arrived_at` is the group that a visitor without an
    account has just signed up for.
    """
    if is_participant(user):
        stays = Trajectory.objects.visible_to(user).running().filter(group__isnull=False)
        return _of_workers(Q(group__in=stays.values("group")))
    if user.is_authenticated:
        return colleagues_visible_to(user)
    return _of_workers(Q(group=arrived_at)) if arrived_at else Portrait.objects.none()


def workers_of(group_id: UUID) -> list[User]:
    """Today's youth workers of this group, by name: one query, with the address to write to and
    the portrait (not the picture). Who of them goes on with a stay: `recusal.guides_of`."""
    return _WORKERS(group=group_id)


def _workers(*, group: UUID) -> QuerySet[User, Any]:
    found: QuerySet[User, Any] = (
        User.objects.filter(pk__in=workers_at(Q(group=group)).values("user"))
        .order_by("name", "pk")
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
    """Whom to ring; no number where none is known."""

    name: str
    phone: str


def numbers_at(group_id: UUID) -> list[Ring]:
    """Today's youth workers of this group with their number, for a colleague or the coordinator
    who rings them: one query that names its columns, and no address."""
    rows = _NUMBERS(group=group_id, day=clock.today())
    return [
        Ring(name, Contact.from_db(None, ("id", "phone"), key).phone or "") for name, *key in rows
    ]


def _numbers(group: UUID, day: date) -> QuerySet[Any, Any]:
    workers = workers_at(Q(group=group), day).values("user")
    found = User.objects.filter(pk__in=workers).order_by("name", "pk")
    return found.values_list("name", "contact__id", "contact__phone")


_NUMBERS = ReadyMade(as_tuple, _numbers, group=UUID, day=date)


def _of_workers(groups: Q) -> QuerySet[Portrait]:
    return Portrait.objects.filter(user__in=workers_at(groups).values("user"))

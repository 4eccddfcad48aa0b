"""*You may call me*: for who would rather not ring themselves (R-348).

One tap tells the workers of the group (without a group: the coordinator of the region) by what
waits for them; a second tap says nothing new, and it can be taken back as easily. A worker settles
it after the talk. Nothing is sent: a person calls, in the way that is safe. Locks the stay.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import User
from core.accounts.rights import may
from core.errors import RuleBroken
from core.facts import Asked, Facts
from core.ports import Part, Todo, TodoRule, each
from participants.care.who_helps import call_is_safe, who_calls
from participants.models import CallWish, Trajectory
from participants.permissions import DECIDE, SEE_APPLICANTS
from participants.stay.lock import lock
from participants.todo_kinds import Kind

Outcome = CallWish.Outcome


@transaction.atomic
def ask_call(*, trajectory: Trajectory, by: User) -> CallWish:
    """Asking twice is asking once. Raises RuleBroken("nobody_to_call") where nobody would hear."""
    lock(trajectory)
    wish = open_wish(trajectory)
    if wish is not None:
        return wish
    if not who_calls(trajectory):
        raise RuleBroken(
            _("There is nobody here yet who can call you. The lines on this page can be rung now."),
            "nobody_to_call",
        )
    return CallWish.objects.create(trajectory=trajectory, asked_at=clock.now())


@transaction.atomic
def take_back_call(*, trajectory: Trajectory, by: User) -> None:
    lock(trajectory)
    _settle(trajectory, Outcome.TAKEN_BACK, by)


@transaction.atomic
def say_spoken(*, trajectory: Trajectory, by: User) -> None:
    """They talked. Who comes second, or after it was taken back, changes nothing."""
    lock(trajectory)
    _settle(trajectory, Outcome.SPOKEN, by)


def open_wish(trajectory: Trajectory) -> CallWish | None:
    return CallWish.objects.open().filter(trajectory=trajectory).first()


def _settle(trajectory: Trajectory, outcome: str, by: User) -> None:
    CallWish.objects.open().filter(trajectory=trajectory).update(
        settled_at=clock.now(), settled_by=by, outcome=outcome
    )


# ---- What waits ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Wish:
    id: UUID
    stay: UUID
    name: str
    group: UUID | None
    asked_at: datetime
    channels: tuple[str, ...]


def _wishes(user: Viewer) -> QuerySet[CallWish]:
    return CallWish.objects.visible_to(user).open()


def _wish(row: Wish, asked: Asked) -> Todo:
    day = clock.day_of(row.asked_at)
    return Todo(
        kind=Kind.CALL_WISH,
        about=row.id,
        urgency=0,
        when=_("today"),
        title=(
            _("{name} would like you to call")
            if call_is_safe(row.channels)
            else _("{name} would like you to get in touch")
        ).format(name=row.name),
        reason=_("Asked on {day}. Ringing is hard for some; you do it for them.").format(
            day=date_format(day, "j F")
        ),
        action=_("Call") if call_is_safe(row.channels) else _("Get in touch"),
        url=reverse("participants:call_wish", args=[row.stay]),
        since=day,
        group_id=row.group,
        stay_id=row.stay,
    )


def _asks(user: Viewer) -> bool:
    return may(user, DECIDE) or may(user, SEE_APPLICANTS)


RULES = (
    TodoRule(
        (Kind.CALL_WISH,),
        parts=(
            Part(
                Facts(
                    Wish,
                    _wishes,
                    {
                        "stay": "trajectory_id",
                        "name": "trajectory__shown_name",
                        "group": "trajectory__group_id",
                        "channels": "trajectory__participant__contact__safe_channels",
                    },
                ),
                each(_wish),
            ),
        ),
        asks=_asks,
        of_a_stay=True,
    ),
)

"""Who may hand whom a one-time sign-in code, and who hears it when something is wrong (C-41).

A youth worker makes it for somebody of the own group, with that person beside them. It opens the
young person's own account, so it is written down as an opening of a record, every worker of the
group sees that it was made, and the young person is asked afterwards "was that you?". A *no* ends
every session and goes to the regional coordinator; the group's workers do not see it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts import one_time
from core.accounts.actors import Viewer
from core.accounts.models import OneTimeCode, User, first_name_of
from core.accounts.rights import may, reach
from core.audit.log import opened
from core.errors import RuleBroken
from core.facts import Asked, Facts
from core.names import isolated
from core.ports import Part, Todo, TodoRule
from participants.complaints import complaints
from participants.models import Trajectory
from participants.permissions import HAND_CODE, SETTLE_CODE
from participants.person.account import open_account
from participants.todo_kinds import Kind

SHOWN = timedelta(days=60)
ASK_AFTER = timedelta(hours=6)  # not in the session that the code itself began


@transaction.atomic
def hand_code(*, trajectory: Trajectory, by: User) -> one_time.Handed:
    """Make a code for this person; opens the account when there is none yet.

    Raises RuleBroken: "not_your_group", and what `one_time.make_code` raises.
    """
    near = Trajectory.objects.visible_to(by).filter(pk=trajectory.pk).exists()
    if not near or trajectory.group_id not in reach(by, HAND_CODE).groups:
        raise RuleBroken(_("Only the youth workers of this group can do this."), "not_your_group")
    user = open_account(participant=trajectory.participant, by=by)
    opened(by, "sign_in_code", [trajectory.pk])
    return one_time.make_code(user=user, by=by)


@transaction.atomic
def take_back(*, trajectory: Trajectory, by: User) -> None:
    """The code that waits for this person works no more."""
    for row in OneTimeCode.objects.waiting().filter(user=trajectory.participant.user_id):
        one_time.revoke_code(row=row, by=by)


def made_lately(trajectory: Trajectory) -> list[OneTimeCode]:
    """What was made for this person, newest first: its colleagues see each other's."""
    return list(
        OneTimeCode.objects.filter(
            user=trajectory.participant.user_id, made_at__gt=clock.now() - SHOWN
        ).select_related("made_by")[:20]
    )


def own_codes(user: Viewer) -> list[OneTimeCode]:
    """Everything that was ever made for this young person; nothing falls off the list."""
    return list(OneTimeCode.objects.visible_to(user).select_related("made_by"))


def disputed_to(user: Viewer) -> QuerySet[Any]:
    """Codes of which a young person said "that was not me", for who hears it.

    The coordinators of the region who are not of the own groups: the maker may coordinate too. Is
    there none, then the quality coordinators, as for a complaint.
    """
    if not reach(user, SETTLE_CODE):
        return OneTimeCode.objects.none()
    open_ones = OneTimeCode.objects.filter(disputed_at__isnull=False, settled_at__isnull=True)
    stays = Trajectory.objects.filter(participant__user__in=open_ones.values("user"))
    newest = {
        stay.participant.user_id: stay
        for stay in stays.select_related("participant", "group__location").order_by("signed_up_at")
    }
    outside = complaints.who_hear(list(newest.values()))
    heard = []
    for account, stay in newest.items():
        hearers = outside[stay.pk]
        near = [one for one in hearers if one.near]
        if user.pk in {one.user.pk for one in near or hearers}:
            heard.append(account)
    of_account = Trajectory.objects.filter(participant__user=OuterRef("user"))
    called = of_account.order_by("-signed_up_at").values("shown_name")[:1]
    found = open_ones.filter(user__in=heard).select_related("user", "made_by")
    return found.annotate(called=Subquery(called))


@dataclass(frozen=True)
class Used:
    """A code that was used, and that this young person has not said a word about."""

    id: UUID
    made_by: str
    made_at: datetime
    used_at: datetime


def _used(user: Viewer) -> QuerySet[OneTimeCode]:
    return OneTimeCode.objects.visible_to(user).filter(
        used_at__isnull=False, confirmed_at__isnull=True, disputed_at__isnull=True
    )


def _was_that_you(rows: list[Used], asked: Asked) -> list[Todo]:
    """For the young person, about the newest one, a while after it was used."""
    row = max(rows, key=lambda one: one.made_at)
    if row.used_at > asked.now - ASK_AFTER:
        return []
    return [
        Todo(
            kind=Kind.OWN_CODE,
            about=row.id,
            urgency=2,
            when=_("have a look"),
            title=_("Was that you?"),
            reason=_("%(who)s made a sign-in code for you. It was used on %(day)s.")
            % {
                "who": first_name_of(row.made_by),
                "day": date_format(clock.local(row.used_at), "l j F, H:i"),
            },
            action=_("Have a look"),
            url=reverse("participants:own_codes"),
            since=clock.day_of(row.used_at),
        )
    ]


@dataclass(frozen=True)
class Disputed:
    id: UUID


def _disputed(_user: Viewer) -> QuerySet[OneTimeCode]:
    """Of the whole country: who hears of each is asked when there is one."""
    return OneTimeCode.objects.filter(disputed_at__isnull=False, settled_at__isnull=True)


def _to_settle(_rows: list[Disputed], asked: Asked) -> list[Todo]:
    """A *no*, for the coordinator."""
    return [
        Todo(
            kind=Kind.DISPUTED_CODE,
            about=row.pk,
            urgency=0,
            when=_("today"),
            title=_("%(name)s did not use this sign-in code") % {"name": row.called},
            reason=_(
                "Made by %(who)s. Talk with %(name)s first; the youth workers do not see this."
            )
            % {"who": isolated(row.made_by.name), "name": row.called},
            action=_("Have a look"),
            url=reverse("participants:disputed_code", args=[row.pk]),
            since=clock.day_of(row.disputed_at) if row.disputed_at else None,
        )
        for row in disputed_to(asked.user)
    ]


USED = Facts(Used, _used, {"made_by": "made_by__name"})
RULES = (
    TodoRule((Kind.OWN_CODE,), parts=(Part(USED, _was_that_you),), own=True),
    TodoRule(
        (Kind.DISPUTED_CODE,),
        parts=(Part(Facts(Disputed, _disputed), _to_settle),),
        asks=lambda user: may(user, SETTLE_CODE),
    ),
)


def of_own(user: Viewer, code_id: str) -> OneTimeCode | None:
    """The own code with this id; None for nonsense and for somebody else's."""
    return next((row for row in own_codes(user) if str(row.pk) == code_id), None)

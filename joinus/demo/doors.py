"""One door per role into the demo world: who stands behind each button."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import RoleAssignment, User
from core.accounts.roles import Role
from participants.models import Trajectory
from questionnaires.models import Invitation


@dataclass(frozen=True)
class Door:
    """`key` is what the button posts; `place` says where this person belongs."""

    key: str
    label: str | Promise
    user: User
    place: str = ""


def doors() -> list[Door]:
    """Young people at three points of the way and one person per role, the same in each world."""
    found = [_participant(), _applicant(), _former()]
    for role in Role:
        assignment = (
            RoleAssignment.objects.in_force(clock.today())
            .filter(role=role, user__is_active=True)
            .select_related("user", "group", "organisation", "region")
            .order_by("valid_from", "user__joined_at", "pk")
            .first()
        )
        if assignment is not None:
            place = assignment.group or assignment.organisation or assignment.region or ""
            found.append(Door(role.value, role.label, assignment.user, str(place)))
    return [door for door in found if door is not None]


def behind(key: str) -> User | None:
    return next((door.user for door in doors() if door.key == key), None)


def _participant() -> Door | None:
    stay = (
        Trajectory.objects.filter(phase="participating", participant__user__is_active=True)
        .exclude(blocked_reason__gt="")
        .select_related("participant__user", "group")
        .annotate(asked=Exists(Invitation.objects.open().filter(trajectory=OuterRef("pk"))))
        .order_by("-asked", "signed_up_at", "pk")
        .first()
    )
    return _door("participant", _("participant"), stay)


def _applicant() -> Door | None:
    """Nobody has called yet: the newest one with an own account."""
    stays = Trajectory.objects.filter(phase="signed_up", participant__user__is_active=True)
    stay = (
        stays.select_related("participant__user", "group").order_by("-signed_up_at", "pk").first()
    )
    return _door("applicant", _("somebody who has just signed up"), stay)


def _former() -> Door | None:
    stays = Trajectory.objects.filter(
        phase="former", exit_kind="goal", participant__user__is_active=True
    )
    stay = stays.select_related("participant__user", "group").order_by("-exited_on", "pk").first()
    return _door("former", _("former participant"), stay)


def _door(key: str, label: str | Promise, stay: Trajectory | None) -> Door | None:
    if stay is None or stay.participant.user is None:
        return None
    return Door(key, label, stay.participant.user, str(stay.group or ""))

"""People between their sign-up and getting to know the group: who may see them, who waits.

Before placement the wanted group's workers see an applicant; without a group yet the region's
coordinator does, and then only call name, age, postcode and safe channel (trust.md 3).
"""

from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import User
from core.ages import age_on
from core.errors import RuleBroken
from core.organisations.models import Group
from participants.journey.group_change import write_group
from participants.models import PhaseChange, Trajectory
from participants.signup import mail as notifications
from participants.signup.sign_up import is_full
from participants.stay.lock import lock

Phase = Trajectory.Phase


def applicants_for(user: Viewer) -> QuerySet[Trajectory]:
    """The applicants this user may open, longest waiting first.

    Each has `attempts` (contacts tried) and `begun_at` (when the first talk began).
    """
    return (
        Trajectory.objects.applicants_visible_to(user)
        .select_related(
            "participant__contact",
            "participant__municipality",
            "group",
            "region",
            "intake",
            "first_contact_with",
        )
        .annotate(
            attempts=Count("contact_attempts", distinct=True),
            begun_at=Min("phase_changes__at", filter=Q(phase_changes__to_phase=Phase.INTAKE)),
        )
        .order_by("signed_up_at")
    )


class SignedUp(Protocol):
    """A stay, or what was read of one."""

    @property
    def signed_up_at(self) -> datetime: ...

    @property
    def contacted_at(self) -> datetime | None: ...


def is_late(stay: SignedUp, moment: datetime | None = None) -> bool:
    """Nobody has spoken this young person within the days we promise (R-047, R-048).

    `moment`: as it was then; None for now.
    """
    promised = timedelta(days=settings.FIRST_CONTACT_DAYS)
    return stay.contacted_at is None and (moment or clock.now()) - stay.signed_up_at >= promised


def other_groups(stay: Trajectory) -> QuerySet[Group]:
    """Where a worker may send an applicant on to: groups that serve the same municipality."""
    here = Group.objects.filter(location__work_area=stay.participant.municipality_id)
    return (
        here.exclude(pk__in=[stay.group_id] if stay.group_id else [])
        .exclude(state__in=[Group.State.PREPARING, Group.State.CLOSED])
        .distinct()
    )


@transaction.atomic
def move_applicant(*, trajectory: Trajectory, to_group: Group, reason: str, by: User) -> Trajectory:
    """Another group fits better; its workers have the sign-up at once (R-049, design.md 3).

    The age band is a worker's choice here, with a reason; 12 to 30 and the work area stay.
    Raises RuleBroken: "already_placed", "reason_needed" or "group_does_not_fit".
    """
    lock(trajectory)
    if trajectory.phase not in (Phase.SIGNED_UP, Phase.INTAKE):
        raise RuleBroken(_("This person has a group already."), code="already_placed")
    if not reason.strip():
        raise RuleBroken(_("Write down in a sentence why."), code="reason_needed", field="reason")
    if not other_groups(trajectory).filter(pk=to_group.pk).exists():
        raise RuleBroken(
            _("Please choose one of these groups."), code="group_does_not_fit", field="to_group"
        )
    signed_up_on = clock.day_of(trajectory.signed_up_at)
    write_group(
        trajectory=trajectory,
        group=to_group,
        by=by,
        waiting_since=signed_up_on if is_full(to_group) else None,
    )
    PhaseChange.objects.create(
        trajectory=trajectory,
        from_phase=trajectory.phase,
        to_phase=trajectory.phase,
        by=by,
        at=clock.now(),
        reason=reason,
    )
    notifications.new_sign_up(trajectory)
    return trajectory


def age_today(stay: Trajectory) -> int:
    return age_on(stay.participant.birth_date, clock.today())

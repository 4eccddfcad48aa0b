"""Parents who know time and place, and may hear that a meeting moved or does not happen (C-49).

Only where the organisation says so, only who gave consent (C-50), and never where that can do harm
at home (C-37, C-48), nor after *send nothing more*. Asked when it is written, when it leaves, and
of whoever would ring instead (`groups.models.told`).
"""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from core import clock
from core.ages import age_on
from core.organisations.models import Organisation
from participants.consent.at_home import homes_of
from participants.models import Guardian, ParentalConsent, ParentAtWork
from participants.parents.mail_home import why_not_write


def who_know(stays: Collection[UUID], group: UUID) -> dict[UUID, list[Guardian]]:
    """Of each of these stays in this group the parents who may hear it, with their addresses.

    One query where the organisation tells nobody, three where it does.
    """
    organisation = Organisation.objects.get(locations__groups=group)
    found: dict[UUID, list[Guardian]] = defaultdict(list)
    if not organisation.parents_hear_changes:
        return found
    rows = (
        ParentalConsent.objects.filter(
            trajectory__in=stays,
            answer=ParentalConsent.Answer.YES,
            withdrawn_at__isnull=True,
            revoked_at__isnull=True,
            obsolete_at__isnull=True,
            voided_at__isnull=True,
            trajectory__participant__contact__stopped_at__isnull=True,
        )
        .exclude(Exists(_at_work()))
        .select_related("guardian__contact", "trajectory__participant")
        .order_by("pk")
    )
    homes = homes_of(stays)
    for row in rows:
        young = age_on(row.trajectory.participant.birth_date, clock.today())
        if young >= organisation.consent_age:
            continue
        if not why_not_write(row.guardian, row.trajectory, homes[row.trajectory_id]):
            found[row.trajectory_id].append(row.guardian)
    return found


def _at_work() -> QuerySet[ParentAtWork]:
    """The address is a professional's, and nobody said that this one is a parent (R-347)."""
    return ParentAtWork.objects.filter(guardian=OuterRef("guardian")).exclude(is_parent=True)

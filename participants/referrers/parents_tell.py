"""Parents may tell the school how it is, when they and the young person like that (R-113).

One mail, sent by the worker: only after the young person said so for this school, to a parent
whose yes to taking part stands, and never to a home that is not safe. Locks the stay.
"""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.errors import RuleBroken
from core.messaging import outbox
from core.messaging.models import Message
from core.ports import About
from participants.consent.at_home import homes_of
from participants.models import Guardian, ParentalConsent, ReferrerTie
from participants.parents import mail as parental_mail
from participants.parents import mail_home
from participants.parents.mail_home import why_not_write
from participants.referrers import consent as feedback
from participants.stay.lock import lock

KIND = "parental_encouragement"


@transaction.atomic
def encourage_parent(*, tie: ReferrerTie, guardian: Guardian, by: User) -> Message:
    """Once per school and parent. Raises RuleBroken with code own_wish_first, no_yes, can_harm."""
    trajectory = lock(tie.trajectory)
    tie.refresh_from_db()
    tie.trajectory = trajectory
    if not _wanted(tie):
        raise RuleBroken(_("First the young person would like that."), code="own_wish_first")
    if not _yes_stands(guardian, tie):
        raise RuleBroken(_("This parent has not said yes to taking part."), code="no_yes")
    mail_home.may_write_to(guardian, trajectory)
    return outbox.write(
        contact=guardian.contact,
        template=KIND,
        kind=KIND,
        subject_id=guardian.pk,
        group=trajectory.group,
        params={**parental_mail.about(trajectory, by), "referrer": feedback.described(tie)},
        dedupe_key=f"{KIND}:{tie.pk}:{guardian.pk}",
    )


def message_wanted(kind: str, asked: Collection[About]) -> set[About] | None:
    """Answers the port: the wish, the yes and the safe home still stand."""
    if kind != KIND:
        return None
    guardians = Guardian.objects.filter(pk__in={about.subject for about in asked})
    children = {guardian.participant_id for guardian in guardians}
    ties = ReferrerTie.objects.filter(
        trajectory__participant__in=children, shares_since__isnull=False
    ).select_related("trajectory", "referrer")
    wishes = [tie for tie in ties if _wanted(tie)]
    homes = homes_of({tie.trajectory_id for tie in wishes})
    yeses = set(_yeses(wishes).values_list("guardian", "trajectory"))
    still = {
        guardian.pk
        for guardian in guardians
        for tie in wishes
        if (guardian.pk, tie.trajectory_id) in yeses
        and not why_not_write(guardian, tie.trajectory, homes[tie.trajectory_id])
    }
    return {about for about in asked if about.subject in still}


def stops_at_once() -> Collection[str]:
    """Answers the port: as every mail that goes home."""
    return (KIND,)


def _wanted(tie: ReferrerTie) -> bool:
    return tie.shares_since is not None and tie.ended_at is None and tie.referrer.at_school


def _yes_stands(guardian: Guardian, tie: ReferrerTie) -> bool:
    return _yeses([tie]).filter(guardian=guardian).exists()


def _yeses(ties: Iterable[ReferrerTie]) -> QuerySet[ParentalConsent]:
    """The yeses to taking part that stand, of the stays of these."""
    return ParentalConsent.objects.filter(
        trajectory__in={tie.trajectory_id for tie in ties},
        answer="yes",
        withdrawn_at__isnull=True,
        revoked_at__isnull=True,
    )

"""What time makes due for people: the birthday that hands over, reminders, forgotten holds.

Each step is idempotent; facts decide, so a scheduler that slept catches up without a flood.
"""

from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet

from core import clock
from core.ages import AgeOn, as_date
from participants.consent.needed import CONSENT_AGE
from participants.models import Hold, ParentalConsent, Trajectory
from participants.parents import coming_of_age
from participants.parents import question as parental
from participants.signup import first_contact, interest
from participants.stay import no_messages

OF_PARENTS = (
    "parent_withdrew",
    "parent_refused",
    "parent_unknown",
    "harm_not_asked",
    "unsafe_home",
    "parent_not_asked",
    "parent_not_answered",
)


def run_due(day: date | None = None) -> None:
    """Safe to run twice, and after days of silence."""
    day = day or clock.today()
    for trajectory in [*of_age(day), *not_of_age_after_all(day)]:
        coming_of_age.follow_the_age(trajectory=trajectory)
    for row in waiting_for_an_answer(day):
        parental.remind(consent=row, day=day)
    first_contact.remind_late()
    interest.run_due(day)
    for contact_id in stopped_without_hold():
        no_messages.contact_stopped(contact_id, day)
    for contact_id in resumed_with_hold():
        no_messages.contact_resumed(contact_id, day)


def of_age(day: date) -> QuerySet[Trajectory]:
    """R-107: stays that still wait for, or lean on, parents whose child decides alone by now."""
    leaning = ParentalConsent.objects.filter(revoked_at__isnull=True, obsolete_at__isnull=True)
    return (
        Trajectory.objects.annotate(
            age=AgeOn(F("participant__birth_date"), as_date(day)), consent_age=CONSENT_AGE
        )
        .filter(age__gte=F("consent_age"))
        .filter(Q(pk__in=leaning.values("trajectory")) | Q(blocked_reason__in=OF_PARENTS))
        .select_related("participant")
        .order_by("pk")
    )


def not_of_age_after_all(day: date) -> QuerySet[Trajectory]:
    """A policy or a date of birth was corrected: the parents' answers count again."""
    closed = ParentalConsent.objects.filter(revoked_at__isnull=True, obsolete_at__isnull=False)
    return (
        Trajectory.objects.annotate(
            age=AgeOn(F("participant__birth_date"), as_date(day)), consent_age=CONSENT_AGE
        )
        .filter(age__lt=F("consent_age"), pk__in=closed.values("trajectory"))
        .exclude(group__location__organisation__consent_policy="informed")
        .select_related("participant")
        .order_by("pk")
    )


def waiting_for_an_answer(day: date) -> QuerySet[ParentalConsent]:
    """Open questions of which the first reminder can be due."""
    return (
        ParentalConsent.objects.filter(answer="", revoked_at__isnull=True, obsolete_at__isnull=True)
        .filter(expires_at__gt=clock.now())
        .exclude(trajectory__phase__in=Trajectory.Phase.OVER)
        .select_related("trajectory")
        .order_by("trajectory_id", "pk")
    )


def _held() -> QuerySet[Hold]:
    return Hold.objects.filter(kind=Hold.Kind.HELD, days__endswith__isnull=True)


def stopped_without_hold() -> list[UUID]:
    """Contacts that want nothing more while a stay of theirs is not held yet."""
    return list(
        Trajectory.objects.filter(participant__contact__stopped_at__isnull=False)
        .exclude(phase__in=Trajectory.Phase.ENDED_EARLY)
        .exclude(pk__in=_held().values("trajectory"))
        .values_list("participant__contact", flat=True)
        .distinct()
    )


def resumed_with_hold() -> list[UUID]:
    return list(
        Trajectory.objects.filter(participant__contact__stopped_at__isnull=True)
        .filter(pk__in=_held().values("trajectory"))
        .values_list("participant__contact", flat=True)
        .distinct()
    )

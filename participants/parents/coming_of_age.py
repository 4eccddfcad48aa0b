"""Who decides follows the age, in both directions (R-107).

On the birthday of the policy the parents' questions are obsolete and the young person decides
alone. A corrected date of birth or another policy can turn that back: then the parents' answers
count again and their links work. Facts decide, so it may run at any time. Locks the stay.
"""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Actor
from core.accounts.models import User
from core.ages import fits_programme
from core.errors import RuleBroken
from core.messaging.contacts import change_contact
from participants.consent import needed as consent
from participants.models import BirthDateCorrection, ParentalConsent, Participant, Trajectory
from participants.parents import mail as parental_mail
from participants.stay.changes import told_once
from participants.stay.lock import lock, lock_person


@transaction.atomic
def follow_the_age(*, trajectory: Trajectory, by: Actor = None) -> None:
    """Close or reopen the parents' questions as age and policy say today, and settle."""
    lock(trajectory)
    rows = ParentalConsent.objects.filter(trajectory=trajectory, revoked_at__isnull=True)
    if consent.policy_for(trajectory, clock.today()).required:
        rows.filter(obsolete_at__isnull=False).update(obsolete_at=None)
    else:
        rows = rows.filter(obsolete_at__isnull=True)
        for row in rows:
            parental_mail.stop_asking(row)
        rows.update(obsolete_at=clock.now())
    consent.settle(trajectory=trajectory, by=by)


@transaction.atomic
@told_once()
def correct_birth_date(
    *, participant: Participant, birth_date: date, reason: str, by: User
) -> Participant:
    """The date of birth was wrong. Every running stay is settled by the new age at once.

    Locks the stays, then person and contact. Raises RuleBroken with code reason_needed or
    age_not_fitting.
    """
    stays = lock_person(participant)
    if not reason.strip():
        raise RuleBroken(_("Say how you know."), code="reason_needed", field="reason")
    if not fits_programme(birth_date, clock.today()):
        raise RuleBroken(
            _("Somebody born then is not 12 to 30 now. Talk to the coordinator first."),
            code="age_not_fitting",
            field="birth_date",
        )
    if birth_date == participant.birth_date:
        return participant
    BirthDateCorrection.objects.create(
        participant=participant,
        before=participant.birth_date,
        after=birth_date,
        by=by,
        at=clock.now(),
        reason=reason.strip(),
    )
    participant.birth_date = birth_date
    participant.save(update_fields=["birth_date"])
    change_contact(contact=participant.contact, by=by, birth_date=birth_date)
    for stay in stays:
        stay.participant = participant
        follow_the_age(trajectory=stay, by=by)
    return participant

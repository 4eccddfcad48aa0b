"""A parent who said no, or took a yes back, is asked again only on the own word (C-47, R-345).

The parent rings whom the proof names. A worker rings back on the number that was known when the
parent answered, asks the young person, answers anew whether a mail can do harm at home, and
writes it down. That opens one question, once; a second no closes it again. Of a parent whose
number nobody knew, only somebody who was there in person counts. Locks the stay.
"""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from participants.models import AskedAgain, Guardian, ParentalConsent, Trajectory
from participants.parents import mail_home
from participants.parents import question as parental
from participants.stay.lock import lock

How = AskedAgain.How


def number_known(row: ParentalConsent) -> str:
    """The number that was known when this parent answered, never one that came afterwards."""
    known = row.phone_then
    return str(row.guardian.contact.phone if known is None else known).strip()


@transaction.atomic
def record_asked_again(
    *,
    guardian: Guardian,
    trajectory: Trajectory,
    heard_on: date,
    agreed: bool,
    can_harm: bool,
    words: str,
    by: User,
    no: UUID | None = None,
) -> AskedAgain | None:
    """The parent asked for it. Nothing is sent: the worker releases the question as always.

    `no` is the answer that stood on the page: what a parent said before another no opens nothing.
    None: the mail can do harm at home after all, which is kept, and nothing is opened. Raises
    RuleBroken with code not_refused, said_no_again, young_person_first, day_not_possible,
    words_needed, or one of `mail_home.NOT_WRITTEN`.
    """
    lock(trajectory)
    row = mail_home.last_no(guardian)
    if row is None:
        raise RuleBroken(_("This parent did not say no."), code="not_refused")
    if no is not None and row.pk != no:
        raise RuleBroken(
            _("This parent said no once more, after you opened this page. Open it again."),
            code="said_no_again",
        )
    if not agreed:
        raise RuleBroken(
            _("First ask the young person, alone: may this parent be asked again?"),
            code="young_person_first",
            field="agreed",
        )
    answered = clock.day_of(row.withdrawn_at or row.answered_at or row.released_at)
    if not answered <= heard_on <= clock.today():
        raise RuleBroken(
            _("Choose the day on which this parent asked for it."),
            code="day_not_possible",
            field="heard_on",
        )
    if not words.strip():
        raise RuleBroken(_("Write down what this parent said."), code="words_needed", field="words")
    parental.ask_harm(trajectory=trajectory, can_harm=can_harm, by=by)
    if can_harm:
        return None
    mail_home.may_reach(guardian, trajectory)
    number = number_known(row)
    opened, _created = AskedAgain.objects.get_or_create(
        consent=row,
        used_at=None,
        defaults={
            "heard_by": by,
            "heard_on": heard_on,
            "how": How.RANG_BACK if number else How.IN_PERSON,
            "number": number,
            "words": words.strip(),
            "at": clock.now(),
        },
    )
    return opened

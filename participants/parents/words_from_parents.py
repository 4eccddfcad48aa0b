"""A parent asks a person: kept for the worker, answered within two working days (trust.md 6).

The link stays usable meanwhile. What is late is urgent for the workers and seen by the
coordinator, who reads no name and no question.
"""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.working_days import working_day_after
from participants.models import ParentalConsent
from participants.parents.question import dead_link, is_answerable, locked_question

LONGEST_QUESTION = 1000
WORKING_DAYS = 2


@transaction.atomic
def ask_question(*, consent: ParentalConsent, text: str) -> ParentalConsent:
    """A second question joins the first that waits and does not move its day.

    Raises RuleBroken with code link_dead or question_length.
    """
    row = locked_question(consent)
    if not is_answerable(row, clock.now()):
        raise dead_link()
    text = text.strip()
    if not text or len(text) > LONGEST_QUESTION:
        raise RuleBroken(
            _("Write your question in at most %(most)d characters.") % {"most": LONGEST_QUESTION},
            code="question_length",
            field="question",
        )
    waits = row.question_at is not None and row.question_answered_at is None
    before = row.question if waits else ""
    row.question = f"{before}\n\n{text}".strip()[-4 * LONGEST_QUESTION :]
    if not waits:
        row.question_at = clock.now()
        row.question_due_on = working_day_after(clock.today(), WORKING_DAYS)
    row.question_answered_at = None
    row.save(update_fields=["question", "question_at", "question_due_on", "question_answered_at"])
    return row


@transaction.atomic
def close_question(*, consent: ParentalConsent, by: User) -> None:
    """A person has answered the parent."""
    row = locked_question(consent)
    if row.question_at is not None and row.question_answered_at is None:
        row.question_answered_at = clock.now()
        row.save(update_fields=["question_answered_at"])


def waiting_questions() -> QuerySet[ParentalConsent]:
    return ParentalConsent.objects.filter(
        question_at__isnull=False, question_answered_at__isnull=True
    )

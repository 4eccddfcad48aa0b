"""The two choices in a mail about a wave: "Tomorrow" and "Rather not"."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import NotYours
from core.locks import lock_one
from core.messaging import outbox
from questionnaires.answers.answering import require_open
from questionnaires.cycle.reminders import MESSAGE, REMINDER
from questionnaires.models import Invitation


@transaction.atomic
def ask_tomorrow(*, invitation: Invitation, by: User) -> Invitation:
    """One reminder tomorrow in daytime; what already waits does not leave as well."""
    locked = _own_open(invitation, by)
    locked.remind_on = clock.today() + timedelta(days=1)
    locked.left_alone_on = locked.no_message_before = None
    locked.save(update_fields=["remind_on", "left_alone_on", "no_message_before"])
    _silence(locked, "put_off")
    return locked


@transaction.atomic
def leave_alone(*, invitation: Invitation, by: User) -> Invitation:
    """No message about this wave any more. It stays open: a change of mind is fine."""
    locked = _own_open(invitation, by)
    locked.remind_on = None
    locked.left_alone_on = clock.today()
    locked.save(update_fields=["remind_on", "left_alone_on"])
    _silence(locked, "rather_not")
    return locked


def _own_open(invitation: Invitation, by: User) -> Invitation:
    rows = Invitation.objects.select_related("trajectory__participant")
    locked = lock_one(rows.filter(pk=invitation.pk))
    if by is None or locked.trajectory.participant.user_id != by.pk:
        raise NotYours(_("Only the participant answers these questions."), "not_yours")
    require_open(locked)
    return locked


def _silence(invitation: Invitation, reason: str) -> None:
    for kind in (MESSAGE, REMINDER):
        outbox.withdraw(kind=kind, subject_id=invitation.pk, reason=reason)

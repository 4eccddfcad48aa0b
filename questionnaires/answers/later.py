"""The two choices in a mail about a wave: "Tomorrow" and "Rather not"; and back from the second.

Made on the own page, or `mailed`: by whoever reads the mail and pressed its button, without signing
in. So a button in a mail never undoes a "rather not"; the young person does, on the own page.

Locks the stay, then the wave. Without a needed yes none of them is taken (R-350); "tomorrow" only
where a message would leave, because it promises one.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Actor
from core.accounts.models import User
from core.errors import NotYours, RuleBroken
from core.locks import lock_one
from core.messaging import outbox
from participants.stay.lock import lock_all
from questionnaires.answers.answering import require_open
from questionnaires.cycle.reminders import MESSAGE, REMINDER, reachable
from questionnaires.models import Invitation


class NoMessagesNow(RuleBroken):
    """ "Tomorrow" would be a promise that nothing keeps."""


@transaction.atomic
def ask_tomorrow(*, invitation: Invitation, by: Actor, mailed: bool = False) -> Invitation:
    """One reminder tomorrow in daytime; what already waits does not leave as well.

    Raises NoMessagesNow; RuleBroken("left_alone") for a button in a mail after a "rather not".
    """
    locked = _open_one(invitation, by, mailed)
    if not may_ask_tomorrow(locked):
        raise NoMessagesNow(_("No message is sent about this now."), "no_messages_now")
    if mailed and locked.left_alone_on:
        raise RuleBroken(_("No messages are sent about this any more."), "left_alone")
    locked.remind_on = clock.today() + timedelta(days=1)
    locked.left_alone_on = locked.no_message_before = None
    locked.save(update_fields=["remind_on", "left_alone_on", "no_message_before"])
    _silence(locked, "put_off")
    return locked


@transaction.atomic
def leave_alone(*, invitation: Invitation, by: Actor, mailed: bool = False) -> Invitation:
    """No message about this wave any more. It stays open: a change of mind is fine."""
    locked = _open_one(invitation, by, mailed)
    locked.remind_on = None
    locked.left_alone_on = locked.left_alone_on or clock.today()
    locked.save(update_fields=["remind_on", "left_alone_on"])
    _silence(locked, "rather_not")
    return locked


@transaction.atomic
def hear_again(*, invitation: Invitation, by: User) -> Invitation:
    """After a "rather not", whoever pressed it: messages about this wave are fine again."""
    locked = _open_one(invitation, by)
    locked.left_alone_on = locked.no_message_before = None
    locked.save(update_fields=["left_alone_on", "no_message_before"])
    return locked


def may_ask_tomorrow(invitation: Invitation) -> bool:
    """A message about this wave could leave: it is open, and nothing holds messages back."""
    return reachable(clock.today()).filter(pk=invitation.pk).exists()


def _open_one(invitation: Invitation, by: Actor, mailed: bool = False) -> Invitation:
    lock_all([invitation.trajectory_id])
    rows = Invitation.objects.select_related("trajectory__participant")
    locked = lock_one(rows.filter(pk=invitation.pk))
    if not mailed and (by is None or locked.trajectory.participant.user_id != by.pk):
        raise NotYours(_("Only the participant answers these questions."), "not_yours")
    require_open(locked)
    return locked


def _silence(invitation: Invitation, reason: str) -> None:
    for kind in (MESSAGE, REMINDER):
        outbox.withdraw(kind=kind, subject_id=invitation.pk, reason=reason)

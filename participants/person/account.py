"""The young person's own account (R-003); e-mail is optional (C-41)."""

from django.db import transaction

from core import clock
from core.accounts.models import User
from core.locks import lock_again
from participants.models import Participant


@transaction.atomic
def open_account(*, participant: Participant, by: User) -> User:
    """Give this person an account once; calling it again returns the one that stands.

    An address that is not safe, or that a professional signs in with, is left out. A brother or
    sister may have the same one; how this person comes in then is asked of `core.accounts.ways_in`,
    and where that is no mailed code the worker is asked to hand one. Locks the person.
    """
    lock_again(participant)
    if participant.user is not None:
        return participant.user
    contact = participant.contact
    email = contact.email if "email" in contact.safe_channels else ""
    if email and User.objects.staff().filter(email=email).exists():
        email = ""
    user = User(
        kind=User.Kind.PARTICIPANT,
        email=email or None,
        name=participant.call_name,
        language=contact.language,
        contact=contact,
        joined_at=clock.now(),
    )
    user.set_unusable_password()
    user.save()
    participant.user = user
    participant.save(update_fields=["user"])
    return user

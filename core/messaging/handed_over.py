"""The one word about a mail that was handed over: `sending.settle`, as lean as can be.

Until it is committed a kill repeats the mail, so it does not wait for the rest of the batch: one
statement a mail. Put together by the ORM each time it would cost ten times as much, so this is
one of the few places with SQL of its own (tests/house/test_guards.py).
"""

from uuid import UUID

from django.db import connection

from core import clock
from core.messaging.models import Message

_SENT = """
    UPDATE messaging_message
    SET state = 'sent', reason = '', claim = NULL, claimed_until = NULL, sent_at = %s,
        had_secret = had_secret OR secret <> ''::bytea, secret = ''::bytea
    WHERE id = %s AND claim = %s
"""


def record_sent(message: Message, claim: UUID) -> None:
    """Sent, its secret wiped; nothing when somebody else took the row over meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(_SENT, [clock.now(), message.pk, claim])

"""Take a person out of every table; the counts stay (trust.md 12, R-101).

One way for all who ask: a granted request, a term that ran out, a restored backup.
"""

from django.db import transaction

from core import erasures, ports
from core.accounts.actors import Actor
from participants.models import Participant
from participants.rights.privacy import person_of
from participants.stay.lock import lock_person


@transaction.atomic
def erase_person(*, participant: Participant, by: Actor = None, restored: bool = False) -> bool:
    """Locks the stays by id, then person and contact; asks every floor from the top down, then
    writes the file of erasures. False when it was done before. `restored`: the file has the line
    already.
    """
    lock_person(participant)
    if participant.erased_at is not None:
        return False
    ports.erase_person(person_of(participant), by)
    if not restored:
        erasures.write_down(participant.pk)
    return True


def reapply() -> int:
    """After a restore: erase again whoever stands in the file. Safe to run twice; the number.

    Raises core.erasures.Tampered before anybody is touched.
    """
    written = erasures.read()
    by_key: dict[int, set[str]] = {}
    for row in written:
        by_key.setdefault(row.key_id, set()).add(row.pseudonym)
    back = [
        person
        for person in Participant.objects.filter(erased_at=None).order_by("pk").iterator()
        if any(erasures.pseudonym(person.pk, key) in names for key, names in by_key.items())
    ]
    return sum(erase_person(participant=person, restored=True) for person in back)

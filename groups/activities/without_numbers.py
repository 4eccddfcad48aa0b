"""No telephone number or account where a whole group reads along and people under 18 are in it.

A number is given from person to person. A place to go to and the page of a bowling alley are fine.
"""

from django.utils.translation import gettext as _

from core.contact_details import Way, found_in
from core.errors import RuleBroken
from groups.seats.minors import guards_minors
from participants.models import Trajectory

PERSONAL = frozenset({Way.PHONE, Way.MAIL, Way.HANDLE})


def refuse_contact_details(stay: Trajectory | None, **texts: str) -> None:
    """None is typed where minors are guarded (`groups.seats.minors`); `texts` by the name of their
    field. Nobody: a worker.

    Raises RuleBroken: contact_details.
    """
    if stay is None or stay.group is None:
        return
    for field, text in texts.items():
        if found_in(text) in PERSONAL and guards_minors(stay.group, stay):
            raise RuleBroken(
                _(
                    "The whole group reads this. Leave out telephone numbers, e-mail addresses and"
                    " account names; you can give yours yourself to whoever you like."
                ),
                "contact_details",
                field,
            )

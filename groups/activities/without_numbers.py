"""No telephone number or account where a whole group reads along, from somebody under 18.

A number is given from person to person. A place to go to and the page of a bowling alley are fine.
"""

from django.utils.translation import gettext as _

from core import clock
from core.ages import age_on
from core.contact_details import Way, found_in
from core.errors import RuleBroken
from participants.models import Trajectory

ADULT = 18
PERSONAL = frozenset({Way.PHONE, Way.MAIL, Way.HANDLE})


def refuse_contact_details(stay: Trajectory | None, **texts: str) -> None:
    """Who is under 18 types none here; `texts` by the name of their field. Nobody: a worker.

    Raises RuleBroken: contact_details.
    """
    if stay is None or age_on(stay.participant.birth_date, clock.today()) >= ADULT:
        return
    for field, text in texts.items():
        if found_in(text) in PERSONAL:
            raise RuleBroken(
                _(
                    "The whole group reads this. Leave out telephone numbers, e-mail addresses and"
                    " account names; you can give yours yourself to whoever you like."
                ),
                "contact_details",
                field,
            )

"""Made small enough to work out: three ways, and keeping it as it is (R-164). Pure.

A challenge that is made too big is likely to fail. Who is less sure than seven is offered concrete
ways to begin smaller; keeping it as it is stands among them as one more answer.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from challenges.models import SmallStep

#: From here on nothing is asked about size.
SURE_ENOUGH = 7
TEN = range(11)


class Way(models.TextChoices):
    """In the words that become the first small step."""

    SOMEBODY = "somebody", _("With one person I know already")
    HERE_FIRST = "here_first", _("First once at Join Us")
    FIVE_MINUTES = "five_minutes", _("Five minutes is enough")
    AS_IT_IS = "as_it_is", _("I keep it as it is")


KEEP = Way.AS_IT_IS
#: Where such a step is taken, as far as it says so itself.
WHERE: dict[str, str] = {Way.HERE_FIRST: SmallStep.Where.INSIDE}


def asks_for_a_way(sureness: int | None, way: str) -> bool:
    """Is one of the four still to be chosen?"""
    return sureness is not None and sureness < SURE_ENOUGH and not way

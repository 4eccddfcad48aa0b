"""Work forms beside the method: no fixed part of it, offered when a participant asks (R-096).

They stand to be read below the support forms. Nothing proposes, plans or logs one, and no page of a
young person names one: whoever asks is helped by the own youth workers.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class WorkForm:
    name: Promise
    text: Promise


WORK_FORMS = (
    WorkForm(
        _("Mapping the own network"),
        _(
            "Draw together who is around somebody: at home, at school or work, at Join Us. The "
            "participant says who is close and who is further away, and where more contact would "
            "be nice. The drawing goes home with the participant."
        ),
    ),
)

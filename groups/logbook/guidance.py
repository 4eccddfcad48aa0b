"""What the logbook says beside its questions: groups under 18 get more lead and structure (R-095),
older ones decide more themselves, and the workers stay in the background (R-139). Pure."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ADULT = 18


@dataclass(frozen=True)
class Guidance:
    """One line under the heading of each fixed part."""

    own_time: Promise
    activity: Promise
    talks: Promise


YOUNGER = Guidance(
    own_time=_("Was everybody welcomed by name, and told what the meeting would be like?"),
    activity=_("What did the participants arrange, and where did you help?"),
    talks=_("Ask first how things are going, and then about one small thing to try."),
)
OLDER = Guidance(
    own_time=_("How did the group fill this time itself?"),
    activity=_("What did the participants arrange themselves? You stay in the background."),
    talks=_("Ask what somebody wants to try, and let them say how."),
)


def guidance(age_until: int) -> Guidance:
    """By the age band of the group: the younger ones when nobody in it can be older than 18."""
    return YOUNGER if age_until <= ADULT else OLDER

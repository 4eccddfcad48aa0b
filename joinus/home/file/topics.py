"""What a time line can be asked for: each kind of entry belongs to one topic."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.ports import TimeLineEntry


class Topic(StrEnum):
    STAY = "stay"
    CONTACT = "contact"
    GROUP = "group"
    YES = "yes"
    QUESTIONNAIRE = "questionnaire"
    CHALLENGE = "challenge"
    AFTER = "after"


WORDS: dict[str, str | Promise] = {
    Topic.STAY: _("The stay"),
    Topic.CONTACT: _("Contact and worries"),
    Topic.GROUP: _("Group and attendance"),
    Topic.YES: _("Agreements and consent"),
    Topic.QUESTIONNAIRE: _("Questionnaires"),
    Topic.CHALLENGE: _("Challenges"),
    Topic.AFTER: _("Goodbye and after"),
}
TOPIC_OF = {
    "contact": Topic.CONTACT,
    "worry": Topic.CONTACT,
    "placement": Topic.GROUP,
    "role_model": Topic.GROUP,
    "correction": Topic.GROUP,
    "agreement": Topic.YES,
    "consent": Topic.YES,
    "questionnaire": Topic.QUESTIONNAIRE,
    "challenge": Topic.CHALLENGE,
    "last_meeting": Topic.AFTER,
    "goodbye": Topic.AFTER,
    "aftercare": Topic.AFTER,
    "return": Topic.AFTER,
}


def topic_of(entry: TimeLineEntry) -> Topic:
    """A kind without a topic of its own is about the stay."""
    return TOPIC_OF.get(entry.kind, Topic.STAY)

"""What can be chosen at the sign-up, and the words of what was: the safe way, when, heard from.

The keys are kept in columns of the stay and the contact; a form offers them, rules read them back.
"""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HEARD_FROM = [
    ("", _("Choose, if you like")),
    ("self", _("I found it myself")),
    ("school", _("School")),
    ("gp", _("GP")),
    ("municipality", _("Municipality or social team")),
    ("parent", _("Parent or family")),
    ("worker", _("Youth worker of Join Us")),
    ("friend", _("Friend")),
    ("media", _("Internet, social media, newspaper")),
]
WHEN = [
    ("any", _("Any time is fine")),
    ("day", _("On a weekday, between 9 and 15")),
    ("15", _("Between 15 and 16")),
    ("16", _("Between 16 and 17")),
    ("17", _("Between 17 and 18")),
    ("18", _("Between 18 and 19")),
    ("19", _("Between 19 and 20")),
    ("weekend", _("At the weekend, in the daytime")),
]
CHANNEL = [
    ("email", _("By e-mail")),
    ("phone", _("By telephone or text message")),
    ("whatsapp", _("By WhatsApp")),
]


def shown(value: str, choices: Sequence[tuple[str, str | Promise]]) -> str | Promise:
    """The words of a stored choice; free text from elsewhere is shown as it is, and what was not
    chosen as nothing (the first line of a form is no answer)."""
    return dict(choices).get(value, value) if value else ""

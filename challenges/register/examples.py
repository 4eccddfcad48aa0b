"""Wordings to begin with: the printed ones (R-165), and skills that participants named (R-170).

Suggestions, never a closed list, and never with the mechanism on any page.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from challenges.models import ExampleChallenge


@dataclass(frozen=True)
class Skill:
    """What participants of the study said they learned, and small sentences about it, by key."""

    name: Promise
    sentences: dict[str, Promise]


SKILLS = (
    Skill(
        _("Making and keeping friends"),
        {
            "sit_beside": _("I sit beside somebody I do not know yet"),
            "text_somebody": _("I send somebody a message to ask how they are"),
        },
    ),
    Skill(
        _("Taking the first step"),
        {
            "say_hello": _("I say hello first"),
            "ask_along": _("I ask somebody to come along"),
        },
    ),
    Skill(
        _("Organising something"),
        {
            "bring_game": _("I think up a game for the next meeting"),
            "pick_day": _("I pick a day and ask who comes"),
        },
    ),
)


def printed() -> list[ExampleChallenge]:
    """Those of the method, in its order."""
    return list(ExampleChallenge.objects.defer("mechanism"))


def worded(key: str) -> str:
    """The sentence behind a key, or nothing."""
    for skill in SKILLS:
        if key in skill.sentences:
            return str(skill.sentences[key])
    if "\x00" in key:
        return ""
    found = ExampleChallenge.objects.defer("mechanism").filter(key=key).first()
    return str(found) if found else ""

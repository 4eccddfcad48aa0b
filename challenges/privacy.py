"""Challenges of a person: given out at once, since they are the own words; taken out on erasure.

They are kept as long as the stay they belong to (`participants.rights.retention`).
"""

from django.utils.translation import gettext as _

from challenges.models import Challenge
from core.accounts.actors import Actor
from core.privacy import OWN, Fact, Person, Section

#: Model -> what becomes of it when somebody is erased.
HOLDS = {Challenge: "the words go; days and how it ended stay"}


def export_person(person: Person, part: str) -> list[Section]:
    """Answer to the port."""
    if part != OWN:
        return []
    rows = Challenge.objects.filter(trajectory__in=person.trajectory_ids).order_by("chosen_on")
    return [
        Section(
            "challenges",
            _("Your challenges"),
            [
                [
                    Fact("text", _("What you wanted to try"), row.text),
                    Fact("chosen_on", _("Chosen on"), row.chosen_on),
                    Fact("state", _("How it went"), row.get_state_display()),
                    Fact("ended_on", _("Ended on"), row.ended_on),
                ]
                for row in rows
            ],
            order=58,
        )
    ]


def erase_person(person: Person, by: Actor) -> None:
    """Answer to the port."""
    Challenge.objects.filter(trajectory__in=person.trajectory_ids).update(text="")

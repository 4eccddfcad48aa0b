"""Goodbyes in the demo world: the talk, the parents of somebody under 16, and the call later."""

from core import clock
from core.accounts.models import User
from participants.exit import aftercare, exit_talk
from participants.exit import parents as parents_at_exit
from participants.models import Trajectory

TO_LEARN = (
    "Een keer meetrainen bij de volleybalclub.",
    "Op school zelf vragen of iemand mee gaat lunchen.",
    "Elke week iets afspreken met iemand van buiten de groep.",
    "Een bijbaan zoeken waar je met anderen werkt.",
)


def talk(stay: Trajectory, *, by: User) -> None:
    """Satisfied, and no challenge left: the figures, and two things to go on learning."""
    figure = 7 + len(stay.participant.call_name) % 3
    exit_talk.record_exit_talk(
        trajectory=stay,
        held_on=clock.today(),
        challenge_reached=figure,
        satisfied=figure - 1,
        ready=True,
        note="Straalde. Wil vooral buiten Join Us verder.",
        by=by,
    )
    for text in TO_LEARN[figure % 2 :: 2]:
        exit_talk.add_agreement(trajectory=stay, text=text, by=by)


def before_closing(stay: Trajectory, kind: str, *, by: User) -> None:
    if kind == "goal" and exit_talk.newest(stay) is None:
        talk(stay, by=by)
    if not parents_at_exit.is_settled(stay, clock.today()):
        parents_at_exit.record_talk(
            trajectory=stay,
            spoken_on=clock.today(),
            feedback="Komt graag, durft meer te vragen en neemt zelf initiatief.",
            tips="Laat zelf afspreken, en vraag achteraf hoe het was.",
            by=by,
        )


def call(stay: Trajectory, *, by: User) -> None:
    aftercare.record_call(trajectory=stay, outcome="well", note="Gaat goed.", by=by)

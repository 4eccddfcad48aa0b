"""Around the first talk: what the page of the talk and the file show beside it."""

from typing import Any

from participants.intake.forms.around_the_talk import CareForm, FirstIdeaForm, OneToOneForm
from participants.models import Trajectory


def around_talk(stay: Trajectory) -> dict[str, Any]:
    """What `_around_talk.html` draws: on the page of the talk and in the file."""
    ideas = list(stay.first_ideas.select_related("by"))
    care = getattr(stay, "care_elsewhere", None)
    row = getattr(stay, "intake", None)
    return {
        "stay": stay,
        "person": stay.participant,
        "ideas": ideas,
        "idea": FirstIdeaForm(initial={"profile": ideas[0].profile if ideas else ""}),
        "care_row": care,
        "care": CareForm(initial={"text": care.text if care else ""}),
        "talk": row,
        "alone": OneToOneForm(),
        "alone_answer": getattr(row, "one_to_one_answer", None),
    }

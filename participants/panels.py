"""Pieces of the participant's file that this app knows: details, agreements, consent (R-099)."""

from typing import Any

from django.utils.translation import gettext as _

from core import clock
from core.ports import Panel, TimeLineEntry
from participants import agreements, asking, recusal
from participants.forms.talk import CareForm, FirstIdeaForm, OneToOneForm
from participants.models import ParentalConsent, PhaseChange, Trajectory


def file_panels(trajectory: Trajectory, user: Any) -> list[Panel]:
    """Answer to the port. The roof shows them to the own group's workers only."""
    return [
        Panel(
            template="participants/panels/person.html",
            context={
                "person": trajectory.participant,
                "lines": agreements.lines(trajectory, "nl"),
                "shown": asking.overview(trajectory),
                "stay": trajectory,
                "colleagues": recusal.colleagues(trajectory),
            },
            order=10,
        ),
        Panel(template="participants/panels/talk.html", context=around_talk(trajectory), order=60),
    ]


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


def time_line(trajectory: Trajectory) -> list[TimeLineEntry]:
    """Answer to the port: every move of the stay, and what parents answered."""
    moves = [
        TimeLineEntry(
            at=change.at.astimezone(clock.AMSTERDAM).date(),
            text=change.get_to_phase_display(),
            kind="journey",
        )
        for change in PhaseChange.objects.filter(trajectory=trajectory)
    ]
    answers = ParentalConsent.objects.filter(trajectory=trajectory, answered_at__isnull=False)
    said = []
    for row in answers:
        if row.answered_at is None:
            continue
        said.append(
            (
                row.answered_at,
                _("A parent said yes") if row.answer == "yes" else _("A parent said no"),
            )
        )
        if row.withdrawn_at is not None:
            said.append((row.withdrawn_at, _("A parent took back the consent")))
    return moves + [
        TimeLineEntry(at=moment.astimezone(clock.AMSTERDAM).date(), text=text, kind="consent")
        for moment, text in said
    ]

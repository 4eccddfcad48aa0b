"""Pieces of the participant's file that this app knows: details, agreements, consent (R-099)."""

from typing import Any

from django.utils.translation import gettext as _

from core import clock
from core.ports import Panel, TimeLineEntry
from participants import agreements, asking, recusal, route_map
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
        Panel(
            template="participants/panels/route.html",
            context={"stay": trajectory, "route": route_map.route_of(trajectory)},
            order=15,
        ),
    ]


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

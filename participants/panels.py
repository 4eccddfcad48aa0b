"""Pieces of the participant's file that this app knows: details, agreements, consent (R-099)."""

from core.accounts.actors import Viewer
from core.ports import Panel
from participants.care.contact import open_worry
from participants.consent import agreements
from participants.intake.panel import around_talk
from participants.journey import pausing, route_map
from participants.models import CareConcern, Trajectory
from participants.parents import overview
from participants.recusal import recusal


def file_panels(trajectory: Trajectory, user: Viewer) -> list[Panel]:
    """Answer to the port. The roof shows them to the own group's workers only."""
    return [
        Panel(
            template="participants/panels/person.html",
            context={
                "person": trajectory.participant,
                "lines": agreements.lines(trajectory, "nl"),
                "shown": overview.overview(trajectory),
                "stay": trajectory,
                "colleagues": recusal.everybody(trajectory),
            },
            order=10,
        ),
        Panel(
            template="participants/panels/route.html",
            context={"stay": trajectory, "route": route_map.route_of(trajectory)},
            order=15,
        ),
        Panel(
            template="participants/panels/underway.html",
            context={
                "stay": trajectory,
                "worry": open_worry(trajectory),
                "wish": pausing.open_wish(trajectory),
                "concerns": CareConcern.objects.visible_to(user)
                .filter(trajectory=trajectory, closed_at__isnull=True)
                .count(),
            },
            order=30,
        ),
        Panel(template="participants/panels/talk.html", context=around_talk(trajectory), order=60),
    ]

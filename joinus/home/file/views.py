"""The participant's file: the piece each app knows, composed on the roof."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock, ports
from core.accounts.actors import SignedIn
from core.ages import age_on
from core.audit.log import opened
from core.list_filter import of_people
from core.pages import page_of
from core.ports import Panel, Place, TimeLineEntry
from joinus.home.file.strip import rows_of
from joinus.home.file.topics import WORDS, topic_of
from joinus.home.waiting import kinds_of_a_stay, todos_for
from participants.access import stay_or_404
from participants.journey.moves import next_moves
from participants.models import Trajectory
from participants.panels import details_of
from participants.permissions import SEE_FILE

#: So many acts stand in the head of the file; the others stand under *Meer*.
FIRST_ACTS = 3


@require_safe
@transaction.atomic
def file(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """Who this is and what is done most, how to reach them, what goes on; the rest under *Meer*.

    Opening it writes one audit line in the same transaction (R-020).
    """
    user = request.user
    stay = stay_or_404(request, trajectory_id, SEE_FILE)
    opened(user, "file", [stay.pk], request)
    panels = sorted((p for part in ports.file_panels(stay, user) for p in part), key=_order)
    acts = sorted((act for panel in panels for act in panel.acts), key=lambda act: act.order)
    often = [act for act in acts if not act.rare]
    context = {
        "stay": stay,
        "person": stay.participant,
        "age": age_on(stay.participant.birth_date, clock.today()),
        "acts": often[:FIRST_ACTS],
        "more_acts": [*often[FIRST_ACTS:], *(act for act in acts if act.rare)],
        "first": _of(panels, Place.FIRST),
        "now": _of(panels, Place.NOW),
        "more": _of(panels, Place.MORE),
        "ways": _of(panels, Place.WAYS),
        "strips": [(strip, _marks(panels, strip)) for strip in _of(panels, Place.STRIP)],
        "waits": [todo for todo in todos_for(user, kinds_of_a_stay()) if todo.stay_id == stay.pk],
        "waits_too": _of(panels, Place.WAITS),
    }
    return render(request, "home/file.html", context)


def _order(panel: Panel) -> int:
    return panel.order


def _of(panels: list[Panel], place: Place) -> list[Panel]:
    return [panel for panel in panels if panel.place == place and panel.template]


def _marks(panels: list[Panel], strip: Panel) -> list[Any]:
    return rows_of([mark for panel in panels for mark in panel.marks], strip.context["days"])


@require_safe
@transaction.atomic
def details(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """Behind the file: what is kept of this person, every yes, and what the first talk gave."""
    stay = stay_or_404(request, trajectory_id, SEE_FILE)
    opened(request.user, "file", [stay.pk], request)
    context = {"stay": stay, "person": stay.participant, "panels": details_of(stay)}
    return render(request, "home/details.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def whole_time_line(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """Everything that happened, newest first: who, when, why; and where it can go from here."""
    stay = stay_or_404(request, trajectory_id, SEE_FILE)
    asked = of_people(request)
    if request.method == "POST":
        return redirect(asked.address)
    opened(request.user, "time line", [stay.pk], request)
    line = asked.named(_time_line(stay), lambda entry: (entry.text, entry.who, entry.why))
    line = asked.divided(line, "over", _("What about"), topic_of, WORDS)
    return render(
        request,
        "home/time_line.html",
        {
            "stay": stay,
            "person": stay.participant,
            "asked": asked,
            "page": page_of(request, line),
            "next_moves": next_moves(stay),
        },
    )


def _time_line(stay: Trajectory) -> list[TimeLineEntry]:
    """Newest first; what has only a day stands at its beginning."""
    line = [e for part in ports.time_line(stay) for e in part]
    return sorted(line, key=lambda e: (e.at, e.moment or clock.at(e.at)), reverse=True)

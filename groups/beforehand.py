"""What an act about an evening or a place changes beside itself, said before it is done (R-131).

The act is carried out on trial (`participants.stay.rehearsal`), so that what is said is what is
then done. Does it change nothing beside itself, then nothing is asked: it is done at once.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.actors import SignedIn
from core.drafts.middleware import keep_until_done
from core.errors import RuleBroken
from core.names import in_order
from core.ports import Consequence
from groups.models import Attendance, Placement
from participants.models import Trajectory
from participants.stay.rehearsal import rehearse

#: The hidden field that says: I have read it.
READ = "read"


@dataclass(frozen=True)
class Question:
    """The page on which it is said: what is asked, the word for yes, and the way back."""

    heading: str
    about: str
    yes: str
    back: str
    back_to: str


@dataclass(frozen=True)
class OfOne:
    """What changes for one person."""

    name: str
    texts: list[str]


def asked_first(
    request: SignedIn, act: Callable[[], object], question: Question
) -> HttpResponse | None:
    """The page that says what `act` changes; None when nothing does, or it was read already.

    None as well when the act is refused: whoever then does it hears why. What was typed travels
    with the page, and stays in the draft until it is done.
    """
    if request.POST.get(READ):
        return None
    try:
        found = rehearse(act, last_evenings, no_longer_counted)
    except RuleBroken:
        return None
    if not found:
        return None
    keep_until_done(request)
    people, others = _by_person(request, found)
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    context = {"question": question, "people": people, "others": others, "typed": typed}
    return render(request, "groups/beforehand.html", context)


def _by_person(request: SignedIn, found: list[Consequence]) -> tuple[list[OfOne], bool]:
    """By name; and whether it touches somebody whose file this worker stays out of."""
    stays = Trajectory.objects.visible_to(request.user)
    ids = {consequence.trajectory_id for consequence in found}
    names = dict(stays.filter(pk__in=ids).values_list("pk", "shown_name"))
    by_stay = attrgetter("trajectory_id")
    people = [
        OfOne(names[key], [consequence.text for consequence in of_one])
        for key, of_one in groupby(sorted(found, key=by_stay), by_stay)
        if key in names
    ]
    return sorted(people, key=lambda one: in_order(one.name)), ids != names.keys()


# ---- What the evenings and the places themselves say ----------------------------------------


def last_evenings(trajectory_ids: Collection[UUID]) -> Callable[[], list[Consequence]]:
    """Whose last evening moves or falls away, while taking leave goes on."""
    after = _agreed(trajectory_ids)

    def said() -> list[Consequence]:
        before = _agreed(trajectory_ids)
        return [
            Consequence(stay, "moves", _last_evening(after[stay]))
            for stay, day in before.items()
            if day is not None and stay in after and after[stay] != day
        ]

    return said


def _agreed(trajectory_ids: Collection[UUID]) -> dict[UUID, date | None]:
    leaving = Trajectory.objects.filter(pk__in=trajectory_ids, phase=Trajectory.Phase.LEAVING)
    return dict(leaving.order_by("pk").values_list("pk", "last_meeting_on"))


def _last_evening(day: date | None) -> str:
    if day is None:
        return _("The last evening falls away. Agree on another one.")
    return _("The last evening is then %(day)s.") % {"day": date_format(day, "l j F")}


def no_longer_counted(trajectory_ids: Collection[UUID]) -> Callable[[], list[Consequence]]:
    """Evenings somebody was at, and that lie outside their places from now on."""
    after = _counted(trajectory_ids)

    def said() -> list[Consequence]:
        found: dict[UUID, list[str]] = {}
        for _meeting, stay, day in sorted(_counted(trajectory_ids) - after, key=lambda row: row[2]):
            found.setdefault(stay, []).append(date_format(day, "j F"))
        text = _("Was there on %(days)s. That no longer counts.")
        return [
            Consequence(stay, "moves", text % {"days": ", ".join(days)})
            for stay, days in found.items()
        ]

    return said


def _counted(trajectory_ids: Collection[UUID]) -> set[tuple[UUID, UUID, date]]:
    place = Placement.objects.filter(
        Q(last_day__isnull=True) | Q(last_day__gte=OuterRef("meeting__date")),
        trajectory=OuterRef("trajectory"),
        group=OuterRef("meeting__group"),
        trial=False,
        first_day__lte=OuterRef("meeting__date"),
    )
    rows = Attendance.objects.filter(
        Exists(place), trajectory__in=trajectory_ids, state=Attendance.State.PRESENT
    )
    return set(rows.values_list("meeting", "trajectory", "meeting__date"))

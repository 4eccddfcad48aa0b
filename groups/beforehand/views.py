"""The page that says what an act changes beside itself, before it is done (R-131).

The act is carried out on trial (`participants.stay.rehearsal`), so that what is said is what is
then done. Does it change nothing beside itself, then nothing is asked: it is done at once.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare, salted_hmac

from core.accounts.actors import SignedIn
from core.drafts.middleware import keep_until_done
from core.names import in_order
from core.ports import Consequence
from groups.beforehand.said import what_it_changes
from participants.models import Trajectory

#: The hidden field that says what was read.
READ = "read"


@dataclass(frozen=True)
class Question:
    """The page on which it is said: what is asked, the word for yes, and the way back.

    `beside`: what has to be read first whatever changes; then it is always asked.
    """

    heading: str
    about: str
    yes: str
    back: str
    back_to: str
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class OfOne:
    """What changes for one person."""

    name: str
    texts: list[str]


def asked_first(
    request: SignedIn, act: Callable[[], object], question: Question
) -> HttpResponse | None:
    """The page that says what `act` changes; None when nothing does, or just this was read.

    A yes is to what stood on the page: of another act, or when something happened meanwhile, it is
    asked once more. None as well when the act is refused: whoever then does it hears why. What was
    typed travels with the page, and stays in the draft until it is done.
    """
    found = what_it_changes(act)
    mark = mark_of(found, question.heading, question.about, *question.beside)
    asks = found or question.beside
    if not asks or constant_time_compare(request.POST.get(READ, ""), mark):
        return None
    keep_until_done(request)
    people, others = _by_person(request, found)
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", READ)
        for value in values
    ]
    context = {
        "question": question,
        "people": people,
        "others": others,
        "typed": typed,
        "mark": mark,
        "changed": READ in request.POST,
    }
    return render(request, "groups/beforehand.html", context)


def mark_of(found: Sequence[Consequence], *about: str) -> str:
    """What is said on a page, in a few letters that only we can make: also of those whose file the
    reader stays out of."""
    said = sorted((str(one.trajectory_id), one.kind, one.text) for one in found)
    return salted_hmac("groups.beforehand", json.dumps([about, said])).hexdigest()


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

"""One time axis for the workers of a group: from what was seen to what works out (R-268)."""

from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from challenges.permissions import OBSERVE
from challenges.thread import sharing
from challenges.thread.cards import for_the_talk, thinking
from challenges.thread.entries import Thread, Told
from challenges.thread.reading import Head, head_of, thread_of
from challenges.thread.shown import shown
from core.accounts.actors import SignedIn
from core.audit.log import opened
from participants.access import stay_or_404
from questionnaires.answers.over_time import answers_over_time


@require_safe
@transaction.atomic
def thread(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """Opening it writes one line in the log of who looked."""
    stay = stay_or_404(request, trajectory_id, OBSERVE)
    opened(request.user, "thread", [stay.pk], request)
    found, head = thread_of(stay), head_of(stay)
    if found.asks_about and (asked := answers_over_time(stay, request.user, found.asks_about)):
        told = tuple(Told(one.day, one.words, one.wave, one.place) for one in asked.answers)
        found = replace(found, question=asked.question, told=told)
    context = {
        "stay": stay,
        "name": stay.shown_name,
        "head": head,
        "talk": [*for_the_talk(stay.shown_name, found), *thinking(found)],
        "in_mind": _in_mind(found, head),
        "shared": sharing.standing_of(stay),
    }
    return render(request, "home/thread.html", context | shown(found))


def _in_mind(found: Thread, head: Head) -> str:
    """The challenge that is prepared for the coming meeting, in its own words."""
    coming = head.coming
    return next((row.text for row in found.tried if coming and row.key == coming.challenge), "")

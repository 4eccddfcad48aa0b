"""Somebody who left fills in the sign-up form again (R-195): a person looks at it, kindly.

The form says the same to everybody. The one we know gets a message of their own, unless contact
was refused; the workers of today find a to-do until somebody spoke, or an exception was made.
"""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.messaging.models import Message
from core.ports import Todo, TodoRule
from participants.models import FollowUpCall, ReturnException, Trajectory
from participants.permissions import DECIDE
from participants.signup.mail import KNOCKED
from participants.todo_kinds import Kind

KEPT = timedelta(days=60)


def todos(user: Viewer) -> list[Todo]:
    if not reach(user, DECIDE):
        return []
    knocks = Message.objects.filter(
        kind=KNOCKED, subject_id=OuterRef("pk"), written_at__gte=clock.now() - KEPT
    ).order_by("-written_at")
    stays = (
        Trajectory.objects.visible_to(user)
        .filter(phase=Trajectory.Phase.FORMER)
        .annotate(knocked_at=Subquery(knocks.values("written_at")[:1]))
        .filter(knocked_at__isnull=False)
    )
    spoken = FollowUpCall.objects.filter(
        trajectory=OuterRef("pk"), at__gte=OuterRef("knocked_at"), outcome__in=FollowUpCall.TALKS
    )
    allowed = ReturnException.objects.standing().filter(
        participant=OuterRef("participant"), at__gte=OuterRef("knocked_at")
    )
    waiting = stays.exclude(Exists(spoken)).exclude(Exists(allowed)).select_related("participant")
    return [_todo(stay) for stay in waiting.order_by("pk")]


def _todo(stay: Any) -> Todo:
    return Todo(
        kind=Kind.KNOCKED,
        about=stay.pk,
        urgency=1,
        when=_("new"),
        title=_("%(name)s would like to come back") % {"name": stay.participant.call_name},
        reason=_("Filled in the sign-up form again. Call: what happened, and what fits now?"),
        action=_("See what is possible"),
        url=reverse("participants:allow_return", args=[stay.pk]),
        since=clock.day_of(stay.knocked_at),
        group_id=stay.group_id,
        stay_id=stay.pk,
    )


RULES = (TodoRule((Kind.KNOCKED,), todos, of_a_stay=True),)

"""The goodbye's piece of a file and time line: the talk, the own list, the parents, the talks
afterwards. Figures of the scaling questions stand on the page of the talk only.
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import first_name_of
from core.ports import Act, Panel, TimeLineEntry
from core.ready_made import ReadyMade, as_tuple
from core.templatetags.face import url_or
from participants.exit import parents as parents_at_exit
from participants.exit.with_coordinator import Decision
from participants.journey.journey import reopen_until
from participants.models import (
    ExitAgreement,
    ExitTalk,
    FollowUpCall,
    ParentsAtExit,
    ReturnException,
    Trajectory,
)
from participants.stay.no_messages import is_left_alone

Phase = Trajectory.Phase
NAMES = ("by", "coordinator", "heard_by")
SHOWN = (*Phase.IN_GROUP, Phase.FORMER)


def file_panels(trajectory: Trajectory, user: Viewer) -> list[Panel]:
    """Answer to the port: only when there is something to tell about leaving."""
    if trajectory.phase not in SHOWN:
        return []
    ((talk, talks, may_return, parents),) = _LEAVING(stay=trajectory.pk)
    former = trajectory.phase == Phase.FORMER
    if talk is None and not former and trajectory.phase != Phase.LEAVING:
        return []
    context = {
        "stay": trajectory,
        "former": former,
        "talk": talk
        and {
            "held_on": date.fromisoformat(talk["held_on"]),
            "ready": talk["ready"],
            "who": first_name_of(talk["who"]),
        },
        "to_learn": [
            ExitAgreement.from_db(None, ("id", "text"), row).text
            for row in _TO_LEARN(stay=trajectory.pk)
        ],
        "parents": parents
        and {
            "is_exception": parents["coordinator"] is not None,
            "spoken_on": parents["spoken"] and date.fromisoformat(parents["spoken"]),
        },
        "left_alone": former and is_left_alone(trajectory),
        "talks": len(talks) if former else 0,
        "may_return": former and may_return,
    }
    return [
        Panel(
            template="participants/panels/goodbye.html",
            context=context,
            order=5,
            acts=_acts(trajectory) if former else (),
        )
    ]


def _acts(former: Trajectory) -> tuple[Act, ...]:
    """After the goodbye; the pages stand on the floors above."""
    found = []
    if page := url_or("questionnaires:aftercare", former.pk):
        found.append(Act(_("Open aftercare"), page, order=0))
    until, page = reopen_until(former), url_or("groups:reopen", former.pk)
    if page and until is not None and clock.today() <= until:
        found.append(Act(_("Take back the closing"), page, order=10, rare=True))
    return tuple(found)


def _leaving(stay: UUID) -> QuerySet[Any, Any]:
    """The newest talk, the talks since, and whether the way back is open."""
    of = OuterRef("pk")
    talk = ExitTalk.objects.filter(trajectory=of).order_by("-at", "-id")
    calls = FollowUpCall.objects.filter(trajectory=of, outcome__in=FollowUpCall.TALKS).order_by()
    back = ReturnException.objects.filter(participant=OuterRef("participant"), used_by=None)
    parents = parents_at_exit.contacts_for_this_goodbye(of).order_by("-at", "-id")
    return Trajectory.objects.filter(pk=stay).values_list(
        Subquery(talk.values(row=JSONObject(held_on="held_on", ready="ready", who="by__name"))[:1]),
        ArraySubquery(calls.values("pk")),
        Exists(back.standing()),
        Subquery(
            parents.values(row=JSONObject(spoken="spoken_on", coordinator="coordinator_id"))[:1]
        ),
    )


def _to_learn(stay: UUID) -> QuerySet[Any, Any]:
    rows = ExitAgreement.objects.filter(trajectory=stay, dropped_at__isnull=True)
    return rows.values_list("id", "text")


_TO_LEARN = ReadyMade(as_tuple, _to_learn, stay=UUID)
_LEAVING = ReadyMade(as_tuple, _leaving, stay=UUID)


def time_line(trajectory: Trajectory) -> list[TimeLineEntry]:
    """Answer to the port."""
    found = [
        TimeLineEntry(at=row.held_on, text=_("Talk about leaving"), kind="goodbye")
        for row in ExitTalk.objects.filter(trajectory=trajectory)
    ]
    for row in ParentsAtExit.objects.filter(trajectory=trajectory).select_related(*NAMES):
        text = (
            _("Goodbye without contact with the parents, decided with the coordinator")
            if row.is_exception
            else _("Spoke with the parents about leaving")
        )
        day, who = row.spoken_on or clock.day_of(row.at), row.by.first_name
        found.append(TimeLineEntry(at=day, text=text, kind="goodbye", who=who))
        found += _answer(row, "goodbye")
    found += [
        TimeLineEntry(
            at=clock.day_of(row.at),
            text=_("Aftercare: %(outcome)s") % {"outcome": row.get_outcome_display()},
            kind="aftercare",
        )
        for row in FollowUpCall.objects.filter(trajectory=trajectory)
    ]
    if trajectory.phase == Phase.FORMER:
        returns = ReturnException.objects.filter(participant=trajectory.participant_id)
        for exception in returns.select_related("by", "discussed_with", "heard_by"):
            text, who = _("May come back, as an exception"), exception.by.first_name
            found.append(
                TimeLineEntry(at=clock.day_of(exception.at), text=text, kind="return", who=who)
            )
            found += _answer(exception, "return")
    return found


def _answer(row: Decision, kind: str) -> list[TimeLineEntry]:
    """What the coordinator who was named said of it, and who heard that it was not discussed."""
    if row.answered_at is None:
        return []
    text = (
        _("The coordinator: we discussed it")
        if row.discussed
        else _("The coordinator: this was not discussed with me")
    )
    who = row.named.first_name
    found = [
        TimeLineEntry(
            at=clock.day_of(row.answered_at),
            text=text,
            kind=kind,
            who=who,
            why=row.answer,
            moment=row.answered_at,
        )
    ]
    if row.heard_at is not None:
        text = _("Talked over with the coordinator")
        who = row.heard_by.first_name if row.heard_by else ""
        found.append(
            TimeLineEntry(
                at=clock.day_of(row.heard_at), text=text, kind=kind, who=who, moment=row.heard_at
            )
        )
    return found

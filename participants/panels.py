"""Pieces of the participant's file that this app knows: what to know first, how to reach, and
the last contact; behind it the details, agreements and consent (R-099)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import first_name_of
from core.accounts.rights import reach
from core.messaging.models import Message
from core.messaging.permissions import SEE_MESSAGES
from core.ports import Act, Mark, Panel, Place
from core.ready_made import ReadyMade, as_tuple
from participants.care.safe_ways import ways_of
from participants.consent import agreements
from participants.consent.needed import NEEDED, WHY
from participants.intake.panel import around_talk
from participants.models import CareConcern, ContactAttempt, PauseWish, Trajectory, Worry
from participants.parents import overview
from participants.recusal import recusal

Phase = Trajectory.Phase
Outcome, Conclusion = ContactAttempt.Outcome, ContactAttempt.Conclusion
#: Talks of a year and a half of evenings; the strip shows those of its own dates.
LATEST = 40


def file_panels(trajectory: Trajectory, user: Viewer) -> list[Panel]:
    """Answer to the port. The roof shows them to the own group's workers only."""
    ((worry, wish, concerns, tried, texts),) = _CARE(stay=trajectory.pk)
    attempts = [{**row, "at": datetime.fromisoformat(row["at"])} for row in tried]
    sends = trajectory.group_id in reach(user, SEE_MESSAGES).groups
    return [
        Panel(
            template="participants/panels/first.html",
            context={
                "stay": trajectory,
                "worry": worry
                and {
                    "who": first_name_of(worry["who"]),
                    "at": datetime.fromisoformat(worry["at"]),
                },
                "asked_at": wish,
                "blocked": WHY.get(trajectory.blocked_reason, ""),
                "by_themselves": trajectory.blocked_reason in NEEDED,
                "concerns": len(concerns),
            },
            place=Place.FIRST,
            order=10,
            marks=tuple(_talk(row) for row in attempts if row["outcome"] == Outcome.SPOKEN),
        ),
        Panel(
            template="participants/panels/reach.html",
            context={"stay": trajectory, "person": trajectory.participant}
            | ways_of(trajectory.participant.contact),
            place=Place.FIRST,
            order=20,
        ),
        Panel(
            template="participants/panels/ready_texts.html" if texts and sends else "",
            context={
                "texts": [(row["id"], datetime.fromisoformat(row["at"])) for row in texts],
            },
            place=Place.WAITS,
        ),
        Panel(
            template="participants/panels/contact.html" if trajectory.phase in MEETS else "",
            context={"stay": trajectory, "last": _last(attempts[0]) if attempts else None},
            order=20,
            acts=_acts(trajectory),
        ),
    ]


def details_of(trajectory: Trajectory) -> list[Panel]:
    """Behind the file: what is kept of the person, every yes, and what the first talk gave."""
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
        ),
        Panel(template="participants/panels/talk.html", context=around_talk(trajectory)),
    ]


#: Somebody whom the workers keep in touch with: there is a last contact, or there should be one.
MEETS = (*Phase.ARRIVING, *Phase.PLACED)


def _acts(stay: Trajectory) -> tuple[Act, ...]:
    """The most used first; a pause is the main one while it lasts."""

    def to(name: str) -> str:
        return reverse(f"participants:{name}", args=[stay.pk])

    if stay.phase in Phase.ARRIVING:
        return (Act(_("Open the sign-up"), to("applicant"), order=0),)
    found = []
    if stay.phase in Phase.PLACED:
        found += [
            Act(_("Note a contact"), to("reach"), order=10),
            Act(_("Care concerns"), to("care_concerns"), order=60),
            Act(_("Let in without e-mail: make a code"), to("hand_code"), order=80),
        ]
    if stay.phase == Phase.PAUSED:
        found.append(Act(_("Talk about the pause"), to("pause"), order=0))
    elif stay.phase == Phase.PARTICIPATING:
        found.append(Act(_("Pause"), to("pause"), rare=True, order=10))
    return tuple(found)


def _last(row: dict[str, Any]) -> dict[str, Any]:
    words = str(Outcome(row["outcome"]).label)
    if row["conclusion"] and row["conclusion"] != Conclusion.WORRIED:
        words += f", {Conclusion(row['conclusion']).label}"
    return {"at": row["at"], "who": first_name_of(row["who"]), "words": words}


def _talk(row: dict[str, Any]) -> Mark:
    day = clock.day_of(row["at"])
    what = _("{day}, with {who}").format(day=date_format(day, "j F"), who=first_name_of(row["who"]))
    return Mark(day, _("Talk"), what, "message-square")


def _care(stay: UUID) -> QuerySet[Any, Any]:
    """What is open about a stay, and who tried to reach this person, the newest first."""
    of = OuterRef("pk")
    worry = Worry.objects.open().filter(trajectory=of)
    wish = PauseWish.objects.filter(trajectory=of, settled_at__isnull=True)
    concerns = CareConcern.objects.filter(trajectory=of, closed_at__isnull=True).order_by()
    tried = ContactAttempt.objects.filter(trajectory=of).order_by("-at")[:LATEST]
    texts = Message.objects.filter(
        contact=OuterRef("participant__contact"),
        group=OuterRef("group"),
        channel=Message.Channel.WORKER_TEXT,
        state=Message.State.QUEUED,
    ).order_by("not_before")
    return Trajectory.objects.filter(pk=stay).values_list(
        Subquery(worry.values(row=JSONObject(who="by__name", at="at"))[:1]),
        Subquery(wish.values("asked_at")[:1]),
        ArraySubquery(concerns.values("pk")),
        ArraySubquery(
            tried.values(
                row=JSONObject(at="at", outcome="outcome", conclusion="conclusion", who="by__name")
            )
        ),
        ArraySubquery(texts.values(row=JSONObject(id="pk", at="not_before"))),
    )


_CARE = ReadyMade(as_tuple, _care, stay=UUID)

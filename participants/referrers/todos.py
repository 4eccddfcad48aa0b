"""What waits about referrers: agreed moments, a first word to the school, a question to answer."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from core.accounts.actors import Viewer
from core.accounts.rights import may
from core.ages import age_on
from core.facts import Asked, Facts, nested
from core.ports import Part, Todo, TodoRule, each
from participants.consent.at_home import can_harm
from participants.consent.needed import DEFAULT_AGE
from participants.models import (
    FeedbackConsent,
    Quote,
    Referrer,
    ReferrerTie,
    Told,
    Trajectory,
    UnsafeHome,
)
from participants.permissions import DECIDE
from participants.referrers import consent as feedback
from participants.referrers import telling
from participants.todo_kinds import Kind


@dataclass(frozen=True)
class Said:
    pk: UUID
    guardian_id: UUID | None
    answer: str
    withdrawn: bool


@dataclass(frozen=True)
class Tie:
    """Somebody who knows a young person, and what everybody said about telling them."""

    id: UUID
    stay: UUID
    name: str
    group: UUID | None
    born: date
    consent_age: int | None
    phase: str
    exit_kind: str
    blocked_reason: str
    function: str
    next_on: date | None
    mail_can_harm: bool | None
    unsafe_home: bool
    told: bool
    said: tuple[Said, ...]


def _ties(user: Viewer) -> QuerySet[ReferrerTie]:
    """Of running stays, those to which the young person said yes."""
    wanted = Q(consents__answer="yes", consents__guardian__isnull=True, consents__ended_at=None)
    stays = Trajectory.objects.visible_to(user).running()
    return ReferrerTie.objects.filter(wanted, trajectory__in=stays, ended_at__isnull=True)


def _for_the_worker(row: Tie, asked: Asked) -> Todo | None:
    state = feedback.decide_by(
        row.said,
        under_age=age_on(row.born, asked.day) < (row.consent_age or DEFAULT_AGE),
        unsafe=row.mail_can_harm is True or row.unsafe_home,
    )
    name = {"name": row.name}
    who = {**name, "who": Referrer.Function(row.function).label}
    if state.why == "parent_not_asked":
        return _todo(
            row,
            urgency=3,
            when=_("waits"),
            title=_("Ask a parent of %(name)s about the %(who)s") % who,
            reason=_("%(name)s said yes; under this age a parent has to say yes too.") % name,
            action=_("Ask the parent"),
        )
    if not state.may_tell:
        return None
    if row.next_on is not None and row.next_on <= asked.day:
        return _todo(
            row,
            urgency=2,
            when=_("agreed"),
            title=_("Tell the %(who)s how it goes with %(name)s") % who,
            reason=_("Agreed for %(day)s. One fixed sentence, nothing more.")
            % {"day": formats.date_format(row.next_on, "j F")},
            action=_("Choose the sentence"),
        )
    if not row.told and telling.sayable(row):
        return _todo(
            row,
            urgency=2,
            when=_("new"),
            title=_("Tell the %(who)s that %(name)s signed up") % who,
            reason=_("%(name)s said yes to it; then guidance at school can take it into account.")
            % name,
            action=_("Choose the sentence"),
        )
    return None


def _todo(row: Tie, **fields: Any) -> Todo:
    return Todo(
        kind=Kind.FEEDBACK,
        about=row.id,
        url=reverse("participants:referrers", args=[row.stay]),
        group_id=row.group,
        **fields,
    )


# ---- The young person: somebody new who knows them, or own words that may be shared --------


@dataclass(frozen=True)
class Open:
    id: UUID


def _open(user: Viewer) -> QuerySet[ReferrerTie]:
    mine = ReferrerTie.objects.filter(
        trajectory__in=Trajectory.objects.visible_to(user).running(), ended_at__isnull=True
    )
    answered = FeedbackConsent.objects.filter(guardian__isnull=True, tie=OuterRef("pk"))
    quotes = Quote.objects.filter(tie=OuterRef("pk"), answer="")
    return mine.filter(~Exists(answered) | Exists(quotes))


def _own(_rows: list[Open], _asked: Asked) -> list[Todo]:
    """One for all: yes and no are both fine."""
    return [
        Todo(
            kind=Kind.OWN_FEEDBACK,
            urgency=3,
            when=_("when you like"),
            title=_("What may school or somebody else hear?"),
            reason=_("You choose. Nothing is told without your yes."),
            action=_("Read and choose"),
            url=reverse("participants:who_hears_what"),
        )
    ]


TIES = Facts(
    Tie,
    _ties,
    {
        "stay": "trajectory_id",
        "name": "trajectory__shown_name",
        "group": "trajectory__group_id",
        "born": "trajectory__participant__birth_date",
        "consent_age": "trajectory__group__location__organisation__consent_age",
        "phase": "trajectory__phase",
        "exit_kind": "trajectory__exit_kind",
        "blocked_reason": "trajectory__blocked_reason",
        "function": "referrer__function",
        "mail_can_harm": can_harm("trajectory__intake__mail_can_harm", "trajectory__participant"),
        "unsafe_home": Exists(
            UnsafeHome.objects.filter(trajectory=OuterRef("trajectory"), ended_at__isnull=True)
        ),
        "told": Exists(Told.objects.filter(tie=OuterRef("pk"))),
        "said": nested(FeedbackConsent.objects.filter(tie=OuterRef("pk")), Said),
    },
)
RULES = (
    TodoRule((Kind.OWN_FEEDBACK,), parts=(Part(Facts(Open, _open), _own),), own=True),
    TodoRule(
        (Kind.FEEDBACK,),
        parts=(Part(TIES, each(_for_the_worker)),),
        asks=lambda user: may(user, DECIDE),
    ),
)

"""What waits because of a farewell card: begin it, read what was written, give it; write on one."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import may, reach
from core.facts import Asked, Facts, counted
from core.names import isolated
from core.ports import Part, Todo, TodoRule, each
from groups.models import FarewellCard, FarewellText
from groups.permissions import PLACE
from groups.todo_kinds import Kind
from participants.models import Trajectory
from participants.models.recusal import not_recused

#: A card is begun three weeks before the last meeting, and shown as new for four weeks.
BEFORE = timedelta(days=21)
NEW_FOR = timedelta(days=28)
HAS_LEFT = ExpressionWrapper(
    Q(trajectory__phase=Trajectory.Phase.FORMER) | Q(trajectory__stopped_on__isnull=False),
    BooleanField(),
)


# ---- The workers ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Cardless:
    id: UUID
    name: str
    last_meeting_on: date


def _cardless(user: Viewer) -> QuerySet[Any]:
    """Says goodbye within three weeks, and no card was begun (or put away: none is wanted)."""
    return Trajectory.objects.filter(
        ~Exists(FarewellCard.objects.filter(trajectory=OuterRef("pk"), given_at__isnull=True)),
        reach(user, PLACE).as_q("group__"),
        not_recused(user),
        phase=Trajectory.Phase.LEAVING,
        last_meeting_on__lte=clock.today() + BEFORE,
        last_meeting_on__gte=clock.today(),
    )


def _start(row: Cardless, asked: Asked) -> Todo:
    return Todo(
        kind=Kind.FAREWELL_START,
        about=row.id,
        urgency=1 if row.last_meeting_on <= asked.day + timedelta(days=3) else 2,
        when=_("this week"),
        title=_("Begin the card for {name}").format(name=row.name),
        reason=_("The last meeting is on {day}. The group needs time to write.").format(
            day=date_format(row.last_meeting_on, "j F")
        ),
        action=_("Begin"),
        url=reverse("groups:farewell", args=[row.id]),
        stay_id=row.id,
    )


@dataclass(frozen=True)
class Collecting:
    """`to_read`: texts that this worker can read; `last_meeting_on` None: cancelled, or left."""

    id: UUID
    stay: UUID
    name: str
    last_meeting_on: date | None
    has_left: bool
    to_read: int


def _collecting(user: Viewer) -> QuerySet[Any]:
    texts = FarewellText.objects.filter(
        not_recused(user, "by_stay__participant"),
        card=OuterRef("pk"),
        way=FarewellText.Way.TYPED,
        read_at__isnull=True,
        sent_back_at__isnull=True,
    )
    cards = FarewellCard.objects.filter(
        reach(user, PLACE).as_q("trajectory__group__"),
        not_recused(user, "trajectory__participant"),
    )
    return cards.collected().annotate(to_read=counted(texts), has_left=HAS_LEFT)


def _card(row: Collecting, asked: Asked) -> Todo | None:
    url = reverse("groups:farewell", args=[row.stay])
    day = row.last_meeting_on
    is_due = row.has_left or (day is not None and day <= asked.day)
    if row.to_read:
        return Todo(
            kind=Kind.FAREWELL_READ,
            about=row.id,
            urgency=1 if is_due or (day and day <= asked.day + timedelta(days=3)) else 2,
            when=_("this week"),
            title=ngettext(
                "Read {n} text for the card of {name}",
                "Read {n} texts for the card of {name}",
                row.to_read,
            ).format(n=row.to_read, name=row.name),
            reason=_("What nobody has read does not go on the card."),
            action=_("Read"),
            url=url,
            stay_id=row.stay,
            lasts=True,
        )
    if is_due:
        return Todo(
            kind=Kind.FAREWELL_GIVE,
            about=row.id,
            urgency=1,
            when=_("today"),
            title=_("Give {name} the card").format(name=row.name),
            reason=_("Print it, let who likes a pen write on it, and give it."),
            action=_("To the card"),
            url=url,
            stay_id=row.stay,
            lasts=True,
        )
    return None


# ---- The young people ----------------------------------------------------------------------


@dataclass(frozen=True)
class Unwritten:
    id: UUID
    name: str
    last_meeting_on: date | None
    sent_back: int


def _unwritten(user: Viewer) -> QuerySet[Any]:
    mine = FarewellText.objects.filter(card=OuterRef("pk"), by_stay__participant__user=user.pk)
    back = mine.filter(sent_back_at__isnull=False, way=FarewellText.Way.TYPED)
    cards = FarewellCard.objects.writing_visible_to(user)
    return cards.filter(Q(~Exists(mine)) | Exists(back)).annotate(sent_back=counted(back))


def _write(row: Unwritten, _asked: Asked) -> Todo:
    reason = _("{name} only sees the card at the goodbye.")
    if row.sent_back:
        reason = _("Your youth worker asks whether it can be different.")
    return Todo(
        kind=Kind.FAREWELL_WRITE,
        about=row.id,
        urgency=2,
        when=_("this week"),
        title=_("Write something for {name}").format(name=isolated(row.name)),
        reason=reason.format(name=isolated(row.name)),
        action=_("Write"),
        url=reverse("groups:farewell_write", args=[row.id]),
    )


@dataclass(frozen=True)
class Yours:
    id: UUID
    given_at: datetime


def _yours(user: Viewer) -> QuerySet[Any]:
    return FarewellCard.objects.filter(
        trajectory__participant__user=user.pk, given_at__gte=clock.now() - NEW_FOR
    )


def _read(row: Yours, _asked: Asked) -> Todo:
    return Todo(
        kind=Kind.FAREWELL_YOURS,
        about=row.id,
        urgency=3,
        when=_("for you"),
        title=_("A card for you, from us"),
        reason=_("What the group and your youth workers give you along."),
        action=_("Look"),
        url=reverse("groups:farewell_yours"),
    )


def _leads(user: Viewer) -> bool:
    return may(user, PLACE)


START = Facts(Cardless, _cardless, {"name": "shown_name"})
COLLECTING = Facts(
    Collecting,
    _collecting,
    {
        "stay": "trajectory_id",
        "name": "trajectory__shown_name",
        "last_meeting_on": "trajectory__last_meeting_on",
    },
)
UNWRITTEN = Facts(
    Unwritten,
    _unwritten,
    {
        "name": "trajectory__participant__call_name",
        "last_meeting_on": "trajectory__last_meeting_on",
    },
)
YOURS = Facts(Yours, _yours)

RULES = (
    TodoRule(
        (Kind.FAREWELL_START, Kind.FAREWELL_READ, Kind.FAREWELL_GIVE),
        parts=(Part(START, each(_start)), Part(COLLECTING, each(_card))),
        asks=_leads,
        of_a_stay=True,
    ),
    TodoRule((Kind.FAREWELL_WRITE,), parts=(Part(UNWRITTEN, each(_write)),), own=True),
    TodoRule((Kind.FAREWELL_YOURS,), parts=(Part(YOURS, each(_read)),), own=True),
)

"""The group chat: outside the app, its membership noted (R-079, R-087, R-189), and the example
that the workers give there (R-143). Nothing here depends on it (R-100).

Who belongs in it now: who takes part, is not blocked and does not pause, and has not said that
they take part without. Adding and taking out is an act of a worker, on the own phone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import User
from core.accounts.rights import reach
from core.errors import RuleBroken
from core.locks import lock_copy
from core.organisations.models import Group
from groups.models import PERSON, ExampleMessage, Meeting, Placement
from groups.models.moments import can_come
from groups.permissions import PLACE
from participants.models import PhaseChange, Trajectory
from participants.models.recusal import not_recused
from participants.person.shown_name import by_call_name

#: The reminder comes a few days after a meeting, and goes when the next one is near.
AFTER, BEFORE = timedelta(days=3), timedelta(days=2)
#: How a chat is joined: only links that open one; anything else would be ours to answer for.
SCHEME = "https://"


def _to_add() -> Q:
    """At the moment of the choice (R-079); who moves on a later day is still in the old one."""
    away = Q(trajectory__phase=Trajectory.Phase.PAUSED) | ~Q(trajectory__blocked_reason="")
    not_in = Q(in_chat_on__isnull=True) | Q(out_of_chat_on__isnull=False)
    elsewhere = Placement.objects.filter(
        trajectory=OuterRef("trajectory"), trial=False, last_day__gte=clock.today()
    )
    begun = Q(first_day__lte=clock.today()) | ~Exists(elsewhere)
    return Q(last_day__isnull=True) & begun & not_in & Q(without_chat_on__isnull=True) & ~away


def _to_take_out() -> Q:
    """After the last day here, while something has to be arranged (no time or place before every
    yes), and in a pause unless it was agreed to stay in it."""
    paused = PhaseChange.objects.filter(
        trajectory=OuterRef("trajectory"),
        to_phase=Trajectory.Phase.PAUSED,
        at__gt=OuterRef("stays_in_chat_at"),
    )
    pauses = Q(trajectory__phase=Trajectory.Phase.PAUSED)
    pauses &= Q(stays_in_chat_at__isnull=True) | Q(Exists(paused))
    gone = Q(last_day__lt=clock.today())
    reason = gone | (Q(last_day__isnull=True) & (pauses | ~Q(trajectory__blocked_reason="")))
    return Q(in_chat_on__isnull=False, out_of_chat_on__isnull=True) & reason


def to_note(user: Viewer) -> QuerySet[Placement]:
    """Whom a worker has to add or take out. Adding asks for a chat there is; taking out does not.

    A trial never: first comes the choice to take part (R-079).
    """
    return Placement.objects.filter(
        reach(user, PLACE).as_q("group__"),
        not_recused(user, PERSON),
        (_to_add() & ~Q(group__chat_link="")) | _to_take_out(),
        trial=False,
    )


@transaction.atomic
def note_chat(*, placement: Placement, by: User, what: str) -> None:
    """Write down what a worker did: `in`, `out`, `without` (no WhatsApp, or would rather not),
    `stays` (in it during a pause), `undo`: nothing is noted yet. Each twice is once.

    Raises RuleBroken: chat_after_choice.
    """
    row = lock_copy(placement)
    today = clock.today()
    if row.trial:
        raise RuleBroken(
            _("First comes the choice to take part, then the group chat."), "chat_after_choice"
        )
    if what == "in":
        if row.in_chat_on is None or row.out_of_chat_on is not None:
            row.in_chat_on = today
        row.out_of_chat_on = row.without_chat_on = None
    elif what == "out":
        if row.in_chat_on is not None:
            row.out_of_chat_on = row.out_of_chat_on or today
    elif what == "without":
        row.in_chat_on, row.without_chat_on = None, row.without_chat_on or today
        row.out_of_chat_on = None
    elif what == "stays":
        row.stays_in_chat_at = clock.now()
    else:
        _undo(row)
    row.save(update_fields=["in_chat_on", "out_of_chat_on", "without_chat_on", "stays_in_chat_at"])


#: What a worker can say about one person.
NOTES = ("in", "out", "without", "stays", "undo")


def _undo(row: Placement) -> None:
    """The last thing that was said, taken back."""
    if row.out_of_chat_on is not None:
        row.out_of_chat_on = None
    elif row.stays_in_chat_at is not None and row.in_chat_on is not None:
        row.stays_in_chat_at = None
    else:
        row.in_chat_on = row.without_chat_on = None


@transaction.atomic
def set_chat_link(*, group: Group, link: str, by: User) -> None:
    """The link by which one joins; empty: this group has no chat. Raises RuleBroken: no_link."""
    if link and not link.startswith(SCHEME):
        raise RuleBroken(_("A link begins with https://"), "no_link", "link")
    row = lock_copy(group)
    row.chat_link = link
    row.save(update_fields=["chat_link"])


# ---- Who is in it --------------------------------------------------------------------------


@dataclass(frozen=True)
class InChat:
    """`state`: in, out, without, not yet; `asks`: add, take out, or nothing."""

    placement: UUID
    name: str
    state: str
    asks: str


def members_of(user: Viewer, group: Group) -> list[InChat]:
    """Everybody with a place now, and who left but is in it still; by name."""
    rows: Iterable[Any] = (
        Placement.objects.visible_to(user)
        .filter(group=group, trial=False)
        .filter(Q(last_day__isnull=True) | (_to_take_out()) | Q(last_day__gte=clock.today()))
        .annotate(adds=_as_flag(_to_add()), takes_out=_as_flag(_to_take_out()))
        .order_by(*by_call_name("trajectory__"))
        .annotate(name=F("trajectory__shown_name"))
    )
    return [
        InChat(row.pk, row.name, state_of(row), "add" if row.adds else _out(row)) for row in rows
    ]


def _as_flag(asked: Q) -> Exists:
    return Exists(Placement.objects.filter(asked, pk=OuterRef("pk")))


def _out(row: Any) -> str:
    return "out" if row.takes_out else ""


def state_of(row: Placement) -> str:
    if row.without_chat_on is not None:
        return "without"
    if row.out_of_chat_on is not None:
        return "out"
    return "in" if row.in_chat_on is not None else "not_yet"


# ---- The example of the workers (R-143) ----------------------------------------------------


def example_for(group: Group) -> Meeting | None:
    """The coming meeting before which a message in the chat would be nice: not yet sent or put
    away, a few days after the last one."""
    return next(iter(examples().filter(group=group).order_by("starts_at")), None)


def examples() -> QuerySet[Meeting]:
    """The next meeting of each group with a chat, between two meetings, once (R-143)."""
    now = clock.now()
    sooner = Meeting.objects.filter(
        can_come(now),
        group=OuterRef("group"),
        starts_at__gt=now,
        starts_at__lt=OuterRef("starts_at"),
    )
    just_held = Meeting.objects.filter(
        group=OuterRef("group"),
        starts_at__lte=now,
        starts_at__gt=now - AFTER,
    ).exclude(status=Meeting.Status.CANCELLED)
    return Meeting.objects.filter(
        ~Exists(sooner),
        ~Exists(just_held),
        ~Exists(ExampleMessage.objects.filter(before=OuterRef("pk"))),
        can_come(now),
        starts_at__gt=now + BEFORE,
    ).exclude(group__chat_link="")


@transaction.atomic
def settle_example(*, meeting: Meeting, sent: bool, by: User) -> None:
    """Sent, or not this time; the reminder is gone until the meeting after. Twice is once."""
    row = ExampleMessage(before=meeting, by=by, at=clock.now(), sent=sent)
    ExampleMessage.objects.bulk_create([row], ignore_conflicts=True)


@transaction.atomic
def take_back_example(*, meeting: Meeting) -> None:
    ExampleMessage.objects.filter(before=meeting).delete()


def texts_before(meeting: Meeting) -> list[str]:
    """An invitation and a question to copy, in the language of the page: no names, no place."""
    day = date_format(clock.local(meeting.starts_at), "l j F")
    at = date_format(clock.local(meeting.starts_at), "H:i")
    doing = _(" We are going to do this: {activity}.").format(activity=meeting.activity)
    invitation = _("Hi everyone! {day} at {at} we see each other again.").format(day=day, at=at)
    questions = (
        _("What is the best thing you ate this week?"),
        _("Which song do you have on repeat at the moment?"),
        _("What are you looking forward to this week? It may be something small."),
        _("Which film or series should everyone have seen?"),
    )
    return [
        invitation + (doing if meeting.activity else "") + " " + _("Who is coming?"),
        questions[meeting.date.toordinal() // 14 % len(questions)],
    ]

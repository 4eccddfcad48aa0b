"""Another group: asked for with a reason, with the own yes, outside the age band with the
coordinator (R-377, C-50). When every yes is there the seat moves by itself (`placement.move`).

Locks: the stay, and what `move` locks.
"""

from collections.abc import Collection
from copy import copy
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.ages import age_on
from core.errors import NotYours, RuleBroken
from core.messaging import outbox
from core.organisations.models import Group
from core.ports import About
from groups.models import GroupMove, Placement
from groups.seats.placement import groups_to_move_to, move
from participants.models import Participant, Trajectory
from participants.stay.lock import lock
from participants.stay.rehearsal import on_trial

LAPSES_AFTER = timedelta(days=14)
YES, NO = GroupMove.Answer.YES, GroupMove.Answer.NO
Ended = GroupMove.Ended
KIND = "groups.move_asked"
_NAMED = ("to_group__location", "from_group", "asked_by")


class Waits(StrEnum):
    """For whom a move that was asked waits; READY: every yes is there, the seat was not."""

    OWN = "own"
    COORDINATOR = "coordinator"
    READY = "ready"


def is_outside(person: Participant, group: Group, day: date) -> bool:
    """Not of the age of this group, on that day."""
    age = age_on(person.birth_date, day)
    return not group.age_from <= age <= group.age_until


def waits_for(asked: GroupMove) -> tuple[Waits, ...]:
    """Pure. Of one that is open."""
    found = []
    if asked.own != YES:
        found.append(Waits.OWN)
    if asked.outside and asked.agreed != YES:
        found.append(Waits.COORDINATOR)
    return tuple(found) or (Waits.READY,)


def has_lapsed(*, asked_on: date, own: str, old_is_closed: bool, today: date) -> bool:
    """Pure. Two weeks without the own answer; not when the group they are in closes (C-50)."""
    return own == "" and not old_is_closed and today > asked_on + LAPSES_AFTER


def open_move(stay: Trajectory) -> GroupMove | None:
    found = GroupMove.objects.open().filter(trajectory=stay)
    return found.select_related(*_NAMED).first()


def newest_move(stay: Trajectory) -> GroupMove | None:
    """The one that is open, else the last that was."""
    found = GroupMove.objects.filter(trajectory=stay).select_related(*_NAMED)
    return found.order_by(F("ended_at").desc(nulls_first=True), "-asked_at").first()


@transaction.atomic
def ask_move(
    *,
    trajectory: Trajectory,
    to_group: Group,
    first_day: date,
    reason: str,
    by: User,
    spoken_on: date | None = None,
) -> GroupMove:
    """Ask for it. `spoken_on`: the young person said yes in a talk that day; else the question
    stands on the own page, and a message says that there is something to read.

    A first day that has passed is possible with a spoken yes alone, and inside the age band (its
    page shows first what it changes). Raises RuleBroken: asked_already, other_organisation,
    first_day_passed, spoken_later, and what `move` raises.
    """
    stay = lock(trajectory)
    today = clock.today()
    if not reason.strip():
        raise RuleBroken(_("Say why the move is made."), "reason_needed", "reason")
    if GroupMove.objects.open().filter(trajectory=stay).exists():
        raise RuleBroken(
            _("A move has been asked for already. Take that back first."), "asked_already"
        )
    if not groups_to_move_to(stay).filter(pk=to_group.pk).exists():
        raise RuleBroken(_("Choose another group."), "other_organisation", "to_group")
    if spoken_on is not None and spoken_on > today:
        raise RuleBroken(_("This day is still to come."), "spoken_later", "spoken_on")
    outside = is_outside(stay.participant, to_group, max(first_day, today))
    if first_day < today and (spoken_on is None or outside):
        nobody = _("Nobody has said yes yet. Choose today or a later day.")
        not_agreed = _("The coordinator has to agree first. Choose today or a later day.")
        words = nobody if spoken_on is None else not_agreed
        raise RuleBroken(words, "first_day_passed", "first_day")
    here = Placement.objects.open().filter(trajectory=stay).first()
    if here is None:
        raise RuleBroken(_("There is no place to move from yet."), "not_placed")
    if here.first_day > today:
        raise RuleBroken(_("A move is planned already. Call that off first."), "planned_already")
    with on_trial():  # so that nobody says yes to what cannot be
        move(trajectory=copy(stay), to_group=to_group, first_day=first_day, by=by, reason=reason)
    asked = GroupMove.objects.create(
        trajectory=stay,
        from_group_id=here.group_id,
        to_group=to_group,
        first_day=first_day,
        reason=reason.strip(),
        outside=outside,
        asked_at=clock.now(),
        asked_by=by,
        own=YES if spoken_on else "",
        own_on=spoken_on,
        own_by=by if spoken_on else None,
    )
    _know_what_came_before(asked, by)
    if spoken_on is None:
        _say_there_is_a_question(asked)
    if waits_for(asked) == (Waits.READY,):
        _carry_out(asked, by)
    return asked


@transaction.atomic
def answer_move(
    *, asked: GroupMove, yes: bool, by: User, spoken_on: date | None = None
) -> GroupMove:
    """The own answer: on the own page, or said in a talk and written down by a worker (C-50).

    Raises RuleBroken: move_over, spoken_later.
    """
    row = _lock_open(asked)
    today = clock.today()
    if spoken_on is not None and spoken_on > today:
        raise RuleBroken(_("This day is still to come."), "spoken_later", "spoken_on")
    row.own, row.own_on, row.own_by = YES if yes else NO, spoken_on or today, by
    row.save(update_fields=["own", "own_on", "own_by"])
    outbox.withdraw(kind=KIND, subject_id=row.pk, reason="answered")
    if not yes:
        return _end(row, Ended.REFUSED)
    if waits_for(row) == (Waits.READY,):
        _carry_out(row, by, gently=True)
    return row


@transaction.atomic
def decide_outside(*, asked: GroupMove, agrees: bool, by: User, word: str = "") -> GroupMove:
    """The coordinator of the region about a move outside the age band.

    Raises NotYours, RuleBroken: move_over, decided_already, word_needed.
    """
    row = _lock_open(asked)
    if not GroupMove.objects.decided_visible_to(by).filter(pk=row.pk).exists():
        raise NotYours(_("Only the regional coordinator decides this."), code="not_coordinator")
    if row.agreed:
        raise RuleBroken(_("This was answered already."), "decided_already")
    if not agrees and not word.strip():
        raise RuleBroken(_("Say in a few words why not."), "word_needed", "word")
    row.agreed, row.agreed_at, row.agreed_by = YES if agrees else NO, clock.now(), by
    row.word = word.strip()
    row.save(update_fields=["agreed", "agreed_at", "agreed_by", "word"])
    if not agrees:
        outbox.withdraw(kind=KIND, subject_id=row.pk, reason="not_agreed")
        return _end(row, Ended.NOT_AGREED)
    if waits_for(row) == (Waits.READY,):
        _carry_out(row, row.asked_by, gently=True)
    return row


@transaction.atomic
def move_now(*, asked: GroupMove, by: User) -> GroupMove:
    """Every yes is there, but the seat was not: try again. Raises RuleBroken: not_ready, and what
    `move` raises."""
    row = _lock_open(asked)
    if waits_for(row) != (Waits.READY,):
        raise RuleBroken(_("Not everybody has said yes yet."), "not_ready")
    _carry_out(row, by)
    return row


@transaction.atomic
def take_back_move(*, asked: GroupMove, by: User) -> GroupMove:
    """No longer asked; the question leaves the own page. Raises RuleBroken: move_over."""
    row = _lock_open(asked)
    outbox.withdraw(kind=KIND, subject_id=row.pk, reason="taken_back")
    return _end(row, Ended.TAKEN_BACK)


@transaction.atomic
def lapse(move_id: UUID) -> None:
    """No own answer within two weeks. For the sweep: what was answered meanwhile stays."""
    found = GroupMove.objects.filter(pk=move_id).select_related("trajectory", "from_group").first()
    if found is None:
        return
    lock(found.trajectory)
    row = GroupMove.objects.select_related("from_group").get(pk=move_id)
    closed = row.from_group.state == Group.State.CLOSED
    asked_on, today = clock.day_of(row.asked_at), clock.today()
    if row.ended_at is None and has_lapsed(
        asked_on=asked_on, own=row.own, old_is_closed=closed, today=today
    ):
        outbox.withdraw(kind=KIND, subject_id=row.pk, reason="lapsed")
        _end(row, Ended.LAPSED)


def moves_to_lapse() -> list[UUID]:
    before = clock.at(clock.today() - LAPSES_AFTER)
    waiting = GroupMove.objects.open().filter(own="", asked_at__lt=before)
    rows = waiting.exclude(from_group__state=Group.State.CLOSED)
    return list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def welcome(*, asked: GroupMove, by: User) -> None:
    """A worker of the new group has seen who comes. Twice changes nothing."""
    here = GroupMove.objects.filter(pk=asked.pk, welcomed_at__isnull=True)
    here.update(welcomed_at=clock.now(), welcomed_by=by)


def message_wanted(kind: str, asked: Collection[About]) -> set[About] | None:
    """Answers the port: a question that was answered or ended is no longer announced."""
    if kind != KIND:
        return None
    subjects = {about.subject for about in asked}
    rows = GroupMove.objects.open().filter(
        pk__in=subjects, own="", trajectory__blocked_reason="", trajectory__stopped_on__isnull=True
    )
    wanted = set(rows.values_list("pk", flat=True))
    return {about for about in asked if about.subject in wanted}


def _know_what_came_before(asked: GroupMove, by: User) -> None:
    """Whoever asks again knows how the question before it ended."""
    before = GroupMove.objects.filter(trajectory=asked.trajectory_id, outcome_seen_at__isnull=True)
    before.exclude(pk=asked.pk).exclude(ended_why=Ended.TAKEN_BACK).update(
        outcome_seen_at=clock.now(), outcome_seen_by=by
    )


def _lock_open(asked: GroupMove) -> GroupMove:
    lock(asked.trajectory)
    row = GroupMove.objects.select_related("trajectory__participant", "to_group__location").get(
        pk=asked.pk
    )
    if row.ended_at is not None:
        raise RuleBroken(_("This is settled already."), "move_over")
    return row


def _end(row: GroupMove, why: str) -> GroupMove:
    row.ended_at, row.ended_why = clock.now(), why
    row.save(update_fields=["ended_at", "ended_why"])
    return row


def _carry_out(row: GroupMove, by: User, gently: bool = False) -> None:
    """The seat moves, on the day that was asked or today when that has passed meanwhile.

    `gently`: an answer is kept also where the seat is refused; a worker then tries again.
    """
    day = row.first_day
    if clock.day_of(row.asked_at) <= day:
        day = max(day, clock.today())
    try:
        with transaction.atomic():
            move(
                trajectory=row.trajectory,
                to_group=row.to_group,
                first_day=day,
                by=by,
                reason=row.reason,
            )
    except RuleBroken:
        if gently:
            return
        raise
    row.first_day = day
    row.save(update_fields=["first_day"])
    _end(row, Ended.DONE)


def _say_there_is_a_question(asked: GroupMove) -> None:
    """Says only that something waits: no group, no reason."""
    outbox.write(
        contact=asked.trajectory.participant.contact,
        template="move_asked",
        kind=KIND,
        dedupe_key=f"move_asked:{asked.pk}",
        subject_id=asked.pk,
        group=asked.from_group,
        params={"page_url": settings.SITE_URL.rstrip("/") + reverse("home:today")},
    )

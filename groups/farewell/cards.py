"""The farewell card: begun, put away, given, and the phone that goes round with it (R-184).

Locks: the stay, then the card. Its texts are never part of any message.
"""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.locks import lock_first, lock_one
from groups.evenings.over import sheet_open_until
from groups.farewell.authors import lines_of
from groups.farewell.standing import may_be_given, progress_of
from groups.models import FarewellCard, FarewellRound, LastMeeting
from participants.models import Trajectory
from participants.stay.lock import lock

Phase = Trajectory.Phase


def card_of(stay: Trajectory) -> FarewellCard | None:
    """The open card of this stay, else the newest; the stay comes with it."""
    cards = FarewellCard.objects.filter(trajectory=stay)
    found = cards.open().first() or cards.order_by("-started_at").first()
    if found is not None:
        found.trajectory = stay
    return found


def can_be_given(stay: Trajectory) -> bool:
    """Now? Wants nothing loaded; one query."""
    last = LastMeeting.objects.filter(trajectory=stay).select_related("meeting").first()
    starts_at = last.meeting.starts_at if last is not None and last.meeting else None
    has_left = stay.phase == Phase.FORMER or stay.stopped_on is not None
    return may_be_given(last_starts_at=starts_at, has_left=has_left, now=clock.now())


@transaction.atomic
def start_card(*, trajectory: Trajectory, by: User) -> FarewellCard:
    """Begin to collect. Twice, or by two workers at once: the one card that stands.

    Raises RuleBroken: not_leaving, card_given.
    """
    stay = lock(trajectory)
    if stay.phase not in (Phase.LEAVING, Phase.FORMER):
        raise RuleBroken(_("First agree on the last meeting, or close the stay."), "not_leaving")
    standing = lock_first(FarewellCard.objects.filter(trajectory=stay).open())
    if standing is not None:
        return standing
    return FarewellCard.objects.create(trajectory=stay, started_at=clock.now(), started_by=by)


@transaction.atomic
def put_card_away(*, card: FarewellCard, by: User) -> FarewellCard:
    """No card after all. What was written is kept until the stay's own end, seen by nobody.

    Raises RuleBroken: card_given. Twice changes nothing.
    """
    row = lock_card(card)
    if row.given_at is not None:
        raise RuleBroken(_("This card has been given."), "card_given")
    if row.put_away_at is None:
        row.put_away_at = clock.now()
        row.save(update_fields=["put_away_at"])
        _end_rounds(row)
    return row


@transaction.atomic
def take_out_again(*, card: FarewellCard, by: User) -> FarewellCard:
    """A card after all, with what was written. Raises RuleBroken: another_card."""
    row = lock_card(card)
    if row.put_away_at is not None:
        if FarewellCard.objects.filter(trajectory=row.trajectory_id).open().exists():
            raise RuleBroken(_("There is another card already."), "another_card")
        row.put_away_at = None
        row.save(update_fields=["put_away_at"])
    return row


@transaction.atomic
def give_card(*, card: FarewellCard, by: User) -> FarewellCard:
    """From now on it is theirs to read, and nobody writes on it any more.

    Raises RuleBroken: too_early, read_first, nothing_on_it, put_away. Twice changes nothing.
    """
    row = lock_card(card)
    if row.given_at is not None:
        return row
    if row.put_away_at is not None:
        raise RuleBroken(_("This card was put away. Take it out again first."), "put_away")
    if not can_be_given(row.trajectory):
        raise RuleBroken(_("The card is given at the last meeting, not earlier."), "too_early")
    progress = progress_of(lines_of(row))
    if progress.to_read:
        raise RuleBroken(
            ngettext("Read {n} text first.", "Read {n} texts first.", progress.to_read).format(
                n=progress.to_read
            ),
            "read_first",
        )
    if not progress.circles:
        raise RuleBroken(_("Nobody has written on this card yet."), "nothing_on_it")
    row.given_at, row.given_by = clock.now(), by
    row.save(update_fields=["given_at", "given_by"])
    _end_rounds(row)
    return row


def may_be_taken_back(card: FarewellCard) -> bool:
    """Given, and the evening on which that was noted lasts: until four in the night."""
    return card.given_at is not None and clock.now() < sheet_open_until(
        clock.evening_of(card.given_at)
    )


@transaction.atomic
def not_given_yet(*, card: FarewellCard, by: User) -> FarewellCard:
    """Marked as given by mistake; on the same day. Raises RuleBroken: stays_given."""
    row = lock_card(card)
    if row.given_at is None:
        return row
    if not may_be_taken_back(row):
        raise RuleBroken(_("This card was given on an earlier day."), "stays_given")
    row.given_at, row.given_by = None, None
    row.save(update_fields=["given_at", "given_by"])
    return row


@transaction.atomic
def start_round(*, card: FarewellCard, by: User) -> FarewellRound:
    """A phone goes round with this card alone, until four in the night.

    Raises RuleBroken: closed.
    """
    row = lock_card(card)
    require_open(row)
    _end_rounds(row)
    now = clock.now()
    until = sheet_open_until(clock.evening_of(now))
    return FarewellRound.objects.create(card=row, started_at=now, started_by=by, until=until)


@transaction.atomic
def end_rounds(*, card: FarewellCard, by: User) -> None:
    _end_rounds(lock_card(card))


def round_going(round_id: UUID) -> FarewellRound | None:
    """The round with this key while it goes, its card open and its goodbye standing."""
    found = (
        FarewellRound.objects.filter(pk=round_id, card__in=FarewellCard.objects.collected())
        .select_related("card__trajectory__participant", "card__trajectory__group")
        .first()
    )
    return found if found is not None and found.is_going(clock.now()) else None


def lock_card(card: FarewellCard) -> FarewellCard:
    """Held, with its stay beside it."""
    rows = FarewellCard.objects.filter(pk=card.pk)
    row = lock_one(rows)
    row.trajectory = Trajectory.objects.select_related("participant", "group").get(
        pk=row.trajectory_id
    )
    return row


def require_open(card: FarewellCard) -> None:
    """Raises RuleBroken: closed."""
    if not FarewellCard.objects.collected().filter(pk=card.pk).exists():
        raise RuleBroken(_("Nobody can write on this card any more."), "closed")


def _end_rounds(card: FarewellCard) -> None:
    card.rounds.filter(ended_at__isnull=True).update(ended_at=clock.now())

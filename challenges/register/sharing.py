"""Sharing the own challenge with the group, so that others can support it; off by itself (R-172).

Who reads it: young people who have a place in the same group today, as in its room. It ends with
the challenge, with the place in the group, and at once when the young person or a youth worker
takes it back: nothing is kept beside the row, so every tab asks anew. What was shared with one
group is not shared with the next: only what was shared since the place there began counts.
"""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from challenges.models import Challenge
from challenges.register.choosing import lock_going, require_writer
from core import clock
from core.accounts.models import User
from core.contact_details import found_in
from core.errors import RuleBroken
from groups.models import Folded, Placement, with_a_room
from participants.person.shown_name import by_call_name
from participants.stay.lock import lock


@transaction.atomic
def share(*, challenge: Challenge, by: User) -> Challenge:
    """From now on the group reads its words. Twice is once. Locks the stay.

    Raises what `lock_going` raises; RuleBroken: no_group, gives_away.
    """
    row = lock_going(challenge, by)
    if not with_a_room(Placement.objects.filter(trajectory=row.trajectory)).exists():
        raise RuleBroken(_("You have no group to share it with at the moment."), "no_group")
    if found_in(row.text):
        raise RuleBroken(
            _("It says how to reach somebody. Take that out first, then you can share it."),
            "gives_away",
        )
    if row.pk not in shared_now([row.pk]):
        row.shared_at = clock.now()
        row.save(update_fields=["shared_at"])
    return row


@transaction.atomic
def stop_sharing(*, challenge: Challenge, by: User) -> Challenge:
    """Nobody of the group reads it any more; by the young person, or by a worker of the group.

    Always possible. Locks the stay. Raises NotYours("not_yours").
    """
    trajectory = lock(challenge.trajectory)
    require_writer(trajectory, by)
    challenge.refresh_from_db()
    if challenge.shared_at is not None:
        challenge.shared_at = None
        challenge.save(update_fields=["shared_at"])
    return challenge


def shared_now(challenges: Collection[UUID]) -> set[UUID]:
    """Which of these does their group read today?"""
    return set(_shared().filter(pk__in=challenges).values_list("pk", flat=True))


def of_peers(user: User, seat: Placement) -> QuerySet[Challenge]:
    """What others of this group share, for who has this place in it; not of who is folded away."""
    folded = Folded.objects.filter(stay=seat.trajectory_id, other=OuterRef("trajectory"))
    return (
        _shared(seat.group_id)
        .filter(~Exists(folded))
        .exclude(trajectory__participant__user=user)
        .select_related("trajectory__participant")
        .order_by(*by_call_name("trajectory__")[:-1], "-shared_at", "pk")
    )


def _shared(group: UUID | None = None) -> QuerySet[Challenge]:
    seats = with_a_room(Placement.objects.filter(trajectory=OuterRef("trajectory"))).filter(
        first_day__lte=OuterRef("shared_at__date")
    )
    if group is not None:
        seats = seats.filter(group=group)
    return Challenge.objects.going().shared().filter(Exists(seats))

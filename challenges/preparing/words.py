"""What is written for one person at one meeting: a role, and the support in mind (R-135).

A meeting that moves takes it along; of one that is cancelled it stays, and can be taken along to
the next. Locks: the meetings.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from challenges.models import PlannedSupport, Preparation
from challenges.support.using import can_be_supported, require_workers
from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.locks import lock_all, lock_copy
from groups.models import Meeting
from groups.sheet.rows import rows_of


@dataclass(frozen=True)
class Wanted:
    """For one person: `role` in the workers' own words, `challenge` which it is about, `planned`
    the keys of the support forms in mind."""

    role: str = ""
    challenge: UUID | None = None
    planned: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not self.role and not self.planned


@transaction.atomic
def prepare(*, meeting: Meeting, wanted: Mapping[UUID, Wanted], by: User) -> None:
    """Save what changed; what is the same stays whose it was.

    Raises NotYours("not_yours"); RuleBroken: meeting_cancelled, not_on_sheet.
    """
    row = lock_copy(meeting)
    require_workers(row, by)
    if row.status == Meeting.Status.CANCELLED:
        raise RuleBroken(
            _("This meeting was cancelled. What was prepared stays as it is."), "meeting_cancelled"
        )
    known = {one.trajectory_id: one for one in _of(row)}
    changed = {stay: one for stay, one in wanted.items() if _stands(known.get(stay)) != one}
    if not changed:
        return
    here = rows_of(row, by)
    for stay, one in changed.items():
        if stay not in here or not can_be_supported(here[stay]):
            raise RuleBroken(_("This person is not on the sheet of this meeting."), "not_on_sheet")
        prepared = known.get(stay)
        if prepared is None and one.is_empty:
            continue
        if prepared is None:
            prepared = Preparation(meeting=row, trajectory_id=stay)
        prepared.role, prepared.challenge_id = one.role, one.challenge
        _save(prepared, by)
        _plan(prepared, one.planned)


def coming_after(meeting: Meeting) -> Meeting | None:
    """The next meeting of the group, where a cancelled one's preparation can go."""
    ahead = Meeting.objects.upcoming(clock.now()).filter(group=meeting.group_id)
    return ahead.filter(date__gte=meeting.date).exclude(pk=meeting.pk).first()


@transaction.atomic
def take_along(*, meeting: Meeting, to: Meeting, by: User) -> int:
    """What was prepared for a cancelled meeting is that of the next one: of everybody who stands
    there and for whom nothing was written yet. Returns for how many; again it is nobody.

    Raises NotYours("not_yours"); RuleBroken: meeting_cancelled (the next one), not_cancelled.
    """
    rows = {row.pk: row for row in lock_all(Meeting.objects.filter(pk__in=[meeting.pk, to.pk]))}
    was, coming = rows[meeting.pk], rows[to.pk]
    require_workers(was, by)
    require_workers(coming, by)
    if was.status != Meeting.Status.CANCELLED:
        raise RuleBroken(
            _("This meeting goes ahead: its preparation stays there."), "not_cancelled"
        )
    if coming.status == Meeting.Status.CANCELLED:
        raise RuleBroken(_("That meeting was cancelled as well."), "meeting_cancelled")
    here = rows_of(coming, by)
    taken = {one.trajectory_id for one in _of(coming)}
    found = [
        one
        for one in _of(was)
        if one.trajectory_id not in taken
        and one.trajectory_id in here
        and can_be_supported(here[one.trajectory_id])
    ]
    for one in found:
        one.meeting = coming
        one.save(update_fields=["meeting"])
    return len(found)


def _of(meeting: Meeting) -> Iterable[Preparation]:
    return Preparation.objects.filter(meeting=meeting).prefetch_related("planned")


def _stands(prepared: Preparation | None) -> Wanted:
    if prepared is None:
        return Wanted()
    forms = frozenset(one.form_id for one in prepared.planned.all())
    return Wanted(prepared.role, prepared.challenge_id, forms)


def _save(prepared: Preparation, by: User) -> None:
    prepared.version += 1
    prepared.written_by, prepared.written_at = by, clock.now()
    prepared.save()


def _plan(prepared: Preparation, keys: Collection[str]) -> None:
    there = dict(PlannedSupport.objects.filter(preparation=prepared).values_list("form_id", "pk"))
    gone = [there[key] for key in there.keys() - set(keys)]
    PlannedSupport.objects.filter(pk__in=gone).delete()
    PlannedSupport.objects.bulk_create(
        PlannedSupport(preparation=prepared, form_id=key) for key in set(keys) - there.keys()
    )

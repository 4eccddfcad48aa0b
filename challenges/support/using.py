"""A support form was used with somebody at a meeting: one tap, taken back by a tap (R-175).

By a youth worker of the group, or by another participant: then *by a participant* is all that is
written down, so that nobody's name stands in another's file. Locks: the meeting, as its sheet and
its logbook do.
"""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from challenges.models import Challenge, PlannedSupport, SupportForm, SupportUse
from challenges.permissions import OBSERVE
from core import clock
from core.accounts.models import User
from core.accounts.rights import reach
from core.errors import NotYours, RuleBroken
from core.locks import lock_copy
from groups.evenings.over import is_closed
from groups.models import Attendance, Meeting
from groups.sheet.rows import OnSheet, rows_of

Setting, Giver = SupportUse.Setting, SupportUse.Giver
#: What the sheet says of who cannot have been supported there.
AWAY = (Attendance.State.WITH_NOTICE, Attendance.State.WITHOUT_NOTICE)


def why_not_yet(meeting: Meeting) -> tuple[str, str]:
    """Why nothing can be logged at this meeting, as (words, code); two empty ones when it can."""
    if meeting.status == Meeting.Status.CANCELLED:
        return _("This meeting was cancelled: nothing was used there."), "meeting_cancelled"
    if clock.now() < meeting.starts_at:
        return _("This meeting is still to come: log afterwards what you used."), "meeting_to_come"
    return "", ""


def can_be_supported(row: OnSheet) -> bool:
    """Somebody of the sheet whom this worker may write about."""
    on_it = row.trial is not None or row.is_recorded
    return on_it and not row.name_only and not row.blocked_reason


@transaction.atomic
def use_support(
    *,
    meeting: Meeting,
    trajectory_id: UUID,
    form: SupportForm,
    by: User,
    setting: str = Setting.ALONE,
    giver: str = Giver.WORKER,
) -> SupportUse:
    """Log it; twice is once, in the same way, by whichever of the two workers.

    Raises NotYours("not_yours"); RuleBroken: meeting_cancelled, meeting_to_come, not_on_sheet,
    was_not_there, form_retired.
    """
    row = lock_copy(meeting)
    require_workers(row, by)
    _require_there(row, trajectory_id, by)
    used = SupportUse.objects.in_force().filter(
        meeting=row, trajectory=trajectory_id, form=form, setting=setting, giver=giver
    )
    if (standing := used.first()) is not None:
        return standing
    planned = PlannedSupport.objects.filter(
        preparation__meeting=row, preparation__trajectory=trajectory_id, form=form
    ).select_related("preparation")
    mine = planned.first()
    if form.retired_at is not None and mine is None:
        raise RuleBroken(_("This support form is not used any more."), "form_retired")
    return SupportUse.objects.create(
        meeting=row,
        trajectory_id=trajectory_id,
        challenge_id=mine.preparation.challenge_id if mine else _only_one(trajectory_id),
        form=form,
        setting=setting,
        giver=giver,
        by=by,
        at=clock.now(),
    )


@transaction.atomic
def take_back_use(*, use: SupportUse, by: User) -> None:
    """It was not so after all; by either of the two workers. Twice is once.

    Raises NotYours("not_yours"); RuleBroken: not_on_sheet.
    """
    row = lock_copy(use.meeting)
    require_workers(row, by)
    _require_on_sheet(rows_of(row, by), use.trajectory_id)
    SupportUse.objects.in_force().filter(pk=use.pk).update(taken_back_at=clock.now())


@transaction.atomic
def undo_last_use(*, meeting: Meeting, by: User) -> SupportUse | None:
    """As *Undo* on the sheet: exactly the own last tap, again goes one further back, and until the
    day of the meeting ends. Nothing left: nothing happens.

    Raises NotYours("not_yours"); RuleBroken: undo_over.
    """
    row = lock_copy(meeting)
    require_workers(row, by)
    if is_closed(row.date, clock.now()):
        raise RuleBroken(_("This meeting is over: take it back at the person."), "undo_over")
    last = last_own_use(row, by)
    if last is not None:
        last.taken_back_at = clock.now()
        last.save(update_fields=["taken_back_at"])
    return last


def last_own_use(meeting: Meeting, by: User) -> SupportUse | None:
    """What *Undo* would take back."""
    if is_closed(meeting.date, clock.now()):
        return None
    own = SupportUse.objects.visible_to(by).in_force().filter(meeting=meeting, by=by)
    return own.order_by("-at", "-pk").first()


def require_workers(meeting: Meeting, by: User) -> None:
    if meeting.group_id not in reach(by, OBSERVE).groups:
        raise NotYours(_("Only the youth workers of this group can do this."), "not_yours")


def _require_there(meeting: Meeting, stay: UUID, by: User) -> None:
    words, code = why_not_yet(meeting)
    if code:
        raise RuleBroken(words, code)
    row = _require_on_sheet(rows_of(meeting, by), stay)
    if row.state in AWAY:
        raise RuleBroken(
            _("By the sheet {name} was not there.").format(name=row.name), "was_not_there"
        )


def _require_on_sheet(rows: Mapping[UUID, OnSheet], stay: UUID) -> OnSheet:
    row = rows.get(stay)
    if row is None or not can_be_supported(row):
        raise RuleBroken(_("This person is not on the sheet of this meeting."), "not_on_sheet")
    return row


def _only_one(stay: UUID) -> UUID | None:
    """The challenge that goes on, where there is one; of several nobody can tell which."""
    going = Challenge.objects.going().filter(trajectory=stay).values_list("pk", flat=True)[:2]
    found = list(going)
    return found[0] if len(found) == 1 else None

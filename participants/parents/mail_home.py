"""May this parent be written to? The home, the stay, the own answer and the address say so.

Asked by every act that writes to a parent, and where a batch leaves (`at_send_time`).
"""

from collections.abc import Iterable
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from core import clock
from core.errors import RuleBroken
from participants.consent.at_home import Home, homes_of
from participants.models import Guardian, ParentalConsent, ParentAtWork, Trajectory

#: How long a question that a parent asked for may be sent again: as long as its link works.
ASKED_FOR = timedelta(days=30)
#: Why no mail goes to this parent (`mail_home.why_not_write`).
NOT_WRITTEN: dict[str, Promise] = {
    "other_child": gettext_lazy("This is not a parent of this young person."),
    "stay_over": gettext_lazy("This stay is over."),
    "harm_not_asked": gettext_lazy("First answer: can this mail do harm at home?"),
    "can_harm": gettext_lazy("This mail can do harm at home. Decide with the coordinator."),
    "at_work": gettext_lazy(
        "This address belongs to a professional here. The coordinator looks at it first."
    ),
    "said_no": gettext_lazy("This parent said no. We only ask again when this parent asks for it."),
}


def why_not_write(guardian: Guardian, trajectory: Trajectory, home: Home) -> str:
    """Why this parent gets no mail about this stay, as a code; empty when it may leave."""
    if guardian.participant_id != trajectory.participant_id:
        return "other_child"
    if trajectory.phase in Trajectory.Phase.OVER:
        return "stay_over"
    if home.is_unsafe:
        return "can_harm"
    return "harm_not_asked" if home.can_harm is None else ""


def is_unsafe(trajectory: Trajectory) -> bool:
    return homes_of([trajectory.pk])[trajectory.pk].is_unsafe


def is_writable(guardian: Guardian, trajectory: Trajectory) -> bool:
    """`may_write_to` as a question."""
    return not _why_not(guardian, trajectory) and not is_closed(last_no(guardian))


def may_write_to(guardian: Guardian, trajectory: Trajectory) -> None:
    """Raises RuleBroken with a code of NOT_WRITTEN."""
    may_reach(guardian, trajectory)
    if is_closed(last_no(guardian)):
        raise RuleBroken(str(NOT_WRITTEN["said_no"]), code="said_no")


def may_reach(guardian: Guardian, trajectory: Trajectory) -> None:
    """`may_write_to`, whatever this parent answered."""
    if code := _why_not(guardian, trajectory):
        raise RuleBroken(str(NOT_WRITTEN[code]), code=code)


def last_no(guardian: Guardian) -> ParentalConsent | None:
    """The no, or the yes taken back, that this parent said last, in this stay or an earlier one."""
    rows = ParentalConsent.objects.filter(guardian=guardian).prefetch_related("asked_again")
    return no_among(rows)


def no_among(rows: Iterable[ParentalConsent]) -> ParentalConsent | None:
    """`last_no`, of all rows of one parent."""
    answered = [row for row in rows if row.answered_at is not None and row.voided_at is None]
    newest = max(answered, key=lambda row: (row.answered_at, row.pk), default=None)
    return newest if newest is not None and newest.is_no else None


def is_closed(no: ParentalConsent | None) -> bool:
    """Said no, and did not come back to it (C-47)."""
    if no is None:
        return False
    since = clock.now() - ASKED_FOR
    return not any(row.used_at is None or row.used_at > since for row in no.asked_again.all())


def _why_not(guardian: Guardian, trajectory: Trajectory) -> str:
    code = why_not_write(guardian, trajectory, homes_of([trajectory.pk])[trajectory.pk])
    return code or ("at_work" if _waits_for_the_coordinator(guardian) else "")


def _waits_for_the_coordinator(guardian: Guardian) -> bool:
    """The address is a professional's, and nobody said that this one is a parent (R-347)."""
    rows = ParentAtWork.objects.filter(guardian=guardian)
    return rows.exclude(is_parent=True).exists()

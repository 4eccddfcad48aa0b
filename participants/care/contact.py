"""Getting in touch with somebody who takes part, and what came of it (R-090, R-091).

Every attempt is kept with its outcome. Two workers who try at once make two attempts; the same
form sent twice makes one, by the id the page gave it. Locks the stay.
"""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from participants.care.worry import begin_worry
from participants.models import ContactAttempt, Trajectory, Worry
from participants.stay.attempts import keep_attempt
from participants.stay.lock import lock

Outcome, Conclusion = ContactAttempt.Outcome, ContactAttempt.Conclusion
ABOUT = "taking_part"
#: Longer than this is a pause, so that the person hears that the place stays.
LONGEST_QUIET = timedelta(days=60)


@transaction.atomic
def note_attempt(
    *,
    trajectory: Trajectory,
    outcome: str,
    by: User,
    conclusion: str = "",
    quiet_until: date | None = None,
    note: str = "",
    attempt_id: UUID | None = None,
) -> ContactAttempt:
    """Somebody tried to reach this person; who is worried opens a worry at once.

    Raises RuleBroken: already_kept (this id belongs to another stay), what_now (spoken, and no
    word about what follows), agree_by_talking, only_by_agreement, quiet_in_the_past,
    pause_instead.
    """
    lock(trajectory)
    if attempt_id is not None:
        kept = ContactAttempt.objects.filter(pk=attempt_id).first()
        if kept is not None and kept.trajectory_id != trajectory.pk:
            raise RuleBroken(_("Open the page again."), "already_kept")
        if kept is not None:
            return kept
    _check(outcome, conclusion, quiet_until)
    attempt = keep_attempt(
        trajectory=trajectory,
        about=ABOUT,
        outcome=outcome,
        by=by,
        attempt_id=attempt_id,
        conclusion=conclusion,
        quiet_until=quiet_until,
        note=note,
    )
    if conclusion == Conclusion.WORRIED:
        begin_worry(trajectory=trajectory, by=by, note=note)
    return attempt


def _check(outcome: str, conclusion: str, quiet_until: date | None) -> None:
    if outcome == Outcome.SPOKEN and not conclusion:
        raise RuleBroken(_("You spoke: choose what follows."), "what_now", "conclusion")
    if conclusion in (Conclusion.AGREED, Conclusion.COMES) and outcome != Outcome.SPOKEN:
        raise RuleBroken(
            _("You can only agree on something when you spoke."), "agree_by_talking", "conclusion"
        )
    if quiet_until is None:
        return
    if conclusion != Conclusion.AGREED:
        raise RuleBroken(
            _("A day belongs to “stays away by agreement”."), "only_by_agreement", "quiet_until"
        )
    if quiet_until < clock.today():
        raise RuleBroken(
            _("Choose a day that is still to come."), "quiet_in_the_past", "quiet_until"
        )
    if quiet_until > clock.today() + LONGEST_QUIET:
        raise RuleBroken(
            _("Longer than two months is a pause: agree on one, then the place stays."),
            "pause_instead",
            "quiet_until",
        )


def latest_attempts(trajectory: Trajectory, most: int = 10) -> list[ContactAttempt]:
    """Newest first, with who tried."""
    rows = ContactAttempt.objects.filter(trajectory=trajectory).select_related("by")
    return list(rows.order_by("-at")[:most])


def open_worry(trajectory: Trajectory) -> Worry | None:
    return (
        Worry.objects.open()
        .filter(trajectory=trajectory)
        .select_related("by", "asked_by", "thought_along_by")
        .first()
    )

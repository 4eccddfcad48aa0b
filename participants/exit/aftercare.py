"""After the last meeting: talks (R-191..R-194), what comes next (R-196), and the exception to
return (R-195).

When a call is due is the affair of `questionnaires.cycle.calls`: it follows the answer, or silence.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.accounts.rights import reach
from core.errors import RuleBroken
from participants.exit import with_coordinator
from participants.models import FollowUpCall, Participant, ReturnException, Trajectory
from participants.permissions import DECIDE
from participants.recusal.recusal import coordinates
from participants.stay.lock import lock, lock_stays_of
from participants.stay.no_messages import is_left_alone

ADVISED_CALLS = 3
Outcome = FollowUpCall.Outcome


@dataclass(frozen=True)
class Guide:
    """The three questions when it goes less well (R-193)."""

    what_happened: str = ""
    own_part: str = ""
    from_others: str = ""

    @property
    def is_complete(self) -> bool:
        return all(part.strip() for part in (self.what_happened, self.own_part, self.from_others))


@transaction.atomic
def record_call(
    *,
    trajectory: Trajectory,
    outcome: str,
    by: User,
    note: str = "",
    how: str = Trajectory.Afterwards.CALL,
    guide: Guide | None = None,
    next_step: str = "",
    again_on: date | None = None,
    from_them: bool = False,
) -> FollowUpCall:
    """Note a talk with a former participant, or an attempt. Locks the stay.

    Who asked for no contact is left alone, unless they got in touch themselves. After the third
    talk none is planned any more: another offer is the next step (R-194, R-196).
    Raises RuleBroken: not_former, outcome_unknown, contact_refused, guide_needed, three_talks,
    day_behind.
    """
    lock(trajectory)
    if trajectory.phase != Trajectory.Phase.FORMER:
        raise RuleBroken(_("This person still takes part."), code="not_former")
    if outcome not in Outcome.values:
        raise RuleBroken(_("Choose how it went."), code="outcome_unknown", field="outcome")
    if is_left_alone(trajectory) and not from_them:
        raise RuleBroken(
            _("%(name)s asked for no contact. Only write down what %(name)s started.")
            % {"name": trajectory.shown_name},
            code="contact_refused",
            field="from_them",
        )
    guide = guide or Guide()
    if outcome == Outcome.SUPPORT and not guide.is_complete:
        raise RuleBroken(
            _("Talk about all three: what happened, what can you do, what do you need?"),
            code="guide_needed",
            field="what_happened",
        )
    if again_on is not None and again_on <= clock.today():
        raise RuleBroken(_("Choose a day after today."), code="day_behind", field="again_on")
    talks = talks_of(trajectory) + (outcome in FollowUpCall.TALKS)
    if again_on is not None and talks >= ADVISED_CALLS:
        raise RuleBroken(
            _("This was the third talk. Choose another offer as the next step instead."),
            code="three_talks",
            field="again_on",
        )
    return FollowUpCall.objects.create(
        trajectory=trajectory,
        outcome=outcome,
        note=note.strip(),
        how=how,
        what_happened=guide.what_happened.strip(),
        own_part=guide.own_part.strip(),
        from_others=guide.from_others.strip(),
        next_step=next_step.strip(),
        again_on=again_on,
        from_them=from_them,
        by=by,
        at=clock.now(),
    )


def talks_of(trajectory: Trajectory) -> int:
    """How many talks there were; attempts do not count."""
    return FollowUpCall.objects.filter(
        trajectory=trajectory, outcome__in=FollowUpCall.TALKS
    ).count()


def calls_warning(trajectory: Trajectory) -> str:
    """R-194: two to three talks are allowed; a sentence from the third on, else nothing."""
    if talks_of(trajectory) < ADVISED_CALLS:
        return ""
    return _("You have had three talks. What other offer could be the next step?")


@transaction.atomic
def allow_return(
    *, participant: Participant, reason: str, discussed_with: User, by: User
) -> ReturnException:
    """A former participant may sign up once more, discussed with the regional coordinator.

    Who was named is asked whether that is so (`participants.exit.with_coordinator`).
    Raises RuleBroken: not_former, already_running, reason_needed, not_the_coordinator,
    not_your_group or already_allowed.
    """
    stays = lock_stays_of(participant)
    former = [stay for stay in stays if stay.phase == Trajectory.Phase.FORMER]
    if not former:
        raise RuleBroken(_("This person did not take part before."), code="not_former")
    last = max(former, key=lambda stay: stay.signed_up_at)
    if any(stay.phase not in Trajectory.Phase.OVER for stay in stays):
        raise RuleBroken(_("A newer stay is running."), code="already_running")
    if not reason.strip():
        raise RuleBroken(_("Write down why."), code="reason_needed", field="reason")
    if not coordinates(discussed_with, last):
        raise RuleBroken(
            _("Talk it over with the coordinator of this region first."),
            code="not_the_coordinator",
            field="discussed_with",
        )
    near = reach(by, DECIDE).groups
    if last.group_id not in near and not coordinates(by, last):
        raise RuleBroken(_("This person was in another group."), code="not_your_group")
    if open_exception(participant) is not None:
        raise RuleBroken(
            _("This is written down already; signing up is possible now."), code="already_allowed"
        )
    with_coordinator.hear(trajectory=last, by=by)
    return ReturnException.objects.create(
        participant=participant,
        by=by,
        discussed_with=discussed_with,
        at=clock.now(),
        reason=reason.strip(),
    )


def open_exception(participant: Participant) -> ReturnException | None:
    """The permission to sign up once more, not used yet nor denied by its coordinator."""
    rows = exceptions_open_to(participant)
    return rows.select_related("by", "discussed_with").first()


def exceptions_open_to(participant: Any) -> QuerySet[ReturnException]:
    """As `open_exception`, of a person or of the column of a query that names one."""
    return ReturnException.objects.filter(participant=participant, used_by__isnull=True).standing()

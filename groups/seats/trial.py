"""After the one evening to get to know each other: what the workers find, what the person wants.

Two judgements of the workers (R-076) and the own wish (R-077) are written separately; taking part
needs both sides, otherwise a person helps further elsewhere (R-078).
"""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.locks import lock_copy
from groups.models import Placement, TrialOutcome
from groups.seats.placement import agreed_evening, end_placement, place, trial_meeting_of
from participants.journey import journey
from participants.stay.changes import told_once
from participants.stay.lock import lock


@transaction.atomic
def judge(
    *, placement: Placement, programme_fits: bool, group_fits: bool, by: User
) -> TrialOutcome:
    """The workers' two judgements. Raises RuleBroken: trial_first, trial_over."""
    outcome = _outcome_of(placement)
    outcome.programme_fits = programme_fits
    outcome.group_fits = group_fits
    outcome.judged_by = by
    outcome.judged_at = clock.now()
    outcome.save()
    return outcome


@transaction.atomic
def record_wish(*, placement: Placement, wish: bool, by: User) -> TrialOutcome:
    """What the young person wants, said by themselves or written down for them by a worker."""
    outcome = _outcome_of(placement)
    outcome.own_wish = wish
    outcome.own_wish_at = clock.now()
    outcome.own_wish_by = by
    outcome.save()
    return outcome


@transaction.atomic
def admit(*, placement: Placement, by: User, first_day: date | None = None) -> Placement:
    """Take part from now on: a new, definitive placement; the trial one ends the day before.

    `first_day` defaults to today, or the day after the trial meeting when that is later.
    Raises RuleBroken: both_sides_needed, trial_first, day_after_trial, consent_missing, group_full.
    """
    earliest = agreed_evening(placement).date + timedelta(days=1)
    return place(
        trajectory=placement.trajectory,
        group=placement.group,
        trial=False,
        first_day=first_day or max(clock.today(), earliest),
        by=by,
    )


@transaction.atomic
@told_once()
def decline(*, placement: Placement, referral_to: str, reason: str, by: User) -> None:
    """One of both sides says no: helped further by the GP or the social team (R-078).

    Raises RuleBroken: nobody_says_no, trial_over.
    """
    lock(placement.trajectory)
    if Placement.objects.filter(pk=placement.pk, last_day__isnull=False).exists():
        raise RuleBroken(_("This has been decided already."), "trial_over")
    outcome = TrialOutcome.objects.filter(placement=placement).first()
    answers = (outcome.programme_fits, outcome.group_fits, outcome.own_wish) if outcome else ()
    if False not in answers:
        raise RuleBroken(_("First write down who says that it does not fit."), "nobody_says_no")
    end_placement(trajectory=placement.trajectory, last_day=clock.today())
    journey.refer_elsewhere(trajectory=placement.trajectory, to=referral_to, reason=reason, by=by)


def _outcome_of(placement: Placement) -> TrialOutcome:
    """The outcome row of an open trial that has had its meeting, under the stay's lock."""
    lock(placement.trajectory)
    row = lock_copy(placement)
    if not row.trial or row.last_day is not None:
        raise RuleBroken(_("This has been decided already."), "trial_over")
    if trial_meeting_of(row) is None:
        raise RuleBroken(_("First comes the evening itself. Fill in who was there."), "trial_first")
    outcome, _created = TrialOutcome.objects.get_or_create(placement=row)
    return outcome

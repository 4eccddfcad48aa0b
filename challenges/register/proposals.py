"""Words for a challenge that a youth worker proposes after a talk (R-159).

They are no challenge. The young person takes them over, changes them, or would rather not; no
reason is asked, and nobody reminds them. One stands at a time. It lapses by itself after
`PROPOSAL_STANDS` (four weeks), and when no challenge can be chosen any more: while saying goodbye,
and after it. While a yes is missing it waits out of sight, and in a pause it stands.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from challenges.models import Challenge, Proposal
from challenges.models.challenge import MAY_CHOOSE, PROPOSAL_STANDS
from challenges.register.choosing import (
    choose_challenge,
    require_choosing,
    require_owner,
    require_writer,
    same_words,
    words_of,
)
from core import clock
from core.accounts.actors import is_participant
from core.accounts.models import User
from core.errors import NotYours, RuleBroken
from participants.models import Trajectory
from participants.stay.lock import lock, lock_all

Answer = Proposal.Answer


@transaction.atomic
def propose(*, trajectory: Trajectory, text: str, by: User) -> Proposal:
    """By a youth worker of the group; the same words twice are one proposal. Locks the stay.

    Raises NotYours("not_yours"); RuleBroken: not_taking_part, waits_for_a_yes, text_needed,
    too_long, chosen_already, one_stands.
    """
    lock(trajectory)
    require_writer(trajectory, by)
    if is_participant(by):
        raise NotYours(_("Only the youth workers of this group can do this."), "not_yours")
    require_choosing(trajectory)
    words = words_of(text)
    standing = of_stay(trajectory).first()
    if standing is not None and same_words(standing.text, words):
        return standing
    if standing is not None:
        raise RuleBroken(
            _("Something you proposed still waits for an answer. Take it back first."),
            "one_stands",
            "text",
        )
    going = Challenge.objects.going().filter(trajectory=trajectory)
    if any(same_words(row.text, words) for row in going):
        raise RuleBroken(_("This is a challenge already."), "chosen_already", "text")
    _lapse(Proposal.objects.open().filter(trajectory=trajectory))
    return Proposal.objects.create(trajectory=trajectory, text=words, by=by, at=clock.now())


@transaction.atomic
def accept(
    *,
    proposal: Proposal,
    by: User,
    text: str | None = None,
    sureness: int | None = None,
    way: str = "",
) -> Challenge:
    """Now it is a challenge: in these words, or changed into the own `text`. Locks the stay.

    Again after it was taken over: the same challenge, as long as that goes on. Raises what
    `choose_challenge` raises; RuleBroken("proposal_gone").
    """
    row = _lock(proposal, by)
    if row.challenge is not None and row.challenge.state == Challenge.State.GOING:
        return row.challenge
    _require_standing(row)
    words = row.text if text is None else words_of(text)
    chosen = choose_challenge(
        trajectory=row.trajectory, text=words, by=by, sureness=sureness, way=way
    )
    same = same_words(words, row.text)
    if Proposal.objects.filter(challenge=chosen).exists():
        _settle(row, Answer.ACCEPTED if same else Answer.CHANGED, by)
    else:
        _settle(row, Answer.ACCEPTED if same else Answer.CHANGED, by, chosen)
    return chosen


@transaction.atomic
def decline(*, proposal: Proposal, by: User) -> Proposal:
    """Rather not; twice is once. Possible while a yes is missing too. Locks the stay.

    Raises NotYours("not_yours"); RuleBroken("proposal_gone").
    """
    row = _lock(proposal, by)
    if row.answer == Answer.DECLINED:
        return row
    if row.answer:
        raise _gone()
    return _settle(row, Answer.DECLINED, by)


@transaction.atomic
def withdraw(*, proposal: Proposal, by: User) -> Proposal:
    """Taken back by a youth worker of the group, before the answer; twice is once. Locks the stay.

    Raises NotYours("not_yours"); RuleBroken("answered_already").
    """
    trajectory = lock(proposal.trajectory)
    require_writer(trajectory, by)
    if is_participant(by):
        raise NotYours(_("Only the youth workers of this group can do this."), "not_yours")
    proposal.refresh_from_db()
    if proposal.answer == Answer.WITHDRAWN:
        return proposal
    if proposal.answer:
        raise RuleBroken(
            _("It was answered already: %(answer)s.") % {"answer": proposal.get_answer_display()},
            "answered_already",
        )
    return _settle(proposal, Answer.WITHDRAWN, by)


def of_stay(trajectory: Trajectory) -> QuerySet[Proposal]:
    """What stands for the young person to answer today."""
    return Proposal.objects.standing(clock.now()).filter(trajectory=trajectory).select_related("by")


def lapsed(moment: datetime) -> list[UUID]:
    """Stays with a proposal that can be answered no more, and says so nowhere yet."""
    over = ~Q(trajectory__phase__in=MAY_CHOOSE) | Q(at__lte=moment - PROPOSAL_STANDS)
    found = Proposal.objects.open().filter(over)
    return list(found.order_by("trajectory").values_list("trajectory", flat=True).distinct())


@transaction.atomic
def lapse(trajectory: UUID) -> None:
    """Of this stay; what is answered meanwhile stays answered. Locks the stay."""
    for stay in lock_all([trajectory]):
        found = Proposal.objects.open().filter(trajectory=stay)
        if stay.phase in MAY_CHOOSE:
            found = found.filter(at__lte=clock.now() - PROPOSAL_STANDS)
        _lapse(found)


def _lapse(rows: QuerySet[Proposal]) -> None:
    rows.update(answer=Answer.LAPSED, answered_at=clock.now())


def _lock(proposal: Proposal, by: User) -> Proposal:
    trajectory = lock(proposal.trajectory)
    require_owner(trajectory, by)
    proposal.refresh_from_db()
    return proposal


def _require_standing(row: Proposal) -> None:
    if row.answer or row.at <= clock.now() - PROPOSAL_STANDS:
        raise _gone()


def _gone() -> RuleBroken:
    return RuleBroken(
        _("These words are not there any more. You can still choose something yourself."),
        "proposal_gone",
    )


def _settle(row: Proposal, answer: str, by: User, challenge: Challenge | None = None) -> Proposal:
    row.answer, row.answered_at, row.answered_by = answer, clock.now(), by
    row.challenge = challenge
    row.save(update_fields=["answer", "answered_at", "answered_by", "challenge"])
    return row

"""What a page shows of a hypothesis: what it rests on, who agrees, and what may still be done."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from challenges.hypotheses.agreeing import Answers, answers
from challenges.hypotheses.grounds import enough
from challenges.hypotheses.outcome import may_undo
from challenges.models import Challenge, Hypothesis, Observation, Opinion
from core.accounts.actors import Viewer
from core.accounts.models import User
from participants.models import Trajectory
from participants.recusal.recusal import guides_of


@dataclass(frozen=True)
class Card:
    """`alone`: no colleague is there who could agree. `mine`: what the reader said of it, as it
    stands. `asked`: the reader's own opinion is waited for."""

    row: Hypothesis
    rests_on: list[Observation]
    enough: bool
    answers: Answers
    mine: Opinion | None
    asked: bool
    alone: bool

    @property
    def stands(self) -> bool:
        return self.row.outcome in ("", "confirmed")

    @property
    def may_undo(self) -> bool:
        return may_undo(self.row)


def with_all(rows: QuerySet[Hypothesis]) -> QuerySet[Hypothesis]:
    """With everything that a card shows, in a fixed number of statements."""
    return rows.select_related("by", "outcome_by", "instead").prefetch_related(
        "opinions__by", "grounds__observation__by"
    )


def cards_of(stay: Trajectory, rows: Iterable[Hypothesis], user: Viewer) -> list[Card]:
    workers = guides_of(stay)
    return [_card(row, workers, user) for row in rows]


def challenges_of(row: Hypothesis, user: Viewer) -> list[tuple[Challenge, bool]]:
    """What this person practises now, and whether it was said to work on this hypothesis."""
    rows = Challenge.objects.visible_to(user).going().filter(trajectory=row.trajectory_id)
    linked = set(row.challenges.values_list("challenge", flat=True))
    return [(one, one.pk in linked) for one in rows]


def _card(row: Hypothesis, workers: list[User], user: Viewer) -> Card:
    seen = [one.observation for one in row.grounds.all()]
    rests_on = sorted(
        (one for one in seen if one.taken_back_at is None), key=lambda one: one.seen_on
    )
    said = answers(row, row.opinions.all(), workers)
    return Card(
        row=row,
        rests_on=rests_on,
        enough=enough(rests_on),
        answers=said,
        mine=next((one for one in said.now if one.by_id == user.pk), None),
        asked=not row.outcome and user.pk in {one.pk for one in said.asked},
        alone=said.waits and not said.asked,
    )

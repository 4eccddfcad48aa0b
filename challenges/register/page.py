"""What a page about somebody's challenges draws."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from challenges.models import Challenge, Evaluation, Proposal, SmallStep
from challenges.register import choosing, ending, examples, proposals, sharing
from challenges.register.mechanism import labels_of, leads
from challenges.register.practising import notes
from core import clock
from core.accounts.actors import Viewer
from core.ages import age_on
from groups.logbook.guidance import ADULT
from participants.consent.at_home import may_speak_of_parents
from participants.models import Trajectory

State = Challenge.State
#: Of so many answered proposals a page of the workers tells.
ANSWERED = 5


@dataclass(frozen=True)
class Line:
    """A challenge as a page draws it. `shared`: the group reads it today."""

    row: Challenge
    steps: list[SmallStep] = field(default_factory=list)
    shared: bool = False
    label: str = ""


def lines_of(rows: Iterable[Challenge], labels: dict[Any, str] | None = None) -> list[Line]:
    """With their steps, and what the group reads: two statements, however many."""
    found = list(rows)
    steps: dict[UUID, list[SmallStep]] = {row.pk: [] for row in found}
    for step in SmallStep.objects.filter(challenge__in=steps, dropped_at__isnull=True):
        steps[step.challenge_id].append(step)
    maybe = [row.pk for row in found if row.shared_at is not None]
    shared = sharing.shared_now(maybe) if maybe else set()
    said = labels or {}
    return [Line(row, steps[row.pk], row.pk in shared, str(said.get(row.pk, ""))) for row in found]


def about(trajectory: Trajectory, user: Viewer, *, writes: bool) -> dict[str, Any]:
    """Going on and earlier, what was proposed, and what this user may do.

    `writes`: as `choosing.may_write` says.
    """
    rows = list(
        Challenge.objects.visible_to(user)
        .filter(trajectory=trajectory)
        .select_related("noted_by", "ended_by")
    )
    notes.attach(row for row in rows if row.state == State.GOING)
    for row in rows:
        row.ended_today = ending.may_take_back(row)  # type: ignore[attr-defined]
    chooses = writes and choosing.may_choose(trajectory)
    going = [row for row in rows if row.state == State.GOING]
    labels = writes and leads(trajectory, user)
    return {
        "stay": trajectory,
        "name": trajectory.shown_name,
        "labels": labels,
        "going": lines_of(going, labels_of(trajectory) if labels and going else None),
        "earlier": [row for row in rows if row.state != State.GOING],
        "ends": writes and ending.may_end(trajectory),
        "practises": choosing.may_change(trajectory),
        "none_left": trajectory.phase == Trajectory.Phase.PARTICIPATING
        and chooses
        and ending.none_left(rows),
        "changes": writes and choosing.may_change(trajectory),
        "chooses": chooses,
        "plenty": len(going) >= choosing.MOST_GOING,
        "proposal": proposals.of_stay(trajectory).first() if chooses else None,
    }


def proposed(trajectory: Trajectory, user: Viewer) -> dict[str, Any]:
    """For the workers: what was answered lately."""
    answered = Proposal.objects.visible_to(user).filter(trajectory=trajectory).exclude(answer="")
    rows = answered.select_related("by", "challenge").order_by("-answered_at")[:ANSWERED]
    return {"answered": list(rows)}


def attach_talks(rows: Collection[Challenge], user: Viewer) -> None:
    """What was said of each in the talks, the newest first, as far as this user follows the stay
    (R-004, R-168): one statement, however many."""
    said: dict[UUID, list[Evaluation]] = {row.pk: [] for row in rows}
    talks = Evaluation.objects.visible_to(user).filter(challenge__in=said)
    for talk in talks.select_related("by"):
        said[talk.challenge_id].append(talk)
    for row in rows:
        row.talks = said[row.pk]  # type: ignore[attr-defined]


def who_reads(trajectory: Trajectory) -> dict[str, bool]:
    """What the line beside the field names: parents only where they can be spoken of (R-346)."""
    minor = age_on(trajectory.participant.birth_date, clock.today()) < ADULT
    return {"names_parents": minor and may_speak_of_parents(trajectory)}


def lead(trajectory: Trajectory) -> dict[str, Any]:
    """Groups under 18 get more lead, by the age band of the group (R-095)."""
    group = trajectory.group
    return {
        "led": group is not None and group.age_until <= ADULT,
        "examples": examples.printed(),
        "skills": examples.SKILLS,
    }

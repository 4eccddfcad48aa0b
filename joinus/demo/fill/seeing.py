"""What was seen of somebody and what is thought of it: the half before a challenge.

Nothing here throws dice: what differs between people follows from their number.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from challenges.models import (
    Consequence,
    Hypothesis,
    HypothesisObservation,
    Jotting,
    Mechanism,
    Observation,
    Opinion,
)
from challenges.observations import jottings
from core import clock
from groups.models import Meeting

if TYPE_CHECKING:
    from joinus.demo.fill.stays import Stay  # which leans on this

#: At the how manieth meeting they were at (the first visit is 0) it was talked over with them.
TALK = 3
#: The place in the row of those who are here says who has a line to remember.
REMEMBERED, LAPSED, WORKED_OUT = 5, 6, 8
#: At which meeting, to what end, and what was seen.
SEEN = (
    (1, "understand", "Zat op de bank toen de anderen speelden.", "Het spel begon, er was plek."),
    (2, "understand", "Keek op de telefoon en liep naar de gang.", "De groep koos wie zou koken."),
    (
        5,
        "chance",
        "Stond naast wie de regels uitlegde. Vroeg niets.",
        "Een nieuw spel.",
    ),
    (8, "new_behaviour", "Vroeg: mag ik ook een keer?", "Iemand gaf het stuur door."),
)


@dataclass
class Course:
    """One stay, the meetings they were at, oldest first, and in `eyes` the workers who write."""

    stay: "Stay"
    there: list[Meeting]
    eyes: Sequence[UUID]
    seen: list[Observation] = field(default_factory=list)

    @property
    def young(self) -> UUID:
        user: UUID = self.stay.person.user_id
        return user

    def add(self, model: Any, **fields: Any) -> Any:
        return self.stay.block.add(model, **fields)

    def of_stay(self, model: Any, **fields: Any) -> Any:
        return self.add(model, trajectory_id=self.stay.row.pk, **fields)

    def sent(self, model: Any, **fields: Any) -> Any:
        """What a browser may send twice."""
        return self.of_stay(model, client_id=self.stay.block.new_key(), **fields)

    def by(self, n: int) -> UUID:
        return self.eyes[n % len(self.eyes)]


def came_to(stay: "Stay") -> list[Meeting]:
    came = {row.meeting_id for row in stay.attendance if row.state == "present"}
    return [meeting for meeting in stay.block.meetings if meeting.pk in came]


# ---- Seen --------------------------------------------------------------------------------------


def observed(
    course: Course, sights: Sequence[tuple[int, str, str, str]], *, light: bool = False
) -> None:
    """Who came once only has one, of that time."""
    of_later = [one for one in sights if one[0] < len(course.there)]
    for n, (at, aim, behaviour, antecedent) in enumerate(of_later or [(0, *sights[0][1:])]):
        meeting = course.there[at]
        seen = course.sent(
            Observation,
            meeting_id=meeting.pk,
            seen_on=meeting.date,
            aim=aim,
            antecedent="" if light else antecedent,
            behaviour=behaviour,
            by_id=course.by(n),
            written_at=meeting.ends_at,
            version=1,
        )
        course.seen.append(seen)
        followed = (("positive", "Hoefde niets te vragen."), ("negative", "Deed niet mee."))
        for order, (kind, text) in enumerate(followed[n % 2 :: 2] if light else followed):
            if not light or n == 0:
                course.add(Consequence, observation_id=seen.pk, kind=kind, text=text, order=order)


def lines(course: Course, left: int) -> None:
    """*Remember this*: one that stands, one that lapsed, one that became an observation."""
    if left == REMEMBERED:
        _line(course, course.stay.block.now - timedelta(days=2), "Bleef helpen met opruimen.")
    if left == LAPSED:
        _line(course, course.stay.block.now - timedelta(days=12))
    if left == WORKED_OUT:
        seen = course.seen[-1]
        _line(course, seen.written_at - timedelta(hours=1), observation=seen)


def _line(
    course: Course, at: datetime, text: str = "", observation: Observation | None = None
) -> None:
    course.sent(
        Jotting,
        meeting_id=observation.meeting_id if observation else None,
        text=text,
        by_id=observation.by_id if observation else course.by(0),
        at=at,
        lapses_at=jottings.lapses_at(at),
        observation_id=observation.pk if observation else None,
    )


# ---- Thought -----------------------------------------------------------------------------------


def hypotheses(course: Course) -> Hypothesis | None:
    """Of some two beside each other, of which the talk let one go; None before the talk."""
    if len(course.there) <= TALK:
        return None
    found = hypothesis(course, Mechanism.SKILLS, "confirmed")
    if course.stay.number % 2:
        hypothesis(course, Mechanism.COGNITIONS, "dropped")
    return found


def hypothesis(course: Course, mechanism: str, outcome: str, *, light: bool = False) -> Hypothesis:
    """Written after the second observation, shared by both workers, settled in the talk."""
    talk, day = course.there[TALK], course.there[TALK - 1].date + timedelta(days=1)
    knows_not = mechanism == Mechanism.SKILLS
    row: Hypothesis = course.sent(
        Hypothesis,
        text="Weet niet hoe je vraagt of je mee mag doen."
        if knows_not
        else "Denkt dat de anderen het niet leuk vinden.",
        mechanism=mechanism,
        by_id=course.by(0),
        at=clock.at(day, 16),
        version=1,
        outcome=outcome,
        outcome_on=talk.date,
        outcome_at=talk.ends_at,
        outcome_by_id=course.by(0),
        outcome_text="" if light else "Zo besproken.",
    )
    for n, worker in enumerate(course.eyes):
        said = "" if light or n == 0 else "Zo zie ik het ook."
        _opinion(course, row, worker, clock.at(day + timedelta(days=n), 16), said)
    for seen in course.seen[:2]:
        course.add(HypothesisObservation, hypothesis_id=row.pk, observation_id=seen.pk)
    return row


def _opinion(course: Course, row: Hypothesis, by: UUID, at: datetime, text: str = "") -> None:
    course.add(
        Opinion,
        hypothesis_id=row.pk,
        by_id=by,
        agrees=True,
        text=text,
        of_version=row.version,
        at=at,
    )


def waits_for_a_colleague(course: Course) -> None:
    """Three days old: whether the other agrees is yet to be heard."""
    at = course.stay.block.now - timedelta(days=3)
    row = course.sent(
        Hypothesis,
        text="Verwacht dat anderen boos worden.",
        mechanism=Mechanism.COGNITIONS,
        by_id=course.by(0),
        at=at,
        version=1,
    )
    _opinion(course, row, course.by(0), at)
    course.add(HypothesisObservation, hypothesis_id=row.pk, observation_id=course.seen[-1].pk)

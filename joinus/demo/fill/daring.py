"""What was seen of somebody, what is thought of it, what they try, and what helps them at it.

In the order of the method: two observations, a hypothesis that both workers share, a talk, and from
there on a challenge with its practising. Whoever is here has more of it than who left. Nothing here
throws dice: what differs between people follows from their number.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from challenges.models import (
    Challenge,
    ChallengeMechanism,
    Evaluation,
    Hypothesis,
    Mechanism,
    PlannedSupport,
    PracticeNote,
    Preparation,
    Proposal,
    SmallStep,
    SupportUse,
    ThreadSharing,
)
from core import clock
from groups.models import Meeting
from joinus.demo.fill.seeing import (
    SEEN,
    TALK,
    Course,
    came_to,
    hypotheses,
    hypothesis,
    lines,
    observed,
    waits_for_a_colleague,
)
from joinus.demo.fill.stencil import Slot

if TYPE_CHECKING:
    from joinus.demo.fill.stays import Stay  # which leans on this

#: At the how manieth meeting they were at (the first visit is 0) something happened.
PRACTISED, EVALUATED, REACHED = 4, 6, 7
#: The place in the row of those who are here says who has what.
LEAVES, ASKED, PROPOSED, RECUSED, NOT_YET = 3, 7, 8, 9, 10
NOTES, NOTES_AT_MOST = 8, 16
#: From intensive to light.
HELPED = (
    (2, "modelling", "alone", "worker"),
    (4, "prompt", "alone", "worker"),
    (6, "role_model", "group", "peer"),
    (9, "challenging", "alone", "worker"),
)
WORDS = (
    "Iemand van school vragen om samen te eten.",
    "Ik stel een vraag aan iemand die ik nog niet ken.",
    "Ik zeg het als ik iets anders wil.",
    "Ik blijf na de training nog even hangen.",
)
SECOND = "Ik vraag iemand of we samen naar huis fietsen."
THIRD = "Ik geef mijn mening in een groepje."
OUTCOMES = ("worked", "partly", "worked", "not_yet")
ROLES = ("Legt het spel uit aan wie het niet kent.", "Kiest wie er begint.", "")


def dares(stay: "Stay", soon: Meeting, left: int) -> None:
    """Of somebody who is here; `left`: the place in the row that says who has what."""
    alone = left == RECUSED and stay.block.variant % 4 == 1
    course = Course(stay, came_to(stay), stay.block.workers[: 1 if alone else 2])
    observed(course, SEEN)
    thought = hypotheses(course)
    tries = _tries(course, thought)
    _practised(course, tries, left)
    _helped(course, HELPED, tries)
    if left == ASKED and stay.block.variant % 3 == 0:
        waits_for_a_colleague(course)
    if stay.phase != "paused":
        _prepared(course, soon, tries[-1])
    lines(course, left)
    _of_a_few(course, left)


def dared(stay: "Stay", day: date, *, dropped: bool) -> None:
    """Of somebody whose last day was `day`: less, and the challenge has ended."""
    course = Course(stay, came_to(stay), stay.block.workers)
    observed(course, SEEN[:2], light=True)
    if len(course.there) > TALK:
        hypothesis(course, Mechanism.SKILLS, "confirmed", light=True)
    ended: dict[str, Any] = {"state": "with_stay", "ended_on": day}
    if not dropped:
        ended = {"state": "reached", "ended_on": day - timedelta(days=1), "ended_by_id": stay.by}
    tries = _challenge(course, WORDS[stay.number % len(WORDS)], _chosen_on(course), **ended)
    for n, meeting in enumerate(course.there[5:-1:2][:3]):
        _note(course, tries, meeting, OUTCOMES[n])
    _evaluated(course, tries, EVALUATED, "go_on")
    _helped(course, HELPED[1:2], [tries])


# ---- Tried -------------------------------------------------------------------------------------


def _tries(course: Course, thought: Hypothesis | None) -> list[Challenge]:
    """One after the other; the last one goes on."""
    stay, there = course.stay, course.there
    words, chosen = WORDS[stay.number % len(WORDS)], _chosen_on(course)
    if len(there) <= REACHED + 1:
        found = [_challenge(course, words, chosen)]
    else:
        done = there[REACHED].date
        ended: dict[str, Any] = {
            "state": "reached",
            "ended_on": done,
            "ended_by_id": course.young,
            "satisfaction": 8,
            "wants_another": True,
        }
        first = _challenge(course, words, chosen, **ended)
        found = [first, _challenge(course, SECOND, done, shared=stay.number % 3 == 0)]
    if thought is not None:
        course.add(
            ChallengeMechanism,
            challenge_id=found[0].pk,
            mechanism=thought.mechanism,
            hypothesis_id=thought.pk,
            by_id=course.by(0),
            at=there[TALK].ends_at,
        )
    return found


def _chosen_on(course: Course) -> date:
    """In the talk about what was seen; whoever is new here brought it along."""
    if len(course.there) > TALK:
        return course.there[TALK].date
    day: date = course.stay.row.definitive_on
    return day


def _challenge(
    course: Course,
    text: str,
    day: date,
    *,
    shared: bool = False,
    state: str = "going",
    **ended: Any,
) -> Challenge:
    sure = 4 + course.stay.number % 5
    row: Challenge = course.of_stay(
        Challenge,
        text=text,
        chosen_on=day,
        noted_by_id=course.young,
        state=state,
        sureness=sure,
        shared_at=clock.at(day + timedelta(days=1), 9) if shared else None,
        **ended,
    )
    if sure < 7 and state == "going":
        course.add(
            SmallStep,
            challenge_id=row.pk,
            text="Eerst bij Join Us.",
            where="inside",
            order=1,
            made_at=clock.at(day, 9),
        )
    return row


def _practised(course: Course, tries: Sequence[Challenge], left: int) -> None:
    """At the meetings and between them, each of the challenge that went on then."""
    most = NOTES_AT_MOST if left == LEAVES else NOTES
    rows = list(_times(course, every=left == LEAVES))[-most:]
    twice = left == NOT_YET and course.stay.block.variant % 2 == 0
    for n, (meeting, day) in enumerate(rows):
        outcome = "not_yet" if twice and n >= len(rows) - 2 else OUTCOMES[n % len(OUTCOMES)]
        _note(course, _going_on(tries, day), meeting, outcome, day)
    _evaluated(course, tries[0], EVALUATED, "go_on")
    if len(tries) > 1:
        _evaluated(course, tries[0], REACHED, "another")


def _times(course: Course, *, every: bool) -> Iterator[tuple[Meeting | None, date]]:
    """In turn at a meeting and some days after one; with `every` both."""
    for n, meeting in enumerate(course.there[PRACTISED:]):
        after = meeting.date + timedelta(days=4)
        if every or n % 2:
            yield meeting, meeting.date
        if (every or not n % 2) and after < course.stay.block.today:
            yield None, after


def _going_on(tries: Sequence[Challenge], day: date) -> Challenge:
    going = (row for row in tries if row.ended_on is None or day <= row.ended_on)
    return next(going, tries[-1])


def _note(
    course: Course,
    tries: Challenge,
    meeting: Meeting | None,
    outcome: str,
    day: date | None = None,
) -> None:
    on = day or (meeting.date if meeting else tries.chosen_on)
    course.add(
        PracticeNote,
        client_id=course.stay.block.new_key(),
        challenge_id=tries.pk,
        meeting_id=meeting.pk if meeting else None,
        on=on,
        where="inside" if meeting else "outside",
        place="" if meeting else "op school",
        outcome=outcome,
        did="" if meeting else "Ik vroeg of ik mee mocht doen.",
        by_id=course.young,
        at=meeting.ends_at - timedelta(minutes=10) if meeting else clock.at(on, 16),
        version=0,
    )


def _evaluated(course: Course, tries: Challenge, at: int, comes_to: str) -> None:
    """In a talk at that meeting, where there was one by then."""
    if len(course.there) <= at:
        return
    meeting = course.there[at]
    if tries.ended_on is not None and meeting.date > tries.ended_on:
        return
    course.add(
        Evaluation,
        challenge_id=tries.pk,
        on=meeting.date,
        how_it_goes="Durft iets te vragen." if comes_to == "go_on" else "",
        satisfaction=8 if comes_to == "another" else 6 + course.stay.number % 3,
        next=comes_to,
        by_id=course.by(0),
        at=meeting.ends_at,
        version=1,
    )


# ---- Helped ------------------------------------------------------------------------------------


def _helped(
    course: Course, forms: Sequence[tuple[int, str, str, str]], tries: Sequence[Challenge]
) -> None:
    for at, form, setting, giver in forms:
        if at >= len(course.there):
            continue
        meeting = course.there[at]
        began = meeting.date >= tries[0].chosen_on
        course.of_stay(
            SupportUse,
            meeting_id=meeting.pk,
            challenge_id=_going_on(tries, meeting.date).pk if began else None,
            form_id=form,
            setting=setting,
            giver=giver,
            by_id=course.by(0),
            at=meeting.ends_at - timedelta(minutes=20),
        )


def _prepared(course: Course, soon: Meeting, tries: Challenge) -> None:
    """Yesterday, by one of the workers."""
    number = course.stay.number
    row = course.of_stay(
        Preparation,
        meeting_id=soon.pk,
        challenge_id=tries.pk,
        role=ROLES[number % len(ROLES)],
        written_by_id=course.by(0),
        written_at=course.stay.block.now - timedelta(days=1),
        version=1,
    )
    for form in ("compliment", "challenging")[: 1 + number % 2]:
        course.add(PlannedSupport, preparation_id=row.pk, form_id=form)


# ---- What few have -----------------------------------------------------------------------------


def _of_a_few(course: Course, left: int) -> None:
    """Words that a worker proposed and that wait; a thread that is talked over in coaching."""
    block = course.stay.block
    at = block.now - timedelta(days=3)
    if left == PROPOSED and block.variant % 2 == 0 and course.stay.phase == "participating":
        course.of_stay(Proposal, text=THIRD, by_id=course.by(0), at=at)
    if left == LEAVES and block.variant == 6:
        course.of_stay(
            ThreadSharing,
            pseudonym=Slot("plant", course.stay.number),
            by_id=course.by(0),
            at=at,
            until=at + timedelta(days=14),
        )

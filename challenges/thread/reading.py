"""Reads the thread of one stay that is in sight already: a statement for each of its rows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Model, OuterRef, QuerySet, Subquery

from challenges.models import (
    Challenge,
    Consequence,
    Evaluation,
    Hypothesis,
    HypothesisObservation,
    Mechanism,
    Observation,
    Opinion,
    PlannedSupport,
    PracticeNote,
    Preparation,
    SupportForm,
    SupportUse,
)
from challenges.thread.entries import Helped, Practised, Seen, Talked, Thought, Thread, Tried
from core import clock
from core.facts import counted
from core.ready_made import ReadyMade, as_tuple, row_of
from groups.models import Attendance, Meeting, last_talk_on
from participants.models import Trajectory

M = TypeVar("M", bound=Model)
Outcome = Hypothesis.Outcome
#: What a mechanism is about, in the words of the questionnaire.
ASKED_ABOUT = {
    Mechanism.SKILLS: "social_skills",
    Mechanism.COGNITIONS: "negative_thoughts",
}


def thread_of(stay: Trajectory) -> Thread:
    """Of a stay whose workers may read all of it, without what was answered to questions."""
    thoughts = [_thought(*row) for row in _THOUGHTS(stay=stay.pk)]
    return Thread(
        since=stay.definitive_on or clock.day_of(stay.signed_up_at),
        today=clock.today(),
        seen=tuple(_seen(stay)),
        thought=tuple(one for one, _row in thoughts),
        tried=tuple(_tried(stay)),
        helped=tuple(_helped(*row) for row in _HELP(stay=stay.pk)),
        asks_about=_asked_about(thoughts),
    )


# ---- What was seen ------------------------------------------------------------------------


def _seen(stay: Trajectory) -> Iterable[Seen]:
    followed: dict[tuple[UUID, str], list[str]] = defaultdict(list)
    for row in _CONSEQUENCES(stay=stay.pk):
        followed[row.observation_id, row.kind].append(row.text)
    kinds = Consequence.Kind
    for seen in _OBSERVATIONS(stay=stay.pk):
        yield Seen(
            key=seen.pk,
            day=seen.seen_on,
            text=seen.behaviour,
            aim=seen.get_aim_display(),
            before=seen.antecedent,
            pleasant=tuple(followed[seen.pk, kinds.POSITIVE]),
            hard=tuple(followed[seen.pk, kinds.NEGATIVE]),
        )


def _rows(
    model: type[M], columns: Sequence[str], rows: Callable[[UUID], QuerySet[Any]], *more: Any
) -> ReadyMade[Any]:
    """Rows of a stay; what `more` names comes along in front of each."""
    read, row = row_of(model, columns)

    def made(*values: Any) -> Any:
        found = row(*values[len(more) :])
        return (*values[: len(more)], found) if more else found

    return ReadyMade(made, lambda stay: rows(stay).values_list(*more, *read), stay=UUID)


_OBSERVATIONS = _rows(
    Observation,
    ("id", "seen_on", "aim", "antecedent", "behaviour"),
    lambda stay: Observation.objects.in_force().filter(trajectory=stay).order_by("seen_on", "id"),
)
_CONSEQUENCES = _rows(
    Consequence,
    ("id", "observation_id", "kind", "text", "order"),
    lambda stay: Consequence.objects.filter(observation__trajectory=stay).order_by("order", "id"),
)

# ---- What is thought of it ------------------------------------------------------------------

#: Of the words as they stand now: an opinion of an earlier version is none of this one.
_SAID = Opinion.objects.filter(hypothesis=OuterRef("pk"), of_version=OuterRef("version"))
_GROUNDS = HypothesisObservation.objects.filter(hypothesis=OuterRef("pk"))
_THOUGHTS = _rows(
    Hypothesis,
    ("id", "text", "mechanism", "at", "outcome", "outcome_on", "outcome_text"),
    lambda stay: Hypothesis.objects.filter(trajectory=stay).order_by("at", "id"),
    ArraySubquery(_GROUNDS.values("observation_id")),
    counted(_SAID.filter(agrees=True)),
    counted(_SAID.filter(agrees=False)),
)


def _thought(
    grounds: list[UUID], agree: int, differ: int, row: Hypothesis
) -> tuple[Thought, Hypothesis]:
    over = row.outcome in (Outcome.DROPPED, Outcome.CHANGED)
    day = clock.day_of(row.at)
    found = Thought(
        key=row.pk,
        day=day,
        name=row.get_mechanism_display(),
        text=row.text,
        until=max(row.outcome_on, day) if over and row.outcome_on else None,
        ended=row.get_outcome_display() if over else "",
        outcome=row.get_outcome_display() if row.outcome else "",
        outcome_on=row.outcome_on,
        why=row.outcome_text,
        grounds=tuple(grounds),
        agree=agree,
        differ=differ,
    )
    return found, row


def _asked_about(thoughts: Sequence[tuple[Thought, Hypothesis]]) -> str:
    """What the newest hypothesis that stands is about; else how contact is made."""
    standing = [row.mechanism for one, row in thoughts if not one.ended]
    return ASKED_ABOUT[Mechanism(standing[-1]) if standing else Mechanism.SKILLS]


# ---- What is tried, and what helped ---------------------------------------------------------

_CHALLENGES = _rows(
    Challenge,
    ("id", "text", "chosen_on", "state", "ended_on"),
    lambda stay: Challenge.objects.filter(trajectory=stay).order_by("chosen_on", "id"),
    F("mechanism_row__hypothesis_id"),
)
_NOTES = _rows(
    PracticeNote,
    ("id", "challenge_id", "on", "where", "outcome", "did"),
    lambda stay: (
        PracticeNote.objects.in_force().filter(challenge__trajectory=stay).order_by("on", "id")
    ),
)
_TALKS = _rows(
    Evaluation,
    ("id", "challenge_id", "on", "how_it_goes", "satisfaction", "next"),
    lambda stay: Evaluation.objects.filter(challenge__trajectory=stay).order_by("on", "id"),
)


def _tried(stay: Trajectory) -> Iterable[Tried]:
    notes: dict[UUID, list[Practised]] = defaultdict(list)
    for note in _NOTES(stay=stay.pk):
        inside = note.where == PracticeNote.Where.INSIDE
        notes[note.challenge_id].append(
            Practised(note.on, note.get_outcome_display(), inside, note.did)
        )
    talks: dict[UUID, list[Talked]] = defaultdict(list)
    for talk in _TALKS(stay=stay.pk):
        talks[talk.challenge_id].append(
            Talked(talk.on, talk.how_it_goes, talk.satisfaction, talk.get_next_display())
        )
    for rests_on, row in _CHALLENGES(stay=stay.pk):
        yield Tried(
            key=row.pk,
            day=row.chosen_on,
            text=row.text,
            until=row.ended_on,
            state=row.get_state_display(),
            rests_on=rests_on,
            practised=tuple(notes[row.pk]),
            talked=tuple(talks[row.pk]),
        )


def _help(stay: UUID) -> QuerySet[Any, Any]:
    used = SupportUse.objects.in_force().filter(trajectory=stay).order_by("meeting__date", "id")
    return used.values_list(
        "meeting__date", "form__name_nl", "form__name_en", "form__intensity", "setting", "giver"
    )


_HELP = ReadyMade(as_tuple, _help, stay=UUID)


def _helped(
    day: date, name_nl: str, name_en: str, intensity: int | None, setting: str, giver: str
) -> Helped:
    how = f"{SupportUse.Setting(setting).label}, {SupportUse.Giver(giver).label}"
    return Helped(day, str(SupportForm(name_nl=name_nl, name_en=name_en)), intensity, how)


# ---- What stands above and below it ---------------------------------------------------------


@dataclass(frozen=True)
class Next:
    """The coming meeting of the group, and what is in mind for this person there."""

    meeting: UUID
    starts_at: datetime
    activity: str
    role: str
    support: tuple[str, ...]
    challenge: UUID | None


@dataclass(frozen=True)
class Head:
    """How often they came, of how many meetings they were asked at, and the last talk."""

    came: int
    of: int
    last_talk: date | None
    coming: Next | None


def head_of(stay: Trajectory) -> Head:
    """In one statement; without a group there is no coming meeting."""
    ((talk, came, of, coming, starts_at, activity, prepared, role, challenge, forms),) = _HEAD(
        stay=stay.pk
    )
    found = None
    if coming is not None:
        words = Preparation.from_db(None, ("id", "role"), (prepared, role)).role if prepared else ""
        found = Next(coming, starts_at, activity, words or "", tuple(forms or ()), challenge)
    return Head(came, of, talk, found)


def _head(stay: UUID) -> QuerySet[Any, Any]:
    came = Attendance.objects.filter(
        trajectory=OuterRef("pk"), meeting__status=Meeting.Status.HELD
    ).exclude(state=Attendance.State.NOT_RECORDED)
    coming = (
        Meeting.objects.upcoming(clock.now())
        .filter(group=OuterRef("group"))
        .order_by("starts_at")[:1]
    )
    rows = Trajectory.objects.filter(pk=stay).annotate(coming=Subquery(coming.values("pk")))
    prepared = Preparation.objects.filter(trajectory=OuterRef("pk"), meeting=OuterRef("coming"))
    planned = PlannedSupport.objects.filter(
        preparation__trajectory=OuterRef("pk"), preparation__meeting=OuterRef("coming")
    )
    return rows.values_list(
        last_talk_on("pk"),
        counted(came.filter(state=Attendance.State.PRESENT)),
        counted(came),
        "coming",
        Subquery(coming.values("starts_at")),
        Subquery(coming.values("activity")),
        Subquery(prepared.values("pk")[:1]),
        Subquery(prepared.values("role")[:1]),
        Subquery(prepared.values("challenge_id")[:1]),
        ArraySubquery(planned.order_by("form__order").values("form__name_nl")),
    )


_HEAD = ReadyMade(as_tuple, _head, stay=UUID)

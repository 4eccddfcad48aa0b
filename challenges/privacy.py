"""What challenges keep about a person: given out, and taken out (trust.md 3, 12).

The own words are given at once. What youth workers saw, think and prepared is given on request,
checked and read together (C-35). All of it is kept as long as the stay it belongs to
(`participants.rights.retention`).
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from challenges.models import (
    Challenge,
    ChallengeMechanism,
    Consequence,
    Evaluation,
    Hypothesis,
    HypothesisObservation,
    Jotting,
    Observation,
    Opinion,
    PlannedSupport,
    PracticeNote,
    Preparation,
    Proposal,
    SmallStep,
    SupportUse,
    ThreadSharing,
)
from core.accounts.actors import Actor
from core.names import whole_word
from core.privacy import NO_NAME, OWN, Fact, Person, Section
from groups.logbook.privacy import meetings_of
from groups.models import Attendance, Placement
from participants.models import Participant

#: Model -> what becomes of it when somebody is erased.
HOLDS = {
    Challenge: "the words go; days, figures and how it ended stay",
    ChallengeMechanism: "goes",
    SmallStep: "goes",
    PracticeNote: "the words go; day, inside or outside and how it went stay",
    Proposal: "the words go; that something was proposed and answered stays",
    Evaluation: "the words go; day, satisfaction and next stay; from others the call name",
    Observation: "goes, with its consequences; from words about others the call name",
    Consequence: "goes with its observation",
    Jotting: "goes",
    Hypothesis: "goes, with what it rests on and the opinions; from others the call name",
    HypothesisObservation: "goes with its hypothesis",
    Opinion: "goes with its hypothesis",
    Preparation: "goes, with the support in mind; from words about others the call name",
    PlannedSupport: "goes with its preparation",
    SupportUse: "stays as a count, without words",
    ThreadSharing: "goes",
}


def export_person(person: Person, part: str) -> list[Section]:
    """Answer to the port."""
    ids = person.trajectory_ids
    if part == OWN:
        return [_challenges(ids), _practice(ids), _evaluations(ids), _proposals(ids)]
    return [
        _observations(ids),
        _jottings(ids),
        _hypotheses(ids),
        _opinions(ids),
        _support(ids),
        _shared(ids),
    ]


def _section(key: str, title: str, entries: Iterable[list[Fact]], order: int) -> Section:
    return Section(key, title, list(entries), order=order)


def _challenges(ids: Iterable[Any]) -> Section:
    rows = Challenge.objects.filter(trajectory__in=ids).prefetch_related("steps")
    return _section(
        "challenges",
        _("Your challenges"),
        (
            [
                Fact("text", _("What you wanted to try"), row.text),
                Fact("chosen_on", _("Chosen on"), row.chosen_on),
                Fact("sureness", _("How sure you were, from 0 to 10"), row.sureness),
                Fact("state", _("How it went"), row.get_state_display()),
                Fact("ended_on", _("Ended on"), row.ended_on),
                Fact("satisfaction", _("How satisfied, from 0 to 10"), row.satisfaction),
                Fact("wants_another", _("Something new after it"), row.wants_another),
                Fact("shared_at", _("Shared with the group since"), row.shared_at),
                Fact("remind", _("You wanted reminders"), row.remind),
                Fact("steps", _("Small steps"), _steps(row)),
            ]
            for row in rows.order_by("chosen_on")
        ),
        58,
    )


def _steps(row: Challenge) -> str:
    return "; ".join(
        f"{step.text} ({step.get_where_display()})" if step.where else step.text
        for step in row.steps.all()
    )


def _practice(ids: Iterable[Any]) -> Section:
    rows = PracticeNote.objects.filter(challenge__trajectory__in=ids)
    return _section(
        "practised",
        _("Where you practised"),
        (
            [
                Fact("on", _("Day"), row.on),
                Fact("where", _("Where"), row.get_where_display()),
                Fact("place", _("Place"), row.place),
                Fact("did", _("What you did"), row.did),
                Fact("felt", _("How it was"), row.felt),
                Fact("outcome", _("How it went"), row.get_outcome_display()),
                Fact("taken_back", _("Taken back"), row.taken_back_at),
            ]
            for row in rows.order_by("on")
        ),
        59,
    )


def _evaluations(ids: Iterable[Any]) -> Section:
    rows = Evaluation.objects.filter(challenge__trajectory__in=ids)
    return _section(
        "evaluations",
        _("Talks about your challenge"),
        (
            [
                Fact("on", _("Day"), row.on),
                Fact("how", _("How practising goes"), row.how_it_goes),
                Fact("satisfaction", _("How satisfied, from 0 to 10"), row.satisfaction),
                Fact("next", _("And then"), row.get_next_display()),
            ]
            for row in rows.order_by("on")
        ),
        60,
    )


def _proposals(ids: Iterable[Any]) -> Section:
    rows = Proposal.objects.filter(trajectory__in=ids)
    return _section(
        "proposals",
        _("Words that were proposed to you"),
        (
            [
                Fact("at", _("When"), row.at),
                Fact("text", _("What was proposed"), row.text),
                Fact("answer", _("What you answered"), row.get_answer_display()),
            ]
            for row in rows.order_by("at")
        ),
        61,
    )


def _observations(ids: Iterable[Any]) -> Section:
    rows = Observation.objects.filter(trajectory__in=ids).prefetch_related("consequences")
    kinds = Consequence.Kind
    return _section(
        "observations",
        _("What youth workers saw"),
        (
            [
                Fact("seen_on", _("Day"), row.seen_on),
                Fact("aim", _("What for"), row.get_aim_display()),
                Fact("antecedent", _("What was going on"), row.antecedent),
                Fact("behaviour", _("What they saw"), row.behaviour),
                Fact("positive", _("Pleasant for you"), _followed(row, kinds.POSITIVE)),
                Fact("negative", _("Hard for you"), _followed(row, kinds.NEGATIVE)),
                Fact("taken_back", _("Taken back"), row.taken_back_at),
            ]
            for row in rows.order_by("seen_on")
        ),
        240,
    )


def _followed(row: Observation, kind: str) -> str:
    return "; ".join(one.text for one in row.consequences.all() if one.kind == kind)


def _jottings(ids: Iterable[Any]) -> Section:
    rows = Jotting.objects.filter(trajectory__in=ids).exclude(text="")
    return _section(
        "jottings",
        _("What a youth worker wanted to remember for a week"),
        (
            [Fact("at", _("When"), row.at), Fact("text", _("What was written down"), row.text)]
            for row in rows.order_by("at")
            if row.text
        ),
        241,
    )


def _hypotheses(ids: Iterable[Any]) -> Section:
    rows = Hypothesis.objects.filter(trajectory__in=ids).prefetch_related("opinions")
    return _section(
        "hypotheses",
        _("What youth workers thought might lie under it"),
        (
            [
                Fact("at", _("When"), row.at),
                Fact("text", _("What was written down"), row.text),
                Fact("mechanism", _("What it comes down to"), row.get_mechanism_display()),
                Fact("outcome", _("What became of it"), row.get_outcome_display()),
                Fact("outcome_on", _("Day"), row.outcome_on),
                Fact("outcome_text", _("And why"), row.outcome_text),
            ]
            for row in rows.order_by("at")
        ),
        242,
    )


def _opinions(ids: Iterable[Any]) -> Section:
    rows = Opinion.objects.filter(hypothesis__trajectory__in=ids).exclude(text="")
    return _section(
        "opinions",
        _("What a youth worker said of it"),
        (
            [
                Fact("at", _("When"), row.at),
                Fact("agrees", _("Agrees"), row.agrees),
                Fact("text", _("What was written down"), row.text),
            ]
            for row in rows.order_by("at")
        ),
        243,
    )


def _support(ids: Iterable[Any]) -> Section:
    prepared = Preparation.objects.filter(trajectory__in=ids).select_related("meeting")
    prepared = prepared.prefetch_related("planned__form")
    used = SupportUse.objects.filter(trajectory__in=ids).select_related("meeting", "form")
    labels = ChallengeMechanism.objects.filter(challenge__trajectory__in=ids)
    entries = [
        [
            Fact("day", _("Day"), row.meeting.date),
            Fact("role", _("A role that was in mind for you"), row.role),
            Fact("planned", _("Support in mind"), ", ".join(_planned(row))),
        ]
        for row in prepared.order_by("meeting__date")
    ]
    entries += [
        [
            Fact("day", _("Day"), row.meeting.date),
            Fact("form", _("Support"), str(row.form)),
            Fact("setting", _("How"), row.get_setting_display()),
            Fact("giver", _("By whom"), row.get_giver_display()),
            Fact("taken_back", _("Taken back"), row.taken_back_at),
        ]
        for row in used.order_by("meeting__date")
    ]
    entries += [
        [
            Fact("at", _("When"), row.at),
            Fact("mechanism", _("What a challenge works on"), row.get_mechanism_display()),
        ]
        for row in labels.order_by("at")
    ]
    return _section("support", _("How you were supported"), entries, 244)


def _shared(ids: Iterable[Any]) -> Section:
    rows = ThreadSharing.objects.filter(trajectory__in=ids).select_related("by")
    return _section(
        "thread_shared",
        _("When you were talked about with the coordinator, without your name"),
        (
            [
                Fact("at", _("When"), row.at),
                Fact("until", _("Until"), row.until),
                Fact("pseudonym", _("Under this name"), row.pseudonym),
                Fact("by", _("By whom"), row.by.first_name),
            ]
            for row in rows.order_by("at")
        ),
        245,
    )


def _planned(prepared: Preparation) -> list[str]:
    return [str(one.form) for one in prepared.planned.all()]


#: What stands in the way of nothing else and goes as a whole.
GOES: tuple[tuple[type[Model], str], ...] = (
    (ChallengeMechanism, "challenge__trajectory__in"),
    (SmallStep, "challenge__trajectory__in"),
    (Jotting, "trajectory__in"),
    (Hypothesis, "trajectory__in"),
    (Observation, "trajectory__in"),
    (Preparation, "trajectory__in"),
    (ThreadSharing, "trajectory__in"),
)


def erase_person(person: Person, by: Actor) -> None:
    """Answer to the port."""
    ids = person.trajectory_ids
    for model, path in GOES:
        rows: QuerySet[Any] = model._default_manager.filter(**{path: ids})
        rows.delete()
    _take_name_out(person)
    Challenge.objects.filter(trajectory__in=ids).update(text="")
    Proposal.objects.filter(trajectory__in=ids).update(text="")
    Evaluation.objects.filter(challenge__trajectory__in=ids).update(how_it_goes="")
    notes = PracticeNote.objects.filter(challenge__trajectory__in=ids)
    notes.update(place="", did="", felt="")


#: What youth workers wrote of one person, in which the name of another may stand: the way to the
#: stay, and the words.
NAMES_IN: tuple[tuple[type[Model], str, tuple[str, ...]], ...] = (
    (Observation, "trajectory__in", ("antecedent", "behaviour")),
    (Consequence, "observation__trajectory__in", ("text",)),
    (Jotting, "trajectory__in", ("text",)),
    (Hypothesis, "trajectory__in", ("text", "outcome_text")),
    (Opinion, "hypothesis__trajectory__in", ("text",)),
    (Evaluation, "challenge__trajectory__in", ("how_it_goes",)),
    (Proposal, "trajectory__in", ("text",)),
    (Preparation, "trajectory__in", ("role",)),
)


def _take_name_out(person: Person) -> None:
    """From what was written about others of the same groups: *asks Casey for the rules*. What they
    wrote themselves is theirs. One row at a time: each is sealed for itself."""
    name = Participant.objects.values_list("call_name", flat=True).get(pk=person.participant_id)
    word = whole_word(name)
    for model, path, fields in NAMES_IN:
        rows: QuerySet[Any] = model._default_manager.filter(**{path: _beside(person)})
        for row in rows:
            found = [one for one in fields if word.search(getattr(row, one))]
            for one in found:
                setattr(row, one, word.sub(NO_NAME, getattr(row, one)))
            if found:
                row.save(update_fields=found)


def _beside(person: Person) -> set[UUID]:
    """The stays of who had a place in a group of theirs, or stood on a sheet with them."""
    ids = person.trajectory_ids
    groups = Placement.objects.filter(trajectory__in=ids).values("group")
    placed = Placement.objects.filter(group__in=groups).values_list("trajectory", flat=True)
    there = Attendance.objects.filter(meeting__in=meetings_of(ids))
    return {*placed, *there.values_list("trajectory", flat=True)} - set(ids)

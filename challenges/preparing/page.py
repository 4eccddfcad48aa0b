"""The preparation of one meeting as it is read: a fixed number of statements, whatever the group.

Everybody on the sheet stands on it, with the own challenges in their own words and what the two
workers wrote beside them. The mechanism only chooses which support forms are proposed first: its
name stands nowhere, because this page is open where people walk along.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.db.models import Max, Prefetch

from challenges.models import (
    Challenge,
    ChallengeMechanism,
    Hypothesis,
    PlannedSupport,
    Preparation,
    SupportForm,
    SupportUse,
)
from challenges.support import named, using
from core import clock
from core.accounts.models import User
from core.names import in_order
from groups.models import Activity, ActivityOrganiser, Meeting
from groups.sheet.rows import OnSheet, rows_of
from participants.models import Trajectory

#: So long after a save its writer is still said to be writing.
STILL_WRITING = timedelta(seconds=20)


@dataclass(frozen=True)
class Person:
    """Somebody of the sheet. `out`: this worker stays out of the person, so the name is all."""

    row: OnSheet
    challenges: tuple[Challenge, ...]
    prepared: Preparation | None
    uses: tuple[SupportUse, ...]
    suggested: tuple[SupportForm, ...]
    tasks: tuple[str, ...]
    organises: bool

    @property
    def stay(self) -> UUID:
        return self.row.trajectory_id

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def out(self) -> bool:
        return self.row.name_only

    @property
    def writable(self) -> bool:
        return using.can_be_supported(self.row)

    @property
    def waits(self) -> bool:
        """A consent is missing: until then nothing is written about this person."""
        return bool(self.row.blocked_reason) and not self.out

    @property
    def away(self) -> bool:
        """*Ik kan niet*, or so the sheet says by now."""
        return (self.row.told and not self.row.is_recorded) or self.row.state in using.AWAY

    @property
    def is_trial(self) -> bool:
        return bool(self.row.trial)

    @property
    def is_paused(self) -> bool:
        return self.row.phase == Trajectory.Phase.PAUSED

    @property
    def role(self) -> str:
        return self.prepared.role if self.prepared else ""

    @property
    def planned(self) -> list[SupportForm]:
        """In mind for this meeting, retired since or not."""
        if self.prepared is None:
            return []
        return named.in_order_of_intensity(one.form for one in self.prepared.planned.all())

    @property
    def is_written(self) -> bool:
        return bool(self.role or self.planned)

    @property
    def to_log(self) -> list[tuple[SupportForm, SupportUse | None]]:
        """What was planned, each with its use as it mostly is: alone, by a youth worker."""
        return [(form, self._plain(form)) for form in self.planned]

    @property
    def other_uses(self) -> list[SupportUse]:
        """Used without a plan, or in another way."""
        shown = {use.pk for _form, use in self.to_log if use is not None}
        return [use for use in self.uses if use.pk not in shown]

    def _plain(self, form: SupportForm) -> SupportUse | None:
        mostly = (SupportUse.Setting.ALONE, SupportUse.Giver.WORKER)
        for use in self.uses:
            if use.form_id == form.pk and (use.setting, use.giver) == mostly:
                return use
        return None


@dataclass
class Plan:
    """Everything on the page."""

    meeting: Meeting
    reader: User
    people: list[Person]
    forms: list[SupportForm]
    activity: Activity | None
    open_tasks: list[str] = field(default_factory=list)

    @cached_property
    def writable(self) -> list[Person]:
        """Whom words can be written about; nobody any more once the meeting was cancelled."""
        if self.meeting.status == Meeting.Status.CANCELLED:
            return []
        return [one for one in self.people if one.writable]

    @property
    def coming(self) -> list[Person]:
        return [one for one in self.people if not one.away]

    @property
    def away(self) -> list[Person]:
        return [one for one in self.people if one.away]

    @property
    def written(self) -> list[Person]:
        return [one for one in self.people if one.is_written]

    @property
    def why_no_log(self) -> str:
        return using.why_not_yet(self.meeting)[1]

    @property
    def subjects(self) -> list[UUID]:
        """Whose words are on the page: for the log of who looked."""
        return sorted(one.stay for one in self.people if not one.out)

    @property
    def newest(self) -> tuple[Person, Preparation] | None:
        rows = [(one, one.prepared) for one in self.people if one.prepared is not None]
        return max(rows, key=lambda pair: pair[1].written_at, default=None)

    @property
    def saved_at(self) -> datetime | None:
        return self.newest[1].written_at if self.newest else None

    @property
    def stamp(self) -> str:
        return self.saved_at.isoformat() if self.saved_at else ""

    @property
    def colleague(self) -> tuple[str, str] | None:
        """Who writes about whom right now, when that is not the reader: two first names."""
        if self.newest is None:
            return None
        person, row = self.newest
        fresh = clock.now() - row.written_at <= STILL_WRITING
        if not fresh or row.written_by_id == self.reader.pk:
            return None
        return row.written_by.first_name, person.name


def stamp(meeting: UUID, user: User) -> str:
    """When something was written last, as `Plan.stamp` has it: one statement."""
    rows = Preparation.objects.visible_to(user).filter(meeting=meeting)
    newest = rows.aggregate(newest=Max("written_at"))["newest"]
    return newest.isoformat() if newest else ""


def read_plan(meeting: Meeting, user: User) -> Plan:
    """Nine statements."""
    rows = rows_of(meeting, user)
    prepared = _prepared(meeting, user)
    uses = _uses(meeting, user)
    challenges = _challenges(user, rows)
    fitting = _mechanisms(user, rows, challenges)
    forms = list(SupportForm.objects.all())
    offered = named.in_order_of_intensity(one for one in forms if one.retired_at is None)
    activity = _activity(meeting)
    arranged = list(activity.organisers.all()) if activity else []
    people = [
        Person(
            row=row,
            challenges=tuple(challenges[key]),
            prepared=prepared.get(key),
            uses=tuple(uses[key]),
            suggested=tuple(named.suggested(fitting[key], offered)),
            tasks=tuple(one.task for one in arranged if one.trajectory_id == key and one.task),
            organises=any(one.trajectory_id == key and not one.task for one in arranged),
        )
        for key, row in sorted(rows.items(), key=lambda pair: (in_order(pair[1].name), pair[0]))
        if row.trial is not None or key in prepared or key in uses
    ]
    unasked = [one.task for one in arranged if one.trajectory_id is None and one.task]
    return Plan(meeting, user, people, offered, activity, unasked)


def _prepared(meeting: Meeting, user: User) -> dict[UUID, Preparation]:
    planned = Prefetch("planned", PlannedSupport.objects.select_related("form"))
    rows = Preparation.objects.visible_to(user).filter(meeting=meeting)
    found = rows.select_related("written_by").prefetch_related(planned)
    return {row.trajectory_id: row for row in found}


def _uses(meeting: Meeting, user: User) -> dict[UUID, list[SupportUse]]:
    found: dict[UUID, list[SupportUse]] = defaultdict(list)
    rows = SupportUse.objects.visible_to(user).in_force().filter(meeting=meeting)
    for use in rows.select_related("form").order_by("at", "pk"):
        found[use.trajectory_id].append(use)
    return found


def _challenges(user: User, rows: Mapping[UUID, OnSheet]) -> dict[UUID, list[Challenge]]:
    """What goes on now, in the own words; of who this worker stays out of, nothing."""
    found: dict[UUID, list[Challenge]] = defaultdict(list)
    for row in Challenge.objects.visible_to(user).going().filter(trajectory__in=rows):
        found[row.trajectory_id].append(row)
    return found


def _mechanisms(
    user: User, rows: Mapping[UUID, OnSheet], challenges: Mapping[UUID, Iterable[Challenge]]
) -> dict[UUID, set[str]]:
    """What a worker said a challenge works on; else what was recognised in a talk."""
    found: dict[UUID, set[str]] = defaultdict(set)
    going = {one.pk: stay for stay, some in challenges.items() for one in some}
    labels = ChallengeMechanism.objects.filter(challenge__in=going)
    for challenge, mechanism in labels.values_list("challenge", "mechanism"):
        found[going[challenge]].add(mechanism)
    labelled = set(found)
    thought = Hypothesis.objects.visible_to(user).filter(
        trajectory__in=rows, outcome=Hypothesis.Outcome.CONFIRMED
    )
    for stay, mechanism in thought.values_list("trajectory", "mechanism"):
        if stay not in labelled:
            found[stay].add(mechanism)
    return found


def _activity(meeting: Meeting) -> Activity | None:
    organisers = Prefetch("organisers", ActivityOrganiser.objects.order_by("pk"))
    return Activity.objects.filter(meeting=meeting).prefetch_related(organisers).first()

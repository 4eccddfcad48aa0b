"""Everybody concerned is told what changed, in their safe way, through the outbox (R-376, C-49).

Called by planning, moving, cancelling and taking back, within their transaction: the stays, the
group and the meetings are locked. What waits unheard is withdrawn first and said anew in one new
message, so that only the last truth leaves. What is being handed over at this moment is waited for
(`stops_at_once`): either it was heard, or it is withdrawn, and never both.

No time or place to somebody who waits for a yes (trust.md 6): a worker decides what is said. Who
pauses, or stopped, does not come and is not told.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from core import clock
from core.messaging import outbox
from core.messaging.models import Contact, Message
from core.organisations.models import Group
from core.ports import About
from groups.evenings.who_hears import (
    LENGTH,
    Line,
    Says,
    Seat,
    counts_on,
    is_of_tonight,
    of_use_until,
    only_of_what_they_knew,
    should_know_by,
    until_goodbye,
    until_the_last,
    what_to_tell,
)
from groups.models import Attendance, Meeting, MeetingChange, Notice, NoticeLine, Placement
from participants.models import Trajectory
from participants.parents.know_when import who_know

KIND = "groups.meetings"
TO_PARENTS = "groups.meetings_to_parents"
KINDS = (KIND, TO_PARENTS)
Phase = Trajectory.Phase
#: Who comes to the meetings, and is told.
COMES = Phase.COMES


def message_wanted(kind: str, asked: Collection[About]) -> set[About] | None:
    """Answers the port: still unheard, not taken over by a newer change, of use, and to somebody
    with a place in this group, now or from a later day on, and with every yes."""
    if kind not in KINDS:
        return None
    rows = Notice.objects.filter(
        pk__in={about.subject for about in asked},
        superseded_at__isnull=True,
        told_at__isnull=True,
        until__gt=clock.now(),
        parent=kind == TO_PARENTS,
        trajectory__blocked_reason="",
        trajectory__stopped_on__isnull=True,
        trajectory__phase__in=COMES,
    )
    wanted = {row.pk: row for row in rows.of_who_has_a_place()}
    if kind == TO_PARENTS:
        wanted = _still_know(wanted)
    return {about for about in asked if about.subject in wanted}


def stops_at_once() -> Collection[str]:
    """Answers the port: a change waits for what is handed over, and then knows who heard what."""
    return KINDS


def _still_know(wanted: Mapping[UUID, Notice]) -> dict[UUID, Notice]:
    by_group: dict[UUID, list[Notice]] = defaultdict(list)
    for row in wanted.values():
        by_group[row.group_id].append(row)
    found = {}
    for group, rows in by_group.items():
        know = who_know({row.trajectory_id for row in rows}, group)
        for row in rows:
            if row.contact_id in {one.contact_id for one in know.get(row.trajectory_id, ())}:
                found[row.pk] = row
    return found


# ---- Who is concerned ----------------------------------------------------------------------


@dataclass
class Person:
    """Somebody with a place, in this group, on one of the days. `fell_away`: the meeting that was
    to be their last and does not go ahead, where no other one was agreed since."""

    stay: Trajectory
    seats: list[Seat] = field(default_factory=list)
    is_new: bool = False
    fell_away: UUID | None = None

    @property
    def contact(self) -> Contact:
        return self.stay.participant.contact

    @property
    def is_told(self) -> bool:
        return self.stay.phase in COMES and self.stay.stopped_on is None

    @property
    def agrees_anew(self) -> bool:
        """The last meeting that was agreed fell away."""
        return self.stay.phase == Phase.LEAVING and self.stay.last_meeting_on is None

    @property
    def last_day(self) -> date | None:
        """After the last meeting that was agreed they come no more."""
        return self.stay.last_meeting_on if self.stay.phase == Phase.LEAVING else None

    @property
    def goodbye(self) -> UUID | None:
        """The last meeting that was agreed, whatever its day."""
        agreed = getattr(self.stay, "last_meeting", None)
        return agreed.meeting_id if agreed is not None and self.last_day else None

    def says_goodbye_on(self, moment: datetime | None) -> bool:
        return moment is not None and clock.day_of(moment) == self.last_day

    def counts_on(
        self, standing: Mapping[UUID, datetime], moment: datetime
    ) -> dict[UUID, datetime]:
        """Of these meetings those they come to: none after their own last one."""
        found = counts_on(self.seats, standing, moment)
        return until_the_last(found, last_day=self.last_day, goodbye=self.goodbye)

    @property
    def needs_a_person(self) -> bool:
        """Nothing is written to them: a yes is missing, or they want no messages."""
        return bool(self.stay.blocked_reason) or self.contact.stopped_at is not None


def people_on(group: Group, days: Iterable[date]) -> dict[UUID, Person]:
    """Everybody with a place on one of these days, by stay, with how to reach them: one query."""
    on_a_day = Q(pk__in=[])
    for day in set(days):
        on_a_day |= Q(first_day__lte=day) & (Q(last_day__isnull=True) | Q(last_day__gte=day))
    was_there = Attendance.objects.filter(
        trajectory=OuterRef("trajectory"),
        state=Attendance.State.PRESENT,
        meeting__group=group.pk,
        meeting__date__gte=OuterRef("first_day"),
    )
    first = was_there.order_by().values("trajectory").annotate(day=Min("meeting__date"))
    rows: QuerySet[Any] = (
        Placement.objects.filter(on_a_day, group=group.pk)
        .annotate(came=Exists(was_there), came_on=Subquery(first.values("day")[:1]))
        .select_related("trajectory__participant__contact", "trajectory__last_meeting")
        .order_by("trajectory", "first_day")
    )
    found: dict[UUID, Person] = {}
    for row in rows:
        person = found.setdefault(row.trajectory_id, Person(row.trajectory))
        person.seats.append(Seat(row.first_day, row.last_day, row.trial, row.came_on))
        first_time = row.trajectory.phase in (Phase.TRIAL, Phase.PARTICIPATING) and not row.came
        person.is_new = person.is_new or first_time
    return {pk: person for pk, person in found.items() if person.is_told}


def who_counts_on(meeting: Meeting) -> list[Person]:
    """Whom it concerns when this meeting moves or does not happen: for the page that asks first."""
    moment = clock.now()
    standing = _standing(meeting.group_id, moment)
    people = people_on(meeting.group, [meeting.date]).values()
    return [one for one in people if meeting.pk in one.counts_on(standing, moment)]


def _standing(group: UUID, moment: datetime) -> dict[UUID, datetime]:
    rows = Meeting.objects.upcoming(moment).filter(group=group)
    return dict(rows.order_by().values_list("pk", "starts_at"))


# ---- What they heard -----------------------------------------------------------------------


@dataclass
class Past:
    """What one person was told, and what was written and not heard, meeting by meeting.

    `left`: what they go on thinking, since nobody tells it any more.
    """

    heard: dict[UUID, datetime | None] = field(default_factory=dict)
    left: dict[UUID, datetime | None] = field(default_factory=dict)
    unheard: dict[UUID, datetime | None] = field(default_factory=dict)
    waits: list[Notice] = field(default_factory=list)


def _pasts(group: UUID, stays: Collection[UUID]) -> dict[tuple[UUID, UUID], Past]:
    """By stay and contact; what waits is withdrawn first."""
    open_ones = Notice.objects.open().filter(group=group, trajectory__in=stays)
    ids = list(open_ones.values_list("pk", flat=True))
    if ids:
        outbox.withdraw_about(kinds=KINDS, subjects=ids, reason="newer_change", dead=True)
    rows = (
        Notice.objects.current()
        .filter(group=group, trajectory__in=stays)
        .select_related("message")
        .prefetch_related("lines")
        .order_by("made_at", "pk")
    )
    found: dict[tuple[UUID, UUID], Past] = defaultdict(Past)
    for notice in rows:
        past = found[notice.trajectory_id, notice.contact_id]
        lines = notice.lines.all()
        if notice.is_told:
            past.heard |= {line.meeting_id: line.now for line in lines}
            for line in lines:
                past.left.pop(line.meeting_id, None)
        elif notice.is_left:
            past.left |= {line.meeting_id: line.was for line in lines}
        else:
            past.waits.append(notice)
            for line in lines:
                past.unheard.setdefault(line.meeting_id, line.was)
    return found


# ---- Telling -------------------------------------------------------------------------------


def tell(*, group: Group, changes: Sequence[MeetingChange]) -> list[Notice]:
    """Write to everybody whom these changes of one act concern. Expects the locks of the act."""
    moment = clock.now()
    days = {clock.day_of(one) for change in changes for one in (change.was, change.now) if one}
    people = people_on(group, days)
    if not people or not any(_is_of_use(change, moment) for change in changes):
        return []
    after = _standing(group.pk, moment)
    before = dict(after)
    for change in changes:
        before.pop(change.meeting_id, None)
        if change.was is not None:
            before[change.meeting_id] = change.was
    _see_what_fell_away(people)
    pasts = _pasts(group.pk, people.keys())
    parents = who_know(people.keys(), group.pk)
    act = _Act(group, changes, moment)
    for pk, person in people.items():
        counted, counts = (person.counts_on(all_, moment) for all_ in (before, after))
        act.tell(person, person.contact, counted, counts, pasts[pk, person.contact.pk])
        for parent in parents.get(pk, ()):
            if not person.needs_a_person:
                past = pasts[pk, parent.contact_id]
                act.tell(person, parent.contact, counted, counts, past, parent=True)
    return act.write()


def _see_what_fell_away(people: Mapping[UUID, Person]) -> None:
    """Whose goodbye was cancelled, or taken back as a plan: one query, and mostly none."""
    anew = [pk for pk, person in people.items() if person.agrees_anew]
    if not anew:
        return
    rows = MeetingChange.objects.fell_away().filter(goodbyes__overlap=anew)
    for meeting, goodbyes in rows.order_by("at", "pk").values_list("meeting", "goodbyes"):
        for pk in goodbyes:
            if pk in people and people[pk].agrees_anew:
                people[pk].fell_away = meeting


def _is_of_use(change: MeetingChange, moment: datetime) -> bool:
    return any(one + LENGTH > moment for one in (change.was, change.now) if one)


class _Act:
    """What one act writes, for everybody at once."""

    def __init__(self, group: Group, changes: Sequence[MeetingChange], moment: datetime) -> None:
        self.group, self.changes, self.moment = group, changes, moment
        self.meetings = [change.meeting_id for change in changes]
        self.act = changes[0].act
        self.gone: list[UUID] = []
        self.notices: list[Notice] = []
        self.lines: list[NoticeLine] = []
        self.letters: list[Message] = []

    def tell(
        self,
        person: Person,
        contact: Contact,
        counted: Mapping[UUID, datetime],
        counts: Mapping[UUID, datetime],
        past: Past,
        parent: bool = False,
    ) -> None:
        self.gone += [notice.pk for notice in past.waits]
        lines = what_to_tell(
            unheard=past.unheard,
            heard=past.heard,
            left=past.left,
            before={pk: counted.get(pk) for pk in self.meetings},
            truth=counts,
            moment=self.moment,
        )
        lines = until_goodbye(lines, last_day=person.last_day, goodbye=person.goodbye)
        if person.needs_a_person or contact.stopped_at is not None:
            lines = only_of_what_they_knew(lines)
        if not lines:
            return
        notice = Notice(
            group=self.group,
            trajectory=person.stay,
            contact=contact,
            parent=parent,
            act=self.act,
            made_at=self.moment,
            before=should_know_by(lines, self.moment),
            until=of_use_until(lines),
        )
        if not person.needs_a_person and contact.stopped_at is None:
            notice.message = self._letter(notice, person, lines, counts)
        self.notices.append(notice)
        self.lines += [
            NoticeLine(
                notice=notice,
                meeting_id=line.meeting,
                was=line.was,
                now=line.now,
                again=line.says is Says.AGAIN,
            )
            for line in lines
        ]

    def _letter(
        self, notice: Notice, person: Person, lines: list[Line], counts: Mapping[UUID, datetime]
    ) -> Message:
        scheduled = outbox.moment_for(notice.contact, outbox.SCHEDULED, self.moment)
        tonight = is_of_tonight(lines, self.moment, scheduled)
        written = outbox.letter(
            contact=notice.contact,
            template="meetings_to_parents" if notice.parent else "meetings_changed",
            kind=TO_PARENTS if notice.parent else KIND,
            dedupe_key=f"meetings:{notice.pk}",
            subject_id=notice.pk,
            group=self.group,
            about=person.contact if notice.parent else None,
            urgency=outbox.TONIGHT if tonight else outbox.SCHEDULED,
            params=self._words(notice, person, lines, counts),
        )
        self.letters.append(written)
        return written

    def _words(
        self, notice: Notice, person: Person, lines: list[Line], counts: Mapping[UUID, datetime]
    ) -> dict[str, Any]:
        """Days and moments only: no name, no place, nothing of anybody else."""
        off = [line for line in lines if line.says is Says.CANCELLED]
        back = [line for line in lines if line.says is Says.AGAIN]
        next_one = min(counts.values(), default=None)
        found: dict[str, Any] = {
            outbox.HAS_A_PAGE: True,
            "lines": [
                {"says": line.says.value, "was": _written(line.was), "now": _written(line.now)}
                for line in lines
            ],
            "next": {"day": _written(next_one)} if off and next_one else None,
        }
        if not notice.parent:
            found["first"] = bool(off or back) and person.is_new
            if found["first"] and next_one:
                found["next"] = {"day": _written(next_one)}
            found["last"] = person.fell_away in {line.meeting for line in off}
            goodbyes = [line.now for line in back if person.says_goodbye_on(line.now)]
            found["last_again"] = {"day": _written(goodbyes[0])} if goodbyes else None
            found["page_url"] = settings.SITE_URL.rstrip("/") + reverse("home:today")
        return found

    def write(self) -> list[Notice]:
        """Seven statements, however many people and meetings there are."""
        if self.gone:
            Notice.objects.filter(pk__in=self.gone).update(superseded_at=self.moment)
        if self.letters:
            outbox.write_all(self.letters)
        Notice.objects.bulk_create(self.notices)
        NoticeLine.objects.bulk_create(self.lines)
        return self.notices


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else clock.local(moment).isoformat(timespec="minutes")

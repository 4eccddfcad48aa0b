"""The logbook of one meeting as it is read: a fixed number of statements, whatever the group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Prefetch, QuerySet, Subquery
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User, first_name_of
from core.accounts.rights import Reach
from core.names import in_order
from groups.logbook.parts import ABOUT, CARDS, CONDITIONS, why_closed
from groups.logbook.people import Person
from groups.logbook.talks import AT_LEAST
from groups.models import (
    Activity,
    ActivityOrganiser,
    ActivityStop,
    Attendance,
    LogbookAbout,
    LogbookPart,
    Meeting,
    Placement,
    Talk,
    TimedLine,
)
from groups.models.moments import has_opened
from groups.seats.last_talk import Spoken, spoken
from groups.sheet.rows import OnSheet, rows_of
from participants.models import Recusal

State = Attendance.State
#: So long after a save its writer is still said to be writing.
STILL_WRITING = timedelta(seconds=20)


@dataclass(frozen=True)
class Line:
    """A talk in words, with who of the workers had it."""

    stay: UUID
    name: str
    by: UUID
    by_name: str
    text: str
    options: str

    @property
    def told(self) -> str:
        """As it stands under the name: whose it is, how, and what was said."""
        who = self.by_name + (f" ({self.options})" if self.options else "")
        return f"{who}: {self.text}" if self.text else who


@dataclass(frozen=True)
class Writer:
    """Who wrote last in a card, and whether that is right now."""

    name: str
    at: datetime
    now: bool


@dataclass
class Logbook:
    """Everything on the page. `out`: who the reader stays out of."""

    meeting: Meeting
    reader: User
    rows: dict[UUID, OnSheet]
    parts: dict[str, LogbookPart]
    about: dict[str, set[UUID]]
    talks: list[Talk]
    gone: Mapping[UUID, Spoken]
    plan: Activity | None
    stops: list[ActivityStop]
    lines: list[TimedLine] = field(default_factory=list)
    out: set[UUID] = field(default_factory=set)

    @property
    def why_closed(self) -> str:
        return why_closed(self.meeting, clock.now())

    @property
    def opened(self) -> bool:
        return has_opened(self.meeting, clock.now())

    @cached_property
    def people(self) -> list[Person]:
        """Who was there, or not written down yet; who was away only when somebody talked."""
        talked = {talk.trajectory_id for talk in self._counted}
        return [
            Person(
                stay=row.trajectory_id,
                name=row.name,
                out=row.name_only,
                to_write_about=self.opened and row.placed_here,
                mine=row.trajectory_id in self.own and self.own[row.trajectory_id].is_in_force,
                anybody=row.trajectory_id in talked and not row.name_only,
                gone=None if row.name_only else self.gone.get(row.trajectory_id),
            )
            for row in self._in_order
            if _was_here(row) or row.trajectory_id in talked
        ]

    @property
    def can_be_talked_with(self) -> list[tuple[UUID, str]]:
        return [(one.stay, one.name) for one in self.people if not one.out]

    @property
    def waits(self) -> list[Person]:
        """Who was not talked with the longest, first."""
        gone = [(one.gone.since, one) for one in self.people if one.waits and one.gone is not None]
        return [one for _since, one in sorted(gone, key=lambda pair: pair[0])]

    @property
    def why(self) -> str:
        """One reason in words, of the longest; the others by name (R-125). Nobody: empty."""
        if not self.waits:
            return ""
        first, *others = self.waits
        if not others:
            return first.why
        names = ", ".join(one.name for one in others)
        return f"{first.why} " + _("Also long ago: {names}.").format(names=names)

    @cached_property
    def own(self) -> dict[UUID, Talk]:
        """The reader's, also what was taken back."""
        return {
            talk.trajectory_id: talk
            for talk in self.talks
            if talk.by_id == self.reader.pk and not self._is_out(talk.trajectory_id)
        }

    @property
    def told(self) -> list[Line]:
        """Every talk that counts, by name, less those about whom the reader stays out of."""
        names = {key: row.name for key, row in self.rows.items()}
        found = [
            Line(
                talk.trajectory_id,
                names.get(talk.trajectory_id, talk.trajectory.shown_name),
                talk.by_id,
                talk.by.first_name,
                talk.text,
                talk.options,
            )
            for talk in self._counted
            if not self._is_out(talk.trajectory_id)
        ]
        return sorted(found, key=lambda one: (in_order(one.name), one.stay, one.by_name))

    @property
    def talked_with(self) -> int:
        """R-124: how many people the workers talked with, all of them counted."""
        return len({talk.trajectory_id for talk in self._counted})

    @property
    def enough(self) -> bool:
        return self.talked_with >= AT_LEAST

    @property
    def count_in_words(self) -> str:
        if self.enough:
            return _("two or more")
        return _("{n} of at least two").format(n=self.talked_with)

    @property
    def too_few(self) -> str:
        """The warning below two, in words; it keeps nobody from anything."""
        if self.enough:
            return ""
        if self.talked_with:
            return _("You talked with one participant. Try to talk with at least two each meeting.")
        return _("You talked with nobody yet. Try to talk with at least two each meeting.")

    @property
    def leaving(self) -> list[tuple[UUID, str]]:
        """R-186: whose last meeting this is."""
        return [
            (row.trajectory_id, row.name)
            for row in self._in_order
            if row.last_meeting_on == self.meeting.date and not row.name_only
        ]

    @property
    def asks_for_farewell(self) -> bool:
        kept = self.parts.get("farewell")
        return bool(self.leaving or (kept and kept.filled)) and not self.is_hidden("farewell")

    @property
    def here(self) -> int:
        return sum(row.state == State.PRESENT for row in self.rows.values())

    @property
    def organisers(self) -> list[str]:
        """R-123: the participants who organise it, by their call names."""
        if self.plan is None:
            return []
        names = {key: row.name for key, row in self.rows.items()}
        found = [
            names.get(one.trajectory_id, one.trajectory.shown_name)
            for one in self.plan.organisers.all()
            if one.trajectory is not None and one.trajectory_id is not None
        ]
        return list(dict.fromkeys(found))

    @property
    def subjects(self) -> set[UUID]:
        """Whose names and words are on the page: for the log of who looked."""
        shown = {one.stay for one in self.people} | {line.stay for line in self.told}
        about = {stay for card, stays in self.about.items() for stay in stays}
        return {stay for stay in shown | about if not self._is_out(stay)}

    @property
    def conditions(self) -> list[LogbookPart]:
        return [self.parts[kind] for kind in CONDITIONS if kind in self.parts]

    @property
    def incident(self) -> list[LogbookPart]:
        found = (self.parts.get(kind) for kind in CARDS["incident"])
        return [part for part in found if part is not None and part.filled]

    @property
    def hides_incident(self) -> bool:
        return self.is_hidden("incident")

    @property
    def has_incident(self) -> bool:
        return bool(self.incident or self.lines)

    @property
    def names_in_incident(self) -> list[str]:
        about = self.about.get("incident", ())
        return [row.name for row in self._in_order if row.trajectory_id in about]

    @property
    def writers(self) -> list[str]:
        """Who kept it, by first name."""
        wrote = [part.written_by for part in self.parts.values() if part.kind != "feedback"]
        return sorted({one.first_name for one in [*wrote, *(t.by for t in self._counted)]})

    def is_hidden(self, card: str) -> bool:
        """About somebody the reader stays out of: a colleague reads and writes it."""
        return any(self._is_out(stay) for stay in self.about.get(card, ()))

    def words(self, card: str) -> dict[str, Any]:
        """What the form of a card holds."""
        found: dict[str, Any] = {}
        for kind in CARDS[card]:
            part = self.parts.get(kind)
            found[kind] = (part.state or part.text) if part else ""
        if card == "incident":
            found["about"] = [str(stay) for stay in self.about.get(card, ())]
        if card == "activity" and self.plan is not None:
            whole = {one.trajectory_id for one in self.plan.organisers.all() if not one.task}
            asked = self.can_be_talked_with
            found["organisers"] = [str(stay) for stay, _name in asked if stay in whole]
        return found

    def writer(self, card: str) -> Writer | None:
        """Of the talks: the colleague who wrote last. The reader's own are no news."""
        if card == "talks":
            rows = [(talk.written_at, talk.by) for talk in self.talks]
        else:
            found = (self.parts.get(kind) for kind in CARDS[card])
            rows = [(part.written_at, part.written_by) for part in found if part]
        if not rows:
            return None
        at, who = max(rows, key=lambda row: row[0])
        now = clock.now() - at < STILL_WRITING
        return Writer(first_name_of(who.name), at, now and who.pk != self.reader.pk)

    @property
    def stamp(self) -> str:
        """As `stamp`, of what was read."""
        return self.saved_at.isoformat() if self.saved_at else ""

    @property
    def saved_at(self) -> datetime | None:
        moments = [part.written_at for part in self.parts.values()]
        moments += [talk.written_at for talk in self.talks]
        return max(moments, default=None)

    @property
    def _in_order(self) -> list[OnSheet]:
        rows = (row for row in self.rows.values() if row.trial is not None or row.is_recorded)
        return sorted(rows, key=lambda row: (in_order(row.name), row.trajectory_id))

    @property
    def _counted(self) -> list[Talk]:
        return [talk for talk in self.talks if talk.is_in_force]

    def _is_out(self, stay: UUID) -> bool:
        return stay in self.out


def _was_here(row: OnSheet) -> bool:
    return row.state == State.PRESENT or (row.state == State.NOT_RECORDED and not row.told)


def meeting_within(far: Reach, meeting_id: UUID) -> Meeting | None:
    """This meeting with its group, when a permission reaches it."""
    rows = Meeting.objects.within(far).select_related("group__location")
    return rows.filter(pk=meeting_id).first()


def stamp(meeting: UUID) -> str:
    """Of the newest save, whoever made it: two statements, asked every few seconds."""
    parts = LogbookPart.objects.filter(meeting=meeting).order_by("-written_at")
    talks = Talk.objects.filter(meeting=meeting).order_by("-written_at")
    moments = [rows.values_list("written_at", flat=True).first() for rows in (parts, talks)]
    return max((moment.isoformat() for moment in moments if moment is not None), default="")


def read_logbook(meeting: Meeting, user: User) -> Logbook:
    """Eight statements."""
    rows = rows_of(meeting, user)
    out = {row.trajectory_id for row in rows.values() if row.name_only}
    parts = LogbookPart.objects.filter(meeting=meeting).select_related("written_by")
    kept_out = Exists(
        Recusal.objects.in_force().filter(
            worker=user.pk, participant=OuterRef("trajectory__participant")
        )
    )
    about: dict[str, set[UUID]] = {}
    named = LogbookAbout.objects.filter(part__meeting=meeting)
    cards = {str(kind): card for card, kind in ABOUT.items()}
    for kind, stay, is_out in named.values_list("part__kind", "trajectory_id", kept_out):
        about.setdefault(cards[kind], set()).add(stay)
        out |= {stay} if is_out else set()
    talks: list[Any] = list(
        Talk.objects.filter(meeting=meeting)
        .select_related("by", "trajectory")
        .annotate(is_out=kept_out)
        .order_by("written_at")
    )
    out |= {talk.trajectory_id for talk in talks if talk.is_out}
    organisers = ActivityOrganiser.objects.select_related("trajectory").order_by("pk")
    plan = Activity.objects.filter(meeting=meeting).prefetch_related(
        Prefetch("organisers", organisers)
    )
    return Logbook(
        meeting=meeting,
        reader=user,
        rows=rows,
        parts={part.kind: part for part in parts},
        about=about,
        talks=talks,
        gone=_gone(meeting, rows),
        plan=plan.first(),
        stops=list(ActivityStop.objects.filter(meeting=meeting)),
        lines=list(TimedLine.objects.visible_to(user).filter(meeting=meeting).select_related("by")),
        out=out,
    )


def _gone(meeting: Meeting, rows: Mapping[UUID, OnSheet]) -> dict[UUID, Spoken]:
    """How long nobody talked with each, on the day of this meeting and without its own talks."""
    day: date = meeting.date
    before: QuerySet[Any, Any] = Talk.objects.in_force().filter(
        trajectory=OuterRef("trajectory"), meeting__date__lt=day
    )
    newest = before.order_by().values("trajectory").annotate(day=Max("meeting__date"))
    placed = Placement.objects.on(day).filter(group=meeting.group_id, trajectory__in=rows)
    found = placed.annotate(last=Subquery(newest.values("day")))
    return {
        stay: spoken(last, joined, day)
        for stay, joined, last in found.values_list("trajectory_id", "first_day", "last")
    }

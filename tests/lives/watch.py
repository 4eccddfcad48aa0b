"""What is watched while the lives are played: the product's side of each life beside the model's.

Nothing here decides a wave; it reads rows, messages, to-dos and sentences, and says where they
disagree with the model, with each other, or with what was promised.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from io import StringIO
from itertools import permutations
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import holidays
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from core import clock
from core.ages import age_on
from core.errors import NotYours, RuleBroken
from core.messaging.models import Message
from groups.models import Attendance, Meeting
from groups.sheet import attendance
from joinus.home.run_due import run_due
from joinus.home.waiting import todos_for
from participants.models import Hold
from participants.stay.rehearsal import rehearse
from questionnaires.answers import answering
from questionnaires.cycle import reasons
from questionnaires.cycle.reminders import MESSAGE, REMINDER
from questionnaires.models import CycleState, Draft, Invitation, Response
from questionnaires.todo_kinds import Kind

if TYPE_CHECKING:
    from tests.lives import model
    from tests.lives.play import Life, Play

DAY = timedelta(days=1)
MOST_ORDERS = 5


@dataclass(frozen=True)
class Fault:
    kind: str
    life: int
    stay: str
    day: date
    text: str

    def __str__(self) -> str:
        return (
            f"[{self.kind}] life {self.life}, stay {self.stay}, {self.day:%a %d %b %Y}: {self.text}"
        )


@contextmanager
def aside() -> Iterator[None]:
    """What is done within did not happen. No transaction of the house, as a test's is none."""
    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined]
    with around:
        yield
        transaction.set_rollback(True)


class Watch:
    def __init__(self, play: Play) -> None:
        self.play = play
        self.faults: list[Fault] = []
        self.broken: set[str] = set()
        self.departed: dict[UUID, list[tuple[str, datetime]]] = defaultdict(list)
        self.chosen: dict[UUID, list[datetime]] = defaultdict(list)
        self.sent: dict[UUID, tuple[tuple[Any, ...], date, date]] = {}
        self.openings: set[tuple[UUID, date]] = set()
        self.could_be_told: set[UUID] = set()
        self.pending: tuple[list[str], set[str], dict[Any, Any]] | None = None
        self.holidays = holidays.country_holidays("NL")

    def fault(self, kind: str, life: Life, stay: str, text: str) -> None:
        if not any(f.kind == kind and f.stay == stay for f in self.faults):
            self.faults.append(Fault(kind, life.number, stay, clock.today(), text))

    def _of(self, row: Invitation) -> tuple[Life, model.Stay]:
        life = self.play.lives[row.trajectory_id]
        return life, self.play.model.stays[life.key_of(row.trajectory_id)]

    def rows(self) -> dict[UUID, list[Invitation]]:
        found: dict[UUID, list[Invitation]] = defaultdict(list)
        rows = Invitation.objects.filter(trajectory__in=list(self.play.lives))
        for row in rows.order_by("earned_on", "pk"):
            found[row.trajectory_id].append(row)
        return found

    # ---- waves ------------------------------------------------------------------------------

    def every_day(self) -> None:
        today = clock.today()
        rows = self.rows()
        for stay, life in self.play.lives.items():
            here = self.play.model.stays[life.key_of(stay)]
            mine = rows[stay]
            for row in mine:
                if row.state != "withdrawn":
                    self.openings.add((row.pk, row.opened_on))
            if self.play.only is None and here.name in self.broken:
                continue
            self._compare(life, here, mine)
        self.could_be_told = {
            row.pk
            for mine in rows.values()
            for row in mine
            if row.state == "open" and self._of(row)[1].reachable(today)
        }
        if today.toordinal() % 12 == 0:
            self._every_week(rows)

    def _compare(self, life: Life, here: model.Stay, rows: Sequence[Invitation]) -> None:
        real = {(r.wave, r.sequence): r for r in rows if r.state != "withdrawn"}
        told = {o.key: o for o in here.standing()}
        wrong = []
        for key in real.keys() | told.keys():
            row, opening = real.get(key), told.get(key)
            name = f"{key[0]} {key[1]}"
            if row is None:
                assert opening is not None
                if "presence" not in opening.free:
                    wrong.append(f"{name}: should stand, and does not")
            elif opening is None:
                if not self._never_asked(here, row):
                    wrong.append(f"{name}: stands, and should not")
            else:
                wrong += [f"{name}: {what}" for what in self._fields(here, row, opening)]
        if sum(row.state == "open" for row in real.values()) > 1:
            wrong.append("more than one wave is open")
        if wrong:
            self.broken.add(here.name)
            self.fault("waves", life, here.name, "; ".join(sorted(wrong)) + self.both(here, rows))

    @staticmethod
    def _never_asked(here: model.Stay, row: Invitation) -> bool:
        """Of an ended stay, kept as never asked: the design leaves it free."""
        return here.ended_on is not None and row.state in ("missed", "closed")

    @staticmethod
    def _fields(here: model.Stay, row: Invitation, opening: model.Opening) -> list[str]:
        found = []
        if row.state != opening.state and "presence" not in opening.free:
            found.append(f"is {row.state}, should be {opening.state}")
        if row.state == "answered":
            if opening.answered_at and row.answered_on != clock.day_of(opening.answered_at):
                found.append(f"answered on {row.answered_on}")
            return found
        days = {opening.earned_on}
        if opening.wave == "exit" and here.last_meeting_on is None:
            days |= {day for day in (here.exited_on, here.ended_on) if day}
        if row.earned_on not in days:
            found.append(f"earned on {row.earned_on}, should be {opening.earned_on}")
        if row.opened_on != opening.opened_on and "presence" not in opening.free:
            found.append(f"opened on {row.opened_on}, should be {opening.opened_on}")
        if row.state == "open" and row.due_on not in here.due_on(opening):
            due = sorted(str(day) for day in here.due_on(opening))
            found.append(f"due on {row.due_on}, should be {due}")
        return found

    def both(self, here: model.Stay, rows: Sequence[Invitation]) -> str:
        """The two sides of one stay, to be read by a person."""
        ours = "".join(
            f"\n      {r.wave} {r.sequence} {r.state} (earned {r.earned_on}, opened {r.opened_on}, "
            f"due {r.due_on}, answered {r.answered_on}) {r.reason}"
            for r in rows
        )
        theirs = "".join(f"\n      {opening}" for opening in here.openings)
        return f"\n    the product:{ours}\n    the model:{theirs}"

    # ---- once a week ---------------------------------------------------------------------------

    def _every_week(self, rows: dict[UUID, list[Invitation]]) -> None:
        self._rebuilt()
        self._swept_twice()
        self._silent()
        self._own_todos(rows)
        for stay, mine in rows.items():
            life = self.play.lives[stay]
            for row in mine:
                self._reason(life, self.play.model.stays[life.key_of(stay)], row)

    def _everything(self, *, all_of_it: bool) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        tables = (Invitation, CycleState) + ((Draft, Message, Hold) if all_of_it else ())
        for table in tables:
            for row in table.objects.values():
                row.pop("secret", None)
                row.pop("no_message_before", None)
                found[table.__name__, row.get("id", row.get("trajectory_id"))] = row
        return found

    def _different(self, kind: str, before: dict[Any, Any], after: dict[Any, Any]) -> None:
        for key in before.keys() | after.keys():
            one, other = before.get(key), after.get(key)
            if one == other:
                continue
            row = one or other or {}
            life = self.play.lives.get(row.get("trajectory_id"))
            changed = {
                name: (one and one.get(name), other and other.get(name))
                for name in row
                if one is None or other is None or one.get(name) != other.get(name)
            }
            text = f"{key[0]} {row.get('wave', '')} {row.get('sequence', '')}: {changed}"
            if life is None:
                self.faults.append(Fault(kind, -1, "", clock.today(), text))
            else:
                self.fault(kind, life, life.key_of(row["trajectory_id"]), text)

    def _rebuilt(self) -> None:
        before = self._everything(all_of_it=False)
        with aside():
            call_command("rebuild_cycle", stdout=StringIO())
            after = self._everything(all_of_it=False)
        self._different("rebuild", before, after)
        self.play.count["rebuilt"] += 1

    def _swept_twice(self) -> None:
        with aside():
            run_due()
            before = self._everything(all_of_it=True)
            run_due()
            after = self._everything(all_of_it=True)
        self._different("run_due twice", before, after)

    def _silent(self) -> None:
        """What the worker reads about messages is what left, about this opening."""
        for worker in self.play.workers.values():
            for todo in todos_for(worker, kinds=(Kind.QUESTIONNAIRE_SILENT,)):
                row = Invitation.objects.get(pk=todo.about)
                life, here = self._of(row)
                left = self._left_since(row)
                first = sum(kind == MESSAGE for kind, _at in left)
                again = sum(kind == REMINDER for kind, _at in left)
                if first < 1 or again < 2 or row.state != "open":
                    text = f"{todo.title} | {todo.reason} (left: {first} + {again}, {row.state})"
                    self.fault("silent", life, here.name, text)
                self.play.count["silent to-dos read"] += 1

    def _left_since(self, row: Invitation) -> list[tuple[str, datetime]]:
        return [m for m in self.departed[row.pk] if clock.day_of(m[1]) > row.opened_on]

    def _own_todos(self, rows: dict[UUID, list[Invitation]]) -> None:
        for stay, mine in rows.items():
            opened = [row for row in mine if row.state == "open"]
            life = self.play.lives[stay]
            here = self.play.model.stays[life.key_of(stay)]
            if not opened or (not here.blocked() and life.number % 5):
                continue
            found = {todo.about for todo in todos_for(life.user, kinds=(Kind.QUESTIONNAIRE,))}
            if here.blocked() and opened[0].pk in found:
                self.fault("to-do while blocked", life, here.name, f"{opened[0]} is offered")
            if here.reachable(clock.today()) and opened[0].pk not in found:
                self.fault("own to-do", life, here.name, f"{opened[0]} is not offered")
            self.play.count["own to-dos read"] += 1
        by_person: dict[int, list[str]] = defaultdict(list)
        for stay, mine in rows.items():
            life = self.play.lives[stay]
            by_person[life.number] += [life.key_of(stay) for r in mine if r.state == "open"]
        for number, stays in by_person.items():
            if len(stays) > 1:
                life = next(one for one in self.play.everybody if one.number == number)
                self.fault("two lists", life, stays[0], f"two lists at once: {stays}")

    # ---- sentences (R-354) ---------------------------------------------------------------------

    def _reason(self, life: Life, here: model.Stay, row: Invitation) -> None:
        for language in ("en", "nl"):
            with override(language):
                try:
                    text = reasons.render(row.reason)
                except (KeyError, ValueError) as trouble:
                    text = ""
                    self.fault("words", life, here.name, f"{row}: {trouble!r} {row.reason}")
                if not text:
                    self.fault("reason", life, here.name, f"no sentence for {row}: {row.reason}")
        self.play.count["sentences read"] += 1
        if row.state in ("withdrawn", "answered") or here.name in self.broken or here.newer:
            return
        said, now = row.reason, clock.now()
        opening = next((o for o in here.standing() if o.key == (row.wave, row.sequence)), None)
        if opening is None:
            return
        wrong: list[str] = []
        if said.get("text") == "interim" and row.state == "open":
            days, others = here.six_of(opening, now)
            told = {date.fromisoformat(n["date"]): n["why"] for n in said["not_counted"]}
            if said["counted"] != [day.isoformat() for day in days]:
                wrong.append(f"counted {said['counted']}, not {[str(d) for d in days]}")
            if told != others:
                wrong.append(f"not counted: {told}, should be {others}")
        if row.state == "open":
            last, stopped = said.get("last_meeting_on"), said.get("closed_on")
            if last not in (None, opening.earned_on.isoformat()):
                wrong.append(f"last meeting on {last}")
            if stopped is not None and here.exited_on and stopped != here.exited_on.isoformat():
                wrong.append(f"stopped on {stopped}, left on {here.exited_on}")
        written = said.get("recorded_on", row.opened_on.isoformat())
        if "recorded_on" in said and not row.earned_on.isoformat() < written:
            wrong.append(f"recorded on {written}, earned on {row.earned_on}")
        if written > row.opened_on.isoformat():
            wrong.append(f"recorded on {written}, opened on {row.opened_on}")
        if "missed" in said and "wave" in said["missed"]:
            by = (said["missed"]["wave"], said["missed"]["sequence"])
            if row.state != "missed" or (
                by not in {o.key for o in here.standing()} and not here.waived
            ):
                wrong.append(f"missed by {by}, which does not stand")
        waited = set(said.get("waited_for", ()))
        span = range((row.opened_on - row.earned_on).days)
        held = {kind for n in span for kind in here.held(row.earned_on + n * DAY)}
        if not waited <= held:
            wrong.append(f"waited for {sorted(waited)}, was held by {sorted(held)}")
        if wrong:
            self.fault("reason", life, here.name, f"{row}: {'; '.join(wrong)} {said}")

    # ---- messages (4.6, 4.9, R-351) ----------------------------------------------------------

    def left(self, message: Message, _connection: Any = None) -> None:
        """A message leaves now; called in the place of the post."""
        if message.kind not in (MESSAGE, REMINDER):
            return
        row = Invitation.objects.select_related("trajectory__participant").get(
            pk=message.subject_id
        )
        life, here = self._of(row)
        now, today = clock.now(), clock.today()
        self.departed[row.pk].append((message.kind, now))
        self.play.count["messages"] += 1
        wrong = []
        if row.state != "open":
            wrong.append(f"about a wave that is {row.state}")
        if here.name not in self.broken and not here.reachable(today):
            wrong.append(f"to somebody on hold {here.held(today)} or out of reach")
        if today <= row.opened_on:
            wrong.append(f"leaves on {today}, the wave opens on {row.opened_on}")
        if message.channel == Message.Channel.EMAIL and not self._daytime(row, now):
            wrong.append(f"leaves at {now:%H:%M}")
        left = self._left_since(row)
        first = sum(kind == MESSAGE for kind, _at in left)
        again = len(left) - first
        if first > 1:
            wrong.append(f"first message for the {first}th time")
        if message.kind == REMINDER and not first:
            wrong.append("a reminder without a first message")
        if again > 2 + len(self.chosen[row.pk]):
            wrong.append(f"{again} reminders")
        if sum(clock.day_of(at) == today for _kind, at in left) > 1:
            wrong.append("two on one day")
        if wrong:
            self.fault(
                "message", life, here.name, f"{message.kind} about {row}: {'; '.join(wrong)}"
            )

    def _daytime(self, row: Invitation, now: datetime) -> bool:
        born = row.trajectory.participant.birth_date
        school = now.weekday() < 5 and now.date() not in self.holidays
        young = age_on(born, now.date()) < 18
        return time(16 if young and school else 9) <= now.time() < time(20)

    def chose(self, row: UUID, _what: str) -> None:
        self.chosen[row].append(clock.now())

    def told(self) -> None:
        """In the afternoon: whatever opened before today has its own first message."""
        today = clock.today()
        rows = Invitation.objects.open().filter(
            pk__in=self.could_be_told, opened_on__lt=today, left_alone_on__isnull=True
        )
        for row in rows.filter(remind_on__isnull=True):
            life, here = self._of(row)
            if here.name in self.broken or not here.reachable(today):
                continue
            if any(clock.day_of(at) == today for at in self.chosen[row.pk]):
                continue  # wants to hear of it again since this noon: the next look writes
            if row.no_message_before is not None and row.no_message_before > today:
                continue  # taken back and undone today: it mails nobody before tomorrow
            if not any(kind == MESSAGE for kind, _at in self._left_since(row)):
                self.fault(
                    "nobody told", life, here.name,
                    f"{row} opened on {row.opened_on}, no message; left before: "
                    f"{[f'{k} {at:%d %b}' for k, at in self.departed[row.pk]]}",
                )  # fmt: skip

    # ---- answers ----------------------------------------------------------------------------

    def answered(self, life: Life, row: Invitation, here: model.Stay) -> None:
        if here.blocked():
            self.fault("answer while blocked", life, here.name, f"{row} was answered")
        opening = next((o for o in here.standing() if o.key == (row.wave, row.sequence)), None)
        if opening is None:
            self.broken.add(here.name)
            self.fault("waves", life, here.name, f"{row} was answered, and should not stand")
        response = Response.objects.get(pk=row.pk)
        row.refresh_from_db()
        given = tuple(response.answer(n) for n in range(1, 23))
        self.sent[row.pk] = (given, row.earned_on, row.opened_on)

    def try_to_answer(self, life: Life) -> None:
        """Without a yes in force nothing is shown and nothing is taken (R-350)."""
        here = life.here
        row = Invitation.objects.open().filter(trajectory=life.stays[-1]).first()
        if row is None or not here.blocked():
            return
        draft = Draft.objects.filter(pk=row.pk).values().first()
        with aside():
            self._try(life, here, row, draft)

    def _try(self, life: Life, here: model.Stay, row: Invitation, draft: Any) -> None:
        client = Client()
        client.force_login(life.user)
        item = reverse("questionnaires:item", args=[row.pk, 3])
        question = next(q for q in answering.asked(row) if q.number == 3)
        for page in (reverse("questionnaires:who_reads", args=[row.pk]), item):
            shown = client.get(page)
            if str(question.text) in shown.content.decode() or b'type="radio"' in shown.content:
                self.fault(
                    "shown while blocked", life, here.name, f"{row}: {page} shows a question"
                )
        client.post(item, {"answer": 1})
        client.post(reverse("questionnaires:finish", args=[row.pk]))
        for act in (
            lambda: answering.save_answer(invitation=row, number=1, value=1, by=life.user),
            lambda: answering.submit(invitation=row, by=life.user),
        ):
            self._refused(life, here, row, act)
        self.play.count["refusals tried"] += 6
        now = Draft.objects.filter(pk=row.pk).values().first()
        if now != draft or Response.objects.filter(pk=row.pk).exists():
            self.fault("answer while blocked", life, here.name, f"{row}: an answer was taken")

    def _refused(
        self, life: Life, here: model.Stay, row: Invitation, act: Callable[[], object]
    ) -> None:
        with aside():
            try:
                act()
            except (RuleBroken, NotYours):
                return
            self.fault("answer while blocked", life, here.name, f"{row}: an action took an answer")

    def at_the_end(self) -> None:
        """No answer changed, and no answered wave went away."""
        for pk, (given, earned, opened) in self.sent.items():
            row = Invitation.objects.filter(pk=pk).first()
            response = Response.objects.filter(pk=pk).first()
            now = response and tuple(response.answer(n) for n in range(1, 23))
            if row is None or row.state != "answered" or now != given:
                raise AssertionError(f"An answer went away or changed: {row}")
            if (row.earned_on, row.opened_on) != (earned, opened):
                life, here = self._of(row)
                self.fault("answered wave", life, here.name, f"{row}: its days changed")
        self.play.count["openings"] += len(self.openings)

    # ---- before and after (R-131, item 7) -------------------------------------------------------

    def preview(self, life: Life, meeting: Meeting, state: str) -> None:
        row = Attendance.objects.filter(meeting=meeting, trajectory=life.stays[-1]).first()
        tap = attendance.Tap(uuid4(), life.stays[-1], state, row.version if row else 0)
        by = self.play.worker(meeting.group_id)
        self._said(life, partial(attendance.preview, meeting=meeting, taps=[tap], by=by))

    def foretell(self, life: Life, act: Callable[[], object]) -> None:
        """The same of any act that is told beforehand (a move, also back-dated; a reopening)."""
        self._said(life, partial(rehearse, act), ahead=True)

    def _said(self, life: Life, ask: Callable[[], list[Any]], *, ahead: bool = False) -> None:
        """What is said before it is done; where the act is refused nothing is. What is earned
        and waits may be named as well, and `ahead` a follow-up of later."""
        try:
            with override("en"):
                said = [str(consequence.text) for consequence in ask()]
        except (RuleBroken, NotYours):
            return
        about_waves = [text.lower() for text in said if "questionnaire" in text]
        ahead_of_it = [(w.wave, w.sequence) for w in life.here.wants(clock.now())]
        ahead_of_it += [("follow_up", 1)] if ahead else []
        with override("en"):
            named = {reasons.wave_name(*key) for key in ahead_of_it}
        self.pending = (about_waves, named, self._waves(life.stays[-1]))

    @staticmethod
    def _waves(stay: UUID) -> dict[tuple[str, int], tuple[Any, ...]]:
        rows = Invitation.objects.filter(trajectory=stay).exclude(state="withdrawn")
        return {
            (wave, number): rest
            for wave, number, *rest in rows.values_list(
                "wave", "sequence", "state", "earned_on", "opened_on"
            )
        }

    def after_an_act(self, life: Life) -> None:
        if self.pending is None:
            return
        (said, allowed, before), self.pending = self.pending, None
        after = self._waves(life.stays[-1])
        with override("en"):
            allowed |= {reasons.wave_name(w.wave, w.sequence) for w in life.here.wants(clock.now())}
            needed = set()
            for key in before.keys() | after.keys():
                old, new = before.get(key), after.get(key)
                if old == new:
                    continue
                name = reasons.wave_name(*key)
                allowed.add(name)
                opens = new is not None and new[0] == "open" and (old is None or old[0] != "open")
                if old is None or new is None or opens or old[1] != new[1]:
                    needed.add(name)
        silent = [name for name in needed if not any(name in text for text in said)]
        untrue = [text for text in said if not any(name in text for name in allowed)]
        self.play.count["previews compared"] += 1
        if silent or untrue:
            text = f"said {said}; silent about {silent}, untrue {untrue}; {before} -> {after}"
            self.fault("preview", life, life.key, text)

    # ---- every order -------------------------------------------------------------------------

    def _standing(self, stay: UUID) -> list[tuple[Any, ...]]:
        rows = Invitation.objects.filter(trajectory=stay).exclude(state="withdrawn")
        fields = ("wave", "sequence", "state", "earned_on", "opened_on", "due_on")
        return sorted(rows.values_list(*fields), key=str)

    def other_orders(
        self, life: Life, acts: Sequence[Callable[[], object]]
    ) -> list[list[tuple[Any, ...]]]:
        """What would stand if these acts of one moment were done in another order."""
        found = []
        for order in list(permutations(acts))[1 : MOST_ORDERS + 1]:
            with aside():
                try:
                    for act in order:
                        act()
                except RuleBroken:
                    continue
                else:
                    found.append(self._standing(life.stays[-1]))
        return found

    def same_as(self, life: Life, others: list[list[tuple[Any, ...]]]) -> None:
        now = self._standing(life.stays[-1])
        for other in others:
            self.play.count["orders compared"] += 1
            if other != now:
                gone = [str(row) for row in other if row not in now]
                here = [str(row) for row in now if row not in other]
                self.fault("order", life, life.key, f"{here} in one order, {gone} in another")

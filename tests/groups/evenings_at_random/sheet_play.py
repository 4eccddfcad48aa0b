"""Two workers, three phones and an evening at random, over HTTP and in the model."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

from django.test import Client
from django.urls import reverse

from core import clock
from core.errors import RuleBroken
from core.organisations.models import Group
from groups.evenings import absence
from groups.evenings.closing import close_evening, take_back_closing
from groups.evenings.meetings import cancel_meeting
from groups.evenings.take_back import take_back
from groups.models import Attendance, Meeting, MeetingChange, Visitor
from groups.sheet.sheet import read_evening
from participants.models import Trajectory
from participants.stay.holds import begin_hold
from questionnaires.cycle.attended_meetings import counted
from questionnaires.cycle.facts import load
from tests import world
from tests.groups.evenings_at_random.sheet_model import HERE, NOBODY, STATES, Person, Sheet, Tap

DAY = timedelta(days=1)
SPACE = UUID("5b0c2f0e-6f0a-4a52-9c53-0e4f1b6f6f00")
NAMES = [
    "Amir",
    "Bo",
    "Casey",
    "Daan",
    "Esra",
    "Fien",
    "Gijs",
    "Hana",
    "Ilse",
    "Jip",
    "Kim",
    "Lou",
    "Mees",
    "Noor",
    "Otis",
]
#: The evening, its hour; the clock changes in the night of the third.
EVENINGS = ((date(2026, 3, 13), 19), (date(2026, 6, 5), 23), (date(2026, 10, 24), 22))
#: Minutes until the next act; now and then the night, the next day, the day of day 20 or 40.
STEPS = (0.1, 0.2, 1, 3, 10)
CONFIRM = re.compile(r'name="confirm" value="([^"]+)"')


class Town:
    """Made once for many evenings: a group, two workers, a coordinator and its people."""

    def __init__(self, day: date, hour: int, size: int) -> None:
        self.day, self.hour, self.since = day, hour, day - 60 * DAY
        self.people = {name: Person() for name in NAMES[:size]}
        self.stays: dict[str, Trajectory] = {}
        with clock.travel(clock.at(self.since, 12)):
            self.group: Group = world.make_group(age_from=12, age_until=30)
            Group.objects.filter(pk=self.group.pk).update(starts_at=time(hour))
            self.group.refresh_from_db()
            self.workers = {
                "Fleur": world.make_worker(self.group, "Fleur Jansen"),
                "Daan": world.make_worker(self.group, "Daan Smit"),
            }
            self.coordinator = world.make_coordinator(self.group.location.region)
            before = world.make_meeting(self.group, self.since, status="held")
            for name in self.people:
                self.stays[name] = world.make_participating(
                    self.group, since=self.since, call_name=name, age=20
                )
                world.attend(self.stays[name], before)
            self._who_differs()
            self.walks_in = {
                name: world.make_trajectory(group=self.group, phase=phase, call_name=name, age=20)
                for name, phase in (("Pim", "signed_up"), ("Roos", "intake"))
            }

    def _who_differs(self) -> None:
        trial, blocked, gone = self.stays["Amir"], self.stays["Bo"], self.stays["Casey"]
        Trajectory.objects.filter(pk=trial.pk).update(phase="trial", definitive_on=None)
        trial.placements.update(trial=True, first_day=self.day - DAY)
        self.people["Amir"].counts = False
        Trajectory.objects.filter(pk=blocked.pk).update(blocked_reason="own")
        begin_hold(trajectory=blocked, kind="blocked", at=clock.at(self.since + DAY, 12))
        self.people["Bo"].counts = False
        gone.placements.update(last_day=self.day - DAY)
        self.people["Casey"].on_sheet = False


@dataclass
class Phone:
    """What lies in one phone: what it last saw of each row, and its queue."""

    name: str
    by: str
    seen: dict[str, tuple[str, int]]
    queue: list[Tap] = field(default_factory=list)
    sent: list[list[Tap]] = field(default_factory=list)
    online: bool = True
    clock_off: timedelta = timedelta(0)

    def base(self, who: str) -> int:
        mine = [tap for tap in self.queue if tap.who == who]
        return mine[-1].base + 1 if mine else self.seen[who][1]

    def shows(self, who: str) -> str:
        mine = [tap for tap in self.queue if tap.who == who]
        return mine[-1].state if mine else self.seen[who][0]

    def hears(self, batch: list[Tap], answers: list[dict[str, Any]]) -> None:
        """As static/js/queue.js: what was tapped on a tap that did not go through goes with it."""
        gone = set()
        for tap, answer in zip(batch, answers, strict=True):
            if answer["outcome"] in ("saved", "already"):
                gone.add(tap.id)
            else:
                gone |= {one.id for one in self.queue if one.who == tap.who}
            if answer["status"] is not None:
                self.seen[tap.who] = (answer["status"], answer["version"])
        self.queue = [tap for tap in self.queue if tap.id not in gone]


class Evening:
    """One evening and what becomes of its sheet in the days after."""

    def __init__(self, town: Town, seed: int) -> None:
        self.town, self.seed, self.dice = town, seed, Random(seed)
        self.start = clock.at(town.day, town.hour)
        self.now = self.start - timedelta(minutes=self.dice.choice((100, 20, 1)))
        self.meeting = world.make_meeting(town.group, town.day)
        self.model = Sheet(town.day, {n: Person(**vars(p)) for n, p in town.people.items()})
        self.count, self.log, self.ids = self.model.count, list[str](), 0
        self.change: MeetingChange | None = None
        fresh = dict.fromkeys(town.people, (NOBODY, 0))
        self.phones = [
            Phone("Fleur's phone", "Fleur", dict(fresh)),
            Phone("Daan's phone", "Daan", dict(fresh), clock_off=self.dice.choice((-DAY, DAY))),
            Phone("Fleur's tablet", "Fleur", dict(fresh)),
        ]
        self.clients: dict[str, Client] = {}
        self.visits: dict[str, UUID] = {}
        with clock.travel(self.now):
            for name in self.dice.sample(sorted(self.stays), 2):
                if self.model.people[name].on_sheet and name != "Amir":
                    absence.tell(meeting=self.meeting, trajectory=self.stays[name])
                    self.model.people[name].told_us = True
            self._sign_in()

    @property
    def stays(self) -> dict[str, Trajectory]:
        return self.town.stays

    def _sign_in(self) -> None:
        self.clients = {n: world.eyes(user) for n, user in self.town.workers.items()}
        self.clients["Karim"] = world.eyes(self.town.coordinator)

    def play(self, steps: int) -> Counter[str]:
        for _n in range(steps):
            self.now += timedelta(minutes=self.dice.choice(STEPS))
            with clock.travel(self.now):
                self._act()
                self.compare()
        with clock.travel(self.now):
            self._everybody_sends()
            self.compare(counts=True)
        for later in self.dice.sample((0, 1, 20, 29, 40), 2):
            hour = self.dice.choice((0, 3, 4, 12))
            moment = clock.at(self.town.day + (later + 1) * DAY, hour, 30 * self.dice.randrange(2))
            if moment > self.now:
                self.now = moment
                with clock.travel(self.now):
                    self._sign_in()
                    for _n in range(3):
                        self.now += timedelta(seconds=20)
                        with clock.travel(self.now):
                            self._act()
                            self.compare()
                    self.compare(counts=True)
        self.count["evenings"] += 1
        return self.count

    def _act(self) -> None:
        acts: list[tuple[int, Callable[[Phone], None]]] = [
            (14, self.taps),
            (2, self.everyone),
            (5, self.undo),
            (5, self.line),
            (4, self.sends),
            (3, self.sends_again),
            (2, self.kills_the_tab),
            (3, self.guests),
            (3, self.walks_in),
            (2, self.goes_early),
            (2, self.closes),
            (2, self.cancels),
            (2, self.corrects),
        ]
        weights, what = zip(*acts, strict=True)
        self.dice.choices(what, weights)[0](self.dice.choice(self.phones))

    # -- what all acts have in common --------------------------------------------------------

    def say(self, what: str) -> None:
        self.count["acts"] += 1
        self.log.append(f"{self.now:%a %d %b %H:%M:%S} {what}")

    def told(self, what: str) -> str:
        return f"seed {self.seed}: {what}\n  " + "\n  ".join(self.log)

    def new_id(self, phone: Phone) -> UUID:
        """In the order of this phone's own clock, as static/js/queue.js makes them."""
        self.ids += 1
        moment = self.now + phone.clock_off
        left = uuid5(SPACE, f"{self.seed}/{self.ids}").int & ((1 << 62) - 1)
        milliseconds = int(moment.timestamp() * 1000) + self.ids
        return UUID(int=(milliseconds << 80) | (7 << 76) | (2 << 62) | left)

    def post(self, by: str, name: str, *args: Any, **fields: Any) -> Any:
        url = reverse(f"groups:{name}", args=[self.meeting.pk, *args])
        return self.clients[by].post(url, fields, headers={"HX-Request": "true"})

    def came(self, what: str, answer: Any, due: str) -> None:
        """htmx: a refusal sends the browser to the sheet, which says why (204), or is an error."""
        refused = answer.status_code in (204, 403, 404) or answer.status_code >= 500
        found = "stale" if answer.status_code == 409 else "no" if refused else "saved"
        self.say(f"{what}: {answer.status_code}")
        assert answer.status_code < 500, self.told(what)
        assert found == due, self.told(f"{what} is {found} and should be {due}")

    # -- what workers do ---------------------------------------------------------------------

    def taps(self, phone: Phone) -> None:
        names = sorted(self.town.people)
        who = self.dice.choice(names[3:5] if self.dice.random() < 0.5 else names)
        state = self.dice.choice([one for one in STATES if one != phone.shows(who)])
        new = self.new_id(phone)
        tap = Tap(new, who, state, phone.base(who), new)
        waits = any(one.who == who for one in phone.queue)
        if phone.online and not waits and self.dice.random() < 0.6:
            self._tap(phone, tap)
            return
        phone.queue.append(tap)
        self.say(f"{phone.name}: {who} {state} on {tap.base}, waits")
        if phone.online:
            self.sends(phone)

    def _tap(self, phone: Phone, tap: Tap, by: str = "", to: str = "tap") -> None:
        fields = {"client_id": str(tap.id), "state": tap.state, "version": tap.base}
        stay = self.stays[tap.who].pk
        coordinator = to == "correct"
        row, by = self.model.rows[tap.who], by or phone.by
        url = reverse(f"groups:{to}", args=[self.meeting.pk, stay])
        answer = self.clients[by].post(url, fields)
        if answer.status_code == 200 and (read := CONFIRM.search(answer.content.decode())):
            answer = self.clients[by].post(url, fields | {"confirm": read[1]})
        stood = row.state
        due = self.model.tap(self.now, by, tap, coordinator=coordinator)
        what = f"{phone.name}: {by} {to}s {tap.who} {stood} > {tap.state} on {tap.base}"
        found = {302: "saved"}.get(answer.status_code, "no")
        if found == "no" and answer.status_code == 409 and due == "stale":
            found = "stale"
        if coordinator and due == "stale" and found == "saved":
            due = "saved"  # the page says so and leads back; the rows below show that it was not
        self.say(f"{what}: {answer.status_code}")
        assert found == due, self.told(f"{what} is {answer.status_code} and should be {due}")
        phone.seen[tap.who] = (row.state, row.version)

    def everyone(self, phone: Phone) -> None:
        act = self.new_id(phone)
        if not phone.online:  # the phone writes each of them down, as one act
            for who, person in self.model.people.items():
                if person.on_sheet and phone.shows(who) == NOBODY:
                    state = "absent_with_notice" if person.told_us else HERE
                    tap = Tap(self.new_id(phone), who, state, phone.base(who), act)
                    phone.queue.append(tap)
            self.say(f"{phone.name}: everyone, waits")
            return
        for _time in range(self.dice.choice((1, 1, 2))):
            answer = self.post(phone.by, "everyone", client_id=str(act))
            self.came(
                f"{phone.name}: everyone", answer, self.model.everyone(self.now, phone.by, act)
            )
        self._looks(phone)

    def undo(self, phone: Phone) -> None:
        if not phone.online:
            return
        act = self.new_id(phone)
        for _time in range(self.dice.choice((1, 1, 2))):
            answer = self.post(phone.by, "undo", client_id=str(act))
            due = self.model.undo(self.now, phone.by, act)
            self.came(f"{phone.name}: undo", answer, due)
        self._looks(phone)

    def line(self, phone: Phone) -> None:
        phone.online = not phone.online
        self.say(f"{phone.name}: {'online' if phone.online else 'offline'}")
        if phone.online:
            self.sends(phone)
            self._looks(phone)

    def kills_the_tab(self, phone: Phone) -> None:
        """The queue lies on the phone; what the page showed is gone."""
        self.say(f"{phone.name}: a new tab")
        if phone.online:
            self._looks(phone)

    def sends(self, phone: Phone) -> None:
        if not phone.queue or not phone.online:
            return
        batch = list(phone.queue)
        phone.sent.append(batch)
        answers = self._send(phone, batch)
        if self.dice.random() < 0.25:
            self.say(f"{phone.name}: the answer is lost")
        else:
            phone.hears(batch, answers)

    def sends_again(self, phone: Phone) -> None:
        """The network delivers old batches once more, in any order."""
        for batch in (
            self.dice.choices(phone.sent, k=self.dice.choice((1, 2, 3))) if phone.sent else ()
        ):
            self._send(phone, batch)

    def _send(self, phone: Phone, batch: list[Tap]) -> list[dict[str, Any]]:
        body = [
            {
                "client_id": str(tap.id),
                "participant": str(self.stays[tap.who].pk),
                "status": tap.state,
                "base_version": tap.base,
                **({"act": str(tap.act)} if tap.act != tap.id else {}),
            }
            for tap in batch
        ]
        url = reverse("groups:attendance_api", args=[self.meeting.pk])
        answer = self.clients[phone.by].post(url, json.dumps(body), "application/json")
        assert answer.status_code == 200, self.told(f"{phone.name} sends: {answer.content!r}")
        found: list[dict[str, Any]] = answer.json()
        due = self.model.queue(self.now, phone.by, batch)
        told = [(one["outcome"], one["status"], one["version"]) for one in found]
        short = [f"{t.who} {t.state} on {t.base}: {a[0]}" for t, a in zip(batch, told, strict=True)]
        self.say(f"{phone.name} sends {short}")
        wanted = [(one.outcome, one.state, one.version) for one in due]
        assert told == wanted, self.told(f"{told} should be {wanted}")
        late = [one["recorded_late"] for one in found]
        wanted_late = [self.model.is_late(self.now) and one.outcome == "saved" for one in due]
        assert late == wanted_late, self.told(f"late: {late}")
        return found

    def guests(self, phone: Phone) -> None:
        if phone.online:
            act, change = self.new_id(phone), self.dice.choice((1, 1, -1))
            answer = self.post(phone.by, "guests", client_id=str(act), change=str(change))
            due = self.model.guest(self.now, phone.by, act, change)
            self.came(f"{phone.name}: a guest {change:+d}", answer, due)

    def walks_in(self, phone: Phone) -> None:
        if not phone.online:
            return
        act, name = self.new_id(phone), self.dice.choice(("Pim", "Roos", "Kris"))
        if name in self.model.visitors and self.dice.random() < 0.6:
            answer = self.post(phone.by, "visitor_off", self.visits[name], client_id=str(act))
            due = self.model.walk_out(self.now, phone.by, act, name)
            self.came(f"{phone.name}: {name} is not here after all", answer, due)
            return
        if name == "Kris" and name in self.model.visitors:
            return  # another friend may have the same name
        stay = self.town.walks_in.get(name)
        fields = {"stay": str(stay.pk)} if stay else {"call_name": name}
        url = reverse("groups:walk_in", args=[self.meeting.pk])
        for _time in range(self.dice.choice((1, 2))):
            answer = self.clients[phone.by].post(url, {"client_id": str(act)} | fields)
            due = self.model.walk_in(self.now, phone.by, act, name)
            found = "saved" if answer.status_code == 302 else "no"
            self.say(f"{phone.name}: {name} walks in: {answer.status_code}")
            assert found == due, self.told(f"{name} walks in: {answer.status_code}, {due}")
        here = Visitor.objects.here().filter(meeting=self.meeting)
        for row in here:
            known = {one.pk: n for n, one in self.town.walks_in.items()}
            self.visits[known.get(row.trajectory_id, "Kris")] = row.pk

    def goes_early(self, phone: Phone) -> None:
        here = [name for name, row in self.model.rows.items() if row.state == HERE]
        if not phone.online or not here:
            return
        who, act = self.dice.choice(here), self.new_id(phone)
        left = self.dice.random() < 0.7
        stay = self.stays[who].pk
        url = reverse("groups:left_early", args=[self.meeting.pk, stay])
        answer = self.clients[phone.by].post(url, {"client_id": str(act), "left": str(int(left))})
        due = self.model.leaves_early(self.now, phone.by, act, who, left)
        self.say(f"{phone.name}: {who} left early {left}: {answer.status_code}")
        found = "saved" if answer.status_code == 302 else "no"
        assert found == due, self.told(f"{who} left: {answer.status_code}, {due}")

    def closes(self, phone: Phone) -> None:
        if self.model.closed:
            due = self.model.open_again(self.now)
            self._does("opens again", take_back_closing, phone, due)
        else:
            due = self.model.close(self.now, self.now >= self.start)
            self._does("closes", close_evening, phone, due)

    def cancels(self, phone: Phone) -> None:
        if self.model.cancelled:
            change = self.change
            if change is None or clock.evening_of(change.at) != clock.evening_of(self.now):
                return
            if self.now >= self.start + timedelta(hours=3):
                return
            take_back(change=change, by=self.town.workers[phone.by])
            self.say(f"{phone.by} lets it go ahead after all")
            self.model.goes_ahead()
            return

        def cancel(*, meeting: Meeting, by: Any) -> None:
            cancel_meeting(meeting=meeting, reason="weather", by=by)

        self._does("cancels", cancel, phone, self.model.cancel())
        self.change = MeetingChange.objects.filter(meeting=self.meeting).last()

    def _does(self, what: str, act: Callable[..., Any], phone: Phone, due: str) -> None:
        found = "saved"
        try:
            act(meeting=self.meeting, by=self.town.workers[phone.by])
        except RuleBroken as no:
            found = "no"
            what = f"{what} ({no.code})"
        self.say(f"{phone.by} {what}: {found}")
        assert found == due, self.told(f"{what} is {found} and should be {due}")

    def corrects(self, phone: Phone) -> None:
        """From the page behind a name; after thirty days by the coordinator."""
        recorded = [n for n, row in self.model.rows.items() if row.state != NOBODY]
        if not phone.online or not recorded or not self.model.is_late(self.now):
            return
        who, new = self.dice.choice(recorded), self.new_id(phone)
        row = self.model.rows[who]
        state = self.dice.choice([one for one in STATES if one != row.state])
        tap = Tap(new, who, state, row.version, new)
        if self.model.is_settled(self.now) and self.dice.random() < 0.7:
            self._tap(phone, tap, by="Karim", to="correct")
        else:
            self._tap(phone, tap)

    def _looks(self, phone: Phone) -> None:
        """The page polls what others did."""
        phone.seen = {name: (row.state, row.version) for name, row in self.model.rows.items()}

    def _everybody_sends(self) -> None:
        for phone in self.phones:
            phone.online = True
            for _n in range(3):
                self.sends(phone)

    # -- what must be true ------------------------------------------------------------------

    def compare(self, *, counts: bool = False) -> None:
        self.meeting.refresh_from_db()
        names = {stay.pk: name for name, stay in self.stays.items()}
        rows = Attendance.objects.filter(meeting=self.meeting).select_related("recorded_by")
        found = dict.fromkeys(names.values(), (NOBODY, 0, "", False))
        for row in rows:
            by = row.recorded_by.first_name if row.recorded_by and row.state != NOBODY else ""
            found[names[row.trajectory_id]] = (
                row.state,
                row.version,
                by,
                row.left_at is not None,
            )
        due = {
            name: (row.state, row.version, row.by if row.state != NOBODY else "", row.left)
            for name, row in self.model.rows.items()
        }
        wrong = {name: (found[name], due[name]) for name in due if found[name] != due[name]}
        assert not wrong, self.told(f"(stands, should stand): {wrong}")
        known = {one.pk: name for name, one in self.town.walks_in.items()}
        here = Visitor.objects.here().filter(meeting=self.meeting)
        visitors = sorted(known.get(row.trajectory_id, row.call_name) for row in here)
        beside = (self.meeting.guests, visitors, self.meeting.closed_at is not None)
        wanted = (self.model.guests, sorted(self.model.visitors), self.model.closed)
        assert beside == wanted, self.told(f"beside the rows {beside}, should be {wanted}")
        status = "cancelled" if self.model.cancelled else "held" if self.model.held else "planned"
        assert self.meeting.status == status, self.told(f"{self.meeting.status}, not {status}")
        if counts:
            self._compare_counts()

    def _compare_counts(self) -> None:
        """For the questionnaires: the evening of before, and this one where it counts (R-130)."""
        ids = {stay.pk: name for name, stay in self.stays.items()}
        for facts in load(list(ids)):
            name = ids[facts.trajectory]
            days = [evening.day for evening in counted(facts)]
            assert (self.town.day in days) == self.model.counted(name), self.told(f"{name} {days}")
            assert len(days) == len(set(days)), self.told(f"{name} counts twice: {days}")
        self.count["people counted"] += len(ids)
        sheet = read_evening(self.meeting, self.town.workers["Fleur"], writable=True)
        shown = Counter(row.state for row in sheet.rows)
        rows = self.model.rows.items()
        due = Counter(
            r.state for n, r in rows if self.model.people[n].on_sheet or r.state != NOBODY
        )
        assert shown == due, self.told(f"the sheet shows {shown}, should show {due}")

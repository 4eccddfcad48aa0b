"""Plan, move, cancel, take back, send and ring at random, with the product and with the model."""

from __future__ import annotations

import re
import smtplib
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.core import mail

from core import clock
from core.errors import RuleBroken
from core.messaging.contacts import change_contact, hold_messages, let_messages_go
from core.messaging.models import Contact, Message
from core.messaging.sending import hand_over, send_due
from core.organisations.models import Group, Organisation
from groups.evenings import ring_list
from groups.evenings.last_meeting import agree_last_meeting
from groups.evenings.meetings import cancel_meeting, move_meeting, plan_ahead, plan_meeting
from groups.evenings.take_back import take_back
from groups.models import Meeting, MeetingChange, Notice
from participants.models import Intake, Trajectory
from participants.stay.no_messages import send_nothing_more
from tests import world
from tests.groups.evenings_at_random.told_model import Person, Plans, day_of, utc

DAY = timedelta(days=1)
#: Where a life may begin: a clock changes in the third week of two of them.
BEGINS = (date(2026, 9, 7), date(2026, 10, 12), date(2026, 3, 16), date(2026, 5, 4))
STEPS = (1, 2, 2, 20, 60, 60 * 5, 60 * 11, 60 * 26, 60 * 24 * 5)
SENTENCE = re.compile(
    r"(?:[A-Z][a-z]+ \d+ [A-Z][a-z]+ (?:does not go ahead\.|goes ahead after all, at [\d:]+\."
    r"|becomes [A-Z][a-z]+ \d+ [A-Z][a-z]+, at [\d:]+\.|at [\d:]+\.)"
    r"|On [A-Z][a-z]+ \d+ [A-Z][a-z]+ we begin at [\d:]+\."
    r"|It would have been your last time\.)"
)
#: Who may say goodbye in a life.
LEAVE = ("Ilse", "Sam", "Noor", "Ilse")
#: Everybody who differs in how they may be reached, or in what they come to.
PEOPLE: dict[str, dict[str, Any]] = {
    "Amir": {},
    "Noor": {"at_school": True},
    "Ilse": {"hours": (time(18), time(19, 30))},
    "Tess": {"at_school": True, "hours": (time(12), time(13))},
    "Sam": {"way": "hand"},
    "Robin": {"way": "hand", "mail_is_known": True},
    "Casey": {"shared": True},
    "Jordan": {"bounces": True},
    "Bo": {"stopped": True},
    "Mees": {"held": True},
    "Layla": {"blocked": True},
    "Pim": {"comes": False},
    "Riley": {"trial": True},
    "Yara": {"trial": True, "came": True},
    "Kim": {"last": 12},
    "Max": {"first": 13},
}


class Town:
    """Made once for many lives: a group, a worker, its people and two parents."""

    def __init__(self, begins: date) -> None:
        self.begins = begins
        self.since = begins - 100 * DAY
        with clock.travel(clock.at(self.since, 12)):
            self.group: Group = world.make_group(age_from=12, age_until=30)
            self.worker: Any = world.make_worker(self.group)
            self.first = world.make_meeting(self.group, self.since, status="held")
        Organisation.objects.update(parents_hear_changes=True)
        self.stays: dict[str, Trajectory] = {}
        self.contacts: dict[UUID, str] = {}
        self.addresses: dict[str, str] = {}
        with clock.travel(clock.at(begins, 8)):
            for name, traits in PEOPLE.items():
                self._make(name, dict(traits))
            for child, harm in (("Noor", False), ("Tess", True)):
                yes = world.give_parental_yes(self.stays[child], settle=False)
                Intake.objects.update_or_create(
                    trajectory=self.stays[child], defaults={"mail_can_harm": harm}
                )
                self._known(f"{child}'s parent", yes.guardian.contact)

    def _make(self, name: str, traits: dict[str, Any]) -> None:
        first = self.begins + traits["first"] * DAY if "first" in traits else self.since
        last = self.begins + traits["last"] * DAY if "last" in traits else None
        by_hand, trial = traits.get("way") == "hand", traits.get("trial", False)
        stay = world.make_trajectory(
            group=self.group,
            phase="trial" if trial else "participating" if traits.get("comes", True) else "paused",
            suitable=True,
            call_name=name,
            age=15 if traits.get("at_school") else 20,
            blocked_reason="own" if traits.get("blocked") else "",
            **({"email": ""} if by_hand and "mail_is_known" not in traits else {}),
        )
        seat_from = first if not trial or traits.get("came") else self.begins
        seat = {"number": len(self.stays)} if name == "Max" else {}  # Kim's, once it is free
        world.seat(stay, self.group, first_day=seat_from, last_day=last, trial=trial, **seat)
        if not trial or traits.get("came"):
            world.attend(stay, self.first)
        contact = stay.participant.contact
        if by_hand:
            contact.phone, contact.safe_channels = "0612345678", ["phone"]
        if "hours" in traits:
            contact.safe_from, contact.safe_until = traits["hours"]
        contact.shared_mailbox = traits.get("shared", False)
        contact.stopped_at = clock.now() if traits.get("stopped") else None
        contact.held_since = clock.now() if traits.get("held") else None
        contact.save()
        self.stays[name] = stay
        self._known(name, contact)

    def _known(self, name: str, contact: Contact) -> None:
        Contact.objects.filter(pk=contact.pk).update(language="en")
        self.contacts[contact.pk] = name
        self.addresses[contact.email] = name

    def model(self) -> Plans:
        people = {}
        for name, traits in PEOPLE.items():
            kept = {key: value for key, value in traits.items() if key != "mail_is_known"}
            first = self.begins + kept.pop("first") * DAY if "first" in kept else self.since
            if kept.get("trial") and not kept.get("came"):
                first = self.begins
            last = self.begins + kept.pop("last") * DAY if "last" in kept else None
            people[name] = Person(name, first, last, **kept)
        parent = Person("Noor's parent", self.since, child=people["Noor"])
        return Plans([*people.values(), parent])


class Life:
    """One life of a group's calendar. `faults`: where product and model disagree."""

    def __init__(self, town: Town, seed: int) -> None:
        self.town, self.seed, self.dice = town, seed, Random(seed)
        self.model = town.model()
        self.now = clock.at(town.begins, 10)
        self.count = self.model.count
        self.log: list[str] = []
        self.changes: list[MeetingChange] = []
        self.read = len(mail.outbox)
        self._there_already()

    def _there_already(self) -> None:
        """Two meetings were planned before anybody came."""
        for days in (5, 19):
            row = world.make_meeting(self.town.group, self.town.begins + days * DAY)
            self.model.stands[row.pk] = utc(row.starts_at)
        if self.dice.random() < 0.5:
            with clock.travel(self.now):
                self.agree(self.dice.choice(LEAVE), row)

    def play(self, steps: int) -> Counter[str]:
        acts: list[tuple[int, Callable[[], None]]] = [
            (4, self.plan),
            (2, self.plan_more),
            (4, self.move),
            (5, self.cancel),
            (6, self.undo),
            (1, self.somebody_changes),
            (2, self.somebody_leaves),
        ]
        weights, what = zip(*acts, strict=True)
        for _n in range(steps):
            self.now += timedelta(minutes=self.dice.choice(STEPS))
            with clock.travel(self.now):
                if self.dice.random() < 0.5:
                    self.hear()
                self.dice.choices(what, weights)[0]()
                self.compare()
                if self.dice.random() < 0.3:
                    self.ring()
                    self.compare()
        for _n in range(3):  # whatever waits reaches its people
            self.now = clock.at(clock.day_of(self.now) + DAY, 18, 30)
            with clock.travel(self.now):
                self.hear()
                self.compare()
        self.count["lives"] += 1
        return self.count

    def say(self, what: str) -> None:
        self.count["acts"] += 1
        self.log.append(f"{self.now:%a %d %b %H:%M} {what}")

    # -- what workers do ---------------------------------------------------------------------

    def tries(self, what: str, may: bool, act: Callable[[], Any]) -> Any:
        """The product refuses what the model refuses, and nothing else."""
        done, code = None, ""
        try:
            done = act()
        except RuleBroken as no:
            code = no.code
        assert may != bool(code), self.told(f"{what}: {code or 'was not refused'}")
        if code:
            self.count["refused"] += 1
        else:
            self.say(what)
        return done

    def day(self) -> date:
        return clock.day_of(self.now) + self.dice.randrange(0, 21) * DAY

    def plan(self) -> None:
        day, hour = self.day(), time(self.dice.choice((14, 18, 19)))
        found = self.tries(
            f"plans {day}",
            not self.model.taken(day),
            lambda: plan_meeting(
                group=self.town.group, date=day, starts_at=hour, by=self.town.worker
            ),
        )
        if found:
            self.did("planned", {found.pk: utc(found.starts_at)})

    def plan_more(self) -> None:
        days = sorted({self.day() for _n in range(3)})
        found = self.tries(
            f"plans {days}",
            not any(self.model.taken(day) for day in days),
            lambda: plan_ahead(group=self.town.group, dates=days, by=self.town.worker),
        )
        if found:
            self.did("planned", {row.pk: utc(row.starts_at) for row in found})

    def some(self) -> Meeting | None:
        rows = [pk for pk, stands in self.model.stands.items() if stands is not None]
        return Meeting.objects.get(pk=self.dice.choice(rows)) if rows else None

    def move(self) -> None:
        if row := self.some():
            near = self.dice.random() < 0.4
            day, hour = row.date if near else self.day(), time(self.dice.choice((15, 18, 19, 20)))
            if not abs((day - clock.today()).days) < 90:
                return
            found = self.tries(
                f"moves {row.date} to {day} {hour:%H:%M}",
                not self.model.taken(day, row.pk),
                lambda: move_meeting(meeting=row, date=day, starts_at=hour, by=self.town.worker),
            )
            if found and utc(found.starts_at) != self.model.stands[row.pk]:
                self.did("moved", {row.pk: utc(found.starts_at)})

    def cancel(self) -> None:
        if row := self.some():
            for _twice in range(self.dice.choice((1, 1, 2))):  # a colleague, at the same time
                cancel_meeting(meeting=row, reason="weather", by=self.town.worker)
            self.say(f"cancels {row.date}")
            self.did("cancelled", {row.pk: None})

    def did(self, kind: str, changed: dict[UUID, datetime | None]) -> None:
        self.model.does(utc(self.now), kind, changed)
        newest = MeetingChange.objects.filter(meeting__in=changed).order_by("-at", "-pk").first()
        assert newest is not None
        self.changes.append(newest)

    def undo(self) -> None:
        if not self.changes:
            return
        which = max(0, len(self.changes) - self.dice.choice((1, 1, 1, 2, 3)))
        act, change = self.model.acts[which], self.changes[which]
        due = self.model.takes_back(utc(self.now), act)
        found = self.tries(
            f"takes back the {act[0].kind} of {[str(c.was or c.now)[:10] for c in act]}",
            due != "refused",
            lambda: take_back(change=change, by=self.town.worker),
        )
        assert (due == "done") == bool(found), self.told(f"taking back: {due}, {found}")
        if found and self.dice.random() < 0.2:  # the second tap of the same finger
            assert take_back(change=change, by=self.town.worker) == []

    def somebody_changes(self) -> None:
        name = self.dice.choice(("Amir", "Noor", "Ilse", "Mees", "Layla"))
        person, stay = self.model.named(name), self.town.stays[name]
        contact = Contact.objects.get(pk=stay.participant.contact_id)
        what = self.dice.choice(("stops", "holds", "waits for a yes", "no mail"))
        if what == "stops" and not person.stopped:
            send_nothing_more(participant=stay.participant, by=self.town.worker, reason="asked")
            person.stopped = True
        elif what == "holds":
            (let_messages_go if person.held else hold_messages)(contact=contact)
            person.held = not person.held
        elif what == "waits for a yes":
            person.blocked = not person.blocked
            reason = "own" if person.blocked else ""
            Trajectory.objects.filter(pk=stay.pk).update(blocked_reason=reason)
        elif what == "no mail" and person.way == "mail":
            change_contact(contact=contact, by=self.town.worker, safe_channels=["whatsapp"])
            person.way = "hand"
        else:
            return
        self.say(f"{name}: {what} ({person.held=}, {person.blocked=})")
        self.hear()

    def agree(self, name: str, row: Meeting) -> None:
        agree_last_meeting(trajectory=self.town.stays[name], meeting=row, by=self.town.worker)
        self.model.agrees(name, row.pk)

    def somebody_leaves(self) -> None:
        """A goodbye is agreed, or another day for it."""
        row, name = self.some(), self.dice.choice(LEAVE)
        if row and row.date >= clock.evening_of(self.now):
            self.agree(name, row)
            self.say(f"{name} says goodbye on {row.date}")

    # -- what reaches people -----------------------------------------------------------------

    def hear(self) -> None:
        refuses = {p.name for p in self.model.people if p.bounces}

        def deliver(message: Message, connection: Any) -> None:
            if self.town.contacts.get(message.contact_id) in refuses:
                raise smtplib.SMTPRecipientsRefused({message.contact.email: (550, b"no")})
            hand_over(message, connection)

        send_due(deliver)
        left = sorted(self._as_read(one) for one in mail.outbox[self.read :])
        self.read = len(mail.outbox)
        due = sorted((n, tuple(sorted(said))) for n, said in self.model.sends(utc(self.now)))
        self.log.append(f"{self.now:%a %d %b %H:%M} {len(left)} mails leave")
        assert left == due, self.told(f"left:\n {left}\nshould have left:\n {due}")

    def _as_read(self, one: Any) -> tuple[str, tuple[str, ...]]:
        words = f"{one.subject}\n{one.body}"
        for secret in ("De Kegel", "Dorpsstraat", "Voorbeeldstad", self.town.group.name):
            assert secret not in words, "no place and no group in a mail"
        return self.town.addresses[one.to[0]], tuple(sorted(SENTENCE.findall(one.body)))

    def ring(self) -> None:
        """A worker does one of the list, in one of the ways there are."""
        due = sorted(self.model.ring_list(utc(self.now)))
        if not due:
            return
        name = self.dice.choice(due)
        person = self.model.named(name)
        (row,) = [one for one in self._rows() if self.town.contacts[one.contact_id] == name]
        act = self.dice.choice(("told", "told", "told", "tried", "leave", "sent", "not_told"))
        if act == "sent" and (person.held or person.needs_a_person or row.message is None):
            act = "told"
        if act == "leave" and not (person.held or person.needs_a_person):
            act = "told"
        if act == "not_told":  # a wrong tap, seen at once
            ring_list.say_told(notice=row, by=self.town.worker)
            assert name not in self._ringing()
        ring_list.ACTS[act](notice=row, by=self.town.worker)
        self.say(f"{name}: {act}")
        if act in ("told", "sent"):
            self.model.told(name)
        elif act == "leave":
            self.model.left(person)
        elif act == "not_told":
            assert person.letter
            person.letter.stands = "given"

    def _rows(self) -> list[Notice]:
        rows = Notice.objects.by_hand(self.now).filter(group=self.town.group)
        return list(rows.select_related("message").prefetch_related("lines"))

    def _ringing(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for row in self._rows():
            name = self.town.contacts[row.contact_id]
            assert name not in found, self.told(f"{name} is on the list twice")
            found[name] = {
                line.meeting_id: (line.was and utc(line.was), line.now and utc(line.now))
                for line in row.lines.all()
            }
        return found

    def compare(self) -> None:
        stands = {
            row.pk: None if row.status == "cancelled" else utc(row.starts_at)
            for row in Meeting.objects.filter(pk__in=self.model.stands)
        }
        assert stands == self.model.stands, self.told("another calendar")
        found, due = self._ringing(), self.model.ring_list(utc(self.now))
        assert found == due, self.told(f"the list says:\n {found}\nand should say:\n {due}")

    def told(self, what: str) -> str:
        lines = "\n  ".join(self.log)
        return f"seed {self.seed}, {day_of(self.now)}: {what}\n  {lines}"

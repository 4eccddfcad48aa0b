"""Many random lives in one world, through the real actions on a travelled clock.

The calendar (groups, evenings, what becomes of each) follows from the seed, and what one life does
from the seed and its number alone: so one life can be played again by itself, and with some of its
acts left out (`Play(seed, only=7, without={"260301.pause.1"})`). What an action refuses did not
happen; what it did is told to the model in the same breath.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from itertools import count
from random import Random
from typing import Any
from uuid import UUID, uuid4

from core import clock
from core.ages import birthday
from core.errors import NotYours, RuleBroken
from core.messaging import by_hand, sending
from core.messaging.models import Message
from core.organisations.models import Group
from core.sweep.steps import Step, take_turn
from core.texts.models import TextVersion
from groups.evenings import meetings
from groups.evenings.last_meeting import agree_last_meeting
from groups.goodbye import leaving
from groups.models import Attendance, Meeting, Placement
from groups.seats import placement, trial
from groups.sheet import attendance
from joinus.demo.world import answers, goodbyes
from joinus.home.run_due import STEPS, run_due
from participants.consent import agreements
from participants.exit import aftercare
from participants.intake import talk
from participants.journey import journey
from participants.models import Guardian, ParentalConsent, Trajectory
from participants.parents import asked_again, guardians
from participants.parents import question as parental
from participants.stay.no_messages import send_nothing_more
from questionnaires.answers import answering, later
from questionnaires.models import Invitation, Item
from tests import world
from tests.lives import model
from tests.lives.watch import Watch

DAY = timedelta(days=1)
State = Attendance.State
#: Where a world may begin: the two nights on which the clock changes and 29 February lie within.
BEGINS = (date(2026, 1, 5), date(2026, 6, 8), date(2027, 7, 5), date(2027, 11, 1))
BY_STEP: dict[str, Step] = {step.name: step for step in STEPS}
DAILY = ("contacts_and_holds", "kept_seats", "waves", "waves_left", "wave_messages")


class Life:
    """One young person; `stay` is the newest one."""

    def __init__(self, play: Play, number: int) -> None:
        self.play, self.number = play, number
        self.name = f"{play.seed}/{number}"
        dice = self.dice("who")
        self.band = dice.randrange(2)
        self.age = dice.choice((12, 13, 14)) if self.band == 0 else dice.choice((17, 18, 20, 25))
        self.comes = dice.choice((0.55, 0.75, 0.85, 0.95))
        self.answers = dice.choice((0.9, 0.6, 0.3, 0.05))
        self.mail = dice.random() < 0.9
        self.home = dice.randrange(play.group_pairs)
        self.wild = dice.random() < 0.5
        self.person: Any = None
        self.stays: list[UUID] = []
        self.acts: Counter[str] = Counter()
        self.log: list[str] = []
        self.parents: Any = None
        self.asked: set[UUID] = set()

    def dice(self, *what: object) -> Random:
        return Random(f"{self.name}:{what}")

    @property
    def user(self) -> Any:
        return self.person.user

    @property
    def stay(self) -> Trajectory:
        rows = Trajectory.objects.select_related("participant__contact", "participant__user")
        return rows.select_related("group__location").get(pk=self.stays[-1])

    @property
    def key(self) -> str:
        return self.key_of(self.stays[-1])

    def key_of(self, stay: UUID) -> str:
        return f"{self.name}#{self.stays.index(stay) + 1}"

    @property
    def here(self) -> model.Stay:
        return self.play.model.stays[self.key]

    def at(self, day: date, hour: int, minute: int, act: Callable[[], object]) -> None:
        """Put an act into the diary, unless this life is played without it."""
        name = getattr(act, "func", act).__name__.strip("_")
        key = f"{clock.today():%y%m%d}.{name}"
        self.acts[key] += 1
        key = f"{key}.{self.acts[key]}"
        if key not in self.play.without:
            moment = max(clock.at(day, hour, minute), clock.now() + timedelta(minutes=1))
            self.play.put(moment, partial(self._do, key, act))

    def later(self, days: int, act: Callable[[], object], *, hour: int | None = None) -> None:
        dice = self.dice("hour", days, clock.now(), getattr(act, "func", act).__name__)
        hour = dice.randrange(8, 23) if hour is None else hour
        self.at(clock.today() + days * DAY, hour, dice.choice((0, 7, 20, 40)), act)

    def _do(self, key: str, act: Callable[[], object]) -> None:
        self.act_now = key
        act()

    def did(
        self, what: str, real: Callable[[], object], told: Callable[..., object], *a: Any, **k: Any
    ) -> bool:
        """Do it; the model hears of it when nobody refused."""
        try:
            real()
        except (RuleBroken, NotYours) as no:
            self.play.count[f"refused: {no.code}"] += 1
            self.play.watch.pending = None
            return False
        self.play.count["acts"] += 1
        self.log.append(f"{clock.now():%a %d %b %Y %H:%M} [{self.act_now}] {what}")
        told(clock.now(), *a, **k)
        self.play.watch.after_an_act(self)
        return True

    act_now = ""

    # ---- before the group ----------------------------------------------------------

    def begin(self) -> None:
        day = self.play.first + self.dice("begin").randrange(4, self.play.joining) * DAY
        self.at(day, 12, 0, self._sign_up)

    def _sign_up(self) -> None:
        if self.person is None:
            born = birthday(self.play.first, -self.age) - 30 * DAY
            self.person = world.make_participant(
                birth_date=born, call_name=f"Life{self.number}", municipality=self.play.town,
                **({} if self.mail else {"email": ""}),
            )  # fmt: skip
        group = self.play.groups[self.band + 2 * self.home]
        stays: list[Trajectory] = []

        def real() -> None:
            stays.append(
                journey.open_stay(
                    participant=self.person,
                    by=self.user,
                    group=group,
                    region=group.location.region,
                    first_contact_by="app",
                )
            )
            self.stays.append(stays[0].pk)
            self.play.lives[stays[0].pk] = self

        key = f"{self.name}#{len(self.stays) + 1}"
        if self.did("signs up", real, self.play.model.sign_up, key, self.name):
            dice = self.dice("talk", len(self.stays))
            if self.band and dice.random() < 0.4:
                self.later(1, self._agree)
            self.later(2, self._talk, hour=15)

    def _talk(self) -> None:
        worker, stay = self.worker(), self.stay

        def real() -> None:
            form = talk.start_intake(trajectory=stay, by=worker)
            talk.save_intake(
                trajectory=stay, by=worker, expected_version=form.version, mode="phone",
                held_on=clock.today(), one_to_one=True, need="Wil mensen leren kennen.",
                explained=True, group_fit="Past.", enthusiastic=True,
                judgements=answers.judgements(True),
            )  # fmt: skip
            talk.decide(trajectory=stay, decision="suitable", reason="Past.", by=worker)

        def told(at: datetime, key: str) -> None:
            self.play.model.screened(at, key)
            if Trajectory.objects.get(pk=stay.pk).blocked_reason:
                self.play.model.no(at, key)

        if self.did("is found suitable", real, told, self.key):
            dice = self.dice("after talk", len(self.stays))
            if dice.random() < 0.06:
                self.later(dice.randrange(1, 30), self._withdraw)
            self.later(1, self._agree)
            if self.band == 0:
                self.later(2, self._ask_parent)
            self.later(4, self._try_trial, hour=10)

    def _withdraw(self) -> None:
        real = partial(leaving.stop_myself, trajectory=self.stay, later_contact=True, by=self.user)
        if self.here.phase not in ("intake", "trial"):
            return
        if self.did("withdraws", real, self.play.model.end_early, self.key, "withdrawn"):
            self.later(self.dice("again").randrange(1, 40), self._sign_up, hour=12)

    def _complete(self, at: datetime, key: str) -> None:
        """Whether every yes is there now is consent's own affair; the cycle starts from it."""
        stay = Trajectory.objects.get(pk=self.stays[-1])
        if not stay.blocked_reason and stay.consent_complete_on:
            if self.here.complete_on is None or self.here.blocked():
                self.play.model.yes(at, key)
        elif stay.blocked_reason and not self.here.blocked():
            self.play.model.no(at, key)

    def _agree(self) -> None:
        def real() -> None:
            for subject in ("privacy", "participation"):
                text = TextVersion.objects.current(subject, "nl")
                agreements.give_agreement(
                    trajectory=self.stay, subject=subject, text=text, by=self.user
                )

        self.did("says yes", real, self._complete, self.key)

    def _ask_parent(self) -> None:
        worker, stay = self.worker(), self.stay
        if self.parents is None:
            self.parents = guardians.enter_guardian(
                participant=self.person, name="Ouder", relation="mother", by=self.user,
                email=f"ouder{self.play.seed}.{self.number}@thuis.example", phone="",
            )  # fmt: skip
        try:
            parental.ask_harm(trajectory=stay, can_harm=False, by=worker)
            request, _token = parental.release_request(
                guardian=Guardian.objects.get(participant=self.person), trajectory=stay, by=worker
            )
        except RuleBroken as no:
            self.play.count[f"refused: {no.code}"] += 1
            return
        days = self.dice("parent", len(self.stays)).choice((0, 1, 1, 2, 9))
        self.later(days, partial(self._parent_says_yes, request), hour=20)

    def _parent_says_yes(self, request: ParentalConsent) -> None:
        real = partial(
            parental.answer_request, consent=request, answer="yes", name="Ouder", language="nl"
        )
        self.did("a parent says yes", real, self._complete, self.key)

    def _try_trial(self) -> None:
        if self.here.phase != "intake":
            return
        group = self.play.groups[self.band + 2 * self.home]
        evening = self.play.next_evening(group)
        if evening is None:
            return
        real = partial(
            placement.place, trajectory=self.stay, group=group, trial=True,
            first_day=evening.date, by=self.worker(),
        )  # fmt: skip
        told = self.play.model.trial
        if not self.did("may come and see", real, told, self.key, str(group.pk), evening.date):
            self.later(4, self._try_trial, hour=10)
            return
        self.later((evening.date - clock.today()).days + 1, self._admit, hour=13)

    def _admit(self) -> None:
        if self.here.phase != "trial":
            return
        seat = Placement.objects.filter(trajectory=self.stays[-1], trial=True).latest("first_day")
        worker, days = self.worker(), []

        def real() -> None:
            trial.judge(placement=seat, programme_fits=True, group_fits=True, by=worker)
            trial.record_wish(placement=seat, wish=True, by=self.user)
            days.append(trial.admit(placement=seat, by=worker).first_day)

        def told(at: datetime, key: str) -> None:
            self.play.model.admit(at, key, str(seat.group_id), days[0])

        if self.did("takes part", real, told, self.key):
            self._fate()
        elif clock.today() < self.play.last - 40 * DAY:
            self.later(3, self._admit, hour=13)

    # ---- what becomes of them ----------------------------------------------------------

    def _fate(self) -> None:
        dice = self.dice("fate", len(self.stays))
        length = dice.randrange(30, 120)
        fate = dice.choices(
            ("goal", "other", "drop_out", "stop", "stays", "plain"), (30, 22, 14, 14, 12, 8)
        )[0]
        for n in range(dice.randrange(2, 9) if self.wild else dice.randrange(0, 3)):
            act = dice.choices(
                (self._pause, self._block, self._correct, self._correct_more, self._late,
                 self._move, self._agree_last, self._stays_after_all, self._nothing_more,
                 self._stop, self._close_other),
                (10, 14, 26, 14, 14, 8, 10, 4, 2, 1, 1),
            )[0]  # fmt: skip
            self.later(dice.randrange(1, length + 20), partial(act, n))
        if fate in ("goal", "other"):
            self.later(max(3, length - 14), partial(self._agree_last, 90, fate))
        elif fate == "drop_out":
            self.later(length, partial(self._close, "drop_out", 90))
        elif fate == "stop":
            self.later(length, partial(self._stop, 90))
        elif fate == "plain":
            self.later(length, partial(self._close, "other", 90))

    def worker(self) -> Any:
        return self.play.worker(self.stay.group_id)

    def _correct(self, n: int) -> None:
        if tap := self._a_correction(self.dice("correct", n, clock.now())):
            self.play.watch.preview(self, *tap)
            self._tap(*tap, "corrects")

    def _correct_more(self, n: int) -> None:
        """Two or three of the same hour; in every other order they come to the same."""
        found: dict[UUID, tuple[Meeting, str]] = {}
        for again in range(self.dice("many", n).choice((2, 2, 3))):
            if tap := self._a_correction(self.dice("correct", n, again, clock.now())):
                found.setdefault(tap[0].pk, tap)
        todo = [partial(self._tap_only, *tap) for tap in found.values()]
        other = self.play.watch.other_orders(self, todo)
        for tap in found.values():
            self._tap(*tap, "corrects")
        self.play.watch.same_as(self, other)

    def _a_correction(self, dice: Random) -> tuple[Meeting, str] | None:
        rows = Attendance.objects.filter(
            trajectory=self.stays[-1],
            meeting__date__gte=clock.today() - 80 * DAY,
            meeting__date__lt=clock.today(),
            meeting__status="held",
        )
        rows = list(rows.order_by("-meeting__date").select_related("meeting__group"))
        if not rows:
            return None
        row = rows[dice.randrange(min(len(rows), 9))]
        away = dice.choice((State.WITH_NOTICE, State.WITH_NOTICE, State.WITHOUT_NOTICE))
        return row.meeting, away if row.state == State.PRESENT else State.PRESENT

    def _late(self, n: int) -> None:
        """Something of an earlier evening is written down only now."""
        day = clock.today()
        wrote = Attendance.objects.filter(trajectory=self.stays[-1])
        wrote = wrote.exclude(state="not_recorded").values("meeting")
        for seat in self.here.places:
            open_ones = Meeting.objects.filter(
                group=seat.group, date__gte=max(seat.first, day - 60 * DAY),
                date__lt=min(day, seat.last or day),
            ).exclude(status="cancelled").exclude(pk__in=wrote)  # fmt: skip
            if seat.trial or not (found := list(open_ones.order_by("date"))):
                continue
            self._tap(self.dice("late", n).choice(found), State.PRESENT, "is written down late")
            return

    def _tap_only(self, meeting: Meeting, state: str) -> None:
        row = Attendance.objects.filter(meeting=meeting, trajectory=self.stays[-1]).first()
        tap = attendance.Tap(uuid4(), self.stays[-1], state, row.version if row else 0)
        sheet = world.write_down(meeting, [tap], self.play.worker(meeting.group_id))
        assert not sheet.conflicts

    def _tap(self, meeting: Meeting, state: str, what: str) -> bool:
        real = partial(self._tap_only, meeting, state)
        what = f"{what}: {meeting.date} {state}"
        return self.did(what, real, self.play.model.tap, str(meeting.pk), self.key, state)

    def _pause(self, n: int) -> None:
        real = partial(
            journey.pause_stay, trajectory=self.stay, by=self.worker(), reason="Even rust."
        )
        if self.did("pauses", real, self.play.model.pause, self.key):
            self.later(self.dice("pause", n).choice((0, 1, 6, 20, 45)), self._resume)

    def _resume(self) -> None:
        real = partial(journey.resume_stay, trajectory=self.stay, by=self.worker())
        self.did("is back", real, self.play.model.resume, self.key)

    def _block(self, n: int) -> None:
        """A yes is taken back, now and then just before an evening begins or in the middle."""
        dice = self.dice("block", n)
        evening = self.play.next_evening(self.stay.group) if dice.random() < 0.4 else None
        if evening is not None and evening.date > clock.today():
            begins = clock.local(evening.starts_at)
            moment = begins + timedelta(minutes=dice.choice((-90, -30, 30, 90, 200)))
            self.at(moment.date(), moment.hour, moment.minute, partial(self._blocked, n))
        else:
            self._blocked(n)

    def _blocked(self, n: int) -> None:
        dice, stay = self.dice("blocked", n), self.stay
        yes = ParentalConsent.objects.filter(trajectory=stay, answer="yes", withdrawn_at=None)
        parent = self.band == 0 and dice.random() < 0.5 and yes.last()
        if parent:
            real = partial(parental.withdraw_by_parent, consent=parent)
        else:
            real = partial(
                agreements.withdraw_agreement,
                trajectory=stay,
                subject="participation",
                by=self.user,
            )
        if self.did("a yes is taken back", real, self._complete, self.key):
            again = self._parent_again if parent else self._agree
            wait = dice.choice((0, 0, 1, 3, 12, 40))
            self.later(wait, again, hour=min(23, clock.now().hour + 1) if wait == 0 else None)
            for days in (0, 1, 4):
                self.later(days, partial(self.play.watch.try_to_answer, self))

    def _parent_again(self) -> None:
        who: dict[str, Any] = {"guardian": Guardian.objects.get(participant=self.person)}
        who |= {"by": self.worker(), "trajectory": self.stay}

        def real() -> None:
            asked_again.record_asked_again(
                **who, heard_on=clock.today(), agreed=True, can_harm=False, words="Toch wel."
            )
            request, _token = parental.release_request(**who)
            parental.answer_request(consent=request, answer="yes", name="Ouder", language="nl")

        if not self.did("the parent says yes again", real, self._complete, self.key):
            self.later(3, self._agree)

    def _move(self, n: int) -> None:
        dice, stay = self.dice("move", n), self.stay
        if stay.group_id is None:
            return
        others = [g for g in self.play.groups[self.band :: 2] if g.pk != stay.group_id]
        if not others:
            return
        there = dice.choice(others)
        first = clock.today() + dice.choice((-15, -6, 0, 1, 1, 9)) * DAY
        real = partial(
            placement.move, trajectory=stay, to_group=there, first_day=first, by=self.worker(),
            reason="Dichterbij.",
        )  # fmt: skip
        told = self.play.model.move
        self.play.watch.foretell(self, real)
        self.did(f"moves to another group from {first}", real, told, self.key, str(there.pk), first)

    def _agree_last(self, n: int, close: str = "") -> None:
        dice, stay = self.dice("agree", n), self.stay
        group = self.here.places[-1].group if self.here.places else None
        coming = Meeting.objects.filter(group=group, status="planned", date__gte=clock.today())
        found = list(coming.order_by("date")[:4])
        if not found:
            return
        evening = dice.choice(found)
        real = partial(agree_last_meeting, trajectory=stay, meeting=evening, by=self.worker())
        what = f"agrees the last evening: {evening.date}"
        if not self.did(what, real, self.play.model.agree, self.key, str(evening.pk)):
            return
        if dice.random() < 0.25:
            self.later(dice.randrange(0, 10), partial(self._agree_last, n + 1000))
        if dice.random() < 0.15:
            wait = (evening.date - clock.today()).days
            self.later(wait + dice.randrange(0, 9), partial(self._stays_after_all, n))
        if close:
            wait = (evening.date - clock.today()).days + dice.choice((0, 1, 1, 8, 8, 15, 22))
            self.later(wait, partial(self._close, close, n))

    def _stays_after_all(self, _n: int) -> None:
        real = partial(
            leaving.stay_after_all, trajectory=self.stay, by=self.worker(), reason="Toch."
        )
        self.did("stays after all", real, self.play.model.stay_after_all, self.key)

    def _close_other(self, n: int) -> None:
        self._close("other", n)

    def _close(self, kind: str, n: int, tries: int = 0) -> None:
        dice, stay, worker = self.dice("close", n), self.stay, self.worker()
        refused = kind == "other" and dice.random() < 0.15
        reason = {"goal": "goal_reached", "other": "moved", "drop_out": "no_contact"}[kind]

        def real() -> None:
            if stay.phase in Trajectory.Phase.IN_GROUP:
                goodbyes.before_closing(stay, kind, by=worker)
            leaving.close_stay(
                trajectory=stay, exit_kind=kind, exit_reason=reason, by=worker,
                contact_refused=refused,
            )  # fmt: skip

        said = f"is closed: {kind}" + (", wants no contact" if refused else "")
        if self.did(said, real, self.play.model.close, self.key, kind, refused=refused):
            self._afterwards()
        elif tries < 3 and self.here.phase in model.IN_GROUP:
            self.later(9, partial(self._close, kind if tries < 2 else "other", n, tries + 1))

    def _stop(self, n: int) -> None:
        stay = self.stay
        if stay.phase not in Trajectory.Phase.IN_GROUP or stay.stopped_on is not None:
            return
        contact = self.dice("stop", n).random() < 0.75

        def real() -> None:
            leaving.stop_myself(trajectory=stay, later_contact=contact, by=self.user)

        def told(at: datetime, key: str) -> None:
            play = self.play.model
            if not contact:
                play.nothing_more(at, self.name)
            if Trajectory.objects.get(pk=stay.pk).phase == "former":
                play.close(at, key, "other", refused=not contact)
            else:
                play.stop_and_wait(at, key, refused=not contact)

        if self.did("stops" + ("" if contact else ", no contact"), real, told, self.key):
            if self.here.phase == "former":
                self._afterwards()
            else:
                self.later(self.dice("stop", n).choice((0, 2, 14)), partial(self._close_other, n))
                if self.dice("stop", n, "not").random() < 0.1:
                    self.later(1, partial(self._stays_after_all, n))

    def _afterwards(self) -> None:
        dice = self.dice("afterwards", len(self.log))
        if dice.random() < 0.2:
            self.later(dice.choice((0, 1, 5, 20, 29)), self._reopen)
        if dice.random() < 0.3:
            self.later(dice.choice((0, 2, 10, 40, 95, 130, 160)), self._return)
        if dice.random() < 0.15:
            self.later(dice.choice((1, 5, 30, 93, 120, 170)), partial(self._nothing_more, 1))
        if dice.random() < 0.12:
            self.later(dice.choice((2, 60, 80)), partial(self._blocked, len(self.log)))
        if dice.random() < 0.2:
            self.later(dice.choice((1, 3, 12)), partial(self._correct, len(self.log)))

    def _reopen(self) -> None:
        real = partial(
            leaving.reopen_stay, trajectory=self.stay, by=self.worker(), reason="Vergist."
        )
        self.play.watch.foretell(self, real)
        if self.did("is reopened", real, self.play.model.reopen, self.key):
            dice = self.dice("reopened", len(self.log))
            act = dice.choice(
                (partial(self._agree_last, 50, "other"), partial(self._close, "other", 51))
            )
            self.later(dice.randrange(5, 60), act)

    def _return(self) -> None:
        region = self.play.groups[0].location.region
        group = self.stay.group
        if group is None or self.stay.phase != "former":
            return
        try:
            aftercare.allow_return(
                participant=self.person, reason="Besproken.", by=self.worker(),
                discussed_with=self.play.coordinators[region.pk],
            )  # fmt: skip
        except (RuleBroken, NotYours) as no:
            self.play.count[f"refused: {no.code}"] += 1
            return
        self._sign_up()

    def _nothing_more(self, n: int) -> None:
        if n != 1 and self.dice("nothing", n).random() < 0.5:
            return
        real = partial(send_nothing_more, participant=self.person, by=self.user, reason="own_wish")
        self.did("wants no more messages", real, self.play.model.nothing_more, self.name)

    # ---- an evening ------------------------------------------------------------------------

    def tonight(self, meeting: Meeting) -> str:
        dice, here = (
            self.dice("tonight", meeting.date, self.play.number_of(meeting.group_id)),
            self.here,
        )
        luck = dice.random()
        if luck < 0.02:
            return ""
        chance = self.comes
        if here.phase == "trial":
            chance = 0.9
        elif here.blocked():
            chance = 0.4
        elif here.phase == "paused":
            chance = 0.2
        elif here.phase == "former":
            chance = 0.6
        elif here.phase == "leaving" and here.last_meeting_on is not None:
            chance = 0.92 if meeting.date <= here.last_meeting_on else 0.4
        if dice.random() < chance:
            return State.PRESENT
        return State.WITH_NOTICE if dice.random() < 0.7 else State.WITHOUT_NOTICE

    def slip(self, meeting: Meeting, state: str) -> None:
        """The wrong row was tapped, and put right the same evening, before its end or after."""
        dice = self.dice("slip", meeting.date)
        if dice.random() > 0.06:
            return
        other = State.WITH_NOTICE if state == State.PRESENT else State.PRESENT
        wait = dice.choice((5, 30, 150, 200))
        for minutes, to in ((wait, other), (wait + dice.choice((2, 10, 45)), state)):
            moment = clock.now() + timedelta(minutes=minutes)
            again = partial(self._tap, meeting, to, "is tapped again")
            self.at(moment.date(), moment.hour, moment.minute, again)

    # ---- answers ----------------------------------------------------------------------------

    def asked_now(self, row: Invitation) -> None:
        """Seen for the first time: what will they do with it?"""
        dice = self.dice(
            "answer", row.wave, row.sequence, row.opened_on, self.key_of(row.trajectory_id)
        )
        what = dice.random()
        if what < self.answers:
            self.later(dice.choice((0, 0, 1, 2, 3, 6, 12, 25)), partial(self._answer, row))
        if dice.random() < 0.25:
            self.later(dice.randrange(0, 6), partial(self._some, row))
        if dice.random() < 0.1:
            self.later(dice.randrange(0, 7), partial(self._tomorrow, row))
        if dice.random() < 0.08:
            self.later(dice.randrange(0, 4), partial(self._leave_alone, row))

    def _values(self, row: Invitation) -> dict[int, int]:
        items = [i for i in self.play.items if row.wave in i.waves]
        return answers.values(row, items, self.name)

    def _some(self, row: Invitation) -> None:
        values = dict(list(self._values(row).items())[:5])
        real = partial(answering.save_answers, invitation=row, values=values, by=self.user)
        self.did(f"answers a few of {row.wave} {row.sequence}", real, lambda _at: None)

    def _answer(self, row: Invitation) -> None:
        stay = self.play.model.stays[self.key_of(row.trajectory_id)]

        def real() -> None:
            answering.save_answers(invitation=row, values=self._values(row), by=self.user)
            answering.submit(invitation=row, by=self.user)

        def told(at: datetime) -> None:
            self.play.watch.answered(self, row, stay)
            self.play.model.answer(at, stay.name, row.wave, row.sequence)
            self.play.count["answers"] += 1

        self.did(f"answers {row.wave} {row.sequence}", real, told)

    def _tomorrow(self, row: Invitation) -> None:
        real = partial(later.ask_tomorrow, invitation=row, by=self.user)
        chose = self.play.watch.chose
        self.did(
            f"tomorrow: {row.wave} {row.sequence}", real, lambda _at: chose(row.pk, "tomorrow")
        )

    def _leave_alone(self, row: Invitation) -> None:
        real = partial(later.leave_alone, invitation=row, by=self.user)
        did = self.did(f"rather not: {row.wave} {row.sequence}", real, lambda _at: None)
        if did and self.dice("hear", row.opened_on).random() < 0.3:
            self.later(3, partial(self._hear, row))

    def _hear(self, row: Invitation) -> None:
        real = partial(later.hear_again, invitation=row, by=self.user)
        chose = self.play.watch.chose
        self.did(f"hears again: {row.wave}", real, lambda _at: chose(row.pk, "hear"))


class Play:
    """One world of a seed: so many pairs of groups, their evenings, and so many lives."""

    def __init__(
        self,
        seed: int,
        *,
        lives: int = 84,
        days: int = 260,
        pairs: int = 3,
        only: int | None = None,
        without: frozenset[str] = frozenset(),
    ) -> None:
        self.seed, self.days, self.only, self.without = seed, days, only, without
        self.first = BEGINS[seed % len(BEGINS)] + seed % 7 * DAY
        self.last = self.first + days * DAY
        self.joining = max(8, days // 4)
        self.size, self.group_pairs = lives, pairs
        self.count: Counter[str] = Counter()
        self.model = model.World()
        self.watch = Watch(self)
        self.lives: dict[UUID, Life] = {}
        self.everybody: list[Life] = []
        self.diary: list[tuple[datetime, int, Callable[[], object]]] = []
        self.order = count()

    def put(self, moment: datetime, act: Callable[[], object]) -> None:
        if clock.day_of(moment) <= self.last:
            heapq.heappush(self.diary, (moment, next(self.order), act))

    def dice(self, *what: object) -> Random:
        return Random(f"{self.seed}:{what}")

    def run(self) -> Play:
        with clock.travel(clock.at(self.first, 8)):
            self._set_stage()
        for n in range(self.days + 1):
            day = self.first + n * DAY
            self.put(clock.at(day, 0, 5), self._midnight)
            self.put(clock.at(day, 9, 5), self._morning)
            self.put(clock.at(day, 17, 0), self._afternoon)
            if self.dice("night", n).random() < 0.1:
                self.put(clock.at(day, 23, 30), self._send)
        with clock.travel(clock.at(self.first, 8)):
            for number in range(self.size):
                if self.only in (None, number):
                    self.everybody.append(life := Life(self, number))
                    life.begin()
        while self.diary:
            moment, _order, act = heapq.heappop(self.diary)
            with clock.travel(moment):
                act()
        with clock.travel(clock.at(self.last, 23, 50)):
            self.watch.at_the_end()
        self.count["lives"] += len(self.everybody)
        return self

    # ---- the stage ------------------------------------------------------------------------

    def _set_stage(self) -> None:
        region = world.make_region()
        organisation = world.make_organisation()
        self.town = world.make_municipality()
        self.items = list(Item.objects.prefetch_related("options"))
        bands = ((12, 16), (16, 30)) * self.group_pairs
        self.groups: list[Group] = []
        self.workers: dict[UUID, Any] = {}
        for number, (since, until) in enumerate(bands):
            group = world.make_group(
                region=region, organisation=organisation, age_from=since, age_until=until
            )
            dice = self.dice("group", number)
            group.starts_at = group.starts_at.replace(hour=dice.choice((19, 19, 14, 22, 23)))
            group.weekday = dice.randrange(7)
            group.save()
            self.groups.append(group)
            self.workers[group.pk] = world.make_worker(group)
            self._plan_evenings(number, group)
        self.coordinators = {region.pk: world.make_coordinator(region)}

    def worker(self, group: UUID) -> Any:
        return self.workers[group]

    def number_of(self, group: UUID) -> int:
        return [row.pk for row in self.groups].index(group)

    def _plan_evenings(self, number: int, group: Group) -> None:
        dice = self.dice("evenings", number)
        apart = 7 if dice.random() < 0.75 else 14
        day = self.first + (group.weekday - self.first.weekday()) % 7 * DAY + 3 * DAY
        day += (group.weekday - day.weekday()) % 7 * DAY
        while day <= self.last + 60 * DAY:
            planned = max(self.first, day - 40 * DAY)
            self.put(clock.at(planned, 10), partial(self._plan, number, day))
            day += apart * DAY

    def _plan(self, number: int, day: date) -> None:
        group = self.groups[number]
        worker = self.worker(group.pk)
        row = meetings.plan_meeting(group=group, date=day, by=worker)
        self.model.plan(clock.now(), str(row.pk), str(group.pk), clock.local(row.starts_at))
        self.count["evenings"] += 1
        dice = self.dice("evening", number, day)
        fate = dice.choices(("on", "off", "moved", "off_late"), (86, 5, 6, 3))[0]
        if fate == "off":
            self._at(day - dice.randrange(0, 9) * DAY, 11, partial(self._cancel, row))
        elif fate == "off_late":
            self._at(day + dice.randrange(1, 9) * DAY, 11, partial(self._cancel, row))
            return
        elif fate == "moved":
            to = day + dice.choice((-2, -1, 1, 2, 3)) * DAY
            self._at(day - dice.randrange(3, 12) * DAY, 11, partial(self._move, row, to))
            day = to
        self._record_at(row, day, dice)
        if fate == "off" and dice.random() < 0.3:
            self._at(day, 12, partial(self._plan_again, row))

    def _record_at(self, row: Meeting, day: date, dice: Random) -> None:
        begins = clock.at(day, row.group.starts_at.hour)
        end = begins + timedelta(hours=3, minutes=5)
        self.put(max(end, clock.now()), self._evening_is_over)
        how = dice.choices(("on time", "night", "late", "never"), (76, 8, 11, 5))[0]
        if how == "on time":
            self.put(
                begins + timedelta(minutes=dice.choice((15, 60, 120, 170))),
                partial(self._sheet, row),
            )
        elif how == "night":
            self.put(
                begins + timedelta(hours=dice.choice((3, 4, 5)), minutes=20),
                partial(self._sheet, row),
            )
        elif how == "late":
            self._at(day + dice.randrange(1, 16) * DAY, 10, partial(self._sheet, row))

    def _at(self, day: date, hour: int, act: Callable[[], object]) -> None:
        self.put(max(clock.at(day, hour), clock.now()), act)

    def _fresh(self, row: Meeting) -> Meeting:
        return Meeting.objects.select_related("group").get(pk=row.pk)

    def _cancel(self, row: Meeting) -> None:
        with self._maybe():
            meetings.cancel_meeting(
                meeting=self._fresh(row), reason="worker_ill", by=self.worker(row.group_id)
            )
            self.model.cancel(clock.now(), str(row.pk))
            self.note(row.group_id, f"{self._fresh(row).date}: cancelled")

    def _plan_again(self, row: Meeting) -> None:
        with self._maybe():
            there = meetings.plan_meeting(
                group=row.group, date=self._fresh(row).date, by=self.worker(row.group_id)
            )
            self.model.plan_again(clock.now(), str(there.pk), clock.local(there.starts_at))
            self.note(row.group_id, f"{there.date}: planned again")

    def _move(self, row: Meeting, to: date) -> None:
        with self._maybe():
            before = self._fresh(row).date
            there = meetings.move_meeting(
                meeting=self._fresh(row), date=to, by=self.worker(row.group_id)
            )
            self.model.move_evening(clock.now(), str(row.pk), clock.local(there.starts_at))
            self.note(row.group_id, f"{before}: moved to {to}")

    @contextmanager
    def _maybe(self) -> Iterator[None]:
        try:
            yield
        except RuleBroken as no:
            self.count[f"refused: {no.code}"] += 1

    def note(self, group: UUID, what: str) -> None:
        """An evening changed: into the log of whoever has or had a place there."""
        for life in self.everybody:
            places = life.here.places if life.stays else []
            if any(place.group == str(group) for place in places):
                life.log.append(f"{clock.now():%a %d %b %Y %H:%M} (evening) {what}")

    def next_evening(self, group: Group | None) -> Meeting | None:
        coming = Meeting.objects.filter(group=group, status="planned", starts_at__gt=clock.now())
        return coming.order_by("starts_at").first()

    # ---- what happens by itself --------------------------------------------------------------

    def _sheet(self, row: Meeting) -> None:
        meeting = self._fresh(row)
        if meeting.status == "cancelled" or meeting.date > clock.today():
            return
        known = dict(
            Attendance.objects.filter(meeting=meeting).values_list("trajectory_id", "version")
        )
        here: dict[UUID, str] = {}
        for seat in meetings.people_on_sheet(meeting):
            life = self.lives[seat.trajectory_id]
            if seat.trajectory_id != life.stays[-1] or seat.trajectory_id in known:
                continue
            if state := life.tonight(meeting):
                here[seat.trajectory_id] = state
        taps = [attendance.Tap(uuid4(), stay, state, 0) for stay, state in here.items()]
        if not taps:
            return
        attendance.record(meeting=meeting, taps=taps, by=self.worker(meeting.group_id))
        for stay, state in here.items():
            life = self.lives[stay]
            life.log.append(f"{clock.now():%a %d %b %Y %H:%M} {meeting.date} {state}")
            self.model.tap(clock.now(), str(meeting.pk), life.key_of(stay), state)
            life.slip(meeting, state)
        self.count["rows written down"] += len(taps)

    def step(self, *names: str) -> None:
        for name in names:
            outcome = take_turn(BY_STEP[name], forced=True)
            if outcome.error is not None:
                raise outcome.error

    def _evening_is_over(self) -> None:
        self.step("waves")
        self.model.time(clock.now())

    def _midnight(self) -> None:
        self.step("waves")
        self.model.time(clock.now())

    def _morning(self) -> None:
        if clock.today().day % 7 == 3:
            run_due()
        else:
            self.step(*DAILY)
        self.model.time(clock.now())
        self.watch.every_day()
        rows = Invitation.objects.open().filter(trajectory__in=list(self.lives))
        for row in rows.order_by("opened_on", "pk"):
            life = self.lives[row.trajectory_id]
            if row.pk not in life.asked:
                life.asked.add(row.pk)
                life.asked_now(row)
        self._send()

    def _afternoon(self) -> None:
        self._send()
        self.watch.told()

    def _send(self) -> None:
        sending.send_due(deliver=self.watch.left)
        if clock.now().hour == 17:
            due = Message.objects.filter(channel="worker_text", state="queued")
            for message in due.filter(not_before__lte=clock.now()):
                if sending.why_not(message):
                    continue  # the worker is not offered it
                by_hand.mark_sent_by_hand(message=message, by=None)
                self.watch.left(message)

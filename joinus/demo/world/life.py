"""One young person in the demo world: from sign-up to what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from core import clock
from core.ages import age_on, birthday
from core.organisations.models import Municipality
from core.texts.models import TextVersion
from groups.evenings.last_meeting import agree_last_meeting
from groups.goodbye import leaving
from groups.models import Attendance, Meeting, Placement
from groups.seats import placement, trial
from groups.sheet import attendance
from joinus.demo.world import answers, goodbyes
from joinus.demo.world.cast import GROUPS, NEEDS, GroupPlan, Person
from participants.consent import agreements
from participants.intake import talk as intake
from participants.journey import journey
from participants.models import Guardian, ParentalConsent, Trajectory
from participants.parents import asked_again, guardians
from participants.parents import question as parental
from participants.person import account as accounts
from participants.signup import sign_up as signup
from participants.signup.first_contact import record_contact

if TYPE_CHECKING:
    from joinus.demo.world.play import Play

State = Attendance.State


class Life:
    def __init__(self, play: Play, plan: GroupPlan, person: Person) -> None:
        self.play = play
        self.plan = plan
        self.person = person
        self.luck = f"{play.seed}:{person.name}"
        self.dice = Random(self.luck)  # noqa: S311
        self.stay: Trajectory
        self.user: Any = None
        self.presents = 0
        self.slipped = False
        self.trial: Placement | None = None

    # ---- before the first evening ------------------------------------------------

    @property
    def signed_up_on(self) -> date:
        return self.play.until - timedelta(days=self.person.signed_up)

    def later(self, days: int, hour: int, act: Callable[[], object]) -> None:
        self.play.agenda.put(clock.today() + timedelta(days=days), hour, act)

    def begin(self) -> None:
        self.play.agenda.put(self.signed_up_on, 12, self._sign_up)

    def worker(self, n: int = 0) -> Any:
        return self.play.worker(self.plan, n)

    def born(self) -> date:
        """An age of `person.age` on the last day, old enough on the day of sign-up."""
        return birthday(self.play.until, -self.person.age) - timedelta(
            days=self.dice.randint(20, 300)
        )

    def _sign_up(self) -> None:
        group = self.play.group(self.plan)
        born = max(self.born(), date(1900, 1, 1))
        while not group.age_from <= age_on(born, clock.today()) <= group.age_until:
            born -= timedelta(days=60)
        without_mail = self.person.name in ("Tygo", "Puk")
        self.stay = signup.sign_up(
            call_name=self.person.name,
            birth_date=born,
            postcode=self.plan.pc4,
            municipality=Municipality.objects.get(pk=self.plan.cbs_codes[0]),
            first_contact_by=self.dice.choice(["app", "call", "meet"]),
            first_contact_when="16",
            group=group,
            heard_from=self.dice.choice(["school", "friend", "self", "gp"]),
            email="" if without_mail else f"{_plain(self.person.name)}@jongeren.example",
            phone="06 12 34 56 78" if without_mail else "",
            safe_channels=["phone"] if without_mail else ["email"],
            shared_mailbox=self.person.name == "Tess",
            not_at_home=self.person.name == "Tygo",
        )
        self.play.lives[self.stay.pk] = self
        if self.person.what != "sign_up":
            self.later(1, 11, self._call)
        if self.person.what not in ("sign_up", "waiting"):
            self.later(3, 15, self._talk)

    def _call(self) -> None:
        record_contact(trajectory=self.stay, outcome="spoken", by=self.worker())

    def _talk(self) -> None:
        worker = self.worker()
        form = intake.start_intake(trajectory=self.stay, by=worker)
        if self.person.what == "intake":
            intake.ask_coordinator(
                trajectory=self.stay,
                question=f"{self.person.name} twijfelt over de groep. Denk je even mee?",
                by=worker,
            )
            return
        index = self.plan.people.index(self.person)
        fits = self.person.what != "referred"
        form = intake.save_intake(
            trajectory=self.stay,
            by=worker,
            expected_version=form.version,
            mode="phone" if index % 2 else "face_to_face",
            held_on=clock.today(),
            one_to_one=True,
            need=NEEDS[index % len(NEEDS)],
            explained=True,
            group_fit=f"{self.person.name} past bij de leeftijd en de sfeer van de groep.",
            enthusiastic=fits,
            judgements=answers.judgements(fits),
        )
        reason = (
            "Wil graag, en de groep past."
            if fits
            else "Er speelt nu iets anders dat eerst aandacht vraagt."
        )
        intake.decide(
            trajectory=self.stay,
            decision="suitable" if fits else "referred",
            reason=f"{self.person.name}: {reason}",
            by=worker,
            referral_to=None if fits else "general_practitioner",
        )
        intake.tell_decision(trajectory=self.stay, by=worker)
        if fits:
            self.user = accounts.open_account(participant=self.stay.participant, by=worker)
            self.later(1, 16, self._agree)

    def _agree(self) -> None:
        for subject in ("privacy", "participation"):
            agreements.give_agreement(
                trajectory=self.stay,
                subject=subject,
                text=TextVersion.objects.current(subject, "nl"),
                by=self.user,
            )
        if age_on(self.stay.participant.birth_date, clock.today()) < 16:
            guardians.enter_guardian(
                participant=self.stay.participant,
                name=f"Ouder van {self.person.name}",
                relation="mother",
                email=f"ouder.{_plain(self.person.name)}@thuis.example",
                phone="",
                by=self.user,
            )
            self.later(1, 10, self._release)
        self.later(3, 12, self._get_to_know)

    def _release(self) -> None:
        parental.ask_harm(trajectory=self.stay, can_harm=False, by=self.worker())
        guardian = Guardian.objects.get(participant=self.stay.participant)
        request, _token = parental.release_request(
            guardian=guardian, trajectory=self.stay, by=self.worker()
        )
        if self.person.what != "consent":
            self.later(1, 19, lambda: self._parent_says("yes", request))

    def _parent_says(self, answer: str, request: ParentalConsent) -> None:
        parental.answer_request(
            consent=request, answer=answer, name=f"Ouder van {self.person.name}", language="nl"
        )

    # ---- getting to know ------------------------------------------------------------

    def _get_to_know(self) -> None:
        if self.person.what == "consent":
            return
        group = self.play.group(self.plan)
        meeting = (
            Meeting.objects.filter(
                group=group, status="planned", date__gt=clock.today() + timedelta(days=3)
            )
            .order_by("date")
            .first()
        )
        if meeting is None:
            self.later(7, 12, self._get_to_know)
            return
        day = meeting.date
        self.play.agenda.put(day - timedelta(days=1), 14, lambda: self._try_place(day))

    def _try_place(self, day: date) -> None:
        if Meeting.objects.filter(group=self.play.group(self.plan), date=day).exists() is False:
            self.later(1, 12, self._get_to_know)
            return
        if Meeting.objects.get(group=self.play.group(self.plan), date=day).status == "cancelled":
            self.later(2, 12, self._get_to_know)
            return
        self.trial = placement.place(
            trajectory=self.stay,
            group=self.play.group(self.plan),
            trial=True,
            first_day=day,
            by=self.worker(),
        )

    def _after_trial(self, evening: date) -> None:
        if self.trial is None or self.person.what == "trial":
            return
        first_trial = self.trial
        self.trial = None

        def decide() -> None:
            trial.judge(
                placement=first_trial, programme_fits=True, group_fits=True, by=self.worker()
            )
            trial.record_wish(placement=first_trial, wish=True, by=self.user)
            trial.admit(placement=first_trial, by=self.worker())
            self._set_fate()

        self.later(max(1, 2 - (clock.today() - evening).days), 13, decide)

    # ---- taking part ------------------------------------------------------------------

    def state_tonight(self, dice: Random, meeting: Meeting) -> str:
        if self.trial is not None:
            return State.PRESENT
        stay = Trajectory.objects.get(pk=self.stay.pk)
        if stay.blocked_reason:
            return State.WITH_NOTICE
        if self.person.what == "absent" and meeting.date > self.play.until - timedelta(days=16):
            return State.WITHOUT_NOTICE
        if stay.last_meeting_on == meeting.date:
            return State.PRESENT
        if stay.phase == "paused":
            return State.WITH_NOTICE
        if self.person.what == "drop_out" and self._gone(meeting.date):
            return State.WITHOUT_NOTICE
        if dice.random() < self.person.comes:
            return State.PRESENT
        return State.WITH_NOTICE if dice.random() < 0.75 else State.WITHOUT_NOTICE

    def _gone(self, day: date) -> bool:
        return day > self.play.until - timedelta(days=self.person.days_ago + 35)

    def after_evening(self, meeting: Meeting, state: str) -> None:
        if self.trial is not None:
            self._after_trial(meeting.date)
            return
        if state == State.WITHOUT_NOTICE and self.person.what != "absent":
            self.later(1, 10, self._call_about_absence)
        if state != State.PRESENT:
            return
        self.presents += 1
        if self.person.what == "slip" and self.presents == 6 and not self.slipped:
            self.slipped = True
            self.presents -= 1
            self.later(1, 11, lambda: self._correct(meeting))

    def _correct(self, meeting: Meeting) -> None:
        """The worker tapped the wrong row: the sixth meeting was not attended after all."""
        row = Attendance.objects.get(meeting=meeting, trajectory=self.stay)
        attendance.record(
            meeting=meeting,
            taps=[
                attendance.Tap(
                    client_id=uuid4(),
                    trajectory_id=self.stay.pk,
                    state=State.WITH_NOTICE,
                    version=row.version,
                )
            ],
            by=self.worker(1),
        )

    def _call_about_absence(self) -> None:
        record_contact(trajectory=self.stay, outcome="spoken", by=self.worker(), about="absence")

    def may_be_asked(self) -> bool:
        return self.user is not None

    # ---- what becomes of them --------------------------------------------------------------

    def _set_fate(self) -> None:
        ago = self.play.until - timedelta(days=self.person.days_ago)
        put = self.play.agenda.put
        match self.person.what:
            case "goal" | "own_wish":
                put(ago - timedelta(days=20), 11, lambda: self._agree_last(ago))
            case "doubts":
                put(ago - timedelta(days=20), 11, lambda: self._agree_last(ago, close=False))
            case "leaving":
                put(
                    self.play.until - timedelta(days=10),
                    11,
                    lambda: self._agree_last(self.play.until + timedelta(days=20), close=False),
                )
            case "drop_out":
                put(ago, 11, lambda: self._close("drop_out", "no_contact"))
            case "stopped":
                put(ago, 20, self._stop_myself)
            case "pause":
                put(ago, 11, lambda: self._pause())
                if self.person.days_ago > 80:
                    put(ago + timedelta(days=42), 11, self._resume)
            case "moves":
                put(ago, 11, self._move)
            case "blocked" | "reblocked":
                put(ago, 20, self._parent_withdraws)
                if self.person.what == "reblocked":
                    put(ago + timedelta(days=15), 20, self._parent_returns)

    def _agree_last(self, near: date, close: bool = True) -> None:
        meeting = (
            Meeting.objects.filter(group=self.stay.group, status="planned", date__lte=near)
            .filter(date__gte=clock.today())
            .order_by("-date")
            .first()
        )
        if meeting is None:
            self.later(5, 11, lambda: self._agree_last(near + timedelta(days=7), close))
            return
        agree_last_meeting(trajectory=self._fresh(), meeting=meeting, by=self.worker())
        if self.person.what in ("goal", "leaving"):
            goodbyes.talk(self._fresh(), by=self.worker())
        if self.person.what == "doubts":
            self.play.agenda.put(meeting.date + timedelta(days=1), 10, self._stay_after_all)
        if close:
            kind, reason = (
                ("goal", "goal_reached") if self.person.what == "goal" else ("other", "other_offer")
            )
            self.play.agenda.put(
                meeting.date + timedelta(days=8), 11, lambda: self._close(kind, reason)
            )

    def _stay_after_all(self) -> None:
        leaving.stay_after_all(
            trajectory=self._fresh(),
            by=self.worker(),
            reason=f"{self.person.name} wil nog blijven.",
        )

    def _close(self, kind: str, reason: str) -> None:
        goodbyes.before_closing(self._fresh(), kind, by=self.worker())
        leaving.close_stay(
            trajectory=self._fresh(), exit_kind=kind, exit_reason=reason, by=self.worker()
        )
        if kind == "goal":
            self.later(100, 11, lambda: goodbyes.call(self._fresh(), by=self.worker()))

    def _stop_myself(self) -> None:
        leaving.stop_myself(trajectory=self._fresh(), later_contact=True, by=self.user)

    def _pause(self) -> None:
        journey.pause_stay(
            trajectory=self._fresh(),
            by=self.worker(),
            reason=f"{self.person.name} heeft even tijd nodig voor school of werk.",
        )

    def _resume(self) -> None:
        journey.resume_stay(trajectory=self._fresh(), by=self.worker())

    def _move(self) -> None:
        target = "utrecht-groot" if self.plan.key == "arnhem-groot" else "arnhem-groot"
        placement.move(
            trajectory=self._fresh(),
            to_group=self.play.stage.groups[target],
            first_day=clock.today() + timedelta(days=1),
            by=self.worker(),
            reason=f"{self.person.name} is verhuisd.",
        )
        self.plan = next(plan for plan in GROUPS if plan.key == target)

    def _parent_withdraws(self) -> None:
        request = ParentalConsent.objects.filter(trajectory=self.stay, answer="yes").latest(
            "answered_at"
        )
        parental.withdraw_by_parent(consent=request)

    def _parent_returns(self) -> None:
        parent = Guardian.objects.get(participant=self.stay.participant)
        who: dict[str, Any] = {"guardian": parent, "by": self.worker()}
        said: dict[str, Any] = {"heard_on": clock.today(), "agreed": True, "can_harm": False}
        said["words"] = "We hebben erover gepraat. Het mag toch."
        asked_again.record_asked_again(trajectory=self._fresh(), **who, **said)
        request, _token = parental.release_request(trajectory=self._fresh(), **who)
        self._parent_says("yes", request)

    def _fresh(self) -> Trajectory:
        return Trajectory.objects.select_related("participant", "group").get(pk=self.stay.pk)


def _plain(name: str) -> str:
    return name.lower().replace("ë", "e").replace("é", "e")

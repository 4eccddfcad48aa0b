"""Fifteen months of the programme, played through the real actions.

Same seed and last day, same world (keys apart). Nothing is written as a row that an action could
have written; the clock travels, the sweep runs in the morning, old mails count as delivered.
"""

from datetime import date, timedelta
from functools import partial
from random import Random
from uuid import UUID, uuid4

from django.db import connection, transaction

from core import clock
from core.messaging import by_hand, sending
from core.messaging.models import Message
from groups.activities.plans import write_plan
from groups.evenings import meetings
from groups.evenings.closing import close_evening
from groups.models import Attendance, Meeting
from groups.sheet import attendance
from joinus.demo.world import answers, logbooks
from joinus.demo.world.cast import ACTIVITIES, GROUPS, GroupPlan
from joinus.demo.world.episodes import EPISODES
from joinus.demo.world.life import Life
from joinus.demo.world.play import DAYS, Play
from joinus.demo.world.stage import set_stage
from joinus.demo.world.visitors import beside_the_rows, ring_who_is_missing
from joinus.home.attention.facts import count_groups
from joinus.home.run_due import run_due
from questionnaires.answers import answering
from questionnaires.models import Invitation, Item

LATELY = timedelta(days=30)
LIVELY = 45  # the last days are swept every morning, those before every third
State = Attendance.State


class World(Play):
    def run(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO off")
        with clock.travel(clock.at(self.first_day, 8)), transaction.atomic():
            self.stage = set_stage(self.first_day, self.until)
        self.items = list(Item.objects.prefetch_related("options"))
        for plan in GROUPS:
            self._plan_evenings(plan)
            for person in plan.people:
                Life(self, plan, person).begin()
        for episode in EPISODES:
            episode(self)
        for n in range(DAYS + 1):
            if n % 3 == 0 or n > DAYS - LIVELY:
                self.agenda.put(self.first_day + timedelta(days=n), 9, self._morning, minute=5)
        self.agenda.put(self.until, 9, count_groups, minute=6)
        self.agenda.play()

    # ---- the rhythm of a group ------------------------------------------------

    def _plan_evenings(self, plan: GroupPlan) -> None:
        dice = Random(f"{self.seed}:{plan.key}")  # noqa: S311
        ideas = dice.sample(ACTIVITIES, len(ACTIVITIES))
        for n, day in enumerate(self.evenings(plan)):
            planned_on = max(self.first_day + timedelta(days=1), day - timedelta(days=30))
            self.agenda.put(planned_on, 10, partial(self._plan, plan, n, day, ideas[n]))

    def _plan(self, plan: GroupPlan, n: int, day: date, idea: str) -> None:
        by = self.worker(plan, n)
        meeting = meetings.plan_meeting(group=self.group(plan), date=day, by=by)
        if day <= self.until + timedelta(days=15):  # the last one is the group's to plan
            write_plan(meeting=meeting, title=idea, thought_up_by=None, by=by)
        if n in plan.cancelled:
            reason = plan.cancelled[n]
            self.agenda.put(
                day - timedelta(days=1),
                15,
                lambda: meetings.cancel_meeting(
                    meeting=meeting, reason=reason, by=self.worker(plan, n)
                ),
            )
            return
        late = 5 if n in plan.recorded_late else 0
        self.agenda.put(
            day + timedelta(days=late),
            plan.hour + 1 if not late else 10,
            lambda: self._evening(plan, n, meeting.pk),
        )

    def _evening(self, plan: GroupPlan, n: int, meeting_id: UUID) -> None:
        meeting = Meeting.objects.select_related("group").get(pk=meeting_id)
        dice = Random(f"{self.seed}:{plan.key}:{meeting.date}")  # noqa: S311
        taps = [
            attendance.Tap(
                client_id=uuid4(),
                trajectory_id=row.trajectory_id,
                state=self.lives[row.trajectory_id].state_tonight(dice, meeting),
                version=0,
            )
            for row in meetings.people_on_sheet(meeting)
        ]
        lately = meeting.date == clock.today() > self.until - LATELY
        states = {tap.trajectory_id: tap.state for tap in taps}
        if taps:
            if lately:
                ring_who_is_missing(meeting, states, self.worker(plan, n))
                close = partial(close_evening, meeting=meeting, by=self.worker(plan, n))
                self.agenda.put(meeting.date, 22, close, minute=10)
            attendance.record(meeting=meeting, taps=taps, by=self.worker(plan, n))
            if lately:
                beside = Random(f"{self.seed}:beside:{meeting.date}")  # noqa: S311
                beside_the_rows(meeting, states, self.worker(plan, n), beside)
        for tap in taps:
            self.lives[tap.trajectory_id].after_evening(meeting, tap.state)
        logbooks.keep(
            meeting,
            [tap.trajectory_id for tap in taps if tap.state == State.PRESENT],
            workers=(self.worker(plan, n), self.worker(plan, n + 1)),
            until=self.until,
            dice=dice,
        )

    # ---- every morning ----------------------------------------------------------

    def _morning(self) -> None:
        day = clock.today()
        run_due()
        for invitation in Invitation.objects.open().exclude(pk__in=self.asked):
            self.asked.add(invitation.pk)
            life = self.lives[invitation.trajectory_id]
            if (days := answers.delay(invitation, life.person.answers, life.luck)) is not None:
                self.agenda.put(
                    day + timedelta(days=days), 17, partial(self._answer, invitation, life)
                )
        self._deliver(day)
        if day.day <= 3:
            self.progress(f"{day:%Y-%m}")

    def _answer(self, invitation: Invitation, life: Life) -> None:
        invitation.refresh_from_db()
        if invitation.state != Invitation.State.OPEN or not life.may_be_asked():
            return
        items = [item for item in self.items if invitation.wave in item.waves]
        answering.save_answers(
            invitation=invitation,
            values=answers.values(invitation, items, life.luck),
            by=life.user,
        )
        answering.submit(invitation=invitation, by=life.user)

    def _deliver(self, day: date) -> None:
        """Mails of the past count as delivered; those of the last two days really leave later."""
        if day > self.until - timedelta(days=2):
            return
        with clock.travel(clock.at(day, 17)):
            sending.send_due(deliver=lambda _message, _connection: None)
            old = Message.objects.filter(
                channel=Message.Channel.WORKER_TEXT,
                state=Message.State.QUEUED,
                not_before__lte=clock.now(),
            )
            for message in old:
                by_hand.mark_sent_by_hand(message=message, by=None)

"""Two regions, two organisations, thirteen pairs of eyes, and words that may not leak."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from challenges.hypotheses.thinking import Idea, write_hypothesis
from challenges.models import SupportForm
from challenges.observations.abc_scheme import Seen, write_observation
from challenges.observations.jottings import remember
from challenges.preparing.words import Wanted, prepare
from challenges.register.choosing import choose_challenge
from challenges.register.practising.notes import Told, note_practice
from challenges.thread.sharing import share
from core import clock
from core.accounts import one_time
from core.accounts.models import User
from core.accounts.roles import Role
from core.messaging import outbox
from core.tokens import token_hash
from groups.farewell.cards import start_card
from groups.farewell.texts import write_text
from groups.goodbye.leaving import stop_myself
from groups.models import (
    Activity,
    FundingRequest,
    GroupMove,
    LogbookAbout,
    LogbookPart,
    MeetingChange,
    Notice,
    NoticeLine,
    Placement,
    RoleModel,
    Talk,
    Visitor,
)
from groups.room import posts as room
from groups.year_plan.feed import make_feed
from participants.care.care_concerns import Basis, record_concern
from participants.care.worry import ask_to_think_along, begin_worry
from participants.complaints import complaints
from participants.exit.parents import record_exception
from participants.models import (
    CareElsewhere,
    Consultation,
    ExitAgreement,
    FirstIdea,
    Guardian,
    HomeSilence,
    Intake,
    ParentAtWork,
    Recusal,
    UnsafeHome,
)
from participants.parents.guardians import enter_guardian
from participants.parents.question import ask_harm, release_request
from participants.parents.views.links import ANSWER
from participants.person import door_code
from participants.recusal.recusal import recuse
from participants.rights import requests as data_requests
from questionnaires.models import Instrument, Invitation, Response
from tests import world
from tests.access.table import IDENTITIES, OPEN, TABLE, Line

# One word per class of the field table (trust.md 3).
CONTACT, INTAKE, CARE, NAME = "kanariecontact", "kanarieintake", "kanariezorg", "Kanariena"
SKILL = "kanarievoorbeeld"
TRIES = "kanarieuitdaging"
SEEN = "kanarieobservatie"  # what youth workers saw, want to remember, and think of it
IN_ROOM = "kanarieforum"  # what the young people of a group write to each other
TOLD = "kanarieklacht"  # what was told to somebody outside the group
MONEY = "kanariegeld"  # that an activity costs too much: for the workers of the group alone
TALK = "kanariegesprek"  # what a logbook says of a talk, and of what happened
CANARIES = {CONTACT, INTAKE, CARE, NAME, TRIES, TOLD, IN_ROOM, MONEY, TALK, SKILL, SEEN}
MAY_READ = {
    "worker": CANARIES - {TOLD},
    "recused_worker": {NAME},  # on the sheet and in the list of the group, nothing else
    "participant": {CONTACT, NAME, TRIES, TOLD, IN_ROOM, MONEY, SKILL},
    "coordinator": {NAME, TRIES, TOLD, TALK, SKILL},
    "parent_link": {NAME},
}


class Town:
    """Group A with its people, group B far away with others."""

    def __init__(self) -> None:
        self.nothing: dict[str, bytes] = {}
        self.group = world.make_group()
        self.elsewhere = world.make_group()
        self.users: dict[str, User] = {
            "worker": world.make_worker(self.group),
            "recused_worker": world.make_worker(self.group, "Nadia Smit"),
            "worker_elsewhere": world.make_worker(self.elsewhere),
            "manager": world.make_manager(self.group.location.organisation),
            "coordinator": world.make_coordinator(self.group.location.region),
            "other_coordinator": world.make_coordinator(self.elsewhere.location.region),
            "quality": world.make_national(Role.QUALITY_COORDINATOR),
            "foundation": world.make_national(Role.FOUNDATION),
            "researcher": world.make_national(Role.RESEARCHER),
        }
        for user in self.users.values():
            user.set_password("drie woorden achter elkaar")
            user.save()
            RecoveryCodes.activate(user)
            TOTP.activate(user, generate_totp_secret())
        self.portrait = world.make_portrait(self.users["worker"])
        self.door = world.make_door_picture(self.group.location)
        long_ago = clock.today() - timedelta(days=60)
        self.stay = world.make_trajectory(
            group=self.group, call_name=NAME, email=f"{CONTACT}@example.org", definitive_on=long_ago
        )
        self.placement = world.seat(self.stay, first_day=long_ago)
        other = world.make_trajectory(group=self.elsewhere, call_name="Elders")
        world.seat(other, first_day=long_ago)
        self.users["participant"] = self.stay.participant.user
        self.users["other_participant"] = other.participant.user
        self.applicant = world.make_trajectory(
            group=self.group, phase="intake", call_name=NAME, email=f"{CONTACT}2@example.org"
        )
        for stay in (self.stay, self.applicant):
            intake = Intake.objects.create(
                trajectory=stay, need=INTAKE, held_on=long_ago, factors=INTAKE
            )
            FirstIdea.objects.create(
                trajectory=stay, profile=INTAKE, by=self.users["worker"], at=clock.now()
            )
            CareElsewhere.objects.create(
                trajectory=stay, text=INTAKE, consented_on=long_ago, by=self.users["worker"]
            )
            Guardian.objects.create(
                participant=stay.participant,
                contact=world.create_contact(name=CONTACT, email=f"{CONTACT}g{stay.pk.hex}@e.org"),
                relation="mother",
                entered_at=clock.now(),
                entered_by=self.users["worker"],
            )
            self.consultation = Consultation.objects.create(
                intake=intake, asked_by=self.users["worker"], asked_at=clock.now(), question="?"
            )
        # Screened with others there: the coordinator's flag, and the worker's form is closed.
        talk = Intake.objects.get(trajectory=self.stay)
        talk.one_to_one, talk.decision, talk.decision_reason = False, "suitable", INTAKE
        talk.decided_by, talk.decided_at = self.users["worker"], clock.now()
        talk.save()
        self.question = world.give_parental_yes(
            self.stay, guardian=self.stay.participant.guardians.get()
        )
        self.exception = UnsafeHome.objects.create(
            trajectory=self.applicant,
            by=self.users["worker"],
            coordinator=self.users["coordinator"],
            at=clock.now(),
            reason="kanarieniet",
        )
        self.silence = HomeSilence.objects.create(
            participant=self.applicant.participant,
            said_at=clock.now(),
            talk_by=clock.today(),
            talked_at=clock.now(),
            talked_by=self.users["worker"],
        )
        self.at_work = ParentAtWork.objects.create(
            trajectory=self.applicant,
            guardian=self.applicant.participant.guardians.get(),
            professional=world.make_staff(),
            found_at=clock.now(),
        )
        self.complaint = complaints.tell(
            trajectory=self.stay,
            to=self.users["coordinator"],
            words=TOLD,
            by=self.stay.participant.user,
        )
        self.request = data_requests.ask(
            trajectory=self.stay, kind="copy", by=self.stay.participant.user
        )
        self.agreement = ExitAgreement.objects.create(
            trajectory=self.stay, text="Sporten", by=self.users["worker"], at=clock.now()
        )
        self.tie = world.make_tie(self.stay, by=self.users["worker"])
        self.meeting = world.make_meeting(self.group, clock.today() + timedelta(days=2))
        self.visitor = Visitor.objects.create(
            meeting=self.meeting,
            call_name="Kim",
            added_at=clock.now(),
            added_by=self.users["worker"],
        )
        now = {"meeting": self.meeting, "written_at": clock.now()}
        Talk.objects.create(trajectory=self.stay, by=self.users["worker"], text=TALK, **now)
        happened = LogbookPart.objects.create(
            kind="incident", text=TALK, filled=True, written_by=self.users["worker"], **now
        )
        LogbookAbout.objects.create(part=happened, trajectory=self.stay)
        self.activity = Activity.objects.create(
            group=self.group, title="Bowlen", proposed_by=self.stay, proposed_at=clock.now()
        )
        self.funding = FundingRequest.objects.create(
            trajectory=self.stay,
            activity=self.activity,
            words=MONEY,
            asked_at=clock.now(),
            asked_by=self.stay.participant.user,
        )
        self.change = MeetingChange.objects.create(
            meeting=self.meeting,
            kind="moved",
            at=clock.now(),
            by=self.users["worker"],
            was=self.meeting.starts_at - timedelta(days=7),
            now=self.meeting.starts_at,
        )
        self.notice = Notice.objects.create(
            group=self.group,
            trajectory=self.stay,
            contact=self.stay.participant.contact,
            act=self.change.act,
            made_at=clock.now(),
            before=self.meeting.starts_at,
            until=self.meeting.ends_at,
        )
        NoticeLine.objects.create(
            notice=self.notice, meeting=self.meeting, was=self.change.was, now=self.change.now
        )
        self.message = outbox.write(
            contact=world.create_contact(name=CONTACT, phone="0612345678"),
            template="neutral",
            kind="neutral",
            dedupe_key="a ready text",
            group=self.group,
        )
        self.answered = self._invite("baseline", state="answered", answered_on=clock.today())
        Response.objects.create(
            invitation=self.answered,
            trajectory=self.stay,
            instrument=self.answered.instrument,
            wave="baseline",
            sequence=1,
            submitted_at=clock.now(),
            a01=2,
        )
        self.invitation = self._invite("interim")
        held = world.make_meeting(self.group, clock.today() - timedelta(days=12), status="held")
        world.attend(self.stay, held)
        self._underway(long_ago)
        worker = self.users["worker"]
        ask_harm(trajectory=self.stay, can_harm=False, by=worker)
        _asked, self.token = release_request(
            guardian=enter_guardian(
                participant=self.stay.participant,
                name=CONTACT,
                relation="father",
                email=f"{CONTACT}vader@example.org",
                by=worker,
            ),
            trajectory=self.stay,
            by=worker,
        )
        self.code = door_code.hand_code(trajectory=self.stay, by=worker).row
        one_time.dispute_code(row=self.code, by=self.users["participant"])
        self.stay.blocked_reason = ""  # whether the yeses are complete is tested elsewhere
        self.stay.save(update_fields=["blocked_reason"])
        self.topic = room.start_topic(
            group=self.group,
            title=IN_ROOM,
            text=IN_ROOM,
            client_id=uuid4(),
            by=self.stay.participant.user,
        )
        self.challenge = choose_challenge(
            trajectory=self.stay, text=TRIES, by=self.stay.participant.user
        )
        self.practised = note_practice(
            challenge=self.challenge,
            client_id=uuid4(),
            outcome="worked",
            by=self.stay.participant.user,
            told=Told(did=TRIES),
        )
        self.jotting = remember(trajectory=self.stay, text=SEEN, client_id=uuid4(), by=worker)
        self.observation = write_observation(
            trajectory=self.stay,
            seen=Seen(behaviour=SEEN, on=clock.today()),
            client_id=uuid4(),
            by=worker,
        )
        # Of somebody of whom nothing was written: what is read in coaching is no leak.
        self.sharing = share(trajectory=self.stopped, days=14, by=worker)
        self.hypothesis = write_hypothesis(
            trajectory=self.stay,
            idea=Idea(SEEN, "negative_cognitions", frozenset([self.observation.pk])),
            client_id=uuid4(),
            by=worker,
        )
        wanted = {self.stay.pk: Wanted(SEEN)}
        prepare(meeting=self.meeting, wanted=wanted, by=worker)
        self.form = SupportForm.objects.get_or_create(
            key="prompt", defaults={"name_nl": "prompt", "order": 1}
        )[0]
        for stay in (self.stopped, self.stay, self.applicant):
            recused = self.users["recused_worker"]
            self.message.contact.hidden_from.add(recused)
            self.recusal = recuse(
                trajectory=stay, worker=recused, by=recused, said_by=Recusal.Said.WORKER
            )
        self.feed = make_feed(by=self.users["worker"])
        self._clients = {identity: self._sign_in(identity) for identity in IDENTITIES}
        self._parameters = {about: self._about(about) for about in {line.about for line in TABLE}}

    def _invite(self, wave: str, **fields: Any) -> Invitation:
        day = clock.today() - timedelta(days=30)
        return Invitation.objects.create(
            trajectory=self.stay,
            wave=wave,
            sequence=1,
            instrument=Instrument.objects.get(),
            earned_on=day,
            opened_on=day,
            **fields,
        )

    def _sign_in(self, identity: str) -> Client:
        client = Client(raise_request_exception=False)
        if identity in self.users:
            client.force_login(self.users[identity])
        if identity == "parent_link":
            client.get(reverse("participants:parent_consent", args=[self.token]))
        return client

    @contextmanager
    def eyes_of(self, identity: str) -> Iterator[Client]:
        """The browser of this identity; what a request does to its cookies is forgotten."""
        client = self._clients[identity]
        kept = {name: morsel.value for name, morsel in client.cookies.items()}
        yield client
        client.cookies = SimpleCookie(kept)

    def _underway(self, day: Any) -> None:
        """A worry put to the coordinator, a care concern, and somebody who stopped."""
        worker = self.users["worker"]
        self.worry = begin_worry(trajectory=self.stay, by=worker, note=CARE)
        ask_to_think_along(worry=self.worry, broad="In grote lijnen.", by=worker)
        self.concern = record_concern(
            trajectory=self.stay, what=CARE, basis=Basis(agreed_on=day), by=worker
        )
        self.stopped = world.make_participating(self.group, since=day, call_name=NAME)
        stop_myself(trajectory=self.stopped, later_contact=True, by=self.stopped.participant.user)
        self.decision = record_exception(
            trajectory=self.stopped,
            coordinator=self.users["coordinator"],
            reason="Niet te bereiken.",
            by=worker,
        )

        older = world.make_group(
            organisation=self.group.location.organisation, age_from=24, age_until=30
        )
        self.move = GroupMove.objects.create(
            trajectory=self.stay,
            from_group=self.group,
            to_group=older,
            first_day=clock.today(),
            reason="Reistijd.",
            outside=True,
            asked_at=clock.now(),
            asked_by=worker,
        )
        self.role_model = RoleModel.objects.create(
            trajectory=self.stay, skill=SKILL, agreed_on=clock.today(), noted_by=worker
        )
        card = start_card(trajectory=self.stopped, by=worker)
        self.farewell = write_text(card=card, way="typed", text="Tot ziens!", worker=worker)

    def arguments(self, line: Line, identity: str = "") -> dict[str, Any]:
        """The parameters of this address, about the line's subject; with the own secret of who
        holds one."""
        from tests.access.walk import addresses

        route = addresses()[line.name]
        return {
            name: self.feed if (name, identity) == ("token", "calendar_token") else value
            for name, value in self._parameters[line.about].items()
            if f":{name}>" in route or f"<{name}>" in route
        }

    def _about(self, about: str) -> dict[str, Any]:
        stay = {"applicant": self.applicant, "stopped": self.stopped}.get(about, self.stay)
        return {
            "trajectory_id": stay.pk,
            "person_id": self.stay.participant_id,
            "group_id": self.group.pk,
            "kind": "workers",
            "meeting_id": self.meeting.pk,
            "change_id": self.change.pk,
            "notice_id": self.notice.pk,
            "visitor_id": self.visitor.pk,
            "topic_id": self.topic.pk,
            "post_id": first_of(self.topic.posts.all()),
            "placement_id": first_of(Placement.objects.filter(trajectory=stay)),
            "intake_id": self.stay.intake.pk,
            "recusal_id": self.recusal.pk,
            "consultation_id": self.consultation.pk,
            "message_id": self.message.pk,
            "draft_id": uuid4(),  # nobody's: one's own goes, another's stays (tests/core/drafts)
            "invitation_id": (self.answered if about == "answered" else self.invitation).pk,
            "guardian_id": first_of(stay.participant.guardians),
            "consent_id": self.question.pk,
            "activity_id": self.activity.pk,
            "funding_id": self.funding.pk,
            "complaint_id": self.complaint.pk,
            "request_id": self.request.pk,
            "about": "wissen",
            "exception_id": self.exception.pk,
            "silence_id": self.silence.pk,
            "at_work_id": self.at_work.pk,
            "decision_id": self.decision.pk,
            "note_id": self.practised.pk,
            "sharing_id": self.sharing.pk,
            "agreement_id": self.agreement.pk,
            "referrer_id": self.tie.referrer_id,
            "tie_id": self.tie.pk,
            "organisation_id": self.group.location.organisation_id,
            "token": "A" * 43,
            "page": ANSWER.id_of(token_hash(self.token, "parental_answer").hex()),
            "outcome": "ja",
            "code_id": self.code.pk,
            "portrait_id": self.portrait.pk,
            "picture_id": self.door.pk,
            "move_id": self.move.pk,
            "role_model_id": self.role_model.pk,
            "card_id": self.farewell.card_id,
            "challenge_id": self.challenge.pk,
            "text_id": self.farewell.pk,
            "concern_id": self.concern.pk,
            "observation_id": self.observation.pk,
            "hypothesis_id": self.hypothesis.pk,
            "jotting_id": self.jotting.pk,
            "form_key": self.form.pk,
            "worry_id": self.worry.pk,
            "number": 1,
            "sample": "worker",
            "uidb36": "abc",
            "object_id": "1",
            "content_type_id": 1,
            "app_label": "organisations",
            "key": "abc-def",
        }

    def canaries_for(self, identity: str, got: str) -> set[str]:
        """What this identity may not read here; a refusal shows nobody anything."""
        return CANARIES - (MAY_READ.get(identity, set()) if got == OPEN else set())

    def read_in(self, answer: Any) -> set[str]:
        text = b"".join(answer) if answer.streaming else answer.content
        text += repr(dict(answer.headers)).encode()
        return {canary for canary in CANARIES if canary.encode() in text}


def first_of(rows: Any) -> Any:
    return rows.values_list("pk", flat=True).first()

"""What the worker sees about asking somebody's parents: facts put together, nothing written."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from core import clock
from core.messaging.models import Message
from participants.consent import needed as consent
from participants.consent.at_home import Home, homes_of
from participants.models import (
    AskedAgain,
    Guardian,
    HomeSilence,
    ParentalConsent,
    ParentAtWork,
    Trajectory,
    UnsafeHome,
)
from participants.parents import mail
from participants.parents import question as parental
from participants.parents.guardians import Relation
from participants.parents.mail_home import is_closed, no_among
from participants.parents.page_state import WORKERS, State, state_of

WORDS = {
    "not_asked": _("not asked yet"),
    "informed": _("informed"),
    "waiting": _("no answer yet"),
    "expired": _("the link has expired"),
    "bounced": _("the mail did not arrive"),
    "yes": _("said yes"),
    "no": _("said no"),
    "withdrawn": _("took back the consent"),
    "obsolete": _("no longer needed"),
}
TONES = {"yes": "done", "informed": "done", "no": "needs", "withdrawn": "needs", "waiting": "waits"}


@dataclass(frozen=True)
class Line:
    """One parent and where the question stands."""

    guardian: Guardian
    relation: str
    state: str
    asked_on: date | None
    answered_on: date | None
    remind_on: date | None
    question: str
    question_due_on: date | None
    bounced: bool
    consent: ParentalConsent | None
    no: ParentalConsent | None = None
    at_work: ParentAtWork | None = None

    @property
    def word(self) -> str:
        return str(WORDS["bounced" if self.bounced else self.state])

    @property
    def question_late(self) -> bool:
        return self.question_due_on is not None and self.question_due_on < clock.today()

    @property
    def tone(self) -> str:
        return "needs" if self.bounced else TONES.get(self.state, "neutral")

    @property
    def is_closed(self) -> bool:
        """This parent said no, here or in an earlier stay, and did not come back to it (C-47)."""
        return is_closed(self.no)

    @property
    def asked_again(self) -> AskedAgain | None:
        """The parent's own word after that no."""
        found = list(self.no.asked_again.all()) if self.no and not self.is_closed else []
        return found[-1] if found else None

    @property
    def can_release(self) -> bool:
        if self.is_closed or self.at_work is not None:
            return False
        return self.state in ("not_asked", "waiting", "expired", "no", "withdrawn")


@dataclass(frozen=True)
class Overview:
    lines: list[Line]
    policy: consent.Policy
    missing: list[consent.Missing]
    home: Home
    unsafe_home: UnsafeHome | None
    silence: HomeSilence | None
    state: State

    @property
    def can_harm(self) -> bool | None:
        return self.home.can_harm

    @property
    def intro(self) -> str:
        return str(WORKERS[self.state])

    @property
    def may_release(self) -> bool:
        safe = self.can_harm is False and not self.home.is_unsafe
        return safe and (self.policy.required or self.policy.informed_only)


def bounced() -> QuerySet[ParentalConsent]:
    """Open questions of the stay "pk" whose newest mail could not be delivered."""
    dead = Message.objects.filter(
        subject_id=OuterRef("pk"), kind__in=mail.WHILE_OPEN, state=Message.State.DEAD
    )
    return ParentalConsent.objects.filter(
        Exists(dead),
        trajectory=OuterRef("pk"),
        answer="",
        revoked_at__isnull=True,
        obsolete_at__isnull=True,
    )


def overview(trajectory: Trajectory) -> Overview:
    policy = consent.policy_for(trajectory, clock.today())
    everything: dict[UUID, list[ParentalConsent]] = defaultdict(list)
    rows: dict[UUID, ParentalConsent] = {}
    asked = ParentalConsent.objects.filter(guardian__participant=trajectory.participant_id)
    for row in asked.select_related("released_by").prefetch_related("asked_again__heard_by"):
        everything[row.guardian_id].append(row)
        if row.trajectory_id == trajectory.pk:
            rows[row.guardian_id] = row
    guardians = Guardian.objects.filter(participant=trajectory.participant_id)
    informed = set(
        Message.objects.filter(
            kind="parental_information", subject_id__in=guardians.values("pk")
        ).values_list("subject_id", flat=True)
    )
    undelivered = set(
        Message.objects.filter(
            kind__in=mail.WHILE_OPEN,
            state=Message.State.DEAD,
            subject_id__in=[row.pk for row in rows.values() if row.is_open],
        ).values_list("subject_id", flat=True)
    )
    missing = consent.missing(trajectory)
    home = homes_of([trajectory.pk])[trajectory.pk]
    looked_at = {
        row.guardian_id: row
        for row in ParentAtWork.objects.filter(guardian__in=guardians)
        .exclude(is_parent=True)
        .select_related("professional")
    }
    return Overview(
        lines=[
            replace(
                _line(guardian, rows.get(guardian.pk), guardian.pk in informed, undelivered),
                no=no_among(everything[guardian.pk]),
                at_work=looked_at.get(guardian.pk),
            )
            for guardian in guardians.select_related("contact")
        ],
        policy=policy,
        missing=missing,
        home=home,
        unsafe_home=UnsafeHome.objects.filter(trajectory=trajectory, ended_at__isnull=True)
        .select_related("coordinator")
        .first(),
        silence=HomeSilence.objects.in_force()
        .filter(participant=trajectory.participant_id)
        .select_related("talked_by")
        .first(),
        state=state_of(
            policy=policy,
            unsafe=home.is_unsafe,
            missing={lack.code for lack in missing},
            informed=bool(informed),
        ),
    )


def own_state(trajectory: Trajectory) -> State:
    """The state of the young person's own page."""
    informed = Message.objects.filter(
        kind=mail.INFORMATION,
        subject_id__in=Guardian.objects.filter(participant=trajectory.participant_id).values("pk"),
    )
    return state_of(
        policy=consent.policy_for(trajectory, clock.today()),
        unsafe=homes_of([trajectory.pk])[trajectory.pk].is_unsafe,
        missing={lack.code for lack in consent.missing(trajectory)},
        informed=informed.exists(),
    )


def guardians_of(trajectory: Trajectory) -> list[Guardian]:
    return list(
        Guardian.objects.filter(participant=trajectory.participant_id).select_related("contact")
    )


def _line(
    guardian: Guardian, row: ParentalConsent | None, informed: bool, undelivered: set[UUID | None]
) -> Line:
    state = "informed" if informed else "not_asked"
    if row is not None:
        state = _state(row)
    asked = clock.day_of(row.released_at) if row else None
    remind_on = None
    if row and asked and state == "waiting" and row.pk not in undelivered:
        later = (asked + timedelta(days=d) for d in parental.REMINDER_DAYS)
        remind_on = next((day for day in later if day >= clock.today()), None)
    answered = row.answered_at if row else None
    asks = row is not None and row.question_at is not None and row.question_answered_at is None
    return Line(
        guardian=guardian,
        relation=str(dict(Relation.choices).get(guardian.relation, guardian.relation)),
        state=state,
        asked_on=asked,
        answered_on=clock.day_of(answered) if answered else None,
        remind_on=remind_on,
        question=row.question if row and asks else "",
        question_due_on=row.question_due_on if row and asks else None,
        bounced=row is not None and row.pk in undelivered,
        consent=row,
    )


def _state(row: ParentalConsent) -> str:
    if row.obsolete_at is not None:
        return "obsolete"
    if row.withdrawn_at is not None:
        return "withdrawn"
    if row.voided_at is not None:
        return "not_asked"
    if row.answer:
        return str(row.answer)
    if row.revoked_at is not None:
        return "not_asked"
    return "waiting" if clock.now() < row.expires_at else "expired"

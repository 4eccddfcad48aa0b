"""What the worker sees about asking somebody's parents: facts put together, nothing written."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from core import clock
from core.messaging.models import Message
from participants.consent import needed as consent
from participants.models import Guardian, Intake, ParentalConsent, Trajectory, UnsafeHome
from participants.parents import mail
from participants.parents import question as parental
from participants.parents.guardians import Relation

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
    def can_release(self) -> bool:
        return self.state in ("not_asked", "waiting", "expired", "no", "withdrawn")


@dataclass(frozen=True)
class Overview:
    lines: list[Line]
    policy: consent.Policy
    missing: list[consent.Missing]
    can_harm: bool | None
    unsafe_home: UnsafeHome | None

    @property
    def may_release(self) -> bool:
        return self.can_harm is False and (self.policy.required or self.policy.informed_only)


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
    rows: dict[UUID, ParentalConsent] = {}
    for row in ParentalConsent.objects.filter(trajectory=trajectory).select_related("released_by"):
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
    intake = Intake.objects.filter(trajectory=trajectory).only("mail_can_harm").first()
    return Overview(
        lines=[
            _line(guardian, rows.get(guardian.pk), guardian.pk in informed, undelivered)
            for guardian in guardians.select_related("contact")
        ],
        policy=policy,
        missing=consent.missing(trajectory),
        can_harm=intake.mail_can_harm if intake else None,
        unsafe_home=UnsafeHome.objects.filter(trajectory=trajectory, ended_at__isnull=True)
        .select_related("coordinator")
        .first(),
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

"""Whether a referrer may hear something: off, until everybody who has a say said yes (R-302).

The young person says yes per referrer; under the organisation's age a parent as well, whatever
the policy about taking part. One no or withdrawal, of anybody, is off at once. Where a mail home
can do harm nothing is told under that age: a school may call home (ADR 0010). Locks the stay.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.accounts.models import User
from core.ages import age_on
from core.errors import RuleBroken
from core.locks import lock_again
from core.messaging import outbox
from core.texts.models import TextVersion
from core.tokens import new_token, token_hash
from participants.consent.needed import DEFAULT_AGE
from participants.models import (
    FeedbackConsent,
    Guardian,
    Intake,
    ReferrerTie,
    Told,
    Trajectory,
)
from participants.parents import mail as parental_mail
from participants.parents import mail_home
from participants.parents import question as parental
from participants.stay.lock import lock

TEXT = "feedback"
PURPOSE = "feedback"
Answer = FeedbackConsent.Answer

WHY: dict[str, Promise] = {
    "": gettext_lazy("may hear it in broad lines"),
    "ended": gettext_lazy("no longer in touch"),
    "own_not_asked": gettext_lazy("off: no yes yet"),
    "own_no": gettext_lazy("off: the young person wants it apart"),
    "unsafe_home": gettext_lazy("off: not safe at home"),
    "parent_not_asked": gettext_lazy("off: a parent has to say yes too"),
    "parent_waits": gettext_lazy("off: waits for a parent"),
    "parent_no": gettext_lazy("off: a parent says no"),
}


@dataclass(frozen=True)
class State:
    """`why` is empty when it may be told; else a key of WHY."""

    why: str
    own: str
    parents_needed: bool

    @property
    def may_tell(self) -> bool:
        return not self.why

    @property
    def word(self) -> str:
        return str(WHY[self.why])


def decide(
    *, own: str, under_age: bool, unsafe: bool, parents: Iterable[str], ended: bool = False
) -> State:
    """The rule, without a database. `own` and `parents`: yes, no, withdrawn, asked or empty."""
    answers = list(parents)
    why = ""
    if ended:
        why = "ended"
    elif own != "yes":
        why = "own_no" if own in ("no", "withdrawn") else "own_not_asked"
    elif under_age:
        if unsafe:
            why = "unsafe_home"
        elif "no" in answers or "withdrawn" in answers:
            why = "parent_no"
        elif "yes" not in answers:
            why = "parent_waits" if "asked" in answers else "parent_not_asked"
    return State(why, own, under_age)


def ties_of(stays: QuerySet[Trajectory] | Iterable[UUID]) -> QuerySet[ReferrerTie]:
    """Everything that `state_of` reads, in a fixed number of queries."""
    return (
        ReferrerTie.objects.filter(trajectory__in=stays)
        .select_related(
            "referrer__contact",
            "trajectory__participant__contact",
            "trajectory__group__location__organisation",
            "trajectory__intake",
        )
        .prefetch_related(
            "consents",
            "quotes",
            "told__message",
            "trajectory__unsafe_homes",
            "trajectory__participant__silences",
        )
        .order_by("entered_at", "pk")
    )


class Said(Protocol):
    """A yes or no of one person about one referrer: a row, or what was read of it."""

    @property
    def pk(self) -> UUID: ...

    @property
    def guardian_id(self) -> UUID | None: ...

    @property
    def answer(self) -> str: ...

    @property
    def withdrawn(self) -> bool: ...


def decide_by(said: Iterable[Said], *, under_age: bool, unsafe: bool, ended: bool = False) -> State:
    """`decide`, by what everybody said last."""
    newest: dict[UUID | None, str] = {}
    for row in sorted(said, key=lambda row: row.pk):
        newest[row.guardian_id] = "withdrawn" if row.withdrawn else row.answer or "asked"
    own = newest.pop(None, "")
    return decide(own=own, under_age=under_age, unsafe=unsafe, parents=newest.values(), ended=ended)


def state_of(tie: ReferrerTie) -> State:
    stay = tie.trajectory
    return decide_by(
        tie.consents.all(),
        under_age=under_age(stay),
        unsafe=_unsafe(stay),
        ended=tie.ended_at is not None,
    )


def under_age(stay: Trajectory) -> bool:
    age = stay.group.location.organisation.consent_age if stay.group else DEFAULT_AGE
    return age_on(stay.participant.birth_date, clock.today()) < age


def _unsafe(stay: Trajectory) -> bool:
    try:
        harm = stay.intake.mail_can_harm
    except Intake.DoesNotExist:
        harm = None
    said = [*stay.unsafe_homes.all(), *stay.participant.silences.all()]
    return harm is True or any(row.ended_at is None for row in said)


def fresh(tie: ReferrerTie) -> State:
    """By the facts of now; call it with the stay locked."""
    return state_of(ties_of([tie.trajectory_id]).get(pk=tie.pk))


# ---- The young person ----------------------------------------------------------------


@transaction.atomic
def answer_for_myself(
    *, tie: ReferrerTie, yes: bool, by: User, name_there: str = "", text: TextVersion | None = None
) -> FeedbackConsent:
    """A yes tied to the exact text, or a no.

    Raises RuleBroken with code not_your_yes, text_changed or ended.
    """
    trajectory = lock(tie.trajectory)
    if by is None or by.pk != trajectory.participant.user_id:
        raise RuleBroken(_("Only you can say yes to this."), code="not_your_yes")
    if tie.ended_at is not None:
        raise RuleBroken(_("You are no longer in touch here."), code="ended")
    current = TextVersion.objects.current(TEXT, text.language if text else "nl")
    if yes and (text is None or text.pk != current.pk):
        raise RuleBroken(
            _("The text has changed meanwhile. Read it again, please."), code="text_changed"
        )
    if yes and name_there.strip():
        tie.name_there = name_there.strip()[:80]
        tie.save(update_fields=["name_there"])
    live = FeedbackConsent.objects.filter(tie=tie, guardian__isnull=True, ended_at__isnull=True)
    stands = live.first()
    if stands is not None and (stands.answer == Answer.YES) == yes and stands.answer:
        return stands
    live.update(ended_at=clock.now())
    row = FeedbackConsent.objects.create(
        tie=tie,
        text=current,
        text_sha256=current.sha256,
        answer=Answer.YES if yes else Answer.NO,
        answered_at=clock.now(),
    )
    if not yes:
        _stop_waiting(tie)
    return row


@transaction.atomic
def take_back(*, tie: ReferrerTie, by: User) -> None:
    """Off at once; a message that waits is not sent. Raises RuleBroken("not_your_yes")."""
    trajectory = lock(tie.trajectory)
    if by is None or by.pk != trajectory.participant.user_id:
        raise RuleBroken(_("Only you can take this back."), code="not_your_yes")
    FeedbackConsent.objects.filter(
        tie=tie, guardian__isnull=True, ended_at__isnull=True, answer=Answer.YES
    ).update(ended_at=clock.now(), withdrawn=True)
    _stop_waiting(tie)


def _stop_waiting(tie: ReferrerTie) -> None:
    for told in Told.objects.filter(tie=tie):
        outbox.withdraw(kind="feedback_to_referrer", subject_id=told.pk, reason="taken_back")


# ---- A parent ------------------------------------------------------------------------


@transaction.atomic
def ask_parent(*, tie: ReferrerTie, guardian: Guardian, by: User) -> tuple[FeedbackConsent, str]:
    """The worker sends the question, after the young person's own yes; an older one is void.

    Returns the row and the secret of its link. Raises RuleBroken with code own_first,
    not_needed, other_child, can_harm or harm_not_asked.
    """
    trajectory = lock(tie.trajectory)
    state = fresh(tie)
    if state.own != "yes":
        raise RuleBroken(_("First the young person says yes."), code="own_first")
    if not state.parents_needed:
        raise RuleBroken(_("No consent of a parent is needed."), code="not_needed")
    mail_home.may_write_to(guardian, trajectory)
    live = FeedbackConsent.objects.filter(tie=tie, guardian=guardian, ended_at__isnull=True)
    if live.filter(answer=Answer.YES).exists():
        raise RuleBroken(_("This parent has already said yes."), code="already_yes")
    for row in live:
        outbox.withdraw(kind=FeedbackConsent.LETTER, subject_id=row.pk, reason="asked_anew")
    live.update(ended_at=clock.now(), token_hash=None)
    text = TextVersion.objects.current("parental_feedback", guardian.contact.language)
    token = new_token()
    row = FeedbackConsent.objects.create(
        tie=tie,
        guardian=guardian,
        text=text,
        text_sha256=text.sha256,
        asked_by=by,
        asked_at=clock.now(),
        token_hash=token_hash(token, f"parental_{PURPOSE}"),
    )
    outbox.write(
        contact=guardian.contact,
        template=FeedbackConsent.LETTER,
        kind=FeedbackConsent.LETTER,
        subject_id=row.pk,
        group=trajectory.group,
        params={**parental_mail.about(trajectory, by), "referrer": described(tie)},
        secret={"answer_url": parental_mail.address("participants:parent_feedback", token)},
        dedupe_key=f"{FeedbackConsent.LETTER}:{row.pk}",
    )
    return row, token


def find_question(hashed: bytes) -> FeedbackConsent | None:
    """The question behind a link that still works: to answer, or to take the yes back."""
    row = (
        FeedbackConsent.objects.select_related(
            "tie__trajectory__participant",
            "tie__trajectory__group__location__organisation",
            "tie__referrer__contact",
            "guardian__contact",
            "asked_by",
            "text",
        )
        .filter(token_hash=hashed, ended_at__isnull=True, tie__ended_at__isnull=True)
        .first()
    )
    return row if row is not None and _works(row) else None


def _works(row: FeedbackConsent) -> bool:
    return (
        row.ended_at is None
        and row.tie.ended_at is None
        and row.answer != Answer.NO
        and row.tie.trajectory.phase not in Trajectory.Phase.OVER
        and under_age(row.tie.trajectory)
        and not mail_home.is_unsafe(row.tie.trajectory)
    )


@transaction.atomic
def answer_by_parent(*, consent: FeedbackConsent, yes: bool) -> None:
    """Also a no to a yes given before: the same link takes it back.

    Raises RuleBroken("link_dead").
    """
    trajectory = lock(consent.tie.trajectory)
    lock_again(consent)
    consent.tie.trajectory = trajectory
    if not _works(consent) or (yes and consent.answer):
        raise parental.dead_link()
    now = clock.now()
    if consent.answer == Answer.YES:
        consent.withdrawn, consent.ended_at = True, now
    else:
        consent.answer = Answer.YES if yes else Answer.NO
        consent.answered_at = now
    consent.save(update_fields=["answer", "answered_at", "withdrawn", "ended_at"])
    if not yes:
        _stop_waiting(consent.tie)


def described(tie: ReferrerTie) -> str:
    """Function and place, as parents and young people read it; a name says less than that."""
    referrer = tie.referrer
    where = f", {referrer.workplace}" if referrer.workplace else ""
    return f"{referrer.contact.name} ({referrer.get_function_display()}{where})"

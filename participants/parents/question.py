"""The life of the question to a parent: harm asked, released, answered, taken back (trust.md 6).

The mail never leaves by itself (C-37): the young person sees it, the worker answers whether it
can do harm at home, and releases it. Each mail carries its own random secret of which only a hash
is kept (ConsentLink); asking again revokes the old question. Every action locks the stay first,
so fifty answers at once are one consent.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Q, QuerySet, TextField, Value, When
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.locks import lock_again
from core.messaging import outbox
from core.messaging.models import Contact
from core.texts.models import TextVersion
from core.tokens import new_token, token_hash
from participants.consent import needed as yeses
from participants.consent.at_home import homes_of
from participants.models import (
    AskedAgain,
    ConsentLink,
    Guardian,
    Intake,
    ParentalConsent,
    Trajectory,
)
from participants.parents import mail
from participants.parents.mail_home import is_unsafe, may_write_to
from participants.stay.lock import lock

REMINDER_DAYS = (3, 7, 14)
TEXT = "parental_consent"
RESEARCH_TEXT = "parental_research"
Purpose = ConsentLink.Purpose
Answer = ParentalConsent.Answer


def dead_link() -> RuleBroken:
    """Used, expired, forged, truncated, revoked: one and the same answer."""
    return RuleBroken(_("This link does not work (any more)."), code="link_dead")


# ---- Before anything is sent -------------------------------------------------


@transaction.atomic
def ask_harm(*, trajectory: Trajectory, can_harm: bool, by: User) -> None:
    """The worker's answer to "can this mail do harm at home?". Yes stops what still waits.

    Raises RuleBroken with code silence_stands or exception_stands: a no while the young person's
    own word stands, or an unsafe home with the coordinator.
    """
    lock(trajectory)
    home = homes_of([trajectory.pk])[trajectory.pk]
    if not can_harm and home.silence:
        raise RuleBroken(
            _("The young person said that home may not know. First talk with them."),
            code="silence_stands",
        )
    if not can_harm and home.exception:
        raise RuleBroken(
            _("No mail goes home: that was decided with the coordinator. First end that."),
            code="exception_stands",
        )
    intake, _created = Intake.objects.get_or_create(trajectory=trajectory)
    Intake.objects.filter(pk=intake.pk).update(mail_can_harm=can_harm)
    if can_harm:
        revoke_open(trajectory)
        for guardian in Guardian.objects.filter(participant=trajectory.participant_id):
            outbox.withdraw(kind=mail.INFORMATION, subject_id=guardian.pk, reason="can_harm")
    yeses.settle(trajectory=trajectory, by=by)


@transaction.atomic
def release_request(
    *, guardian: Guardian, trajectory: Trajectory, by: User
) -> tuple[ParentalConsent, str]:
    """Send this parent the question; an older one of the same parent stops working at once.

    Returns the row and the secret of its link (kept nowhere). Raises RuleBroken with code
    not_needed, already_yes or one of NOT_WRITTEN; said_no: after a no or a withdrawal, unless the
    parent asked for it (`participants.parents.asked_again`), which opens one question.
    """
    lock(trajectory)
    may_write_to(guardian, trajectory)
    if not yeses.policy_for(trajectory, clock.today()).required:
        raise RuleBroken(_("No consent of a parent is needed."), code="not_needed")
    earlier = ParentalConsent.objects.filter(
        trajectory=trajectory, guardian=guardian, revoked_at__isnull=True
    )
    if any(row.answer == Answer.YES and row.withdrawn_at is None for row in earlier):
        raise RuleBroken(_("This parent has already said yes."), code="already_yes")
    _revoke(earlier)
    AskedAgain.objects.filter(consent__guardian=guardian, used_at__isnull=True).update(
        used_at=clock.now()
    )
    contact = guardian.contact
    text = TextVersion.objects.current(TEXT, contact.language)
    row = ParentalConsent.objects.create(
        trajectory=trajectory,
        guardian=guardian,
        text=text,
        text_sha256=text.sha256,
        released_by=by,
        released_at=clock.now(),
        expires_at=clock.now() + timedelta(days=mail.LINK_DAYS),
    )
    token = issue_link(row, Purpose.ANSWER)
    mail.write_request(row, token)
    yeses.settle(trajectory=trajectory, by=by)
    return row, token


@transaction.atomic
def inform_parents(*, guardian: Guardian, trajectory: Trajectory, by: User) -> None:
    """Under the policy "informed only": one mail that asks nothing (C-36)."""
    lock(trajectory)
    may_write_to(guardian, trajectory)
    if not yeses.policy_for(trajectory, clock.today()).informed_only:
        raise RuleBroken(_("These parents are asked, not only informed."), code="not_needed")
    mail.write_information(guardian, trajectory, by)


# ---- Behind the link -----------------------------------------------------------


def find_link(hashed: bytes, purpose: str) -> ParentalConsent | None:
    """The question this link was made for, whether it works or not. Reads only."""
    link = (
        ConsentLink.objects.select_related(
            "consent__trajectory__participant",
            "consent__trajectory__group__location__organisation",
            "consent__guardian__contact",
            "consent__released_by",
            "consent__text",
        )
        .filter(token_hash=hashed, purpose=purpose)
        .first()
    )
    return link.consent if link is not None else None


def find_by_hash(hashed: bytes, purpose: str) -> ParentalConsent | None:
    """The question behind a link that works now, or None. Reads only."""
    row = find_link(hashed, purpose)
    if row is None:
        return None
    if purpose == Purpose.RECEIPT:
        stands = row.answer and row.voided_at is None and not is_unsafe(row.trajectory)
        return row if stands else None
    works = is_answerable if purpose == Purpose.ANSWER else is_withdrawable
    return row if works(row, clock.now()) else None


def answered(pk: str) -> ParentalConsent | None:
    """Only whom to ring after this answer, for the page of thanks. Reads only."""
    return ParentalConsent.objects.filter(pk=pk).only("ring_name", "ring_number").first()


def is_answerable(row: ParentalConsent, now: datetime) -> bool:
    """Open, not expired, the stay runs, the home is safe, and the child is still under the age of
    the policy."""
    return (
        waits_for_answer(row, now)
        and yeses.policy_for(row.trajectory, clock.day_of(now)).required
        and not is_unsafe(row.trajectory)
    )


def waits_for_answer(row: ParentalConsent, now: datetime) -> bool:
    """`is_answerable`, but for what the policy asks today."""
    return (
        row.is_open and now < row.expires_at and row.trajectory.phase not in Trajectory.Phase.OVER
    )


def is_withdrawable(row: ParentalConsent, now: datetime) -> bool:
    return (
        row.answer == Answer.YES
        and row.withdrawn_at is None
        and row.revoked_at is None
        and row.obsolete_at is None
        and yeses.policy_for(row.trajectory, clock.day_of(now)).required
        and not is_unsafe(row.trajectory)
    )


def texts_in(language: str) -> tuple[TextVersion, TextVersion]:
    """The wordings of today: the parent's consent, and apart from it the research."""
    return (
        TextVersion.objects.current(TEXT, language),
        TextVersion.objects.current(RESEARCH_TEXT, language),
    )


def text_shown(key: str, language: str, pk: UUID | None) -> TextVersion:
    """The exact wording that stood on the screen. Raises RuleBroken("other_text")."""
    shown = TextVersion.objects.shown(key, pk, language=language)
    if shown is None:
        raise RuleBroken(_("The text has changed meanwhile. Read it again."), code="other_text")
    return shown


@transaction.atomic
def answer_request(
    *,
    consent: ParentalConsent,
    answer: str,
    name: str = "",
    language: str = "",
    research: bool = False,
    text: TextVersion | None = None,
    research_text: TextVersion | None = None,
) -> ParentalConsent:
    """A parent's yes or no, once. `text` is the wording that was on the screen.

    A yes sends a receipt with its own long-lived withdraw-only link; both answers stop the
    reminders. Raises RuleBroken("link_dead") when it was answered, revoked or is too late.
    """
    row = locked_question(consent)
    if not is_answerable(row, clock.now()) or answer not in Answer.values:
        raise dead_link()
    language = language or row.guardian.contact.language
    shown = text or TextVersion.objects.current(TEXT, language)
    if shown.key != TEXT or shown.language != language or shown.published_at is None:
        raise RuleBroken(_("The text has changed meanwhile. Read it again."), code="other_text")
    now = clock.now()
    row.text, row.text_sha256 = shown, shown.sha256
    row.answer, row.answered_at = answer, now
    row.answered_name = name.strip() or row.guardian.contact.name
    row.answered_language = language
    row.answered_relation = row.guardian.relation
    row.child_name = mail.name_for_parents(row.trajectory)
    if answer == Answer.YES and research:
        about = research_text or TextVersion.objects.current(RESEARCH_TEXT, language)
        if about.key != RESEARCH_TEXT or about.published_at is None:
            raise RuleBroken(_("The text has changed meanwhile. Read it again."), code="other_text")
        row.research_text, row.research_sha256 = about, about.sha256
        row.research_yes_at = now
    _note_whom_to_ring(row)
    row.save()
    mail.stop_asking(row)
    if row.is_no:
        _write_no_more(row.guardian)
    prove(row)
    yeses.settle(trajectory=row.trajectory)
    return row


@transaction.atomic
def withdraw_by_parent(*, consent: ParentalConsent, only_research: bool = False) -> None:
    """Take the yes back, at once. Raises RuleBroken("link_dead")."""
    row = locked_question(consent)
    if not is_withdrawable(row, clock.now()):
        raise dead_link()
    now = clock.now()
    if row.research_yes_at is not None and row.research_withdrawn_at is None:
        row.research_withdrawn_at = now
    elif only_research:
        raise dead_link()
    if not only_research:
        row.withdrawn_at = now
        _note_whom_to_ring(row)
        _write_no_more(row.guardian)
    row.save(
        update_fields=[
            "withdrawn_at",
            "research_withdrawn_at",
            "phone_then",
            "ring_name",
            "ring_number",
        ]
    )
    mail.write_withdrawn(row, only_research=only_research)
    yeses.settle(trajectory=row.trajectory)


def prove(row: ParentalConsent, again: bool = False) -> None:
    """The receipt: after a yes with its own withdraw link, always with a link to the paper."""
    yes = row.answer == Answer.YES and row.withdrawn_at is None
    withdraw = issue_link(row, Purpose.WITHDRAW) if yes else ""
    paper = issue_link(row, Purpose.RECEIPT)
    mail.write_receipt(row, withdraw, paper, again=clock.now() if again else None)


# ---- Time ------------------------------------------------------------------------


def reminders_due(day: date, since: date | None = None) -> QuerySet[ParentalConsent]:
    """Open questions whose newest reminder is due on `day` and was not written yet.

    `since`: only where one of the days of a reminder came on that day or later.
    """
    asked_before = {days: clock.at(day - timedelta(days=days - 1)) for days in REMINDER_DAYS}
    newest = Case(
        *(
            When(released_at__lt=asked_before[days], then=Value(str(days)))
            for days in reversed(REMINDER_DAYS)
        ),
        output_field=TextField(),
    )
    came = Q(released_at__lt=asked_before[REMINDER_DAYS[0]])
    if since is not None:
        came = Q(pk__in=[])
        for days, moment in asked_before.items():
            first = clock.at(since - timedelta(days=days))
            came |= Q(released_at__gte=first, released_at__lt=moment)
    return (
        ParentalConsent.objects.alias(newest=newest)
        .filter(came, answer="", revoked_at__isnull=True, obsolete_at__isnull=True)
        .filter(~mail.reminder_stands("newest"), expires_at__gt=clock.now())
        .exclude(trajectory__phase__in=Trajectory.Phase.OVER)
        .select_related("trajectory")
        .order_by("trajectory_id", "pk")
    )


@transaction.atomic
def remind(*, consent: ParentalConsent, day: date) -> None:
    """Write the newest reminder that is due on `day`, once; after a silence never two at a time."""
    row = locked_question(consent)
    if not is_answerable(row, clock.now()):
        return
    asked_on = clock.day_of(row.released_at)
    due = [days for days in REMINDER_DAYS if asked_on + timedelta(days=days) <= day]
    if due and not mail.reminder_written(row, due[-1]):
        mail.write_reminder(row, due[-1], issue_link(row, Purpose.ANSWER))


# ---- Inside ----------------------------------------------------------------------


def _note_whom_to_ring(row: ParentalConsent) -> None:
    """The number that is known now, to ring back on; and whom the paper of a no names."""
    row.phone_then = str(row.guardian.contact.phone)
    if row.is_no:
        told = mail.about(row.trajectory, row.released_by)
        row.ring_name = " · ".join(w for w in (told["worker"], told["organisation"]) if w)
        row.ring_number = told["phone"]


def _write_no_more(guardian: Guardian) -> None:
    """After a no nothing else leaves for this parent but the proofs."""
    contacts = Contact.objects.filter(pk=guardian.contact_id)
    outbox.withdraw_all(contacts=contacts, reason="said_no", but=mail.RECEIPT)


def locked_question(consent: ParentalConsent) -> ParentalConsent:
    """Lock the stay, then the question, and read both afresh into this very object."""
    trajectory = lock(consent.trajectory)
    lock_again(consent, ParentalConsent.objects.filter(trajectory=trajectory))
    consent.trajectory = trajectory
    return consent


def issue_link(row: ParentalConsent, purpose: str) -> str:
    token = new_token()
    ConsentLink.objects.create(
        consent=row,
        purpose=purpose,
        token_hash=token_hash(token, f"parental_{purpose}"),
        issued_at=clock.now(),
    )
    return token


def revoke_open(trajectory: Trajectory) -> None:
    """What still waits for an answer about this stay is dead; expects it to be locked."""
    _revoke(
        ParentalConsent.objects.filter(trajectory=trajectory, revoked_at__isnull=True, answer="")
    )


def _revoke(rows: QuerySet[ParentalConsent]) -> None:
    for row in rows:
        mail.stop_asking(row)
    rows.update(revoked_at=clock.now())

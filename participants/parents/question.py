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
from core.texts.models import TextVersion
from core.tokens import new_token, token_hash
from participants.consent import needed as yeses
from participants.models import (
    ConsentLink,
    Guardian,
    Intake,
    ParentalConsent,
    Trajectory,
    UnsafeHome,
)
from participants.parents import mail
from participants.stay.lock import lock

LINK_DAYS = 30
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

    Raises RuleBroken("exception_stands"): a no while an unsafe home stands with the coordinator.
    """
    lock(trajectory)
    if not can_harm and _exception_stands(trajectory):
        raise RuleBroken(
            _("No mail goes home: that was decided with the coordinator. First end that."),
            code="exception_stands",
        )
    intake, _created = Intake.objects.get_or_create(trajectory=trajectory)
    Intake.objects.filter(pk=intake.pk).update(mail_can_harm=can_harm)
    if can_harm:
        _revoke_open(trajectory)
        for guardian in Guardian.objects.filter(participant=trajectory.participant_id):
            outbox.withdraw(kind=mail.INFORMATION, subject_id=guardian.pk, reason="can_harm")
    yeses.settle(trajectory=trajectory, by=by)


@transaction.atomic
def release_request(
    *, guardian: Guardian, trajectory: Trajectory, by: User
) -> tuple[ParentalConsent, str]:
    """Send this parent the question; an older one of the same parent stops working at once.

    Returns the row and the secret of its link (kept nowhere). Raises RuleBroken with code
    other_child, not_needed, harm_not_asked, can_harm, already_yes or stay_over.
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
    contact = guardian.contact
    text = TextVersion.objects.current(TEXT, contact.language)
    row = ParentalConsent.objects.create(
        trajectory=trajectory,
        guardian=guardian,
        text=text,
        text_sha256=text.sha256,
        released_by=by,
        released_at=clock.now(),
        expires_at=clock.now() + timedelta(days=LINK_DAYS),
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
        return row if row.answer and row.voided_at is None else None
    works = is_answerable if purpose == Purpose.ANSWER else is_withdrawable
    return row if works(row, clock.now()) else None


def is_answerable(row: ParentalConsent, now: datetime) -> bool:
    """Open, not expired, the stay runs and the child is still under the age of the policy."""
    return (
        row.is_open
        and now < row.expires_at
        and row.trajectory.phase not in Trajectory.Phase.OVER
        and yeses.policy_for(row.trajectory, clock.day_of(now)).required
    )


def is_withdrawable(row: ParentalConsent, now: datetime) -> bool:
    return (
        row.answer == Answer.YES
        and row.withdrawn_at is None
        and row.revoked_at is None
        and row.obsolete_at is None
        and yeses.policy_for(row.trajectory, clock.day_of(now)).required
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
    row.save()
    mail.stop_asking(row)
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
    row.save(update_fields=["withdrawn_at", "research_withdrawn_at"])
    mail.write_withdrawn(row, only_research=only_research)
    yeses.settle(trajectory=row.trajectory)


def prove(row: ParentalConsent, again: bool = False) -> None:
    """The receipt: after a yes with its own withdraw link, always with a link to the paper."""
    yes = row.answer == Answer.YES and row.withdrawn_at is None
    withdraw = issue_link(row, Purpose.WITHDRAW) if yes else ""
    paper = issue_link(row, Purpose.RECEIPT)
    mail.write_receipt(row, withdraw, paper, again=clock.now() if again else None)


def message_wanted(kind: str, subject_id: UUID, _to: UUID | None = None) -> bool | None:
    """Answers the port: a question leaves only while it can be answered, nothing where it harms."""
    if kind == mail.INFORMATION:
        return _still_informs(subject_id)
    if kind not in (*mail.WHILE_OPEN, mail.RECEIPT):
        return None
    row = ParentalConsent.objects.filter(pk=subject_id).select_related("trajectory").first()
    if row is None:
        return False
    if kind == mail.RECEIPT:
        return not is_unsafe(row.trajectory)
    return is_answerable(row, clock.now())


def _still_informs(guardian_id: UUID) -> bool:
    """What was true when it was released: a running stay, a safe home, parents only informed."""
    guardian = Guardian.objects.filter(pk=guardian_id).first()
    stays = Trajectory.objects.running().select_related("participant")
    stay = stays.filter(participant__guardians=guardian_id).first()
    if guardian is None or stay is None or not is_writable(guardian, stay):
        return False
    return yeses.policy_for(stay, clock.today()).informed_only


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


def is_writable(guardian: Guardian, trajectory: Trajectory) -> bool:
    """`may_write_to` as a question: asked once more when a mail leaves."""
    try:
        may_write_to(guardian, trajectory)
    except RuleBroken:
        return False
    return True


def may_write_to(guardian: Guardian, trajectory: Trajectory) -> None:
    if guardian.participant_id != trajectory.participant_id:
        raise RuleBroken(_("This is not a parent of this young person."), code="other_child")
    if trajectory.phase in Trajectory.Phase.OVER:
        raise RuleBroken(_("This stay is over."), code="stay_over")
    intake = Intake.objects.filter(trajectory=trajectory).only("mail_can_harm").first()
    if intake is None or intake.mail_can_harm is None:
        raise RuleBroken(_("First answer: can this mail do harm at home?"), code="harm_not_asked")
    if is_unsafe(trajectory):
        raise RuleBroken(
            _("This mail can do harm at home. Decide with the coordinator."), code="can_harm"
        )


def is_unsafe(trajectory: Trajectory) -> bool:
    """The worker's word, or the exception with the coordinator: each is enough alone."""
    said = Intake.objects.filter(trajectory=trajectory, mail_can_harm=True)
    return said.exists() or _exception_stands(trajectory)


def _exception_stands(trajectory: Trajectory) -> bool:
    return UnsafeHome.objects.filter(trajectory=trajectory, ended_at__isnull=True).exists()


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


def _revoke_open(trajectory: Trajectory) -> None:
    _revoke(
        ParentalConsent.objects.filter(trajectory=trajectory, revoked_at__isnull=True, answer="")
    )


def _revoke(rows: QuerySet[ParentalConsent]) -> None:
    for row in rows:
        mail.stop_asking(row)
    rows.update(revoked_at=clock.now())

"""What parents are told, as outbox rows: request, reminders, receipt, information (R-103, R-106).

The subject names no child, age, place or time (R-108); before a yes the body names no place or
time either. The links travel as encrypted secrets and are wiped at hand-over.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from django.conf import settings
from django.db.models import Exists, OuterRef, TextField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.translation import override

from core import clock
from core.accounts.actors import Actor
from core.accounts.models import User
from core.messaging import outbox
from core.messaging.models import Contact, Message
from core.messaging.rendering import render
from core.names import isolated
from core.telephone import shown
from core.templatetags.face import url_or
from participants.models import Guardian, HomeSilence, Intake, ParentalConsent, Trajectory
from participants.recusal.recusal import guides_of

REQUEST = "parental_request"
REMINDER = "parental_reminder"
RECEIPT = "parental_receipt"
#: `outbox.write`, or `outbox.letter` for what is only read.
Letters: TypeAlias = Callable[..., Message]
INFORMATION = "parental_information"
WHILE_OPEN = (REQUEST, REMINDER)
LINK_DAYS = 30
#: Stands in the address of a letter that is only read beforehand.
NO_LINK = "..."


def name_for_parents(trajectory: Trajectory) -> str:
    """The name the parents know; the call name stays inside when another one was given."""
    person = trajectory.participant
    return person.full_name or person.call_name


def about(trajectory: Trajectory, worker: Actor) -> dict[str, str]:
    """Who writes and who can be called; never where or when the group meets."""
    group = trajectory.group
    organisation = group.location.organisation if group else None
    return {
        "child": isolated(name_for_parents(trajectory)),
        "worker": worker.first_name if worker else "",
        "organisation": organisation.name if organisation else "Join Us",
        "phone": shown(organisation.phone) if organisation else "",
        "brochure_url": settings.SITE_URL.rstrip("/") + url_or("home:brochure", otherwise="/"),
    }


def write_request(row: ParentalConsent, token: str) -> Message:
    return _request(row, token, row.released_by, outbox.write)


def _request(
    row: ParentalConsent, token: str, by: Actor, write: Letters = outbox.letter
) -> Message:
    """The letter that is sent, and that was read before it was."""
    return write(
        contact=row.guardian.contact,
        template=REQUEST,
        kind=REQUEST,
        subject_id=row.pk,
        group=row.trajectory.group,
        params={
            **about(row.trajectory, who_knows_them(row.trajectory, by)),
            "until": _until(row),
        },
        secret={"answer_url": address("participants:parent_consent", token)},
        dedupe_key=f"{REQUEST}:{row.pk}",
    )


def who_knows_them(trajectory: Trajectory, otherwise: Actor) -> Actor:
    """Who is named in a letter: the same, whichever worker of the group lets it go."""
    guides = guides_of(trajectory)
    intake = Intake.objects.filter(trajectory=trajectory).select_related("decided_by").first()
    if intake is not None and intake.decided_by in guides:
        return intake.decided_by
    return guides[0] if guides else otherwise


def reminder_written(row: ParentalConsent, days: int) -> bool:
    return Message.objects.filter(dedupe_key=_reminder_key(row, days)).exists()


def reminder_stands(days: str) -> Exists:
    """`reminder_written` in SQL, for rows of ParentalConsent; `days` names a text beside them."""
    row = Cast(OuterRef("pk"), TextField())
    key = Concat(Value(f"{REMINDER}:"), row, Value(":"), OuterRef(days), output_field=TextField())
    return Exists(Message.objects.filter(dedupe_key=key))


def write_reminder(row: ParentalConsent, days: int, token: str) -> Message:
    return outbox.write(
        contact=row.guardian.contact,
        template=REMINDER,
        kind=REMINDER,
        subject_id=row.pk,
        group=row.trajectory.group,
        params={
            **about(row.trajectory, who_knows_them(row.trajectory, row.released_by)),
            "until": _until(row),
        },
        secret={"answer_url": address("participants:parent_consent", token)},
        dedupe_key=_reminder_key(row, days),
    )


def stop_asking(row: ParentalConsent) -> None:
    """Whatever still waits to ask is no longer wanted."""
    for kind in WHILE_OPEN:
        outbox.withdraw(kind=kind, subject_id=row.pk, reason="answered")


def write_receipt(
    row: ParentalConsent, withdraw: str, paper: str, again: datetime | None = None
) -> Message:
    """At once: proof of the answer; after a yes with place, time and the withdraw link.

    `again`: the mailbox changed, so the proof with its new link is written once more.
    """
    contact = row.guardian.contact
    params: dict[str, Any] = {
        **about(row.trajectory, row.released_by),
        "answer": row.answer,
        "research": row.research_yes_at is not None,
        "text_version": str(row.text.version),
        "fingerprint": row.text_sha256[:12],
    }
    with override(contact.language):
        params["answered"] = _moment(row.answered_at)
        if row.answer == ParentalConsent.Answer.YES:
            params |= _where_and_when(row.trajectory)
    secret = {"receipt_url": address("participants:parent_receipt", paper)}
    if withdraw:
        secret["withdraw_url"] = address("participants:parent_withdraw", withdraw)
    return outbox.write(
        contact=contact,
        template=RECEIPT,
        kind=RECEIPT,
        subject_id=row.pk,
        group=row.trajectory.group,
        params=params,
        secret=secret,
        dedupe_key=f"{RECEIPT}:{row.pk}" + (f":{again:%Y%m%d%H%M%S%f}" if again else ""),
        urgency=outbox.IMMEDIATE,
    )


def write_withdrawn(row: ParentalConsent, *, only_research: bool = False) -> Message:
    """Proof that a yes was taken back, all of it or only the one for the research."""
    taken_back = "research_withdrawn" if only_research else "withdrawn"
    with override(row.guardian.contact.language):
        moment = _moment(row.research_withdrawn_at if only_research else row.withdrawn_at)
    return outbox.write(
        contact=row.guardian.contact,
        template=RECEIPT,
        kind=RECEIPT,
        subject_id=row.pk,
        group=row.trajectory.group,
        params={
            **about(row.trajectory, row.released_by),
            "answer": taken_back,
            "answered": moment,
            "text_version": str(row.text.version),
            "fingerprint": row.text_sha256[:12],
        },
        dedupe_key=f"{RECEIPT}:{row.pk}:{taken_back}",
        urgency=outbox.IMMEDIATE,
    )


def write_information(guardian: Guardian, trajectory: Trajectory, by: User) -> Message:
    return _information(guardian, trajectory, by, outbox.write)


def _information(
    guardian: Guardian, trajectory: Trajectory, by: Actor, write: Letters = outbox.letter
) -> Message:
    return write(
        contact=guardian.contact,
        template=INFORMATION,
        kind=INFORMATION,
        subject_id=guardian.pk,
        group=trajectory.group,
        params=about(trajectory, who_knows_them(trajectory, by)),
        dedupe_key=f"{INFORMATION}:{trajectory.pk}:{guardian.pk}:{_mailbox(guardian)}",
    )


def _mailbox(guardian: Guardian) -> str:
    """The same parent at a new address is told once more."""
    return bytes(guardian.contact.email_hash or b"").hex()[:16]


def address(name: str, token: str) -> str:
    site: str = settings.SITE_URL
    return site.rstrip("/") + reverse(name, args=[token])


def _reminder_key(row: ParentalConsent, days: int) -> str:
    return f"{REMINDER}:{row.pk}:{days}"


def _until(row: ParentalConsent) -> str:
    with override(row.guardian.contact.language):
        return formats.date_format(clock.day_of(row.expires_at), "j F")


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return formats.date_format(clock.local(moment), "j F Y, H:i")


def _where_and_when(trajectory: Trajectory) -> dict[str, str]:
    group = trajectory.group
    if group is None:
        return {}
    where = [group.location.name, group.location.street, group.location.town]
    return {
        "place": ", ".join(part for part in where if part),
        "weekday": str(WEEKDAYS[group.weekday]),
        "starts": f"{group.starts_at:%H:%M}",
    }


@dataclass(frozen=True)
class Preview:
    """The request as it is sent: what the parent reads, from whom, and under which subject."""

    sender: str
    to: str
    subject: str
    text: str
    html: str


def preview(
    trajectory: Trajectory,
    guardian: Guardian | None = None,
    by: Actor = None,
    *,
    informed_only: bool = False,
) -> Preview:
    """The letter, made by what makes and renders the real one; only its link leads nowhere."""
    if guardian is None:
        nobody_yet = Contact(name="", language="nl")
        guardian = Guardian(participant=trajectory.participant, contact=nobody_yet)
    if informed_only:
        written = _information(guardian, trajectory, by)
    else:
        row = ParentalConsent(
            trajectory=trajectory,
            guardian=guardian,
            expires_at=clock.now() + timedelta(days=LINK_DAYS),
        )
        written = _request(row, NO_LINK, by)
    seen = render(written)
    to = guardian.contact.email
    return Preview(settings.DEFAULT_FROM_EMAIL, to, seen.subject, seen.text, seen.html)


def write_needed_today(
    silence: HomeSilence, trajectory: Trajectory, worker: User
) -> Message | None:
    """To who guides a young person: somebody needs you, without a name or what it is about."""
    if worker.contact is None:
        return None
    moment = int(silence.said_at.timestamp())
    return outbox.write(
        contact=worker.contact,
        template="needed_today",
        kind="participants.needed_today",
        subject_id=trajectory.pk,
        about=trajectory.participant.contact,
        urgency=outbox.IMMEDIATE,
        params={"page_url": settings.SITE_URL.rstrip("/") + reverse("home:today")},
        dedupe_key=f"needed_today:{silence.pk}:{moment}:{worker.pk}",
    )

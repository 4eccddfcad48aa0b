"""The waves of a stay with their answers, and the mails that have left by now."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.urls import reverse

from core import clock
from core.accounts.models import User
from core.messaging.models import Message
from joinus.demo.fill.stencil import GROUP
from questionnaires.cycle.facts import Standing
from questionnaires.models import Answers, Invitation, Response

if TYPE_CHECKING:
    from joinus.demo.fill.stays import Stay  # which leans on this


def wave(stay: "Stay", stands: Standing) -> None:
    """The invitation, what was answered, and every mail that has left about it by now."""
    block = stay.block
    invitation = block.add(
        Invitation,
        trajectory_id=stay.row.pk,
        wave=stands.wave,
        sequence=stands.sequence,
        instrument_id=block.reference.instrument,
        earned_on=stands.earned_on,
        opened_on=stands.opened_on,
        due_on=stands.due_on,
        answered_on=stands.answered_on,
        state=stands.state,
        reason=stands.reason,
    )
    if stands.answered_on is not None:
        _answers(stay, stands, invitation.pk)
    _mails(stay, stands, invitation.pk)


def _answers(stay: "Stay", stands: Standing, invitation: UUID) -> None:
    assert stands.answered_on is not None  # noqa: S101
    dice = stay.block.dice
    items = stay.block.reference.items[stands.wave]
    stay.block.add(
        Response,
        invitation_id=invitation,
        trajectory_id=stay.row.pk,
        instrument_id=stay.block.reference.instrument,
        wave=stands.wave,
        sequence=stands.sequence,
        submitted_at=clock.at(stands.answered_on, 16, 30),
        wants_to_talk=False if stands.wave == "follow_up" else None,
        **{Answers.column(number): dice.choice(values) for number, values in items},
    )


def _mails(stay: "Stay", stands: Standing, invitation: UUID) -> None:
    """The first word a day after it opened, a reminder two and five days later, while it waited."""
    today = stay.block.today
    until = stands.answered_on or today
    days = [stands.opened_on + timedelta(days=n) for n in (1, 3, 6)]
    before_the_first_date = stands.wave == "baseline" and not stay.placements
    for number, day in enumerate(days[:1] if before_the_first_date else days):
        left_alone = stands.state in ("missed", "closed") and number > 0
        if day > until or (day == until and stands.answered_on) or left_alone:
            break
        if any(first <= day and (u is None or day < u) for first, u in _held(stay)):
            break
        if stay.contact.stopped_at is not None and day >= clock.day_of(stay.contact.stopped_at):
            break
        mail(
            stay,
            f"wave_{stands.wave}" if number == 0 else "wave_reminder",
            "questionnaire" if number == 0 else "questionnaire_reminder",
            key=f"questionnaire:{invitation}:{number}:0",
            subject=invitation,
            at=clock.at(day, 16),
            params={
                "name": "Bo",
                "items": len(stay.block.reference.items[stands.wave]),
                "list_url": reverse("questionnaires:who_reads", args=[invitation]),
                "later_url": reverse("questionnaires:later", args=[invitation]),
            },
        )


def _held(stay: "Stay") -> list[tuple[date, date | None]]:
    return [hold.days for hold in stay.holds]


def mail(
    stay: "Stay",
    template: str,
    kind: str,
    *,
    key: str,
    at: datetime,
    params: dict[str, Any],
    subject: UUID | None = None,
    to: UUID | None = None,
    group: bool = True,
) -> None:
    """One that has left."""
    left = min(at, stay.block.now)
    stay.block.add(
        Message,
        contact_id=to or stay.contact.pk,
        group_id=stay.block.group if group else None,
        template=template,
        kind=kind,
        subject_id=subject or stay.row.pk,
        params=params,
        urgency="scheduled",
        channel="email",
        not_before=left,
        dedupe_key=key,
        state="sent",
        attempts=1,
        written_at=left,
        sent_at=left,
    )


def reminded_workers(stay: "Stay", at: datetime) -> None:
    """Nobody called in time: both workers were told, once."""
    block = stay.block
    for worker in block.workers:
        contact = next(r for r in block.rows if isinstance(r, User) and r.pk == worker).contact_id
        mail(
            stay,
            "first_contact_late",
            "participants.first_contact_late",
            key=f"first_contact_late:{stay.row.pk}:{worker}",
            at=at,
            to=contact,
            group=False,
            params={"group_name": f"Groep {GROUP}", "page_url": "/", "since": "", "days": "3"},
        )

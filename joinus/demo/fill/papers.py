"""What hangs on a stay: agreements, parents, waves with answers, mails, and who looked."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from core import clock
from core.accounts.models import User
from core.ages import age_on, birthday
from core.messaging.models import Contact
from joinus.demo.fill.stencil import GROUP
from participants.models import (
    Agreement,
    ConsentLink,
    Guardian,
    ParentalConsent,
    ParentsAtExit,
)

if TYPE_CHECKING:
    from joinus.demo.fill.stays import Stay  # which leans on this

LINK_LIVES = timedelta(days=30)
#: From this age on the young person decides alone.
ALONE = 16


def account(stay: "Stay", at: datetime) -> None:
    user = stay.block.add(
        User,
        kind="participant",
        email=stay.contact.email,
        name=stay.contact.name,
        contact_id=stay.contact.pk,
        password="!fill",  # noqa: S106  # no password is this
        joined_at=at,
    )
    stay.person.user_id = user.pk


def own_yes(stay: "Stay", day: date) -> None:
    for subject in ("privacy", "participation"):
        text, sha256 = stay.block.reference.texts[subject]
        stay.block.add(
            Agreement,
            trajectory_id=stay.row.pk,
            subject=subject,
            text_id=text,
            text_sha256=sha256,
            given_at=clock.at(day, 18),
        )


def asked_parents(stay: "Stay", day: date) -> Any:
    """A parent was entered and mailed on `day`."""
    block, at = stay.block, clock.at(day, 17)
    email = f"ouder{stay.number}.{GROUP}@fill.example"
    contact = block.add(Contact, name="Inge Visser", email=email, safe_channels=["email"])
    guardian = block.add(
        Guardian,
        participant_id=stay.person.pk,
        contact_id=contact.pk,
        relation="mother",
        entered_at=at,
        entered_by_id=stay.person.user_id,
    )
    text, sha256 = block.reference.texts["parental_consent"]
    consent = block.add(
        ParentalConsent,
        trajectory_id=stay.row.pk,
        guardian_id=guardian.pk,
        text_id=text,
        text_sha256=sha256,
        released_by_id=stay.by,
        released_at=at,
        expires_at=at + LINK_LIVES,
    )
    block.add(
        ConsentLink,
        consent_id=consent.pk,
        purpose="answer",
        token_hash=block.new_key().bytes * 2,
        issued_at=at,
    )
    return consent


def parents_yes(stay: "Stay", day: date) -> None:
    consent = asked_parents(stay, day - timedelta(days=1))
    consent.answer, consent.answered_at = "yes", clock.at(day, 18)
    consent.child_name, consent.answered_name = "Bo", "Inge Visser"
    consent.answered_language, consent.answered_relation = "nl", "mother"
    alone = _decides_alone_since(stay)
    if alone is not None:
        consent.obsolete_at = clock.at(alone, 1)


def _decides_alone_since(stay: "Stay") -> date | None:
    """The birthday from which parents are not asked any more, when it lies behind us.

    In every print alike: who would turn 16 in some prints only is born on one day in all of them.
    """
    day, room = stay.block.born[stay.number]
    today = stay.block.today
    first, last = (age_on(d, today) >= ALONE for d in (day, day + timedelta(days=room)))
    if first != last:
        stay.block.born[stay.number] = (day, 0)
    return birthday(day + timedelta(days=room), ALONE) if first else None


def parents_heard(stay: "Stay", day: date) -> None:
    stay.block.add(
        ParentsAtExit,
        trajectory_id=stay.row.pk,
        spoken_on=day,
        by_id=stay.by,
        at=clock.at(day, 16),
    )

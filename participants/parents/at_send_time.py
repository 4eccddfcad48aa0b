"""Whether a mail to a parent may still leave: asked of a whole batch, at the moment it does."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from core import clock
from core.organisations.models import Group, Organisation
from core.ports import About
from participants.consent import needed as yeses
from participants.consent.at_home import homes_of
from participants.models import FeedbackConsent, Guardian, ParentalConsent, Trajectory
from participants.parents import mail
from participants.parents.mail_home import why_not_write
from participants.parents.question import waits_for_answer


def message_wanted(kind: str, asked: Collection[About]) -> set[About] | None:
    """Answers the port: a question leaves only while it can be answered, nothing where it harms."""
    subjects = {about.subject for about in asked}
    if kind == mail.INFORMATION:
        wanted = _still_inform(subjects)
    elif kind in (*mail.WHILE_OPEN, mail.RECEIPT):
        rows = ParentalConsent.objects.filter(pk__in=subjects)
        found = list(rows.select_related("trajectory__participant"))
        wanted = _safe(found) if kind == mail.RECEIPT else _answerable(found, clock.now())
    else:
        return None
    return {about for about in asked if about.subject in wanted}


def stops_at_once() -> Collection[str]:
    """Answers the port: after "home may not know" is said, nothing that goes home leaves (C-48)."""
    return (*mail.WHILE_OPEN, mail.RECEIPT, mail.INFORMATION, FeedbackConsent.LETTER)


def _safe(rows: Collection[ParentalConsent]) -> set[UUID]:
    return {row.pk for row in _safe_rows(rows)}


def _safe_rows(rows: Collection[ParentalConsent]) -> list[ParentalConsent]:
    homes = homes_of({row.trajectory_id for row in rows})
    return [row for row in rows if not homes[row.trajectory_id].is_unsafe]


def _answerable(rows: Iterable[ParentalConsent], now: datetime) -> set[UUID]:
    """`is_answerable` of many, in one query more."""
    rows = _safe_rows([row for row in rows if waits_for_answer(row, now)])
    policies = _policies([row.trajectory for row in rows], clock.day_of(now))
    return {row.pk for row in rows if policies[row.trajectory_id].required}


def _still_inform(guardian_ids: Collection[UUID]) -> set[UUID]:
    """What was true when it was released: a running stay, a safe home, parents only informed."""
    guardians = list(Guardian.objects.filter(pk__in=guardian_ids))
    stays = Trajectory.objects.running().filter(
        participant__in={guardian.participant_id for guardian in guardians}
    )
    running = {stay.participant_id: stay for stay in stays.select_related("participant")}
    homes = homes_of({stay.pk for stay in running.values()})
    policies = _policies(running.values(), clock.today())
    return {
        guardian.pk
        for guardian in guardians
        if (stay := running.get(guardian.participant_id)) is not None
        and policies[stay.pk].informed_only
        and not why_not_write(guardian, stay, homes[stay.pk])
    }


def _policies(stays: Iterable[Trajectory], day: date) -> dict[UUID, yeses.Policy]:
    """`policy_for` each of these in one query; their people are loaded with them."""
    stays = list(stays)
    groups = Group.objects.filter(pk__in={stay.group_id for stay in stays if stay.group_id})
    asks: dict[UUID | None, tuple[int, bool]] = {
        group: (age, policy == Organisation.ConsentPolicy.INFORMED)
        for group, age, policy in groups.values_list(
            "pk", "location__organisation__consent_age", "location__organisation__consent_policy"
        )
    }
    nobody = (yeses.DEFAULT_AGE, False)
    return {stay.pk: yeses.policy_of(stay, *asks.get(stay.group_id, nobody), day) for stay in stays}

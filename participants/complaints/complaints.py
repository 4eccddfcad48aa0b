"""Something is not okay: told to a named person outside the group, unseen by its workers.

Who hears it is a coordinator of the region or a quality coordinator who does not work, and never
worked, in a group of this person; so a coordinator who also leads the group never reads what is
told about it. The young person chooses between the names and sees the day of the answer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import RoleAssignment, User
from core.accounts.roles import Role
from core.errors import RuleBroken
from core.locks import lock_one
from core.names import alphabetical
from participants.complaints import mail as complaint_mail
from participants.models import Complaint, ComplaintStep, Trajectory
from participants.recusal import recusal
from participants.stay.lock import lock

#: Working days until the answer that is promised.
WORKING_DAYS = 3
FRIDAY = 4
Kind = ComplaintStep.Kind


def answer_by(day: date) -> date:
    """Three working days later; weekends do not count."""
    left = WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() <= FRIDAY
    return day


@dataclass(frozen=True)
class Hearer:
    """`near`: a coordinator of the region, rather than of everywhere."""

    user: User
    role: str
    near: bool


def who_hears(trajectory: Trajectory) -> list[Hearer]:
    """Names to choose from, the region's own coordinators first; nobody of the own groups."""
    return who_hear([trajectory])[trajectory.pk]


def who_hear(stays: Sequence[Trajectory]) -> dict[UUID, list[Hearer]]:
    """For many stays at once, in a fixed number of queries: their groups come along."""
    people = {stay.participant_id for stay in stays}
    not_asked = recusal.kept_out(people) | _ever_near(people)
    regions = {region_of(stay) for stay in stays}
    asked = RoleAssignment.objects.in_force(clock.today()).filter(
        Q(role=Role.REGIONAL_COORDINATOR, region__in=regions) | Q(role=Role.QUALITY_COORDINATOR),
        user__is_active=True,
    )
    roles = list(asked.select_related("user").order_by("-role", alphabetical("user__name")))
    found: dict[UUID, dict[UUID, Hearer]] = {stay.pk: {} for stay in stays}
    for stay in stays:
        for role in roles:
            near = role.region_id == region_of(stay)
            here = near or role.role == Role.QUALITY_COORDINATOR
            if here and (stay.participant_id, role.user_id) not in not_asked:
                hearer = Hearer(role.user, str(role.get_role_display()), near)
                found[stay.pk].setdefault(role.user_id, hearer)
    return {key: list(hearers.values()) for key, hearers in found.items()}


def _ever_near(people: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """(person, worker) of who leads, or ever led, a group of that person."""
    led = Trajectory.objects.filter(
        participant__in=people, group__role_assignments__role=Role.YOUTH_WORKER
    )
    return set(led.values_list("participant_id", "group__role_assignments__user_id"))


def region_of(trajectory: Trajectory) -> UUID:
    group = trajectory.group
    return group.location.region_id if group else trajectory.region_id


@transaction.atomic
def tell(*, trajectory: Trajectory, to: User, words: str, by: User) -> Complaint:
    """Only the young person tells it here. Raises RuleBroken: not_yours, words_needed,
    not_this_person."""
    lock(trajectory)
    if by is None or by.pk != trajectory.participant.user_id:
        raise RuleBroken(_("Only you can tell this here."), code="not_yours")
    if not words.strip():
        raise RuleBroken(_("Write what is not okay, please."), "words_needed", "words")
    if to.pk not in {one.user.pk for one in who_hears(trajectory)}:
        raise RuleBroken(_("Choose one of these people, please."), "not_this_person", "to")
    row = Complaint.objects.create(
        trajectory=trajectory,
        group=trajectory.group,
        region_id=region_of(trajectory),
        to=to,
        words=words.strip(),
        told_at=clock.now(),
        answer_by=answer_by(clock.today()),
    )
    complaint_mail.told(row)
    return row


@transaction.atomic
def tell_more(*, complaint: Complaint, words: str, by: User) -> ComplaintStep:
    """Raises RuleBroken: not_yours, words_needed, closed."""
    row = _lock(complaint)
    if by.pk != row.trajectory.participant.user_id:
        raise RuleBroken(_("Only you can tell this here."), code="not_yours")
    return _step(row, Kind.MORE, words, by)


@transaction.atomic
def answer(*, complaint: Complaint, words: str, by: User) -> ComplaintStep:
    """Back to the young person; they read it on their own page. Raises as `tell_more`."""
    row = _lock(complaint)
    step = _step(row, Kind.ANSWER, words, by)
    complaint_mail.answered(step)
    return step


@transaction.atomic
def note(*, complaint: Complaint, words: str, by: User) -> ComplaintStep:
    """What was done about it; the young person does not read it here."""
    return _step(_lock(complaint), Kind.NOTE, words, by)


@transaction.atomic
def close(*, complaint: Complaint, by: User) -> Complaint:
    """Solved. Raises RuleBroken: closed, answer_first."""
    row = _lock(complaint)
    _need_open(row)
    erased = row.trajectory.participant.erased_at is not None
    if not erased and not row.steps.filter(kind=Kind.ANSWER).exists():
        raise RuleBroken(_("First answer the young person."), code="answer_first")
    row.closed_at, row.closed_by = clock.now(), by
    if erased:
        row.words = ""
        row.steps.update(words="")
    row.save(update_fields=["closed_at", "closed_by", "words"])
    return row


def _step(row: Complaint, kind: str, words: str, by: User) -> ComplaintStep:
    _need_open(row)
    if not words.strip():
        raise RuleBroken(_("Write something first, please."), "words_needed", "words")
    return ComplaintStep.objects.create(
        complaint=row, kind=kind, by=by, at=clock.now(), words=words.strip()
    )


def _need_open(row: Complaint) -> None:
    if row.closed_at is not None:
        raise RuleBroken(_("This was closed already."), code="closed")


def _lock(complaint: Complaint) -> Complaint:
    lock(complaint.trajectory)
    rows = Complaint.objects.select_related("trajectory__participant__contact", "to")
    return lock_one(rows.filter(pk=complaint.pk))

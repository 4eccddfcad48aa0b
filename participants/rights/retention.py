"""Whose term is over, and what then goes: persons, registrations, words (trust.md 12).

`Expired` says how many and does it only when told; a dry run reads the same rows.
"""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from core import clock
from core.months import add_months
from core.organisations.retention import Terms
from core.privacy import Expired
from participants.models import (
    Complaint,
    ComplaintStep,
    DataRequest,
    Participant,
    Trajectory,
)
from participants.rights import erasure
from participants.signup import interest


def expired(day: date, terms: Terms) -> list[Expired]:
    return [
        *_persons(day, terms),
        _interest(day, terms),
        _requests(day, terms),
        _complaints(day, terms),
    ]


def _persons(day: date, terms: Terms) -> Iterator[Expired]:
    """Everything ended long ago, on the term of the organisation of the newest stay; an open
    question about the own data is answered first."""
    over: dict[str, list[UUID]] = {"stay": [], "sign_up": []}
    shortest = min(terms.shortest("stay"), terms.shortest("sign_up"))
    running = Trajectory.objects.running().filter(participant=OuterRef("pk"))
    asked = DataRequest.objects.filter(trajectory__participant=OuterRef("pk"), answered_at=None)
    took_part = Trajectory.objects.filter(participant=OuterRef("pk"), definitive_on__isnull=False)
    known: QuerySet[Participant] = Participant.objects.filter(erased_at=None)
    people = (
        known.exclude(Exists(running))
        .exclude(Exists(asked))
        .annotate(ended=Max("trajectories__ended_on"), took_part=Exists(took_part))
        .filter(ended__lte=add_months(day, -shortest))
    )
    organisations = dict(
        Trajectory.objects.filter(participant__in=people.values("pk"), group__isnull=False)
        .order_by("signed_up_at")
        .values_list("participant", "group__location__organisation")
    )
    for person in people:
        key = "stay" if person.took_part else "sign_up"
        if person.ended <= terms.before(key, day, organisations.get(person.pk)):
            over[key].append(person.pk)
    for key, ids in over.items():
        yield Expired(key, len(ids), partial(_erase, ids))


def _erase(ids: list[UUID]) -> int:
    """Each person in a transaction of their own."""
    people = Participant.objects.filter(pk__in=ids).order_by("pk")
    return sum(erasure.erase_person(participant=person) for person in people)


def _interest(day: date, terms: Terms) -> Expired:
    rows = list(interest.over(day, terms))

    def go() -> int:
        for row in rows:
            interest.delete_interest(registration=row)
        return len(rows)

    return Expired("interest", len(rows), go)


def _requests(day: date, terms: Terms) -> Expired:
    rows = [
        row.pk
        for row in DataRequest.objects.filter(
            answered_at__lt=_end_of(add_months(day, -terms.shortest("data_request")))
        )
        .exclude(words="", answer="")
        .select_related("trajectory__group__location")
        if row.answered_at
        and row.answered_at < _end_of(terms.before("data_request", day, _organisation(row)))
    ]
    return Expired(
        "data_request",
        len(rows),
        lambda: DataRequest.objects.filter(pk__in=rows).update(words="", answer=""),
    )


def _complaints(day: date, terms: Terms) -> Expired:
    worded = ComplaintStep.objects.filter(complaint=OuterRef("pk")).exclude(words="")
    ids = list(
        Complaint.objects.filter(closed_at__lt=_end_of(terms.before("complaint", day)))
        .filter(~Q(words="") | Exists(worded))
        .values_list("pk", flat=True)
    )

    @transaction.atomic
    def go() -> int:
        ComplaintStep.objects.filter(complaint__in=ids).update(words="")
        return Complaint.objects.filter(pk__in=ids).update(words="")

    return Expired("complaint", len(ids), go)


def _organisation(row: DataRequest) -> UUID | None:
    group = row.trajectory.group
    return group.location.organisation_id if group else None


def _end_of(day: date) -> datetime:
    return clock.at(day, 23, 59)

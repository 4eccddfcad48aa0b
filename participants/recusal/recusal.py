"""Who knows whom: whoever knows the young person or the family stays out (trust.md 1 and 3).

The young person says it (with the sign-up, in the first talk, on the own page) or the worker does;
why is never asked. From the next request on everything about this person answers 404 to that
worker; on the sheet of an evening the call name and the presence stay, because whoever is there
counts heads. The other worker goes on; is nobody left, the coordinator finds somebody. A
coordinator stays out in the same way: a colleague of the region has the questions (ADR 0008).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Actor, Viewer, is_participant
from core.accounts.models import RoleAssignment, User
from core.accounts.portraits import workers_at
from core.accounts.rights import may, reach
from core.accounts.roles import Role
from core.drafts.keeping import bar
from core.errors import RuleBroken
from core.facts import Asked, Facts
from core.locks import lock_copy, lock_first
from core.messaging.models import Contact, Message
from core.names import alphabetical
from core.ports import Part, Todo, TodoRule, each
from core.ready_made import ReadyMade, many
from participants.models import (
    Guardian,
    KnowsSomebody,
    Participant,
    Recusal,
    Trajectory,
)
from participants.models.recusal import not_recused
from participants.permissions import CONSULT, FIND_COORDINATOR
from participants.recusal.who_works_here import workers_of
from participants.stay.lock import lock
from participants.todo_kinds import Kind

Said = Recusal.Said


@dataclass(frozen=True)
class Colleague:
    """A worker of the group, or a coordinator of the region, today; `recusal` when out."""

    user: User
    recusal: Recusal | None
    coordinates: bool = False

    @property
    def said_it_themselves(self) -> bool:
        return self.recusal is not None and self.recusal.said_by == Said.WORKER


def out_of(user: Viewer) -> set[UUID]:
    """The people whose stay this worker keeps out of."""
    return set(
        Recusal.objects.in_force().filter(worker=user.pk).values_list("participant_id", flat=True)
    )


def stays_out_since(user: Viewer) -> datetime | None:
    """The last time it was said that this worker stays out of somebody."""
    said = Recusal.objects.filter(worker=user.pk).aggregate(last=Max("at"))
    last: datetime | None = said["last"]
    return last


def kept_out(people: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """(person, professional) of who stays out of whom: left out of whoever is asked or told."""
    return set(_KEPT_OUT(people=list(people)))


def _kept_out(*, people: list[UUID]) -> QuerySet[Recusal, Any]:
    rows = Recusal.objects.in_force().filter(participant__in=people).order_by()
    found: QuerySet[Recusal, Any] = rows.values_list("participant_id", "worker_id")
    return found


_KEPT_OUT = ReadyMade(lambda person, worker: (person, worker), _kept_out, people=many)


def in_force_between(*, participant: Any, worker: Any) -> QuerySet[Recusal]:
    """For `Exists` in a statement about many people; both are columns of it."""
    return Recusal.objects.in_force().filter(participant=participant, worker=worker)


def who_stays_out(person: UUID) -> set[UUID]:
    return {worker for _person, worker in kept_out([person])}


def guides_of(stay: Trajectory) -> list[User]:
    """Today's workers of the stay's group who go on with it."""
    out = who_stays_out(stay.participant_id)
    workers = workers_of(stay.group_id) if stay.group_id else []
    return [user for user in workers if user.pk not in out]


def coordinators_of(stay: Trajectory) -> QuerySet[User]:
    """Today's coordinators of the stay's region who are asked about it, by name."""
    held = coordinators_at(Q(region=stay.region_id))
    found: QuerySet[User] = User.objects.filter(pk__in=held.values("user"))
    return found.exclude(pk__in=who_stays_out(stay.participant_id)).order_by(
        alphabetical("name"), "pk"
    )


def colleagues(stay: Trajectory) -> list[Colleague]:
    """Today's workers of the stay's group, by first name."""
    if stay.group_id is None:
        return []
    out = {
        row.worker_id: row
        for row in Recusal.objects.in_force().filter(participant=stay.participant_id)
    }
    return [Colleague(user, out.get(user.pk)) for user in workers_of(stay.group_id)]


def everybody(stay: Trajectory) -> list[Colleague]:
    """The workers, and the coordinators of the region: whom somebody may turn out to know."""
    out = {
        row.worker_id: row
        for row in Recusal.objects.in_force().filter(participant=stay.participant_id)
    }
    workers = workers_of(stay.group_id) if stay.group_id else []
    others = [user for user in coordinators_in(stay.region_id) if user not in workers]
    return [
        *(Colleague(user, out.get(user.pk)) for user in workers),
        *(Colleague(user, out.get(user.pk), coordinates=True) for user in others),
    ]


def coordinators_in(region_id: UUID) -> list[User]:
    return _by(coordinators_at(Q(region=region_id)), "region_id").get(region_id, [])


def coordinators_at(regions: Q) -> QuerySet[RoleAssignment]:
    """Today's assignments of coordinators, for the regions that `regions` names."""
    return (
        RoleAssignment.objects.in_force(clock.today())
        .filter(role=Role.REGIONAL_COORDINATOR, user__is_active=True)
        .filter(regions)
    )


def coordinates(user: Viewer, stay: Trajectory) -> bool:
    """Is this a coordinator of the stay's region who does not keep out of it?"""
    if stay.region_id not in reach(user, CONSULT).regions:
        return False
    return user.pk not in who_stays_out(stay.participant_id)


def need_a_coordinator(stay: Trajectory) -> None:
    """A question needs a reader. Raises RuleBroken("no_coordinator") when every coordinator of the
    region keeps out; a region that has none yet keeps the question for the one who comes."""
    known = [c for c in everybody(stay) if c.coordinates]
    if known and all(c.recusal for c in known):
        raise RuleBroken(
            _(
                "The coordinator of your region knows this person and reads nothing. Talk it over"
                " with your colleague, or call the foundation, without a name."
            ),
            code="no_coordinator",
        )


@transaction.atomic
def recuse(*, trajectory: Trajectory, worker: User, by: Actor, said_by: str) -> Recusal:
    """This worker or coordinator stays out from now on; saying it twice changes nothing.

    Raises RuleBroken("not_of_this_group") for somebody who neither leads the stay's group nor
    coordinates its region.
    """
    lock(trajectory)
    if worker not in [colleague.user for colleague in everybody(trajectory)]:
        raise RuleBroken(
            _("Choose one of the youth workers of this group, or the coordinator."),
            code="not_of_this_group",
            field="workers",
        )
    person = trajectory.participant
    stands = Recusal.objects.in_force().filter(participant=person, worker=worker).first()
    if stands is not None:
        return stands
    row = Recusal.objects.create(
        participant=person, worker=worker, by=by, at=clock.now(), said_by=said_by
    )
    bar(user=worker, about=[person.pk, *person.trajectories.values_list("pk", flat=True)])
    for contact in _contacts_of(person):
        contact.hidden_from.add(worker)
    Message.objects.filter(
        contact=worker.contact_id, subject_id=trajectory.pk, state=Message.State.QUEUED
    ).update(state=Message.State.WITHDRAWN, reason="recused")
    if trajectory.first_contact_with_id == worker.pk:
        trajectory.first_contact_with = None
        trajectory.save(update_fields=["first_contact_with"])
    return row


@transaction.atomic
def let_in(*, recusal: Recusal, by: User) -> Recusal:
    """The coordinator, or the young person who said it, lets the worker in again."""
    row = lock_copy(recusal)
    if row.ended_at is not None:
        return row
    row.ended_at, row.ended_by = clock.now(), by
    row.save(update_fields=["ended_at", "ended_by"])
    for contact in _contacts_of(row.participant):
        contact.hidden_from.remove(row.worker)
    return row


def hide_guardian(guardian: Guardian) -> None:
    """A parent entered later is hidden from the same workers as the child."""
    out = who_stays_out(guardian.participant_id)
    guardian.contact.hidden_from.add(*User.objects.filter(pk__in=out))


@transaction.atomic
def say_who_i_know(
    *,
    trajectory: Trajectory,
    workers: Iterable[User],
    somebody: bool,
    note: str,
    by: User,
    said_by: str,
) -> None:
    """Everything at once, as it was ticked. Only the young person takes an own tick back."""
    lock(trajectory)
    ticked = list(workers)
    for worker in ticked:
        recuse(trajectory=trajectory, worker=worker, by=by, said_by=said_by)
    if is_participant(by):
        for row in Recusal.objects.in_force().filter(
            participant=trajectory.participant_id, said_by=Said.YOUNG_PERSON
        ):
            if row.worker not in ticked:
                let_in(recusal=row, by=by)
    if not somebody:
        KnowsSomebody.objects.filter(trajectory=trajectory).delete()
        return
    known = KnowsSomebody.objects.filter(trajectory=trajectory).first()
    known = known or KnowsSomebody(trajectory=trajectory, at=clock.now())
    known.note = note.strip()
    known.save()


@transaction.atomic
def know_at_sign_up(*, trajectory_id: UUID, worker_id: UUID | None) -> bool:
    """Said on the page right after the sign-up, without an account; None: somebody in the group.

    Says only whether it was kept: an unknown stay, one that has been spoken already and a worker
    of another group keep nothing.
    """
    arriving = Trajectory.objects.filter(
        pk=trajectory_id, phase__in=Trajectory.Phase.ARRIVING, contacted_at__isnull=True
    )
    stay = lock_first(arriving.select_related("participant__contact"))
    if stay is None or stay.group_id is None:
        return False
    if worker_id is None:
        KnowsSomebody.objects.get_or_create(trajectory=stay, defaults={"at": clock.now()})
        return True
    worker = next((w for w in workers_of(stay.group_id) if w.pk == worker_id), None)
    if worker is None:
        return False
    recuse(trajectory=stay, worker=worker, by=None, said_by=Said.YOUNG_PERSON)
    return True


@dataclass(frozen=True)
class Alone:
    """Somebody whose every worker stays out, so that another one has to be found."""

    id: UUID
    name: str
    group: UUID | None


def _alone(user: Viewer) -> QuerySet[Trajectory]:
    regions = reach(user, CONSULT).regions
    return Trajectory.objects.left_alone().filter(not_recused(user), region__in=regions)


def _left_alone(row: Alone, _asked: Asked) -> Todo:
    """For the coordinator."""
    return Todo(
        kind=Kind.LEFT_ALONE,
        about=row.id,
        urgency=0,
        when=_("now"),
        title=_("Nobody can guide %(name)s") % {"name": row.name},
        reason=_("Every youth worker of the group knows this person and stays out."),
        action=_("Look who can"),
        url=reverse("participants:recusals"),
        group_id=row.group,
    )


@dataclass(frozen=True)
class Uncoordinated:
    """A region in which every coordinator stays out of somebody; not of whom."""

    region: UUID
    name: str


def _uncoordinated(_user: Viewer) -> QuerySet[Any]:
    return Trajectory.objects.uncoordinated().distinct()


def _no_coordinator(row: Uncoordinated, _asked: Asked) -> Todo:
    """For the foundation."""
    return Todo(
        kind=Kind.NO_COORDINATOR,
        about=row.region,
        urgency=0,
        when=_("now"),
        title=_("%(region)s needs a second coordinator") % {"region": row.name},
        reason=_(
            "Every coordinator there knows one of the young people and stays out. Ask somebody"
            " of another region to help."
        ),
        action=_("Look"),
        url=reverse("home:today"),
    )


ALONE = Facts(Alone, _alone, {"name": "shown_name", "group": "group_id"})
UNCOORDINATED = Facts(
    Uncoordinated, _uncoordinated, {"region": "region_id", "name": "region__name"}
)
RULES = (
    TodoRule(
        (Kind.LEFT_ALONE,),
        parts=(Part(ALONE, each(_left_alone)),),
        asks=lambda user: may(user, CONSULT) and not may(user, FIND_COORDINATOR),
    ),
    TodoRule(
        (Kind.NO_COORDINATOR,),
        parts=(Part(UNCOORDINATED, each(_no_coordinator)),),
        asks=lambda user: may(user, FIND_COORDINATOR),
    ),
)


def _contacts_of(person: Participant) -> list[Contact]:
    guardians = Guardian.objects.filter(participant=person).select_related("contact")
    return [person.contact, *(guardian.contact for guardian in guardians)]


def who_is_told(trajectory: Trajectory) -> list[User]:
    """Today's workers of the stay's group, or else the coordinators of its region.

    A worker who stays out of this stay hears nothing about it.
    """
    return who_are_told([trajectory])[trajectory.pk]


def who_are_told(stays: Iterable[Trajectory]) -> dict[UUID, list[User]]:
    """`who_is_told` of each of these, in at most three queries."""
    stays = list(stays)
    out = kept_out({stay.participant_id for stay in stays})
    workers = _by(workers_at(Q(group__in={stay.group_id for stay in stays})), "group_id")
    told: dict[UUID, list[User]] = {}
    for stay in stays:
        mine = workers.get(stay.group_id, ()) if stay.group_id else ()
        told[stay.pk] = [u for u in mine if u.contact_id and (stay.participant_id, u.pk) not in out]
    unguided = [stay for stay in stays if not told[stay.pk]]
    if unguided:
        coordinators = _by(
            coordinators_at(Q(region__in={s.region_id for s in unguided})), "region_id"
        )
        for stay in unguided:
            theirs = coordinators.get(stay.region_id, ())
            told[stay.pk] = [u for u in theirs if (stay.participant_id, u.pk) not in out]
    return told


def _by(assignments: QuerySet[RoleAssignment], place: str) -> dict[UUID, list[User]]:
    """Who holds these, by where they hold them: each once, in the order of their names."""
    rows = assignments.select_related("user__contact").order_by(
        alphabetical("user__name"), "user__pk"
    )
    found: dict[UUID, dict[UUID, User]] = {}
    for row in rows:
        found.setdefault(getattr(row, place), {})[row.user_id] = row.user
    return {at: list(users.values()) for at, users in found.items()}

"""Who knows whom: a worker who knows the young person or the family stays out (trust.md 1 and 3).

The young person says it (with the sign-up, in the first talk, on the own page) or the worker does;
why is never asked. From the next request on everything about this person answers 404 to that
worker; on the sheet of an evening the call name and the presence stay, because whoever is there
counts heads. The other worker goes on; is nobody left, the coordinator finds somebody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import RoleAssignment, User
from core.accounts.rights import reach
from core.accounts.roles import Role
from core.errors import RuleBroken
from core.messaging.models import Contact, Message
from core.ports import Todo
from participants.models import (
    Guardian,
    KnowsSomebody,
    Participant,
    Recusal,
    Told,
    Trajectory,
)
from participants.permissions import CONSULT
from participants.querysets import ARRIVING
from participants.stays import lock

Said = Recusal.Said


@dataclass(frozen=True)
class Colleague:
    """A worker of the group today; `recusal` when this one stays out."""

    user: User
    recusal: Recusal | None

    @property
    def said_it_themselves(self) -> bool:
        return self.recusal is not None and self.recusal.said_by == Said.WORKER


def hidden_subjects(user: Any) -> QuerySet[Any]:
    """Answers the port: what a referrer was told about somebody this worker stays out of."""
    ours = Recusal.objects.in_force().filter(worker=getattr(user, "pk", None))
    told = Told.objects.filter(tie__trajectory__participant__in=ours.values("participant"))
    return told.values("pk")


def out_of(user: Any) -> set[UUID]:
    """The people whose stay this worker keeps out of."""
    return set(
        Recusal.objects.in_force().filter(worker=user).values_list("participant_id", flat=True)
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


def workers_of(group_id: UUID) -> list[User]:
    rows = (
        RoleAssignment.objects.in_force(clock.today())
        .filter(role=Role.YOUTH_WORKER, user__is_active=True, group=group_id)
        .select_related("user")
        .order_by("user__name", "user__pk")
    )
    return list({row.user_id: row.user for row in rows}.values())


@transaction.atomic
def recuse(*, trajectory: Trajectory, worker: User, by: Any, said_by: str) -> Recusal:
    """This worker stays out from now on; saying it twice changes nothing.

    Raises RuleBroken("not_of_this_group") for somebody who does not lead the stay's group.
    """
    lock(trajectory)
    if trajectory.group_id is None or worker not in workers_of(trajectory.group_id):
        raise RuleBroken(
            _("Choose one of the youth workers of this group."),
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
def let_in(*, recusal: Recusal, by: Any) -> Recusal:
    """The coordinator, or the young person who said it, lets the worker in again."""
    row = Recusal.objects.select_for_update(of=("self",)).get(pk=recusal.pk)
    if row.ended_at is not None:
        return row
    row.ended_at, row.ended_by = clock.now(), by
    row.save(update_fields=["ended_at", "ended_by"])
    for contact in _contacts_of(row.participant):
        contact.hidden_from.remove(row.worker)
    return row


def hide_guardian(guardian: Guardian) -> None:
    """A parent entered later is hidden from the same workers as the child."""
    guardian.contact.hidden_from.add(
        *Recusal.objects.in_force()
        .filter(participant=guardian.participant_id)
        .values_list("worker", flat=True)
    )


@transaction.atomic
def say_who_i_know(
    *,
    trajectory: Trajectory,
    workers: Iterable[User],
    somebody: bool,
    note: str,
    by: Any,
    said_by: str,
) -> None:
    """Everything at once, as it was ticked. Only the young person takes an own tick back."""
    lock(trajectory)
    ticked = list(workers)
    for worker in ticked:
        recuse(trajectory=trajectory, worker=worker, by=by, said_by=said_by)
    if getattr(by, "is_participant", False):
        for row in Recusal.objects.in_force().filter(
            participant=trajectory.participant_id, said_by=Said.YOUNG_PERSON
        ):
            if row.worker not in ticked:
                let_in(recusal=row, by=by)
    if not somebody:
        KnowsSomebody.objects.filter(trajectory=trajectory).delete()
        return
    row = KnowsSomebody.objects.filter(trajectory=trajectory).first()
    known = row or KnowsSomebody(trajectory=trajectory, at=clock.now())
    known.note = note.strip()
    known.save()


@transaction.atomic
def know_at_sign_up(*, trajectory_id: UUID, worker_id: UUID | None) -> bool:
    """Said on the page right after the sign-up, without an account; None: somebody in the group.

    Says only whether it was kept: an unknown stay, one that has been spoken already and a worker
    of another group keep nothing.
    """
    arriving = Trajectory.objects.filter(
        pk=trajectory_id, phase__in=ARRIVING, contacted_at__isnull=True
    )
    stay = arriving.select_for_update(of=("self",)).select_related("participant__contact").first()
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


def waiting(user: Any) -> list[Todo]:
    """For the coordinator: every worker of the group stays out, so somebody has to be found."""
    regions = reach(user, CONSULT).regions
    if not regions:
        return []
    stays = Trajectory.objects.left_alone().filter(region__in=regions)
    own = out_of(user)
    return [
        Todo(
            key=f"left alone:{stay.pk}",
            urgency=0,
            when=_("now"),
            title=_("Nobody can guide somebody of %(group)s") % {"group": stay.group}
            if stay.participant_id in own
            else _("Nobody can guide %(name)s") % {"name": stay.participant.call_name},
            reason=_("You stay out yourself: ask another coordinator to find somebody.")
            if stay.participant_id in own
            else _("Every youth worker of the group knows this person and stays out."),
            action=_("Look who can"),
            url=reverse("participants:recusals"),
            group_id=stay.group_id,
        )
        for stay in stays.select_related("participant", "group").order_by("pk")
    ]


def _contacts_of(person: Participant) -> list[Contact]:
    guardians = Guardian.objects.filter(participant=person).select_related("contact")
    return [person.contact, *(guardian.contact for guardian in guardians)]

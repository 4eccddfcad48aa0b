from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from core import clock
from core.accounts.models import RoleAssignment
from core.accounts.rights import reach
from core.accounts.roles import Role
from participants.permissions import (
    ANSWER_REQUESTS,
    CONSULT,
    DECIDE,
    HEAR_COMPLAINTS,
    SEE_APPLICANTS,
    SEE_FILE,
    SEE_JOURNEY,
    SEE_REGISTER,
)

ARRIVING = ("signed_up", "intake")
ENDED = ("former", "referred", "withdrawn")
PLACED = ("trial", "participating", "paused", "leaving")


def not_recused(user: Any, path: str = "participant") -> Q:
    """Leaves out people this professional stays out of; `path` leads from the row to the person.

    Every list or page about a person starts with it, on every floor: `visible_to` of
    participants, groups and questionnaires does, and so does each to-do (trust.md 3). It holds
    for a coordinator as for a worker (ADR 0008).
    """
    recusals = apps.get_model("participants", "Recusal")._default_manager
    hers = recusals.filter(ended_at__isnull=True, worker=getattr(user, "pk", None))
    return ~Q(**{f"{path}__in": hers.values("participant")})


class ParticipantQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> ParticipantQuerySet:
        """The own person, and the people of the stays whose file this user may open."""
        if getattr(user, "is_participant", False):
            return self.filter(user=user)
        q = reach(user, SEE_FILE).as_q("trajectories__group__")
        stays = self.model._default_manager.filter(q, not_recused(user, "pk"))
        return self.filter(pk__in=stays.values("pk"))


class TrajectoryQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> TrajectoryQuerySet:
        """Stays whose file may be opened: the own one, or those of the worker's groups."""
        if getattr(user, "is_participant", False):
            return self.filter(participant__user=user)
        far = reach(user, SEE_FILE).as_q("group__")
        return self._known().filter(far, not_recused(user), group__isnull=False)

    def journey_visible_to(self, user: Any) -> TrajectoryQuerySet:
        """Stays whose phase, attendance and challenges may be followed (workers, coordinator)."""
        far = reach(user, SEE_JOURNEY).as_q("group__")
        return self._known().filter(far, not_recused(user), group__isnull=False)

    def applicants_visible_to(self, user: Any) -> TrajectoryQuerySet:
        """Before placement: workers of the wanted group; without a group the coordinator.

        So does somebody whose every worker stays out: the coordinator finds another way.
        """
        far = reach(user, SEE_APPLICANTS)
        found = self.filter(not_recused(user), phase__in=ARRIVING)
        if not far.regions:
            own = Q(group__isnull=False) & far.as_q("group__") if far.groups else Q(pk__in=[])
            return found.filter(own)
        own = Q(group__in=far.groups)
        theirs = Q(region__in=far.regions) & (Q(group__isnull=True) | self._alone())
        return found.filter(own | theirs)

    def _known(self) -> TrajectoryQuerySet:
        """Less those of somebody whose data were erased."""
        return self.filter(participant__erased_at=None)

    def regionally_visible_to(self, user: Any, people: list[Any]) -> TrajectoryQuerySet:
        """Running stays of these people in the coordinator's own regions."""
        return self.running().filter(
            not_recused(user), participant__in=people, region__in=reach(user, CONSULT).regions
        )

    def left_alone(self) -> TrajectoryQuerySet:
        """Running stays with a group whose every worker stays out of them."""
        return self.running().filter(self._alone(), group__isnull=False)

    @staticmethod
    def _alone() -> Q:
        recusals = apps.get_model("participants", "Recusal")._default_manager
        in_force = recusals.filter(ended_at__isnull=True)
        somebody = in_force.filter(participant=OuterRef("participant"))
        this_one = in_force.filter(
            participant=OuterRef(OuterRef("participant")), worker=OuterRef("user")
        )
        workers = RoleAssignment.objects.in_force(clock.today()).filter(
            ~Exists(this_one),
            group=OuterRef("group"),
            role=Role.YOUTH_WORKER,
            user__is_active=True,
        )
        return Q(Exists(somebody)) & ~Q(Exists(workers))

    def uncoordinated(self) -> TrajectoryQuerySet:
        """Running stays of a region whose every coordinator keeps out of them."""
        recusals = apps.get_model("participants", "Recusal")._default_manager
        in_force = recusals.filter(ended_at__isnull=True)
        here = RoleAssignment.objects.in_force(clock.today()).filter(
            role=Role.REGIONAL_COORDINATOR, user__is_active=True, region=OuterRef("region")
        )
        out = in_force.filter(
            participant=OuterRef(OuterRef("participant")), worker=OuterRef("user")
        )
        return self.running().filter(Exists(here), ~Exists(here.filter(~Exists(out))))

    def running(self) -> TrajectoryQuerySet:
        return self.exclude(phase__in=ENDED)

    def placed(self) -> TrajectoryQuerySet:
        """Somebody with a seat: trial, taking part, paused or leaving."""
        return self.filter(phase__in=PLACED)

    def active(self) -> TrajectoryQuerySet:
        """Who is counted and written to: placed, not paused, not blocked."""
        return self.filter(phase__in=["trial", "participating", "leaving"], blocked_reason="")


class ConsultationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> ConsultationQuerySet:
        """The text of a question and its advice, nothing of the intake behind it (R-065)."""
        far = reach(user, CONSULT)
        return self.filter(
            not_recused(user, "intake__trajectory__participant"),
            intake__trajectory__region__in=far.regions,
        )


class UnsafeHomeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> UnsafeHomeQuerySet:
        """Exceptions in force that name this coordinator, while they hold the region.

        When the named one does not hold it any more, everybody who does sees it: an exception
        in force is never without a coordinator who can end it.
        """
        return self.filter(
            Q(coordinator=getattr(user, "pk", None)) | _without_the_named("coordinator"),
            not_recused(user, "trajectory__participant"),
            ended_at__isnull=True,
            trajectory__region__in=reach(user, CONSULT).regions,
            trajectory__participant__erased_at=None,
        )


class DiscussedQuerySet(models.QuerySet[Any]):
    """Decisions that a worker wrote down as taken together with a coordinator."""

    def standing(self) -> DiscussedQuerySet:
        """Less those of which the coordinator says that they were not discussed."""
        return self.exclude(discussed=False)

    def denied(self) -> DiscussedQuerySet:
        """Said not to be discussed, and no worker has heard that yet."""
        return self.filter(discussed=False, heard_at__isnull=True)

    def _asked_of(self, user: Any, alone: Q) -> Q:
        """Who was named; without an answer and without the named one, who did not write it."""
        named = self.model.NAMED
        mine = Q(**{named: getattr(user, "pk", None)})
        wrote_it = Q(by=F(named)) | Q(by=getattr(user, "pk", None))
        return mine | (Q(answered_at__isnull=True) & alone & ~wrote_it)


class ParentsAtExitQuerySet(DiscussedQuerySet):
    def visible_to(self, user: Any) -> ParentsAtExitQuerySet:
        """Exceptions that name this coordinator, while they hold the region; else as C-37's."""
        return self.filter(
            self._asked_of(user, _without_the_named("coordinator")),
            not_recused(user, "trajectory__participant"),
            coordinator__isnull=False,
            trajectory__region__in=reach(user, CONSULT).regions,
            trajectory__participant__erased_at=None,
        )


class ReturnExceptionQuerySet(DiscussedQuerySet):
    def visible_to(self, user: Any) -> ReturnExceptionQuerySet:
        """Exceptions that name this coordinator, while they hold the region of the stay before;
        else as C-37's."""
        former = apps.get_model("participants", "Trajectory")._default_manager.filter(
            phase="former"
        )
        before = former.filter(participant=OuterRef(OuterRef("participant")))
        theirs = former.filter(region__in=reach(user, CONSULT).regions)
        alone = _without_the_named(
            "discussed_with", "participant", region__in=before.values("region")
        )
        return self.filter(
            self._asked_of(user, alone),
            not_recused(user),
            participant__in=theirs.values("participant"),
            participant__erased_at=None,
        )


class IntakeQuerySet(models.QuerySet[Any]):
    def flags_visible_to(self, user: Any) -> IntakeQuerySet:
        """R-068: decided without a talk of just the two, for the coordinator of the region."""
        regions = reach(user, CONSULT).regions
        decided = self.filter(one_to_one=False).exclude(decision="")
        return decided.filter(
            not_recused(user, "trajectory__participant"),
            trajectory__region__in=regions,
            trajectory__participant__erased_at=None,
        )

    def waiting_for_one_to_one(self) -> IntakeQuerySet:
        """Neither held later nor answered by the coordinator."""
        return self.filter(
            one_to_one=False, one_to_one_on__isnull=True, one_to_one_answer__isnull=True
        ).exclude(decision="")


class WorryQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> WorryQuerySet:
        """Whoever may open the file, except the young person: the own group's workers."""
        return self.filter(trajectory__in=_files_of(self.model, user))

    def broadly_visible_to(self, user: Any) -> WorryQuerySet:
        """Put to the coordinator of the region: its broad words, nothing behind them."""
        regions = reach(user, CONSULT).regions
        return self.filter(
            not_recused(user, "trajectory__participant"),
            asked_at__isnull=False,
            trajectory__region__in=regions,
        )

    def open(self) -> WorryQuerySet:
        return self.filter(settled_at__isnull=True)


class CareConcernQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> CareConcernQuerySet:
        """The own group's workers only; the young person reads it together with them (C-35)."""
        return self.filter(trajectory__in=_files_of(self.model, user))


def _files_of(model: Any, user: Any) -> models.QuerySet[Any]:
    """Stays whose file this professional may open; nothing for a young person."""
    stays = model._meta.get_field("trajectory").related_model._default_manager
    if getattr(user, "is_participant", False):
        return stays.none()
    return stays.visible_to(user).values("pk")


class DataRequestQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> DataRequestQuerySet:
        """The own ones; those of the worker's groups; without a group the coordinator's."""
        if getattr(user, "is_participant", False):
            return self.filter(trajectory__participant__user=user)
        far = reach(user, ANSWER_REQUESTS)
        stays: Any = self.model._meta.get_field("trajectory").related_model
        known = self.filter(
            not_recused(user, "trajectory__participant"), trajectory__participant__erased_at=None
        )
        return known.filter(
            Q(trajectory__in=stays._default_manager.visible_to(user))
            | Q(trajectory__group__isnull=True, trajectory__region__in=far.regions)
        )

    def late_for(self, user: Any, day: Any) -> DataRequestQuerySet:
        """Not answered by `day`, in the groups of this coordinator's regions: who, not what."""
        far = reach(user, ANSWER_REQUESTS)
        return self.filter(
            not_recused(user, "trajectory__participant"),
            answered_at=None,
            due_on__lte=day,
            trajectory__group__location__region__in=far.regions,
            trajectory__participant__erased_at=None,
        )

    def open(self) -> DataRequestQuerySet:
        return self.filter(answered_at=None)


class RecusalQuerySet(models.QuerySet[Any]):
    def in_force(self) -> RecusalQuerySet:
        return self.filter(ended_at__isnull=True)

    def visible_to(self, user: Any) -> RecusalQuerySet:
        """The coordinator of the region: the one who lets somebody in again, never themselves."""
        regions = reach(user, CONSULT).regions
        return self.filter(
            not_recused(user),
            participant__in=self._stays().filter(region__in=regions).values("participant"),
        )

    @staticmethod
    def _stays() -> Any:
        return apps.get_model("participants", "Trajectory")._default_manager.all()


class ReferrerQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> ReferrerQuerySet:
        """The own register; for the coordinator those of the organisations in the region.

        A parent who pointed a child to us is a family's address: the group's workers' only.
        """
        far = reach(user, SEE_REGISTER)
        own = Q(organisation__locations__groups__in=far.groups)
        theirs = Q(organisation__locations__region__in=far.regions) & ~Q(function="parents")
        return self.filter(own | theirs).distinct()

    def kept_by(self, user: Any) -> ReferrerQuerySet:
        """The register of the organisations whose groups this worker has."""
        groups = reach(user, DECIDE).groups
        return self.filter(organisation__locations__groups__in=groups).distinct()


class ComplaintQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> ComplaintQuerySet:
        """The own words, or for the person who was named, as long as they hold the region.

        Whoever works or worked in the group it is about, or in the group of now, sees nothing,
        whatever other roles they have. When the named person can no longer read it (another
        role, another region, now in the group), everybody else who may hear complaints there can.
        """
        if getattr(user, "is_participant", False):
            return self.filter(trajectory__participant__user=user)
        far = reach(user, HEAR_COMPLAINTS)
        here = self if far.national else self.filter(region__in=far.regions)
        roles = RoleAssignment.objects.filter(user=user, role=Role.YOUTH_WORKER)
        own_groups = roles.values("group")
        here = here.filter(not_recused(user, "trajectory__participant"))
        here = here.exclude(group__in=own_groups).exclude(trajectory__group__in=own_groups)
        return here.filter(Q(to=user) | ~_still_hears())


def _without_the_named(named: str, person: str = "trajectory__participant", **region: Any) -> Q:
    """The named coordinator does not hold the region of the stay today, or keeps out of it.

    Then a decision is asked of every coordinator who does hold it; whoever answers, has it.
    """
    recusals = apps.get_model("participants", "Recusal")._default_manager
    out = recusals.in_force().filter(worker=OuterRef(named), participant=OuterRef(person))
    holds = RoleAssignment.objects.in_force(clock.today()).filter(
        user=OuterRef(named),
        user__is_active=True,
        role=Role.REGIONAL_COORDINATOR,
        **(region or {"region": OuterRef("trajectory__region")}),
    )
    return Q(~Exists(holds) | Exists(out))


def _still_hears() -> Any:
    """The named person holds a role that hears it today, is not of the group and stays not out."""
    today = RoleAssignment.objects.in_force(clock.today()).filter(
        user=OuterRef("to"), user__is_active=True
    )
    hears = today.filter(
        Q(role=Role.REGIONAL_COORDINATOR, region=OuterRef("region"))
        | Q(role=Role.QUALITY_COORDINATOR)
    )
    near = RoleAssignment.objects.filter(user=OuterRef("to"), role=Role.YOUTH_WORKER).filter(
        Q(group=OuterRef("group")) | Q(group=OuterRef("trajectory__group"))
    )
    out = apps.get_model("participants", "Recusal")._default_manager.filter(
        ended_at__isnull=True,
        worker=OuterRef("to"),
        participant=OuterRef("trajectory__participant"),
    )
    return Exists(hears) & ~Exists(near) & ~Exists(out)

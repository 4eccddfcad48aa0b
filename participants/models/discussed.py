from __future__ import annotations

from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.accounts.actors import Actor, Viewer
from core.accounts.models import RoleAssignment
from core.accounts.roles import Role
from core.encryption import EncryptedTextField
from participants.models.recusal import Recusal, not_recused

W = TypeVar("W", bound="WithCoordinator")
D = TypeVar("D", bound="Discussed")


class WithCoordinatorQuerySet(models.QuerySet[W]):
    """Exceptions that a worker wrote down as decided together with a coordinator."""

    def visible_to(self, user: Viewer) -> Self:
        """To whom it is asked; each exception says who that is while it is in force."""
        raise NotImplementedError

    def _theirs(self, user: Viewer, asked: Q, **region: Any) -> Self:
        """Of `asked`, what this coordinator may know: not of somebody they keep out of."""
        person = self.model.PERSON
        erased = {f"{person}__erased_at": None}
        return self.filter(asked, not_recused(user, person), **erased, **region)

    def _named(self, user: Viewer) -> Q:
        return Q(**{self.model.NAMED: user.pk})

    def ask(self, user: Viewer, row: WithCoordinator) -> bool:
        """Whether this exception is theirs to answer now: the page may be old."""
        return self.visible_to(user).filter(pk=row.pk).exists()


class DiscussedQuerySet(WithCoordinatorQuerySet[D]):
    """Decisions that a worker wrote down as taken together with a coordinator."""

    def standing(self) -> Self:
        """Less those of which the coordinator says that they were not discussed."""
        return self.exclude(discussed=False)

    def denied(self) -> Self:
        """Said not to be discussed, and no worker has heard that yet."""
        return self.filter(discussed=False, heard_at__isnull=True)

    def _asked_of(self, user: Viewer, alone: Q) -> Q:
        """Who was named; without an answer and without the named one, who did not write it."""
        wrote_it = Q(by=F(self.model.NAMED)) | Q(by=user.pk)
        return self._named(user) | (Q(answered_at__isnull=True) & alone & ~wrote_it)


class WithCoordinator(models.Model):
    """A worker wrote down that this was decided with a coordinator, who is asked whether it was.

    `NAMED` is the field that names the coordinator, `PERSON` the way to the young person. Who
    answers is the one who was named, or a successor, who is named from then on.
    """

    NAMED = ""
    PERSON = "trajectory__participant"

    class Meta:
        abstract = True

    @property
    def named(self) -> Any:
        return getattr(self, self.NAMED)

    def is_now_of(self, coordinator: Actor) -> str:
        """Who answers it, has it; the field to save."""
        setattr(self, self.NAMED, coordinator)
        return self.NAMED


class Discussed(WithCoordinator):
    """What the coordinator says of it: discussed, or not.

    Answered once; a "not discussed" is heard by a worker afterwards.
    """

    discussed = models.BooleanField(
        null=True, help_text=_("What the coordinator who was named says: discussed, or not.")
    )
    answer = EncryptedTextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    heard_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    heard_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


#: An answer has its moment, and only an answer has one.
ANSWERED_OR_NOT = models.Q(discussed__isnull=True, answered_at__isnull=True) | models.Q(
    discussed__isnull=False, answered_at__isnull=False
)


def without_the_named(named: str, person: str = "trajectory__participant", **region: Any) -> Q:
    """The named coordinator does not hold the region of the stay today, or keeps out of it.

    Then a decision is asked of every coordinator who does hold it; whoever answers, has it.
    """
    out = Recusal.objects.in_force().filter(worker=OuterRef(named), participant=OuterRef(person))
    holds = RoleAssignment.objects.in_force(clock.today()).filter(
        user=OuterRef(named),
        user__is_active=True,
        role=Role.REGIONAL_COORDINATOR,
        **(region or {"region": OuterRef("trajectory__region")}),
    )
    return Q(~Exists(holds) | Exists(out))

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer, is_participant
from core.accounts.rights import reach
from core.encryption import EncryptedTextField
from core.ids import uuid7
from participants.models.discussed import (
    ANSWERED_OR_NOT,
    Discussed,
    DiscussedQuerySet,
    without_the_named,
)
from participants.models.person import Participant
from participants.models.stay import Trajectory
from participants.permissions import (
    CONSULT,
)


class ReturnExceptionQuerySet(DiscussedQuerySet["ReturnException"]):
    def visible_to(self, user: Viewer) -> ReturnExceptionQuerySet:
        """Exceptions that name this coordinator, while they hold the region of the stay before;
        else as C-37's."""
        former = Trajectory.objects.filter(phase="former")
        before = former.filter(participant=OuterRef(OuterRef("participant")))
        theirs = former.filter(region__in=reach(user, CONSULT).regions)
        alone = without_the_named(
            "discussed_with", "participant", region__in=before.values("region")
        )
        return self._theirs(
            user, self._asked_of(user, alone), participant__in=theirs.values("participant")
        )


class CallWishQuerySet(models.QuerySet["CallWish"]):
    def visible_to(self, user: Viewer) -> CallWishQuerySet:
        """The own ones; those of the worker's groups, and of who arrives without a group."""
        stays = Trajectory.objects
        own = models.Q(trajectory__in=stays.visible_to(user))
        if is_participant(user):
            return self.filter(own)
        arriving = stays.applicants_visible_to(user).filter(group__isnull=True)
        return self.filter(own | models.Q(trajectory__in=arriving))

    def open(self) -> CallWishQuerySet:
        return self.filter(settled_at__isnull=True)


class CallWish(models.Model):
    """*You may call me*: said with one tap by who would rather not ring (R-348)."""

    class Outcome(models.TextChoices):
        SPOKEN = "spoken", _("spoken to each other")
        TAKEN_BACK = "taken_back", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="call_wishes")
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")

    objects = CallWishQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["trajectory"],
                condition=models.Q(settled_at__isnull=True),
                name="one_open_call_wish_per_stay",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at__isnull=True, outcome="")
                | (models.Q(settled_at__isnull=False) & ~models.Q(outcome="")),
                name="settled_call_wish_has_an_outcome",
            ),
        ]


class FollowUpCall(models.Model):
    """A contact with a former participant (R-191), by telephone or by message; three at most
    (R-194). When it goes less well the talk has three questions (R-193).
    """

    class Outcome(models.TextChoices):
        WELL = "well", _("goes well")
        SUPPORT = "support", _("goes less well")
        NOT_REACHED = "not_reached", _("not reached")
        LEFT_ALONE = "left_alone", _("not reached, we leave it at this")

    #: These are talks; the others are attempts.
    TALKS = (Outcome.WELL, Outcome.SUPPORT)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(
        Trajectory, on_delete=models.CASCADE, related_name="follow_up_calls"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    note = EncryptedTextField(blank=True)
    how = models.CharField(
        max_length=8,
        choices=Trajectory.Afterwards.choices,
        default=Trajectory.Afterwards.CALL,
    )
    from_them = models.BooleanField(
        default=False, help_text=_("The former participant got in touch.")
    )
    what_happened = EncryptedTextField(blank=True)
    own_part = EncryptedTextField(blank=True, help_text=_("What can you do?"))
    from_others = EncryptedTextField(blank=True, help_text=_("What do you need from others?"))
    next_step = EncryptedTextField(
        blank=True, help_text=_("Another offer within social work (R-196).")
    )
    again_on = models.DateField(null=True, blank=True, help_text=_("We agreed to talk again."))

    class Meta:
        ordering = ["at", "id"]


class ReturnException(Discussed):
    """A former participant may sign up again, discussed with the coordinator (R-195)."""

    NAMED, PERSON = "discussed_with", "participant"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="return_exceptions"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    discussed_with = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    reason = EncryptedTextField()
    used_by = models.OneToOneField(
        Trajectory, null=True, blank=True, on_delete=models.PROTECT, related_name="return_exception"
    )

    objects = ReturnExceptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=ANSWERED_OR_NOT, name="return_exception_answered_or_not"
            )
        ]

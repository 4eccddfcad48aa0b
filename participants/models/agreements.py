from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.encryption import EncryptedTextField
from core.ids import uuid7
from core.written_out import WordColumn
from participants.models.discussed import (
    WithCoordinator,
    WithCoordinatorQuerySet,
    without_the_named,
)
from participants.models.person import Participant
from participants.models.stay import Trajectory
from participants.permissions import (
    CONSULT,
)


class UnsafeHomeQuerySet(WithCoordinatorQuerySet["UnsafeHome"]):
    def visible_to(self, user: Viewer) -> UnsafeHomeQuerySet:
        """Exceptions in force that name this coordinator, while they hold the region.

        When the named one does not hold it any more, everybody who does sees it: an exception
        in force is never without a coordinator who can end it.
        """
        return self._theirs(
            user,
            self._named(user) | without_the_named("coordinator"),
            ended_at__isnull=True,
            trajectory__region__in=reach(user, CONSULT).regions,
        )


class Agreement(models.Model):
    """The young person's own yes to one exact text; can be withdrawn (R-086)."""

    class Subject(models.TextChoices):
        PRIVACY = "privacy", _("privacy")
        PARTICIPATION = "participation", _("taking part")
        RESEARCH = "research", _("research")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="agreements")
    subject = models.CharField(max_length=14, choices=Subject.choices)
    text = models.ForeignKey("texts.TextVersion", on_delete=models.PROTECT, related_name="+")
    text_sha256 = models.CharField(max_length=64)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    #: A newer wording that this person was told of, and read; the yes stands by its own text.
    read_text = models.ForeignKey(
        "texts.TextVersion",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["trajectory", "subject"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_agreement_in_force_per_subject",
            )
        ]


class Guardian(models.Model):
    """A parent or guardian. Neither of two sees the other (trust.md 6)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="guardians")
    contact = models.OneToOneField(
        "messaging.Contact", on_delete=models.PROTECT, related_name="guardian"
    )
    relation = models.CharField(_("relation"), max_length=20)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)

    class Meta:
        ordering = ["entered_at"]

    def __str__(self) -> str:
        return str(self.id)


class ParentalConsent(models.Model):
    """One asked guardian and the answer, tied to one child and one exact text (trust.md 6).

    Asking again makes a new row and revokes the old one. The links stand in ConsentLink.
    """

    class Answer(models.TextChoices):
        YES = "yes", _("yes")
        NO = "no", _("no")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(
        Trajectory, on_delete=models.CASCADE, related_name="parental_consents"
    )
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, related_name="consents")
    text = models.ForeignKey("texts.TextVersion", on_delete=models.PROTECT, related_name="+")
    text_sha256 = models.CharField(max_length=64)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    released_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    obsolete_at = models.DateTimeField(
        null=True, blank=True, help_text=_("The child turned 16 while waiting (R-107).")
    )
    voided_at = models.DateTimeField(
        null=True, blank=True, help_text=_("The address was somebody else's: no parent answered.")
    )
    child_name = EncryptedTextField(
        blank=True, help_text=_("The name the parent read; stays as it was.")
    )
    answer = WordColumn(max_length=3, choices=Answer.choices, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_name = EncryptedTextField(blank=True)
    answered_language = models.CharField(max_length=2, blank=True, default="")
    answered_relation = models.CharField(max_length=20, blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    research_text = models.ForeignKey(
        "texts.TextVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    research_sha256 = models.CharField(max_length=64, blank=True, default="")
    research_yes_at = models.DateTimeField(
        null=True, blank=True, help_text=_("The second, optional yes; without it nothing changes.")
    )
    research_withdrawn_at = models.DateTimeField(null=True, blank=True)
    question = EncryptedTextField(blank=True)
    question_at = models.DateTimeField(null=True, blank=True)
    question_due_on = models.DateField(
        null=True, blank=True, help_text=_("A person answers on this day at the latest.")
    )
    question_answered_at = models.DateTimeField(null=True, blank=True)
    phone_then = EncryptedTextField(
        null=True,
        blank=True,
        help_text=_("The number that was known when this parent answered (C-47)."),
    )
    ring_name = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("Whom the proof of a no names to ring, and the number."),
    )
    ring_number = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta:
        ordering = ["released_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["trajectory", "guardian"],
                condition=models.Q(revoked_at__isnull=True),
                name="one_live_question_per_guardian",
            ),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at__isnull=True)
                | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
                name="consent_answer_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["released_at"],
                condition=models.Q(answer="", revoked_at__isnull=True, obsolete_at__isnull=True),
                name="questions_that_are_open",
            ),
            models.Index(
                fields=["trajectory"],
                condition=models.Q(revoked_at__isnull=True, obsolete_at__isnull=False),
                name="questions_no_longer_needed",
            ),
            models.Index(
                fields=["trajectory"],
                condition=models.Q(question_at__isnull=False, question_answered_at__isnull=True),
                name="words_that_wait",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Asked and still answerable, its date aside."""
        return not (self.answer or self.revoked_at or self.obsolete_at)

    @property
    def is_no(self) -> bool:
        """A no, or a yes that was taken back: this parent is not asked again by a tap (C-47)."""
        if self.voided_at is not None:
            return False
        return self.answer == self.Answer.NO or self.withdrawn_at is not None


class ConsentLink(models.Model):
    """A secret that was mailed, as a hash. Each mail has its own; all lead to one question."""

    class Purpose(models.TextChoices):
        ANSWER = "answer", _("answer")
        WITHDRAW = "withdraw", _("withdraw")
        RECEIPT = "receipt", _("receipt")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consent = models.ForeignKey(ParentalConsent, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    token_hash = models.BinaryField(max_length=32, unique=True)
    issued_at = models.DateTimeField()


class UnsafeHome(WithCoordinator):
    """The parents are not written to, because that can do harm; with the coordinator (C-37)."""

    NAMED = "coordinator"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(
        Trajectory, on_delete=models.CASCADE, related_name="unsafe_homes"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    reason = EncryptedTextField()
    confirmed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("The coordinator says: yes, we agreed this.")
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = UnsafeHomeQuerySet.as_manager()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["trajectory"],
                condition=models.Q(ended_at__isnull=True),
                name="one_unsafe_home_in_force",
            )
        ]

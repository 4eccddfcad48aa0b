"""Referrers by function, and what a young person lets one of them hear: off by default (R-302)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.encryption import EncryptedTextField
from core.ids import uuid7
from core.organisations.models import Organisation
from participants.models.agreements import Guardian
from participants.models.stay import Trajectory
from participants.permissions import (
    DECIDE,
    SEE_REGISTER,
)


class ReferrerQuerySet(models.QuerySet["Referrer"]):
    def visible_to(self, user: Viewer) -> ReferrerQuerySet:
        """The own register; for the coordinator those of the organisations in the region.

        A parent who pointed a child to us is a family's address: the group's workers' only.
        """
        far = reach(user, SEE_REGISTER)
        own = Q(organisation__locations__groups__in=far.groups)
        theirs = Q(organisation__locations__region__in=far.regions) & ~Q(function="parents")
        return self.filter(own | theirs).distinct()

    def kept_by(self, user: Viewer) -> ReferrerQuerySet:
        """The register of the organisations whose groups this worker has."""
        groups = reach(user, DECIDE).groups
        return self.filter(organisation__locations__groups__in=groups).distinct()


class Referrer(models.Model):
    """Somebody of a school or elsewhere who points young people to Join Us (R-306)."""

    class Function(models.TextChoices):
        MENTOR = "mentor", _("mentor")
        TEACHER = "teacher", _("teacher")
        CARE_COORDINATOR = "care_coordinator", _("care coordinator")
        TEAM_LEADER = "team_leader", _("team leader")
        CARE_TEAM = "care_team", _("care team of the school")
        SCHOOL_SOCIAL_WORKER = "school_social", _("school social worker")
        GP = "gp", _("general practitioner")
        PSYCHOLOGIST = "psychologist", _("psychologist")
        OCCUPATIONAL_THERAPIST = "occupational", _("occupational therapist")
        MUNICIPALITY = "municipality", _("municipality (CJG, BJG)")
        PARENTS = "parents", _("parents")

    AT_SCHOOL = (
        Function.MENTOR,
        Function.TEACHER,
        Function.CARE_COORDINATOR,
        Function.TEAM_LEADER,
        Function.CARE_TEAM,
        Function.SCHOOL_SOCIAL_WORKER,
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="referrers"
    )
    function = models.CharField(_("function"), max_length=20, choices=Function.choices)
    workplace = models.CharField(_("school or organisation"), max_length=80, blank=True)
    contact = models.OneToOneField(
        "messaging.Contact", on_delete=models.PROTECT, related_name="referrer"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField()

    objects = ReferrerQuerySet.as_manager()

    class Meta:
        ordering = ["function", "workplace", "entered_at"]

    def __str__(self) -> str:
        where = f", {self.workplace}" if self.workplace else ""
        return f"{self.contact.name} ({self.get_function_display()}{where})"

    @property
    def at_school(self) -> bool:
        return self.function in self.AT_SCHOOL


class ReferrerTie(models.Model):
    """This referrer knows this young person. By itself it lets nobody tell anything."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="ties")
    referrer = models.ForeignKey(Referrer, on_delete=models.PROTECT, related_name="ties")
    name_there = models.CharField(
        max_length=80, blank=True, help_text=_("What this referrer calls the young person.")
    )
    next_on = models.DateField(null=True, blank=True, help_text=_("Agreed moment (R-304)."))
    every_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    shares_since = models.DateTimeField(
        null=True, blank=True, help_text=_("Would like to tell about it there (R-113).")
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["entered_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["trajectory", "referrer"],
                condition=models.Q(ended_at__isnull=True),
                name="one_tie_per_stay_and_referrer",
            )
        ]


class FeedbackConsent(models.Model):
    """One yes or no about one referrer: the young person's own, or a parent's (R-302).

    Without a guardian it is the young person's. A parent's row begins as a question with a link,
    of which only a hash is kept; the same link takes the yes back later.
    """

    #: Kind of the mail that asks a parent.
    LETTER = "parental_feedback"

    class Answer(models.TextChoices):
        YES = "yes", _("yes")
        NO = "no", _("no")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tie = models.ForeignKey(ReferrerTie, on_delete=models.CASCADE, related_name="consents")
    guardian = models.ForeignKey(
        Guardian, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.ForeignKey("texts.TextVersion", on_delete=models.PROTECT, related_name="+")
    text_sha256 = models.CharField(max_length=64)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(null=True, blank=True)
    token_hash = models.BinaryField(max_length=32, null=True, blank=True, unique=True)
    answer = models.CharField(max_length=3, choices=Answer.choices, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Taken back, or asked anew.")
    )
    withdrawn = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tie", "guardian"],
                condition=models.Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="one_feedback_answer_per_person",
            )
        ]


class Quote(models.Model):
    """Exact words of a young person; shared only after an own yes to these very words (R-305)."""

    #: Kind of the mail that asks a parent.
    LETTER = "parental_feedback"

    class Answer(models.TextChoices):
        YES = "yes", _("yes")
        NO = "no", _("no")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tie = models.ForeignKey(ReferrerTie, on_delete=models.CASCADE, related_name="quotes")
    words = EncryptedTextField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()
    answer = models.CharField(max_length=3, choices=Answer.choices, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["written_at"]

    @property
    def may_be_shared(self) -> bool:
        return self.answer == self.Answer.YES and self.withdrawn_at is None


class Told(models.Model):
    """What a referrer was told: one fixed sentence or one agreed quote, word for word (R-301)."""

    class Phrase(models.TextChoices):
        SIGNED_UP = "signed_up", _("signed up")
        TAKING_PART = "taking_part", _("takes part")
        SETTLING = "settling", _("getting used to it")
        STEPS = "steps", _("taking steps")
        WELL = "well", _("going well")
        FINISHED = "finished", _("finished")
        QUOTE = "quote", _("a quote")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tie = models.ForeignKey(ReferrerTie, on_delete=models.CASCADE, related_name="told")
    phrase = models.CharField(max_length=12, choices=Phrase.choices)
    quote = models.ForeignKey(Quote, null=True, blank=True, on_delete=models.PROTECT)
    words = EncryptedTextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    message = models.ForeignKey(
        "messaging.Message", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-at"]

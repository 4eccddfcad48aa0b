from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.encryption import EncryptedTextField
from core.ids import uuid7
from participants.models.recusal import not_recused
from participants.models.stay import Trajectory
from participants.permissions import (
    CONSULT,
)


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def visible_to(self, user: Viewer) -> ConsultationQuerySet:
        """The text of a question and its advice, nothing of the intake behind it (R-065)."""
        far = reach(user, CONSULT)
        return self.filter(
            not_recused(user, "intake__trajectory__participant"),
            intake__trajectory__region__in=far.regions,
        )


class IntakeQuerySet(models.QuerySet["Intake"]):
    def flags_visible_to(self, user: Viewer) -> IntakeQuerySet:
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


class ContactAttempt(models.Model):
    """Somebody tried to reach the young person (R-047, R-091)."""

    class Outcome(models.TextChoices):
        SPOKEN = "spoken", _("spoken")
        NO_ANSWER = "no_answer", _("no answer")
        LEFT_MESSAGE = "left_message", _("left a message")

    class Conclusion(models.TextChoices):
        """What follows for somebody who takes part (R-090, R-091)."""

        COMES = "comes", _("comes again")
        AGREED = "agreed", _("stays away by agreement")
        WORRIED = "worried", _("I am worried")
        # Rung at the meeting itself, by who has not arrived; an answer for that evening.
        ON_WAY = "on_way", _("is on the way")
        NOT_NOW = "not_now", _("does not come this time")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(
        Trajectory, on_delete=models.CASCADE, related_name="contact_attempts"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()
    about = models.CharField(max_length=20, help_text=_("first_contact, absence, ..."))
    outcome = models.CharField(max_length=14, choices=Outcome.choices)
    conclusion = models.CharField(max_length=8, choices=Conclusion.choices, blank=True, default="")
    quiet_until = models.DateField(
        null=True, blank=True, help_text=_("Agreed absence: until this day nobody is asked why.")
    )
    note = EncryptedTextField(blank=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_until__isnull=True)
                | models.Q(conclusion="agreed", outcome="spoken"),
                name="only_a_spoken_agreement_is_quiet",
            )
        ]
        indexes = [models.Index(fields=["at"], name="attempts_by_moment")]


class Intake(models.Model):
    """The informal first talk and its form in four parts (R-050..R-053). One per stay."""

    class Mode(models.TextChoices):
        PHONE = "phone", _("by telephone")
        FACE_TO_FACE = "face_to_face", _("face to face")

    class Decision(models.TextChoices):
        SUITABLE = "suitable", _("invite to get to know the group")
        REFERRED = "referred", _("something else fits better")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.OneToOneField(Trajectory, on_delete=models.CASCADE, related_name="intake")
    mode = models.CharField(max_length=14, choices=Mode.choices, blank=True)
    held_on = models.DateField(null=True, blank=True)
    one_to_one = models.BooleanField(null=True, help_text=_("Just the two of them (R-068)."))
    one_to_one_on = models.DateField(
        null=True, blank=True, help_text=_("The talk with just the two was held later, that day.")
    )
    need = EncryptedTextField(_("what the young person wants"), blank=True)
    explained = models.BooleanField(_("programme, route and expectations discussed"), default=False)
    explained_on = models.DateField(null=True, blank=True)
    factors = EncryptedTextField(
        blank=True, help_text=_("What plays a part (R-073): keys with commas between them.")
    )
    group_fit = EncryptedTextField(_("fit with group and programme"), blank=True)
    enthusiastic = models.BooleanField(null=True)
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    decision_reason = EncryptedTextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    told_at = models.DateTimeField(
        null=True, blank=True, help_text=_("A person told the young person (no machine does).")
    )
    mail_can_harm = models.BooleanField(
        null=True, help_text=_("Can the mail to the parents do harm at home? (C-37)")
    )
    version = models.PositiveIntegerField(default=0)

    objects = IntakeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["trajectory"],
                condition=models.Q(one_to_one=False, one_to_one_on__isnull=True),
                name="talks_with_others_there",
            )
        ]


class Judgement(models.Model):
    """One criterion or contra-indication, judged by a person; no number, no diagnosis (R-058)."""

    class Subject(models.TextChoices):
        AGE = "age", _("12 to 30 years")
        MOTIVATION = "motivation", _("wants this personally")
        LONG_LASTING = "long_lasting", _("feelings of loneliness for over a year")
        COGNITIVE = "cognitive", _("sufficient cognitive ability")
        GROUP_BEHAVIOUR = "group_behaviour", _("cannot function in a group")
        PSYCHIATRIC = "psychiatric", _("acute psychiatric problems that need treatment first")
        SUBSTANCES = "substances", _("substance abuse or dependence")
        CRISIS = "crisis", _("crisis situation")
        DUTCH = "dutch", _("insufficient Dutch for a group")

    class Answer(models.TextChoices):
        MEETS = "meets", _("meets")
        DISCUSSED = "discussed", _("discussed")
        DOES_NOT_MEET = "does_not_meet", _("does not meet")

    CRITERIA = (Subject.AGE, Subject.MOTIVATION, Subject.LONG_LASTING, Subject.COGNITIVE)
    CONTRA_INDICATIONS = (
        Subject.GROUP_BEHAVIOUR,
        Subject.PSYCHIATRIC,
        Subject.SUBSTANCES,
        Subject.CRISIS,
        Subject.DUTCH,
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="judgements")
    subject = models.CharField(max_length=16, choices=Subject.choices)
    answer = models.CharField(max_length=14, choices=Answer.choices)
    note = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["intake", "subject"], name="one_judgement_per_subject"),
        ]


class Consultation(models.Model):
    """The worker asks the regional coordinator (R-065); only this text is shared."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="consultations")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    question = EncryptedTextField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = EncryptedTextField(blank=True)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at"]
        indexes = [
            models.Index(
                fields=["intake"],
                condition=models.Q(answered_at__isnull=True),
                name="advice_that_is_asked",
            )
        ]


class Referral(models.Model):
    """Where somebody is helped further: GP or municipal social team (R-066, R-078, R-321)."""

    class To(models.TextChoices):
        GENERAL_PRACTITIONER = "general_practitioner", _("general practitioner")
        SOCIAL_TEAM = "social_team", _("municipal social team")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.OneToOneField(Trajectory, on_delete=models.CASCADE, related_name="referral")
    to = models.CharField(max_length=20, choices=To.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()
    reason = EncryptedTextField(blank=True)


class HandOver(models.Model):
    """Asked two weeks after a referral: did it work out? Each time asked is one row."""

    class Outcome(models.TextChoices):
        ARRIVED = "arrived", _("it worked out: somebody helps there")
        TRY_AGAIN = "try_again", _("not yet: we try again together")
        NOT_REACHED = "not_reached", _("not reached")
        DECLINED = "declined", _("does not want it now")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="hand_overs")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    to = models.CharField(
        max_length=20,
        choices=Referral.To.choices,
        help_text=_("Where it is tried, or tried again."),
    )
    note = EncryptedTextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]


class OneToOneAnswer(models.Model):
    """What the coordinator agreed about a first talk without the two of them alone (R-068)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    intake = models.OneToOneField(
        Intake, on_delete=models.CASCADE, related_name="one_to_one_answer"
    )
    text = EncryptedTextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class FirstIdea(models.Model):
    """Which of the two known profiles fits best, as a first hypothesis (R-071).

    The newest row counts, the earlier ones stay: who thought so, and when. For workers only.
    """

    class Profile(models.TextChoices):
        SOCIAL_SKILLS = "social_skills", _("not able yet: few social skills")
        NEGATIVE_BIAS = "negative_bias", _("not daring: expects the worst of contact")
        UNKNOWN = "unknown", _("we do not know yet")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="first_ideas")
    profile = EncryptedTextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]

    @property
    def words(self) -> str:
        return str(dict(self.Profile.choices).get(self.profile, self.profile))


class CareElsewhere(models.Model):
    """Help that runs elsewhere, written down because the young person said yes to it (R-072).

    Taking back that yes deletes the row. It plays no part in any decision.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.OneToOneField(
        Trajectory, on_delete=models.CASCADE, related_name="care_elsewhere"
    )
    text = EncryptedTextField()
    consented_on = models.DateField(help_text=_("The day the young person said yes."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

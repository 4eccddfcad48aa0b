from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.encryption import EncryptedTextField
from core.ids import uuid7
from participants.models.stay import Trajectory
from participants.querysets import ConsultationQuerySet


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
    one_to_one = models.BooleanField(default=True)
    need = EncryptedTextField(_("what the young person wants"), blank=True)
    explained = models.BooleanField(_("programme, route and expectations discussed"), default=False)
    explained_on = models.DateField(null=True, blank=True)
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

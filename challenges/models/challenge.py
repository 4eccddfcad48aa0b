"""What young people chose to try, in small steps, how practising went, and what was proposed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from challenges.models.mechanism import Mechanism
from challenges.permissions import OBSERVE
from core.accounts.actors import Viewer, is_participant
from core.accounts.rights import reach
from core.encryption import EncryptedTextField
from core.ids import uuid7
from participants.models import Trajectory
from participants.models.recusal import not_recused
from participants.permissions import SEE_JOURNEY

#: Something new is chosen while taking part, a pause included.
MAY_CHOOSE = (Trajectory.Phase.PARTICIPATING, Trajectory.Phase.PAUSED)
#: Two meetings, in most groups. What nobody answered then lapses, without a word.
PROPOSAL_STANDS = timedelta(days=28)
#: Scaling questions run from 0 to 10, as the drawing and the talk have them.
TEN = MaxValueValidator(10)


def followed_by(user: Viewer, stay: str) -> Q:
    """Rows whose stay, at `stay`, is the own; else of the own groups or region (R-004)."""
    if is_participant(user):
        return Q(**{f"{stay}__participant__user": user})
    return Q(
        reach(user, SEE_JOURNEY).as_q(f"{stay}__group__"),
        not_recused(user, f"{stay}__participant"),
        **{f"{stay}__group__isnull": False, f"{stay}__participant__erased_at": None},
    )


def seen_by_workers(user: Viewer, stay: str) -> Q:
    """Rows whose stay, at `stay`, is in a group this youth worker leads; nobody else (R-154)."""
    return Q(
        reach(user, OBSERVE).as_q(f"{stay}__group__"),
        not_recused(user, f"{stay}__participant"),
        **{f"{stay}__group__isnull": False, f"{stay}__participant__erased_at": None},
    )


class ChallengeQuerySet(models.QuerySet["Challenge"]):
    def visible_to(self, user: Viewer) -> ChallengeQuerySet:
        """The own ones; for professionals those of the group's workers and the region (R-004)."""
        return self.filter(followed_by(user, "trajectory"))

    def going(self) -> ChallengeQuerySet:
        return self.filter(state="going")

    def shared(self) -> ChallengeQuerySet:
        """What the young person shares with the group (R-172)."""
        return self.filter(shared_at__isnull=False)


class Challenge(models.Model):
    """Something a young person wants to try, in the own words (R-159, R-160).

    `noted_by` is the young person, or the youth worker who wrote it down with them. The state is
    moved by `challenges.register` only. `sureness`: how sure the young person is that it will
    work out, 0 to 10; `satisfaction`: how satisfied at its end, and `wants_another`: whether
    something new is wanted after it, None where nobody said. `remind`: asked for a reminder.
    """

    class State(models.TextChoices):
        GOING = "going", _("going on")
        REACHED = "reached", _("it worked out")
        LAID_ASIDE = "laid_aside", _("laid aside")
        WITH_STAY = "with_stay", _("ended with the stay")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="challenges")
    text = EncryptedTextField()
    chosen_on = models.DateField()
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.GOING)
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=0, db_default=0)
    sureness = models.PositiveSmallIntegerField(null=True, blank=True, validators=[TEN])
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True, validators=[TEN])
    wants_another = models.BooleanField(null=True, blank=True)
    shared_at = models.DateTimeField(null=True, blank=True)
    remind = models.BooleanField(default=False, db_default=False)

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        ordering = ["-chosen_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="going", ended_on__isnull=True, ended_by__isnull=True)
                | Q(
                    state__in=["reached", "laid_aside"],
                    ended_on__gte=models.F("chosen_on"),
                    ended_by__isnull=False,
                )
                | Q(state="with_stay", ended_on__gte=models.F("chosen_on")),
                name="challenge_going_or_ended",
            )
        ]

    @property
    def is_own_note(self) -> bool:
        """Written down by the young person alone. Wants `noted_by`."""
        return self.noted_by.is_participant

    @property
    def is_shared(self) -> bool:
        return self.shared_at is not None


class ChallengeMechanism(models.Model):
    """Which mechanism a challenge works on, said by a youth worker (R-166).

    A table of its own, so that nothing a young person opens can carry the label along.
    """

    challenge = models.OneToOneField(
        Challenge, primary_key=True, on_delete=models.CASCADE, related_name="mechanism_row"
    )
    mechanism = models.CharField(max_length=40, choices=Mechanism.choices)
    hypothesis = models.ForeignKey(
        "challenges.Hypothesis",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="challenges",
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class SmallStep(models.Model):
    """A smaller step towards a challenge, inside or outside Join Us (R-164, R-167).

    `where` is empty where it makes no difference. A dropped one comes back with the same words.
    """

    class Where(models.TextChoices):
        INSIDE = "inside", _("at Join Us")
        OUTSIDE = "outside", _("somewhere else")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="steps")
    text = EncryptedTextField()
    where = models.CharField(max_length=7, choices=Where.choices, blank=True, default="")
    order = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["order", "id"]


class PracticeNoteQuerySet(models.QuerySet["PracticeNote"]):
    def visible_to(self, user: Viewer) -> PracticeNoteQuerySet:
        return self.filter(followed_by(user, "challenge__trajectory"))

    def in_force(self) -> PracticeNoteQuerySet:
        return self.filter(taken_back_at__isnull=True)


class PracticeNote(models.Model):
    """How practising went once, in the own words: where, what, and how it was (R-161, R-167).

    `client_id` makes one note of a tap that is sent twice. `meeting`: the one it happened at.
    """

    Where = SmallStep.Where

    class Outcome(models.TextChoices):
        WORKED = "worked", _("it worked")
        PARTLY = "partly", _("partly")
        NOT_YET = "not_yet", _("not yet")
        SOMETHING_ELSE = "something_else", _("I want something else")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client_id = models.UUIDField(unique=True)
    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="notes")
    step = models.ForeignKey(
        SmallStep, null=True, blank=True, on_delete=models.SET_NULL, related_name="notes"
    )
    meeting = models.ForeignKey(
        "groups.Meeting", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    on = models.DateField()
    where = models.CharField(max_length=7, choices=Where.choices)
    place = EncryptedTextField(blank=True)
    outcome = models.CharField(max_length=14, choices=Outcome.choices)
    did = EncryptedTextField(blank=True)
    felt = EncryptedTextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = PracticeNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-id"]


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: Viewer) -> ProposalQuerySet:
        return self.filter(followed_by(user, "trajectory"))

    def open(self) -> ProposalQuerySet:
        return self.filter(answered_at__isnull=True)

    def standing(self, moment: datetime) -> ProposalQuerySet:
        """Open, and to be answered today: not lapsed, and the young person may choose."""
        return self.open().filter(
            at__gt=moment - PROPOSAL_STANDS,
            trajectory__phase__in=MAY_CHOOSE,
            trajectory__blocked_reason="",
        )


class Proposal(models.Model):
    """Words for a challenge that a youth worker proposes after a talk.

    It is no challenge: the young person accepts it, changes it, or does not want it.
    """

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("taken over")
        CHANGED = "changed", _("changed and taken over")
        DECLINED = "declined", _("rather not")
        WITHDRAWN = "withdrawn", _("taken back")
        LAPSED = "lapsed", _("lapsed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="proposals")
    text = EncryptedTextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.CharField(max_length=9, choices=Answer.choices, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    challenge = models.OneToOneField(
        Challenge, null=True, blank=True, on_delete=models.CASCADE, related_name="proposal"
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, challenge__isnull=True)
                | Q(~Q(answer=""), answered_at__isnull=False),
                name="proposal_open_or_answered",
            )
        ]

"""What a youth worker saw: a line to remember, and the ABC of a situation (R-146..R-149)."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from challenges.models.challenge import seen_by_workers
from core import clock
from core.accounts.actors import Viewer
from core.encryption import EncryptedTextField
from core.ids import uuid7
from participants.models import Trajectory


class ObservationQuerySet(models.QuerySet["Observation"]):
    def visible_to(self, user: Viewer) -> ObservationQuerySet:
        """Of the groups this youth worker leads; nobody else reads it on a screen (R-154)."""
        return self.filter(seen_by_workers(user, "trajectory"))

    def in_force(self) -> ObservationQuerySet:
        return self.filter(taken_back_at__isnull=True)


class Observation(models.Model):
    """Antecedent, behaviour and consequences, as they were seen and heard (R-146).

    `aim` keeps the early ones (to understand, R-147) and the later ones (R-148) apart. Only the
    behaviour is needed: the rest may be filled in later, or never. `version` rises with a save.
    """

    class Aim(models.TextChoices):
        UNDERSTAND = "understand", _("To understand")
        CHANCE = "chance", _("A chance to practise")
        NEW_BEHAVIOUR = "new_behaviour", _("New behaviour")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client_id = models.UUIDField(unique=True)
    trajectory = models.ForeignKey(
        Trajectory, on_delete=models.CASCADE, related_name="observations"
    )
    meeting = models.ForeignKey(
        "groups.Meeting", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    seen_on = models.DateField()
    aim = models.CharField(max_length=13, choices=Aim.choices, default=Aim.UNDERSTAND)
    antecedent = EncryptedTextField(blank=True)
    behaviour = EncryptedTextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_on", "-id"]
        indexes = [models.Index(fields=["trajectory", "seen_on"], name="observations_of_a_stay")]


class Consequence(models.Model):
    """What followed, pleasant or hard for the person; as many of each as there were (R-149)."""

    class Kind(models.TextChoices):
        POSITIVE = "positive", _("pleasant")
        NEGATIVE = "negative", _("hard")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    observation = models.ForeignKey(
        Observation, on_delete=models.CASCADE, related_name="consequences"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = EncryptedTextField()
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order", "id"]


class JottingQuerySet(models.QuerySet["Jotting"]):
    def visible_to(self, user: Viewer) -> JottingQuerySet:
        """The own ones, of people this youth worker still works with."""
        return self.filter(seen_by_workers(user, "trajectory"), Q(by=user.pk))

    def waiting(self) -> JottingQuerySet:
        """Not worked out, not dropped. Wants a filter on `lapses_at` beside it."""
        return self.filter(observation__isnull=True, dropped_at__isnull=True)


class Jotting(models.Model):
    """*Remember this*: a person and one line, for the writer alone; gone after a week.

    Working it out makes it an observation. What lapsed loses its words the same night.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client_id = models.UUIDField(unique=True)
    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="jottings")
    meeting = models.ForeignKey(
        "groups.Meeting", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = EncryptedTextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    observation = models.ForeignKey(
        Observation, null=True, blank=True, on_delete=models.CASCADE, related_name="jottings"
    )
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects = JottingQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        indexes = [
            models.Index(
                fields=["lapses_at"],
                condition=Q(observation__isnull=True, dropped_at__isnull=True),
                name="jottings_that_lapse",
            )
        ]

    @property
    def is_kept(self) -> bool:
        """Its words are there, or became an observation; not once it lapsed."""
        return bool(self.text) or self.observation_id is not None

    @property
    def last_day(self) -> date:
        """On which it still stands, to its end."""
        return clock.day_of(self.lapses_at) - timedelta(days=1)

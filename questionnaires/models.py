"""The instrument, the cycle of waves and the answers."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.accounts.actors import Viewer, is_participant
from core.accounts.rights import reach
from core.ids import uuid7
from core.written_out import WordColumn
from participants.models.recusal import not_recused
from questionnaires.permissions import SEE_ANSWERS, SEE_RESPONSE

ITEM_COUNT = 22
#: Less those about Join Us itself, which nobody can answer before the first evening.
AT_THE_BASELINE = 18
NOT_APPLICABLE = -1
RATHER_NOT = -2


PERSON = "trajectory__participant"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: Viewer) -> InvitationQuerySet:
        if is_participant(user):
            return self.filter(trajectory__participant__user=user)
        return self.filter(trajectory__group__isnull=False).filter(
            reach(user, SEE_RESPONSE).as_q("trajectory__group__"), not_recused(user, PERSON)
        )

    def open(self) -> InvitationQuerySet:
        return self.filter(state="open")

    def standing(self) -> InvitationQuerySet:
        return self.exclude(state="withdrawn")


class ResponseQuerySet(models.QuerySet["Response"]):
    def visible_to(self, user: Viewer) -> ResponseQuerySet:
        """R-005: the own answers, or those of the worker's own groups. Never a coordinator."""
        if is_participant(user):
            return self.filter(trajectory__participant__user=user)
        known = self.filter(
            trajectory__group__isnull=False, trajectory__participant__erased_at=None
        )
        far = reach(user, SEE_ANSWERS).as_q("trajectory__group__")
        return known.filter(far, not_recused(user, PERSON))


class Wave(models.TextChoices):
    """Moment of measurement. Never call the exit wave *eindmeting* (C-03)."""

    BASELINE = "baseline", _("start")
    INTERIM = "interim", _("in between")
    EXIT = "exit", _("last meeting")
    FOLLOW_UP = "follow_up", _("three months later")


class Instrument(models.Model):
    """A version of the questionnaire, exactly as printed; never edited in place (R-209)."""

    version = models.CharField(primary_key=True, max_length=20)
    language = models.CharField(max_length=2, default="nl")
    in_use_from = models.DateField()

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="instrument_stays", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return self.version


class Item(models.Model):
    """One question of one version. `number` 1..22 is its fixed place `a01..a22` in a response."""

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=40)
    text_nl = models.TextField()
    text_en = models.TextField(help_text=_("Translation; the Dutch wording is the instrument."))
    subscale = models.SlugField(max_length=30)
    waves = models.JSONField()
    higher_is_better = models.BooleanField(null=True)
    source = models.JSONField(default=dict)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["instrument", "number"], name="one_item_per_number"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=ITEM_COUNT),
                name="item_number_1_to_22",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="item_stays", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Option(models.Model):
    """One printed answer; value = position (a decision), or -1 for not applicable (R-210)."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="options")
    position = models.PositiveSmallIntegerField()
    value = models.SmallIntegerField()
    text_nl = models.TextField()
    text_en = models.TextField()
    dont_know = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["item", "position"], name="one_option_per_position"),
            models.UniqueConstraint(fields=["item", "value"], name="one_option_per_value"),
        ]
        triggers = [
            pgtrigger.Protect(name="option_stays", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.position}"


class CycleState(models.Model):
    """Counters of one stay, rebuilt from facts whenever they change."""

    trajectory = models.OneToOneField(
        "participants.Trajectory",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="cycle_state",
    )
    attended = models.PositiveIntegerField(default=0, help_text=_("Counted meetings so far."))
    last_answered_on = models.DateField(null=True, blank=True)
    next_due_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("First moment at which time alone changes something: midnight, or an end."),
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["next_due_at"],
                condition=models.Q(next_due_at__isnull=False),
                name="cycle_due_at",
            )
        ]


class Invitation(models.Model):
    """One wave for one stay, with WHY as data; opened by facts, never by hand (R-205)."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ANSWERED = "answered", _("answered")
        MISSED = "missed", _("missed")
        CLOSED = "closed", pgettext_lazy("a questionnaire", "closed")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(
        "participants.Trajectory", on_delete=models.CASCADE, related_name="invitations"
    )
    wave = models.CharField(max_length=10, choices=Wave.choices)
    sequence = models.PositiveSmallIntegerField(help_text=_("Starts at 1 in each wave."))
    opening = models.PositiveSmallIntegerField(
        default=1,
        db_default=1,
        help_text=_("Taken back and earned again is another opening, in a row of its own (R-351)."),
    )
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    earned_on = models.DateField()
    opened_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    state = WordColumn(max_length=10, choices=State.choices, default=State.OPEN)
    reason = models.JSONField(default=dict)
    remind_on = models.DateField(
        null=True, blank=True, help_text=_("'Tomorrow': the day the young person chose.")
    )
    left_alone_on = models.DateField(
        null=True, blank=True, help_text=_("'Rather not': no reminder since; the wave stays open.")
    )
    #: Kept by the sweep, so that it need not look again, and by what opens again; empty: it looks.
    no_message_before = models.DateField(null=True, blank=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["trajectory", "wave", "sequence"],
                condition=~models.Q(state="withdrawn"),
                name="one_invitation_per_wave_and_sequence",
            ),
            models.UniqueConstraint(
                fields=["trajectory"],
                condition=models.Q(state="open"),
                name="at_most_one_open_wave_per_stay",
            ),
            models.CheckConstraint(
                condition=models.Q(state="answered", answered_on__isnull=False)
                | (~models.Q(state="answered") & models.Q(answered_on__isnull=True)),
                name="answered_has_its_day",
            ),
        ]
        indexes = [
            models.Index(fields=["trajectory", "state"]),
            models.Index(
                fields=["no_message_before"],
                condition=models.Q(state="open", left_alone_on__isnull=True),
                name="waves_that_may_write",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wave} {self.sequence} {self.state}"


def _answer_fields(cls: type[models.Model]) -> type[models.Model]:
    for number in range(1, ITEM_COUNT + 1):
        models.SmallIntegerField(null=True, blank=True).contribute_to_class(cls, f"a{number:02d}")
    return cls


def _only_answers() -> models.Q:
    """Every column is empty, a code (-1, -2) or a printed position; never 0 (R-210, R-217)."""
    possible = models.Q()
    for number in range(1, ITEM_COUNT + 1):
        name = f"a{number:02d}"
        possible &= models.Q(**{f"{name}__isnull": True}) | models.Q(
            **{f"{name}__in": [RATHER_NOT, NOT_APPLICABLE, *range(1, 11)]}
        )
    return possible


@_answer_fields
class Answers(models.Model):
    """Answers in fixed places; NULL missing, -1 not applicable, -2 rather not (R-217)."""

    class Meta:
        abstract = True

    @staticmethod
    def column(number: int) -> str:
        return f"a{number:02d}"

    def answer(self, number: int) -> int | None:
        value: int | None = getattr(self, self.column(number))
        return value

    def given(self) -> dict[int, int]:
        """Number -> value of every item that was touched, rather-not included."""
        pairs = ((n, self.answer(n)) for n in range(1, ITEM_COUNT + 1))
        return {n: v for n, v in pairs if v is not None}


class Draft(Answers):
    """Answers on the way; each is saved by itself and the list resumes at the first open one."""

    invitation = models.OneToOneField(
        Invitation, primary_key=True, on_delete=models.CASCADE, related_name="draft"
    )
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    partial = models.BooleanField(
        default=False, help_text=_("Kept from a missed wave; never counted.")
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=_only_answers(), name="draft_has_answers")]

    def __str__(self) -> str:
        return f"draft of {self.pk}"


class Response(Answers):
    """The answers of one wave in one row; written once, on submission."""

    invitation = models.OneToOneField(
        Invitation, primary_key=True, on_delete=models.PROTECT, related_name="response"
    )
    trajectory = models.ForeignKey(
        "participants.Trajectory", on_delete=models.PROTECT, related_name="responses"
    )
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    wave = models.CharField(max_length=10, choices=Wave.choices)
    sequence = models.PositiveSmallIntegerField()
    submitted_at = models.DateTimeField()
    wants_to_talk = models.BooleanField(null=True)
    talk_said_at = models.DateTimeField(null=True, blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["submitted_at"]
        constraints = [
            models.CheckConstraint(condition=_only_answers(), name="response_has_answers")
        ]
        triggers = [
            pgtrigger.Protect(
                name="sent_answers_stay",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    *(f"a{number:02d}" for number in range(1, ITEM_COUNT + 1)),
                    "instrument",
                    "submitted_at",
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.wave} {self.sequence}"

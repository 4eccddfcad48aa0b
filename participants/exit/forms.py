"""Forms about leaving and what comes after: the talk, the parents, a call, a return."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core import clock
from core.accounts.models import User
from core.fields import DayField, calendar_field
from core.names import isolated
from participants.exit.aftercare import Guide
from participants.models import FollowUpCall, Guardian, Trajectory
from participants.models.leaving import SCALE

NO_FIGURE = "none"
FIGURES = [*[(str(n), str(n)) for n in SCALE], (NO_FIGURE, _("rather no figure"))]
SHORT, LONG = 300, 2000


class ScaleField(forms.TypedChoiceField):
    """0 to 10 in a row; empty when somebody rather gives no figure."""

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "error_messages", {"required": _("Choose a figure, or “rather no figure”.")}
        )
        super().__init__(
            choices=FIGURES, coerce=_figure, empty_value=None, widget=forms.RadioSelect, **options
        )


def _figure(value: str) -> int | None:
    return None if value == NO_FIGURE else int(value)


def today() -> date:
    return clock.today()


def day_field(**options: Any) -> DayField:
    return calendar_field(**options)


def text_field(rows: int = 2, **options: Any) -> forms.CharField:
    options.setdefault("max_length", LONG)
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), **options)


class ExitTalkForm(forms.Form):
    challenge_reached = ScaleField(
        label=_("How satisfied are you about reaching your challenge?"),
        help_text=_("0 is not at all, 10 is completely. Ask what makes it this figure."),
    )
    satisfied = ScaleField(
        label=_("How satisfied are you with your contacts, as they are now?"),
        help_text=_("What would one figure more look like?"),
    )
    ready = forms.TypedChoiceField(
        label=_("What does the young person say?"),
        choices=[("yes", _("I can go on by myself")), ("no", _("Not yet, I go on here"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("The young person decides. What was the answer?")},
    )
    note = text_field(label=_("A note for your colleague"), required=False)
    held_on = day_field(label=_("When did you talk?"), initial=today)


class AgreementForm(forms.Form):
    text = forms.CharField(
        label=_("What is still there to learn?"),
        help_text=_("Often something outside Join Us: sports, a course, work, people nearby."),
        max_length=SHORT,
        error_messages={"required": _("Write in a sentence what it is about.")},
    )


class OwnAgreementForm(AgreementForm):
    """The same list, in the words of the participant's own page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What would you like to learn or do?")
        self.fields["text"].help_text = ""


class ParentsTalkForm(forms.Form):
    guardian: Any = forms.ModelChoiceField(
        label=_("Who did you speak with?"),
        queryset=None,
        required=False,
        empty_label=_("Another parent or guardian"),
    )
    feedback = text_field(
        label=_("What did you tell about how it went?"),
        help_text=_("In broad lines, and only what the young person knows you tell."),
        error_messages={"required": _("Write in a sentence what you told them.")},
    )
    tips = text_field(
        label=_("Which tips did you give to support their child?"),
        error_messages={"required": _("Write down which tips you gave.")},
    )
    spoken_on = day_field(label=_("When?"), initial=today)

    def __init__(self, *args: Any, guardians: QuerySet[Guardian], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["guardian"]
        field.queryset = guardians
        field.label_from_instance = lambda guardian: isolated(guardian.contact.name)


class CoordinatorForm(forms.Form):
    """Something decided together with the coordinator of the region."""

    stands_for = {"discussed_with": "coordinator"}
    coordinator = forms.ModelChoiceField(
        label=_("Discussed with"),
        queryset=User.objects.none(),
        error_messages={"required": _("Decide this with the coordinator of the region.")},
    )
    reason = text_field(rows=4, label=_("Why?"), error_messages={"required": _("Write down why.")})

    def __init__(self, *args: Any, coordinators: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["coordinator"].queryset = coordinators  # type: ignore[attr-defined]


class DiscussedForm(forms.Form):
    """The answer of the coordinator who was named; words are never needed."""

    discussed = forms.TypedChoiceField(
        choices=[("yes", _("Yes, we discussed it")), ("no", _("This was not discussed with me"))],
        coerce=lambda value: value == "yes",
        widget=forms.HiddenInput,
    )
    words = text_field(label=_("Would you like to say something about it?"), required=False)


class CallForm(forms.Form):
    how = forms.ChoiceField(
        label=_("How?"), choices=Trajectory.Afterwards.choices, widget=forms.RadioSelect
    )
    outcome = forms.ChoiceField(
        label=_("How is it going?"),
        choices=FollowUpCall.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it went.")},
    )
    what_happened = text_field(label=_("What happened?"), required=False)
    own_part = text_field(label=_("What can you do yourself?"), required=False)
    from_others = text_field(label=_("What do you need from others?"), required=False)
    next_step = forms.CharField(
        label=_("Another offer within social work"),
        help_text=_("What fits now, and who helps with the first step?"),
        max_length=SHORT,
        required=False,
    )
    again_on = day_field(label=_("Talk again on"), required=False)
    note = text_field(label=_("Note"), required=False)
    from_them = forms.BooleanField(label=_("The young person got in touch"), required=False)

    @property
    def guide(self) -> Guide:
        parts = ("what_happened", "own_part", "from_others")
        return Guide(**{part: self.cleaned_data[part] for part in parts})

    @property
    def facts(self) -> dict[str, Any]:
        plain = ("how", "outcome", "next_step", "again_on", "note", "from_them")
        return {name: self.cleaned_data[name] for name in plain} | {"guide": self.guide}

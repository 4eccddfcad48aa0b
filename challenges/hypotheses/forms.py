"""The forms: what may lie under it, whether one agrees, and what the talk made of it."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from challenges.hypotheses.thinking import Idea
from challenges.models import Hypothesis, Mechanism, Observation
from core import clock
from core.fields import calendar_field
from core.ids import uuid7

GONE = gettext_lazy("One of these observations is not there any more. Look which ones still fit.")


def today() -> date:
    return clock.today()


class HypothesisForm(forms.Form):
    """`name` is the person's; `observations`: what it can rest on."""

    text = forms.CharField(
        label=gettext_lazy("What may lie under it?"),
        widget=forms.Textarea(attrs={"rows": 4, "autocapitalize": "sentences"}),
        error_messages={"required": gettext_lazy("Write down what you think.")},
    )
    mechanism = forms.ChoiceField(
        label=gettext_lazy("Not able, or not daring?"),
        choices=Mechanism.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose which of the two it is."),
            "invalid_choice": gettext_lazy("Choose which of the two it is."),
        },
    )
    rests_on = forms.MultipleChoiceField(
        label=gettext_lazy("What does it rest on?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": GONE, "invalid_list": GONE},
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, name: str, observations: list[Observation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.observations = observations
        self.fields["text"].help_text = _(
            "As you would put it to {name} in a talk. {name} can ask to read this."
        ).format(name=name)
        rests_on: Any = self.fields["rests_on"]
        rests_on.choices = [(str(row.pk), row.behaviour) for row in observations]

    def clean(self) -> dict[str, Any]:
        """What no eye sees is never wrong: torn, it is as if it were not there."""
        if self.errors.pop("client_id", None) is not None or not self.cleaned_data["client_id"]:
            self.cleaned_data["client_id"] = uuid7()
        return self.cleaned_data

    @property
    def seen(self) -> list[tuple[Observation, bool]]:
        """Each observation, and whether it is ticked by now: in a draft it may be, too."""
        ticked = {str(one) for one in self["rests_on"].value() or ()}
        return [(one, str(one.pk) in ticked) for one in self.observations]

    @property
    def idea(self) -> Idea:
        said = self.cleaned_data
        rests_on = frozenset(UUID(one) for one in said["rests_on"])
        return Idea(said["text"], said["mechanism"], rests_on)

    @property
    def facts(self) -> dict[str, Any]:
        """What a new one is written with."""
        return {"idea": self.idea, "client_id": self.cleaned_data["client_id"]}


class InsteadForm(HypothesisForm):
    """What stands instead since the talk."""

    on = calendar_field(label=gettext_lazy("When was the talk?"), initial=today)

    @property
    def facts(self) -> dict[str, Any]:
        return super().facts | {"on": self.cleaned_data["on"]}


class OpinionForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("In a few words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocapitalize": "sentences"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """A torn version is none: then it is shown again, to be read."""
        if self.errors.pop("version", None) is not None:
            self.cleaned_data["version"] = None
        return self.cleaned_data

    def about(self, version: int) -> None:
        """The same words, about what stands now: it is shown above them, to be read again."""
        data: Any = self.data
        read_anew = data.copy()
        read_anew["version"] = str(version)
        self.data = read_anew
        self._bound_fields_cache.clear()  # type: ignore[attr-defined]


class OutcomeForm(forms.Form):
    on = calendar_field(label=gettext_lazy("When was the talk?"), initial=today)
    outcome_text = forms.CharField(
        label=gettext_lazy("What came out of it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocapitalize": "sentences"}),
    )
    stands_for = {"text": "outcome_text"}


def values_of(hypothesis: Hypothesis) -> dict[str, Any]:
    """What the form holds of one that stands. Wants its `grounds` with their observations."""
    return {
        "text": hypothesis.text,
        "mechanism": hypothesis.mechanism,
        "rests_on": [
            str(one.observation_id)
            for one in hypothesis.grounds.all()
            if one.observation.taken_back_at is None
        ],
        "client_id": hypothesis.client_id,
    }

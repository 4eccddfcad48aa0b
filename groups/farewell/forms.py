"""A sentence for the card, and the word with which a worker sends one back."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from groups.models import FarewellText
from groups.models.farewell import LONGEST

Way = FarewellText.Way


class TextForm(forms.Form):
    """`way` is the button that was pressed; `version` the one that was looked at (0: nothing)."""

    text = forms.CharField(
        label=_("Your words"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
    way = forms.ChoiceField(choices=Way.choices, required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(
        required=False, min_value=0, max_value=32_000, widget=forms.HiddenInput
    )

    def clean_way(self) -> str:
        return self.cleaned_data["way"] or Way.TYPED

    @property
    def facts(self) -> dict[str, Any]:
        """What `write_text` is told."""
        return {
            "way": self.cleaned_data["way"],
            "text": self.cleaned_data["text"],
            "version": self.cleaned_data["version"] or None,
        }


def typed(request: HttpRequest) -> str:
    """The words of a form that came in too late, to be shown to who typed them."""
    return request.POST.get("text", "").replace("\x00", "").strip()[:LONGEST]


class RoundForm(TextForm):
    """On the phone that goes round: first of all who writes."""

    who = forms.ChoiceField(
        label=_("Who is writing?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose your name."),
            "invalid_choice": _("You have written already. Pass the phone on."),
        },
    )

    def __init__(self, *args: Any, who: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = who  # type: ignore[attr-defined]


class BackForm(forms.Form):
    version = forms.IntegerField(min_value=0, max_value=32_000, widget=forms.HiddenInput)
    word = forms.CharField(label=_("What could be different?"), max_length=300, required=False)

"""The forms of choosing: short, and with who reads it beside the field."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from challenges.models import SmallStep
from challenges.register.choosing import LONGEST
from challenges.register.smaller import TEN, Way, asks_for_a_way

NEEDED = gettext_lazy("Write in a sentence what it is about.")


def _sentence(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST, "dir": "auto"}),
        error_messages={"required": NEEDED},
        **options,
    )


def _figure(value: str) -> int | None:
    return int(value) if value else None


class _Sure(forms.Form):
    """The words, and how sure somebody is of them."""

    text = _sentence(gettext_lazy("In your own words"))
    sureness = forms.TypedChoiceField(
        label=gettext_lazy("How sure are you that this works out?"),
        help_text=gettext_lazy("0 is not sure at all, 10 is very sure. You may skip this."),
        choices=[(str(n), str(n)) for n in TEN],
        coerce=_figure,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )


class ChooseForm(_Sure):
    """What somebody wants to try, small and concrete (R-164); less than seven sure, one of four
    answers about its size."""

    text = _sentence(
        gettext_lazy("What would you like to try?"),
        help_text=gettext_lazy("Something small that you can really do. Write what you will do."),
    )
    way = forms.ChoiceField(
        label=gettext_lazy("Make it a bit smaller"),
        help_text=gettext_lazy("Starting small is fine. So is keeping it as it is."),
        choices=Way.choices,
        required=False,
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if not self.errors and asks_for_a_way(told.get("sureness"), told.get("way", "")):
            self.add_error("way", _("Choose one of the four. Keeping it as it is counts too."))
        return told


class ChangeForm(_Sure):
    """Other words; `version` is what the page showed."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class StepForm(forms.Form):
    text = _sentence(gettext_lazy("A small step"))
    where = forms.ChoiceField(
        label=gettext_lazy("Where?"),
        choices=[("", gettext_lazy("It doesn't matter")), *SmallStep.Where.choices],
        required=False,
        widget=forms.RadioSelect,
    )


class ProposalForm(forms.Form):
    """A youth worker's words after a talk."""

    text = _sentence("")

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["text"]
        field.label = _("Words to propose to %(name)s") % {"name": name}
        field.help_text = _(
            "A small, concrete step from your talk. It becomes a challenge only when %(name)s "
            "takes it over, in these words or in their own. Without an answer it lapses after "
            "four weeks."
        ) % {"name": name}

"""Short forms around the talk: a first idea, help elsewhere, the hand-over, the two of you."""

from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core import clock
from core.fields import calendar_field
from participants.models import FirstIdea, HandOver, Referral


class _Beside(forms.Form):
    """Stands beside other forms on one page: its fields have ids of their own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{type(self).__name__.lower()}_%s")
        super().__init__(*args, **kwargs)


class FirstIdeaForm(_Beside):
    profile = forms.ChoiceField(
        label=_("What fits best for now?"),
        choices=FirstIdea.Profile.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what fits best.")},
    )


class CareForm(_Beside):
    text = forms.CharField(
        label=_("Which help runs elsewhere?"),
        help_text=_("A few words: where and with whom. No diagnosis."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write down which help it is.")},
    )
    agreed = forms.BooleanField(
        label=_("The young person says: you may write this down"),
        error_messages={
            "required": _(
                "Ask first whether this may be written down. Without a yes nothing is kept."
            )
        },
    )


class OneToOneForm(_Beside):
    """The talk of the two, held later."""

    day = calendar_field(
        label=_("When did you talk, just the two of you?"),
        error_messages={"required": _("Fill in the day.")},
    )

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return day


class FlagForm(forms.Form):
    text = forms.CharField(
        label=_("What did you agree?"),
        help_text=_("The youth workers of the group read this."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write down what you agreed.")},
    )


class HandOverForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Did it work out?"),
        choices=HandOver.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it went.")},
    )
    to = forms.ChoiceField(
        label=_("Where do you try it now?"),
        choices=Referral.To.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["outcome"]
        field.choices = [(value, capfirst(str(word))) for value, word in field.choices]

"""The foundation's words for a support form; and how support was given."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from challenges.models import Mechanism, SupportForm, SupportUse
from challenges.support.named import BETWEEN, INTENSIVE, LIGHT
from core.fields import NameField

LONGEST = 1200
STEP_WORDS = (
    (INTENSIVE, _("intensive: the youth worker does it")),
    (BETWEEN, _("in between: the youth worker helps")),
    (LIGHT, _("light: the participant does it")),
)


class SupportFormForm(forms.Form):
    """Its name, its text, and where it belongs."""

    name = NameField(
        label=_("What is it called?"),
        max_length=80,
        error_messages={"required": _("Give this form a name.")},
    )
    text = forms.CharField(
        label=_("What do you do then?"),
        help_text=_("In two or three sentences, with an example. Youth workers read it in Dutch."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say in a few sentences what a youth worker does.")},
    )
    intensity = forms.TypedChoiceField(
        label=_("How intensive is it?"),
        choices=[("", _("no fixed step")), *STEP_WORDS],
        coerce=int,
        empty_value=None,
        required=False,
    )
    suits = forms.ChoiceField(
        label=_("Is it proposed?"),
        choices=[("", _("no, youth workers find it in the list")), *Mechanism.choices],
        required=False,
    )


def values_of(form: SupportForm) -> dict[str, Any]:
    return {
        "name": form.name_nl,
        "text": form.text_nl,
        "intensity": form.intensity or "",
        "suits": form.suits,
    }


class HowForm(forms.Form):
    """How support was given: for a tap on a form of the list."""

    setting = forms.ChoiceField(
        label=_("How?"),
        choices=SupportUse.Setting.choices,
        initial=SupportUse.Setting.ALONE,
        widget=forms.RadioSelect,
    )
    giver = forms.ChoiceField(
        label=_("By whom?"),
        choices=SupportUse.Giver.choices,
        initial=SupportUse.Giver.WORKER,
        widget=forms.RadioSelect,
    )

"""What workers and young people type on the way: an attempt, a worry, a pause, a care concern."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from participants.care.care_concerns import Basis
from participants.fields import day_field, words_field
from participants.models import CareShare, ContactAttempt

Outcome, Conclusion = ContactAttempt.Outcome, ContactAttempt.Conclusion


class AttemptForm(forms.Form):
    attempt_id = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("How did it go?"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it went.")},
    )
    conclusion = forms.ChoiceField(
        label=_("And now?"),
        choices=[
            (Conclusion.COMES, _("Comes again")),
            (Conclusion.AGREED, _("Stays away by agreement")),
            (Conclusion.WORRIED, _("I am worried")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    quiet_until = day_field(
        _("By agreement until"),
        help_text=_("Until then nobody is asked why somebody is not there."),
    )
    note = words_field(_("A few words for your colleague"), required=False, max_length=2000)


class ThinkAlongForm(forms.Form):
    broad = words_field(
        _("What would you like to ask?"),
        help_text=_("In broad terms and without a name. The coordinator calls you."),
        max_length=2000,
        error_messages={"required": _("What would you like to ask?")},
    )


class SettleForm(forms.Form):
    settled_note = words_field(
        _("What did you agree?"),
        max_length=2000,
        error_messages={"required": _("Write down what you agreed.")},
    )


BASIS = [
    ("agreed", _("We agreed on it together")),
    ("acute", _("Acute danger: it could not wait")),
]


class TogetherForm(forms.Form):
    """Agreed on a day, or acute danger with its two answers; `given()` makes the Basis."""

    basis = forms.ChoiceField(
        label=_("Does the young person know and agree?"),
        choices=BASIS,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Only together with the young person. Talk first, then write it down.")
        },
    )
    agreed_on = day_field(_("Talked about it on"))
    consulted = words_field(_("With whom did you consult?"), rows=1, required=False)
    could_not_wait = words_field(_("Why could it not wait?"), rows=2, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        without_day = not cleaned.get("agreed_on") and not self.has_error("agreed_on")
        if cleaned.get("basis") == "agreed" and without_day:
            self.add_error("agreed_on", _("On which day did you talk about it?"))
        return cleaned

    def given(self) -> Basis:
        acute = self.cleaned_data["basis"] == "acute"
        agreed_on: date | None = None if acute else self.cleaned_data["agreed_on"]
        return Basis(
            agreed_on=agreed_on,
            acute=acute,
            consulted=self.cleaned_data["consulted"],
            could_not_wait=self.cleaned_data["could_not_wait"],
        )


class ConcernForm(TogetherForm):
    what = words_field(
        _("What is the matter, in words that you agreed on?"),
        rows=4,
        error_messages={"required": _("Write down what is the matter.")},
    )
    field_order = ("what", "basis", "agreed_on", "consulted", "could_not_wait")


class ShareForm(TogetherForm):
    to = forms.ChoiceField(
        label=_("With whom do you share it?"),
        choices=CareShare.To.choices,
        widget=forms.RadioSelect,
    )
    whom = forms.CharField(label=_("Who exactly?"), max_length=200)
    shared_what = words_field(_("What did you tell?"), max_length=2000)
    shared_on = day_field(_("On which day?"), required=True)
    field_order = (
        "to",
        "whom",
        "shared_what",
        "shared_on",
        "basis",
        "agreed_on",
        "consulted",
        "could_not_wait",
    )


class ClosingForm(forms.Form):
    closed_note = words_field(_("How does it stand now?"), rows=2, max_length=2000)

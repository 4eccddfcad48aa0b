"""Referrers in the register, a tie, an agreed moment, a sentence to choose, words to ask about."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import MailboxField, NameField, TelephoneField, parts_field
from core.organisations.models import Organisation
from participants.models import Referrer
from participants.referrers.register import LONGEST_RHYTHM
from participants.referrers.telling import LONGEST_QUOTE, sayable, sentence


class ReferrerForm(forms.Form):
    function = forms.ChoiceField(label=_("Function"), choices=Referrer.Function.choices)
    name = NameField(label=_("Name"), max_length=80)
    workplace = forms.CharField(label=_("School or organisation"), max_length=80, required=False)
    email = MailboxField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Without it the text lies ready for you to tell it yourself."),
    )
    phone = TelephoneField(label=_("Telephone"), required=False)

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = organisations
        if len(organisations) > 1:
            self.fields["organisation"] = forms.ChoiceField(
                label=_("Whose register?"), choices=[(o.pk, o.name) for o in organisations]
            )

    def clean(self) -> dict[str, Any]:
        """The organisation itself, also when there is only one to choose."""
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = str(cleaned.get("organisation", ""))
        found = [
            o for o in self.organisations if len(self.organisations) == 1 or str(o.pk) == chosen
        ]
        if found:
            cleaned["organisation"] = found[0]
        return cleaned


class TieForm(forms.Form):
    referrer = forms.ModelChoiceField(label=_("Who?"), queryset=Referrer.objects.none())

    def __init__(self, *args: Any, register: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["referrer"].queryset = register  # type: ignore[attr-defined]


class MomentForm(forms.Form):
    next_on = parts_field(label=_("Next moment"), required=False)
    every_weeks = forms.IntegerField(
        label=_("And then every so many weeks"),
        required=False,
        min_value=1,
        max_value=LONGEST_RHYTHM,
    )


class TellForm(forms.Form):
    """The sentences that are true now, as they will be read; nothing can be typed."""

    phrase = forms.ChoiceField(label=_("What do you tell?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, tie: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = tie.name_there or tie.trajectory.participant.call_name
        self.fields["phrase"].choices = [  # type: ignore[attr-defined]
            (phrase, sentence(phrase, name)) for phrase in sayable(tie.trajectory)
        ]


class QuoteForm(forms.Form):
    words = forms.CharField(
        label=_("The exact words of the young person"),
        max_length=LONGEST_QUOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

"""The own details of a participant."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.forms import AddressField
from core.fields import CodeField, NameField, TelephoneField
from participants.models import Participant


class NewAddressForm(forms.Form):
    email = AddressField(error_messages={"required": _("Fill in your e-mail address.")})
    read_by_others = forms.BooleanField(
        label=_("Other people read this mail too. Only write that there is something for me."),
        required=False,
    )


class NewAddressCodeForm(forms.Form):
    code = CodeField(label=_("The code from the mail"), help_text=_("Six digits."))


class DetailsForm(forms.Form):
    call_name = NameField(
        label=_("How do you want to be called?"),
        max_length=40,
        error_messages={"required": _("Fill in your call name.")},
    )
    pronouns = forms.CharField(
        label=_("Your pronouns"),
        max_length=30,
        required=False,
        help_text=_("For instance she, he, they."),
    )
    full_name = NameField(
        label=_("Your name for your parents"),
        max_length=80,
        required=False,
        help_text=_("Only in mail to your parents. Empty? Then we use your call name."),
    )
    address = forms.CharField(
        label=_("Your address"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    emergency_name = NameField(
        label=_("Who can we call when something happens?"), max_length=80, required=False
    )
    emergency_phone = TelephoneField(label=_("Their telephone"), required=False)

    def __init__(self, *args: Any, person: Participant, **kwargs: Any) -> None:
        asked_parents = kwargs.pop("parents", True)
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(person, name) for name in self.fields}
        if not asked_parents:
            del self.fields["full_name"]

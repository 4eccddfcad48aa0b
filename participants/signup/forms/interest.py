"""Tell me when: one address, and nothing else."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.ages import OLDEST, YOUNGEST
from core.fields import MailboxField
from core.organisations.models import Municipality
from core.organisations.places import by_code


class InterestForm(forms.Form):
    """Tell me when Join Us comes near: an address, the municipality and the age, nothing else."""

    municipality = forms.CharField(widget=forms.HiddenInput, max_length=6)
    age = forms.IntegerField(widget=forms.HiddenInput, min_value=YOUNGEST, max_value=OLDEST)
    email = MailboxField(
        label=_("Your e-mail address"),
        help_text=_(
            "We keep only this, your municipality and your age. "
            "You get one mail now, with a link to take yourself off the list."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Fill in your e-mail address.")},
    )

    def clean_municipality(self) -> Municipality:
        found = by_code(self.cleaned_data["municipality"])
        if found is None:
            raise forms.ValidationError(_("Choose the municipality you live in."))
        return found

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from challenges.thread.sharing import DAYS


class ShareForm(forms.Form):
    """For how long; the first choice is offered."""

    days = forms.TypedChoiceField(label=_("For how long?"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["days"]
        field.choices = [(n, _weeks(n // 7)) for n in sorted(DAYS)]
        field.initial = DAYS[0]


def _weeks(n: int) -> str:
    return ngettext("{n} week", "{n} weeks", n).format(n=n)

"""How long what is kept, set by the foundation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.organisations.models import Organisation
from core.organisations.retention import CLASSES, LEAST, MOST


class RetentionForm(forms.Form):
    record_class = forms.ChoiceField(
        label=_("What is it about?"), choices=[(one.key, one.name) for one in CLASSES]
    )
    organisation = forms.ModelChoiceField(
        label=_("For which organisation?"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("every organisation"),
    )
    months = forms.IntegerField(
        label=_("How many months?"),
        min_value=LEAST,
        max_value=MOST,
        error_messages={"required": _("Fill in a number of months.")},
    )

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]

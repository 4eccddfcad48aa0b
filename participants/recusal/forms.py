"""I know somebody here: one form for the young person and for the worker in the first talk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import User
from participants.recusal.recusal import Colleague


class KnowsForm(forms.Form):
    """Ticks for the group's workers and the coordinator, and one for somebody in the group."""

    workers = forms.MultipleChoiceField(
        label=_("A youth worker or the coordinator"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    somebody = forms.BooleanField(label=_("Somebody in the group"), required=False)
    note = forms.CharField(
        label=_("Would you like to say who?"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, colleagues: list[Colleague], **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "knows_%s")
        super().__init__(*args, **kwargs)
        shown = [c for c in colleagues if not c.said_it_themselves]
        self.by_key = {str(c.user.pk): c.user for c in shown}
        field: Any = self.fields["workers"]
        field.choices = [(str(c.user.pk), _shown(c)) for c in shown]
        if not self.by_key:
            del self.fields["workers"]

    def clean(self) -> dict[str, Any]:
        """Whoever names somebody knows somebody, ticked or not."""
        if self.cleaned_data.get("note", "").strip():
            self.cleaned_data["somebody"] = True
        return self.cleaned_data

    @property
    def ticked(self) -> list[User]:
        return [self.by_key[key] for key in self.cleaned_data.get("workers", [])]


def _shown(colleague: Colleague) -> str:
    name = colleague.user.first_name
    if not colleague.coordinates:
        return name
    return str(_("%(name)s (coordinator, not in the group)") % {"name": name})


def initial_of(colleagues: list[Colleague], known: Any) -> dict[str, Any]:
    return {
        "workers": [str(c.user.pk) for c in colleagues if c.recusal],
        "somebody": known is not None,
        "note": known.note if known is not None else "",
    }

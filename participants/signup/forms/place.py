"""Where somebody lives: a town or a postcode, and a question when it can mean two places."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.organisations.models import Municipality
from core.organisations.places import four_digits, where

UNKNOWN_POSTCODE = _("We do not know this postcode. Please look again: four figures.")

#: Why a question comes up after sending: it follows from what was filled in.
LATE = {
    "municipality": _("This postcode or place can mean more than one. Choose one: we need this."),
    "group": _("More than one group fits you. Choose one: we need this."),
}


class PlaceMixin:
    """A town or postcode that can mean two municipalities: then the form asks which."""

    lives_in: Municipality | None = None

    def settle_place(self: Any, query: str, field: str) -> None:
        if not query:
            return
        found = where(query)
        chosen = str(self.data.get(self.add_prefix("municipality"), ""))
        if not found:
            self.add_error(field, UNKNOWN_POSTCODE if four_digits(query) else self.unknown_place)
        elif len(found) == 1:
            self.lives_in = found[0]
        else:
            self.ask_late("municipality", [(m.cbs_code, m.name) for m in found])
            self.lives_in = next((m for m in found if m.cbs_code == chosen), None)
            if self.lives_in is None:
                self.add_error("municipality", _("Choose the municipality you live in."))

    def ask_late(self: Any, name: str, choices: list[tuple[str, Any]]) -> None:
        """A question that follows from the answers: as required as the others, and it says so."""
        field = self.fields[name]
        field.choices = choices
        field.widget = forms.RadioSelect(choices=choices)
        field.required = field.widget.is_required = True
        self[name].help_text = LATE[name]

    @property
    def asks_more(self: Any) -> bool:
        """Nothing is wrong: a question came up that was not there when the form was filled in."""
        return bool(self.errors) and set(self.errors) <= set(LATE)


class CheckForm(PlaceMixin, forms.Form):
    """Town or postcode and age; nothing of it is stored."""

    unknown_place = _("We do not know this place. Try your postcode, or a larger town nearby.")

    place = forms.CharField(
        label=_("Where do you live?"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "postal-code", "placeholder": _("Town or postcode")}
        ),
        error_messages={"required": _("Fill in your town or postcode.")},
    )
    age = forms.IntegerField(
        label=_("How old are you?"),
        min_value=0,
        max_value=120,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 3}
        ),
        error_messages={
            "required": _("Fill in your age."),
            "invalid": _("Fill in your age in figures, for instance 15."),
            "min_value": _("Fill in your age in figures, for instance 15."),
            "max_value": _("Fill in your age in figures, for instance 15."),
        },
    )
    municipality = forms.ChoiceField(
        label=_("Which municipality do you mean?"),
        required=False,
        choices=(),
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"] = UncheckedChoice(label=self.fields["municipality"].label)

    def clean(self) -> dict[str, Any]:
        self.settle_place(self.cleaned_data.get("place", ""), "place")
        return self.cleaned_data


class UncheckedChoice(forms.ChoiceField):
    """A choice whose options are only known in `clean()`, where it is judged."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.HiddenInput, **kwargs)

    def validate(self, value: Any) -> None:
        return None

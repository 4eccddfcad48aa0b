"""What people type about an evening: the door, the plan, why they cannot come."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import calendar_field
from core.forms import PictureField
from core.organisations.doors import redrawn
from groups.evenings.place_check import QUESTIONS
from groups.models import LocationCheck, Meeting


class DoorForm(forms.Form):
    door = forms.CharField(
        label=_("The door, in words"),
        help_text=_("For example: the blue door beside the bicycle shed. Ring at Join Us."),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DoorPictureForm(forms.Form):
    picture = PictureField(
        redrawn,
        label=_("A photo of the door"),
        help_text=_("JPEG, PNG or WebP, up to 10 MB. No people on it, please."),
    )


class PlaceCheckForm(forms.Form):
    """The four questions about a place (R-138); none needs an answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in QUESTIONS:
            self.fields[name] = forms.TypedChoiceField(
                label=LocationCheck._meta.get_field(name).verbose_name,  # type: ignore[union-attr]
                choices=[("True", _("yes")), ("False", _("no"))],
                coerce=lambda told: told == "True",
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
            )


class CancelForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why does it not happen?"),
        choices=Meeting.CancelReason.to_choose(),
        widget=forms.RadioSelect,
    )


class MeetingForm(forms.Form):
    """Day, time and what the group does (R-123, R-132)."""

    date = calendar_field(label=_("Day"))
    starts_at = forms.TimeField(
        label=_("Begins at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    activity = forms.CharField(label=_("What do you do together?"), max_length=120, required=False)
    activity_by = forms.ChoiceField(label=_("Who thought of it?"), required=False)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        together = ("", _("Nobody in particular"))
        self.fields["activity_by"].choices = [together, *people]  # type: ignore[attr-defined]


class WhyForm(forms.Form):
    why = forms.CharField(max_length=200, required=False)

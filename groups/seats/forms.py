"""The evening to get to know each other, a place, another group."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.fields import calendar_field
from participants.models import Referral

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class InviteForm(forms.Form):
    """Which evening somebody comes to get to know the group."""

    meeting = forms.ChoiceField(label=_("Which evening?"), widget=forms.RadioSelect)
    override_reason = forms.CharField(
        label=_("Why a second evening?"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, choices: list[tuple[str, str]], again: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].choices = choices  # type: ignore[attr-defined]
        if not again:
            del self.fields["override_reason"]


class YesNoField(forms.TypedChoiceField):
    """A plain yes or no, never preselected."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=YES_NO, coerce=lambda v: v == "yes", widget=forms.RadioSelect, **kwargs
        )


class JudgementForm(forms.Form):
    programme_fits = YesNoField(label=_("Does the programme fit?"))
    group_fits = YesNoField(label=_("Does it fit with this group?"))


class WishForm(forms.Form):
    wish = YesNoField(label=_("Does the young person want to take part?"))


class DeclineForm(forms.Form):
    referral_to = forms.ChoiceField(
        label=_("Helped further by"), choices=Referral.To.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("What did you agree?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class MoveForm(forms.Form):
    to_group: Any = forms.ModelChoiceField(
        label=_("To which group?"),
        queryset=None,
        widget=forms.RadioSelect,
        empty_label=None,
    )
    first_day = calendar_field(label=_("From"))
    reason = forms.CharField(
        label=_("Why?"),
        max_length=400,
        help_text=_("For you and the coordinator. No group reads it."),
    )
    own_yes = forms.ChoiceField(
        label=_("What does the young person want?"),
        choices=[
            ("spoken", _("Said yes in a talk")),
            ("ask", _("I ask it on the own page")),
        ],
        widget=forms.RadioSelect,
    )
    spoken_on = calendar_field(label=_("When was that talk?"), required=False)

    @property
    def facts(self) -> dict[str, Any]:
        """What `ask_move` is told."""
        spoken = self.cleaned_data["own_yes"] == "spoken"
        day = self.cleaned_data["spoken_on"] or clock.today()
        return {
            **{name: self.cleaned_data[name] for name in ("to_group", "first_day", "reason")},
            "spoken_on": day if spoken else None,
        }

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_group"].queryset = groups  # type: ignore[attr-defined]


class RoleModelForm(forms.Form):
    """What was agreed, on which day, and that it was."""

    skill = forms.CharField(
        label=_("An example in"),
        max_length=80,
        help_text=_("In a few words that you chose together: explaining the rules."),
    )
    agreed_on = calendar_field(label=_("Agreed on"))
    agreed = forms.BooleanField(required=False)

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreed"].label = gettext("Agreed with {name}").format(name=name)


class OutsideForm(forms.Form):
    """The coordinator about a move outside the age band."""

    word = forms.CharField(
        label=_("What do you want to say about it?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

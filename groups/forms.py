"""What people type or tap in the rooms of a group."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import PictureField
from core.organisations.doors import redrawn
from groups.goodbye.leaving import REASONS
from groups.models import Attendance, Meeting
from participants.models import Referral, Trajectory

BIGGEST = 2**31 - 1


class TapForm(forms.Form):
    """One tap on a row of the sheet. Never shown with errors: a wrong one is 400."""

    client_id = forms.UUIDField()
    version = forms.IntegerField(min_value=0, max_value=BIGGEST)
    state = forms.ChoiceField(choices=Attendance.State.choices)
    confirm = forms.BooleanField(required=False)


class ActForm(forms.Form):
    """*Everyone is here* and *undo*: only the id the client gave the act."""

    client_id = forms.UUIDField()


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


class CancelForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why does it not happen?"),
        choices=Meeting.CancelReason.choices,
        widget=forms.RadioSelect,
    )


class DatesForm(forms.Form):
    """The proposed dates, all ticked, and one more of choice."""

    dates = forms.TypedMultipleChoiceField(
        label=_("Evenings"),
        error_messages={"required": _("Choose at least one day.")},
        widget=forms.CheckboxSelectMultiple,
    )
    other = forms.DateField(
        label=_("Another day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dates"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A day of one's own is enough; the list may then be empty."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("other") and self.has_error("dates", "required"):
            del self.errors["dates"]
            cleaned["dates"] = []
        return cleaned


class MeetingForm(forms.Form):
    """Day, time and what the group does (R-123, R-132)."""

    date = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    starts_at = forms.TimeField(
        label=_("Begins at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    activity = forms.CharField(label=_("What do you do together?"), max_length=120, required=False)
    activity_by = forms.CharField(label=_("Who thought of it?"), max_length=120, required=False)


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


YES_NO = [("yes", _("Yes")), ("no", _("No"))]


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


class LastMeetingForm(forms.Form):
    meeting = forms.ChoiceField(label=_("Which evening is the last one?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].choices = choices  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """How and why the stay ends; the reason decides the kind, so one question is enough."""

    exit_reason = forms.ChoiceField(label=_("How did it end?"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("A note for your colleague"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    afterwards_by = forms.ChoiceField(
        label=_("In three months: a call or a message?"),
        help_text=_("Ask what the young person likes best."),
        choices=Trajectory.Afterwards.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    contact_refused = forms.BooleanField(
        label=_("Wants no contact afterwards: no questions and no call in three months"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = dict(Trajectory.ExitReason.choices)
        self.fields["exit_reason"].choices = [  # type: ignore[attr-defined]
            (reason, words[reason]) for reasons in REASONS.values() for reason in reasons
        ]

    @property
    def exit_kind(self) -> str:
        chosen = self.cleaned_data["exit_reason"]
        return next(str(kind) for kind, reasons in REASONS.items() if chosen in reasons)

    @property
    def facts(self) -> dict[str, Any]:
        """What `close_stay` is told."""
        return {
            "exit_kind": self.exit_kind,
            "exit_reason": self.cleaned_data["exit_reason"],
            "afterwards_by": self.cleaned_data["afterwards_by"],
            "contact_refused": self.cleaned_data["contact_refused"],
            "reason": self.cleaned_data["note"],
        }


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label=_("What went wrong?"),
        max_length=400,
        error_messages={"required": _("Write down in a sentence why.")},
    )


class MoveForm(forms.Form):
    to_group: Any = forms.ModelChoiceField(
        label=_("To which group?"),
        queryset=None,
        widget=forms.RadioSelect,
        empty_label=None,
    )
    first_day = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label=_("Why?"), max_length=400)

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_group"].queryset = groups  # type: ignore[attr-defined]


class WhyForm(forms.Form):
    why = forms.CharField(max_length=200, required=False)


class StopForm(forms.Form):
    later = forms.ChoiceField(choices=YES_NO)
    why = forms.CharField(max_length=1000, required=False)

"""The last evening, closing a stay, taking that back, stopping oneself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groups.goodbye.leaving import REASONS
from groups.seats.forms import YES_NO
from participants.models import Trajectory


class LastMeetingForm(forms.Form):
    meeting = forms.ChoiceField(label=_("Which evening is the last one?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].choices = choices  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """How and why the stay ends; the reason decides the kind, so one question is enough."""

    stands_for = {"exit_kind": "exit_reason"}
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


class StopForm(forms.Form):
    later = forms.ChoiceField(choices=YES_NO)
    why = forms.CharField(
        label=_("What would you like to say?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

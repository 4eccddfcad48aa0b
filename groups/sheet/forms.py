"""The taps of the sheet."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import NameField
from groups.models import Attendance

#: What a PostgreSQL integer holds.
BIGGEST = 2**31 - 1
#: Of what somebody types on the help card, in characters.
LONGEST_LINE = 20_000


class TapForm(forms.Form):
    """One tap on a row of the sheet. Never shown with errors: a wrong one is 400.

    `confirm`: what was read about a correction (`groups.beforehand.views.mark_of`).
    """

    client_id = forms.UUIDField()
    version = forms.IntegerField(min_value=0, max_value=BIGGEST)
    state = forms.ChoiceField(choices=Attendance.State.choices)
    confirm = forms.CharField(required=False)


class ActForm(forms.Form):
    """*Everyone is here* and *undo*: only the id the client gave the act."""

    client_id = forms.UUIDField()


class GuestsForm(ActForm):
    """One guest more, or one less."""

    change = forms.TypedChoiceField(choices=[("1", "1"), ("-1", "-1")], coerce=int)


class WalkInForm(ActForm):
    """Somebody who signed up here, or took part before."""

    stay = forms.UUIDField()


class FriendForm(ActForm):
    """Somebody who is known by a call name and nothing else."""

    call_name = NameField(label=_("Call name"), max_length=40)


class LeftForm(ActForm):
    """Home early, or not after all."""

    left = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda v: v == "1")


class LineForm(forms.Form):
    """What happens now: nothing is asked for, the moment is enough."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What happens?"),
        required=False,
        max_length=LONGEST_LINE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

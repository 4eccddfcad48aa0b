"""The taps of the sheet."""

from django import forms

from groups.models import Attendance

#: What a PostgreSQL integer holds.
BIGGEST = 2**31 - 1


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

"""What came of ringing somebody, in one tap."""

from django import forms

from groups.sheet.not_arrived import Heard


class HeardForm(forms.Form):
    """Never shown with errors: a wrong one is 400."""

    attempt_id = forms.UUIDField()
    heard = forms.ChoiceField(choices=Heard.choices)

from django import forms


class AnswerForm(forms.Form):
    """One answer, or "rather not", or neither: then the item stays open. The rule judges values."""

    answer = forms.IntegerField(required=False)
    rather_not = forms.BooleanField(required=False)


class TalkForm(forms.Form):
    talk = forms.TypedChoiceField(
        choices=[("yes", ""), ("no", "")], coerce=lambda word: word == "yes"
    )


class LaterForm(forms.Form):
    choice = forms.ChoiceField(choices=[("tomorrow", ""), ("rather_not", ""), ("again", "")])

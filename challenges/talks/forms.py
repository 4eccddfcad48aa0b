from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from challenges.talks.evaluating import CameTo, Said
from core.cleaning import LONGEST_TEXT
from participants.exit.forms import ScaleField

GOING = (
    (CameTo.GO_ON, _("Goes on with this one")),
    (CameTo.REACHED_ANOTHER, _("It worked out, and wants a new one")),
    (CameTo.REACHED_NONE, _("It worked out, and needs no new one")),
    (CameTo.ASIDE_ANOTHER, _("Lays it aside, and wants a new one")),
    (CameTo.ASIDE_NONE, _("Lays it aside, and needs no new one")),
)
ENDED = (
    (CameTo.ANOTHER, _("Wants a new one")),
    (CameTo.NONE, _("Needs no new one")),
)


class EvaluationForm(forms.Form):
    """How practising goes, how satisfied, a new one or not (R-168). Nothing is required."""

    how_it_goes = forms.CharField(
        label=_("How does practising go?"),
        help_text=_("In words that the participant may read, too."),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    satisfaction = ScaleField(
        label=_("How satisfied is the participant?"),
        help_text=_("0 is not at all, 10 is completely. Ask what makes it this figure."),
        required=False,
    )
    came_to = forms.ChoiceField(
        label=_("What does the participant choose?"), required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, going: bool = True, **kwargs: Any) -> None:
        """`going`: the challenge goes on. Did somebody else end it since the page was made, the
        answers of that page are read all the same: the rule says what they come to."""
        super().__init__(*args, **kwargs)
        of_the_page = self.data.get("came_to") in {str(value) for value, _label in GOING}
        choices = GOING if going or of_the_page else ENDED
        self.fields["came_to"].choices = choices  # type: ignore[attr-defined]

    @property
    def said(self) -> Said:
        return Said(**self.cleaned_data)

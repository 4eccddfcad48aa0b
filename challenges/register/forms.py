from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LONGEST = 200


class ChallengeForm(forms.Form):
    """What somebody wants to try. With a `name` a youth worker writes it down for them."""

    text = forms.CharField(
        label=gettext_lazy("What would you like to try?"),
        help_text=gettext_lazy("Something small, in your own words. You can always change it."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST}),
        error_messages={"required": gettext_lazy("Write in a sentence what it is about.")},
    )

    def __init__(self, *args: Any, name: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if name:
            field = self.fields["text"]
            field.label = _("What does %(name)s want to practise?") % {"name": name}
            field.help_text = _(
                "A small, concrete step. In their own words: %(name)s reads it too."
            ) % {"name": name}

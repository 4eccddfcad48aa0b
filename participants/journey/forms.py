"""A pause, asked for or agreed on, and the return."""

from django import forms
from django.utils.translation import gettext_lazy as _

from participants.fields import day_field, words_field


class PauseForm(forms.Form):
    reason = words_field(
        _("Why?"), rows=2, max_length=1000, error_messages={"required": _("Write down why.")}
    )
    back_on = day_field(
        _("When do you talk about coming back?"),
        help_text=_("You get a reminder on that day. Not known yet? Then in six weeks."),
    )


class ReturnForm(forms.Form):
    back_on = day_field(_("Another day"), required=True)


class PauseWishForm(forms.Form):
    why = words_field(_("Would you like to say why? You don't have to."), required=False, rows=2)
    back_on = day_field(_("Do you know until when? You don't have to."))

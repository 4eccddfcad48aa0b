"""Asking about own data, and answering it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from participants.models import DataRequest

LONGEST = 3000
Outcome = DataRequest.Outcome


class AskForm(forms.Form):
    words = forms.CharField(
        label=_("What would you like to say about it?"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind == DataRequest.Kind.CORRECTION:
            self.fields["words"].label = _("What is not right, and what should it be?")
            self.fields["words"].required = True
            self.fields["words"].error_messages["required"] = _("Write what is not right, please.")


class ParentAsksForm(forms.Form):
    """Written down by a worker after a parent called or mailed (C-40)."""

    kind = forms.ChoiceField(
        label=_("What does the parent ask?"),
        choices=[
            (DataRequest.Kind.COPY, _("a copy")),
            (DataRequest.Kind.CORRECTION, _("a correction")),
            (DataRequest.Kind.DELETION, _("deletion")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is asked.")},
    )
    words = forms.CharField(
        label=_("Who asked, how, and what exactly?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write down what was asked.")},
    )


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What did you do?"),
        choices=[
            (Outcome.DONE, _("done")),
            (Outcome.PARTLY, _("partly done")),
            (Outcome.REFUSED, _("not done")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you did.")},
    )
    words = forms.CharField(
        label=_("What do you tell the young person?"),
        help_text=_("They read this. If you did not do all of it: say why."),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, row: DataRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if row.kind == DataRequest.Kind.DELETION:
            choices = [(Outcome.REFUSED, _("not erased"))]
            if row.asker == DataRequest.Asker.SELF:
                choices.insert(0, (Outcome.DONE, _("erase everything now")))
            self.fields["outcome"].choices = choices  # type: ignore[attr-defined]

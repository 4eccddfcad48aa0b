"""How it went, and the end of a challenge: the participant's words, and only one tap required."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from challenges.models import PracticeNote
from challenges.register.practising.notes import Told
from core import clock
from core.fields import calendar_field
from groups.models import Meeting
from participants.exit.forms import ScaleField

Where, Outcome = PracticeNote.Where, PracticeNote.Outcome
LONGEST, LONGEST_PLACE = 600, 60

#: In the order of the buttons.
OUTCOMES = (
    (Outcome.WORKED, _("It worked")),
    (Outcome.PARTLY, _("Partly")),
    (Outcome.NOT_YET, _("Not yet")),
    (Outcome.SOMETHING_ELSE, _("I want something else")),
)


def _words(rows: int = 2, **options: Any) -> forms.CharField:
    return forms.CharField(
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows, "maxlength": LONGEST}),
        **options,
    )


class NoteForm(forms.Form):
    """What more there is to say of one time; of `meetings` the one it happened at."""

    outcome = forms.ChoiceField(
        label=_("How did it go?"), choices=OUTCOMES, widget=forms.RadioSelect
    )
    did = _words(label=_("What did you do?"))
    felt = _words(label=_("How was it?"))
    where = forms.ChoiceField(
        label=_("Where was it?"),
        choices=[(Where.INSIDE, _("At Join Us")), (Where.OUTSIDE, _("Somewhere else"))],
        widget=forms.RadioSelect,
    )
    meeting = forms.ChoiceField(label=_("Which time at Join Us?"), required=False)
    place = forms.CharField(
        label=_("Where, somewhere else?"),
        help_text=_("At school, at home, at sports …"),
        required=False,
        max_length=LONGEST_PLACE,
    )
    on = calendar_field(label=_("Which day?"), required=False)

    def __init__(self, *args: Any, meetings: Iterable[Meeting] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(str(one.pk), _day(one)) for one in meetings]
        self.fields["meeting"].choices = [("", _("I do not know")), *known]  # type: ignore[attr-defined]
        if not known:
            del self.fields["meeting"]

    @property
    def told(self) -> Told:
        given = self.cleaned_data
        meeting = given.get("meeting")
        return Told(
            where=given["where"],
            on=given["on"],
            meeting=UUID(meeting) if meeting else None,
            place=given["place"],
            did=given["did"],
            felt=given["felt"],
        )


def _day(meeting: Meeting) -> str:
    return date_format(clock.local(meeting.starts_at), "l j F")


class FinishForm(forms.Form):
    """How it ended, how satisfied (R-169), and whether something new is wanted (R-162)."""

    how = forms.ChoiceField(
        label=_("How did it go?"),
        choices=[
            ("reach", _("It worked out")),
            ("lay_aside", _("I lay it aside, it does not fit me any more")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what fits.")},
    )
    satisfaction = ScaleField(
        label=_("How satisfied are you with how it went?"),
        help_text=_("0 is not at all, 10 is completely."),
        required=False,
    )
    wants_another = forms.TypedChoiceField(
        label=_("Would you like to try something else now?"),
        choices=[
            ("yes", _("Yes, something new")),
            ("no", _("No, not for now")),
            ("", _("I do not know yet")),
        ],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )

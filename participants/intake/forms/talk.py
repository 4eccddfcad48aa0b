"""The worker's forms: contact attempt, the first talk in four parts, decision, advice."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from core.fields import calendar_field
from participants.intake.talk import JUDGED, WITHOUT_NOTE
from participants.models import Intake, Judgement, Referral

Subject = Judgement.Subject
Answer = Judgement.Answer

QUESTIONS = {
    Subject.MOTIVATION: _("Wants this personally, not because somebody else wants it"),
    Subject.LONG_LASTING: _("Lonely for more than a year, and cannot solve it alone"),
    Subject.COGNITIVE: _("Can follow what the group does and talks about"),
    Subject.GROUP_BEHAVIOUR: _("Cannot function in a group, for instance by aggressive behaviour"),
    Subject.PSYCHIATRIC: _("Acute psychiatric problems that need treatment first"),
    Subject.SUBSTANCES: _("Substance abuse or dependence"),
    Subject.CRISIS: _("A crisis, for instance thoughts of suicide"),
    Subject.DUTCH: _("Too little Dutch to take part in a group"),
}
CRITERION_ANSWERS = [
    (Answer.MEETS, _("Meets")),
    (Answer.DISCUSSED, _("Discussed")),
    (Answer.DOES_NOT_MEET, _("Does not meet")),
]
CONTRA_ANSWERS = [
    (Answer.MEETS, _("No")),
    (Answer.DISCUSSED, _("Discussed")),
    (Answer.DOES_NOT_MEET, _("Yes")),
]


#: R-073: the person, the network, society, and three that young people meet more often.
FACTORS = [
    ("individual", _("Something of the person, for instance ill or shy")),
    ("network", _("A change around them: moved house, another school, a loss")),
    ("society", _("Society: few places to go, little money, being shut out")),
    ("access", _("Meets few people of the same age")),
    ("skills", _("Making contact was never learned well")),
    ("cognitions", _("Expects that others do not want contact")),
]


class IntakeForm(forms.Form):
    """Every part may stay open until the decision; age is computed, so it is no field."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    mode = forms.ChoiceField(
        label=_("How did you talk?"),
        choices=Intake.Mode.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    held_on = calendar_field(label=_("On which day?"), required=False)
    one_to_one = forms.TypedChoiceField(
        label=_("Did you talk with just the two of you?"),
        choices=[("yes", _("Yes, just the two of us")), ("no", _("No, others were there"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    need = forms.CharField(
        label=_("What does this young person want, in their own words?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    factors = forms.MultipleChoiceField(
        label=_("What plays a part? Only what the young person recognises."),
        choices=FACTORS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    explained = forms.BooleanField(
        label=_("Explained: the route, the meetings, own challenges, what we expect of each other"),
        required=False,
    )
    group_fit = forms.CharField(
        label=_("How does this person fit this group and this programme?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    enthusiastic = forms.TypedChoiceField(
        label=_("Does the young person want to get to know the group?"),
        choices=[("yes", _("Yes, enthusiastic")), ("no", _("Not now"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for subject in JUDGED:
            criterion = subject in Judgement.CRITERIA
            self.fields[subject.value] = forms.ChoiceField(
                label=QUESTIONS[subject],
                choices=CRITERION_ANSWERS if criterion else CONTRA_ANSWERS,
                required=False,
                widget=forms.RadioSelect,
            )
            if subject not in WITHOUT_NOTE:
                self.fields[f"{subject.value}_note"] = forms.CharField(
                    label=_("Note"),
                    required=False,
                    max_length=2000,
                    widget=forms.Textarea(
                        attrs={
                            "rows": 2,
                            "aria-label": _("Note: %(question)s")
                            % {"question": QUESTIONS[subject]},
                        }
                    ),
                )

    def clean(self) -> dict[str, Any]:
        """R-058: a note on ability is refused even when somebody sends one past the page."""
        for subject in WITHOUT_NOTE:
            if str(self.data.get(self.add_prefix(f"{subject.value}_note"), "")).strip():
                self.add_error(
                    subject.value if subject.value in self.fields else None,
                    _("No note here: only your judgement is kept."),
                )
        for subject in JUDGED:
            note = self.cleaned_data.get(f"{subject.value}_note", "").strip()
            if note and not self.cleaned_data.get(subject.value):
                self.add_error(subject.value, _("Choose an answer with this note."))
        return self.cleaned_data

    def clean_factors(self) -> str:
        return ",".join(self.cleaned_data["factors"])

    def clean_held_on(self) -> date | None:
        day: date | None = self.cleaned_data["held_on"]
        if day is not None and day > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        if day is not None and (clock.today() - day).days > 366:
            raise forms.ValidationError(_("This day is more than a year ago. Look again."))
        return day

    def judgements(self) -> dict[str, tuple[str, str]]:
        return {
            s.value: (
                self.cleaned_data[s.value],
                self.cleaned_data.get(f"{s.value}_note", ""),
            )
            for s in JUDGED
            if self.cleaned_data[s.value]
        }

    @property
    def criteria(self) -> list[dict[str, Any]]:
        return self._rows(Judgement.CRITERIA)

    @property
    def contra_indications(self) -> list[dict[str, Any]]:
        return self._rows(Judgement.CONTRA_INDICATIONS)

    def _rows(self, subjects: tuple[Subject, ...]) -> list[dict[str, Any]]:
        return [
            {
                "subject": s.value,
                "answer": self[s.value],
                "note": self[f"{s.value}_note"] if f"{s.value}_note" in self.fields else None,
            }
            for s in subjects
            if s.value in self.fields
        ]


class DecisionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    decision = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=Intake.Decision.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you decide.")},
    )
    referral_to = forms.ChoiceField(
        label=_("Who can help further?"),
        choices=Referral.To.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why? Your own weighing, in a few sentences"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write down in a sentence why.")},
    )


class QuestionForm(forms.Form):
    question = forms.CharField(
        label=_("What would you like to ask?"),
        help_text=_("The coordinator reads only this. Leave out names."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("What would you like to ask?")},
    )


class AdviceForm(forms.Form):
    answer = forms.CharField(
        label=_("Your advice"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write your advice first.")},
    )


def initial_of(intake: Intake) -> dict[str, Any]:
    """What the form shows of a talk that was saved before."""
    known: dict[str, Any] = {
        "version": intake.version,
        "mode": intake.mode,
        "held_on": intake.held_on,
        "one_to_one": {True: "yes", False: "no", None: ""}[intake.one_to_one],
        "factors": [key for key in intake.factors.split(",") if key],
        "need": intake.need,
        "explained": intake.explained,
        "group_fit": intake.group_fit,
        "enthusiastic": {True: "yes", False: "no", None: ""}[intake.enthusiastic],
    }
    for judgement in intake.judgements.all():
        known[judgement.subject] = judgement.answer
        known[f"{judgement.subject}_note"] = judgement.note
    return known


def judged(intake: Intake) -> list[tuple[str, str, str]]:
    """Question, answer in the words of the form, and note of each judgement, in its order."""
    rows = {j.subject: j for j in intake.judgements.all()}
    return [
        (
            str(QUESTIONS.get(subject, subject.label)),
            str(
                dict(
                    CONTRA_ANSWERS if subject in Judgement.CONTRA_INDICATIONS else CRITERION_ANSWERS
                )[Answer(rows[subject].answer)]
            ),
            rows[subject].note,
        )
        for subject in Subject
        if subject in rows
    ]


def factors_of(intake: Intake) -> list[str]:
    """What was ticked, in the words of the form."""
    words = dict(FACTORS)
    return [str(words[key]) for key in intake.factors.split(",") if key in words]

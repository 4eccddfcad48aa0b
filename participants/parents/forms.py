"""What parents answer behind their link, and what the worker records about asking them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import User
from core.fields import MailboxField, NameField, TelephoneField, parts_field
from participants.parents.guardians import Relation
from participants.parents.words_from_parents import LONGEST_QUESTION


class ConsentForm(forms.Form):
    """A yes needs the ticked sentence; `text` and `about` pin the wordings that were shown."""

    yes = forms.BooleanField(
        error_messages={"required": _("Tick this first, please. Then press yes.")}
    )
    research = forms.BooleanField(required=False)
    text = forms.UUIDField(widget=forms.HiddenInput)
    about = forms.UUIDField(widget=forms.HiddenInput, required=False)


class RefusalForm(forms.Form):
    parent = forms.BooleanField(
        error_messages={"required": _("Tick this first, please. Then press no.")}
    )


class QuestionForm(forms.Form):
    question = forms.CharField(
        label=_("Your question"),
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write your question, please.")},
    )


class WithdrawForm(forms.Form):
    sure = forms.BooleanField(error_messages={"required": _("Tick this first, please.")})


class GuardianForm(forms.Form):
    """Entered by the young person (R-102)."""

    name = NameField(label=_("Name of your parent or guardian"), max_length=80)
    relation = forms.ChoiceField(label=_("Who is that to you?"), choices=Relation.choices)
    email = MailboxField(
        label=_("E-mail address of this parent"),
        error_messages={"required": _("We need an e-mail address of your parent.")},
    )
    phone = TelephoneField(label=_("Telephone of this parent"), required=False)


class ChangeGuardianForm(GuardianForm):
    """By the worker, after asking: was it the same person all along?"""

    name = NameField(label=_("Name"), max_length=80)
    relation = forms.ChoiceField(label=_("Relation"), choices=Relation.choices)
    email = MailboxField(label=_("E-mail address"))
    phone = TelephoneField(label=_("Telephone"), required=False)

    other_person = forms.BooleanField(
        label=_("The old address belonged to somebody else"),
        help_text=_("An answer that came from it then does not count. We ask again."),
        required=False,
    )


class BirthDateForm(forms.Form):
    birth_date = parts_field(
        label=_("The right date of birth"),
        error_messages={"required": _("Fill in the date of birth.")},
    )
    reason = forms.CharField(
        label=_("How do you know?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say how you know.")},
    )


class PolicyForm(forms.Form):
    """What an organisation asks of parents (C-36)."""

    policy = forms.ChoiceField(
        label=_("What do we ask of parents?"),
        choices=[
            ("required", _("Consent: without a yes nobody takes part")),
            ("informed", _("Nothing: parents are only informed")),
        ],
        widget=forms.RadioSelect,
    )
    age = forms.IntegerField(
        label=_("Until which birthday?"),
        help_text=_("From this birthday on the young person decides alone."),
        min_value=12,
        max_value=18,
    )
    basis = forms.CharField(
        label=_("Legal basis"),
        help_text=_("Needed when parents are only informed: the law or decision, and its date."),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ParentsHearForm(forms.Form):
    on = forms.BooleanField(
        label=_("Parents who gave consent hear that a meeting moves or does not happen"),
        help_text=_("Never where that can do harm at home. Off unless you tick it."),
        required=False,
    )


class HarmForm(forms.Form):
    can_harm = forms.TypedChoiceField(
        label=_("Can this mail do harm at home?"),
        choices=[("no", _("No, it can be sent")), ("yes", _("Yes, it can do harm"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )


class UnsafeHomeForm(forms.Form):
    coordinator = forms.ModelChoiceField(
        label=_("Discussed with"),
        queryset=User.objects.none(),
        error_messages={"required": _("Decide this with the coordinator of the region.")},
    )
    reason = forms.CharField(
        label=_("Why can the parents not be written to?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write down why.")},
    )

    def __init__(self, *args: Any, coordinators: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["coordinator"].queryset = coordinators  # type: ignore[attr-defined]


class AskedAgainForm(HarmForm):
    """A parent came back to a no: heard, rung back, the young person agrees, harm asked anew."""

    field_order = ("no", "heard_on", "words", "spoken", "agreed", "can_harm")

    no = forms.UUIDField(required=False, widget=forms.HiddenInput)  # the answer that is shown
    heard_on = parts_field(
        label=_("When did this parent ask for it?"),
        error_messages={"required": _("Choose the day on which this parent asked for it.")},
    )
    words = forms.CharField(
        label=_("What did this parent say?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write down what this parent said.")},
    )
    spoken = forms.BooleanField(
        label=_("I spoke with this parent in this way."),
        error_messages={"required": _("First ring back on the number that was known.")},
    )
    agreed = forms.BooleanField(
        label=_("I asked the young person alone, who is fine with it."),
        error_messages={
            "required": _("First ask the young person, alone: may this parent be asked again?")
        },
    )


class TalkedForm(forms.Form):
    """What came out of the talk after 'home may not know this' (C-48)."""

    still = forms.TypedChoiceField(
        label=_("May home know now?"),
        choices=[
            ("yes", _("No, it stays so: nothing goes home")),
            ("no", _("Yes, home may know now")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    words = forms.CharField(
        label=_("What came out of the talk?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write down what came out.")},
    )
    alone = forms.BooleanField(
        label=_("I talked with the young person myself, alone, in a way that is safe."),
        error_messages={"required": _("Talk with the young person alone first.")},
    )

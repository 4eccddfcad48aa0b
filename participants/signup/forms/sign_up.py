"""The public forms: the check, the short sign-up, and "tell me when"."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from core import clock
from core.ages import age_on
from core.fields import MailboxField, NameField, TelephoneField, parts_field
from core.ids import uuid7
from core.organisations.models import Group
from core.organisations.places import four_digits
from participants.models import Trajectory
from participants.signup import sign_up as signup
from participants.signup.choices import CHANNEL, HEARD_FROM, WHEN
from participants.signup.forms.place import UNKNOWN_POSTCODE, PlaceMixin, UncheckedChoice

KEY_SALT = "participants.sign_up"
KEY_AGE = 24 * 60 * 60

FIRST_CONTACT = [
    (Trajectory.Mood.APP, _("Send me a message first")),
    (Trajectory.Mood.CALL, _("Call me")),
    (Trajectory.Mood.MEET, _("Meet me somewhere")),
]
YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class SignUpForm(PlaceMixin, forms.Form):
    """The short form (R-038..R-043). No care indication is asked (R-046)."""

    unknown_place = UNKNOWN_POSTCODE

    key = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)
    call_name = NameField(
        label=_("What do you like to be called?"),
        help_text=_("Just your call name. This is what everyone here will call you."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
        error_messages={"required": _("Fill in your call name.")},
    )
    birth_date = parts_field(
        label=_("When were you born?"),
        birthday=True,
        error_messages={"required": _("Fill in day, month and year.")},
    )
    postcode = forms.CharField(
        label=_("What is your postcode?"),
        help_text=_("The four figures are enough."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
        error_messages={"required": _("Fill in your postcode.")},
    )
    municipality = forms.ChoiceField(label=_("Your postcode lies in two municipalities. Yours?"))
    group = forms.ChoiceField(label=_("Which group would you like?"))
    channel = forms.ChoiceField(
        label=_("How can we safely reach you?"),
        help_text=_("Choose one way. We use nothing else."),
        choices=CHANNEL,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one way.")},
    )
    email = MailboxField(
        label=_("Your e-mail address"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = TelephoneField(
        label=_("Your telephone number"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    others_read = forms.ChoiceField(
        label=_("Does anybody else see messages there?"),
        help_text=_("For instance a parent who shares your mailbox or telephone."),
        choices=[("no", _("Only me")), ("yes", _("Others too"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is true for you.")},
    )
    home_may_know = forms.ChoiceField(
        label=_("May they know at home that you signed up?"),
        choices=[("yes", _("Yes")), ("no", _("Rather not"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is true for you.")},
    )
    first_contact_by = forms.ChoiceField(
        label=_("How shall we meet?"),
        help_text=_("A youth worker gets in touch to get to know you."),
        choices=FIRST_CONTACT,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you like best.")},
    )
    first_contact_when = forms.ChoiceField(
        label=_("When would suit you?"), choices=WHEN, required=False, initial="any"
    )
    heard_from = forms.ChoiceField(
        label=_("How did you hear of Join Us?"), choices=HEARD_FROM, required=False
    )
    told_by = forms.CharField(
        label=_("Did somebody tell you about us? Who?"),
        help_text=_("For instance: my mentor. They hear nothing of it."),
        max_length=80,
        required=False,
    )
    via = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)
    myself = forms.BooleanField(
        label=_("I sign up myself"),
        help_text=_("Somebody may help you, but you decide."),
        error_messages={
            "required": _(
                "Only you can sign up. Do you fill this in for somebody else? Do it together."
            )
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("municipality", "group"):
            self.fields[name] = UncheckedChoice(label=self.fields[name].label)
        self.outcome: signup.Outcome | None = None
        self.chosen_group: Group | None = None
        self.sign_up_key: UUID = uuid7()
        if not self.is_bound:
            self.initial["key"] = new_key()

    def clean_birth_date(self) -> date:
        born: date = self.cleaned_data["birth_date"]
        if born > clock.today():
            raise forms.ValidationError(_("This day is still to come. Look at the year again."))
        if born.year < clock.today().year - 120:
            raise forms.ValidationError(_("Fill in the year with four figures."))
        return born

    def clean_via(self) -> str:
        """A word that we did not put into a link ourselves says nothing."""
        via: str = self.cleaned_data["via"]
        return via if via in Trajectory.Channel.values else ""

    def clean_postcode(self) -> str:
        pc4 = four_digits(self.cleaned_data["postcode"])
        if not pc4:
            raise forms.ValidationError(self.unknown_place)
        return pc4

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        self._settle_key(data.get("key", ""))
        self._settle_channel(data)
        self.settle_place(data.get("postcode", ""), "postcode")
        self._settle_group()
        return data

    def _settle_key(self, sealed: str) -> None:
        try:
            self.sign_up_key = UUID(signing.loads(sealed, salt=KEY_SALT, max_age=KEY_AGE))
        except (signing.BadSignature, ValueError, TypeError):
            self.data = {**self.data.dict(), "key": new_key()}  # type: ignore[attr-defined]
            self.add_error(None, _("This form was open for a long time. Please send it again."))

    def _settle_channel(self, data: dict[str, Any]) -> None:
        channel = data.get("channel")
        needed = "email" if channel == "email" else "phone"
        unused = "phone" if needed == "email" else "email"
        if channel is None:
            return
        self.errors.pop(unused, None)
        data[unused] = ""
        if not data.get(needed) and needed not in self.errors:
            self.add_error(
                needed,
                _("Fill in your e-mail address.")
                if needed == "email"
                else _("Fill in your telephone number."),
            )
        if data.get("first_contact_by") == Trajectory.Mood.CALL and channel != "phone":
            self.add_error(
                "first_contact_by",
                _("To call you we need your number. Choose the telephone above, or a message."),
            )

    def _settle_group(self) -> None:
        """R-041: only groups that fit place and age; one fits: nothing to choose."""
        age = self.age
        if self.lives_in is None or age is None:
            return
        self.outcome = signup.check(municipality=self.lives_in, age=age)
        if not self.outcome.can_sign_up:
            return
        groups = self.outcome.groups
        if len(groups) == 1:
            self.chosen_group = groups[0]
            return
        self.ask_late("group", [(str(g.pk), _group_line(g)) for g in groups])
        wanted = str(self.data.get(self.add_prefix("group"), ""))
        self.chosen_group = next((g for g in groups if str(g.pk) == wanted), None)
        if self.chosen_group is None:
            self.add_error("group", _("Please choose one of these groups."))

    @property
    def age(self) -> int | None:
        """Of a date of birth that can be true; nothing is concluded from one that cannot."""
        born = self.cleaned_data.get("birth_date")
        return age_on(born, clock.today()) if born else None

    @property
    def refused(self) -> bool:
        """Age or place do not fit: an answer, whatever else is still to be filled in."""
        return self.outcome is not None and not self.outcome.can_sign_up

    def is_refused_now(self) -> bool:
        """Asked again when the act said no: a group closed, or a birthday came, a moment ago."""
        if self.lives_in is not None and self.age is not None:
            self.outcome = signup.check(municipality=self.lives_in, age=self.age)
        return self.refused

    def safe_contact(self) -> dict[str, Any]:
        """The fields of `sign_up` that say how somebody may be reached."""
        data = self.cleaned_data
        return {
            "email": data["email"],
            "phone": data["phone"],
            "safe_channels": [data["channel"]],
            "shared_mailbox": data["others_read"] == "yes",
            "not_at_home": data["home_may_know"] == "no",
        }


def new_key() -> str:
    return signing.dumps(str(uuid7()), salt=KEY_SALT)


def _group_line(group: Group) -> str:
    line = _("%(name)s, %(town)s, %(from)d to %(until)d years") % {
        "name": group.name,
        "town": group.location.town,
        "from": group.age_from,
        "until": group.age_until,
    }
    return f"{line} ({_('full now: you wait for a place')})" if signup.is_full(group) else str(line)

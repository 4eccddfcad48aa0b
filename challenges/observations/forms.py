"""The form of what was seen: one sentence is enough, the rest may be added, now or later."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from challenges.models import Observation
from challenges.observations.abc_scheme import Aim, Kind, Seen
from core import clock
from core.dates import in_short
from core.ids import uuid7
from groups.models import Meeting

#: Rows for what followed, of each kind; the page shows one more than is filled in.
MOST = 12
#: Where the form was opened, and where it leads back to.
FROM = ("blad", "logboek", "persoon", "onthouden")
HIDDEN = ("client_id", "jotting", "came_from")
FIRST, MORE = gettext_lazy("What followed"), gettext_lazy("One more")


class ObservationForm(forms.Form):
    """`name` is the person's, `meetings` and `days` are when it may have been."""

    behaviour = forms.CharField(
        label=gettext_lazy("What did you see?"),
        widget=forms.Textarea(attrs={"rows": 2, "autocapitalize": "sentences"}),
        error_messages={"required": gettext_lazy("Write down what you saw.")},
    )
    aim = forms.ChoiceField(
        label=gettext_lazy("What do you look for?"),
        choices=[(one.value, one.label) for one in Aim],
        widget=forms.RadioSelect,
        initial=Aim.UNDERSTAND,
    )
    antecedent = forms.CharField(
        label=gettext_lazy("What was going on?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 1}),
    )
    when = forms.ChoiceField(label=gettext_lazy("When was that?"))
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    jotting = forms.UUIDField(widget=forms.HiddenInput, required=False)
    came_from = forms.ChoiceField(
        choices=[(one, one) for one in FROM], widget=forms.HiddenInput, required=False
    )

    def __init__(
        self,
        *args: Any,
        name: str,
        meetings: list[Meeting],
        days: list[date],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["behaviour"].help_text = _(
            "Only what you saw and heard. {name} can ask to read this."
        ).format(name=name)
        self.meetings = {str(meeting.pk): meeting for meeting in meetings}
        when: Any = self.fields["when"]
        when.choices = _groups(meetings, days)
        labels = {
            Kind.POSITIVE: _("Pleasant for {name}").format(name=name),
            Kind.NEGATIVE: _("Hard for {name}").format(name=name),
        }
        self.labels = {str(kind): words for kind, words in labels.items()}
        for kind, words in labels.items():
            for number in range(MOST):
                line = {"rows": 1, "placeholder": MORE if number else FIRST}
                self.fields[f"{kind}_{number}"] = forms.CharField(
                    label=words, required=False, widget=forms.Textarea(attrs=line)
                )
        self.fields["when"] = self.fields.pop("when")  # in the order of the page

    def clean(self) -> dict[str, Any]:
        """What no eye sees is never wrong: torn, it is as if it were not there."""
        for name in HIDDEN:
            if self.errors.pop(name, None) is not None or not self.cleaned_data.get(name):
                self.cleaned_data[name] = None
        self.cleaned_data["client_id"] = self.cleaned_data["client_id"] or uuid7()
        return self.cleaned_data

    def begins(self) -> None:
        """The first letter needs no tap."""
        self.fields["behaviour"].widget.attrs["autofocus"] = True

    def apart(self) -> "ObservationForm":
        """The same words, still refused, as an observation of their own when they are saved again:
        what they were to become stands already."""
        data: Any = self.data
        data = data.copy()
        data["jotting"], data["client_id"] = "", str(uuid7())
        self.data = data
        self._bound_fields_cache.clear()  # type: ignore[attr-defined]
        return self

    def unchecked(self) -> "ObservationForm":
        """As it came in, before anybody said that it was ready."""
        self._errors = ErrorDict()
        self.cleaned_data = {}
        return self

    def rows_of(self, kind: str) -> list[BoundField]:
        return [self[f"{kind}_{number}"] for number in range(MOST)]

    @property
    def followed(self) -> list[tuple[str, str, list[BoundField]]]:
        """Kind, its words and its rows, as the page draws them."""
        return [(str(kind), self.labels[kind], self.rows_of(kind)) for kind in Kind]

    @property
    def is_worked_out(self) -> bool:
        """Something beside the one sentence stands in it: then it is shown unfolded."""
        names = ["antecedent", *(row.name for kind in Kind for row in self.rows_of(kind))]
        typed = any((self[name].value() or "").strip() for name in names)
        return typed or any(name != "behaviour" for name in self.errors)

    @property
    def says_more(self) -> bool:
        """As `is_worked_out`, of what came in."""
        said = self.cleaned_data
        return bool(said["antecedent"]) or any(self._followed().values())

    @property
    def meeting(self) -> Meeting | None:
        return self.meetings.get(self.cleaned_data["when"])

    @property
    def seen(self) -> Seen:
        said, meeting = self.cleaned_data, self.meeting
        return Seen(
            behaviour=said["behaviour"],
            on=meeting.date if meeting else date.fromisoformat(said["when"]),
            meeting=meeting.pk if meeting else None,
            aim=said["aim"],
            antecedent=said["antecedent"],
            followed=self._followed(),
        )

    def _followed(self) -> dict[str, list[str]]:
        said = self.cleaned_data
        return {
            str(kind): [said[f"{kind}_{n}"] for n in range(MOST) if said[f"{kind}_{n}"]]
            for kind in Kind
        }


def _groups(meetings: list[Meeting], days: list[date]) -> list[Any]:
    today = clock.today()
    at = [(str(one.pk), _("Meeting of {day}").format(day=in_short(one.date))) for one in meetings]
    elsewhere = [(day.isoformat(), _day(day, today)) for day in days]
    found = [(_("At a meeting"), at)] if at else []
    return [*found, (_("Outside the meetings"), elsewhere)]


def _day(day: date, today: date) -> str:
    words = in_short(day)
    return _("today, {day}").format(day=words) if day == today else words


def values_of(observation: Observation) -> dict[str, Any]:
    """What the form holds of an observation that stands."""
    found: dict[str, Any] = {
        "behaviour": observation.behaviour,
        "aim": observation.aim,
        "antecedent": observation.antecedent,
        "when": str(observation.meeting_id or observation.seen_on.isoformat()),
        "client_id": observation.client_id,
    }
    numbers = {str(kind): 0 for kind in Kind}
    for one in observation.consequences.all():
        found[f"{one.kind}_{numbers[one.kind]}"] = one.text
        numbers[one.kind] += 1
    return found


def without_row(data: QueryDict, name: str) -> QueryDict:
    """What came in, less this row; those below it move up."""
    kind, _under, number = name.rpartition("_")
    found = data.copy()
    if kind not in Kind.values or not number.isdecimal() or int(number) >= MOST:
        return found
    for n in range(int(number), MOST):
        found[f"{kind}_{n}"] = data.get(f"{kind}_{n + 1}", "") if n + 1 < MOST else ""
    return found


def typed_before(data: Mapping[str, Any]) -> dict[str, Any]:
    """The words that go along to another person: everything but whom they were about, and when."""
    names = ["behaviour", "aim", "antecedent", "came_from"]
    names += [f"{kind}_{n}" for kind in Kind for n in range(MOST)]
    return {name: data[name] for name in names if data.get(name)}


def wanted_meeting(told: str) -> list[UUID]:
    """The id in an address or a form, when it is one."""
    try:
        return [UUID(told)]
    except ValueError:
        return []

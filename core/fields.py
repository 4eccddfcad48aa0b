"""Form fields that read what people type as people type it (R-342).

One for each kind: a telephone number, an e-mail address, somebody's name, a day, a code. A test
walks over all forms, so that no field of these kinds can be another one.
"""

from __future__ import annotations

import contextlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import regex
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.forms.widgets import SelectDateWidget
from django.utils.translation import gettext_lazy as _

from core import clock
from core.cleaning import in_form, one_line
from core.mailbox import same_address
from core.mailbox import shown as address_shown
from core.telephone import Unreachable, read_number
from core.telephone import shown as number_shown
from core.typed_day import NoDay, of_parts, read_day

#: Room for a number with everything people put around it; what is kept is at most sixteen signs.
LONGEST_TYPED_NUMBER = 60


class TelephoneField(forms.CharField):
    """A number at which somebody can be reached; comes out as it is kept (`core.telephone`)."""

    default_error_messages = {
        "unreachable": _("Look at the number again, for instance 0612345678."),
    }

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "widget",
            forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "inputmode": "tel"}),
        )
        options["max_length"] = LONGEST_TYPED_NUMBER
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        """Kept numbers stand in the box as people write them."""
        return number_shown(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        try:
            return read_number(typed) if typed else typed
        except Unreachable as nobody:
            raise ValidationError(
                self.error_messages["unreachable"], code="unreachable"
            ) from nobody

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(read_number(str(initial or "")) != read_number(str(data or "")))
        except Unreachable:
            return super().has_changed(initial, data)


class MailboxField(forms.EmailField):
    """An e-mail address in its one spelling (`core.mailbox.same_address`), before it is judged."""

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "widget", forms.EmailInput(attrs={"autocomplete": "off", "autocapitalize": "none"})
        )
        options.setdefault("max_length", 254)
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return address_shown(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> Any:
        return super().to_python(same_address(value) if isinstance(value, str) else value)

    def validate(self, value: Any) -> None:
        """What stays in letters of its own is a domain that nobody can have."""
        super().validate(value)
        if isinstance(value, str) and not value.rpartition("@")[2].isascii():
            raise ValidationError(validate_email.message, code="invalid")


#: What a mail program makes a link of. Endings of two letters are countries, all of them.
_LINK = regex.compile(
    r"://|\bwww\."
    r"|(?<![\p{L}\p{N}-])[\p{L}\p{N}-]{2,}\."
    r"(?:[a-z]{2}|com|org|net|edu|gov|mil|int|info|biz|app|dev|xyz|online|site|shop|store|click"
    r"|link|live|club|top|icu|page|web|blog|cloud|tech|space|website|example|test|museum|name|pro"
    r"|jobs|mobi|amsterdam|frl|gent|brussels|vlaanderen)(?![\p{L}\p{N}])"
    r"|@[\p{L}\p{N}-]+\.",
    regex.IGNORECASE,
)


def refuse_link(value: Any) -> None:
    """A name stands in our mail, and a link in it would be ours (findings 17)."""
    if isinstance(value, str) and _LINK.search(in_form("NFKC", value)):
        raise ValidationError(
            _("A name has no web address in it. Is there a dot? Put a space behind it."),
            code="link",
        )


class NameField(forms.CharField):
    """What somebody is called. In one line, something to be seen, and no link."""

    default_validators = [refuse_link]

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators = [*forms.CharField(max_length=self.max_length).validators, refuse_link]


class CodeField(forms.CharField):
    """A code that was read aloud or pasted out of a mail: only its own signs are left."""

    def __init__(self, *, figures: bool = True, **options: Any) -> None:
        attrs = {"autocomplete": "one-time-code", "spellcheck": "false"}
        if figures:
            attrs["inputmode"] = "numeric"
        options.setdefault("widget", forms.TextInput(attrs=attrs))
        options.setdefault("max_length", 100)
        self.figures = figures
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        if not typed or not self.figures:
            return typed
        return only_figures(typed) or typed


def only_figures(typed: str) -> str:
    """`Code: 123 456` -> `123456`; the figures of any script."""
    return "".join(str(unicodedata.decimal(sign)) for sign in typed if sign.isdecimal())


# ---- Days --------------------------------------------------------------------


@dataclass(frozen=True)
class DayParts:
    """What stands in the three boxes, as it was typed."""

    day: str = ""
    month: str = ""
    year: str = ""

    def __bool__(self) -> bool:
        return bool(self.day or self.month or self.year)

    def __str__(self) -> str:
        return " ".join(part for part in (self.day, self.month, self.year) if part)

    @property
    def is_in_one_box(self) -> bool:
        return [bool(self.day), bool(self.month), bool(self.year)].count(True) == 1

    def read(self) -> date:
        """A whole day in one box counts when the others are empty. Raises NoDay."""
        if self.is_in_one_box:
            return read_day(self.day or self.month or self.year)
        return of_parts(self.day, self.month, self.year)


class DatePartsWidget(SelectDateWidget):
    """Day, month and year as three boxes: the fastest way to give a birth date on a phone.

    Posts `<name>_day`, `<name>_month`, `<name>_year`. A month may be a word, and a whole day that
    is pasted into one of the boxes is split over them.
    """

    template_name = "core/forms/date_parts.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None, *, birthday: bool = False) -> None:
        super().__init__(attrs, years=())
        self.birthday = birthday

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        typed = DayParts(*(one_line(str(data.get(f"{name}_{p}") or "")) for p in PARTS))
        return typed or data.get(name)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(f"{name}_{part}" in data for part in PARTS)

    def format_value(self, value: Any) -> dict[str, Any]:
        """What the boxes show; a whole day out of one box stands in its own three."""
        if isinstance(value, str):
            value = DayParts(value)
        if isinstance(value, DayParts) and value.is_in_one_box:
            with contextlib.suppress(NoDay):
                value = value.read()
        if isinstance(value, DayParts | date):
            return {part: getattr(value, part) for part in PARTS}
        return {}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        parts = self.format_value(value)
        final = self.build_attrs(self.attrs, attrs)
        rows = (("day", _("Day")), ("month", _("Month")), ("year", _("Year")))
        return {
            "widget": {
                "name": name,
                "is_hidden": False,
                "required": self.is_required,
                "value": value,
                "attrs": final,
                "wrong": final.get("aria-invalid") == "true",
                "template_name": self.template_name,
                "parts": [
                    {
                        "name": f"{name}_{part}",
                        "id": f"{final.get('id', 'id_' + name)}_{part}",
                        "label": label,
                        "value": "" if parts.get(part) is None else parts[part],
                        "autocomplete": f"bday-{part}" if self.birthday else "off",
                    }
                    for part, label in rows
                ],
            }
        }


PARTS = ("day", "month", "year")


class DayField(forms.DateField):
    """One day: three boxes, or the browser's own calendar; the same answers in both languages."""

    default_error_messages = {
        "invalid": _("This date does not exist. Look at day, month and year."),
        "incomplete": _("Fill in day, month and year."),
        "short_year": _("Fill in the year with four figures."),
    }

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, datetime):
            return clock.day_of(value)
        if isinstance(value, date):
            return value
        if isinstance(value, str):
            value = DayParts(one_line(value))
        if not value:
            return None
        try:
            day: date = value.read()
        except NoDay as wrong:
            raise ValidationError(self.error_messages[wrong.code], code=wrong.code) from wrong
        return day

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


def parts_field(*, birthday: bool = False, **options: Any) -> DayField:
    """A day in three boxes."""
    return DayField(widget=DatePartsWidget(birthday=birthday), **options)


def calendar_field(**options: Any) -> DayField:
    """A day out of the browser's own calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return DayField(widget=widget, **options)

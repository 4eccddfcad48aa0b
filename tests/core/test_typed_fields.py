"""Over all forms of the house: no field of a kind that reads otherwise than its kind (R-342)."""

import gc
import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core.accounts.forms import CodeForm, FactorAgainForm, FactorForm, SetUpForm
from core.accounts.one_time import SIGNS, same_code
from core.cleaning import is_seen, one_form, one_line
from core.fields import CodeField, DayField, MailboxField, NameField, TelephoneField, refuse_link
from core.management.commands.messages import own_apps

pytestmark = pytest.mark.req("R-342")

#: What marks a field as a telephone number, a name, a code.
NUMBERS, NAMES = ("phone", "telephone", "mobile", "tel"), ("name",)


def all_forms() -> Iterator[type[forms.BaseForm]]:
    for app in own_apps():
        for module in pkgutil.walk_packages([app.path], f"{app.name}."):
            if ".migrations" not in module.name and ".management" not in module.name:
                import_module(module.name)
    gc.collect()
    seen, left = set(), [forms.BaseForm]
    while left:
        found = left.pop()
        left += found.__subclasses__()
        if found not in seen and found.__module__.split(".")[0] in FLOORS:
            seen.add(found)
            yield found


FLOORS = {"core", "participants", "groups", "challenges", "questionnaires", "licensing", "joinus"}


FIELDS: dict[str, forms.Field] = dict(
    sorted(
        (
            (f"{form.__module__}.{form.__name__}.{name}", field)
            for form in all_forms()
            for name, field in form.base_fields.items()
        ),
        key=lambda found: found[0],
    )
)


def of(kind: type[forms.Field]) -> list[str]:
    return [where for where, field in FIELDS.items() if isinstance(field, kind)]


def test_there_are_forms_to_look_at() -> None:
    assert len(FIELDS) > 150
    assert len(of(TelephoneField)) >= 5
    assert len(of(MailboxField)) >= 7
    assert len(of(NameField)) >= 6
    assert len(of(DayField)) >= 12
    assert len(of(CodeField)) >= 5


@pytest.mark.parametrize("where", FIELDS)
def test_no_field_reads_its_kind_in_another_way(where: str) -> None:
    field = FIELDS[where]
    name = where.rpartition(".")[2]
    words = set(name.split("_"))
    if isinstance(field, forms.DateField):
        assert isinstance(field, DayField)
    if isinstance(field, forms.EmailField) or name in ("email", "login", "address_mail"):
        assert isinstance(field, MailboxField)
    if not isinstance(field, forms.CharField) or isinstance(field.widget, forms.HiddenInput):
        return
    if words & set(NUMBERS) or field.widget.attrs.get("type") == "tel":
        assert isinstance(field, TelephoneField)
    elif words & set(NAMES):
        assert isinstance(field, NameField)
    if name == "code":
        assert isinstance(field, CodeField)


@pytest.mark.parametrize("where", of(TelephoneField))
def test_every_telephone_field_keeps_one_spelling(where: str) -> None:
    field = FIELDS[where]
    for typed in (
        "06 12345678",
        "(06) 12 34 56 78",
        "\u202a+31 (0)6 1234 5678\u202c",
        "0031612345678",
    ):
        assert field.clean(typed) == "+31612345678"
        assert not field.has_changed("+31612345678", typed)
    assert field.prepare_value("+31612345678") == "06 12345678"
    for typed in ("061234567", "06123456789012", "0900-1234", "bel mij"):
        with pytest.raises(ValidationError):
            field.clean(typed)


@pytest.mark.parametrize("where", of(MailboxField))
def test_every_address_field_keeps_one_spelling(where: str) -> None:
    field = FIELDS[where]
    for typed in ("Bo@MÜNCHEN.de\u200b", " bo@mu\u0308nchen.de", "bo@xn--mnchen-3ya.de"):
        assert field.clean(typed) == "bo@xn--mnchen-3ya.de"
    assert field.prepare_value("bo@xn--mnchen-3ya.de") == "bo@münchen.de"


@pytest.mark.parametrize("where", of(NameField))
def test_every_name_field_takes_names_and_no_links(where: str) -> None:
    field = FIELDS[where]
    for name in (
        "0",
        "Ö",
        "山田",
        "محمد",
        "Noor 🦄",
        "O’Neill-van ’t Hof",
        "J. de Vries",
        "St. John",
    ):
        assert field.clean(name) == name
    assert field.clean(" Zoe\u0308 \u00a0 de\u200b Wit ") == "Zoë de Wit"
    for link in ("Win https://evil.example/x", "www.evil.example", "evil.com", "Bo bo@evil.nl"):
        with pytest.raises(ValidationError):
            field.clean(link)
    with pytest.raises(ValidationError):
        field.clean("a" * 100)


@pytest.mark.parametrize(
    "where",
    [
        where
        for where in of(forms.CharField)
        if FIELDS[where].required
        and not isinstance(FIELDS[where].widget, forms.PasswordInput)
        and not isinstance(FIELDS[where], forms.UUIDField)
    ],
)
def test_no_required_text_is_what_nobody_sees(where: str) -> None:
    field = FIELDS[where]
    for unseen in (
        "\u200b",
        " \u00a0 ",
        "\u3164",
        "\u2800",
        "\ufe0f",
        "\u200d",
        "\u00ad\u2060",
        "\u034f",
    ):
        with pytest.raises(ValidationError) as refused:
            field.clean(unseen)
        assert refused.value.code == "required" or refused.value.messages == [
            str(field.error_messages["required"])
        ]


# ---- Names by grapheme -------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "Sint-Maarten",
        "dr. de Vries",
        "A.B.C. Jansen",
        "J.P. van 't Hof",
        "Anne-Fleur",
        "Mies.",
        "x.y",
        "Bo (de oudste)",
    ],
)
def test_a_dot_in_a_name_is_no_link(name: str) -> None:
    refuse_link(name)


@pytest.mark.parametrize(
    "link",
    [
        "http://x",
        "HTTPS://EVIL.EXAMPLE",
        "www.x",
        "evil.nl",
        "Evil.COM",
        "kijk op evil.org/nu",
        "ｅｖｉｌ．ｃｏｍ",
        "münchen.de",
        "a-b.info",
        "bo@evil.xyz",
    ],
)
def test_what_a_mail_program_links_is_no_name(link: str) -> None:
    with pytest.raises(ValidationError):
        refuse_link(link)


@pytest.mark.parametrize("grapheme", ["a", "ë", "👨‍👩‍👧", "🇳🇱", "क्ष", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🤷🏽‍♀️", "نمی‌خواهم"])
def test_what_belongs_together_stays_together(grapheme: str) -> None:
    assert one_line(grapheme) == grapheme
    assert is_seen(grapheme)


@given(st.text(max_size=50))
def test_a_cleaned_text_is_clean(text: str) -> None:
    for clean in (one_form, one_line):
        once = clean(text)
        assert clean(once) == once
    assert is_seen(text) or not is_seen(one_line(text))


@given(
    st.text(
        alphabet="\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u202e\u3164\ufe0f \u00a0\u2003",
        max_size=9,
    )
)
def test_signs_that_nobody_sees_are_nothing(text: str) -> None:
    assert not is_seen(text)
    assert one_line(f"Bo{text}").strip("\ufe0f ") == "Bo"


# ---- Codes -------------------------------------------------------------------

AROUND = [" ", "\u00a0", "\u2009", "\u200b", "-", "–", ".", "\u202f", "\u2060"]


@pytest.mark.parametrize("form", [CodeForm, FactorForm, FactorAgainForm, SetUpForm])
@pytest.mark.parametrize("between", AROUND)
def test_a_code_of_figures_is_read_with_anything_around_it(
    form: type[forms.Form], between: str
) -> None:
    field = form.base_fields["code"]
    for typed in (
        f"123{between}456",
        between.join("123456"),
        f"{between}123456{between}",
        f"Code: 123{between}456",
        "１２３４５６",
    ):
        assert field.clean(typed) == "123456"


@given(st.text(SIGNS, min_size=8, max_size=8), st.sampled_from(AROUND))
def test_the_eight_signs_are_read_with_anything_around_them(code: str, between: str) -> None:
    for typed in (
        code,
        code.lower(),
        f"{code[:4]}{between}{code[4:]}",
        between.join(code),
        f" {code}\u00a0",
        f"Code: {code[:4]} {code[4:]}",
        f"je code is {code[:4]}{between}{code[4:]}.",
    ):
        assert same_code(typed) == code

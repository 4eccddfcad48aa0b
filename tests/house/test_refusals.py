"""Whatever a form, a field, a password or a door can refuse is said in Dutch."""

import inspect
import pkgutil
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import allauth
import django
import pytest
from babel.messages.extract import extract
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import override

from core import borrowed
from core.accounts.adapter import AccountAdapter, FactorAdapter
from core.accounts.models import User
from core.management.commands.messages import KEYWORDS, own_apps
from tests.walk import ENGLISH

ANYTHING: Any = defaultdict(lambda: 3)


def said(message: Any, language: str) -> str:
    with override(language):
        try:
            return str(message % ANYTHING)
        except TypeError:  # a number without a name
            return str(message)


def own_forms() -> Iterator[type[forms.BaseForm]]:
    for app in own_apps():
        for module in pkgutil.walk_packages([app.path], f"{app.name}."):
            if "form" not in module.name.rpartition(".")[2] and ".forms" not in module.name:
                continue
            for _name, found in inspect.getmembers(import_module(module.name), inspect.isclass):
                if issubclass(found, forms.BaseForm) and found.__module__ == module.name:
                    yield found


def messages_of(field: forms.Field) -> Iterator[Any]:
    yield from field.error_messages.values()
    for validator in [*field.validators, *field.default_validators]:
        yield getattr(validator, "message", "")


def untranslated(messages: Any) -> list[str]:
    """Those that say the same in Dutch as in English, or English in Dutch."""
    texts = {(said(m, "nl"), said(m, "en")) for m in messages if m}
    return sorted(nl for nl, en in texts if nl == en or ENGLISH.search(nl))


def test_every_message_of_every_field_is_dutch() -> None:
    found = list(own_forms())
    assert len(found) > 60
    fields = {f"{f.__name__}.{name}": x for f in found for name, x in f.base_fields.items()}
    assert {
        name: wrong for name, field in fields.items() if (wrong := untranslated(messages_of(field)))
    } == {}


@pytest.mark.parametrize("adapter", [AccountAdapter, FactorAdapter])
def test_every_message_of_the_doors_is_dutch(adapter: Any) -> None:
    assert untranslated(adapter.error_messages.values()) == []


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("kort", "Kies een wachtwoord van minstens 12 tekens."),
        (
            "fleur.jansen",
            "Dit lijkt te veel op je naam of je e-mailadres. Kies een ander wachtwoord.",
        ),
        ("password1234", "Veel mensen gebruiken dit wachtwoord. Het is makkelijk te raden."),
    ],
)
def test_what_a_password_must_be_is_said_in_our_words(password: str, refusal: str) -> None:
    user = User(name="Fleur Jansen", email="fleur.jansen@example.org")
    with override("nl"), pytest.raises(ValidationError) as refused:
        validate_password(password, user)
    assert any(refusal in message for message in refused.value.messages)
    assert [m for m in refused.value.messages if ENGLISH.search(m)] == []


def test_what_we_say_for_others_is_still_what_they_say() -> None:
    """Another sentence in a newer Django would come out in an official's Dutch, or in English."""
    files = [
        *Path(django.__path__[0], "forms").glob("*.py"),
        Path(django.__path__[0], "core/validators.py"),
        Path(allauth.__path__[0], "account/forms.py"),
    ]
    theirs = {text for file in files for text in marked(file)}
    ours = set(marked(Path(str(borrowed.__file__))))
    assert len(ours) > 12
    assert sorted(ours - theirs) == []


def marked(file: Path) -> Iterator[str]:
    for _line, text, *_rest in extract("python", BytesIO(file.read_bytes()), KEYWORDS):
        yield from [text] if isinstance(text, str) else filter(None, text)

"""The check on translations sees each way in which Dutch can be unfinished."""

import re
from io import StringIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.core.management import CommandError, call_command
from django.utils.translation import trans_real

from challenges.register.smaller import Way
from core.management.commands import messages
from core.management.commands.messages import placeholder_flaws

PLURAL = ("%(n)s evening", "%(n)s evenings")


@pytest.mark.parametrize(
    ("source", "dutch", "flaws"),
    [
        ("Hi %(name)s", "Hoi %(name)s", []),
        ("Hi %(name)s", "Hoi %(naam)s", ["unknown placeholder naam", "lost placeholder name"]),
        ("Hi {name}", "Hoi", ["lost placeholder name"]),
        ("Hi %s", "Hoi %s", ["a placeholder without a name"]),
        ("100 % sure", "100 % zeker", []),
        (PLURAL, ("een avond", "%(n)s avonden"), []),
        (PLURAL, ("%(x)s avond", "%(n)s avonden"), ["unknown placeholder x"]),
    ],
)
def test_placeholders_must_match(source, dutch, flaws):
    message = Catalog("nl").add(source, dutch)
    assert list(placeholder_flaws(message)) == flaws


@pytest.mark.parametrize(
    ("wanted", "present", "fuzzy", "flaw"),
    [
        ("New", None, False, "not collected"),
        (None, "Old", False, "no longer used"),
        ("Both", "", False, "not translated"),
        ("Both", "Beide", True, "fuzzy"),
    ],
)
def test_the_check_fails_on(monkeypatch, wanted, present, fuzzy, flaw):
    collected, catalogue = Catalog("nl"), Catalog("nl")
    if wanted:
        collected.add(wanted)
    if present is not None:
        catalogue.add(wanted or present, present, flags=["fuzzy"] if fuzzy else [])
    monkeypatch.setattr(messages, "own_apps", lambda: messages.apps.get_app_configs().__iter__())
    monkeypatch.setattr(messages, "strings_of", lambda app: collected)
    monkeypatch.setattr(messages, "read", lambda app: catalogue)
    monkeypatch.setattr(messages, "catalogue_path", lambda app: messages.settings.BASE_DIR / "x")
    with pytest.raises(CommandError, match=flaw):
        call_command("messages", "core", check=True, stdout=StringIO())


@pytest.mark.parametrize(
    ("here", "there", "clash"),
    [
        (("Close", "Sluit"), ("Close", "Afsluiten"), True),
        (("Close", "Sluit"), ("Close", "Sluit"), False),
        (("Close", "Sluit"), ("Close", ""), False),
        (("Close", "Sluit"), ("Close", "Dichtbij", "near"), False),
        ((PLURAL, ("een avond", "%(n)s avonden")), (PLURAL, ("een avond", "%(n)s keer")), True),
    ],
)
def test_the_same_english_has_one_dutch(monkeypatch, here, there, clash):
    catalogues = {"core": Catalog("nl"), "groups": Catalog("nl")}
    for catalogue, (source, dutch, *context) in zip(
        catalogues.values(), (here, there), strict=True
    ):
        catalogue.add(source, dutch, context=next(iter(context), None))
    monkeypatch.setattr(messages, "read", lambda app: catalogues[app.label])
    apps = [messages.apps.get_app_config(label) for label in catalogues]
    assert bool(list(messages.clashes(apps))) is clash


def test_the_check_fails_on_another_dutch_elsewhere(monkeypatch):
    monkeypatch.setattr(messages, "clashes", lambda _apps: ["different Dutch for 'Close'"])
    with pytest.raises(CommandError, match="different Dutch"):
        call_command("messages", "core", check=True, stdout=StringIO())


def test_templates_and_code_are_collected():
    found = messages.strings_of(messages.apps.get_app_config("home"))
    assert len(found) > 0


def test_no_function_marks_strings_under_a_name_that_is_not_collected():
    """`gettext as now` would show English to everybody, and the check would call Dutch complete."""
    renamed = re.compile(r"\b\w*gettext\w* as (?!_\b)\w+")
    found = [
        f"{path}: {line.strip()}"
        for app in messages.own_apps()
        for path in Path(app.path).rglob("*.py")
        for line in path.read_text().splitlines()
        if renamed.search(line)
    ]
    assert found == []
    assert renamed.search("from django.utils.translation import gettext as now")


def test_what_is_compiled_is_read_by_the_same_process(monkeypatch):
    """`make demo` compiles in a fresh checkout, and plays its world in the same process."""
    nothing_there = trans_real.DjangoTranslation("en")
    monkeypatch.setattr(trans_real, "_translations", {"nl": nothing_there})
    monkeypatch.setattr(trans_real, "_default", nothing_there)
    trans_real.activate("nl")
    assert str(Way.HERE_FIRST.label) == "First once at Join Us"
    call_command("messages", "challenges", compile=True)
    assert str(Way.HERE_FIRST.label) == "Eerst een keer bij Join Us"

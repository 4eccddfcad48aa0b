"""What an installation starts with of the method: examples and support forms."""

import json

import pytest
from django.core.management import call_command

from challenges.models import ExampleChallenge, SupportForm
from challenges.reference import DATA, load_reference
from core.texts.models import TextVersion
from questionnaires.models import Item

pytestmark = pytest.mark.django_db


@pytest.mark.req("R-165")
def test_example_challenges_are_the_printed_ones_and_no_closed_list() -> None:
    ExampleChallenge.objects.create(key="own", text_nl="Ik bel", text_en="I call", order=99)
    for _ in range(2):
        load_reference()
    raw = json.loads(DATA.read_text("utf-8"))
    printed = [(r["key"], r["nl"]) for r in raw["example_challenges"]]
    assert list(ExampleChallenge.objects.values_list("key", "text_nl")) == [
        *printed,
        ("own", "Ik bel"),
    ]
    forms = SupportForm.objects.values_list("key", "name_nl", "intensity")
    assert [f[0] for f in forms] == [r["key"] for r in raw["support_forms"]]
    assert [f[0] for f in sorted(forms, key=lambda f: f[2] or 99)][:4] == [
        "modelling",
        "prompt",
        "rewarding",
        "challenging",
    ]


def test_one_command_loads_everything_and_may_run_again() -> None:
    for _ in range(2):
        call_command("load_reference", verbosity=0)
    assert Item.objects.count() == 22
    assert TextVersion.objects.filter(version=1).count() == TextVersion.objects.count() > 0

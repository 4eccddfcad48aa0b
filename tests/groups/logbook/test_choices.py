"""The boxes of the logbook are drawn without a template of their own, and are the same."""

from typing import Any

import pytest
from django import forms
from pytest_django.asserts import assertHTMLEqual

from groups.templatetags.choices import drawn

CHOICES = [("", "?"), ("a", "A"), ("<b>", "B & b")]


class Choice(forms.Form):
    dot = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect({"class": "x", "data-n": 1}))
    box = forms.MultipleChoiceField(
        choices=CHOICES, widget=forms.CheckboxSelectMultiple, required=False
    )


@pytest.mark.parametrize("given", [None, {}, {"c-dot": "<b>", "c-box": ["", "a"]}])
def test_a_box_is_drawn_as_its_own_template_draws_it(given: Any) -> None:
    form = Choice(given, prefix="c", initial={"dot": "a"})
    form.fields["box"].disabled = True
    for field in form:
        for box in field:
            assertHTMLEqual(drawn(box), box.tag())

"""How a page tries an act: done whole or not at all, refused where it is read, 422 when refused."""

from typing import Any

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import Http404, HttpRequest
from django.test import RequestFactory

from core.errors import NotYours, RuleBroken
from core.forms import attempt, carry_out, refuse, show
from core.organisations.models import Region

pytestmark = pytest.mark.django_db


class SampleForm(forms.Form):
    day = forms.CharField()


@pytest.fixture
def form() -> SampleForm:
    form = SampleForm({"day": "monday"})
    assert form.is_valid()
    return form


@pytest.fixture
def request_() -> HttpRequest:
    request = RequestFactory().post("/")
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    return request


def found(*, name: str, field: str | None = None, broken: type[RuleBroken] | None = None) -> Region:
    """An action that writes first, and may break a rule after it."""
    region = Region.objects.create(name=name)
    if broken:
        raise broken("Not like this.", "not_like_this", field)
    return region


def test_what_was_done_is_handed_back_and_stays(form: SampleForm, request_: HttpRequest) -> None:
    for tried in (carry_out(form, found, name="A"), attempt(request_, found, name="B")):
        assert tried
        assert tried.result.pk
    assert Region.objects.filter(name__in=["A", "B"]).count() == 2
    assert not form.errors
    assert not list(get_messages(request_))


@pytest.mark.parametrize("broken", [RuleBroken, NotYours])
@pytest.mark.parametrize(
    ("field", "shown_at"), [("day", "day"), (None, "__all__"), ("x", "__all__")]
)
def test_a_refusal_lands_in_the_form_and_undoes_what_was_written(
    form: SampleForm, broken: type[RuleBroken], field: str | None, shown_at: str
) -> None:
    assert not carry_out(form, found, name="A", field=field, broken=broken)
    assert form.errors == {shown_at: ["Not like this."]}
    assert not Region.objects.filter(name="A").exists()


def test_a_refusal_without_a_form_is_a_message(request_: HttpRequest) -> None:
    assert not attempt(request_, found, name="A", broken=RuleBroken)
    assert [(m.level_tag, m.message) for m in get_messages(request_)] == [
        ("error", "Not like this.")
    ]
    assert not Region.objects.filter(name="A").exists()


def test_a_form_says_which_of_its_fields_stands_for_another_fact(form: SampleForm) -> None:
    form.stands_for = {"date": "day"}  # type: ignore[attr-defined]
    refuse(form, RuleBroken("Too far.", "too_far", "date"))
    assert form.errors == {"day": ["Too far."]}


def test_what_is_not_a_refusal_goes_on_its_way(form: SampleForm) -> None:
    def gone() -> None:
        raise Http404

    with pytest.raises(Http404):
        carry_out(form, gone)


@pytest.mark.parametrize(
    ("data", "refused", "status"),
    [(None, False, 200), ({"day": "x"}, False, 200), ({}, False, 422), (None, True, 422)],
)
def test_a_page_is_422_when_a_form_has_errors_or_the_act_was_refused(
    request_: HttpRequest, data: Any, refused: bool, status: int
) -> None:
    forms_ = (SampleForm(), SampleForm(data))
    answer = show(request_, "core/forms/form.html", {"form": forms_[1]}, *forms_, refused=refused)
    assert answer.status_code == status

"""How every form draws itself, a photo; and how a page tries an act.

A view does what was asked with `carry_out` (a form says no at its field) or `attempt` (no form: a
message says no), and shows itself with `show`. Either leaves nothing half done behind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO, ParamSpec

from django import forms
from django.contrib import messages
from django.db import transaction
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from core.errors import RuleBroken
from core.pictures import LARGEST_FILE

P = ParamSpec("P")


class FormRenderer(TemplatesSetting):
    """`{{ form }}` and `{{ field.as_field_group }}` through the design system's own templates."""

    form_template_name = "core/forms/form.html"
    field_template_name = "core/forms/field.html"


class PictureField(forms.FileField):
    """One photo. What comes out is what `draw` made of it (core.pictures), never the upload."""

    widget = forms.FileInput
    default_error_messages = {
        "required": _("Choose a photo first."),
        "invalid": _("Choose a photo first."),
        "missing": _("Choose a photo first."),
        "empty": _("This file is empty. Choose another photo."),
        "max_length": _("The name of this file is too long. Rename it first."),
    }

    def __init__(self, draw: Callable[[BinaryIO], bytes], **options: Any) -> None:
        super().__init__(max_length=255, **options)
        self.draw = draw
        self.widget.attrs["accept"] = "image/jpeg,image/png,image/webp"

    def clean(self, data: Any, initial: Any = None) -> bytes:
        file = super().clean(data, initial)
        if (file.size or 0) > LARGEST_FILE:
            raise forms.ValidationError(_("This photo is too large. Choose a smaller one."))
        try:
            return self.draw(file)
        except RuleBroken as broken:
            raise forms.ValidationError(broken.message, code=broken.code) from broken


def refuse(form: Any, broken: RuleBroken) -> None:
    """Show a broken rule at its field, or on top of the form.

    A form whose field stands for another fact of the action says so in `stands_for`.
    """
    field = getattr(form, "stands_for", {}).get(broken.field, broken.field)
    form.add_error(field if field in form.fields else None, broken.message)


def sent(request: HttpRequest, act: str) -> QueryDict | None:
    """What was typed in this one of several forms on a page; None for the forms beside it."""
    return request.POST if request.POST.get("act") == act else None


@dataclass(frozen=True)
class Tried:
    """Whether an act was done, and what it returned. False: it was refused, nothing happened."""

    done: bool
    result: Any = None

    def __bool__(self) -> bool:
        return self.done


def carry_out(form: Any, action: Callable[P, Any], /, *args: P.args, **facts: P.kwargs) -> Tried:
    """Do `action(**facts)`, all or nothing; a broken rule lands in the form (style.md 9)."""
    try:
        with transaction.atomic():
            return Tried(True, action(*args, **facts))
    except RuleBroken as broken:
        refuse(form, broken)
        return Tried(False)


def attempt(
    request: HttpRequest, action: Callable[P, Any], /, *args: P.args, **facts: P.kwargs
) -> Tried:
    """As `carry_out`, where there is no form: a broken rule is said on the next page shown."""
    try:
        with transaction.atomic():
            return Tried(True, action(*args, **facts))
    except RuleBroken as broken:
        messages.error(request, broken.message)
        request.act_was_refused = True  # type: ignore[attr-defined]  # what was typed stays
        return Tried(False)


def show(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    /,
    *tried: Any,
    refused: bool = False,
) -> HttpResponse:
    """The page; 422 when one of the forms `tried` has errors, or the act was `refused`."""
    failed = refused or any(form.errors for form in tried)
    return render(request, template, context, status=422 if failed else 200)

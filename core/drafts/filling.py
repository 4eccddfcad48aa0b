"""A form and what was typed in it: read as a browser would post it, and written back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.widgets import ChoiceWidget, SelectDateWidget
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from core.drafts.declaring import ACTS, NEVER

Values = dict[str, list[str]]
NO_FILES: Any = MultiValueDict()


def one_newline(text: str) -> str:
    """Browsers send two signs for a new line, scripts one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def typed_in(data: QueryDict, form: str) -> Values:
    """What a person typed and ticked in this form: no files, no tokens, no acts."""
    out = NEVER | ACTS.get(form, set())
    return {
        name: [one_newline(str(one)) for one in data.getlist(name)]
        for name in data
        if name not in out and "password" not in name
    }


def as_posted(form: forms.BaseForm) -> Values:
    """What a browser would send of this form as it is shown now: the base of what comes back."""
    found: Values = {}
    for bound in form:
        found |= _posted(bound, bound.value())
    return found


def query(values: Mapping[str, list[str]]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, told in values.items():
        data.setlist(name, told)
    return data


def fill(form: Any, values: Mapping[str, list[str]]) -> None:
    """Show what was typed instead of what stands: nothing is checked before a person sends it."""
    data = query(values)
    for name, field in form.fields.items():
        sent, widget = form.add_prefix(name), field.widget
        if _is_kept(field) and not widget.value_omitted_from_data(data, NO_FILES, sent):
            form.initial[name] = widget.value_from_datadict(data, NO_FILES, sent)
    form._bound_fields_cache.clear()


def by_field(form: forms.BaseForm, values: Mapping[str, list[str]]) -> dict[str, Values]:
    """What was sent, apart per field of the form: comparable, and ready to be sent again."""
    found: dict[str, Values] = {}
    for bound in form:
        if _is_kept(bound.field):
            names = _posted(bound, None)
            found[bound.name] = {
                name: [t for one in values.get(name, []) if (t := one_newline(one).strip())]
                for name in names
            }
    return found


def shown(bound: BoundField, told: Values) -> str:
    """These words as a person reads them: a choice by its label."""
    value = bound.field.widget.value_from_datadict(query(told), NO_FILES, bound.html_name)
    choices = getattr(bound.field, "choices", None)
    if choices is not None:
        labels = {str(key): str(label) for key, label in choices}
        told_values = value if isinstance(value, list) else [value]
        return ", ".join(labels.get(str(one), str(one)) for one in told_values if one)
    if isinstance(value, bool):
        return "✓" if value else "–"
    return str(value or "")


def _is_kept(field: forms.Field) -> bool:
    return not isinstance(field.widget, (forms.FileInput, forms.PasswordInput))


def _posted(bound: BoundField, value: Any) -> Values:
    """Empty lists for what nothing would be sent of; the names are always all there."""
    widget: Any = bound.field.widget
    name = bound.html_name
    if not _is_kept(bound.field):
        return {}
    if isinstance(widget, forms.CheckboxInput):
        return {name: ["on"] if widget.check_test(value) else []}
    if isinstance(widget, SelectDateWidget):
        parts = widget.format_value(value)
        return {
            f"{name}_{part}": ["" if parts.get(part) is None else str(parts[part])]
            for part in ("day", "month", "year")
        }
    if isinstance(widget, forms.MultiWidget):
        several: Any = widget
        told = value if isinstance(value, (list, tuple)) else several.decompress(value)
        return {
            f"{name}{suffix}": ["" if one is None else str(one)]
            for suffix, one in zip(several.widgets_names, told or [None] * 9, strict=False)
        }
    if isinstance(widget, ChoiceWidget):
        told = [one for one in widget.format_value(value) if one]
        if isinstance(widget, forms.Select) and not widget.allow_multiple_selected:
            return {name: told or [""]}
        return {name: told}
    formatted = widget.format_value(value)
    return {name: ["" if formatted is None else one_newline(str(formatted))]}

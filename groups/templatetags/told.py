"""The sentences of a message about meetings; see `groups.evenings.told_words`."""

from collections.abc import Mapping
from typing import Any

from django import template

from groups.evenings import told_words
from groups.evenings.who_hears import Says

register = template.Library()


@register.filter
def as_told(line: Mapping[str, Any]) -> str:
    return told_words.as_written(line)


@register.filter
def told_day(moment: str) -> str:
    return told_words.day_as_written(moment)


@register.filter
def told_heading(lines: list[Mapping[str, Any]]) -> str:
    return told_words.heading(lines)


@register.filter
def told_heading_to_parents(lines: list[Mapping[str, Any]]) -> str:
    return told_words.heading(lines, to_parents=True)


@register.filter
def told_new(lines: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [line for line in lines if line["says"] == Says.NEW]


@register.filter
def told_changed(lines: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [line for line in lines if line["says"] != Says.NEW]

"""Amounts in the words of a page."""

from django import template
from django.utils.translation import gettext as _

from groups.activities.ideas import Task
from groups.activities.money import in_euros

register = template.Library()


@register.filter
def euros(cents: int) -> str:
    """See `groups.activities.money.in_euros`."""
    return in_euros(cents)


@register.filter
def names(tasks: list[Task]) -> list[str]:
    """Who does these."""
    return [task.who for task in tasks]


@register.filter
def in_a_row(words: list[str]) -> str:
    """`Amir, Bo and Casey`."""
    *first, last = words
    if not first:
        return last
    return _("{several} and {last}").format(several=", ".join(first), last=last)

"""Amounts in the words of a page."""

from django import template

from groups.activities.ideas import Task
from groups.activities.money import in_euros

register = template.Library()


@register.filter
def euros(cents: int) -> str:
    """See `groups.activities.money.in_euros`."""
    return in_euros(cents)


@register.filter
def names(tasks: list[Task]) -> str:
    """Who does these, in one line."""
    return ", ".join(task.who for task in tasks)

"""`todos|shown`: a list of what waits, as it stands beside a page."""

from collections.abc import Sequence

from django import template

from core.ports import Todo
from joinus.home.start import order

register = template.Library()


@register.filter
def shown(todos: Sequence[Todo]) -> order.Shown:
    return order.shown(todos)

"""The marks of the year plan: a shape of its own for each kind of day, and its word."""

from collections.abc import Mapping

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.templatetags.face import icon
from groups.year_plan.plan import Mark

register = template.Library()

WORDS: Mapping[str, Promise | str] = {
    Mark.HELD: pgettext_lazy("of a meeting in the year plan", "held"),
    Mark.NOT_FILLED_IN: _("not filled in"),
    Mark.TODAY: _("today"),
    Mark.PLANNED: _("planned"),
    Mark.CANCELLED: _("does not go ahead"),
    Mark.PROPOSED: _("in this proposal"),
    Mark.FREE: _("free"),
}
DRAWN = {Mark.HELD: "check", Mark.CANCELLED: "x", Mark.NOT_FILLED_IN: "circle-question-mark"}


@register.simple_tag
def plan_mark(mark: str) -> SafeString:
    """The shape alone, silent: the word stands beside it (`plan_word`)."""
    drawn = icon(DRAWN[Mark(mark)]) if mark in DRAWN else ""
    return format_html('<span class="mark mark--{}" aria-hidden="true">{}</span>', str(mark), drawn)


@register.filter
def plan_word(mark: str) -> Promise | str:
    return WORDS[mark]

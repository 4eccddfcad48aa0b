"""A box or a dot of a choice, drawn without a template of its own: the logbook has a hundred."""

from django import template
from django.forms.boundfield import BoundWidget
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def drawn(box: BoundWidget) -> SafeString:
    """The element that `box.tag` gives."""
    data = box.data
    return format_html(
        '<input type="{}" name="{}" value="{}"{}>',
        data["type"],
        data["name"],
        data["value"],
        flatatt(data["attrs"]),
    )

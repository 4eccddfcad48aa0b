"""`{% draft %}`: one tag directly after a form's `{% csrf_token %}`, and its form keeps its words.

Built in. `{% draft_ends %}` stands once at the end of the skeleton: the buttons of a draft belong
to forms of their own, so that Enter in a field never throws anything away.
"""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from core.drafts.coming_back import show_form

register = template.Library()


@register.simple_tag(takes_context=True)
def draft(
    context: template.Context, form: Any, key: str, also: Any = None, about: Any = None
) -> SafeString:
    """`form`, and `also` another one in the same form element; `about`: the id of one more row."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return mark_safe("")
    tried = [one for one in (form, also) if one is not None and one != ""]
    shown = show_form(request, key, tried, [about] if about else [])
    if not shown.ticket:
        return mark_safe("")
    first = not getattr(request, "draft_script", False)
    request.draft_script = request.draft_script or shown.is_kept if not first else shown.is_kept  # type: ignore[attr-defined]
    ends = getattr(request, "draft_ends", [])
    request.draft_ends = [*ends, *((row, shown.back) for row in shown.rows)]  # type: ignore[attr-defined]
    told = {"shown": shown, "key": key, "script": first and shown.is_kept, "request": request}
    told["csp_nonce"] = context.get("csp_nonce")
    return mark_safe(get_template("drafts/form.html").render(told, request))  # noqa: S308


@register.simple_tag(takes_context=True)
def draft_ends(context: template.Context) -> SafeString:
    request = context.get("request")
    ends = getattr(request, "draft_ends", None)
    if not ends:
        return mark_safe("")
    return mark_safe(get_template("drafts/ends.html").render({"ends": ends}, request))  # noqa: S308

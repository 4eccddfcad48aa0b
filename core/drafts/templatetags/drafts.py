"""`{% draft %}`: one tag directly after a form's `{% csrf_token %}`, and its form keeps its words.

Built in. `{% draft_ends %}` stands once at the end of the skeleton: the buttons of a draft belong
to forms of their own, so that Enter in a field never throws anything away.
"""

from typing import Any

from django import template
from django.http import HttpRequest

from core.drafts.coming_back import Shown, show_form

register = template.Library()


@register.inclusion_tag("drafts/form.html", takes_context=True)
def draft(
    context: template.Context,
    form: Any,
    key: str,
    also: Any = None,
    about: Any = None,
    saves: bool = False,
) -> dict[str, Any]:
    """`form`, and `also` another one in the same form element; `about`: the id of one more row, or
    of several. `saves`: the page saves this form itself as it is typed, so that only what could not
    be saved becomes a draft."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return {"shown": Shown()}
    tried = [one for one in (form, also) if one is not None and one != ""]
    rows = about if isinstance(about, (tuple, list)) else [about] if about else []
    shown = show_form(request, key, tried, rows)
    script = shown.is_kept and not saves and not getattr(request, "draft_script", False)
    request.draft_script = script or getattr(request, "draft_script", False)  # type: ignore[attr-defined]
    ends = getattr(request, "draft_ends", [])
    request.draft_ends = [*ends, *((row, shown.back) for row in shown.rows)]  # type: ignore[attr-defined]
    return {
        "shown": shown,
        "script": script,
        "saves": saves,
        "names": shown.filled is not None and _is_first(request, "draft_named"),
        "warns": bool(shown.ticket) and not saves and _is_first(request, "draft_warned"),
        "csp_nonce": context.get("csp_nonce"),
    }


def _is_first(request: HttpRequest, mark: str) -> bool:
    """Of this page: an id stands once, and a sentence about the whole page too."""
    was = getattr(request, mark, False)
    setattr(request, mark, True)
    return not was


@register.inclusion_tag("drafts/ends.html", takes_context=True)
def draft_ends(context: template.Context) -> dict[str, Any]:
    return {"ends": getattr(context.get("request"), "draft_ends", [])}

"""How "no" looks: one place that turns a refusal into an answer (trust.md 1).

Nothing of the request is repeated: another group's page and a missing one are byte for byte the
same. A young person who is signed in keeps the bar with help in it (R-348), the same on every one
of these pages; where the fault is ours nothing more is asked of the database.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core.accounts.actors import is_participant
from core.errors import NotYours, RuleBroken

#: For programs; what the views of the API say themselves: core/api.py.
CODES = {400: "not_understood", 403: "not_yours", 404: "not_found", 429: "too_often", 500: "fault"}
#: As the views of the API write it: what is not there looks the same wherever it is missing.
AS_THE_API: dict[str, Any] = {"ensure_ascii": False, "separators": (",", ":")}


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _answer(
    request: HttpRequest, status: int, reason: str, heading: str = "", template: str = ""
) -> HttpResponse:
    if is_api(request):
        told = {"code": CODES.get(status, "refused"), "detail": reason}
        return JsonResponse(told, status=status, json_dumps_params=AS_THE_API)
    template = template or ("core/denied.html" if heading else f"{status}.html")
    young = status < 500 and is_participant(getattr(request, "user", None))
    context = {"heading": heading, "reason": reason}
    return HttpResponse(
        render_to_string(template, context, request=request if young else None), status=status
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 400, _("We do not understand this request."))


def forbidden(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Visible to this person, but not theirs to do: the reason stands on the page."""
    return _answer(
        request, 403, reason or _("This is not part of your role."), _("You cannot do this")
    )


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return forbidden(request, str(exception or ""))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404, _("There is nothing here."))


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(request, 500, _("Something went wrong on our side."))


def too_often(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(
        request, 429, _("That went too fast. Try it again in a few minutes."), _("Wait a moment")
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(request, 403, _("This page was open for too long."), template="403_csrf.html")


def refusal(request: HttpRequest, broken: RuleBroken) -> HttpResponse:
    if isinstance(broken, NotYours):
        return forbidden(request, broken.message)
    return _answer(request, 409, broken.message, _("This cannot be done now"))


class RuleMiddleware:
    """A rule that no form caught: not yours is 403 with the reason, a broken rule 409."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Any) -> HttpResponse | None:
        return refusal(request, exception) if isinstance(exception, RuleBroken) else None

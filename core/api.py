"""The API's ways: JSON of a bounded size comes in, and every "no" is a small JSON answer.

An answer repeats nothing of what came in: a lone surrogate cannot be written back as JSON, and
nobody wants to find a stranger's words in an error (trust.md 14).
"""

import json
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.authentication import SessionScheme
from rest_framework import status
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import (
    APIException,
    NotAuthenticated,
    ParseError,
    Throttled,
    ValidationError,
)
from rest_framework.exceptions import PermissionDenied as Forbidden
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import NotYours, RuleBroken

LARGEST = 64 * 1024


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class StaleCheck(Forbidden):
    """The page stood open while its person signed in again: it asks for a new check."""

    default_code = "check"


class SmallJSON(BaseParser):
    """JSON of at most 64 kB, read no further than that; NaN and its kin are not JSON."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None
    ) -> Any:
        body = stream.read(LARGEST + 1)
        if len(body) > LARGEST:
            raise TooLarge
        try:
            return json.loads(body.decode(), parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise ParseError from error


def _no_number(word: str) -> Any:
    raise ValueError(word)


class ApiSession(SessionAuthentication):
    """The session of the page, with its CSRF check."""

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except Forbidden as error:
            raise StaleCheck from error

    def authenticate_header(self, request: Request) -> str:
        """Not signed in is 401, and no box of the browser asks for a password."""
        return "Session"


class ApiSessionScheme(SessionScheme):  # type: ignore[no-untyped-call]
    """How the schema says so."""

    target_class = "core.api.ApiSession"


def says_no(error: Exception, context: dict[str, Any]) -> Response | None:
    """How the API refuses: `detail` for a person, `code` for a program (REST_FRAMEWORK)."""
    if isinstance(error, NotYours):
        return _no(status.HTTP_403_FORBIDDEN, error.code, error.message)
    if isinstance(error, RuleBroken):
        return _no(status.HTTP_409_CONFLICT, error.code, error.message)
    if isinstance(error, Http404):
        return _no(status.HTTP_404_NOT_FOUND, "not_found", _("There is nothing here."))
    if isinstance(error, NotAuthenticated):
        return _no(status.HTTP_401_UNAUTHORIZED, "signed_out", _("Sign in first."))
    if isinstance(error, StaleCheck):
        return _no(error.status_code, "check", _("This page was open for too long."))
    if isinstance(error, PermissionDenied):
        reason = str(error) or _("This is not part of your role.")
        return _no(status.HTTP_403_FORBIDDEN, "not_yours", reason)
    if isinstance(error, TooLarge):
        return _no(error.status_code, "too_large", _("This is too much at once."))
    if isinstance(error, Throttled):
        return _no(error.status_code, "too_often", _("Wait a moment."))
    if isinstance(error, ValidationError | ParseError):
        return _no(error.status_code, "not_understood", _("We do not understand this request."))
    if isinstance(error, APIException):
        return _no(error.status_code, "refused", _("We do not understand this request."))
    return None


def _no(answer: int, code: str, detail: str) -> Response:
    return Response({"code": code, "detail": detail}, status=answer)

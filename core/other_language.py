"""Another language half-way a form: the words come along (R-339).

Where JavaScript runs, the words lie in the tab (static/js/words.js). Without it the switch in the
foot is a button of the form itself, which then sends its words to its own view: that shows them
again in the other language, judges nothing and does nothing.
"""

from typing import Any

from django.conf import settings
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse
from django.utils import translation

#: The name of the switch's buttons (templates/layouts/_languages.html).
SWITCH = "andere-taal"
#: What words.js adds to a form: the words lie in the tab, a page of its own may answer.
IN_THE_TAB = "in-de-tab"
NOT_WORDS = ("csrfmiddlewaretoken", SWITCH, IN_THE_TAB)


def switched_to(request: HttpRequest) -> str:
    """The language that was asked for with the form's words, in force from here on; or nothing."""
    language = request.POST.get(SWITCH, "")
    if language not in dict(settings.LANGUAGES):
        return ""
    translation.activate(language)
    return language


def as_typed(form: Any) -> Any:
    """The form with what was typed, and without a word about what is missing or wrong."""
    form.full_clean()
    form._errors = ErrorDict()
    return form


def words_of(request: HttpRequest) -> list[tuple[str, str]]:
    """Everything that was typed, for hidden fields of a page on the way back to the form."""
    return [(name, str(word)) for name, word in request.POST.items() if name not in NOT_WORDS]


def remember_language(response: HttpResponse, language: str) -> HttpResponse:
    """As Django's own `set_language` does."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    return response

"""Deny by default: an address nobody opened on purpose is behind the sign-in (trust.md 1).

`LoginRequiredMiddleware` closes every view; `@login_not_required` opens one. What is open stands
here by hand, so that opening a page is a decision somebody reads.
"""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, clear_url_caches, get_resolver, path

#: The doors themselves, the second step and the way to a new password (the library marks its own).
SIGNING_IN = {
    "account_request_login_code",
    "account_confirm_login_code",
    "account_say_who",
    "account_one_time_code",
    "account_one_time_link",
    "account_scanned_code",
    "account_login",
    "mfa_authenticate",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
#: Words anybody may read, the language they are in, and what the machine room asks.
PUBLIC = {
    "home:start",
    "home:how_it_works",
    "home:for_parents",
    "home:brochure",
    "home:brochure_pdf",
    "home:for_professionals",
    "home:talk_aid",
    "home:privacy",
    "home:privacy_of_parents",
    "home:accessibility",
    "participants:who_helps",
    "set_language",
    "healthz",
    "readyz",
}
#: Is it near me, signing up, what the browser that just did so sees, and "tell me when".
ARRIVAL = {
    "participants:check",
    "participants:checked",
    "participants:sign_up",
    "participants:signed_up",
    "participants:signed_up_waiting",
    "participants:choose_worker",
    "participants:known_at_sign_up",
    "participants:interest",
    "participants:interest_kept",
    "participants:interest_deleted",
}
#: Who holds a mailed link needs no account: `core.link_pages`.
BEHIND_A_LINK = {
    "participants:parent_consent",
    "participants:parent_page",
    "participants:parent_withdraw",
    "participants:parent_withdraw_page",
    "participants:parent_receipt",
    "participants:parent_receipt_pdf",
    "participants:parent_feedback",
    "participants:parent_feedback_page",
    "participants:parent_done",
    "participants:interest_delete",
    "participants:receipt",
    "participants:receipt_here",
    "participants:receipt_link",
    "participants:receipt_withdraw",
    "participants:receipt_withdrawn",
    "participants:interest_delete_page",
    "groups:farewell_round",
    "questionnaires:tomorrow_by_mail",
    "questionnaires:tomorrow_by_mail_page",
    "questionnaires:rather_not_by_mail",
    "questionnaires:rather_not_by_mail_page",
}
#: The API answers a stranger with 401 itself.
API = {"groups:attendance_api", "groups:lines_api", "schema"}
#: What lies ready in a browser for when there is no connection: the same for everybody.
WITHOUT_A_CONNECTION = {"groups:worker_script", "groups:no_connection"}
#: A calendar program has no cookie: the address is its secret, and it reads one professional's
#: meetings (`groups.year_plan.feed`).
READ_BY_A_PROGRAM = {"groups:feed"}
#: These answer a stranger with 404 themselves: not even the door says that they exist.
HIDDEN_BY_THEMSELVES = {"home:style", "home:style_sample", "participants:face"}
OPEN_TO_STRANGERS = (
    SIGNING_IN
    | PUBLIC
    | ARRIVAL
    | BEHIND_A_LINK
    | API
    | WITHOUT_A_CONNECTION
    | READ_BY_A_PROGRAM
    | HIDDEN_BY_THEMSELVES
)
IN_THE_DEMO = {"demo:index", "demo:enter", "demo:mail"}


def open_in(patterns, space=""):
    """Full names of the views that the middleware lets a stranger through to."""
    found = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            found |= open_in(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern) and not getattr(
            pattern.callback, "login_required", True
        ):
            found.add(f"{space}{pattern.name or pattern.pattern}")
    return found


def test_what_is_open_to_strangers_is_what_stands_here():
    assert open_in(get_resolver().url_patterns) == OPEN_TO_STRANGERS


def test_the_demo_opens_its_own_doors_and_no_other():
    from joinus.demo import urls

    assert open_in(urls.urlpatterns, "demo:") == IN_THE_DEMO


# ---- The middleware is proved by planting ------------------------------------


def _forgotten(request):
    return HttpResponse("nobody thought of who may read this")


class _Planted:
    urlpatterns = [
        path("vergeten/", _forgotten),
        path("open/", login_not_required(lambda request: HttpResponse("for everybody"))),
        *get_resolver().url_patterns,
    ]


@pytest.fixture
def planted(settings):
    settings.ROOT_URLCONF = _Planted
    clear_url_caches()
    yield Client()
    clear_url_caches()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "door"),
    [("get", "/inloggen/?next=/vergeten/%3Fa%3D1"), ("post", "/inloggen/")],
)
def test_a_view_nobody_thought_of_is_closed(planted, method, door):
    """Whoever pressed a button is led back to the page it stood on, if that is known."""
    answer = getattr(planted, method)("/vergeten/?a=1")
    assert (answer.status_code, answer.url) == (302, door)
    assert b"nobody" not in answer.content


@pytest.mark.django_db
def test_a_view_that_somebody_opened_is_open_and_is_found_by_the_list(planted):
    assert planted.get("/open/").status_code == 200
    assert open_in(_Planted.urlpatterns) == OPEN_TO_STRANGERS | {"open/"}


@pytest.mark.django_db
def test_professionals_pages_and_the_administration_lead_to_the_professionals_door(client):
    """From the own security pages nobody is sent back; from the administration to where it was."""
    assert client.get("/inloggen/beveiliging/").url == "/inloggen/begeleiders/"
    for page in ("/beheer/", "/beheer/login/", "/beheer/organisations/region/"):
        assert client.get(page).url == f"/inloggen/begeleiders/?next={page}"

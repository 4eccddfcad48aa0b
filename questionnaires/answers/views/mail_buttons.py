"""Behind the two buttons of a mail about a wave: no sign-in, one POST, nothing that anybody with
the same mailbox may not know (core.link_pages). What is done here is undone after signing in.

A button that can do nothing now is a dead one: the page does not tell why (R-350)."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.errors import RuleBroken
from core.link_pages import LinkPage, OpenPage
from questionnaires.answers import later
from questionnaires.cycle import mail_buttons

SECONDS = 60 * 60


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "questionnaires/mail_button_over.html", status=410)


TOMORROW = LinkPage(
    salt=mail_buttons.TOMORROW,
    at="questionnaires:tomorrow_by_mail_page",
    seconds=SECONDS,
    dead=_over,
)
RATHER_NOT = LinkPage(
    salt=mail_buttons.RATHER_NOT,
    at="questionnaires:rather_not_by_mail_page",
    seconds=SECONDS,
    dead=_over,
)


@TOMORROW.door
def tomorrow(request: HttpRequest, token: str) -> HttpResponse:
    return TOMORROW.open(request, mail_buttons.wave_of(token, mail_buttons.TOMORROW))


@RATHER_NOT.door
def rather_not(request: HttpRequest, token: str) -> HttpResponse:
    return RATHER_NOT.open(request, mail_buttons.wave_of(token, mail_buttons.RATHER_NOT))


@TOMORROW.page
@require_http_methods(["GET", "HEAD", "POST"])
def tomorrow_page(request: HttpRequest, link: OpenPage) -> HttpResponse:
    return _button(request, link, later.ask_tomorrow, "tomorrow")


@RATHER_NOT.page
@require_http_methods(["GET", "HEAD", "POST"])
def rather_not_page(request: HttpRequest, link: OpenPage) -> HttpResponse:
    return _button(request, link, later.leave_alone, "rather_not")


def _button(request: HttpRequest, link: OpenPage, act: Any, choice: str) -> HttpResponse:
    wave = mail_buttons.open_wave(link.subject)
    if wave is None or (choice == "tomorrow" and not later.may_ask_tomorrow(wave)):
        return _over(request)
    if request.method == "POST":
        with suppress(RuleBroken):  # what stands meanwhile is said by the page
            act(invitation=wave, by=None, mailed=True)
        return redirect(link.address)
    context = {"link": link, "wave": wave, "choice": choice, "person": wave.trajectory.participant}
    return render(request, "questionnaires/mail_button.html", context)

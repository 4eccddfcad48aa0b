"""The demo's front door: sign in as anyone, and read every mail that was sent."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from core.accounts.signin import sign_in_directly
from joinus.demo import mailbox
from joinus.demo.doors import behind, doors


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/index.html", {"mails": mailbox.mails(), "doors": doors()})


@login_not_required
@require_safe
def mail(request: HttpRequest, key: str) -> HttpResponse:
    found = mailbox.mail(key)
    if found is None:
        raise Http404
    return render(request, "demo/mail.html", {"mail": found})


@login_not_required
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as the person behind one of the buttons, second step included."""
    user = behind(request.POST.get("who", ""))
    if user is None:
        raise Http404
    sign_in_directly(request, user)
    return redirect("/")

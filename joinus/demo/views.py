"""The demo's front door: sign in as anyone, and read every mail that was sent."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from joinus.demo import mailbox


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/index.html", {"mails": mailbox.mails()})


@require_safe
def mail(request: HttpRequest, key: str) -> HttpResponse:
    found = mailbox.mail(key)
    if found is None:
        raise Http404
    return render(request, "demo/mail.html", {"mail": found})

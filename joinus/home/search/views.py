"""The field of the side bar and its page: hits while typing, all hits when it is sent.

A name never stands in an address, where proxies and browsers keep it (trust.md 10): it is sent
with the form, and the page of all hits has it sealed in its address, for this person alone. So
back, reload, a second tab and the next page of hits work as they do anywhere.
"""

from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.actors import SignedIn
from core.accounts.limits import limited
from core.accounts.models import User
from core.audit.log import opened
from core.pages import page_of
from core.sealed_words import SEALED, seal_words, words_in
from joinus.home.search.finding import MOST, Hit, Hits, cleaned, find, may_search


@require_http_methods(["GET", "HEAD", "POST"])
@limited("search")
def search(request: SignedIn) -> HttpResponse:
    """While typing nothing is written: a glance shows no more than the group's page does."""
    user = request.user
    if user.is_participant:
        raise Http404
    if not may_search(user):
        raise PermissionDenied(_("There is nobody and nothing within your reach to search for."))
    if request.method == "POST":
        text = cleaned(request.POST.get("q", ""))
        if request.headers.get("HX-Request") == "true":
            return render(request, "home/_hits.html", {"hits": find(user, text)})
        return redirect(address_of(user, text))
    return _all_hits(request)


def _all_hits(request: SignedIn) -> HttpResponse:
    text = words_in(request.GET.get(SEALED, ""), request.user)
    if not text:
        return render(request, "home/search.html", {"hits": Hits()})
    return _page_of_hits(request, text)


@transaction.atomic
def _page_of_hits(request: SignedIn, text: str) -> HttpResponse:
    """One audit line with the ids of the people on the page, as for any list of people."""
    user = request.user
    hits = find(user, text, (MOST, MOST, MOST))
    page = page_of(
        request,
        [
            *(("people", stay, hit) for stay, hit in zip(hits.stays, hits.people, strict=True)),
            *(("groups", None, hit) for hit in hits.groups),
            *(("organisations", None, hit) for hit in hits.organisations),
        ],
    )
    stays = [stay for _kind, stay, _hit in page if stay is not None]
    if stays:
        opened(user, "search", stays, request)

    def of(kind: str) -> list[Hit]:
        return [hit for found, _stay, hit in page if found == kind]

    shown = replace(
        hits, people=of("people"), groups=of("groups"), organisations=of("organisations")
    )
    return render(request, "home/search.html", {"hits": shown, "page": page})


def address_of(user: User, text: str) -> str:
    """The page of all hits; the empty page when nothing was typed."""
    if not text:
        return reverse("home:search")
    return reverse("home:search", query={SEALED: seal_words(text, user)})

"""Tell me when: leaving an address, and taking it away again by the link in the mail."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.limits import limited
from core.forms import show
from core.link_pages import LinkPage, OpenPage
from core.other_language import as_typed, remember_language, switched_to
from core.sealed_words import SEALED
from core.tokens import token_hash
from participants.signup.asked import asked_in
from participants.signup.forms.interest import InterestForm
from participants.signup.interest import delete_interest, find_by_hash, register_interest


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("interest")
def interest(request: HttpRequest) -> HttpResponse:
    """Tell me when Join Us comes near, or has a place again; the address says where."""
    sealed = request.GET.get(SEALED, "")
    if request.method != "POST":
        asked = asked_in(sealed)
        if asked is None:
            return redirect("participants:check")
        form = InterestForm(initial={"municipality": asked.place, "age": asked.age})
        return render(request, "participants/interest.html", {"form": form, "sealed": sealed})
    form = InterestForm(request.POST)
    context = {"form": form, "sealed": sealed}
    if language := switched_to(request):
        as_typed(form)
        page = render(request, "participants/interest.html", context)
        return remember_language(page, language)
    if not form.is_valid():
        return show(request, "participants/interest.html", context, form)
    register_interest(
        municipality=form.cleaned_data["municipality"],
        age=form.cleaned_data["age"],
        email=form.cleaned_data["email"],
        language=get_language() or "nl",
    )
    return redirect("participants:interest_kept")


@login_not_required
@require_safe
def interest_kept(request: HttpRequest) -> HttpResponse:
    return render(request, "participants/interest_kept.html")


def _gone(request: HttpRequest) -> HttpResponse:
    """One answer for every link that does not work (any more)."""
    return render(request, "participants/interest_gone.html", status=410)


OFF_THE_LIST = LinkPage(
    salt="participants.interest",
    at="participants:interest_delete_page",
    seconds=60 * 60,
    dead=_gone,
)


@OFF_THE_LIST.door
def interest_delete(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail. Opening it changes nothing; the button on the page deletes."""
    return OFF_THE_LIST.open(request, token_hash(token, "interest_delete").hex())


@OFF_THE_LIST.page
@require_http_methods(["GET", "HEAD", "POST"])
def interest_delete_page(request: HttpRequest, link: OpenPage) -> HttpResponse:
    registration = find_by_hash(bytes.fromhex(link.subject))
    if registration is None:
        return _gone(request)
    if request.method == "POST":
        delete_interest(registration=registration)
        return link.forget(redirect("participants:interest_deleted"))
    context = {"registration": registration, "link": link}
    return render(request, "participants/interest_delete.html", context)


@login_not_required
@require_safe
def interest_deleted(request: HttpRequest) -> HttpResponse:
    return render(request, "participants/interest_deleted.html")

"""What we know about you: what and why, who looked, your yeses, your package, your questions."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock, pdf, ports
from core.accounts.actors import SignedIn
from core.audit import who_looked as seen
from core.drafts.declaring import keeps
from core.forms import carry_out, show
from core.names import isolated
from core.privacy import OWN, Section, as_json
from participants.access import own_stay
from participants.consent import agreements
from participants.consent.at_home import may_speak_of_parents
from participants.models import DataRequest, Trajectory
from participants.rights import requests as data_requests
from participants.rights import what_we_keep
from participants.rights.forms import AskForm
from participants.rights.own_package import OF_HOME, without_home
from participants.rights.privacy import person_of

A_PAGE = 20
AT_A_GLANCE = 3
#: The addresses of what can be asked.
KINDS = {
    "inzien": DataRequest.Kind.COPY,
    "klopt-niet": DataRequest.Kind.CORRECTION,
    "wissen": DataRequest.Kind.DELETION,
}


@require_safe
def known(request: SignedIn) -> HttpResponse:
    stay = own_stay(request)
    speaks = may_speak_of_parents(stay)
    days = seen.days(_own_stays(request))
    return render(
        request,
        "participants/account/known.html",
        {
            "stay": stay,
            "kept": what_we_keep.kept(of_parents=speaks),
            "months": what_we_keep.months_after(stay),
            "looks": seen.looks(days[:AT_A_GLANCE], of_home=speaks),
            "since": stay.signed_up_at,
            "today": clock.today(),
            "yesterday": clock.today() - timedelta(days=1),
            "lines": agreements.lines(stay, get_language() or "nl"),
            "yeses": agreements.history(stay),
            "requests": DataRequest.objects.visible_to(request.user).filter(asker="self"),
        },
    )


@require_safe
def who_looked(request: SignedIn) -> HttpResponse:
    stay = own_stay(request)
    page = Paginator(seen.days(_own_stays(request)), A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "participants/account/who_looked.html",
        {
            "page": page,
            "looks": seen.looks(page.object_list, of_home=may_speak_of_parents(stay)),
        },
    )


@require_safe
def package(request: SignedIn) -> HttpResponse:
    """To read or print: everything that is yours, at once."""
    stay = own_stay(request)
    return render(
        request,
        "participants/account/package.html",
        {"sections": _own_package(stay), "day": clock.today()},
    )


@require_safe
def package_document(request: SignedIn) -> HttpResponse:
    """The same as one document to keep: everything inside it, readable without a connection."""
    stay = own_stay(request)
    written = render_to_string(
        "participants/rights/package_document.html",
        {
            "sections": _own_package(stay),
            "day": clock.today(),
            "name": isolated(stay.participant.call_name),
            "look_url": pdf.look(),
        },
    )
    return HttpResponse(
        written, headers={"Content-Disposition": 'attachment; filename="join-us.html"'}
    )


@require_safe
def package_file(request: SignedIn) -> HttpResponse:
    """The same for a machine: to take it along to another service."""
    stay = own_stay(request)
    told = {_("Made on"): clock.today().isoformat()} | as_json(_own_package(stay))
    return JsonResponse(
        told,
        json_dumps_params={"ensure_ascii": False, "indent": 1},
        headers={"Content-Disposition": 'attachment; filename="join-us.json"'},
    )


@keeps("data.ask")
@require_http_methods(["GET", "HEAD", "POST"])
def ask_about_data(request: SignedIn, about: str) -> HttpResponse:
    stay = own_stay(request)
    kind = KINDS.get(about)
    if kind is None:
        raise Http404
    form = AskForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        if carry_out(
            form, data_requests.ask, trajectory=stay, kind=kind, words=words, by=request.user
        ):
            messages.success(request, _("Asked. You see the answer on this page."))
            return redirect("participants:known")
    return show(
        request,
        "participants/account/ask_about_data.html",
        {"form": form, "kind": kind, "until": data_requests.due_on(clock.today())},
        form,
    )


@require_POST
def take_back_request(request: SignedIn, request_id: UUID) -> HttpResponse:
    user = request.user
    if not user.is_participant:
        raise Http404
    row = get_object_or_404(DataRequest.objects.visible_to(user), pk=request_id)
    data_requests.take_back(request=row, by=user)
    messages.success(request, _("Taken back."))
    return redirect("participants:known")


def _own_stays(request: HttpRequest) -> list[UUID]:
    return list(Trajectory.objects.visible_to(request.user).values_list("pk", flat=True))


def _own_package(stay: Trajectory) -> list[Section]:
    """Where home may not know the paper is without it too: who wants that reads it together."""
    person = person_of(stay.participant)
    found = [s for part in ports.export_person(person, OWN) for s in part]
    if not may_speak_of_parents(stay):
        found = [without_home(section) for section in found if section.key not in OF_HOME]
    return sorted((s for s in found if s.told), key=lambda s: s.order)

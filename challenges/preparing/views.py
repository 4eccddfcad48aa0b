"""The page on which two workers prepare a meeting; on paper; and one tap to log what was used."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from challenges.models import SupportForm
from challenges.preparing import live
from challenges.preparing.forms import PlanForm
from challenges.preparing.page import Plan, read_plan, stamp
from challenges.preparing.words import coming_after, prepare, take_along
from challenges.support import using
from challenges.support.views import form_or_404, meeting_to_support, use_of
from core.accounts.actors import SignedIn
from core.audit.log import opened
from core.dates import in_full
from core.drafts.coming_back import show_form
from core.drafts.declaring import keeps
from core.drafts.open_pages import saved_in_words
from core.drafts.tickets import posted_with
from core.drafts.two_writers import in_turn, together
from core.errors import NotYours, RuleBroken
from core.forms import attempt
from groups.activities.tasks import write_organisers
from groups.models import Meeting

#: Taps of the page, not words.
TAPS = ("used", "not_used", "undo", "take_along")


@keeps(live.FORM, never=(*TAPS, "card", "was_out"))
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def preparation(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    """Everybody of this meeting, with what is written beside them; it saves itself.

    A tap sends the words along, and they are saved first. What a colleague saved meanwhile about
    somebody else stays; where both touched the same words both are shown (409 to the script).
    """
    meeting = meeting_to_support(request, meeting_id)
    if request.method != "POST":
        return _page(request, _opened(request, meeting))
    tap = next((name for name in TAPS if request.POST.get(name)), "")
    if not tap and posted_with(request) is None:
        return _unread(request, meeting)
    try:
        if posted_with(request) is not None and (page := _saved_or_not(request, meeting)):
            return page
    except RuleBroken as broken:
        return _refused(request, meeting, broken)
    if tap:
        return _tapped(request, meeting, tap)
    if not _wants_json(request):
        messages.success(request, _("Saved."))
        return redirect(_path(meeting))
    return _now(request, meeting)


@require_safe
def preparation_now(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    """What a colleague wrote since: asked every few seconds by an open page. 204: nothing."""
    meeting = meeting_to_support(request, meeting_id)
    if not _passes(request, meeting):
        return HttpResponse(status=409)  # opened too long ago, or never: no line, no words
    if request.GET.get("since", "-") == stamp(meeting.pk, request.user):
        return HttpResponse(status=204)
    return JsonResponse(live.as_it_stands(read_plan(meeting, request.user), _path(meeting)))


@require_safe
@transaction.atomic
def preparation_on_paper(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    """To print: call names and what you ask of them. A paper lies about, so no challenge, no
    support form and nothing about why stands on it."""
    meeting = meeting_to_support(request, meeting_id)
    plan = _opened(request, meeting)
    context = {"meeting": meeting, "plan": plan}
    return render(request, "challenges/preparing/on_paper.html", context)


def _opened(request: SignedIn, meeting: Meeting) -> Plan:
    with transaction.atomic():
        plan = read_plan(meeting, request.user)
        opened(request.user, "preparation", plan.subjects, request)
    return plan


# ---- Saving --------------------------------------------------------------------------------


def _saved_or_not(request: SignedIn, meeting: Meeting) -> HttpResponse | None:
    """None when it was saved, else the answer."""
    ticket = posted_with(request)
    if ticket is None or ticket.form != live.FORM or ticket.subject != str(meeting.pk):
        raise BadRequest("Not the preparation of this meeting.")
    plan = read_plan(meeting, request.user)
    stands, form = PlanForm(plan), PlanForm(plan, request.POST)
    if not form.is_valid():
        return _wrong(request, plan, form)
    if not together(request, form, stands):
        return _both_wrote(request, plan, form)
    with transaction.atomic():
        prepare(meeting=meeting, wanted=form.wanted, by=request.user)
        if plan.activity is not None and "organisers" in form.fields:
            chosen, people = form.arranged_by
            if chosen != {one.stay for one in plan.writable if one.organises}:
                write_organisers(activity=plan.activity, chosen=chosen, asked=people)
    return None


def _unread(request: SignedIn, meeting: Meeting) -> HttpResponse:
    """The seal of the page is torn, somebody else's, or of a key that is gone: it is not known what
    stood there, so nothing is saved, nothing says it was, and what was typed is shown."""
    if _wants_json(request):
        raise BadRequest("Not the preparation of this meeting.")
    plan = _opened(request, meeting)
    messages.error(request, _("Reload the page and try again."))
    return _page(request, plan, PlanForm(plan, request.POST), 422)


def _now(request: SignedIn, meeting: Meeting) -> HttpResponse:
    ticket = posted_with(request)
    if ticket is not None and not ticket.seen and not request.POST.get("was_out"):
        request.draft_came_in = None  # type: ignore[attr-defined]  # nothing of it was kept
    if _passes(request, meeting):
        plan = read_plan(meeting, request.user)
    else:  # it was not opened on this page: what is read here is written down
        plan = _opened(request, meeting)
    return JsonResponse(live.as_it_stands(plan, _path(meeting), ticket))


def _wrong(request: SignedIn, plan: Plan, form: PlanForm) -> HttpResponse:
    if not _wants_json(request):
        return _page(request, plan, form, 422)
    said = {name: [str(one) for one in errors] for name, errors in form.errors.items()}
    return JsonResponse({"wrong": said}, status=422)


def _both_wrote(request: SignedIn, plan: Plan, form: PlanForm) -> HttpResponse:
    who = plan.newest[1].written_by.first_name if plan.newest else ""
    both = {}
    for name, field in form.fields.items():
        if beside := getattr(field, "beside", None):
            beside["who"] = beside["who"] or who
            both[name] = beside
    if not _wants_json(request):
        return _page(request, plan, form, 422)
    shown = show_form(request, live.FORM, [form], [one.stay for one in plan.writable])
    return JsonResponse({"both": both, "ticket": shown.ticket}, status=409)


def _refused(request: SignedIn, meeting: Meeting, broken: RuleBroken) -> HttpResponse:
    if broken.code == "not_on_sheet":
        raise Http404 from broken
    if isinstance(broken, NotYours):
        raise broken
    if _wants_json(request):
        return JsonResponse({"refused": broken.message}, status=423)
    messages.error(request, broken.message)
    request.act_was_refused = True  # type: ignore[attr-defined]  # what was typed stays
    return redirect(_path(meeting))


# ---- Taps ----------------------------------------------------------------------------------


def _tapped(request: SignedIn, meeting: Meeting, tap: str) -> HttpResponse:
    by, told = request.user, request.POST.get(tap, "")
    if tap == "used":
        stay, form = _planned(told)
        use = partial(using.use_support, trajectory_id=stay, form=form)
        attempt(request, use, meeting=meeting, by=by)
        return redirect(f"{_path(meeting)}#about-{stay}")
    if tap == "not_used":
        one = use_of(request, meeting, told)
        attempt(request, using.take_back_use, use=one, by=by)
        return redirect(f"{_path(meeting)}#about-{one.trajectory_id}")
    if tap == "undo":
        if (done := attempt(request, using.undo_last_use, meeting=meeting, by=by)) and done.result:
            messages.success(request, _("Taken back."))
        return redirect(_path(meeting))
    coming = coming_after(meeting)
    if coming is None:
        raise Http404
    if done := attempt(request, take_along, meeting=meeting, to=coming, by=by):
        messages.success(request, _taken_along(done.result, coming))
        return redirect(_path(coming))
    return redirect(_path(meeting))


def _planned(told: str) -> tuple[UUID, SupportForm]:
    stay, _sign, key = told.partition(".")
    try:
        return UUID(stay), form_or_404(key)
    except ValueError as wrong:
        raise BadRequest("Not a tap.") from wrong


def _taken_along(n: int, to: Meeting) -> str:
    if not n:
        return _("There was nothing left to take along.")
    return ngettext(
        "What you prepared for {n} person is now at {day}.",
        "What you prepared for {n} people is now at {day}.",
        n,
    ).format(n=n, day=in_full(to.date))


# ---- The page ------------------------------------------------------------------------------


def _page(
    request: SignedIn, plan: Plan, tried: PlanForm | None = None, status: int = 200
) -> HttpResponse:
    meeting, form = plan.meeting, tried or PlanForm(plan)
    cancelled = meeting.status == Meeting.Status.CANCELLED
    about = [one.stay for one in plan.writable]
    context: dict[str, Any] = {
        "meeting": meeting,
        "plan": plan,
        "form": form,
        "about": about,
        "coming": partial(live.lines_of, form, plan.coming),
        "away": partial(live.lines_of, form, plan.away),
        "saved": saved_in_words(plan.saved_at),
        "writes": live.writes(plan),
        "stamp": plan.stamp,
        "pass": live.PAGES.give_pass(meeting.pk, request.user),
        "on_this_phone": live.PAGES.on_this_phone(request, meeting.pk),
        "cancelled": cancelled,
        "next": coming_after(meeting) if cancelled and plan.written else None,
        "logs": not plan.why_no_log,
        "undo": None if plan.why_no_log else using.last_own_use(meeting, request.user),
    }
    return render(request, "challenges/preparing/prepare.html", context, status=status)


def _passes(request: HttpRequest, meeting: Meeting) -> bool:
    told = request.headers.get("X-Logbook", "")
    return live.PAGES.passes(told, meeting.pk, request.user)  # type: ignore[arg-type]


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _path(meeting: Meeting) -> str:
    return reverse("challenges:preparation", args=[meeting.pk])

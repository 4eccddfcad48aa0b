"""The list of support forms; what was used with somebody at a meeting; how it goes over time."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from challenges.models import Challenge, SupportForm, SupportUse
from challenges.permissions import COACH, MANAGE_SUPPORT_FORMS, OBSERVE
from challenges.support import named, over_time, using
from challenges.support.forms import HowForm, SupportFormForm, values_of
from challenges.support.on_request import WORK_FORMS
from core.accounts.actors import SignedIn
from core.accounts.rights import may
from core.audit.log import opened
from core.drafts.declaring import keeps
from core.drafts.two_writers import in_turn, together
from core.forms import attempt, carry_out, sent, show
from groups.models import Meeting
from groups.permissions import require_here
from groups.sheet.rows import rows_of
from participants.access import stay_or_404

METHODS = ["GET", "HEAD", "POST"]
#: What becomes of a form that is not reworded.
STANDS = {"retire": named.retire_form, "offer": named.offer_again}


# ---- The list ------------------------------------------------------------------------------


@keeps("support_form.new")
@require_http_methods(METHODS)
def support_forms(request: SignedIn) -> HttpResponse:
    """Every form with its text: youth workers and who coaches them read it, the foundation adds.

    Below them stands what is offered only to who asks for it (R-096).
    """
    user = request.user
    manages = may(user, MANAGE_SUPPORT_FORMS)
    reads = may(user, OBSERVE) or may(user, COACH)
    if not manages and (request.method == "POST" or not reads):
        raise PermissionDenied(_("The foundation keeps this list."))
    form = SupportFormForm(sent(request, "add")) if manages else None
    if form is not None and request.method == "POST":
        if not form.is_bound:
            raise BadRequest("No such act.")
        if form.is_valid() and carry_out(form, named.add_form, by=user, **form.cleaned_data):
            messages.success(request, _("Added. From now on youth workers can choose it."))
            return redirect("challenges:support_forms")
    forms = [one for one in named.listed() if manages or one.retired_at is None]
    context = {"forms": forms, "form": form, "manages": manages, "on_request": WORK_FORMS}
    return show(request, "challenges/support/forms.html", context, *([form] if form else []))


@keeps("support_form", never=("act",))
@require_http_methods(METHODS)
@in_turn
@transaction.atomic
def support_form(request: SignedIn, form_key: str) -> HttpResponse:
    """One form: reworded, retired, or offered again."""
    if not may(request.user, MANAGE_SUPPORT_FORMS):
        raise PermissionDenied(_("The foundation keeps this list."))
    row: SupportForm = get_object_or_404(SupportForm.objects, pk=form_key)
    act = request.POST.get("act", "save")
    if request.method == "POST" and act in STANDS:
        if attempt(request, STANDS[act], form=row, by=request.user):
            retired = act == "retire"
            said = _("Not offered any more. Where it was used, it stays.")
            messages.success(request, said if retired else _("Offered again."))
        return redirect("challenges:support_forms")
    stands = SupportFormForm(initial=values_of(row))
    form = SupportFormForm(request.POST) if request.method == "POST" else stands
    if form.is_bound and form.is_valid() and together(request, form, stands):
        reword = partial(named.reword_form, form=row, by=request.user)
        if carry_out(form, reword, **form.cleaned_data):
            messages.success(request, _("Saved."))
            return redirect("challenges:support_forms")
    return show(request, "challenges/support/form.html", {"row": row, "form": form}, form)


# ---- At a meeting --------------------------------------------------------------------------


def meeting_to_support(request: SignedIn, meeting_id: UUID) -> Meeting:
    """404 out of sight, 403 for who only sees the meeting."""
    meeting: Meeting = get_object_or_404(
        Meeting.objects.visible_to(request.user).select_related("group"), pk=meeting_id
    )
    require_here(request.user, OBSERVE, meeting.group_id)
    return meeting


@require_http_methods(METHODS)
@transaction.atomic
def support_at(request: SignedIn, meeting_id: UUID, trajectory_id: UUID) -> HttpResponse:
    """What was used with this person at this meeting; another form, or in another way."""
    meeting = meeting_to_support(request, meeting_id)
    row = rows_of(meeting, request.user).get(trajectory_id)
    if row is None or not using.can_be_supported(row):
        raise Http404
    how = HowForm(sent(request, "use"))
    if request.method == "POST" and _logged(request, meeting, trajectory_id, how):
        return redirect("challenges:support_at", meeting.pk, trajectory_id)
    opened(request.user, "support", [trajectory_id], request)
    uses = SupportUse.objects.visible_to(request.user).in_force()
    words, _code = using.why_not_yet(meeting)
    context = {
        "meeting": meeting,
        "stay_id": trajectory_id,
        "name": row.name,
        "how": how,
        "forms": named.offered(),
        "uses": uses.filter(meeting=meeting, trajectory=trajectory_id).select_related("form", "by"),
        "closed": words,
        "away": row.state in using.AWAY,
    }
    return show(request, "challenges/support/at_meeting.html", context, how)


def _logged(request: SignedIn, meeting: Meeting, stay: UUID, how: HowForm) -> bool:
    """False when the form must be shown again."""
    act = request.POST.get("act", "")
    if act == "use":
        if not how.is_valid():
            return False
        form = form_or_404(request.POST.get("form", ""))
        facts: dict[str, Any] = {"meeting": meeting, "trajectory_id": stay, "form": form}
        if attempt(request, using.use_support, by=request.user, **facts, **how.cleaned_data):
            messages.success(request, _("Logged: {form}.").format(form=form))
        return True
    if act != "take_back":
        raise BadRequest("No such act.")
    use = use_of(request, meeting, request.POST.get("use", ""))
    if attempt(request, using.take_back_use, use=use, by=request.user):
        messages.success(request, _("Taken back."))
    return True


def form_or_404(told: str) -> SupportForm:
    """By its key, of a tap."""
    key = "" if "\x00" in told else told[:40]
    form: SupportForm = get_object_or_404(SupportForm.objects, pk=key)
    return form


def use_of(request: SignedIn, meeting: Meeting, told: str) -> SupportUse:
    try:
        key = UUID(told)
    except ValueError as wrong:
        raise BadRequest("No such use.") from wrong
    rows = SupportUse.objects.visible_to(request.user).filter(meeting=meeting)
    use: SupportUse = get_object_or_404(rows.select_related("meeting"), pk=key)
    return use


# ---- Over time -----------------------------------------------------------------------------


@require_safe
@transaction.atomic
def support_of_stay(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """How the support of one person lessens, in words, a figure and a list."""
    stay = stay_or_404(request, trajectory_id, OBSERVE)
    opened(request.user, "support", [stay.pk], request)
    meetings = over_time.of_stay(request.user, stay)
    going = Challenge.objects.visible_to(request.user).going().filter(trajectory=stay)
    context = {
        "stay": stay,
        "name": stay.shown_name,
        "going": going,
        "meetings": meetings[::-1],
        "words": over_time.in_words(meetings),
        "figure": over_time.figure(meetings),
    }
    return render(request, "challenges/support/of_stay.html", context)

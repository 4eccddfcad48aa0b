"""The plan of a year, a meeting for the own calendar, and the calendar that one subscribes to."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from core import clock
from core.accounts.actors import SignedIn
from core.accounts.limits import limited, within
from core.accounts.rights import may
from core.denied import too_often
from core.drafts.declaring import keeps
from core.forms import carry_out, show
from core.organisations.models import Group, SchoolHoliday
from groups.access import group_of
from groups.evenings.meetings import plan_ahead
from groups.evenings.ring_list import newest_of, who_knows
from groups.evenings.who_hears import LENGTH
from groups.models import Meeting
from groups.permissions import PLACE, SEE_MEETINGS, require_here
from groups.year_plan import ics
from groups.year_plan.feed import feed_of, hash_of, make_feed, meetings_for, owner_of, stop_feed
from groups.year_plan.forms import DatesForm, RhythmForm
from groups.year_plan.own_rhythm import set_rhythm
from groups.year_plan.plan import YearPlan, not_there_yet, year_plan

#: A calendar is read in the language of the programme: the program that asks has none.
SPOKEN = "nl"


@keeps("plan")
@require_http_methods(["GET", "POST"])
def plan(request: SignedIn, group_id: UUID) -> HttpResponse:
    """The season as it stands, and the days still free in the rhythm: one act plans the ticked."""
    found = group_of(request, group_id)
    require_here(request.user, PLACE, found.pk)
    year = year_plan(found, _season(request), request.GET.get("regio", ""))
    choices = [(d.date.isoformat(), date_format(d.date, "l j F Y")) for d in year.days]
    form = DatesForm(
        request.POST if request.method == "POST" else None,
        choices=choices,
        initial={"dates": [day.isoformat() for day in year.ticked]},
    )
    if request.method == "POST" and form.is_valid():
        days = form.days(not_there_yet(found, form.ticked()))
        if not days:
            messages.info(request, _("These days are in the plan already."))
            return redirect(_address(found, year))
        if carry_out(form, plan_ahead, group=found, dates=days, by=request.user):
            messages.success(request, _said(len(days)))
            return redirect(_address(found, year))
    return show(request, "groups/year_plan/plan.html", _context(request, found, year, form), form)


def _context(request: SignedIn, group: Group, year: YearPlan, form: DatesForm) -> dict[str, Any]:
    changed = newest_of(group, request.user)
    start = clock.at(clock.today(), group.starts_at.hour, group.starts_at.minute)
    return {
        "group": group,
        "weekday": WEEKDAYS[group.weekday],
        "ends_at": (start + LENGTH).time(),
        "plan": year,
        "form": form,
        "ticks": form["dates"].value() or [],
        "can_plan": any(day.can_tick for day in year.days),
        "regions": SchoolHoliday.Region,
        "meeting": changed,
        "told": who_knows(changed, request.user) if changed else None,
    }


def _season(request: HttpRequest) -> int | None:
    """Which season the address asks for; what it cannot mean is left out."""
    text = request.GET.get("seizoen", "")
    return int(text) if text.isdecimal() and len(text) == 4 else None


def _address(group: Group, year: YearPlan) -> str:
    return f"{reverse('groups:plan', args=[group.pk])}?seizoen={year.season.year}"


def _said(n: int) -> str:
    return ngettext(
        "{n} meeting is planned. The group gets a message.",
        "{n} meetings are planned. The group gets a message.",
        n,
    ).format(n=n)


@require_http_methods(["GET", "POST"])
def rhythm(request: SignedIn, group_id: UUID) -> HttpResponse:
    """The weekday, the time and the ages that are the group's own."""
    found = group_of(request, group_id)
    require_here(request.user, PLACE, found.pk)
    stands = {name: getattr(found, name) for name in RhythmForm.base_fields}
    form = RhythmForm(request.POST if request.method == "POST" else None, initial=stands)
    if (
        request.method == "POST"
        and form.is_valid()
        and carry_out(form, set_rhythm, group=found, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("Saved. What was planned stays as it was."))
        return redirect("groups:plan", found.pk)
    return show(request, "groups/year_plan/rhythm.html", {"group": found, "form": form}, form)


# ---- One meeting in one's own calendar -------------------------------------------------------


@require_GET
def in_calendar(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    """A file with this one meeting, for whoever may see it; its name says nothing either."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).distinct(), pk=meeting_id)
    return _file(ics.for_a_young_person(meeting), _("appointment"))


def _file(written: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        written,
        content_type=ics.CONTENT_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="{name}.ics"',
            "Cache-Control": "no-store, private",
            "X-Robots-Tag": "noindex, nofollow",
        },
    )


# ---- All of them in a professional's calendar ------------------------------------------------


@require_http_methods(["GET", "POST"])
@limited("calendar_address")
def own_feed(request: SignedIn) -> HttpResponse:
    """Make, renew or stop the own secret address. It is shown once, on the answer to the act."""
    user = request.user
    if not may(user, SEE_MEETINGS):
        raise PermissionDenied(_("Only who leads or follows groups has such a calendar."))
    secret = ""
    if request.method == "POST":
        if request.POST.get("act") == "stop":
            stop_feed(by=user)
            messages.success(request, _("Stopped. Your calendar gets nothing any more."))
            return redirect("groups:own_feed")
        secret = make_feed(by=user)
    address = request.build_absolute_uri(reverse("groups:feed", args=[secret])) if secret else ""
    context = {
        "feed": feed_of(user),
        "address": address,
        "subscribe": address.replace(f"{request.scheme}://", "webcal://", 1),
    }
    return render(request, "groups/year_plan/feed.html", context)


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What a calendar program reads: no cookie, no session, no name of a young person. Whatever
    does not work (any more) is not found."""
    if not within(request, "calendar_feed", hash_of(token).hex(), reading=True):
        return too_often(request)
    user = owner_of(token)
    if user is None:
        raise Http404
    with override(SPOKEN):
        return _file(ics.for_a_professional(meetings_for(user)), "agenda")

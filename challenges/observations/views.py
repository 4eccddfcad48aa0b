"""Writing down what was seen, on a phone; reading it per person; what is to be remembered."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from challenges.models import Challenge, Jotting, Observation
from challenges.observations import abc_scheme, jottings
from challenges.observations.abc_scheme import LATER, Aim
from challenges.observations.forms import (
    ObservationForm,
    typed_before,
    values_of,
    wanted_meeting,
    without_row,
)
from challenges.observations.meetings import came_to, days_elsewhere, lately, offered
from challenges.observations.observers import in_the_group, why_not
from challenges.permissions import OBSERVE
from core import clock
from core.accounts.actors import SignedIn
from core.accounts.rights import may
from core.audit.log import opened
from core.dates import in_full
from core.drafts.declaring import keeps
from core.drafts.middleware import keep_until_done
from core.drafts.two_writers import in_turn, together
from core.forms import attempt, carry_out, show
from core.ids import uuid7
from core.organisations.models import Group
from core.pages import page_of
from core.templatetags.face import url_or
from groups.permissions import require_here
from participants.access import stay_or_404
from participants.models import Trajectory

FORM = "observation"
#: The parameters of an address that opens the form: at which meeting, from where, of which line.
MEETING, CAME_FROM, JOTTING = "bij", "van", "onthouden"
ACTS = {"drop": jottings.drop, "put_back": jottings.put_back}
TAKES = {"take_back": abc_scheme.take_back, "let_stand": abc_scheme.let_stand}


@keeps(FORM, never=("act", "drop", "carry"))
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
@transaction.atomic
def observe(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """One sentence to remember, or the whole ABC. Another person can still be chosen: the words go
    along."""
    stay = stay_or_404(request, trajectory_id, OBSERVE)
    if request.method != "POST":
        return _opened(request, stay)
    if request.POST.get("carry"):
        return _carried(request, stay)
    if name := request.POST.get("drop"):
        return _without(request, _form(request, stay, without_row(request.POST, name)), stay)
    form = _form(request, stay, request.POST)
    jotting = _jotting(request, stay, request.POST.get("jotting", ""))
    remembers = request.POST.get("act") == "remember"
    if form.is_valid() and not (remembers and _says_more(form)):
        facts: dict[str, Any] = {
            "trajectory": stay,
            "client_id": form.cleaned_data["client_id"],
            "by": request.user,
        }
        if remembers:
            words, meeting = form.cleaned_data["behaviour"], form.meeting
            done = carry_out(form, jottings.remember, text=words, meeting=meeting, **facts)
        else:
            write = abc_scheme.write_observation
            done = carry_out(form, write, seen=form.seen, jotting=jotting, **facts)
        if done:
            return _done(request, stay, form, done.result)
        if jotting is not None and jotting.observation_id is not None:
            form = form.apart()
    return _page(request, stay, form)


@require_safe
def observe_in(request: SignedIn, group_id: UUID) -> HttpResponse:
    """Of whom? For whoever comes from the logbook, where nobody is chosen yet; also of who was not
    at that meeting, and then about another day."""
    group: Group = get_object_or_404(Group.objects.visible_to(request.user), pk=group_id)
    require_here(request.user, OBSERVE, group.pk)
    told = wanted_meeting(request.GET.get(MEETING, ""))
    people = in_the_group(request.user, group.pk).annotate(came=came_to(told, request.user))
    context = {"group": group, "people": people}
    return render(request, "challenges/observations/whom.html", context | _asked(request))


@require_safe
@transaction.atomic
def observations(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """Of one person, the newest first: what helps to understand apart from what came later. Opening
    it writes one line in the log of who looked."""
    stay = stay_or_404(request, trajectory_id, OBSERVE)
    opened(request.user, "observations", [stay.pk], request)
    rows = (
        Observation.objects.visible_to(request.user)
        .filter(Q(taken_back_at=None) | Q(by=request.user), trajectory=stay)
        .select_related("by", "meeting")
        .prefetch_related("consequences")
    )
    page = page_of(request, rows)
    context = {
        "stay": stay,
        "name": stay.shown_name,
        "page": page,
        "early": [row for row in page if row.aim not in LATER],
        "later": [row for row in page if row.aim in LATER],
        "challenges": _challenges(request, stay),
        "writes": why_not(stay)[1] == "",
    }
    return render(request, "challenges/observations/of_stay.html", context)


@keeps("observation.change", never=("act", "drop"))
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
@transaction.atomic
def observation(request: SignedIn, observation_id: UUID) -> HttpResponse:
    """The own one: to change, to take back, and to let it stand after all."""
    rows = Observation.objects.visible_to(request.user).select_related(
        "trajectory__participant", "trajectory__group", "meeting", "by"
    )
    row: Observation = get_object_or_404(rows, pk=observation_id)
    if row.by_id != request.user.pk:
        if row.taken_back_at is not None:
            raise Http404
        raise PermissionDenied(_("Only who wrote this can change it."))
    stay = row.trajectory
    listed = reverse("challenges:observations", args=[stay.pk])
    act = request.POST.get("act", "save")
    if request.method == "POST" and act in TAKES:
        if attempt(request, TAKES[act], observation=row, by=request.user):
            messages.success(
                request, _("You took it back.") if act == "take_back" else _("It stands.")
            )
        return redirect(listed)
    stands = _form(request, stay, None, initial=values_of(row))
    if request.method != "POST":
        opened(request.user, "observations", [stay.pk], request)
        return _page(request, stay, stands, row)
    if name := request.POST.get("drop"):
        return _without(request, _form(request, stay, without_row(request.POST, name)), stay, row)
    form = _form(request, stay, request.POST)
    if form.is_valid() and together(request, form, stands):
        change = abc_scheme.change_observation
        if carry_out(form, change, observation=row, seen=form.seen, by=request.user):
            messages.success(request, _("Saved."))
            return redirect(listed)
    return _page(request, stay, form, row)


@require_safe
def remembered(request: SignedIn) -> HttpResponse:
    """The own lines that still stand, of everybody; and what was dropped today."""
    if not may(request.user, OBSERVE):
        raise PermissionDenied(_("Only youth workers have this page."))
    context = {
        "lines": jottings.standing(request.user),
        "dropped": jottings.dropped(request.user),
    }
    return render(request, "challenges/observations/remembered.html", context)


@require_POST
@transaction.atomic
def jotting(request: SignedIn, jotting_id: UUID) -> HttpResponse:
    """Drop one, or take that back."""
    rows = Jotting.objects.visible_to(request.user).select_related("trajectory")
    row: Jotting = get_object_or_404(rows, pk=jotting_id)
    act = request.POST.get("act", "")
    if act not in ACTS:
        raise BadRequest("No such act.")
    if attempt(request, ACTS[act], jotting=row, by=request.user):
        said = _("Dropped. You can take that back below.") if act == "drop" else _("It stands.")
        messages.success(request, said)
    return redirect("challenges:remembered")


# ---- The form ------------------------------------------------------------------------------


def _form(
    request: SignedIn, stay: Trajectory, data: QueryDict | None, **more: Any
) -> ObservationForm:
    initial, meetings = more.get("initial", {}), more.pop("meetings", None)
    if meetings is None:
        wanted = str(initial.get("when", "")) if data is None else data.get("when", "")
        meetings = offered(stay, request.user, wanted_meeting(wanted))
    days = days_elsewhere(stay)
    return ObservationForm(data, name=stay.shown_name, meetings=meetings, days=days, **more)


def _opened(request: SignedIn, stay: Trajectory) -> HttpResponse:
    jotting = _jotting(request, stay, request.GET.get(JOTTING, ""))
    if jotting is not None and jotting.observation_id is not None:
        messages.info(request, _("You worked this out already."))
        return redirect("challenges:observation", jotting.observation_id)
    if jotting is not None and jotting.lapses_at <= clock.now():
        jotting = None  # whether the night wiped it or not
    words, code = why_not(stay, remembered=jotting is not None)
    if code:
        raise PermissionDenied(words)
    told = request.GET.get(MEETING, "")
    meetings = offered(stay, request.user, wanted_meeting(told))
    if told and told not in {str(one.pk) for one in meetings}:
        raise Http404  # not a meeting of this person, or not of a group this worker leads
    going = _challenges(request, stay)
    initial = _initial(going) | {"came_from": request.GET.get(CAME_FROM, "")}
    if told:
        initial["when"] = told
    elif (last := lately(meetings)) is not None:
        initial["when"] = str(last.pk)
    if jotting is not None:
        initial |= {"jotting": jotting.pk, "behaviour": jotting.text}
        initial["when"] = str(jotting.meeting_id or clock.evening_of(jotting.at))
    shown = meetings if jotting is None else None
    form = _form(request, stay, None, initial=initial, meetings=shown)
    if jotting is None:
        form.begins()
    return _page(request, stay, form, going=going)


def _initial(going: list[Challenge]) -> dict[str, Any]:
    """Once there is a challenge, what is seen is a chance to practise it (R-148)."""
    return {
        "client_id": uuid7(),
        "aim": Aim.CHANCE if going else Aim.UNDERSTAND,
        "when": clock.today().isoformat(),
    }


def _carried(request: SignedIn, stay: Trajectory) -> HttpResponse:
    """It was somebody else: the words stand in the form of this person now, not yet saved. The
    draft about the other one is gone with this answer."""
    words, code = why_not(stay)
    if code:
        raise PermissionDenied(words)
    typed = typed_before(request.POST)
    wanted = request.POST.get("when", "")
    request.POST = QueryDict()  # the ticket is that of the other one
    going = _challenges(request, stay)
    initial = _initial(going) | typed
    at = {str(one.pk) for one in offered(stay, request.user, wanted_meeting(wanted))}
    if wanted in at | {day.isoformat() for day in days_elsewhere(stay)}:
        initial["when"] = wanted
    form = _form(request, stay, None, initial=initial)
    return _page(request, stay, form, going=going, carried=True)


def _without(
    request: SignedIn, form: ObservationForm, stay: Trajectory, row: Observation | None = None
) -> HttpResponse:
    """One row less, without JavaScript: nothing is saved, and nothing else changes."""
    keep_until_done(request)
    return _page(request, stay, form.unchecked(), row)


def _says_more(form: ObservationForm) -> bool:
    """To remember is one line: whoever wrote more saves it as an observation, and loses nothing."""
    says_more = form.says_more
    if says_more:
        said = _("You wrote more than one line. Save it as an observation.")
        form.add_error(None, said)
    return says_more


def _page(
    request: SignedIn,
    stay: Trajectory,
    form: ObservationForm,
    row: Observation | None = None,
    *,
    going: list[Challenge] | None = None,
    carried: bool = False,
) -> HttpResponse:
    people = [] if row else in_the_group(request.user, stay.group_id)
    context = {
        "stay": stay,
        "name": stay.shown_name,
        "form": form,
        "row": row,
        "carried": carried,
        "others": [one for one in people if one.pk != stay.pk],
        "challenges": _challenges(request, stay) if going is None else going,
        "back": _back(stay, form, row),
    }
    return show(request, "challenges/observations/observe.html", context, form)


def _challenges(request: SignedIn, stay: Trajectory) -> list[Challenge]:
    """What this person practises now (R-148)."""
    return list(Challenge.objects.visible_to(request.user).going().filter(trajectory=stay))


def _jotting(request: SignedIn, stay: Trajectory, told: str) -> Jotting | None:
    rows = Jotting.objects.visible_to(request.user).filter(trajectory=stay)
    return rows.filter(pk__in=wanted_meeting(told)).first()


# ---- There and back ------------------------------------------------------------------------


def _asked(request: HttpRequest) -> dict[str, str]:
    """What an address said, handed on to the next one."""
    told = wanted_meeting(request.GET.get(MEETING, ""))
    return {"meeting": str(told[0]) if told else "", "came_from": request.GET.get(CAME_FROM, "")}


def _back(stay: Trajectory, form: ObservationForm, row: Observation | None) -> tuple[str, str]:
    """Where one came from, and what that page is called."""
    came_from, meeting = form["came_from"].value(), form["when"].value()
    if row is not None:
        return reverse("challenges:observations", args=[stay.pk]), _("Observations")
    if came_from == "onthouden":
        return reverse("challenges:remembered"), _("What you wanted to remember")
    if came_from == "blad" and meeting in form.meetings:
        return reverse("groups:meeting", args=[meeting]) + f"#row-{stay.pk}", _("Who is here?")
    if came_from == "logboek" and meeting in form.meetings:
        return reverse("groups:logbook", args=[meeting]) + "#talks", _("Logbook")
    return url_or("home:file", stay.pk, otherwise="/"), stay.shown_name


def _done(
    request: SignedIn, stay: Trajectory, form: ObservationForm, made: Jotting | Observation
) -> HttpResponse:
    """Without a name or a word of it: the sheet lies open on the table."""
    back, _name = _back(stay, form, None)
    if isinstance(made, Jotting):
        said = _("Remembered. It stays here for you until {day}.").format(
            day=in_full(made.last_day)
        )
    else:
        said = _("Observation saved.")
        if form.cleaned_data["came_from"] not in ("blad", "logboek", "onthouden"):
            back = reverse("challenges:observations", args=[stay.pk])
    messages.success(request, said)
    return redirect(back)

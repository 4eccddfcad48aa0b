"""Public pages: is it near me, the short form, and what happens next. No account needed."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.accounts.limits import limited, within
from core.forms import carry_out, show
from core.link_pages import OpenPage
from core.organisations.models import Group, Municipality
from core.organisations.places import four_digits
from participants.recusal import recusal
from participants.recusal.who_works_here import workers_of
from participants.signup import sign_up as signup
from participants.signup.choices import WHEN, shown
from participants.signup.first_contact import promised_by, wish_worker
from participants.signup.forms.interest import InterestForm
from participants.signup.forms.place import CheckForm
from participants.signup.forms.sign_up import SignUpForm
from participants.signup.views.arrival import (
    ARRIVED,
    SOMEBODY,
    Arrival,
    arrival_of,
    forgotten,
    plain,
)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("check")
def check(request: HttpRequest) -> HttpResponse:
    """Answers at once and stores nothing; a refusal is only counted (R-044)."""
    if request.method != "POST":
        return render(request, "participants/start.html", {"form": CheckForm()})
    form = CheckForm(request.POST)
    if not form.is_valid() or form.lives_in is None:
        return show(request, "participants/start.html", {"form": form}, refused=True)
    age: int = form.cleaned_data["age"]
    outcome = signup.check(municipality=form.lives_in, age=age)
    _count(request, outcome)
    return render(
        request,
        "participants/check.html",
        {
            **_next_step(outcome, form.lives_in, age),
            "via": request.POST.get("via", "")[:20],
            "postcode": four_digits(form.cleaned_data["place"]),
        },
    )


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("sign_up")
def sign_up(request: HttpRequest) -> HttpResponse:
    """The explanation stands before the form (R-042); one page, no account, no JavaScript."""
    if request.method != "POST" or "begin" in request.POST:
        initial = {
            "postcode": request.POST.get("postcode", "")[:10],
            "via": (request.POST.get("via") or request.GET.get("via", ""))[:20],
        }
        context: dict[str, Any] = {"form": SignUpForm(initial=initial), "begun": bool(request.POST)}
        return render(request, "participants/sign_up.html", context)
    form = SignUpForm(request.POST)
    if form.is_valid() and form.lives_in and form.chosen_group:
        arrival = _arrival(form, form.chosen_group)
        if carry_out(form, partial(_sign_up, form, form.lives_in, form.chosen_group)):
            return ARRIVED.open(request, str(arrival.key), **plain(arrival))
    context = {"form": form}
    outcome, age = form.outcome, form.given_age
    if outcome and not outcome.can_sign_up and form.lives_in and age is not None:
        _count(request, outcome)
        context |= _next_step(outcome, form.lives_in, age)
    return show(request, "participants/sign_up.html", context, refused=True)


def _sign_up(form: SignUpForm, municipality: Municipality, group: Group) -> None:
    data = form.cleaned_data
    signup.sign_up(
        key=form.sign_up_key,
        call_name=data["call_name"],
        birth_date=data["birth_date"],
        postcode=data["postcode"],
        municipality=municipality,
        group=group,
        first_contact_by=data["first_contact_by"],
        first_contact_when=data["first_contact_when"] or "any",
        heard_from=data["heard_from"],
        told_by=data["told_by"],
        channel=data["via"],
        language=get_language() or "nl",
        **form.safe_contact(),
    )


def _arrival(form: SignUpForm, group: Group) -> Arrival:
    """Says the same to everybody who chose this group, known to us or not."""
    waits = signup.is_full(group)
    return Arrival(
        key=form.sign_up_key,
        group_id=group.pk,
        on=clock.today(),
        by=form.cleaned_data["first_contact_by"],
        when=form.cleaned_data["first_contact_when"] or "any",
        waits=waits,
        before=signup.waiting_list([group], without=form.sign_up_key).people if waits else 0,
        name=form.cleaned_data["call_name"],
    )


@require_safe
@ARRIVED.page
def signed_up(request: HttpRequest, link: OpenPage, waiting: bool = False) -> HttpResponse:
    """What happens now. The browser that just signed up sees who gets in touch, and until when."""
    arrival = arrival_of(link)
    if arrival is None:
        return forgotten(request)
    everybody = workers_of(arrival.group_id)
    workers = [w for w in everybody if str(w.pk) not in arrival.knows]
    context = {
        "link": link,
        "waiting": arrival.waits,
        "arrival": arrival,
        "known": [w for w in everybody if str(w.pk) in arrival.knows],
        "knows_somebody": SOMEBODY in arrival.knows,
        "can_know": workers,
        "workers": [w for w in workers if arrival.wished in (None, w.pk)] or workers,
        "choice": len(workers) > 1 and arrival.wished is None,
        "when": shown(arrival.when, WHEN),
        "latest": promised_by(arrival.on),
        "organisation": signup.organisation_of(arrival.group_id),
    }
    return render(request, "participants/signed_up.html", context)


@require_POST
@ARRIVED.page
@limited("sign_up")
def choose_worker(request: HttpRequest, link: OpenPage) -> HttpResponse:
    """Rather this one; says the same to everybody."""
    arrival = arrival_of(link)
    if arrival is None:
        return forgotten(request)
    chosen = {str(w.pk): w.pk for w in workers_of(arrival.group_id)}.get(
        request.POST.get("worker", "")
    )
    wish_worker(trajectory_id=arrival.key, worker_id=chosen, by=None)
    return link.keep(redirect(link.address), **plain(replace(arrival, wished=chosen)))


def _count(request: HttpRequest, outcome: signup.Outcome) -> None:
    """The count serves policy (R-044): one visitor may not blow it up."""
    if outcome.reason is not None and within(request, "turned_away"):
        signup.turn_away(reason=outcome.reason, region=outcome.region)


def _next_step(outcome: signup.Outcome, municipality: Municipality, age: int) -> dict[str, Any]:
    later = outcome.answer in ("outside_area", "no_group_for_age", "closed")
    return {
        "outcome": outcome,
        "municipality": municipality,
        "age": age,
        "line": signup.waiting_list(outcome.groups) if outcome.answer == "full" else None,
        "interest": InterestForm(initial={"municipality": municipality.cbs_code, "age": age})
        if later
        else None,
    }


@require_POST
@ARRIVED.page
@limited("sign_up")
def known_at_sign_up(request: HttpRequest, link: OpenPage) -> HttpResponse:
    """Whom I know reads nothing about me; says the same to everybody."""
    arrival = arrival_of(link)
    if arrival is None:
        return forgotten(request)
    response = redirect(link.address)
    key = request.POST.get("who", "")
    there = {str(worker.pk): worker.pk for worker in workers_of(arrival.group_id)}
    if key != SOMEBODY and key not in there:
        return response
    recusal.know_at_sign_up(trajectory_id=arrival.key, worker_id=there.get(key))
    wished = None if str(arrival.wished) == key else arrival.wished
    known = tuple(dict.fromkeys((*arrival.knows, key)))
    return link.keep(response, **plain(replace(arrival, knows=known, wished=wished)))

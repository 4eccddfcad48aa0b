"""Public pages: is it near me, the short form, and what happens next. No account needed."""

from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.accounts.limits import limited, within
from core.forms import carry_out, show
from core.link_pages import OpenPage
from core.organisations.models import Group, Municipality
from core.organisations.places import by_code, four_digits
from core.other_language import (
    IN_THE_TAB,
    as_typed,
    remember_language,
    switched_to,
    words_of,
)
from core.sealed_words import SEALED
from participants.recusal import recusal
from participants.recusal.who_works_here import workers_of
from participants.signup import sign_up as signup
from participants.signup.asked import Asked, asked_in
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
    if language := switched_to(request):
        page = render(request, "participants/start.html", {"form": as_typed(form)})
        return remember_language(page, language)
    if not form.is_valid() or form.lives_in is None:
        return show(request, "participants/start.html", {"form": form}, refused=True)
    age: int = form.cleaned_data["age"]
    _count(request, signup.check(municipality=form.lives_in, age=age))
    via = request.POST.get("via", "")[:20]
    postcode = four_digits(form.cleaned_data["place"])
    return _answered(Asked(form.lives_in.pk, age, postcode, via))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checked(request: HttpRequest) -> HttpResponse:
    """The answer of today to what the address asks. A POST only asks for another language."""
    asked = asked_in(request.GET.get(SEALED, ""))
    municipality = by_code(asked.place) if asked else None
    if asked is None or municipality is None:
        return redirect("participants:check")
    language = switched_to(request)
    outcome = signup.check(municipality=municipality, age=asked.age)
    sealed = request.GET[SEALED]
    context = {"asked": asked, **_next_step(outcome, municipality, asked.age), "sealed": sealed}
    if language and context["interest"]:
        context["interest"] = as_typed(InterestForm(request.POST))
    page = render(request, "participants/check.html", context)
    return remember_language(page, language) if language else page


def _answered(asked: Asked) -> HttpResponse:
    return redirect(f"{reverse('participants:checked')}?{urlencode({SEALED: asked.sealed()})}")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("sign_up")
def sign_up(request: HttpRequest) -> HttpResponse:
    """The explanation stands before the form (R-042); one page, no account, no JavaScript."""
    asked = asked_in(request.GET.get(SEALED, ""))
    if request.method != "POST":
        context = {"form": SignUpForm(initial=_brought(request, asked)), **_before(asked)}
        return render(request, "participants/sign_up.html", context)
    form = SignUpForm(request.POST)
    context = {"form": form, **_before(asked)}
    if language := switched_to(request):
        as_typed(form)
        return remember_language(render(request, "participants/sign_up.html", context), language)
    valid = form.is_valid()
    if form.refused:
        return _refused(request, form)
    if valid and form.lives_in and form.chosen_group:
        arrival = _arrival(form, form.chosen_group)
        done = carry_out(form, partial(_sign_up, form, form.lives_in, form.chosen_group))
        if not done and form.is_refused_now():
            return _refused(request, form)
        if done:
            return ARRIVED.open(request, str(arrival.key), **plain(arrival))
    return show(request, "participants/sign_up.html", context, refused=True)


def _before(asked: Asked | None) -> dict[str, Any]:
    """What they read and answered before they came to the form."""
    if asked is None:
        return {}
    return {"sealed": asked.sealed(), "age": asked.age, "municipality": by_code(asked.place)}


def _brought(request: HttpRequest, asked: Asked | None) -> dict[str, str]:
    """What was answered before the form is not asked again."""
    if asked is None:
        return {"via": request.GET.get("via", "")[:20]}
    return {"postcode": asked.postcode, "municipality": asked.place, "via": asked.via}


def _refused(request: HttpRequest, form: SignUpForm) -> HttpResponse:
    """Not an error of theirs: the answer, with what there is instead, and the way back to the form
    for whoever mistyped (R-041, R-044). Without JavaScript the words travel in this page.
    """
    municipality, age, outcome = form.lives_in, form.age, form.outcome
    if municipality is None or age is None or outcome is None:
        raise ValueError("A refusal knows place, age and outcome.")
    _count(request, outcome)
    via, postcode = form.cleaned_data.get("via", ""), form.cleaned_data.get("postcode", "")
    asked = Asked(municipality.pk, age, postcode, via, from_form=True)
    if IN_THE_TAB in request.POST:
        return _answered(asked)
    context = {"asked": asked, **_next_step(outcome, municipality, age), "sealed": asked.sealed()}
    return render(request, "participants/check.html", {**context, "words": words_of(request)})


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
    return Arrival(
        key=form.sign_up_key,
        group_id=group.pk,
        on=clock.today(),
        by=form.cleaned_data["first_contact_by"],
        when=form.cleaned_data["first_contact_when"] or "any",
        waits=signup.is_full(group),
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

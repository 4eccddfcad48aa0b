"""Public pages: is it near me, the short form, and what happens next. No account needed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.limits import limited, within
from core.errors import RuleBroken
from core.forms import refuse
from core.organisations.models import Group, Municipality
from core.organisations.places import four_digits
from participants import signup
from participants.forms.signup import CheckForm, InterestForm, SignUpForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("check")
def check(request: HttpRequest) -> HttpResponse:
    """Answers at once and stores nothing; a refusal is only counted (R-044)."""
    if request.method != "POST":
        return render(request, "participants/start.html", {"form": CheckForm()})
    form = CheckForm(request.POST)
    if not form.is_valid() or form.lives_in is None:
        return render(request, "participants/start.html", {"form": form}, status=422)
    age: int = form.cleaned_data["age"]
    outcome = signup.check(municipality=form.lives_in, age=age)
    _count(request, outcome)
    return render(
        request,
        "participants/check.html",
        {
            **_next_step(outcome, form.lives_in, age),
            "postcode": four_digits(form.cleaned_data["place"]),
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("sign_up")
def sign_up(request: HttpRequest) -> HttpResponse:
    """The explanation stands before the form (R-042); one page, no account, no JavaScript."""
    if request.method != "POST" or "begin" in request.POST:
        initial = {"postcode": request.POST.get("postcode", "")[:10]}
        return render(request, "participants/sign_up.html", {"form": SignUpForm(initial=initial)})
    form = SignUpForm(request.POST)
    if form.is_valid() and form.lives_in and form.chosen_group:
        try:
            _sign_up(form, form.lives_in, form.chosen_group)
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            # Says the same to everybody who chose this group, known to us or not.
            waits = signup.is_full(form.chosen_group)
            return redirect("participants:signed_up_waiting" if waits else "participants:signed_up")
    context: dict[str, Any] = {"form": form}
    outcome, age = form.outcome, form.given_age
    if outcome and not outcome.can_sign_up and form.lives_in and age is not None:
        _count(request, outcome)
        context |= _next_step(outcome, form.lives_in, age)
    return render(request, "participants/sign_up.html", context, status=422)


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
        language=get_language() or "nl",
        **form.safe_contact(),
    )


@require_safe
def signed_up(request: HttpRequest, waiting: bool = False) -> HttpResponse:
    return render(request, "participants/signed_up.html", {"waiting": waiting})


@never_cache
@require_POST
@limited("interest")
def interest(request: HttpRequest) -> HttpResponse:
    """Tell me when Join Us comes near, or has a place again."""
    form = InterestForm(request.POST)
    if not form.is_valid():
        return render(request, "participants/interest.html", {"form": form}, status=422)
    signup.register_interest(
        municipality=form.cleaned_data["municipality"],
        age=form.cleaned_data["age"],
        email=form.cleaned_data["email"],
        language=get_language() or "nl",
    )
    return redirect("participants:interest_kept")


@require_safe
def interest_kept(request: HttpRequest) -> HttpResponse:
    return render(request, "participants/interest_kept.html")


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

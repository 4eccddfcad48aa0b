"""The worker's page about somebody's parents: harm asked, released, answered, exceptions (C-37)."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.accounts.actors import SignedIn
from core.accounts.models import User
from core.ages import age_on
from core.audit.log import opened
from core.drafts.declaring import keeps
from core.drafts.two_writers import in_turn, together
from core.forms import Tried, attempt, carry_out, show
from core.messaging.models import Contact
from participants.access import guardian_of, question_of, stay_or_404
from participants.consent import needed as consent
from participants.models import Trajectory, UnsafeHome
from participants.parents import coming_of_age, guardians, mail, overview, words_from_parents
from participants.parents import question as parental
from participants.parents import unsafe_home as exceptions
from participants.parents.forms import BirthDateForm, ChangeGuardianForm, HarmForm, UnsafeHomeForm
from participants.parents.page_state import State
from participants.recusal import recusal


@require_safe
@transaction.atomic
def parents(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """Opening it writes one audit line: it holds contact data (R-020)."""
    stay = stay_or_404(request, trajectory_id)
    return _page(request, stay)


@require_POST
@transaction.atomic
def harm(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    stay = stay_or_404(request, trajectory_id)
    form = HarmForm(request.POST)
    if not form.is_valid():
        return _page(request, stay, harm_form=form)
    can_harm = form.cleaned_data["can_harm"]
    done = attempt(request, parental.ask_harm, trajectory=stay, can_harm=can_harm, by=request.user)
    return _after(request, stay, done, _("Kept."))


@require_POST
@transaction.atomic
def release(request: SignedIn, trajectory_id: UUID, guardian_id: UUID) -> HttpResponse:
    """The one button that lets the mail go."""
    stay = stay_or_404(request, trajectory_id)
    guardian = guardian_of(stay, guardian_id)
    informed_only = consent.policy_for(stay, clock.today()).informed_only
    act = parental.inform_parents if informed_only else parental.release_request
    done = attempt(request, act, guardian=guardian, trajectory=stay, by=request.user)
    return _after(request, stay, done, _("Released. The mail leaves in daytime."))


@require_POST
@transaction.atomic
def question_answered(request: SignedIn, trajectory_id: UUID, consent_id: UUID) -> HttpResponse:
    stay = stay_or_404(request, trajectory_id)
    row = question_of(stay, consent_id)
    done = attempt(request, words_from_parents.close_question, consent=row, by=request.user)
    return _after(request, stay, done, _("Kept: the question is answered."))


@keeps("unsafe_home", private=True)
@require_POST
@transaction.atomic
def unsafe_home(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    stay = stay_or_404(request, trajectory_id)
    form = UnsafeHomeForm(request.POST, coordinators=recusal.coordinators_of(stay))
    if not form.is_valid():
        return _page(request, stay, unsafe_form=form)
    given = form.cleaned_data
    done = attempt(
        request, exceptions.record_unsafe_home, trajectory=stay, by=request.user, **given
    )
    said = _("Kept, together with the coordinator. No mail goes home.")
    return _after(request, stay, done, said)


@require_POST
@transaction.atomic
def home_is_safe(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    stay = stay_or_404(request, trajectory_id)
    if request.POST.get("talked") != "on":
        messages.error(request, _("First talk with the young person, alone. Then tick it."))
        return _page(request, stay, refused=True)
    done = attempt(
        request, exceptions.end_unsafe_home, trajectory=stay, by=request.user, talked=True
    )
    return _after(request, stay, done, _("Kept. Decide again whether the mail can be sent."))


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def exception_page(request: SignedIn, exception_id: UUID) -> HttpResponse:
    """For the named coordinator: call name, age, postcode, safe channel (trust.md 3)."""
    row = get_object_or_404(
        UnsafeHome.objects.visible_to(request.user).select_related(
            "trajectory__participant__contact", "by"
        ),
        pk=exception_id,
    )
    if request.method == "POST":
        agreed = request.POST.get("agreed")
        if agreed == "yes":
            exceptions.confirm_unsafe_home(exception=row, by=request.user)
        elif agreed == "no":
            exceptions.end_unsafe_home(trajectory=row.trajectory, by=request.user)
        else:
            raise BadRequest("Neither yes nor no.")
        return redirect("home:today")
    opened(request.user, "unsafe_home", [row.trajectory_id], request)
    person = row.trajectory.participant
    names = dict(Contact.Channel.choices)
    context = {
        "row": row,
        "person": person,
        "age": age_on(person.birth_date, clock.today()),
        "channels": [names.get(channel, channel) for channel in person.contact.safe_channels],
    }
    return render(request, "participants/parents/exception.html", context)


@keeps("guardian.change")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
@transaction.atomic
def change_guardian(request: SignedIn, trajectory_id: UUID, guardian_id: UUID) -> HttpResponse:
    """Another address after asking: a new question, and the old link is dead.

    Only while the stay runs: after it, another group may be asking the parents.
    """
    stay = stay_or_404(request, trajectory_id)
    if stay.phase in Trajectory.Phase.OVER:
        raise Http404
    guardian = guardian_of(stay, guardian_id)
    asked = guardians.was_written_to(guardian)
    form = ChangeGuardianForm(request.POST or None, initial=guardians.details_of(guardian))
    if not asked:
        del form.fields["other_person"]
    stands = ChangeGuardianForm(initial=guardians.details_of(guardian))
    if request.method == "POST" and form.is_valid() and together(request, form, stands):
        given = form.cleaned_data
        if carry_out(form, guardians.change_guardian, guardian=guardian, by=request.user, **given):
            messages.success(request, _("Kept."))
            return redirect("participants:parents", stay.pk)
    opened(request.user, "parents", [stay.pk], request)
    context = {"stay": stay, "person": stay.participant, "form": form, "asked": asked}
    return show(request, "participants/parents/change.html", context, form)


@keeps("birth_date")
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def birth_date(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """A wrong date of birth: who decides is settled by the right one at once."""
    stay = stay_or_404(request, trajectory_id)
    person = stay.participant
    form = BirthDateForm(request.POST or None, initial={"birth_date": person.birth_date})
    if request.method == "POST" and form.is_valid():
        correct = coming_of_age.correct_birth_date
        if carry_out(form, correct, participant=person, by=request.user, **form.cleaned_data):
            messages.success(request, _("Kept. Who decides follows the right age at once."))
            return redirect("participants:parents", stay.pk)
    opened(request.user, "birth_date", [stay.pk], request)
    policy = consent.policy_for(stay, clock.today())
    context = {"stay": stay, "person": person, "form": form, "age": policy.age}
    return show(request, "participants/parents/birth_date.html", context, form)


def _after(request: SignedIn, stay: Trajectory, done: Tried, said: str) -> HttpResponse:
    """The page once more, or once more with the reason that `attempt` said."""
    if not done:
        return _page(request, stay, refused=True)
    messages.success(request, said)
    return redirect("participants:parents", stay.pk)


def _page(
    request: SignedIn,
    stay: Trajectory,
    harm_form: HarmForm | None = None,
    unsafe_form: UnsafeHomeForm | None = None,
    refused: bool = False,
) -> HttpResponse:
    opened(request.user, "parents", [stay.pk], request)
    shown = overview.overview(stay)
    harm_form = harm_form or HarmForm(
        initial={"can_harm": None if shown.can_harm is None else "yes" if shown.can_harm else "no"}
    )
    unsafe_form = unsafe_form or UnsafeHomeForm(coordinators=recusal.coordinators_of(stay))
    context = {
        "stay": stay,
        "person": stay.participant,
        "preview": _preview(stay, shown, request.user),
        "shown": shown,
        "harm_form": harm_form,
        "unsafe_form": unsafe_form,
    }
    template = "participants/parents/asking.html"
    return show(request, template, context, harm_form, unsafe_form, refused=refused)


def _preview(stay: Trajectory, shown: overview.Overview, by: User) -> mail.Preview | None:
    """The letter that the button lets go, while one may."""
    if shown.home.is_unsafe or shown.state not in (State.BEFORE, State.TO_INFORM, State.WAITING):
        return None
    first = shown.lines[0].guardian if shown.lines else None
    return mail.preview(stay, first, by, informed_only=shown.policy.informed_only)

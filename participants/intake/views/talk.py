"""The first talk: the form in four parts, the decision, telling it, and asking for advice."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.accounts.actors import SignedIn
from core.ages import age_on, fits_programme
from core.audit.log import opened
from core.drafts.declaring import keeps
from core.drafts.two_writers import in_turn, together
from core.errors import RuleBroken
from core.forms import attempt, carry_out, refuse, show
from participants.access import stay_of
from participants.intake import talk
from participants.intake.forms.talk import (
    AdviceForm,
    DecisionForm,
    IntakeForm,
    QuestionForm,
    factors_of,
    initial_of,
    judged,
)
from participants.intake.panel import around_talk
from participants.models import Consultation, Intake, Judgement, Trajectory
from participants.recusal import recusal
from participants.recusal.forms import KnowsForm
from participants.recusal.forms import initial_of as known_before

CRISIS = Judgement.Subject.CRISIS


def _intake(stay: Trajectory) -> Intake | None:
    return getattr(stay, "intake", None)


@require_POST
def begin(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    stay = stay_of(request, trajectory_id)
    if not attempt(request, talk.start_intake, trajectory=stay, by=request.user):
        return redirect("participants:applicants")
    return redirect("participants:intake", stay.pk)


@keeps("intake")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
@transaction.atomic
def intake(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """Save as often as you like; the decision comes when every point has its answer."""
    stay = stay_of(request, trajectory_id)
    row = _intake(stay)
    if row is None:
        return redirect("participants:applicant", stay.pk)
    if request.method != "POST":
        return _page(request, stay, row)
    form = IntakeForm(request.POST)
    if form.is_valid() and together(request, form, _as_it_stands(row)):
        if carry_out(form, partial(_save, request, stay, form)):
            messages.success(request, _("Kept."))
            return redirect("participants:intake", stay.pk)
        row.refresh_from_db()
        _look_again(form, row)
    return _page(request, stay, row, form=form)


def _as_it_stands(row: Intake) -> IntakeForm:
    return IntakeForm(initial=initial_of(row))


def _save(request: SignedIn, stay: Trajectory, form: IntakeForm) -> None:
    data = form.cleaned_data
    talk.save_intake(
        trajectory=stay,
        by=request.user,
        expected_version=data["version"],
        judgements=form.judgements(),
        **{name: data[name] for name in talk.PARTS},
    )


@keeps("intake", never=("decision", "referral_to"))
@require_POST
@in_turn
@transaction.atomic
def decide(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    stay = stay_of(request, trajectory_id)
    row = _intake(stay)
    if row is None:
        return redirect("participants:applicant", stay.pk)
    form = IntakeForm(request.POST, initial=initial_of(row))
    decision = DecisionForm(request.POST)
    sent_whole = "need" in request.POST
    whole = sent_whole and form.is_valid() and together(request, form, _as_it_stands(row))
    if decision.is_valid() and (not sent_whole or whole):
        if whole:
            decision.cleaned_data["version"] = form.cleaned_data["version"]
        try:
            if sent_whole:
                with transaction.atomic():
                    _save(request, stay, form)
            with transaction.atomic():
                _decide(request, stay, decision, version=int(sent_whole))
        except RuleBroken as broken:
            row.refresh_from_db()
            _show(broken, row, form if sent_whole else None, decision)
        else:
            messages.success(request, _("The decision is kept."))
            return redirect("participants:intake", stay.pk)
    return _page(
        request,
        stay,
        row,
        form=form if sent_whole else None,
        decision=decision,
    )


def _decide(request: SignedIn, stay: Trajectory, form: DecisionForm, *, version: int) -> None:
    """`version`: by how much our own save just raised the version that the page knew."""
    data = form.cleaned_data
    talk.decide(
        trajectory=stay,
        decision=data["decision"],
        reason=data["reason"],
        referral_to=data["referral_to"] or None,
        expected_version=data["version"] + version,
        by=request.user,
    )


def _show(broken: RuleBroken, row: Intake, form: IntakeForm | None, decision: DecisionForm) -> None:
    """The refusal at its field; what is still open is marked point by point (R-053)."""
    _look_again(decision, row)
    if form is not None:
        _look_again(form, row)
    refuse(form if form is not None and broken.field in form.fields else decision, broken)
    if broken.code == "not_complete" and form is not None:
        for name in talk.missing(row):
            form.add_error(name, _("Still without an answer."))


@require_POST
def told(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """A person told it: the only way a decision reaches the young person."""
    stay = stay_of(request, trajectory_id)
    if attempt(request, talk.tell_decision, trajectory=stay, by=request.user):
        messages.success(request, _("Good that you told it yourself."))
    return redirect("participants:applicants")


@keeps("intake.question")
@require_POST
@transaction.atomic
def ask(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    stay = stay_of(request, trajectory_id)
    row = _intake(stay)
    if row is None:
        return redirect("participants:applicant", stay.pk)
    form = QuestionForm(request.POST)
    if form.is_valid():
        talk.ask_coordinator(trajectory=stay, by=request.user, **form.cleaned_data)
        messages.success(request, _("Your question is with the coordinator."))
        return redirect("participants:intake", stay.pk)
    return _page(request, stay, row, question=form)


@keeps("consultation")
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def consultation(request: SignedIn, consultation_id: UUID) -> HttpResponse:
    """The coordinator sees the question and who asks, nothing of the intake (trust.md 3)."""
    asked = get_object_or_404(
        Consultation.objects.visible_to(request.user).select_related(
            "asked_by", "answered_by", "intake__trajectory__group"
        ),
        pk=consultation_id,
    )
    opened(request.user, "consultation", [asked.intake.trajectory_id], request)
    form = AdviceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer, given = talk.answer_consultation, form.cleaned_data
        if carry_out(form, answer, consultation=asked, by=request.user, **given):
            messages.success(request, _("Your advice is with the youth worker."))
            return redirect("participants:consultation", asked.pk)
    return show(
        request,
        "participants/consultation.html",
        {"asked": asked, "form": form, "group": asked.intake.trajectory.group},
        refused=request.method == "POST",
    )


def _look_again(form: IntakeForm | DecisionForm, row: Intake) -> None:
    """After a refusal the next press is a choice made with open eyes: it counts from now."""
    form.data = {**form.data.dict(), "version": row.version}  # type: ignore[attr-defined]


def _page(
    request: SignedIn,
    stay: Trajectory,
    row: Intake,
    *,
    form: IntakeForm | None = None,
    decision: DecisionForm | None = None,
    question: QuestionForm | None = None,
) -> HttpResponse:
    """The whole page; 422 when one of its forms came in."""
    refused = bool(form or decision or question)
    opened(request.user, "intake", [stay.pk], request)
    open_points = talk.missing(row)
    found = recusal.everybody(stay)
    form = form or IntakeForm(initial=initial_of(row))
    person = stay.participant
    day = row.held_on or clock.today()
    return show(
        request,
        "participants/intake.html",
        {
            "stay": stay,
            "person": person,
            "intake": row,
            "form": form,
            "decision": decision or DecisionForm(initial={"version": row.version}),
            "question": question or QuestionForm(),
            "consultations": row.consultations.select_related("asked_by", "answered_by"),
            "missing": [form.fields[name].label for name in open_points],
            "judgements": judged(row),
            "age": age_on(person.birth_date, clock.today()),
            "age_fits": fits_programme(person.birth_date, day),
            "referral": getattr(stay, "referral", None),
            "readonly": bool(row.decision),
            "factors": factors_of(row),
            "crisis": row.judgements.filter(subject=CRISIS).exclude(answer="meets").exists(),
            **around_talk(stay),
            "colleagues": found,
            "knows": KnowsForm(
                colleagues=found, initial=known_before(found, getattr(stay, "knows_somebody", None))
            ),
        },
        refused=refused,
    )

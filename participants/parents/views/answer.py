"""The parent's pages behind a mailed link: one question, one screen, no account (R-011).

Only a ticked human answer by POST changes anything. Before a yes no page names place or time.
"""

from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.errors import RuleBroken
from core.forms import refuse, show
from core.link_pages import After, OpenPage, behind_a_link
from core.other_language import SWITCH, as_typed
from core.pdf import paper
from core.texts.rendering import as_html
from core.tokens import token_hash
from participants.models import ConsentLink, ParentalConsent
from participants.parents import mail as parental_mail
from participants.parents import question as parental
from participants.parents import receipt_pdf, words_from_parents
from participants.parents.forms import ConsentForm, QuestionForm, RefusalForm, WithdrawForm
from participants.parents.views.links import (
    ANSWER,
    RECEIPT,
    WITHDRAW,
    consent_behind,
    consent_of,
    dead,
)

Purpose = ConsentLink.Purpose
STEPS = {"nee": "no", "vraag": "question", "tekst": "text"}
ACTS = {"nee": "no", "vraag": "question"}
WHOM_TO_RING = Signer(salt="participants.parents.whom_to_ring")
OUTCOMES = ("ja", "nee", "vraag", "ingetrokken", "onderzoek-ingetrokken", "terugkoppeling")


@ANSWER.door
def parent_consent(request: HttpRequest, token: str) -> HttpResponse:
    return ANSWER.open(request, token_hash(token, "parental_answer").hex())


@WITHDRAW.door
def parent_withdraw(request: HttpRequest, token: str) -> HttpResponse:
    return WITHDRAW.open(request, token_hash(token, "parental_withdraw").hex())


@RECEIPT.door
def parent_receipt(request: HttpRequest, token: str) -> HttpResponse:
    return RECEIPT.open(request, token_hash(token, "parental_receipt").hex())


def _second_press(request: HttpRequest, subject: str) -> HttpResponse | None:
    """The same answer once more from the same form: the same thank-you, nothing changes."""
    row = consent_of(subject, Purpose.ANSWER)
    answer = {"nee": "no", "": "yes"}.get(request.POST.get("stap", ""))
    if row is None or row.answer != answer:
        return None
    with SpokenLanguage(request, row) as language:
        done = ("ja", language) if answer == "yes" else ("nee", language, row)
        return parent_done_at(*done)


def _second_withdrawal(request: HttpRequest, subject: str) -> HttpResponse | None:
    row = consent_of(subject, Purpose.WITHDRAW)
    if row is None:
        return None
    only_research = request.POST.get("what") == "research"
    if (row.research_withdrawn_at if only_research else row.withdrawn_at) is None:
        return None
    with SpokenLanguage(request, row) as language:
        if only_research:
            return parent_done_at("onderzoek-ingetrokken", language)
        return parent_done_at("ingetrokken", language, row)


@ANSWER.page(after=_second_press)
@require_http_methods(["GET", "HEAD", "POST"])
def parent_page(request: HttpRequest, link: OpenPage) -> HttpResponse:
    """Yes (with a second, free yes for research), no, or a question to a person."""
    row = consent_behind(link, Purpose.ANSWER)
    if row is None:
        return _over(request, link, _second_press)
    with SpokenLanguage(request, row) as language:
        if request.method == "POST":
            return _answer(request, link, row, language)
        step = STEPS.get(request.GET.get("stap", ""), "yes")
        return _page(request, link, row, language, step, _form_for(step, None))


@WITHDRAW.page(after=_second_withdrawal)
@require_http_methods(["GET", "HEAD", "POST"])
def parent_withdraw_page(request: HttpRequest, link: OpenPage) -> HttpResponse:
    """The link is one step, tick and button the second; the effect is at once."""
    row = consent_behind(link, Purpose.WITHDRAW)
    if row is None:
        return _over(request, link, _second_withdrawal)
    with SpokenLanguage(request, row) as language:
        form = WithdrawForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            only_research = request.POST.get("what") == "research"
            try:
                parental.withdraw_by_parent(consent=row, only_research=only_research)
            except RuleBroken:
                return _over(request, link, _second_withdrawal)
            if only_research:
                return parent_done_at("onderzoek-ingetrokken", language)
            return link.forget(parent_done_at("ingetrokken", language, row))
        context = {**_about(row), "form": form, "language": language, "link": link}
        context["research"] = bool(row.research_yes_at and not row.research_withdrawn_at)
        return show(request, "participants/parents/withdraw.html", context, form)


@RECEIPT.page
@require_safe
def parent_receipt_pdf(request: HttpRequest, link: OpenPage) -> HttpResponse:
    """The paper of one answer; its link opens nothing else."""
    row = consent_behind(link, Purpose.RECEIPT)
    if row is None:
        return dead(request)
    return paper(receipt_pdf.receipt(row), "bewijs-join-us.pdf")


@behind_a_link
@require_safe
def parent_done(request: HttpRequest, outcome: str) -> HttpResponse:
    """Thanks, without a name: the same page for everybody."""
    if outcome not in OUTCOMES:
        return dead(request)
    asked = request.GET.get("taal", "")
    language = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language):
        context = {"outcome": outcome, "language": language, "ring": _whom_to_ring(request)}
        return render(request, "participants/parents/done.html", context)


def parent_done_at(outcome: str, language: str, row: ParentalConsent | None = None) -> HttpResponse:
    """`row`: after a no or a withdrawal, so that the page says whom to ring later (C-47)."""
    address = reverse("participants:parent_done", args=[outcome])
    who = f"&bel={WHOM_TO_RING.sign(str(row.pk))}" if row is not None else ""
    return redirect(f"{address}?taal={language}{who}")


def _whom_to_ring(request: HttpRequest) -> ParentalConsent | None:
    """Whose answer led here; nothing of it is shown but whom to ring."""
    try:
        return parental.answered(WHOM_TO_RING.unsign(request.GET.get("bel", "")))
    except BadSignature:
        return None


def _over(request: HttpRequest, link: OpenPage, pressed: After) -> HttpResponse:
    """The link does not work any more; whoever pressed twice is thanked once more."""
    again = pressed(request, link.subject) if request.method == "POST" else None
    return link.forget(again) if again else dead(request)


def _answer(
    request: HttpRequest, link: OpenPage, row: ParentalConsent, language: str
) -> HttpResponse:
    step = ACTS.get(request.POST.get("stap", ""), "yes")
    form = _form_for(step, request.POST)
    if SWITCH in request.POST:
        return _page(request, link, row, language, step, as_typed(form))
    if not form.is_valid():
        return _page(request, link, row, language, step, form)
    try:
        if step == "question":
            words_from_parents.ask_question(consent=row, text=form.cleaned_data["question"])
            return parent_done_at("vraag", language)
        if step == "no":
            parental.answer_request(consent=row, answer="no", language=language)
            return link.forget(parent_done_at("nee", language, row))
        parental.answer_request(
            consent=row,
            answer="yes",
            language=language,
            research=form.cleaned_data["research"],
            text=parental.text_shown(parental.TEXT, language, form.cleaned_data["text"]),
            research_text=parental.text_shown(
                parental.RESEARCH_TEXT, language, form.cleaned_data["about"]
            ),
        )
        return link.forget(parent_done_at("ja", language))
    except RuleBroken as broken:
        if broken.code == "link_dead":
            return _over(request, link, _second_press)
        refuse(form, broken)
        return _page(request, link, row, language, step, form)


def _page(
    request: HttpRequest,
    link: OpenPage,
    row: ParentalConsent,
    language: str,
    step: str,
    form: Any,
) -> HttpResponse:
    text, research = parental.texts_in(language)
    context = {
        **_about(row),
        "form": form,
        "link": link,
        "language": language,
        "until": clock.day_of(row.expires_at),
        "text": text,
        "text_html": as_html(text),
        "research": research,
        "research_html": as_html(research),
    }
    return show(request, f"participants/parents/{step}.html", context, form)


def _about(row: ParentalConsent) -> dict[str, str]:
    return parental_mail.about(row.trajectory, row.released_by)


def _form_for(step: str, data: Any) -> Any:
    return {"no": RefusalForm, "question": QuestionForm}.get(step, ConsentForm)(data)


class SpokenLanguage(translation.override):
    """The language asked for on the page, else the one the parent is written to in."""

    def __init__(self, request: HttpRequest, row: ParentalConsent) -> None:
        asked = (
            request.POST.get(SWITCH) or request.POST.get("taal") or request.GET.get("taal") or ""
        )
        known = dict(settings.LANGUAGES)
        super().__init__(asked if asked in known else row.guardian.contact.language)

    def __enter__(self) -> str:  # type: ignore[override]
        super().__enter__()
        return str(self.language)

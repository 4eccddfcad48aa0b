"""Who hears what: the young person's page, and the parent's behind an own link (R-302)."""

from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.actors import SignedIn
from core.errors import RuleBroken
from core.fields import NameField
from core.forms import attempt, show
from core.link_pages import OpenPage
from core.texts.rendering import as_html
from core.tokens import token_hash
from participants.access import own_stay
from participants.consent import agreements
from participants.consent.at_home import may_speak_of_parents
from participants.models import ReferrerTie
from participants.parents import mail as parental_mail
from participants.parents.views.answer import parent_done_at
from participants.parents.views.links import dead, for_parents
from participants.referrers import consent as feedback
from participants.referrers import register as referrers
from participants.referrers import telling

ACTS = ("yes", "no", "back", "quote_yes", "quote_no", "share", "share_not")


@require_http_methods(["GET", "HEAD", "POST"])
def who_hears_what(request: SignedIn) -> HttpResponse:
    """Per referrer: what may be told, what was told, and one press to take it back."""
    stay = own_stay(request)
    rows = list(feedback.ties_of([stay.pk]))
    unticked = _unticked(request, rows)
    if request.method == "POST" and unticked is None:
        if tried := attempt(request, partial(_act, request, rows)):
            messages.success(request, tried.result)
            return redirect("participants:who_hears_what")
        rows = list(feedback.ties_of([stay.pk]))
    language = get_language() or "nl"
    text = agreements.current(feedback.TEXT, language)
    lines = [
        {
            "tie": row,
            "state": feedback.state_of(row),
            "described": feedback.described(row),
            "examples": [
                telling.sentence(p, row.name_there or stay.participant.call_name)
                for p in telling.EXAMPLES
            ],
        }
        for row in rows
        if row.ended_at is None or row.told.all()
    ]
    context = {
        "stay": stay,
        "lines": lines,
        "text": text,
        "html": as_html(text),
        "unticked": unticked,
        "speaks_of_parents": may_speak_of_parents(stay),
    }
    template = "participants/account/who_hears_what.html"
    return show(request, template, context, refused=request.method == "POST")


def _unticked(request: SignedIn, rows: list[ReferrerTie]) -> UUID | None:
    """About whom a yes was asked for without its tick; said at that tick."""
    if request.POST.get("act") != "yes" or request.POST.get("sure") == "on":
        return None
    return next((r.pk for r in rows if str(r.pk) == request.POST.get("tie")), None)


def _act(request: SignedIn, rows: list[ReferrerTie]) -> str:
    act = request.POST.get("act")
    if act not in ACTS:
        raise BadRequest("Not an act.")
    row = next((r for r in rows if str(r.pk) == request.POST.get("tie")), None)
    if row is None:
        raise Http404
    if act == "yes":
        feedback.answer_for_myself(
            tie=row,
            yes=True,
            by=request.user,
            name_there=_name_there(request.POST.get("name_there", "")),
            text=agreements.published(feedback.TEXT, request.POST.get("text", "")),
        )
        return _("Thank you. Your yes is kept.")
    if act == "no":
        feedback.answer_for_myself(tie=row, yes=False, by=request.user)
        return _("Kept. Nothing is told.")
    if act == "back":
        feedback.take_back(tie=row, by=request.user)
        return _("Taken back. From now on nothing is told.")
    if act in ("quote_yes", "quote_no"):
        quote = next((q for q in row.quotes.all() if str(q.pk) == request.POST.get("quote")), None)
        if quote is None:
            raise Http404
        telling.answer_quote(quote=quote, yes=act == "quote_yes", by=request.user)
        return _("Kept.")
    referrers.share_there(tie=row, on=act == "share", by=request.user)
    return _("Kept.")


def _name_there(value: str) -> str:
    """How the school calls this person, read as every name is. Raises RuleBroken."""
    try:
        return str(NameField(max_length=80, required=False).clean(value))
    except ValidationError as wrong:
        raise RuleBroken(wrong.messages[0], code="no_name", field="name_there") from wrong


# ---- Behind a link -------------------------------------------------------------------


FEEDBACK = for_parents(feedback.PURPOSE, "participants:parent_feedback_page")


@FEEDBACK.door
def parent_feedback(request: HttpRequest, token: str) -> HttpResponse:
    return FEEDBACK.open(request, token_hash(token, "parental_feedback").hex())


@FEEDBACK.page
@require_http_methods(["GET", "HEAD", "POST"])
def parent_feedback_page(request: HttpRequest, link: OpenPage) -> HttpResponse:
    """Yes or no; after a yes the same link takes it back. Taking part is apart from it."""
    row: Any = feedback.find_question(bytes.fromhex(link.subject))
    if row is None:
        return dead(request)
    asked = request.POST.get("taal") or request.GET.get("taal") or ""
    known = dict(settings.LANGUAGES)
    language = asked if asked in known else row.guardian.contact.language
    with translation.override(language):
        wrong = ""
        if request.method == "POST":
            yes = request.POST.get("answer") == "yes"
            if request.POST.get("sure") == "on":
                try:
                    feedback.answer_by_parent(consent=row, yes=yes)
                except RuleBroken:
                    return dead(request)
                return parent_done_at("terugkoppeling", language)
            wrong = _("Tick this first, please.")
        context = {
            **parental_mail.about(row.tie.trajectory, row.asked_by),
            "link": link,
            "language": language,
            "referrer": feedback.described(row.tie),
            "said_yes": row.answer == "yes",
            "wrong": wrong,
            "text": row.text,
            "html": as_html(row.text),
        }
        template = "participants/parents/feedback.html"
        return show(request, template, context, refused=bool(wrong))

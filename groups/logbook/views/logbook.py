"""The logbook on a phone: every card saves itself; without JavaScript each has its button."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.accounts.actors import SignedIn
from core.accounts.rights import reach
from core.audit.log import opened
from core.drafts.coming_back import show_form
from core.drafts.declaring import keeps
from core.drafts.open_pages import saved_in_words
from core.drafts.tickets import Ticket, posted_with
from core.drafts.two_writers import in_turn, together
from core.errors import NotYours, RuleBroken
from groups.activities.tasks import write_organisers
from groups.logbook.book import Logbook, meeting_within, read_logbook, stamp
from groups.logbook.forms import CardForm, TalksForm
from groups.logbook.guidance import guidance
from groups.logbook.parts import ABOUT, CARDS, write_parts
from groups.logbook.talks import note_talk, say_of_talks, take_back_talk
from groups.logbook.views import live
from groups.models import Meeting
from groups.permissions import (
    SEE_LOGBOOK,
    WRITE_FEEDBACK,
    WRITE_LOGBOOK,
    holds_here,
    reaches,
    require_here,
)


def _meeting(request: HttpRequest, meeting_id: UUID) -> Meeting:
    """A meeting within reach of who may read logbooks; a participant's own one is not theirs."""
    far = reach(request.user, SEE_LOGBOOK)
    if not far:
        own = get_object_or_404(Meeting.objects.visible_to(request.user), pk=meeting_id)
        require_here(request.user, WRITE_LOGBOOK, own.group_id)
    found = meeting_within(far, meeting_id)
    if found is None:
        raise Http404
    return found


def _to_write(request: SignedIn, meeting_id: UUID) -> Meeting:
    meeting = _meeting(request, meeting_id)
    require_here(request.user, WRITE_LOGBOOK, meeting.group_id)
    return meeting


@require_GET
@transaction.atomic
def logbook(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    """To write in for the group's own workers; to read for the coordinator. Opening it writes one
    line in the log of who looked, with everybody who is named."""
    book = _opened(request, _meeting(request, meeting_id))
    return _page(request, book)


@require_GET
@transaction.atomic
def on_paper(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    """As it is printed: what was written, who was there by call name, nothing else of anybody."""
    book = _opened(request, _meeting(request, meeting_id))
    return _to_read(request, book)


def _opened(request: SignedIn, meeting: Meeting) -> Logbook:
    book = read_logbook(meeting, request.user)
    opened(request.user, "logbook", sorted(book.subjects), request)
    return book


@keeps(*live.KEYS, never=("card", "talked", "not_talked", "was_out"))
@require_POST
@in_turn
def save(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    """Save one card, or one tap on a name: the reader talked with this person, or not after all.

    What a colleague saved meanwhile in another part of the card stays; where both touched the same
    words 409 with theirs, and the own ones are kept until somebody chooses. Without JavaScript the
    sentences of the card come along with a tap, and are saved first.
    """
    meeting, card = _meeting(request, meeting_id), request.POST.get("card", "")
    if card not in (*CARDS, "talks"):
        raise BadRequest("Not a card of the logbook.")
    _require_may_write(request, meeting, card)
    tap = _tap(request) if card == "talks" else None
    ticket = posted_with(request)
    try:
        if (tap is None or ticket is not None) and (
            page := _save(request, meeting, card, ticket)
        ) is not None:
            return page
        if tap is not None:
            act, stay = tap
            act(meeting=meeting, trajectory_id=stay, by=request.user)
    except RuleBroken as broken:
        return _refused(request, broken)
    return _saved(request, meeting, card, ticket)


def _tap(request: SignedIn) -> tuple[Any, UUID] | None:
    for name, act in (("talked", note_talk), ("not_talked", take_back_talk)):
        if told := request.POST.get(name):
            try:
                return act, UUID(told)
            except ValueError as no_id:
                raise BadRequest("Not a tap.") from no_id
    return None


@require_GET
def now(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    """What colleagues wrote since: asked every few seconds by a page that is open. 204: nothing."""
    meeting = _to_write(request, meeting_id)
    if not live.PAGES.passes(request.headers.get("X-Logbook", ""), meeting.pk, request.user):
        return HttpResponse(status=409)  # opened too long ago, or never: no line, no words
    if request.GET.get("since", "-") == stamp(meeting.pk):
        return HttpResponse(status=204)
    book = read_logbook(meeting, request.user)
    return JsonResponse(live.as_it_stands(book, _path(meeting), live.cards_of(book)))


def _require_may_write(request: SignedIn, meeting: Meeting, card: str) -> None:
    if card != "feedback":
        require_here(request.user, WRITE_LOGBOOK, meeting.group_id)
    elif not reaches(request.user, WRITE_FEEDBACK, meeting.group):
        raise PermissionDenied(_("This word is the coordinator's."))


def _save(
    request: SignedIn, meeting: Meeting, card: str, ticket: Ticket | None
) -> HttpResponse | None:
    """None when it was saved, else the answer."""
    if ticket is None or ticket.form != live.key_of(card) or ticket.subject != str(meeting.pk):
        raise BadRequest("Not a card of this logbook.")
    book = read_logbook(meeting, request.user)
    if card not in live.cards_of(book, feedback=card == "feedback"):
        raise Http404  # about somebody this worker stays out of, or nothing to say goodbye to
    stands = live.form_of(book, card)
    form = live.form_of(book, card, request.POST)
    if not form.is_valid():
        return _wrong(request, book, card, form)
    if not together(request, form, stands):
        return _both_wrote(request, book, card, form)
    if isinstance(form, TalksForm):
        say_of_talks(meeting=meeting, said=form.said, by=request.user)
    else:
        about = _about(book, card, form)
        with transaction.atomic():
            write_parts(meeting=meeting, said=form.said, by=request.user, about=about)
            if book.plan is not None and "organisers" in form.fields:
                chosen, people = form.arranged_by
                write_organisers(activity=book.plan, chosen=chosen, asked=people)
    return None


def _about(book: Logbook, card: str, form: CardForm) -> dict[Any, list[UUID]]:
    if card == "incident":
        offered = {stay for stay, _name in book.can_be_talked_with}
        not_offered = book.about.get(card, set()) - offered  # written down as away since
        return {ABOUT[card]: [*form.about, *not_offered]}
    if card == "farewell":
        return {ABOUT[card]: [stay for stay, _name in book.leaving] or [*book.about.get(card, ())]}
    return {}


def _saved(request: SignedIn, meeting: Meeting, card: str, ticket: Ticket | None) -> HttpResponse:
    if not _wants_json(request):
        return redirect(f"{_path(meeting)}#{card}")
    if ticket is not None and not ticket.seen and not request.POST.get("was_out"):
        request.draft_came_in = None  # type: ignore[attr-defined]  # nothing of it was kept
    if live.PAGES.passes(request.headers.get("X-Logbook", ""), meeting.pk, request.user):
        book = read_logbook(meeting, request.user)
    else:  # it was not opened on this page: what is read here is written down
        book = _opened(request, meeting)
    cards = live.cards_of(book, feedback=card == "feedback")
    told = live.as_it_stands(book, _path(meeting), cards, card=card, ticket=ticket)
    return JsonResponse(told)


def _both_wrote(
    request: SignedIn, book: Logbook, card: str, form: CardForm | TalksForm
) -> HttpResponse:
    """Both texts, and whose the other one is; the own one is kept as a draft (409)."""
    writer = book.writer(card)
    both = {}
    for name, field in form.fields.items():
        if beside := getattr(field, "beside", None):
            beside["who"] = beside["who"] or (writer.name if writer else "")
            both[name] = beside
    if not _wants_json(request):
        return _page(request, book, {card: form}, 422)
    shown = show_form(request, live.key_of(card), [form], live.about_of(book, card))
    return JsonResponse({"both": both, "ticket": shown.ticket}, status=409)


def _wrong(request: SignedIn, book: Logbook, card: str, form: CardForm | TalksForm) -> HttpResponse:
    if not _wants_json(request):
        return _page(request, book, {card: form}, 422)
    said = {name: [str(one) for one in errors] for name, errors in form.errors.items()}
    return JsonResponse({"wrong": said}, status=422)


def _refused(request: SignedIn, broken: RuleBroken) -> HttpResponse:
    if broken.code == "not_on_sheet":
        raise Http404 from broken
    if isinstance(broken, NotYours) or not _wants_json(request):
        raise broken
    return JsonResponse({"refused": broken.message}, status=423)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _path(meeting: Meeting) -> str:
    return reverse("groups:logbook", args=[meeting.pk])


def _page(
    request: SignedIn,
    book: Logbook,
    tried: dict[str, CardForm | TalksForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    meeting = book.meeting
    if book.why_closed or not holds_here(request.user, WRITE_LOGBOOK, meeting.group_id):
        return _to_read(request, book, (tried or {}).get("feedback"), status)
    forms = {name: live.form_of(book, name) for name in live.cards_of(book)} | (tried or {})
    context = {
        "book": book,
        "meeting": meeting,
        "cards": {name: _shown(book, name, form) for name, form in forms.items()},
        "rows": partial(live.rows_of_talks, book, forms["talks"]),
        "guidance": guidance(meeting.group.age_until),
        "saved": saved_in_words(book.saved_at),
        "stamp": book.stamp,
        "pass": live.PAGES.give_pass(meeting.pk, request.user),
        "on_this_phone": live.PAGES.on_this_phone(request, meeting.pk),
    }
    return render(request, "groups/logbook.html", context, status=status)


def _to_read(
    request: SignedIn, book: Logbook, tried: CardForm | TalksForm | None = None, status: int = 200
) -> HttpResponse:
    feedback = None
    writes = holds_here(request.user, WRITE_LOGBOOK, book.meeting.group_id)
    group = book.meeting.group
    if not (book.why_closed or writes) and reaches(request.user, WRITE_FEEDBACK, group):
        form = tried or live.form_of(book, "feedback")
        feedback = _shown(book, "feedback", form)
    context = {
        "book": book,
        "meeting": book.meeting,
        "feedback": feedback,
        "writes": writes,
    }
    return render(request, "groups/logbook_read.html", context, status=status)


def _shown(book: Logbook, card: str, form: CardForm | TalksForm) -> dict[str, Any]:
    """A card's form, whom it is about, and who writes in it."""
    return {"form": form, "about": live.about_of(book, card), "writer": book.writer(card)}

"""A form is shown: with what was typed before, or with the word that a draft lies there.

Shown filled in only right after a time-out, a refused save or another form of the same page, and
to who asks for it. In any other case a person reads "you have a draft" before any of its words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest

from core.accounts.models import User
from core.accounts.signin import is_shared
from core.drafts import filling, keeping
from core.drafts.declaring import FORMS, OF_A_TAP, PRIVATE, TAP
from core.drafts.models import Draft
from core.drafts.tickets import Ticket, mark_of, posted_with

#: Ids of drafts that the next page shows filled in.
RETURNS = "draft_returns"
#: The parameter with which somebody asks to go on with a draft.
ASKED = "concept"
MOST_SHOWN = 3


@dataclass
class Shown:
    """What the page says above one form."""

    ticket: str = ""
    draft: UUID | None = None
    is_kept: bool = False
    filled: Draft | None = None
    came_back: bool = False
    waiting: list[Draft] = field(default_factory=list)
    who: str = ""
    back: str = ""

    @property
    def rows(self) -> list[Draft]:
        return [self.filled] if self.filled else self.waiting


def show_form(
    request: HttpRequest, key: str, tried: list[forms.BaseForm], about: Iterable[UUID] = ()
) -> Shown:
    """Fill these forms (all in one form element) when that is due, and give out the ticket."""
    user = request.user
    if key not in FORMS:
        raise LookupError(f"No view keeps the form {key}.")
    if not isinstance(user, User):
        return Shown()
    page = Ticket(
        form=key,
        subject=subject_of(request),
        path=_page_of(request),
        about=tuple({*_ids_of(request), *about}),
    )
    shared = is_shared(request)
    came_in = posted_with(request) if request.method == "POST" else None
    if any(form.is_bound for form in tried) and came_in is not None and came_in.form == key:
        base = getattr(request, "draft_base", None) or came_in.base
        told = Ticket(
            **{
                **page.__dict__,
                "base": base,
                "draft": came_in.draft,
                "seen": (came_in.page, *came_in.seen[:3]),
            }
        )
        return Shown(told.sealed(user), told.draft, not shared, who=mark_of(user))
    base = {name: value for form in tried for name, value in _stood(form).items()}
    rows = [] if shared else _with_words(request, key, page.subject)
    due = {*getattr(request, RETURNS, ()), *_due(request)} if key not in PRIVATE else set()
    asked = request.GET.get(ASKED, "")
    for row in rows:
        came_back = str(row.pk) in due
        if came_back or str(row.pk) == asked:
            words = keeping.words_of(row)
            for form in tried:
                if not form.is_bound:
                    filling.fill(form, words.values)
            no_longer_due(request, row.pk)
            told = Ticket(
                **{
                    **page.__dict__,
                    "base": words.base or base,
                    "draft": row.pk,
                    "seen": (row.page,),
                }
            )
            return Shown(
                told.sealed(user),
                row.pk,
                True,
                filled=row,
                came_back=came_back,
                back=page.path,
                who=mark_of(user),
            )
    told = replace(page, base=base)
    return Shown(
        told.sealed(user),
        told.draft,
        not shared,
        waiting=rows[:MOST_SHOWN],
        back=page.path,
        who=mark_of(user),
    )


def _stood(form: forms.BaseForm) -> filling.Values:
    """What the page showed. Of a form that came in without its ticket that is not known: as if
    nothing stood there, so that the next press asks about whatever stands and is not the same."""
    shown = filling.as_posted(form)
    return {key: [] for key in shown} if form.is_bound else shown


def come_back_next(request: HttpRequest, drafts: Iterable[UUID | str]) -> None:
    """The next page of this session shows these filled in; and this very one, if it draws them."""
    known = [*getattr(request, RETURNS, ()), *map(str, drafts)]
    setattr(request, RETURNS, known)
    request.session[RETURNS] = known[-10:]


@dataclass(frozen=True)
class WaitingTap:
    """A tap that came after the time-out: it goes where it went, with what it held."""

    to: str
    ticket: str
    fields: dict[str, str]


def waiting_taps(request: HttpRequest) -> list[WaitingTap]:
    """Of this page and this sitting, until it was answered: sent twice, it is still one tap."""
    user, due = request.user, _due(request)
    if not due or not isinstance(user, User) or is_shared(request):
        return []
    found = []
    rows = Draft.objects.visible_to(user).open().filter(form=TAP, subject=subject_of(request))
    for row in rows.filter(pk__in=due):
        values = keeping.words_of(row).values
        told = Ticket(form=TAP, subject=row.subject, path=request.path, draft=row.pk)
        fields = {name: values[name][0] for name in OF_A_TAP}
        found.append(WaitingTap(values["to"][0], told.sealed(user), fields))
    return found


def note_refused(request: HttpRequest) -> None:
    """An act of this request was refused: what was typed for it stays."""
    request.act_was_refused = True  # type: ignore[attr-defined]


def subject_of(request: HttpRequest) -> str:
    match = request.resolver_match
    return "/".join(str(one) for one in match.kwargs.values()) if match else ""


def _ids_of(request: HttpRequest) -> set[UUID]:
    match = request.resolver_match
    return {one for one in match.kwargs.values() if isinstance(one, UUID)} if match else set()


def _page_of(request: HttpRequest) -> str:
    """Where this form is shown again: another form of the page may be at its own address."""
    came_in = posted_with(request) if request.method == "POST" else None
    return came_in.path if came_in else request.path


def _due(request: HttpRequest) -> list[str]:
    found: list[str] = request.session.get(RETURNS, [])
    return found


def no_longer_due(request: HttpRequest, draft: UUID) -> None:
    left = [one for one in _due(request) if one != str(draft)]
    if len(left) != len(_due(request)):
        request.session[RETURNS] = left


def _with_words(request: HttpRequest, key: str, subject: str) -> list[Draft]:
    """Newest first; read once per page."""
    rows: list[Draft] | None = getattr(request, "drafts_of_page", None)
    if rows is None:
        found: Any = Draft.objects.visible_to(request.user).open()
        rows = list(found.filter(subject=subject).order_by("-kept_at")[:40])
        request.drafts_of_page = rows  # type: ignore[attr-defined]
    return [row for row in rows if row.form == key and keeping.words_of(row).is_new]

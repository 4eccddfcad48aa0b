"""Which forms keep what is typed: a view names them, and only what is named is ever kept.

Never a form that changes a state (close, place, move, consent, roles), never a password or code.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

V = TypeVar("V", bound=Callable[..., Any])

#: Every form that keeps what is typed.
FORMS: set[str] = set()
#: Of these the words are never shown again unasked, not even after a time-out (trust.md 35).
PRIVATE: set[str] = set()
#: Fields that are acts, not words, per form: they are asked anew.
ACTS: dict[str, set[str]] = {}
#: What is never part of a draft, whatever the form.
NEVER = frozenset({"csrfmiddlewaretoken", "draft", "draft_beside", "draft_turn"})


def keeps(*forms: str, private: bool = False, never: tuple[str, ...] = ()) -> Callable[[V], V]:
    """The view that saves these forms. `never`: fields that are acts, not words: they are asked
    anew. `private`: shown again only to who asks for it, on that page alone: in no package."""

    def declare(view: V) -> V:
        FORMS.update(forms)
        for form in forms:
            ACTS.setdefault(form, set()).update(never)
        if private:
            PRIVATE.update(forms)
        view.keeps_drafts = kept_by(view) | frozenset(forms)  # type: ignore[attr-defined]
        return view

    return declare


#: The key of a tap: the only thing that is sent again by itself (design.md 2c).
TAP = "tap"
#: What a tap holds, and nothing else.
OF_A_TAP = ("client_id", "version", "state")


def keeps_a_tap(page: str) -> Callable[[V], V]:
    """The view that saves one tap of the sheet, on this page; its first key names the page."""

    def declare(view: V) -> V:
        view.keeps_tap_on = page  # type: ignore[attr-defined]
        return keeps(TAP)(view)

    return declare


def kept_by(view: Any) -> frozenset[str]:
    found: frozenset[str] = getattr(view, "keeps_drafts", frozenset())
    return found

"""What is typed is kept one second later: sealed, for who typed it, in one statement (R-339).

Each form that was opened has its own row, so two tabs of one person never overwrite each other. A
row is written by the page that wrote it last, or by the one that was opened on its words; what
arrives from any other page is refused, and that page goes on in a row of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import QuerySet

from core import clock
from core.accounts.models import User
from core.drafts.models import Draft
from core.drafts.tickets import Ticket, Values
from core.encryption import seal
from core.ids import uuid7

#: Of one draft, in bytes.
LARGEST = 64 * 1024
#: Drafts with words in them, of one person.
MOST = 60
#: How long what was not saved is kept.
KEPT_FOR = timedelta(days=14)

#: The turn of a form that was saved; one that was thrown away has the turn of its words.
SAVED = -1

_KEEP = """
INSERT INTO drafts_draft (id, person_id, form, subject, about, page, turn, words, kept_at)
SELECT %(id)s, %(person)s, %(form)s, %(subject)s, %(about)s::uuid[], %(page)s, %(turn)s,
       %(words)s, %(now)s
WHERE NOT EXISTS (
        SELECT 1 FROM drafts_draft AS bar
        WHERE (bar.person_id = %(person)s OR bar.person_id IS NULL)
          AND bar.form = '' AND bar.about && %(about)s::uuid[] AND bar.kept_at >= %(at)s)
  AND (EXISTS (SELECT 1 FROM drafts_draft AS own WHERE own.id = %(id)s)
       OR (SELECT count(*) FROM drafts_draft AS other
           WHERE other.person_id = %(person)s AND other.words IS NOT NULL) < %(most)s)
ON CONFLICT (id) DO UPDATE
SET words = EXCLUDED.words, page = EXCLUDED.page, turn = EXCLUDED.turn, kept_at = EXCLUDED.kept_at
WHERE drafts_draft.person_id = EXCLUDED.person_id AND drafts_draft.words IS NOT NULL
  AND ((drafts_draft.page = EXCLUDED.page AND drafts_draft.turn < EXCLUDED.turn)
       OR drafts_draft.page = ANY(%(seen)s::uuid[]))
RETURNING id
"""
_SAVED = """
INSERT INTO drafts_draft (id, person_id, form, subject, about, page, turn, words, kept_at)
VALUES (%(id)s, %(person)s, %(form)s, %(subject)s, %(about)s::uuid[], %(page)s, %(saved)s, NULL,
        %(now)s)
ON CONFLICT (id) DO UPDATE SET words = NULL, turn = EXCLUDED.turn, kept_at = EXCLUDED.kept_at
WHERE drafts_draft.person_id = EXCLUDED.person_id
"""


@dataclass(frozen=True)
class Words:
    """What was typed, and what the form held before."""

    values: Values
    base: Values

    @property
    def is_new(self) -> bool:
        """Something else than what was there: only then there is anything to go on with."""
        return (
            any(self.values.get(name, []) != was for name, was in self.base.items())
            or not self.base
        )


class TooLarge(Exception):
    """More than a draft may hold; the words stay in the page."""


def keep(*, ticket: Ticket, values: Values, by: User, turn: int) -> bool:
    """False when another page went on with this draft, or when it was saved or barred meanwhile.

    Raises TooLarge.
    """
    told = json.dumps({"values": values, "base": dict(ticket.base)}, separators=(",", ":"))
    if len(told.encode()) > LARGEST:
        raise TooLarge
    row = Draft(pk=ticket.draft)
    bound: Any = Draft._meta.get_field("words")
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            {
                **_facts(ticket, by),
                "turn": turn,
                "words": seal(told, bound.bound_to(row)),
                "seen": [str(one) for one in ticket.seen],
                "at": ticket.at,
                "most": MOST,
            },
        )
        return cursor.fetchone() is not None


def saved(*, ticket: Ticket, by: User) -> None:
    """This form was saved: its draft is gone, and one that is still on its way is refused."""
    with connection.cursor() as cursor:
        cursor.execute(_SAVED, {**_facts(ticket, by), "saved": SAVED})


def throw_away(*, draft: UUID, by: User) -> None:
    Draft.objects.visible_to(by).filter(pk=draft).update(words=None)


def words_of(row: Draft) -> Words:
    told: Mapping[str, Any] = json.loads(row.words or "{}")
    return Words(values=told.get("values", {}), base=told.get("base", {}))


def saved_by_another(*, ticket: Ticket, user: User) -> str:
    """Whose save of this form came in between: the first name, or nothing where nobody knows.

    A page without an id of its own is everybody's own page: others who saved theirs are no writers
    of this one.
    """
    if not ticket.subject:
        return ""
    row = (
        Draft.objects.filter(
            form=ticket.form, subject=ticket.subject, turn=SAVED, kept_at__gte=ticket.at
        )
        .exclude(person=user)
        .select_related("person")
        .order_by("-kept_at")
        .first()
    )
    return row.person.first_name if row and row.person else ""


@transaction.atomic
def bar(*, user: User | None, about: Iterable[UUID]) -> None:
    """What this person wrote about these rows goes, and nothing that is on its way comes after.

    None: what anybody wrote. A save that began before the commit may not see the bar yet: it is
    waited for, and goes as well.
    """
    ids = list(about)
    theirs = Draft.objects.all() if user is None else Draft.objects.visible_to(user)
    theirs.touching(ids).delete()
    barred = Draft.objects.create(
        id=uuid7(), person=user, form="", about=ids, page=uuid4(), kept_at=clock.now()
    )
    transaction.on_commit(partial(_let_nothing_through, barred), robust=True)


@transaction.atomic
def _let_nothing_through(barred: Draft) -> None:
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE drafts_draft IN SHARE ROW EXCLUSIVE MODE")
    behind(barred).delete()


def behind(barred: Draft) -> QuerySet[Draft]:
    """What the bar should have stopped: written on pages that were opened before it."""
    found = Draft.objects.open().touching(barred.about).filter(pk__lt=barred.pk)
    return found if barred.person_id is None else found.filter(person_id=barred.person_id)


def forget_all(user_id: UUID) -> None:
    """Everything that this person typed and did not save."""
    Draft.objects.filter(person_id=user_id).update(words=None)


def _facts(ticket: Ticket, by: User) -> dict[str, Any]:
    return {
        "id": ticket.draft,
        "person": by.pk,
        "form": ticket.form,
        "subject": ticket.subject,
        "about": [str(one) for one in ticket.about],
        "page": ticket.page,
        "now": clock.now(),
    }

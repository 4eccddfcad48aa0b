"""Whose term is over among what hangs on no person: words about a meeting (trust.md 12).

What is about one person goes with that person (`groups.privacy`); a logbook and the lines of what
happened are about everybody, so nobody's end would ever take them along.
"""

from datetime import date

from django.db.models import Q, QuerySet

from core.organisations.retention import Terms
from core.privacy import Expired
from groups.models import LogbookPart, Meeting, TimedLine

RECORD_CLASS = "group_words"


def expired(day: date, terms: Terms) -> list[Expired]:
    """The words of meetings of long ago; that they were written, by whom and when, stays."""
    over = _meetings_over(day, terms)
    parts = LogbookPart.objects.filter(meeting__in=over).exclude(text="")
    lines = TimedLine.objects.filter(meeting__in=over).exclude(text="")
    return [
        Expired(
            RECORD_CLASS,
            parts.count() + lines.count(),
            lambda: parts.update(text="") + lines.update(text=""),
        )
    ]


def _meetings_over(day: date, terms: Terms) -> QuerySet[Meeting]:
    """By the term of the organisation of the group."""
    others = [org for key, org in terms.months if key == RECORD_CLASS and org is not None]
    place = "group__location__organisation"
    over = Q(date__lte=terms.before(RECORD_CLASS, day)) & ~Q(**{f"{place}__in": others})
    for org in others:
        over |= Q(date__lte=terms.before(RECORD_CLASS, day, org), **{place: org})
    return Meeting.objects.filter(over).order_by()

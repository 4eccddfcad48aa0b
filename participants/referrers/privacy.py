"""Referrers in the own package and in the erasure of a person (trust.md 12)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.privacy import Fact, Person, Section
from participants.models import FeedbackConsent, Quote, Referrer, ReferrerTie, Told

HOLDS = {
    Referrer: "stays: somebody of a school or elsewhere, not this person",
    ReferrerTie: "the name there goes; ended",
    FeedbackConsent: "stays: which text, when; ended on the day of erasure",
    Quote: "the words go",
    Told: "the words go; when and which kind stay",
}
SUBJECTS: tuple[tuple[Any, str], ...] = (
    (Told, "tie__trajectory"),
    (FeedbackConsent, "tie__trajectory"),
)


def section(person: Person) -> Section:
    """What was told about somebody, to whom, word for word."""
    rows = Told.objects.filter(tie__trajectory__in=person.trajectory_ids)
    told = [
        [
            Fact("who", _("Who heard it"), str(row.tie.referrer)),
            Fact("told_at", _("When"), row.at),
            Fact("words", _("What was told"), row.words),
        ]
        for row in rows.select_related("tie__referrer__contact")
    ]
    return Section("referrers", _("Who heard what about you"), told, order=46)


def erase(person: Person, now: datetime) -> None:
    ids = person.trajectory_ids
    ties = ReferrerTie.objects.filter(trajectory__in=ids)
    ties.update(name_there="", next_on=None, shares_since=None)
    ties.filter(ended_at=None).update(ended_at=now)
    FeedbackConsent.objects.filter(tie__trajectory__in=ids, ended_at=None).update(
        ended_at=now, token_hash=None
    )
    Quote.objects.filter(tie__trajectory__in=ids).update(words="")
    Told.objects.filter(tie__trajectory__in=ids).update(words="")

"""Proof of a parent's answer, the same bytes years later (trust.md 6).

Only from stored facts and fixed labels: no translation, template or today's wording takes part.
"""

import hashlib
from datetime import datetime

from core import clock
from core.messaging.models import Message
from core.texts.models import TextVersion
from participants.models import ParentalConsent


class EvidenceBroken(Exception):
    """The stored text no longer has the fingerprint that was agreed to."""


def evidence(row: ParentalConsent) -> bytes:
    """Who, relation, exact text with hash, language, time and delivery, as UTF-8.

    Raises EvidenceBroken when a text does not match its fingerprint.
    """
    lines = [
        f"consent: {row.pk}",
        f"stay: {row.trajectory_id}",
        f"answer: {row.answer or '-'}",
        f"answered by: {row.answered_name or '-'} ({row.answered_relation or '-'})",
        f"answered at: {_at(row.answered_at)}",
        f"language: {row.answered_language or '-'}",
        f"withdrawn at: {_at(row.withdrawn_at)}",
        f"asked at: {_at(row.released_at)}",
        f"link valid until: {_at(row.expires_at)}",
    ]
    lines += _deliveries(row)
    lines += _text(row.text, row.text_sha256)
    if row.research_text is not None:
        lines.append(f"research yes at: {_at(row.research_yes_at)}")
        lines.append(f"research withdrawn at: {_at(row.research_withdrawn_at)}")
        lines += _text(row.research_text, row.research_sha256)
    body = "\n".join(lines) + "\n"
    seal = hashlib.sha256(body.encode()).hexdigest()
    return f"{body}sha256 of all above: {seal}\n".encode()


def _text(text: TextVersion, fingerprint: str) -> list[str]:
    if TextVersion.fingerprint(text.title, text.body) != fingerprint:
        raise EvidenceBroken(str(text.pk))
    return [
        f"text: {text.key} {text.language} version {text.version}",
        f"text sha256: {fingerprint}",
        "----",
        text.title,
        "",
        text.body,
        "----",
    ]


def _deliveries(row: ParentalConsent) -> list[str]:
    sent = Message.objects.filter(
        subject_id=row.pk, kind__startswith="parental_", sent_at__isnull=False
    ).order_by("sent_at", "pk")
    return [f"delivered: {m.template} {_at(m.sent_at)} {m.message_id}" for m in sent]


def _at(moment: datetime | None) -> str:
    return moment.astimezone(clock.AMSTERDAM).isoformat(timespec="seconds") if moment else "-"

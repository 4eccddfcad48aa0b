"""Proof of a parent's answer, the same bytes years later (trust.md 6).

Only from stored facts and fixed labels: no translation, template or today's wording takes part.
"""

import hashlib
from datetime import datetime
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import clock, pdf
from core.messaging.models import Message
from core.texts.models import TextVersion
from core.texts.rendering import as_html
from participants.models import ParentalConsent
from participants.parents.guardians import Relation


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


def receipt(row: ParentalConsent) -> bytes:
    """The parent's own copy as a tagged PDF, in the language of the answer.

    Made of the stored facts alone: today's wording, names, group and clock take no part, so a
    release of the program always gives the same file.
    Raises EvidenceBroken, core.pdf.PdfRefused.
    """
    with override(row.answered_language or "nl"):
        return pdf.from_template(
            "participants/pdf/receipt.html",
            {
                "facts": _facts(row),
                "texts": _texts(row),
                "said": _said(row),
                "ring": row if row.is_no else None,
            },
        )


def _said(row: ParentalConsent) -> str:
    """A no, and a yes that was taken back, say so in a sentence."""
    if row.withdrawn_at:
        return _("You took back your consent. The young person does not take part for now.")
    if row.answer == ParentalConsent.Answer.NO:
        return _("You did not give consent. The young person does not take part.")
    return ""


def _facts(row: ParentalConsent) -> list[tuple[str, str]]:
    yes = row.answer == ParentalConsent.Answer.YES
    relations = {value: str(label) for value, label in Relation.choices}
    found = [
        (_("Young person"), str(row.child_name)),
        (_("Your answer"), _("Yes, may take part") if yes else _("No, not now")),
        (_("Answered by"), str(row.answered_name)),
        (_("Relation"), relations.get(row.answered_relation, row.answered_relation)),
        (_("Answered on"), _spoken(row.answered_at)),
    ]
    if yes:
        research = _spoken(row.research_yes_at) if row.research_yes_at else _("no")
        found.append((_("Consent for the research"), research))
    if row.research_withdrawn_at:
        found.append((_("Research taken back on"), _spoken(row.research_withdrawn_at)))
    if row.withdrawn_at:
        found.append((_("Consent taken back on"), _spoken(row.withdrawn_at)))
    return [*found, (_("Number"), str(row.pk))]


def _texts(row: ParentalConsent) -> list[dict[str, Any]]:
    """The words that were agreed to; of a no only which text it was about."""
    found = []
    yes = row.answer == ParentalConsent.Answer.YES
    agreed = [(row.text, row.text_sha256)]
    if row.research_text is not None:
        agreed.append((row.research_text, row.research_sha256))
    for text, fingerprint in agreed:
        _checked(text, fingerprint)
        found.append(
            {
                "title": text.title,
                "html": as_html(text) if yes else "",
                "given_before": row.withdrawn_at is not None,
                "version": text.version,
                "fingerprint": fingerprint,
            }
        )
    return found


def _checked(text: TextVersion, fingerprint: str) -> None:
    if TextVersion.fingerprint(text.title, text.body) != fingerprint:
        raise EvidenceBroken(str(text.pk))


def _spoken(moment: datetime | None) -> str:
    return formats.date_format(clock.local(moment), "j F Y, H:i") if moment else ""


def _text(text: TextVersion, fingerprint: str) -> list[str]:
    _checked(text, fingerprint)
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
    return clock.local(moment).isoformat(timespec="seconds") if moment else "-"

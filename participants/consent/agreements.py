"""The young person's own yes: privacy, participation, and apart from both, research (R-086).

Each yes is tied to one exact text (version and SHA-256) and a moment, and can be taken back as
easily. Research changes nothing for who says no (R-288).
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.texts.models import TextVersion
from core.texts.rendering import as_html
from participants.consent import needed as consent
from participants.models import Agreement, Trajectory
from participants.stay.lock import lock


@transaction.atomic
def give_agreement(
    *, trajectory: Trajectory, subject: str, text: TextVersion, by: User
) -> Agreement:
    """Say yes to `text` as it stands. The same yes again changes nothing.

    Only the young person says it (R-038). A yes to an older wording makes place for the new one.
    Raises RuleBroken("not_your_yes"), RuleBroken("other_text") or RuleBroken("text_changed").
    """
    lock(trajectory)
    if by is None or by.pk != trajectory.participant.user_id:
        raise RuleBroken(_("Only you can say yes to this."), code="not_your_yes")
    if subject not in Agreement.Subject.values or text.key != subject:
        raise RuleBroken(_("This text belongs to something else."), code="other_text")
    if text.published_at is None or text != TextVersion.objects.current(text.key, text.language):
        raise RuleBroken(
            _("The text has changed meanwhile. Read it again, please."), code="text_changed"
        )
    stands = Agreement.objects.filter(
        trajectory=trajectory, subject=subject, withdrawn_at__isnull=True
    ).first()
    if stands is not None and stands.text_sha256 == text.sha256:
        return stands
    now = clock.now()
    if stands is not None:
        stands.withdrawn_at = now
        stands.save(update_fields=["withdrawn_at"])
    given = Agreement.objects.create(
        trajectory=trajectory, subject=subject, text=text, text_sha256=text.sha256, given_at=now
    )
    consent.settle(trajectory=trajectory, by=by)
    return given


@transaction.atomic
def withdraw_agreement(*, trajectory: Trajectory, subject: str, by: User) -> None:
    """Take the yes back, at once. Without a needed yes the stay is blocked; the seat is kept.

    Raises RuleBroken("not_your_yes") or RuleBroken("other_text").
    """
    lock(trajectory)
    if by is None or by.pk != trajectory.participant.user_id:
        raise RuleBroken(_("Only you can take this back."), code="not_your_yes")
    if subject not in Agreement.Subject.values:
        raise RuleBroken(_("This text belongs to something else."), code="other_text")
    Agreement.objects.filter(
        trajectory=trajectory, subject=subject, withdrawn_at__isnull=True
    ).update(withdrawn_at=clock.now())
    consent.settle(trajectory=trajectory, by=by)


@transaction.atomic
def say_read(*, trajectory: Trajectory, subject: str, text: TextVersion, by: User) -> None:
    """*Read*: told of a newer wording. The yes that stands is not touched. Twice is once.

    Raises RuleBroken("not_your_yes") or RuleBroken("other_text").
    """
    lock(trajectory)
    if by is None or by.pk != trajectory.participant.user_id:
        raise RuleBroken(_("Only you can say that you read this."), code="not_your_yes")
    if text.key != subject:
        raise RuleBroken(_("This text belongs to something else."), code="other_text")
    Agreement.objects.filter(
        trajectory=trajectory, subject=subject, withdrawn_at__isnull=True
    ).update(read_text=text, read_at=clock.now())


def text_shown(subject: str, pk: str) -> TextVersion:
    """The wording that stood on the screen. Raises RuleBroken("other_text")."""
    if subject not in Agreement.Subject.values:
        raise RuleBroken(_("This text belongs to something else."), code="other_text")
    return published(subject, pk)


@dataclass(frozen=True)
class Line:
    """One text, and the yes that stands for it. `renewed`: the wording is newer than the yes."""

    subject: str
    text: TextVersion
    html: str
    given: Agreement | None

    @property
    def needed(self) -> bool:
        return self.subject in consent.NEEDED

    @property
    def renewed(self) -> bool:
        """A newer wording that was not read yet."""
        if self.given is None:
            return False
        read = self.given.read_text or self.given.text
        return read.version < self.text.version


def lines(trajectory: Trajectory, language: str) -> list[Line]:
    """Privacy, participation and research, as the young person reads them today."""
    standing = Agreement.objects.filter(trajectory=trajectory, withdrawn_at__isnull=True)
    given = {row.subject: row for row in standing.select_related("text", "read_text")}
    texts = [TextVersion.objects.current(s, language) for s in Agreement.Subject.values]
    return [Line(text.key, text, as_html(text), given.get(text.key)) for text in texts]


def history(trajectory: Trajectory) -> list[Agreement]:
    """Every yes that was given, and when it was taken back; the newest first."""
    rows = Agreement.objects.filter(trajectory__participant=trajectory.participant_id)
    return list(rows.select_related("text").order_by("-given_at"))


def current(key: str, language: str) -> TextVersion:
    return TextVersion.objects.current(key, language)


def published(key: str, pk: str) -> TextVersion:
    """The wording of `key` that stood on the screen. Raises RuleBroken("other_text")."""
    found = TextVersion.objects.shown(key, pk)
    if found is None:
        raise RuleBroken(
            _("The text has changed meanwhile. Read it again, please."), code="other_text"
        )
    return found

"""What a referrer is told: one fixed sentence, or words the young person agreed to (R-301, R-305).

Nothing else fits in: a sentence is chosen, never typed, and only one that is true of the stay.
It leaves through the outbox, or lies ready as a text, and is asked once more at send time, so a
yes that was taken back stops what waits. Locks the stay.
"""

from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.messaging import outbox
from participants.models import FeedbackConsent, Quote, ReferrerTie, Told, Trajectory
from participants.referrers import consent as feedback
from participants.referrers.register import next_moment
from participants.stay.lock import lock

KIND = "feedback_to_referrer"
LONGEST_QUOTE = 300
Phrase = Told.Phrase
Phase = Trajectory.Phase

SENTENCES: dict[str, Promise] = {
    Phrase.SIGNED_UP: gettext_lazy("%(name)s has signed up with Join Us."),
    Phrase.TAKING_PART: gettext_lazy("%(name)s takes part in Join Us."),
    Phrase.SETTLING: gettext_lazy("%(name)s is getting used to Join Us. That takes time."),
    Phrase.STEPS: gettext_lazy("%(name)s is taking steps at Join Us."),
    Phrase.WELL: gettext_lazy("It is going well with %(name)s at Join Us."),
    Phrase.FINISHED: gettext_lazy("%(name)s has finished Join Us."),
}

#: What a young person and a parent read beforehand: one of each kind.
EXAMPLES = (Phrase.SIGNED_UP, Phrase.TAKING_PART, Phrase.WELL)


class Standing(Protocol):
    """Where a stay is: the row, or what was read of it."""

    @property
    def phase(self) -> str: ...

    @property
    def exit_kind(self) -> str: ...

    @property
    def blocked_reason(self) -> str: ...


def sayable(stay: Standing) -> list[str]:
    """The sentences that are true of this stay now; a stay on hold by a missing yes only began."""
    if stay.phase == Phase.FORMER:
        return [Phrase.FINISHED] if stay.exit_kind == Trajectory.ExitKind.GOAL else []
    if stay.phase in Phase.ENDED_EARLY:
        return []
    if stay.phase not in Phase.PLACED or stay.blocked_reason:
        return [Phrase.SIGNED_UP]
    return [
        Phrase.SIGNED_UP,
        Phrase.TAKING_PART,
        Phrase.SETTLING,
        Phrase.STEPS,
        Phrase.WELL,
    ]


def sentence(phrase: str, name: str) -> str:
    return str(SENTENCES[phrase]) % {"name": name}


@transaction.atomic
def tell(*, tie: ReferrerTie, phrase: str, by: User) -> Told:
    """One press of the worker: the sentence goes to this referrer and stands on the own page.

    Raises RuleBroken with code no_consent or not_sayable.
    """
    stay = _may_tell(tie)
    if phrase not in sayable(stay):
        raise RuleBroken(_("Choose one of the sentences."), code="not_sayable", field="phrase")
    with override(tie.referrer.contact.language):
        words = sentence(phrase, tie.name_there or stay.participant.call_name)
    return _send(tie, stay, phrase, words, by)


def _may_tell(tie: ReferrerTie) -> Trajectory:
    stay = lock(tie.trajectory)
    tie.refresh_from_db()
    tie.trajectory = stay
    state = feedback.fresh(tie)
    if not state.may_tell:
        raise RuleBroken(
            _("Nothing may be told here: %(why)s.") % {"why": state.word}, code="no_consent"
        )
    return stay


def _send(
    tie: ReferrerTie,
    stay: Trajectory,
    phrase: str,
    words: str,
    by: User,
    quote: Quote | None = None,
) -> Told:
    told = Told.objects.create(
        tie=tie, phrase=phrase, quote=quote, words=words, by=by, at=clock.now()
    )
    group = stay.group
    told.message = outbox.write(
        contact=tie.referrer.contact,
        template=KIND,
        kind=KIND,
        subject_id=told.pk,
        group=group,
        about=stay.participant.contact,
        params={
            "words": words,
            "worker": by.first_name,
            "organisation": group.location.organisation.name if group else "Join Us",
        },
        dedupe_key=f"{KIND}:{told.pk}",
    )
    told.save(update_fields=["message"])
    next_moment(tie)
    return told


# ---- Quotes (R-305) ---------------------------------------------------------------------


@transaction.atomic
def propose_quote(*, tie: ReferrerTie, words: str, by: User) -> Quote:
    """The worker writes down the exact words; the young person is asked, nothing leaves.

    Raises RuleBroken with code quote_length or ended.
    """
    lock(tie.trajectory)
    words = " ".join(words.split())
    if not words or len(words) > LONGEST_QUOTE:
        raise RuleBroken(
            _("Write down the words in at most %(most)d characters.") % {"most": LONGEST_QUOTE},
            code="quote_length",
            field="words",
        )
    if tie.ended_at is not None:
        raise RuleBroken(_("This referrer is no longer in touch."), code="ended")
    return Quote.objects.create(tie=tie, words=words, written_by=by, written_at=clock.now())


@transaction.atomic
def answer_quote(*, quote: Quote, yes: bool, by: User) -> None:
    """Only the young person, about these very words; also to take a yes back."""
    stay = lock(quote.tie.trajectory)
    if by is None or by.pk != stay.participant.user_id:
        raise RuleBroken(_("Only you decide this."), code="not_your_yes")
    quote.refresh_from_db()
    if quote.answer == Quote.Answer.YES and not yes:
        quote.withdrawn_at = quote.withdrawn_at or clock.now()
        for told in Told.objects.filter(quote=quote):
            outbox.withdraw(kind=KIND, subject_id=told.pk, reason="taken_back")
    else:
        quote.answer = Quote.Answer.YES if yes else Quote.Answer.NO
        quote.answered_at, quote.withdrawn_at = clock.now(), None
    quote.save(update_fields=["answer", "answered_at", "withdrawn_at"])


@transaction.atomic
def share_quote(*, quote: Quote, by: User) -> Told:
    """Both yeses are needed: to this referrer, and to these words. Raises RuleBroken.

    Codes: no_consent, no_quote_consent, told_already.
    """
    tie = quote.tie
    stay = _may_tell(tie)
    quote.refresh_from_db()
    if not quote.may_be_shared:
        raise RuleBroken(
            _("The young person has not said yes to sharing these words."),
            code="no_quote_consent",
        )
    if Told.objects.filter(quote=quote).exists():
        raise RuleBroken(_("These words were shared already."), code="told_already")
    return _send(tie, stay, Phrase.QUOTE, f"“{quote.words}”", by, quote)


# ---- At send time -----------------------------------------------------------------------


def message_wanted(kind: str, subject_id: UUID, _to: UUID | None = None) -> bool | None:
    """Answers the port: nothing leaves for a referrer, or to ask a parent, that may not now."""
    if kind == KIND:
        told = Told.objects.select_related("quote").filter(pk=subject_id).first()
        if told is None or (told.quote is not None and not told.quote.may_be_shared):
            return False
        return _state(told.tie_id).may_tell
    if kind == FeedbackConsent.LETTER:
        row = FeedbackConsent.objects.filter(pk=subject_id, ended_at=None, answer="").first()
        return row is not None and _state(row.tie_id).why == "parent_waits"
    return None


def _state(tie_id: UUID) -> feedback.State:
    stays = Trajectory.objects.filter(ties=tie_id)
    return feedback.state_of(feedback.ties_of(stays).get(pk=tie_id))

"""'Home may not know this': one tap by the young person, at any time (C-48, R-346).

At once nothing goes to a parent any more: what waits is withdrawn, open questions are dead, and
every link of a parent looks like any dead link (`participants.consent.at_home` is asked by all of
them). Messages to the young person wait too, except codes they ask for, until somebody talked
with them. Only that talk ends it. The contact with parents at a goodbye (R-109) and acute danger
stand above it; then a person tells it first.
"""

from uuid import UUID

from django.db import transaction
from django.utils import formats
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import NotYours, RuleBroken
from core.locks import lock_again
from core.messaging import outbox
from core.messaging.contacts import hold_messages, let_messages_go
from core.messaging.models import Contact
from core.working_days import working_day_after
from participants.consent import needed as consent
from participants.consent.at_home import homes_of
from participants.models import HomeSilence, Intake, Participant, Trajectory
from participants.parents import mail
from participants.parents import question as parental
from participants.recusal.recusal import guides_of, who_is_told
from participants.stay.changes import told_once
from participants.stay.lock import lock_person

#: Working days within which somebody talks with them.
WORKING_DAYS = 1


@transaction.atomic
@told_once()
def say_not_at_home(*, participant: Participant, by: User) -> HomeSilence:
    """The tap. A second one changes nothing; after the talk it counts anew.

    Locks the stays, then person and contact: a parent's answer, a release and a reminder come
    wholly before it or not at all. Raises NotYours("not_yours").
    """
    if by.pk != participant.user_id:
        raise NotYours(_("Only you can say this here."), code="not_yours")
    stays = lock_person(participant)
    stands = HomeSilence.objects.in_force().filter(participant=participant).first()
    if stands is not None and stands.talked_at is None:
        return stands
    row = stands or HomeSilence(participant=participant)
    row.said_at, row.talked_at, row.talked_by = clock.now(), None, None
    row.talk_by = working_day_after(clock.today(), WORKING_DAYS)
    row.save()
    outbox.withdraw_all(
        contacts=Contact.objects.filter(guardian__participant=participant),
        reason="not_at_home",
        dead=True,
    )
    hold_messages(contact=participant.contact)
    for stay in stays:
        parental.revoke_open(stay)
        if stay.phase not in Trajectory.Phase.ENDED_EARLY:
            consent.settle(trajectory=stay, by=by)
    newest = max(stays, key=lambda stay: stay.signed_up_at)
    for worker in who_is_told(newest):
        mail.write_needed_today(row, newest, worker)
    return row


def stays_of(silence: HomeSilence) -> list[UUID]:
    """Whose record is opened with it: of every stay of this person."""
    stays = Trajectory.objects.filter(participant=silence.participant_id)
    return list(stays.values_list("pk", flat=True))


def said(silence: HomeSilence, stay: Trajectory) -> str:
    """Who comes, when and how, in words that tell nothing to who looks along."""
    names = [worker.first_name for worker in guides_of(stay)]
    how = {str(key): str(name) for key, name in Contact.Channel.choices}
    safe = [how[channel] for channel in stay.participant.contact.safe_channels if channel in how]
    who = _(" or ").join(names) or _("Somebody of Join Us")
    told = {
        "who": who,
        "day": formats.date_format(silence.talk_by, "l j F"),
        "how": _(" or ").join(safe),
    }
    if safe:
        return (
            _(
                "Thank you. %(who)s gets in touch with you, on %(day)s at the latest, by %(how)s."
                " Until then we send you nothing else."
            )
            % told
        )
    return (
        _(
            "Thank you. %(who)s talks with you, on %(day)s at the latest. Until then we send you"
            " nothing."
        )
        % told
    )


@transaction.atomic
@told_once()
def note_talk(*, silence: HomeSilence, still: bool, words: str, by: User) -> HomeSilence:
    """A professional talked with them. `still`: home may go on not knowing; else it is undone.

    Either way messages to the young person may leave again. Undone, the question whether a mail
    can do harm is open again (C-37). Locks the stays, then person and contact. Raises NotYours, or
    RuleBroken with code words_needed, over, or exception_stands.
    """
    participant = silence.participant
    stays = lock_person(participant)
    lock_again(silence)
    if not HomeSilence.objects.visible_to(by).filter(pk=silence.pk).exists():
        raise NotYours(_("Who guides this young person writes this down."), code="not_yours")
    if not words.strip():
        raise RuleBroken(_("Write down what came out."), code="words_needed", field="words")
    if silence.ended_at is not None:
        raise RuleBroken(_("This was undone already."), code="over")
    homes = homes_of([stay.pk for stay in stays])
    if not still and any(home.exception for home in homes.values()):
        raise RuleBroken(
            _("No mail goes home: that was decided with the coordinator. First end that."),
            code="exception_stands",
        )
    silence.talked_at, silence.talked_by, silence.words = clock.now(), by, words.strip()
    silence.ended_at = None if still else silence.talked_at
    silence.save(update_fields=["talked_at", "talked_by", "words", "ended_at"])
    let_messages_go(contact=participant.contact)
    for stay in stays:
        if not still:
            Intake.objects.filter(trajectory=stay).update(mail_can_harm=None)
        if stay.phase not in Trajectory.Phase.ENDED_EARLY:
            consent.settle(trajectory=stay, by=by)
    return silence

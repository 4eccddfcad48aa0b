"""Choosing a challenge, and its words later: by the young person alone (R-099, R-159, R-160).

It stands in the own account and in the own words. A youth worker thinks along and may propose
words (`challenges.register.proposals`); only the young person makes a challenge of them.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from challenges.models import Challenge, SmallStep
from challenges.models.challenge import MAY_CHOOSE
from challenges.permissions import NOTE
from challenges.register.smaller import KEEP, SURE_ENOUGH, WHERE, Way
from core import clock
from core.accounts.actors import Viewer, is_participant
from core.accounts.models import User
from core.accounts.rights import reach
from core.contact_details import found_in
from core.errors import NotYours, RuleBroken
from participants.models import Trajectory
from participants.recusal import recusal
from participants.stay.lock import lock

State = Challenge.State

#: Our own bound, not the method's: small steps, one after another.
MOST_GOING = 5
LONGEST = 200


@transaction.atomic
def choose_challenge(
    *, trajectory: Trajectory, text: str, by: User, sureness: int | None = None, way: str = ""
) -> Challenge:
    """The same words twice are one challenge, so that a double tap writes once. Locks the stay.

    A `way` to make it smaller becomes its first step, where somebody is less sure than
    `SURE_ENOUGH`. Raises NotYours("not_yours"); RuleBroken: not_taking_part, waits_for_a_yes,
    text_needed, too_long, enough_going.
    """
    lock(trajectory)
    require_owner(trajectory, by)
    require_choosing(trajectory)
    words = words_of(text)
    going = list(Challenge.objects.going().filter(trajectory=trajectory))
    for standing in going:
        if same_words(standing.text, words):
            return standing
    if len(going) >= MOST_GOING:
        raise RuleBroken(
            _("Five at once is plenty. End one of them first."), "enough_going", "text"
        )
    row = Challenge.objects.create(
        trajectory=trajectory,
        text=words,
        chosen_on=clock.today(),
        noted_by=by,
        sureness=sureness,
    )
    if way and way != KEEP and sureness is not None and sureness < SURE_ENOUGH:
        SmallStep.objects.create(
            challenge=row,
            text=str(Way(way).label),
            where=WHERE.get(way, ""),
            order=1,
            made_at=clock.now(),
        )
    return row


@transaction.atomic
def change_challenge(
    *, challenge: Challenge, text: str, sureness: int | None, version: int, by: User
) -> Challenge:
    """Other words, or another figure, on the page that shows `version`. Locks the stay.

    What is the same already is no change, in whatever tab. Words that say how to reach somebody are
    not shared with the group any more. Raises NotYours("not_yours");
    RuleBroken: not_taking_part, waits_for_a_yes, already_ended, text_needed, too_long,
    chosen_already, changed_meanwhile.
    """
    row = lock_going(challenge, by)
    words = words_of(text)
    if (row.text, row.sureness) == (words, sureness):
        return row
    others = Challenge.objects.going().filter(trajectory=row.trajectory).exclude(pk=row.pk)
    if any(same_words(other.text, words) for other in others):
        raise RuleBroken(
            _("You have this challenge already. Choose other words."), "chosen_already", "text"
        )
    if version != row.version:
        raise RuleBroken(
            _("You changed it meanwhile to: “%(text)s”. Choose what stays and save again.")
            % {"text": row.text},
            "changed_meanwhile",
            "text",
        )
    row.text, row.sureness, row.version = words, sureness, row.version + 1
    if found_in(words):
        row.shared_at = None
    row.save(update_fields=["text", "sureness", "version", "shared_at"])
    return row


def may_write(trajectory: Trajectory, user: Viewer) -> bool:
    """The young person self, or a worker of the group who does not stay out of this stay."""
    if is_participant(user):
        return is_owner(trajectory, user)
    leads = trajectory.group_id in reach(user, NOTE).groups
    return leads and trajectory.participant_id not in recusal.out_of(user)


def is_owner(trajectory: Trajectory, user: Viewer) -> bool:
    """Is it this young person's own stay?"""
    return is_participant(user) and bool(trajectory.participant.user_id == user.pk)


def may_choose(trajectory: Trajectory) -> bool:
    """Can something new begin now?"""
    return trajectory.phase in MAY_CHOOSE and not trajectory.blocked_reason


def may_change(trajectory: Trajectory) -> bool:
    """Can what goes on be worded anew, until the goodbye? No words while a yes is missing."""
    return (
        trajectory.phase in Trajectory.Phase.IN_GROUP
        and not trajectory.blocked_reason
        and trajectory.stopped_on is None
    )


def words_of(text: str) -> str:
    """One line. Raises RuleBroken: text_needed, too_long."""
    words = " ".join(text.split())
    if not words:
        raise RuleBroken(_("Write in a sentence what it is about."), "text_needed", "text")
    if len(words) > LONGEST:
        raise RuleBroken(_("This is too long. One small sentence is enough."), "too_long", "text")
    return words


def same_words(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def require_writer(trajectory: Trajectory, by: User) -> None:
    if not may_write(trajectory, by):
        raise NotYours(
            _("Only the young person and the youth workers of this group write here."),
            "not_yours",
        )


def require_owner(trajectory: Trajectory, by: User) -> None:
    if not is_owner(trajectory, by):
        raise NotYours(_("Only the young person decides about a challenge."), "not_yours")


def require_choosing(trajectory: Trajectory) -> None:
    """Raises RuleBroken: not_taking_part, waits_for_a_yes."""
    if trajectory.phase not in MAY_CHOOSE:
        raise RuleBroken(
            _("A challenge is chosen while taking part in the group."), "not_taking_part"
        )
    if trajectory.blocked_reason:
        raise RuleBroken(_("Something has to be arranged first."), "waits_for_a_yes")


def lock_going(challenge: Challenge, by: User) -> Challenge:
    """The own challenge, read afresh behind the lock of its stay: it goes on, and may change.

    Raises NotYours("not_yours"); RuleBroken: already_ended, not_taking_part, waits_for_a_yes.
    """
    trajectory = lock(challenge.trajectory)
    require_owner(trajectory, by)
    challenge.refresh_from_db()
    if challenge.state != State.GOING:
        raise RuleBroken(
            _("This challenge is “%(state)s” already.") % {"state": challenge.get_state_display()},
            "already_ended",
        )
    if trajectory.blocked_reason:
        raise RuleBroken(_("Something has to be arranged first."), "waits_for_a_yes")
    if not may_change(trajectory):
        raise RuleBroken(_("This stay is not running any more."), "not_taking_part")
    return challenge

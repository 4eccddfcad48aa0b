"""What the page about parents says and offers: one pure function from what is known to a page.

The same state, told twice: to the young person, who never reads that a parent refused and reads
nothing of parents while the home is not safe (R-346), and to the workers.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum, auto

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants.consent.needed import Policy


class State(StrEnum):
    UNSAFE = auto()
    NOT_NEEDED = auto()
    TO_INFORM = auto()
    INFORMED = auto()
    BEFORE = auto()
    WAITING = auto()
    YES = auto()
    NO = auto()
    WITHDREW = auto()


def state_of(
    *, policy: Policy, unsafe: bool, missing: Collection[str], informed: bool = False
) -> State:
    """`missing`: the codes of `consent.needed.missing_at`; `informed`: the one mail was written."""
    if unsafe:
        return State.UNSAFE
    if policy.informed_only:
        return State.INFORMED if informed else State.TO_INFORM
    if not policy.required:
        return State.NOT_NEEDED
    for code, state in FROM_CODE.items():
        if code in missing:
            return state
    return State.YES


#: The gravest first.
FROM_CODE = {
    "parent_withdrew": State.WITHDREW,
    "parent_refused": State.NO,
    "parent_not_answered": State.WAITING,
    "parent_unknown": State.BEFORE,
    "harm_not_asked": State.BEFORE,
    "parent_not_asked": State.BEFORE,
}


@dataclass(frozen=True)
class OwnPage:
    """For the young person. `who`: whom to ring stands there; the rest are what it offers."""

    heading: Promise
    intro: Promise
    who: bool = False
    preview: bool = False
    names: bool = False
    may_enter: bool = False
    may_say: bool = True
    nothing_sent: bool = False


MY_PARENTS = _("My parents")
TO_SETTLE = OwnPage(
    _("First something has to be arranged"),
    _("Something has to be arranged first. Your youth worker explains it to you."),
    who=True,
)
OWN: dict[State, OwnPage] = {
    State.UNSAFE: OwnPage(
        _("Good to know"),
        _("You do not have to do anything here. Do you want to ask something? Just call."),
        who=True,
        may_say=False,
    ),
    State.NOT_NEEDED: OwnPage(
        MY_PARENTS,
        _("You decide this yourself. You are old enough: we need nothing from your parents."),
    ),
    State.TO_INFORM: OwnPage(
        MY_PARENTS,
        _("We tell your parents that you take part. You read the mail first."),
        preview=True,
        names=True,
        may_enter=True,
        nothing_sent=True,
    ),
    State.INFORMED: OwnPage(
        MY_PARENTS,
        _("Your parents got a mail that you take part. They do not have to do anything."),
        names=True,
    ),
    State.BEFORE: OwnPage(
        MY_PARENTS,
        _(
            "You are not old enough to decide this alone. That is why we ask one of your parents."
            " You read the mail first."
        ),
        preview=True,
        names=True,
        may_enter=True,
        nothing_sent=True,
    ),
    State.WAITING: OwnPage(
        MY_PARENTS,
        _("The mail has been sent. We wait for the answer; you do not have to do anything."),
        preview=True,
        names=True,
        may_enter=True,
    ),
    State.YES: OwnPage(
        MY_PARENTS,
        _("This is arranged. You do not have to do anything."),
        names=True,
    ),
    State.NO: TO_SETTLE,
    State.WITHDREW: TO_SETTLE,
}
WORKERS: dict[State, Promise] = {
    State.UNSAFE: _("Nothing goes home: no mail, no reminder, and no link works."),
    State.NOT_NEEDED: _("Decides alone: no consent of a parent is needed."),
    State.TO_INFORM: _("Parents get one mail; nothing waits for them."),
    State.INFORMED: _("The parents are informed; nothing waits for them."),
    State.BEFORE: _("Nothing has been sent yet. Only you let the mail go."),
    State.WAITING: _("The question is with a parent. Reminders leave by themselves."),
    State.YES: _("Consent stands. The parent can take it back with the link in the proof."),
    State.NO: _(
        "A parent said no. Talk with the young person. We only ask this parent again when the"
        " parent asks for it."
    ),
    State.WITHDREW: _(
        "A parent took back the consent. Taking part has stopped for now. We only ask this parent"
        " again when the parent asks for it."
    ),
}

"""Which yeses a stay needs, which are missing, and since when they stand together.

The young person agrees to privacy and participation (R-086). Under the organisation's consent
age, decided on the birthday and never on the group's band (C-34), a parent's yes is needed as
well (R-104), unless the policy is "informed only" (C-36) or an unsafe home was recorded with the
coordinator (C-37). One no or withdrawal blocks until that same parent says yes. The life of the
parents' link is in `participants.parents.question`.

`settle` is the only writer of `consent_complete_on`, `blocked_reason` and the holds of kind
blocked; it works from facts and may run at any time. Locks the trajectory.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, IntegerField, Value
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import clock
from core.accounts.actors import Actor
from core.ages import age_on, birthday
from core.errors import RuleBroken
from core.organisations.models import Organisation
from participants.consent.at_home import homes_of, may_speak_of_parents
from participants.models import (
    Agreement,
    Guardian,
    Hold,
    ParentalConsent,
    Trajectory,
    UnsafeHome,
)
from participants.stay import holds
from participants.stay.changes import StayFact, changed, told_once
from participants.stay.lock import lock

DEFAULT_AGE = 16
#: The age of the policy of each stay, in SQL.
CONSENT_AGE = Coalesce(
    F("group__location__organisation__consent_age"),
    Value(DEFAULT_AGE),
    output_field=IntegerField(),
)
NEEDED = (Agreement.Subject.PRIVACY, Agreement.Subject.PARTICIPATION)
Phase = Trajectory.Phase

WHY: dict[str, Promise] = {
    "parent_withdrew": _("A parent took back the consent"),
    "parent_refused": _("A parent said no"),
    "parent_unknown": _("The details of a parent are missing"),
    "harm_not_asked": _("Can the mail to the parents do harm at home? Not asked yet"),
    "unsafe_home": _("The mail can do harm at home: decide with the coordinator"),
    "parent_not_asked": _("The mail to the parents waits to be released"),
    "parent_not_answered": _("Waiting for consent"),
    "privacy": _("Has not agreed to the privacy text yet"),
    "participation": _("Has not agreed to taking part yet"),
}


@dataclass(frozen=True)
class Policy:
    """What the organisation asks of parents on one day. `required`: a parent's yes is needed.

    `informed_only`: parents of somebody this young get a mail, nothing waits for them.
    """

    required: bool
    age: int
    informed_only: bool


@dataclass(frozen=True)
class Missing:
    code: str

    @property
    def text(self) -> str:
        return str(WHY[self.code])


@dataclass(frozen=True)
class Span:
    """A yes, or an exception, from one moment until it was taken back."""

    given_at: datetime
    withdrawn_at: datetime | None = None

    def stands(self, moment: datetime) -> bool:
        return self.given_at <= moment and (self.withdrawn_at is None or moment < self.withdrawn_at)


@dataclass(frozen=True)
class Answer:
    """What one parent answered, and when it was taken back."""

    guardian_id: UUID
    yes: bool
    span: Span
    voided_at: datetime | None = None
    """Since when it is known that somebody else wrote it."""

    def counts(self, moment: datetime) -> bool:
        return self.span.given_at <= moment and (self.voided_at is None or moment < self.voided_at)


@dataclass(frozen=True)
class Facts:
    """All that decides about consent; pure data."""

    birth_date: date
    consent_age: int
    parents_decide: bool
    own: dict[str, tuple[Span, ...]]
    answers: tuple[Answer, ...]
    unsafe_home: tuple[Span, ...]
    has_guardian: bool = False
    mail_can_harm: bool | None = None
    asked: bool = False


# ---- Pure rules ------------------------------------------------------------


def missing_at(facts: Facts, moment: datetime) -> list[Missing]:
    """What still lacks at `moment`, the gravest first; empty when every needed yes stands."""
    codes = list(_parents_missing(facts, moment))
    for subject in NEEDED:
        if not any(span.stands(moment) for span in facts.own.get(subject, ())):
            codes.append(str(subject))
    return [Missing(code) for code in codes]


def _parents_missing(facts: Facts, moment: datetime) -> Iterable[str]:
    day = clock.day_of(moment)
    if not facts.parents_decide or age_on(facts.birth_date, day) >= facts.consent_age:
        return
    if any(span.stands(moment) for span in facts.unsafe_home):
        return
    newest: dict[UUID, Answer] = {}
    for answer in sorted(facts.answers, key=lambda a: a.span.given_at):
        if answer.counts(moment):
            newest[answer.guardian_id] = answer
    if any(a.yes and not a.span.stands(moment) for a in newest.values()):
        yield "parent_withdrew"
    elif any(not a.yes for a in newest.values()):
        yield "parent_refused"
    elif not newest:
        yield _waits_for(facts)


def _waits_for(facts: Facts) -> str:
    if facts.asked:
        return "parent_not_answered"
    if facts.mail_can_harm:
        return "unsafe_home"
    if not facts.has_guardian:
        return "parent_unknown"
    return "harm_not_asked" if facts.mail_can_harm is None else "parent_not_asked"


def moments(facts: Facts) -> list[datetime]:
    """Every moment at which the answer to "is something missing?" can change, in order."""
    spans = [s for own in facts.own.values() for s in own]
    spans += [a.span for a in facts.answers] + list(facts.unsafe_home)
    when = {s.given_at for s in spans} | {s.withdrawn_at for s in spans if s.withdrawn_at}
    when |= {a.voided_at for a in facts.answers if a.voided_at}
    if facts.parents_decide:
        when.add(clock.at(birthday(facts.birth_date, facts.consent_age)))
    return sorted(when)


def first_complete_on(facts: Facts, until: datetime) -> date | None:
    """The first day on which all needed yeses stood together, not later than `until`."""
    for moment in moments(facts):
        if moment <= until and not missing_at(facts, moment):
            return clock.day_of(moment)
    return None


def settled_at(facts: Facts, now: datetime) -> datetime:
    """The moment since which nothing is missing any more; only asked when nothing is.

    What time alone settles is settled at midnight: the birthday from which they decide alone.
    """
    since = now
    for moment in reversed([m for m in moments(facts) if m <= now]):
        if missing_at(facts, moment):
            break
        since = moment
    return since


def lapsed_at(facts: Facts, now: datetime) -> datetime | None:
    """The moment since which something is missing again; only asked when something is.

    None when the needed yeses never stood together before.
    """
    since = now
    for moment in reversed([m for m in moments(facts) if m <= now]):
        if not missing_at(facts, moment):
            return since
        since = moment
    return None


# ---- Facts from the database -----------------------------------------------


def policy_for(trajectory: Trajectory, day: date) -> Policy:
    """The organisation's policy for this person on `day`; 16 and required without a group."""
    return policy_of(trajectory, *_organisation_asks(trajectory), day)


def policy_of(trajectory: Trajectory, age: int, informed: bool, day: date) -> Policy:
    """`policy_for` where what the organisation asks is known."""
    young = age_on(trajectory.participant.birth_date, day) < age
    return Policy(required=young and not informed, age=age, informed_only=young and informed)


def asks_parents(stay: Trajectory) -> bool:
    """Today's policy wants the parents' yes, or wants them informed, and they may be spoken of."""
    policy = policy_for(stay, clock.today())
    return (policy.required or policy.informed_only) and may_speak_of_parents(stay)


def _organisation_asks(trajectory: Trajectory) -> tuple[int, bool]:
    """The age, and whether parents are only informed."""
    if trajectory.group_id is None:
        return DEFAULT_AGE, False
    organisation = Organisation.objects.get(locations__groups=trajectory.group_id)
    informed = organisation.consent_policy == Organisation.ConsentPolicy.INFORMED
    return organisation.consent_age, informed


def load_facts(trajectory: Trajectory) -> Facts:
    consent_age, informed = _organisation_asks(trajectory)
    home = homes_of([trajectory.pk])[trajectory.pk]
    return facts_of_rows(
        birth_date=trajectory.participant.birth_date,
        consent_age=consent_age,
        informed=informed,
        agreements=Agreement.objects.filter(trajectory=trajectory),
        # Two answers of one moment: the later question's counts as the newer.
        asked=list(
            ParentalConsent.objects.filter(trajectory=trajectory).order_by("released_at", "pk")
        ),
        homes=UnsafeHome.objects.filter(trajectory=trajectory),
        has_guardian=Guardian.objects.filter(participant=trajectory.participant_id).exists(),
        mail_can_harm=home.silence or home.can_harm,
    )


def facts_of_rows(
    *,
    birth_date: date,
    consent_age: int,
    informed: bool,
    agreements: Iterable[Any],
    asked: Sequence[Any],
    homes: Iterable[Any],
    has_guardian: bool,
    mail_can_harm: bool | None,
) -> Facts:
    """From rows, or from what was read of them."""
    own: dict[str, tuple[Span, ...]] = {}
    for agreement in agreements:
        span = Span(agreement.given_at, agreement.withdrawn_at)
        own[agreement.subject] = (*own.get(agreement.subject, ()), span)
    return Facts(
        birth_date=birth_date,
        consent_age=consent_age,
        parents_decide=not informed,
        own=own,
        answers=tuple(
            Answer(
                c.guardian_id, c.answer == "yes", Span(c.answered_at, c.withdrawn_at), c.voided_at
            )
            for c in asked
            if c.answered_at is not None
        ),
        unsafe_home=tuple(Span(row.at, row.ended_at) for row in homes),
        has_guardian=has_guardian,
        mail_can_harm=mail_can_harm,
        asked=any(not (c.answer or c.revoked_at or c.obsolete_at) for c in asked),
    )


def missing(trajectory: Trajectory, day: date | None = None) -> list[Missing]:
    """What lacks by the facts of now, with the age of `day` (default today)."""
    moment = clock.now()
    if day is not None and day > clock.today():
        moment = clock.at(day)
    return missing_at(load_facts(trajectory), moment)


def require(trajectory: Trajectory, day: date) -> None:
    """Hard block for definitive participation (R-104, C-28). Raises "consent_missing"."""
    lacks = missing(trajectory, day)
    if lacks:
        raise RuleBroken(
            " · ".join(m.text for m in lacks),
            code="consent_missing",
        )


@transaction.atomic
@told_once()
def settle(*, trajectory: Trajectory, by: Actor = None) -> list[Missing]:
    """Write down what the facts say: complete since, blocked or free. Idempotent.

    Blocked: something lacks after the positive first talk, in the group or after it. Once set,
    `consent_complete_on` never moves. Returns what is missing.
    """
    lock(trajectory)
    facts, now = load_facts(trajectory), clock.now()
    lacks = missing_at(facts, now)
    complete = trajectory.consent_complete_on or first_complete_on(facts, now)
    in_it = trajectory.suitable is True or trajectory.phase in IN_THE_PROGRAMME
    over = trajectory.phase in Phase.ENDED_EARLY
    blocked = bool(lacks) and in_it and not over
    reason = lacks[0].code if blocked else ""
    before = (trajectory.consent_complete_on, trajectory.blocked_reason)
    if before != (complete, reason):
        trajectory.consent_complete_on = complete
        trajectory.blocked_reason = reason
        trajectory.save(update_fields=["consent_complete_on", "blocked_reason"])
    if blocked:
        holds.begin_hold(trajectory=trajectory, kind=Hold.Kind.BLOCKED, at=_today(facts, now))
    else:
        at = now if lacks else settled_at(facts, now)
        holds.end_hold(trajectory=trajectory, kind=Hold.Kind.BLOCKED, at=at)
    if before != (complete, reason):
        changed([trajectory.pk], StayFact.CONSENT)
    return lacks


def _today(facts: Facts, now: datetime) -> datetime:
    """When the yes was lost, where that was today: nothing is held back on a day that is past."""
    lapsed = lapsed_at(facts, now)
    return lapsed if lapsed and clock.day_of(lapsed) == clock.day_of(now) else now


IN_THE_PROGRAMME = (*Phase.PLACED, Phase.FORMER)

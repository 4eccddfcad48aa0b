"""What time makes due for people: the birthday that hands over, reminders, forgotten holds.

Each step is idempotent; facts decide, so a scheduler that slept catches up without a flood. A
five-minute step starts at what happened since the last look, the nightly one asks everything.
"""

from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from core.ages import YOUNGEST, AgeOn, as_date, born_by
from core.messaging.models import Contact
from core.organisations.retention import terms
from core.sweep.steps import Outcome, Step, Turn, take_turns
from participants.consent.needed import CONSENT_AGE
from participants.journey import journey
from participants.models import Hold, ParentalConsent, Trajectory
from participants.parents import coming_of_age
from participants.parents import question as parental
from participants.parents.policies import OLDEST_CONSENT_AGE
from participants.signup import first_contact, interest, receipt
from participants.stay import follow_up, no_messages

OF_PARENTS = (
    "parent_withdrew",
    "parent_refused",
    "parent_unknown",
    "harm_not_asked",
    "unsafe_home",
    "parent_not_asked",
    "parent_not_answered",
)


def run_due(day: date | None = None) -> list[Outcome]:
    """Every step of this floor, in order; safe to run twice, and after days of silence."""
    return take_turns(STEPS, day)


# ---- Parents and age ---------------------------------------------------------


def _birthdays(turn: Turn) -> None:
    if turn.is_new_day:
        found = of_age(turn.day).filter(birthday_since(turn.since_day, turn.day))
        turn.each(found, _follow_the_age)


def _ages(turn: Turn) -> None:
    """A birth date or a policy that was corrected as well; nobody says when."""
    turn.each(of_age(turn.day), _follow_the_age)
    turn.each(not_of_age_after_all(turn.day), _follow_the_age)


def _follow_the_age(stay: Trajectory) -> None:
    coming_of_age.follow_the_age(trajectory=stay)


def birthday_since(first: date, day: date) -> Q:
    """Who became as old as some policy asks on one of these days, `first` and `day` included."""
    before = first - timedelta(days=1)
    became = Q(pk__in=[])
    for age in range(YOUNGEST, OLDEST_CONSENT_AGE + 1):
        became |= Q(
            participant__birth_date__gt=born_by(before, age),
            participant__birth_date__lte=born_by(day, age),
        )
    return became


def of_age(day: date) -> QuerySet[Trajectory]:
    """R-107: stays that still wait for, or lean on, parents whose child decides alone by now."""
    leaning = ParentalConsent.objects.filter(
        trajectory=OuterRef("pk"), revoked_at__isnull=True, obsolete_at__isnull=True
    )
    return (
        Trajectory.objects.annotate(
            age=AgeOn(F("participant__birth_date"), as_date(day)), consent_age=CONSENT_AGE
        )
        .filter(age__gte=F("consent_age"))
        .filter(Exists(leaning) | Q(blocked_reason__in=OF_PARENTS))
        .select_related("participant")
        .order_by("pk")
    )


def not_of_age_after_all(day: date) -> QuerySet[Trajectory]:
    """A policy or a date of birth was corrected: the parents' answers count again."""
    closed = ParentalConsent.objects.filter(
        trajectory=OuterRef("pk"), revoked_at__isnull=True, obsolete_at__isnull=False
    )
    return (
        Trajectory.objects.annotate(
            age=AgeOn(F("participant__birth_date"), as_date(day)), consent_age=CONSENT_AGE
        )
        .filter(Exists(closed), age__lt=F("consent_age"))
        .exclude(group__location__organisation__consent_policy="informed")
        .select_related("participant")
        .order_by("pk")
    )


def _parental_reminders(turn: Turn) -> None:
    """A reminder is due from a day on: once a day begins there is something to find."""
    if turn.is_new_day:
        _remind(turn, parental.reminders_due(turn.day, since=turn.since_day))


def _parental_reminders_left(turn: Turn) -> None:
    _remind(turn, parental.reminders_due(turn.day))


def _remind(turn: Turn, questions: QuerySet[ParentalConsent]) -> None:
    turn.each(questions, lambda row: parental.remind(consent=row, day=turn.day))


# ---- Arriving ------------------------------------------------------------------


def _first_contacts(turn: Turn) -> None:
    """Became late since the last look."""
    if lately := first_contact.may_be_late_since(turn.since, turn.now):
        stays = first_contact.late(turn.now).filter(pk__in=lately)
        turn.each(first_contact.to_remind(stays), first_contact.remind)


def _first_contacts_left(turn: Turn) -> None:
    """Whoever came instead of somebody who was reminded, too."""
    turn.each(first_contact.to_remind(first_contact.late(turn.now)), first_contact.remind)


def _interest_news(turn: Turn) -> None:
    turn.each(
        interest.welcome_now(turn.day), lambda row: interest.tell(registration=row, day=turn.day)
    )


def _interest_over(turn: Turn) -> None:
    turn.each(
        interest.over(turn.day, terms()),
        lambda row: interest.delete_interest(registration=row),
    )


def _receipts_over(turn: Turn) -> None:
    turn.each(receipt.over(turn.day), receipt.forget)


# ---- "Send nothing more" -------------------------------------------------------


def _stopped_contacts(turn: Turn) -> None:
    """Stopped since the last look, or signed up again although it stands."""
    stopped = Contact.objects.filter(stopped_at__gte=turn.since).order_by().values_list("pk")
    arrived = first_contact.not_spoken_yet().filter(signed_up_at__gte=turn.since)
    again = arrived.order_by().values_list("participant__contact")
    if lately := {contact for (contact,) in stopped.union(again)}:
        turn.each(
            stopped_without_hold(Q(pk__in=lately)),
            lambda contact: no_messages.contact_stopped(contact, turn.day),
        )


def _contacts_and_holds(turn: Turn) -> None:
    turn.each(
        stopped_without_hold(), lambda contact: no_messages.contact_stopped(contact, turn.day)
    )
    turn.each(stopped_not_waived(), lambda contact: no_messages.contact_stopped(contact, turn.day))
    turn.each(resumed_with_hold(), lambda contact: no_messages.contact_resumed(contact, turn.day))


def _held() -> QuerySet[Hold]:
    return Hold.objects.running().filter(kind=Hold.Kind.HELD)


def stopped_without_hold(which: Q | None = None) -> list[UUID]:
    """Contacts that want nothing more while a stay of theirs is not held yet."""
    held = _held().filter(trajectory=OuterRef("pk"))
    stays = (
        Trajectory.objects.filter(~Exists(held), participant__contact=OuterRef("pk"))
        .exclude(phase__in=Trajectory.Phase.ENDED_EARLY)
        .order_by()
    )
    stopped = Contact.objects.filter(Exists(stays), which or Q(), stopped_at__isnull=False)
    return list(stopped.order_by("pk").values_list("pk", flat=True))


def stopped_not_waived() -> list[UUID]:
    """Contacts that want nothing more while a follow-up stands or lies ahead all the same."""
    stays = Trajectory.objects.filter(
        participant__contact__stopped_at__isnull=False,
        phase__in=no_messages.ON_THE_WAY_OUT,
        follow_up_waived="",
    )
    leaving = list(stays.select_related("participant"))
    ahead = follow_up.stands_or_lies_ahead(leaving)
    return sorted({stay.participant.contact_id for stay in leaving if stay.pk in ahead})


def resumed_with_hold() -> list[UUID]:
    """Contacts that want messages again while a stay of theirs is still held."""
    held = _held().filter(trajectory__participant__contact__stopped_at__isnull=True)
    contacts = held.order_by().values_list("trajectory__participant__contact", flat=True)
    return sorted(set(contacts))


# ---- Coming back ---------------------------------------------------------------


def _came_back(turn: Turn) -> None:
    turn.each(back_not_waived(), journey.came_back)


def back_not_waived() -> list[Trajectory]:
    """Finished stays whose follow-up stands or lies ahead although a newer one began (R-352)."""
    stays = list(
        Trajectory.objects.filter(
            follow_up.newer_stay(), phase=Trajectory.Phase.FORMER, follow_up_waived=""
        ).order_by("pk")
    )
    ahead = follow_up.stands_or_lies_ahead(stays)
    return [stay for stay in stays if stay.pk in ahead]


#: In the order in which one run takes them all.
STEPS = (
    Step("birthdays", _birthdays),
    Step("ages", _ages, nightly=True),
    Step("parental_reminders", _parental_reminders),
    Step("parental_reminders_left", _parental_reminders_left, nightly=True),
    Step("first_contacts", _first_contacts),
    Step("first_contacts_left", _first_contacts_left, nightly=True),
    Step("interest_news", _interest_news),
    Step("interest_over", _interest_over, nightly=True),
    Step("receipts_over", _receipts_over, nightly=True),
    Step("stopped_contacts", _stopped_contacts),
    Step("contacts_and_holds", _contacts_and_holds, nightly=True),
    Step("came_back", _came_back, nightly=True),
)

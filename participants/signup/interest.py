"""Somebody wants to hear when Join Us comes near (R-035): kept, told once, deleted.

The mail that confirms it holds a link for this one purpose: it deletes the registration, without
an account. Only a keyed hash of the link is stored.
"""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import DateField, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Least
from django.urls import reverse

from core import clock
from core.accounts.actors import Actor
from core.ages import OLDEST
from core.locks import lock_copy, lock_first
from core.messaging import outbox
from core.messaging.contacts import address_hash, create_contact
from core.messaging.models import Contact, Message
from core.organisations.models import Group, Municipality
from core.organisations.retention import Terms
from core.tokens import new_token, token_hash
from participants.models import InterestCount, InterestRegistration
from participants.signup.receipt import may_mail
from participants.signup.sign_up import Answer, check

PURPOSE = "interest_delete"
KEPT = "participants.interest_kept"
NEWS = "participants.interest_news"
#: After the one message the registration has done its work; how long it is kept before that is a
#: term of its own (core.organisations.retention, "interest").
GONE_AFTER_NEWS = timedelta(days=14)


@transaction.atomic
def register_interest(
    *, municipality: Municipality, age: int, email: str, language: str = "nl", by: Actor = None
) -> InterestRegistration:
    """Keep it once per address and place, and mail the link that deletes it again.

    The same address again gets one more mail with a new link, at most once a day. Locks the
    municipality, so that two taps are one registration.
    """
    lock_copy(municipality)
    row = InterestRegistration.objects.filter(
        municipality=municipality, contact__email_hash=address_hash(email)
    ).first()
    if row is None:
        row = InterestRegistration.objects.create(
            contact=create_contact(name="", email=email, language=language),
            municipality=municipality,
            age=age,
            registered_on=clock.today(),
        )
        _count(municipality)
    elif _locked(row) is None:  # deleted at this very moment: it begins anew
        return register_interest(
            municipality=municipality, age=age, email=email, language=language, by=by
        )
    _write(row, "interest_kept", KEPT, f"{KEPT}:{row.pk}:{clock.today()}", outbox.IMMEDIATE)
    return row


def _locked(registration: InterestRegistration) -> InterestRegistration | None:
    """Locked, or None when it was deleted meanwhile."""
    return lock_first(InterestRegistration.objects.filter(pk=registration.pk))


def find_by_hash(hashed: bytes) -> InterestRegistration | None:
    """The registration that this link belongs to; changes nothing."""
    return (
        InterestRegistration.objects.filter(token_hash=hashed)
        .select_related("municipality", "contact")
        .first()
    )


@transaction.atomic
def delete_interest(*, registration: InterestRegistration, by: Actor = None) -> None:
    """The address, the registration and every message about it are gone; the count stays.

    Locks the contact, then the registration: who writes a message to it locks that one first, so a
    mail that is just being written is gone as well.
    """
    contact = lock_first(Contact.objects.filter(pk=registration.contact_id))
    if contact is None or _locked(registration) is None:
        return
    Message.objects.filter(contact=contact).delete()
    contact.delete()


def welcome_now(day: date) -> list[InterestRegistration]:
    """Who still waits in a place that welcomes somebody of this age by now.

    Only where a group for that age has room (`age_now` in SQL); `check` has the last word, once per
    place and age.
    """
    years = Func(
        Value(day, output_field=DateField()),
        F("registered_on"),
        template="((%(expressions)s) / 365)",
        arg_joiner=" - ",
        output_field=IntegerField(),
    )
    room = Group.objects.filter(
        location__work_area=OuterRef("municipality"),
        age_from__lte=OuterRef("by_now"),
        age_until__gte=OuterRef("by_now"),
        state=Group.State.OPEN,
        places_taken__lt=F("capacity"),
    )
    waiting = (
        InterestRegistration.objects.alias(by_now=Least(F("age") + years, Value(OLDEST)))
        .filter(Exists(room), told_on__isnull=True)
        .select_related("municipality", "contact")
        .order_by("pk")
    )
    answers: dict[tuple[str, int], Answer] = {}
    found: list[InterestRegistration] = []
    for row in waiting:
        place = (row.municipality_id, age_now(row, day))
        if place not in answers:
            answers[place] = check(municipality=row.municipality, age=place[1]).answer
        if answers[place] == Answer.WELCOME:
            found.append(row)
    return found


def over(day: date, kept: Terms) -> QuerySet[InterestRegistration]:
    """What has done its work, or was kept for the term that the foundation set."""
    told = Q(told_on__lte=day - GONE_AFTER_NEWS)
    stale = Q(registered_on__lte=kept.before("interest", day))
    return InterestRegistration.objects.filter(told | stale).select_related("contact")


def age_now(row: InterestRegistration, day: date) -> int:
    """About: we know the age in years on the day of registration, never the birthday."""
    return min(row.age + (day - row.registered_on).days // 365, OLDEST)


@transaction.atomic
def tell(*, registration: InterestRegistration, day: date) -> None:
    """There is a place near you: one mail, then never again."""
    row = _locked(registration)
    if row is None or row.told_on is not None:
        return
    row.told_on = day
    row.save(update_fields=["told_on"])
    _write(row, "interest_news", NEWS, f"{NEWS}:{row.pk}", outbox.SCHEDULED)


def _write(
    row: InterestRegistration, template: str, kind: str, dedupe_key: str, urgency: Message.Urgency
) -> None:
    """A new link with every mail; a mail that stands already keeps its own."""
    if Message.objects.filter(dedupe_key=dedupe_key).exists():
        return
    if kind == KEPT and not may_mail(row.contact.email):
        return
    token = new_token()
    row.token_hash = token_hash(token, PURPOSE)
    row.save(update_fields=["token_hash"])
    outbox.write(
        contact=row.contact,
        template=template,
        kind=kind,
        dedupe_key=dedupe_key,
        subject_id=row.pk,
        urgency=urgency,
        params={
            "place": row.municipality.name,
            "start_url": settings.SITE_URL.rstrip("/") + reverse("participants:check"),
        },
        secret={
            "delete_url": settings.SITE_URL.rstrip("/")
            + reverse("participants:interest_delete", args=[token])
        },
    )


def _count(municipality: Municipality) -> None:
    month = clock.today().replace(day=1)
    count, _made = InterestCount.objects.get_or_create(month=month, municipality=municipality)
    InterestCount.objects.filter(pk=count.pk).update(times=F("times") + 1)

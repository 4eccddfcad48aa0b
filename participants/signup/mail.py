"""Who is told what about people: builds outbox rows, sends nothing itself.

Mails to workers carry no personal data beyond what they need to act: the page they lead to is
behind their sign-in.
"""

from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import override

from core import clock
from core.accounts.models import User
from core.messaging import outbox
from core.messaging.models import Message
from participants.access import page_of
from participants.models import Trajectory
from participants.recusal.recusal import who_is_told
from participants.stay.no_messages import is_left_alone


def new_sign_up(trajectory: Trajectory, receipt: Message | None = None) -> None:
    """R-047: the wanted group's workers hear it at once; nobody there, then the coordinator. With
    them goes the young person's own `receipt`, where there is one.
    """
    letters = (
        letter_to(
            user,
            trajectory,
            template="new_sign_up",
            dedupe=f"new_sign_up:{trajectory.pk}",
            address=reverse("participants:applicant", args=[trajectory.pk]),
        )
        for user in who_is_told(trajectory)
    )
    outbox.write_all([letter for letter in (receipt, *letters) if letter is not None])


def first_contact_late(trajectory: Trajectory) -> None:
    """R-047: nobody has been in touch in time; once, in daytime, to each of the workers."""
    since = clock.day_of(trajectory.signed_up_at)
    reminded = set(
        Message.objects.filter(
            kind="participants.first_contact_late", subject_id=trajectory.pk
        ).values_list("contact", flat=True)
    )
    for user in who_is_told(trajectory):
        if user.contact_id in reminded:
            continue
        with override(user.language):
            day = date_format(since, "j F")
        tell_worker(
            user,
            trajectory,
            template="first_contact_late",
            dedupe=f"first_contact_late:{trajectory.pk}",
            address=reverse("participants:applicant", args=[trajectory.pk]),
            urgency=outbox.SCHEDULED,
            since=day,
            days=str(settings.FIRST_CONTACT_DAYS),
        )


#: Kind of the message by which workers hear that somebody they know filled in the form again.
KNOCKED = "participants.known_person_knocked"


def known_person_knocked(trajectory: Trajectory, *, call_name: str, key: UUID) -> None:
    """Somebody who takes part, or did, filled in the form again: a person looks at it.

    Who left hears how it goes on, in a message of their own; not who refused contact.
    """
    left = trajectory.phase == Trajectory.Phase.FORMER
    if left and call_name == trajectory.participant.call_name and not is_left_alone(trajectory):
        welcome_again(trajectory)
    other_name = "" if call_name == trajectory.participant.call_name else call_name
    for user in who_is_told(trajectory):
        tell_worker(
            user,
            trajectory,
            template="known_person_knocked",
            dedupe=f"known_person_knocked:{key}",
            address=page_of(trajectory),
            other_name=other_name,
        )


def welcome_again(trajectory: Trajectory) -> None:
    """R-195: a kind next step for who took part before. Once a day, however often they press."""
    person = trajectory.participant
    outbox.write(
        contact=person.contact,
        template="welcome_again",
        kind="participants.welcome_again",
        dedupe_key=f"welcome_again:{trajectory.pk}:{clock.today()}",
        subject_id=trajectory.pk,
        group=trajectory.group,
        params={"call_name": person.call_name},
    )


def tell_worker(
    user: User,
    trajectory: Trajectory,
    *,
    template: str,
    dedupe: str,
    address: str,
    urgency: Message.Urgency = outbox.IMMEDIATE,
    **params: str,
) -> None:
    letter = letter_to(
        user,
        trajectory,
        template=template,
        dedupe=dedupe,
        address=address,
        urgency=urgency,
        **params,
    )
    if letter is not None:
        outbox.write_all([letter])


def letter_to(
    user: User,
    trajectory: Trajectory,
    *,
    template: str,
    dedupe: str,
    address: str,
    urgency: Message.Urgency = outbox.IMMEDIATE,
    **params: str,
) -> Message | None:
    """What a worker is told about this stay, not written yet; None for who has no address."""
    if user.contact is None:
        return None
    group = trajectory.group
    return outbox.letter(
        contact=user.contact,
        template=template,
        kind=f"participants.{template}",
        dedupe_key=f"{dedupe}:{user.pk}",
        subject_id=trajectory.pk,
        urgency=urgency,
        params={
            "group_name": group.name if group else "",
            "page_url": settings.SITE_URL.rstrip("/") + address,
            **params,
        },
    )

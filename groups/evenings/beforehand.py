"""Who will hear it, said before a meeting moves or is cancelled: on the page that asks first."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.accounts.actors import Viewer
from core.messaging.models import Message
from core.messaging.outbox import channel_for
from core.names import in_order
from core.organisations.models import Group
from groups.evenings.told import Person, who_counts_on
from groups.evenings.told_words import day_of
from groups.models import Meeting
from groups.models.moments import is_coming
from participants.models import Trajectory
from participants.parents.know_when import who_know


def who_will_hear(meeting: Meeting, user: Viewer) -> tuple[str, ...]:
    """In sentences, for this worker; none where the meeting is over and nobody hears anything."""
    if not is_coming(meeting, clock.now()):
        return ()
    people = who_counts_on(meeting)
    written = [one for one in people if _by_mail(one, meeting.group)]
    told = [_mailed(len(written)), *_by_a_person(people, written, user)]
    know = who_know([one.stay.pk for one in written], meeting.group_id)
    if n := sum(len(parents) for parents in know.values()):
        told.append(ngettext("{n} parent hears it too.", "{n} parents hear it too.", n).format(n=n))
    return (*told, _next(meeting)) if people else (_("Nobody has to be told."),)


def _by_mail(person: Person, group: Group) -> bool:
    """As `told` writes it: from the group whose meeting it is."""
    contact = person.contact
    safe = channel_for(contact, group) == Message.Channel.EMAIL
    return safe and not person.needs_a_person and contact.held_since is None


def _mailed(number: int) -> str:
    if not number:
        return _("Nobody gets a message by itself.")
    return ngettext("{n} person gets a message.", "{n} people get a message.", number).format(
        n=number
    )


def _by_a_person(people: list[Person], written: list[Person], user: Viewer) -> list[str]:
    others = [one.stay.pk for one in people if one not in written]
    seen = Trajectory.objects.visible_to(user).filter(pk__in=others)
    names = sorted(seen.values_list("shown_name", flat=True), key=in_order)
    said = []
    if names:
        said.append(_("You tell these yourself: {names}.").format(names=", ".join(names)))
    if len(names) < len(others):
        said.append(_("Your colleague tells somebody too."))
    new = [one.stay.pk for one in people if one.is_new]
    first = Trajectory.objects.visible_to(user).filter(pk__in=new)
    said += [
        _("It would be the first time of {name}.").format(name=name)
        for name in sorted(first.values_list("shown_name", flat=True), key=in_order)
    ]
    return said


def _next(meeting: Meeting) -> str:
    now = clock.now()
    coming = Meeting.objects.upcoming(now).filter(group=meeting.group_id, starts_at__gt=now)
    following = coming.exclude(pk=meeting.pk).first()
    if following is None:
        return _("No next meeting is planned yet.")
    return _("The next time is {day}.").format(day=day_of(following.starts_at))

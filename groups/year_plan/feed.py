"""A professional's own calendar subscribes to the meetings in reach: a secret address.

It is made by hand, shown once, renewed or stopped at will. It reads as far as its owner may see
today and no further, and it does not outlive its roles: when the last role that was in force when
it was made has ended, the address finds nothing, also after a new role begins. Young people have
none: their calendar may be anybody's to read (`groups.year_plan.ics`).
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.accounts.rights import may, roles_of
from core.errors import NotYours
from core.tokens import new_token, token_hash
from groups.models import CalendarFeed, Meeting
from groups.permissions import SEE_MEETINGS

LOOKS_BACK = timedelta(days=92)
#: A region of two hundred groups for half a year; a calendar program refuses more than a few MB.
MOST = 3000


@transaction.atomic
def make_feed(*, by: User) -> str:
    """A new secret address; one that was there finds nothing from now on. Returns the secret, which
    is kept nowhere.

    Raises NotYours: no_meetings_to_see.
    """
    if not may(by, SEE_MEETINGS):
        raise NotYours(_("There are no meetings for you to see."), "no_meetings_to_see")
    secret = new_token()
    CalendarFeed.objects.bulk_create(
        [CalendarFeed(user=by, token_hash=hash_of(secret), made_at=clock.now())],
        update_conflicts=True,
        unique_fields=["user"],
        update_fields=["token_hash", "made_at"],
    )
    return secret


@transaction.atomic
def stop_feed(*, by: User) -> None:
    """The address finds nothing from now on. Twice is once."""
    CalendarFeed.objects.filter(user=by).delete()


def feed_of(user: User) -> CalendarFeed | None:
    """The one that works, if any."""
    found = CalendarFeed.objects.filter(user=user).first()
    return found if found is not None and _still_reaches(user, found) else None


def owner_of(secret: str) -> User | None:
    """Whose meetings this address shows, today; None when it shows nothing (any more)."""
    rows = CalendarFeed.objects.select_related("user")
    found = rows.filter(token_hash=hash_of(secret)).first()
    return found.user if found is not None and _still_reaches(found.user, found) else None


def meetings_for(user: User) -> QuerySet[Meeting]:
    """What stands in it: from three months back, all that is planned or was cancelled."""
    since = clock.now() - LOOKS_BACK
    rows = Meeting.objects.visible_to(user).filter(starts_at__gte=since)
    return rows.select_related("group__location").order_by("starts_at", "pk")[:MOST]


def hash_of(secret: str) -> bytes:
    return token_hash(secret, "calendar")


def _still_reaches(user: User, feed: CalendarFeed) -> bool:
    """One of today's roles that see meetings was in force when it was made."""
    made_on = clock.day_of(feed.made_at)
    return may(user, SEE_MEETINGS) and any(
        role.role in SEE_MEETINGS.roles and role.valid_from <= made_on for role in roles_of(user)
    )

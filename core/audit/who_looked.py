"""Who opened the records of one person, in plain words: role, first name, day, what.

Each opening is a line of its own in the log; here several openings of the same record by the
same person on one day read as one.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.accounts.models import RoleAssignment, User, first_name_of
from core.audit.models import ReadEntry
from core.names import alphabetical

#: Where the kind itself would tell what a person should tell: a worry, who stays out of whom.
SOMETHING = gettext_lazy("read something about you")
#: What somebody did who opened a kind of record, behind their name: a plain verb.
WORDS = {
    "file": gettext_lazy("looked at your page"),
    "applicants": gettext_lazy("looked at the list of new sign-ups"),
    "applicant": gettext_lazy("read your sign-up"),
    "intake": gettext_lazy("read the notes of your first talk"),
    "consultation": gettext_lazy("read a question about your first talk"),
    "role_models": gettext_lazy("looked at what you are an example in"),
    "group_move": gettext_lazy("read the question whether you can go to another group"),
    "parents": gettext_lazy("looked at who of your home we are in touch with"),
    "unsafe_home": gettext_lazy("read that no mail goes to your home"),
    "answers": gettext_lazy("read what you filled in"),
    "challenges": gettext_lazy("looked at your challenges"),
    "thread": gettext_lazy("looked at how it goes with you over time"),
    "thread_under_another_name": gettext_lazy("read how it goes with you, without your name"),
    "support": gettext_lazy("looked at how you are supported"),
    "preparation": gettext_lazy("prepared a meeting"),
    "observations": gettext_lazy("read what was noticed about you at the meetings"),
    "hypotheses": gettext_lazy("read notes that your youth workers made about you"),
    "message": gettext_lazy("read a text for you"),
    "data_request": gettext_lazy("read your question about your data"),
    "personal_data": gettext_lazy("looked at everything we keep about you"),
    "sign_in_code": gettext_lazy("made a code for you to sign in"),
    "complaint": gettext_lazy("read what you told that is not okay"),
    "logbook": gettext_lazy("read what was written down about a meeting"),
    "time line": gettext_lazy("looked at when you were there"),
    "birth_date": gettext_lazy("looked at your date of birth"),
    "contact": gettext_lazy("looked up how we keep in touch with you"),
    "worry in broad terms": SOMETHING,
    "care concern": gettext_lazy("read what was written down about care"),
    "one_to_one": gettext_lazy("read how your first talk was arranged, without your name"),
    "hand_over": gettext_lazy("looked whether help elsewhere worked out"),
    "recusals": SOMETHING,
    "referrers": gettext_lazy("looked at who is in touch with us about you"),
    "exit_talk": gettext_lazy("read about the talk about leaving"),
    "closing": gettext_lazy("looked at the end of your time in the group"),
    "aftercare": gettext_lazy("read about the talks after your goodbye"),
    "return": gettext_lazy("read whether you may come back"),
    "discussed": gettext_lazy("read what was decided with the coordinator"),
    "emergency": gettext_lazy("looked up whom we ring when something happens to you"),
    "emergency_ready": gettext_lazy("had ready on the phone whom we ring when something happens"),
    "funding": gettext_lazy("read what you said about the cost of an activity"),
    "room": gettext_lazy("read along in the group"),
    "search": gettext_lazy("saw your name in a list that was searched"),
}


#: Called "something about you" where home may not know (R-346).
OF_HOME = ("parents", "unsafe_home")


@dataclass(frozen=True)
class Look:
    day: date
    who: str
    role: str
    what: str


def days(stay_ids: Collection[UUID]) -> QuerySet[ReadEntry, Any]:
    """One row per day, person and record, the newest first; made to be paged."""
    return (
        ReadEntry.objects.filter(subject_ids__overlap=list(stay_ids))
        .annotate(day=TruncDate("at", tzinfo=clock.AMSTERDAM))
        .values("day", "user", "user__name", "record")
        .distinct()
        .order_by("-day", alphabetical("user__name"), "record")
    )


def looks(rows: Iterable[Any], *, of_home: bool = True) -> list[Look]:
    """The same in words; one query more, whatever their number. `of_home`: whether they may tell
    of parents and home."""
    rows = list(rows)
    quiet = () if of_home else OF_HOME
    roles = list(RoleAssignment.objects.filter(user__in={row["user"] for row in rows}))
    return [
        Look(
            day=row["day"],
            who=first_name_of(row["user__name"]),
            role=_role_on(row["day"], [r for r in roles if r.user_id == row["user"]]),
            what=str(SOMETHING if row["record"] in quiet else WORDS.get(row["record"], SOMETHING)),
        )
        for row in rows
    ]


def _role_on(day: date, roles: list[RoleAssignment]) -> str:
    """The role of that day; of two, the one nearest to the group (the first by name)."""
    found = sorted(
        str(r.get_role_display())
        for r in roles
        if r.valid_from <= day and (r.valid_until is None or r.valid_until >= day)
    )
    return ", ".join(dict.fromkeys(found)) or _("somebody who worked with us")


def opened_by(user: User, since: datetime, until: datetime) -> dict[UUID, Counter[str]]:
    """Whom a leak touches: the stays an account opened in a window, and how often what.

    The window is half-open; one query. A list that was opened touches everybody on it.
    """
    found: dict[UUID, Counter[str]] = {}
    rows = ReadEntry.objects.filter(user=user, at__gte=since, at__lt=until)
    for record, stays in rows.values_list("record", "subject_ids"):
        for stay in stays:
            found.setdefault(stay, Counter())[record] += 1
    return found

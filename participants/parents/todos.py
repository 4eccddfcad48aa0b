"""What waits because of a yes: for the young person and for the group's workers.

Computed from facts; each disappears when its fact changes. Nothing here names a parent.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Min, OuterRef, QuerySet
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import may, reach
from core.ages import AgeOn, as_date
from core.facts import Asked, Column, Facts
from core.messaging.models import Message
from core.ports import Part, Todo, TodoRule, each
from core.templatetags.face import url_or
from participants.consent import known
from participants.consent import needed as consent
from participants.consent.needed import CONSENT_AGE
from participants.models import Guardian, ParentalConsent, Trajectory
from participants.parents import overview, words_from_parents
from participants.parents import question as parental
from participants.permissions import CONSULT, DECIDE
from participants.todo_kinds import Kind

#: How long it is told that somebody decides alone from now on.
TOLD_DAYS = timedelta(days=14)
#: Where a code of `consent.WHY` is mended: urgency, and the label of the button.
OF_PARENTS = {
    "parent_withdrew": 0,
    "parent_refused": 1,
    "unsafe_home": 1,
    "harm_not_asked": 1,
    "parent_not_asked": 1,
    "parent_unknown": 2,
    "parent_not_answered": 3,
}


# ---- For the coordinator: a parent waits longer than two working days ----------------------


@dataclass(frozen=True)
class LateQuestion:
    """The oldest one of a group: who can call the workers hears that, no more."""

    group: UUID
    name: str
    due_on: date


def _late_questions(user: Viewer) -> QuerySet[Any]:
    late = words_from_parents.waiting_questions().filter(
        question_due_on__lt=clock.today(),
        trajectory__region__in=reach(user, CONSULT).regions,
        trajectory__group__isnull=False,
    )
    groups = late.values("trajectory__group", "trajectory__group__name")
    return groups.annotate(due_on=Min("question_due_on"))


def _late(row: LateQuestion, _asked: Asked) -> Todo:
    return Todo(
        kind=Kind.LATE_PARENT_QUESTION,
        about=row.group,
        urgency=0,
        when=_("too late"),
        title=_("A parent waits for an answer from %(group)s") % {"group": row.name},
        reason=_("It should have come by %(day)s. Call the youth workers.")
        % {"day": formats.date_format(row.due_on, "j F")},
        action=_("See the group"),
        url=url_or("groups:group", row.group, otherwise="/"),
        group_id=row.group,
    )


# ---- A parent asked something --------------------------------------------------------------


@dataclass(frozen=True)
class Question:
    id: UUID
    stay: UUID
    name: str
    group: UUID | None
    question_at: datetime
    question_due_on: date | None


def _questions(user: Viewer) -> QuerySet[ParentalConsent]:
    """A parent who asked is answered, whatever became of the stay meanwhile."""
    stays = Trajectory.objects.visible_to(user)
    return words_from_parents.waiting_questions().filter(trajectory__in=stays)


def _question(row: Question, asked: Asked) -> Todo:
    """Within two working days; afterwards it stands on top, and the coordinator sees it too."""
    due = row.question_due_on or asked.day
    late = due < asked.day
    return Todo(
        kind=Kind.PARENT_QUESTION,
        about=row.id,
        urgency=0 if late else 1,
        when=_("too late")
        if late
        else _("by %(day)s") % {"day": formats.date_format(due, "l j F")},
        title=_("A parent of %(name)s asks something") % {"name": row.name},
        reason=_("Promised within two working days. Call or mail today.")
        if late
        else _("Call or mail back, then close the question."),
        action=_("Read the question"),
        url=reverse("participants:parents", args=[row.stay]),
        since=clock.day_of(row.question_at),
        group_id=row.group,
        stay_id=row.stay,
        lasts=True,
    )


# ---- Waiting for consent, the mail to release, a no, silence after the last reminder -------


@dataclass(frozen=True)
class Stay:
    """A running stay of the workers' groups."""

    id: UUID
    name: str
    group: UUID | None


@dataclass(frozen=True)
class Blocked(Stay):
    """`silent`: the last reminder left and nobody answered; `bounced`: it did not arrive."""

    code: str
    silent: bool
    bounced: bool


def _running(user: Viewer) -> QuerySet[Trajectory]:
    return Trajectory.objects.visible_to(user).running()


def _blocked(user: Viewer) -> QuerySet[Trajectory]:
    last = timedelta(days=parental.REMINDER_DAYS[-1])
    silent = ParentalConsent.objects.filter(
        trajectory=OuterRef("pk"),
        answer="",
        revoked_at__isnull=True,
        obsolete_at__isnull=True,
        released_at__lte=clock.now() - last,
    )
    stays = _running(user).exclude(blocked_reason="")
    return stays.annotate(silent=Exists(silent), bounced=Exists(overview.bounced()))


def _waits(row: Blocked, _asked: Asked) -> Todo:
    code = row.code
    if code == "parent_not_answered" and row.bounced:
        return _todo(
            row,
            kind=Kind.PARENT_BOUNCED,
            urgency=1,
            when=_("not delivered"),
            title=_("The mail to a parent of %(name)s did not arrive"),
            reason=_("Ask for the right e-mail address and correct it."),
            action=_("Correct the address"),
        )
    if code == "parent_not_answered" and row.silent:
        return _todo(
            row,
            kind=Kind.PARENT_SILENT,
            urgency=1,
            when=_("no answer"),
            title=_("The parents of %(name)s did not answer"),
            reason=_("The last reminder has been sent. Call, or send the mail again."),
            action=_("See what was sent"),
        )
    if code in OF_PARENTS:
        return _todo(
            row,
            kind=Kind.CONSENT,
            urgency=OF_PARENTS[code],
            when=_("stopped for now") if OF_PARENTS[code] == 0 else _("waits"),
            title=_title_of(code),
            reason=str(consent.WHY[code]),
            action=_("Release the mail") if code == "parent_not_asked" else _("See parents"),
        )
    return _todo(
        row,
        kind=Kind.AGREEMENTS,
        urgency=2,
        when=_("waits"),
        title=_("%(name)s has not said yes to everything yet"),
        reason=str(consent.WHY.get(code, code)),
        action=_("See what is missing"),
        url=reverse("home:file", args=[row.id]),
    )


def _title_of(code: str) -> str:
    return {
        "parent_withdrew": _("Talk with %(name)s: taking part has stopped for now"),
        "parent_refused": _("Talk with %(name)s: a parent said no"),
        "parent_not_answered": _("%(name)s: waiting for consent"),
        "parent_not_asked": _("Release the mail to the parents of %(name)s"),
    }.get(code, _("Parents of %(name)s: your turn"))


# ---- the young person decides alone from now on -------------------------------------


def _of_age(user: Viewer) -> QuerySet[Trajectory]:
    lately = ParentalConsent.objects.filter(
        trajectory=OuterRef("pk"), obsolete_at__gt=clock.now() - TOLD_DAYS
    )
    aged = _running(user).annotate(
        age=AgeOn(F("participant__birth_date"), as_date(clock.today())), consent_age=CONSENT_AGE
    )
    return aged.filter(Exists(lately), age__gte=F("consent_age"))


def _decides_alone(row: Stay, _asked: Asked) -> Todo:
    return _todo(
        row,
        kind=Kind.OF_AGE,
        urgency=2,
        when=_("new"),
        title=_("%(name)s decides alone from now on"),
        reason=_("The question to the parents is no longer needed. Tell it."),
        action=_("See parents"),
    )


# ---- Policy "informed only": the mail that nothing waits for, but that should still go -----


def _to_inform(user: Viewer) -> QuerySet[Trajectory]:
    informed = Message.objects.filter(kind="parental_information", subject_id=OuterRef("pk"))
    told = Guardian.objects.filter(Exists(informed), participant=OuterRef("participant"))
    young = (
        _running(user)
        .filter(suitable=True, group__location__organisation__consent_policy="informed")
        .annotate(age=AgeOn(F("participant__birth_date"), as_date(clock.today())))
        .filter(age__lt=F("group__location__organisation__consent_age"))
    )
    return young.exclude(Exists(told)).exclude(intake__mail_can_harm=True)


def _inform(row: Stay, _asked: Asked) -> Todo:
    return _todo(
        row,
        kind=Kind.INFORM,
        urgency=3,
        when=_("waits"),
        title=_("Inform the parents of %(name)s"),
        reason=_("They get one mail; nothing waits for it."),
        action=_("See parents"),
    )


def _todo(row: Stay, *, title: str, **fields: Any) -> Todo:
    fields.setdefault("url", reverse("participants:parents", args=[row.id]))
    return Todo(
        about=row.id,
        title=title % {"name": row.name},
        group_id=row.group,
        stay_id=row.id,
        **fields,
    )


# ---- For the young person ------------------------------------------------------------------


def _own_blocked(user: Viewer) -> QuerySet[Trajectory]:
    return Trajectory.objects.visible_to(user).running().exclude(blocked_reason="")


def _own(rows: list[known.Known], asked: Asked) -> list[Todo]:
    codes = {lack.code for row in rows[:1] for lack in consent.missing_at(row.facts, asked.now)}
    found = []
    if codes & set(consent.NEEDED):
        found.append(
            Todo(
                kind=Kind.OWN_AGREEMENTS,
                urgency=1,
                when=_("a few minutes"),
                title=_("Read what we agree with each other"),
                reason=_("Is it fine for you? Then say yes, and you can really start."),
                action=_("Read and choose"),
                url=reverse("participants:agreements"),
            )
        )
    if "parent_unknown" in codes:
        found.append(
            Todo(
                kind=Kind.OWN_PARENTS,
                urgency=1,
                when=_("a few minutes"),
                title=_("Who of your parents can we ask?"),
                reason=_("Nothing is sent before you talked about it with your youth worker."),
                action=_("Fill in"),
                url=reverse("participants:guardians"),
            )
        )
    return found


def _guides(user: Viewer) -> bool:
    return may(user, DECIDE)


OF_STAY: dict[str, Column] = {"name": "shown_name", "group": "group_id"}
LATE = Facts(
    LateQuestion,
    _late_questions,
    {"group": "trajectory__group", "name": "trajectory__group__name"},
)
QUESTIONS = Facts(
    Question,
    _questions,
    {
        "stay": "trajectory_id",
        "name": "trajectory__shown_name",
        "group": "trajectory__group_id",
    },
)
BLOCKED = Facts(Blocked, _blocked, OF_STAY | {"code": "blocked_reason"})
OWN = Facts(known.Known, _own_blocked, known.KNOWN)
WAITS = (Kind.PARENT_BOUNCED, Kind.PARENT_SILENT, Kind.CONSENT, Kind.AGREEMENTS)
RULES = (
    TodoRule((Kind.OWN_AGREEMENTS, Kind.OWN_PARENTS), parts=(Part(OWN, _own),), own=True),
    TodoRule(
        (Kind.LATE_PARENT_QUESTION,),
        parts=(Part(LATE, each(_late)),),
        asks=lambda user: may(user, CONSULT),
    ),
    TodoRule(
        (Kind.PARENT_QUESTION,),
        parts=(Part(QUESTIONS, each(_question)),),
        asks=_guides,
        of_a_stay=True,
    ),
    TodoRule(WAITS, parts=(Part(BLOCKED, each(_waits)),), asks=_guides, of_a_stay=True),
    TodoRule(
        (Kind.OF_AGE,),
        parts=(Part(Facts(Stay, _of_age, OF_STAY), each(_decides_alone)),),
        asks=_guides,
        of_a_stay=True,
    ),
    TodoRule(
        (Kind.INFORM,),
        parts=(Part(Facts(Stay, _to_inform, OF_STAY), each(_inform)),),
        asks=_guides,
        of_a_stay=True,
    ),
)

"""What waits because of a yes: for the young person and for the group's workers.

Computed from facts; each disappears when its fact changes. Nothing here names a parent.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, Min, OuterRef, QuerySet
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import may, reach
from core.ages import AgeOn, as_date
from core.messaging.models import Message
from core.ports import Todo, TodoRule
from core.templatetags.face import url_or
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


def _guided(rule: Callable[[Any], list[Todo]]) -> Callable[[Viewer], list[Todo]]:
    """The rule for the workers, over the stays that they guide and that are not over."""

    def ask(user: Viewer) -> list[Todo]:
        if not may(user, DECIDE):
            return []
        stays = Trajectory.objects.visible_to(user).running()
        return rule(stays.select_related("participant").order_by("pk"))

    return ask


def _late_for_the_coordinator(user: Viewer) -> list[Todo]:
    """A parent waits longer than two working days: who can call the workers hears that, no more."""
    regions = reach(user, CONSULT).regions
    late = words_from_parents.waiting_questions().filter(
        question_due_on__lt=clock.today(), trajectory__region__in=regions
    )
    groups = late.filter(trajectory__group__isnull=False).values(
        "trajectory__group", "trajectory__group__name"
    )
    return [
        Todo(
            kind=Kind.LATE_PARENT_QUESTION,
            about=row["trajectory__group"],
            urgency=0,
            when=_("too late"),
            title=_("A parent waits for an answer from %(group)s")
            % {"group": row["trajectory__group__name"]},
            reason=_("It should have come by %(day)s. Call the youth workers.")
            % {"day": formats.date_format(row["due_on"], "j F")},
            action=_("See the group"),
            url=url_or("groups:group", row["trajectory__group"], otherwise="/"),
            group_id=row["trajectory__group"],
        )
        for row in groups.annotate(due_on=Min("question_due_on")).order_by("due_on")
    ]


def _own(user: Viewer) -> list[Todo]:
    stay = Trajectory.objects.visible_to(user).running().select_related("participant").first()
    if stay is None or not stay.blocked_reason:
        return []
    codes = {lack.code for lack in consent.missing(stay)}
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


def _questions(user: Viewer) -> list[Todo]:
    """Within two working days; afterwards it stands on top, and the coordinator sees it too.

    A parent who asked is answered, whatever became of the stay meanwhile.
    """
    if not may(user, DECIDE):
        return []
    stays = Trajectory.objects.visible_to(user)
    asked = words_from_parents.waiting_questions().filter(trajectory__in=stays)
    found = []
    for row in asked.select_related("trajectory__participant"):
        due = row.question_due_on or clock.today()
        late = due < clock.today()
        found.append(
            _todo(
                row.trajectory,
                kind=Kind.PARENT_QUESTION,
                about=row.pk,
                urgency=0 if late else 1,
                when=_("too late")
                if late
                else _("by %(day)s") % {"day": formats.date_format(due, "l j F")},
                title=_("A parent of %(name)s asks something"),
                reason=_("Promised within two working days. Call or mail today.")
                if late
                else _("Call or mail back, then close the question."),
                action=_("Read the question"),
                since=row.question_at,
                lasts=True,
            )
        )
    return found


def _blocked(stays: QuerySet[Trajectory]) -> list[Todo]:
    """Waiting for consent, the mail to release, a no, and silence after the last reminder."""
    last = timedelta(days=parental.REMINDER_DAYS[-1])
    silent = ParentalConsent.objects.filter(
        trajectory=OuterRef("pk"),
        answer="",
        revoked_at__isnull=True,
        obsolete_at__isnull=True,
        released_at__lte=clock.now() - last,
    )
    found = []
    blocked = stays.exclude(blocked_reason="")
    for stay in blocked.annotate(silent=Exists(silent), bounced=Exists(overview.bounced())):
        code = stay.blocked_reason
        if code == "parent_not_answered" and stay.bounced:
            found.append(
                _todo(
                    stay,
                    kind=Kind.PARENT_BOUNCED,
                    about=stay.pk,
                    urgency=1,
                    when=_("not delivered"),
                    title=_("The mail to a parent of %(name)s did not arrive"),
                    reason=_("Ask for the right e-mail address and correct it."),
                    action=_("Correct the address"),
                )
            )
            continue
        if code == "parent_not_answered" and stay.silent:
            found.append(
                _todo(
                    stay,
                    kind=Kind.PARENT_SILENT,
                    about=stay.pk,
                    urgency=1,
                    when=_("no answer"),
                    title=_("The parents of %(name)s did not answer"),
                    reason=_("The last reminder has been sent. Call, or send the mail again."),
                    action=_("See what was sent"),
                )
            )
            continue
        if code in OF_PARENTS:
            found.append(
                _todo(
                    stay,
                    kind=Kind.CONSENT,
                    about=stay.pk,
                    urgency=OF_PARENTS[code],
                    when=_("stopped for now") if OF_PARENTS[code] == 0 else _("waits"),
                    title=_title_of(code),
                    reason=str(consent.WHY[code]),
                    action=_("Release the mail")
                    if code == "parent_not_asked"
                    else _("See parents"),
                )
            )
        else:
            found.append(
                _todo(
                    stay,
                    kind=Kind.AGREEMENTS,
                    about=stay.pk,
                    urgency=2,
                    when=_("waits"),
                    title=_("%(name)s has not said yes to everything yet"),
                    reason=str(consent.WHY.get(code, code)),
                    action=_("See what is missing"),
                    url=reverse("home:file", args=[stay.pk]),
                )
            )
    return found


def _title_of(code: str) -> str:
    return {
        "parent_withdrew": _("Talk with %(name)s: taking part has stopped for now"),
        "parent_refused": _("Talk with %(name)s: a parent said no"),
        "parent_not_answered": _("%(name)s: waiting for consent"),
        "parent_not_asked": _("Release the mail to the parents of %(name)s"),
    }.get(code, _("Parents of %(name)s: your turn"))


def _of_age(stays: QuerySet[Trajectory]) -> list[Todo]:
    """R-107: a task says that the young person decides alone from now on."""
    lately = ParentalConsent.objects.filter(
        trajectory=OuterRef("pk"), obsolete_at__gt=clock.now() - TOLD_DAYS
    )
    return [
        _todo(
            stay,
            kind=Kind.OF_AGE,
            about=stay.pk,
            urgency=2,
            when=_("new"),
            title=_("%(name)s decides alone from now on"),
            reason=_("The question to the parents is no longer needed. Tell it."),
            action=_("See parents"),
        )
        for stay in stays.annotate(
            age=AgeOn(F("participant__birth_date"), as_date(clock.today())),
            consent_age=CONSENT_AGE,
        ).filter(Exists(lately), age__gte=F("consent_age"))
    ]


def _to_inform(stays: QuerySet[Trajectory]) -> list[Todo]:
    """Policy "informed only": the mail that nothing waits for, but that should still go."""
    informed = Message.objects.filter(kind="parental_information", subject_id=OuterRef("pk"))
    told = Guardian.objects.filter(Exists(informed), participant=OuterRef("participant"))
    young = stays.filter(
        suitable=True, group__location__organisation__consent_policy="informed"
    ).annotate(age=AgeOn(F("participant__birth_date"), as_date(clock.today())))
    young = young.filter(age__lt=F("group__location__organisation__consent_age"))
    return [
        _todo(
            stay,
            kind=Kind.INFORM,
            about=stay.pk,
            urgency=3,
            when=_("waits"),
            title=_("Inform the parents of %(name)s"),
            reason=_("They get one mail; nothing waits for it."),
            action=_("See parents"),
        )
        for stay in young.exclude(Exists(told)).exclude(intake__mail_can_harm=True)
    ]


def _todo(stay: Trajectory, *, title: str, since: Any = None, **fields: Any) -> Todo:
    fields.setdefault("url", reverse("participants:parents", args=[stay.pk]))
    return Todo(
        title=title % {"name": stay.participant.call_name},
        since=clock.day_of(since) if since else None,
        group_id=stay.group_id,
        stay_id=stay.pk,
        **fields,
    )


BLOCKED = (Kind.PARENT_BOUNCED, Kind.PARENT_SILENT, Kind.CONSENT, Kind.AGREEMENTS)
RULES = (
    TodoRule((Kind.OWN_AGREEMENTS, Kind.OWN_PARENTS), _own, own=True),
    TodoRule((Kind.LATE_PARENT_QUESTION,), _late_for_the_coordinator),
    TodoRule((Kind.PARENT_QUESTION,), _questions, of_a_stay=True),
    TodoRule(BLOCKED, _guided(_blocked), of_a_stay=True),
    TodoRule((Kind.OF_AGE,), _guided(_of_age), of_a_stay=True),
    TodoRule((Kind.INFORM,), _guided(_to_inform), of_a_stay=True),
)

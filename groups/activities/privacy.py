"""What ideas, plans and money hold of a person: given out, and taken out.

What a group did stays, without the name of who thought of it; an idea that was never done goes with
the one whose words it is.
"""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from core.names import whole_word
from core.privacy import Fact, Person, Section
from groups.models import (
    Activity,
    ActivityLike,
    ActivityOrganiser,
    FundingRequest,
    Meeting,
    Placement,
)
from participants.models import Participant

#: Model -> what becomes of it when somebody is erased.
HOLDS = {
    Activity: "an idea goes with its proposer; what was planned stays without their name",
    ActivityLike: "goes",
    ActivityOrganiser: "the task stays, without who did it",
    FundingRequest: "the words go; that and how something was settled stays",
}
#: Typed words in which a name can stand.
WORDS = ("title", "cost_note", "people", "transport", "preparation")


def sections(ids: Collection[UUID]) -> list[Section]:
    """Of the own package."""
    ideas = Activity.objects.filter(proposed_by__in=ids).select_related("meeting")
    liked = ActivityLike.objects.filter(trajectory__in=ids).select_related("activity")
    tasks = ActivityOrganiser.objects.filter(trajectory__in=ids).select_related("activity")
    asked = FundingRequest.objects.filter(trajectory__in=ids).select_related("activity")
    return [
        Section(
            "own_ideas",
            _("What you thought of"),
            [
                [
                    Fact("idea", _("Idea"), row.title),
                    Fact("proposed_at", _("When"), row.proposed_at),
                    Fact("done_on", _("Planned for"), row.meeting.date if row.meeting else None),
                ]
                for row in ideas.order_by("proposed_at")
            ],
            order=58,
        ),
        Section(
            "liked_ideas",
            _("What you would like to do"),
            [
                [
                    Fact("idea", _("Idea"), row.activity.title),
                    Fact("liked_at", _("When"), row.liked_at),
                ]
                for row in liked.order_by("liked_at")
            ],
            order=59,
        ),
        Section(
            "own_tasks",
            _("What you arranged"),
            [
                [
                    Fact("activity", _("Activity"), row.activity.title),
                    Fact("task", _("Task"), row.task),
                    Fact("done_at", _("Arranged on"), row.done_at),
                ]
                for row in tasks.order_by("pk")
            ],
            order=60,
        ),
        Section(
            "too_expensive",
            _("When an activity cost too much for you"),
            [
                [
                    Fact("activity", _("Activity"), row.activity.title if row.activity else ""),
                    Fact("asked_at", _("Told on"), row.asked_at),
                    Fact("words", _("What you said"), row.words),
                    Fact("taken_back", _("Taken back"), row.taken_back_at),
                    Fact("settled_at", _("Settled on"), row.settled_at),
                ]
                for row in asked.order_by("asked_at")
            ],
            order=61,
        ),
    ]


def rest(ids: Collection[UUID]) -> Section:
    """What the youth workers wrote about it: read together."""
    rows = FundingRequest.objects.filter(trajectory__in=ids, settled_at__isnull=False)
    return Section(
        "funding",
        _("What came of it when an activity cost too much"),
        [
            [
                Fact("settled_at", _("Settled on"), row.settled_at),
                Fact("outcome", _("Outcome"), row.get_outcome_display()),
                Fact("amount", _("Paid, in cents"), row.amount_cents),
                Fact("note", _("What your youth workers wrote"), row.note),
            ]
            for row in rows.order_by("settled_at")
        ],
        order=225,
    )


def erase(person: Person) -> None:
    """Before the name itself goes: it is looked for in the words of the group."""
    ids = person.trajectory_ids
    ActivityLike.objects.filter(trajectory__in=ids).delete()
    ActivityOrganiser.objects.filter(trajectory__in=ids).update(trajectory=None)
    FundingRequest.objects.filter(trajectory__in=ids).update(words="", note="")
    own = Activity.objects.filter(proposed_by__in=ids)
    own.filter(meeting=None).delete()
    Meeting.objects.filter(plan__in=own).update(activity_by="")
    own.update(proposed_by=None)
    _leave_words(person)


def _leave_words(person: Person) -> None:
    name = Participant.objects.values_list("call_name", flat=True).get(pk=person.participant_id)
    if not name:
        return
    groups = Placement.objects.filter(trajectory__in=person.trajectory_ids).values("group")
    word = whole_word(name)
    anywhere = Q()
    for field in WORDS:
        anywhere |= Q(**{f"{field}__icontains": name})
    for row in Activity.objects.filter(anywhere, group__in=groups):
        for field in WORDS:
            setattr(row, field, word.sub("…", getattr(row, field)))
        row.save(update_fields=WORDS)
        Meeting.objects.filter(plan=row).update(activity=row.title)
    tasks = ActivityOrganiser.objects.filter(activity__group__in=groups, task__icontains=name)
    for task in tasks:
        task.task = word.sub("…", task.task)
        task.save(update_fields=["task"])

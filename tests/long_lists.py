"""Every list that can be long: who sees it, how to make it long, and how it is drawn.

`build(n)` makes n rows for somebody and returns who that is and where the list stands. Each row
bears a mark, "Rïj007", whose number is its place when the greatest need stands first; the rows are
made in another order, and where names decide nothing they say nothing. A new list gets a line in
LISTS; a page of professionals that loops over what stays short gets one in SHORT, with the reason.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse

from core import clock
from core.accounts.models import User
from core.accounts.roles import Role
from core.organisations.models import RetentionRule
from participants.models import ContactAttempt, InterestCount, Recusal, Referrer
from participants.referrers.register import keep_referrer
from tests import world

MARK = r"Rïj\d{3}"
Built = tuple[User, str]


def mark(place: int) -> str:
    return f"Rïj{place:03}"


def backwards(n: int) -> list[int]:
    """The last place first, and the first one in the middle: made in no useful order."""
    return [*range(n - 1, n // 2 - 1, -1), *range(n // 2)]


@dataclass(frozen=True)
class LongList:
    """`queries` is what the page asks beside the shell; the shell's own stand in SHELL.

    `of_people`: what is typed above it is sealed in the address.
    """

    name: str
    template: str
    build: Callable[[int], Built]
    queries: int
    of_people: bool = False


def sign_ups(n: int) -> Built:
    """Everybody is late, who waits longest first; the last one waits longest of all, but was
    spoken already.
    """
    group = world.make_group(name="Groep van Fleur")
    for place in backwards(n):
        spoken = place == n - 1
        days = 900 if spoken else 400 - place
        moment = clock.now() - timedelta(days=days)
        world.make_trajectory(
            group=group,
            phase="signed_up",
            call_name=mark(place),
            with_account=False,
            signed_up_at=moment,
            contacted_at=moment if spoken else None,
        )
    return world.make_worker(group), reverse("participants:applicants")


def sign_ups_of_groups(n: int) -> Built:
    """Somebody is late in each, in the last one nobody."""
    region, organisation = world.make_region(), world.make_organisation(phone="030 123 45 67")
    for place in backwards(n):
        late = place < n - 1
        group = world.make_group(name=mark(place), region=region, organisation=organisation)
        world.make_worker(group)
        world.make_trajectory(
            group=group,
            phase="signed_up",
            with_account=False,
            signed_up_at=clock.now() - timedelta(days=400 - place if late else 1),
        )
    return world.make_coordinator(region), reverse("participants:applicants")


def calendar(n: int) -> Built:
    group = world.make_group()
    for place in backwards(n):
        day = clock.today() + timedelta(days=1 + place)
        world.make_meeting(group, day, activity=mark(place))
    return world.make_worker(group), reverse("groups:calendar")


def groups(n: int) -> Built:
    """The first has nothing planned; of the others the meeting that comes first."""
    user = world.make_staff("Fleur Jansen")
    organisation = world.make_organisation()
    for place in backwards(n):
        group = world.make_group(name=mark(place), organisation=organisation)
        world.give_role(user, Role.YOUTH_WORKER, group=group)
        if place:
            world.make_meeting(group, clock.today() + timedelta(days=place))
    return user, reverse("groups:list")


def register(n: int) -> Built:
    """By function; the last one has the last function."""
    group = world.make_group()
    user = world.make_worker(group)
    for place in backwards(n):
        keep_referrer(
            organisation=group.location.organisation,
            function=Referrer.Function.GP if place == n - 1 else Referrer.Function.MENTOR,
            name=("Aap " if place == n - 1 else "") + mark(place),
            workplace="Het College",
            email=f"mentor{place}@school.example",
            phone="0612345678",
            by=user,
        )
    return user, reverse("participants:register")


def recusals(n: int) -> Built:
    """Of the first one nobody is left."""
    group = world.make_group()
    fleur, sem = world.make_worker(group), world.make_worker(group, "Sem de Boer")
    for place in backwards(n):
        name = ("Zz " if place == 0 else "") + mark(place)
        stay = world.make_trajectory(
            group=group, phase="signed_up", call_name=name, with_account=False
        )
        for worker in (fleur, sem) if place == 0 else (fleur,):
            Recusal.objects.create(
                participant=stay.participant, worker=worker, at=clock.now(), said_by="worker"
            )
    return world.make_coordinator(group.location.region), reverse("participants:recusals")


def policies(n: int) -> Built:
    """The first one asks something else than the usual."""
    for place in backwards(n):
        fields = (
            {"consent_policy": "informed", "consent_basis": "Afspraak 12"} if place == 0 else {}
        )
        world.make_organisation(("Zz " if place == 0 else "") + mark(place), **fields)
    return world.make_national(Role.FOUNDATION), reverse("participants:policies")


def own_terms(n: int) -> Built:
    """The first one keeps longest."""
    for place in backwards(n):
        RetentionRule.objects.create(
            record_class="stay",
            organisation=world.make_organisation(mark(place)),
            months=110 - place,
        )
    return world.make_national(Role.FOUNDATION), reverse("home:retention")


def demand(n: int) -> Built:
    month = clock.today().replace(day=1)
    for place in backwards(n):
        InterestCount.objects.create(
            month=month, municipality=world.make_municipality(mark(place)), times=100 - place
        )
    return world.make_national(Role.QUALITY_COORDINATOR), reverse("participants:demand")


def time_line(n: int) -> Built:
    """Newest first."""
    stay = world.make_trajectory(group=world.make_group(), phase="intake", with_account=False)
    user = world.worker_of(stay)
    for place in backwards(n):
        ContactAttempt.objects.create(
            trajectory=stay,
            about="first_contact",
            outcome="no_answer",
            by=user,
            at=clock.now() - timedelta(hours=1 + place),
            note=mark(place),
        )
    return user, reverse("home:time_line", args=[stay.pk])


def other_groups(n: int) -> Built:
    """The first one fits the age, the second is in the same house."""
    organisation = world.make_organisation()
    here = world.make_group(organisation=organisation)
    stay = world.make_participating(here, since=clock.today() - timedelta(days=60), age=14)
    for place in backwards(n):
        band = {} if place == 0 else {"age_from": 17, "age_until": 23}
        group = world.make_group(
            name=("Zz " if place < 2 else "") + mark(place), organisation=organisation, **band
        )
        if place == 1:
            group.location = here.location
            group.save(update_fields=["location"])
    return world.worker_of(stay), reverse("groups:move", args=[stay.pk])


def groups_of_the_place(n: int) -> Built:
    """Those that fit the age; the last one is full."""
    town = world.make_municipality()
    here = world.make_group(municipality=town)
    stay = world.make_trajectory(
        group=here, phase="signed_up", municipality=town, with_account=False
    )
    for place in backwards(n):
        world.make_group(
            name=("Aa " if place == n - 1 else "") + mark(place),
            municipality=town,
            state="full" if place == n - 1 else "open",
        )
    return world.worker_of(stay), reverse("participants:applicant", args=[stay.pk])


def who_walks_in(n: int) -> Built:
    """Who left the group last stands first."""
    group = world.make_group()
    for place in backwards(n):
        left = clock.today() - timedelta(days=10 + place)
        world.make_trajectory(
            group=group,
            phase="former",
            call_name=mark(place),
            ended_on=left,
            exited_on=left,
            exit_kind="goal",
            with_account=False,
        )
    meeting = world.make_tonight(group)
    return world.make_worker(group), reverse("groups:walk_in", args=[meeting.pk])


#: The session and the person: asked on every page.
SHELL = 2

LISTS: tuple[LongList, ...] = (
    LongList("sign-ups of a worker", "participants/applicants.html", sign_ups, 5, of_people=True),
    LongList(
        "sign-ups of a coordinator", "participants/applicants.html", sign_ups_of_groups, 6, True
    ),
    LongList("calendar", "groups/calendar_staff.html", calendar, 2),
    LongList("groups", "groups/groups.html", groups, 2),
    LongList("referrers", "participants/referrers/register.html", register, 6),
    LongList("who stays out", "participants/recusals.html", recusals, 7, of_people=True),
    LongList("consent policies", "participants/policies/list.html", policies, 2),
    LongList("own terms", "home/retention.html", own_terms, 4),
    LongList("demand", "participants/demand.html", demand, 3),
    LongList("time line", "home/time_line.html", time_line, 19, of_people=True),
    LongList("who walks in", "groups/walk_in.html", who_walks_in, 5, of_people=True),
    LongList("another group", "groups/move.html", other_groups, 6),
    LongList("another group to begin in", "participants/applicant.html", groups_of_the_place, 13),
)

ONE_PERSON = "of one person"
ONE_GROUP = "of one group: at most fifteen people, two workers and their meetings"
DRAWING = "a drawing for who builds the pages"
#: Pages of professionals with a loop that stays short, and why.
SHORT: dict[str, str] = {
    "challenges/hypotheses/of_stay.html": ONE_PERSON,
    "challenges/hypotheses/one.html": "what one hypothesis rests on, and at most five challenges",
    "challenges/hypotheses/write.html": ONE_PERSON,
    "challenges/observations/observe.html": ONE_GROUP,
    "challenges/observations/of_stay.html": "of one person, in pages, the newest first",
    "challenges/observations/remembered.html": "the own lines of one week",
    "challenges/observations/whom.html": ONE_GROUP,
    "challenges/of_group.html": ONE_GROUP,
    "challenges/preparing/on_paper.html": ONE_GROUP,
    "challenges/preparing/prepare.html": ONE_GROUP,
    "challenges/support/at_meeting.html": "a dozen forms, and what was used at one meeting",
    "challenges/support/form.html": "the fields of a form",
    "challenges/support/forms.html": "the forms of the manual: a dozen or two",
    "challenges/support/of_stay.html": ONE_PERSON,
    "challenges/talks/evaluate.html": "the last six times of one person, and at most five others",
    "challenges/talks/talk.html": "at most five challenges of one person",
    "challenges/of_stay.html": ONE_PERSON,
    "challenges/thread/discuss.html": "four things a name can still stand in",
    "home/thread.html": "of one person: what is tried now, and not settled",
    "groups/activities/fundings.html": "the last hundred of one group; exceptional cases (R-098)",
    "groups/activities/stops.html": "where one group was during one meeting",
    "groups/beforehand.html": ONE_GROUP,
    "groups/correct_confirm.html": ONE_PERSON,
    "groups/correct.html": ONE_PERSON,
    "groups/door.html": "the four questions about one place",
    "groups/emergency_contacts.html": ONE_GROUP,
    "groups/farewell/worker.html": ONE_GROUP,
    "groups/help.html": ONE_GROUP,
    "groups/group.html": ONE_GROUP,
    "groups/logbook.html": ONE_GROUP,
    "groups/logbook_read.html": ONE_GROUP,
    "groups/meeting.html": ONE_GROUP,
    "groups/person.html": "the states of one person's attendance",
    "groups/role_model.html": ONE_PERSON,
    "groups/room/group_chat.html": ONE_GROUP,
    "groups/room/room.html": "in pages of twenty: the newest first, tests/groups/room go in",
    "groups/room/room_post.html": "the reports of one post",
    "groups/room/room_topic.html": "in pages of thirty, the last one first",
    "groups/told.html": ONE_GROUP,
    "groups/trial.html": ONE_PERSON,
    "groups/year_plan/plan.html": "the days of one season of one group",
    "home/close.html": ONE_PERSON,
    "home/closed.html": ONE_PERSON,
    "home/details.html": ONE_PERSON,
    "home/file.html": ONE_PERSON,
    "home/messages.html": "the oldest hundred of each kind; what is settled leaves the page",
    "home/regional.html": "a start page: tests/home holds it",
    "home/waiting.html": "what waits for one worker, in pages: tests/home holds it",
    "home/worker.html": "a start page: tests/home holds it",
    "mfa/recovery_codes/index.html": "ten codes",
    "participants/care_concern.html": ONE_PERSON,
    "participants/care_concerns.html": ONE_PERSON,
    "participants/hand_code.html": ONE_PERSON,
    "participants/hand_over.html": ONE_PERSON,
    "participants/intake.html": "the criteria of the talk, and what was asked about one person",
    "participants/leaving/parents.html": ONE_PERSON,
    "participants/leaving/talk.html": ONE_PERSON,
    "participants/parents/asking.html": ONE_PERSON,
    "participants/policies/policy.html": "how often one organisation changed what it asks",
    "participants/reach.html": ONE_PERSON,
    "participants/referrers/of_person.html": ONE_PERSON,
    "participants/rights/complaint.html": ONE_PERSON,
    "participants/rights/requests.html": ONE_PERSON,
    "participants/stay_out.html": "the workers of one group",
    "questionnaires/aftercare.html": ONE_PERSON,
    "questionnaires/answers.html": ONE_PERSON,
    "style/evening.html": DRAWING,
    "style/index.html": DRAWING,
    "style/worker.html": DRAWING,
}

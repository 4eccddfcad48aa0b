"""What the young person gets at once and alone: own details, parents as entered, breaks asked."""

from dataclasses import replace

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.audit import who_looked
from core.mailbox import shown as address_shown
from core.privacy import Fact, Person, Section
from core.telephone import shown as number_shown
from participants.models import (
    Agreement,
    CallWish,
    Complaint,
    ComplaintStep,
    DataRequest,
    ExitAgreement,
    ExitTalk,
    Guardian,
    HomeSilence,
    KnowsSomebody,
    Participant,
    PauseWish,
    PhaseChange,
    Recusal,
    Trajectory,
)
from participants.parents.guardians import Relation
from participants.referrers import privacy as referrer_data
from participants.signup.choices import HEARD_FROM, WHEN, shown

#: Sections, and facts of others, that a package is without where home may not know (R-346).
OF_HOME = ("parents", "silence")
FACTS_OF_HOME = ("not_at_home",)


def sections(person: Person) -> list[Section]:
    """Everything that goes out at once, in the order in which it is read."""
    who = Participant.objects.select_related("municipality").get(pk=person.participant_id)
    stays = Trajectory.objects.filter(pk__in=person.trajectory_ids).select_related("group")
    return [
        Section("person", _("About you"), [details(who)], order=10),
        Section("parents", _("Your parents, as you wrote them down"), parents(who), order=30),
        Section("silence", _("Home may not know this"), silences(who), order=31),
        Section(
            "stays",
            _("Your time at Join Us"),
            [_stay(stay) for stay in stays.order_by("signed_up_at")],
            order=40,
        ),
        Section("knows", _("Whom you know here"), _known(person), order=42),
        Section(
            "agreements",
            _("What you agreed to"),
            [
                [
                    Fact("subject", _("About"), row.get_subject_display()),
                    Fact("text", _("Text"), row.text.title),
                    Fact("version", _("Version"), row.text.version),
                    Fact("given", _("Yes on"), row.given_at),
                    Fact("taken_back", _("Taken back on"), row.withdrawn_at),
                ]
                for row in Agreement.objects.filter(
                    trajectory__in=person.trajectory_ids
                ).select_related("text")
            ],
            order=45,
        ),
        referrer_data.section(person),
        Section("requests", _("What you asked about your data"), _asked(person), order=85),
        Section("told", _("What you told that is not okay"), _told(person), order=86),
        pauses(person),
        calls(person),
        Section(
            "leaving",
            _("Going on by yourself"),
            [
                *[_talk(row) for row in ExitTalk.objects.filter(trajectory__in=stays)],
                *[
                    [Fact("to_learn", _("What I still want to learn"), row.text)]
                    for row in ExitAgreement.objects.filter(trajectory__in=stays)
                ],
            ],
            order=50,
        ),
    ]


def without_home(section: Section) -> Section:
    telling = {str(who_looked.WORDS[record]) for record in who_looked.OF_HOME}
    return replace(
        section,
        entries=[
            [
                replace(one, value=str(who_looked.SOMETHING)) if one.value in telling else one
                for one in entry
                if one.key not in FACTS_OF_HOME
            ]
            for entry in section.entries
        ],
    )


def silences(who: Participant) -> list[list[Fact]]:
    """What the young person said in one tap; not what came out of the talk."""
    return [
        [
            Fact("said_at", _("You said so on"), row.said_at),
            Fact("talked_at", _("Talked about on"), row.talked_at),
            Fact("ended_at", _("Undone on"), row.ended_at),
        ]
        for row in HomeSilence.objects.filter(participant=who)
    ]


def details(who: Participant) -> list[Fact]:
    return [
        Fact("call_name", _("Call name"), who.call_name),
        Fact("full_name", _("Name"), who.full_name),
        Fact("pronouns", _("Pronouns"), who.pronouns),
        Fact("birth_date", _("Date of birth"), who.birth_date),
        Fact("municipality", _("Municipality"), who.municipality.name),
        Fact("postcode", _("Postcode"), who.postcode),
        Fact("address", _("Address"), who.address),
        Fact("emergency_name", _("Who we call when something happens"), who.emergency_name),
        Fact("emergency_phone", _("Their telephone"), number_shown(who.emergency_phone)),
        Fact("since", _("Known since"), who.created_at),
    ]


def parents(who: Participant) -> list[list[Fact]]:
    """As the young person entered them; not what a parent answered or asked."""
    rows = Guardian.objects.filter(participant=who).select_related("contact")
    return [
        [
            Fact("name", _("Name"), row.contact.name),
            Fact("relation", _("Relation"), shown(row.relation, Relation.choices)),
            Fact("email", _("E-mail address"), address_shown(row.contact.email)),
            Fact("phone", _("Telephone"), number_shown(row.contact.phone)),
            Fact("entered", _("Written down on"), row.entered_at),
        ]
        for row in rows
    ]


def pauses(person: Person) -> Section:
    rows = PauseWish.objects.filter(trajectory__in=person.trajectory_ids)
    return Section(
        "pauses",
        _("Breaks you asked for"),
        [
            [
                Fact("asked_at", _("When"), row.asked_at),
                Fact("why", _("Why"), row.why),
                Fact("back_on", _("Until"), row.back_on),
                Fact("outcome", _("Outcome"), row.get_outcome_display()),
            ]
            for row in rows
        ],
        order=47,
    )


def calls(person: Person) -> Section:
    rows = CallWish.objects.filter(trajectory__in=person.trajectory_ids)
    return Section(
        "call_wishes",
        _("When you asked us to call"),
        [
            [
                Fact("asked_at", _("When"), row.asked_at),
                Fact("outcome", _("Outcome"), row.get_outcome_display()),
            ]
            for row in rows
        ],
        order=48,
    )


def _told(person: Person) -> list[list[Fact]]:
    """For the young person alone: never part of what a worker reads together."""
    rows = Complaint.objects.filter(trajectory__in=person.trajectory_ids).select_related("to")
    return [
        [
            Fact("to", _("To"), row.to.name),
            Fact("told_at", _("When"), row.told_at),
            Fact("words", _("What you said"), row.words),
            *[
                Fact(step.kind, str(step.get_kind_display()), step.words)
                for step in row.steps.exclude(kind=ComplaintStep.Kind.NOTE)
            ],
        ]
        for row in rows
    ]


def _asked(person: Person) -> list[list[Fact]]:
    return [
        [
            Fact("kind", _("What"), row.get_kind_display()),
            Fact("asked", _("Asked on"), row.asked_at),
            Fact("words", _("What you said"), row.words),
            Fact("outcome", _("What we did"), row.get_outcome_display()),
            Fact("answer", _("Answer"), row.answer),
            Fact("answered", _("Answered on"), row.answered_at),
        ]
        for row in DataRequest.objects.filter(trajectory__in=person.trajectory_ids, asker="self")
    ]


def _talk(row: ExitTalk) -> list[Fact]:
    """What the participant said; the worker's note is given on request."""
    return [
        Fact("held_on", _("Talk about leaving"), row.held_on),
        Fact("challenge_reached", _("Reaching the challenge"), row.challenge_reached),
        Fact("satisfied", _("The own contacts"), row.satisfied),
        Fact("ready", _("I can go on by myself"), row.ready),
    ]


def _known(person: Person) -> list[list[Fact]]:
    """Youth workers who read nothing about you, and somebody in the group."""
    out = Recusal.objects.filter(participant=person.participant_id).select_related("worker")
    somebody = KnowsSomebody.objects.filter(trajectory__in=person.trajectory_ids)
    return [
        [
            Fact("worker", _("Reads nothing about you"), row.worker.first_name),
            Fact("since", _("Since"), row.at),
            Fact("until", _("Until"), row.ended_at),
        ]
        for row in out
    ] + [
        [
            Fact("note", _("Somebody in the group"), row.note or _("yes")),
            Fact("since", _("Since"), row.at),
        ]
        for row in somebody
    ]


def _stay(stay: Trajectory) -> list[Fact]:
    moves = PhaseChange.objects.filter(trajectory=stay)
    return [
        Fact("group", _("Group"), stay.group.name if stay.group else ""),
        Fact("signed_up", _("Signed up"), stay.signed_up_at),
        Fact("heard_from", _("How you heard about us"), shown(stay.heard_from, HEARD_FROM)),
        Fact("told_by", _("Who told you about us"), stay.told_by),
        Fact("channel", _("The link you followed"), stay.get_channel_display()),
        Fact("first_contact_by", _("First contact"), stay.get_first_contact_by_display()),
        Fact("first_contact_when", _("When that suited you"), shown(stay.first_contact_when, WHEN)),
        Fact(
            "first_contact_with",
            _("Who you would rather hear from"),
            stay.first_contact_with.first_name if stay.first_contact_with else "",
        ),
        Fact("waiting_since", _("On the waiting list since"), stay.waiting_since),
        Fact("first_talk", _("First talk"), stay.screened_on),
        Fact("taking_part_since", _("Takes part since"), stay.definitive_on),
        Fact("last_evening", _("Last evening"), stay.last_meeting_on),
        Fact("ended", _("Ended"), stay.ended_on),
        *[Fact(move.to_phase, capfirst(move.get_to_phase_display()), move.at) for move in moves],
    ]

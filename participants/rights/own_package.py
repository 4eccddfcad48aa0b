"""What the young person gets at once and alone: own details, parents as entered, breaks asked."""

from dataclasses import replace

from django.utils.translation import gettext as _

from core.audit import who_looked
from core.mailbox import shown as address_shown
from core.privacy import Fact, Person, Section
from core.telephone import shown as number_shown
from participants.models import CallWish, Guardian, HomeSilence, Participant, PauseWish
from participants.parents.guardians import Relation
from participants.signup.choices import shown

#: Sections, and facts of others, that a package is without where home may not know (R-346).
OF_HOME = ("parents", "silence")
FACTS_OF_HOME = ("not_at_home",)


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

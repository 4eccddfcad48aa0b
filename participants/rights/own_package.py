"""What the young person gets at once and alone: own details, parents as entered, breaks asked."""

from django.utils.translation import gettext as _

from core.mailbox import shown as address_shown
from core.privacy import Fact, Person, Section
from core.telephone import shown as number_shown
from participants.models import CallWish, Guardian, Participant, PauseWish
from participants.parents.guardians import Relation
from participants.signup.choices import shown


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

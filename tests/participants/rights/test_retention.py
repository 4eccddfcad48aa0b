"""trust.md 12: retention per record class and organisation, dry run first."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from core import clock
from core.accounts.roles import Role
from core.errors import RuleBroken
from core.messaging.models import Contact, Message
from core.months import add_months
from core.organisations import retention
from core.organisations.models import RetentionRule
from joinus.home.reference import load_reference
from participants.complaints import complaints
from participants.models import Complaint, DataRequest, InterestRegistration, Participant
from participants.rights import requests as data_requests
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_file(settings, tmp_path):
    settings.ERASURES_FILE = str(tmp_path / "erasures.jsonl")


def purge(*options: str) -> str:
    out = StringIO()
    call_command("purge_expired", *options, stdout=out)
    return out.getvalue()


def ended(months: int, group=None, **fields):
    """Somebody whose stay was closed so many months ago."""
    day = add_months(clock.today(), -months)
    fields = {"exit_kind": "other", "exited_on": day, "phase": "former"} | fields
    return world.make_trajectory(
        group=group or world.make_group(), ended_on=day, definitive_on=day, **fields
    )


def is_erased(stay) -> bool:
    return Participant.objects.get(pk=stay.participant_id).erased_at is not None


@pytest.mark.req_part("R-101")
def test_a_stay_is_erased_on_the_day_its_term_is_over_and_not_the_day_before():
    over, almost = ended(24), ended(23)
    purge()
    assert is_erased(over)
    assert not is_erased(almost)


def test_a_dry_run_counts_and_changes_nothing():
    stay = ended(30, call_name="Kanariena")
    said = purge("--dry-run")
    assert "stay: 1" in said
    assert "1 would go" in said
    assert "Kanariena" not in said
    assert str(stay.participant_id) not in said
    assert not is_erased(stay)
    assert "1 went" in purge()
    assert "0 went" in purge()


@pytest.mark.req_part("R-101")
def test_an_organisation_can_keep_shorter_than_the_others():
    foundation = world.make_national(Role.FOUNDATION)
    group = world.make_group()
    retention.set_retention(
        record_class="stay", months=6, organisation=group.location.organisation, by=foundation
    )
    here, elsewhere = ended(7, group), ended(7)
    purge()
    assert is_erased(here)
    assert not is_erased(elsewhere)


@pytest.mark.req_part("R-101")
@pytest.mark.parametrize("own", [6, 36], ids=["shorter", "longer"])
@pytest.mark.parametrize("record_class", ["stay", "sign_up", "data_request"])
def test_every_term_that_can_differ_follows_the_organisation_the_dry_run_too(record_class, own):
    """Nineteen months ago: over on one of the two terms, not on the other."""
    foundation = world.make_national(Role.FOUNDATION)
    for key in ("stay", "sign_up", "data_request"):
        retention.set_retention(record_class=key, months=18 if own == 36 else 24, by=foundation)
    group = world.make_group(age_until=20)
    retention.set_retention(
        record_class=record_class,
        months=own,
        organisation=group.location.organisation,
        by=foundation,
    )
    here, elsewhere = (_nineteen_months_ago(record_class, g) for g in (group, world.make_group()))
    assert f"{record_class}: 1\n" in purge("--dry-run")
    purge()
    assert (_is_gone(record_class, here), _is_gone(record_class, elsewhere)) == (
        own == 6,
        own == 36,
    )


def _nineteen_months_ago(record_class, group):
    if record_class == "stay":
        return ended(19, group)
    day = add_months(clock.today(), -19)
    if record_class == "sign_up":
        return world.make_trajectory(group=group, phase="withdrawn", ended_on=day)
    worker = world.make_worker(group)
    stay = world.make_participating(group, since=clock.today(), age=17)
    with clock.travel(clock.at(day, 12)):
        row = data_requests.ask(
            trajectory=stay, kind="correction", words="naam", by=stay.participant.user
        )
        data_requests.answer(request=row, outcome="done", words="ja", by=worker)
    return stay


def _is_gone(record_class, stay):
    if record_class == "data_request":
        return DataRequest.objects.get(trajectory=stay).words == ""
    return is_erased(stay)


@pytest.mark.req("R-035")
def test_registrations_of_interest_have_a_term_of_their_own_on_the_page_and_in_the_dry_run(client):
    """The dry run says what goes, the night's sweep and the clean-up follow the same term."""
    day = clock.today()

    def kept_since(months):
        return InterestRegistration.objects.create(
            contact=world.create_contact(name="", email=f"pim{months}@example.org"),
            municipality=world.make_municipality(),
            age=15,
            registered_on=add_months(day, -months),
        )

    over, almost = kept_since(12), kept_since(11)
    foundation = world.make_national(Role.FOUNDATION)
    client.force_login(foundation)
    page = client.get(reverse("home:retention")).content.decode()
    assert "wil horen wanneer" in page or "wants to hear when" in page
    assert "interest: 1\n" in purge("--dry-run")
    assert InterestRegistration.objects.count() == 2
    world.swept("interest_news", "interest_over", day=day)
    assert set(InterestRegistration.objects.all()) == {almost}
    assert not Contact.objects.filter(pk=over.contact_id).exists()
    assert (
        client.post(
            reverse("home:retention"), {"record_class": "interest", "months": "6"}
        ).status_code
        == 302
    )
    assert "interest: 1\n" in purge("--dry-run")
    assert "interest: 1\n" in purge()
    assert not InterestRegistration.objects.exists()


def test_who_never_took_part_goes_sooner():
    day = add_months(clock.today(), -12)
    early = world.make_trajectory(phase="withdrawn", ended_on=day)
    purge()
    assert is_erased(early)


def test_nobody_goes_who_takes_part_again_or_asked_something():
    back = ended(30)
    world.make_trajectory(participant=back.participant, phase="participating")
    asks = ended(30)
    data_requests.ask(trajectory=asks, kind="copy", by=asks.participant.user)
    purge()
    assert not is_erased(back)
    assert not is_erased(asks)


def test_interest_messages_and_answered_words_go_each_on_their_term():
    long_ago = clock.today() - timedelta(days=800)
    contact = world.create_contact(name="Pim", email="pim@example.org")
    InterestRegistration.objects.create(
        contact=contact, municipality=world.make_municipality(), age=15, registered_on=long_ago
    )
    group = world.make_group(age_until=20)
    world.make_worker(group)
    to = world.make_coordinator(group.location.region)
    stay = world.make_participating(group, since=clock.today(), age=17)
    me = stay.participant.user
    with clock.travel(long_ago):
        told = complaints.tell(trajectory=stay, to=to, words="iets", by=me)
        complaints.answer(complaint=told, words="dank", by=to)
        complaints.close(complaint=told, by=to)
        row = data_requests.ask(trajectory=stay, kind="correction", words="naam", by=me)
        data_requests.answer(request=row, outcome="done", words="ja", by=to)
    Message.objects.update(state="sent")
    purge()
    assert not InterestRegistration.objects.exists()
    assert not Contact.objects.filter(pk=contact.pk).exists()
    assert {m.params == {} for m in Message.objects.all()} == {True}
    assert DataRequest.objects.get().words == ""
    assert Complaint.objects.get().words == ""
    assert not is_erased(stay)


def test_open_words_and_waiting_messages_stay():
    group = world.make_group(age_until=20)
    to = world.make_coordinator(group.location.region)
    stay = world.make_participating(group, since=clock.today(), age=17)
    with clock.travel(clock.today() - timedelta(days=1000)):
        complaints.tell(trajectory=stay, to=to, words="iets", by=stay.participant.user)
    purge()
    assert Complaint.objects.get().words == "iets"
    assert Message.objects.get().params


def test_the_shipped_terms_are_loaded_once_and_a_changed_one_stays():
    load_reference()
    assert RetentionRule.objects.count() == len(retention.CLASSES)
    foundation = world.make_national(Role.FOUNDATION)
    retention.set_retention(record_class="stay", months=36, by=foundation)
    load_reference()
    assert retention.terms().of("stay") == 36
    assert RetentionRule.objects.count() == len(retention.CLASSES)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"months": 0}, "months_out_of_range"),
        ({"months": 121}, "months_out_of_range"),
        ({"record_class": "everything"}, "unknown_class"),
    ],
)
def test_a_term_has_its_bounds(wrong, code):
    foundation = world.make_national(Role.FOUNDATION)
    with pytest.raises(RuleBroken) as no:
        retention.set_retention(
            **({"record_class": "stay", "months": 12, "by": foundation} | wrong)
        )
    assert no.value.code == code


@pytest.mark.req_part("R-101")
@pytest.mark.parametrize(
    "record_class", [one.key for one in retention.CLASSES if not one.per_organisation]
)
def test_a_term_that_is_one_for_all_has_no_exception(client, record_class):
    organisation = world.make_organisation()
    client.force_login(world.make_national(Role.FOUNDATION))
    own = {"record_class": record_class, "months": "2", "organisation": str(organisation.pk)}
    assert client.post(reverse("home:retention"), own).status_code == 422
    assert not RetentionRule.objects.filter(organisation=organisation).exists()


@pytest.mark.req_part("R-101")
def test_the_foundation_sets_terms_on_its_page_and_nobody_else(client):
    foundation = world.make_national(Role.FOUNDATION)
    organisation = world.make_organisation("Welzijn Rijn")
    page = reverse("home:retention")
    client.force_login(foundation)
    assert client.get(page).status_code == 200
    assert client.post(page, {"record_class": "stay", "months": "999"}).status_code == 422
    client.post(
        page, {"record_class": "stay", "months": "18", "organisation": str(organisation.pk)}
    )
    assert retention.terms().of("stay", organisation.pk) == 18
    rule = RetentionRule.objects.get(organisation=organisation)
    (line,) = client.get(page).context["page"]
    assert (line.organisation, line.months, line.usual) == ("Welzijn Rijn", 18, 24)
    assert client.post(page, {"act": "drop", "rule": "geen-nummer"}).status_code == 404
    client.post(page, {"act": "drop", "rule": str(rule.pk)})
    assert retention.terms().of("stay", organisation.pk) == 24
    client.force_login(world.make_worker(world.make_group()))
    assert client.post(page, {"record_class": "stay", "months": "1"}).status_code == 403
    assert retention.terms().of("stay") == 24

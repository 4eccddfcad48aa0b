"""Signing up: the check that stores nothing, the short form, and who hears of it."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, models
from django.test import Client

from core import clock
from core.ages import birthday
from core.messaging.models import Contact, Message
from core.organisations.models import Group, Municipality
from core.organisations.places import four_digits, where
from participants.models import (
    InterestRegistration,
    Participant,
    PhaseChange,
    ReturnException,
    Trajectory,
    TurnedAway,
)
from participants.signup import sign_up as signup
from participants.stay.no_messages import send_nothing_more
from tests.participants.signup.build import (
    CHECK,
    CHECKED,
    INTEREST,
    SIGN_UP,
    SIGNED_UP,
    answer_to,
    form,
)
from tests.world import (
    make_coordinator,
    make_group,
    make_municipality,
    make_region,
    make_staff,
    make_trajectory,
    make_worker,
    waiting,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    return make_municipality("Voorbeeldstad", pc4="3511", region=make_region("Utrecht"))


@pytest.fixture
def group(town: Municipality) -> Group:
    return make_group(municipality=town, region=town.region, age_from=12, age_until=16)


def rows() -> dict[str, int]:
    """How many rows with personal data there are."""
    kept: tuple[type[models.Model], ...] = (
        Participant,
        Trajectory,
        Contact,
        PhaseChange,
        InterestRegistration,
        Message,
    )
    return {m.__name__: m._default_manager.count() for m in kept}


# ---- The check --------------------------------------------------------------


@pytest.mark.req("R-039", "R-040")
def test_the_check_says_yes_and_stores_nothing(client: Any, group: Group) -> None:
    before = rows()
    page = answer_to(client, "15", "Voorbeeldstad")
    assert page.status_code == 200
    assert "participants/check.html" in [t.name for t in page.templates]
    assert page.context["outcome"].answer == "welcome"
    assert rows() == before
    assert not TurnedAway.objects.exists()


@pytest.mark.req("R-040")
@pytest.mark.parametrize(("age", "answer"), [(11, "too_young"), (31, "too_old")])
def test_12_to_30_inclusive(town: Municipality, age: int, answer: str) -> None:
    make_group(municipality=town, age_from=12, age_until=30)
    assert signup.check(municipality=town, age=12).answer == "welcome"
    assert signup.check(municipality=town, age=30).answer == "welcome"
    assert signup.check(municipality=town, age=age).answer == answer


@pytest.mark.req("R-039")
def test_outside_every_work_area_there_is_no_sign_up(group: Group) -> None:
    elsewhere = make_municipality("Verweg")
    assert signup.check(municipality=elsewhere, age=14).answer == "outside_area"
    assert signup.groups_for(elsewhere, birthday(clock.today(), -14), clock.today()) == []


@pytest.mark.req("R-041")
def test_only_groups_of_this_place_and_age_are_offered(town: Municipality, group: Group) -> None:
    make_group(municipality=town, age_from=17, age_until=30)
    make_group(municipality=make_municipality("Verweg"), age_from=12, age_until=16)
    assert list(signup.check(municipality=town, age=14).groups) == [group]


@pytest.mark.req("R-049")
def test_a_birthday_belongs_to_one_band_per_location(town: Municipality) -> None:
    younger = make_group(municipality=town, age_from=12, age_until=18)
    older = make_group(municipality=town, age_from=18, age_until=25)
    elsewhere = make_group(municipality=town, age_from=12, age_until=18)
    older.location = younger.location
    older.save()
    assert set(signup.check(municipality=town, age=18).groups) == {older, elsewhere}
    assert set(signup.check(municipality=town, age=17).groups) == {younger, elsewhere}


@pytest.mark.req("R-041")
@pytest.mark.parametrize("age", ["11", "31", "20"])
def test_a_refusal_has_a_kind_next_step(client: Any, group: Group, age: str) -> None:
    page = answer_to(client, age)
    html = page.content.decode()
    assert page.status_code == 200
    assert not page.context["outcome"].can_sign_up
    assert "<li>" in html.split('id="content"')[1]
    assert "/aanmelden/" not in html


@pytest.mark.req("R-044")
def test_a_refusal_counts_month_reason_and_region_only(client: Any, group: Group) -> None:
    before = rows()
    for _ in range(2):
        client.post(CHECK, {"place": "3511", "age": "31"})
    client.post(CHECK, {"place": "3511", "age": "11"})
    assert rows() == before
    counted = {(t.month, t.reason, t.region.name, t.times) for t in TurnedAway.objects.all()}
    month = clock.today().replace(day=1)
    assert counted == {(month, "too_old", "Utrecht", 2), (month, "too_young", "Utrecht", 1)}
    assert {f.name for f in TurnedAway._meta.get_fields()} == {
        "id",
        "month",
        "reason",
        "region",
        "times",
    }


@pytest.mark.req("R-039")
def test_a_postcode_in_two_municipalities_asks_which(client: Any, group: Group) -> None:
    other = make_municipality("Buurstad", pc4="3511")
    page = client.post(CHECK, {"place": "3511", "age": "14"})
    assert page.status_code == 422
    assert "Buurstad" in page.content.decode()
    assert "Voorbeeldstad" in page.content.decode()
    page = answer_to(client, "14", municipality=other.cbs_code)
    assert page.context["outcome"].answer == "outside_area"


@pytest.mark.parametrize(
    "bad",
    [
        {"place": "", "age": "14"},
        {"place": "Nergenshuizen", "age": "14"},
        {"place": "3511", "age": "veertien"},
        {"place": "3511", "age": "9" * 5000},
        {"place": "3511", "age": "-1"},
        {"place": "35\x0011", "age": "14"},
        {"place": "x" * 5000, "age": "14"},
    ],
)
def test_bad_input_in_the_check_is_answered_at_the_field(
    client: Any, group: Group, bad: dict[str, str]
) -> None:
    page = client.post(CHECK, bad)
    assert page.status_code == 422
    assert page.context["form"].errors
    assert not TurnedAway.objects.exists()


# ---- Places -----------------------------------------------------------------


@pytest.mark.parametrize("typed", ["voorbeeldstad", " Voorbeeldstad ", "3511", "3511AB", "3511 ab"])
def test_a_place_is_found_however_it_is_typed(town: Municipality, typed: str) -> None:
    assert where(typed) == [town]


def test_accents_and_hyphens_do_not_matter() -> None:
    there = make_municipality("Súdwest-Fryslân")
    assert where("sudwest fryslan") == [there]


def test_a_municipality_that_was_merged_is_no_longer_offered(town: Municipality) -> None:
    town.valid_until = date(2024, 12, 31)
    town.save()
    assert where("3511", date(2024, 12, 31)) == [town]
    assert where("3511", date(2025, 1, 1)) == []


@pytest.mark.parametrize(("typed", "pc4"), [("1234 AB", "1234"), ("0123", ""), ("12345", "")])
def test_a_postcode_is_four_figures(typed: str, pc4: str) -> None:
    assert four_digits(typed) == pc4


# ---- The form ---------------------------------------------------------------


@pytest.mark.req("R-042", "R-046")
def test_for_whom_it_is_stands_before_the_form(client: Any, group: Group) -> None:
    html = client.get(SIGN_UP).content.decode()
    assert html.index("12") < html.index("<form class")
    assert "participants/_what_it_is.html" in [t.name for t in client.get(SIGN_UP).templates]
    for word in ("indicatie", "verwijsbrief", "eenzaam", "lonely"):
        assert word not in html.lower()


def test_the_short_form_becomes_a_stay(client: Any, group: Group) -> None:
    page = client.post(SIGN_UP, form())
    assert page.status_code == 302
    assert page.url.startswith(SIGNED_UP)
    stay = Trajectory.objects.get()
    assert (stay.phase, stay.group, stay.first_contact_by) == ("signed_up", group, "app")
    assert stay.heard_from == "friend"
    assert stay.waiting_since is None
    contact = stay.participant.contact
    assert contact.safe_channels == ["email"]
    assert not contact.phone
    assert stay.participant.postcode == "3511"
    assert client.get(page.url).status_code == 200


@pytest.mark.req("R-038")
def test_nobody_signs_up_somebody_else(client: Any, group: Group) -> None:
    page = client.post(SIGN_UP, form(myself=None))
    assert page.status_code == 422
    assert "myself" in page.context["form"].errors
    assert not Trajectory.objects.exists()


@pytest.mark.req("R-043")
def test_how_somebody_heard_of_it_is_not_required(client: Any, group: Group) -> None:
    assert client.post(SIGN_UP, form(heard_from="")).status_code == 302


@pytest.mark.req("R-043")
def test_how_somebody_heard_of_it_is_asked_and_kept(client: Any, group: Group) -> None:
    client.post(CHECK, {"place": "3511", "age": "14"})
    page = client.get(SIGN_UP).content.decode()
    for way in ("self", "school", "gp", "municipality", "parent", "worker", "friend", "media"):
        assert f'value="{way}"' in page.split('name="heard_from"')[1].split("</select>")[0]
    client.post(SIGN_UP, form(heard_from="school"))
    assert Trajectory.objects.get().heard_from == "school"


def test_one_channel_is_enough(client: Any, group: Group) -> None:
    by_phone = form(channel="phone", email=None, phone="06 12 34 56 78")
    assert client.post(SIGN_UP, by_phone).status_code == 302
    contact = Participant.objects.get().contact
    assert (contact.email, contact.phone) == ("", "+31612345678")
    assert contact.safe_channels == ["phone"]


def test_an_address_of_another_channel_is_not_kept(client: Any, group: Group) -> None:
    client.post(SIGN_UP, form(channel="whatsapp", phone="0612345678", email="no@address"))
    assert Participant.objects.get().contact.email == ""


def test_who_reads_along_and_what_home_may_know_is_kept(client: Any, group: Group) -> None:
    client.post(SIGN_UP, form(others_read="yes", home_may_know="no"))
    contact = Participant.objects.get().contact
    assert contact.shared_mailbox
    assert contact.not_at_home


def test_a_call_needs_a_telephone(client: Any, group: Group) -> None:
    page = client.post(SIGN_UP, form(first_contact_by="call"))
    assert "first_contact_by" in page.context["form"].errors
    assert not Trajectory.objects.exists()


# ---- Age and place, once more, on the day itself -----------------------------


@pytest.mark.req("R-040")
@pytest.mark.parametrize("years", [11, 31])
def test_11_and_31_are_refused_by_birth_date(client: Any, group: Group, years: int) -> None:
    before = rows()
    born = birthday(clock.today(), -years) - timedelta(days=1)
    page = client.post(SIGN_UP, form(born=born))
    assert page.status_code == 200
    in_the_tab = client.post(SIGN_UP, form(born=born, **{"in-de-tab": "1"}), follow=True)
    assert in_the_tab.redirect_chain[0][0].startswith(CHECKED)
    assert in_the_tab.context["outcome"].answer == page.context["outcome"].answer
    answer = {11: "too_young", 31: "too_old"}[years]
    assert page.context["outcome"].answer == answer
    assert rows() == before
    assert TurnedAway.objects.get().times == 2


@pytest.mark.req("R-040")
@pytest.mark.parametrize(
    ("born", "day", "accepted"),
    [
        (date(2012, 2, 29), date(2024, 2, 28), False),
        (date(2012, 2, 29), date(2024, 2, 29), True),
        (date(2008, 2, 29), date(2039, 2, 28), True),  # still 30
        (date(2008, 2, 29), date(2039, 3, 1), False),  # 31 on 1 March
        (date(2012, 3, 1), date(2024, 2, 29), False),
    ],
)
def test_a_birthday_on_29_february(
    client: Any, town: Municipality, born: date, day: date, accepted: bool
) -> None:
    make_group(municipality=town, age_from=12, age_until=30)
    with clock.travel(day):
        page = client.post(SIGN_UP, form(born=born))
    assert (page.status_code == 302) is accepted
    assert Trajectory.objects.exists() is accepted


@pytest.mark.req("R-039")
def test_the_action_itself_refuses_who_lives_elsewhere(group: Group) -> None:
    from core.errors import RuleBroken

    with pytest.raises(RuleBroken) as refused:
        signup.sign_up(
            call_name="Bo",
            birth_date=birthday(clock.today(), -14),
            postcode="9999",
            municipality=make_municipality("Verweg"),
            group=group,
            first_contact_by="app",
            email="bo@example.org",
        )
    assert refused.value.code == "outside_area"
    assert not Participant.objects.exists()
    assert not Contact.objects.exists()


@pytest.mark.req("R-041")
def test_the_action_itself_refuses_a_group_of_another_age(town: Municipality, group: Group) -> None:
    from core.errors import RuleBroken

    wrong = make_group(municipality=town, age_from=17, age_until=30)
    with pytest.raises(RuleBroken) as refused:
        signup.sign_up(
            call_name="Bo",
            birth_date=birthday(clock.today(), -14),
            postcode="3511",
            municipality=town,
            first_contact_by="call",
            phone="0612345678",
            safe_channels=["phone"],
            group=wrong,
        )
    assert refused.value.code == "group_does_not_fit"


@pytest.mark.req("R-041")
def test_a_group_that_does_not_fit_cannot_be_chosen_past_the_page(
    client: Any, town: Municipality, group: Group
) -> None:
    second = make_group(municipality=town, age_from=12, age_until=16)
    wrong = make_group(municipality=town, age_from=17, age_until=30)
    page = client.post(SIGN_UP, form(group=str(wrong.pk)))
    assert page.status_code == 422
    assert "group" in page.context["form"].errors
    assert not Trajectory.objects.exists()
    assert client.post(SIGN_UP, form(group=str(second.pk))).status_code == 302
    assert Trajectory.objects.get().group == second


@pytest.mark.req("R-039")
def test_a_postcode_in_two_municipalities_is_asked_at_sign_up_too(
    client: Any, group: Group, town: Municipality
) -> None:
    make_municipality("Buurstad", pc4="3511")
    page = client.post(SIGN_UP, form())
    assert page.status_code == 422
    assert "municipality" in page.context["form"].errors
    assert client.post(SIGN_UP, form(municipality=town.cbs_code)).status_code == 302


# ---- Full, closed -------------------------------------------------------------


@pytest.mark.req("R-045", "R-044")
def test_a_full_group_is_a_dated_waiting_list_and_says_so(client: Any, group: Group) -> None:
    group.state, group.places_taken = "full", 15
    group.save()
    page = client.post(SIGN_UP, form())
    assert Trajectory.objects.get().waiting_since == clock.today()
    assert client.get(page.url).context["waiting"] is True
    assert TurnedAway.objects.get().reason == "group_full"


def test_everything_closed_offers_to_tell_later(client: Any, group: Group) -> None:
    group.state = "closed"
    group.save()
    page = answer_to(client, "14")
    assert page.context["outcome"].answer == "closed"
    kept = {
        "municipality": page.context["municipality"].cbs_code,
        "age": "14",
        "email": "bo@example.org",
    }
    for _ in range(2):
        assert client.post("/laat-het-me-weten/", kept).status_code == 302
    assert InterestRegistration.objects.get().contact.email == "bo@example.org"
    assert not Participant.objects.exists()


# ---- Who hears of it ------------------------------------------------------------


@pytest.mark.req("R-047")
def test_the_groups_workers_have_it_at_once(client: Any, group: Group) -> None:
    fleur, sem = make_worker(group), make_worker(group, "Sem de Boer")
    make_worker(make_group(), "Someone Else")
    client.post(SIGN_UP, form())
    mails = Message.objects.filter(template="new_sign_up")
    assert {m.contact_id for m in mails} == {fleur.contact_id, sem.contact_id}
    assert {m.urgency for m in mails} == {"immediate"}
    assert all("Bo" not in str(m.params) for m in mails)


@pytest.mark.req("R-047")
def test_without_a_worker_the_coordinator_hears_it(client: Any, group: Group) -> None:
    karim = make_coordinator(group.location.region)
    client.post(SIGN_UP, form())
    assert Message.objects.get(template="new_sign_up").contact_id == karim.contact_id


def test_nothing_is_mailed_to_parents(client: Any, group: Group) -> None:
    """The young person has the confirmation alone (test_receipt.py)."""
    worker = make_worker(group)
    client.post(SIGN_UP, form(born=birthday(clock.today(), -12)))
    person = Participant.objects.get()
    assert not person.guardians.exists()
    told = {person.contact_id, worker.contact_id}
    assert set(Message.objects.values_list("contact", flat=True)) == told


# ---- Once, and nothing revealed ---------------------------------------------------


def test_the_form_sent_twice_is_one_sign_up(client: Any, group: Group) -> None:
    make_worker(group)
    data = form()
    first, second = client.post(SIGN_UP, data), client.post(SIGN_UP, data)
    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert rows()["Trajectory"] == rows()["Participant"] == 1
    assert Message.objects.count() == 2, "the worker's and the own one"


def test_a_second_form_of_the_same_person_changes_nothing(client: Any, group: Group) -> None:
    make_worker(group)
    first = client.post(SIGN_UP, form())
    again = client.post(SIGN_UP, form(call_name="bo"))
    assert (first.status_code, len(first.url)) == (again.status_code, len(again.url))
    assert Trajectory.objects.count() == Participant.objects.count() == 1
    assert Message.objects.filter(template="known_person_knocked").count() == 1


@pytest.mark.parametrize("typed", ["Bo@Example.org", "BO@EXAMPLE.ORG"])
def test_the_same_address_with_capitals_is_the_same_person(
    client: Any, group: Group, typed: str
) -> None:
    make_worker(group)
    client.post(SIGN_UP, form())
    client.post(SIGN_UP, form(email=typed, call_name="Bobbie"))
    assert Trajectory.objects.count() == Participant.objects.count() == 1


@pytest.mark.parametrize("phase", ["participating", "former"])
def test_a_participant_is_not_revealed(client: Any, group: Group, phase: str) -> None:
    worker = make_worker(group)
    ended = {"exited_on": clock.today(), "exit_kind": "goal"} if phase == "former" else {}
    stay = make_trajectory(
        group=group, phase=phase, birth_date=birthday(clock.today(), -14), call_name="Bo", **ended
    )
    younger = birthday(clock.today(), -13)
    stranger = client.post(SIGN_UP, form(born=younger, email="mees@example.org"))
    before = rows()
    known = client.post(SIGN_UP, form(email=stay.participant.contact.email))
    assert (known.status_code, len(known.url)) == (stranger.status_code, len(stranger.url))
    theirs = page_without_token(client, stranger.url).replace("Mees", "Bo")
    assert page_without_token(client, known.url) == theirs
    own = 1 if phase == "former" else 0  # a kind next step, in a message of their own
    more = {"Message": before["Message"] + 1 + own, "Contact": before["Contact"] + 1}
    assert rows() == {**before, **more}, "what was typed lies apart, for a month"
    told = Message.objects.get(template="known_person_knocked")
    assert told.contact == worker.contact


@pytest.mark.parametrize(("phase", "returns"), [("participating", 0), ("former", 1)])
def test_only_who_left_asks_to_come_back(
    client: Any, group: Group, phase: str, returns: int
) -> None:
    worker = make_worker(group)
    ended = {"exited_on": clock.today(), "exit_kind": "goal"} if phase == "former" else {}
    stay = make_trajectory(
        group=group, phase=phase, birth_date=birthday(clock.today(), -14), call_name="Bo", **ended
    )
    client.post(SIGN_UP, form(email=stay.participant.contact.email))
    assert Message.objects.filter(template="known_person_knocked").exists()
    assert len(waiting(worker, "knocked")) == returns


def page_without_token(client: Any, url: str) -> str:
    """Nor the number of the page, and the ticket of its forms."""
    secret = r"\b[A-Za-z0-9]{64}\b|\b[0-9a-f]{24}\b|value=\"[^\"]{60,}\""
    return re.sub(secret, "", client.get(url).content.decode())


def test_twins_who_share_a_mailbox_are_two_people(client: Any, group: Group) -> None:
    make_worker(group)
    for name in ("Bo", "Mees", "bo", "mees"):  # each of them fills in the form twice
        client.post(SIGN_UP, form(call_name=name, others_read="yes"))
    assert sorted(p.call_name for p in Participant.objects.all()) == ["Bo", "Mees"]
    assert Trajectory.objects.count() == 2
    assert Message.objects.filter(template="new_sign_up").count() == 2


def test_a_twin_with_the_same_address_is_not_lost(client: Any, group: Group) -> None:
    make_worker(group)
    client.post(SIGN_UP, form())
    client.post(SIGN_UP, form(call_name="Mees"))
    assert Message.objects.get(template="known_person_knocked").params["other_name"] == "Mees"


def test_after_withdrawing_a_new_stay_of_the_same_person_begins(client: Any, group: Group) -> None:
    client.post(SIGN_UP, form())
    Trajectory.objects.update(phase="withdrawn")
    client.post(SIGN_UP, form(others_read="yes"))
    assert Participant.objects.count() == 1
    assert sorted(Trajectory.objects.values_list("phase", flat=True)) == ["signed_up", "withdrawn"]
    assert Participant.objects.get().contact.shared_mailbox


def test_a_telephone_and_a_birthday_do_not_open_somebodys_account(
    town: Municipality, group: Group
) -> None:
    """The codes of an account never move to a mailbox that a stranger gives."""
    before = make_trajectory(
        group=group,
        phase="withdrawn",
        call_name="Bo",
        birth_date=birthday(clock.today(), -14),
        email="bo@example.org",
    )
    known = before.participant
    known.contact.phone = "0612345678"
    known.contact.save()
    assert known.user is not None
    stay = signup.sign_up(
        call_name="Bo",
        birth_date=known.birth_date,
        postcode="3511",
        municipality=town,
        group=group,
        first_contact_by="app",
        email="stranger@example.org",
        phone="0612345678",
    )
    assert stay.participant != known
    assert Contact.objects.get(pk=known.contact_id).email == "bo@example.org"


def test_who_wanted_no_messages_and_signs_up_again_is_reached(client: Any, group: Group) -> None:
    client.post(SIGN_UP, form())
    Trajectory.objects.update(phase="withdrawn")
    send_nothing_more(participant=Participant.objects.get(), by=None, reason="own_wish")
    client.post(SIGN_UP, form())
    assert Trajectory.objects.filter(phase="signed_up").count() == 1
    assert Participant.objects.get().contact.stopped_at is None


def test_a_former_participant_comes_back_only_by_exception(client: Any, group: Group) -> None:
    stay = make_trajectory(
        group=group,
        phase="former",
        birth_date=birthday(clock.today(), -14),
        exited_on=clock.today(),
        exit_kind="goal",
    )
    worker = make_staff()
    ReturnException.objects.create(
        participant=stay.participant,
        by=worker,
        discussed_with=worker,
        at=clock.now(),
        reason="Verhuisd en weer terug",
    )
    client.post(SIGN_UP, form(email=stay.participant.contact.email))
    assert stay.participant.trajectories.filter(phase="signed_up").count() == 1


# ---- Bad input ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("call_name", ""),
        ("call_name", "Bo\x00"),
        ("call_name", "Bo\r\nBcc: all@example.org"),
        ("call_name", "Bo\x07gro"),
        ("call_name", "x" * 41),
        ("postcode", "geen"),
        ("postcode", "9999"),
        ("postcode", "35\x0011"),
        ("email", "bo"),
        ("email", "bo@example.org\r\nBcc: all@example.org"),
        ("email", "bo\x00@example.org"),
        ("channel", "pigeon"),
        ("first_contact_by", "shout"),
        ("first_contact_when", "\x00"),
        ("heard_from", "x" * 200),
    ],
)
def test_bad_input_is_answered_at_the_field(
    client: Any, group: Group, field: str, value: str
) -> None:
    before = rows()
    page = client.post(SIGN_UP, form(**{field: value}))
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert rows() == before


@pytest.mark.parametrize(
    "day",
    [
        {"birth_date_year": 2999},
        {"birth_date_year": 12},
        {"birth_date_month": 13},
        {"birth_date_day": 30, "birth_date_month": 2},
        {"birth_date_day": 29, "birth_date_month": 2, "birth_date_year": 2011},
        {"birth_date_day": "\x00"},
        {"birth_date_year": str(2**63)},
        {"birth_date_day": ""},
    ],
)
def test_impossible_birth_dates(client: Any, group: Group, day: dict[str, Any]) -> None:
    page = client.post(SIGN_UP, {**form(), **day})
    assert page.status_code == 422
    assert "birth_date" in page.context["form"].errors
    assert not Participant.objects.exists()


def test_a_lone_surrogate_is_answered_at_the_field(client: Any, group: Group) -> None:
    from urllib.parse import urlencode

    body = urlencode(form(call_name="BoXX")).replace("BoXX", "Bo%ED%A0%80")
    page = client.post(SIGN_UP, body, content_type="application/x-www-form-urlencoded")
    assert page.status_code == 422
    assert "call_name" in page.context["form"].errors


def test_a_megabyte_is_refused_before_it_is_read(client: Any, group: Group) -> None:
    page = client.post(SIGN_UP, form(call_name="x" * 1_000_000))
    assert 400 <= page.status_code < 500
    assert not Participant.objects.exists()


@pytest.mark.parametrize("key", ["", "forged", "x" * 500])
def test_a_forged_form_number_makes_nothing(client: Any, group: Group, key: str) -> None:
    page = client.post(SIGN_UP, form(key=key))
    assert page.status_code == 422
    assert not Trajectory.objects.exists()
    assert client.post(SIGN_UP, form(key=page.context["form"]["key"].value())).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_ten_parallel_posts_of_one_form_are_one_sign_up(group: Group) -> None:
    """One tap sent again and again by a bad connection, and a second form of one person."""
    data = [form(), form()]

    def post(number: int) -> int:
        try:
            return Client().post(SIGN_UP, data[number % 2]).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(post, range(10)))
    assert set(answers) == {302}
    assert Trajectory.objects.count() == Participant.objects.count() == 1


def test_the_form_in_the_browser(page_at: Any, axe: Any, group: Group) -> None:
    """Empty, with errors and afterwards: no barrier, no sideways scroll on the narrowest phone."""
    page = page_at(320, 640)
    for path in (CHECK, SIGN_UP, SIGNED_UP):
        page.goto(path)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.goto(SIGN_UP)
    page.click("form#sign-up button")
    page.wait_for_selector("[data-error-summary]")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.req("R-044")
def test_one_visitor_cannot_blow_up_the_count_of_refusals(town: Municipality, group: Group) -> None:
    """The answer stays the same; only the first few of a minute count."""
    for _n in range(30):
        assert Client().post(CHECK, {"place": "3511", "age": 11}).status_code == 302
    assert TurnedAway.objects.get().times == 10
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    elsewhere.post(CHECK, {"place": "3511", "age": 11})
    assert TurnedAway.objects.get().times == 11


@pytest.mark.parametrize(("address", "most"), [(CHECK, 60), (SIGN_UP, 40), (INTEREST, 20)])
def test_public_forms_have_a_limit_per_visitor_that_stores_nothing(address: str, most: int) -> None:
    before = rows()
    answers = [Client().post(address, {}) for _n in range(most + 1)]
    assert {a.status_code for a in answers[:most]} == {422}
    assert answers[-1].status_code == 429
    assert Client().get(CHECK).status_code == 200
    assert rows() == before


# ---- What it costs ----------------------------------------------------------


@pytest.mark.parametrize("people", [5, 15])
def test_signing_up_and_looking_cost_the_same_for_five_and_fifteen(
    client: Any, town: Municipality, group: Group, people: int, django_assert_num_queries: Any
) -> None:
    """Whole requests, with savepoints; people who wait, with one birthday, and two workers."""
    for name in ("Fleur Jansen", "Daan Smit"):
        make_worker(group, name)
    born = birthday(clock.today(), -14)
    for _n in range(people):
        make_trajectory(group=group, phase="signed_up", birth_date=born)
        make_group(municipality=town, region=town.region, age_from=17, age_until=30)
    with django_assert_num_queries(LOOKED):
        assert answer_to(client, "14").status_code == 200
    with django_assert_num_queries(SIGNED):
        assert client.post(SIGN_UP, form(call_name="Iemand")).status_code == 302


LOOKED, SIGNED = 4, 23
"""Six of the last begin, keep or end a block of the transaction."""

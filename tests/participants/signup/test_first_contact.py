"""The first contact: how, when and by whom, said to both sides, and the clock that runs."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils.formats import date_format

from core import clock
from core.accounts.models import RoleAssignment
from core.messaging.models import Message
from core.messaging.sending import why_not
from core.organisations.models import Group
from participants import sweep
from participants.models import Trajectory
from participants.recusal.recusal import recuse
from participants.signup import first_contact
from participants.signup.first_contact import REMINDER, record_contact
from participants.signup.forms.sign_up import new_key
from tests.link_pages import Behind
from tests.participants.signup.build import SIGN_UP, answer_to, form, thanked
from tests.world import (
    make_coordinator,
    make_group,
    make_municipality,
    make_portrait,
    make_trajectory,
    make_worker,
    waiting,
)

pytestmark = pytest.mark.django_db
WHO = "wie/"


@pytest.fixture
def group() -> Group:
    return make_group(municipality=make_municipality("Voorbeeldstad", pc4="3511"))


@pytest.fixture
def fleur(group: Group) -> Any:
    return make_worker(group, "Fleur Jansen")


@pytest.fixture
def daan(group: Group) -> Any:
    return make_worker(group, "Daan Smit")


def main_of(page: Any) -> str:
    return page.content.decode().split('id="content"')[1].split("</main>")[0]


def texts() -> set[Any]:
    return set(Message.objects.filter(template="first_contact_late").values_list("contact"))


# ---- Said to the young person ------------------------------------------------------


@pytest.mark.req("R-047")
def test_after_signing_up_one_sees_who_calls_when_and_until_which_day(
    client: Any, group: Group, fleur: Any, daan: Any
) -> None:
    face = make_portrait(fleur)
    by_phone = form(
        channel="phone",
        email=None,
        phone="0612345678",
        first_contact_by="call",
        first_contact_when="16",
    )
    with clock.travel(clock.at(clock.today().replace(month=11, day=25), 12)):
        page = main_of(client.get(client.post(SIGN_UP, by_phone).url))
    assert "Daan of Fleur" in " ".join(page.split())
    assert "Jansen" not in page
    assert f"/gezichten/{face.pk}/" in page
    assert "Tussen 16 en 17 uur" in page
    assert "28 november" in page
    assert client.get(f"/gezichten/{face.pk}/").status_code == 200


def test_only_the_browser_that_signed_up_sees_the_faces_and_only_for_an_hour(
    client: Any, group: Group, fleur: Any
) -> None:
    face = make_portrait(fleur)
    elsewhere = make_portrait(make_worker(make_group()))
    page = thanked(client)
    assert "Fleur" in main_of(page.get())
    assert client.get(f"/gezichten/{elsewhere.pk}/").status_code == 404
    stranger = page.elsewhere()
    assert "Fleur" not in main_of(stranger.get())
    assert stranger.client.get(f"/gezichten/{face.pk}/").status_code == 404
    stranger.client.cookies[page.cookie] = client.cookies[page.cookie].value[:-2] + "xx"
    assert stranger.client.get(f"/gezichten/{face.pk}/").status_code == 404
    with time_machine.travel(time.time() + 61 * 60):
        assert "Fleur" not in main_of(page.get())
        assert client.get(f"/gezichten/{face.pk}/").status_code == 404


def test_the_cookie_holds_no_name_and_no_address(client: Any, group: Group) -> None:
    page = thanked(client, call_name="Xanthippe")
    assert "Xanthippe" in main_of(page.get()), "sealed, and read on the own page only"
    from django.core import signing

    kept = str(signing.loads(client.cookies[page.cookie].value, salt="participants.arrival"))
    assert "Xanthippe" not in kept
    assert "example.org" not in kept
    assert client.cookies[page.cookie]["httponly"]


def test_one_may_rather_hear_from_one_of_them_and_think_again(
    client: Any, group: Group, fleur: Any, daan: Any
) -> None:
    thanks = thanked(client)
    stay = Trajectory.objects.get()
    assert thanks.post({"worker": str(daan.pk)}, WHO).url == thanks.here
    stay.refresh_from_db()
    assert stay.first_contact_with == daan
    page = main_of(thanks.get()).split("Ken je hier iemand")[0]
    assert "Daan" in page
    assert "Fleur" not in page
    assert "Daan" in waiting(fleur, "applicant_new")[0].reason
    thanks.post({}, WHO)
    stay.refresh_from_db()
    assert stay.first_contact_with is None


def test_somebody_else_cannot_be_wished_nor_by_another_browser(
    client: Any, group: Group, fleur: Any
) -> None:
    other = make_worker(make_group(), "Van Elders")
    thanks = thanked(client)
    for worker in (str(other.pk), "geen", "\x00", "x" * 5000):
        assert thanks.post({"worker": worker}, WHO).status_code == 302
    theirs = {"worker": str(fleur.pk), "form": thanks.ticket()}
    assert thanks.elsewhere().post(theirs, WHO).status_code == 410
    assert Trajectory.objects.get().first_contact_with is None
    assert not first_contact.wish_worker(
        trajectory_id=Trajectory.objects.get().pk, worker_id=other.pk, by=None
    )


def test_after_the_first_talk_there_is_nothing_to_wish(group: Group, fleur: Any) -> None:
    stay = make_trajectory(group=group, phase="signed_up")
    record_contact(trajectory=stay, outcome="spoken", by=fleur)
    assert not first_contact.wish_worker(trajectory_id=stay.pk, worker_id=fleur.pk, by=None)


def test_who_was_wished_for_and_left_is_no_longer_expected(
    group: Group, fleur: Any, daan: Any
) -> None:
    stay = make_trajectory(group=group, phase="signed_up", first_contact_with=daan)
    assert first_contact.expected(stay) == [daan]
    RoleAssignment.objects.filter(user=daan).update(valid_until=clock.today() - timedelta(days=1))
    assert first_contact.expected(stay) == [fleur]
    assert first_contact.expected(make_trajectory(group=None, phase="signed_up")) == []


# ---- The waiting list, said honestly -------------------------------------------------


@pytest.mark.req("R-045")
def test_before_and_after_signing_up_the_list_is_said_with_its_date_and_without_a_rank(
    client: Any, group: Group
) -> None:
    """The worker chooses, so others may pass; and "er wacht niemand voor jou" reads as a blow."""
    group.state, group.places_taken = "full", 15
    group.save()
    for days in (9, 4, 1):
        make_trajectory(
            group=group, phase="intake", waiting_since=clock.today() - timedelta(days=days)
        )
    before = main_of(answer_to(client, "14"))
    assert "wachtlijst" in before
    data = form()
    for _twice in range(2):  # the same form sent again says the same
        thanks = Behind.at(client, client.post(SIGN_UP, data))
        after = " ".join(main_of(thanks.get()).split())
        assert f"Je staat op de wachtlijst sinds {date_format(clock.today(), 'j F Y')}" in after
    for page in (before, after):
        assert not re.search(r"wacht[^.<]*voor jou\b|er wacht|\b3 mensen", page, re.I)


@pytest.mark.req("R-045")
def test_who_waits_and_signs_up_once_more_reads_of_the_list_again(
    client: Any, group: Group
) -> None:
    group.state, group.places_taken = "full", 15
    group.save()
    for _again in range(2):
        thanks = thanked(client, key=new_key()).get()
        assert thanks.context["waiting"] is True
    assert Trajectory.objects.count() == 1


# ---- Said to the workers, and the reminder ---------------------------------------------


@pytest.mark.req("R-047")
def test_the_to_do_says_since_when_somebody_waits(group: Group, fleur: Any) -> None:
    signed_up = clock.at(clock.today().replace(month=11, day=20), 15)
    make_trajectory(group=group, phase="signed_up", signed_up_at=signed_up, first_contact_when="18")
    with clock.travel(signed_up + timedelta(days=2)):
        (todo,) = waiting(fleur, "applicant_new")
        assert "Tussen 18 en 19 uur" in todo.reason
        assert "Wacht sinds" not in todo.reason
    with clock.travel(signed_up + timedelta(days=3)):
        (todo,) = waiting(type(fleur).objects.get(pk=fleur.pk), "applicant_late")
        assert "Wacht sinds 20 november" in todo.reason
        assert todo.urgency == 0


@pytest.mark.req("R-047")
def test_who_was_not_contacted_in_time_is_reminded_of_once(
    group: Group, fleur: Any, daan: Any
) -> None:
    stay = make_trajectory(group=group, phase="signed_up")
    make_trajectory(group=make_group(), phase="signed_up")
    for hours in (1, 71):
        with clock.travel(stay.signed_up_at + timedelta(hours=hours)):
            sweep.run_due()
    assert texts() == set()
    for hours in (72, 73, 200):
        with clock.travel(stay.signed_up_at + timedelta(hours=hours)):
            sweep.run_due()
    assert texts() == {(fleur.contact_id,), (daan.contact_id,)}
    assert Message.objects.filter(template="first_contact_late").count() == 2
    reminder = Message.objects.filter(template="first_contact_late")[0]
    assert stay.participant.call_name not in str(reminder.params)
    assert reminder.urgency == "scheduled"


@pytest.mark.req("R-047")
def test_how_long_is_a_setting(group: Group, fleur: Any, settings: Any) -> None:
    settings.FIRST_CONTACT_DAYS = 1
    stay = make_trajectory(group=group, phase="signed_up")
    with clock.travel(stay.signed_up_at + timedelta(hours=25)):
        sweep.run_due()
        assert waiting(fleur, "applicant_late")
    assert texts() == {(fleur.contact_id,)}


@pytest.mark.req("R-047")
@pytest.mark.parametrize("outcome", ["spoken", "no_answer"])
def test_whoever_was_tried_meanwhile_is_not_reminded_of(
    group: Group, fleur: Any, outcome: str
) -> None:
    """Asked at send time: a call between writing and sending stops the mail."""
    stay = make_trajectory(group=group, phase="signed_up")
    with clock.travel(stay.signed_up_at + timedelta(days=3)):
        sweep.run_due()
        reminder = Message.objects.get(template="first_contact_late")
        assert why_not(reminder) == ""
        record_contact(trajectory=stay, outcome=outcome, by=fleur)
        assert why_not(reminder) == "no_longer_wanted"


@pytest.mark.req("R-047")
def test_a_reminder_does_not_reach_who_left_the_group_meanwhile(
    group: Group, fleur: Any, daan: Any
) -> None:
    """Asked at send time; the colleague is reminded, and whoever comes instead as well."""
    stay = make_trajectory(group=group, phase="signed_up")
    with clock.travel(stay.signed_up_at + timedelta(days=3)):
        sweep.run_due()
        roles = RoleAssignment.objects.filter(user=daan)
        roles.update(valid_until=clock.today() - timedelta(days=1))
        instead = make_worker(group, "Noah Bos")
        sweep.run_due()
        said = {row.contact_id: why_not(row) for row in Message.objects.filter(kind=REMINDER)}
        assert said == {
            daan.contact_id: "no_longer_wanted",
            fleur.contact_id: "",
            instead.contact_id: "",
        }


@pytest.mark.req("R-047")
def test_when_the_last_worker_left_the_coordinator_is_reminded(group: Group, fleur: Any) -> None:
    coordinator = make_coordinator(group.location.region)
    stay = make_trajectory(group=group, phase="signed_up")
    with clock.travel(stay.signed_up_at + timedelta(days=3)):
        sweep.run_due()
        RoleAssignment.objects.filter(user=fleur).update(
            valid_until=clock.today() - timedelta(days=1)
        )
        sweep.run_due()
        said = {row.contact_id: why_not(row) for row in Message.objects.filter(kind=REMINDER)}
        assert said == {fleur.contact_id: "no_longer_wanted", coordinator.contact_id: ""}


def test_the_applicants_page_names_the_day_the_hour_and_the_wish(
    client: Any, group: Group, fleur: Any, daan: Any
) -> None:
    signed_up = clock.at(clock.today().replace(month=11, day=20), 15)
    stay = make_trajectory(
        group=group,
        phase="signed_up",
        signed_up_at=signed_up,
        first_contact_when="18",
        first_contact_with=daan,
        told_by="mijn mentor",
        channel="instagram",
    )
    client.force_login(fleur)
    with clock.travel(signed_up):
        fresh = main_of(client.get(f"/aanmeldingen/{stay.pk}/"))
    assert "uiterlijk maandag 23 november" in fresh or "23 november" in fresh
    for words in ("Tussen 18 en 19 uur", "liever door Daan", "mijn mentor", "Instagram"):
        assert words in fresh


# ---- Where somebody came from (R-029, R-043) ---------------------------------------------


@pytest.mark.req("R-029")
@pytest.mark.parametrize("via", ["google", "instagram", "tiktok", "press", "referrer"])
def test_the_link_that_was_followed_is_kept_from_the_first_page_on(
    client: Any, group: Group, via: str
) -> None:
    """Carried from page to page in the forms: no cookie, nothing stored about who only looks."""
    start = client.get(f"/?via={via}").content.decode()
    hidden = f'name="via" value="{via}"'
    assert hidden in start
    assert not client.cookies.get("arrived")
    checked = answer_to(client, "14", via=via).content.decode()
    to_form = re.search(r'href="(/aanmelden/[^"]*)"', checked)
    assert to_form
    assert via not in to_form[1]
    page = client.get(to_form[1]).content.decode()
    assert f'value="{via}"' in page.split('name="via"')[1][:60]
    client.post(SIGN_UP, form(via=via))
    assert Trajectory.objects.get().channel == via


@pytest.mark.req("R-029")
@pytest.mark.parametrize("via", ["", "<script>", "x" * 5000, "iemand", "\x00"])
def test_a_word_we_did_not_put_in_a_link_says_nothing(client: Any, group: Group, via: str) -> None:
    assert b"<script>" not in client.get("/", {"via": via}).content.split(b"check-card")[1]
    client.post(SIGN_UP, form(via=via[:20].replace("\x00", "")))
    assert Trajectory.objects.get().channel == ""


@pytest.mark.req("R-043")
def test_who_told_about_it_may_be_said_and_only_the_workers_read_it(
    client: Any, group: Group
) -> None:
    client.post(SIGN_UP, form(told_by="mijn mentor, meneer Bakker"))
    stay = Trajectory.objects.get()
    assert stay.told_by == "mijn mentor, meneer Bakker"
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select told_by from participants_trajectory")
        assert b"Bakker" not in bytes(cursor.fetchone()[0])
    assert client.post(SIGN_UP, form(told_by="x\r\nBcc: a@b.nl")).status_code == 422


def test_a_worker_who_keeps_out_is_neither_expected_nor_reminded(
    group: Group, fleur: Any, daan: Any
) -> None:
    stay = make_trajectory(group=group, phase="signed_up", first_contact_with=daan)
    recuse(trajectory=stay, worker=daan, by=daan, said_by="worker")
    assert first_contact.expected(stay) == [fleur]
    with clock.travel(stay.signed_up_at + timedelta(days=3)):
        sweep.run_due()
    assert texts() == {(fleur.contact_id,)}

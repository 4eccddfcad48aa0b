"""Two people leave, walked in a real browser from the first talk about it to what comes after."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from core import clock
from core.accounts.models import User
from core.messaging.models import Message
from core.months import add_months
from groups.models import Meeting
from joinus.home.run_due import run_due
from participants.models import ExitTalk, FollowUpCall, ReturnException, Trajectory
from questionnaires.models import Invitation
from tests import world
from tests.browser.conftest import Enter
from tests.fixtures.browser import PageAt

Town = dict[str, User | None]


def press(page: Any, words: str) -> None:
    page.locator("main").get_by_role("button", name=words, exact=False).first.click()
    page.wait_for_load_state()


def follow(page: Any, words: str) -> None:
    page.locator("main").get_by_role("link", name=words, exact=False).first.click()
    page.wait_for_load_state()


def reads(page: Any) -> str:
    return str(page.locator("main").inner_text())


def fill_in(page: Any, wave: Invitation) -> None:
    """All 22 questions, one a screen, the first answer each."""
    page.goto("/vandaag/")
    follow(page, "Begin of ga verder")
    page.goto(f"/vragen/{wave.pk}/1/")
    for number in range(1, 23):
        page.wait_for_url(f"**/{number}/")
        page.locator(".choice").first.click()
    page.wait_for_url("**/klaar/")
    page.locator("main form button").first.click()
    page.wait_for_url("**/bedankt/")


@pytest.mark.req("R-179", "R-180", "R-181", "R-182", "R-190", "R-191")
@pytest.mark.deep
def test_a_grown_up_of_29_leaves_by_goal(
    town: Town, page_at: PageAt, enter: Enter, move_clock: Callable[[datetime], None]
) -> None:
    group = Trajectory.objects.get(participant__call_name="Casey").group
    assert group is not None
    stay = world.make_participating(
        group, since=clock.today() - timedelta(days=300), call_name="Ilse", age=29
    )
    last = Meeting.objects.filter(group=group, date__gt=clock.today()).earliest("date")
    worker, ilse = page_at(1440, 900), page_at(390, 844)
    enter(worker, town["worker"])
    enter(ilse, stay.participant.user)

    # The talk, and what is still to learn.
    worker.goto(f"/deelnemers/{stay.pk}/")
    worker.locator("#more > summary").click()
    follow(worker, "Neem afscheid")
    follow(worker, "Gesprek vastleggen")
    for name, value in (("challenge_reached", "9"), ("satisfied", "8"), ("ready", "yes")):
        worker.check(f"[name={name}][value='{value}']")
    press(worker, "Gesprek opslaan")
    follow(worker, "Gesprek en afspraken")
    worker.fill("[name=text]", "Elke week naar de klimhal")
    press(worker, "Toevoegen")
    assert ExitTalk.objects.get(trajectory=stay).challenge_reached == 9

    # The last evening, dated, and what she sees of it.
    worker.goto(f"/deelnemers/{stay.pk}/afscheid/")
    worker.locator(f"[name=meeting][value='{last.pk}']").check()
    press(worker, "Spreek deze bijeenkomst af")
    assert "evaluatie bij afscheid" in reads(worker), "what it opens is said first"
    press(worker, "Ja, spreek dit af")
    worker.wait_for_selector('main:has-text("Afgesproken")')
    ilse.goto("/vandaag/")
    follow(ilse, "Bekijken")
    ilse.goto("/zelf-verder/")
    assert "Tijd om zelf verder te gaan" in reads(ilse)
    assert "Elke week naar de klimhal" in reads(ilse)
    press(ilse, "Liever een bericht")
    assert "stuurt je een bericht" in reads(ilse)

    # At the end of the last evening the questions are there, without a mail.
    move_clock(clock.at(last.date, 21, 30))
    for page, user in ((worker, town["worker"]), (ilse, stay.participant.user)):
        enter(page, user)
    run_due()
    wave = Invitation.objects.get(trajectory=stay, wave="exit")
    assert not Message.objects.filter(contact=stay.participant.contact).exists()
    fill_in(ilse, wave)

    # Closing, with what ended listed.
    move_clock(clock.at(last.date + timedelta(days=2), 11))
    enter(worker, town["worker"])
    worker.goto("/vandaag/")
    assert "Sluit het traject van Ilse af" in worker.content()
    worker.goto(f"/deelnemers/{stay.pk}/afsluiten/")
    worker.check("[name=exit_reason][value=goal_reached]")
    press(worker, "Afsluiten")
    assert "Dit is geëindigd" in reads(worker)
    assert "De plek in" in reads(worker)
    enter(ilse, stay.participant.user)
    ilse.goto("/vandaag/")
    assert "Wat ik nog wil leren" in reads(ilse)

    # Three months later: the same questions, and after that the message she asked for.
    move_clock(clock.at(add_months(last.date, 3), 12))
    enter(ilse, stay.participant.user)
    enter(worker, town["worker"])
    run_due()
    worker.goto("/vandaag/")
    assert "Stuur Ilse een bericht" not in worker.content()
    fill_in(ilse, Invitation.objects.get(trajectory=stay, wave="follow_up"))
    worker.goto("/vandaag/")
    assert "Stuur Ilse een bericht" in worker.content()
    worker.goto(f"/deelnemers/{stay.pk}/nazorg/")
    worker.check("[name=outcome][value=well]")
    press(worker, "Opslaan")
    assert FollowUpCall.objects.get(trajectory=stay).how == "message"
    worker.goto("/vandaag/")
    assert "Stuur Ilse een bericht" not in worker.content()


@pytest.mark.req("R-195")
@pytest.mark.deep
def test_somebody_of_17_stops_refuses_contact_and_comes_back_by_exception(
    town: Town, page_at: PageAt, enter: Enter, move_clock: Callable[[datetime], None]
) -> None:
    group = Trajectory.objects.get(participant__call_name="Casey").group
    coordinator = town["coordinator"]
    assert group is not None
    assert coordinator is not None
    type(group).objects.filter(pk=group.pk).update(age_until=30)
    home = group.location.work_area.get()
    stay = world.make_participating(
        group,
        since=clock.today() - timedelta(days=100),
        call_name="Sam",
        age=17,
        municipality=home,
    )
    person = stay.participant
    type(person).objects.filter(pk=person.pk).update(postcode="6811")
    sam, worker = page_at(390, 844), page_at(1440, 900)
    enter(sam, person.user)

    # Two taps, no reason, and no later contact.
    sam.goto("/mijn-gegevens/")
    sam.locator("a[href='/stoppen/']").click()
    sam.wait_for_load_state()
    sam.locator("button[name=later][value=no]").click()
    sam.wait_for_load_state()
    stay.refresh_from_db()
    assert (stay.phase, stay.follow_up_waived) == ("former", "contact_refused")
    sam.goto("/vandaag/")
    assert "We vragen je later niets meer" in reads(sam)

    # Half a year: nothing is sent, nobody is asked to call, and the file says so.
    start = clock.now()
    for days in range(1, 180, 20):
        move_clock(start + timedelta(days=days))
        run_due()
    assert not Message.objects.filter(contact=person.contact).exists()
    enter(worker, town["worker"])
    worker.goto("/vandaag/")
    assert "Sam" not in worker.locator("main").text_content()
    worker.goto(f"/deelnemers/{stay.pk}/nazorg/")
    assert "wil geen contact" in reads(worker)

    # Knocking again: nothing changes by itself, and the workers hear it.
    anybody = page_at(390, 844)
    sign_up(anybody, person)
    assert "/aangemeld/" in anybody.url
    assert Trajectory.objects.filter(participant=person).count() == 1
    enter(sam, person.user)
    sam.goto("/vandaag/")
    sam.locator("summary", has_text="Ik wil graag terugkomen").click()
    sam.get_by_text("Praat erover met je begeleider").wait_for()
    worker.goto("/vandaag/")
    assert "Sam wil graag terugkomen" in worker.content()
    worker.goto(f"/deelnemers/{stay.pk}/terugkeer/")
    worker.select_option("[name=coordinator]", str(coordinator.pk))
    worker.fill("[name=reason]", "Terugval na een verhuizing; samen besproken.")
    press(worker, "Uitzondering opslaan")
    assert ReturnException.objects.get(participant=person).discussed_with == coordinator

    # And now signing up makes a new stay.
    sam.goto("/vandaag/")
    sam.locator("summary", has_text="Ik wil graag terugkomen").click()
    follow(sam, "Aanmelden")
    sign_up(page_at(390, 844), person)
    new = Trajectory.objects.filter(participant=person).latest("signed_up_at")
    assert new.phase == "signed_up"
    stay.refresh_from_db()
    assert stay.phase == "former"


def sign_up(page: Any, person: Any) -> None:
    """The public form, filled in as anybody would."""
    page.goto("/aanmelden/")
    page.fill("[name=call_name]", person.call_name)
    born = person.birth_date
    for part, value in (("day", born.day), ("month", born.month), ("year", born.year)):
        page.fill(f"[name=birth_date_{part}]", str(value))
    page.fill("[name=postcode]", "6811")
    page.check("[name=channel][value=email]")
    page.fill("[name=email]", person.contact.email)
    for name in ("others_read", "home_may_know", "first_contact_by"):
        page.locator(f"[name={name}]").first.check()
    page.check("[name=myself]")
    page.locator("form.form button[type=submit]").last.click()
    page.wait_for_load_state()

"""From the front page to a place in a group, and who helps somebody on the way."""

import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from core import clock
from core.messaging.models import Message
from core.organisations.models import Group
from groups.models import Meeting
from participants.intake.talk import start_intake
from participants.journey import journey
from participants.models import Consultation, Intake, Trajectory, TurnedAway
from participants.parents import question as parental
from participants.referrers import consent as feedback
from participants.referrers import telling
from participants.signup.interest import register_interest
from participants.signup.sign_up import turn_away
from tests import world
from tests.browser.moments.steps import (
    Enter,
    Look,
    Town,
    follow,
    named,
    submit,
)


def signing_up(page: Any, town: Town, enter: Enter, look: Look) -> None:
    page.goto("/")
    follow(page, page.locator(".check-card button"))
    look(page)
    for place, age in (("6811", "11"), ("9999", "15"), ("6811", "15")):
        page.goto("/")
        page.fill("[name=place]", place)
        page.fill("[name=age]", age)
        follow(page, page.locator(".check-card button"))
        look(page)
    follow(page, page.locator("main a.button[href^='/aanmelden/']"))
    look(page)
    follow(page, page.locator("form.form button[type=submit]").last)
    look(page)
    group = Group.objects.get(name="Groep 12-16")
    world.make_portrait(world.make_worker(group, "Daan Smit"), "salmon")
    page.fill("[name=call_name]", "Pim")
    born = clock.today() - timedelta(days=15 * 366)
    for part, value in (("day", born.day), ("month", born.month), ("year", born.year)):
        page.fill(f"[name=birth_date_{part}]", str(value))
    page.fill("[name=postcode]", "6811")
    page.check("[name=channel][value=email]")
    page.fill("[name=email]", "pim@example.org")
    for name in ("others_read", "home_may_know", "first_contact_by"):
        page.locator(f"[name={name}]").first.check()
    page.check("[name=myself]")
    follow(page, page.locator("form.form button[type=submit]").last)
    look(page)
    assert "/aangemeld/" in page.url
    thanks = page.url
    follow(page, page.locator("a[href*='klopt-het']"))
    look(page)
    for _twice in range(2):  # the second time there is nothing behind the link any more
        page.goto(thanks)
        follow(page, page.locator("a[href*='klopt-het']"))
        look(page)
        if page.locator("main summary").count():
            page.locator("main summary").click()
            follow(page, page.locator("form[action$='/toch-niet/'] button"))
            look(page)
    page.goto(thanks)
    follow(page, page.locator("[name=worker]").last)
    look(page)
    Group.objects.update(state="full", places_taken=15)
    page.goto("/")
    page.fill("[name=place]", "6811")
    page.fill("[name=age]", "15")
    follow(page, page.locator(".check-card button"))
    look(page)
    page.goto("/aangemeld/wachten/")
    look(page)


def asking_to_be_told(page: Any, town: Town, enter: Enter, look: Look) -> None:
    page.goto("/")
    page.fill("[name=place]", "9999")
    page.fill("[name=age]", "15")
    follow(page, page.locator(".check-card button"))
    look(page)
    for address in ("geen adres", "pim@example.org"):
        page.fill("[name=email]", address)
        follow(page, page.locator("main form button").last)
        look(page)
    assert "/bewaard/" in page.url
    mail = Message.objects.get(template="interest_kept")
    address = urlsplit(json.loads(str(mail.secret))["delete_url"]).path
    page.goto(address)
    look(page)
    submit(page)
    look(page)
    page.goto(address)
    look(page)


def signed_up_and_not_placed_yet(page: Any, town: Town, enter: Enter, look: Look) -> None:
    """The own start page in every step before the first evening, and the worker's page beside."""
    worker, group = town["worker"], named("Bo").group
    assert worker is not None
    assert group is not None
    stay = world.make_trajectory(group=group, phase="signed_up", call_name="Sterre", age=15)
    world.make_portrait(worker)
    world.make_worker(group, "Daan Smit")
    stays = Trajectory.objects.filter(pk=stay.pk)
    stays.update(first_contact_by="call", first_contact_when="16")
    enter(page, stay.participant.user)
    late = {"signed_up_at": clock.now() - timedelta(days=9)}
    waits = {"waiting_since": clock.today() - timedelta(days=9)}
    for facts in ({}, late, {"contacted_at": clock.now()}, waits):
        stays.update(**facts)
        page.goto("/vandaag/")
        look(page)
    page.goto("/wie-kan-helpen/")
    look(page)
    told = {"decision": "suitable", "decided_at": clock.now(), "told_at": clock.now()}
    stays.update(phase="intake")
    row = Intake.objects.create(trajectory=stay)
    for facts in ({}, told):
        Intake.objects.filter(pk=row.pk).update(**facts)
        page.goto("/vandaag/")
        look(page)
    stays.update(waiting_since=None)
    page.goto("/vandaag/")
    look(page)
    page.context.clear_cookies()
    enter(page, worker)
    for path in (f"/aanmeldingen/{stay.pk}/", f"/deelnemers/{stay.pk}/inlogcode/"):
        page.goto(path)
        look(page)


def more_waits_than_fits(page: Any, town: Town, enter: Enter, look: Look) -> None:
    worker = town["worker"]
    group = Group.objects.get(name="Groep 12-16")
    for age in range(12, 17):
        for name in ("Ali", "Pim", "Sara", "Tess"):
            world.make_trajectory(group=group, phase="signed_up", call_name=name, age=age)
    enter(page, worker)
    page.goto("/vandaag/")
    look(page)
    page.locator("summary", has_text=re.compile(r"^Nog \d+")).click()
    page.get_by_role("link", name=re.compile("^Alle .* bekijken")).click()
    page.wait_for_url("**/wat-wacht/")
    look(page)


def before_the_first_evening(page: Any, town: Town, enter: Enter, look: Look) -> None:
    group = named("Casey").group
    assert group is not None
    world.make_door_picture(group.location)
    day = clock.today() + timedelta(days=1)
    world.make_meeting(group, day, activity="Pannenkoeken bakken")
    stay = world.make_trajectory(group=group, phase="trial", call_name="Sofie", age=15)
    world.seat(stay, group, first_day=day, trial=True)
    enter(page, stay.participant.user)
    for path in ("/vandaag/", "/eerste-avond/"):
        page.goto(path)
        look(page)
    follow(page, page.locator("main button[value=wait]"))
    look(page)
    page.goto("/mijn-route/")
    look(page)
    page.context.clear_cookies()
    enter(page, town["worker"])
    meeting = Meeting.objects.get(group=group, date=day)
    for path in (
        f"/groepen/{group.pk}/de-deur/",
        f"/deelnemers/{stay.pk}/route/",
        f"/avonden/{meeting.pk}/",
        f"/avonden/{meeting.pk}/{stay.pk}/",
        f"/deelnemers/{stay.pk}/",
    ):
        page.goto(path)
        look(page)


def a_talk_that_begins(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay = named("Bo")
    start_intake(trajectory=stay, by=town["worker"])
    enter(page, town["worker"])
    page.goto(f"/aanmeldingen/{stay.pk}/gesprek/")
    page.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true })")
    page.locator("[name=crisis][value=does_not_meet]").check()
    look(page)


def a_talk_with_others_there(page: Any, town: Town, enter: Enter, look: Look) -> None:
    intake = Intake.objects.get(trajectory=named("Riley"))
    Intake.objects.filter(pk=intake.pk).update(
        one_to_one=False, held_on=clock.today(), mode="phone", decided_by=town["worker"]
    )
    enter(page, town["coordinator"])
    page.goto(f"/onder-vier-ogen/{intake.pk}/")
    look(page)
    page.context.clear_cookies()
    enter(page, town["worker"])
    page.goto(f"/aanmeldingen/{intake.trajectory_id}/gesprek/")
    look(page)
    page.locator("form[action$='/onder-vier-ogen/'] input[type=date]").fill("2001-01-01")
    follow(page, page.locator("form[action$='/onder-vier-ogen/'] button"))
    look(page)


def advising(page: Any, town: Town, enter: Enter, look: Look) -> None:
    intake = Intake.objects.get(trajectory=named("Riley"))
    row = Consultation.objects.create(
        intake=intake,
        question="Past dit bij de groep?",
        asked_by=town["worker"],
        asked_at=clock.now(),
    )
    enter(page, town["coordinator"])
    page.goto(f"/advies/{row.pk}/")
    look(page)


def asking_whether_it_worked_out(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay = world.make_trajectory(group=named("Casey").group, phase="trial", call_name="Isa")
    journey.refer_elsewhere(trajectory=stay, to="social_team", reason="x", by=town["worker"])
    enter(page, town["worker"])
    page.goto(f"/deelnemers/{stay.pk}/overdracht/")
    look(page)
    page.locator("[name=outcome][value=try_again]").check()
    look(page)
    submit(page)
    look(page)


def getting_to_know(page: Any, town: Town, enter: Enter, look: Look) -> None:
    group = named("Casey").group
    assert group is not None
    evening = Meeting.objects.filter(group=group, status="held").latest("date")
    stay = world.make_trajectory(group=group, phase="trial", call_name="Sofie", age=15)
    placement = world.seat(stay, group, first_day=evening.date, trial=True)
    world.attend(stay, evening)
    enter(page, town["worker"])
    page.goto(f"/kennismaking/{placement.pk}/")
    look(page)
    page.context.clear_cookies()
    enter(page, stay.participant.user)
    page.goto("/kennismaken/")
    look(page)


def where_there_is_no_place(page: Any, town: Town, enter: Enter, look: Look) -> None:
    enter(page, town["coordinator"])
    page.goto("/waar-nog-niet/")
    look(page)
    place = world.make_municipality("Verweg")
    for _n in range(7):
        register_interest(municipality=place, age=15, email=f"{_n}@example.org")
    turn_away(reason=TurnedAway.Reason.TOO_OLD, region=None)
    page.goto("/waar-nog-niet/")
    look(page)


def pointing_somebody_to_us(page: Any, town: Town, enter: Enter, look: Look) -> None:
    page.goto("/voor-professionals/")
    look(page)
    follow(page, page.locator("main a[href$='gesprekskaart/']"))
    look(page)


def telling_school(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay, worker = named("Casey"), town["worker"]
    tie = world.make_tie(stay, by=worker)
    parent = world.make_guardian(stay)
    parental.ask_harm(trajectory=stay, can_harm=False, by=worker)
    enter(page, stay.participant.user)
    page.goto("/wie-hoort-wat/")
    look(page)
    page.locator("[name=sure]").check()
    follow(page, page.locator("button[value=yes]"))
    look(page)
    page.context.clear_cookies()
    enter(page, worker)
    page.goto(f"/deelnemers/{stay.pk}/verwijzers/")
    look(page)
    _row, token = feedback.ask_parent(tie=tie, guardian=parent, by=worker)
    page.goto(f"/ouders/t/{token}/")
    look(page)
    page.check("[name=sure]")
    follow(page, page.locator("main button[value=yes]"))
    look(page)
    telling.propose_quote(tie=tie, words="Ik lach hier weer.", by=worker)
    page.goto(f"/deelnemers/{stay.pk}/verwijzers/")
    page.locator("[name=phrase]").first.check()
    follow(page, page.locator("button[value=tell]"))
    look(page)
    page.goto("/verwijzers/")
    look(page)
    page.goto(f"/verwijzers/{tie.referrer_id}/")
    look(page)
    page.context.clear_cookies()
    enter(page, stay.participant.user)
    page.goto("/wie-hoort-wat/")
    look(page)

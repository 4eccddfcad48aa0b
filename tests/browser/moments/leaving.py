"""A goodbye, a break, and what comes after."""

from datetime import timedelta
from typing import Any

from core import clock
from groups.evenings.last_meeting import agree_last_meeting
from groups.farewell.cards import give_card
from groups.farewell.texts import put_on_the_card
from groups.goodbye.leaving import stop_myself
from groups.models import FarewellRound, FarewellText, Meeting
from participants.models import Trajectory
from tests import world
from tests.browser.moments.steps import Enter, Look, Town, follow, named, submit


def stopping(page: Any, town: Town, enter: Enter, look: Look) -> None:
    enter(page, town["participant"])
    page.goto("/mijn-gegevens/")
    follow(page, page.locator("a[href='/stoppen/']"))
    look(page)
    follow(page, page.locator("button[name=later][value=no]"))
    look(page)


def saying_goodbye(page: Any, town: Town, enter: Enter, look: Look) -> None:
    """A grown-up leaves by goal: talk, agreements, last evening, closing; and taking it back."""
    group = named("Amir").group
    assert group is not None
    stay = world.make_participating(
        group, since=clock.today() - timedelta(days=200), call_name="Ilse", age=29
    )
    enter(page, town["worker"])
    page.goto(f"/deelnemers/{stay.pk}/afscheid/")
    look(page)
    page.goto(f"/deelnemers/{stay.pk}/afscheid/gesprek/")
    look(page)
    for name, value in (("challenge_reached", "8"), ("satisfied", "none"), ("ready", "yes")):
        page.check(f"[name={name}][value='{value}']")
    submit(page)
    page.goto(f"/deelnemers/{stay.pk}/afscheid/gesprek/")
    page.fill("[name=text]", "Elke week naar de klimhal")
    follow(page, page.locator("button", has_text="Toevoegen"))
    look(page)
    page.goto(f"/deelnemers/{stay.pk}/afscheid/")
    page.locator("[name=meeting]").first.check()
    submit(page)
    look(page)  # what it does, before it is agreed
    submit(page)
    look(page)
    page.goto(f"/deelnemers/{stay.pk}/afsluiten/")
    look(page)
    page.check("[name=exit_reason][value=goal_reached]")
    submit(page)
    look(page)
    for step in ("afsluiten", "terugdraaien", "nazorg", "terugkeer"):
        page.goto(f"/deelnemers/{stay.pk}/{step}/")
        look(page)


def a_card_goes_round(page: Any, town: Town, enter: Enter, look: Look) -> None:
    """'You got this': begun, one phone goes round, a sentence, read, given, and read at home."""
    group = world.make_group(name="Groep van Casey")
    since = clock.today() - timedelta(days=200)
    leaver, friend = (
        world.make_participating(group, since=since, call_name=name, age=19)
        for name in ("Casey", "Noor")
    )
    worker = world.make_worker(group)
    world.hold_exit_talk(leaver, by=worker)
    tonight = world.make_meeting(group, clock.today())
    agree_last_meeting(trajectory=leaver, meeting=tonight, by=worker)
    enter(page, worker)
    here = f"/deelnemers/{leaver.pk}/kaart/"
    page.goto(here)
    look(page)
    for act in ("start", "round"):
        follow(
            page,
            page.locator(f"main button[value={act}], main form:has([value={act}]) button").first,
        )
        look(page)
    follow(page, page.locator("main button[value=typed]"))
    look(page)  # nothing was chosen, nothing written
    page.check("[name=who]")
    page.fill("[name=text]", "Je luistert echt. Dat kunnen er niet veel.")
    follow(page, page.locator("main button[value=typed]"))
    look(page)
    FarewellRound.objects.update(ended_at=clock.now())
    page.reload()
    look(page)
    enter(page, worker)
    page.goto(here)
    look(page)
    text = FarewellText.objects.get(by_stay=friend)
    put_on_the_card(text=text, version=text.version, by=worker)
    Meeting.objects.filter(pk=tonight.pk).update(starts_at=clock.now())
    page.context.clear_cookies()
    enter(page, friend.participant.user)
    page.goto(f"/kaart/{text.card_id}/")
    page.fill("[name=text]", "Nog iets: tot gauw.")
    give_card(card=text.card, by=worker)
    page.locator("main button[value=typed]").click()
    page.locator("textarea[readonly]").wait_for()
    look(page)  # closed while somebody typed
    page.context.clear_cookies()
    enter(page, worker)
    page.goto(here)
    look(page)
    page.context.clear_cookies()
    enter(page, leaver.participant.user)
    page.goto("/kaart/voor-jou/")
    look(page)


def going_on(page: Any, town: Town, enter: Enter, look: Look) -> None:
    """The same from the other side: before the last evening, and as a former participant."""
    group = named("Amir").group
    assert group is not None
    stay = world.make_participating(
        group,
        since=clock.today() - timedelta(days=200),
        call_name="Jordan",
        age=17,
        phase="leaving",
        last_meeting_on=clock.today() + timedelta(days=14),
    )
    world.agree_to_learn(stay, "Zelf iemand bellen om af te spreken")
    enter(page, stay.participant.user)
    for path in ("/vandaag/", "/zelf-verder/"):
        page.goto(path)
        look(page)
    day = clock.today()
    Trajectory.objects.filter(pk=stay.pk).update(
        phase="former", exit_kind="goal", exit_reason="goal_reached", exited_on=day, ended_on=day
    )
    for path in ("/vandaag/", "/zelf-verder/"):
        page.goto(path)
        look(page)


def who_stopped(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay = world.make_participating(
        world.make_group(age_until=23), since=clock.today(), call_name="Lotte", age=19
    )
    worker = world.worker_of(stay)
    stop_myself(
        trajectory=stay, later_contact=False, by=stay.participant.user, why="Het is te druk nu."
    )
    enter(page, worker)
    page.goto(f"/deelnemers/{stay.pk}/gestopt/")
    look(page)


def taking_a_break(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay = named("Casey")
    enter(page, town["participant"])
    page.goto("/vandaag/")
    follow(page, page.locator("a[href='/pauze/']"))
    look(page)
    follow(page, page.locator("button[name=act][value=ask]"))
    look(page)
    page.context.clear_cookies()
    enter(page, town["worker"])
    page.goto(f"/deelnemers/{stay.pk}/pauze/")
    look(page)
    page.fill("[name=reason]", "Toetsweken")
    follow(page, page.locator("form.form button[type=submit]").first)
    page.goto(f"/deelnemers/{stay.pk}/pauze/")
    look(page)
    page.context.clear_cookies()
    enter(page, town["participant"])
    for path in ("/vandaag/", "/pauze/"):
        page.goto(path)
        look(page)

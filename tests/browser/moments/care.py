"""Who looks after somebody, and who hears that something is not okay."""

from typing import Any

from core import clock
from participants.care import care_concerns
from participants.care.call_wish import ask_call
from participants.care.worry import ask_to_think_along, begin_worry
from participants.models import Complaint
from tests.browser.moments.steps import Enter, Look, Town, follow, named, submit


def staying_in_touch(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay, worker = named("Amir"), town["worker"]
    contact = stay.participant.contact
    contact.phone, contact.safe_channels = "0612345678", ["phone"]
    contact.shared_mailbox = contact.not_at_home = True
    contact.save()
    enter(page, worker)
    page.goto(f"/deelnemers/{stay.pk}/contact/")
    look(page)
    page.check("[name=outcome][value=no_answer]")
    page.check("[name=conclusion][value=worried]")
    page.fill("[name=note]", "Al twee avonden niets gehoord.")
    follow(page, page.locator("form.form button[type=submit]").last)
    look(page)
    concern = care_concerns.record_concern(
        trajectory=stay,
        what="Slaapt slecht en wil er met de huisarts over praten.",
        basis=care_concerns.Basis(agreed_on=clock.today()),
        by=worker,
    )
    care_concerns.share_concern(
        concern=concern,
        to="care",
        whom="Huisarts De Wit",
        what="Dat het slapen niet lukt",
        shared_on=clock.today(),
        basis=care_concerns.Basis(agreed_on=clock.today()),
        by=worker,
    )
    for path in (
        f"/deelnemers/{stay.pk}/",
        f"/deelnemers/{stay.pk}/verloop/",
        f"/deelnemers/{stay.pk}/zorgvragen/",
        f"/zorgvragen/{concern.pk}/",
        "/vandaag/",
    ):
        page.goto(path)
        look(page)


def thinking_along(page: Any, town: Town, enter: Enter, look: Look) -> None:
    worry = begin_worry(trajectory=named("Amir"), by=town["worker"])
    ask_to_think_along(
        worry=worry, broad="Iemand die altijd kwam, komt opeens niet meer.", by=town["worker"]
    )
    enter(page, town["coordinator"])
    page.goto("/vandaag/")
    look(page)
    page.goto(f"/meedenken/{worry.pk}/")
    look(page)


def knowing_somebody(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay, worker = named("Casey"), town["worker"]
    assert worker is not None
    enter(page, town["participant"])
    page.goto("/bekenden/")
    look(page)
    page.locator("[name=workers]").first.check()
    page.fill("[name=note]", "mijn nicht")
    follow(page, page.locator("main form.form button"))
    look(page)
    page.context.clear_cookies()
    enter(page, town["coordinator"])
    page.goto("/wie-kent-wie/")
    look(page)
    follow(page, page.locator("main form button").first)
    look(page)
    page.context.clear_cookies()
    enter(page, worker)
    page.goto(f"/deelnemers/{stay.pk}/erbuiten/")
    look(page)
    follow(page, page.locator("main form button"))
    look(page)


def telling_that_something_is_not_okay(page: Any, town: Town, enter: Enter, look: Look) -> None:
    enter(page, town["participant"])
    page.goto("/er-is-iets/")
    page.fill("[name=words]", "Een begeleider maakt grapjes die ik niet leuk vind.")
    look(page)
    submit(page)
    row = Complaint.objects.get()
    page.context.clear_cookies()
    enter(page, town["coordinator"])
    page.goto(f"/verteld/{row.pk}/")
    look(page)
    page.fill("[name=words]", "Wat goed dat je dit vertelt. Zullen we bellen?")
    submit(page)
    look(page)
    page.context.clear_cookies()
    enter(page, town["participant"])
    page.goto("/er-is-iets/")
    look(page)


def may_be_called(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay = named("Casey")
    assert stay.participant.user is not None
    ask_call(trajectory=stay, by=stay.participant.user)
    enter(page, town["worker"])
    page.goto(f"/deelnemers/{stay.pk}/belt/")
    look(page)

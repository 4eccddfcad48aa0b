"""Parents: asked, told, not told; and a home that is not safe."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from core import clock
from core.accounts.roles import Role
from core.messaging.models import Message
from participants.exit.parents import record_exception
from participants.models import Intake, ParentAtWork
from participants.parents import policies, words_from_parents
from participants.parents import question as parental
from participants.parents.guardians import enter_guardian
from participants.parents.not_at_home import say_not_at_home
from participants.parents.unsafe_home import record_unsafe_home
from tests import world
from tests.browser.moments.steps import (
    Enter,
    Look,
    Town,
    follow,
    named,
    submit,
)


def asking_a_parent(page: Any, town: Town, enter: Enter, look: Look) -> None:
    group = named("Casey").group
    worker = town["worker"]
    assert group is not None
    assert worker is not None
    child = world.make_trajectory(
        group=group, phase="intake", suitable=True, call_name="Noor", age=14
    )
    Intake.objects.create(trajectory=child, decision="suitable", decided_at=clock.now())
    world.give_own_agreements(child)
    parent = world.make_guardian(child)
    parental.ask_harm(trajectory=child, can_harm=False, by=worker)
    row, token = parental.release_request(guardian=parent, trajectory=child, by=worker)
    page.goto(f"/ouders/l/{token}/")
    question = urlsplit(page.url).path
    look(page)
    follow(page, page.locator("main form button[type=submit]").first)
    look(page)
    for step in ("nee", "vraag", "tekst"):
        page.goto(f"{question}?stap={step}")
        look(page)
    page.goto(f"{question}?opnieuw=1")
    look(page)
    page.check("[name=yes]")
    follow(page, page.locator("main form button[type=submit]").first)
    look(page)
    receipt = Message.objects.get(kind="parental_receipt", subject_id=row.pk)
    page.goto(urlsplit(json.loads(str(receipt.secret))["withdraw_url"]).path)
    look(page)
    page.goto("/ouders/l/een-link-die-niet-klopt/")
    look(page)


def an_unsafe_home(page: Any, town: Town, enter: Enter, look: Look) -> None:
    group = named("Casey").group
    worker, coordinator = town["worker"], town["coordinator"]
    assert group is not None
    assert coordinator is not None
    stay = world.make_trajectory(group=group, phase="intake", call_name="Yara", age=14)
    Intake.objects.create(trajectory=stay, decision="suitable", decided_at=clock.now())
    parental.ask_harm(trajectory=stay, can_harm=True, by=worker)
    row = record_unsafe_home(
        trajectory=stay, coordinator=coordinator, reason="Thuis is het nu niet veilig.", by=worker
    )
    enter(page, coordinator)
    page.goto(f"/thuis/{row.pk}/")
    look(page)


def not_discussed(page: Any, town: Town, enter: Enter, look: Look) -> None:
    """An exception that names a coordinator, who never heard of it."""
    group = named("Casey").group
    worker, coordinator = town["worker"], town["coordinator"]
    assert group is not None
    assert coordinator is not None
    long_ago = clock.today() - timedelta(days=90)
    stay = world.make_participating(group, since=long_ago, call_name="Robin", age=14)
    row = record_exception(
        trajectory=stay, coordinator=coordinator, reason="De ouders nemen niet op.", by=worker
    )
    enter(page, coordinator)
    page.goto(f"/samen-besloten/{row.pk}/")
    look(page)
    page.fill("[name=words]", "Bel me eerst even.")
    page.locator("main button[value=no]").click()
    page.goto(f"/samen-besloten/{row.pk}/")
    look(page)
    page.context.clear_cookies()
    enter(page, worker)
    page.goto(f"/deelnemers/{stay.pk}/afscheid/ouders/")
    look(page)


def mending_a_parents_details(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay, worker = named("Casey"), town["worker"]
    parent = world.make_guardian(stay)
    young = stay.participant.user
    enter(page, young)
    page.goto("/mijn-gegevens/regelen/")
    look(page)
    page.goto(f"/mijn-gegevens/regelen/{parent.pk}/")
    look(page)
    parental.ask_harm(trajectory=stay, can_harm=False, by=worker)
    row, _token = parental.release_request(guardian=parent, trajectory=stay, by=worker)
    page.goto(f"/mijn-gegevens/regelen/{parent.pk}/")
    look(page)
    words_from_parents.ask_question(consent=row, text="Wie zijn de begeleiders?")
    Message.objects.filter(subject_id=row.pk).update(
        state="dead", reason="smtp_550", had_secret=True
    )
    page.context.clear_cookies()
    enter(page, worker)
    page.goto(f"/berichten/{Message.objects.get(subject_id=row.pk).pk}/")
    look(page)
    for path in ("ouders/", f"ouders/{parent.pk}/", "geboortedatum/"):
        page.goto(f"/deelnemers/{stay.pk}/{path}")
        look(page)


def reading_the_brochure(page: Any, town: Town, enter: Enter, look: Look) -> None:
    for path in ("brochure", "gegevens"):
        page.goto(f"/voor-ouders/{path}/")
        look(page)


def setting_a_policy(page: Any, town: Town, enter: Enter, look: Look) -> None:
    foundation = world.make_national(Role.FOUNDATION, "Sanne Smit")
    TOTP.activate(foundation, generate_totp_secret())
    group = named("Casey").group
    assert group is not None
    organisation = group.location.organisation
    policies.set_consent_policy(
        organisation=organisation, policy="required", age=15, basis="", by=foundation
    )
    enter(page, foundation)
    page.goto("/toestemming/")
    look(page)
    page.goto(f"/toestemming/{organisation.pk}/")
    look(page)
    page.check("[name=policy][value=informed]")
    submit(page)
    look(page)


def no_parents_needed(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay = world.make_participating(
        world.make_group(age_until=23), since=clock.today(), call_name="Abel", age=19
    )
    enter(page, stay.participant.user)
    page.goto("/mijn-gegevens/regelen/")
    look(page)


def parents_hear_it(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay = named("Casey")
    enter(page, town["worker"])
    page.goto(f"/deelnemers/{stay.pk}/afsluiten/")
    look(page)
    page.goto(f"/deelnemers/{stay.pk}/afscheid/ouders/")
    look(page)
    submit(page)
    look(page)
    page.fill("[name=feedback]", "Komt graag en durft meer.")
    page.fill("[name=tips]", "Laat zelf afspreken.")
    submit(page)
    page.goto(f"/deelnemers/{stay.pk}/afscheid/ouders/")
    look(page)


def not_at_home(page: Any, town: Town, enter: Enter, look: Look) -> None:
    """'Home may not know': a worker talks first."""
    person = named("Casey").participant
    assert person.user is not None
    row = say_not_at_home(participant=person, by=person.user)
    enter(page, town["worker"])
    page.goto(f"/eerst-praten/{row.pk}/")
    look(page)
    submit(page)
    look(page)


def a_parent_who_came_back(page: Any, town: Town, enter: Enter, look: Look) -> None:
    """After a no only the own word of the parent asks anew."""
    stay, worker = named("Casey"), town["worker"]
    assert worker is not None
    parent = world.make_guardian(stay)
    parental.ask_harm(trajectory=stay, can_harm=False, by=worker)
    row, _token = parental.release_request(guardian=parent, trajectory=stay, by=worker)
    parental.answer_request(consent=row, answer="no")
    enter(page, worker)
    page.goto(f"/deelnemers/{stay.pk}/ouders/{parent.pk}/toch/")
    look(page)
    submit(page)
    look(page)


def a_parent_with_an_address_of_work(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay, manager = named("Casey"), town["manager"]
    assert manager is not None
    enter_guardian(
        participant=stay.participant,
        name="Inge",
        relation="mother",
        email=str(manager.email),
        by=stay.participant.user,
    )
    enter(page, town["coordinator"])
    page.goto(f"/adres-van-collega/{ParentAtWork.objects.get().pk}/")
    look(page)

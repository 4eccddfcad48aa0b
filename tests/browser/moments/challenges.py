"""From what is seen to what is dared: observations, hypotheses, challenges, support."""

from datetime import timedelta
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from challenges.observations.abc_scheme import Seen, write_observation
from challenges.preparing.words import Wanted, prepare
from challenges.reference import load_reference as load_challenges
from challenges.register.choosing import choose_challenge
from challenges.register.proposals import propose
from challenges.register.sharing import share, stop_sharing
from challenges.thread.sharing import share as share_thread
from core import clock
from core.accounts.roles import Role
from core.ids import uuid7
from participants.models import Trajectory
from tests import world
from tests.browser.moments.steps import Enter, Look, Town, follow, named, submit


def practising_it(page: Any, look: Look) -> None:
    """One tap, what there is to say, the path, and the end of it."""
    page.locator("main a", has_text="Ik heb geoefend").click()
    page.wait_for_url("**/geoefend/")
    look(page)
    for words in ("Ik wil iets anders", "Nog niet"):
        page.locator("main button", has_text=words).click()
        page.wait_for_url("**/oefening/**")
        look(page)
        page.go_back()
        page.wait_for_url("**/geoefend/")
        page.reload()
    page.locator("main button", has_text="Nog niet").click()
    page.wait_for_url("**/oefening/**")
    look(page)
    page.locator("main button[value=take_back]").click()
    page.locator("main button[value=put_back]").wait_for()
    look(page)
    page.goto("/mijn-challenge/gedurfd/")
    look(page)
    page.goto("/mijn-challenge/")
    page.locator("main a", has_text="Het is gelukt").click()
    page.wait_for_url("**/klaar/**")
    look(page)
    submit(page)
    page.wait_for_url("**/mijn-challenge/")
    look(page)


def choosing_a_challenge(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay = named("Casey")
    assert stay.group is not None
    load_challenges()
    worker, casey = town["worker"], town["participant"]
    assert worker is not None
    assert casey is not None
    enter(page, casey)
    page.goto("/mijn-challenge/")
    look(page)
    page.goto("/mijn-challenge/kiezen/")
    submit(page)  # nothing was written
    look(page)
    page.goto("/mijn-challenge/kiezen/?voorbeeld=ask_question")
    look(page)
    page.locator(".ten .choice", has_text="5").click()
    submit(page)  # one of the four is still to be chosen
    look(page)
    page.locator(".smaller .choice").first.click()
    submit(page)
    look(page)
    page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
    look(page)
    page.goto("/mijn-challenge/")
    practising_it(page, look)
    assert stay.challenges.get().state == "reached"
    row = choose_challenge(trajectory=stay, text="Ik bel een vriend", by=casey)
    share(challenge=row, by=casey)
    propose(trajectory=stay, text="Ik vraag iemand mee", by=worker)
    for path in ("/vandaag/", "/mijn-challenge/", f"/mijn-challenge/{row.pk}/"):
        page.goto(path)
        look(page)
    page.context.clear_cookies()
    enter(page, named("Amir").participant.user)
    page.goto("/groep/challenges/")
    look(page)
    stop_sharing(challenge=row, by=casey)
    page.goto("/groep/challenges/")
    look(page)
    page.context.clear_cookies()
    enter(page, town["worker"])
    page.goto(f"/deelnemers/{stay.pk}/")
    for summary in page.locator(".card", has_text="Ik bel een vriend").locator("summary").all():
        summary.click()
    look(page)
    for path in (
        f"/deelnemers/{stay.pk}/challenges/",
        f"/groepen/{stay.group.pk}/challenges/",
        f"/deelnemers/{stay.pk}/challenge-gesprek/",
    ):
        page.goto(path)
        look(page)
    page.context.clear_cookies()
    enter(page, town["coordinator"])
    page.goto(f"/deelnemers/{stay.pk}/challenges/")
    look(page)
    gone = world.make_trajectory(group=stay.group, phase="leaving", call_name="Mees", age=16)
    enter(page, gone.participant.user)
    page.goto("/mijn-challenge/")
    look(page)


def seeing_something(page: Any, town: Town, enter: Enter, look: Look) -> None:
    """One line to remember, one dropped; the ABC of it, refused once, and taken back."""
    enter(page, town["worker"])
    stay = Trajectory.objects.filter(phase="participating", blocked_reason="").earliest("pk")
    there = f"/deelnemers/{stay.pk}/observatie/"
    page.goto("/onthouden/")
    look(page)
    page.goto(f"/groepen/{stay.group_id}/observatie/")
    look(page)
    page.goto(f"/deelnemers/{stay.pk}/observaties/")
    look(page)
    for _line in range(2):
        page.goto(there)
        page.fill("[name=behaviour]", "Zat op de bank")
        follow(page, page.locator("[value=remember]"))
    page.goto("/onthouden/")
    follow(page, page.locator("[value=drop]").first)
    look(page)
    follow(page, page.locator("a", has_text="Uitwerken").first)
    page.fill("[name=behaviour]", "")
    page.locator(".observe__save").click()
    page.locator("[data-error-summary]").wait_for()
    look(page)
    page.fill("[name=behaviour]", "Zat op de bank")
    page.fill("[name=negative_0]", "Niemand zei iets")
    follow(page, page.locator(".observe__save"))
    page.goto(f"/deelnemers/{stay.pk}/observaties/")
    look(page)
    follow(page, page.locator("main a", has_text="Wijzigen"))
    look(page)
    follow(page, page.locator("[value=take_back]"))
    look(page)


def thinking_together(page: Any, town: Town, enter: Enter, look: Look) -> None:
    """Nothing yet, one refused and one written; what the talk made of it, and undone."""
    enter(page, town["worker"])
    stay = Trajectory.objects.filter(phase="participating", blocked_reason="").earliest("pk")
    there = f"/deelnemers/{stay.pk}/hypothesen/"
    page.goto(there)
    look(page)
    page.goto(f"{there}nieuw/")
    look(page)
    page.locator(".think__save button").click()
    page.locator("[data-error-summary]").wait_for()
    look(page)
    page.fill("[name=text]", "Weet niet hoe je vraagt of je mee mag doen")
    page.check("[value=social_skills_deficit]")
    page.locator(".think__save button").click()
    page.locator("article.think").wait_for()
    look(page)
    page.locator("article.think .actions a").click()
    page.locator("[value=drop]").wait_for()
    look(page)
    here = page.url
    for act in ("aanpassen", "anders"):
        page.goto(f"{here}{act}/")
        look(page)
    page.goto(here)
    page.locator("[value=drop]").click()
    page.locator("[value=undo]").wait_for()
    look(page)
    page.goto(there)
    look(page)


def preparing_and_supporting(page: Any, town: Town, enter: Enter, look: Look) -> None:
    """Beside each challenge a few words, on paper, what was used, and the foundation's list."""
    load_challenges()
    group = world.make_group(name="Groep van Sam")
    since = clock.today() - timedelta(days=60)
    stay = world.make_participating(group, since=since, call_name="Sam", age=17)
    choose_challenge(trajectory=stay, text="Ik stel een vraag", by=stay.participant.user)
    tonight = world.make_tonight(group, begins_in=-20)
    worker = world.make_worker(group)
    enter(page, worker)
    here = f"/avonden/{tonight.pk}/voorbereiding/"
    page.goto(here)
    look(page)
    wanted = {stay.pk: Wanted("Vraagt door", None, frozenset({"prompt"}))}
    prepare(meeting=tonight, wanted=wanted, by=worker)
    for path in (here, f"{here}papier/", f"/avonden/{tonight.pk}/ondersteuning/{stay.pk}/"):
        page.goto(path)
        look(page)
    follow(page, page.locator("button[name=form]").first)
    look(page)
    for path in (f"/deelnemers/{stay.pk}/ondersteuning/", "/ondersteuningsvormen/"):
        page.goto(path)
        look(page)
    page.context.clear_cookies()
    foundation = world.make_national(Role.FOUNDATION)
    TOTP.activate(foundation, generate_totp_secret())
    RecoveryCodes.activate(foundation)
    enter(page, foundation)
    page.goto("/ondersteuningsvormen/")
    submit(page)
    look(page)
    page.goto("/ondersteuningsvormen/prompt/")
    look(page)


def a_thread_and_coaching(page: Any, town: Town, enter: Enter, look: Look) -> None:
    """Nothing yet, then one thing seen; shared under another name, and read by the coordinator."""
    stay, worker = named("Casey"), town["worker"]
    assert worker is not None
    enter(page, worker)
    there = f"/deelnemers/{stay.pk}/draad/"
    page.goto(there)
    look(page)
    seen = Seen(behaviour="Casey zit alleen op de bank", on=clock.today())
    write_observation(trajectory=stay, seen=seen, client_id=uuid7(), by=worker)
    for path in (there, f"{there}schuilnaam/"):
        page.goto(path)
        look(page)
    shared = share_thread(trajectory=stay, days=14, by=worker)
    page.reload()
    look(page)
    page.context.clear_cookies()
    enter(page, town["coordinator"])
    page.goto(f"/draad/{shared.pk}/")
    look(page)

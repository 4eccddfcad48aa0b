"""The moments that no link leads to: what people do step by step, looked at on the way.

Each takes a page of a browser, the town, `enter` to sign in and `look`, which is called on every
step; together with the walk they show every template there is.
"""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.template.loader import render_to_string

from challenges.reference import load_reference as load_challenges
from challenges.register.choosing import choose_challenge
from challenges.register.proposals import propose
from challenges.register.sharing import share, stop_sharing
from core import clock
from core.accounts.models import User
from core.accounts.roles import Role
from core.audit.log import opened
from core.messaging.models import Message
from core.messaging.outbox import write
from core.organisations.models import Group
from core.organisations.retention import set_retention
from groups.evenings.last_meeting import agree_last_meeting
from groups.farewell.cards import give_card
from groups.farewell.texts import put_on_the_card
from groups.goodbye.leaving import stop_myself
from groups.models import FarewellRound, FarewellText, Meeting, Placement
from groups.seats.moving import ask_move
from participants.care import care_concerns
from participants.care.worry import ask_to_think_along, begin_worry
from participants.exit.parents import record_exception
from participants.intake.talk import start_intake
from participants.journey import journey
from participants.models import Complaint, Consultation, DataRequest, Intake, Trajectory, TurnedAway
from participants.parents import policies, words_from_parents
from participants.parents import question as parental
from participants.parents.unsafe_home import record_unsafe_home
from participants.person import door_code
from participants.referrers import consent as feedback
from participants.referrers import telling
from participants.signup.interest import register_interest
from participants.signup.sign_up import turn_away
from questionnaires.cycle import mail_buttons
from questionnaires.models import Invitation
from questionnaires.models import Response as Answered
from tests import world
from tests.questionnaires.build import make_response

PASSWORD = "een lang genoeg wachtwoord"
Look = Callable[[Any], None]
Town = dict[str, User | None]
Enter = Callable[[Any, User | None], None]


def named(call_name: str) -> Trajectory:
    return Trajectory.objects.get(participant__call_name=call_name)


def answered_once(stay: Trajectory) -> None:
    if not Answered.objects.filter(trajectory=stay, wave="baseline").exists():
        make_response(stay, dict.fromkeys(range(1, 19), 3), "baseline", 1, clock.today())


def submit(page: Any) -> None:
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()


def show(page: Any, body: str) -> None:
    """A page that is hard to provoke, with the live server's own styles."""
    page.unroute("**/zo-ziet-het-eruit/")
    page.route(
        "**/zo-ziet-het-eruit/",
        lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"),
    )
    page.goto("/zo-ziet-het-eruit/")


def signing_up(page: Any, town: Town, enter: Enter, look: Look) -> None:
    page.goto("/")
    page.locator(".check-card button").click()
    page.wait_for_load_state()
    look(page)
    for place, age in (("6811", "11"), ("9999", "15"), ("6811", "15")):
        page.goto("/")
        page.fill("[name=place]", place)
        page.fill("[name=age]", age)
        page.locator(".check-card button").click()
        page.wait_for_load_state()
        look(page)
    page.locator("main a.button[href^='/aanmelden/']").click()
    page.wait_for_load_state()
    look(page)
    page.locator("form.form button[type=submit]").last.click()
    page.wait_for_load_state()
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
    page.locator("form.form button[type=submit]").last.click()
    page.wait_for_load_state()
    look(page)
    assert "/aangemeld/" in page.url
    thanks = page.url
    page.locator("a[href*='klopt-het']").click()
    page.wait_for_load_state()
    look(page)
    for _twice in range(2):  # the second time there is nothing behind the link any more
        page.goto(thanks)
        page.locator("a[href*='klopt-het']").click()
        page.wait_for_load_state()
        look(page)
        if page.locator("main summary").count():
            page.locator("main summary").click()
            page.locator("form[action$='/toch-niet/'] button").click()
            page.wait_for_load_state()
            look(page)
    page.goto(thanks)
    page.locator("[name=worker]").last.click()
    page.wait_for_load_state()
    look(page)
    Group.objects.update(state="full", places_taken=15)
    page.goto("/")
    page.fill("[name=place]", "6811")
    page.fill("[name=age]", "15")
    page.locator(".check-card button").click()
    page.wait_for_load_state()
    look(page)
    page.goto("/aangemeld/wachten/")
    look(page)


def asking_to_be_told(page: Any, town: Town, enter: Enter, look: Look) -> None:
    page.goto("/")
    page.fill("[name=place]", "9999")
    page.fill("[name=age]", "15")
    page.locator(".check-card button").click()
    page.wait_for_load_state()
    look(page)
    for address in ("geen adres", "pim@example.org"):
        page.fill("[name=email]", address)
        page.locator("main form button").last.click()
        page.wait_for_load_state()
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


def signing_in_by_code(page: Any, town: Town, enter: Enter, look: Look) -> None:
    page.goto("/inloggen/")
    page.fill("input[type=email]", "nobody@example.org")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()
    look(page)
    page.locator("main form input:not([type=hidden])").first.fill("000000")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
    look(page)


def saying_who_is_there(page: Any, town: Town, enter: Enter, look: Look) -> None:
    """Behind a mailbox that somebody else uses too: the page after the code, and refused."""
    casey = named("Casey").participant
    world.make_participant(call_name="Lotte", age=17, email=casey.contact.email)
    page.goto("/inloggen/")
    page.fill("input[type=email]", casey.contact.email)
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/inloggen/code/")
    sent = Message.objects.filter(template="sign_in_code").latest("written_at")
    page.fill("[name=code]", json.loads(str(sent.secret))["code"])
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/wie-ben-je/")
    look(page)
    for part, number in (("day", "1"), ("month", "1"), ("year", "2001")):
        page.fill(f"[name=born_{part}]", number)
    page.locator("main form button[type=submit]").first.click()
    page.locator("[name=born_day][aria-invalid=true]").wait_for()
    look(page)


def signing_in_with_a_password(page: Any, town: Town, enter: Enter, look: Look) -> None:
    worker = town["worker"]
    assert worker is not None
    page.goto("/inloggen/begeleiders/")
    page.fill("input[type=email]", str(worker.email))
    page.fill("input[type=password]", PASSWORD)
    submit(page)
    look(page)
    page.locator("main form input:not([type=hidden])").first.fill("000000")
    submit(page)
    look(page)


def choosing_a_password(page: Any, town: Town, enter: Enter, look: Look) -> None:
    worker = town["worker"]
    assert worker is not None
    page.goto("/inloggen/wachtwoord/")
    page.fill("input[type=email]", "nobody@example.org")
    submit(page)
    look(page)
    key = default_token_generator.make_token(worker)
    page.goto(f"/inloggen/wachtwoord/nieuw/{user_pk_to_url_str(worker)}-{key}/")
    look(page)
    for field in page.locator("input[type=password]").all():
        field.fill("nog een lang genoeg wachtwoord")
    submit(page)
    look(page)


def proving_who_i_am(page: Any, town: Town, enter: Enter, look: Look) -> None:
    new = world.make_worker(world.make_group(), "Nieuwe Begeleider")
    new.set_password(PASSWORD)
    new.save()
    enter(page, new)
    for path in ("beveiliging/instellen/", "nog-even/", "nog-even/code/", "uit/"):
        page.goto(f"/inloggen/{path}")
        look(page)
    page.context.clear_cookies()
    enter(page, town["coordinator"])
    for path in ("nog-even/", "nog-even/code/", "uit/"):
        page.goto(f"/inloggen/{path}")
        look(page)


def answering_to_the_end(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay = named("Casey")
    wave = Invitation.objects.get(trajectory=stay, wave="interim")
    answered_once(stay)
    enter(page, town["participant"])
    page.goto(f"/vragen/{wave.pk}/1/")
    page.locator(".choice").first.click()
    page.wait_for_url("**/2/")
    page.goto(f"/vragen/{wave.pk}/klaar/")
    look(page)
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    assert Answered.objects.filter(invitation=wave).exists()
    for step in ("bedankt", "terugkijken"):
        page.goto(f"/vragen/{wave.pk}/{step}/")
        look(page)


def a_closed_wave(page: Any, town: Town, enter: Enter, look: Look) -> None:
    wave = Invitation.objects.get(trajectory=named("Casey"), wave="interim")
    Invitation.objects.filter(pk=wave.pk).update(state="closed", answered_on=None)
    enter(page, town["participant"])
    page.goto(f"/vragen/{wave.pk}/")
    look(page)


def reading_answers(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay = named("Casey")
    answered_once(stay)
    enter(page, town["worker"])
    page.goto(f"/deelnemers/{stay.pk}/antwoorden/")
    look(page)
    page.goto(f"/vragen/{Invitation.objects.get(trajectory=stay, state='open').pk}/tekst/")
    look(page)


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
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
    look(page)
    for step in ("nee", "vraag", "tekst"):
        page.goto(f"{question}?stap={step}")
        look(page)
    page.goto(f"{question}?opnieuw=1")
    look(page)
    page.check("[name=yes]")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
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
    page.goto("/voor-ouders/brochure/")
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
    page.locator("button[value=yes]").click()
    page.wait_for_load_state()
    look(page)
    page.context.clear_cookies()
    enter(page, worker)
    page.goto(f"/deelnemers/{stay.pk}/verwijzers/")
    look(page)
    _row, token = feedback.ask_parent(tie=tie, guardian=parent, by=worker)
    page.goto(f"/ouders/t/{token}/")
    look(page)
    page.check("[name=sure]")
    page.locator("main button[value=yes]").click()
    page.wait_for_load_state()
    look(page)
    telling.propose_quote(tie=tie, words="Ik lach hier weer.", by=worker)
    page.goto(f"/deelnemers/{stay.pk}/verwijzers/")
    page.locator("[name=phrase]").first.check()
    page.locator("button[value=tell]").click()
    page.wait_for_load_state()
    look(page)
    page.goto("/verwijzers/")
    look(page)
    page.goto(f"/verwijzers/{tie.referrer_id}/")
    look(page)
    page.context.clear_cookies()
    enter(page, stay.participant.user)
    page.goto("/wie-hoort-wat/")
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


def sending_by_hand(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay = named("Casey")
    row = write(
        kind="reminder",
        contact=stay.participant.contact,
        template="neutral",
        dedupe_key="by hand",
        group=stay.group,
    )
    enter(page, town["worker"])
    for state in ("queued", "dead"):
        Message.objects.filter(pk=row.pk).update(state=state, reason="smtp_550")
        page.goto(f"/berichten/{row.pk}/")
        look(page)
    page.goto("/berichten/")
    look(page)
    page.context.clear_cookies()
    Message.objects.filter(pk=row.pk).update(group=None)
    foundation = world.make_national(Role.FOUNDATION)
    RecoveryCodes.activate(foundation)
    TOTP.activate(foundation, generate_totp_secret())
    enter(page, foundation)
    page.goto("/berichten/")
    look(page)


def stopping(page: Any, town: Town, enter: Enter, look: Look) -> None:
    enter(page, town["participant"])
    page.goto("/mijn-gegevens/")
    page.locator("a[href='/stoppen/']").click()
    page.wait_for_load_state()
    look(page)
    page.locator("button[name=later][value=no]").click()
    page.wait_for_load_state()
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
    page.locator("button", has_text="Toevoegen").click()
    page.wait_for_load_state()
    look(page)
    page.goto(f"/deelnemers/{stay.pk}/afscheid/")
    page.locator("[name=meeting]").first.check()
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
        page.locator(f"main button[value={act}], main form:has([value={act}]) button").first.click()
        page.wait_for_load_state()
        look(page)
    page.locator("main button[value=typed]").click()
    page.wait_for_load_state()
    look(page)  # nothing was chosen, nothing written
    page.check("[name=who]")
    page.fill("[name=text]", "Je luistert echt. Dat kunnen er niet veel.")
    page.locator("main button[value=typed]").click()
    page.wait_for_load_state()
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


def to_another_group(page: Any, town: Town, enter: Enter, look: Look) -> None:
    """Asked outside the age band: the worker waits, the coordinator and Noor answer."""
    group = world.make_group(name="Groep van Noor")
    place = group.location
    older = world.make_group(
        organisation=place.organisation, region=place.region, age_from=24, age_until=30
    )
    since = clock.today() - timedelta(days=60)
    stay = world.make_participating(group, since=since, call_name="Noor", age=19)
    world.give_own_agreements(stay)
    worker = world.make_worker(group)
    asked = ask_move(
        trajectory=stay,
        to_group=older,
        first_day=clock.today() + timedelta(days=14),
        reason="Haar vriendinnen zitten daar.",
        by=worker,
    )
    enter(page, worker)
    page.goto(f"/deelnemers/{stay.pk}/andere-groep/")
    look(page)
    page.context.clear_cookies()
    enter(page, world.make_coordinator(place.region))
    page.goto(f"/overstap/{asked.pk}/")
    look(page)
    page.locator("main button[value=no]").click()
    page.wait_for_load_state()
    look(page)  # why not?
    page.locator("main button[value=yes]").click()
    page.wait_for_load_state()
    look(page)
    page.context.clear_cookies()
    enter(page, stay.participant.user)
    page.goto(f"/andere-groep/{asked.pk}/")
    look(page)
    page.locator("main button[value=yes]").click()
    page.wait_for_load_state()
    page.goto(f"/andere-groep/{asked.pk}/")
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
    page.locator("form.form button[type=submit]").last.click()
    page.wait_for_load_state()
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


def taking_a_break(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay = named("Casey")
    enter(page, town["participant"])
    page.goto("/vandaag/")
    page.locator("a[href='/pauze/']").click()
    page.wait_for_load_state()
    look(page)
    page.locator("button[name=act][value=ask]").click()
    page.wait_for_load_state()
    look(page)
    page.context.clear_cookies()
    enter(page, town["worker"])
    page.goto(f"/deelnemers/{stay.pk}/pauze/")
    look(page)
    page.fill("[name=reason]", "Toetsweken")
    page.locator("form.form button[type=submit]").first.click()
    page.wait_for_load_state()
    page.goto(f"/deelnemers/{stay.pk}/pauze/")
    look(page)
    page.context.clear_cookies()
    enter(page, town["participant"])
    for path in ("/vandaag/", "/pauze/"):
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


def correcting(page: Any, town: Town, enter: Enter, look: Look) -> None:
    placement = Placement.objects.filter(trajectory=named("Amir")).get()
    held = Meeting.objects.filter(group=placement.group, status="held")
    evening = held.filter(date__gte=clock.today() - timedelta(days=30)).earliest("date")
    enter(page, town["worker"])
    page.goto(f"/avonden/{evening.pk}/{placement.trajectory_id}/")
    look(page)
    page.locator("main button[name=state]").last.click()
    page.wait_for_load_state()
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
    page.locator("form[action$='/onder-vier-ogen/'] button").click()
    page.wait_for_load_state()
    look(page)


def a_talk_that_begins(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay = named("Bo")
    start_intake(trajectory=stay, by=town["worker"])
    enter(page, town["worker"])
    page.goto(f"/aanmeldingen/{stay.pk}/gesprek/")
    page.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true })")
    page.locator("[name=crisis][value=does_not_meet]").check()
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


def knowing_somebody(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay, worker = named("Casey"), town["worker"]
    assert worker is not None
    enter(page, town["participant"])
    page.goto("/bekenden/")
    look(page)
    page.locator("[name=workers]").first.check()
    page.fill("[name=note]", "mijn nicht")
    page.locator("main form.form button").click()
    page.wait_for_load_state()
    look(page)
    page.context.clear_cookies()
    enter(page, town["coordinator"])
    page.goto("/wie-kent-wie/")
    look(page)
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    look(page)
    page.context.clear_cookies()
    enter(page, worker)
    page.goto(f"/deelnemers/{stay.pk}/erbuiten/")
    look(page)
    page.locator("main form button").click()
    page.wait_for_load_state()
    look(page)


def pointing_somebody_to_us(page: Any, town: Town, enter: Enter, look: Look) -> None:
    page.goto("/voor-professionals/")
    look(page)
    page.locator("main a[href$='gesprekskaart/']").click()
    page.wait_for_load_state()
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


def choosing_a_photo(page: Any, town: Town, enter: Enter, look: Look) -> None:
    enter(page, town["worker"])
    page.goto("/inloggen/foto/")
    look(page)
    submit_photo(page, b"geen foto")
    look(page)
    submit_photo(page, world.photo().getvalue())
    look(page)


def submit_photo(page: Any, body: bytes) -> None:
    file = {"name": "ik.jpg", "mimeType": "image/jpeg", "buffer": body}
    page.set_input_files("[name=picture]", file)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()


def two_groups(page: Any, town: Town, enter: Enter, look: Look) -> None:
    worker = town["worker"]
    assert worker is not None
    world.give_role(worker, Role.YOUTH_WORKER, group=world.make_group())
    enter(page, worker)
    page.goto("/groepen/")
    look(page)


def asking_about_my_data(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay = named("Casey")
    worker = town["worker"]
    assert worker is not None
    opened(worker, "file", [stay.pk])
    enter(page, town["participant"])
    for step in ("", "wie-keek/", "van-jou/", "vraag/wissen/", "vraag/klopt-niet/"):
        page.goto(f"/wat-we-weten/{step}")
        look(page)
    page.goto("/wat-we-weten/vraag/inzien/")
    submit(page)
    look(page)
    row = DataRequest.objects.get(kind="copy")
    page.context.clear_cookies()
    enter(page, worker)
    page.goto(f"/deelnemers/{stay.pk}/gegevens/")
    look(page)
    page.goto(f"/gegevens/{row.pk}/alles/")
    look(page)
    page.goto(f"/gegevens/{row.pk}/")
    page.locator("button:has-text('Ik heb gekeken')").click()
    page.wait_for_load_state()
    look(page)
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()
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


def setting_how_long_we_keep(page: Any, town: Town, enter: Enter, look: Look) -> None:
    foundation = world.make_national(Role.FOUNDATION)
    foundation.set_password(PASSWORD)
    foundation.save()
    TOTP.activate(foundation, generate_totp_secret())
    RecoveryCodes.activate(foundation)
    organisation = world.make_organisation("Welzijn Rijn")
    set_retention(record_class="stay", months=12, organisation=organisation, by=foundation)
    enter(page, foundation)
    page.goto("/bewaartermijnen/")
    look(page)
    page.fill("[name=months]", "999")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()
    look(page)


def refusals(page: Any, town: Town, enter: Enter, look: Look) -> None:
    page.goto("/nergens/")
    look(page)
    for name in ("400.html", "403.html", "403_csrf.html", "500.html"):
        show(page, render_to_string(name))
        look(page)
    enter(page, town["manager"])
    page.goto("/aanmeldingen/")
    look(page)


def in_with_a_workers_code(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay = named("Casey")
    worker, coordinator = town["worker"], town["coordinator"]
    enter(page, worker)
    page.goto(f"/deelnemers/{stay.pk}/inlogcode/")
    look(page)
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    look(page)
    page.goto("/inloggen/met-code/")
    look(page)
    page.context.clear_cookies()
    handed = door_code.hand_code(trajectory=stay, by=worker)
    page.goto("/inloggen/met-code/")
    look(page)
    page.fill("[name=code]", "NIET GOED")
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    look(page)
    page.goto(f"/inloggen/q/{handed.token}/")
    look(page)
    page.check("[name=shared]")
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    look(page)
    for path in ("/inloggen/met-code/", "/hoe-ik-inlog/"):
        page.goto(path)
        look(page)
    page.locator("main button[value=not_me]").first.click()
    page.wait_for_load_state()
    look(page)
    page.context.clear_cookies()
    enter(page, coordinator)
    page.goto(f"/inlogcodes/{handed.row.pk}/")
    look(page)


def the_two_buttons_of_a_mail(page: Any, town: Town, enter: Enter, look: Look) -> None:
    wave = Invitation.objects.open().get(trajectory=named("Casey"))
    for address in mail_buttons.links(wave).values():
        page.goto(urlsplit(address).path)
        look(page)
        page.locator("main form button").first.click()
        page.wait_for_load_state()
        look(page)
    page.goto("/vragen/morgen/een-link-die-niet-klopt/")
    look(page)
    enter(page, wave.trajectory.participant.user)
    for path in ("/vandaag/", f"/vragen/{wave.pk}/", f"/vragen/{wave.pk}/later/"):
        page.goto(path)
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
    page.locator("main button[value=wait]").click()
    page.wait_for_load_state()
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
        page.locator("[value=remember]").click()
        page.wait_for_load_state()
    page.goto("/onthouden/")
    page.locator("[value=drop]").first.click()
    page.wait_for_load_state()
    look(page)
    page.locator("a", has_text="Uitwerken").first.click()
    page.wait_for_load_state()
    page.fill("[name=behaviour]", "")
    page.locator(".observe__save").click()
    page.locator("[data-error-summary]").wait_for()
    look(page)
    page.fill("[name=behaviour]", "Zat op de bank")
    page.fill("[name=negative_0]", "Niemand zei iets")
    page.locator(".observe__save").click()
    page.wait_for_load_state()
    page.goto(f"/deelnemers/{stay.pk}/observaties/")
    look(page)
    page.locator("main a", has_text="Wijzigen").click()
    page.wait_for_load_state()
    look(page)
    page.locator("[value=take_back]").click()
    page.wait_for_load_state()
    look(page)


ALL = [
    seeing_something,
    more_waits_than_fits,
    choosing_a_challenge,
    signed_up_and_not_placed_yet,
    before_the_first_evening,
    in_with_a_workers_code,
    the_two_buttons_of_a_mail,
    signing_up,
    asking_to_be_told,
    signing_in_by_code,
    saying_who_is_there,
    signing_in_with_a_password,
    choosing_a_password,
    proving_who_i_am,
    reading_answers,
    answering_to_the_end,
    asking_a_parent,
    an_unsafe_home,
    not_discussed,
    mending_a_parents_details,
    reading_the_brochure,
    telling_school,
    setting_a_policy,
    no_parents_needed,
    sending_by_hand,
    getting_to_know,
    saying_goodbye,
    a_card_goes_round,
    to_another_group,
    going_on,
    parents_hear_it,
    correcting,
    advising,
    a_talk_that_begins,
    a_talk_with_others_there,
    asking_whether_it_worked_out,
    knowing_somebody,
    choosing_a_photo,
    pointing_somebody_to_us,
    where_there_is_no_place,
    two_groups,
    a_closed_wave,
    stopping,
    staying_in_touch,
    thinking_along,
    taking_a_break,
    who_stopped,
    asking_about_my_data,
    telling_that_something_is_not_okay,
    setting_how_long_we_keep,
    refusals,
]


#: Played among the long proofs: people with a training, a desk and a colleague to ask.
OF_PROFESSIONALS = {
    seeing_something,
    to_another_group,
    more_waits_than_fits,
    not_discussed,
    mending_a_parents_details,
    setting_a_policy,
    no_parents_needed,
    sending_by_hand,
    getting_to_know,
    saying_goodbye,
    a_card_goes_round,
    going_on,
    parents_hear_it,
    correcting,
    advising,
    a_talk_with_others_there,
    asking_whether_it_worked_out,
    telling_school,
    where_there_is_no_place,
    two_groups,
    staying_in_touch,
    thinking_along,
    who_stopped,
    setting_how_long_we_keep,
}

"""'Home may not know this': one tap stops everything home, and the pages look ordinary (R-346)."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.errors import NotYours, RuleBroken
from core.messaging import outbox, sending
from core.messaging.models import Message
from joinus.home.waiting import todos_for
from participants.consent.at_home import may_speak_of_parents
from participants.models import Guardian, HomeSilence, Intake, ParentalConsent, Trajectory
from participants.parents import (
    at_send_time,
    coming_of_age,
    mail,
    mail_home,
    not_at_home,
    unsafe_home,
)
from participants.parents import question as parental
from tests import world
from tests.core.drafts.pages import look, type_in
from tests.participants.parents.build import NOON, asked, child, follow, form_of, say_yes
from tests.world import eyes

pytestmark = pytest.mark.django_db
#: What nobody who holds the phone of such a young person may read.
OF_HOME = re.compile(r"\b(\w*ouders?|voogd\w*|vaders?|moeders?|thuis)\b", re.IGNORECASE)
#: A helpline has its name for everybody, and "16 of ouder" is about an age.
ORDINARY = re.compile(r"Veilig Thuis|Onveilig thuis|of ouder\b", re.IGNORECASE)


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with clock.travel(NOON):
        yield


def tap(stay: Trajectory) -> HomeSilence:
    person = stay.participant
    return not_at_home.say_not_at_home(participant=person, by=person.user)


def words_in(page: str) -> set[str]:
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return {found[0].lower() for found in OF_HOME.finditer(ORDINARY.sub(" ", text))}


def dead() -> bytes:
    _client, page = follow("A" * 43)
    assert page.status_code == 410
    return re.sub(rb"nonce=\"[^\"]*\"", b"", page.content)


def of_parents() -> Any:
    return Message.objects.filter(kind__startswith="parental_")


# ---- At once -------------------------------------------------------------------------------


@pytest.mark.req("R-346")
def test_one_tap_stops_every_mail_reminder_and_link_to_a_parent() -> None:
    stay = child()
    row, token, parent = asked(stay)
    _other, sent_token, father = asked(stay, name="Henk de Boer")
    Message.objects.filter(contact=father.contact).update(state="sent", sent_at=NOON)
    client = eyes(stay.participant.user)
    assert client.get(reverse("participants:say_not_at_home")).status_code == 405
    answer = client.post(reverse("participants:say_not_at_home"))
    assert (answer.status_code, answer["Location"]) == (302, "/vandaag/")
    waits = of_parents().filter(state="queued")
    assert not waits.exists()
    for one in (token, sent_token):
        page = follow(one)[1]
        assert page.status_code == 410
        assert re.sub(rb"nonce=\"[^\"]*\"", b"", page.content) == dead()
    for day in (3, 7, 14):
        with clock.travel(NOON + timedelta(days=day)):
            parental.remind(consent=row, day=clock.today())
    assert not waits.exists()
    worker = world.make_worker(stay.group)
    for one in (parent, father):
        with world.broken("can_harm"):
            parental.release_request(guardian=one, trajectory=stay, by=worker)
    with world.broken("silence_stands"):
        parental.ask_harm(trajectory=stay, can_harm=False, by=worker)


@pytest.mark.req("R-346")
def test_a_mail_that_is_being_sent_is_asked_about_once_more_and_stays_here() -> None:
    stay = child()
    row, _token, parent = asked(stay)
    yes = child()
    proved, token, _ = asked(yes)
    say_yes(token)
    HomeSilence.objects.create(participant=stay.participant, said_at=NOON, talk_by=NOON.date())
    HomeSilence.objects.create(participant=yes.participant, said_at=NOON, talk_by=NOON.date())
    about = at_send_time.About
    for kind, one in ((mail.REQUEST, row), (mail.REMINDER, row), (mail.RECEIPT, proved)):
        asked_about = {about(one.pk, one.guardian.contact_id)}
        assert at_send_time.message_wanted(kind, asked_about) == set()
    assert mail_home.is_unsafe(stay)
    assert parent.contact_id


@pytest.mark.req("R-346")
def test_no_link_of_a_parent_who_said_yes_works_and_the_yes_itself_stays() -> None:
    stay = child()
    row, token, _ = asked(stay)
    say_yes(token)
    secrets = Message.objects.get(kind=mail.RECEIPT, subject_id=row.pk)
    urls = re.findall(r"/ouders/[ib]/([^/\"]+)/", str(secrets.secret))
    assert len(urls) == 2
    tap(stay)
    stay.refresh_from_db()
    assert stay.blocked_reason == ""
    for purpose, secret in _secrets(str(secrets.secret)):
        hashed = parental.token_hash(secret, f"parental_{purpose}")
        assert parental.find_link(hashed, purpose) is not None
        assert parental.find_by_hash(hashed, purpose) is None
    with world.broken("link_dead"):
        parental.withdraw_by_parent(consent=row)


def _secrets(secret: str) -> list[tuple[str, str]]:
    found = dict(re.findall(r"/ouders/([ib])/([^/\"]+)/", secret))
    return [("withdraw", found["i"]), ("receipt", found["b"])]


@pytest.mark.req("R-346")
def test_messages_to_the_young_person_wait_for_the_talk_but_not_the_codes_they_ask_for() -> None:
    stay = child()
    contact = stay.participant.contact
    early = outbox.write(contact=contact, template="neutral", kind="neutral", dedupe_key="early")
    row = tap(stay)
    late = outbox.write(contact=contact, template="neutral", kind="neutral", dedupe_key="late")
    code = outbox.write(
        contact=contact,
        template="sign_in_code",
        kind="sign_in_code",
        dedupe_key="code",
        params={"code": "123456"},
        urgency=outbox.IMMEDIATE,
    )
    gone: list[Message] = []
    afternoon = clock.at(NOON.date() + timedelta(days=1), 17)
    with clock.travel(afternoon):
        sending.send_due(lambda message, _connection: gone.append(message))
    assert {one.pk for one in gone if one.contact_id == contact.pk} == {code.pk}
    worker = world.make_worker(stay.group)
    not_at_home.note_talk(silence=row, still=True, words="Gebeld", by=worker)
    with clock.travel(afternoon):
        sending.send_due(lambda message, _connection: gone.append(message))
    assert {early.pk, late.pk} <= {one.pk for one in gone}


@pytest.mark.req("R-346")
def test_who_guides_has_a_to_do_on_top_and_a_mail_without_a_name() -> None:
    stay = child()
    worker = world.make_worker(stay.group)
    coordinator = world.make_coordinator(stay.region)
    row = tap(stay)
    todo = todos_for(worker)[0]
    assert (todo.kind, todo.urgency, todo.url) == (
        "home_silence",
        -1,
        reverse("participants:silence", args=[row.pk]),
    )
    assert world.waiting(coordinator, "home_silence") == []
    told = Message.objects.get(kind="participants.needed_today", contact=worker.contact)
    assert told.urgency == "immediate"
    assert "Noor" not in str(told.params) + told.template
    with clock.travel(clock.at(row.talk_by + timedelta(days=1), 9)):
        assert [t.when for t in world.waiting(coordinator, "home_silence")] == ["te laat"]
    page = eyes(worker).get(todo.url).content.decode()
    assert "Noor" in page
    data = {"still": "yes", "words": "We belden.", "alone": "on"}
    refused = dict.fromkeys(data, "")
    assert eyes(worker).post(todo.url, refused).status_code == 422
    assert eyes(worker).post(todo.url, data).status_code == 302
    assert world.waiting(worker, "home_silence") == []


@pytest.mark.req("R-343", "R-346")
def test_of_two_noors_the_to_do_and_its_page_say_which_one() -> None:
    group = world.make_group()
    worker = world.make_worker(group)
    world.make_trajectory(group=group, call_name="noor", birth_date=date(2010, 1, 2))
    row = tap(child(group=group, birth_date=date(2012, 5, 3)))
    (todo,) = world.waiting(worker, "home_silence")
    assert "Noor (2012)" in todo.title
    assert "Noor (2012)" in eyes(worker).get(todo.url).content.decode()
    assert row.talked_at is None


@pytest.mark.req("R-346")
def test_without_a_group_the_coordinator_talks() -> None:
    region = world.make_region()
    stay = world.make_trajectory(group=None, region=region, phase="signed_up", age=13)
    coordinator = world.make_coordinator(region)
    row = tap(stay)
    (todo,) = world.waiting(coordinator, "home_silence")
    assert eyes(coordinator).get(todo.url).status_code == 200
    stranger = world.make_coordinator(world.make_region())
    assert eyes(stranger).get(todo.url).status_code == 404
    with pytest.raises(NotYours):
        not_at_home.note_talk(silence=row, still=False, words="x", by=stranger)


# ---- Twice, together, and back -----------------------------------------------------------------


@pytest.mark.req("R-346")
def test_two_taps_in_two_tabs_are_one_and_after_the_talk_it_counts_anew() -> None:
    stay = child()
    worker = world.make_worker(stay.group)
    client = eyes(stay.participant.user)
    for _press in range(2):
        client.post(reverse("participants:say_not_at_home"))
    row = HomeSilence.objects.get()
    assert Message.objects.filter(kind="participants.needed_today").count() == 1
    not_at_home.note_talk(silence=row, still=True, words="Blijft zo", by=worker)
    with clock.travel(NOON + timedelta(days=1)):
        client.post(reverse("participants:say_not_at_home"))  # an old tab
    again = HomeSilence.objects.get()
    assert (again.pk, again.talked_at) == (row.pk, None)
    assert [t.kind for t in world.waiting(worker, "home_silence")] == ["home_silence"]


@pytest.mark.req("R-346")
def test_a_parent_who_answers_at_the_same_moment_comes_before_it_or_not_at_all() -> None:
    stay = child()
    _row, token, _ = asked(stay)
    client, page = follow(token)  # the page is open
    tap(stay)
    answer = client.post({**form_of(page), "yes": "on"})
    assert answer.status_code == 410
    assert not ParentalConsent.objects.exclude(answer="").exists()
    before = child()
    _row, token, _ = asked(before)
    say_yes(token)
    tap(before)
    assert not of_parents().filter(state="queued").exists(), "not even the proof goes home"


@pytest.mark.req("R-346")
def test_only_a_talk_undoes_it_and_then_harm_is_asked_anew() -> None:
    stay = child()
    worker, coordinator = world.make_worker(stay.group), world.make_coordinator(stay.region)
    row, _token, parent = asked(stay)
    silence = tap(stay)
    coming_of_age.follow_the_age(trajectory=stay)
    assert not may_speak_of_parents(stay)
    with world.broken("words_needed"):
        not_at_home.note_talk(silence=silence, still=False, words=" ", by=worker)
    unsafe_home.record_unsafe_home(
        trajectory=stay, by=worker, reason="Niet veilig", coordinator=coordinator
    )
    with world.broken("exception_stands"):
        not_at_home.note_talk(silence=silence, still=False, words="Mag weer", by=worker)
    unsafe_home.end_unsafe_home(trajectory=stay, by=worker, talked=True)
    assert not may_speak_of_parents(stay), "ending the exception does not undo the own word"
    not_at_home.note_talk(silence=silence, still=False, words="Mag weer", by=worker)
    assert may_speak_of_parents(stay)
    stay.refresh_from_db()
    assert stay.blocked_reason == "harm_not_asked"
    row.refresh_from_db()
    assert row.revoked_at is not None, "what was sent before stays dead"
    with world.broken("harm_not_asked"):
        parental.release_request(guardian=parent, trajectory=stay, by=worker)
    with pytest.raises(RuleBroken):
        not_at_home.note_talk(silence=silence, still=False, words="Nog eens", by=worker)


@pytest.mark.req("R-346")
def test_the_answer_about_harm_of_before_the_tap_does_not_count_after_it() -> None:
    stay = child()
    worker = world.make_worker(stay.group)
    _row, _token, parent = asked(stay)
    not_at_home.note_talk(silence=tap(stay), still=False, words="Mag weer", by=worker)
    stay.refresh_from_db()
    assert stay.blocked_reason == "harm_not_asked"
    with world.broken("harm_not_asked"):
        parental.release_request(guardian=parent, trajectory=stay, by=worker)


@pytest.mark.req("R-346")
def test_a_new_stay_of_the_same_person_is_as_silent_and_nobody_else_can_say_it() -> None:
    stay = child()
    tap(stay)
    Trajectory.objects.filter(pk=stay.pk).update(phase="withdrawn")
    later = world.make_trajectory(group=stay.group, participant=stay.participant, phase="intake")
    assert not may_speak_of_parents(later)
    other = child()
    with pytest.raises(NotYours):
        not_at_home.say_not_at_home(participant=other.participant, by=stay.participant.user)
    worker = eyes(world.make_worker(stay.group))
    assert worker.post(reverse("participants:say_not_at_home")).status_code == 404


# ---- The pages look ordinary ---------------------------------------------------------------------


def every_page(client: Client) -> Iterator[tuple[str, str]]:
    """Every page that is linked from the start page on, as this person finds it."""
    seen: set[str] = set()
    ahead = [
        "/vandaag/",
        "/mijn-gegevens/regelen/",
        "/hoe-het-werkt/",
        "/privacy/",
        "/bestaat-niet/",
    ]
    while ahead:
        url = ahead.pop(0)
        if url in seen or url.startswith(("/static/", "/uitloggen")) or "wis" in url:
            continue
        seen.add(url)
        answer = client.get(url, follow=True)
        if not answer.get("Content-Type", "").startswith(("text/html", "application/json")):
            continue
        html = answer.content.decode()
        yield url, html
        ahead += re.findall(r'href="(/[^"#?]*)', html)


def typed_of_a_parent(stay: Trajectory) -> None:
    """Begun on the page about parents and left there: kept as a draft."""
    client = eyes(stay.participant.user)
    sealed = look(client, "/mijn-gegevens/regelen/", 'name="relation"')
    type_in(client, sealed, name="Vader Kees", email="mijn.moeder@example.org", relation="other")


def silent(how: str) -> Trajectory:
    stay = child()
    typed_of_a_parent(stay)
    asked(stay)
    worker = world.make_worker(stay.group)
    eyes(worker).get(reverse("participants:parents", args=[stay.pk]))
    world.make_tie(stay, by=worker)
    if how == "tap":
        tap(stay)
        silence = HomeSilence.objects.get()
        eyes(worker).get(reverse("participants:silence", args=[silence.pk]))
    elif how == "harm":
        parental.ask_harm(trajectory=stay, can_harm=True, by=worker)
    else:
        unsafe_home.record_unsafe_home(
            trajectory=stay,
            by=worker,
            reason="Niet veilig",
            coordinator=world.make_coordinator(stay.region),
        )
    return stay


@pytest.mark.req("R-346")
@pytest.mark.parametrize("how", ["tap", "harm", "exception"])
def test_no_page_title_menu_or_paper_speaks_of_home(how: str) -> None:
    stay = silent(how)
    client = eyes(stay.participant.user)
    pages = dict(every_page(client))
    assert len(pages) > 12
    assert {url: found for url, html in pages.items() if (found := words_in(html))} == {}
    for phase in ("trial", "participating", "paused", "leaving"):
        Trajectory.objects.filter(pk=stay.pk).update(phase=phase, blocked_reason="")
        for url in ("/vandaag/", "/mijn-gegevens/", "/afspraken/", "/mijn-gegevens/regelen/"):
            assert words_in(client.get(url).content.decode()) == set(), (phase, url)
    guardian = Guardian.objects.filter(participant=stay.participant).first()
    assert guardian is not None
    change = reverse("participants:change_own_guardian", args=[guardian.pk])
    assert client.get(change).status_code == 404


@pytest.mark.req("R-346")
def test_the_words_come_back_after_the_talk_and_the_crawl_would_find_them() -> None:
    """The crawl is worth something: the same pages do speak of parents where they may."""
    stay = child()
    asked(stay)
    found = {url for url, html in every_page(eyes(stay.participant.user)) if words_in(html)}
    assert {
        "/mijn-gegevens/",
        "/mijn-gegevens/regelen/",
        "/hoe-het-werkt/",
        "/wat-we-weten/",
    } <= found
    assert "/wat-we-weten/van-jou/" in found


@pytest.mark.req("R-346")
def test_a_parent_who_answers_after_the_tap_does_not_read_that_all_is_well() -> None:
    stay = child()
    _row, token, _parent = asked(stay)
    client, page = follow(token)
    form = form_of(page)
    tap(stay)
    told = client.post({**form, "yes": "on"})
    assert told.status_code == 410
    assert "niet bij ons aangekomen" in told.content.decode()
    assert "Dan is het goed" not in told.content.decode()
    assert "Dan is het goed" in follow(token)[1].content.decode()
    assert words_in(told.content.decode()) == words_in(follow(token)[1].content.decode())


@pytest.mark.req("R-346")
def test_the_title_of_the_page_about_parents_is_the_same_in_every_state() -> None:
    stay = child()
    client = eyes(stay.participant.user)

    def title() -> str:
        html = client.get("/mijn-gegevens/regelen/").content.decode()
        found = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
        assert found is not None
        return found[1].strip()

    before = title()
    assert words_in(before) == set()
    asked(stay)
    assert title() == before
    tap(stay)
    assert title() == before


@pytest.mark.req("R-346")
def test_the_tap_is_offered_in_every_phase_and_is_gone_while_it_stands() -> None:
    where = reverse("participants:say_not_at_home")
    grown = child(age=17)
    for stay in (child(), grown):
        client = eyes(stay.participant.user)
        for phase in ("signed_up", "intake", "trial", "participating", "leaving", "withdrawn"):
            Trajectory.objects.filter(pk=stay.pk).update(phase=phase)
            assert where in client.get("/er-is-iets/").content.decode()
            assert where in client.get("/mijn-gegevens/regelen/").content.decode()
        client.post(where)
        for url in ("/er-is-iets/", "/mijn-gegevens/regelen/"):
            assert where not in client.get(url).content.decode()
    assert not Intake.objects.filter(mail_can_harm=False).exists()


@pytest.mark.req("R-346")
def test_the_screen_says_once_who_comes_when_and_how() -> None:
    stay = child()
    world.make_worker(stay.group, "Anouk Smit")
    stay.participant.contact.safe_channels = ["whatsapp"]
    stay.participant.contact.save()
    client = eyes(stay.participant.user)
    once = client.post(reverse("participants:say_not_at_home"), follow=True).content.decode()
    assert "Anouk neemt uiterlijk woensdag 11 maart contact met je op, via WhatsApp." in once
    assert words_in(once) == set()
    assert "Anouk neemt contact" not in client.get("/vandaag/").content.decode()


@pytest.mark.req("R-346")
def test_at_a_goodbye_nobody_is_called_before_the_young_person_knows() -> None:
    """R-109 stands above the tap; but who opens the page reads of it, and finds no number yet."""
    group = world.make_group()
    stay = world.make_participating(group, since=clock.today(), call_name="Noor", age=14)
    parent = world.make_guardian(stay, phone="06 11 22 33 44")
    fleur = world.make_worker(group, "Fleur Jansen")
    page = reverse("participants:parents_at_exit", args=[stay.pk])
    assert "tel:+31611223344" in eyes(fleur).get(page).content.decode()
    row = tap(stay)
    shown = eyes(fleur).get(page).content.decode()
    assert "Thuis mogen ze dit niet weten" in shown
    assert reverse("participants:silence", args=[row.pk]) in shown
    assert "31611223344" not in shown
    assert parent.contact.email not in shown
    not_at_home.note_talk(silence=row, still=True, words="Oma mag het horen", by=fleur)
    shown = eyes(fleur).get(page).content.decode()
    assert "Oma mag het horen" in shown
    assert "tel:+31611223344" in shown


@pytest.mark.req("R-346")
@pytest.mark.parametrize("way", ["phone", "whatsapp", "email"])
def test_the_safe_way_stands_on_the_page_of_the_talk_for_who_guides_them(way: str) -> None:
    group = world.make_group()
    young = world.make_participant(call_name="Noor", phone="06 11 22 33 44", safe_channels=[way])
    stay = world.make_trajectory(group=group, participant=young)
    page = reverse("participants:silence", args=[tap(stay).pk])
    shown = eyes(world.make_worker(group)).get(page).content.decode()
    assert ('href="tel:+31611223344"' in shown) == (way == "phone")
    assert ("06 11223344" in shown) == (way != "email")
    assert (young.contact.email in shown) == (way == "email")
    later = clock.at(clock.today() + timedelta(days=9), 12)
    with clock.travel(later):
        late = eyes(world.make_coordinator(group.location.region)).get(page)
    assert late.status_code == 200
    assert "06 11223344" not in late.content.decode()
    assert young.contact.email not in late.content.decode()

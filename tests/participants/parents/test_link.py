"""The question to a parent, from the worker's release to the withdrawal (trust.md 6)."""

import json
import re
import threading
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.messaging.models import Message
from core.messaging.rendering import render
from core.texts.publishing import publish
from participants import sweep
from participants.consent import needed as consent
from participants.models import ConsentLink, Guardian, Hold, ParentalConsent, Trajectory
from participants.parents import question as parental
from participants.parents import receipt_pdf, unsafe_home
from tests import world
from tests.participants.parents.build import (
    DAY,
    NOON,
    asked,
    child,
    follow,
    form_of,
    say_yes,
    take_back,
    withdraw_token,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with clock.travel(NOON):
        yield


def snapshot() -> list[Any]:
    return [
        list(ParentalConsent.objects.order_by("pk").values()),
        list(ConsentLink.objects.order_by("pk").values_list("pk", "consent_id", "purpose")),
        list(Message.objects.order_by("pk").values_list("pk", "state")),
        list(Trajectory.objects.order_by("pk").values()),
        list(Hold.objects.order_by("pk").values()),
    ]


# ---- Release -----------------------------------------------------------------


@pytest.mark.req("R-103")
def test_nothing_leaves_before_the_worker_said_that_the_mail_does_no_harm() -> None:
    trajectory = child()
    worker, parent = world.make_worker(trajectory.group), world.make_guardian(trajectory)
    for answer, code in ((None, "harm_not_asked"), (True, "can_harm")):
        if answer is not None:
            parental.ask_harm(trajectory=trajectory, can_harm=answer, by=worker)
        with pytest.raises(RuleBroken) as broken:
            parental.release_request(guardian=parent, trajectory=trajectory, by=worker)
        assert broken.value.code == code
    assert not Message.objects.filter(contact=parent.contact).exists()
    parental.ask_harm(trajectory=trajectory, can_harm=False, by=worker)
    parental.release_request(guardian=parent, trajectory=trajectory, by=worker)
    assert Message.objects.get(contact=parent.contact).urgency == "scheduled"


@pytest.mark.req("R-105")
def test_only_a_hash_of_at_least_128_random_bits_is_kept() -> None:
    row, token, _ = asked(child())
    other = asked(child())[1]
    assert len(token) >= 22
    assert token != other
    link = row.links.get()
    assert len(bytes(link.token_hash)) == 32
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(t::text, '|') FROM "
            "(SELECT * FROM messaging_message m, participants_parentalconsent p,"
            " participants_consentlink l) t"
        )
        dump = cursor.fetchone()[0]
    assert token not in dump
    assert token.encode().hex() not in dump


@pytest.mark.req("R-103", "R-108")
def test_the_mail_is_formal_open_and_names_no_place_or_time_and_the_subject_nobody() -> None:
    trajectory = child()
    row, token, _parent = asked(trajectory)
    message = Message.objects.get(kind="parental_request", subject_id=row.pk)
    for language in ("nl", "en"):
        message.contact.language = language
        mail = render(message)
        for secret in ("Noor", "14", "Kegel", "Dorpsstraat", "Voorbeeldstad", "19:00", "eenzaam"):
            assert secret not in mail.subject
        for place in ("Kegel", "Dorpsstraat", "Voorbeeldstad", "19:00", "vrijdag", "Friday"):
            assert place not in mail.text
            assert place not in mail.html
        assert "Noor" in mail.text
        assert reverse("participants:parent_consent", args=[token]) in mail.html
    message.contact.language = "nl"
    mail = render(message)
    assert mail.subject == "Vraag over deelname aan Join Us"
    assert re.search(r"\bu\b", mail.text)
    assert not re.search(r"\b(je|jij|jouw)\b", mail.text)


# ---- The link ------------------------------------------------------------------


@pytest.mark.req("R-105")
def test_the_first_get_swaps_the_token_for_a_closed_cookie_at_one_static_address() -> None:
    _row, token, _ = asked(child())
    response = Client().get(reverse("participants:parent_consent", args=[token]))
    assert response.status_code == 302
    public = re.fullmatch(r"/ouders/toestemming/([0-9a-f]{24})/", response["Location"])
    assert public
    cookie = response.cookies[f"page-{public[1]}"]
    assert cookie["httponly"]
    assert (cookie["path"], cookie["max-age"], cookie["expires"]) == ("/", "", "")
    assert cookie["samesite"] == "Lax"
    assert token not in cookie.value
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    _client, page = follow(token)
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert token not in page.content.decode()


@pytest.mark.req("R-105")
def test_reading_prefetching_and_scanning_change_nothing() -> None:
    row, token, _ = asked(child())
    before = snapshot()
    link = reverse("participants:parent_consent", args=[token])
    client, page = follow(token)
    here = client.here
    for address in (link, here, f"{here}?stap=nee", f"{here}?stap=vraag", f"{here}?yes=on"):
        client.client.get(address)
        client.client.head(address)
        client.client.get(address, headers={"sec-purpose": "prefetch", "purpose": "prefetch"})
        client.client.options(address)
    assert client.client.post(link).status_code == 405
    untouched = form_of(page)
    assert client.post(untouched).status_code == 422, "a scanner presses the button"
    assert client.post({**untouched, "stap": "nee"}).status_code == 422
    assert client.post({**untouched, "stap": "vraag", "question": ""}).status_code == 422
    assert snapshot() == before
    row.refresh_from_db()
    assert row.answer == ""


@pytest.mark.req("R-105")
def test_used_expired_revoked_forged_and_truncated_links_look_the_same() -> None:
    def bodies(token: str) -> tuple[Any, ...]:
        client, page = follow(token)
        first = client.door
        sent = client.post({"yes": "on"})
        own = client.here.split("/")[-2]
        return (
            (first.status_code, first["Location"].replace(own, ""), first.content),
            (page.status_code, page.content),
            (sent.status_code, sent.content),
        )

    used, expired, revoked = (asked(child()) for _ in range(3))
    say_yes(used[1])
    parental.release_request(
        guardian=revoked[2], trajectory=revoked[0].trajectory, by=revoked[0].released_by
    )
    ParentalConsent.objects.filter(pk=expired[0].pk).update(expires_at=NOON)
    forged = "A" * 43
    seen = {bodies(t) for t in (used[1], expired[1], revoked[1], forged, used[1][:20], "x\x00y")}
    assert len(seen) == 1
    assert next(iter(seen))[1][0] == 410
    assert Client().get("/ouders/toestemming/").status_code == 410, "no link at all"
    link, _page = follow(forged)
    assert link.elsewhere().get().status_code == 410, "its address without its cookie"
    link.client.cookies[link.cookie] = "eyJsaW5rIjoiMDAifQ:1:forged"
    assert link.get().status_code == 410


@pytest.mark.req("R-105")
def test_asking_again_makes_the_older_link_stop_at_once() -> None:
    trajectory = child()
    row, old, parent = asked(trajectory)
    _again, new = parental.release_request(
        guardian=parent, trajectory=trajectory, by=row.released_by
    )
    assert follow(old)[1].status_code == 410
    assert follow(new)[1].status_code == 200
    waits = Message.objects.filter(kind="parental_request", state="queued")
    assert waits.count() == 1


@pytest.mark.parametrize(
    "name", ["a\x00b", "x" * 1_000_000, "Inge\r\nBcc: a@b.nl", "\ud800"], ids=range(4)
)
def test_bad_input_is_refused_kindly(name: str) -> None:
    row, token, _ = asked(child())
    client, page = follow(token)
    data = form_of(page)
    try:
        response = client.post({**data, "stap": "vraag", "question": name})
    except UnicodeEncodeError:
        return
    assert response.status_code in (302, 400, 413, 422)
    client.post({"yes": "on", "text": name[:90].encode("utf8", "ignore"), "taal": "xx"})
    row.refresh_from_db()
    assert row.answer == ""


# ---- The answer ------------------------------------------------------------------


@pytest.mark.req("R-103", "R-104", "R-105")
def test_a_ticked_yes_by_post_is_kept_with_its_exact_text_and_frees_the_stay() -> None:
    trajectory = child()
    row, token, _ = asked(trajectory)
    trajectory.refresh_from_db()
    assert trajectory.blocked_reason == "parent_not_answered"
    response = say_yes(token)
    assert response.status_code == 302
    row.refresh_from_db()
    trajectory.refresh_from_db()
    assert (row.answer, row.answered_at, row.answered_language) == ("yes", NOON, "nl")
    assert row.text_sha256 == row.text.sha256
    assert row.answered_name == "Inge Visser"
    assert row.research_yes_at is None
    assert trajectory.blocked_reason == ""
    assert trajectory.consent_complete_on == DAY


@pytest.mark.req("R-288")
def test_the_second_yes_for_research_is_apart_and_changes_nothing_else() -> None:
    row, token, _ = asked(child())
    say_yes(token, research="on")
    row.refresh_from_db()
    assert row.research_yes_at == NOON
    assert row.research_text is not None
    assert row.research_sha256 == row.research_text.sha256
    only = asked(child())
    client, page = follow(only[1])
    assert client.post({**form_of(page), "research": "on"}).status_code == 422
    only[0].refresh_from_db()
    assert (only[0].answer, only[0].research_yes_at) == ("", None)


@pytest.mark.req("R-105")
def test_a_no_can_be_given_blocks_and_is_told_by_a_receipt() -> None:
    trajectory = child()
    row, token, _ = asked(trajectory)
    client, page = follow(token)
    data = {**form_of(page), "stap": "nee", "parent": "on"}
    assert client.post(data).status_code == 302
    row.refresh_from_db()
    trajectory.refresh_from_db()
    assert row.answer == "no"
    assert trajectory.blocked_reason == "parent_refused"
    receipt = Message.objects.get(kind="parental_receipt", subject_id=row.pk)
    assert "withdraw_url" not in receipt.secret
    assert not row.links.filter(purpose="withdraw").exists()


@pytest.mark.req("R-105")
def test_the_wording_on_the_screen_is_what_counts_also_when_a_newer_one_appears() -> None:
    row, token, _ = asked(child())
    client, page = follow(token)
    shown = form_of(page)
    publish(key="parental_consent", language="nl", title="Nieuw", body="Andere tekst")
    client.post({**shown, "yes": "on"})
    row.refresh_from_db()
    assert str(row.text_id) == shown["text"]
    assert row.text.title != "Nieuw"


@pytest.mark.req("R-105")
def test_another_text_cannot_be_smuggled_in() -> None:
    from core.texts.models import TextVersion

    row, token, _ = asked(child())
    client, page = follow(token)
    other = TextVersion.objects.current("privacy", "nl")
    response = client.post({**form_of(page), "yes": "on", "text": str(other.pk)})
    assert response.status_code == 422
    row.refresh_from_db()
    assert row.answer == ""


@pytest.mark.req("R-011")
def test_the_page_speaks_formal_dutch_and_english_and_names_no_place_or_time() -> None:
    _row, token, _ = asked(child())
    client, page = follow(token)
    dutch = page.content.decode()
    assert "Mag Noor meedoen?" in dutch
    assert not re.search(r"\b(je|jij|jouw)\b", dutch)
    english = client.get("?taal=en").content.decode()
    assert "May Noor take part?" in english
    for step in ("", "?stap=nee", "?stap=vraag"):
        html = client.get(step).content.decode()
        for secret in ("Kegel", "Dorpsstraat", "Voorbeeldstad", "19:00"):
            assert secret not in html
        assert trajectory_secrets_absent(html)


def trajectory_secrets_absent(html: str) -> bool:
    """No key of the stay, the parent or the question leaks into the page."""
    keys = [
        *Trajectory.objects.values_list("pk", flat=True),
        *ParentalConsent.objects.values_list("pk", flat=True),
        *Guardian.objects.values_list("pk", flat=True),
    ]
    return not any(str(key) in html for key in keys)


@pytest.mark.req("R-105")
def test_neither_of_two_parents_sees_the_other() -> None:
    trajectory = child()
    _one, first, _mother = asked(trajectory, name="Inge Visser", email="inge@example.org")
    father = world.make_guardian(trajectory, name="Henk de Boer", email="henk@example.org")
    row, second = parental.release_request(
        guardian=father, trajectory=trajectory, by=world.make_staff()
    )
    say_yes(first)
    _client, page = follow(second)
    html = page.content.decode()
    mails = [render(m) for m in Message.objects.filter(contact=father.contact)]
    for trace in ("Inge", "inge@", "Visser"):
        assert trace not in html
        assert all(trace not in mail.text + mail.html for mail in mails)
    row.refresh_from_db()
    assert row.answer == ""


@pytest.mark.req("R-111")
def test_a_question_reaches_a_person_and_the_link_keeps_working() -> None:
    row, token, _ = asked(child())
    client, page = follow(token)
    data = {**form_of(page), "stap": "vraag", "question": "Wie zijn de begeleiders?"}
    assert client.post(data).status_code == 302
    row.refresh_from_db()
    assert row.question == "Wie zijn de begeleiders?"
    assert say_yes(token).status_code == 302


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R-105")
def test_fifty_answers_at_once_are_one_consent() -> None:
    row, token, _ = asked(child())
    client, page = follow(token)
    data, cookies = {**form_of(page), "yes": "on"}, client.client.cookies
    start, codes = threading.Barrier(50), []

    def press() -> None:
        mine = Client()
        mine.cookies = cookies
        with clock.travel(NOON):
            try:
                start.wait()
                codes.append(mine.post(client.here, data).status_code)
            finally:
                connection.close()

    threads = [threading.Thread(target=press) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(codes) == 50
    assert set(codes) == {302}, "the same press again is thanked again"
    assert set(ParentalConsent.objects.values_list("pk", "answer")) == {(row.pk, "yes")}
    assert row.links.filter(purpose="withdraw").count() == 1
    assert Message.objects.filter(kind="parental_receipt").count() == 1


# ---- Receipt and withdrawal ---------------------------------------------------------


@pytest.mark.req("R-103")
def test_the_receipt_comes_at_once_with_place_time_and_an_own_withdraw_link() -> None:
    row, token, _ = asked(child())
    say_yes(token)
    receipt = Message.objects.get(kind="parental_receipt", subject_id=row.pk)
    assert receipt.urgency == "immediate"
    mail = render(receipt)
    assert "De Kegel" in mail.text
    assert "19:00" in mail.text
    assert "Noor" not in mail.subject
    assert withdraw_token(row) != token
    assert f"/ouders/i/{withdraw_token(row)}/" in mail.html


@pytest.mark.req("R-105")
def test_the_withdraw_link_only_withdraws_in_two_steps_and_at_once() -> None:
    trajectory = child()
    row, token, _ = asked(trajectory)
    say_yes(token)
    secret = withdraw_token(row)
    assert follow(secret)[1].status_code == 410, "it cannot be used to answer"
    with clock.travel(NOON + timedelta(days=300)):
        client = take_back(secret)
        before = snapshot()
        assert client.get().status_code == 200
        assert client.post({"what": "all"}).status_code == 422
        assert snapshot() == before
        response = client.post({"sure": "on", "what": "all"})
        assert response.status_code == 302
        trajectory.refresh_from_db()
        assert trajectory.blocked_reason == "parent_withdrew"
        assert Hold.objects.running().filter(trajectory=trajectory).exists()
        client = take_back(secret)
        assert client.get().status_code == 410


@pytest.mark.req("R-011")
def test_the_link_opens_one_question_about_one_child_and_makes_nobody_an_account() -> None:
    accounts = User.objects.count()
    row, token, parent = asked(child(call_name="Noor"))
    worker = User.objects.count() - accounts
    _other, other_token, _ = asked(child(call_name="Mees"))
    client, page = follow(token)
    assert "Noor" in page.content.decode()
    assert "Mees" not in page.content.decode()
    assert "_auth_user_id" not in client.client.session
    assert take_back(token, client.client).get().status_code == 410, "it only answers"
    for closed in ("/vandaag/", f"/deelnemers/{row.trajectory_id}/", "/mijn-gegevens/"):
        door = client.client.get(closed)
        assert door.status_code in (302, 404)
        assert "Noor" not in door.content.decode()
    before = User.objects.count()
    assert say_yes(token).status_code == 302
    assert say_yes(other_token).status_code == 302
    assert User.objects.count() == before
    assert worker == 2, "the young person and the worker"
    assert not User.objects.filter(contact=parent.contact).exists()


@pytest.mark.req("R-104")
def test_withdrawal_while_placed_blocks_and_leaves_the_seat() -> None:
    trajectory = child()
    row, token, _ = asked(trajectory)
    say_yes(token)
    Trajectory.objects.filter(pk=trajectory.pk).update(phase="participating")
    placement = world.seat(trajectory, first_day=DAY)
    row.refresh_from_db()
    parental.withdraw_by_parent(consent=row)
    trajectory.refresh_from_db()
    placement.refresh_from_db()
    assert (trajectory.phase, trajectory.blocked_reason) == ("participating", "parent_withdrew")
    assert placement.last_day is None
    assert trajectory.consent_complete_on == DAY
    assert trajectory not in Trajectory.objects.active()


@pytest.mark.req("R-288")
def test_only_the_research_can_be_taken_back() -> None:
    trajectory = child()
    row, token, _ = asked(trajectory)
    say_yes(token, research="on")
    client = take_back(withdraw_token(row))
    client.post({"sure": "on", "what": "research"})
    row.refresh_from_db()
    trajectory.refresh_from_db()
    assert row.research_withdrawn_at == NOON
    assert row.withdrawn_at is None
    assert trajectory.blocked_reason == ""


@pytest.mark.req("R-105")
def test_the_evidence_is_the_same_bytes_years_later() -> None:
    row, token, parent = asked(child())
    say_yes(token, research="on")
    Message.objects.filter(subject_id=row.pk).update(state="sent", sent_at=NOON)
    row.refresh_from_db()
    proof = receipt_pdf.evidence(row)
    for part in ("Inge Visser", "mother", row.text_sha256, "language: nl", row.text.body):
        assert part in proof.decode()
    publish(key="parental_consent", language="nl", title="Nieuw", body="Andere tekst")
    parent.contact.name = "Iemand Anders"
    parent.contact.save()
    Guardian.objects.filter(pk=parent.pk).update(relation="other")
    with clock.travel(NOON + timedelta(days=365 * 7)):
        assert receipt_pdf.evidence(ParentalConsent.objects.get(pk=row.pk)) == proof


# ---- Time ------------------------------------------------------------------------


def reminders(row: ParentalConsent) -> list[date]:
    found = Message.objects.filter(kind="parental_reminder", subject_id=row.pk)
    return sorted(clock.day_of(m.written_at) for m in found)


def pass_days(until: int, start: int = 1) -> None:
    for days in range(start, until + 1):
        with clock.travel(NOON + timedelta(days=days)):
            sweep.run_due(clock.today())
            sweep.run_due(clock.today())


@pytest.mark.req("R-106")
def test_reminders_come_on_day_3_7_and_14_once_and_their_links_work() -> None:
    row, token, _ = asked(child())
    pass_days(20)
    assert reminders(row) == [DAY + timedelta(days=n) for n in (3, 7, 14)]
    last = Message.objects.filter(kind="parental_reminder").order_by("written_at").last()
    assert last is not None
    secret = json.loads(last.secret)["answer_url"].rstrip("/").split("/")[-1]
    with clock.travel(NOON + timedelta(days=21)):
        assert follow(token)[1].status_code == 200
        assert say_yes(secret).status_code == 302
        assert follow(token)[1].status_code == 410


@pytest.mark.req("R-108")
@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_subject_of_a_mail_to_parents_gives_the_child_away(language: str) -> None:
    trajectory = child()
    row, token, parent = asked(trajectory)
    pass_days(4)
    say_yes(token)
    row.refresh_from_db()
    parental.withdraw_by_parent(consent=row)
    mails = list(Message.objects.filter(contact=parent.contact))
    assert {m.kind for m in mails} == {"parental_request", "parental_reminder", "parental_receipt"}
    for message in mails:
        message.contact.language = language
        subject = render(message).subject.lower()
        for secret in ("noor", "14", "kegel", "voorbeeldstad", "19:00", "eenza", "lonel"):
            assert secret not in subject, message.kind


@pytest.mark.req("R-106")
def test_reminders_stop_on_answer_and_never_flood_after_a_silence() -> None:
    answered, token, _ = asked(child())
    silent, _token, _ = asked(child())
    pass_days(3)
    say_yes(token)
    pass_days(13, start=13)
    parental.remind(consent=answered, day=DAY + timedelta(days=14))  # answered after the look-up
    assert reminders(answered) == [DAY + timedelta(days=3)]
    states = set(
        Message.objects.filter(subject_id=answered.pk)
        .exclude(kind="parental_receipt")
        .values_list("state", flat=True)
    )
    assert states == {"withdrawn"}
    assert reminders(silent) == [DAY + timedelta(days=3), DAY + timedelta(days=13)]


@pytest.mark.req("R-107")
@pytest.mark.parametrize("born", [date(2010, 3, 20), date(2012, 2, 29)])
def test_turning_sixteen_while_waiting_makes_the_link_obsolete(born: date) -> None:
    birthday = date(born.year + 16, born.month, born.day)
    with clock.travel(birthday - timedelta(days=5)):
        trajectory = child(birth_date=born, age=15)
        row, token, _ = asked(trajectory)
    with clock.travel(datetime.combine(birthday, datetime.min.time(), clock.AMSTERDAM)):
        assert follow(token)[1].status_code == 410, "from midnight, before any sweep"
        sweep.run_due(clock.today())
        sweep.run_due(clock.today())
    row.refresh_from_db()
    trajectory.refresh_from_db()
    assert row.obsolete_at is not None
    assert trajectory.consent_complete_on == birthday
    assert trajectory.blocked_reason == ""
    assert not Message.objects.filter(subject_id=row.pk, state="queued").exists()


# ---- Policy and exceptions ------------------------------------------------------------


@pytest.mark.req("R-103")
def test_informed_parents_get_one_mail_without_a_question() -> None:
    organisation = world.make_organisation(consent_policy="informed", consent_basis="besluit 4")
    trajectory = child(group=world.make_group(organisation=organisation))
    worker, parent = world.make_worker(trajectory.group), world.make_guardian(trajectory)
    parental.ask_harm(trajectory=trajectory, can_harm=False, by=worker)
    with pytest.raises(RuleBroken) as broken:
        parental.release_request(guardian=parent, trajectory=trajectory, by=worker)
    assert broken.value.code == "not_needed"
    parental.inform_parents(guardian=parent, trajectory=trajectory, by=worker)
    parental.inform_parents(guardian=parent, trajectory=trajectory, by=worker)
    message = Message.objects.get(contact=parent.contact)
    assert "/ouders/" not in render(message).html
    trajectory.refresh_from_db()
    assert trajectory.consent_complete_on == DAY


@pytest.mark.req("R-103")
def test_an_unsafe_home_is_recorded_with_the_coordinator_and_no_mail_goes() -> None:
    trajectory = child()
    _row, token, parent = asked(trajectory)
    worker = world.make_worker(trajectory.group)
    stranger = world.make_coordinator(world.make_region())
    own = world.make_coordinator(trajectory.region)
    with pytest.raises(RuleBroken) as broken:
        unsafe_home.record_unsafe_home(
            trajectory=trajectory, by=worker, reason="Niet veilig", coordinator=stranger
        )
    assert broken.value.code == "not_the_coordinator"
    unsafe_home.record_unsafe_home(
        trajectory=trajectory, by=worker, reason="Niet veilig", coordinator=own
    )
    assert follow(token)[1].status_code == 410
    assert not Message.objects.filter(contact=parent.contact, state="queued").exists()
    with pytest.raises(RuleBroken):
        parental.release_request(guardian=parent, trajectory=trajectory, by=worker)
    consent.require(trajectory, clock.today())
    unsafe_home.end_unsafe_home(trajectory=trajectory, by=worker)
    with pytest.raises(RuleBroken):
        consent.require(trajectory, clock.today())

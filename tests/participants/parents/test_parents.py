"""Parents over time: two of them, another mailbox, another age, another policy, a question."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.accounts.roles import Role
from core.errors import NotYours, RuleBroken
from core.ids import uuid7
from core.messaging import sending
from core.messaging.models import Message
from core.messaging.rendering import render
from core.organisations.models import Organisation
from core.ports import About, Todo
from core.working_days import working_day_after
from participants import sweep
from participants.consent import needed as consent
from participants.models import (
    BirthDateCorrection,
    ConsentPolicyChange,
    Hold,
    ParentalConsent,
    Trajectory,
)
from participants.parents import (
    at_send_time,
    coming_of_age,
    guardians,
    policies,
    unsafe_home,
    words_from_parents,
)
from participants.parents import question as parental
from participants.parents import todos as waiting
from participants.parents.views.answer import WHOM_TO_RING
from tests import world
from tests.participants.parents.build import (
    NOON,
    asked,
    came_back,
    child,
    follow,
    form_of,
    say_yes,
    take_back,
    withdraw_token,
)
from tests.world import eyes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with clock.travel(NOON):
        yield


def asked_of_parents(user: Any) -> list[Todo]:
    """What waits for this user because of a parent or a yes."""
    return world.asked(waiting.RULES, user)


def blocked(stay: Trajectory) -> str:
    stay.refresh_from_db()
    return stay.blocked_reason


def newest_token(guardian: Any, kind: str = "parental_request") -> str:
    import json

    message = Message.objects.filter(contact=guardian.contact, kind=kind).latest("written_at", "pk")
    urls = json.loads(message.secret)
    return str(urls.get("answer_url") or urls["withdraw_url"]).rstrip("/").split("/")[-1]


def ticket_of(page: Any) -> str:
    import re

    found = re.search(r'name="form" value="([^"]+)"', page.content.decode())
    assert found is not None
    return found[1]


# ---- Pressed twice ---------------------------------------------------------------


@pytest.mark.req("R-105")
def test_who_presses_yes_twice_sees_the_same_thank_you_and_answers_once() -> None:
    row, token, _ = asked(child())
    client, page = follow(token)
    data = {**form_of(page), "yes": "on", "form": ticket_of(page)}
    cookies = client.client.cookies.copy()
    first = client.post(data)
    client.client.cookies = cookies  # the second press left before the first answer came
    second = client.post(data)
    gone = client.elsewhere().post(data)
    assert first.status_code == second.status_code == gone.status_code == 302
    assert first["Location"] == second["Location"] == gone["Location"]
    assert Message.objects.filter(kind="parental_receipt").count() == 1
    changed = client.elsewhere().post({**data, "stap": "nee", "parent": "on"})
    assert changed.status_code == 410, "another answer is not the same press"
    forged = client.elsewhere().post({**data, "form": data["form"][:-2] + "xx"})
    assert forged.status_code == 410
    row.refresh_from_db()
    assert row.answer == "yes"


@pytest.mark.req("R-105")
def test_who_presses_no_or_take_back_twice_sees_the_same_page_again() -> None:
    _row, token, _ = asked(child())
    client, page = follow(token)
    data = {**form_of(page), "stap": "nee", "parent": "on", "form": ticket_of(page)}
    assert {client.post(data)["Location"], client.elsewhere().post(data)["Location"]} == {
        f"/ouders/klaar/nee/?taal=nl&bel={WHOM_TO_RING.sign(str(_row.pk))}"
    }
    row, token, _ = asked(child())
    say_yes(token, research="on")
    client = take_back(withdraw_token(row))
    page = client.get()
    data = {"sure": "on", "what": "all", "form": ticket_of(page)}
    for _press in range(2):
        assert client.post(data)["Location"].startswith("/ouders/klaar/ingetrokken/")
    assert Message.objects.filter(subject_id=row.pk, kind="parental_receipt").count() == 2


# ---- Two yeses, each taken back by itself ---------------------------------------------


@pytest.mark.req("R-105")
def test_the_two_yeses_are_taken_back_apart_and_each_is_proved_by_mail() -> None:
    stay = child()
    row, token, parent = asked(stay)
    say_yes(token, research="on")
    client = take_back(withdraw_token(row))
    client.post({"sure": "on", "what": "research"})
    row.refresh_from_db()
    assert (row.research_withdrawn_at, row.withdrawn_at) == (NOON, None)
    proof = render(Message.objects.filter(contact=parent.contact).latest("written_at", "pk"))
    assert "Meedoen gaat gewoon door" in proof.text
    client.post({"sure": "on", "what": "all"})
    row.refresh_from_db()
    assert row.withdrawn_at == NOON
    assert blocked(stay) == "parent_withdrew"


# ---- Two parents --------------------------------------------------------------------


@pytest.mark.req("R-103")
def test_one_yes_counts_while_the_other_parent_is_silent_and_one_no_blocks_until_that_yes() -> None:
    stay = child()
    _row, mothers, _mother = asked(stay)
    father = world.make_guardian(stay, name="Henk de Boer")
    worker = world.make_staff()
    _other, fathers = parental.release_request(guardian=father, trajectory=stay, by=worker)
    say_yes(mothers)
    assert blocked(stay) == "", "the silent one may still answer, nothing waits for it"
    client, page = follow(fathers)
    client.post({**form_of(page), "stap": "nee", "parent": "on"})
    assert blocked(stay) == "parent_refused"
    (todo,) = world.waiting(world.make_worker(stay.group), "consent")
    assert (todo.urgency, todo.reason) == (1, "Een ouder zei nee")
    came_back(father, stay, by=worker)
    _row, again = parental.release_request(guardian=father, trajectory=stay, by=worker)
    assert blocked(stay) == "parent_refused", "asking again settles nothing"
    say_yes(again)
    assert blocked(stay) == ""
    # The no and the yes are of one moment: which is the newer does not hang on where rows lie.
    moved = ParentalConsent.objects.filter(trajectory=stay, answer="no")
    moved.update(revoked_at=NOON + timedelta(seconds=1))
    consent.settle(trajectory=stay)
    assert blocked(stay) == ""


# ---- Another mailbox -----------------------------------------------------------------


@pytest.mark.req("R-102")
def test_a_young_person_mends_a_slip_until_the_mail_was_released() -> None:
    stay = child()
    parent = world.make_guardian(stay)
    young = eyes(stay.participant.user)
    url = reverse("participants:change_own_guardian", args=[parent.pk])
    right = {"name": "Inge Visser", "relation": "mother", "email": "Goed@example.org", "phone": ""}
    assert young.post(url, {**right, "email": "geen adres"}).status_code == 422
    own = stay.participant.contact.email
    assert young.post(url, {**right, "email": own}).status_code == 422, "the own address"
    assert young.post(url, right).status_code == 302
    parent.contact.refresh_from_db()
    assert parent.contact.email == "goed@example.org"
    assert not Message.objects.exists(), "nothing is sent by itself"
    worker = world.make_worker(stay.group)
    parental.ask_harm(trajectory=stay, can_harm=False, by=worker)
    parental.release_request(guardian=parent, trajectory=stay, by=worker)
    assert young.post(url, {**right, "email": "later@example.org"}).status_code == 422
    parent.contact.refresh_from_db()
    assert parent.contact.email == "goed@example.org"
    stranger = eyes(child().participant.user)
    assert stranger.get(url).status_code == 404


def test_after_a_stay_its_workers_do_not_change_whom_another_group_asks() -> None:
    stay = child()
    _row, _old, parent = asked(stay)
    Trajectory.objects.filter(pk=stay.pk).update(phase="withdrawn")
    client = eyes(world.make_worker(stay.group))
    assert client.get(reverse("participants:parents", args=[stay.pk])).status_code == 200
    url = reverse("participants:change_guardian", args=[stay.pk, parent.pk])
    assert client.get(url).status_code == 404


@pytest.mark.req("R-105")
def test_a_changed_address_makes_a_new_question_and_the_old_link_dead() -> None:
    stay = child()
    row, old, parent = asked(stay)
    client = eyes(world.make_worker(stay.group))
    url = reverse("participants:change_guardian", args=[stay.pk, parent.pk])
    right = {"name": "Inge Visser", "relation": "mother", "phone": "", "email": "nieuw@example.org"}
    assert client.post(url, {**right, "email": parent.contact.email}).status_code == 302
    assert follow(old)[1].status_code == 200, "the same address leaves the question alone"
    assert client.post(url, right).status_code == 302
    assert follow(old)[1].status_code == 410
    row.refresh_from_db()
    assert row.revoked_at == NOON
    waits = Message.objects.get(kind="parental_request", state="queued")
    assert waits.contact.email == "nieuw@example.org"
    assert say_yes(newest_token(parent)).status_code == 302
    assert blocked(stay) == ""


@pytest.mark.req("R-105")
def test_a_yes_stands_when_the_mailbox_changes_and_its_withdraw_link_moves_along() -> None:
    stay = child()
    row, token, parent = asked(stay)
    say_yes(token)
    old = withdraw_token(row)
    with clock.travel(NOON + timedelta(days=40)):
        guardians.change_guardian(
            guardian=parent,
            name="Inge",
            relation="mother",
            email="nieuw@example.org",
            by=world.make_staff(),
        )
        client = take_back(old)
        assert client.get().status_code == 410
        new = newest_token(parent, "parental_receipt")
        client = take_back(new)
        assert client.get().status_code == 200
    row.refresh_from_db()
    assert (row.answer, row.revoked_at) == ("yes", None)
    assert blocked(stay) == ""


@pytest.mark.req("R-105")
@pytest.mark.parametrize("answer", ["yes", "no"])
def test_an_answer_from_somebody_elses_mailbox_does_not_count_and_is_asked_anew(
    answer: str,
) -> None:
    stay = child()
    row, _token, parent = asked(stay)
    parental.answer_request(consent=row, answer=answer)
    with clock.travel(NOON + timedelta(days=2)):
        guardians.change_guardian(
            guardian=parent,
            name="Inge",
            relation="mother",
            email="nieuw@example.org",
            by=world.make_staff(),
            other_person=True,
        )
        if answer == "no":  # asked again by nobody's tap: is it safe, and released by hand
            assert blocked(stay) == "harm_not_asked"
            worker = world.make_worker(stay.group)
            parental.ask_harm(trajectory=stay, can_harm=False, by=worker)
            parental.release_request(guardian=parent, trajectory=stay, by=worker)
        assert blocked(stay) == "parent_not_answered"
        say_yes(newest_token(parent))
        assert blocked(stay) == ""
    row.refresh_from_db()
    assert (row.answer, row.voided_at) == (answer, NOON + timedelta(days=2)), "kept as it was"
    assert stay.consent_complete_on == (NOON + timedelta(days=0 if answer == "yes" else 2)).date()


@pytest.mark.req("R-105")
def test_another_parent_at_the_same_address_is_asked_anew() -> None:
    """The mailbox may be one of the family: who answered decides, not where."""
    stay = child()
    row, token, parent = asked(stay)
    say_yes(token)
    with clock.travel(NOON + timedelta(days=2)):
        guardians.change_guardian(
            guardian=parent,
            name="Joris",
            relation="father",
            email=parent.contact.email,
            by=world.make_staff(),
            other_person=True,
        )
    assert blocked(stay) == "parent_not_answered"
    row.refresh_from_db()
    assert row.voided_at is not None


@pytest.mark.req("R-105")
def test_a_question_that_is_gone_is_not_mailed() -> None:
    for kind in ("parental_request", "parental_receipt"):
        assert at_send_time.message_wanted(kind, {About(uuid7(), uuid7())}) == set()


@pytest.mark.req("R-106")
def test_a_mail_that_bounced_is_a_to_do_until_the_address_is_mended() -> None:
    stay = child()
    row, _token, parent = asked(stay)
    worker = world.make_worker(stay.group)
    Message.objects.filter(subject_id=row.pk).update(state="dead", reason="smtp_550")
    (todo,) = asked_of_parents(worker)
    assert todo.kind == "parent_bounced"
    page = eyes(worker).get(todo.url).content.decode()
    assert reverse("participants:change_guardian", args=[stay.pk, parent.pk]) in page
    guardians.change_guardian(
        guardian=parent, name="Inge", relation="mother", email="goed@example.org", by=worker
    )
    (todo,) = asked_of_parents(worker)
    assert todo.kind == "consent"


# ---- A home that is not safe ------------------------------------------------------------


@pytest.mark.req("R-103")
def test_a_second_workers_resend_for_an_unsafe_home_sends_nothing() -> None:
    stay = child()
    _row, token, parent = asked(stay)
    first, second = (eyes(world.make_worker(stay.group)) for _n in range(2))
    send = reverse("participants:release_request", args=[stay.pk, parent.pk])
    change = reverse("participants:change_guardian", args=[stay.pk, parent.pk])
    assert send in second.get(reverse("participants:parents", args=[stay.pk])).content.decode()
    coordinator = world.make_coordinator(stay.region)
    first.post(
        reverse("participants:unsafe_home", args=[stay.pk]),
        {"coordinator": coordinator.pk, "reason": "Niet veilig"},
    )
    written = Message.objects.count()
    assert second.post(send).status_code == 422
    second.post(change, {"name": "Inge", "relation": "mother", "email": "nieuw@example.org"})
    assert Message.objects.count() == written
    assert not Message.objects.filter(contact=parent.contact, state="queued").exists()
    assert follow(token)[1].status_code == 410
    sweep.run_due(clock.today() + timedelta(days=3))
    assert Message.objects.count() == written


def dead_letter(parent: Any, kind: str = "parental_request") -> Message:
    """The newest letter of this kind, refused by the mail server; its link is wiped."""
    row: Message = Message.objects.filter(contact=parent.contact, kind=kind).latest("written_at")
    sending.settle(row, Message.State.DEAD, "smtp_550")
    return row


def page_of(letter: Message) -> str:
    return reverse("home:message", args=[letter.pk])


def press_again(client: Client, letter: Message) -> Message:
    client.post(reverse("home:settle_message", args=[letter.pk]), {"act": "resend"})
    letter.refresh_from_db()
    return letter


@pytest.mark.req("R-103")
def test_a_letter_whose_link_is_gone_leads_to_the_page_with_a_new_link() -> None:
    stay = child()
    _row, token, parent = asked(stay)
    worker = world.make_worker(stay.group)
    client, letter = eyes(worker), dead_letter(parent)
    parents = reverse("participants:parents", args=[stay.pk])
    page = client.get(page_of(letter)).content.decode()
    assert f'href="{parents}"' in page
    assert 'value="resend"' not in page
    assert press_again(client, letter).state == "dead"
    (todo,) = [t for t in world.waiting(worker, "message") if t.about == letter.pk]
    assert "opnieuw" not in todo.reason, "no advice to try again what cannot be tried"
    client.post(reverse("participants:release_request", args=[stay.pk, parent.pk]))
    assert newest_token(parent) != token
    assert Message.objects.filter(contact=parent.contact, state="queued").count() == 1
    elsewhere = eyes(world.make_worker(world.make_group()))
    assert elsewhere.get(page_of(letter)).status_code == 404


@pytest.mark.req("R-106")
def test_a_proof_that_did_not_arrive_leads_to_the_address() -> None:
    stay = child()
    _row, token, parent = asked(stay)
    say_yes(token)
    client = eyes(world.make_worker(stay.group))
    letter = dead_letter(parent, "parental_receipt")
    page = client.get(page_of(letter)).content.decode()
    assert f'href="{reverse("participants:parents", args=[stay.pk])}"' in page
    change = reverse("participants:change_guardian", args=[stay.pk, parent.pk])
    client.post(change, {"name": "Inge", "relation": "mother", "email": "nieuw@example.org"})
    proofs = Message.objects.filter(kind="parental_receipt", subject_id=letter.subject_id)
    assert proofs.filter(state="queued").count() == 1


@pytest.mark.req("R-103")
def test_a_dead_letter_to_a_home_that_is_not_safe_offers_and_sends_nothing() -> None:
    """Also a second worker, who opened the page before the first one said so."""
    stay = child()
    _row, _token, parent = asked(stay)
    first, second = (eyes(world.make_worker(stay.group)) for _n in range(2))
    letter = dead_letter(parent)
    assert reverse("participants:parents", args=[stay.pk]) in (
        second.get(page_of(letter)).content.decode()
    )
    first.post(
        reverse("participants:unsafe_home", args=[stay.pk]),
        {"coordinator": world.make_coordinator(stay.region).pk, "reason": "Niet veilig"},
    )
    written = Message.objects.count()
    page = second.get(page_of(letter)).content.decode()
    assert reverse("participants:parents", args=[stay.pk]) not in page
    assert 'value="resend"' not in page
    assert press_again(second, letter).state == "withdrawn"
    assert Message.objects.count() == written
    assert not Message.objects.filter(contact=parent.contact, state="queued").exists()


@pytest.mark.req("R-103")
def test_a_letter_without_a_link_is_not_sent_again_where_home_became_unsafe() -> None:
    organisation = world.make_organisation(consent_policy="informed", consent_basis="besluit 4")
    stay = child(group=world.make_group(organisation=organisation))
    worker, parent = world.make_worker(stay.group), world.make_guardian(stay)
    parental.ask_harm(trajectory=stay, can_harm=False, by=worker)
    parental.inform_parents(guardian=parent, trajectory=stay, by=worker)
    letter = dead_letter(parent, "parental_information")
    second = eyes(world.make_worker(stay.group))
    assert 'value="resend"' in second.get(page_of(letter)).content.decode()
    parental.ask_harm(trajectory=stay, can_harm=True, by=worker)
    assert 'value="resend"' not in second.get(page_of(letter)).content.decode()
    assert press_again(second, letter).state == "withdrawn"


@pytest.mark.req("R-103")
def test_also_the_mail_that_only_informs_stays_where_home_is_not_safe() -> None:
    organisation = world.make_organisation(consent_policy="informed", consent_basis="besluit 4")
    stay = child(group=world.make_group(organisation=organisation))
    worker, parent = world.make_worker(stay.group), world.make_guardian(stay)
    parental.ask_harm(trajectory=stay, can_harm=False, by=worker)
    parental.inform_parents(guardian=parent, trajectory=stay, by=worker)
    letter = {About(parent.pk, parent.contact_id)}
    assert at_send_time.message_wanted("parental_information", letter) == letter
    parental.ask_harm(trajectory=stay, can_harm=True, by=worker)
    assert Message.objects.get().state == "withdrawn"
    assert at_send_time.message_wanted("parental_information", letter) == set()
    assert asked_of_parents(worker) == []


# ---- Questions to a person ------------------------------------------------------------


@pytest.mark.req("R-111")
@pytest.mark.parametrize(
    ("on", "due"),
    [
        (date(2026, 3, 10), date(2026, 3, 12)),
        (date(2026, 3, 12), date(2026, 3, 16)),  # over the weekend
        (date(2026, 4, 2), date(2026, 4, 8)),  # Good Friday and Easter Monday
        (date(2026, 4, 24), date(2026, 4, 29)),  # King's Day
    ],
)
def test_two_working_days_skip_weekends_and_holidays(on: date, due: date) -> None:
    assert working_day_after(on, 2) == due


@pytest.mark.req("R-111")
def test_a_question_has_a_day_is_urgent_when_late_and_then_reaches_the_coordinator() -> None:
    stay = child()
    row, token, _parent = asked(stay)
    client, page = follow(token)
    client.post({**form_of(page), "stap": "vraag", "question": "Wie zijn jullie?"})
    worker = world.make_worker(stay.group)
    coordinator = world.make_coordinator(stay.region)

    def question(user: Any) -> Any:
        found = [t for t in asked_of_parents(user) if "parent_question" in t.kind]
        return found[0] if found else None

    assert question(worker).urgency == 1
    assert "12 maart" in question(worker).when
    assert question(coordinator) is None
    row.refresh_from_db()
    with clock.travel(NOON + timedelta(days=2)):
        words_from_parents.ask_question(consent=row, text="En waar?")
        assert row.question_due_on == date(2026, 3, 12), "a second question moves no promise"
        assert question(worker).urgency == 1
    with clock.travel(NOON + timedelta(days=3)):
        assert question(worker).urgency == 0
        late = question(coordinator)
        assert late.urgency == 0
        for secret in ("Noor", "Wie zijn", "Inge"):
            assert secret not in late.title + late.reason
        far = world.make_coordinator(world.make_region())
        assert question(far) is None
        words_from_parents.close_question(consent=row, by=worker)
        assert question(worker) is None
        assert question(coordinator) is None


# ---- Another age ------------------------------------------------------------------------


@pytest.mark.req("R-107")
@pytest.mark.parametrize("older", [date(2010, 3, 10), date(2008, 2, 29)])
def test_a_birth_date_corrected_over_the_sixteenth_birthday_hands_over_to_the_young_person(
    older: date,
) -> None:
    stay = child()
    row, token, _parent = asked(stay)
    assert blocked(stay) == "parent_not_answered"
    client = eyes(world.make_worker(stay.group))
    url = reverse("participants:birth_date", args=[stay.pk])
    parts = {"birth_date_day": older.day, "birth_date_month": older.month}
    parts["birth_date_year"] = older.year
    assert client.post(url, parts).status_code == 422, "how do you know?"
    assert client.post(url, {**parts, "reason": "Paspoort gezien"}).status_code == 302
    assert blocked(stay) == ""
    assert stay.consent_complete_on == NOON.date()
    assert follow(token)[1].status_code == 410
    row.refresh_from_db()
    assert row.obsolete_at == NOON
    assert not Message.objects.filter(subject_id=row.pk, state="queued").exists()
    correction = BirthDateCorrection.objects.get()
    assert (correction.after, str(correction.reason)) == (older, "Paspoort gezien")
    stay.participant.contact.refresh_from_db()
    assert stay.participant.contact.birth_date == older, "quiet hours follow the age too"


@pytest.mark.req("R-107")
@pytest.mark.parametrize("younger", [date(2010, 3, 11), date(2012, 2, 29)])
def test_a_birth_date_corrected_back_needs_the_parents_again_and_their_yes_counts(
    younger: date,
) -> None:
    stay = child(age=16)
    assert blocked(stay) == ""
    worker = world.make_worker(stay.group)
    person = stay.participant
    coming_of_age.correct_birth_date(
        participant=person, birth_date=younger, reason="Schoolpas", by=worker
    )
    assert blocked(stay) == "parent_unknown"
    assert Hold.objects.running().filter(trajectory=stay).exists()
    row, token, _parent = asked(stay)
    say_yes(token)
    assert blocked(stay) == ""
    secret = withdraw_token(row)
    for born, status in ((date(2010, 3, 9), 410), (younger, 200)):
        coming_of_age.correct_birth_date(
            participant=person, birth_date=born, reason="Nog eens gekeken", by=worker
        )
        assert blocked(stay) == ""
        client = take_back(secret)
        assert client.get().status_code == status
    client.post({"sure": "on", "what": "all"})
    assert blocked(stay) == "parent_withdrew"


@pytest.mark.req("R-107")
def test_a_birth_date_outside_the_programme_or_in_the_future_is_refused() -> None:
    stay = child()
    client = eyes(world.make_worker(stay.group))
    url = reverse("participants:birth_date", args=[stay.pk])
    for day, month, year in ((1, 1, 2027), (1, 1, 1980), (11, 3, 2014), (31, 2, 2011)):
        data = {"birth_date_day": day, "birth_date_month": month, "birth_date_year": year}
        assert client.post(url, {**data, "reason": "x"}).status_code == 422
    assert not BirthDateCorrection.objects.exists()


# ---- The policy ---------------------------------------------------------------------------


def set_policy(client: Client, organisation: Organisation, **data: Any) -> Any:
    return client.post(reverse("participants:policy", args=[organisation.pk]), data)


@pytest.mark.req("R-103", "R-104")
def test_the_foundation_sets_the_policy_with_its_basis_and_both_policies_hold_at_once() -> None:
    stay = child()
    row, token, _parent = asked(stay)
    assert stay.group is not None
    organisation = stay.group.location.organisation
    sanne = world.make_national(Role.FOUNDATION, "Sanne Smit")
    client = eyes(sanne)
    assert set_policy(client, organisation, policy="informed", age=16).status_code == 422
    organisation.refresh_from_db()
    assert organisation.consent_policy == "required", "no basis, no change"
    basis = "Jeugdwet artikel 7.3.4, besluit van 1 maart 2026"
    done = set_policy(client, organisation, policy="informed", age=16, basis=basis)
    assert done.status_code == 302
    assert blocked(stay) == ""
    assert follow(token)[1].status_code == 410
    worker = world.make_worker(stay.group)
    assert {t.kind for t in asked_of_parents(worker)} == {"inform"}
    page = client.get(reverse("participants:policy", args=[organisation.pk])).content.decode()
    for shown in ("Sanne Smit", "besluit van 1 maart 2026", "10 mrt, "):
        assert shown in page
    set_policy(client, organisation, policy="required", age=16, basis="")
    assert blocked(stay) == "parent_not_answered", "the question is open again"
    say_yes(token)
    assert blocked(stay) == ""
    row.refresh_from_db()
    assert row.obsolete_at is None
    history = ConsentPolicyChange.objects.filter(organisation=organisation, by=sanne)
    assert [change.policy for change in history.order_by("at", "pk")] == ["informed", "required"]


@pytest.mark.req("R-107")
def test_the_age_of_the_policy_is_set_per_organisation() -> None:
    stay = child(age=15)
    assert stay.group is not None
    organisation = stay.group.location.organisation
    asked(stay)
    client = eyes(world.make_national(Role.FOUNDATION))
    for age in ("11", "19", "vijftien"):
        assert set_policy(client, organisation, policy="required", age=age).status_code == 422
    set_policy(client, organisation, policy="required", age=15)
    assert blocked(stay) == ""
    assert not consent.policy_for(stay, clock.today()).required
    other = child(age=15)
    assert consent.policy_for(other, clock.today()).required


@pytest.mark.req("R-103")
def test_there_are_two_policies_and_no_third() -> None:
    organisation = world.make_organisation()
    with world.broken("unknown_policy"):
        policies.set_consent_policy(
            organisation=organisation,
            policy="nobody",
            age=16,
            basis="besluit 4",
            by=world.make_national(Role.FOUNDATION),
        )
    assert not ConsentPolicyChange.objects.exists()


@pytest.mark.req("R-103")
def test_nobody_but_the_foundation_sets_it() -> None:
    organisation = world.make_organisation()
    for user in (world.make_manager(organisation), world.make_national(Role.QUALITY_COORDINATOR)):
        with pytest.raises(NotYours):
            policies.set_consent_policy(
                organisation=organisation, policy="informed", age=16, basis="x", by=user
            )
        assert set_policy(eyes(user), organisation, policy="required", age=15).status_code == 404
    assert not ConsentPolicyChange.objects.exists()


@pytest.mark.req("R-107")
def test_the_sweep_catches_up_when_nobody_told() -> None:
    stay = child()
    row, token, _parent = asked(stay)
    say_yes(token)
    ParentalConsent.objects.filter(pk=row.pk).update(obsolete_at=NOON)
    sweep.run_due(clock.today())
    row.refresh_from_db()
    assert row.obsolete_at is None


@pytest.mark.req("R-103")
def test_an_unsafe_home_still_refuses_when_the_policy_changes() -> None:
    stay = child()
    _row, _token, parent = asked(stay)
    worker = world.make_worker(stay.group)
    unsafe_home.record_unsafe_home(
        trajectory=stay,
        by=worker,
        reason="Niet veilig",
        coordinator=world.make_coordinator(stay.region),
    )
    with pytest.raises(RuleBroken):
        parental.release_request(guardian=parent, trajectory=stay, by=worker)


@pytest.mark.req("R-103")
@pytest.mark.parametrize("change", ["over", "of age", "asked anew"])
def test_a_mail_that_informs_does_not_leave_when_its_reason_is_gone(change: str) -> None:
    """A dead letter is pressed again, or waited for the morning: the facts of now decide."""
    organisation = world.make_organisation(consent_policy="informed", consent_basis="besluit 4")
    stay = child(group=world.make_group(organisation=organisation))
    worker, parent = world.make_worker(stay.group), world.make_guardian(stay)
    parental.ask_harm(trajectory=stay, can_harm=False, by=worker)
    parental.inform_parents(guardian=parent, trajectory=stay, by=worker)
    letter = dead_letter(parent, "parental_information")
    assert sending.why_not(letter) == ""
    if change == "over":
        parental.ask_harm(trajectory=stay, can_harm=True, by=worker)
        Trajectory.objects.filter(pk=stay.pk).update(phase="withdrawn")
    elif change == "of age":
        coming_of_age.correct_birth_date(
            participant=stay.participant, birth_date=date(2008, 1, 1), reason="Paspoort", by=worker
        )
    else:
        Organisation.objects.filter(pk=organisation.pk).update(consent_policy="required")
    assert press_again(eyes(worker), letter).state == "withdrawn"


@pytest.mark.req("R-103")
def test_a_proof_without_a_link_stays_where_home_became_unsafe() -> None:
    stay = child()
    row, token, _parent = asked(stay)
    say_yes(token)
    row.refresh_from_db()
    parental.withdraw_by_parent(consent=row)
    letter = Message.objects.get(kind="parental_receipt", params__answer="withdrawn")
    sending.settle(letter, Message.State.DEAD, "smtp_550")
    worker = world.make_worker(stay.group)
    assert 'value="resend"' in eyes(worker).get(page_of(letter)).content.decode()
    parental.ask_harm(trajectory=stay, can_harm=True, by=worker)
    assert press_again(eyes(worker), letter).state == "withdrawn"


@pytest.mark.django_db
@pytest.mark.req("R-103")
def test_a_mail_that_could_do_harm_stops_what_waits_and_leaves_an_answer() -> None:
    """A yes that was given stands: it is withdrawn by the parent, or by nobody."""
    stay = world.make_trajectory(group=world.make_group(), phase="intake", suitable=True, age=14)
    worker = world.worker_of(stay)
    parental.ask_harm(trajectory=stay, can_harm=False, by=worker)
    answered = world.give_parental_yes(stay)
    other = world.make_guardian(stay, name="Bas Visser")
    waits, _token = parental.release_request(guardian=other, trajectory=stay, by=worker)
    parental.ask_harm(trajectory=stay, can_harm=True, by=worker)
    answered.refresh_from_db()
    waits.refresh_from_db()
    assert answered.revoked_at is None
    assert waits.revoked_at is not None

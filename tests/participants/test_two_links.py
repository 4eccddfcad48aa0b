"""Two links in one browser: an act belongs to the page that showed it (R-338, docs/adr/0021)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.link_pages import MOST
from core.messaging.models import Message
from core.texts.models import TextVersion
from participants.models import (
    FeedbackConsent,
    InterestRegistration,
    KnowsSomebody,
    ParentalConsent,
    Recusal,
    Trajectory,
)
from participants.parents import question as parental
from participants.parents.views.links import ANSWER, WITHDRAW
from participants.person import door_code
from participants.referrers import consent as feedback
from tests import world
from tests.link_pages import Behind, hidden_in
from tests.participants.parents.build import (
    NOON,
    asked,
    child,
    follow,
    form_of,
    say_yes,
    take_back,
    withdraw_token,
)
from tests.participants.signup.build import thanked

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-338")]
NOTHING = "Er is nog niets gedaan"


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with clock.travel(NOON):
        yield


def answers() -> dict[str, str]:
    rows = ParentalConsent.objects.select_related("trajectory__participant")
    return {row.trajectory.participant.call_name: row.answer for row in rows}


def two_children(client: Client) -> tuple[Behind, Behind]:
    """A parent of both opens the link about Vince, then the one about Wout."""
    links = []
    for name in ("Vince", "Wout"):
        _row, token, _ = asked(child(call_name=name), email="inge@example.org")
        links.append(follow(token, client)[0])
    return links[0], links[1]


# ---- Two children, one parent, one browser ---------------------------------------------

WAYS = {
    "yes": {"yes": "on"},
    "no": {"stap": "nee", "parent": "on"},
    "question": {"stap": "vraag", "question": "Wie zijn jullie?"},
    "research": {"yes": "on", "research": "on"},
}


#: Each pair of ways in one order, each way in both and in both places; the others are long proofs.
PAIRS = [
    pytest.param(
        first,
        second,
        order,
        id=f"{first}-{second}-{'last' if order[0] else 'first'} first",
        marks=[pytest.mark.deep] if (one + other) % 2 != order[0] else [],
    )
    for one, first in enumerate(WAYS)
    for other, second in enumerate(WAYS)
    for order in ((0, 1), (1, 0))
]


@pytest.mark.parametrize(("first", "second", "order"), PAIRS)
def test_each_tab_answers_about_its_own_child_in_every_order(
    client: Client, first: str, second: str, order: tuple[int, int]
) -> None:
    tabs = two_children(client)
    shown = [form_of(tab.get()) for tab in tabs]  # both stand open before anything is pressed
    ways = (first, second)
    for place in order:
        sent = tabs[place].post({**shown[place], **WAYS[ways[place]]})
        assert sent["Location"].startswith("/ouders/klaar/")
    for name, way in zip(("Vince", "Wout"), ways, strict=True):
        row = ParentalConsent.objects.get(trajectory__participant__call_name=name)
        expected = {"yes": "yes", "research": "yes", "no": "no", "question": ""}[way]
        assert row.answer == expected
        assert bool(row.research_yes_at) == (way == "research")
        assert bool(row.question) == (way == "question")


@pytest.mark.parametrize("what", ["all", "research"])
@pytest.mark.parametrize("pressed", [0, 1])
def test_each_tab_takes_back_about_its_own_child(client: Client, what: str, pressed: int) -> None:
    tabs, rows = [], []
    for name in ("Amir", "Ziva"):
        row, token, _ = asked(child(call_name=name))
        say_yes(token, research="on")
        tabs.append(take_back(withdraw_token(row), client))
        rows.append(row)
    shown = [hidden_in(tab.get()) for tab in tabs]
    tabs[pressed].post({**shown[pressed], "sure": "on", "what": what})
    for place, row in enumerate(rows):
        row.refresh_from_db()
        assert bool(row.research_withdrawn_at) == (place == pressed)
        assert bool(row.withdrawn_at) == (place == pressed and what == "all")


def test_two_guardians_at_one_computer_each_answer_for_themselves(client: Client) -> None:
    stay = child(call_name="Noor")
    mother_row, mothers, _mother = asked(stay, name="Inge Visser")
    father = world.make_guardian(stay, name="Henk de Boer", email="henk@example.org")
    father_row, fathers = parental.release_request(
        guardian=father, trajectory=stay, by=world.make_worker(stay.group)
    )
    hers, page = follow(mothers, client)
    shown = form_of(page)
    follow(fathers, client)
    hers.post({**shown, "stap": "nee", "parent": "on"})
    mother_row.refresh_from_db()
    father_row.refresh_from_db()
    assert (mother_row.answer, mother_row.answered_name, father_row.answer) == (
        "no",
        "Inge Visser",
        "",
    )


def test_the_first_page_works_after_the_second_one_was_used_up(client: Client) -> None:
    vince, wout = two_children(client)
    wout.post({**form_of(wout.get()), "yes": "on"})
    assert "Vince" in vince.get().content.decode()
    assert wout.get().status_code == 410
    vince.post({**form_of(vince.get()), "stap": "nee", "parent": "on"})
    assert answers() == {"Vince": "no", "Wout": "yes"}


def test_two_papers_open_each_their_own(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr("core.pdf.render", lambda html: drawn.append(html) or b"%PDF-")
    papers = []
    for name in ("Vince", "Wout"):
        row, _token, _ = asked(child(call_name=name))
        parental.answer_request(consent=row, answer="no")
        token = parental.issue_link(row, "receipt")
        papers.append(Behind(reverse("participants:parent_receipt", args=[token]), client))
    for paper in papers:
        paper.get()
    assert ["Vince" in html for html in drawn] == [True, False]


def test_feedback_to_a_referrer_is_answered_about_the_child_on_the_page(client: Client) -> None:
    links = []
    for name in ("Vince", "Wout"):
        stay = child(call_name=name)
        tie = world.make_tie(stay)
        text = TextVersion.objects.current("feedback", "nl")
        feedback.answer_for_myself(tie=tie, yes=True, by=stay.participant.user, text=text)
        world.give_parental_yes(stay)
        _row, token = feedback.ask_parent(
            tie=tie, guardian=stay.participant.guardians.get(), by=world.make_worker(stay.group)
        )
        links.append(Behind(reverse("participants:parent_feedback", args=[token]), client))
    shown = hidden_in(links[0].get())
    links[1].get()
    links[0].post({**shown, "answer": "yes", "sure": "on"})
    said = FeedbackConsent.objects.filter(guardian__isnull=False, answer="yes")
    assert [row.tie.trajectory.participant.call_name for row in said] == ["Vince"]


# ---- QR codes ------------------------------------------------------------------------


def test_this_is_me_signs_in_exactly_whose_name_the_page_shows(client: Client) -> None:
    stays, tabs = [], []
    for name in ("Jordan", "Noor"):
        stay = world.make_trajectory(group=world.make_group(), call_name=name, email="")
        handed = door_code.hand_code(trajectory=stay, by=world.make_worker(stay.group))
        stays.append(stay)
        tabs.append(Behind(reverse("account_one_time_link", args=[handed.token]), client))
    shown = tabs[0].get()
    assert "Hoi Jordan" in shown.content.decode()
    other = tabs[1].get()
    assert "Hoi Noor" in other.content.decode()
    assert tabs[0].post(hidden_in(shown)).url == "/"
    assert client.session["_auth_user_id"] == str(stays[0].participant.user_id)
    second = tabs[1].post(hidden_in(other))
    assert client.session["_auth_user_id"] == str(stays[0].participant.user_id)
    assert second.status_code == 409, "somebody is signed in here already"
    assert "Jordan" in second.content.decode()
    assert tabs[0].post(hidden_in(shown)).url == "/", "pressed twice, it goes on"


def test_a_page_of_a_qr_does_not_change_what_a_typed_code_opens(client: Client) -> None:
    scanned, typed = (
        world.make_trajectory(group=world.make_group(), call_name=name, email="")
        for name in ("Jordan", "Noor")
    )
    link = door_code.hand_code(trajectory=scanned, by=world.make_worker(scanned.group)).token
    code = door_code.hand_code(trajectory=typed, by=world.make_worker(typed.group)).code
    Behind(reverse("account_one_time_link", args=[link]), client).get()
    client.post("/inloggen/met-code/", {"act": "typed", "code": code})
    assert client.session["_auth_user_id"] == str(typed.participant.user_id)


# ---- Signing up --------------------------------------------------------------------


def test_the_thank_you_pages_of_two_siblings_act_each_on_their_own(client: Client) -> None:
    home = world.make_municipality("Voorbeeldstad", pc4="3511")
    group = world.make_group(municipality=home)
    anouk, daan = world.make_worker(group, "Anouk Vos"), world.make_worker(group, "Daan Smit")
    pages = {
        name: thanked(client, call_name=name, email=f"{name}@example.org", born=born)
        for name, born in (
            ("Aya", clock.today().replace(year=2011)),
            ("Bram", clock.today().replace(year=2010)),
        )
    }
    shown = {name: hidden_in(page.get()) for name, page in pages.items()}
    assert "Aya" in pages["Aya"].get().content.decode()
    assert "Bram" not in pages["Aya"].get().content.decode()
    pages["Aya"].post({**shown["Aya"], "who": str(anouk.pk)}, "ken-ik/")
    pages["Bram"].post({**shown["Bram"], "worker": str(anouk.pk)}, "wie/")
    pages["Aya"].post({**shown["Aya"], "who": "somebody"}, "ken-ik/")
    aya, bram = (Trajectory.objects.get(participant__call_name=name) for name in ("Aya", "Bram"))
    assert Recusal.objects.get().participant == aya.participant
    assert KnowsSomebody.objects.get().trajectory == aya
    assert (aya.first_contact_with, bram.first_contact_with) == (None, anouk)
    assert "Anouk leest niets over jou" in pages["Aya"].get().content.decode()
    assert "Anouk leest niets over jou" not in pages["Bram"].get().content.decode()
    assert daan not in Recusal.objects.values_list("worker", flat=True)


def test_who_leaves_the_list_is_who_the_page_is_about(client: Client) -> None:
    links = []
    for place in ("Verweg", "Nog Verder"):
        row = InterestRegistration.objects.create(
            contact=world.create_contact(name="", email=f"{place.split()[-1]}@example.org"),
            municipality=world.make_municipality(place),
            age=15,
            registered_on=clock.today(),
            token_hash=b"",
        )
        token = parental.new_token()
        row.token_hash = parental.token_hash(token, "interest_delete")
        row.save()
        links.append(Behind(reverse("participants:interest_delete", args=[token]), client))
    shown = hidden_in(links[0].get())
    links[1].get()
    links[0].post(shown)
    assert InterestRegistration.objects.get().municipality.name == "Nog Verder"


# ---- Attacked ---------------------------------------------------------------------


def test_a_ticket_of_one_on_the_page_of_the_other_shows_the_page_of_the_ticket(
    client: Client,
) -> None:
    vince, wout = two_children(client)
    sent = client.post(wout.here, {**form_of(vince.get()), "yes": "on"}, follow=True)
    assert sent.redirect_chain == [(f"{vince.here}?opnieuw=1", 303)]
    html = sent.content.decode()
    assert NOTHING in html
    assert "Deze pagina gaat over Vince" in html
    assert answers() == {"Vince": "", "Wout": ""}
    assert not Message.objects.filter(kind="parental_receipt").exists()


def test_a_ticket_without_the_cookie_of_its_page_is_dead(client: Client) -> None:
    vince, wout = two_children(client)
    copied = {**form_of(vince.get()), "yes": "on"}
    thief = vince.elsewhere()
    assert thief.post(copied).status_code == 410
    thief.client.cookies[wout.cookie] = client.cookies[wout.cookie].value
    assert thief.post(copied).status_code == 410
    assert thief.client.post(wout.here, copied).status_code == 410
    thief.client.cookies[vince.cookie] = client.cookies[wout.cookie].value
    assert thief.post(copied).status_code == 410, (
        "the cookie of the one under the name of the other"
    )
    assert answers() == {"Vince": "", "Wout": ""}


def test_a_form_without_a_ticket_or_with_a_forged_one_answers_nothing(client: Client) -> None:
    vince, _wout = two_children(client)
    good = {**form_of(vince.get()), "yes": "on"}
    for ticket in ("", "x", good["form"][:-2] + "xx", "é\x00", "A" * 5000):
        sent = vince.post({**good, "form": ticket})
        assert (sent.status_code, sent["Location"]) == (303, f"{vince.here}?opnieuw=1")
    assert answers()["Vince"] == ""


def test_a_ticket_of_one_purpose_is_none_for_another(client: Client) -> None:
    row, token, _ = asked(child())
    say_yes(token)
    back = take_back(withdraw_token(row), client)
    subject = parental.token_hash(token, "parental_answer").hex()
    own = parental.token_hash(withdraw_token(row), "parental_withdraw").hex()
    for ticket in (ANSWER.ticket_for(subject), ANSWER.ticket_for(own)):
        assert back.post({"form": ticket, "sure": "on", "what": "all"}).status_code == 303
    row.refresh_from_db()
    assert row.withdrawn_at is None
    assert ANSWER.id_of(own) != WITHDRAW.id_of(own)


def test_a_ticket_is_dead_after_the_answer_and_after_the_question_was_sent_anew(
    client: Client,
) -> None:
    vince, wout = two_children(client)
    shown = form_of(vince.get())
    vince.post({**shown, "stap": "nee", "parent": "on"})
    assert vince.post({**shown, "yes": "on"}).status_code == 410, "a yes after the no"
    stale = form_of(wout.get())
    row = ParentalConsent.objects.get(trajectory__participant__call_name="Wout")
    parental.release_request(guardian=row.guardian, trajectory=row.trajectory, by=row.released_by)
    assert wout.post({**stale, "yes": "on"}).status_code == 410
    assert "yes" not in answers().values()


def test_without_a_token_against_forgery_nothing_is_done(client: Client) -> None:
    guarded = Client(enforce_csrf_checks=True)
    vince, _wout = two_children(guarded)
    assert vince.post({**form_of(vince.get()), "yes": "on"}).status_code == 403
    assert answers()["Vince"] == ""


def test_a_browser_keeps_so_many_pages_and_loses_the_oldest(
    client: Client, time_machine: Any
) -> None:
    links, began = [], clock.now()
    for number in range(MOST + 2):
        time_machine.move_to(began + timedelta(seconds=number))
        _row, token, _ = asked(child(call_name=f"Kind{number}"))
        links.append(follow(token, client)[0])
    held = [name for name, morsel in client.cookies.items() if morsel.value]
    assert sum(name.startswith("page-") for name in held) == MOST
    gone, stays = links[0], links[2]
    assert gone.get().status_code == 410
    assert gone.post({"yes": "on", "form": "x"}).status_code == 410
    stays.post({**form_of(stays.get()), "yes": "on"})
    assert [name for name, answer in answers().items() if answer] == ["Kind2"]


def test_the_same_link_opened_again_is_the_same_page(client: Client) -> None:
    _row, token, _ = asked(child())
    first, second = follow(token, client)[0], follow(token, client)[0]
    assert first.here == second.here
    assert sum(name.startswith("page-") for name in client.cookies) == 1


def test_in_production_the_cookie_is_bound_to_our_host(client: Client, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    _row, token, _ = asked(child())
    door = follow(token, client)[0].door
    (name,) = (name for name in door.cookies if "page-" in name)
    cookie = door.cookies[name]
    assert name.startswith("__Host-page-")
    assert (cookie["path"], cookie["domain"], cookie["secure"]) == ("/", "", True)
    assert (cookie["max-age"], cookie["expires"]) == ("", ""), "it ends with the browser"

"""What is typed and not saved is kept for who typed it, and for nobody else (R-339)."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client

from core import clock
from core.accounts.assignments import end_role
from core.drafts import keeping
from core.drafts.keeping import words_of
from core.drafts.models import Draft
from core.drafts.tickets import Ticket
from core.errors import RuleBroken
from core.ids import uuid7
from core.organisations.models import Group
from groups.models import Attendance
from groups.sheet.attendance import Tap, record
from participants.intake import talk
from participants.models import Intake
from participants.recusal.recusal import recuse
from participants.rights.erasure import erase_person
from tests.core.drafts.pages import grow_old, let_pass, look, sign_in_again, text, ticket, type_in
from tests.participants.intake.build import address, posted
from tests.world import (
    eyes,
    make_coordinator,
    make_group,
    make_participating,
    make_tonight,
    make_trajectory,
    make_worker,
    swept,
)

NEED = 'name="need"'
pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> Group:
    return make_group()


@pytest.fixture
def fleur(group: Group) -> Any:
    return make_worker(group)


@pytest.fixture
def begun(group: Group, fleur: Any) -> Intake:
    return talk.start_intake(
        trajectory=make_trajectory(group=group, phase="signed_up", call_name="Bo"), by=fleur
    )


@pytest.mark.req("R-339")
def test_what_was_typed_comes_back_to_who_asks_for_it(begun: Intake, fleur: Any) -> None:
    client, page = eyes(fleur), address(begun.trajectory)
    assert (
        type_in(client, look(client, page, NEED), need="Vrienden om mee te gamen").status_code
        == 200
    )
    again = text(client.get(page))
    assert "Je hebt een concept" in again
    assert "Vrienden om mee te gamen" not in again
    row = Draft.objects.get()
    assert b"gamen" not in bytes(Draft.objects.values_list("words", flat=True)[0] or b"")
    assert "Vrienden om mee te gamen" in text(client.get(f"{page}?concept={row.pk}"))


@pytest.mark.req("R-339")
def test_after_a_time_out_the_words_are_there_and_nothing_was_sent(
    begun: Intake, fleur: Any
) -> None:
    client, page = eyes(fleur), address(begun.trajectory)
    sealed = look(client, page, NEED)
    grow_old(client, minutes=31)
    answer = client.post(page, posted(begun, need="Een uur getypt", draft=sealed))
    assert answer.status_code == 302
    assert f"next={page.replace('/', '%2F')}" in answer["Location"]
    assert "wat je typte, staat er nog" in text(client.get(answer["Location"]))
    begun.refresh_from_db()
    assert begun.need == ""
    sign_in_again(client, fleur)
    back = text(client.get(page))
    assert "Een uur getypt" in back
    assert "Wat je typte, staat er nog" in back
    assert "Een uur getypt" not in text(client.get(page))  # once; then it lies there as a draft


@pytest.mark.req("R-339")
def test_a_forged_form_after_the_time_out_leaves_nothing(begun: Intake, fleur: Any) -> None:
    client, page = Client(enforce_csrf_checks=True), address(begun.trajectory)
    client.force_login(fleur)
    sealed = look(client, page, NEED)
    grow_old(client, minutes=31)
    answer = client.post(page, posted(begun, need="Van elders", draft=sealed))
    assert answer.status_code == 302
    assert not Draft.objects.exists()
    door = text(client.get(answer["Location"]))
    assert "staat er nog" not in door
    assert "is niet opgeslagen" in door


def test_a_form_sent_from_the_page_passes_the_same_check(begun: Intake, fleur: Any) -> None:
    client, page = Client(enforce_csrf_checks=True), address(begun.trajectory)
    client.force_login(fleur)
    sealed = look(client, page, NEED)
    grow_old(client, minutes=31)
    token = client.cookies["csrftoken"].value
    client.post(page, posted(begun, need="Van hier", draft=sealed, csrfmiddlewaretoken=token))
    assert words_of(Draft.objects.get()).values["need"] == ["Van hier"]


@pytest.mark.req("R-339")
def test_nothing_says_that_nothing_is_lost_when_nothing_was_kept(begun: Intake, fleur: Any) -> None:
    client, page = eyes(fleur), address(begun.trajectory)
    client.get(page)
    for act in (lambda: client.get(page), lambda: client.post(page, posted(begun, need="x"))):
        client.force_login(fleur)
        grow_old(client, minutes=31)
        door = text(client.get(act()["Location"]))
        assert "Log opnieuw in" in door
        assert "staat er nog" not in door
        assert "niets kwijt" not in door
    assert not Draft.objects.exists()


@pytest.mark.req("R-339")
def test_on_a_shared_device_nothing_is_kept_and_nothing_is_shown(begun: Intake, fleur: Any) -> None:
    own, page = eyes(fleur), address(begun.trajectory)
    type_in(own, look(own, page, NEED), need="Thuis begonnen")
    shared = eyes(fleur)
    session = shared.session
    session["shared_device"] = True
    session.save()
    here = text(shared.get(page))
    assert "Je hebt een concept" not in here
    assert "data-draft=" not in here
    sealed = ticket(here, NEED)
    assert type_in(shared, sealed, need="Hier getypt").status_code == 400
    grow_old(shared, minutes=11)
    shared.post(page, posted(begun, need="Hier gepost", draft=sealed))
    assert [words_of(row).values["need"] for row in Draft.objects.all()] == [["Thuis begonnen"]]


@pytest.mark.req("R-339")
def test_who_sits_down_next_reads_nothing(begun: Intake, group: Group, fleur: Any) -> None:
    client, page = eyes(fleur), address(begun.trajectory)
    sealed = look(client, page, NEED)
    grow_old(client, minutes=31)
    client.get(client.post(page, posted(begun, need="Van Fleur", draft=sealed))["Location"])
    sem = make_worker(group, "Sem Visser")
    sign_in_again(client, sem)
    row = Draft.objects.get()
    for where in (page, f"{page}?concept={row.pk}", "/vandaag/"):
        seen = text(client.get(where))
        assert "Van Fleur" not in seen
        assert "staat er nog" not in seen
        assert "Je hebt een concept" not in seen
    assert client.post(f"/concepten/{row.pk}/weg/").status_code == 302
    assert Draft.objects.open().count() == 1
    assert type_in(client, sealed, need="Van Sem").status_code == 400  # another's ticket


@pytest.mark.req("R-339")
def test_a_recused_worker_finds_nothing_and_keeps_nothing(begun: Intake, fleur: Any) -> None:
    client, page = eyes(fleur), address(begun.trajectory)
    early, late = look(client, page, NEED), look(client, page, NEED)
    type_in(client, early, need="Over een bekende")
    stay = begun.trajectory
    recuse(trajectory=stay, worker=fleur, by=fleur, said_by="worker")
    assert not Draft.objects.open().exists()
    assert client.get(page).status_code == 404
    for sealed in (early, late):  # what was still on its way
        assert type_in(client, sealed, turn=9, need="Nog iets").status_code == 409
    assert not Draft.objects.open().exists()


@pytest.mark.req("R-339")
def test_drafts_go_when_a_role_ends(begun: Intake, group: Group, fleur: Any) -> None:
    client = eyes(fleur)
    type_in(client, look(client, address(begun.trajectory), NEED), need="Zomaar")
    role = fleur.role_assignments.get()
    end_role(assignment=role, last_day=clock.today(), by=make_worker(group, "Sem"))
    assert not Draft.objects.open().exists()


@pytest.mark.req("R-339")
def test_a_role_that_ran_out_at_midnight_takes_its_drafts_along(begun: Intake, fleur: Any) -> None:
    client = eyes(fleur)
    type_in(client, look(client, address(begun.trajectory), NEED), need="Zomaar")
    fleur.role_assignments.update(valid_until=clock.today())
    with clock.travel(clock.now() + timedelta(days=1)):
        swept("drafts")
    assert not Draft.objects.open().exists()


@pytest.mark.req("R-339")
def test_what_is_not_saved_is_kept_for_a_fortnight(begun: Intake, fleur: Any) -> None:
    client = eyes(fleur)
    type_in(client, look(client, address(begun.trajectory), NEED), need="Zomaar")
    for days, left in ((13, 1), (15, 0)):
        with clock.travel(clock.now() + timedelta(days=days)):
            swept("drafts")
        assert Draft.objects.count() == left


@pytest.mark.req("R-339")
def test_erasing_somebody_takes_what_workers_began_to_write(begun: Intake, fleur: Any) -> None:
    client, page = eyes(fleur), address(begun.trajectory)
    early, late = look(client, page, NEED), look(client, page, NEED)
    type_in(client, early, need="Over Bo")
    erase_person(participant=begun.trajectory.participant)
    assert not Draft.objects.open().exists()
    for sealed in (early, late):  # the page is open still, and somebody types on
        assert type_in(client, sealed, turn=9, need="Nog iets over Bo").status_code == 409
    assert not Draft.objects.open().exists()


@pytest.mark.req("R-339")
def test_saving_ends_the_draft_and_what_arrives_late_is_refused(begun: Intake, fleur: Any) -> None:
    client, page = eyes(fleur), address(begun.trajectory)
    sealed = look(client, page, NEED)
    type_in(client, sealed, need="Half")
    assert client.post(page, posted(begun, need="Heel", draft=sealed)).status_code == 302
    assert type_in(client, sealed, turn=7, need="Te laat").status_code == 409
    assert not Draft.objects.open().exists()
    assert "Je hebt een concept" not in text(client.get(page))


@pytest.mark.req("R-339")
def test_two_tabs_of_one_person_never_overwrite_each_other(begun: Intake, fleur: Any) -> None:
    client, page = eyes(fleur), address(begun.trajectory)
    one, other = look(client, page, NEED), look(client, page, NEED)
    type_in(client, one, need="Eerste tab")
    type_in(client, other, need="Tweede tab")
    assert text(client.get(page)).count("Je hebt een concept") == 2
    row = Draft.objects.latest("kept_at")
    both = [look(client, f"{page}?concept={row.pk}", NEED) for _tab in range(2)]
    assert type_in(client, both[0], need="Tweede tab, verder").status_code == 200
    forked = type_in(client, both[1], need="Tweede tab, anders")
    assert forked.status_code == 409
    assert type_in(client, forked.json()["ticket"], need="Tweede tab, anders").status_code == 200
    told = {words_of(row).values["need"][0] for row in Draft.objects.open()}
    assert told == {"Eerste tab", "Tweede tab, verder", "Tweede tab, anders"}


def test_what_a_page_sent_earlier_never_covers_what_it_sent_later(
    begun: Intake, fleur: Any
) -> None:
    client = eyes(fleur)
    sealed = look(client, address(begun.trajectory), NEED)
    type_in(client, sealed, turn=2, need="Later")
    type_in(client, sealed, turn=1, need="Eerder")
    assert words_of(Draft.objects.get()).values["need"] == ["Later"]


@pytest.mark.req("R-339")
def test_more_than_a_draft_may_hold_is_refused_and_said(begun: Intake, fleur: Any) -> None:
    client = eyes(fleur)
    sealed = look(client, address(begun.trajectory), NEED)
    assert type_in(client, sealed, need="x" * 63_000).status_code == 200
    assert type_in(client, sealed, turn=2, need="é" * 33_000).status_code == 413
    assert len(words_of(Draft.objects.get()).values["need"][0]) == 63_000


def test_a_person_keeps_a_bounded_number(begun: Intake, fleur: Any) -> None:
    client, page = eyes(fleur), address(begun.trajectory)
    first = look(client, page, NEED)
    for _n in range(keeping.MOST):
        made = Ticket(form="intake", subject="x", path=page, base={"need": [""]})
        type_in(client, made.sealed(fleur), need="x")
    assert type_in(client, first, need="Een te veel").status_code == 409
    assert Draft.objects.open().count() == keeping.MOST


@pytest.mark.req("R-339")
def test_passwords_acts_and_tokens_are_never_kept(begun: Intake, fleur: Any) -> None:
    client = eyes(fleur)
    sealed = look(client, address(begun.trajectory), NEED)
    type_in(client, sealed, need="x", decision="suitable", password="geheim", referral_to="gp")
    assert words_of(Draft.objects.get()).values == {"need": ["x"]}


@pytest.mark.req("R-339")
def test_a_save_costs_one_statement(
    begun: Intake, fleur: Any, django_assert_num_queries: Any
) -> None:
    client = eyes(fleur)
    sealed = look(client, address(begun.trajectory), NEED)
    for turn in (1, 2):
        with django_assert_num_queries(3) as asked:  # the session, the person, and the draft
            type_in(client, sealed, turn=turn, need="Vrienden")
        assert sum("drafts_draft" in one["sql"] for one in asked.captured_queries) == 1


@pytest.mark.req("R-339")
def test_typing_counts_as_being_there_but_not_for_ever(begun: Intake, fleur: Any) -> None:
    client, page = eyes(fleur), address(begun.trajectory)
    sealed = look(client, page, NEED)
    for turn in range(1, 5):
        let_pass(client, minutes=20)
        assert type_in(client, sealed, turn=turn, need="Nog steeds").status_code == 200
    let_pass(client, minutes=20)
    assert client.get(page).status_code == 200
    grow_old(client, minutes=1, whole=12 * 60 + 1)
    assert client.get(page).status_code == 302


def test_words_on_their_way_at_the_time_out_end_no_session_before_their_form(
    begun: Intake, fleur: Any
) -> None:
    client, page = eyes(fleur), address(begun.trajectory)
    sealed = look(client, page, NEED)
    grow_old(client, minutes=31)
    assert type_in(client, sealed, need="Bijna").status_code == 200
    client.post(page, posted(begun, need="Bijna klaar", draft=sealed))
    assert words_of(Draft.objects.get()).values["need"] == ["Bijna klaar"]
    assert client.get(page).status_code == 302


@pytest.mark.req("R-339")
def test_who_gave_the_password_alone_keeps_and_reads_nothing(begun: Intake, fleur: Any) -> None:
    """Between the two steps nobody is known yet: not at the time-out, and not while typing."""
    page = address(begun.trajectory)
    sealed = look(eyes(fleur), page, NEED)
    for act in (
        lambda client: type_in(client, sealed, need="Zonder tweede stap"),
        lambda client: client.post(page, posted(begun, need="Zonder", draft=sealed)),
    ):
        for minutes in (0, 31):
            half = eyes(fleur)
            session = half.session
            del session[AUTHENTICATION_METHODS_SESSION_KEY]
            session.save()
            grow_old(half, minutes=minutes)
            answer = act(half)
            assert answer.status_code in (302, 403)
            assert not Draft.objects.exists()


@pytest.mark.req("R-339")
def test_a_save_that_fails_keeps_its_words(begun: Intake, fleur: Any) -> None:
    stay = begun.trajectory
    client, page = eyes(fleur), address(stay)
    sealed = look(client, page, NEED)
    client.raise_request_exception = False
    for status, trouble in ((409, RuleBroken("Nee", code="x")), (500, ZeroDivisionError())):
        Draft.objects.all().delete()
        with patch("participants.intake.views.talk.together", side_effect=trouble):
            answer = client.post(page, posted(begun, need="Mijn tekst", draft=sealed))
        assert answer.status_code == status
        assert words_of(Draft.objects.get()).values["need"] == ["Mijn tekst"]


@pytest.mark.req("R-339")
def test_a_complaint_is_never_shown_again_unasked(group: Group) -> None:
    make_coordinator(group.location.region)
    young = make_participating(group, since=clock.today(), call_name="Bo").participant.user
    client, page = eyes(young), "/er-is-iets/"
    sealed = look(client, page, 'name="words"')
    grow_old(client, minutes=15 * 24 * 60)
    client.post(page, {"words": "Over de begeleider", "draft": sealed})
    sign_in_again(client, young)
    seen = text(client.get(page))
    assert "Over de begeleider" not in seen
    assert "Je hebt een concept" in seen
    row = Draft.objects.get()
    assert "Over de begeleider" in text(client.get(f"{page}?concept={row.pk}"))
    assert "Over de begeleider" not in text(client.get("/wat-we-weten/van-jou/"))


def test_throwing_a_draft_away(begun: Intake, fleur: Any) -> None:
    client, page = eyes(fleur), address(begun.trajectory)
    type_in(client, look(client, page, NEED), need="Toch niet")
    row = Draft.objects.get()
    for back, lands in ((page, page), ("//elders.example/", "/"), ("https://elders/", "/")):
        assert client.post(f"/concepten/{row.pk}/weg/", {"next": back})["Location"] == lands
    assert "Je hebt een concept" not in text(client.get(page))


def test_keeping_is_refused_without_a_sign_in_or_with_a_torn_ticket(
    begun: Intake, fleur: Any
) -> None:
    client = eyes(fleur)
    sealed = look(client, address(begun.trajectory), NEED)
    assert type_in(client, sealed[:-4] + "AAAA", need="x").status_code == 400
    assert type_in(client, "", need="x").status_code == 400
    assert type_in(eyes(None), sealed, need="x").status_code == 302


def test_a_draft_in_a_closed_part_of_the_page_opens_it(begun: Intake, fleur: Any) -> None:
    page = address(begun.trajectory)
    client = eyes(fleur)
    asks = 'name="question"'
    assert not opened_around(text(client.get(page)), asks)
    type_in(client, look(client, page, asks), question="Past dit?")
    assert opened_around(text(client.get(page)), asks)


def opened_around(html: str, sign: str) -> bool:
    """Whether the details that hold this sign stand open."""
    return " open" in html.split(sign)[0].rsplit("<details", 1)[1].split(">")[0]


def test_one_sentence_of_the_page_says_when_typing_is_not_kept(begun: Intake, fleur: Any) -> None:
    """Without JavaScript, and on a shared device, another form of the page takes them along."""
    page = address(begun.trajectory)
    client = eyes(fleur)
    own = text(client.get(page))
    assert own.count("Zonder JavaScript raakt wat je typte anders kwijt") == 1
    assert "<noscript>" in own
    session = client.session
    session["shared_device"] = True
    session.save()
    shared = text(client.get(page))
    assert shared.count("Op een gedeeld apparaat raakt wat je typte anders kwijt") == 1
    assert "<noscript>" not in shared


def test_two_forms_that_come_back_have_one_anchor(begun: Intake, fleur: Any) -> None:
    page = address(begun.trajectory)
    client = eyes(fleur)
    for sign, words in ((NEED, {"need": "Gamen"}), ('name="question"', {"question": "Past dit?"})):
        type_in(client, look(client, page, sign), **words)
    kept = [str(one) for one in Draft.objects.open().values_list("pk", flat=True)]
    session = client.session
    session["draft_returns"] = kept
    session.save()
    back = text(client.get(page))
    assert back.count("Wat je typte, staat er nog") == 2
    assert back.count('id="concept"') == 1


@pytest.mark.parametrize("htmx", [True, False])
def test_a_tap_that_comes_back_into_a_colleagues_shows_theirs_and_is_over(
    group: Group, fleur: Any, htmx: bool
) -> None:
    """Sent again after the time-out, it meets what Sem wrote: nothing is overwritten in silence."""
    stay = make_participating(group, since=clock.today() - timedelta(days=30))
    evening = make_tonight(group)
    page = f"/avonden/{evening.pk}/"
    client = eyes(fleur)
    client.get(page)
    grow_old(client, minutes=31)
    tap = {"client_id": str(uuid7()), "version": "0", "state": "present"}
    client.post(f"{page}{stay.pk}/tik/", tap)
    sem = make_worker(group, "Sem Visser")
    theirs = [Tap(uuid7(), stay.pk, "absent_with_notice", 0)]
    record(meeting=evening, taps=theirs, by=sem)
    sign_in_again(client, fleur)
    shown = text(client.get(page))
    assert "data-resend" in shown
    again = tap | {"draft": ticket(shown, "Je laatste tik")}
    heads = {"HX-Request": "true"} if htmx else {}
    answer = client.post(f"{page}{stay.pk}/tik/", again, headers=heads)
    assert answer.status_code == 409
    assert "Sem" in text(answer)
    assert Attendance.objects.get(meeting=evening, trajectory=stay).state == "absent_with_notice"
    assert "data-resend" not in text(client.get(page))
    assert not Draft.objects.open().exists()

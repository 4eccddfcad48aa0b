"""The pages at a desk, over HTTP: also half-way, twice, by two people, and with bad input."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from challenges.hypotheses.agreeing import say_opinion
from challenges.hypotheses.outcome import drop
from challenges.hypotheses.thinking import change_hypothesis, withdraw
from challenges.models import ChallengeMechanism, Hypothesis
from challenges.observations.abc_scheme import let_stand, take_back
from challenges.register.choosing import choose_challenge
from challenges.register.mechanism import say_mechanism
from core import clock
from core.audit.models import ReadEntry
from core.drafts.models import Draft
from joinus.home.waiting import todos_for
from participants.models import Trajectory
from participants.recusal.recusal import recuse
from tests import world
from tests.challenges.hypotheses.conftest import NOT_ABLE, NOT_DARING, THINKS, Minds
from tests.challenges.observations.conftest import DAY
from tests.challenges.observations.test_pages import MARKUP, ODD
from tests.core.drafts.pages import grow_old, look, sign_in_again, text, type_in

WARNING = "Dit rust nog niet op twee observaties van twee bijeenkomsten"


def listed(scene: Minds, user: Any = None) -> str:
    page = reverse("challenges:hypotheses", args=[scene.casey.pk])
    return unescape(text(world.eyes(user or scene.fleur).get(page)))


def to(name: str, row: Any) -> str:
    return reverse(f"challenges:{name}", args=[row.pk])


def form(*rests_on: Any, **more: Any) -> dict[str, Any]:
    """What a browser sends."""
    given: dict[str, Any] = {"text": THINKS, "mechanism": NOT_ABLE}
    return given | {"rests_on": [str(row.pk) for row in rests_on]} | more


def area(page: str, name: str = "text") -> str:
    found = re.search(rf'<textarea name="{name}".*?>\n?(.*?)</textarea>', page, re.S)
    assert found, name
    return unescape(found[1])


class TestWritingOne:
    @pytest.mark.req("R-150")
    @pytest.mark.req("R-151")
    def test_from_the_list_of_what_was_seen_with_what_it_rests_on_ticked(
        self, scene: Minds
    ) -> None:
        first, second = scene.saw(14), scene.saw(7, behaviour="Keek op de telefoon")
        eyes = world.eyes(scene.fleur)
        seen = text(eyes.get(reverse("challenges:observations", args=[scene.casey.pk])))
        assert reverse("challenges:hypotheses", args=[scene.casey.pk]) in seen
        there = to("new_hypothesis", scene.casey)
        assert there in listed(scene)
        page = text(eyes.get(there))
        assert "Keek op de telefoon" in page
        assert eyes.post(there, form(first, second)).status_code == 302
        eyes.post(there, form(text="Denkt dat het misgaat", mechanism=NOT_DARING))
        page = listed(scene)
        assert page.index(THINKS) < page.index("Denkt dat het misgaat"), "beside each other"
        assert "Weet niet hoe (niet kunnen)" in page
        assert "Verwacht dat het misgaat (niet durven)" in page
        assert page.count(WARNING) == 1, "the second rests on nothing yet"

    @pytest.mark.req("R-155")
    def test_the_form_helps_to_tell_not_able_from_not_daring(self, scene: Minds) -> None:
        page = text(world.eyes(scene.fleur).get(to("new_hypothesis", scene.casey)))
        able, daring = page.index(f'value="{NOT_ABLE}"'), page.index(f'value="{NOT_DARING}"')
        assert able < page.index("Het lukt ook niet als het rustig is") < daring
        assert daring < page.index("Het lukt wel met één iemand, maar niet in de groep")
        assert "schrijf dan twee hypothesen naast elkaar op" in page

    def test_whoever_writes_knows_who_reads_it(self, scene: Minds) -> None:
        page = text(world.eyes(scene.fleur).get(to("new_hypothesis", scene.casey)))
        assert "Alleen de begeleiders van deze groep lezen dit." in page
        assert "Casey kan vragen om dit te lezen." in page

    @pytest.mark.req("R-152")
    def test_none_is_needed_and_nothing_asks_for_one(self, scene: Minds) -> None:
        scene.saw(14)
        scene.saw(7)
        assert "Dat hoeft ook niet." in listed(scene)
        assert not [t for t in todos_for(scene.fleur) if "hypothes" in str(t.kind).lower()]

    @pytest.mark.req("R-150")
    def test_somebody_elses_observation_is_refused_and_the_words_stay(self, scene: Minds) -> None:
        other = scene.saw(stay=scene.riley)
        for odd in (str(other.pk), "x", "00000000-0000-0000-0000-000000000000"):
            sent = form(rests_on=[odd])
            answer = world.eyes(scene.fleur).post(to("new_hypothesis", scene.casey), sent)
            assert answer.status_code == 422
            assert "Een van deze observaties is er niet meer." in text(answer)
            assert area(text(answer)) == THINKS
        assert not Hypothesis.objects.exists()

    @pytest.mark.parametrize("words", [MARKUP, ODD, "x" * 10_000, "regel\n" * 40])
    def test_whatever_is_pasted_stands_there_as_it_was(self, scene: Minds, words: str) -> None:
        eyes = world.eyes(scene.fleur)
        assert eyes.post(to("new_hypothesis", scene.casey), form(text=words)).status_code == 302
        row = Hypothesis.objects.get()
        assert row.text.split() == words.replace("\u200f", "").split()
        for page in (listed_raw(scene), text(eyes.get(to("hypothesis", row)))):
            assert "<script>alert" not in page

    @pytest.mark.parametrize("words", ["nul\x00", "half \ufffd", "x" * 20_001, "  "])
    def test_what_cannot_be_read_or_kept_is_refused(self, scene: Minds, words: str) -> None:
        eyes, row = world.eyes(scene.fleur), scene.think()
        there = to("new_hypothesis", scene.casey)
        assert eyes.post(there, form(text=words)).status_code == 422
        assert eyes.post(to("change_hypothesis", row), form(text=words)).status_code == 422
        if words.strip():
            for sent in (
                {"act": "agree", "text": words, "version": "1"},
                {"act": "drop", "on": DAY.isoformat(), "outcome_text": words},
            ):
                assert eyes.post(to("hypothesis", row), sent).status_code == 422
        assert Hypothesis.objects.get().text == THINKS

    def test_torn_ids_and_acts(self, scene: Minds) -> None:
        eyes, row = world.eyes(scene.fleur), scene.think()
        sent = form(client_id="x")
        assert eyes.post(to("new_hypothesis", scene.casey), sent).status_code == 302
        assert eyes.post(to("hypothesis", row), {"act": "x"}).status_code == 400
        for version in ("", "x", "99", "-1", str(2**63)):
            sent = {"act": "agree", "version": version}
            assert eyes.post(to("hypothesis", row), sent).status_code == 422, version
        for day in ("", "x", "2031-01-01", "0001-01-01"):
            sent = {"act": "drop", "on": day}
            assert eyes.post(to("hypothesis", row), sent).status_code == 422, day

    def test_two_presses_of_one_form_make_one(self, scene: Minds) -> None:
        eyes, there = world.eyes(scene.fleur), to("new_hypothesis", scene.casey)
        key = re.search(r'name="client_id" value="([^"]+)"', text(eyes.get(there)))
        assert key
        for _press in range(2):
            assert eyes.post(there, form(client_id=key[1])).status_code == 302
        assert Hypothesis.objects.count() == 1


def listed_raw(scene: Minds) -> str:
    page = reverse("challenges:hypotheses", args=[scene.casey.pk])
    return text(world.eyes(scene.fleur).get(page))


@pytest.mark.req("R-150")
def test_the_warning_comes_and_goes_with_what_is_taken_back(scene: Minds) -> None:
    first, second = scene.saw(14), scene.saw(7)
    row = scene.think(first, second)
    there = to("hypothesis", row)

    def warned() -> bool:
        one = WARNING in text(world.eyes(scene.daan).get(there))
        assert (WARNING in listed(scene, scene.daan)) == one
        return one

    assert not warned()
    take_back(observation=second, by=scene.fleur)
    assert warned()
    let_stand(observation=second, by=scene.fleur)
    assert not warned()


class TestNothingTypedIsLost:
    @pytest.mark.req("R-339")
    def test_the_session_ran_out_half_way(self, scene: Minds) -> None:
        seen = scene.saw()
        eyes, there = world.eyes(scene.fleur), to("new_hypothesis", scene.casey)
        sealed = look(eyes, there, "mechanism")
        grow_old(eyes, 40)
        assert eyes.post(there, form(seen, draft=sealed)).status_code in (302, 401)
        assert not Hypothesis.objects.exists()
        sign_in_again(eyes, scene.fleur)
        page = text(eyes.get(there))
        assert area(page) == THINKS
        assert re.search(rf'value="{seen.pk}" checked', page)

    def test_words_beside_an_opinion_and_after_a_talk_are_drafts(self, scene: Minds) -> None:
        row, eyes = scene.think(), world.eyes(scene.daan)
        there = to("hypothesis", row)
        type_in(eyes, look(eyes, there, 'value="agree"'), text="Eerder spanning")
        type_in(eyes, look(eyes, there, 'value="drop"'), outcome_text="Kent het spel niet")
        assert Draft.objects.open().count() == 2
        assert scene.casey.pk in Draft.objects.open().first().about

    @pytest.mark.req("R-340")
    def test_two_writers_keep_both_changes_and_are_asked_about_a_clash(self, scene: Minds) -> None:
        seen = scene.saw()
        row = scene.think()
        fleur, daan = world.eyes(scene.fleur), world.eyes(scene.daan)
        there = to("change_hypothesis", row)
        base = {"client_id": str(row.client_id)}
        first, second = look(fleur, there, "mechanism"), look(daan, there, "mechanism")
        fleur.post(there, form(draft=first, mechanism=NOT_DARING, **base))
        daan.post(there, form(seen, draft=second, **base))
        row.refresh_from_db()
        assert (row.mechanism, row.grounds.count()) == (NOT_DARING, 1)
        first, second = look(fleur, there, "mechanism"), look(daan, there, "mechanism")
        both = {"mechanism": NOT_DARING, **base}
        fleur.post(there, form(seen, draft=first, text="Een", **both))
        clash = daan.post(there, form(seen, draft=second, text="Twee", **both))
        assert clash.status_code == 422
        assert area(text(clash)) == "Twee"
        assert Hypothesis.objects.get().text == "Een"


class TestAgreeing:
    @pytest.mark.req("R-153")
    def test_the_colleague_says_so_with_or_without_words(self, scene: Minds) -> None:
        row = scene.think()
        assert "Daan heeft nog niet gereageerd." in listed(scene)
        daan = world.eyes(scene.daan)
        sent = {"act": "disagree", "text": "Eerder spanning", "version": "1"}
        assert daan.post(to("hypothesis", row), sent).status_code == 302
        page = listed(scene)
        assert "ziet het anders: Eerder spanning" in page
        assert "Jullie zijn het hierover eens." not in page
        daan.post(to("hypothesis", row), {"act": "agree", "version": "1"})
        assert "Jullie zijn het hierover eens." in listed(scene)

    @pytest.mark.req("R-153")
    def test_changed_while_it_was_read_it_is_shown_again_with_the_words(self, scene: Minds) -> None:
        row, daan = scene.think(), world.eyes(scene.daan)
        change_hypothesis(hypothesis=row, idea=scene.idea(text="Anders"), by=scene.fleur)
        sent = {"act": "agree", "text": "Ja", "version": "1"}
        answer = daan.post(to("hypothesis", row), sent)
        page = text(answer)
        assert answer.status_code == 422
        assert "Dit is aangepast terwijl je het las." in page
        assert "Anders" in page
        assert area(page) == "Ja"
        version = re.search(r'name="version" value="(\d+)"', page)
        assert version
        assert daan.post(to("hypothesis", row), sent | {"version": version[1]}).status_code == 302

    def test_nobody_is_there_to_look_at_it(self, scene: Minds) -> None:
        recuse(trajectory=scene.casey, worker=scene.daan, by=scene.daan, said_by="worker")
        scene.think()
        assert "Er is nu geen collega die kan meekijken." in listed(scene)


class TestAfterTheTalk:
    @pytest.mark.req("R-157")
    def test_let_go_with_the_day_and_undone(self, scene: Minds) -> None:
        row, eyes = scene.think(), world.eyes(scene.daan)
        sent = {"act": "drop", "on": DAY.isoformat(), "outcome_text": "Het was iets anders"}
        eyes.post(to("hypothesis", row), sent)
        page = listed(scene)
        assert page.index("Veranderd of losgelaten") < page.index("Losgelaten, 13 maart")
        assert "Het was iets anders" in page
        again = world.eyes(scene.fleur).post(to("hypothesis", row), sent | {"act": "confirm"})
        assert again.status_code == 422
        assert "Daan schreef al op: losgelaten." in text(again)
        assert eyes.get(to("change_hypothesis", row)).status_code == 302
        eyes.post(to("hypothesis", row), {"act": "undo"})
        assert "Losgelaten" not in listed(scene)

    @pytest.mark.req("R-157")
    def test_changed_it_says_what_stands_instead(self, scene: Minds) -> None:
        row, eyes = scene.think(scene.saw()), world.eyes(scene.fleur)
        page = text(eyes.get(to("instead", row)))
        assert area(page) == THINKS
        sent = form(text="Durft niet", mechanism=NOT_DARING, on=DAY.isoformat())
        assert eyes.post(to("instead", row), sent).status_code == 302
        row.refresh_from_db()
        assert (row.outcome, row.instead.text) == ("changed", "Durft niet")
        assert eyes.get(to("instead", row)).status_code == 302
        assert "Wat er nu staat" in listed(scene)

    def test_the_stay_has_ended_and_it_is_only_read(self, scene: Minds) -> None:
        row, eyes = scene.think(), world.eyes(scene.fleur)
        Trajectory.objects.filter(pk=scene.casey.pk).update(blocked_reason="parent_withdrew")
        page = text(eyes.get(to("hypothesis", row)))
        assert THINKS in page
        assert 'name="act"' not in page
        assert to("new_hypothesis", scene.casey) not in listed(scene)
        assert eyes.get(to("new_hypothesis", scene.casey)).status_code == 403
        assert eyes.post(to("hypothesis", row), {"act": "undo"}).status_code == 403


@pytest.mark.req("R-166")
def test_a_challenge_is_said_to_work_on_it_and_never_somebody_elses(scene: Minds) -> None:
    row, eyes = scene.think(mechanism=NOT_DARING), world.eyes(scene.daan)
    mine, theirs = (
        choose_challenge(trajectory=stay, text="Ik stel een vraag", by=stay.participant.user)
        for stay in (scene.casey, scene.riley)
    )
    there = to("hypothesis", row)
    assert "Casey ziet dit niet." in text(eyes.get(there))
    assert eyes.post(there, {"act": "link", "challenge": str(mine.pk)}).status_code == 302
    label = ChallengeMechanism.objects.get()
    assert (label.challenge, label.hypothesis, label.mechanism) == (mine, row, NOT_DARING)
    assert "hoort hierbij" in text(eyes.get(there))
    change_hypothesis(hypothesis=row, idea=scene.idea(mechanism=NOT_ABLE), by=scene.fleur)
    label.refresh_from_db()
    assert label.mechanism == NOT_ABLE, "the challenge goes along with what is thought"
    assert eyes.post(there, {"act": "link", "challenge": str(theirs.pk)}).status_code == 404
    with world.broken("other_hypothesis"):
        say_mechanism(challenge=theirs, mechanism=NOT_ABLE, hypothesis=row, by=scene.fleur)
    eyes.post(there, {"act": "unlink", "challenge": str(mine.pk)})
    assert not ChallengeMechanism.objects.exists()


def test_opening_each_page_is_one_line_in_the_log(scene: Minds) -> None:
    row = scene.think()
    pages = [
        to("hypotheses", scene.casey),
        to("new_hypothesis", scene.casey),
        to("hypothesis", row),
        to("change_hypothesis", row),
        to("instead", row),
    ]
    for number, page in enumerate(pages, 1):
        world.eyes(scene.daan).get(page)
        lines = ReadEntry.objects.filter(record="hypotheses", user=scene.daan)
        assert lines.count() == number
        assert lines.latest("at").subject_ids == [scene.casey.pk]


class TestWhatWaits:
    def asked(self, user: Any) -> list[Any]:
        return [t for t in todos_for(user) if str(t.kind) == "hypothesis_asked"]

    @pytest.mark.req("R-153")
    def test_the_colleague_finds_one_line_without_the_words(self, scene: Minds) -> None:
        row = scene.think()
        assert self.asked(scene.fleur) == []
        [todo] = self.asked(scene.daan)
        assert "Fleur" in todo.title
        assert "vraagt of je het ermee eens bent" in todo.title
        assert "Casey" in todo.reason
        assert THINKS not in todo.title + todo.reason
        assert (todo.url, todo.stay_id) == (to("hypothesis", row), scene.casey.pk)
        scene.think(mechanism=NOT_DARING)
        [todo] = self.asked(scene.daan)
        assert "2 hypothesen" in todo.reason
        assert todo.url == to("hypotheses", scene.casey)

    @pytest.mark.req("R-153")
    def test_it_ends_when_answered_and_comes_back_with_other_words(self, scene: Minds) -> None:
        row = scene.think()
        say_opinion(hypothesis=row, agrees=False, by=scene.daan, version=1)
        assert self.asked(scene.daan) == []
        change_hypothesis(hypothesis=row, idea=scene.idea(text="Anders"), by=scene.daan)
        assert self.asked(scene.daan) == []
        assert len(self.asked(scene.fleur)) == 1

    @pytest.mark.parametrize("how", ["withdrawn", "let go", "stay over", "no consent"])
    def test_it_ends_when_there_is_nothing_to_agree_with(self, scene: Minds, how: str) -> None:
        row = scene.think()
        stays = Trajectory.objects.filter(pk=scene.casey.pk)
        if how == "withdrawn":
            withdraw(hypothesis=row, by=scene.fleur)
        elif how == "let go":
            drop(hypothesis=row, by=scene.fleur, on=DAY)
        elif how == "stay over":
            stays.update(phase="former", exited_on=DAY, exit_kind="goal")
        else:
            stays.update(blocked_reason="parent_withdrew")
        assert self.asked(scene.daan) == []

    def test_who_stays_out_or_is_of_another_group_is_not_asked_and_a_substitute_is(
        self, scene: Minds
    ) -> None:
        row = scene.think()
        noor = world.make_worker(scene.group, "Noor Smit")
        other = world.make_worker(world.make_group(), "Bo Elders")
        recuse(trajectory=scene.casey, worker=scene.daan, by=scene.daan, said_by="worker")
        assert [len(self.asked(user)) for user in (noor, other, scene.daan)] == [1, 0, 0]
        say_opinion(hypothesis=row, agrees=True, by=noor, version=1)
        assert self.asked(noor) == []

    def test_after_a_week_without_an_answer_its_writer_hears_so(self, scene: Minds) -> None:
        def unanswered(user: Any) -> list[Any]:
            return [t for t in todos_for(user) if str(t.kind) == "hypothesis_unanswered"]

        row = scene.think()
        with clock.travel(clock.at(DAY + timedelta(days=6), 9)):
            assert unanswered(scene.fleur) == []
        with clock.travel(clock.at(DAY + timedelta(days=8), 9)):
            [todo] = unanswered(scene.fleur)
            assert "sinds 13 maart" in todo.reason
            assert unanswered(scene.daan) == []
            say_opinion(hypothesis=row, agrees=True, by=scene.daan, version=1)
            assert unanswered(scene.fleur) == []

    def test_who_stays_out_is_no_colleague_who_did_not_answer(self, scene: Minds) -> None:
        scene.think()
        recuse(trajectory=scene.casey, worker=scene.daan, by=scene.daan, said_by="worker")
        with clock.travel(clock.at(DAY + timedelta(days=8), 9)):
            kinds = {str(todo.kind) for todo in todos_for(scene.fleur)}
        assert "hypothesis_unanswered" not in kinds

"""The form, the list and the ways to them, over HTTP: also half-way, twice, and with bad input."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from challenges.models import Jotting, Observation
from challenges.observations.abc_scheme import take_back, write_observation
from challenges.observations.forms import MOST
from challenges.reference import load_reference
from challenges.register.choosing import choose_challenge
from core import clock
from core.accounts.signin import SHARED_DEVICE
from core.audit.models import ReadEntry
from core.drafts.models import Draft
from core.ids import uuid7
from joinus.home.waiting import todos_for
from participants.models import Trajectory
from participants.rights.erasure import erase_person
from tests import world
from tests.challenges.observations.conftest import DAY, SAT, Scene, ends
from tests.core.drafts.pages import grow_old, look, sign_in_again, text, ticket, type_in

MARKUP = '<script>alert(1)</script> & "Bo"'
ODD = "Zei: \u05e9\u05dc\u05d5\u05dd \u200f\U0001f468\u200d\U0001f469\u200d\U0001f467 en lachte"


def write(scene: Scene, **more: Any) -> Observation:
    stay, by = more.pop("stay", scene.casey), more.pop("by", scene.fleur)
    return write_observation(trajectory=stay, seen=scene.seen(**more), client_id=uuid7(), by=by)


def listed(scene: Scene, user: Any = None, stay: Trajectory | None = None) -> str:
    page = reverse("challenges:observations", args=[(stay or scene.casey).pk])
    return text(world.eyes(user or scene.fleur).get(page))


def one(row: Observation) -> str:
    return reverse("challenges:observation", args=[row.pk])


def area(page: str, name: str) -> str:
    found = re.search(rf'<textarea name="{name}".*?>\n?(.*?)</textarea>', page, re.S)
    assert found, name
    return unescape(found[1])


class TestTheWayToIt:
    @pytest.mark.req("R-146")
    def test_from_the_sheet_the_logbook_and_the_file_with_the_person_chosen(
        self, scene: Scene
    ) -> None:
        eyes, there = world.eyes(scene.fleur), reverse("challenges:observe", args=[scene.casey.pk])
        behind = reverse("groups:person", args=[scene.meeting.pk, scene.casey.pk])
        assert f"{there}?van=blad&amp;bij={scene.meeting.pk}" in text(eyes.get(behind))
        logbook = reverse("groups:logbook", args=[scene.meeting.pk])
        assert f"{there}?van=logboek&amp;bij={scene.meeting.pk}" in text(eyes.get(logbook))
        assert f"{there}?van=persoon" in text(eyes.get(reverse("home:file", args=[scene.casey.pk])))

    @pytest.mark.req("R-154")
    @pytest.mark.parametrize(
        "since",
        [
            {"phase": "former", "exited_on": DAY, "exit_kind": "other"},
            {"blocked_reason": "parental_yes"},
            {"group": None},
        ],
        ids=["former", "waits for a yes", "another group"],
    )
    def test_no_way_leads_to_somebody_of_whom_nothing_can_be_written_now(
        self, scene: Scene, since: dict[str, Any]
    ) -> None:
        """They stand on the sheet of that meeting, and moved or left since."""
        world.attend(scene.casey, scene.meeting)
        if "group" in since:
            since = {"group": world.make_group()}
        Trajectory.objects.filter(pk=scene.casey.pk).update(**since)
        eyes, there = world.eyes(scene.fleur), reverse("challenges:observe", args=[scene.casey.pk])
        behind = reverse("groups:person", args=[scene.meeting.pk, scene.casey.pk])
        for page in (behind, reverse("groups:logbook", args=[scene.meeting.pk])):
            shown = text(eyes.get(page))
            assert "Casey" in shown
            assert there not in shown

    def test_from_the_logbook_also_before_anybody_is_chosen(self, scene: Scene) -> None:
        logbook = text(
            world.eyes(scene.fleur).get(reverse("groups:logbook", args=[scene.meeting.pk]))
        )
        whom = reverse("challenges:observe_in", args=[scene.group.pk])
        assert f"{whom}?van=logboek&amp;bij={scene.meeting.pk}" in logbook
        page = text(world.eyes(scene.fleur).get(f"{whom}?van=logboek&bij={scene.meeting.pk}"))
        for stay in (scene.casey, scene.riley):
            there = reverse("challenges:observe", args=[stay.pk])
            assert f"{there}?van=logboek&amp;bij={scene.meeting.pk}" in page

    def test_no_way_leads_to_a_meeting_whose_sheet_is_not_open_yet(self, scene: Scene) -> None:
        """Its logbook opens in the morning: nothing was seen there by then."""
        eyes = world.eyes(scene.fleur)
        pages = [
            reverse("groups:logbook", args=[scene.meeting.pk]),
            reverse("groups:person", args=[scene.meeting.pk, scene.casey.pk]),
        ]
        opens = scene.meeting.starts_at - timedelta(hours=2)
        for at, there in ((opens - timedelta(minutes=1), False), (opens, True)):
            with clock.travel(at):
                for page in pages:
                    ways = re.findall(r'href="([^"]*/observatie/[^"]*)"', text(eyes.get(page)))
                    assert bool(ways) == there
                    assert all(eyes.get(unescape(way)).status_code == 200 for way in ways)

    def test_who_came_later_is_chosen_there_too_and_about_another_day(self, scene: Scene) -> None:
        new = world.make_participating(scene.group, since=DAY + timedelta(days=1), call_name="Bo")
        whom = reverse("challenges:observe_in", args=[scene.group.pk])
        with clock.travel(clock.at(DAY + timedelta(days=2), 12)):
            eyes = world.eyes(scene.fleur)
            page = text(eyes.get(f"{whom}?van=logboek&bij={scene.meeting.pk}"))
            ways = re.findall(r'href="(/deelnemers/[^"]*observatie/[^"]*)"', page)
            assert len(ways) == 3
            for way in ways:
                assert eyes.get(unescape(way)).status_code == 200
            assert [str(scene.meeting.pk) in way for way in ways if str(new.pk) in way] == [False]

    @pytest.mark.parametrize(
        ("came_from", "leads"),
        [("blad", "groups:meeting"), ("logboek", "groups:logbook")],
    )
    def test_and_back_to_where_it_was_opened(
        self, scene: Scene, came_from: str, leads: str
    ) -> None:
        there = reverse(leads, args=[scene.meeting.pk])
        assert f'href="{there}' in scene.page(scene.fleur, bij=scene.meeting.pk, van=came_from)
        for act in ("save", "remember"):
            sent = world.eyes(scene.fleur).post(
                scene.path(), scene.form(came_from=came_from, act=act)
            )
            assert sent.headers["Location"].startswith(there)

    def test_the_sheet_says_that_it_was_saved_and_not_about_whom(self, scene: Scene) -> None:
        eyes = world.eyes(scene.fleur)
        page = text(eyes.post(scene.path(), scene.form(), follow=True))
        said = re.search(r'<div id="messages".*?</div>\s*</div>', page, re.S)
        assert said
        assert "De observatie is opgeslagen." in said[0]
        assert "Casey" not in said[0]

    def test_who_has_no_place_or_waits_for_a_yes_is_not_offered(self, scene: Scene) -> None:
        world.make_trajectory(group=scene.group, phase="intake", call_name="Nieuwkomer")
        Trajectory.objects.filter(pk=scene.riley.pk).update(blocked_reason="parent_withdrew")
        page = text(
            world.eyes(scene.fleur).get(reverse("challenges:observe_in", args=[scene.group.pk]))
        )
        assert "Casey" in page
        assert "Nieuwkomer" not in page
        assert "Riley" not in page


class TestTheForm:
    @pytest.mark.req("R-156")
    def test_it_asks_for_what_was_seen_and_heard_because_the_person_may_read_it(
        self, scene: Scene
    ) -> None:
        page = scene.page(scene.fleur)
        assert "Alleen wat je zag en hoorde. Casey kan vragen om dit te lezen." in page
        assert "alleen de begeleiders" in page
        assert "Blijft een week voor je staan." in page

    @pytest.mark.req("R-147")
    @pytest.mark.req("R-148")
    def test_at_first_it_is_to_understand_and_with_a_challenge_a_chance_to_practise(
        self, scene: Scene
    ) -> None:
        load_reference()

        def chosen() -> str:
            found = re.search(r'name="aim" value="(\w+)"[^>]*checked', scene.page(scene.fleur))
            assert found
            return found[1]

        assert chosen() == "understand"
        user = scene.casey.participant.user
        choose_challenge(trajectory=scene.casey, text="Ik stel een vraag", by=user)
        assert chosen() == "chance"
        assert "Casey oefent:" in scene.page(scene.fleur)
        assert "“Ik stel een vraag”" in scene.page(scene.fleur)

    @pytest.mark.req("R-149")
    def test_more_rows_than_anybody_fills_and_what_followed_comes_back_in_them(
        self, scene: Scene
    ) -> None:
        page = scene.page(scene.fleur)
        for kind in ("positive", "negative"):
            assert all(f'name="{kind}_{number}"' in page for number in range(MOST))
        more = {"positive_0": "A", "positive_3": "B", "negative_1": "C"}
        world.eyes(scene.fleur).post(scene.path(), scene.form(**more))
        row = Observation.objects.get()
        change = text(world.eyes(scene.fleur).get(one(row)))
        kept = [area(change, name) for name in ("positive_0", "positive_1", "negative_0")]
        assert kept == ["A", "B", "C"]

    @pytest.mark.req("R-149")
    def test_a_row_is_taken_away_without_javascript_and_nothing_else_is_lost(
        self, scene: Scene
    ) -> None:
        eyes = world.eyes(scene.fleur)
        sealed = look(eyes, scene.path(), "behaviour")
        more = {"positive_0": "A", "positive_1": "B", "positive_2": "C", "antecedent": "Spel"}
        answer = eyes.post(
            scene.path(), scene.form(drop="positive_1", draft=sealed, behaviour="", **more)
        )
        page = text(answer)
        assert answer.status_code == 200
        assert [area(page, f"positive_{n}") for n in range(3)] == ["A", "C", ""]
        assert area(page, "antecedent") == "Spel"
        assert "Schrijf op wat je zag." not in page, "nobody said that it was ready"
        assert not Observation.objects.exists()
        again = ticket(page, "behaviour")
        assert type_in(eyes, again, turn=2, behaviour=SAT).status_code == 200, "it goes on"
        for odd in ("positive_99", "behaviour", "x", "positive_-1"):
            assert eyes.post(scene.path(), scene.form(drop=odd)).status_code == 200

    def test_somebody_else_gets_the_words_and_the_draft_about_the_first_is_gone(
        self, scene: Scene
    ) -> None:
        eyes = world.eyes(scene.fleur)
        page = text(eyes.get(scene.path()))
        carry = reverse("challenges:observe", args=[scene.riley.pk])
        assert f'formaction="{carry}"' in page
        sealed = ticket(page, "behaviour")
        type_in(eyes, sealed, behaviour=SAT)
        sent = scene.form(draft=sealed, carry="1", positive_0="Lachte")
        page = text(eyes.post(carry, sent))
        assert (area(page, "behaviour"), area(page, "positive_0")) == (SAT, "Lachte")
        assert f'action="{carry}"' in page
        assert "Je woorden gaan nu over Riley." in page
        assert re.search(rf'value="{scene.meeting.pk}"[^>]*selected', page)
        assert not Draft.objects.open().exists()
        assert not Observation.objects.exists()
        type_in(eyes, ticket(page, "behaviour"), behaviour=SAT)
        assert scene.riley.pk in Draft.objects.open().get().about
        assert scene.casey.pk not in Draft.objects.open().get().about

    def test_whoever_wrote_more_than_a_line_loses_nothing_by_remembering(
        self, scene: Scene
    ) -> None:
        sent = scene.form(act="remember", positive_0="Lachte")
        answer = world.eyes(scene.fleur).post(scene.path(), sent)
        assert answer.status_code == 422
        assert "Sla het op als observatie." in text(answer)
        assert area(text(answer), "positive_0") == "Lachte"
        assert not Jotting.objects.exists()


class TestNothingTypedIsLost:
    @pytest.mark.req("R-339")
    def test_the_session_ran_out_half_way(self, scene: Scene) -> None:
        eyes = world.eyes(scene.fleur)
        sealed = look(eyes, scene.path(bij=scene.meeting.pk, van="blad"), "behaviour")
        grow_old(eyes, 40)
        sent = scene.form(draft=sealed, negative_0="Niemand zei iets")
        assert eyes.post(scene.path(), sent).status_code in (302, 401)
        assert not Observation.objects.exists()
        sign_in_again(eyes, scene.fleur)
        page = text(eyes.get(scene.path()))
        assert area(page, "behaviour") == SAT
        assert area(page, "negative_0") == "Niemand zei iets"
        assert re.search(rf'value="{scene.meeting.pk}"[^>]*selected', page)
        assert re.search(r'name="came_from" value="blad"', page)

    def test_a_draft_says_so_before_its_words(self, scene: Scene) -> None:
        eyes = world.eyes(scene.fleur)
        type_in(eyes, look(eyes, scene.path(), "behaviour"), behaviour=SAT)
        page = scene.page(scene.fleur)
        assert "Je hebt een concept" in page
        assert SAT not in page
        assert SAT not in scene.page(scene.daan)

    def test_two_windows_of_one_line_make_one_observation_of_it(self, scene: Scene) -> None:
        eyes = world.eyes(scene.fleur)
        eyes.post(scene.path(), scene.form(act="remember"))
        line = Jotting.objects.get()
        page = text(eyes.get(scene.path(onthouden=line.pk, van="onthouden")))
        assert area(page, "behaviour") == SAT
        first = scene.form(jotting=str(line.pk), came_from="onthouden")
        second = scene.form(jotting=str(line.pk), behaviour="Andere woorden")
        assert eyes.post(scene.path(), first).headers["Location"] == reverse(
            "challenges:remembered"
        )
        answer = eyes.post(scene.path(), second)
        assert answer.status_code == 422
        assert "in een ander venster" in text(answer)
        assert area(text(answer), "behaviour") == "Andere woorden"
        assert Observation.objects.count() == 1
        key = re.search(r'name="client_id" value="([^"]+)"', text(answer))
        empty = re.search(r'name="jotting"(?: value="")?(?: id="[^"]*")?>', text(answer))
        assert key
        assert empty, text(answer)
        sent = second | {"jotting": "", "client_id": key[1]}
        assert eyes.post(scene.path(), sent).status_code == 302
        assert Observation.objects.count() == 2
        there = eyes.get(scene.path(onthouden=line.pk))
        assert there.headers["Location"] == one(Jotting.objects.get().observation)

    @pytest.mark.req("R-340")
    def test_two_windows_of_one_observation_keep_both_changes(self, scene: Scene) -> None:
        row, eyes = write(scene), world.eyes(scene.fleur)
        first, second = look(eyes, one(row), "behaviour"), look(eyes, one(row), "behaviour")
        base = scene.form(client_id=str(row.client_id), came_from="")
        eyes.post(one(row), base | {"draft": first, "antecedent": "Het spel begon"})
        eyes.post(one(row), base | {"draft": second, "positive_0": "Lachte"})
        row = Observation.objects.get()
        assert row.antecedent == "Het spel begon"
        assert [one.text for one in row.consequences.all()] == ["Lachte"]
        third = look(eyes, one(row), "behaviour")
        fourth = look(eyes, one(row), "behaviour")
        eyes.post(one(row), base | {"draft": third, "behaviour": "Een"})
        clash = eyes.post(one(row), base | {"draft": fourth, "behaviour": "Twee"})
        assert clash.status_code == 422
        assert area(text(clash), "behaviour") == "Twee"
        assert Observation.objects.get().behaviour == "Een"

    def test_on_a_shared_device_nothing_is_kept(self, scene: Scene) -> None:
        eyes = world.eyes(scene.fleur)
        session = eyes.session
        session[SHARED_DEVICE] = True
        session.save()
        sealed = look(eyes, scene.path(), "behaviour")
        assert type_in(eyes, sealed, behaviour=SAT).status_code == 400
        page = text(eyes.post(scene.path(scene.riley), scene.form(draft=sealed, carry="1")))
        assert area(page, "behaviour") == SAT, "and still it goes along to another person"
        assert not Draft.objects.open().exists()


class TestTheList:
    @pytest.mark.req("R-147")
    @pytest.mark.req("R-148")
    def test_to_understand_stands_apart_from_what_came_later(self, scene: Scene) -> None:
        for aim, words in (
            ("understand", "Zat op de bank"),
            ("chance", "Keek naar het spel"),
            ("new_behaviour", "Vroeg of hij mee mocht"),
        ):
            write(scene, aim=aim, behaviour=words, followed={"positive": [f"Na {words}"]})
        page = listed(scene, scene.daan)
        later, early = page.index("Later: oefenen en nieuw gedrag"), page.index("<h2>Begrijpen")
        for words, where in (
            ("Vroeg of hij mee mocht", (later, early)),
            ("Keek naar het spel", (later, early)),
            ("Na Vroeg of hij mee mocht", (later, early)),
            ("Zat op de bank", (early, len(page))),
        ):
            assert where[0] < page.index(words) < where[1], words

    def test_a_colleague_reads_it_and_does_not_change_it(self, scene: Scene) -> None:
        row = write(scene)
        page = listed(scene, scene.daan)
        assert SAT in page
        assert one(row) not in page
        assert "Een collega leest alleen mee." in page
        assert one(row) in listed(scene)
        eyes = world.eyes(scene.daan)
        assert eyes.get(one(row)).status_code == 403
        for act in ("save", "take_back", "let_stand"):
            assert eyes.post(one(row), scene.form(act=act)).status_code == 403

    def test_taken_back_only_the_writer_still_sees_it_and_can_let_it_stand(
        self, scene: Scene
    ) -> None:
        row, eyes = write(scene), world.eyes(scene.fleur)
        eyes.post(one(row), {"act": "take_back"})
        assert SAT not in listed(scene, scene.daan)
        assert "teruggenomen" in listed(scene)
        assert world.eyes(scene.daan).get(one(row)).status_code == 404
        refused = eyes.post(one(row), scene.form(behaviour="Anders"))
        assert refused.status_code == 422
        eyes.post(one(row), {"act": "let_stand"})
        assert SAT in listed(scene, scene.daan)

    def test_opening_it_is_one_line_in_the_log_and_the_person_reads_that(
        self, scene: Scene
    ) -> None:
        row = write(scene)
        listed(scene, scene.daan)
        entry = ReadEntry.objects.get(record="observations")
        assert (entry.user, entry.subject_ids) == (scene.daan, [scene.casey.pk])
        world.eyes(scene.fleur).get(one(row))
        assert ReadEntry.objects.filter(record="observations").count() == 2

    @pytest.mark.req("R-152")
    def test_with_nothing_written_down_it_asks_for_nothing(self, scene: Scene) -> None:
        page = listed(scene)
        assert "Dat hoeft ook niet." in page


@pytest.mark.req("R-152")
def test_no_page_and_no_to_do_tells_whether_anybody_wrote_one(scene: Scene) -> None:
    """An aid, not a goal: the sheet, the logbook, the group and what waits read the same."""
    pages = [
        reverse("home:today"),
        reverse("home:waiting"),
        reverse("groups:meeting", args=[scene.meeting.pk]),
        reverse("groups:logbook", args=[scene.meeting.pk]),
        reverse("groups:group", args=[scene.group.pk]),
        reverse("home:file", args=[scene.casey.pk]),
    ]

    def read() -> list[str]:
        eyes = world.eyes(scene.fleur)
        signs = re.compile(r"<script.*?</script>|<[^>]+>", re.S)
        bare = [signs.sub("", text(eyes.get(page))) for page in pages]
        return [*bare, str(todos_for(scene.fleur))]

    before = read()
    for aim in ("understand", "chance", "new_behaviour"):
        write(scene, aim=aim)
    for was, now, page in zip(before, read(), [*pages, "to-dos"], strict=True):
        assert was == now, page
    with clock.travel(clock.at(DAY + timedelta(days=40), 12)):
        assert not [one for one in todos_for(scene.fleur) if "bservatie" in one.title + one.reason]


class TestBadInput:
    def test_a_meeting_of_another_group_or_none_at_all(self, scene: Scene) -> None:
        other = world.make_meeting(world.make_group(), DAY)
        eyes = world.eyes(scene.fleur)
        for told in (other.pk, uuid7(), "x", "' OR 1=1"):
            assert eyes.get(scene.path(), {"bij": str(told)}).status_code == 404
            answer = eyes.post(scene.path(), scene.form(when=str(told)))
            assert answer.status_code == 422
            assert area(text(answer), "behaviour") == SAT
        assert not Observation.objects.exists()

    @pytest.mark.parametrize("phase", ["signed_up", "intake", "former"])
    def test_somebody_without_a_place_here(self, scene: Scene, phase: str) -> None:
        stay = world.make_trajectory(group=scene.group, phase=phase, call_name="Bo", **ends(phase))
        eyes = world.eyes(scene.fleur)
        refused = eyes.get(scene.path(stay))
        assert refused.status_code == 403
        assert "Bo heeft nu geen plek in de groep." in text(refused)
        answer = eyes.post(scene.path(stay), scene.form(when=DAY.isoformat()))
        assert answer.status_code == 422
        assert area(text(answer), "behaviour") == SAT

    def test_somebody_who_moved_away_or_was_erased_meanwhile(self, scene: Scene) -> None:
        eyes = world.eyes(scene.fleur)
        sealed = look(eyes, scene.path(), "behaviour")
        type_in(eyes, sealed, behaviour=SAT)
        Trajectory.objects.filter(pk=scene.casey.pk).update(group=world.make_group())
        assert eyes.post(scene.path(), scene.form(draft=sealed)).status_code == 404
        page = look(eyes, scene.path(scene.riley), "behaviour")
        type_in(eyes, page, behaviour=SAT)
        erase_person(participant=scene.riley.participant)
        answer = eyes.post(scene.path(scene.riley), scene.form(draft=page))
        assert answer.status_code == 404
        assert not Draft.objects.open().filter(about__contains=[scene.riley.pk]).exists()
        assert type_in(eyes, page, turn=9, behaviour=SAT).status_code == 409
        assert not Observation.objects.exists()

    @pytest.mark.parametrize("words", [MARKUP, ODD, "x" * 10_000, "regel\n" * 40])
    def test_whatever_is_pasted_stands_there_as_it_was(self, scene: Scene, words: str) -> None:
        sent = scene.form(behaviour=words, antecedent=words, positive_0=words)
        assert world.eyes(scene.fleur).post(scene.path(), sent).status_code == 302
        row = Observation.objects.get()
        assert row.behaviour.split() == words.replace("\u200f", "").split()
        assert "<script>alert" not in listed(scene)
        assert "<script>alert" not in text(world.eyes(scene.fleur).get(one(row)))

    @pytest.mark.parametrize(
        "words",
        ["nul\x00", "half \ufffd", "x" * 20_001, "  "],
    )
    def test_what_cannot_be_read_or_kept_is_refused_and_stays_in_the_form(
        self, scene: Scene, words: str
    ) -> None:
        for act in ("save", "remember"):
            sent = scene.form(behaviour=words, antecedent="Het spel", act=act)
            answer = world.eyes(scene.fleur).post(scene.path(), sent)
            assert answer.status_code == 422
            assert area(text(answer), "antecedent") == "Het spel"
        assert not Observation.objects.exists()
        assert not Jotting.objects.exists()

    def test_torn_ids_and_acts(self, scene: Scene) -> None:
        eyes = world.eyes(scene.fleur)
        refused = eyes.post(scene.path(), scene.form(aim="x"))
        assert refused.status_code == 422
        assert refused.content.decode().count("field__error") == 1
        for torn in ({"client_id": "x"}, {"client_id": ""}, {"came_from": "//evil"}):
            answer = eyes.post(scene.path(), scene.form(**torn))
            assert answer.headers["Location"].startswith(
                "/avonden/" if "client_id" in torn else "/deelnemers/"
            )
        assert eyes.post(scene.path(), scene.form(jotting=str(uuid7()))).status_code == 302
        eyes.post(scene.path(), scene.form(act="remember"))
        line = reverse("challenges:jotting", args=[Jotting.objects.get().pk])
        assert eyes.post(line, {"act": "erase"}).status_code == 400

    def test_a_double_tap_writes_once(self, scene: Scene) -> None:
        eyes = world.eyes(scene.fleur)
        sent = scene.form(draft=look(eyes, scene.path(), "behaviour"), positive_0="Lachte")
        for _press in range(2):
            assert eyes.post(scene.path(), sent).status_code == 302
        assert Observation.objects.get().consequences.count() == 1


def test_taking_back_is_of_the_observation_not_of_its_line(scene: Scene) -> None:
    row = write(scene)
    take_back(observation=row, by=scene.fleur)
    assert "Begrijpen" not in listed(scene, scene.daan)

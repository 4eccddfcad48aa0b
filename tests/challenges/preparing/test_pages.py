"""Preparing a meeting on its page: two workers, everybody's challenge, and a tap afterwards."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from challenges.models import (
    Challenge,
    Hypothesis,
    Mechanism,
    PlannedSupport,
    Preparation,
    SupportForm,
    SupportUse,
)
from challenges.preparing.page import Person, read_plan
from challenges.preparing.words import Wanted, prepare
from core import clock
from core.audit.models import ReadEntry
from core.ids import uuid7
from groups.models import AbsenceNotice, ActivityOrganiser, Meeting
from participants.models import Trajectory
from participants.recusal.recusal import recuse
from tests import world
from tests.challenges.preparing.scene import CHALLENGES, DAY, Scene, label
from tests.core.drafts.pages import ticket

EVENING = clock.at(DAY, 20)


def part_of(page: str, scene: Scene, name: str) -> str:
    """The piece of the page about one person."""
    start = page.index(f'id="about-{scene.stays[name].pk}"')
    return page[start : page.index("</section>", start)]


def read(scene: Scene) -> list[Person]:
    return read_plan(scene.meeting, scene.fleur).people


def prepared(scene: Scene, name: str = "Amir", **facts: object) -> Preparation:
    wanted = Wanted(**({"role": "Leidt het overleg"} | facts))  # type: ignore[arg-type]
    prepare(meeting=scene.meeting, wanted={scene.stays[name].pk: wanted}, by=scene.fleur)
    return Preparation.objects.get(trajectory=scene.stays[name])


@pytest.mark.req("R-135")
def test_it_says_who_has_which_challenge_and_keeps_what_is_asked(scene: Scene) -> None:
    page = scene.open(scene.fleur)
    for name, words in CHALLENGES.items():
        assert words in part_of(page.text, scene, name)
    answer = page.save(**{scene.role("Amir"): "Leidt het overleg"})
    assert answer.status_code == 302
    assert "Leidt het overleg" in part_of(scene.page(scene.daan), scene, "Amir")
    row = Preparation.objects.get()
    assert (row.challenge, row.written_by) == (scene.challenges["Amir"], scene.fleur)
    kinds = ReadEntry.objects.filter(user=scene.fleur.pk).values_list("record", flat=True)
    assert "preparation" in set(kinds)


@pytest.mark.req("R-177")
def test_what_fits_is_proposed_in_sight_and_chosen_by_nobody(scene: Scene) -> None:
    label(scene.challenges["Riley"], Mechanism.COGNITIONS, scene.fleur)
    label(scene.challenges["Sam"], Mechanism.SKILLS, scene.fleur)
    page = scene.page(scene.fleur)
    for name, fitting in {
        "Riley": {"behavioural_experiment", "reinforcement"},
        "Sam": {"role_model", "role_play", "social_reinforcement"},
        "Amir": set(),
    }.items():
        mine = part_of(page, scene, name)
        in_sight = mine.partition("<details")[0]
        assert set(re.findall(r'value="(\w+)"', in_sight)) == fitting
    assert " checked" not in page
    assert not PlannedSupport.objects.exists()
    for mechanism in Mechanism:  # people walk along
        assert str(mechanism.label) not in page
        assert mechanism.value not in page


@pytest.mark.req("R-177")
def test_without_a_label_what_was_recognised_in_the_talk_decides(scene: Scene) -> None:
    for name, mechanism, outcome in (
        ("Riley", Mechanism.COGNITIONS, "confirmed"),
        ("Sam", Mechanism.COGNITIONS, "confirmed"),
        ("Layla", Mechanism.COGNITIONS, "dropped"),
        ("Jordan", Mechanism.COGNITIONS, ""),
    ):
        settled = {"outcome_on": DAY, "outcome_by": scene.daan} if outcome else {}
        Hypothesis.objects.create(
            trajectory=scene.stays[name],
            client_id=uuid7(),
            text="Denkt dat het misgaat",
            mechanism=mechanism,
            by=scene.fleur,
            at=clock.now(),
            outcome=outcome,
            **settled,
        )
    label(scene.challenges["Sam"], Mechanism.SKILLS, scene.fleur)
    found = {one.name: {form.pk for form in one.suggested} for one in read(scene)}
    assert found == {
        "Riley": {"behavioural_experiment", "reinforcement"},
        "Sam": {"role_model", "role_play", "social_reinforcement"},
        "Layla": set(),
        "Jordan": set(),
        "Amir": set(),
    }


@pytest.mark.req("R-135")
def test_a_role_in_the_activity_is_the_plans_own_and_no_copy(scene: Scene) -> None:
    amir = scene.stays["Amir"]
    scene.open(scene.fleur).save(organisers=[str(amir.pk)])
    row = ActivityOrganiser.objects.get()
    assert (row.activity, row.trajectory, row.task) == (scene.activity, amir, "")
    ActivityOrganiser.objects.create(
        activity=scene.activity, trajectory=scene.stays["Layla"], task="Stellingen bedenken"
    )
    page = scene.open(scene.fleur)
    assert "Stellingen bedenken" in part_of(page.text, scene, "Layla")
    assert reverse("groups:idea", args=[scene.activity.pk]) in page.text
    own = world.eyes(amir.participant.user).get(reverse("groups:idea", args=[scene.activity.pk]))
    assert "Amir" in own.content.decode()  # "and the group reads it too"
    page.save(**{scene.role("Amir"): "Legt uit"})
    assert ActivityOrganiser.objects.count() == 2


def test_who_cannot_come_stands_apart_with_what_was_prepared(scene: Scene) -> None:
    prepared(scene, "Layla")
    AbsenceNotice.objects.create(
        meeting=scene.meeting, trajectory=scene.stays["Layla"], told_at=clock.now()
    )
    page = scene.page(scene.fleur)
    away = page[page.index('id="away"') :]
    assert "kan niet" in away
    assert "Leidt het overleg" in part_of(away, scene, "Layla")
    assert f'id="about-{scene.stays["Amir"].pk}"' not in away


class TestTwoAtOnce:
    def test_words_about_two_people_both_stay(self, scene: Scene) -> None:
        hers, his = scene.open(scene.fleur), scene.open(scene.daan)
        hers.save(**{scene.role("Amir"): "Leidt het overleg"})
        his.save(**{scene.role("Sam"): "Vraagt door"})
        roles = [one.role for one in Preparation.objects.all()]
        assert sorted(roles) == ["Leidt het overleg", "Vraagt door"]

    def test_the_same_words_are_asked_and_neither_is_lost(self, scene: Scene) -> None:
        hers, his = scene.open(scene.fleur), scene.open(scene.daan)
        hers.save(**{scene.role("Amir"): "Leidt het overleg"})
        answer = his.save(quietly=True, **{scene.role("Amir"): "Schrijft mee"})
        assert answer.status_code == 409
        beside = answer.json()["both"][scene.role("Amir")]
        assert (beside["who"], beside["text"]) == ("Fleur", "Leidt het overleg")
        page = his.save(**{scene.role("Amir"): "Schrijft mee"})
        assert page.status_code == 422
        assert "Schrijft mee" in page.content.decode()
        assert Preparation.objects.get().role == "Leidt het overleg"

    def test_each_sees_within_seconds_what_the_other_writes(self, scene: Scene) -> None:
        his = scene.open(scene.daan)
        now = scene.url("preparation_now")
        told = {"HTTP_X_LOGBOOK": his.answer.context["pass"]}
        assert his.client.get(f"{now}?since=", **told).status_code == 204
        saved = scene.open(scene.fleur).save(quietly=True, **{scene.role("Amir"): "Leidt"})
        assert saved.status_code == 200
        answer = his.client.get(f"{now}?since=", **told)
        card = answer.json()["cards"]["people"]
        assert card["fields"][scene.role("Amir")] == ["Leidt"]
        assert "Fleur" in card["writes"]
        assert "Amir" in card["writes"]
        with clock.travel(clock.now() + timedelta(seconds=25)):
            again = his.client.get(f"{now}?since=-", **told).json()
        assert again["cards"]["people"]["writes"] == ""

    def test_without_having_opened_the_page_nothing_is_told(self, scene: Scene) -> None:
        eyes = world.eyes(scene.daan)
        assert eyes.get(scene.url("preparation_now")).status_code == 409


class TestAfterwards:
    """One tap makes a plan a use; a tap takes it back; *Undo* as on the sheet."""

    @pytest.mark.req("R-175")
    def test_one_tap_logs_what_was_planned_and_a_tap_takes_it_back(self, scene: Scene) -> None:
        prepared(scene, planned=frozenset({"prompt"}))
        amir = scene.stays["Amir"]
        tap = f"{amir.pk}.prompt"
        assert tap not in scene.page(scene.fleur)  # nothing to log before it began
        with clock.travel(EVENING):
            page = scene.open(scene.fleur)
            assert tap in page.text
            page.save(used=tap)
            use = SupportUse.objects.get()
            assert (use.form_id, use.setting, use.giver) == ("prompt", "alone", "worker")
            assert (use.trajectory, use.challenge) == (amir, scene.challenges["Amir"])
            page = scene.open(scene.daan)
            assert 'aria-pressed="true"' in part_of(page.text, scene, "Amir")
            page.save(not_used=str(use.pk))
            assert not SupportUse.objects.in_force().exists()

    def test_a_tap_saves_the_words_first(self, scene: Scene) -> None:
        prepared(scene, planned=frozenset({"prompt"}))
        with clock.travel(EVENING):
            page = scene.open(scene.fleur)
            used = f"{scene.stays['Amir'].pk}.prompt"
            page.save(**{scene.role("Sam"): "Vraagt door"}, used=used)
        assert Preparation.objects.get(trajectory=scene.stays["Sam"]).role == "Vraagt door"
        assert SupportUse.objects.count() == 1

    def test_undo_takes_back_the_own_last_tap_and_then_the_one_before(self, scene: Scene) -> None:
        prepared(scene, planned=frozenset({"prompt", "compliment"}))
        with clock.travel(EVENING):
            assert 'name="undo"' not in scene.page(scene.fleur)
            for form in ("prompt", "compliment"):
                scene.open(scene.fleur).save(used=f"{scene.stays['Amir'].pk}.{form}")
            assert 'name="undo"' not in scene.page(scene.daan)
            scene.open(scene.fleur).save(undo="1")
            assert SupportUse.objects.in_force().get().form_id == "prompt"
            scene.open(scene.fleur).save(undo="1")
            assert not SupportUse.objects.in_force().exists()
        with clock.travel(EVENING + timedelta(days=1)):
            assert 'name="undo"' not in scene.page(scene.fleur)

    def test_of_who_was_not_there_nothing_is_logged(self, scene: Scene) -> None:
        prepared(scene, planned=frozenset({"prompt"}))
        with clock.travel(EVENING):
            world.attend(scene.stays["Amir"], scene.meeting, "absent_without_notice")
            page = scene.open(scene.fleur)
            assert 'name="used"' not in part_of(page.text, scene, "Amir")
            page.save(used=f"{scene.stays['Amir'].pk}.prompt")
        assert not SupportUse.objects.exists()


@pytest.mark.req("R-173")
def test_a_retired_form_stays_where_it_was_planned_and_is_offered_to_nobody(scene: Scene) -> None:
    prepared(scene, planned=frozenset({"prompt"}))
    SupportForm.objects.filter(key="prompt").update(retired_at=clock.now())
    page = scene.page(scene.fleur)
    assert 'value="prompt"' in part_of(page, scene, "Amir")
    assert 'value="prompt"' not in part_of(page, scene, "Sam")
    answer = scene.open(scene.fleur).save(**{scene.planned("Sam"): ["prompt"]})
    assert answer.status_code == 422


class TestCancelled:
    def test_it_reads_what_stood_and_offers_the_next_one(self, scene: Scene) -> None:
        prepared(scene)
        Meeting.objects.filter(pk=scene.meeting.pk).update(
            status="cancelled", cancel_reason="worker_ill"
        )
        page = scene.page(scene.fleur)
        assert "Leidt het overleg" in page
        assert "take_along" not in page
        coming = world.make_meeting(scene.group, DAY + timedelta(days=14))
        assert "take_along" in scene.page(scene.fleur)
        answer = world.eyes(scene.fleur).post(scene.url(), {"take_along": "1"})
        assert answer.headers["Location"] == reverse("challenges:preparation", args=[coming.pk])
        assert Preparation.objects.get().meeting == coming

    def test_words_that_come_after_it_was_cancelled_are_refused_and_kept(
        self, scene: Scene
    ) -> None:
        page = scene.open(scene.fleur)
        Meeting.objects.filter(pk=scene.meeting.pk).update(
            status="cancelled", cancel_reason="worker_ill"
        )
        answer = page.save(quietly=True, **{scene.role("Amir"): "Leidt het overleg"})
        assert answer.status_code in (423, 200)
        assert not Preparation.objects.exists()


class TestOnPaper:
    """A paper lies about: call names and what is asked, and that is promised on the page."""

    def test_no_challenge_no_form_and_no_mechanism_stands_on_it(self, scene: Scene) -> None:
        label(scene.challenges["Amir"], Mechanism.COGNITIONS, scene.fleur)
        prepared(scene, planned=frozenset({"behavioural_experiment"}))
        page = world.eyes(scene.fleur).get(scene.url("preparation_on_paper")).content.decode()
        assert "Leidt het overleg" in page
        assert "Amir" in page
        hidden = [*CHALLENGES.values(), *SupportForm.objects.values_list("name_nl", flat=True)]
        for words in [*hidden, *(str(one.label) for one in Mechanism)]:
            assert words not in page, words

    def test_nothing_of_who_the_reader_stays_out_of(self, scene: Scene) -> None:
        prepared(scene)
        recuse(trajectory=scene.stays["Amir"], worker=scene.daan, by=scene.daan, said_by="worker")
        for name in ("preparation", "preparation_on_paper"):
            page = world.eyes(scene.daan).get(scene.url(name)).content.decode()
            assert "Amir" in page
            assert "Leidt het overleg" not in page
            assert CHALLENGES["Amir"] not in page


class TestBadInput:
    def test_pasted_markup_is_words(self, scene: Scene) -> None:
        bad = '<script>alert(1)</script><img src=x onerror="x">'
        scene.open(scene.fleur).save(**{scene.role("Amir"): bad})
        for name in ("preparation", "preparation_on_paper"):
            page = world.eyes(scene.daan).get(scene.url(name)).content.decode()
            assert "<script>alert" not in page
            assert "&lt;script&gt;alert" in page

    def test_too_long_is_said_at_the_field_and_stays(self, scene: Scene) -> None:
        answer = scene.open(scene.fleur).save(**{scene.role("Amir"): "a" * 301})
        assert answer.status_code == 422
        assert "a" * 301 in answer.content.decode()

    @pytest.mark.parametrize(
        "fields",
        [
            {"used": "nonsense"},
            {"used": "00000000-0000-0000-0000-000000000000.prompt"},
            {"not_used": "nonsense"},
            {"not_used": "00000000-0000-0000-0000-000000000000"},
            {"used": "00000000-0000-0000-0000-000000000000.\x00"},
        ],
    )
    def test_a_tap_that_means_nothing_does_nothing(
        self, scene: Scene, fields: dict[str, str]
    ) -> None:
        with clock.travel(EVENING):
            assert scene.open(scene.fleur).save(**fields).status_code in (302, 400, 404)
        assert not SupportUse.objects.exists()

    def test_a_page_that_cannot_be_read_any_more_is_never_said_to_be_saved(
        self, scene: Scene
    ) -> None:
        """Its seal is somebody else's, torn, or of a key that is gone."""
        page, words = scene.open(scene.fleur), {scene.role("Sam"): "Vraagt door"}
        quiet = page.save(quietly=True, draft="kapot", **words)
        assert quiet.status_code == 400
        loud = page.save(draft="kapot", **words)
        assert loud.status_code == 422
        text = loud.content.decode()
        assert "Vraagt door" in text
        assert "Opgeslagen." not in text
        assert not Preparation.objects.exists()

    @pytest.mark.req("R-340")
    def test_after_a_torn_page_a_second_press_asks_about_what_a_colleague_wrote(
        self, scene: Scene
    ) -> None:
        """What stood on the page is not known: nothing counts as seen, and nothing is lost."""
        page, mine = scene.open(scene.fleur), {scene.role("Sam"): "Vraagt door"}
        scene.open(scene.daan).save(
            **{scene.role("Sam"): "Deelt uit", scene.role("Amir"): "Telt af"}
        )
        torn = page.save(draft="kapot", **mine)
        again = mine | {"draft": ticket(torn.content.decode(), 'data-card="people"')}
        asked = page.save(**again)
        assert asked.status_code == 422
        text = asked.content.decode()
        assert "Vraagt door" in text
        assert "Deelt uit" in text
        chosen = again | {"draft": ticket(text, 'data-card="people"')}
        assert page.save(**chosen, **{scene.role("Amir"): "Telt af"}).status_code == 302
        roles = {row.trajectory_id: row.role for row in Preparation.objects.all()}
        assert roles[scene.stays["Sam"].pk] == "Vraagt door"
        assert roles[scene.stays["Amir"].pk] == "Telt af"

    @pytest.mark.req("R-340")
    def test_after_a_torn_page_the_own_words_are_saved_by_the_second_press(
        self, scene: Scene
    ) -> None:
        page, mine = scene.open(scene.fleur), {scene.role("Sam"): "Vraagt door"}
        torn = page.save(draft="kapot", **mine)
        again = mine | {"draft": ticket(torn.content.decode(), 'data-card="people"')}
        assert page.save(**again).status_code == 302
        assert [row.role for row in Preparation.objects.exclude(role="")] == ["Vraagt door"]

    def test_a_sign_that_no_database_keeps_is_no_error_of_ours(self, scene: Scene) -> None:
        amir = scene.stays["Amir"]
        there, tap = scene.url("support_at", amir.pk), {"setting": "alone", "giver": "worker"}
        with clock.travel(EVENING):
            found = world.eyes(scene.fleur).post(there, {"act": "use", "form": "\x00"} | tap)
        assert found.status_code == 404
        chooses = reverse("challenges:choose") + "?voorbeeld=%00"
        assert world.eyes(amir.participant.user).get(chooses).status_code == 200

    def test_words_about_somebody_elsewhere_are_nobodys(self, scene: Scene) -> None:
        other = world.make_participating(world.make_group(), since=clock.today())
        scene.open(scene.fleur).save(**{f"role_{other.pk}": "Leidt het overleg"})
        assert not Preparation.objects.exists()

    def test_somebody_who_waits_for_a_yes_has_no_field(self, scene: Scene) -> None:
        Trajectory.objects.filter(pk=scene.stays["Sam"].pk).update(blocked_reason="parental_yes")
        page = scene.open(scene.fleur)
        assert f'name="{scene.role("Sam")}"' not in page.text
        page.save(**{scene.role("Sam"): "Vraagt door"})
        assert not Preparation.objects.exists()


def test_of_several_challenges_is_asked_which_and_it_can_end(scene: Scene) -> None:
    amir = scene.stays["Amir"]
    second = Challenge.objects.create(
        trajectory=amir, text="Ik bel terug", chosen_on=DAY, noted_by=amir.participant.user
    )
    scene.open(scene.fleur).save(
        **{scene.role("Amir"): "Belt de bowlingbaan", f"about_{amir.pk}": str(second.pk)}
    )
    assert Preparation.objects.get().challenge == second


@pytest.mark.parametrize(
    ("page", "about"),
    [("home:today", ()), ("groups:meeting", ("meeting",)), ("groups:plan", ("group",))],
)
def test_one_link_leads_there_for_the_workers_alone(
    scene: Scene, page: str, about: tuple[str, ...]
) -> None:
    address = reverse(page, args=[getattr(scene, name).pk for name in about])
    shown = world.eyes(scene.fleur).get(address).content.decode()
    assert shown.count(f'href="{scene.url()}"') == 1
    others = [
        world.make_coordinator(scene.group.location.region),
        scene.stays["Amir"].participant.user,
    ]
    for other in others:
        assert scene.url() not in world.eyes(other).get(address).content.decode()

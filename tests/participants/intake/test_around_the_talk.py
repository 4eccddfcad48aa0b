"""Around the first talk: the two of them alone, a first idea, help elsewhere, the hand-over."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from core import clock
from core.errors import RuleBroken
from core.organisations.models import Group
from joinus.home.waiting import todos_for
from participants.intake import care_elsewhere, first_idea, hand_over, one_to_one, talk
from participants.models import (
    CareElsewhere,
    FirstIdea,
    HandOver,
    Intake,
    OneToOneAnswer,
    Trajectory,
)
from participants.stay.no_messages import send_nothing_more
from tests import world
from tests.participants.intake.build import address, all_answers, complete, posted, refer

pytestmark = pytest.mark.django_db
SECRET = "kanariegesprek"


@pytest.fixture
def group() -> Group:
    return world.make_group()


@pytest.fixture
def fleur(group: Group) -> Any:
    return world.make_worker(group)


@pytest.fixture
def karim(group: Group) -> Any:
    return world.make_coordinator(group.location.region)


@pytest.fixture
def stay(group: Group, fleur: Any) -> Trajectory:
    stay = world.make_trajectory(group=group, phase="signed_up", call_name="Xanthippe")
    talk.start_intake(trajectory=stay, by=fleur)
    return stay


def keys(user: Any) -> set[str]:
    """What waits for this user: each its kind and the row it is about."""
    return {f"{todo.kind}:{todo.about}" for todo in todos_for(user)}


def decide(stay: Trajectory, by: Any, **parts: Any) -> Intake:
    complete(stay, by, **parts)
    return talk.decide(trajectory=stay, decision="suitable", reason="Past", by=by)


# ---- Just the two of them (R-068) --------------------


@pytest.mark.req("R-068")
def test_a_screening_with_others_there_is_flagged_to_the_coordinator_without_a_name(
    client: Client, stay: Trajectory, fleur: Any, karim: Any
) -> None:
    complete(stay, fleur, one_to_one=False, need=SECRET)
    flag = f"one_to_one:{stay.intake.pk}"
    assert flag not in keys(karim)
    talk.decide(trajectory=stay, decision="suitable", reason=SECRET, by=fleur)
    assert flag in keys(karim)
    client.force_login(karim)
    html = client.get(reverse("participants:one_to_one_flag", args=[stay.intake.pk])).content
    assert b"Fleur" in html
    assert SECRET.encode() not in html
    assert b"Xanthippe" not in html


@pytest.mark.req("R-068")
def test_a_talk_of_just_the_two_is_not_flagged(stay: Trajectory, fleur: Any, karim: Any) -> None:
    decide(stay, fleur, one_to_one=True)
    assert not [key for key in keys(karim) if key.startswith("one_to_one")]
    assert not [key for key in keys(fleur) if key.startswith("talk_alone")]


@pytest.mark.req("R-068")
def test_the_flag_goes_when_the_talk_was_held_after_all(
    client: Client, stay: Trajectory, fleur: Any, karim: Any
) -> None:
    row = decide(stay, fleur, one_to_one=False)
    assert f"talk_alone:{row.pk}" in keys(fleur)
    client.force_login(fleur)
    page = reverse("participants:held_one_to_one", args=[stay.pk])
    tomorrow = clock.today() + timedelta(days=1)
    for wrong in (tomorrow, clock.today() - timedelta(days=9), ""):
        assert client.post(page, {"day": str(wrong)}).status_code == 422
    assert f"one_to_one:{row.pk}" in keys(karim)
    assert client.post(page, {"day": clock.today().isoformat()}).status_code == 302
    assert f"one_to_one:{row.pk}" not in keys(karim)
    assert f"talk_alone:{row.pk}" not in keys(fleur)


@pytest.mark.req("R-068")
def test_or_when_the_coordinator_wrote_down_what_was_agreed(
    client: Client, stay: Trajectory, fleur: Any, karim: Any
) -> None:
    row = decide(stay, fleur, one_to_one=False)
    client.force_login(karim)
    page = reverse("participants:one_to_one_flag", args=[row.pk])
    assert client.post(page, {"text": " "}).status_code == 422
    assert client.post(page, {"text": "Er was een tolk bij"}).status_code == 302
    assert client.post(page, {"text": "Nog een keer"}).status_code == 422
    assert OneToOneAnswer.objects.get().text == "Er was een tolk bij"
    assert not {f"one_to_one:{row.pk}", f"talk_alone:{row.pk}"} & (keys(karim) | keys(fleur))
    client.force_login(fleur)
    assert "Er was een tolk bij" in client.get(address(stay)).content.decode()


def test_nobody_says_just_the_two_of_us_by_forgetting_it(stay: Trajectory, fleur: Any) -> None:
    assert Intake.objects.get().one_to_one is None
    assert "one_to_one" in talk.missing(complete(stay, fleur, one_to_one=None))


def test_no_day_before_the_first_talk(stay: Trajectory, fleur: Any) -> None:
    decide(stay, fleur, one_to_one=False)
    with pytest.raises(RuleBroken) as refused:
        one_to_one.hold_one_to_one(trajectory=stay, day=clock.today() - timedelta(days=1), by=fleur)
    assert refused.value.code == "before_the_talk"


# ---- Route and expectations (R-069, R-070, R-084) --------------------


@pytest.mark.req("R-069")
def test_that_route_and_expectations_were_discussed_is_a_tick_with_its_date(
    client: Client, stay: Trajectory, fleur: Any
) -> None:
    client.force_login(fleur)
    day = clock.today()
    client.post(address(stay), posted(stay.intake))
    with clock.travel(clock.now() + timedelta(days=3)):
        again = Intake.objects.get()
        client.post(address(stay), posted(again, need="Nog iets", held_on=day.isoformat()))
        assert Intake.objects.get().explained_on == day
        again = Intake.objects.get()
        client.post(address(stay), posted(again, explained=None))
        assert Intake.objects.get().explained_on is None
    with pytest.raises(RuleBroken) as refused:
        talk.decide(trajectory=stay, decision="suitable", reason="Past", by=fleur)
    assert refused.value.code == "not_complete"
    decide(stay, fleur)
    assert "Route en verwachtingen" in client.get(address(stay)).content.decode()


EXPECTED = "We rekenen op je, elke bijeenkomst."


@pytest.mark.req("R-070", "R-084")
def test_from_the_sign_up_on_the_young_person_reads_what_is_expected(
    client: Client, group: Group
) -> None:
    for page in ("/aangemeld/", "/aangemeld/wachten/"):
        html = client.get(page).content.decode()
        assert EXPECTED in html
        assert "geen straf" in html
    for phase in ("intake", "trial", "participating", "paused", "leaving"):
        person = world.make_trajectory(group=group, phase=phase)
        client.force_login(person.participant.user)
        assert EXPECTED in client.get("/vandaag/").content.decode(), phase
    gone = world.make_trajectory(group=group, phase="withdrawn")
    client.force_login(gone.participant.user)
    assert EXPECTED not in client.get("/vandaag/").content.decode()


@pytest.mark.req("R-084")
def test_not_coming_has_no_sanction_only_a_call(group: Group, fleur: Any) -> None:
    """C-09: expected every evening; five times without a word changes nothing by itself."""
    today = clock.today()
    stay = world.make_participating(group, since=today - timedelta(days=90))
    for weeks in (10, 8, 6, 4, 2):
        evening = world.make_meeting(group, today - timedelta(weeks=weeks), "held")
        missed = world.attend(stay, evening, "absent_without_notice")
    stay.refresh_from_db()
    assert (stay.phase, stay.blocked_reason) == ("participating", "")
    assert f"absence:{missed.pk}" in keys(fleur)


# ---- A first idea (R-071) --------------------


@pytest.mark.req("R-071")
def test_a_first_idea_can_change_and_keeps_who_thought_so_and_when(
    client: Client, stay: Trajectory, fleur: Any, group: Group
) -> None:
    sem = world.make_worker(group, "Sem de Boer")
    client.force_login(fleur)
    page = reverse("participants:note_first_idea", args=[stay.pk])
    assert client.post(page, {"profile": "shy"}).status_code == 422
    assert client.post(page, {"profile": "social_skills"}).status_code == 302
    decide(stay, fleur)
    with clock.travel(clock.now() + timedelta(days=40)):
        client.force_login(sem)
        assert client.post(page, {"profile": "negative_bias"}).status_code == 302
    rows = list(FirstIdea.objects.filter(trajectory=stay))
    assert [(row.profile, row.by) for row in rows] == [
        ("negative_bias", sem),
        ("social_skills", fleur),
    ]
    assert rows[0].at.date() - rows[1].at.date() >= timedelta(days=40)
    html = client.get(address(stay)).content.decode()
    assert html.index("Durft het niet") < html.index("Kan het nog niet")


@pytest.mark.req("R-071")
def test_the_same_idea_again_is_no_new_row(stay: Trajectory, fleur: Any) -> None:
    first = first_idea.note_first_idea(trajectory=stay, profile="unknown", by=fleur)
    assert first_idea.note_first_idea(trajectory=stay, profile="unknown", by=fleur) == first


@pytest.mark.req("R-071")
def test_the_young_person_and_the_coordinator_never_meet_it(
    client: Client, group: Group, fleur: Any, karim: Any
) -> None:
    stay = world.make_participating(group, since=clock.today())
    Intake.objects.create(trajectory=stay)
    first_idea.note_first_idea(trajectory=stay, profile="negative_bias", by=fleur)
    file = reverse("home:details", args=[stay.pk])
    client.force_login(fleur)
    assert f'href="{file}"' in client.get(reverse("home:file", args=[stay.pk])).content.decode()
    assert "Durft het niet" in client.get(file).content.decode()
    for user in (stay.participant.user, karim):
        client.force_login(user)
        assert client.get(file).status_code == 404
        page = reverse("participants:note_first_idea", args=[stay.pk])
        assert client.post(page, {"profile": "unknown"}).status_code in (403, 404)
    client.force_login(stay.participant.user)
    for own in ("/vandaag/", "/mijn-gegevens/", "/afspraken/"):
        assert "Durft het niet" not in client.get(own).content.decode()
    assert FirstIdea.objects.count() == 1


# ---- Help elsewhere (R-072) --------------------


@pytest.mark.req("R-072")
def test_help_elsewhere_is_noted_with_a_yes_only_and_goes_when_it_is_taken_back(
    client: Client, stay: Trajectory, fleur: Any
) -> None:
    client.force_login(fleur)
    page = reverse("participants:note_care", args=[stay.pk])
    assert client.post(page, {"text": SECRET}).status_code == 422
    with pytest.raises(RuleBroken) as refused:
        care_elsewhere.note_care(trajectory=stay, text=SECRET, agreed=False, by=fleur)
    assert refused.value.code == "consent_needed"
    assert not CareElsewhere.objects.exists()
    assert client.post(page, {"text": SECRET, "agreed": "on"}).status_code == 302
    row = CareElsewhere.objects.get()
    assert (row.text, row.consented_on) == (SECRET, clock.today())
    assert SECRET in client.get(address(stay)).content.decode()
    assert client.post(page, {"act": "forget"}).status_code == 302
    assert not CareElsewhere.objects.exists()
    assert SECRET not in client.get(address(stay)).content.decode()


@pytest.mark.req("R-072")
def test_help_elsewhere_does_not_exclude(stay: Trajectory, fleur: Any) -> None:
    care_elsewhere.note_care(trajectory=stay, text="GGZ", agreed=True, by=fleur)
    decide(stay, fleur)
    stay.refresh_from_db()
    assert stay.suitable is True


# ---- What plays a part (R-073) --------------------


@pytest.mark.req("R-073")
def test_what_plays_a_part_can_be_ticked_and_decides_nothing(
    client: Client, stay: Trajectory, fleur: Any
) -> None:
    client.force_login(fleur)
    every = ["individual", "network", "society", "access", "skills", "cognitions"]
    html = client.get(address(stay)).content.decode()
    assert all(f'value="{factor}"' in html for factor in every)
    assert client.post(address(stay), posted(stay.intake, factors=["fate"])).status_code == 422
    client.post(address(stay), posted(stay.intake, factors=every))
    assert Intake.objects.get().factors == ",".join(every)
    decide(stay, fleur, factors=",".join(every))
    assert "Maakt weinig leeftijdsgenoten mee" in client.get(address(stay)).content.decode()
    stay.refresh_from_db()
    assert stay.suitable is True


# ---- Crisis (R-067) --------------------


@pytest.mark.req("R-067")
def test_a_saved_crisis_stays_on_top_also_after_the_decision(
    client: Client, stay: Trajectory, fleur: Any
) -> None:
    client.force_login(fleur)

    def on_top() -> bool:
        content = client.get(address(stay)).content.decode().split("staff__content")[1]
        return "0800-0113" in content.split("<form")[0]

    assert not on_top()
    complete(stay, fleur, judgements=all_answers(crisis="does_not_meet"))
    assert on_top()
    refer(stay, fleur)
    assert not on_top()  # `refer` answers the form anew: no crisis, and nothing on top


# ---- Warm hand-over --------------------


@pytest.fixture
def referred(stay: Trajectory, fleur: Any) -> Trajectory:
    refer(stay, fleur)
    talk.tell_decision(trajectory=stay, by=fleur)
    stay.refresh_from_db()
    return stay


def days_later(days: int) -> Any:
    return clock.travel(clock.now() + timedelta(days=days))


@pytest.mark.req("R-066")
def test_two_weeks_after_it_was_told_the_worker_asks_whether_it_worked_out(
    client: Client, referred: Trajectory, fleur: Any
) -> None:
    due = f"hand_over:{referred.pk}"
    with days_later(13):
        assert due not in keys(fleur)
    with days_later(14):
        assert due in keys(fleur)
        client.force_login(fleur)
        page = reverse("participants:hand_over", args=[referred.pk])
        assert client.get(page).status_code == 200
        assert client.post(page, {}).status_code == 422
        answer = client.post(page, {"outcome": "arrived", "note": "Heeft een afspraak"})
        assert answer.status_code == 302
        assert due not in keys(fleur)
        assert "Heeft een afspraak" in client.get(page).content.decode()
        assert client.post(page, {"outcome": "try_again"}).status_code == 422
    row = HandOver.objects.get()
    assert (row.outcome, row.by, row.to) == ("arrived", fleur, "general_practitioner")


@pytest.mark.req("R-066")
def test_when_it_failed_it_is_tried_again_also_elsewhere(referred: Trajectory, fleur: Any) -> None:
    due = f"hand_over:{referred.pk}"
    with days_later(14):
        hand_over.record_hand_over(
            trajectory=referred, outcome="try_again", to="social_team", by=fleur
        )
        assert due not in keys(fleur)
    with days_later(28):
        assert due in keys(fleur)
        course = hand_over.course(referred)
        assert course is not None
        assert course.to == "social_team"
        hand_over.record_hand_over(trajectory=referred, outcome="declined", by=fleur)
        assert due not in keys(fleur)


def test_three_times_not_reached_it_rests(referred: Trajectory, fleur: Any) -> None:
    for n in (1, 2, 3):
        with days_later(14 * n):
            assert f"hand_over:{referred.pk}" in keys(fleur)
            hand_over.record_hand_over(trajectory=referred, outcome="not_reached", by=fleur)
    with days_later(14 * 4):
        assert f"hand_over:{referred.pk}" not in keys(fleur)
        with pytest.raises(RuleBroken) as refused:
            hand_over.record_hand_over(trajectory=referred, outcome="arrived", by=fleur)
        assert refused.value.code == "settled"


def test_who_wants_nothing_more_is_not_asked(referred: Trajectory, fleur: Any) -> None:
    send_nothing_more(participant=referred.participant, by=fleur, reason="asked")
    with days_later(20):
        assert f"hand_over:{referred.pk}" not in keys(fleur)


def test_an_untold_referral_is_told_first(stay: Trajectory, fleur: Any) -> None:
    refer(stay, fleur)
    with days_later(20):
        assert f"hand_over:{stay.pk}" not in keys(fleur)
        assert f"applicant_to_tell:{stay.pk}" in keys(fleur)
        with pytest.raises(RuleBroken) as refused:
            hand_over.record_hand_over(trajectory=stay, outcome="arrived", by=fleur)
    assert refused.value.code == "not_referred"


def test_after_the_trial_evening_too(group: Group, fleur: Any) -> None:
    """R-078 ends in the same way, so it is asked in the same way."""
    from participants.journey import journey

    stay = world.make_trajectory(group=group, phase="trial")
    journey.refer_elsewhere(trajectory=stay, to="social_team", reason="Anders", by=fleur)
    with days_later(14):
        assert f"hand_over:{stay.pk}" in keys(fleur)


@pytest.mark.parametrize("size", [2, 12])
def test_what_waits_costs_the_same_for_few_and_many(
    group: Group, fleur: Any, size: int, django_assert_num_queries: Any
) -> None:
    for n in range(size):
        stay = world.make_trajectory(group=group, phase="signed_up", call_name=f"P{n}")
        talk.start_intake(trajectory=stay, by=fleur)
        refer(stay, fleur)
        talk.tell_decision(trajectory=stay, by=fleur)
    with days_later(14):
        fleur.__dict__.pop("_roles_in_force", None)
        with django_assert_num_queries(2):
            assert len(world.waiting(fleur, "hand_over")) == size


# ---- Two workers at once --------------------


@pytest.mark.req("R-064")
@pytest.mark.django_db(transaction=True)
def test_two_workers_deciding_at_the_same_moment_make_one_decision(
    transactional_db: None,
) -> None:
    """The second reads who decided and when; nothing of the first is overwritten."""
    group = world.make_group()
    workers = {name: world.make_worker(group, name) for name in ("Fleur", "Sem")}
    stay = world.make_trajectory(group=group, phase="signed_up")
    talk.start_intake(trajectory=stay, by=workers["Fleur"])
    version = complete(stay, workers["Fleur"]).version
    start, said = Barrier(2), {}

    def press(name: str) -> None:
        client = Client()
        client.force_login(workers[name])
        start.wait()
        answer = client.post(
            address(stay, "besluit"), {"version": version, "decision": "suitable", "reason": name}
        )
        said[name] = (answer.status_code, answer.content.decode())
        connections.close_all()

    threads = [Thread(target=press, args=[name]) for name in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(code for code, _html in said.values()) == [302, 422]
    second = next(name for name, (code, _html) in said.items() if code == 422)
    first = next(name for name in workers if name != second)
    kept = Intake.objects.get()
    assert (kept.decision_reason, kept.decided_by) == (first, workers[first])
    assert stay.phase_changes.filter(to_phase="intake").count() == 1
    assert f"{first} heeft op" in said[second][1]

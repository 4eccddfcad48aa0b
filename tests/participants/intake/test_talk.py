"""The first talk: explicit answers, a person's decision, told by a person."""

from datetime import date, timedelta
from typing import Any

import pytest

from core import clock
from core.audit.models import ReadEntry
from core.errors import RuleBroken
from core.messaging.models import Message
from core.organisations.models import Group
from participants.intake import talk
from participants.journey import journey
from participants.models import (
    Consultation,
    ContactAttempt,
    Intake,
    Judgement,
    Referral,
    Trajectory,
)
from participants.signup.first_contact import record_contact
from tests import world
from tests.participants.intake.build import (
    CONTRA,
    CRITERIA,
    address,
    all_answers,
    complete,
    posted,
    refer,
)
from tests.world import (
    make_coordinator,
    make_group,
    make_participant,
    make_trajectory,
    make_worker,
)

pytestmark = pytest.mark.django_db

LINES = ("R-055", "R-056", "R-057", "R-059", "R-060", "R-061", "R-062", "R-063")
EACH_OF_ITS_LINE = [
    pytest.param(subject, marks=pytest.mark.req(line))
    for subject, line in zip((*CRITERIA, *CONTRA), LINES, strict=True)
]


@pytest.fixture
def group() -> Group:
    return make_group()


@pytest.fixture
def fleur(group: Group) -> Any:
    return make_worker(group)


@pytest.fixture
def stay(group: Group) -> Trajectory:
    return make_trajectory(group=group, phase="signed_up", call_name="Xanthippe")


@pytest.fixture
def begun(stay: Trajectory, fleur: Any) -> Intake:
    return talk.start_intake(trajectory=stay, by=fleur)


# ---- First contact -------------------------------------------------------------


@pytest.mark.req("R-047")
def test_the_first_time_spoken_ends_the_waiting(stay: Trajectory, fleur: Any) -> None:
    record_contact(trajectory=stay, outcome="no_answer", by=fleur)
    assert stay.contacted_at is None
    first = record_contact(trajectory=stay, outcome="spoken", by=fleur)
    with clock.travel(clock.now() + timedelta(days=1)):
        record_contact(trajectory=stay, outcome="spoken", by=fleur)
    stay.refresh_from_db()
    assert stay.contacted_at == first.at
    assert ContactAttempt.objects.count() == 3


# ---- The form ------------------------------------------------------------------


@pytest.mark.req("R-050")
def test_the_talk_begins_once(stay: Trajectory, fleur: Any) -> None:
    first = talk.start_intake(trajectory=stay, by=fleur)
    again = talk.start_intake(trajectory=stay, by=fleur)
    assert first == again
    assert stay.phase == "intake"
    assert stay.phase_changes.filter(to_phase="intake").count() == 1


@pytest.mark.req("R-051", "R-052")
def test_all_four_parts_are_kept(client: Any, begun: Intake, fleur: Any) -> None:
    client.force_login(fleur)
    page = client.post(address(begun.trajectory), posted(begun))
    assert page.status_code == 302
    kept = Intake.objects.get()
    assert (kept.mode, kept.held_on, kept.one_to_one) == ("phone", clock.today(), True)
    assert kept.need == "Vrienden om mee te gamen"
    assert kept.explained_on == clock.today()
    assert (kept.group_fit, kept.enthusiastic) == ("Past goed", True)
    assert kept.judgements.count() == 9
    html = client.get(address(begun.trajectory)).content.decode()
    assert "Vrienden om mee te gamen" in html


@pytest.mark.req("R-053")
@pytest.mark.parametrize("left_out", EACH_OF_ITS_LINE)
def test_no_decision_while_one_answer_is_missing(
    client: Any, begun: Intake, fleur: Any, left_out: str
) -> None:
    client.force_login(fleur)
    assert f'name="{left_out}"' in client.get(address(begun.trajectory)).content.decode()
    answers = all_answers()
    del answers[left_out]
    complete(begun.trajectory, fleur, judgements=answers)
    with pytest.raises(RuleBroken) as refused:
        talk.decide(trajectory=begun.trajectory, decision="suitable", reason="Past", by=fleur)
    assert refused.value.code == "not_complete"
    assert Intake.objects.get().decision == ""
    complete(begun.trajectory, fleur)
    talk.decide(trajectory=begun.trajectory, decision="suitable", reason="Past", by=fleur)


@pytest.mark.req("R-051", "R-052")
@pytest.mark.parametrize(
    "empty",
    [
        {"mode": ""},
        {"held_on": None},
        {"one_to_one": None},
        {"need": " "},
        {"explained": False},
        {"group_fit": ""},
        {"enthusiastic": None},
    ],
)
def test_no_decision_while_a_part_is_open(begun: Intake, fleur: Any, empty: dict[str, Any]) -> None:
    complete(begun.trajectory, fleur, **empty)
    with pytest.raises(RuleBroken) as refused:
        talk.decide(trajectory=begun.trajectory, decision="suitable", reason="Past", by=fleur)
    assert refused.value.code == "not_complete"


@pytest.mark.req("R-054")
@pytest.mark.parametrize(("age", "answer"), [(12, "meets"), (30, "meets"), (31, "does_not_meet")])
def test_age_is_computed(group: Group, fleur: Any, age: int, answer: str) -> None:
    stay = make_trajectory(group=group, phase="signed_up", age=age)
    talk.start_intake(trajectory=stay, by=fleur)
    complete(stay, fleur)
    assert Judgement.objects.get(subject="age").answer == answer


@pytest.mark.req("R-054")
def test_nobody_fills_in_the_age(begun: Intake, fleur: Any) -> None:
    with pytest.raises(RuleBroken) as refused:
        complete(begun.trajectory, fleur, judgements={"age": ("meets", "")})
    assert refused.value.code == "age_is_computed"


@pytest.mark.req("R-057", "R-058")
def test_no_free_text_on_ability(client: Any, begun: Intake, fleur: Any) -> None:
    client.force_login(fleur)
    html = client.get(address(begun.trajectory)).content.decode()
    assert 'name="cognitive"' in html
    assert 'name="motivation_note"' in html
    assert 'name="cognitive_note"' not in html
    page = client.post(address(begun.trajectory), posted(begun, cognitive_note="score 95"))
    assert page.status_code == 422
    assert "cognitive" in page.context["form"].errors
    assert not Judgement.objects.exists()
    with pytest.raises(RuleBroken) as refused:
        complete(begun.trajectory, fleur, judgements={"cognitive": ("meets", "score 95")})
    assert refused.value.code == "no_note"


@pytest.mark.req("R-058")
@pytest.mark.parametrize("field", ["need", "group_fit", "motivation_note"])
def test_no_iq_is_written_down(client: Any, begun: Intake, fleur: Any, field: str) -> None:
    client.force_login(fleur)
    page = client.post(address(begun.trajectory), posted(begun, **{field: "Heeft een IQ van 95"}))
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert Intake.objects.get().version == 0
    assert not Judgement.objects.exists()


# ---- Nothing rejects by itself ---------------------------------------------------


@pytest.mark.req("R-064")
@pytest.mark.parametrize("subject", [*CRITERIA, *CONTRA])
def test_no_answer_decides_by_itself(begun: Intake, fleur: Any, subject: str) -> None:
    judgements = all_answers(**{subject: "does_not_meet"})
    complete(begun.trajectory, fleur, judgements=judgements)
    stay = Trajectory.objects.get()
    assert (stay.phase, stay.suitable, stay.intake.decision) == ("intake", None, "")
    talk.decide(trajectory=stay, decision="suitable", reason="Toch passend", by=fleur)
    stay.refresh_from_db()
    assert stay.suitable is True
    assert stay.intake.judgements.get(subject=subject).answer == "does_not_meet"


@pytest.mark.req("R-064")
def test_a_decision_needs_its_reason(begun: Intake, fleur: Any) -> None:
    complete(begun.trajectory, fleur)
    with pytest.raises(RuleBroken) as refused:
        talk.decide(trajectory=begun.trajectory, decision="suitable", reason="  ", by=fleur)
    assert refused.value.field == "reason"
    decided = talk.decide(
        trajectory=begun.trajectory, decision="suitable", reason="Wil graag", by=fleur
    )
    assert (decided.decision_reason, decided.decided_by) == ("Wil graag", fleur)
    assert begun.trajectory.screened_on == clock.today()


@pytest.mark.req("R-067")
def test_a_crisis_shows_what_to_do_before_anything_is_saved(
    client: Any, begun: Intake, fleur: Any
) -> None:
    """The panel is in the page; the tick shows it (see test_in_the_browser). 422 keeps it too."""
    client.force_login(fleur)
    html = client.get(address(begun.trajectory)).content.decode()
    panel = html[html.index("talk__crisis") :]
    for help_ in ("112", "0800-0113"):
        assert help_ in panel
    assert 'href="tel:112"' in panel
    assert not Judgement.objects.exists()


# ---- Suitable and enthusiastic ------------------------------------------------------


@pytest.mark.req("R-075")
def test_only_who_is_enthusiastic_too_gets_to_know_the_group(begun: Intake, fleur: Any) -> None:
    complete(begun.trajectory, fleur, enthusiastic=False)
    with pytest.raises(RuleBroken) as refused:
        talk.decide(trajectory=begun.trajectory, decision="suitable", reason="Past", by=fleur)
    assert refused.value.code == "not_enthusiastic"
    with pytest.raises(RuleBroken):
        journey.begin_trial(trajectory=begun.trajectory, by=fleur)
    complete(begun.trajectory, fleur)
    talk.decide(trajectory=begun.trajectory, decision="suitable", reason="Past", by=fleur)
    assert journey.begin_trial(trajectory=begun.trajectory, by=fleur).phase == "trial"


@pytest.mark.req("R-003")
def test_who_was_found_suitable_gets_an_own_account_and_shares_it_with_nobody(
    group: Group, fleur: Any
) -> None:
    accounts = set()
    for name in ("Xanthippe", "Yara"):
        person = make_participant(call_name=name, with_account=False)
        stay = make_trajectory(group=group, phase="signed_up", participant=person)
        talk.start_intake(trajectory=stay, by=fleur)
        complete(stay, fleur)
        talk.decide(trajectory=stay, decision="suitable", reason="Past", by=fleur)
        person.refresh_from_db()
        assert person.user is not None
        assert person.user.is_participant
        accounts.add(person.user.pk)
    assert len(accounts) == 2


# ---- Something else fits better: told by a person --------------------------------------


@pytest.mark.req("R-066")
def test_a_referral_names_the_gp_or_the_social_team(begun: Intake, fleur: Any) -> None:
    complete(begun.trajectory, fleur)
    for nobody in (None, "", "somebody"):
        with pytest.raises(RuleBroken) as refused:
            talk.decide(
                trajectory=begun.trajectory,
                decision="referred",
                reason="Anders",
                referral_to=nobody,
                by=fleur,
            )
        assert refused.value.field == "referral_to"
    refer(begun.trajectory, fleur)
    assert Referral.objects.get().to == "general_practitioner"


@pytest.mark.req("R-066")
def test_a_referral_is_told_by_a_person_and_only_then_ends_the_stay(
    client: Any, begun: Intake, fleur: Any
) -> None:
    stay = begun.trajectory
    before = Message.objects.count()
    refer(stay, fleur)
    stay.refresh_from_db()
    assert (stay.phase, stay.suitable, stay.screened_on) == ("intake", False, None)
    assert Message.objects.count() == before
    client.force_login(fleur)
    assert client.post(address(stay, "verteld")).status_code == 302
    stay.refresh_from_db()
    assert (stay.phase, stay.ended_on) == ("referred", clock.today())
    told = Intake.objects.get()
    assert told.told_by == fleur
    assert told.told_at is not None
    assert Message.objects.filter(contact=stay.participant.contact).count() == 0


def test_decided_and_asked_after_midnight_is_the_new_day(begun: Intake, fleur: Any) -> None:
    """The database keeps 22:30 of the evening before; people read the day they live in."""
    karim = make_coordinator(begun.trajectory.region)
    with clock.travel(clock.at(date(2026, 7, 1), 0, 30)):
        talk.ask_coordinator(trajectory=begun.trajectory, question="Wat nu?", by=fleur)
        refer(begun.trajectory, fleur)
        (advice,) = world.waiting(karim, "advice")
        (to_tell,) = world.waiting(fleur, "applicant_to_tell")
        with pytest.raises(RuleBroken) as refused:
            talk.decide(trajectory=begun.trajectory, decision="suitable", reason="Toch", by=fleur)
    assert advice.since == date(2026, 7, 1)
    assert " 1 juli" in to_tell.reason
    assert " 1 juli " in refused.value.message


@pytest.mark.req("R-066")
def test_the_young_person_reaches_no_page_of_the_talk(
    client: Any, begun: Intake, fleur: Any
) -> None:
    refer(begun.trajectory, fleur)
    client.force_login(begun.trajectory.participant.user)
    for act in ("gesprek", "besluit", "verteld", "advies", "contact"):
        answer = client.post(address(begun.trajectory, act))
        assert answer.status_code in (403, 404)
        assert b"Eerst behandeling" not in answer.content
    assert client.get(f"/aanmeldingen/{begun.trajectory.pk}/").status_code in (403, 404)
    assert Intake.objects.get().told_at is None


# ---- Two workers at once -----------------------------------------------------------------


def test_a_colleagues_save_is_never_overwritten_unseen(
    client: Any, begun: Intake, fleur: Any
) -> None:
    client.force_login(fleur)
    mine = posted(begun, need="Van Fleur")
    complete(begun.trajectory, make_worker(begun.trajectory.group, "Sem"), need="Van Sem")
    page = client.post(address(begun.trajectory), mine)
    assert page.status_code == 422
    assert Intake.objects.get().need == "Van Sem"
    html = page.content.decode()
    assert "Van Fleur" in html
    again = client.post(
        address(begun.trajectory), {**mine, "version": Intake.objects.get().version}
    )
    assert again.status_code == 302
    assert Intake.objects.get().need == "Van Fleur"


def test_the_second_decision_gets_a_clear_message(client: Any, begun: Intake, fleur: Any) -> None:
    saved = complete(begun.trajectory, fleur)
    mine = {"version": saved.version, "decision": "suitable", "reason": "Past"}
    talk.decide(
        trajectory=begun.trajectory,
        decision="suitable",
        reason="Sem was eerst",
        by=make_worker(begun.trajectory.group, "Sem de Boer"),
        expected_version=saved.version,
    )
    client.force_login(fleur)
    page = client.post(address(begun.trajectory, "besluit"), mine)
    assert page.status_code == 422
    assert page.context["decision"].non_field_errors()
    assert Intake.objects.get().decision_reason == "Sem was eerst"


def test_a_decided_form_is_closed(begun: Intake, fleur: Any) -> None:
    complete(begun.trajectory, fleur)
    talk.decide(trajectory=begun.trajectory, decision="suitable", reason="Past", by=fleur)
    with pytest.raises(RuleBroken) as refused:
        complete(begun.trajectory, fleur, need="Anders")
    assert refused.value.code == "decided"


# ---- Advice --------------------------------------------------------------------------------


@pytest.mark.req("R-065")
def test_the_coordinator_reads_the_question_and_nothing_else(
    client: Any, begun: Intake, fleur: Any
) -> None:
    karim = make_coordinator(begun.trajectory.region)
    complete(begun.trajectory, fleur, need="GEHEIM-KANARIE")
    client.force_login(fleur)
    page = client.post(address(begun.trajectory, "advies"), {"question": "Wat weegt zwaarder?"})
    assert page.status_code == 302
    asked = Consultation.objects.get()
    assert Message.objects.get(template="advice_asked").contact == karim.contact
    client.force_login(karim)
    html = client.get(f"/advies/{asked.pk}/").content.decode()
    assert "Wat weegt zwaarder?" in html
    assert "GEHEIM-KANARIE" not in html
    assert begun.trajectory.participant.call_name not in html.split('id="content"')[1]
    assert client.get(address(begun.trajectory)).status_code == 404
    answer = client.post(f"/advies/{asked.pk}/", {"answer": "Neem de tijd"})
    assert answer.status_code == 302
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_by) == ("Neem de tijd", karim)
    assert Message.objects.get(template="advice_given").contact == fleur.contact
    second = client.post(f"/advies/{asked.pk}/", {"answer": "Iets anders"})
    assert second.status_code == 422
    client.force_login(fleur)
    assert "Neem de tijd" in client.get(address(begun.trajectory)).content.decode()


def test_a_coordinator_of_another_region_finds_nothing(
    client: Any, begun: Intake, fleur: Any
) -> None:
    asked = talk.ask_coordinator(trajectory=begun.trajectory, question="Hoe?", by=fleur)
    client.force_login(make_coordinator(make_group().location.region))
    assert client.get(f"/advies/{asked.pk}/").status_code == 404


# ---- Reads, other groups, bad input ------------------------------------------------------------


@pytest.mark.req("R-020")
def test_opening_the_talk_is_written_down(client: Any, begun: Intake, fleur: Any) -> None:
    client.force_login(fleur)
    client.get(address(begun.trajectory))
    entry = ReadEntry.objects.get(record="intake")
    assert (entry.user, entry.subject_ids) == (fleur, [begun.trajectory.pk])


@pytest.mark.req("R-004")
@pytest.mark.parametrize("act", ["gesprek", "gesprek/begin", "besluit", "verteld", "advies"])
def test_another_groups_talk_does_not_exist(client: Any, begun: Intake, act: str) -> None:
    client.force_login(make_worker(make_group(), "Van Elders"))
    assert client.post(address(begun.trajectory, act), {}).status_code == 404
    assert Intake.objects.get().version == 0
    assert not ReadEntry.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("need", "a\x00b"),
        ("need", "x" * 4001),
        ("mode", "pigeon"),
        ("crisis", "perhaps"),
        ("version", str(2**63)),
        ("version", ""),
        ("held_on", "2999-01-01"),
        ("held_on", "31-31-31"),
        ("motivation_note", "a\ufffdb"),
    ],
)
def test_bad_input_is_answered_and_nothing_is_stored(
    client: Any, begun: Intake, fleur: Any, field: str, value: str
) -> None:
    client.force_login(fleur)
    page = client.post(address(begun.trajectory), posted(begun, **{field: value}))
    assert page.status_code == 422
    assert page.context["form"].errors
    assert Intake.objects.get().version == 0
    assert not Judgement.objects.exists()


# ---- Form and decision in one go -------------------------------------------------------------


@pytest.mark.req("R-053")
def test_what_was_typed_is_kept_even_when_the_decision_is_refused(
    client: Any, begun: Intake, fleur: Any
) -> None:
    client.force_login(fleur)
    whole = posted(begun, need="Net getypt", crisis=None, decision="suitable", reason="Past")
    page = client.post(address(begun.trajectory, "besluit"), whole)
    assert page.status_code == 422
    assert "crisis" in page.context["form"].errors
    kept = Intake.objects.get()
    assert (kept.need, kept.decision) == ("Net getypt", "")
    page = client.post(
        address(begun.trajectory, "besluit"), {**whole, "crisis": "meets", "version": kept.version}
    )
    assert page.status_code == 302
    assert Intake.objects.get().decision == "suitable"


def test_deciding_over_a_colleagues_save_is_refused(client: Any, begun: Intake, fleur: Any) -> None:
    client.force_login(fleur)
    whole = posted(begun, decision="suitable", reason="Past", need="Van Fleur")
    complete(begun.trajectory, make_worker(begun.trajectory.group, "Sem"), need="Van Sem")
    page = client.post(address(begun.trajectory, "besluit"), whole)
    assert page.status_code == 422
    kept = Intake.objects.get()
    assert (kept.need, kept.decision) == ("Van Sem", "")


@pytest.mark.req("R-003")
def test_the_young_person_hears_the_next_day_that_the_own_page_is_ready(
    begun: Intake, fleur: Any
) -> None:
    complete(begun.trajectory, fleur)
    stay = begun.trajectory
    talk.decide(trajectory=stay, decision="suitable", reason="Past", by=fleur)
    stay.participant.refresh_from_db()
    assert stay.participant.user is not None
    mail = Message.objects.get(template="account_ready")
    assert mail.contact == stay.participant.contact
    assert mail.not_before.date() > clock.today()

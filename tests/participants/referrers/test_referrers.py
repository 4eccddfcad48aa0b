"""Referrers: off by default, broad lines only, taken back in two taps (R-301..R-306)."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock, ports
from core.accounts.models import User
from core.errors import RuleBroken
from core.messaging import sending
from core.messaging.models import Message
from core.messaging.rendering import render
from core.texts.models import TextVersion
from participants.models import (
    FeedbackConsent,
    Guardian,
    Quote,
    Referrer,
    ReferrerTie,
    Told,
    Trajectory,
)
from participants.parents import guardians
from participants.parents import question as parental
from participants.recusal import recusal
from participants.referrers import consent as feedback
from participants.referrers import register as referrers
from participants.referrers import telling
from participants.referrers import todos as feedback_todos
from tests import world
from tests.link_pages import Behind
from tests.participants.parents.build import NOON

pytestmark = pytest.mark.django_db
PAGE = "/wie-hoort-wat/"


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with clock.travel(NOON):
        yield


def by_parent(token: str) -> Behind:
    return Behind(reverse("participants:parent_feedback", args=[token]))


class Scene:
    """Somebody who takes part, a worker, and a mentor who knows the young person."""

    def __init__(self, age: int = 17) -> None:
        self.group = world.make_group(age_until=23)
        self.worker = world.make_worker(self.group)
        self.stay = world.make_participating(
            self.group, since=date(2026, 1, 10), call_name="Noor", age=age
        )
        world.give_own_agreements(self.stay)
        self.guardian: Guardian | None = None
        if age < 16:
            self.guardian = world.give_parental_yes(self.stay).guardian
        self.stay.refresh_from_db()
        self.tie: ReferrerTie = world.make_tie(self.stay, by=self.worker)
        self.young = self.client(self.stay.participant.user)
        self.staff = self.client(self.worker)

    @staticmethod
    def client(user: User | None) -> Client:
        assert user is not None
        client = Client()
        client.force_login(user)
        return client

    def say(self, act: str, **data: Any) -> Any:
        text = TextVersion.objects.current("feedback", "nl")
        return self.young.post(PAGE, {"tie": self.tie.pk, "act": act, "text": text.pk, **data})

    def do(self, act: str, **data: Any) -> Any:
        url = reverse("participants:tie", args=[self.stay.pk, self.tie.pk])
        return self.staff.post(url, {"act": act, **data})

    def parent_yes(self) -> str:
        assert self.guardian is not None
        _row, token = feedback.ask_parent(tie=self.tie, guardian=self.guardian, by=self.worker)
        done = by_parent(token).post({"answer": "yes", "sure": "on"})
        assert done.status_code == 302
        return token

    @property
    def state(self) -> str:
        return feedback.fresh(self.tie).why

    def page(self) -> str:
        return self.young.get(PAGE).content.decode()

    def todos(self, user: User | None = None) -> list[str]:
        return [t.title for t in world.asked(feedback_todos.RULES, user or self.worker)]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def told() -> list[str]:
    return [str(row.words) for row in Told.objects.order_by("at", "pk")]


def deliver() -> None:
    """Send what is due tomorrow at noon, without a mail server."""
    with clock.travel(clock.now() + timedelta(days=1)):
        sending.send_due(lambda *_args: None)


# ---- The register ----------------------------------------------------------------------


@pytest.mark.req("R-306")
def test_the_register_knows_eleven_functions_and_belongs_to_the_own_organisation(
    scene: Scene,
) -> None:
    assert set(Referrer.Function.values) == {
        "mentor",
        "teacher",
        "care_coordinator",
        "team_leader",
        "care_team",
        "school_social",
        "gp",
        "psychologist",
        "occupational",
        "municipality",
        "parents",
    }
    url = reverse("participants:register")
    new = {"function": "gp", "name": "Dokter Bos", "workplace": "Praktijk Zuid", "email": ""}
    assert scene.staff.post(url, {**new, "function": "tovenaar"}).status_code == 422
    assert scene.staff.post(url, {**new, "name": "Bos\r\nBcc: x@y.nl"}).status_code == 422
    assert scene.staff.post(url, new).status_code == 302
    page = scene.staff.get(url).content.decode()
    assert "Dokter Bos" in page
    assert "huisarts" in page
    other = Scene.client(world.make_worker(world.make_group()))
    assert "Dokter Bos" not in other.get(url).content.decode()
    doctor = Referrer.objects.get(function="gp")
    edit = reverse("participants:referrer", args=[doctor.pk])
    assert other.get(edit).status_code == 404
    assert scene.staff.post(edit, {**new, "workplace": "Praktijk Noord"}).status_code == 302
    doctor.refresh_from_db()
    assert doctor.workplace == "Praktijk Noord"


@pytest.mark.req("R-306")
def test_the_same_referrer_stands_in_the_register_once(scene: Scene) -> None:
    karin = {"function": "mentor", "name": "K. de Boer", "workplace": "Het College"}
    address = scene.tie.referrer.contact.email
    url = reverse("participants:register")
    assert scene.staff.post(url, {**karin, "email": address.upper()}).status_code == 422
    assert Referrer.objects.count() == 1
    other_function = {**karin, "function": "teacher", "email": address}
    assert scene.staff.post(url, other_function).status_code == 302
    for _twice in range(2):  # without an address nobody is known to be the same
        assert scene.staff.post(url, {**karin, "email": ""}).status_code == 302


@pytest.mark.req("R-306")
def test_a_tie_is_made_once_with_a_referrer_of_the_own_register(scene: Scene) -> None:
    elsewhere = world.make_tie(world.make_participating(world.make_group(), since=NOON.date()))
    with pytest.raises(RuleBroken) as broken:
        referrers.tie_referrer(trajectory=scene.stay, referrer=elsewhere.referrer, by=scene.worker)
    assert broken.value.code == "other_organisation"
    url = reverse("participants:referrers", args=[scene.stay.pk])
    assert scene.staff.post(url, {"referrer": elsewhere.referrer_id}).status_code == 422
    assert scene.staff.post(url, {"referrer": scene.tie.referrer_id}).status_code == 302
    assert ReferrerTie.objects.filter(trajectory=scene.stay).count() == 1


# ---- Off by default (R-302) --------------------------------------------------------------


@pytest.mark.req("R-302")
def test_only_when_everybody_who_has_a_say_said_yes_it_may_be_told() -> None:
    said = ("", "yes", "no", "withdrawn")
    for own, under, unsafe, one, two in product(
        said, (True, False), (True, False), ("", "asked", *said[1:]), ("", "asked", *said[1:])
    ):
        parents = [answer for answer in (one, two) if answer]
        state = feedback.decide(own=own, under_age=under, unsafe=unsafe, parents=parents)
        allowed = own == "yes" and (
            not under
            or (not unsafe and "yes" in parents and not {"no", "withdrawn"} & set(parents))
        )
        assert state.may_tell is allowed, (own, under, unsafe, parents)
    assert not feedback.decide(
        own="yes", under_age=False, unsafe=False, parents=[], ended=True
    ).may_tell


@pytest.mark.req("R-302")
def test_nothing_is_told_by_default_nor_after_a_no(scene: Scene) -> None:
    assert scene.state == "own_not_asked"
    for answer in (None, "no"):
        if answer:
            assert scene.say(answer).status_code == 302
        assert scene.do("tell", phrase="signed_up").status_code == 422
    assert scene.state == "own_no"
    assert not Told.objects.exists()
    assert not Message.objects.filter(kind="feedback_to_referrer").exists()
    assert "tell" not in scene.staff.get(
        reverse("participants:referrers", args=[scene.stay.pk])
    ).content.decode().replace("told", "")


@pytest.mark.req("R-302")
def test_the_yes_is_the_young_persons_own_per_referrer_and_tied_to_the_text(scene: Scene) -> None:
    assert scene.say("yes").status_code == 422, "not ticked"
    assert scene.say("yes", sure="on", text="x").status_code == 422
    assert scene.say("yes", sure="on").status_code == 302
    row = FeedbackConsent.objects.get()
    assert row.text_sha256 == TextVersion.objects.current("feedback", "nl").sha256
    assert scene.state == ""
    other = world.make_tie(scene.stay, by=scene.worker, function="teacher", name="Piet")
    assert feedback.fresh(other).why == "own_not_asked", "a yes is for one referrer"
    with pytest.raises(RuleBroken):
        feedback.answer_for_myself(tie=other, yes=True, by=scene.worker, text=row.text)
    stranger = Scene()
    answer = stranger.young.post(PAGE, {"tie": scene.tie.pk, "act": "back"})
    assert answer.status_code == 404
    assert scene.state == ""


@pytest.mark.req("R-302")
def test_two_taps_take_the_yes_back_and_a_message_that_waits_is_not_sent(scene: Scene) -> None:
    scene.say("yes", sure="on")
    scene.do("tell", phrase="taking_part")
    waits = Message.objects.get(kind="feedback_to_referrer")
    page = scene.page()  # the first tap opens it
    assert 'value="back"' in page
    assert scene.say("back").status_code == 302  # the second takes it back
    waits.refresh_from_db()
    assert waits.state == "withdrawn"
    assert scene.do("tell", phrase="taking_part").status_code == 422
    assert "niet verstuurd" in scene.page()


@pytest.mark.req("R-302")
def test_the_yes_is_asked_once_more_at_the_moment_of_sending(scene: Scene) -> None:
    scene.say("yes", sure="on")
    row = telling.tell(tie=scene.tie, phrase="signed_up", by=scene.worker)
    letter = {ports.About(row.pk, row.pk)}
    assert ports.message_wanted("feedback_to_referrer", letter).count(letter) == 1
    FeedbackConsent.objects.update(ended_at=NOON, withdrawn=True)  # behind every action's back
    deliver()
    message = Message.objects.get(kind="feedback_to_referrer")
    assert (message.state, message.reason) == ("withdrawn", "no_longer_wanted")


@pytest.mark.req("R-302")
def test_under_sixteen_a_parent_says_yes_too_behind_an_own_link_and_takes_it_back_there() -> None:
    scene = Scene(age=14)
    assert scene.guardian is not None
    with pytest.raises(RuleBroken) as broken:
        feedback.ask_parent(tie=scene.tie, guardian=scene.guardian, by=scene.worker)
    assert broken.value.code == "own_first"
    scene.say("yes", sure="on")
    assert scene.state == "parent_not_asked", "the yes to taking part is not a yes to this"
    assert scene.do("tell", phrase="signed_up").status_code == 422
    assert scene.do("ask", guardian=scene.guardian.pk).status_code == 302
    assert scene.state == "parent_waits"
    mail = render(Message.objects.get(kind="parental_feedback"))
    assert "Noor" not in mail.subject
    assert "Karin de Boer (mentor, Het College)" in mail.text
    token = scene.parent_yes()
    assert scene.state == ""
    assert scene.do("tell", phrase="signed_up").status_code == 302
    client = by_parent(token)
    assert "trekken" in client.get().content.decode()
    assert client.post({"answer": "no"}).status_code == 422
    client.post({"answer": "no", "sure": "on"})
    assert scene.state == "parent_no"
    assert Message.objects.get(kind="feedback_to_referrer").state == "withdrawn"
    scene.stay.refresh_from_db()
    assert scene.stay.blocked_reason == "", "taking part is apart from it"


@pytest.mark.req("R-302")
def test_a_parents_link_opens_only_this_and_get_changes_nothing() -> None:
    scene = Scene(age=14)
    scene.say("yes", sure="on")
    token = scene.parent_yes()
    client = by_parent(token)
    for closed in ("/ouders/toestemming/", "/ouders/intrekken/", "/ouders/bewijs/"):
        assert client.client.get(closed).status_code == 410
    before = list(FeedbackConsent.objects.order_by("pk").values())
    client.get()
    client.client.head(client.here)
    assert list(FeedbackConsent.objects.order_by("pk").values()) == before
    assert (
        bytes(FeedbackConsent.objects.exclude(token_hash=None).get().token_hash) != token.encode()
    )
    for dead in ("A" * 43, token[:20]):
        assert by_parent(dead).get().status_code == 410
    assert scene.guardian is not None
    guardians.change_guardian(
        guardian=scene.guardian,
        name="Inge",
        relation="mother",
        email="nieuw@example.org",
        by=scene.worker,
    )
    assert client.get().status_code == 410, "another mailbox"


@pytest.mark.req("R-302")
def test_an_unsafe_home_keeps_school_out_while_a_parent_would_be_needed() -> None:
    scene = Scene(age=14)
    scene.say("yes", sure="on")
    scene.parent_yes()
    row = telling.tell(tie=scene.tie, phrase="signed_up", by=scene.worker)
    parental.ask_harm(trajectory=scene.stay, can_harm=True, by=scene.worker)
    assert scene.state == "unsafe_home"
    letter = {ports.About(row.pk, scene.tie.referrer.contact_id)}
    assert telling.message_wanted("feedback_to_referrer", letter) == set()
    assert scene.guardian is not None
    with pytest.raises(RuleBroken):
        feedback.ask_parent(tie=scene.tie, guardian=scene.guardian, by=scene.worker)


# ---- Broad lines (R-301, R-303) ------------------------------------------------------------


@pytest.mark.req("R-301")
def test_only_fixed_sentences_that_are_true_of_the_stay_can_be_told(scene: Scene) -> None:
    scene.say("yes", sure="on", name_there="Noor de Wit")
    for typed in ("", "Zij oefent met bellen", "quote", "finished"):
        assert scene.do("tell", phrase=typed).status_code == 422
    for untrue in ("finished", "quote", "iets anders"):
        with pytest.raises(RuleBroken) as broken:
            telling.tell(tie=scene.tie, phrase=untrue, by=scene.worker)
        assert broken.value.code == "not_sayable"
    assert scene.do("tell", phrase="well").status_code == 302
    assert told() == ["Het gaat goed met Noor de Wit bij Join Us."]
    mail = render(Message.objects.get(kind="feedback_to_referrer"))
    assert "Noor" not in mail.subject
    assert told()[0] in mail.text
    assert scene.group.location.name not in mail.text
    scene.stay.blocked_reason = "parent_withdrew"
    assert telling.sayable(scene.stay) == ["signed_up"]
    scene.stay.blocked_reason = ""
    for phase, kind, may in (
        ("signed_up", "", ["signed_up"]),
        ("intake", "", ["signed_up"]),
        ("former", "goal", ["finished"]),
        ("former", "drop_out", []),
        ("referred", "", []),
        ("withdrawn", "", []),
    ):
        scene.stay.phase, scene.stay.exit_kind = phase, kind
        assert telling.sayable(scene.stay) == may


@pytest.mark.req("R-301", "R-302")
def test_the_young_person_sees_what_may_be_told_and_what_was_told(scene: Scene) -> None:
    scene.say("yes", sure="on")
    page = scene.page()
    assert "Karin de Boer (mentor, Het College)" in page
    assert "Noor doet mee met Join Us." in page
    scene.do("tell", phrase="steps")
    deliver()
    page = scene.page()
    assert "Noor zet stappen bij Join Us." in page
    assert "verstuurd" in page
    assert scene.worker.first_name in page
    scene.do("end")
    assert "Noor zet stappen bij Join Us." in scene.page(), "also after it ended"
    assert scene.do("tell", phrase="steps").status_code == 422


@pytest.mark.req("R-303")
def test_after_the_yes_the_worker_is_asked_to_tell_school_of_the_sign_up(scene: Scene) -> None:
    assert scene.todos() == []
    scene.say("yes", sure="on")
    assert scene.todos() == ["Laat de verwijzer (mentor) weten dat Noor zich heeft aangemeld"]
    scene.do("tell", phrase="signed_up")
    assert told() == ["Noor heeft zich aangemeld bij Join Us."]
    assert scene.todos() == []


@pytest.mark.req("R-303")
def test_without_an_address_the_text_lies_ready_and_holds_nothing_more(scene: Scene) -> None:
    tie = world.make_tie(scene.stay, by=scene.worker, function="gp", name="Bos", email="")
    text = TextVersion.objects.current("feedback", "nl")
    feedback.answer_for_myself(tie=tie, yes=True, by=scene.stay.participant.user, text=text)
    row = telling.tell(tie=tie, phrase="signed_up", by=scene.worker)
    assert row.message is not None
    assert row.message.channel == "worker_text"
    ready = scene.staff.get(reverse("home:message", args=[row.message.pk])).content.decode()
    assert "Noor heeft zich aangemeld bij Join Us." in ready


# ---- Agreed moments (R-304) -----------------------------------------------------------------


@pytest.mark.req("R-304")
def test_an_agreed_moment_is_a_to_do_on_its_day_and_comes_back_in_its_rhythm(scene: Scene) -> None:
    scene.say("yes", sure="on")
    scene.do("tell", phrase="signed_up")
    when = {"next_on_day": 24, "next_on_month": 3, "next_on_year": 2026}
    past = {**when, "next_on_year": 2025}
    assert scene.do("moment", **past).status_code == 422
    assert scene.do("moment", **when, every_weeks=99).status_code == 422
    assert scene.do("moment", **when, every_weeks=6).status_code == 302
    assert "24 maart" in scene.page(), "the young person knows"
    assert scene.todos() == []
    with clock.travel(NOON + timedelta(days=14)):
        assert scene.todos() == ["Laat de verwijzer (mentor) weten hoe het met Noor gaat"]
        scene.do("tell", phrase="well")
        assert scene.todos() == []
    scene.tie.refresh_from_db()
    assert scene.tie.next_on == date(2026, 3, 24) + timedelta(weeks=6)
    with clock.travel(NOON + timedelta(days=14 + 42)):
        assert len(scene.todos()) == 1
        scene.do("skip")
        assert scene.todos() == []
        scene.say("back")
    with clock.travel(NOON + timedelta(days=14 + 84)):
        assert scene.todos() == [], "no reminder of what may not be told"


@pytest.mark.req("R-304")
def test_telling_before_the_agreed_day_leaves_that_day_agreed(scene: Scene) -> None:
    scene.say("yes", sure="on")
    agreed = NOON.date() + timedelta(days=14)
    referrers.agree_moment(tie=scene.tie, next_on=agreed, every_weeks=6, by=scene.worker)
    scene.do("tell", phrase="signed_up")
    assert Told.objects.exists()
    scene.tie.refresh_from_db()
    assert scene.tie.next_on == agreed
    with clock.travel(NOON + timedelta(days=14)):
        assert len(scene.todos()) == 1


@pytest.mark.parametrize("people", [2, 8])
def test_the_to_dos_cost_the_same_for_few_and_many(people: int) -> None:
    scene = Scene()
    for _n in range(people):
        stay = world.make_participating(scene.group, since=NOON.date(), age=17)
        tie = world.make_tie(stay, by=scene.worker)
        text = TextVersion.objects.current("feedback", "nl")
        feedback.answer_for_myself(tie=tie, yes=True, by=stay.participant.user, text=text)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(world.asked(feedback_todos.RULES, scene.worker)) == people
    assert len(queries) <= 7


# ---- Quotes and an own story (R-113) ----------------------------------------------------


@pytest.mark.req("R-305")
def test_words_are_shared_only_after_a_yes_to_these_very_words(scene: Scene) -> None:
    scene.say("yes", sure="on")
    assert scene.do("quote", words="x" * 301).status_code == 422
    assert scene.do("quote", words="Ik lach hier weer.").status_code == 302
    quote = Quote.objects.get()
    assert scene.todos(scene.stay.participant.user) == ["Wat mag school of een ander horen?"]
    assert scene.do("share", quote=quote.pk).status_code == 422, "the yes to feedback is another"
    assert "Ik lach hier weer." in scene.page()
    with pytest.raises(RuleBroken):
        telling.answer_quote(quote=quote, yes=True, by=scene.worker)
    scene.say("quote_yes", quote=quote.pk)
    assert scene.todos(scene.stay.participant.user) == []
    assert scene.do("share", quote=quote.pk).status_code == 302
    assert told() == ["“Ik lach hier weer.”"]
    scene.say("quote_no", quote=quote.pk)
    assert Message.objects.get(kind="feedback_to_referrer").state == "withdrawn"
    assert scene.do("share", quote=quote.pk).status_code == 422
    no = telling.propose_quote(tie=scene.tie, words="Nog iets.", by=scene.worker)
    scene.say("quote_no", quote=no.pk)
    assert scene.do("share", quote=no.pk).status_code == 422


@pytest.mark.req("R-113")
def test_who_would_like_to_tell_at_school_is_encouraged_and_nobody_else(scene: Scene) -> None:
    url = reverse("participants:referrers", args=[scene.stay.pk])
    assert "graag op school over Join Us vertellen" not in scene.staff.get(url).content.decode()
    assert "Drie ideeën" not in scene.page()
    scene.say("share")
    assert "Drie ideeën" in scene.page()
    assert "graag op school over Join Us vertellen" in scene.staff.get(url).content.decode()
    scene.say("share_not")
    assert "Drie ideeën" not in scene.page()
    doctor = world.make_tie(scene.stay, by=scene.worker, function="gp", name="Bos")
    assert not doctor.referrer.at_school


@pytest.mark.req("R-113")
def test_parents_are_encouraged_only_with_their_yes_and_the_wish_of_the_young_person() -> None:
    scene = Scene(age=14)
    assert scene.guardian is not None
    send = {"act": "encourage", "guardian": scene.guardian.pk}
    url = reverse("participants:tie", args=[scene.stay.pk, scene.tie.pk])
    assert scene.staff.post(url, send).status_code == 422, "the young person did not want it"
    scene.say("share")
    assert scene.staff.post(url, send).status_code == 302
    assert scene.staff.post(url, send).status_code == 302
    mail = render(Message.objects.get(kind="parental_encouragement"))
    assert "Noor" not in mail.subject
    assert "hoeft niet" in mail.text
    parental.withdraw_by_parent(consent=scene.stay.parental_consents.get())
    other = world.make_tie(scene.stay, by=scene.worker, function="teacher", name="Piet")
    referrers.share_there(tie=other, on=True, by=scene.stay.participant.user)
    url = reverse("participants:tie", args=[scene.stay.pk, other.pk])
    assert scene.staff.post(url, send).status_code == 422, "no yes of this parent stands"


@pytest.mark.parametrize(
    "data",
    [{"act": "tell", "phrase": "\x00"}, {"act": "x"}, {"act": "ask", "guardian": "9" * 40}, {}],
    ids=range(4),
)
def test_bad_input_is_refused_and_keeps_nothing(scene: Scene, data: dict[str, str]) -> None:
    scene.say("yes", sure="on")
    url = reverse("participants:tie", args=[scene.stay.pk, scene.tie.pk])
    assert scene.staff.post(url, data).status_code in (400, 404, 422)
    assert scene.young.post(PAGE, {**data, "tie": scene.tie.pk}).status_code in (400, 404, 422)
    assert not Told.objects.exists()


@pytest.mark.req("R-113")
def test_nobody_is_encouraged_at_an_unsafe_home_also_not_after_the_stay() -> None:
    scene = Scene(age=14)
    assert scene.guardian is not None
    scene.say("share")
    scene.do("encourage", guardian=scene.guardian.pk)
    letter = Message.objects.get(kind="parental_encouragement")
    assert sending.why_not(letter) == ""
    parental.ask_harm(trajectory=scene.stay, can_harm=True, by=scene.worker)
    assert sending.why_not(letter)
    Trajectory.objects.filter(pk=scene.stay.pk).update(phase="withdrawn")
    assert sending.why_not(letter)


@pytest.mark.req("R-306")
def test_what_a_referrer_is_told_is_hidden_from_a_worker_who_stays_out(scene: Scene) -> None:
    """The ready text names the young person and is written to somebody else."""
    sem = world.make_worker(scene.group, "Sem")
    scene.tie = world.make_tie(scene.stay, by=scene.worker, email="")
    scene.say("yes", sure="on")
    scene.do("tell", phrase="taking_part")
    letter = Message.objects.get(kind="feedback_to_referrer")
    page = reverse("home:message", args=[letter.pk])
    with clock.travel(clock.now() + timedelta(days=1)):
        assert "Noor" in world.eyes(sem).get(page).content.decode()
        recusal.recuse(trajectory=scene.stay, worker=sem, by=sem, said_by="worker")
        assert world.eyes(sem).get(page).status_code == 404
        settle = reverse("home:settle_message", args=[letter.pk])
        assert world.eyes(sem).post(settle, {"act": "drop"}).status_code == 404
        assert world.waiting(sem, "message") == []
        assert "Noor" in scene.staff.get(page).content.decode()


# ---- Finding the register -------------------------------------------------------------


@pytest.mark.req("R-306")
def test_workers_and_coordinator_find_the_register_on_the_page_of_the_group(scene: Scene) -> None:
    group = reverse("groups:group", args=[scene.group.pk])
    url = reverse("participants:register")
    mine = world.make_coordinator(scene.group.location.region)
    for user in (scene.worker, mine):
        client = Scene.client(user)
        assert f'href="{url}"' in client.get(group).content.decode()
        page = client.get(url).content.decode()
        assert "Karin de Boer" in page
        assert "mentor" in page
        assert "Noor" not in page


@pytest.mark.req("R-306")
def test_the_register_is_the_organisations_and_for_a_coordinator_the_regions(scene: Scene) -> None:
    url = reverse("participants:register")
    for outside in (
        world.make_worker(world.make_group()),
        world.make_coordinator(world.make_region()),
    ):
        assert "Karin" not in Scene.client(outside).get(url).content.decode()
    manager = world.make_manager(scene.group.location.organisation)
    assert Scene.client(manager).get(url).status_code == 403
    assert scene.young.get(url).status_code == 403


def test_the_coordinator_reads_it_and_changes_nothing(scene: Scene) -> None:
    mine = Scene.client(world.make_coordinator(scene.group.location.region))
    new = {"function": "mentor", "name": "Iemand Anders"}
    assert mine.post(reverse("participants:register"), new).status_code == 403
    one = reverse("participants:referrer", args=[scene.tie.referrer_id])
    assert one not in mine.get(reverse("participants:register")).content.decode()
    assert mine.get(one).status_code == 403
    assert mine.post(one, new).status_code == 403
    assert Referrer.objects.count() == 1


def test_a_parent_in_the_register_is_for_the_groups_workers_only(scene: Scene) -> None:
    referrers.keep_referrer(
        organisation=scene.group.location.organisation,
        function="parents",
        name="Vader Kanarie",
        by=scene.worker,
    )
    url = reverse("participants:register")
    mine = Scene.client(world.make_coordinator(scene.group.location.region))
    assert "Kanarie" in scene.staff.get(url).content.decode()
    assert "Kanarie" not in mine.get(url).content.decode()
    row = Referrer.objects.get(function="parents")
    assert mine.get(reverse("participants:referrer", args=[row.pk])).status_code == 404


def test_the_coordinator_finds_how_to_reach_a_referrer_and_who_keeps_the_row(scene: Scene) -> None:
    region = scene.group.location.region
    there = world.make_participating(world.make_group(region=region), since=NOON.date())
    world.make_tie(there, name="Mees Elders", phone="030 99 88 77")
    page = Scene.client(world.make_coordinator(region)).get(reverse("participants:register"))
    shown = page.content.decode()
    assert f'href="mailto:{scene.tie.referrer.contact.email}"' in shown
    assert 'href="tel:030998877"' in shown
    for group in (scene.group, there.group):
        assert group is not None
        assert group.location.organisation.name in shown


def test_a_parents_address_stands_on_no_list(scene: Scene) -> None:
    """It is a family's: a worker who may change the row finds it there."""
    referrers.keep_referrer(
        organisation=scene.group.location.organisation,
        function="parents",
        name="Vader Kanarie",
        email="kanarie@thuis.example",
        phone="06 55 44 33 22",
        by=scene.worker,
    )
    page = scene.staff.get(reverse("participants:register")).content.decode()
    assert "Vader Kanarie" in page
    assert "kanarie@thuis.example" not in page
    assert "55 44" not in page


@pytest.mark.req("R-347")
def test_a_referrer_is_never_the_young_persons_own_mailbox() -> None:
    scene = Scene()
    contact = scene.stay.participant.contact
    contact.email = "noor@gmail.com"
    contact.save()
    organisation = scene.group.location.organisation
    known = {"organisation": organisation, "function": "mentor", "name": "Juf", "by": scene.worker}
    for email in ("No.or@gmail.com", "noor+school@googlemail.com"):
        row = referrers.keep_referrer(email=email, **known)
        with world.broken("own_address"):
            referrers.tie_referrer(trajectory=scene.stay, referrer=row, by=scene.worker)
    with world.broken("own_address"):  # nor by a correction afterwards
        referrers.keep_referrer(email="noor@gmail.com", referrer=scene.tie.referrer, **known)
    assert ReferrerTie.objects.count() == 1

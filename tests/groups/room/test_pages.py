"""The pages of the room of a group, as young people and workers meet them."""

from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse

from core import clock
from core.audit.models import ReadEntry
from core.privacy import Person
from groups.models import Folded, Post, PostReport, Topic
from groups.room import privacy
from groups.room.reading import POSTS, TOPICS
from participants.models import Recusal
from participants.recusal.recusal import recuse
from tests import world
from tests.groups.room.build import DAY, NIGHT, Room, begin, judge, report, write
from tests.groups.room.build import user_of as who

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    with clock.travel(DAY):
        yield Room()


def page(client, name, *args, status=200):
    answer = client.get(reverse(f"groups:{name}", args=args))
    assert answer.status_code == status
    return " ".join(unescape(answer.content.decode()).split())


def own_pages(room):
    post = room.first.pk
    return [
        ("mine",),
        ("new_topic",),
        ("topic", room.topic.pk),
        ("post", post),
        ("report", post),
    ]


@pytest.mark.req("R-227")
def test_every_page_of_the_room_says_who_reads_along_and_has_help_one_tap_away(room):
    client = world.eyes(who(room.noor))
    for name, *args in own_pages(room):
        text = page(client, name, *args)
        assert "Je begeleiders Daan en Fleur lezen mee." in text, name
        assert reverse("participants:who_helps") in text, name


@pytest.mark.req("R-227")
def test_who_stays_out_of_me_is_not_said_to_read_along(room):
    recuse(trajectory=room.noor, worker=room.daan, by=room.daan, said_by=Recusal.Said.WORKER)
    assert "Je begeleider Fleur leest mee." in page(world.eyes(who(room.noor)), "mine")
    assert "Je begeleiders Daan en Fleur lezen mee." in page(world.eyes(who(room.sam)), "mine")


@pytest.mark.req("R-225")
def test_a_topic_is_begun_and_answered_without_javascript(room):
    client = world.eyes(who(room.sam))
    sent = {"title": "Film", "text": "Zullen we?\n😀 مرحبا", "client_id": uuid4()}
    answer = client.post(reverse("groups:new_topic"), sent, follow=True)
    assert "Je bericht staat erop." in answer.content.decode()
    again = client.post(reverse("groups:new_topic"), sent, follow=True)
    assert again.redirect_chain == answer.redirect_chain
    topic = Topic.objects.get(by=who(room.sam))
    other = world.eyes(who(room.noor))
    assert "Film" in page(other, "mine")
    other.post(reverse("groups:topic", args=[topic.pk]), {"text": "<b>Ja</b> www.x.nl @piet"})
    shown = client.get(reverse("groups:topic", args=[topic.pk])).content.decode()
    assert "😀 مرحبا" in shown
    assert "<b>Ja</b>" not in shown, "held, and never markup"


def test_links_are_never_clickable(room):
    post = write(room.topic, room.fleur, "https://voorbeeld.nl/pagina")
    text = page(world.eyes(who(room.noor)), "topic", room.topic.pk)
    assert "https://voorbeeld.nl/pagina" in text
    assert 'href="https://voorbeeld.nl' not in text
    assert post.state == "shown"


@pytest.mark.parametrize(
    "text",
    ["", "  \n ", "\u200b", "a\x00b", "x" * 10_000],
    ids=["", "space", "unseen", "NUL", "10 kB"],
)
def test_what_cannot_be_posted_is_said_kindly_and_stays_in_the_box(room, text):
    client = world.eyes(who(room.sam))
    answer = client.post(reverse("groups:topic", args=[room.topic.pk]), {"text": text})
    assert answer.status_code == 422
    assert not Post.objects.filter(by=who(room.sam)).exists()
    if len(text) > 100:
        assert text in answer.content.decode()


@pytest.mark.req("R-226")
def test_the_author_is_told_what_is_in_it_and_what_to_do(room):
    client = world.eyes(who(room.sam))
    answer = client.post(
        reverse("groups:topic", args=[room.topic.pk]), {"text": "app me: 06 12345678"}, follow=True
    )
    text = unescape(answer.content.decode())
    assert "Er staat een telefoonnummer in." in text
    assert "Haal je het eruit? Dan staat je bericht er meteen." in text
    post = Post.objects.get(by=who(room.sam))
    client.post(reverse("groups:post", args=[post.pk]), {"text": "app me"})
    assert "app me" in page(world.eyes(who(room.noor)), "topic", room.topic.pk)


@pytest.mark.req("R-226")
def test_reporting_folds_it_for_the_reporter_and_tells_nobody_who_it_was(room):
    write(room.topic, who(room.amir), "wat een stom idee")
    post = Post.objects.get(by=who(room.amir))
    client = world.eyes(who(room.sam))
    answer = client.post(
        reverse("groups:report", args=[post.pk]), {"reason": "niet aardig"}, follow=True
    )
    assert "Je hebt gemeld dat dit niet oké is." in answer.content.decode()
    assert "Je hebt gemeld" not in page(world.eyes(who(room.noor)), "topic", room.topic.pk)
    assert "Je hebt gemeld" not in page(world.eyes(who(room.amir)), "topic", room.topic.pk)
    (todo,) = world.waiting(room.fleur, "room_post")
    assert "stom" not in todo.title + todo.reason
    seen = world.eyes(room.fleur).get(todo.url).content.decode()
    assert "niet aardig" in seen
    assert "Sam" not in seen


@pytest.mark.req("R-226")
def test_a_worker_hides_with_a_word_and_the_author_reads_it(room):
    client = world.eyes(room.fleur)
    url = reverse("groups:room_post", args=[room.first.pk])
    client.post(url, {"act": "hide", "seen": "shown", "word": "Zullen we even praten?"})
    assert "Wie gaat er mee?" not in page(world.eyes(who(room.sam)), "mine")
    assert "Zullen we even praten?" in page(world.eyes(who(room.noor)), "topic", room.topic.pk)
    stale = client.post(url, {"act": "hide", "seen": "shown", "word": ""})
    assert stale.status_code == 422
    client.post(url, {"act": "stays", "seen": "hidden"})
    assert "Bowlen" in page(world.eyes(who(room.sam)), "mine")
    assert client.post(url, {"act": "delete"}).status_code == 422


@pytest.mark.req("R-226")
def test_reading_along_is_written_down_for_the_young_people_to_see(room):
    write(room.topic, who(room.sam))
    world.eyes(room.fleur).get(reverse("groups:room_topic", args=[room.group.pk, room.topic.pk]))
    (line,) = ReadEntry.objects.filter(record="room")
    assert set(line.subject_ids) == {room.noor.pk, room.sam.pk}
    assert line.user == room.fleur


def test_folding_a_person_and_a_topic_and_back(room):
    client = world.eyes(who(room.sam))
    url = reverse("groups:fold_person", args=[room.first.pk])
    client.post(url)
    assert "Noor, ingeklapt" in page(client, "topic", room.topic.pk)
    client.post(url, {"act": "back"})
    client.post(reverse("groups:fold_topic", args=[room.topic.pk]))
    assert "ingeklapt" in page(client, "mine")
    client.post(reverse("groups:fold_topic", args=[room.topic.pk]), {"act": "back"})
    assert not Folded.objects.exists()
    worker_post = write(room.topic, room.fleur)
    client.post(reverse("groups:fold_person", args=[worker_post.pk]))
    assert not Folded.objects.exists(), "a worker's words stay in sight"


def test_at_night_the_page_says_so_without_blame(room):
    with clock.travel(NIGHT):
        client = world.eyes(who(room.sam))
        answer = client.post(
            reverse("groups:topic", args=[room.topic.pk]), {"text": "slaap lekker"}, follow=True
        )
        text = unescape(answer.content.decode())
        assert "is het hier stil" in text
        assert "De anderen lezen dit vanaf zeven uur ’s ochtends." in text


def test_three_hundred_topics_come_in_pages_and_cost_the_same(room):
    for n in range(POSTS + 5):
        with clock.travel(DAY + timedelta(minutes=11 * n)):
            write(room.topic, who(room.sam), f"bericht {n}")
    client = world.eyes(who(room.noor))
    with clock.travel(DAY + timedelta(hours=6.5)):
        few = queries_of(client, "mine")
        last = page(client, "topic", room.topic.pk)
        assert "bericht 34" in last
        assert "bericht 1 " not in last, "the last page first"
        Topic.objects.bulk_create([copy_of(room.topic, n) for n in range(300)])
        Post.objects.bulk_create(
            [copy_of_post(room.first, topic) for topic in Topic.objects.exclude(pk=room.topic.pk)]
        )
        assert queries_of(client, "mine") == few
        text = page(client, "mine")
        assert text.count("topic__title") == TOPICS
        assert "?page=2" in text


def queries_of(client, name):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    page(client, name)
    with CaptureQueriesContext(connection) as captured:
        page(client, name)
    return len(captured)


def copy_of(topic, n):
    return Topic(
        group=topic.group,
        title=f"Onderwerp {n}",
        stay=topic.stay,
        by=topic.by,
        started_at=topic.started_at,
        last_at=topic.last_at,
    )


def copy_of_post(post, topic):
    return Post(
        topic=topic,
        stay=post.stay,
        by=post.by,
        text="Hoi",
        client_id=uuid4(),
        written_at=post.written_at,
        shown_at=post.shown_at,
    )


@pytest.mark.req("R-002")
def test_the_participants_part_has_all_it_should(room):
    """Meetings, own details, challenges, questionnaires when one is due, and the closed forum."""
    answer = world.eyes(who(room.noor)).get("/vandaag/").content.decode()
    for name in ("groups:calendar", "challenges:mine", "groups:mine", "participants:details"):
        assert reverse(name) in answer, name


def test_the_start_page_tells_quietly_what_is_new(room):
    client = world.eyes(who(room.sam))
    assert "1 nieuw bericht in je groep" in client.get("/vandaag/").content.decode()
    page(client, "mine")
    assert "nieuw bericht" not in client.get("/vandaag/").content.decode()


def test_what_was_hidden_or_held_shows_no_title_to_the_others(room):
    topic = begin(room.group, who(room.sam), title="Geheim", text="06 12345678")
    write(topic, room.fleur, "Zo is het goed")
    assert "Geheim" not in page(world.eyes(who(room.noor)), "mine")
    judge(topic.posts.get(by=who(room.sam)), room.fleur, stays=True)
    assert "Geheim" in page(world.eyes(who(room.noor)), "mine")


def test_a_report_by_two_says_so_to_the_author_without_names(room):
    for stay in (room.sam, room.amir):
        report(room.first, stay)
    text = page(world.eyes(who(room.noor)), "topic", room.topic.pk)
    assert "Een begeleider kijkt naar dit bericht." in text
    assert "meerdere mensen" not in text
    assert "Sam" not in text


def test_who_is_erased_leaves_a_gap_and_takes_the_own_words_along(room):
    write(room.topic, who(room.sam), "Ik!")
    report(room.first, room.sam, "mijn reden")
    person = room.noor.participant
    of_noor = Person(person.pk, (room.noor.pk,), person.contact_id, (person.contact_id,))
    (posts, reports) = privacy.own_words(of_noor)
    assert [fact.text for fact in posts.entries[0]][2:4] == ["Bowlen", "Wie gaat er mee?"]
    assert reports.entries == []
    privacy.take_out(of_noor)
    text = page(world.eyes(who(room.amir)), "topic", room.topic.pk)
    assert "Wie gaat er mee?" not in text
    assert "Bowlen" not in text
    assert "(weggehaald)" in text
    assert "Ik!" in text
    told = PostReport.objects.get()
    assert (told.text, told.reason) == ("", "")


@pytest.mark.req("R-225")
def test_at_night_no_page_says_that_a_post_stands_there_straight_away(room):
    post = write(room.topic, who(room.sam), "app me: 06 12345678")
    stands = write(room.topic, who(room.sam), "Tot vrijdag")
    with clock.travel(NIGHT):
        eyes = world.eyes(who(room.sam))
        for text in (page(eyes, "topic", room.topic.pk), page(eyes, "post", post.pk)):
            assert "meteen" not in text
            assert "Dan lezen de anderen je bericht vanaf zeven uur." in text
        quiet = page(eyes, "post", stands.pk)
        assert "Tot vrijdag" in quiet
        assert "Weghalen mag altijd" in quiet
        sent = eyes.post(reverse("groups:post", args=[stands.pk]), {"text": "Tot zaterdag"})
        assert sent.status_code == 422
        assert "Tot zaterdag" in sent.content.decode(), "what was typed stays in the box"


@pytest.mark.req("R-226", "R-227")
def test_where_a_post_is_reported_nobody_is_told_that_the_group_reads_it(room):
    post = write(room.topic, who(room.amir), "wat een stom idee")
    text = page(world.eyes(who(room.sam)), "report", post.pk)
    assert "kan alleen je groep dit lezen" not in text
    assert "Je groep leest niet wat je op deze pagina schrijft." in text

"""What the room of a group keeps about a person: given out, and taken out (trust.md 12).

The own words go; that somebody wrote there stays, without a name, so that the others still read
their own talk.
"""

from django.utils.translation import gettext as _

from core.privacy import Fact, Person, Section
from groups.models import ExampleMessage, Folded, Post, PostReport, RoomVisit, Topic

#: Model -> what becomes of it when somebody is erased.
HOLDS = {
    Topic: "the own title goes; that there was a topic stays",
    Post: "the own words go; that there was a post stays",
    PostReport: "the words of either side go; that it was reported stays",
    Folded: "goes",
    RoomVisit: "goes",
    ExampleMessage: "stays: that a worker wrote in the group chat",
}


def own_words(person: Person) -> list[Section]:
    """The own posts, also those that nobody else reads, and what the person reported."""
    posts = Post.objects.filter(stay__in=person.trajectory_ids).select_related("topic__group")
    reports = PostReport.objects.filter(stay__in=person.trajectory_ids)
    return [
        Section(
            "posts",
            _("What you wrote in your group"),
            [
                [
                    Fact("written_at", _("When"), post.written_at),
                    Fact("group", _("Group"), post.topic.group.name),
                    Fact("topic", _("Topic"), _own_title(post)),
                    Fact("text", _("What you wrote"), post.text),
                    Fact("word", _("What your youth worker said about it"), post.word),
                ]
                for post in posts.order_by("written_at")
            ],
            order=58,
        ),
        Section(
            "reported_posts",
            _("Posts that you reported"),
            [
                [
                    Fact("at", _("When"), report.at),
                    Fact("reason", _("What you said"), report.reason),
                ]
                for report in reports.order_by("at")
            ],
            order=59,
        ),
    ]


def _own_title(post: Post) -> str:
    """The words of the topic, where they are the person's own."""
    return str(post.topic.title) if post.topic.stay_id == post.stay_id else ""


def take_out(person: Person) -> None:
    """Row by row: sealed words are bound to their row."""
    stays = person.trajectory_ids
    for topic in Topic.objects.filter(stay__in=stays):
        topic.title = ""
        topic.save(update_fields=["title"])
    for post in Post.objects.filter(stay__in=stays):
        post.text = post.word = ""
        post.save(update_fields=["text", "word"])
    for report in PostReport.objects.filter(post__stay__in=stays):
        report.text = report.reason = ""
        report.save(update_fields=["text", "reason"])
    PostReport.objects.filter(stay__in=stays).update(reason="")
    Folded.objects.filter(stay__in=stays).delete()
    Folded.objects.filter(other__in=stays).delete()
    RoomVisit.objects.filter(stay__in=stays).delete()

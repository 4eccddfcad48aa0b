"""What the people of one group write to each other: topics, posts, and what becomes of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.accounts.actors import Viewer, is_participant
from core.accounts.portraits import workers_at
from core.accounts.rights import reach
from core.encryption import EncryptedTextField
from core.ids import uuid7
from groups.models.meetings import Meeting
from groups.models.seats import Placement, PlacementQuerySet
from groups.permissions import JUDGE_ALONE, MODERATE
from participants.models import Trajectory
from participants.models.recusal import Recusal, not_recused

AUTHOR = "stay__participant"


def seats_in_a_room(user: Viewer) -> PlacementQuerySet:
    """The place of today that opens the room of its group to this young person (R-228)."""
    return with_a_room(Placement.objects.visible_to(user))


def with_a_room(seats: PlacementQuerySet) -> PlacementQuerySet:
    """Those of today that open a room.

    Of nobody who comes to get to know the group, who stopped, or for whom something has to be
    arranged first; a move opens the new room and closes the old one on its day.
    """
    return seats.on(clock.today()).filter(
        trial=False,
        trajectory__phase__in=Trajectory.Phase.IN_GROUP,
        trajectory__blocked_reason="",
        trajectory__stopped_on__isnull=True,
    )


class TopicQuerySet(models.QuerySet["Topic"]):
    def visible_to(self, user: Viewer) -> TopicQuerySet:
        """Of the own group, as long as somebody has a place there; its workers by reach."""
        if is_participant(user):
            return self.filter(group__in=seats_in_a_room(user).values("group"))
        return self.filter(reach(user, MODERATE).as_q("group__"))


class Topic(models.Model):
    """Something to write about. It has no life of its own: who sees none of its posts, sees none
    of it, and its title is shown with its first post."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    group = models.ForeignKey(
        "organisations.Group", on_delete=models.PROTECT, related_name="topics"
    )
    title = EncryptedTextField()
    stay = models.ForeignKey(
        "participants.Trajectory",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="topics",
        help_text=_("Nobody: a youth worker began it."),
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    last_at = models.DateTimeField(help_text=_("When its newest post is there to be read."))

    objects = TopicQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["group", "-last_at"], name="topics_of_a_group")]

    def __str__(self) -> str:
        return str(self.pk)


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, user: Viewer) -> PostQuerySet:
        """For young people what stands there, and the own posts whatever became of them; for the
        workers of the group everything of those they know nothing else of; for a coordinator the
        one post that no worker of the group can look at.
        """
        if is_participant(user):
            return self.filter(
                Q(state=Post.State.SHOWN, shown_at__lte=clock.now()) | Q(by=user),
                topic__group__in=seats_in_a_room(user).values("group"),
            ).exclude(state=Post.State.REMOVED)
        return self.filter(self._of_a_group(user) | self._of_nobody_else(user))

    def to_judge(self, user: Viewer) -> PostQuerySet:
        """Whose place it is to say whether these may stand: never the author's own (R-226)."""
        group = self._of_a_group(user) & ~Q(by=user.pk)
        return self.filter(group | self._of_nobody_else(user))

    def waiting(self) -> PostQuerySet:
        """Reported, or kept back until somebody has looked."""
        return self.filter(Q(state=Post.State.HELD) | Exists(_open_reports()))

    def _of_a_group(self, user: Viewer) -> Q:
        """What an author took away is gone, unless somebody had reported it."""
        reported = Exists(PostReport.objects.filter(post=OuterRef("pk")))
        stands = ~Q(state=Post.State.REMOVED) | Q(reported)
        return Q(reach(user, MODERATE).as_q("topic__group__"), not_recused(user, AUTHOR), stands)

    def _of_nobody_else(self, user: Viewer) -> Q:
        """What waits, where every worker of the group wrote it or stays out of who did."""
        far = reach(user, JUDGE_ALONE)
        if not far:
            return Q(pk__in=[])
        out = Recusal.objects.in_force().filter(
            worker=OuterRef("user"), participant=OuterRef(OuterRef("stay__participant"))
        )
        others = workers_at(Q(group=OuterRef("topic__group"))).exclude(user=OuterRef("by"))
        nobody = ~Exists(others.filter(~Exists(out)))
        waits = Q(state__in=[Post.State.HELD, Post.State.HIDDEN]) | Q(Exists(_open_reports()))
        return Q(
            far.as_q("topic__group__"), nobody, waits, not_recused(user, AUTHOR), ~Q(by=user.pk)
        )


class Post(models.Model):
    """What one person wrote. `shown_at`: from when the others read it (never in the night).

    `word`: what the worker who hid it says to the author. `client_id` makes sending it twice one
    post.
    """

    class State(models.TextChoices):
        SHOWN = "shown", _("stands there")
        HELD = "held", _("waits until a worker has looked")
        HIDDEN = "hidden", _("hidden by a worker")
        REMOVED = "removed", _("taken away by the author")

    class Held(models.TextChoices):
        """Why a post waits."""

        PHONE = "phone", _("a phone number")
        MAIL = "mail", _("an e-mail address")
        HANDLE = "handle", _("a name of an app")
        LINK = "link", _("a link")
        ADDRESS = "address", _("an address")
        REPORTED = "reported", _("several people reported it")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="posts")
    stay = models.ForeignKey(
        "participants.Trajectory",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="posts",
        help_text=_("Nobody: a youth worker wrote it."),
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField()
    client_id = models.UUIDField()
    written_at = models.DateTimeField()
    shown_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.SHOWN)
    held_for = models.CharField(max_length=8, choices=Held.choices, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    judged_at = models.DateTimeField(null=True, blank=True)
    word = EncryptedTextField(blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["by", "client_id"], name="a_post_is_sent_once"),
            models.CheckConstraint(
                condition=~Q(state="hidden") | Q(judged_at__isnull=False),
                name="who_hides_a_post_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | ~Q(held_for=""), name="a_held_post_has_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["topic", "shown_at"], name="posts_of_a_topic")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def as_read(self) -> str:
        """How it stood, and in which words, when somebody looked at it."""
        return f"{self.state} {self.edited_at.isoformat()}" if self.edited_at else self.state


class PostReport(models.Model):
    """Somebody says that a post is not okay. Who that is, is shown to nobody; `text` keeps what
    stood there then, whatever the author does with it afterwards."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reports")
    stay = models.ForeignKey("participants.Trajectory", on_delete=models.PROTECT, related_name="+")
    reason = EncryptedTextField(blank=True)
    text = EncryptedTextField(blank=True)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "stay"],
                condition=Q(settled_at__isnull=True),
                name="one_open_report_of_a_post_each",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


def _open_reports() -> models.QuerySet[PostReport]:
    return PostReport.objects.filter(post=OuterRef("pk"), settled_at__isnull=True)


class Folded(models.Model):
    """A topic, or the posts of one person, that a young person keeps folded: for them alone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stay = models.ForeignKey(
        "participants.Trajectory", on_delete=models.CASCADE, related_name="folded"
    )
    topic = models.ForeignKey(
        Topic, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    other = models.ForeignKey(
        "participants.Trajectory",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stay", "topic", "other"], nulls_distinct=False, name="folded_once"
            ),
            models.CheckConstraint(
                condition=Q(topic__isnull=True) ^ Q(other__isnull=True),
                name="folded_is_a_topic_or_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(stay=F("other")), name="nobody_folds_their_own_posts"
            ),
        ]


class RoomVisit(models.Model):
    """Until when somebody has seen what is new in a room."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stay = models.ForeignKey(
        "participants.Trajectory", on_delete=models.CASCADE, related_name="room_visits"
    )
    group = models.ForeignKey("organisations.Group", on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stay", "group"], name="one_visit_of_a_room")
        ]


class ExampleMessage(models.Model):
    """R-143: the workers were reminded to write in the group chat before this meeting; `sent`, or
    put away for this time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    before = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="example")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    sent = models.BooleanField()

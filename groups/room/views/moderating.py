"""The room of a group for its workers: read along, write, judge. Reading is written down."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.actors import SignedIn
from core.accounts.rights import may
from core.audit.log import opened
from core.drafts.declaring import keeps
from core.forms import attempt, carry_out, sent, show
from core.organisations.models import Group
from core.pages import page_of
from groups.access import group_of
from groups.models import Post
from groups.permissions import JUDGE_ALONE, MODERATE, holds_here, require_here
from groups.room.forms import EditForm, JudgeForm, PostForm, TopicForm
from groups.room.moderation import judge_post
from groups.room.posts import edit_post, start_topic, take_away, write_post
from groups.room.reading import (
    POSTS,
    TOPICS,
    lines,
    posts_of,
    readers_of,
    reports_of,
    title_of,
    topics_of,
)


def _room(request: SignedIn, group_id: UUID) -> Group:
    group = group_of(request, group_id)
    require_here(request.user, MODERATE, group.pk)
    return group


def _around(group: Group) -> dict[str, Any]:
    return {"group": group, "readers": readers_of(group.pk), "layout": "layouts/staff.html"}


@keeps("room.topic", never=("client_id",))
@require_http_methods(["GET", "POST"])
def room(request: SignedIn, group_id: UUID) -> HttpResponse:
    """The topics of the group; what waits for a look is marked."""
    group = _room(request, group_id)
    form = TopicForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = carry_out(form, start_topic, group=group, by=request.user, **form.cleaned_data)
        if done:
            return redirect("groups:room_topic", group.pk, done.result.pk)
    page = page_of(request, topics_of(request.user, group.pk), TOPICS)
    rows = [(topic, title_of(topic)) for topic in page]
    context = _around(group) | {"page": page, "rows": rows, "form": form}
    return show(request, "groups/room/room.html", context, form)


@keeps("room.post", never=("client_id",))
@require_http_methods(["GET", "POST"])
@transaction.atomic
def room_topic(request: SignedIn, group_id: UUID, topic_id: UUID) -> HttpResponse:
    """A topic with everything in it, also what waits and what was hidden."""
    group = _room(request, group_id)
    topic = get_object_or_404(
        topics_of(request.user, group.pk).select_related("group"), pk=topic_id
    )
    form = PostForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = carry_out(form, write_post, topic=topic, by=request.user, **form.cleaned_data)
        if done:
            return redirect("groups:room_topic", group.pk, topic.pk)
    page = page_of(request, posts_of(request.user, topic), POSTS)
    if "page" not in request.GET and page.paginator.num_pages > 1:
        page = page.paginator.page(page.paginator.num_pages)
    read = list(page)
    if stays := {post.stay_id for post in read if post.stay_id is not None}:
        opened(request.user, "room", sorted(stays), request)
    context = _around(group) | {
        "topic": topic,
        "title": title_of(topic),
        "page": page,
        "lines": lines(request.user, read),
        "form": form,
    }
    return show(request, "groups/room/room_topic.html", context, form)


#: What only the author of a post does with it.
OF_THE_AUTHOR = ("edit", "remove")


@keeps("room.judge", "room.edit")
@require_http_methods(["GET", "POST"])
@transaction.atomic
def room_post(request: SignedIn, post_id: UUID) -> HttpResponse:
    """One post: may it stand? The own one: other words, or away."""
    user = request.user
    if not may(user, MODERATE) and not may(user, JUDGE_ALONE):
        raise PermissionDenied(_("Only the youth workers of this group can do this."))
    post = get_object_or_404(
        Post.objects.visible_to(user).select_related("topic__group", "stay__participant", "by"),
        pk=post_id,
    )
    act = request.POST.get("act", "")
    forms = {
        "judge": JudgeForm(
            request.POST if request.method == "POST" and act not in OF_THE_AUTHOR else None
        ),
        "edit": EditForm(sent(request, "edit"), initial={"text": post.text}),
    }
    if request.method == "POST" and (done := _do(request, post, forms)) is not None:
        return done
    own = post.by_id == user.pk
    if post.stay_id is not None:
        opened(user, "room", [post.stay_id], request)
    context = _around(post.topic.group) | {
        "post": post,
        "line": lines(user, [post])[0],
        "own": own,
        "forms": forms,
        # Who wrote it never learns that it was reported.
        "reports": reports_of(user, post),
        "in_group": holds_here(user, MODERATE, post.topic.group_id),
    }
    return show(request, "groups/room/room_post.html", context, *forms.values())


def _do(request: SignedIn, post: Post, forms: dict[str, Any]) -> HttpResponse | None:
    act, user = request.POST.get("act"), request.user
    if act == "remove":
        if attempt(request, take_away, post=post, by=user):
            messages.success(request, _("Your post is gone."))
            return redirect("groups:room", post.topic.group_id)
        return None
    form = forms["edit" if act == "edit" else "judge"]
    if not form.is_valid():
        return None
    if act not in ("edit", "stays", "hide"):
        form.add_error(None, _("Choose: it may stand, or you hide it."))
        return None
    if act == "edit":
        if carry_out(form, edit_post, post=post, by=user, **form.cleaned_data):
            messages.success(request, _("Saved."))
            return redirect("groups:room_topic", post.topic.group_id, post.topic_id)
        return None
    if carry_out(
        form,
        judge_post,
        post=post,
        stays=act == "stays",
        seen=request.POST.get("seen", ""),
        by=user,
        **form.cleaned_data,
    ):
        messages.success(request, _("It stands there.") if act == "stays" else _("It is hidden."))
        if holds_here(user, MODERATE, post.topic.group_id):
            return redirect("groups:room_post", post.pk)
        return redirect("home:today")
    return None

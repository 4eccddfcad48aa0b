"""The room of the own group, for a young person: read, write, fold away, report (R-225)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from core.accounts.actors import SignedIn
from core.accounts.models import User
from core.drafts.declaring import keeps
from core.forms import attempt, carry_out, show
from core.names import isolated
from core.pages import page_of
from groups.models import Placement, Post, Topic, seats_in_a_room
from groups.room.folding import fold, unfold
from groups.room.forms import EditForm, PostForm, ReportForm, TopicForm
from groups.room.moderation import report_post
from groups.room.night import is_night
from groups.room.posts import edit_post, rests, start_topic, take_away, write_post
from groups.room.reading import (
    POSTS,
    TOPICS,
    has_news,
    lines,
    posts_of,
    readers_of,
    see,
    title_of,
    topics_of,
)
from groups.seats.minors import guards_minors


def own_seat(request: SignedIn) -> Placement:
    """The place that opens a room to this young person today; professionals have none (403)."""
    user = request.user
    if not user.is_participant:
        raise PermissionDenied(_("This page belongs to a participant."))
    seat = seats_in_a_room(user).select_related("trajectory__participant", "group").first()
    if seat is None:
        raise Http404
    return seat


def _around(seat: Placement) -> dict[str, Any]:
    """What stands on every page of the room: who reads along, and whether it is night."""
    stay = seat.trajectory
    readers = readers_of(seat.group_id, stay.participant)
    return {
        "seat": seat,
        "group": seat.group,
        "readers": readers,
        "reader_names": _names(readers),
        "night": is_night(clock.now()),
        "held_first": guards_minors(seat.group, stay),
        "young_reader": True,
        "layout": "layouts/participant.html",
    }


def _names(readers: list[User]) -> str:
    """Fleur, Anouk and Daan."""
    names = [isolated(reader.first_name) for reader in readers]
    if len(names) < 2:
        return "".join(names)
    return _("{these} and {last}").format(these=", ".join(names[:-1]), last=names[-1])


@require_GET
def mine(request: SignedIn) -> HttpResponse:
    """The topics of the own group, the newest first."""
    seat = own_seat(request)
    page = page_of(request, topics_of(request.user, seat.group_id), TOPICS)
    rows = [(topic, title_of(topic), has_news(topic)) for topic in page]
    context = _around(seat) | {"page": page, "rows": rows}
    answer = show(request, "groups/room/mine.html", context)
    see(seat)
    return answer


@keeps("room.topic", never=("client_id",))
@require_http_methods(["GET", "POST"])
def new_topic(request: SignedIn) -> HttpResponse:
    """Begin about something: a few words, and the first post."""
    seat = own_seat(request)
    form = TopicForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = carry_out(form, start_topic, group=seat.group, by=request.user, **form.cleaned_data)
        if done:
            return _posted(request, done.result.pk, done.result.posts.first())
    return show(request, "groups/room/new_topic.html", _around(seat) | {"form": form}, form)


@keeps("room.post", never=("client_id",))
@require_http_methods(["GET", "POST"])
def topic(request: SignedIn, topic_id: UUID) -> HttpResponse:
    """Read a topic, the last page first, and write in it."""
    seat = own_seat(request)
    found = _topic(request, seat, topic_id)
    form = PostForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = carry_out(form, write_post, topic=found, by=request.user, **form.cleaned_data)
        if done:
            return _posted(request, found.pk, done.result)
    page = _page(request, found)
    context = _around(seat) | {
        "topic": found,
        "title": title_of(found),
        "page": page,
        "lines": lines(request.user, page),
        "form": form,
    }
    return show(request, "groups/room/topic.html", context, form)


def _page(request: SignedIn, found: Topic) -> Any:
    """Without a number in the address: the last one, where the newest stand."""
    rows = posts_of(request.user, found)
    page = page_of(request, rows, POSTS)
    if "page" not in request.GET and page.paginator.num_pages > 1:
        return page.paginator.page(page.paginator.num_pages)
    return page


def _posted(request: SignedIn, topic_id: UUID, post: Post | None) -> HttpResponse:
    """Says what became of it, kindly: it stands there, in the morning, or after a look."""
    if post is not None and post.state == Post.State.HELD:
        messages.warning(
            request, _("Saved. It is not there for the others yet: see below what you can do.")
        )
    elif post is not None and post.shown_at > clock.now():
        messages.success(request, _("Saved. The others read it from seven in the morning."))
    else:
        messages.success(request, _("Your post stands there."))
    return redirect("groups:topic", topic_id)


@keeps("room.edit")
@require_http_methods(["GET", "POST"])
def post(request: SignedIn, post_id: UUID) -> HttpResponse:
    """The own post: other words, or away."""
    seat = own_seat(request)
    found = get_object_or_404(
        Post.objects.visible_to(request.user).select_related("topic__group", "stay__participant"),
        pk=post_id,
        by=request.user,
    )
    act = request.POST.get("act", "")
    form = EditForm(
        request.POST if request.method == "POST" and act != "remove" else None,
        initial={"text": found.text},
    )
    if request.method == "POST":
        if act == "remove":
            if attempt(request, take_away, post=found, by=request.user):
                messages.success(request, _("Your post is gone."))
                return redirect("groups:mine")
        elif form.is_valid():
            done = carry_out(form, edit_post, post=found, by=request.user, **form.cleaned_data)
            if done:
                return _posted(request, found.topic_id, done.result)
    context = _around(seat) | {"post": found, "form": form, "rests": rests(found, clock.now())}
    return show(request, "groups/room/my_post.html", context, form)


@keeps("room.report")
@require_http_methods(["GET", "POST"])
def report(request: SignedIn, post_id: UUID) -> HttpResponse:
    """This is not okay: why is optional, and who says it is shown to nobody."""
    seat = own_seat(request)
    found = _post(request, post_id)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if (
        request.method == "POST"
        and form.is_valid()
        and carry_out(form, report_post, post=found, by=request.user, **form.cleaned_data)
    ):
        messages.success(
            request, _("Thank you. Somebody looks at it. Nobody sees that it was you.")
        )
        return redirect("groups:topic", found.topic_id)
    context = _around(seat) | {"post": found, "line": lines(request.user, [found])[0], "form": form}
    return show(request, "groups/room/report.html", context, form)


@require_POST
def fold_topic(request: SignedIn, topic_id: UUID) -> HttpResponse:
    """Fold a topic away, or back: for this person alone."""
    seat = own_seat(request)
    found = _topic(request, seat, topic_id)
    act = unfold if request.POST.get("act") == "back" else fold
    act(stay=seat.trajectory, topic=found)
    messages.success(request, _folded(request))
    return redirect("groups:mine")


@require_POST
def fold_person(request: SignedIn, post_id: UUID) -> HttpResponse:
    """Fold away everything of the young person who wrote this post, or back."""
    seat = own_seat(request)
    found = _post(request, post_id)
    if found.stay is not None:
        act = unfold if request.POST.get("act") == "back" else fold
        if attempt(request, act, stay=seat.trajectory, other=found.stay):
            messages.success(request, _folded(request))
    return redirect("groups:topic", found.topic_id)


def _folded(request: SignedIn) -> str:
    if request.POST.get("act") == "back":
        return _("It is back.")
    return _("Folded away, for you alone. Nobody is told.")


def _topic(request: SignedIn, seat: Placement, topic_id: UUID) -> Any:
    found = topics_of(request.user, seat.group_id).select_related("group")
    return get_object_or_404(found, pk=topic_id)


def _post(request: SignedIn, post_id: UUID) -> Post:
    posts = Post.objects.visible_to(request.user)
    found: Post = get_object_or_404(
        posts.select_related("topic__group", "stay__participant", "by"), pk=post_id
    )
    return found

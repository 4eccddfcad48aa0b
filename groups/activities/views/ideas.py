"""Ideas and plans of a group: its own pages, that a worker sees too (R-139).

What young people do here, they do by themselves; a worker sees the same page, and what is only
for workers stands at its end.
"""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.accounts.actors import SignedIn
from core.drafts.declaring import keeps
from core.drafts.two_writers import in_turn, together
from core.forms import attempt, carry_out, sent, show
from core.pages import page_of
from groups.activities import funding
from groups.activities.forms import IdeaForm, QuestionsForm, TaskForm, WhenForm
from groups.activities.ideas import (
    as_seen,
    bring_back,
    like,
    propose,
    put_aside,
    read_ideas,
    unlike,
)
from groups.activities.plans import (
    answer_questions,
    back_to_ideas,
    may_rename,
    may_unplan,
    meetings_to_plan,
    plan_activity,
)
from groups.activities.taking_part import is_done, seats_in, who_cannot_come
from groups.activities.tasks import (
    add_task,
    drop_task,
    give_back_task,
    no_longer_organise,
    organise,
    settle_task,
    take_task,
)
from groups.activities.views.whose import activity_and_stay, group_and_stay, layout
from groups.models import Activity, Meeting
from groups.permissions import PLACE, holds_here
from participants.models import Trajectory

A_PAGE = 30
METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def ideas(request: SignedIn, group_id: UUID) -> HttpResponse:
    """What is planned, what could be done; a title is enough to propose something."""
    group, stay = group_and_stay(request, group_id)
    form = IdeaForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        act = partial(propose, group_id=group.pk, by=request.user, trajectory=stay)
        if carry_out(form, act, title=form.cleaned_data["title"]):
            messages.success(request, _("Your idea is in the list. The whole group sees it."))
            return redirect("groups:ideas", group.pk)
    found = read_ideas(request.user, group.pk, stay)
    context = {
        "group": group,
        "stay": stay,
        "layout": layout(stay),
        "leads": stay is None and holds_here(request.user, PLACE, group.pk),
        "form": form,
        "found": found,
        "page": page_of(request, found.open, A_PAGE),
    }
    return show(request, "groups/activities/ideas.html", context, form)


@require_http_methods(METHODS)
def idea(request: SignedIn, activity_id: UUID) -> HttpResponse:
    """One idea or plan, with everything that can be done about it."""
    activity, stay = activity_and_stay(request, activity_id)
    form = TaskForm(sent(request, "add_task") or sent(request, "add_own_task"))
    if request.method == "POST":
        act = request.POST.get("act", "")
        if form.is_bound:
            add = partial(add_task, activity=activity, trajectory=stay, mine=act == "add_own_task")
            if form.is_valid() and carry_out(form, add, task=form.cleaned_data["task"]):
                return redirect(_at(activity, "tasks"))
        else:
            return _acted(request, activity, stay, act)
    context = _about(request, activity, stay) | {"form": form}
    return show(request, "groups/activities/idea.html", context, form)


def _about(request: SignedIn, activity: Activity, stay: Trajectory | None) -> dict[str, Any]:
    here = frozenset(seats_in(activity.group_id).values_list("trajectory", flat=True))
    leads = stay is None and holds_here(request.user, PLACE, activity.group_id)
    one = as_seen(activity, stay, here, who_cannot_come(activity) if leads else frozenset())
    over = is_done(activity, clock.now())
    return {
        "group": activity.group,
        "stay": stay,
        "layout": layout(stay),
        "leads": leads,
        "one": one,
        "over": over,
        "takes_part": stay is not None and stay.phase != Trajectory.Phase.PAUSED and not over,
        "may_unplan": leads or (stay is not None and may_unplan(activity, request.user, stay)),
        "aside_by_worker": activity.put_aside_by_id not in (None, request.user.pk),
        "asked": funding.waiting_for(stay, activity) if stay is not None else None,
    }


def _acted(
    request: SignedIn, activity: Activity, stay: Trajectory | None, name: str
) -> HttpResponse:
    """Do what was tapped; a rule that says no is said on the page that follows."""
    own = _own_acts(request, activity, stay) if stay is not None else {}
    anybodys: dict[str, Callable[[], object]] = {
        "aside": partial(put_aside, activity=activity, by=request.user, trajectory=stay),
        "bring_back": partial(bring_back, activity=activity, by=request.user, trajectory=stay),
        "unplan": partial(back_to_ideas, activity=activity, by=request.user, trajectory=stay),
        "drop_task": lambda: drop_task(
            activity=activity, task_id=_task(request), by=request.user, trajectory=stay
        ),
    }
    act = (own | anybodys).get(name)
    if act is None:
        if stay is None and name in OWN:
            raise PermissionDenied(_("Young people choose and arrange this themselves."))
        raise BadRequest("No such act.")
    done = attempt(request, act)
    if done and name in SAID:
        messages.success(request, SAID[name]())
    if request.POST.get("from") == "list" or (done and name == "aside"):
        page = reverse("groups:ideas", args=[activity.group_id])
        return redirect(page if name == "aside" else f"{page}#idea-{activity.pk}")
    return redirect(_at(activity, "tasks" if "task" in name else ""))


def _own_acts(
    request: SignedIn, activity: Activity, stay: Trajectory
) -> dict[str, Callable[[], object]]:
    """What only somebody of the group does."""
    mine: dict[str, Any] = {"activity": activity, "trajectory": stay}
    return {
        "like": partial(like, **mine),
        "unlike": partial(unlike, **mine),
        "organise": partial(organise, **mine),
        "no_longer_organise": partial(no_longer_organise, **mine),
        "take_task": lambda: take_task(task_id=_task(request), **mine),
        "give_back_task": lambda: give_back_task(task_id=_task(request), **mine),
        "task_done": lambda: settle_task(task_id=_task(request), **mine),
        "task_not_done": lambda: settle_task(task_id=_task(request), done=False, **mine),
    }


OWN = frozenset(
    (
        "like",
        "unlike",
        "organise",
        "no_longer_organise",
        "take_task",
        "give_back_task",
        "task_done",
        "task_not_done",
    )
)
SAID: dict[str, Callable[[], str]] = {
    "organise": lambda: _("You organise this. Nice!"),
    "no_longer_organise": lambda: _("You gave it back. That is fine."),
    "take_task": lambda: _("You do this. Nice!"),
    "give_back_task": lambda: _("You gave it back. That is fine."),
    "task_done": lambda: _("Arranged. Nice!"),
    "aside": lambda: _("Put aside. You can bring it back."),
    "bring_back": lambda: _("It is an idea again."),
    "unplan": lambda: _("It is an idea again."),
}


def _task(request: SignedIn) -> UUID:
    try:
        return UUID(request.POST.get("task", ""))
    except ValueError as wrong:
        raise BadRequest("No such task.") from wrong


def _at(activity: Activity, place: str) -> str:
    page = reverse("groups:idea", args=[activity.pk])
    return f"{page}#{place}" if place else page


@keeps("activity.questions")
@require_http_methods(METHODS)
@in_turn
def questions(request: SignedIn, activity_id: UUID) -> HttpResponse:
    """Cost, people, transport, preparation: the group finds out itself whether it can be done."""
    activity, stay = activity_and_stay(request, activity_id)
    known = {name: getattr(activity, name) for name in QuestionsForm.base_fields}
    renames = may_rename(activity, stay)
    form = QuestionsForm(
        request.POST if request.method == "POST" else None, initial=known, renames=renames
    )
    stands = QuestionsForm(initial=known, renames=renames)
    if form.is_bound and form.is_valid() and together(request, form, stands):
        answers = {"title": activity.title, **form.cleaned_data}
        act = partial(answer_questions, activity=activity, by=request.user, trajectory=stay)
        if carry_out(form, act, **answers):
            messages.success(request, _("Saved. The whole group sees it."))
            return redirect("groups:idea", activity.pk)
    context = {
        "activity": activity,
        "stay": stay,
        "layout": layout(stay),
        "leads": stay is None and holds_here(request.user, PLACE, activity.group_id),
        "form": form,
    }
    return show(request, "groups/activities/questions.html", context, form)


@require_http_methods(METHODS)
def when(request: SignedIn, activity_id: UUID) -> HttpResponse:
    """The next meeting, or one of the weeks after it (R-133)."""
    activity, stay = activity_and_stay(request, activity_id)
    coming = meetings_to_plan(Meeting.objects.visible_to(request.user), activity.group_id)
    free = {str(row.pk): row for row in coming if _plan_of(row) is None}
    choices = [
        (key, capfirst(date_format(clock.local(row.starts_at), "l j F, H:i")))
        for key, row in free.items()
    ]
    form = WhenForm(
        request.POST if request.method == "POST" else None,
        choices=choices,
        initial={"meeting": next(iter(free), None)},
    )
    if form.is_bound and form.is_valid():
        act = partial(plan_activity, activity=activity, by=request.user, trajectory=stay)
        if carry_out(form, act, meeting=free[form.cleaned_data["meeting"]]):
            messages.success(request, _("Planned. Everybody in the group sees it."))
            return redirect("groups:idea", activity.pk)
    context = {
        "activity": activity,
        "stay": stay,
        "layout": layout(stay),
        "leads": stay is None and holds_here(request.user, PLACE, activity.group_id),
        "form": form,
        "free": free,
        "taken": [(row, _plan_of(row)) for row in coming if _plan_of(row) is not None],
    }
    return show(request, "groups/activities/when.html", context, form)


def _plan_of(meeting: Meeting) -> Activity | None:
    return getattr(meeting, "plan", None)

"""Who talks, and what was heard: home may not know (C-48), a parent who came back (C-47), and a
parent with a professional's address (R-347)."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.accounts.actors import SignedIn
from core.accounts.models import User
from core.accounts.rights import reach
from core.ages import age_on
from core.audit.log import opened
from core.drafts.declaring import keeps
from core.forms import attempt, carry_out, show
from core.messaging.models import Contact
from participants.access import guardian_of, stay_or_404
from participants.models import HomeSilence, ParentAtWork, Participant, Trajectory
from participants.parents import addresses, asked_again, mail_home, not_at_home
from participants.parents.forms import AskedAgainForm, TalkedForm
from participants.permissions import DECIDE


@keeps("silence", private=True, never=("still", "alone"))
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def silence(request: SignedIn, silence_id: UUID) -> HttpResponse:
    """What to do, how to reach them safely, and what came out of the talk (R-346)."""
    rows = HomeSilence.objects.visible_to(request.user).with_called()
    row = get_object_or_404(rows.select_related("participant__contact"), pk=silence_id)
    person = row.participant
    form = TalkedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("still", "words")}
        if carry_out(form, not_at_home.note_talk, silence=row, by=request.user, **given):
            messages.success(request, _("Kept. Messages may leave again, in the safe way."))
            return redirect("home:today")
    opened(request.user, "unsafe_home", not_at_home.stays_of(row), request)
    names = dict(Contact.Channel.choices)
    context = {
        "row": row,
        "person": person,
        "age": age_on(person.birth_date, clock.today()),
        "channels": [names.get(channel, channel) for channel in person.contact.safe_channels],
        "guides": _guides(request.user, person),
        "form": form,
    }
    return show(request, "participants/parents/silence.html", context, form)


def _guides(user: User, person: Participant) -> bool:
    """A worker of a group of theirs has the address at hand; a coordinator the channel alone."""
    stays = Trajectory.objects.visible_to(user).filter(participant=person)
    return stays.filter(group__in=reach(user, DECIDE).groups).exists()


@keeps("asked_again", never=("spoken", "agreed", "can_harm"))
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def parent_asked_again(request: SignedIn, trajectory_id: UUID, guardian_id: UUID) -> HttpResponse:
    """After a no or a withdrawal: the parent's own word, rung back and written down."""
    stay = stay_or_404(request, trajectory_id)
    guardian = guardian_of(stay, guardian_id)
    no = mail_home.last_no(guardian)
    if no is None or stay.phase in Trajectory.Phase.OVER:
        return redirect("participants:parents", stay.pk)
    shown = {"heard_on": clock.today(), "no": no.pk}
    form = AskedAgainForm(request.POST or None, initial=shown)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        given.pop("spoken")
        tried = carry_out(
            form,
            asked_again.record_asked_again,
            guardian=guardian,
            trajectory=stay,
            by=request.user,
            **given,
        )
        if tried:
            messages.success(request, _("Written down. Nothing has been sent yet."))
            return redirect("participants:parents", stay.pk)
    opened(request.user, "parents", [stay.pk], request)
    context = {
        "stay": stay,
        "person": stay.participant,
        "guardian": guardian,
        "number": asked_again.number_known(no),
        "form": form,
    }
    return show(request, "participants/parents/asked_again.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def parent_at_work(request: SignedIn, at_work_id: UUID) -> HttpResponse:
    """For the coordinator: is this professional a parent, or is the address wrong?"""
    row = get_object_or_404(
        ParentAtWork.objects.visible_to(request.user).select_related(
            "trajectory__participant", "professional", "guardian"
        ),
        pk=at_work_id,
    )
    if request.method == "POST":
        said = {"yes": True, "no": False}.get(request.POST.get("parent", ""))
        if said is None:
            raise BadRequest("Neither yes nor no.")
        if attempt(request, addresses.settle_at_work, row=row, is_parent=said, by=request.user):
            messages.success(request, _("Kept."))
        return redirect("home:today")
    opened(request.user, "parents", [row.trajectory_id], request)
    person = row.trajectory.participant
    context = {"row": row, "person": person, "age": age_on(person.birth_date, clock.today())}
    return render(request, "participants/parents/at_work.html", context)

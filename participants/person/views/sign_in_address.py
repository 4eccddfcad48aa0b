"""Another address to sign in with: type it, then the code that was mailed there (R-341)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.actors import SignedIn
from core.accounts.new_address import read_ticket
from core.errors import RuleBroken
from core.forms import carry_out, show
from participants.models import Participant
from participants.person import sign_in_address
from participants.person.forms import NewAddressCodeForm, NewAddressForm

PAGE = "participants/account/sign_in_address.html"


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: SignedIn) -> HttpResponse:
    """Both steps at one address: the second is the answer to the first, and carries its ticket."""
    person = Participant.objects.filter(user=request.user).select_related("contact", "user").first()
    if person is None:
        raise Http404
    if request.POST.get("act") == "code":
        return _code(request, person, request.POST.get("ticket", ""))
    form = NewAddressForm(
        request.POST or None, initial={"read_by_others": person.contact.shared_mailbox}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        asked = carry_out(form, sign_in_address.ask, request, participant=person, **given)
        if asked:
            context = {
                "ticket": asked.result,
                "email": given["email"],
                "form": NewAddressCodeForm(),
            }
            return show(request, PAGE, context)
    return show(request, PAGE, {"form": form}, form)


def _code(request: SignedIn, person: Participant, ticket: str) -> HttpResponse:
    user = request.user
    try:
        email = read_ticket(user, ticket).email
    except RuleBroken as broken:
        messages.error(request, broken.message)
        return redirect("participants:sign_in_address")
    form = NewAddressCodeForm(request.POST)
    if form.is_valid() and carry_out(
        form,
        sign_in_address.confirm,
        request,
        participant=person,
        ticket=ticket,
        code=form.cleaned_data["code"],
    ):
        messages.success(
            request, _("From now on you sign in with this address. Elsewhere you are signed out.")
        )
        return redirect("participants:own_codes")
    return show(request, PAGE, {"form": form, "ticket": ticket, "email": email}, form)

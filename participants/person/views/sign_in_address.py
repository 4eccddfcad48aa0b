"""Another address to sign in with: type it, then the code that was mailed there (R-341)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.actors import SignedIn
from core.accounts.limits import within
from core.accounts.new_address import read_ticket
from core.accounts.signin import stay_in
from core.denied import too_often
from core.forms import carry_out, show
from participants.access import own_stay
from participants.models import Participant
from participants.person import sign_in_address
from participants.person.forms import NewAddressCodeForm, NewAddressForm

PAGE = "participants/account/sign_in_address.html"


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: SignedIn) -> HttpResponse:
    """Both steps at one address: the second is the answer to the first, and carries its ticket."""
    person = own_stay(request).participant
    if request.POST.get("act") == "code":
        return _code(request, person, request.POST.get("ticket", ""))
    form = NewAddressForm(
        request.POST or None, initial={"read_by_others": person.contact.shared_mailbox}
    )
    if request.method == "POST" and form.is_valid():
        if not within(request, "new_address", str(request.user.pk)):
            return too_often(request)
        given = form.cleaned_data
        asked = carry_out(form, sign_in_address.ask, participant=person, by=request.user, **given)
        if asked:
            code = NewAddressCodeForm()
            context = {"ticket": asked.result, "email": given["email"], "form": code}
            return show(request, PAGE, context)
    return show(request, PAGE, {"form": form}, form)


def _code(request: SignedIn, person: Participant, ticket: str) -> HttpResponse:
    user = request.user
    asked = read_ticket(user, ticket)
    if asked is None:
        messages.error(request, _("This took too long. Fill in your address once more."))
        return redirect("participants:sign_in_address")
    if not within(request, "new_address_code", asked.number):
        messages.error(request, _("That went wrong too often. Ask for a new code."))
        return redirect("participants:sign_in_address")
    form = NewAddressCodeForm(request.POST)
    if form.is_valid():
        act = sign_in_address.confirm
        code = form.cleaned_data["code"]
        tried = carry_out(form, act, participant=person, asked=asked, code=code, by=user)
        if tried:
            stay_in(request, tried.result)
            messages.success(
                request,
                _("From now on you sign in with this address. Elsewhere you are signed out."),
            )
            return redirect("participants:own_codes")
    return show(request, PAGE, {"form": form, "ticket": ticket, "email": asked.email}, form)

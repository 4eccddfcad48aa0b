"""The page in hand after signing up: is it right, mend it, take it back. No account needed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.limits import limited
from core.forms import attempt, carry_out, show
from core.link_pages import LinkPage, OpenPage, behind_a_link
from core.other_language import as_typed, remember_language, switched_to
from participants.models import SignUpReceipt
from participants.signup import receipt as receipts
from participants.signup.forms.receipt import ReceiptForm
from participants.signup.views.arrival import ARRIVED


def _gone(request: HttpRequest) -> HttpResponse:
    """One answer for every link that does not work (any more)."""
    return render(request, "participants/receipt_gone.html", status=410)


RECEIPT = LinkPage(
    salt="participants.receipt",
    at="participants:receipt",
    seconds=2 * 60 * 60,
    dead=_gone,
)


@RECEIPT.door
def receipt_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the message; opening it changes nothing."""
    return RECEIPT.open(request, receipts.by_link(token))


@ARRIVED.page
@require_safe
def receipt_here(request: HttpRequest, link: OpenPage) -> HttpResponse:
    """From the thank-you page, in the browser that just signed up: the mail may never arrive."""
    return RECEIPT.open(request, receipts.by_key(UUID(link.subject)))


@RECEIPT.page
@require_http_methods(["GET", "HEAD", "POST"])
@limited("sign_up")
def receipt(request: HttpRequest, link: OpenPage) -> HttpResponse:
    row = receipts.find(link.subject)
    if row is None:
        return _gone(request)
    if request.method != "POST":
        return _page(request, link, row, ReceiptForm(contact=row.contact))
    form = ReceiptForm(request.POST, contact=row.contact)
    if language := switched_to(request):
        return remember_language(_page(request, link, row, as_typed(form)), language)
    if form.is_valid() and carry_out(form, receipts.correct, receipt=row, **form.cleaned_data):
        messages.success(request, _("Your changes are saved."))
        by_key = receipts.by_key(row.pk)  # the link of another mailbox has gone
        if link.subject == by_key:
            return redirect(link.address)
        return link.forget(RECEIPT.open(request, by_key))
    return _page(request, link, row, form)


@RECEIPT.page
@require_POST
@limited("sign_up")
def receipt_withdraw(request: HttpRequest, link: OpenPage) -> HttpResponse:
    row = receipts.find(link.subject)
    if row is None:
        return _gone(request)
    if attempt(request, receipts.take_back, receipt=row):
        return link.forget(redirect("participants:receipt_withdrawn"))
    return redirect(link.address)


@behind_a_link
@require_safe
def receipt_withdrawn(request: HttpRequest) -> HttpResponse:
    """Without a name: the same page for everybody."""
    return render(request, "participants/receipt_withdrawn.html")


def _page(
    request: HttpRequest, link: OpenPage, row: SignUpReceipt, form: ReceiptForm
) -> HttpResponse:
    context = {
        "link": link,
        "receipt": row,
        "form": form,
        "may_correct": receipts.may_correct(row),
    }
    return show(request, "participants/receipt.html", context, form)

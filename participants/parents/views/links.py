"""The pages behind a link in a parent's mail: each link opens one kind, and one question."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.link_pages import Before, LinkPage, OpenPage
from participants.models import ParentalConsent
from participants.parents.question import find_by_hash, find_link

SECONDS = 2 * 60 * 60


def dead(request: HttpRequest) -> HttpResponse:
    """One status and one body for every link that does not work (any more).

    Who pressed a button reads that it did nothing: "then all is well" would not be true.
    """
    pressed = {"pressed": request.method == "POST"}
    return render(request, "participants/parents/dead.html", pressed, status=410)


def for_parents(purpose: str, at: str) -> LinkPage:
    return LinkPage(
        salt=f"participants.parents.{purpose}",
        at=at,
        seconds=SECONDS,
        dead=dead,
        no_referrer=True,
        before=Before(f"parent-{purpose}", "/ouders/"),
    )


ANSWER = for_parents("answer", "participants:parent_page")
WITHDRAW = for_parents("withdraw", "participants:parent_withdraw_page")
RECEIPT = for_parents("receipt", "participants:parent_receipt_pdf")


def consent_behind(link: OpenPage, purpose: str) -> ParentalConsent | None:
    """The question that this page is about, when its link works now."""
    return find_by_hash(bytes.fromhex(link.subject), purpose)


def consent_of(subject: str, purpose: str) -> ParentalConsent | None:
    """The same, whether the link works or not. The subject comes out of a ticket of ours."""
    return find_link(bytes.fromhex(subject), purpose)

"""Who can help: the own youth workers, somebody outside the group, and the lines for everyone."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.accounts.actors import SignedIn
from participants.access import own_stay
from participants.models import Trajectory
from participants.recusal.recusal import guides_of
from participants.signup.sign_up import organisation_of


@require_safe
def who_helps(request: SignedIn) -> HttpResponse:
    """From the sign-up on, and just as well after leaving. Photos only while the stay runs."""
    stay = own_stay(request)
    return render(
        request,
        "participants/account/who_helps.html",
        {
            "workers": guides_of(stay),
            "faces": stay.phase not in Trajectory.Phase.OVER,
            "organisation": organisation_of(stay.group_id) if stay.group_id else None,
        },
    )

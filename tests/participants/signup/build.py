"""The pages of signing up, and the form as a phone would post it."""

from typing import Any

from django.test import Client

from core import clock
from core.ages import birthday
from participants.signup.forms.sign_up import new_key
from tests.link_pages import Behind

CHECK, SIGN_UP = "/kijk-bij-mij/", "/aanmelden/"
CHECKED = "/kijk-bij-mij/uitkomst/"
INTEREST = "/laat-het-me-weten/"
#: For a browser that does not remember who signed up; each sign-up has a page behind it.
SIGNED_UP, WAITING = "/aangemeld/", "/aangemeld/wachten/"


def answer_to(client: Any, age: str, place: str = "3511", **more: str) -> Any:
    """The page that says whether there is a Join Us there for that age."""
    return client.post(CHECK, {"place": place, "age": age, **more}, follow=True)


def thanked(client: Client, **changes: Any) -> Behind:
    """Sign up, and stand on the page that thanks for it."""
    return Behind.at(client, client.post(SIGN_UP, form(**changes)))


def form(**changes: Any) -> dict[str, Any]:
    """A complete sign-up of a 14-year-old, as a phone would post it."""
    born = changes.pop("born", birthday(clock.today(), -14))
    data = {
        "key": new_key(),
        "call_name": "Bo",
        "birth_date_day": born.day,
        "birth_date_month": born.month,
        "birth_date_year": born.year,
        "postcode": "3511 AB",
        "channel": "email",
        "email": "bo@example.org",
        "others_read": "no",
        "home_may_know": "yes",
        "first_contact_by": "app",
        "first_contact_when": "19",
        "heard_from": "friend",
        "myself": "on",
    }
    return {k: v for k, v in {**data, **changes}.items() if v is not None}

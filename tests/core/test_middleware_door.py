"""A door never stands inside a piece of another page."""

from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from core.ids import uuid7


@pytest.mark.django_db
def test_a_tap_of_nobody_leads_the_whole_page_to_the_door_and_back() -> None:
    sheet = reverse("groups:meeting", args=[uuid7()])
    answer = Client().post(
        reverse("groups:undo", args=[uuid7()]),
        headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{sheet}"},
    )
    assert answer.status_code == 204
    assert answer["HX-Redirect"].endswith(f"?next={sheet.replace('/', '%2F')}")


@pytest.mark.django_db
def test_a_button_pressed_while_signed_out_leads_back_to_the_page_it_stood_on() -> None:
    """Its own address takes no look: whoever signs in again would find nothing there."""
    client = Client()
    act, page = reverse("groups:cancel", args=[uuid7()]), reverse("home:today")
    door = reverse("account_request_login_code")
    here = {"referer": f"http://testserver{page}"}
    assert client.post(act, headers=here)["Location"] == f"{door}?{urlencode({'next': page})}"
    elsewhere = {"referer": "https://example.org/vandaag/"}
    assert client.post(act, headers=elsewhere)["Location"] == door
    assert client.post(act)["Location"] == door
    assert client.get(page)["Location"] == f"{door}?next={page}"

"""A door never stands inside a piece of another page."""

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

"""R-096: extra work forms are there for who asks; nothing offers them."""

import pytest
from django.urls import reverse

from challenges.support.on_request import WORK_FORMS
from core import clock
from tests import world
from tests.challenges.preparing.scene import DAY, Scene


@pytest.mark.req("R-096")
def test_they_are_read_below_the_support_forms_and_offered_nowhere(scene: Scene) -> None:
    eyes, amir = world.eyes(scene.fleur), scene.stays["Amir"]
    page = eyes.get(reverse("challenges:support_forms")).content.decode()
    part = page[page.index('id="on-request"') :].partition("</section>")[0]
    assert "Bied het alleen aan wie naar zoiets vraagt." in part
    assert "Het eigen netwerk in kaart brengen" in part
    assert all(str(words) in part for one in WORK_FORMS for words in (one.name, one.text))
    young = world.eyes(amir.participant.user)
    with clock.travel(clock.at(DAY, 20)):
        offers = [
            scene.page(scene.fleur),
            eyes.get(scene.url("support_at", amir.pk)).content.decode(),
            eyes.get(reverse("challenges:support_of_stay", args=[amir.pk])).content.decode(),
            young.get(reverse("challenges:choose")).content.decode(),
            young.get(reverse("home:today")).content.decode(),
        ]
    assert not any(str(one.name) in page for one in WORK_FORMS for page in offers)

"""The same people stand in the same order on every page (R-344)."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from tests import world

IN_ORDER = [
    "anna",
    "Bo",
    "Émile",
    "Eva",
    "'t Hart",
    "IJsbrand",
    "İpek",
    "Omar",
    "Özlem",
    "Sam",
    "Şükrü",
    "Zoë",
]
NAMES = re.compile(r">\s*(" + "|".join(IN_ORDER) + r")\s*<")


@pytest.mark.django_db
@pytest.mark.req("R-344")
def test_twelve_names_stand_in_one_order_wherever_they_are_listed(client: Client) -> None:
    group = world.make_group()
    for name in sorted(IN_ORDER):
        world.make_participating(group, since=clock.today() - timedelta(days=30), call_name=name)
    meeting = world.make_meeting(group, clock.today())
    client.force_login(world.make_worker(group))
    pages = {
        "start": reverse("home:today"),
        "group": reverse("groups:group", args=[group.pk]),
        "sheet": reverse("groups:meeting", args=[meeting.pk]),
        "challenges": reverse("challenges:of_group", args=[group.pk]),
    }
    read = {
        name: list(dict.fromkeys(NAMES.findall(unescape(client.get(path).content.decode()))))
        for name, path in pages.items()
    }
    assert read == dict.fromkeys(pages, IN_ORDER)


@pytest.mark.django_db
@pytest.mark.req("R-344")
def test_workers_and_groups_stand_in_the_same_order(client: Client) -> None:
    region = world.make_region()
    for name in sorted(IN_ORDER):
        world.make_worker(world.make_group(name=name, region=region), name=f"{name} Bakker")
    client.force_login(world.make_coordinator(region))
    page = unescape(client.get(reverse("groups:list")).content.decode())
    assert list(dict.fromkeys(NAMES.findall(page))) == IN_ORDER

"""The demo's door: a button per role signs in, and it exists in the demo only."""

import importlib
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory
from django.urls import clear_url_caches, set_urlconf

from core.accounts.roles import Role
from core.accounts.signin import took_both_steps
from joinus.demo.doors import doors
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    import joinus.urls

    importlib.reload(joinus.urls)
    clear_url_caches()
    yield
    settings.DEMO = False
    importlib.reload(joinus.urls)
    clear_url_caches()
    set_urlconf(None)


@pytest.fixture
def everyone():
    group = world.make_group()
    world.make_trajectory(group=group, call_name="Sam")
    world.make_worker(group)
    world.make_manager(group.location.organisation)
    world.make_coordinator(group.location.region)
    for role in (Role.QUALITY_COORDINATOR, Role.FOUNDATION, Role.RESEARCHER):
        world.make_national(role)


def test_there_is_a_button_per_role_and_each_signs_in(demo, everyone):
    body = Client().get("/demo/").content.decode()
    assert [door.key for door in doors()] == ["participant", *Role.values]
    for door in doors():
        assert f'value="{door.key}"' in body
        client = Client()
        assert client.post("/demo/binnen/", {"who": door.key}).status_code == 302
        assert client.session["_auth_user_id"] == str(door.user.pk)
        request = RequestFactory().get("/")
        request.session, request.user = client.session, door.user
        assert took_both_steps(request)


def test_only_the_buttons_people_can_be_entered_and_only_by_post(demo, everyone):
    assert Client().post("/demo/binnen/", {"who": "somebody"}).status_code == 404
    assert Client().get("/demo/binnen/").status_code == 405
    assert (
        Client(enforce_csrf_checks=True).post("/demo/binnen/", {"who": "participant"}).status_code
        == 403
    )


def test_without_demo_settings_there_is_no_demo(client):
    assert client.get("/demo/").status_code == 404


def test_production_with_the_demo_installed_does_not_start(monkeypatch):
    for name in (
        "SECRET_KEY",
        "FIELD_KEYS",
        "DATABASE_URL",
        "REDIS_URL",
        "EMAIL_URL",
        "ALLOWED_HOSTS",
    ):
        monkeypatch.setenv(name, "x")
    from joinus.settings import base

    monkeypatch.setattr(base, "INSTALLED_APPS", [*base.INSTALLED_APPS, "joinus.demo"])
    monkeypatch.delitem(sys.modules, "joinus.settings.production", raising=False)
    with pytest.raises(ImproperlyConfigured, match="demo"):
        importlib.import_module("joinus.settings.production")

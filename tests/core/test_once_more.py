"""A deadlock that still comes is tried again once, and nothing is done twice (R-357)."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import messages
from django.contrib.auth import login
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from psycopg.errors import DeadlockDetected

from core.accounts.models import User
from core.errors import NotYours, RuleBroken
from core.locks import lock_copy
from core.organisations.models import Municipality, Region
from tests import world

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls(__name__),
    pytest.mark.req("R-357"),
]
acts: list[Callable[[], None]] = []


def view(_request: HttpRequest) -> HttpResponse:
    """Each time it is asked it does the next of `acts`, in one transaction."""
    with transaction.atomic():
        acts.pop(0)()
    return HttpResponse("done")


def view_that_says_so(request: HttpRequest) -> HttpResponse:
    """A message beside its act, and then the page that shows what was said."""
    with transaction.atomic():
        messages.success(request, "Kept.")
        acts.pop(0)()
    return HttpResponse(" | ".join(str(said) for said in messages.get_messages(request)))


def view_that_signs_in(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        login(request, User.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
        acts.pop(0)()
    return HttpResponse("done")


def view_that_committed(request: HttpRequest) -> HttpResponse:
    Region.objects.create(name="stands")
    return view(request)


urlpatterns = [path("act/", view), path("after/", view_that_committed)]
urlpatterns += [path("said/", view_that_says_so), path("in/", view_that_signs_in)]


@pytest.fixture
def client(settings: Any) -> Client:
    settings.MIDDLEWARE = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "core.denied.RuleMiddleware",
        "core.once_more.OnceMoreMiddleware",
    ]
    return Client()


def write(name: str = "written") -> None:
    Region.objects.create(name=name)


def deadlock() -> None:
    write()
    raise OperationalError from DeadlockDetected()


def names() -> list[str]:
    return sorted(Region.objects.values_list("name", flat=True))


def test_the_one_whom_the_database_ended_comes_through_and_writes_once(client: Client) -> None:
    one, two = sorted((world.make_municipality() for _n in range(2)), key=lambda row: row.pk)
    first_held, second_held = threading.Event(), threading.Event()

    def other() -> None:
        """Second, then first: the wrong way round, on purpose."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set local deadlock_timeout = '30s'")
            Municipality.objects.filter(pk=two.pk).update(name="Two")
            second_held.set()
            first_held.wait(10)
            Municipality.objects.filter(pk=one.pk).update(name="One")
        connection.close()

    def caught() -> None:
        write()
        with connection.cursor() as cursor:
            cursor.execute("set local deadlock_timeout = '200ms'")
        lock_copy(one)
        first_held.set()
        second_held.wait(10)
        lock_copy(two)

    regions = Region.objects.count()
    acts[:] = [caught, caught]
    thread = threading.Thread(target=other)
    thread.start()
    second_held.wait(10)
    assert client.post("/act/").content == b"done"
    thread.join(10)
    assert acts == [], "asked twice"
    assert Region.objects.count() == regions + 1, "written once"


@pytest.mark.parametrize("broken", [RuleBroken("no", "no"), NotYours("no", "no")])
def test_a_rule_that_is_broken_the_second_time_is_answered_as_ever(
    client: Client, broken: RuleBroken
) -> None:
    def refuse() -> None:
        raise broken

    acts[:] = [deadlock, refuse]
    assert client.post("/act/").status_code == (403 if isinstance(broken, NotYours) else 409)
    assert names() == []


def test_it_is_tried_once_and_not_for_ever(client: Client) -> None:
    acts[:] = [deadlock, deadlock, write]
    with pytest.raises(OperationalError):
        client.post("/act/")
    assert len(acts) == 1
    assert names() == []


def test_what_was_committed_before_is_never_done_again(client: Client) -> None:
    acts[:] = [deadlock, write]
    with pytest.raises(OperationalError):
        client.post("/after/")
    assert len(acts) == 1
    assert names() == ["stands"]


def test_another_error_of_the_database_is_no_deadlock(client: Client) -> None:
    def fails() -> None:
        raise OperationalError("the line is broken")

    acts[:] = [fails, write]
    with pytest.raises(OperationalError):
        client.post("/act/")
    assert len(acts) == 1


def test_what_the_first_try_would_have_said_is_said_once(client: Client) -> None:
    acts[:] = [deadlock, write]
    assert client.post("/said/").content == b"Kept."
    assert names() == ["written"]


def test_whoever_was_just_signed_in_is_not_asked_again(client: Client) -> None:
    """The session in memory is not undone with the transaction."""
    world.make_staff()
    acts[:] = [deadlock, write]
    with pytest.raises(OperationalError):
        client.post("/in/")
    assert len(acts) == 1

"""The access table, tried both ways for every identity (trust.md 1)."""

import json
import sys
import types
from collections.abc import Iterator
from functools import cache
from uuid import uuid4

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.management import call_command
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import clear_url_caches, include, path, resolve, reverse

from core import pdf
from core.accounts.models import User
from core.accounts.rights import declared
from core.texts.models import TextVersion
from participants.parents import question as parental
from participants.referrers import consent as feedback
from tests.access.table import HIDDEN, IDENTITIES, OPEN, RULES, TABLE, Line
from tests.access.town import INTAKE, NAME, TRIES, Town
from tests.access.walk import (
    METHODS,
    addresses,
    ask,
    fingerprint,
    missing,
    superfluous,
    verdict,
    wrong,
)

WRITTEN = {(line.name, line.method) for line in TABLE}


@pytest.fixture(scope="module")
def built_town(django_db_setup, django_db_blocker) -> Iterator[Town]:
    """One town for all lines: each request is undone, so nothing of one is felt in the next."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "render", cache(pdf.render))  # the same paper is laid out once
        yield Town()
        transaction.set_rollback(True)


@pytest.fixture
def town(db, built_town) -> Iterator[Town]:
    with transaction.atomic():
        yield built_town
        transaction.set_rollback(True)


@pytest.mark.req("R-004", "R-006", "R-007", "R-010")
@pytest.mark.parametrize("identity", IDENTITIES)
def test_everybody_gets_the_written_answer_at_every_address(town, identity):
    """And a refusal changes and sends nothing."""
    found = wrong(town, identity)
    assert not found, "\n".join(found)


#: What a parent's links are for; everything else a parent can open is open to the whole world.
FOR_PARENTS = {
    "participants:parent_page",
    "participants:parent_withdraw_page",
    "participants:parent_receipt_pdf",
    "participants:parent_feedback_page",
}


@pytest.mark.req("R-112")
def test_a_parent_with_every_link_opens_nothing_of_the_child_at_any_address(town):
    """Challenges, observations, answers, logbook: the whole resolver with a parent's cookies."""
    tie = town.tie
    young = tie.trajectory.participant.user
    text = TextVersion.objects.current("feedback", "nl")
    feedback.answer_for_myself(tie=tie, yes=True, by=young, text=text)
    client = Client(raise_request_exception=False)
    secrets = {
        "parent_consent": town.token,
        "parent_withdraw": parental.issue_link(town.question, "withdraw"),
        "parent_receipt": parental.issue_link(town.question, "receipt"),
        "parent_feedback": feedback.ask_parent(
            tie=tie, guardian=town.question.guardian, by=town.users["worker"]
        )[1],
    }
    own = {}
    for name, secret in secrets.items():
        shown = client.get(reverse(f"participants:{name}", args=[secret]))["Location"]
        own[resolve(shown).view_name] = shown
    assert set(own) == FOR_PARENTS
    pocket, opened = client.cookies, set()
    for name in addresses():
        client.cookies = pocket.copy()
        line = Line(name, "GET", "everyone")
        url = own.get(name) or reverse(name, kwargs=town.arguments(line))
        answer = client.get(url)
        if verdict(answer) != OPEN:
            continue
        opened.add(name)
        body = b"".join(answer) if answer.streaming else answer.content
        if name not in FOR_PARENTS:
            stranger = Client(raise_request_exception=False).get(url)
            assert verdict(stranger) == OPEN, f"a parent alone opens {name}"
            assert NAME.encode() not in body, name
        for secret in (INTAKE, TRIES, "kanarieniet", "De Kegel", "Dorpsstraat"):
            assert secret.encode() not in body, f"{name} shows {secret}"
    assert opened >= FOR_PARENTS, "every link was tried for real"


def test_every_address_has_its_line():
    assert not missing()


def test_no_line_is_about_an_address_that_is_gone():
    assert not superfluous()


def test_every_rule_covers_every_identity_and_names_real_permissions():
    for name, answers in RULES.items():
        assert set(answers) == set(IDENTITIES), name
        permission = name.rpartition(" ")[2]
        if "." in permission:
            assert permission in declared()


def test_a_rule_of_a_permission_lets_in_exactly_the_roles_that_hold_it():
    """The table is by hand and `permissions.py` is by hand: they may not say different things."""
    role_of = {
        "worker": "youth_worker",
        "manager": "organisation_manager",
        "coordinator": "regional_coordinator",
        "quality": "quality_coordinator",
        "foundation": "foundation",
        "researcher": "researcher",
    }
    for name, permission in declared().items():
        if name in RULES and name != "participants.see_applicants":
            inside = {role_of[i] for i, a in RULES[name].items() if a == OPEN and i in role_of}
            assert inside == {role.value for role in permission.roles}, name


@pytest.mark.parametrize(
    "identity",
    ["worker", *(pytest.param(i, marks=pytest.mark.deep) for i in ("anonymous", "participant"))],
)
def test_methods_nobody_wrote_down_do_nothing(town, identity):
    for name in addresses():
        for method in METHODS:
            if (name, method) in WRITTEN:
                continue
            answer = ask(town, identity, Line(name, method, "everyone"))
            done = answer.status_code < 300 or answer.status_code >= 500
            assert not done, f"{identity} {method} {name}: {answer.status_code}"


def test_show_permissions_prints_the_table(capsys):
    call_command("show_permissions", "--json")
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == len(TABLE) * len(IDENTITIES)
    assert {"url", "name", "method", "identity", "expected", "rule"} == set(rows[0])


# ---- The test itself is proved by planting ---------------------------------


@login_not_required
def _open(request, **_kwargs):
    return HttpResponse(f"<p>{NAME}</p>")


def _write_and_refuse(request, **_kwargs):
    User.objects.filter(pk=request.user.pk).update(name=uuid4().hex)
    return HttpResponse("Nee.", status=403)


@pytest.fixture
def planted(settings, request):
    """An extra urlconf in front of the house's own."""
    module = types.ModuleType("tests.access.planted")
    module.urlpatterns = [
        path("geheim/<uuid:trajectory_id>/", _open, name="planted_secret"),
        path("geheim/schrijft/", _write_and_refuse, name="planted_write"),
        path("inloggen/beveiliging/", _open, name="mfa_index"),
        path("", include("joinus.urls")),
    ]
    import joinus.urls as house

    for name in ("handler400", "handler403", "handler404", "handler500"):
        setattr(module, name, getattr(house, name))
    sys.modules["tests.access.planted"] = module
    settings.ROOT_URLCONF = "tests.access.planted"
    clear_url_caches()
    addresses.cache_clear()
    yield
    addresses.cache_clear()
    del sys.modules["tests.access.planted"]
    clear_url_caches()


def test_a_planted_address_is_missed(planted):
    assert missing("tests.access.planted") == {"planted_secret", "planted_write"}


def test_a_planted_open_view_turns_its_line_red(planted, town):
    line = next(ln for ln in TABLE if (ln.name, ln.method) == ("mfa_index", "GET"))
    found = wrong(town, "anonymous", [line])
    said = "GET /inloggen/beveiliging/ (mfa_index) as anonymous: "
    assert said + "expected door, got open (200)" in found
    assert any(sentence.startswith(said + "leaks") for sentence in found)


def test_a_planted_write_before_a_refusal_is_seen_and_named(planted, town):
    refused = "list of organisations.set_retention"
    lines = [Line("planted_write", "POST", refused), Line("account_logout", "GET", "every door")]
    assert wrong(town, "manager", lines) == [
        "POST /geheim/schrijft/ (planted_write) as manager: was refused, and wrote all the same"
    ]


def test_the_fingerprint_sees_one_changed_word(town):
    before = fingerprint()
    town.users["manager"].name = "changed"
    town.users["manager"].save()
    assert fingerprint() != before
    assert verdict(Client().get("/zo-een-pagina-is-er-niet/")) == HIDDEN


def test_every_address_refuses_a_form_without_a_token(town):
    """Also the pages behind a mailed link, and also from somebody who is signed in."""
    open_doors = []
    for line in {line.name: line for line in TABLE}.values():
        url = reverse(line.name, kwargs=town.arguments(line))
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        client.force_login(town.users["worker"])
        answer = client.post(url, {})
        said = "403_csrf.html" in [t.name for t in answer.templates]
        if url.startswith("/api/"):
            said = answer.json().get("code") == "check"
        if answer.status_code != 403 or not said:
            open_doors.append(f"{line.name}: {answer.status_code}")
    assert not open_doors

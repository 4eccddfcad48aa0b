"""A small town with one of everything that has a page, and a way to sign in without typing."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.test import Client
from django.test.signals import template_rendered

from core import clock
from core.accounts.models import User
from tests import world
from tests.browser.moments.steps import PASSWORD
from tests.questionnaires.build import make_invitation

Enter = Callable[[Any, User | None], None]


@pytest.fixture
def town(transactional_db: None) -> dict[str, User | None]:
    return build_town()


def build_town() -> dict[str, User | None]:
    """One group on its evening, with people at every stop of the route; who may look, by role."""
    today = clock.today()
    home = world.make_municipality("Voorbeeldstad", pc4="6811")
    world.make_municipality("Elders", pc4="9999")
    group = world.make_group(name="Groep 12-16", municipality=home)
    worker = world.make_worker(group)
    region = group.location.region
    coordinator = world.make_coordinator(region)
    casey = world.make_participating(group, since=today - timedelta(days=90), call_name="Casey")
    amir = world.make_participating(group, since=today - timedelta(days=60), call_name="Amir")
    for weeks, state in ((6, "present"), (4, "absent_with_notice"), (2, "absent_without_notice")):
        meeting = world.make_meeting(group, today - timedelta(weeks=weeks), "held")
        world.attend(casey, meeting)
        world.attend(amir, meeting, state)
    world.make_meeting(group, today)
    world.make_meeting(group, today + timedelta(weeks=2))
    world.make_suitable(group, call_name="Riley")
    world.make_trajectory(group=group, phase="signed_up", call_name="Bo", age=15)
    make_invitation(casey)
    roles = {
        "anyone": None,
        "participant": casey.participant.user,
        "worker": worker,
        "coordinator": coordinator,
        "manager": world.make_manager(group.location.organisation),
    }
    for user in filter(None, roles.values()):
        if not user.is_participant:
            user.set_password(PASSWORD)
            user.save()
            TOTP.activate(user, generate_totp_secret())
            RecoveryCodes.activate(user)
    return roles


@pytest.fixture
def enter() -> Enter:
    """`enter(page, user)`: the browser holds a session of this person, both steps taken."""

    def sign_in(page: Any, user: User | None) -> None:
        if user is None:
            return
        user.refresh_from_db()
        client = Client()
        client.force_login(user)
        page.context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "domain": "localhost",
                    "path": "/",
                }
            ]
        )

    return sign_in


@pytest.fixture
def rendered() -> Iterator[set[str]]:
    """The names of the templates drawn while this fixture lives, in every thread."""
    names: set[str] = set()

    def note(sender: Any, template: Any, **_rest: Any) -> None:
        if template.name:
            names.add(template.name)

    template_rendered.connect(note)
    yield names
    template_rendered.disconnect(note)


@pytest.fixture
def move_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """The clock stands at a moment, in the server's threads as well."""

    def to(moment: datetime) -> None:
        monkeypatch.setattr(clock, "_system", lambda: moment)

    return to

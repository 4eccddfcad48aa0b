"""Getting in: by a code, a password, a second step, a code of the own worker."""

import json
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str

from core.messaging.models import Message
from participants.person import door_code
from tests import world
from tests.browser.moments.steps import (
    PASSWORD,
    Enter,
    Look,
    Town,
    follow,
    named,
    submit,
)


def signing_in_by_code(page: Any, town: Town, enter: Enter, look: Look) -> None:
    page.goto("/inloggen/")
    page.fill("input[type=email]", "nobody@example.org")
    follow(page, page.locator("main form button[type=submit]").last)
    look(page)
    page.locator("main form input:not([type=hidden])").first.fill("000000")
    follow(page, page.locator("main form button[type=submit]").first)
    look(page)


def saying_who_is_there(page: Any, town: Town, enter: Enter, look: Look) -> None:
    """Behind a mailbox that somebody else uses too: the page after the code, and refused."""
    casey = named("Casey").participant
    world.make_participant(call_name="Lotte", age=17, email=casey.contact.email)
    page.goto("/inloggen/")
    page.fill("input[type=email]", casey.contact.email)
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/inloggen/code/")
    sent = Message.objects.filter(template="sign_in_code").latest("written_at")
    page.fill("[name=code]", json.loads(str(sent.secret))["code"])
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/wie-ben-je/")
    look(page)
    for part, number in (("day", "1"), ("month", "1"), ("year", "2001")):
        page.fill(f"[name=born_{part}]", number)
    page.locator("main form button[type=submit]").first.click()
    page.locator("[name=born_day][aria-invalid=true]").wait_for()
    look(page)


def signing_in_with_a_password(page: Any, town: Town, enter: Enter, look: Look) -> None:
    worker = town["worker"]
    assert worker is not None
    page.goto("/inloggen/begeleiders/")
    page.fill("input[type=email]", str(worker.email))
    page.fill("input[type=password]", PASSWORD)
    submit(page)
    look(page)
    page.locator("main form input:not([type=hidden])").first.fill("000000")
    submit(page)
    look(page)


def choosing_a_password(page: Any, town: Town, enter: Enter, look: Look) -> None:
    worker = town["worker"]
    assert worker is not None
    page.goto("/inloggen/wachtwoord/")
    page.fill("input[type=email]", "nobody@example.org")
    submit(page)
    look(page)
    key = default_token_generator.make_token(worker)
    page.goto(f"/inloggen/wachtwoord/nieuw/{user_pk_to_url_str(worker)}-{key}/")
    look(page)
    for field in page.locator("input[type=password]").all():
        field.fill("nog een lang genoeg wachtwoord")
    submit(page)
    look(page)


def proving_who_i_am(page: Any, town: Town, enter: Enter, look: Look) -> None:
    new = world.make_worker(world.make_group(), "Nieuwe Begeleider")
    new.set_password(PASSWORD)
    new.save()
    enter(page, new)
    for path in ("beveiliging/instellen/", "nog-even/", "nog-even/code/", "uit/"):
        page.goto(f"/inloggen/{path}")
        look(page)
    page.context.clear_cookies()
    enter(page, town["coordinator"])
    for path in ("nog-even/", "nog-even/code/", "uit/"):
        page.goto(f"/inloggen/{path}")
        look(page)


def in_with_a_workers_code(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay = named("Casey")
    worker, coordinator = town["worker"], town["coordinator"]
    enter(page, worker)
    page.goto(f"/deelnemers/{stay.pk}/inlogcode/")
    look(page)
    follow(page, page.locator("main form button").first)
    look(page)
    page.goto("/inloggen/met-code/")
    look(page)
    page.context.clear_cookies()
    handed = door_code.hand_code(trajectory=stay, by=worker)
    page.goto("/inloggen/met-code/")
    look(page)
    page.fill("[name=code]", "NIET GOED")
    follow(page, page.locator("main form button").first)
    look(page)
    page.goto(f"/inloggen/q/{handed.token}/")
    look(page)
    page.check("[name=shared]")
    follow(page, page.locator("main form button").first)
    look(page)
    for path in ("/inloggen/met-code/", "/hoe-ik-inlog/"):
        page.goto(path)
        look(page)
    follow(page, page.locator("main button[value=not_me]").first)
    look(page)
    page.context.clear_cookies()
    enter(page, coordinator)
    page.goto(f"/inlogcodes/{handed.row.pk}/")
    look(page)


def choosing_a_photo(page: Any, town: Town, enter: Enter, look: Look) -> None:
    enter(page, town["worker"])
    page.goto("/inloggen/foto/")
    look(page)
    submit_photo(page, b"geen foto")
    look(page)
    submit_photo(page, world.photo().getvalue())
    look(page)


def submit_photo(page: Any, body: bytes) -> None:
    file = {"name": "ik.jpg", "mimeType": "image/jpeg", "buffer": body}
    page.set_input_files("[name=picture]", file)
    follow(page, page.locator("main form button[type=submit]").first)

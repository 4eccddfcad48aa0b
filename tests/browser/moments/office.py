"""Messages sent by hand, questions about the own data, terms, and pages that refuse."""

from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.template.loader import render_to_string

from core.accounts.roles import Role
from core.audit.log import opened
from core.messaging.models import Message
from core.messaging.outbox import write
from core.organisations.retention import set_retention
from participants.models import DataRequest
from tests import world
from tests.browser.moments.steps import PASSWORD, Enter, Look, Town, follow, named, show, submit


def sending_by_hand(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay = named("Casey")
    row = write(
        kind="reminder",
        contact=stay.participant.contact,
        template="neutral",
        dedupe_key="by hand",
        group=stay.group,
    )
    enter(page, town["worker"])
    for state in ("queued", "dead"):
        Message.objects.filter(pk=row.pk).update(state=state, reason="smtp_550")
        page.goto(f"/berichten/{row.pk}/")
        look(page)
    page.goto("/berichten/")
    look(page)
    page.context.clear_cookies()
    Message.objects.filter(pk=row.pk).update(group=None)
    foundation = world.make_national(Role.FOUNDATION)
    RecoveryCodes.activate(foundation)
    TOTP.activate(foundation, generate_totp_secret())
    enter(page, foundation)
    page.goto("/berichten/")
    look(page)


def asking_about_my_data(page: Any, town: Town, enter: Enter, look: Look) -> None:
    stay = named("Casey")
    worker = town["worker"]
    assert worker is not None
    opened(worker, "file", [stay.pk])
    enter(page, town["participant"])
    for step in ("", "wie-keek/", "van-jou/", "vraag/wissen/", "vraag/klopt-niet/"):
        page.goto(f"/wat-we-weten/{step}")
        look(page)
    page.goto("/wat-we-weten/vraag/inzien/")
    submit(page)
    look(page)
    row = DataRequest.objects.get(kind="copy")
    page.context.clear_cookies()
    enter(page, worker)
    page.goto(f"/deelnemers/{stay.pk}/gegevens/")
    look(page)
    page.goto(f"/gegevens/{row.pk}/alles/")
    look(page)
    page.goto(f"/gegevens/{row.pk}/")
    follow(page, page.locator("button:has-text('Ik heb gekeken')"))
    look(page)
    follow(page, page.locator("main form button[type=submit]").last)
    look(page)


def setting_how_long_we_keep(page: Any, town: Town, enter: Enter, look: Look) -> None:
    foundation = world.make_national(Role.FOUNDATION)
    foundation.set_password(PASSWORD)
    foundation.save()
    TOTP.activate(foundation, generate_totp_secret())
    RecoveryCodes.activate(foundation)
    organisation = world.make_organisation("Welzijn Rijn")
    set_retention(record_class="stay", months=12, organisation=organisation, by=foundation)
    enter(page, foundation)
    page.goto("/bewaartermijnen/")
    look(page)
    page.fill("[name=months]", "999")
    follow(page, page.locator("main form button[type=submit]").last)
    look(page)


def refusals(page: Any, town: Town, enter: Enter, look: Look) -> None:
    page.goto("/nergens/")
    look(page)
    for name in ("400.html", "403.html", "403_csrf.html", "500.html"):
        show(page, render_to_string(name))
        look(page)
    enter(page, town["manager"])
    page.goto("/aanmeldingen/")
    look(page)

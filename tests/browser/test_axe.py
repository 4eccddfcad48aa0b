"""Nobody is kept out by a page: WCAG 2.2 AA by axe, no sideways scroll, targets of 44 px.

Every page a role can click its way to is looked at, one of each kind; then every form is sent
empty where that cannot change anything, so that the error state is looked at too.
"""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache

from core.accounts.models import User
from tests.browser import moments
from tests.browser.conftest import Enter, build_town
from tests.fixtures.browser import Axe, PageAt
from tests.fixtures.database import empty_tables
from tests.refused import SEEN
from tests.walk import OVERFLOW, Visit, english, walk

ROLES = ["anyone", "participant", "worker", "coordinator", "manager"]
#: What becomes a PDF has no page in a browser (tests/core/test_pdf.py).
PAPER = '{% extends "layouts/pdf.html" %}'
#: A form with a required field refuses to be empty: sending it changes nothing.
EMPTY_FORMS = """() => [...document.forms].map((form, n) =>
  form.method === 'post' && form.querySelector('[required]:not([type=hidden])') ? n : -1
).filter(n => n >= 0)"""
SEND_EMPTY = """n => {
  const form = document.forms[n];
  form.noValidate = true;
  for (const field of form.elements) {
    if (field.type === 'hidden' || field.tagName === 'BUTTON') continue;
    if (field.type === 'radio' || field.type === 'checkbox') field.checked = false;
    else if (field.tagName === 'SELECT') field.selectedIndex = 0;
    else field.value = '';
  }
  form.requestSubmit();
}"""


def narrow(page: Any) -> list[str]:
    """What falls off a screen of 320 px."""
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 700})
    wide = page.evaluate(OVERFLOW)
    page.set_viewport_size(size)
    return [f"at 320 px: {wide}"] if wide else []


def wrong_in_errors(page: Any) -> list[str]:
    """What `make screens` asks of a refused form (tests/refused.py), wherever one is on a page."""
    refused = page.locator("[data-error-summary], .field__error").count()
    return [*page.evaluate(SEEN), *english(page)] if refused else []


def look_at_everything(
    page: Any, axe: Axe, *, errors: bool = True, start: str = "/"
) -> list[Visit]:
    def look(page: Any, visit: Visit) -> None:
        if visit.status >= 400:
            return
        axe(page)
        visit.flaws += narrow(page)
        if not errors:
            return
        here = page.url
        for number in page.evaluate(EMPTY_FORMS):
            with page.expect_navigation():
                page.evaluate(SEND_EMPTY, number)
            axe(page)
            visit.flaws += wrong_in_errors(page)
            page.goto(here)

    return list(walk(page, start, look=look))


@pytest.mark.deep
@pytest.mark.req("R-034")
@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_can_be_used_by_everyone_on_a_phone(
    role: str, town: dict[str, User | None], page_at: PageAt, enter: Enter, axe: Axe
) -> None:
    page = page_at(390, 844)
    enter(page, town[role])
    visits = look_at_everything(page, axe)
    assert len(visits) >= 2, [v.path for v in visits]
    assert [f"{v.path}: {flaw}" for v in visits for flaw in v.flaws] == []


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(
            moment,
            id=moment.__name__,
            marks=[pytest.mark.deep] if moment in moments.OF_PROFESSIONALS else [],
        )
        for moment in moments.ALL
    ],
)
def test_a_moment_can_be_lived_by_everyone_on_a_phone(
    moment: Any, town: dict[str, User | None], page_at: PageAt, enter: Enter, axe: Axe
) -> None:
    page = page_at(390, 844)

    def look(page: Any) -> None:
        axe(page)
        assert narrow(page) == []
        assert page.evaluate(OVERFLOW) is None
        assert wrong_in_errors(page) == []

    moment(page, town, enter, look)


@pytest.mark.deep
@pytest.mark.parametrize("width", [390, 1440])
def test_every_template_was_looked_at(
    width: int,
    town: dict[str, User | None],
    page_at: PageAt,
    enter: Enter,
    axe: Axe,
    rendered: set[str],
) -> None:
    for user in town.values():
        page = page_at(width, 900)
        enter(page, user)
        look_at_everything(page, axe)
    for moment in moments.ALL:
        page.context.close()
        empty_tables()
        cache.clear()
        page = page_at(width, 900)
        moment(page, build_town(), enter, axe)
    templates = Path(settings.BASE_DIR, "templates")
    pages = {
        path.relative_to(templates).as_posix()
        for path in templates.rglob("*.html")
        if '{% extends "layouts/' in (text := path.read_text()) and PAPER not in text
    }
    ours = {p for p in pages if p.split("/")[0] not in {"layouts", "mail", "style", "demo"}}
    unseen = sorted(ours - rendered)
    assert not unseen, "nobody looked at: " + ", ".join(unseen)

"""Every page a young person can open, as it is drawn, in both languages (R-022, R-023)."""

import re
from typing import Any

import pytest

from core.accounts.models import User
from tests.browser.conftest import Enter
from tests.fixtures.browser import PageAt
from tests.house.test_tone import BANNED
from tests.walk import Visit, walk

#: The instrument's own words, and the page written for professionals (C-33).
NOT_OURS = re.compile(r"^/vragen/\*/(\*/|terugkijken/)$|^/voor-professionals/$")


@pytest.mark.req("R-022", "R-023")
@pytest.mark.parametrize("locale", ["nl-NL", "en-GB"])
@pytest.mark.parametrize("role", ["anyone", "participant"])
def test_no_page_of_a_young_person_labels_them(
    role: str, locale: str, town: dict[str, User | None], page_at: PageAt, enter: Enter
) -> None:
    page = page_at(390, 844, locale=locale)
    enter(page, town[role])
    found = []

    def look(page: Any, visit: Visit) -> None:
        words = "" if NOT_OURS.match(visit.kind) else page.content()
        found.extend(f"{visit.path}: {word}" for word in BANNED.findall(words))

    visits = list(walk(page, "/", look=look))
    assert len(visits) >= 5
    assert page.evaluate("document.documentElement.lang") == locale[:2]
    assert found == []

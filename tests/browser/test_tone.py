"""Every page a young person can open, in both languages (R-022, R-023)."""

import re

import pytest
from django.test import Client

from core.accounts.models import User
from tests.browser.conftest import build_town
from tests.house.test_tone import BANNED
from tests.walk import LEAVE_ALONE, kind_of

LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"#?]*)')
#: The instrument's own words, and the page written for professionals (C-33).
NOT_OURS = re.compile(r"^/vragen/\*/(\*/|terugkijken/)$|^/voor-professionals/$")


def pages(user: User | None, language: str) -> dict[str, str]:
    """One page of each kind that links lead to, with what stands on it."""
    client = Client(headers={"accept-language": language})
    if user is not None:
        client.force_login(user)
    found: dict[str, str] = {}
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        if kind_of(path) in found or LEAVE_ALONE.search(path):
            continue
        answer = client.get(path, follow=True)
        assert answer.status_code == 200, path
        found[kind_of(path)] = answer.content.decode()
        waiting += LINK.findall(found[kind_of(path)])
    return found


@pytest.mark.django_db
@pytest.mark.req("R-022", "R-023")
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("role", ["anyone", "participant"])
def test_no_page_of_a_young_person_labels_them(role: str, language: str) -> None:
    found = pages(build_town()[role], language)
    assert len(found) >= 5
    assert all(f'<html lang="{language}"' in page for page in found.values())
    labels = {
        kind: words
        for kind, page in found.items()
        if not NOT_OURS.match(kind) and (words := BANNED.findall(page))
    }
    assert labels == {}

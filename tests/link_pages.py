"""A page behind a link in one browser: opened, looked at, its form sent as a person sends it."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

HIDDEN = re.compile(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">')


def hidden_in(page: Any) -> dict[str, str]:
    """What the forms of this page carry along; of a name that stands twice, one."""
    found = dict(HIDDEN.findall(page.content.decode()))
    found.pop("csrfmiddlewaretoken", None)
    return found


class Behind:
    """`address`: the mailed one. From then on `here` is the page's own address."""

    def __init__(self, address: str, client: Client | None = None) -> None:
        self.client = client or Client()
        self.door = self.client.get(address)
        self.here = urlsplit(self.door["Location"]).path

    @classmethod
    def at(cls, client: Client, answer: Any) -> "Behind":
        """The page that this answer leads to."""
        page = cls.__new__(cls)
        page.client, page.door, page.here = client, answer, urlsplit(answer["Location"]).path
        return page

    def get(self, more: str = "", **options: Any) -> Any:
        return self.client.get(f"{self.here}{more}", **options)

    def ticket(self) -> str:
        page = self.get()
        return hidden_in(page).get("form", "") if page["Content-Type"].startswith("text") else ""

    def post(self, data: dict[str, Any] | None = None, more: str = "", **options: Any) -> Any:
        """With the ticket that the page shows, unless `data` brings one of its own."""
        sent = data or {}
        if "form" not in sent:
            sent = {**sent, "form": self.ticket()}
        return self.client.post(f"{self.here}{more}", sent, **options)

    def elsewhere(self) -> "Behind":
        """The same address in another browser, which never opened the link."""
        return Behind.at(Client(), self.door)

    @property
    def cookie(self) -> str:
        return f"page-{self.here.rstrip('/').split('/')[-1]}"

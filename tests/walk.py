"""Walking through the house as a visitor does: follow every link, one page of each kind.

Used by `make screens` on the demo world and by the browser tests on a small one. A page's kind is
its path with the ids taken out, so a list of seventy people costs one visit.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+|[A-Za-z0-9_=-]{30,}")
LEAVE_ALONE = re.compile(
    r"/(uit|api|demo|static|beheer|bewaren|bestand|document)/|\.(ics|pdf|xlsx|csv|zip|webmanifest)$"
)
LINKS = "[...document.querySelectorAll('a[href]')].map(a => a.href)"
OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return null;
  const wide = [...document.querySelectorAll('main *')].filter(
    e => e.getBoundingClientRect().right > width + 1 && !e.closest('.table'));
  return 'wider than the screen: ' + wide.slice(0, 3).map(
    e => e.tagName.toLowerCase() + '.' + e.className).join(', ');
}"""
SMALL = """() => [...document.querySelectorAll('button, a.button, .tabbar a, select, .choice')]
  .filter(e => { const r = e.getBoundingClientRect(); return r.width > 1 && r.height < 43.5; })
  .filter(e => !e.closest('.languages'))
  .filter(e => getComputedStyle(e).clipPath === 'none')
  .slice(0, 3).map(e => 'a target below 44 px: ' + e.outerHTML.slice(0, 90))"""
#: Words that no Dutch page holds: a string without its translation. And Dutch put together by a
#: machine out of parts.
ENGLISH = re.compile(
    r"\b(?:the|this|that|your|you|with|and|please|waiting|must|enter|ensure|choose|select|required"
    r"|least|characters?|invalid|cannot|have|has|not|are|de (?:e-mail)?adres)\b(?! us\b)",
    re.IGNORECASE,
)


@dataclass
class Visit:
    """One page as it was found. `flaws` are things nobody should have to see."""

    kind: str
    path: str
    status: int
    flaws: list[str] = field(default_factory=list)
    refused: bool = False


def kind_of(path: str) -> str:
    return IDS.sub("*", path)


#: The lines of a page, less those that say themselves which other language they are in.
IN_THE_OWN_LANGUAGE = """() => {
  const others = [...document.querySelectorAll("body [lang]:not([lang=nl])")];
  const theirs = others.map((one) => one.innerText.trim());
  const lines = document.body.innerText.split("\\n");
  return lines.filter((line) => !theirs.includes(line.trim())).join("\\n");
}"""


def english(page: Any) -> list[str]:
    """What a Dutch page does not say in Dutch; a page that was asked in English is left alone."""
    if page.evaluate("document.documentElement.lang") != "nl":
        return []
    words = page.evaluate(IN_THE_OWN_LANGUAGE)
    return [f"English: {line.strip()[:80]}" for line in words.splitlines() if ENGLISH.search(line)][
        :3
    ]


def walk(
    page: Any, *starts: str, look: Callable[[Any, Visit], None], limit: int = 80
) -> Iterator[Visit]:
    """Visit `starts` and whatever they lead to on the same host; call `look` on each page."""
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    waiting, kinds = list(starts), {kind_of(start) for start in starts}
    while waiting and limit:
        limit -= 1
        path = waiting.pop(0)
        complaints.clear()
        answer = page.goto(path)
        host = urlsplit(page.url)
        visit = Visit(kind_of(host.path), path, answer.status if answer else 0)
        if visit.status >= 400:
            visit.flaws.append(f"answers {visit.status}")
        if wide := page.evaluate(OVERFLOW):
            visit.flaws.append(wide)
        visit.flaws += page.evaluate(SMALL)
        visit.flaws += english(page)
        visit.flaws += [f"console: {text[:160]}" for text in complaints]
        links = page.evaluate(LINKS)
        look(page, visit)
        yield visit
        for link in links:
            to = urlsplit(link)
            if to.netloc != host.netloc or LEAVE_ALONE.search(to.path):
                continue
            if (kind := kind_of(to.path)) not in kinds:
                kinds.add(kind)
                waiting.append(to.path + (f"?{to.query}" if to.query else ""))

"""`make screens`: pictures of every page, per role, at a phone's and a desk's size, in screens/.

Walks the running demo of this checkout (starts one when there is none), signs in through each
door of /demo/, and prints what no one should have to see: broken links, sideways scroll, small
targets, English on a Dutch page, errors in the console. Each form is sent once, so that it is
refused (tests/refused.py): the picture is the page's, with `--error` behind its name.
`make screens ARGS=participant` takes one role; `URL=` another demo. The last line counts; the exit
code is 1 when something was found.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import sync_playwright

from joinus.demo import running
from tests.fixtures.browser import QUIET, chromium
from tests.refused import ALSO_FOR_ANYONE, PHOTOGRAPHED, refuse
from tests.walk import Visit, walk

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "screens"
SIZES = ((390, 844), (1440, 900))


@contextmanager
def demo() -> Iterator[str]:
    """The address of a demo: the one given, the one that runs, or one for the occasion."""
    url = os.environ.get("URL") or running.facts().get("url")
    if url:
        yield url
        return
    with subprocess.Popen(
        [sys.executable, "-m", "joinus.demo.run"],
        cwd=ROOT,
        env=os.environ | {"PORT": os.environ.get("PORT", "8017")},
        stdout=subprocess.DEVNULL,
    ) as process:
        try:
            until = time.monotonic() + 240
            while not running.facts().get("group") and time.monotonic() < until:
                time.sleep(0.5)
            yield wait_for(running.facts()["url"])
        finally:
            process.terminate()


def wait_for(url: str) -> str:
    for _attempt in range(120):
        try:
            with urlopen(f"{url}/readyz", timeout=5):
                return url
        except OSError:
            pass
        time.sleep(0.5)
    raise SystemExit(f"{url} does not get ready")


def file_name(kind: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", kind.replace("*", "x").lower()).strip("-") or "start"


def mailed(page: Any, beginning: str) -> list[str]:
    """The addresses in the demo's mails that begin so: whoever has no account has such a link."""
    page.goto("/demo/")
    mails = page.eval_on_selector_all("a[href*='/demo/mail/']", "all => all.map(a => a.href)")
    found: list[str] = []
    for mail in mails:
        page.goto(mail)
        found += re.findall(rf"https?://[^/\s]+({beginning}[^\s\"<>)]+)", page.content())
    return found[:1]


def photograph(browser: Any, url: str, role: str, size: tuple[int, int]) -> list[Visit]:
    """Every page of a role; on the way of the phone also its refused forms, at both sizes."""
    width, height = size
    for each, _height in SIZES:
        (OUT / role / str(each)).mkdir(parents=True, exist_ok=True)
    context = browser.new_context(
        viewport={"width": width, "height": height},
        base_url=url,
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    if role not in ("anyone", "parent"):
        page.goto("/demo/")
        page.locator(f'button[name="who"][value="{role}"]').first.click()
        page.wait_for_load_state()

    def shoot(width: int, name: str) -> None:
        page.screenshot(path=OUT / role / str(width) / f"{name}.png", full_page=True)

    def look(page: Any, visit: Visit) -> None:
        name = file_name(visit.kind)
        shoot(width, name)
        if size != SIZES[0]:
            return

        def look_refused(suffix: str) -> None:
            visit.refused = True
            for each, high in SIZES:
                page.set_viewport_size({"width": each, "height": high})
                shoot(each, f"{name}{suffix}")
            page.set_viewport_size({"width": width, "height": height})

        visit.flaws += refuse(page, visit.kind, look=look_refused)

    starts = {"anyone": ("/", *ALSO_FOR_ANYONE), "parent": mailed(page, "/ouders/")}
    limit = 1 if role == "parent" else 80  # the rest of the site is anyone's
    visits = list(walk(page, *starts.get(role, ("/",)), look=look, limit=limit))
    context.close()
    return visits


def main(asked: list[str]) -> int:
    program = chromium()
    if program is None:
        print("No Chromium. Install it with: sudo apt-get install -y chromium")
        return 1
    pages = flaws = 0
    refused: set[str] = set()
    with demo() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        front = browser.new_page()
        front.goto(f"{url}/demo/")
        doors = front.eval_on_selector_all('button[name="who"]', "all => all.map(b => b.value)")
        for role in ["anyone", "parent", *doors]:
            if asked and role not in asked:
                continue
            for size in SIZES:
                for visit in photograph(browser, url, role, size):
                    pages += 1
                    refused |= {visit.kind} if visit.refused else set()
                    flaws += len(visit.flaws)
                    for flaw in visit.flaws:
                        print(f"{role} {size[0]} {visit.path}: {flaw}")
        browser.close()
    for kind in [] if asked else sorted(set(PHOTOGRAPHED.values()) - refused):
        print(f"{kind}: no form met in this demo (RESET=1 makes its world anew)")
    print(f"{pages} pages, {len(refused)} kinds of form refused: pictures in {OUT}, {flaws} flaws")
    return 1 if flaws else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`make screens`: pictures of every page, per role, at a phone's and a desk's size, in screens/.

Walks the running demo of this checkout (starts one when there is none), signs in through each
door of /demo/, and prints what no one should have to see: broken links, sideways scroll, small
targets, errors in the console. `make screens ARGS=participant` takes one role; `URL=` another
demo. The last line counts; the exit code is 1 when something was found.
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


def photograph(browser: Any, url: str, role: str, size: tuple[int, int]) -> list[Visit]:
    width, height = size
    folder = OUT / role / str(width)
    folder.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(
        viewport={"width": width, "height": height},
        base_url=url,
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    if role != "anyone":
        page.goto("/demo/")
        page.locator(f'button[name="who"][value="{role}"]').first.click()
        page.wait_for_load_state()

    def look(page: Any, visit: Visit) -> None:
        page.screenshot(path=folder / f"{file_name(visit.kind)}.png", full_page=True)

    visits = list(walk(page, "/", look=look))
    context.close()
    return visits


def main(asked: list[str]) -> int:
    program = chromium()
    if program is None:
        print("No Chromium. Install it with: sudo apt-get install -y chromium")
        return 1
    pages = flaws = 0
    with demo() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        front = browser.new_page()
        front.goto(f"{url}/demo/")
        doors = front.eval_on_selector_all('button[name="who"]', "all => all.map(b => b.value)")
        for role in ["anyone", *doors]:
            if asked and role not in asked:
                continue
            for size in SIZES:
                for visit in photograph(browser, url, role, size):
                    pages += 1
                    flaws += len(visit.flaws)
                    for flaw in visit.flaws:
                        print(f"{role} {size[0]} {visit.path}: {flaw}")
        browser.close()
    print(f"{pages} pictures in {OUT}, {flaws} flaws")
    return 1 if flaws else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

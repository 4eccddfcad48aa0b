"""Documents of one and of ten pages through the product's door, beside bare WeasyPrint."""

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.template.loader import render_to_string

from core import pdf

PAGES = (1, 10)
BARE = "import sys, weasyprint; weasyprint.HTML(string=sys.stdin.read()).write_pdf()"
LINE = "<p>Eens in de twee weken, op vrijdagavond, met een groep van vijf tot vijftien.</p>"
LINES_A_PAGE = 20


def papers() -> Iterator[dict[str, Any]]:
    for pages in PAGES:
        html = _html(pages)
        bare = _children(lambda html=html: _bare(html))  # type: ignore[misc]
        ours = _children(lambda html=html: pdf.render(html))  # type: ignore[misc]
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        yield {
            "row": "12",
            "name": f"PDF of {pages} pages",
            "note": f"at most {peak} MB",
            "ratio": ours[0] / bare[0],
            "cpu": ours[0],
            "wall": ours[1],
            "bare": bare[0],
            "yardstick": "WeasyPrint",
            "goal": 1.3,
            "n": 3,
        }


def _html(pages: int) -> str:
    look = render_to_string("layouts/pdf.html", {"look_url": pdf.look()})
    body = "<section style='break-after: page'>" + LINE * LINES_A_PAGE + "</section>"
    return look.replace("</body>", body * pages + "</body>")


def _bare(html: str) -> None:
    subprocess.run(
        [sys.executable, "-c", BARE], input=html.encode(), check=True, capture_output=True
    )


def _children(do: Callable[[], Any]) -> tuple[float, float]:
    """Median of three: CPU of the processes that were started, and wall, in milliseconds."""
    found = []
    for _ in range(3):
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        do()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        found.append((cpu * 1000, (time.perf_counter() - started) * 1000))
    return sorted(found)[1]

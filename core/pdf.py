"""The one door to PDF (trust.md 15): HTML in, a tagged PDF/UA-1 out, nothing fetched but `data:`.

Each document is laid out in a process of its own that holds no secrets and has a limit on time,
memory and pages, so neither a hostile text nor a slow machine holds up the web. The same HTML
gives the same bytes. WeasyPrint is imported there and nowhere else.
"""

import base64
import os
import subprocess
import sys
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import gettext as _

from core import paper_fonts
from core.errors import RuleBroken

SECONDS = 30
MOST_CHARACTERS = 600_000
MOST_PAGES = 60
MEMORY = 1_500_000_000
AT_ONCE = 2
LOOK = "css/paper.css"
FAMILY = "Atkinson Hyperlegible Next"
FONT = "fonts/atkinson-hyperlegible-next.woff2"
#: Why the process refuses, by its exit code.
REFUSALS = {3: "fetches", 4: "too_many_pages"}

_turn = threading.BoundedSemaphore(AT_ONCE)


class PdfRefused(RuleBroken):
    """No document. `code`: too_long, too_slow, too_many_pages, fetches, broken or busy."""

    def __init__(self, code: str) -> None:
        super().__init__(_("The document cannot be made now. Try it again in a minute."), code)


def from_template(name: str, context: dict[str, Any]) -> bytes:
    """A template that extends `layouts/pdf.html`, in the language that is active now."""
    return render(render_to_string(name, {**context, "look_url": LOOK}))


def render(html: str) -> bytes:
    """Lay out and return the PDF, with the letters that it asks for. Raises PdfRefused."""
    if len(html) > MOST_CHARACTERS:
        raise PdfRefused("too_long")
    html, strange = paper_fonts.without_boxes(html)
    if strange:
        note = _("A sign that cannot be printed stands here as its number, such as [U+10380].")
        html = html.replace("</body>", f'<p class="small">{escape(note)}</p></body>')
    html = html.replace(f'"{LOOK}"', f'"{_look(paper_fonts.fonts_for(html))}"')
    if not _turn.acquire(timeout=SECONDS):
        raise PdfRefused("busy")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "core.pdf"],
            input=html.encode(),
            capture_output=True,
            timeout=SECONDS,
            cwd=settings.BASE_DIR,
            env=_bare_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PdfRefused("too_slow") from None
    finally:
        _turn.release()
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise PdfRefused(REFUSALS.get(done.returncode, "broken"))
    return done.stdout


def paper(content: bytes, filename: str) -> HttpResponse:
    """The answer that hands a document over; nothing on the way keeps it."""
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{filename}"',
            "Cache-Control": "no-store, private",
        },
    )


def _bare_environment() -> dict[str, str]:
    """No secrets, and nothing that makes two runs differ."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, "LANG": "C.UTF-8", "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0"}


def look() -> str:
    """The style sheet with the font of the house, inside one address."""
    return _look(())


@lru_cache(maxsize=4)
def _look(more: tuple[str, ...]) -> str:
    """The same, with `more` fonts."""
    static = Path(settings.BASE_DIR) / "static"
    style = (static / LOOK).read_text().replace(f"../{FONT}", _font(static / FONT))
    families = [paper_fonts.FAMILIES[name] for name in more]
    for name, family in zip(more, families, strict=True):
        source = _font(paper_fonts.folder() / f"{name}.woff2")
        style += f'@font-face {{ font-family: "{family}"; src: url("{source}") format("woff2") }}\n'
    chain = "".join(f', "{family}"' for family in families)
    style = style.replace(f'"{FAMILY}", sans', f'"{FAMILY}"{chain}, sans')
    return _inside("text/css", style.encode())


def _font(path: Path) -> str:
    return _inside("font/woff2", path.read_bytes())


def _inside(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _process() -> int:
    """The other side: HTML on stdin, PDF on stdout, an exit code of REFUSALS otherwise."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class OnlyData(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.lower().startswith("data:"):
                raise FatalURLFetchingError("only data: is read")
            return super().fetch(url, headers)

    source = sys.stdin.buffer.read().decode()
    fetcher = OnlyData(allowed_protocols=["data"], allow_redirects=False)
    try:
        document = HTML(string=source, url_fetcher=fetcher).render()
    except FatalURLFetchingError:
        return 3
    if len(document.pages) > MOST_PAGES:
        return 4
    document.write_pdf(sys.stdout.buffer, pdf_variant="pdf/ua-1", pdf_tags=True)
    return 0


if __name__ == "__main__":
    sys.exit(_process())

"""Markdown to safe HTML, for published texts and mails alike: no raw HTML comes through."""

import nh3
from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False})


def to_html(text: str) -> str:
    """CommonMark; whatever still looks like HTML is escaped first and cleaned afterwards."""
    return nh3.clean(_MARKDOWN.render(text))

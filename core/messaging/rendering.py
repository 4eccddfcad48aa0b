"""From a row to a mail: Markdown templates in both languages, a plain and an inlined HTML twin.

A template is a folder `templates/mail/<name>/` with `subject.txt` and `body.md`. Strings that
come from people are escaped for Markdown, so nobody writes links into a mail of ours. A shared
mailbox gets a neutral mail that says only that something waits (trust.md 11a); a mailbox is shared
when the person said so, or when somebody else we know uses it (R-341). `door` is how they come in,
for a mail that leads behind the sign-in: `mail/_way_in.md` says it, and nothing else promises it.
"""

import json
import re
from dataclasses import dataclass
from itertools import count
from typing import Any

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import override

from core.accounts import ways_in
from core.markdown import to_html
from core.messaging.models import Message
from core.names import isolated

OPEN_IN_A_SHARED_MAILBOX = {
    "sign_in_code",
    "parental_request",
    "parental_receipt",
    "parental_feedback",
    "neutral",
    "signed_up_quiet",
    "new_address_code",
    "address_changed",
}
#: What leaves instead where there is nothing yet to sign in to.
QUIETER = {"signed_up": "signed_up_quiet"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&:/@])")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_ACT = re.compile(r"<p><a ([^>]*)>([^<]*)</a></p>")
_CODE = re.compile(r"<p><strong>([0-9A-Z-]{4,12})</strong></p>")


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str
    to: str


def _dressed(html: str) -> str:
    """A link with a paragraph of its own is a button (the first is the main one); so is a code."""
    acts = count()

    def button(found: re.Match[str]) -> str:
        kind = "button" if next(acts) == 0 else "button quiet"
        return f'<p><a class="{kind}" {found[1]}>{found[2]}</a></p>'

    return _CODE.sub(r'<p class="code">\1</p>', _ACT.sub(button, html))


def render(message: Message) -> Rendered:
    """Render a row in its contact's language with today's templates.

    Raises TemplateDoesNotExist for an unknown template; the sender treats that as a poison row.
    """
    name = message.template
    contact = message.contact
    door = ways_in.door_of(contact) if contact.birth_date else None
    shared = contact.shared_mailbox or (door is not None and door.among_others)
    if shared and name not in OPEN_IN_A_SHARED_MAILBOX:
        name = QUIETER.get(name, "neutral")
    secret = json.loads(str(message.secret)) if message.secret else {}
    context: dict[str, Any] = {
        **message.params,
        **secret,
        "contact_name": "" if door and door.among_others else contact.name,
        "door": door,
        "site_url": settings.SITE_URL,
    }
    context = {k: isolated(v) if isinstance(v, str) else v for k, v in context.items()}
    with override(contact.language):
        subject = " ".join(render_to_string(f"mail/{name}/subject.txt", context).split())
        raw, escaped = _raw(context), _escaped(context)
        plain = render_to_string(f"mail/{name}/body.md", raw)
        same = raw == escaped  # nothing in it looks like Markdown
        marked = plain if same else render_to_string(f"mail/{name}/body.md", escaped)
        html = render_to_string(
            "layouts/mail.html",
            {
                "subject": subject,
                "body": mark_safe(_dressed(to_html(marked))),  # noqa: S308
                "language": contact.language,
            },
        )
    text = _LINK.sub(r"\1: \2", plain).strip() + "\n"
    to = secret.get("to_address") or contact.email or ""
    return Rendered(subject, text, css_inline.inline(html), to)


def _raw(context: dict[str, Any]) -> dict[str, Any]:
    return {k: mark_safe(v) if isinstance(v, str) else v for k, v in context.items()}  # noqa: S308


def _escaped(context: dict[str, Any]) -> dict[str, Any]:
    """Backslash-escape what people typed; our own addresses (`..._url`) stay usable as links."""
    return {
        k: mark_safe(v if k.endswith("_url") else _SPECIAL.sub(r"\\\1", v))  # noqa: S308
        if isinstance(v, str)
        else v
        for k, v in context.items()
    }

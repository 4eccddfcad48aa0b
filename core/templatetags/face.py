"""Tags of the face: icons, initials, attendance words. Built in, so templates need no `load`."""

import re
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from uuid import UUID
from zlib import crc32

from django import template
from django.conf import settings
from django.http import QueryDict
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import dates, names
from core.mailbox import shown as address_shown
from core.telephone import dial as dialled
from core.telephone import shown as number_shown
from core.texts.publishing import wording
from core.texts.rendering import as_html

register = template.Library()

#: What an attendance state is called on the sheet, short enough for a button.
ATTENDANCE_WORDS = {
    "present": _("Here"),
    "absent_with_notice": _("Told us"),
    "absent_without_notice": _("Not here"),
    "not_recorded": _("Not recorded yet"),
    "cancelled": _("Cancelled"),
}


@cache
def _drawings() -> dict[str, str]:
    sprite = Path(__file__).with_name("icons.svg").read_text()
    return dict(re.findall(r'<symbol id="([\w-]+)">(.*?)</symbol>', sprite))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One drawing from the Lucide sprite, inline; silent for screen readers unless it has a label.

    An unknown name raises KeyError: a missing icon is a mistake of ours, never a blank.
    """
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>',
            label,
            mark_safe(_drawings()[name]),  # noqa: S308
        )
    return _silent_icon(name)


@cache
def _silent_icon(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(_drawings()[name]),  # noqa: S308
    )


class KeptStaticNode(StaticNode):
    """`{% static %}` asked once per file and process: a page has a dozen, always the same."""

    @classmethod
    def handle_simple(cls, path: str) -> str:
        return _static_address(path)


@cache
def _static_address(path: str) -> str:
    return str(StaticNode.handle_simple(path))


@register.tag("static")
def do_static(parser: template.base.Parser, token: template.base.Token) -> StaticNode:
    return KeptStaticNode.handle_token(parser, token)


# ---- For the rows of a long list: a component costs ten times a tag -----------------------


@register.simple_tag
def chip(word: str, tone: str = "neutral", symbol: str = "") -> SafeString:
    """What `<c-chip>` draws. tone: needs | done | waits | info | neutral."""
    drawing = icon(symbol) if symbol else ""
    return format_html('<span class="chip chip--{}">{}{}</span>', tone, drawing, word)


@register.simple_tag
def cell(label: str, word: str) -> SafeString:
    """A cell of a stacked table: on a phone it names itself by its label."""
    return format_html('<td data-label="{}">{}</td>', label, word)


@register.simple_tag
def avatar(name: str, face: str = "", size: str = "") -> SafeString:
    """What `<c-avatar>` draws: decorative, the name stands beside it. size: small | large."""
    inner = (
        format_html('<img src="{}" alt="" width="256" height="256">', face)
        if face
        else initials(name)
    )
    more = f" avatar--{size}" if size else ""
    return format_html(
        '<span class="avatar avatar--{}{}" aria-hidden="true">{}</span>', tint(name), more, inner
    )


#: One dot of a strip: shape as well as colour, so that neither carries the meaning alone.
DOTS = {
    "present": '<circle class="dot--present" cx="7" cy="7" r="6.5"/>',
    "absent_with_notice": '<path class="dot--absent_with_notice" d="M7 .5 13.5 7 7 13.5.5 7z"/>',
    "absent_without_notice": '<circle class="dot--absent_without_notice" cx="7" cy="7" r="5.5"/>',
    "cancelled": '<path class="dot--cancelled" d="M3 7h8"/>',
    "not_recorded": '<circle class="dot--not_recorded" cx="7" cy="7" r="5.5"/>',
}


@register.simple_tag
def evenings(states: list[str]) -> SafeString:
    """The cells of one person in a table with a column per evening; "" where it has none."""
    return _cells(tuple(states), get_language() or "")


@lru_cache(maxsize=2048)
def _cells(states: tuple[str, ...], language: str) -> SafeString:
    cells = (format_html('<td class="evening">{}</td>', dot(state)) for state in states)
    return mark_safe("".join(cells))  # noqa: S308


@register.simple_tag
def dot(state: str) -> SafeString:
    """What `core/dot.html` draws, and its word for who does not see it. No state: nothing."""
    return _dot(state, get_language() or "") if state else SafeString("")


@cache
def _dot(state: str, _language: str) -> SafeString:
    return format_html(
        '<svg viewBox="0 0 14 14" aria-hidden="true" focusable="false">{}</svg>'
        '<span class="visually-hidden">{}</span>',
        mark_safe(DOTS[state]),  # noqa: S308
        attendance_word(state),
    )


@register.filter
def initials(name: str) -> str:
    """See `core.names.initials`; a question mark for nobody."""
    return names.initials(str(name or "")) or "?"


@register.filter
def isolated(name: str) -> str:
    """A name as it stands among other words: see `core.names.isolated`."""
    return names.isolated(str(name or ""))


@register.filter
def face(user: object) -> str:
    """The address of this professional's photo, or nothing: then the avatar shows initials.

    Load it with `select_related("portrait").defer("portrait__image")` where several stand.
    """
    portrait = getattr(user, "portrait", None)
    return url_or("participants:face", portrait.pk) if portrait is not None else ""


@register.filter
def tint(name: str) -> int:
    """A steady colour number 0-3 for a name, so that the same person keeps the same colour."""
    return crc32(str(name or "").encode()) % 4


@register.filter
def dial(number: str) -> str:
    """What a `tel:` link dials (`core.telephone.dial`)."""
    return dialled(str(number or ""))


@register.filter
def telephone(number: str) -> str:
    """A kept number as people write it: +31612345678 is `06 12345678`."""
    return number_shown(str(number or ""))


@register.filter
def mailbox(address: str) -> str:
    """A kept address with its domain in its own letters."""
    return address_shown(str(address or ""))


@register.filter
def attendance_word(state: str) -> str:
    return str(ATTENDANCE_WORDS.get(str(state), ""))


@register.simple_tag
def help_lines() -> dict[str, str]:
    """The published help lines in the language of the page: `title`, `body` as HTML."""
    text = wording("help_lines", get_language() or settings.LANGUAGE_CODE)
    return {"title": text.title, "body": as_html(text)}


@register.simple_tag
def url_or(name: str, *args: object, otherwise: str = "") -> str:
    """The address of a named page, or `otherwise` while that page does not exist."""
    if not args:
        return _kept_address(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix()) or (
            otherwise
        )
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return otherwise


@register.simple_tag
def link(name: str, key: UUID) -> str:
    """The address of a page about one row, for the rows of a long list: as `url`, found once."""
    return _link(name, get_urlconf()).replace(_NOBODY, str(key))


_NOBODY = str(UUID(int=0))


@cache
def _link(name: str, _urls: str | None) -> str:
    return reverse(name, args=[_NOBODY])


@cache
def _kept_address(name: str, urlconf: str, _prefix: str) -> str:
    """What stands on every page leads to the same places: each is worked out once."""
    try:
        return reverse(name, urlconf)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def at_page(context: template.Context, number: int, param: str = "page") -> str:
    """The address of another page of the same list: what was filtered stays filtered."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    query[param] = str(number)
    return f"?{query.urlencode()}"


@register.filter
def in_full(day: date | None) -> str:
    """ "28 november": see `core.dates`; nothing for no day."""
    return dates.in_full(day) if day else ""


@register.filter
def in_short(day: date | None) -> str:
    """ "28 nov", in tables and small lines."""
    return dates.in_short(day) if day else ""

"""The rows of the evening sheet, drawn here: a row is fifteen times the same thirty pieces, and
Django's templates need ten times as long for them. What is the same in every row is asked once."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import clock
from core.ids import uuid7
from core.templatetags.face import ATTENDANCE_WORDS, avatar, icon
from groups.sheet.attendance import Conflict
from groups.sheet.evening import Evening, Row
from groups.sheet.not_arrived import Call, Heard, Tried
from groups.sheet.rows import NOBODY
from participants.care.safe_ways import Way

register = template.Library()

SIGN = '<span aria-hidden="true">{}</span>'
HERE, AWAY, IS_HERE = (format_html(SIGN, sign) for sign in ("✓", "✕", "✓ "))


@register.simple_tag(takes_context=True)
def attendance_rows(context: Context, evening: Evening) -> SafeString:
    """Every row of the sheet, as list items."""
    draw = _Drawing(evening, context.get("csrf_token"))
    return format_html_join("", "{}", ((draw.row(row),) for row in evening.rows))


@register.simple_tag
def new_id() -> str:
    """What an act of this page is called: sent again, it happens once."""
    return str(uuid7())


@register.simple_tag(takes_context=True)
def attendance_row(context: Context, evening: Evening, row: Row) -> SafeString:
    """The one row that was tapped; `unfolded` in the context: what stands open under it."""
    drawing = _Drawing(evening, context.get("csrf_token"))
    return drawing.row(row, context.get("unfolded") or "")


class _Drawing:
    """One sheet for one worker; what `Row` says decides which pieces a row has."""

    def __init__(self, evening: Evening, csrf: Any) -> None:
        self.evening, self.meeting = evening, evening.meeting
        self.csrf = csrf or ""
        self.words = {state: str(word) for state, word in ATTENDANCE_WORDS.items()}
        self.then = _("A tap makes it")
        self.taps = evening.takes_taps
        here = [self.meeting.pk, NOBODY]
        names = ("person", "tap", "correct", "call", "not_called")
        self._person, self._tap, self._correct, self._call, self._not_called = (
            reverse(f"groups:{name}", args=here) for name in names
        )

    def row(self, row: Row, unfolded: str = "") -> SafeString:
        return format_html(
            '<li class="attendance{}" id="row-{}" data-v="{}">{}{}{}{}{}{}{}</li>',
            " attendance--clash" if row.conflict else "",
            row.trajectory_id,
            "" if row.conflict or unfolded else row.mark,
            avatar(row.name),
            self._name(row),
            self._state(row),
            self._ring(row, row.call) if row.call and self.taps else "",
            self._clash(row, row.conflict) if row.conflict else "",
            self._heard(row, row.call.tried) if row.call and row.call.tried else "",
            unfolded,
        )

    def _ring(self, row: Row, call: Call) -> SafeString | str:
        """*Bel*, or *Bericht* for who may only be messaged: unfolds under the row."""
        if not call.way:
            return ""
        rings = call.way == Way.CALL
        return format_html(
            '<a class="attendance__call{}" href="{url}" hx-get="{url}" hx-target="#row-{}"'
            ' hx-swap="outerHTML">{}{}<span class="visually-hidden"> {}</span></a>',
            " attendance__call--again" if call.tried else "",
            row.trajectory_id,
            icon("phone" if rings else "message-square"),
            pgettext("to ring somebody", "Call") if rings else _("Message"),
            row.name,
            url=self._of(self._call, row),
        )

    def _heard(self, row: Row, tried: Tried) -> SafeString:
        """When it was tried and what came of it; a slip is taken back by who made it."""
        said = {
            Heard.COMING: _("called at {at}: is coming"),
            Heard.NOT_COMING: _("called at {at}: does not come"),
            Heard.NO_ANSWER: _("message sent at {at}")
            if tried.by_message
            else _("called at {at}: no answer"),
        }[tried.heard].format(at=time_format(clock.local(tried.at), "H:i"))
        undo: SafeString | str = ""
        if tried.mine and self.taps:
            undo = format_html(
                '<form method="post" action="{url}" hx-post="{url}" hx-target="#row-{}"'
                ' hx-swap="outerHTML"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
                '<button class="button button--plain button--small">{}'
                '<span class="visually-hidden">: {}</span></button></form>',
                row.trajectory_id,
                self.csrf,
                _("Undo"),
                row.name,
                url=self._of(self._not_called, row),
            )
        by = "" if tried.mine else f" · {tried.by_name}"
        return format_html(
            '<div class="attendance__heard"><span>{}{}</span>{}</div>', said, by, undo
        )

    def _name(self, row: Row) -> SafeString:
        mark = self._mark(row)
        if not self.evening.writable or row.name_only:
            return format_html('<span class="attendance__name">{}{}</span>', row.name, mark)
        return format_html(
            '<a class="attendance__name" href="{}">{}{}</a>',
            self._of(self._person, row),
            row.name,
            mark,
        )

    def _mark(self, row: Row) -> str:
        """What the worker has to know at a glance; why stands behind the name."""
        marks = []
        if row.at_the_door and row.note != "trial":
            marks.append(self._door)
        if row.note == "trial":
            door = format_html("{} ", self._door) if row.at_the_door else ""
            marks.append(format_html("{}{}", door, _("comes to get to know us")))
        elif self._has_more(row):
            marks.append(self._more)
        elif row.note == "leaving" and row.last_evening:
            marks.append(format_html("{}", _("last evening")))
        if row.left_at:
            marks.append(format_html("{}", _("gone at %(at)s") % {"at": _time(row.left_at)}))
        if row.corrected:
            said = {"day": date_format(row.corrected.at, "j b"), "who": row.corrected.by_name}
            marks.append(format_html("{}", _("corrected on %(day)s by %(who)s") % said))
        if not marks:
            return ""
        return format_html_join("", "<small>{}</small>", ((mark,) for mark in marks))

    def _has_more(self, row: Row) -> bool:
        """Something to read behind the name, on the day itself; what it is nobody sees from here: a
        word with an absence, or what to do while a consent is missing (R-379)."""
        if self.evening.is_past or self.evening.is_to_come:
            return False
        return row.note == "blocked" or (row.told and not row.name_only)

    @cached_property
    def _more(self) -> SafeString:
        return icon("info", _("more behind the name"))

    @cached_property
    def _door(self) -> SafeString:
        return icon("door-open", _("wait at the door"))

    def _state(self, row: Row) -> SafeString:
        if self.evening.may_correct and row.correction and not row.name_only:
            return self._link(row, self._correct)
        too_late = row.correction and (row.name_only or self.evening.is_settled)
        if not self.taps or too_late:
            return format_html(
                '<span class="attendance__state attendance__state--{}">{}</span>',
                _kind(row),
                self._read(row),
            )
        if row.correction:
            return self._link(row, self._person)
        return self._buttons(row)

    def _link(self, row: Row, to: str) -> SafeString:
        """A recorded row of an earlier day is changed on a page of its own."""
        return format_html(
            '<a class="attendance__state attendance__state--{}" href="{}">'
            '<span class="visually-hidden">{}: </span>{}'
            '<span class="visually-hidden">. {}</span></a>',
            row.state,
            self._of(to, row),
            row.name,
            self.words[row.state],
            _("Change"),
        )

    def _buttons(self, row: Row) -> SafeString:
        """Beside *Bel* there is room for the state alone: who is rung is not written off yet."""
        url, quick = self._of(self._tap, row), row.quick_state
        rung = row.call is not None and bool(row.call.way)
        return format_html(
            '<form class="attendance__taps{narrow}" method="post" action="{url}" hx-post="{url}"'
            ' hx-target="#row-{key}" hx-swap="outerHTML" data-row data-state="{kind}">'
            '<input type="hidden" name="csrfmiddlewaretoken" value="{csrf}">'
            '<input type="hidden" name="client_id" value="{client_id}">'
            '<input type="hidden" name="version" value="{version}">'
            "{quick_button}"
            '<button class="attendance__state attendance__state--{kind}" id="tap-{key}"'
            ' name="state" value="{next}"><span class="visually-hidden">{name}: </span>{word}'
            '<span class="visually-hidden">. {then}: {next_word}</span></button></form>',
            url=url,
            key=row.trajectory_id,
            kind=_kind(row),
            csrf=self.csrf,
            client_id=row.client_id,
            version=row.version,
            narrow=" attendance__taps--narrow" if rung else "",
            quick_button="" if rung else self._quick(row, quick),
            name=row.name,
            next=row.next_state,
            next_word=self.words[row.next_state],
            word=self._word(row),
            then=self.then,
        )

    def _quick(self, row: Row, quick: str) -> SafeString:
        return format_html(
            '<button class="attendance__quick" id="quick-{}" name="state" value="{}">'
            '{}<span class="visually-hidden">{}: {}</span></button>',
            row.trajectory_id,
            quick,
            HERE if quick == "present" else AWAY,
            row.name,
            self.words[quick],
        )

    def _word(self, row: Row) -> SafeString:
        """What stands on the button: the word, and what stands there until the server answered. The
        style sheet shows one of them."""
        return format_html(
            '<span class="attendance__word">{}</span>{}', self._plain(row), self._busy
        )

    @cached_property
    def _busy(self) -> SafeString:
        return format_html('<span class="attendance__busy">{}</span>', _("busy"))

    def _plain(self, row: Row) -> SafeString:
        if row.proposed:
            return format_html("{}?", self.words["absent_with_notice"])
        if row.state == "not_recorded":
            return format_html(
                '<span aria-hidden="true">?</span><span class="visually-hidden">{}</span>',
                self.words[row.state],
            )
        sign = IS_HERE if row.state == "present" else ""
        return format_html("{}{}", sign, self.words[row.state])

    def _read(self, row: Row) -> SafeString:
        """What stands there where nothing is tapped."""
        if row.state == "not_recorded" and not row.proposed:
            return format_html(
                '<span aria-hidden="true">·</span><span class="visually-hidden">{}</span>',
                self.words[row.state],
            )
        return format_html("{}", self.words["absent_with_notice" if row.proposed else row.state])

    def _clash(self, row: Row, conflict: Conflict) -> SafeString:
        at = conflict.at
        said = _("%(who)s wrote down “%(state)s” at %(at)s. Tap again if it must change.") % {
            "who": conflict.by_name,
            "state": self.words[row.state],
            "at": _time(at) if at else "",
        }
        return format_html('<p class="attendance__clash" role="alert">{}</p>', said)

    def _of(self, url: str, row: Row) -> str:
        return url.replace(str(NOBODY), str(row.trajectory_id))


def _time(moment: datetime) -> str:
    return time_format(clock.local(moment), "H:i")


def _kind(row: Row) -> str:
    return "proposed" if row.proposed else row.state

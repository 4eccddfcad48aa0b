"""What is said of a meeting that changed, in one sentence: the same in a mail, on a page and in a
ready text. Days and hours only."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core import clock
from groups.evenings.who_hears import Line, Says


def day_of(moment: datetime) -> str:
    """ "vrijdag 11 december"."""
    return date_format(clock.local(moment), "l j F")


def hour_of(moment: datetime) -> str:
    return date_format(clock.local(moment), "H:i")


def sentence(says: Says | str, was: datetime | None, now: datetime | None) -> str:
    """ "Vrijdag 11 december gaat niet door."."""
    first = was or now
    words = {
        "day": day_of(first) if first else "",
        "to": day_of(now) if now else "",
        "at": hour_of(now) if now else "",
    }
    if says == Says.CANCELLED:
        text = _("%(day)s does not go ahead.")
    elif says == Says.AGAIN:
        text = _("%(to)s goes ahead after all, at %(at)s.")
    elif says == Says.NEW:
        text = _("%(to)s at %(at)s.")
    elif was and now and clock.day_of(was) == clock.day_of(now):
        text = _("On %(day)s we begin at %(at)s.")
    else:
        text = _("%(day)s becomes %(to)s, at %(at)s.")
    return str(capfirst(text % words))


def of_line(line: Line) -> str:
    return sentence(line.says, line.was, line.now)


def as_written(line: Mapping[str, Any]) -> str:
    """Of a line among the words of a message, whose moments are written out."""
    return sentence(line["says"], _read(line["was"]), _read(line["now"]))


def day_as_written(moment: str) -> str:
    return day_of(datetime.fromisoformat(moment))


def heading(lines: list[Mapping[str, Any]], *, to_parents: bool = False) -> str:
    """The subject line: what happened, without what it is about where there are several. A parent
    is no "je", and it is not their calendar."""
    if len(lines) == 1 and lines[0]["says"] != Says.NEW:
        return as_written(lines[0]).rstrip(".")
    if all(line["says"] == Says.NEW for line in lines):
        return _("New dates of meetings") if to_parents else _("New dates in your calendar")
    return (
        _("Something changed: meetings") if to_parents else _("Something changed in your calendar")
    )


def _read(moment: str | None) -> datetime | None:
    return datetime.fromisoformat(moment) if moment else None

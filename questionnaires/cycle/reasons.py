"""Why a wave stands, in words: "6 of 6: 3 Sep, 17 Sep ...; 1 Oct did not count: cancelled".

The reason itself is data (`questionnaires.cycle.waves`), so it reads well in every language, and
everyone who may see the invitation may read it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

WHY_NOT: Mapping[str, Any] = {
    "cancelled": pgettext_lazy("why a meeting did not count", "cancelled"),
    "not_held": pgettext_lazy("why a meeting did not count", "not held"),
    "not_recorded": pgettext_lazy("why a meeting did not count", "not recorded"),
    "absent_with_notice": pgettext_lazy("why a meeting did not count", "told us beforehand"),
    "absent_without_notice": pgettext_lazy("why a meeting did not count", "not there"),
    "trial": pgettext_lazy("why a meeting did not count", "getting to know"),
    "blocked": pgettext_lazy("why a meeting did not count", "still waiting for a yes"),
    "no_place": pgettext_lazy("why a meeting did not count", "no place in this group then"),
}

WAITED_FOR: Mapping[str, Any] = {
    "blocked": pgettext_lazy("why a questionnaire waited", "a yes was missing"),
    "paused": pgettext_lazy("why a questionnaire waited", "there was a pause"),
    "held": pgettext_lazy("why a questionnaire waited", "no messages were wanted"),
}

WITHDRAWN: Mapping[str, Any] = {
    "not_six": gettext_lazy("Taken back: there are no longer six meetings."),
    "exit_instead": gettext_lazy("Taken back: the questions of the last meeting come instead."),
    "moved": gettext_lazy("Taken back: its day moved."),
    "on_hold": gettext_lazy("Taken back: it waits until the stay goes on."),
    "drop_out": gettext_lazy("Taken back: there was no goodbye."),
    "stays": gettext_lazy("Taken back: the stay goes on."),
    "not_complete": gettext_lazy("Taken back: the talk was done again."),
    "contact_refused": gettext_lazy("Taken back: no more messages are wanted."),
    "returned": gettext_lazy("Taken back: takes part again."),
    "erased": gettext_lazy("Taken back: the data were erased."),
}

WAVE_NAMES: Mapping[str, Any] = {
    "baseline": pgettext_lazy("name of a questionnaire", "the first questionnaire"),
    "interim": pgettext_lazy("name of a questionnaire", "questionnaire %(number)d in between"),
    "exit": pgettext_lazy("name of a questionnaire", "the questionnaire of the last meeting"),
    "follow_up": pgettext_lazy("name of a questionnaire", "the questionnaire three months later"),
}


def wave_name(wave: str, sequence: int = 1) -> str:
    """What people call it. The exit one is never called *eindmeting* (C-03)."""
    return str(WAVE_NAMES[wave] % {"number": sequence} if wave == "interim" else WAVE_NAMES[wave])


def render(reason: Mapping[str, Any]) -> str:
    """The whole reason in the active language; "" when there is none."""
    if not reason:
        return ""
    parts = [_opening(reason), *_remarks(reason)]
    return " ".join(part for part in parts if part)


def short_day(iso: str) -> str:
    """A day without its year, as in "3 Sep"."""
    pattern = pgettext("date format: day and short month", "j M")
    return formats.date_format(date.fromisoformat(iso), pattern)


def _opening(reason: Mapping[str, Any]) -> str:
    kind = reason.get("text")
    if kind == "interim":
        return _six(reason)
    if kind == "baseline":
        return _("The first talk and every yes were there on %(day)s.") % {
            "day": short_day(max(reason["talked_on"], reason["consent_complete_on"]))
        }
    if kind == "exit":
        agreed = _("The last meeting is on %(day)s.") % {
            "day": short_day(reason["last_meeting_on"])
        }
        return _with_six(agreed, reason)
    if kind == "exit_closed":
        closed = _("Stopped on %(day)s.") % {"day": short_day(reason["closed_on"])}
        return _with_six(closed, reason)
    if kind == "follow_up":
        return _("Three months after %(day)s.") % {"day": short_day(reason["exited_on"])}
    return ""


def _with_six(text: str, reason: Mapping[str, Any]) -> str:
    if "instead_of" not in reason:
        return text
    return (
        text
        + " "
        + _("It takes the place of %(wave)s.")
        % {"wave": wave_name("interim", reason["instead_of"])}
    )


def _six(reason: Mapping[str, Any]) -> str:
    days: Sequence[str] = reason["counted"]
    text = _("%(count)d of %(needed)d: %(days)s") % {
        "count": len(days),
        "needed": len(days),
        "days": ", ".join(short_day(day) for day in days),
    }
    for skipped in reason["not_counted"]:
        text += "; " + _("%(day)s did not count: %(why)s") % {
            "day": short_day(skipped["date"]),
            "why": WHY_NOT[skipped["why"]],
        }
    return text + "."


def _remarks(reason: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    if "waited_for" in reason:
        found += [
            _("It waited, because %(why)s.") % {"why": WAITED_FOR[kind]}
            for kind in reason["waited_for"]
        ]
    if "recorded_on" in reason:
        found.append(_("Recorded on %(day)s.") % {"day": short_day(reason["recorded_on"])})
    if "missed" in reason:
        found.append(_missed(reason))
    if "withdrawn" in reason:
        found.append(str(WITHDRAWN[reason["withdrawn"]["why"]]))
    if reason.get("kept"):
        found.append(_("Answered before something was corrected."))
    return found


def _missed(reason: Mapping[str, Any]) -> str:
    missed = reason["missed"]
    if "days" in missed:
        return _("No answer in %(days)d days.") % {"days": missed["days"]}
    name = wave_name(missed["wave"], missed["sequence"])
    if reason.get("never_open"):
        return _("No longer asked: %(wave)s was there already.") % {"wave": name}
    return _("No longer asked: %(wave)s came.") % {"wave": name}

"""Why a wave stands, or no longer does, in words for professionals.

"6 of 6: 3 Sep, 17 Sep ...; 1 Oct did not count: cancelled". The reason itself is data
(`questionnaires.cycle.waves`), so it reads well in every language. The young person reads the
same reason in other words: `questionnaires.cycle.own_reasons` (R-354).

A code without words, as an older row may have one, says nothing rather than breaking a page.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.dates import all_in_short, in_full, in_short

Reason = Mapping[str, Any]

#: A wave that was taken back because its evening was not over after all: told to nobody.
NOT_OVER = "not_over"

WHY_NOT: Mapping[str, Any] = {
    "cancelled": pgettext_lazy("why a meeting did not count", "cancelled"),
    "not_written": pgettext_lazy("why a meeting did not count", "the sheet was not filled in"),
    "not_recorded": pgettext_lazy("why a meeting did not count", "not recorded"),
    "to_come": pgettext_lazy("why a meeting did not count", "was still to come"),
    "absent_with_notice": pgettext_lazy("why a meeting did not count", "told us beforehand"),
    "absent_without_notice": pgettext_lazy("why a meeting did not count", "not there"),
    "trial": pgettext_lazy("why a meeting did not count", "getting to know"),
    "blocked": pgettext_lazy("why a meeting did not count", "there was no consent in force"),
    "no_place": pgettext_lazy("why a meeting did not count", "no place in this group then"),
    # of rows written before an evening had an end
    "not_held": pgettext_lazy("why a meeting did not count", "nothing was recorded"),
}

WAITED_FOR: Mapping[str, Any] = {
    "blocked": pgettext_lazy("why a questionnaire waited", "consent was missing"),
    "paused": pgettext_lazy("why a questionnaire waited", "there was a pause"),
    "held": pgettext_lazy("why a questionnaire waited", "no messages were wanted"),
}

WITHDRAWN: Mapping[str, Any] = {
    "not_six": gettext_lazy("there are no longer six meetings that count"),
    "exit_instead": gettext_lazy("the questionnaire of the last meeting comes instead"),
    "moved": gettext_lazy("its day moved"),
    "on_hold": gettext_lazy("it waits until the stay goes on"),
    NOT_OVER: gettext_lazy("the meeting was not over yet"),
    "drop_out": gettext_lazy("there was no goodbye"),
    "stays": gettext_lazy("the goodbye did not go ahead"),
    "not_complete": gettext_lazy("the first talk was judged again"),
    "contact_refused": gettext_lazy("no more messages are wanted"),
    "returned": gettext_lazy("came back to Join Us"),
    "erased": gettext_lazy("the data were erased"),
}

SINCE: Mapping[str, Any] = {
    "corrected": gettext_lazy("After it was answered, something was corrected."),
    "goes_on": gettext_lazy("After it was answered, something about the goodbye changed."),
}

WAVE_NAMES: Mapping[str, Any] = {
    "baseline": pgettext_lazy("name of a questionnaire", "the first questionnaire"),
    "interim": pgettext_lazy("name of a questionnaire", "questionnaire %(number)d in between"),
    "exit": pgettext_lazy("name of a questionnaire", "the questionnaire of the last meeting"),
    "follow_up": pgettext_lazy("name of a questionnaire", "the questionnaire three months later"),
}


def wave_name(wave: str, sequence: int = 1) -> str:
    """What people call it. The exit one is never called *eindmeting* (C-03)."""
    if wave == "interim":
        return str(WAVE_NAMES[wave] % {"number": sequence})
    name = str(WAVE_NAMES[wave])
    if sequence == 1:
        return name
    return _("%(wave)s (number %(number)d)") % {"wave": name, "number": sequence}


def render(reason: Reason, state: str = "") -> str:
    """The whole reason in the active language; "" when there is none.

    `state`: that a wave closed is no part of its reason, and needs a word all the same.
    """
    parts = [_opening(reason), *_remarks(reason)]
    if state == "closed":
        parts.append(_("No longer asked: the stay it belonged to is over."))
    return " ".join(part for part in parts if part)


def short_day(iso: str) -> str:
    """A day as in "3 Sep", with its year when that is another."""
    return in_short(date.fromisoformat(iso))


def _opening(reason: Reason) -> str:
    kind = reason.get("text")
    if kind == "interim":
        return _six(reason) + "."
    if kind == "baseline":
        return _("The first talk and the consent were complete on %(day)s.") % {
            "day": short_day(max(reason["talked_on"], reason["consent_complete_on"]))
        }
    if kind == "exit":
        agreed = _("Last meeting: %(day)s.") % {"day": short_day(reason["last_meeting_on"])}
        return _with_six(agreed, reason)
    if kind == "exit_closed":
        closed = _("Stopped on %(day)s.") % {"day": short_day(reason["closed_on"])}
        return _with_six(closed, reason)
    if kind == "follow_up":
        return _("Three months after %(day)s.") % {"day": short_day(reason["exited_on"])}
    return ""


def _with_six(text: str, reason: Reason) -> str:
    if "instead_of" not in reason:
        return text
    wave = wave_name("interim", reason["instead_of"])
    if not reason.get("counted"):
        return text + " " + _("It takes the place of %(wave)s.") % {"wave": wave}
    six = _("It takes the place of %(wave)s (%(six)s).") % {"wave": wave, "six": _six(reason)}
    return f"{text} {six}"


def _six(reason: Reason) -> str:
    days = _days(reason["counted"])
    text = _("%(count)d of %(needed)d: %(days)s") % {
        "count": len(days),
        "needed": len(days),
        "days": all_in_short(days),
    }
    for skipped in reason.get("not_counted", ()):
        text += "; " + _not_counted(short_day(skipped["date"]), skipped["why"])
    return text


def _not_counted(day: str, why: str) -> str:
    if why not in WHY_NOT:
        return _("%(day)s did not count") % {"day": day}
    return _("%(day)s did not count: %(why)s") % {"day": day, "why": WHY_NOT[why]}


def _remarks(reason: Reason) -> list[str]:
    found: list[str] = []
    if waited := _known(WAITED_FOR, reason.get("waited_for", ())):
        found.append(_("It waited, because %(why)s.") % {"why": _all_of(waited)})
    if "recorded_on" in reason:
        found.append(_("Recorded only on %(day)s.") % {"day": short_day(reason["recorded_on"])})
    if "missed" in reason:
        found.append(_missed(reason))
    if "withdrawn" in reason:
        found.append(_withdrawn(reason["withdrawn"]))
    if "since" in reason:
        found.append(str(SINCE.get(reason["since"], "")))
    elif reason.get("kept"):
        found.append(_("After it was answered, something changed."))
    return found


def _missed(reason: Reason) -> str:
    missed = reason["missed"]
    if "days" in missed:
        return _("No answer in %(days)d days.") % {"days": missed["days"]}
    name = wave_name(missed["wave"], missed["sequence"])
    if reason.get("never_open"):
        return _("Not asked: %(wave)s was there already.") % {"wave": name}
    return _("No longer asked: %(wave)s came.") % {"wave": name}


def _withdrawn(gone: Reason) -> str:
    day = in_full(date.fromisoformat(gone["on"]))
    why = _why_withdrawn(gone)
    if not why:
        return _("Withdrawn on %(day)s.") % {"day": day}
    return _("Withdrawn on %(day)s: %(why)s.") % {"day": day, "why": why}


def _why_withdrawn(gone: Reason) -> str:
    if gone["why"] == "moved" and gone.get("to"):
        return _("its day moved to %(day)s") % {"day": in_full(date.fromisoformat(gone["to"]))}
    if gone["why"] == "on_hold" and (kinds := _known(WAITED_FOR, gone.get("kinds", ()))):
        return _("it waits, because %(why)s") % {"why": _all_of(kinds)}
    return str(WITHDRAWN.get(gone["why"], ""))


def _known(words: Mapping[str, Any], codes: Iterable[str]) -> list[str]:
    return [str(words[code]) for code in codes if code in words]


def _all_of(clauses: Sequence[str]) -> str:
    joined, last = ", ".join(clauses[:-1]), clauses[-1]
    return _("%(these)s and %(last)s") % {"these": joined, "last": last} if joined else last


def _days(isos: Iterable[str]) -> list[date]:
    return [date.fromisoformat(iso) for iso in isos]

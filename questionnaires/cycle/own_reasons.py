"""Why a questionnaire came, or went away, in words for the young person it is for (R-354).

The same data as professionals read (`questionnaires.cycle.reasons`), said to somebody: "Je was er
zes keer bij: 3 september, ... Daarom vragen we hoe het gaat." Three things differ on purpose.
What waited for a consent is said as every other page says it: something had to be arranged, and
never by whom. A first talk that was judged again is left to people. And of an evening that did not
count nobody reads a reproach, but what they can do when it is not true.

A young person knows one name: the questionnaire, told apart by its day. A code without words says
nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.dates import all_in_full, in_full
from questionnaires.cycle.reasons import Reason

#: Why an evening does not count; `%(days)s` is one day or several.
NOT_COUNTED: Mapping[str, Any] = {
    "cancelled": gettext_lazy("On %(days)s there was no meeting."),
    "not_written": gettext_lazy("Nobody wrote down yet who was there on %(days)s."),
    "not_recorded": gettext_lazy("Nobody wrote down yet whether you were there on %(days)s."),
    "to_come": gettext_lazy("On %(days)s the meeting was still to come."),
    "absent_with_notice": gettext_lazy("You were not there on %(days)s."),
    "absent_without_notice": gettext_lazy("You were not there on %(days)s."),
    "trial": gettext_lazy("On %(days)s you came to have a look: that does not count yet."),
    "blocked": gettext_lazy(
        "Being there on %(days)s does not count: something had to be arranged first."
    ),
    "no_place": gettext_lazy(
        "Being there on %(days)s does not count: you were not in this group then."
    ),
    "not_held": gettext_lazy("Nobody wrote down who was there on %(days)s."),
}
#: Of these somebody may know better than the sheet does.
MAY_BE_WRONG = frozenset(
    ("not_written", "not_recorded", "absent_with_notice", "absent_without_notice", "not_held")
)

WAITED_FOR: Mapping[str, Any] = {
    "blocked": gettext_lazy("It waited a while: something had to be arranged first."),
    "paused": gettext_lazy("It waited a while: you were having a break."),
    "held": gettext_lazy("It waited a while: you did not want any messages."),
}

ON_HOLD: Mapping[str, Any] = {
    "blocked": gettext_lazy("Something had to be arranged first."),
    "paused": gettext_lazy("You were having a break, so nothing was asked of you."),
    "held": gettext_lazy("You did not want any messages, so nothing was asked of you."),
}

WITHDRAWN: Mapping[str, Any] = {
    "not_six": gettext_lazy(
        "It comes after six meetings that count, and there were not six yet after all."
    ),
    "exit_instead": gettext_lazy("The one of your goodbye counts instead, and one is enough."),
    "moved": gettext_lazy("Its day has changed."),
    "on_hold": gettext_lazy("Nothing was asked of you for a while."),
    "not_over": gettext_lazy("It was there too early: the meeting was not over yet."),
    "drop_out": gettext_lazy("It was meant for a goodbye, and there was none."),
    "stays": gettext_lazy("It was meant for a goodbye that did not go ahead."),
    "not_complete": gettext_lazy(
        "It was there too early. Do you want to know more? Ask your youth worker."
    ),
    "contact_refused": gettext_lazy("You did not want us to ask anything more. That is fine."),
    "returned": gettext_lazy("You came back to Join Us. It was about the time before."),
    "erased": gettext_lazy("Your data were erased."),
}

SINCE: Mapping[str, Any] = {
    "corrected": gettext_lazy("Something was put right after you sent it. Your answers stay."),
    "goes_on": gettext_lazy(
        "Something about your goodbye changed after you sent it. Your answers stay."
    ),
}


# ---- Where it stands --------------------------------------------------------


def why_it_came(reason: Reason) -> tuple[str, str]:
    """What it is for, and what else there is to know about it; "" where nothing is to be said."""
    says = _CAME.get(reason.get("text", ""))
    if says is None:
        return "", ""
    return " ".join(says(reason)), " ".join(_more(reason))


def _more(reason: Reason) -> Iterable[str]:
    yield from _between(reason) if reason["text"] == "interim" else ()
    if "instead_of" in reason:
        yield _("It also counts for the six times you were there: one questionnaire is enough.")
    yield from _known(WAITED_FOR, reason.get("waited_for", ()))
    if "recorded_on" in reason:
        day = _day(reason["recorded_on"])
        yield _("Not all of it was written down until %(day)s, so it comes now.") % {"day": day}
    if "since" in reason:
        yield from _known(SINCE, [reason["since"]])
    elif reason.get("kept"):
        yield _("Something changed after you sent it. Your answers stay.")


def in_one_line(reason: Reason) -> str:
    """The same in a few words, for a card or a list."""
    kind = reason.get("text")
    if kind == "baseline":
        return _("It belongs to your start with Join Us.")
    if kind == "interim" and reason.get("counted"):
        return _("You were there six times, up to %(day)s.") % {"day": _day(reason["counted"][-1])}
    if kind == "exit":
        return _goodbye(reason)
    if kind in ("exit_closed", "follow_up"):  # that they left is by itself no reason to ask
        return " ".join(_CAME[kind](reason))
    return ""


def _baseline(reason: Reason) -> Iterable[str]:
    """Only the talk has a day here: when the consent came is not told."""
    yield _("Your first talk was on %(day)s.") % {"day": _day(reason["talked_on"])}
    yield _("This one belongs to your start, so that you can see later what has changed for you.")


def _interim(reason: Reason) -> Iterable[str]:
    yield _("You were there six times: %(days)s.") % {"days": _all_days(reason["counted"])}
    yield _("That is why we ask how you are doing.")


def _between(reason: Reason) -> Iterable[str]:
    """What lay between and did not count: a sentence for each cause that sounds alike."""
    days: dict[str, list[str]] = {}
    for one in reason.get("not_counted", ()):
        days.setdefault(str(NOT_COUNTED.get(one["why"], "")), []).append(one["date"])
    yield from (text % {"days": _all_days(of_it)} for text, of_it in days.items() if text)
    if any(one["why"] in MAY_BE_WRONG for one in reason.get("not_counted", ())):
        yield _("Is that not right? Tell your youth worker.")


def _exit(reason: Reason) -> Iterable[str]:
    yield _goodbye(reason)
    yield _("We would like to know how it was for you, and how you are doing now.")


def _exit_closed(reason: Reason) -> Iterable[str]:
    yield _no_longer(reason["closed_on"])
    yield _("We would like to know how it was for you, and how you are doing now.")


def _follow_up(reason: Reason) -> Iterable[str]:
    yield _no_longer(reason["exited_on"])
    yield _("Three months later we would like to know how you are doing now.")


def _goodbye(reason: Reason) -> str:
    return _("It belongs to your goodbye on %(day)s.") % {"day": _day(reason["last_meeting_on"])}


def _no_longer(iso: str) -> str:
    """True of who reached a goal, who moved away and who stopped alike."""
    return _("You have not taken part in Join Us since %(day)s.") % {"day": _day(iso)}


_CAME: Mapping[str, Callable[[Reason], Iterable[str]]] = {
    "baseline": _baseline,
    "interim": _interim,
    "exit": _exit,
    "exit_closed": _exit_closed,
    "follow_up": _follow_up,
}


# ---- Where it went away -----------------------------------------------------


def why_it_went(state: str, reason: Reason) -> str:
    """Of a questionnaire that nobody can fill in any more: withdrawn, missed or closed."""
    if state == "withdrawn":
        return _withdrawn(reason.get("withdrawn", {}))
    if state == "missed":
        return _missed(reason)
    return _("It belonged to a time with Join Us that is over.")


def _withdrawn(gone: Reason) -> str:
    why = gone.get("why", "")
    if why == "moved" and gone.get("to"):
        return _("Its day has moved to %(day)s.") % {"day": _day(gone["to"])}
    if why == "on_hold" and (kinds := _known(ON_HOLD, gone.get("kinds", ()))):
        return " ".join(kinds)
    return str(WITHDRAWN.get(why, ""))


def _missed(reason: Reason) -> str:
    if days := reason.get("missed", {}).get("days"):
        return _("It was there for you for %(days)d days.") % {"days": days}
    if reason.get("never_open"):
        return _("A newer one was there already, and one is enough.")
    return _("A newer one has taken its place, and one is enough.")


def _known(words: Mapping[str, Any], codes: Iterable[str]) -> list[str]:
    return [str(words[code]) for code in codes if code in words]


def _day(iso: str) -> str:
    return in_full(date.fromisoformat(iso))


def _all_days(isos: Iterable[str]) -> str:
    return all_in_full([date.fromisoformat(iso) for iso in isos])

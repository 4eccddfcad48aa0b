"""How a line of the sign-ups reads: made here once a line, so that the page only puts it down."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import clock
from core.accounts.models import first_name_of
from core.ages import age_on
from core.dates import in_short
from core.telephone import dial, shown
from core.templatetags.face import link
from participants.recusal.who_works_here import Ring
from participants.signup.order_of_need import InGroup, Line, SignUp, Step, rings_of

#: The answers to "what does it ask?", in the order of need.
STEPS = {step.value: step.label for step in Step}
TONES = {
    Step.NO_GROUP: ("needs", gettext_lazy("Without a group")),
    Step.NOBODY_LEFT: ("needs", gettext_lazy("No youth worker left")),
    Step.LATE: ("needs", gettext_lazy("Waits too long")),
    Step.TO_TELL: ("needs", gettext_lazy("Tell what was decided")),
    Step.TO_REACH: ("waits", gettext_lazy("Not reached yet")),
    Step.TO_PLAN: ("info", gettext_lazy("Spoken, talk to be planned")),
    Step.IN_TALK: ("info", gettext_lazy("First talk has begun")),
    Step.READY: ("done", gettext_lazy("May get to know the group")),
}


@dataclass(frozen=True)
class Drawn:
    """A line as the page shows it. `face`: whose initials stand before it; a group has none."""

    url: str
    title: str
    face: str
    about: str
    tone: str
    word: str
    rings: str = ""


def drawn(lines: Collection[Line]) -> list[Drawn]:
    """One query when groups stand among them. Who reads a line may open its group."""
    rings = rings_of(lines)
    today = clock.today()
    return [
        _person(line, today) if isinstance(line, SignUp) else _group(line, rings.get(line.pk, []))
        for line in lines
    ]


def _person(line: SignUp, today: date) -> Drawn:
    tone, said = TONES[line.step]
    word = str(said)
    if line.step == Step.TO_REACH and not line.attempts:
        tone, word = "needs", _("New")
    about = " · ".join(_facts(line, today))
    return Drawn(
        url=link("participants:applicant", line.pk),
        title=f"{line.name} ({age_on(line.born, today)})",
        face=line.name,
        about=format_html(
            '<a href="{}">{}</a> · {}', link("groups:group", line.group), line.group_name, about
        )
        if line.group
        else about,
        tone=tone,
        word=word,
    )


def _facts(line: SignUp, today: date) -> list[str]:
    days, attempts = (today - clock.day_of(line.signed_up_at)).days, line.attempts
    facts = [
        ngettext("signed up %(days)d day ago", "signed up %(days)d days ago", days) % {"days": days}
        if days
        else _("signed up today")
    ]
    if line.waiting_since:
        facts.append(_("waits for a place since %(day)s") % {"day": in_short(line.waiting_since)})
    if line.alike:
        facts.append(_("perhaps here already"))
    if attempts and line.contacted_at is None:
        facts.append(ngettext("tried %(n)d time", "tried %(n)d times", attempts) % {"n": attempts})
    if line.rather_by and line.contacted_at is None:
        facts.append(_("rather by %(name)s") % {"name": first_name_of(line.rather_by)})
    return facts


def _group(line: InGroup, rings: list[Ring]) -> Drawn:
    counts = [
        ngettext("%(n)d sign-up", "%(n)d sign-ups", line.sign_ups) % {"n": line.sign_ups},
    ]
    if line.in_line and line.in_line_since:
        counts.append(
            _("%(n)d on the waiting list, the longest since %(day)s")
            % {"n": line.in_line, "day": in_short(line.in_line_since)}
        )
    if line.late_since:
        word = ngettext(
            "%(n)d waits too long, since %(day)s", "%(n)d wait too long, since %(day)s", line.late
        ) % {"n": line.late, "day": in_short(line.late_since)}
    else:
        word = _("Nobody waits too long")
    return Drawn(
        url=link("groups:group", line.pk),
        title=line.name,
        face="",
        about=" · ".join([line.organisation, *counts]),
        tone="needs" if line.late else "neutral",
        word=word,
        rings=_rings(line, rings),
    )


def _rings(line: InGroup, rings: list[Ring]) -> SafeString:
    """Who leads the group, each with a number; the organisation's where somebody has none."""
    named = [format_html("{}{}", ring.name, _telephone(ring.phone)) for ring in rings]
    if not rings:
        named.append(format_html("{}", _("No youth worker yet")))
    if line.telephone and not (rings and all(ring.phone for ring in rings)):
        named.append(
            format_html("{}{}", _("by way of the organisation:"), _telephone(line.telephone))
        )
    return format_html_join(" · ", "{}", ((one,) for one in named))


def _telephone(number: str) -> str:
    if not number:
        return ""
    return format_html(' <a href="tel:{}">{}</a>', dial(number), shown(number))

"""What an act would do to the questionnaires, said before it is done (R-131).

Answers the port `cycle_preview`. The act is carried out on trial (`participants.stay.rehearsal`):
the waves that stand with it and without it are compared.
"""

from collections.abc import Callable, Collection, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from core import clock
from core.ports import Consequence
from questionnaires.cycle import facts as known
from questionnaires.cycle.facts import Standing
from questionnaires.cycle.reasons import short_day, wave_name
from questionnaires.cycle.waves import standing


def consequences(trajectory_ids: Collection[UUID]) -> Callable[[], list[Consequence]]:
    """Asked while an act stands on trial. What it answers is asked when it was taken back: one
    sentence for every wave that would open, move or be withdrawn."""
    after = _waves(trajectory_ids)

    def said() -> list[Consequence]:
        before = _waves(trajectory_ids)
        return [
            Consequence(stay, kind, text)
            for stay, waves in after.items()
            for kind, text in differences(before.get(stay, []), waves)
        ]

    return said


def _waves(trajectory_ids: Collection[UUID]) -> dict[UUID, list[Standing]]:
    today = clock.today()
    return {
        stay.trajectory: standing(stay, today, noticed_on=today)
        for stay in known.load(trajectory_ids)
    }


def differences(before: Sequence[Standing], after: Sequence[Standing]) -> list[tuple[str, str]]:
    """(opens | moves | withdraws, the sentence), in the order of the waves."""
    old = {wave.key: wave for wave in before}
    new = {wave.key: wave for wave in after}
    found = [
        ("withdraws", _("This takes back %(wave)s.") % {"wave": wave_name(*key)})
        for key in old
        if key not in new
    ]
    for key, wave in new.items():
        said = _said(old.get(key), wave)
        if said:
            found.append(said)
    return found


def _said(old: Standing | None, new: Standing) -> tuple[str, str] | None:
    name = wave_name(new.wave, new.sequence)
    if new.state == "open" and (old is None or old.state != "open"):
        if old is None:
            return "opens", _("This opens %(wave)s.") % {"wave": name}
        return "opens", _("This opens %(wave)s again.") % {"wave": name}
    if old is None:
        text = _("This writes down %(wave)s as missed; nothing is sent.")
        return "opens", text % {"wave": name}
    if old.earned_on != new.earned_on:
        day = short_day(new.earned_on.isoformat())
        return "moves", _("This moves %(wave)s to %(day)s.") % {"wave": name, "day": day}
    return None

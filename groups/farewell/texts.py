"""What somebody gives along on a farewell card; a worker reads it before it counts (R-185)."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from groups.farewell.authors import lines_of
from groups.farewell.cards import lock_card, require_open
from groups.farewell.standing import STILL_WRITES, Line, Standing
from groups.models import FarewellCard, FarewellText
from groups.models.farewell import LONGEST
from participants.recusal.recusal import out_of

Way = FarewellText.Way


def line_of(card: FarewellCard, *, stay: UUID | None = None, worker: UUID | None = None) -> Line:
    """What stands of one author. Raises RuleBroken: not_asked."""
    for line in lines_of(card):
        if (line.author.stay, line.author.worker) == (stay, worker):
            return line
    raise RuleBroken(_("You are not asked to write on this card."), "not_asked")


@transaction.atomic
def write_text(
    *,
    card: FarewellCard,
    way: str,
    text: str = "",
    version: int | None = None,
    stay: UUID | None = None,
    worker: User | None = None,
    only_once: bool = False,
) -> FarewellText:
    """Write, choose the pen, or rather write nothing; again later replaces it.

    With a pen or with nothing, what was typed is kept too: its author alone reads it and can still
    give it along. `version`: the one that was looked at, None where there was nothing. `only_once`:
    on the phone that goes round nobody writes over what stands, and typed words are not put aside,
    since nobody finds them back there. A participant's words wait to be read, a worker's own do
    not. Raises RuleBroken: closed, not_asked, empty, too_long, words_stand, written_already,
    changed_meanwhile.
    """
    words = text.strip()
    if way == Way.TYPED and not words:
        raise RuleBroken(_("Write a sentence, or choose the pen."), "empty", "text")
    if len(words) > LONGEST:
        raise RuleBroken(
            _("That is too long for the card: {n} signs at most.").format(n=LONGEST),
            "too_long",
            "text",
        )
    if only_once and words and way != Way.TYPED:
        raise RuleBroken(
            _("There are words in the box. Choose “Done, pass it on”, or empty it first."),
            "words_stand",
            "text",
        )
    row = lock_card(card)
    require_open(row)
    line = line_of(row, stay=stay, worker=worker.pk if worker else None)
    stands = line.text
    if only_once and line.standing not in STILL_WRITES:
        raise RuleBroken(
            _("{name} has written already. Choose who writes now.").format(name=line.author.called),
            "written_already",
            "who",
        )
    if only_once and stands is not None and way != Way.TYPED:
        words = stands.text
    if stands is not None and (stands.way, stands.text) == (way, words) and not stands.sent_back_at:
        return stands
    if not only_once and version != (stands.version if stands else None):
        raise RuleBroken(
            _("This changed meanwhile, on another phone or in another tab. Look at it again."),
            "changed_meanwhile",
            "text",
        )
    now = clock.now()
    found = stands or FarewellText(card=row, by_stay_id=stay, by_worker=worker, version=0)
    found.way, found.text, found.written_at = way, words, now
    found.version += 1
    found.sent_back_at, found.word_back = None, ""
    found.read_at, found.read_by = (now, worker) if worker else (None, None)
    found.save()
    return found


def texts_to_read(lines: Iterable[Line], out: Collection[UUID]) -> list[FarewellText]:
    """Those that wait, in the order of writing, less what was written by somebody this worker
    stays out of: `out`."""
    waiting = [
        line.text
        for line in lines
        if line.text is not None
        and line.standing == Standing.TO_READ
        and line.author.person not in out
    ]
    return sorted(waiting, key=lambda text: text.written_at)


@transaction.atomic
def put_on_the_card(*, text: FarewellText, version: int, by: User) -> FarewellText:
    """Read, and good: it stands on the card. Raises RuleBroken: closed, changed_meanwhile."""
    row = _lock_text(text, version, by)
    row.read_at, row.read_by = clock.now(), by
    row.sent_back_at, row.word_back = None, ""
    row.save(update_fields=["read_at", "read_by", "sent_back_at", "word_back"])
    return row


@transaction.atomic
def send_back(*, text: FarewellText, version: int, word: str, by: User) -> FarewellText:
    """Not on the card like this: the author reads the `word` and may write anew.

    Also for one that was read before. Raises RuleBroken: closed, changed_meanwhile, word_needed.
    """
    if not word.strip():
        raise RuleBroken(_("Say in a few words why."), "word_needed", "word")
    row = _lock_text(text, version, by)
    row.sent_back_at, row.word_back = clock.now(), word.strip()
    row.read_at, row.read_by = None, None
    row.save(update_fields=["read_at", "read_by", "sent_back_at", "word_back"])
    return row


def _lock_text(text: FarewellText, version: int, by: User) -> FarewellText:
    card = lock_card(text.card)
    require_open(card)
    row = FarewellText.objects.select_related("by_stay").get(pk=text.pk)
    if row.by_stay is not None and row.by_stay.participant_id in out_of(by):
        raise RuleBroken(_("A colleague reads this one."), "colleague_reads")
    if row.version != version or row.way != Way.TYPED:
        raise RuleBroken(_("The text changed meanwhile. Read it again."), "changed_meanwhile")
    return row

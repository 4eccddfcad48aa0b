"""Drafts in the package of who wrote them; gone with the writer, and with whom they are about."""

from django.utils.translation import gettext as _

from core.accounts.actors import Actor
from core.drafts import keeping
from core.drafts.declaring import PRIVATE
from core.drafts.models import Draft
from core.privacy import OWN, Fact, Person, Section

HOLDS = {Draft: "of the writer alone; goes when saved, thrown away, and after fourteen days"}
#: What a form holds beside words.
NOT_WORDS = frozenset({"act", "version"})


def export_person(person: Person, part: str) -> list[Section]:
    """Answer to the port. What others wrote and did not save is theirs."""
    if part != OWN or person.user_id is None:
        return []
    rows = Draft.objects.filter(person_id=person.user_id).open().order_by("kept_at")
    entries = [
        [Fact("kept_at", _("Typed"), row.kept_at), Fact("words", _("Words"), _told(row))]
        for row in rows
    ]
    return [Section("drafts", _("Drafts"), entries, order=80)] if entries else []


def erase_person(person: Person, by: Actor) -> None:
    """Answer to the port: also what workers began to write, or type on in a page that is open."""
    Draft.objects.filter(person_id=person.user_id, person_id__isnull=False).delete()
    ids = {person.participant_id, *person.trajectory_ids, *person.subject_ids}
    keeping.bar(user=None, about=ids)


def _told(row: Draft) -> str:
    """A complaint, and what the home may not know, are read on their own page alone."""
    if row.form in PRIVATE:
        return _("Not sent yet. You find it on the page where you typed it.")
    values = keeping.words_of(row).values
    return "\n".join(
        one for name, told in values.items() if name not in NOT_WORDS for one in told if one
    )

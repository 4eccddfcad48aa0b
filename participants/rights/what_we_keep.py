"""What we keep about somebody, why, and who reads it: in the words of the young person (B1)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.organisations import retention
from participants.models import Trajectory


@dataclass(frozen=True)
class Kept:
    what: str
    why: str
    who: str


def months_after(stay: Trajectory) -> int:
    """How long after the end it stays, at the organisation of this stay."""
    organisation = stay.group.location.organisation_id if stay.group else None
    record_class = "stay" if stay.definitive_on else "sign_up"
    return retention.terms().of(record_class, organisation)


def kept(*, of_parents: bool = True) -> list[Kept]:
    """`of_parents`: whether the page may speak of them (R-346)."""
    workers = _("The youth workers of your group.")
    parents = Kept(
        _("Your parents, if we need to ask them something"),
        _("Because you are not old enough to decide alone. You read the mail before it goes."),
        workers,
    )
    return [
        Kept(
            _("Your name, birthday, address and how we reach you"),
            _(
                "To know who you are, to reach you in a way that is safe, and to help fast when "
                "something happens."
            ),
            workers,
        ),
        *([parents] if of_parents else []),
        Kept(
            _("What we talked about in the first talk"),
            _("To see together whether Join Us fits you."),
            _(
                "The youth workers of your group. If they are not sure, they ask the regional "
                "coordinator a question, without your address."
            ),
        ),
        Kept(
            _("When you were there, and when you could not come"),
            _("To notice when you are away, and to know when the next questions come."),
            _("The youth workers of your group. The regional coordinator sees how often."),
        ),
        Kept(
            _("Your challenges"),
            _("To practise what you chose yourself, and to see what worked."),
            _("The youth workers of your group, and the regional coordinator."),
        ),
        Kept(
            _("Your answers to the questions"),
            _(
                "To see with you what changes. Without your name they also show whether Join Us "
                "works."
            ),
            _(
                "The youth workers of your group, and only after you send them. Researchers if you"
                " agreed to that, without your name. Others only see numbers of many people"
                " together."
            ),
        ),
        Kept(
            _("What the youth workers write down"),
            _("To remember what you are working on, so that you do not have to tell it twice."),
            _("The youth workers of your group. You can ask to read it together."),
        ),
        Kept(
            _("What you agreed to"),
            _("To be able to show that you chose it yourself."),
            workers,
        ),
        Kept(
            _("Who looked at your page"),
            _("So that you can see it, and nobody looks without a reason."),
            _("You."),
        ),
    ]

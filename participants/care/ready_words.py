"""A few words for who may only be written to: ready to copy into the worker's own telephone."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from core.accounts.models import User
from core.messaging.models import Contact
from core.names import isolated
from participants.models import Trajectory


def ready_words(stay: Trajectory, by: User) -> str:
    """In their language, and no more than may be read by whoever else reads there. Empty where a
    call is safe, where no way is, and where nothing may be sent at all.
    """
    contact = stay.participant.contact
    written = {Contact.Channel.EMAIL, Contact.Channel.WHATSAPP} & {*contact.safe_channels}
    if not written or Contact.Channel.PHONE in contact.safe_channels:
        return ""
    if contact.stopped_at is not None or contact.held_since is not None:
        return ""
    words = {"name": isolated(stay.participant.call_name), "worker": isolated(by.first_name)}
    with override(contact.language):
        if contact.shared_mailbox or contact.not_at_home:
            return _("Hi %(name)s, will you call me back? %(worker)s") % words
        return (
            _(
                "Hi %(name)s, how are you? I would like to hear from you. You do not have to "
                "explain anything. %(worker)s"
            )
            % words
        )

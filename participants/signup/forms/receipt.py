"""What somebody who just signed up may mend: the name, and the address of the chosen channel."""

from copy import deepcopy
from typing import Any

from django import forms

from core import mailbox, telephone
from core.messaging.models import Contact
from participants.signup.forms.sign_up import SignUpForm
from participants.signup.receipt import channel_of


class ReceiptForm(forms.Form):
    """The fields of the sign-up form itself, so that both take and refuse the same."""

    def __init__(self, data: Any = None, *, contact: Contact) -> None:
        super().__init__(
            data,
            initial={
                "call_name": contact.name,
                "address": mailbox.shown(contact.email)
                if channel_of(contact) == "email"
                else telephone.shown(contact.phone),
            },
        )
        fields = SignUpForm.base_fields
        address = "email" if channel_of(contact) == "email" else "phone"
        self.fields["call_name"] = deepcopy(fields["call_name"])
        self.fields["address"] = deepcopy(fields[address])
        self.fields["address"].required = True

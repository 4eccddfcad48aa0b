"""One address however it is typed, and one mailbox for what arrives together (R-342, R-347)."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core.accounts.forms import AskCodeForm
from core.accounts.models import User
from core.fields import MailboxField
from core.mailbox import canonical_mailbox, same_address, same_mailbox, shown
from core.messaging.contacts import address_hash, change_contact, create_contact
from core.messaging.models import Contact
from tests.world import make_participant

pytestmark = pytest.mark.req("R-342")

ONE_ADDRESS = [
    "bo@münchen.de",
    "Bo@MÜNCHEN.DE",
    " bo@münchen.de ",
    "bo@mu\u0308nchen.de",
    "bo@xn--mnchen-3ya.de",
    "BO@XN--MNCHEN-3YA.DE",
    "bo\u200b@münchen.de",
    "bo@münchen.de\u200b",
    "\u202abo@münchen.de\u202c",
    "bo\u00a0@ münchen.de",
    "bo\u00ad@münchen.de",
    "ｂｏ＠münchen.de",
    "bo@münchen。de",
    "mailto:bo@münchen.de",
    "Bo de Wit <bo@münchen.de>",
]


@pytest.mark.parametrize("typed", ONE_ADDRESS)
def test_every_spelling_is_one_address(typed: str) -> None:
    assert same_address(typed) == "bo@xn--mnchen-3ya.de"
    assert MailboxField().clean(typed) == "bo@xn--mnchen-3ya.de"
    assert address_hash(typed) == address_hash("bo@münchen.de")
    assert shown(same_address(typed)) == "bo@münchen.de"


def test_a_sharp_s_is_its_own_letter_in_a_domain() -> None:
    """IDNA 2008: two domains, two owners. The older rule would mail the other one."""
    assert same_address("bo@straße.de") == "bo@xn--strae-oqa.de"
    assert same_address("bo@strasse.de") == "bo@strasse.de"


@pytest.mark.parametrize(
    "typed", ["bo", "bo@", "@b.nl", "bo@☺.de", "bo@a..nl", "bo@-a.nl", "a@b@c.nl", "bo@mün chen"]
)
def test_what_mail_cannot_go_to_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        MailboxField().clean(typed)


@pytest.mark.req("R-347")
@pytest.mark.parametrize(
    "variant",
    [
        "noor@gmail.com",
        "Noor@GMAIL.com",
        "noor+mama@gmail.com",
        "no.or@gmail.com",
        "noor@googlemail.com",
        "noor@gmail.com\u200b",
        "n.o.o.r+x+y@googlemail.com",
    ],
)
def test_what_arrives_in_one_mailbox_is_one_mailbox(variant: str) -> None:
    assert canonical_mailbox(variant) == "noor@gmail.com"
    assert same_mailbox(variant, "noor@gmail.com")


@pytest.mark.req("R-347")
@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("noor+mama@example.org", "noor@example.org", True),
        ("no.or@example.org", "noor@example.org", False),
        ("noor@me.com", "noor@icloud.com", True),
        ("no-or@pm.me", "noor@proton.me", True),
        ("noor@example.org", "noor@example.com", False),
        ("", "", False),
        ("+x@example.org", "+x@example.org", True),
    ],
)
def test_a_mailbox_is_compared_by_what_its_provider_does(one: str, other: str, same: bool) -> None:
    assert same_mailbox(one, other) is same


@given(st.emails(), st.sampled_from(["\u200b", " ", "\u00a0", "\u2060", "\ufeff", "\u00ad"]))
def test_invisible_signs_and_capitals_never_make_another_address(address: str, sign: str) -> None:
    plain = same_address(address)
    local, _at, domain = address.rpartition("@")
    assert same_address(f"{sign}{local}{sign}@{domain.upper()}{sign}") == plain
    assert same_address(plain) == plain
    assert same_mailbox(address, plain)
    assert canonical_mailbox(canonical_mailbox(address)) == canonical_mailbox(address)


@given(st.text(max_size=60))
def test_whatever_is_typed_has_one_spelling(typed: str) -> None:
    assert same_address(same_address(typed)) == same_address(typed)


@pytest.mark.django_db
class TestKept:
    def test_a_contact_is_found_by_every_spelling(self) -> None:
        kept = create_contact(name="Bo", email="Bo@MÜNCHEN.de\u200b")
        for typed in ONE_ADDRESS:
            assert Contact.objects.get(email=typed) == kept
            assert Contact.objects.get(email_hash=address_hash(typed)) == kept

    def test_whoever_writes_past_the_function_writes_the_same(self) -> None:
        kept = create_contact(name="Bo", email="a@example.org")
        Contact.objects.filter(pk=kept.pk).update(email=" Bo@Example.org\u200b")
        assert Contact.objects.get(pk=kept.pk).email == "bo@example.org"
        changed = change_contact(
            contact=kept, by=None, email="CÉ@example.org ", phone="06-12345678"
        )
        assert (changed.email, changed.phone) == ("cé@example.org", "+31612345678")

    def test_an_account_is_found_at_the_door_by_every_spelling(self) -> None:
        user = make_participant(email="Bo@münchen.de").user
        assert user is not None
        user.refresh_from_db()
        assert user.email == "bo@xn--mnchen-3ya.de"
        for typed in ONE_ADDRESS:
            assert AskCodeForm.base_fields["email"].clean(typed) == user.email
            assert User.objects.get(email=typed) == user

"""The register of referrers in lines: by function, then by name, as a Dutch reader sorts."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from core.accounts.actors import Viewer
from core.names import in_order
from participants.models import Referrer

ORDER = {function: place for place, function in enumerate(Referrer.Function.values)}


@dataclass(frozen=True)
class InRegister:
    """One referrer in a line. A parent's address is a family's: it stands on the own page only."""

    pk: UUID
    name: str
    function: str
    workplace: str
    keeper: str

    @property
    def function_in_words(self) -> str:
        return str(Referrer.Function(self.function).label)

    @property
    def shows_address(self) -> bool:
        return self.function != Referrer.Function.PARENTS


@dataclass(frozen=True)
class Address:
    email: str
    telephone: str


def in_register(user: Viewer) -> list[InRegister]:
    """Every referrer of the registers within reach; one query."""
    rows = (
        Referrer.objects.visible_to(user)
        .order_by()
        .values_list(
            "pk",
            "contact__name",
            "function",
            "workplace",
            "organisation__name",
        )
    )
    found = [InRegister(*row) for row in rows]
    return sorted(
        found,
        key=lambda row: (ORDER[row.function], in_order(row.name), in_order(row.workplace), row.pk),
    )


def addresses(user: Viewer, rows: Iterable[InRegister]) -> dict[UUID, Address]:
    """How to reach the referrers of these lines; one query."""
    shown = [row.pk for row in rows if row.shows_address]
    found = Referrer.objects.visible_to(user).filter(pk__in=shown).select_related("contact")
    return {
        row.pk: Address(row.contact.email, row.contact.phone)
        for row in found.only("contact__email", "contact__phone").order_by()
    }

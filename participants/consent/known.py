"""What decides about consent, read together with the row of a stay (core.facts)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from core.facts import Column, nested
from core.organisations.models import Organisation
from participants.consent.at_home import can_harm
from participants.consent.needed import DEFAULT_AGE, Facts, facts_of_rows
from participants.models import Agreement, Guardian, ParentalConsent, UnsafeHome


@dataclass(frozen=True)
class Given:
    subject: str
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class Asked:
    """A question to a parent, with its answer."""

    guardian_id: UUID
    answer: str
    answered_at: datetime | None
    withdrawn_at: datetime | None
    voided_at: datetime | None
    revoked_at: datetime | None
    obsolete_at: datetime | None


@dataclass(frozen=True)
class Exempt:
    at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Known:
    """A stay's row with everything that decides about consent, read together (core.facts)."""

    born: date
    consent_age: int | None
    policy: str | None
    given: tuple[Given, ...]
    asked: tuple[Asked, ...]
    exempt: tuple[Exempt, ...]
    has_guardian: bool
    mail_can_harm: bool | None

    @property
    def facts(self) -> Facts:
        return facts_of_rows(
            birth_date=self.born,
            consent_age=self.consent_age or DEFAULT_AGE,
            informed=self.policy == Organisation.ConsentPolicy.INFORMED,
            agreements=self.given,
            asked=self.asked,
            homes=self.exempt,
            has_guardian=self.has_guardian,
            mail_can_harm=self.mail_can_harm,
        )


_OF_STAY = {"trajectory": OuterRef("pk")}
KNOWN: dict[str, Column] = {
    "born": "participant__birth_date",
    "consent_age": "group__location__organisation__consent_age",
    "policy": "group__location__organisation__consent_policy",
    "given": nested(Agreement.objects.filter(**_OF_STAY), Given),
    "asked": nested(
        ParentalConsent.objects.filter(**_OF_STAY).order_by("released_at", "pk"), Asked
    ),
    "exempt": nested(UnsafeHome.objects.filter(**_OF_STAY), Exempt),
    "has_guardian": Exists(Guardian.objects.filter(participant=OuterRef("participant"))),
    "mail_can_harm": can_harm(),
}

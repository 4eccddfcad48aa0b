"""The map of the programme: regions, municipalities, organisations, locations and groups."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.columns import TelephoneColumn
from core.ids import uuid7
from core.names import alphabetical
from core.organisations.permissions import SEE_GROUPS, SET_RETENTION

SMALLEST_GROUP = 5
LARGEST_GROUP = 15


def folded_name() -> models.GeneratedField:
    """The `name` as it is looked for (core/names.py), kept by the database itself."""
    return models.GeneratedField(
        expression=models.Func("name", function="name_folded"),
        output_field=models.TextField(),
        db_persist=True,
    )


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    def on(self, day: date) -> MunicipalityQuerySet:
        """Municipalities that exist on `day`."""
        return self.filter(valid_from__lte=day).filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day)
        )


class GroupQuerySet(models.QuerySet["Group"]):
    def visible_to(self, user: Viewer) -> GroupQuerySet:
        """Groups whose life this user may follow: own groups, own organisation, own region."""
        return self.filter(reach(user, SEE_GROUPS).as_q())

    def serving(self, municipality: Municipality, age: int) -> GroupQuerySet:
        """R-039, R-041: groups that somebody of this age and municipality may sign up for."""
        return self.filter(
            location__work_area=municipality, age_from__lte=age, age_until__gte=age
        ).exclude(state__in=["preparing", "closed"])


class RetentionRuleQuerySet(models.QuerySet["RetentionRule"]):
    def visible_to(self, user: Viewer) -> RetentionRuleQuerySet:
        """The foundation sets terms for everybody; nobody else has the list."""
        return self if reach(user, SET_RETENTION).national else self.none()


class Region(models.Model):
    """Area of a regional coordinator."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80, unique=True)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = [alphabetical("name")]

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """A municipality by its CBS code; they merge, so each has its dates."""

    cbs_code = models.CharField(primary_key=True, max_length=6)
    name = models.CharField(max_length=80, db_index=True)
    province = models.CharField(max_length=40)
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.SET_NULL)
    valid_from = models.DateField()
    valid_until = models.DateField(
        null=True, blank=True, help_text=_("Its last day; from the next one on the successor is.")
    )
    successor = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="predecessors",
        help_text=_("Takes over postcodes, work areas and people after the last day, by itself."),
    )

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = [alphabetical("name")]
        constraints = [
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(valid_until__isnull=False),
                name="successor_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=models.F("cbs_code")),
                name="nobody_succeeds_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """The administration's form: a successor that exists the day after, and no circle."""
        super().clean()
        heir = self.successor
        if heir is None:
            return
        if self.valid_until is None:
            raise ValidationError({"valid_until": _("Fill in the last day.")})
        after = self.valid_until + timedelta(days=1)
        if heir.valid_from > after or (heir.valid_until and heir.valid_until < after):
            raise ValidationError({"successor": _("This municipality is not there the day after.")})
        while heir is not None:
            if heir.pk == self.pk:
                raise ValidationError({"successor": _("These would succeed each other.")})
            heir = heir.successor


class PostalArea(models.Model):
    """Four digits of a postcode and a municipality it lies in; 53 lie in two."""

    pc4 = models.CharField(max_length=4, db_index=True)
    place = models.CharField(max_length=80, db_index=True)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, related_name="postal_areas"
    )

    class Meta:
        verbose_name = _("postal area")
        verbose_name_plural = _("postal areas")
        constraints = [
            models.UniqueConstraint(
                fields=["pc4", "municipality", "place"], name="postal_area_once_per_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pc4} {self.place}"


class Organisation(models.Model):
    """A social-work organisation that employs the workers and holds the licence.

    Parental consent is its policy with a legal basis, not a constant (C-36).
    """

    class ConsentPolicy(models.TextChoices):
        REQUIRED = "required", _("parents give consent")
        INFORMED = "informed", _("parents are informed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120, unique=True)
    consent_policy = models.CharField(
        max_length=10, choices=ConsentPolicy.choices, default=ConsentPolicy.REQUIRED
    )
    consent_age = models.PositiveSmallIntegerField(
        default=16, help_text=_("From this birthday on the young person decides alone.")
    )
    consent_basis = models.TextField(
        blank=True, help_text=_("Written legal basis, obliged for 'parents are informed'.")
    )
    parents_hear_changes = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("Parents who gave consent are told when a meeting moves or does not happen."),
    )
    phone = TelephoneColumn(max_length=20, blank=True)
    search_name = folded_name()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = [alphabetical("search_name")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(consent_policy="required") | ~models.Q(consent_basis=""),
                name="informed_only_has_a_legal_basis",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Location(models.Model):
    """Where groups meet; `work_area` says for which municipalities, written by licensing."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="locations"
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="locations")
    name = models.CharField(max_length=120)
    street = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=7, blank=True)
    town = models.CharField(max_length=80)
    door = models.TextField(
        blank=True, default="", help_text=_("Which door, in words, for somebody who comes first.")
    )
    work_area = models.ManyToManyField(Municipality, blank=True, related_name="locations")

    class Meta:
        verbose_name = _("location")
        verbose_name_plural = _("locations")

    def __str__(self) -> str:
        return self.name


class DoorPicture(models.Model):
    """One photo of the door, drawn anew by us; `Location.door` is what it says in words.

    Its key is new with every picture and is its address.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    location = models.OneToOneField(Location, on_delete=models.CASCADE, related_name="door_picture")
    image = models.BinaryField(_("photo"))
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("photo of a door")
        verbose_name_plural = _("photos of doors")
        constraints = [
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("image"), 96 * 1024), name="door_picture_is_small"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Group(models.Model):
    """5 to 15 participants of one age band under two workers. A place on the map; what happens
    in it lives in the app `groups`. `places_taken` and `state` are written by the floors above.
    """

    class State(models.TextChoices):
        PREPARING = "preparing", _("being prepared")
        OPEN = "open", _("open")
        FULL = "full", _("full")
        CLOSED = "closed", _("closed for sign-up")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="groups")
    name = models.CharField(max_length=80)
    age_from = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(12), MaxValueValidator(30)]
    )
    age_until = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(12), MaxValueValidator(30)],
        help_text=_("Inclusive: 12-16 is there until the day before the 17th birthday."),
    )
    capacity = models.PositiveSmallIntegerField(default=LARGEST_GROUP)
    weekday = models.PositiveSmallIntegerField(
        default=4, help_text=_("0 is Monday; meetings are every two weeks.")
    )
    starts_at = models.TimeField(_("starts at"))
    chat_link = models.URLField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARING)
    places_taken = models.PositiveSmallIntegerField(default=0)
    search_name = folded_name()

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = [alphabetical("search_name")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(capacity__gte=1, capacity__lte=LARGEST_GROUP),
                name="group_holds_at_most_15",
            ),
            models.CheckConstraint(
                condition=models.Q(places_taken__lte=models.F("capacity")),
                name="group_never_over_capacity",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    age_from__gte=12, age_until__lte=30, age_until__gte=models.F("age_from")
                ),
                name="group_age_band_within_12_to_30",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def places_left(self) -> int:
        return self.capacity - self.places_taken


class SchoolHoliday(models.Model):
    """School holidays of one region of the Ministry of Education, first and last day inclusive.

    Reference data: shipped for the seasons that were published (`school_holidays`) and changed by
    hand in the administration, where a school year is added or put right.
    """

    class Region(models.TextChoices):
        NORTH = "noord", _("North")
        MIDDLE = "midden", _("Middle")
        SOUTH = "zuid", _("South")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region = models.CharField(max_length=6, choices=Region.choices)
    name = models.CharField(
        _("name"), max_length=40, help_text=_("In Dutch, as the schools call it: herfstvakantie.")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    source = models.CharField(_("source"), max_length=160, help_text=_("Who published it."))

    class Meta:
        verbose_name = _("school holiday")
        verbose_name_plural = _("school holidays")
        ordering = ["first_day", "region"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name", "first_day"], name="school_holiday_once_a_region"
            ),
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")),
                name="school_holiday_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.first_day:%Y} ({self.region})"


class RetentionRule(models.Model):
    """How many months a class of records is kept: for everybody, or for one organisation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    record_class = models.CharField(max_length=20)
    organisation = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="retention_rules",
        help_text=_("Empty: for every organisation without a rule of its own."),
    )
    months = models.PositiveSmallIntegerField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(null=True)

    objects = RetentionRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ["record_class", alphabetical("organisation__search_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["record_class", "organisation"],
                nulls_distinct=False,
                name="one_term_per_class_and_organisation",
            ),
            models.CheckConstraint(
                condition=models.Q(months__gte=1, months__lte=120),
                name="kept_between_1_and_120_months",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_class} {self.months}"

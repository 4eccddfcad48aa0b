"""Who can sign in, and the roles that say how far each may reach."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.auth.models import (
    AbstractBaseUser,
    AnonymousUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Lower
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from core import clock
from core.accounts.roles import SCOPE_OF, Role, Scope
from core.columns import MailboxColumn
from core.ids import uuid7
from core.names import isolated
from core.written_out import WordColumn


class UserQuerySet(models.QuerySet["User"]):
    def participants(self) -> UserQuerySet:
        return self.filter(kind="participant")

    def staff(self) -> UserQuerySet:
        return self.filter(kind="staff")


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def in_force(self, day: date) -> RoleAssignmentQuerySet:
        """Valid on `day`, first and last day included: midnight needs no job."""
        return self.filter(valid_from__lte=day).filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day)
        )


class OneTimeCodeQuerySet(models.QuerySet["OneTimeCode"]):
    def visible_to(self, user: User | AnonymousUser) -> OneTimeCodeQuerySet:
        """The young person's own door; professionals come to it through the stay."""
        if isinstance(user, User) and user.is_participant:
            return self.filter(user=user)
        return self.none()

    def waiting(self) -> OneTimeCodeQuerySet:
        """Neither used nor taken back; may have run out."""
        return self.filter(used_at__isnull=True, revoked_at__isnull=True)


_UserManager = BaseUserManager.from_queryset(UserQuerySet)


class UserManager(_UserManager["User"]):
    """Django's manager contract for `createsuperuser` and authentication."""

    use_in_migrations = False

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email=email or "", kind=User.Kind.STAFF)


def first_name_of(name: str) -> str:
    """How a professional is called inside: the first word of the full name."""
    return isolated(name.split(" ")[0])


class User(AbstractBaseUser, PermissionsMixin):
    """An account. A participant signs in by e-mailed code and may have no e-mail (C-41);
    everybody else has a password and an enforced second factor (trust.md 5).

    Brothers and sisters may share a mailbox, so an address is one account's own only among
    professionals: who comes in with a mailed code is asked of `ways_in`.
    """

    class Kind(models.TextChoices):
        PARTICIPANT = "participant", _("participant")
        STAFF = "staff", _("professional")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = WordColumn(max_length=12, choices=Kind.choices)
    email = MailboxColumn(_("e-mail address"), null=True, blank=True)
    name = models.CharField(_("name"), max_length=80)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default="nl")
    contact = models.OneToOneField(
        "messaging.Contact", null=True, blank=True, on_delete=models.SET_NULL, related_name="user"
    )
    session_epoch = models.PositiveIntegerField(
        default=0, help_text=_("Raised to end every session: role, factor or address changed.")
    )
    is_staff = models.BooleanField(
        default=False, help_text=_("May open the administration of reference data.")
    )
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        indexes = [models.Index(fields=["email"], name="account_by_address")]
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(kind="staff"),
                name="one_professional_per_address",
            ),
            models.CheckConstraint(
                condition=models.Q(email__isnull=True) | models.Q(email=Lower("email")),
                name="account_email_is_lower_case",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="participant") | models.Q(email__isnull=False),
                name="professional_has_an_email",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="staff") | models.Q(is_staff=False, is_superuser=False),
                name="participant_never_administers",
            ),
        ]

    def __str__(self) -> str:
        return isolated(self.name)

    @property
    def is_participant(self) -> bool:
        return self.kind == self.Kind.PARTICIPANT

    @property
    def first_name(self) -> str:
        return first_name_of(self.name)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Binds each session to the epoch too, so raising it signs the account out everywhere."""
        inherited = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        return f"{inherited}:{self.session_epoch}"


class RoleAssignment(models.Model):
    """One role with its reach and dates, both days inclusive; licensing moves `valid_until`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_assignments")
    role = models.CharField(max_length=24, choices=Role.choices)
    region = models.ForeignKey(
        "organisations.Region", null=True, blank=True, on_delete=models.PROTECT
    )
    organisation = models.ForeignKey(
        "organisations.Organisation", null=True, blank=True, on_delete=models.PROTECT
    )
    group = models.ForeignKey(
        "organisations.Group",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="role_assignments",
    )
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    *(
                        models.Q(role__in=[r.value for r, s in SCOPE_OF.items() if s == scope])
                        & models.Q(
                            **{
                                f"{field}__isnull": scope != wanted
                                for field, wanted in (
                                    ("region", Scope.REGION),
                                    ("organisation", Scope.ORGANISATION),
                                    ("group", Scope.GROUP),
                                )
                            }
                        )
                        for scope in Scope
                    ),
                    _connector=models.Q.OR,
                ),
                name="role_has_its_scope",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="role_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["user", "role", "valid_from", "valid_until"])]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class OneTimeCode(models.Model):
    """A door without an own mailbox (C-41): a worker hands it over, the young person goes in once.

    Only keyed hashes of the typed code and of the QR's token are kept. A row is never deleted: it
    is the record of who opened which account for whom, and the young person reads it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="one_time_codes")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    code_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    token_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("The young person said: that was me.")
    )
    disputed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("The young person said: that was not me.")
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = OneTimeCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("one-time code")
        verbose_name_plural = _("one-time codes")
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(used_at__isnull=True, revoked_at__isnull=True),
                name="one_waiting_code_per_account",
            ),
            models.CheckConstraint(
                condition=~models.Q(user=models.F("made_by")), name="nobody_makes_an_own_code"
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")),
                name="code_lives_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["made_by", "made_at"])]

    def __str__(self) -> str:
        return f"{clock.day_of(self.made_at)} {clock.local(self.made_at):%H:%M}"


class Portrait(models.Model):
    """The face of a professional, drawn anew by us: see `core.accounts.portraits`.

    A row of its own, so that nobody who only wants a name loads a picture; its key is new with
    every picture and is its address.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="portrait")
    image = models.BinaryField(_("photo"))
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        constraints = [
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("image"), 64 * 1024), name="portrait_is_small"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

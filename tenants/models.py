"""The societies and their own domains: rows of the platform, in the schema `public`."""

from __future__ import annotations

import secrets
from datetime import timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from chiron.design.brand import ACCENT, PRIMARY
from chiron.kernel import clock
from chiron.kernel.models import Record

# Addresses that the platform keeps for itself, and that would be taken for it.
_RESERVED = """
    abuse account accounts admin api app assets auth billing blog cdn chiron console demo dev docs example ftp help
    hostmaster imap invoice invoices localhost login look mail media mx my ns ns1 ns2 pay payment payments plans pop
    portal postmaster pricing privacy quote quotes root secure security sign-in sign-up signin signup smtp sso staging
    start static status stripe support terms test tour verify webmail www
"""
RESERVED_SLUGS = frozenset(_RESERVED.split())
SLUG = r"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?\Z"
SCHEMA_NAME = r"^s_[0-9a-f]{16}\Z"
DOMAIN = r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+\Z"
COLOR = r"^#[0-9a-f]{6}\Z"


def new_schema_name() -> str:
    """A name that says nothing of the society, so that it never has to change."""
    return f"s_{secrets.token_hex(8)}"


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is no time zone. It looks like America/Los_Angeles."), params={"name": name}
        )


def validate_not_reserved(slug: str) -> None:
    if slug in RESERVED_SLUGS:
        raise ValidationError(
            _("The address “%(slug)s” is kept for Chiron itself. Choose another."), params={"slug": slug}
        )


class Society(Record, TenantMixin):
    """A medical society: a schema, a role, an address and a look of its own."""

    class State(models.TextChoices):
        TRIAL = "trial", _("On trial")
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        LEAVING = "leaving", _("Leaving")
        LEFT = "left", _("Left")

    # Tasks wait, and portals show nothing.
    CLOSED = (State.SUSPENDED, State.LEFT)

    # Schemas are made and dropped by tenants.provisioning alone, never on save or delete.
    auto_create_schema = False
    auto_drop_schema = False

    schema_name = models.CharField(max_length=18, unique=True, default=new_schema_name, editable=False)
    slug = models.CharField(
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(
                SLUG, _("An address has small letters, digits and hyphens, and begins and ends without one.")
            ),
            validate_not_reserved,
        ],
    )
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.TRIAL)
    time_zone = models.CharField(max_length=40, default="America/New_York", validators=[validate_time_zone])
    contact_mail = models.EmailField()

    # Its own pages on the web, and where letters reach it: every mail that invites says so.
    website = models.URLField(blank=True, default="", db_default="")
    postal_address = models.CharField(max_length=300, blank=True, default="", db_default="")
    # Since when we know that it is who it says; whom an operator makes is known, whoever starts alone passes None.
    confirmed_at = models.DateTimeField(null=True, blank=True, default=clock.now, editable=False)

    brand_color = models.CharField(max_length=7, default=PRIMARY, validators=[RegexValidator(COLOR)])
    accent_color = models.CharField(max_length=7, default=ACCENT, validators=[RegexValidator(COLOR)])
    # A PNG; read only where it is served, so pages carry its hash alone.
    logo = models.BinaryField(null=True, blank=True)
    logo_hash = models.CharField(max_length=64, blank=True, editable=False)

    created_at = models.DateTimeField(default=clock.now, editable=False)
    last_active_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Its role lost its rights then; the schema is dropped thirty days later.
    left_at = models.DateTimeField(null=True, blank=True, editable=False)
    dropped_at = models.DateTimeField(null=True, blank=True, editable=False)
    # While it is leaving: until when everything can be read, and it can stay after all.
    leaves_at = models.DateTimeField(null=True, blank=True, editable=False)

    # A rehearsal is a society for a few weeks, of invented people: whose it is, and who alone gets its mail.
    rehearses = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, editable=False, related_name="rehearsals"
    )
    rehearsed_for = models.EmailField(blank=True, default="", db_default="", editable=False)
    # How far its clock is ahead, and until when its time is passing by itself right now.
    clock_ahead = models.DurationField(default=timedelta(0), db_default=timedelta(0), editable=False)
    passing_until = models.DateTimeField(null=True, blank=True, editable=False)

    # Whose key its words are encrypted with: its own, or that of the society of which it is a restored copy.
    sealed_as = models.UUIDField(null=True, blank=True, editable=False)

    # An example of invented people, which anybody may look over and nobody can change. Its clock stands at this moment.
    on_show_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("society")
        verbose_name_plural = _("societies")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(name="a_slug_is_a_host_name", condition=Q(slug__regex=SLUG)),
            models.CheckConstraint(name="a_schema_name_is_opaque", condition=Q(schema_name__regex=SCHEMA_NAME)),
            models.CheckConstraint(
                name="who_left_has_a_date",
                condition=Q(state="left", left_at__isnull=False) | (~Q(state="left") & Q(left_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="who_leaves_has_a_date", condition=Q(leaves_at__isnull=False) | ~Q(state="leaving")
            ),
            models.CheckConstraint(
                name="dropped_after_leaving", condition=Q(dropped_at__isnull=True) | Q(left_at__isnull=False)
            ),
            models.CheckConstraint(
                name="only_rehearsals_move_time",
                condition=Q(rehearses__isnull=False)
                | Q(clock_ahead=timedelta(0), passing_until__isnull=True, rehearsed_for=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_rehearsal(self) -> bool:
        """Whether everybody in it is invented, and nothing of it counts."""
        return self.rehearses_id is not None

    @property
    def ahead(self) -> timedelta:
        """How far its clock is ahead of everybody's; behind, for an example whose clock stands."""
        return self.clock_ahead if self.on_show_at is None else self.on_show_at - clock.everywhere()

    @property
    def is_confirmed(self) -> bool:
        """Whether it is known to be who it says; `tenants.trust` says what waits for that."""
        return self.confirmed_at is not None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def host(self) -> str:
        """Its address below ours, which it keeps when it has a domain of its own too."""
        return f"{self.slug}.{settings.BASE_HOST}"

    def url(self, path: str = "/") -> str:
        """A path of its portal as a whole address, for mails."""
        port = f":{settings.SITE_PORT}" if settings.SITE_PORT else ""
        return f"{settings.SITE_SCHEME}://{self.host}{port}{path}"


class Domain(Record, DomainMixin):
    """A host name of a society's own, such as mentoring.example.org; `<slug>.<our host>` needs none."""

    domain = models.CharField(max_length=253, unique=True)

    class Meta:
        ordering = ["domain"]
        constraints = [
            models.CheckConstraint(name="a_domain_is_a_host_name", condition=Q(domain__regex=DOMAIN)),
        ]

    def __str__(self) -> str:
        return self.domain


class Due(Record):
    """Something that must happen at a time, for one society or for the platform. The row goes when it has happened."""

    class Lane(models.IntegerChoices):
        WAITED_FOR = 0, _("Somebody is waiting for it")
        NORMAL = 1, _("Soon")
        BULK = 2, _("When there is nothing else to do")

    # Empty: the platform's own.
    society = models.ForeignKey(Society, on_delete=models.CASCADE, null=True, blank=True, related_name="due")
    # Which code does it, and about which row of the society: `tenants.due` knows both.
    kind = models.CharField(max_length=40)
    ref = models.CharField(max_length=64)
    lane = models.PositiveSmallIntegerField(choices=Lane, default=Lane.NORMAL)
    # While somebody works on it, this lies ahead, and the claim tells that attempt from every other.
    due_at = models.DateTimeField()
    claim = models.UUIDField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    parked_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = _("due")
        constraints = [
            models.UniqueConstraint("society", "kind", "ref", name="due_once", nulls_distinct=False),
        ]
        indexes = [
            models.Index("lane", "due_at", name="what_is_due", condition=Q(parked_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class Spare(models.Model):
    """A schema with its role and grants that waits for a society; taken by deleting the row."""

    schema_name = models.CharField(max_length=18, primary_key=True)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["made_at", "schema_name"]
        constraints = [models.CheckConstraint(name="a_spare_is_opaque", condition=Q(schema_name__regex=SCHEMA_NAME))]

    def __str__(self) -> str:
        return self.schema_name

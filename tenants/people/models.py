"""People of one society: members of its roster, participants and staff."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Lower, Trim
from django.utils.translation import gettext_lazy as _

from chiron.kernel.models import Record

# Stages in which one has a medical degree and is called "Dr."
PHYSICIAN_STAGES = ("resident", "fellow", "early career", "mid career", "late career", "retired")

# The whole name in lower case, by which a list finds somebody whom it gives no address; there is an index of it.
WHOLE_NAME = Lower(Trim(Concat("given_name", Value(" "), "family_name")))


class Person(Record):
    """Somebody known to one society: an account, or a roster row that has not signed in yet."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="person"
    )
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80, blank=True)
    called = models.CharField(_("how you wish to be addressed"), max_length=120, blank=True)
    email = models.EmailField(blank=True)
    stage = models.CharField(max_length=40, blank=True)
    # When somebody expected a stage to end, and which one that was: if it is their stage still, they are asked.
    stage_ends_on = models.DateField(null=True, blank=True)
    ending_stage = models.CharField(max_length=40, blank=True)
    specialty = models.CharField(max_length=120, blank=True)
    biosketch = models.TextField(blank=True)
    # How many mentees somebody takes at once, in all programs together; empty where they set no such limit.
    most_at_once = models.PositiveSmallIntegerField(null=True, blank=True)

    # What the society's own membership list says; empty for people who are not on it.
    member_id = models.CharField(max_length=40, blank=True)
    membership_status = models.CharField(max_length=20, blank=True)
    roster = models.JSONField(default=dict, blank=True)
    on_roster_since = models.DateTimeField(null=True, blank=True)

    created_at = models.DateTimeField()

    class Meta:
        ordering = ["family_name", "given_name", "id"]
        constraints = [
            models.UniqueConstraint("member_id", name="one_person_per_member_id", condition=~Q(member_id="")),
            models.UniqueConstraint(Lower("email"), name="one_person_per_mail_address", condition=~Q(email="")),
        ]
        indexes = [models.Index(WHOLE_NAME, name="people_by_whole_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The full name, as written on the roster."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def address_name(self) -> str:
        """How pages and mails speak of this person: as they wish, else "Dr. Rivera" or the full name."""
        if self.called:
            return self.called
        return f"Dr. {self.name}" if self.stage in PHYSICIAN_STAGES else self.name


class StaffRole(Record):
    """What a person may do beyond taking part: for the whole society or one program, for good or until a day."""

    class Kind(models.TextChoices):
        OWNER = "owner", _("Owner")
        MANAGER = "manager", _("Program manager")
        COMMITTEE = "committee", _("Committee member")
        SUPPORT = "support", _("Support")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="staff_roles")
    kind = models.CharField(max_length=10, choices=Kind)
    # Programs lie above people, so this is the program's id and no foreign key. Empty: the whole society.
    program_id = models.UUIDField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    # Where a partner organizer is from: another institution. Empty for the society's own.
    institution = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "person", "kind", "program_id", name="a_role_once_per_person_and_program", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="an_owner_owns_the_whole_society", condition=~Q(kind="owner") | Q(program_id__isnull=True)
            ),
            models.CheckConstraint(
                name="a_partner_runs_one_program_until_a_day",
                condition=Q(institution="") | Q(kind="manager", program_id__isnull=False, ends_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.get_kind_display()})"

    @property
    def called(self) -> str:
        """What the role is called on pages and in mails."""
        return str(_("Partner organizer") if self.institution else self.get_kind_display())

    def holds_on(self, day: date) -> bool:
        """Whether the role still counts on a day; the last day counts."""
        return self.ends_on is None or day <= self.ends_on

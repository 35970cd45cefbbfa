"""A program, the versions of its policy, and its cycles."""

from __future__ import annotations

import json
from functools import lru_cache

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from chiron.kernel.models import Record
from programs.policy.document import Part, Policy, restore_policy
from tenants.people.models import Person


class Program(Record):
    """A standing offering of a society with a purpose."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    contact = models.EmailField()
    # Public from then on: since its first session opened, or since staff showed it. Before, staff alone see its page.
    shown_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PolicyVersion(Record):
    """One version of everything configurable about a program except its dates; written once, never changed."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["program", "-number"]
        constraints = [models.UniqueConstraint("program", "number", name="policy_versions_count_up")]

    def __str__(self) -> str:
        return f"{self.program} {self.number}"

    @cached_property
    def policy(self) -> Policy:
        """The document as typed, validated values."""
        return _restored(json.dumps(self.document, sort_keys=True))


class PartnerLogo(Record):
    """A picture of an institution that runs programs too; settings name it by its fingerprint."""

    digest = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest


class Cycle(Record):
    """One run of a part of a program, with its own dates. All days are whole days in the society's time zone."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Not open yet")
        RECRUITING = "recruiting", _("Sign-up open")
        MATCHING = "matching", _("Matching")
        RUNNING = "running", _("Running")
        CLOSING = "closing", _("Wrapping up")
        CLOSED = "closed", _("Finished")

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="cycles")
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="cycles")
    part = models.CharField(max_length=80)
    name = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    sign_up_opens_on = models.DateField()
    sign_up_closes_on = models.DateField()
    publish_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-starts_on", "name"]
        constraints = [
            models.UniqueConstraint("program", "part", "name", name="cycle_names_differ"),
            models.CheckConstraint(
                name="cycle_dates_in_order",
                # A rolling program takes people while it runs, so sign-up may close as late as the end.
                condition=Q(sign_up_opens_on__lte=F("sign_up_closes_on"))
                & Q(sign_up_closes_on__lte=F("ends_on"))
                & Q(publish_on__lte=F("ends_on"))
                & Q(starts_on__lt=F("ends_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def settings(self) -> Part:
        """The part of the policy that this cycle runs."""
        return self.version.policy.part(self.part)


@lru_cache(maxsize=64)
def _restored(document: str) -> Policy:
    """Reading a document takes longer than all else on a page; a policy never changes, so whoever asks may share it."""
    return restore_policy(json.loads(document))


class Interest(Record):
    """Somebody who would like to take part some time: a role, a stage and two lines, outside of any session."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="interests")
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80, blank=True)
    email = models.EmailField()
    role = models.CharField(max_length=10)
    stage = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=500, blank=True)
    said_at = models.DateTimeField()
    # The last time anything was heard: when it was said, and when somebody wished to stay on the list.
    heard_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    invited_to = models.ForeignKey(Cycle, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["said_at", "id"]
        constraints = [
            models.UniqueConstraint(Lower("email"), "program", "role", name="one_interest_per_address_and_role"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """First and last name as people read it."""
        return f"{self.given_name} {self.family_name}".strip()

"""Invitations, those who want none, nominations, and sign-ups that wait for somebody's yes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from chiron.kernel.models import Record
from programs.policy.models import Cycle, Program
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person

# So long a link is good after its mail was written; sign-up may close before.
GOOD_FOR = timedelta(days=30)


class Round(Record):
    """Invitations that are written at once to all whom a choice names, by a worker, some at a time."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="invitation_rounds")
    role = models.CharField(max_length=10)
    # Whom staff chose, as `programs.invitations.choosing.Choice` says it.
    choice = models.JSONField(default=dict)
    words = models.CharField(max_length=600, blank=True)
    # Of the page from which it was sent: sent twice, it is one round.
    key = models.UUIDField(unique=True)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    # Whom it left out, and why: {"signed up": 3}.
    left_out = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.cycle}, {self.role}"


class Invitation(Record):
    """One person asked to sign up to one session in one role. Its link proves that they read mail at the address."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10)
    # Hidden from the person's own rows: an invitation alone is nothing that must be kept with them.
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80, blank=True)
    email = models.EmailField()
    words = models.CharField(max_length=600, blank=True)
    round = models.ForeignKey(Round, on_delete=models.SET_NULL, null=True, blank=True, related_name="invitations")
    mail = models.ForeignKey(OutboxMail, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    # When its newest mail was written: the link is good for a month from then.
    written_at = models.DateTimeField()
    # When somebody pressed the button on its page, and when they said no.
    opened_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    # Somebody is signed in by the link alone; the first code at this address ends that.
    entered_by_link = models.BooleanField(default=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint("cycle", "role", Lower("email"), name="one_invitation_per_address_and_role"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.role}"

    @property
    def name(self) -> str:
        """First and last name as staff typed or picked them."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def is_new(self) -> bool:
        """Whether nobody has been written to yet: who is invited has a name."""
        return not self.given_name

    @property
    def good_until(self) -> datetime:
        """When its newest link stops working."""
        return self.written_at + GOOD_FOR


class OptOut(Record):
    """An address whose owner wants no invitations from this society."""

    email = models.EmailField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_opt_out_per_address")]

    def __str__(self) -> str:
        return self.email


class Reminder(Record):
    """Somebody is asked by mail for what they have still to agree to. It names an address, and hinders nothing."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="agreement_reminders")
    email = models.EmailField()
    asked_at = models.DateTimeField()
    # Nobody, where the session reminded by itself.
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    asked_by_staff = models.BooleanField(default=False)
    # Empty as long as it waits for a worker.
    written_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        indexes = [models.Index(fields=["cycle", "email"], name="reminder_by_address")]

    def __str__(self) -> str:
        return self.email


class Nomination(Record):
    """A member names a colleague for a program; staff invite them or set it aside."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for you")
        INVITED = "invited", _("Invited")
        SET_ASIDE = "set_aside", _("Set aside")

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="nominations")
    role = models.CharField(max_length=10)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    may_name = models.BooleanField(default=False)
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    sentence = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    invitation = models.ForeignKey(
        Invitation, on_delete=models.SET_NULL, null=True, blank=True, related_name="nominations"
    )
    decided_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """First and last name as the member typed them."""
        return f"{self.given_name} {self.family_name}".strip()


class SpokenSignUp(Record):
    """A sign-up that staff filled in for somebody on the phone. It counts nowhere before that person's own yes."""

    class State(models.TextChoices):
        FILLING = "filling", _("Being filled in")
        ASKED = "asked", _("Waits for their yes")
        CONFIRMED = "confirmed", _("Signed up")
        DECLINED = "declined", _("They said no")

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="spoken_sign_ups")
    role = models.CharField(max_length=10)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="spoken_sign_ups")
    # The name as staff typed it: a role in one program shows nobody's name that it does not know already.
    called = models.CharField(max_length=170)
    state = models.CharField(max_length=10, choices=State, default=State.FILLING)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint("cycle", "person", "role", name="one_spoken_sign_up_per_role"),
            models.CheckConstraint(
                name="who_was_asked_has_a_day", condition=Q(state="filling") | Q(asked_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.role}"

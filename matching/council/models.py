"""Seats of an advisory council, its ballots, and votes that no row ties to whoever cast them."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chiron.kernel.models import Record
from programs.policy.document import Part
from programs.policy.models import Cycle, PolicyVersion, Program
from tenants import context
from tenants.people.models import Person, StaffRole


class Seat(Record):
    """Somebody in a seat that a part of a program names, appointed by the section whose seat it is."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="council_seats")
    part = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    # The role that came with the seat and goes with it; empty for whom had one already.
    role = models.ForeignKey(StaffRole, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    appointed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    appointed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["program", "part", "name", "-appointed_at"]
        constraints = [
            models.UniqueConstraint("program", "part", "name", name="one_in_a_seat", condition=Q(ended_at=None)),
            models.UniqueConstraint("program", "part", "person", name="one_seat_each", condition=Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.name}"


class Ballot(Record):
    """One vote of the council on what matters in the matches of a session."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        ADOPTED = "adopted", _("Adopted")
        LEFT = "left", _("Left as it was")
        CALLED_OFF = "called_off", _("Called off")

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="ballots")
    # The settings that were asked about.
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    # How many voted of how many, and what they say together; see `counting.Result`.
    result = models.JSONField(default=dict, blank=True)
    # Which pairs it would change, by sign-ups; see `outlook`.
    outlook = models.JSONField(default=dict, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    # Why it was adopted with a change, or left; the council reads it.
    reason = models.TextField(blank=True)
    adopted = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                "cycle", name="one_ballot_at_a_time", condition=Q(state="open") | Q(state="closed")
            ),
            models.CheckConstraint(
                name="an_adopted_ballot_says_what_it_became", condition=~Q(state="adopted") | Q(adopted__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle}, {self.opened_at:%Y-%m-%d}"

    @property
    def last_day(self) -> date:
        """The last day to vote, through its end in the society's zone."""
        society = context.current()
        return (self.closes_at - timedelta(minutes=1)).astimezone(society.zone if society else UTC).date()

    @property
    def part(self) -> Part:
        """The part of the settings that was asked about."""
        return self.version.policy.part(self.cycle.part)


class Voter(Record):
    """Who was asked for a ballot, and for which seat. Nothing here changes when they vote."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="voters")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="voters")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["ballot", "seat__name"]
        constraints = [models.UniqueConstraint("ballot", "seat", name="a_seat_votes_once")]

    def __str__(self) -> str:
        return str(self.seat)


class Vote(models.Model):
    """What one seat says. Its key is made with the platform's secret, so that no table and no export says whose it is.

    No row is datable, and each time somebody votes all of a ballot are written anew in another order: the order in
    which they lie tells nothing either.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="votes")
    key = models.CharField(max_length=64)
    # Percent by what matters; they add up to 100.
    percents = models.JSONField()
    # How it was said, where it was said in words and not in numbers.
    levels = models.JSONField(default=dict, blank=True)
    # Which pairs it would change, once the ballot is closed.
    changes = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["key"]
        constraints = [models.UniqueConstraint("ballot", "key", name="one_vote_each")]

    def __str__(self) -> str:
        return str(self.id)

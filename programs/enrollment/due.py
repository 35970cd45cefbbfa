"""What becomes due about people who are interested, those who pause, and those who were found on the list."""

from __future__ import annotations

from programs.enrollment import interests, parting, pausing
from programs.enrollment.models import Joining
from programs.policy.models import Cycle, Interest
from tenants import due
from tenants.people.models import Person


@due.handler(interests.KIND)
def ask_or_forget(ref: str) -> None:
    """Twelve silent months are over, or the month after the question."""
    if interest := Interest.objects.select_related("program").filter(pk=ref).first():
        interests.ask_or_forget(interest=interest)


@due.handler(interests.OPENED)
def tell_that_it_opened(ref: str) -> None:
    """Sign-up to a session has opened."""
    if cycle := Cycle.objects.select_related("program", "version").filter(pk=ref).first():
        interests.tell_that_it_opened(cycle=cycle)


@due.handler(pausing.KIND)
def ask_whether_back(ref: str) -> None:
    """The last day of somebody's pause has come."""
    if person := Person.objects.filter(pk=ref).first():
        pausing.ask_whether_back(person=person)


@due.handler(parting.KIND)
def forget_a_joining(ref: str) -> None:
    """Thirty days after staff said that somebody is a member, that cannot be taken back any more."""
    if joining := Joining.objects.filter(pk=ref).first():
        parting.forget(joining=joining)

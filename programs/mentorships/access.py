"""Fetch a mentorship and authorise in one step; a stranger cannot tell forbidden from absent."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404

from programs.mentorships.models import Participation
from programs.mentorships.selectors import shown_to
from tenants.people.models import Person


def participation_for(person: Person, mentorship_pk: UUID) -> Participation:
    """The person's own place in a mentorship that they were asked about."""
    return get_object_or_404(shown_to(Participation.objects.filter(person=person)), mentorship=mentorship_pk)

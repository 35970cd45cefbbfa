"""Whom people ask: the program's own contact, wherever it is named."""

from __future__ import annotations

from programs.policy import templates
from programs.policy.services import create_program
from tenants.models import Society


def test_what_people_agree_to_names_the_programs_contact(sierra: Society) -> None:
    policy = templates.load("mentorship-in-medicine")
    program = create_program(policy=policy, contact="mentors@sierra.example.org", by=None)
    kept = program.versions.get().policy
    assert kept.filled("Write to {contact}.") == "Write to mentors@sierra.example.org."
    assert program.contact == "mentors@sierra.example.org"

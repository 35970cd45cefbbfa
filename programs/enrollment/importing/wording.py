"""What the pages of sheets call the things that a column can say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

LABELS: Final[Mapping[str, Any]] = {
    "key": _("Member number"),
    "member_id": _("Member number"),
    "email": _("Mail address"),
    "name": _("Whole name"),
    "given_name": _("First name"),
    "family_name": _("Last name"),
    "role": _("Role"),
    "signed_up_at": _("Day of sign-up"),
    "membership_status": _("Membership"),
    "paid_through": _("Paid until"),
    "stage": _("Career stage"),
    "specialty": _("Specialty"),
    "training_completed": _("End of training"),
    "training_state": _("State of training"),
    "practice_state": _("State of practice"),
    "zip": _("ZIP code"),
    "employer": _("Employer"),
    "languages": _("Languages"),
    "npi": _("NPI"),
    "interests": _("Interests"),
    "aspects": _("Help wanted or offered"),
    "challenges": _("Challenges"),
    "goals": _("Goals"),
    "availability": _("Times to meet"),
    "meeting_mode": _("Ways to meet"),
    "travel_miles": _("Miles to travel"),
    "places": _("How many"),
    "gender": _("Gender"),
    "heritage": _("Heritage"),
    "prefers_shared": _("What to share"),
    "attests": _("Agrees to values"),
    "biosketch": _("About themselves"),
    "mentor": _("Mentor’s name"),
    "mentee": _("Mentee’s name"),
    "mentor_email": _("Mentor’s address"),
    "mentee_email": _("Mentee’s address"),
    "since": _("Start"),
    "stage_ends_on": _("End of the career stage"),
    "training_completed_on": _("End of training"),
    "training_completed_latest": _("End of training"),
    "extra": _("Notes"),
    "on_roster_since": _("Membership"),
    "state": _("How the sign-up stands"),
}

"""What one sign-up says of one person: the joint between sheets, pages, eligibility and matching."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

RoleName = Literal["mentor", "mentee", "early", "middle", "senior", "peer"]
MeetingMode = Literal["in person", "virtual", "either"]


@dataclass(frozen=True, slots=True)
class Participant:
    """One person's sign-up to one part in one role; None or empty means "did not say", never "no".

    Lists keep the order in which the person gave them; words are in the policy's vocabulary (lower case where it is).
    `key` is the person's stable id in the society (a member id in a sheet). `places` is how many mentees a mentor
    offers to take, or how many mentors a mentee asks for. Where only a month or a year of completed training is known,
    `training_completed_on` is its first day and `training_completed_latest` its last. `stage_ends_on` is when somebody
    expects to reach the next stage.
    """

    key: str
    role: RoleName
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    signed_up_at: datetime | None = None
    membership_status: str | None = None
    stage: str | None = None
    stage_ends_on: date | None = None
    specialty: str | None = None
    training_completed_on: date | None = None
    training_completed_latest: date | None = None
    training_state: str | None = None
    practice_state: str | None = None
    zip: str | None = None
    employer: str | None = None
    languages: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    meeting_mode: MeetingMode | None = None
    travel_miles: int | None = None
    availability: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    challenges: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    gender: str | None = None
    heritage: str | None = None
    prefers_shared: tuple[str, ...] = ()
    places: int | None = None
    attests: bool | None = None
    biosketch: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Given and family name as people read it."""
        return f"{self.given_name} {self.family_name}".strip()

"""Made-up sign-ups and a policy for them, so that scores are built from what people say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from matching.bench.cases import Case
from programs.policy.document import Matching
from programs.policy.participant import MeetingMode, Participant, RoleName
from programs.policy.places import codes_in
from programs.policy.words import STAGES

WORDS = {
    "challenges": ("burnout", "visa", "parenthood", "board exams", "first grant", "new city", "leadership", "illness"),
    "aspects": ("career", "research", "teaching", "clinical skills", "work and life", "advocacy"),
    "interests": tuple(f"interest {number}" for number in range(24)),
    "availability": tuple(f"{day} {time}" for day in ("Mon", "Tue", "Wed", "Thu", "Fri") for time in ("am", "pm")),
}
LANGUAGES = ("English", "Spanish", "Mandarin", "Hindi")
SPECIALTIES = ("Cardiology", "Nephrology", "Pediatrics", "Psychiatry", "Urology", "Radiology", "Dermatology")
ZIPS: tuple[str, ...] = codes_in("CA")[::5]
MODES: tuple[MeetingMode | None, ...] = ("in person", "virtual", "either", None)
MATCHING = Matching.model_validate(
    {
        "never": ["mentor_not_further_along", "same_employer", "no_common_language", "meeting_modes_clash"],
        "weights": {
            "lived_my_challenge": 250,
            "aspects_covered": 200,
            "specialty": 150,
            "shared_interests": 120,
            "near_each_other": {"points": 100, "half_at": "15 mi"},
            "free_at_the_same_time": 100,
            "my_own_preference": 80,
        },
    }
)


def signed_up(case: Case, seed: int) -> tuple[list[Participant], list[Participant]]:
    """Mentees and mentors; about one answer in ten is missing. The same case and seed make the same people."""
    random = np.random.default_rng(seed)
    mentees = [_person(random, f"E{number}", "mentee", STAGES[1:5]) for number in range(case.mentees)]
    return mentees, [_person(random, f"M{number}", "mentor", STAGES[3:]) for number in range(case.mentors)]


def _person(random: np.random.Generator, key: str, role: RoleName, stages: Sequence[str]) -> Participant:
    said: dict[str, Any] = {name: _some(random, words) for name, words in WORDS.items()}
    stage = stages[int(random.integers(len(stages)))]
    trained = STAGES.index(stage) >= STAGES.index("early career")
    return Participant(
        key=key,
        role=role,
        stage=stage,
        training_completed_on=date(int(random.integers(1980, 2025)), 6, 30) if trained else None,
        specialty=_one(random, SPECIALTIES),
        zip=_one(random, ZIPS),
        employer=_one(random, [f"Practice {number}" for number in range(60)]),
        languages=("English", *_some(random, LANGUAGES[1:], 1)),
        meeting_mode=MODES[random.integers(len(MODES))],
        gender=_one(random, ("woman", "man")),
        heritage=_one(random, ("A", "B", "C", "D")),
        prefers_shared=_some(random, ("gender", "heritage"), 1),
        **said,
    )


def _one(random: np.random.Generator, words: Sequence[str]) -> str | None:
    return None if random.random() < 0.1 else words[int(random.integers(len(words)))]


def _some(random: np.random.Generator, words: Sequence[str], most: int = 4) -> tuple[str, ...]:
    count = min(int(random.integers(0, most + 1)), len(words))
    return tuple(words[place] for place in random.choice(len(words), count, replace=False))

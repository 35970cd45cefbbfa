"""People who are invented, to try what matters with while nobody has signed up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from matching.solving.part import pool_of
from matching.solving.problems import Pool
from programs.policy.document import Policy
from programs.policy.models import Cycle
from programs.policy.participant import MeetingMode, Participant
from programs.policy.words import WordKind
from programs.rehearsing.people import invented_for
from tenants import context

SPECIALTIES: Final = ("Family Medicine", "Internal Medicine", "Pediatrics", "Psychiatry", "Surgery")
MODES: Final[tuple[MeetingMode, ...]] = ("either", "in person", "virtual", "either")
# How many words of a kind somebody says.
SAID: Final[dict[WordKind, int]] = {"aspects": 2, "challenges": 2, "interests": 3, "availability": 3}


def invented_pool(cycle: Cycle) -> Pool:
    """The mentors and mentees of a rehearsal, with answers in the program's own words; the same each time.

    DomainError if the program's rules let nobody in on one side.
    """
    society = context.current()
    zone = str(society.zone) if society else ""
    people = [
        _answering(cycle.version.policy, replace(each.somebody, key=f"{each.role}-{each.name}"), each.name, number)
        for number, each in enumerate(invented_for(cycle.settings, cycle.starts_on, zone))
    ]
    pool = pool_of(cycle.settings, people, cycle.starts_on)
    if not pool.mentees or not pool.mentors:
        raise DomainError(_("Nobody has signed up yet, and the program’s rules let in nobody whom we could invent."))
    return pool


def _answering(policy: Policy, somebody: Participant, name: str, number: int) -> Participant:
    random = np.random.default_rng(number)
    given, _space, family = name.partition(" ")
    return replace(
        somebody,
        given_name=given,
        family_name=family,
        specialty=_one(random, SPECIALTIES),
        meeting_mode=MODES[number % len(MODES)],
        employer=None,
        languages=("English",),
        places=None,
        aspects=_some(random, policy.words("aspects"), SAID["aspects"]),
        challenges=_some(random, policy.words("challenges"), SAID["challenges"]),
        interests=_some(random, policy.words("interests"), SAID["interests"]),
        availability=_some(random, policy.words("availability"), SAID["availability"]),
    )


def _one(random: np.random.Generator, words: Sequence[str]) -> str:
    return words[int(random.integers(len(words)))]


def _some(random: np.random.Generator, words: Sequence[str], count: int) -> tuple[str, ...]:
    chosen = random.choice(len(words), min(count, len(words)), replace=False)
    return tuple(words[place] for place in sorted(chosen.tolist()))

"""Who waits for a pair: the sign-ups a new draft is made of, and all that is known of pairs among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from matching.criteria import Known
from matching.models import PairDecision
from matching.solving import Pool
from programs.enrollment.answers import key_of, participant_of
from programs.enrollment.models import Enrollment, Role
from programs.mentorships.room import places_left
from programs.mentorships.selectors import asked_pairs, standing_pairs
from programs.policy.models import Cycle
from programs.policy.participant import Participant

KeyPair = tuple[str, str]
# Somebody with a pair may have a place left for one more.
MATCHABLE = (Enrollment.State.ELIGIBLE, Enrollment.State.MATCHED)


@dataclass(frozen=True)
class Waiting:
    """The sign-ups of a session that have a place left, and what was said of pairs of (mentee, mentor) keys.

    keep, never: staff's word; asked: pairs who were asked before; standing: how many pairs of the session stand.
    """

    enrollments: Sequence[Enrollment]
    left: Mapping[UUID, int]
    keep: Sequence[KeyPair]
    never: Sequence[KeyPair]
    asked: Sequence[KeyPair]
    standing: int

    @classmethod
    def of(cls, cycle: Cycle) -> Self:
        """Whoever waits in a session now. Pairs that are published stay out of it."""
        people = list(cycle.enrollments.filter(state__in=MATCHABLE).select_related("person"))
        left = places_left(cycle, people)
        waiting = [each for each in people if left[each.pk]]
        keys = {each.pk: key_of(each.person) for each in waiting}

        def pairs(found: Iterable[tuple[UUID, UUID]]) -> list[KeyPair]:
            return sorted((keys[one], keys[other]) for one, other in found if {one, other} <= keys.keys())

        asked = pairs(asked_pairs(cycle))
        said = cycle.pair_decisions.values_list("kind", "mentee", "mentor")
        keep, never = (
            pairs((mentee, mentor) for said_kind, mentee, mentor in said if said_kind == kind)
            for kind in (PairDecision.Kind.KEEP, PairDecision.Kind.NEVER)
        )
        return cls(
            enrollments=waiting,
            left=left,
            keep=[pair for pair in keep if pair not in asked],
            never=never,
            asked=asked,
            standing=standing_pairs(cycle),
        )

    @property
    def known(self) -> Known:
        """What the scores need to know of pairs."""
        return Known(never=self.never, asked=self.asked)

    def participant(self, enrollment: Enrollment) -> Participant:
        """What a sign-up says, with the places that are left."""
        return replace(participant_of(enrollment), places=self.left[enrollment.pk])

    def pool(self) -> Pool:
        """Sorted by key, so that nothing depends on the order in which people came."""
        people = sorted(map(self.participant, self.enrollments), key=lambda person: person.key)
        return pool_of_people(people)

    def enrollment_ids(self) -> dict[KeyPair, str]:
        """The sign-up behind each (key, role)."""
        return {(key_of(each.person), Role(each.role).value): str(each.pk) for each in self.enrollments}


def pool_of_people(people: Sequence[Participant]) -> Pool:
    """Mentees and mentors who all take part."""
    return Pool(
        mentees=[person for person in people if person.role == "mentee"],
        mentors=[person for person in people if person.role == "mentor"],
        left_out=[],
    )

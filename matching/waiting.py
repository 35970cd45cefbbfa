"""Who waits for a pair: the sign-ups a new draft is made of, and all that is known of pairs among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from matching.criteria import Known
from matching.criteria.columns import fold, folded
from matching.criteria.wishes import Wished
from matching.models import PairDecision
from matching.solving.problems import Kept, Pool
from programs.enrollment.answers import key_of, participant_of
from programs.enrollment.models import Enrollment, Role
from programs.mentorships.room import places_left
from programs.mentorships.selectors import asked_pairs, mentors_are_for, standing_pairs
from programs.policy.models import Cycle
from programs.policy.participant import Participant
from programs.wishing.selectors import wishes_in

KeyPair = tuple[str, str]
# Somebody with a pair may have a place left for one more.
MATCHABLE = (Enrollment.State.ELIGIBLE, Enrollment.State.MATCHED)


@dataclass(frozen=True)
class Waiting:
    """The sign-ups of a session that have a place left, and what was said of pairs of (mentee, mentor) keys.

    keep, never: staff's word; asked: pairs who were asked before; standing: how many pairs of the session stand; has:
    what the mentors are for whom mentees have already, where the program asks for several mentors in some order;
    wished: whom they named.
    """

    enrollments: Sequence[Enrollment]
    left: Mapping[UUID, int]
    keep: Sequence[Kept]
    never: Sequence[KeyPair]
    asked: Sequence[KeyPair]
    standing: int
    by_aspect: bool
    has: Mapping[UUID, Sequence[str]]
    wished: Wished

    @classmethod
    def of(cls, cycle: Cycle) -> Self:
        """Whoever waits in a session now. Pairs that are published stay out of it."""
        people = list(cycle.enrollments.filter(state__in=MATCHABLE).select_related("person"))
        left = places_left(cycle, people)
        mentors = cycle.settings.mentors
        has = mentors_are_for(cycle) if mentors.by_aspect or mentors.first_before_second else {}
        waiting = [
            each for each in people if left[each.pk] and not (mentors.by_aspect and _has_all(each, has.get(each.pk)))
        ]
        keys = {each.pk: key_of(each.person) for each in waiting}

        def pairs(found: Iterable[tuple[UUID, UUID]]) -> list[KeyPair]:
            return sorted((keys[one], keys[other]) for one, other in found if {one, other} <= keys.keys())

        asked = pairs(asked_pairs(cycle))
        said = list(cycle.pair_decisions.values_list("kind", "mentee", "mentor", "aspect"))
        kept = {
            (keys[mentee], keys[mentor]): what
            for kind, mentee, mentor, what in said
            if kind == PairDecision.Kind.KEEP and {mentee, mentor} <= keys.keys()
        }
        return cls(
            enrollments=waiting,
            left=left,
            keep=sorted((*pair, what) for pair, what in kept.items() if pair not in asked),
            never=pairs((one, other) for kind, one, other, _what in said if kind == PairDecision.Kind.NEVER),
            asked=asked,
            standing=standing_pairs(cycle),
            by_aspect=mentors.by_aspect,
            has=has,
            wished=_wished(cycle, waiting, keys),
        )

    @property
    def known(self) -> Known:
        """What the scores need to know of pairs."""
        return Known(never=self.never, asked=self.asked, wished=self.wished)

    @property
    def served(self) -> frozenset[str]:
        """The keys of mentees who have a mentor already, where that matters."""
        return frozenset(key_of(each.person) for each in self.enrollments if each.pk in self.has)

    def participant(self, enrollment: Enrollment) -> Participant:
        """What a sign-up says, with the places that are left, and the things that no mentor helps with yet."""
        person = participant_of(enrollment)
        left = self.left[enrollment.pk]
        if self.by_aspect and person.role == "mentee":
            wanted = still_wanted(person.aspects, self.has.get(enrollment.pk, ()))
            return replace(person, aspects=wanted, places=min(left, max(1, len(wanted))))
        return replace(person, places=left)

    def pool(self) -> Pool:
        """Sorted by key, so that nothing depends on the order in which people came."""
        people = sorted(map(self.participant, self.enrollments), key=lambda person: person.key)
        return pool_of_people(people)

    def enrollment_ids(self) -> dict[KeyPair, str]:
        """The sign-up behind each (key, role)."""
        return {(key_of(each.person), Role(each.role).value): str(each.pk) for each in self.enrollments}


def still_wanted(aspects: Iterable[str], has: Iterable[str]) -> tuple[str, ...]:
    """What somebody would like help with, without what a mentor of theirs is for."""
    there = folded(has)
    return tuple(aspect for aspect in aspects if fold(aspect) not in there)


def _wished(cycle: Cycle, waiting: Sequence[Enrollment], keys: Mapping[UUID, str]) -> Wished:
    """Whom those who wait named of those who wait, by keys."""
    there = {each.pk: each.role for each in waiting}
    sides: dict[str, dict[str, list[str]]] = {Role.MENTEE: {}, Role.MENTOR: {}}
    for mine, others in wishes_in(cycle).items():
        if mine in there and (named := [keys[other] for other in others if other in there]):
            sides[there[mine]][keys[mine]] = named
    return Wished(sides[Role.MENTEE], sides[Role.MENTOR])


def _has_all(enrollment: Enrollment, has: Sequence[str] | None) -> bool:
    """Whether somebody named what they would like help with, and has a mentor for each of it."""
    wanted = enrollment.answers.get("aspects") or ()
    return bool(has is not None and enrollment.role == Role.MENTEE and wanted and not still_wanted(wanted, has))


def pool_of_people(people: Sequence[Participant]) -> Pool:
    """Mentees and mentors who all take part."""
    return Pool(
        mentees=[person for person in people if person.role == "mentee"],
        mentors=[person for person in people if person.role == "mentor"],
        left_out=[],
    )

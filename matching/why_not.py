"""Why two people are no pair, and what it would do if they were one: tried on the draft, and kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from matching import words
from matching.criteria.sentences import RULES
from matching.engine import Changes, Explainer, ProblemError, WhyNot, what_if
from matching.models import MatchRun
from matching.snapshots import solved_of
from matching.solving import Solved
from programs.policy.participant import Participant


@dataclass(frozen=True)
class Answered:
    """Why a mentee was not given a mentor, and who would have to move for them.

    moves: made or gone, mentee, mentor; can_be_kept: whether the pair is possible at all.
    """

    mentee: str
    mentor: str
    sentence: str
    moves: Sequence[tuple[bool, str, str]]
    can_be_kept: bool


@dataclass(frozen=True)
class Change:
    """A pair that would come or go, with its points."""

    made: bool
    mentee: str
    mentor: str
    points: str


@dataclass(frozen=True)
class Tried:
    """What would change if two people were a pair: how many pairs and points there would be, and which change."""

    pairs: tuple[int, int]
    points: tuple[str, str]
    gain: int
    lose: int
    changes: Sequence[Change]


@dataclass(frozen=True)
class Asked:
    """A mentee and a mentor of a run, to be asked about. KeyError if one of the two is not in it."""

    run: MatchRun
    mentee_id: str
    mentor_id: str

    @cached_property
    def solved(self) -> Solved:
        return solved_of(self.run)

    @cached_property
    def places(self) -> tuple[int, int]:
        """Where they stand among the mentees, and among the mentors."""
        at = {each["enrollment"]: (each["key"], each["role"]) for each in self.run.snapshot["people"]}
        if (at[self.mentee_id][1], at[self.mentor_id][1]) != ("mentee", "mentor"):
            raise KeyError(self.mentee_id)
        return _place(self.solved.pool.mentees, at[self.mentee_id]), _place(
            self.solved.pool.mentors, at[self.mentor_id]
        )

    def answer(self) -> Answered:
        """The engine's answer in words: the rule, or who would have to move and what it would cost, or the lot."""
        found = Explainer(self.solved.result, self.solved.problem).why_not(*self.places)
        mentees, mentors = self.solved.pool.mentees, self.solved.pool.mentors
        moves = found.loss.moves if found.loss else ()
        return Answered(
            mentee=mentees[found.mentee].name,
            mentor=mentors[found.mentor].name,
            sentence=self._sentence(found),
            moves=[(move.made, mentees[move.mentee].name, mentors[move.mentor].name) for move in moves],
            can_be_kept=found.loss is not None,
        )

    def tried(self) -> Tried:
        """All that would change if the two were a pair. Nothing is kept. DomainError if they cannot be one."""
        solved = self.solved
        try:
            delta = what_if(solved.result, solved.problem, Changes(pin=[self.places]))
        except ProblemError:
            raise DomainError(_("These two cannot be a pair in this draft.")) from None
        pairs, total = len(solved.result.pairs), solved.result.total
        changes = [(made, *pair) for made, some in ((False, delta.gone), (True, delta.come)) for pair in some]
        changes.sort(key=lambda each: (each[1:] != self.places, each[1], each[0]))
        return Tried(
            pairs=(pairs, pairs + delta.pairs),
            points=(words.points(total), words.points(total + delta.points)),
            gain=len(delta.gain),
            lose=len(delta.lose),
            changes=[self._change(*each) for each in changes],
        )

    def _change(self, made: bool, mentee: int, mentor: int) -> Change:
        pool, block = self.solved.pool, self.solved.scores.block(np.array([mentee]), np.array([mentor]))
        return Change(
            made, pool.mentees[mentee].name, pool.mentors[mentor].name, words.points(max(int(block[0, 0]), 0))
        )

    def _sentence(self, found: WhyNot) -> str:
        loss = found.loss
        reason = "fewer_pairs" if found.reason == "tie" and loss and loss.pairs > 0 else found.reason
        return str(words.WHY_NOT[reason]).format(
            mentee=self.solved.pool.mentees[found.mentee].name,
            mentor=self.solved.pool.mentors[found.mentor].name,
            points=words.points(found.score or 0),
            loss=words.loss_in_words(loss.pairs, loss.points) if loss else "",
            rules="; ".join(_(RULES[rule]) for rule in found.rules),
        )


def _place(people: Sequence[Participant], who: tuple[str, str]) -> int:
    return next(place for place, each in enumerate(people) if (each.key, each.role) == who)

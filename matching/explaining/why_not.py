"""Why two people are no pair, and what it would do if they were one: tried on the draft, and kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from matching.criteria.aspects import aspect_of
from matching.criteria.sentences import RULES
from matching.engine import Changes, Delta, Explainer, ProblemError, WhyNot
from matching.engine.rounds import wanted_each
from matching.explaining import words
from matching.models import MatchRun
from matching.selectors import was_cut
from matching.snapshots import solved_of
from matching.solving.by_lists import ByLists
from matching.solving.facts import wishes_of
from matching.solving.part import Solved
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
    aspect: str = ""


@dataclass(frozen=True)
class Change:
    """A pair that would come or go, with its points."""

    made: bool
    mentee: str
    mentor: str
    points: str
    aspect: str = ""


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

    @property
    def aspect(self) -> str:
        """What the two would be a pair for, where each mentor is for one thing: what comes nearest to being one."""
        return "" if isinstance(self.solved.answer, ByLists) else aspect_of(self.solved.rows[self._nearest.mentee])

    @property
    def _nearest(self) -> WhyNot:
        return min((found for _round, found in self._found), key=_how_near)

    @cached_property
    def _found(self) -> Sequence[tuple[int, WhyNot]]:
        """The engine's answer, in round 0; where first mentors come first, for a first one in 1 and one more in 2."""
        mentee, mentor = self.places
        found = []
        for each in self.solved.answer.rounds:
            explainer = Explainer(each.result, each.problem)
            found.append(min((explainer.why_not(row, mentor) for row in self.solved.rows_of[mentee]), key=_how_near))
        *first, last = found
        if not first:
            return [(0, last)]
        if last.reason == "paired" or mentee in (self.solved.answer.served or ()):
            return [(2, last)]
        wants_more = self.solved.given[mentee] and wanted_each(self.solved.answer.asked)[mentee] > 1
        return [(1, first[0]), (2, last)] if wants_more else [(1, first[0])]

    def answer(self) -> Answered:
        """The engine's answer in words: the rule, or who would have to move and what it would cost, or the lot. Where
        pairs were taken out since for want of room, that is said too.
        """
        found = self._by_lists(self.solved.answer) if isinstance(self.solved.answer, ByLists) else self._by_points()
        if not was_cut(self.run):
            return found
        stayed = {(str(mentee), str(mentor)) for mentee, mentor in self.run.pairs.values_list("mentee_id", "mentor_id")}
        if (self.mentee_id, self.mentor_id) in stayed:
            return found
        if self._was_a_pair:
            return replace(found, sentence=words.taken_out(len(stayed)), moves=(), can_be_kept=False)
        return replace(found, sentence=f"{found.sentence} {words.others_taken_out(len(stayed))}")

    @property
    def _was_a_pair(self) -> bool:
        mentee, mentor = self.places
        rows = self.solved.rows_of[mentee]
        return any([row, mentor] in self.solved.result.pairs.tolist() for row in rows)

    def _by_points(self) -> Answered:
        rows, mentors = self.solved.rows, self.solved.pool.mentors
        nearest = self._nearest
        moves = nearest.loss.moves if nearest.loss else ()
        said = {self._sentence(found, number): number for number, found in reversed(self._found)}
        sentences = [f"{words.ROUNDS[said[each]]} {each}" if len(said) > 1 else each for each in reversed(said)]
        return Answered(
            mentee=rows[nearest.mentee].name,
            mentor=mentors[nearest.mentor].name,
            sentence=" ".join(sentences),
            moves=[(move.made, rows[move.mentee].name, mentors[move.mentor].name) for move in moves],
            can_be_kept=nearest.loss is not None,
            aspect="" if nearest.reason == "forbidden" else self.aspect,
        )

    def _by_lists(self, answer: ByLists) -> Answered:
        """Whom of the two keeps somebody whom they would rather have; and what the two said of each other."""
        mentee, mentor = self.places
        why = answer.why_apart(mentee, mentor)
        names = {"mentee": self.solved.rows[mentee].name, "mentor": self.solved.pool.mentors[mentor].name}
        score = int(self.solved.scores.block(np.array([mentee]), np.array([mentor]))[0, 0])
        rules = "; ".join(_(RULES[rule]) for rule in self.solved.scores.forbidden_by(mentee, mentor))
        said = str((words.WHY_NOT | words.APART)[why]).format(**names, points=words.points(max(score, 0)), rules=rules)
        if why != "forbidden":
            wish = words.wish(wishes_of(self.solved, mentee, mentor))
            said = f"{said} {str(words.THEIR_WISH).format(wish=wish) if wish else words.NO_WISH}"
        return Answered(**names, sentence=said, moves=(), can_be_kept=why in words.APART)

    def tried(self) -> Tried:
        """All that would change if the two were a pair. Nothing is kept. DomainError if they cannot be one."""
        by_lists = isinstance(self.solved.answer, ByLists)
        solved, pair = self.solved, self.places if by_lists else (self._nearest.mentee, self.places[1])
        try:
            _answer, delta = solved.answer.again(Changes(pin=[pair]))
        except ProblemError:
            raise DomainError(_("These two cannot be a pair in this draft.")) from None
        pairs, total = len(solved.result.pairs), solved.result.total
        changes = [(made, *each) for made, some in ((False, delta.gone), (True, delta.come)) for each in some]
        changes.sort(key=lambda each: (each[1:] != pair, each[1], each[0]))
        return Tried(
            pairs=(pairs, pairs + delta.pairs),
            points=(words.points(total), words.points(total + delta.points)),
            gain=sum(points > 0 for points in self._by_person(delta).values()),
            lose=sum(points < 0 for points in self._by_person(delta).values()),
            changes=[self._change(*each) for each in changes],
        )

    def _by_person(self, delta: Delta) -> dict[int, int]:
        """Points more for each mentee whose pairs change, whatever these are for."""
        found: dict[int, int] = {}
        for row, points in delta.mentees.items():
            found[self.solved.person(row)] = found.get(self.solved.person(row), 0) + points
        return found

    def _change(self, made: bool, row: int, mentor: int) -> Change:
        solved, block = self.solved, self.solved.scores.block(np.array([row]), np.array([mentor]))
        mentee, points = solved.rows[row], words.points(max(int(block[0, 0]), 0))
        return Change(made, mentee.name, solved.pool.mentors[mentor].name, points, aspect_of(mentee))

    def _sentence(self, found: WhyNot, number: int) -> str:
        loss, reason = found.loss, str(found.reason)
        if found.reason == "tie" and loss and loss.pairs > 0:
            reason = "fewer_pairs"
        if found.reason == "no_place" and number > 1:
            reason = "taken"
        return str(words.WHY_NOT[reason]).format(
            mentee=self.solved.rows[found.mentee].name,
            mentor=self.solved.pool.mentors[found.mentor].name,
            points=words.points(found.score or 0),
            together=words.TOGETHER[number],
            loss=words.loss_in_words(loss.pairs, loss.points) if loss else "",
            rules="; ".join(_(RULES[rule]) for rule in found.rules),
        )


def _how_near(found: WhyNot) -> tuple[int, int, int]:
    """How far two people are from being a pair: they are; what it would cost; or how many rules forbid it."""
    if found.reason == "paired":
        return 0, 0, 0
    if found.loss is not None:
        return 1, found.loss.value, -(found.score or 0)
    return 2, len(found.rules), -(found.score or 0)


def _place(people: Sequence[Participant], who: tuple[str, str]) -> int:
    return next(place for place, each in enumerate(people) if (each.key, each.role) == who)

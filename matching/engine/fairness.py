"""How evenly an answer treats people: its scores, who was matched, who envies whom, and what evenness costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.engine.asked import answered, listener
from matching.engine.errors import ProblemError
from matching.engine.given import listed
from matching.engine.problem import Problem, pairs_each, rows_of
from matching.engine.progress import Progress, Watch
from matching.engine.result import Result
from matching.engine.scores import FORBIDDEN, Ints, blocks_of, exact_sum, read_block
from matching.engine.solver import solve

Label = str | None
FEWEST = 5


@dataclass(frozen=True)
class GroupRate:
    """Mentees with one label, or with several where a group alone would be too small to show.

    people: how many of them want a mentor; matched: how many of those have one at least.
    """

    labels: tuple[Label, ...]
    people: int
    matched: int

    @property
    def rate(self) -> float:
        """Matched of all, 0 … 1."""
        return self.matched / self.people


@dataclass(frozen=True)
class Fairness:
    """Figures of one answer. Points are exact integers; mean and Gini coefficient are ratios of such.

    pairs, mean, lowest, fifth_percentile, gini: of the scores of all pairs, pins included; None without pairs. The
    fifth percentile is the highest score that at most 5 % of the pairs are below; the Gini coefficient is 0 where all
    scores are the same, near 1 where one pair has everything.
    everybody: all mentees who want a mentor; groups: the same by label, none of them of fewer than five people, and no
    difference of what is shown either; None if there are fewer than five in all or no labels were given.
    envious: mentees who want more than they were given, or score lower with the worst of their mentors than they would
    with somebody else's; wronged: those of them who would also score higher there than somebody who is there, pins
    aside.
    price: points that are given up for the floor, for the number of pairs or for the worst-off: the highest total that
    any answer within the other limits has, minus this total.
    """

    pairs: int
    mean: float | None
    lowest: int | None
    fifth_percentile: int | None
    gini: float | None
    everybody: GroupRate
    groups: tuple[GroupRate, ...] | None
    envious: int
    wronged: int
    price: int


def fairness(
    result: Result,
    problem: Problem,
    groups: Sequence[Label] | None = None,
    *,
    progress: Callable[[Progress], object] | None = None,
) -> Fairness:
    """Figures of fairness of a result.

    groups: a label per mentee, None for who has none; such are a group like any other. Who has several rows of wishes
    is one person, with one label. progress: called between blocks of pairs, all of which are looked at, and in the
    solve that finds the price; what it raises stops the work.
    Raises ProblemError if there is not one label per mentee, a word or None, or if the result is another problem's.
    Source: Gini's mean difference (1912); the envy of a mentee whom a mentor should rather have is that of a blocking
    pair (Gale & Shapley 1962).
    """
    answered(result, problem)
    listener(progress)
    labels: Sequence[Label] = [None] * problem.shape[0] if groups is None else _labels(groups)
    _check(problem, labels)
    pairs = result.pairs
    scores = np.sort(_scores(problem, pairs))
    count, total = len(scores), exact_sum(scores)
    envious, wronged = _envy(problem, pairs, Watch(progress))
    return Fairness(
        pairs=count,
        mean=total / count if count else None,
        lowest=int(scores[0]) if count else None,
        fifth_percentile=int(scores[count // 20]) if count else None,
        gini=_gini(scores, total) if count else None,
        everybody=_group(problem, pairs, labels, sorted(set(labels), key=_alphabet)),
        groups=None if groups is None else _groups(problem, pairs, labels),
        envious=envious,
        wronged=wronged,
        price=solve(replace(problem, floor=0), progress=progress).total - total,
    )


def _labels(groups: Sequence[Label]) -> Sequence[Label]:
    """A list of words and of None."""
    labels = [label.item() if isinstance(label, np.generic) else label for label in listed(groups, "The labels")]
    for mentee, label in enumerate(labels):
        if label is not None and not isinstance(label, str):
            raise ProblemError(f"The label of mentee {mentee} must be a word or None, not {label!r}.", mentee=mentee)
    return labels


def _check(problem: Problem, labels: Sequence[Label]) -> None:
    if len(labels) != problem.shape[0]:
        raise ProblemError(f"There are {len(labels)} labels; one for each of {problem.shape[0]} mentees is needed.")
    of: dict[int, Label] = {}
    for mentee, person in enumerate(problem.persons.tolist()):
        if of.setdefault(person, labels[mentee]) != labels[mentee]:
            raise ProblemError(f"The rows of person {person} have several labels.", mentee=mentee)


def _scores(problem: Problem, pairs: Ints) -> Ints:
    """(pairs,) scores; 0 for one that a rule forbids and a pin makes."""
    scores = np.zeros(len(pairs), np.int64)
    for rows in blocks_of(np.unique(pairs[:, 0]), problem.shape[1]):
        first, last = np.searchsorted(pairs[:, 0], [rows[0], rows[-1] + 1])
        here = pairs[first:last]
        scores[first:last] = read_block(problem.source, rows)[np.searchsorted(rows, here[:, 0]), here[:, 1]]
    return np.maximum(scores, 0)


def _gini(scores: Ints, total: int) -> float:
    """Of sorted scores: the mean difference of two of them, by twice their mean."""
    count = len(scores)
    if not total:
        return 0.0
    return (2 * exact_sum(scores, np.arange(1, count + 1)) - (count + 1) * total) / (count * total)


def _groups(problem: Problem, pairs: Ints, labels: Sequence[Label]) -> tuple[GroupRate, ...] | None:
    """Groups of five at least. Those that are smaller are taken together, with the smallest other one if need be, so
    that taking what is shown away from everybody leaves no small group either."""
    alone = [_group(problem, pairs, labels, [label]) for label in set(labels)]
    alone = sorted((group for group in alone if group.people), key=lambda each: (each.people, _alphabet(*each.labels)))
    together = [group for group in alone if group.people < FEWEST]
    rest = alone[len(together) :]
    while together and sum(group.people for group in together) < FEWEST:
        if not rest:
            return None
        together.append(rest.pop(0))
    if together:
        names = sorted((label for group in together for label in group.labels), key=_alphabet)
        rest.append(_group(problem, pairs, labels, names))
    return tuple(sorted(rest, key=lambda group: _alphabet(group.labels[0])))


def _group(problem: Problem, pairs: Ints, labels: Sequence[Label], names: Sequence[Label]) -> GroupRate:
    given, _ = pairs_each(pairs, problem.shape)
    members = np.array([label in names for label in labels], np.bool_) & (problem.wanted > 0)
    return GroupRate(tuple(names), _people(problem, members), _people(problem, members & (given > 0)))


def _people(problem: Problem, rows: NDArray[np.bool_]) -> int:
    """How many people these rows of wishes belong to."""
    return len(np.unique(problem.persons[rows]))


def _alphabet(label: Label) -> tuple[bool, str]:
    """Those without a label come last."""
    return label is None, label or ""


def _envy(problem: Problem, pairs: Ints, watch: Watch) -> tuple[int, int]:
    """How many mentees envy somebody, and how many of them with reason."""
    mentees, mentors = problem.shape
    scores, (given, load) = _scores(problem, pairs), pairs_each(pairs, problem.shape)
    own = np.full(mentees, np.iinfo(np.int64).max)
    np.minimum.at(own, pairs[:, 0], scores)
    own[given < problem.wanted] = problem.floor - 1
    pins = set(problem.pins)
    free = np.array([tuple(pair) not in pins for pair in pairs.tolist()], np.bool_)
    weakest = np.full(mentors, np.iinfo(np.int64).max)
    np.minimum.at(weakest, pairs[free, 1], scores[free])
    envious, wronged = np.zeros((2, mentees), np.bool_)
    # Nobody envies themselves: neither their row's mentors, nor those of another row of theirs.
    row, pair = rows_of(problem.persons, problem.persons[pairs[:, 0]])
    for rows in watch.blocks("pairs", np.flatnonzero(problem.wanted > 0), mentors):
        block = read_block(problem.source, rows).astype(np.int64)
        here = np.isin(row, rows)
        block[np.searchsorted(rows, row[here]), pairs[pair[here], 1]] = FORBIDDEN
        block[block < problem.floor] = FORBIDDEN
        envied = (load > 0) & (block > np.maximum(own[rows], FORBIDDEN)[:, None])
        envious[rows] = envied.any(axis=1)
        wronged[rows] = (envied & (block > weakest)).any(axis=1)
    return _people(problem, envious), _people(problem, wronged)

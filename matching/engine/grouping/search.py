"""Good circles quickly: tabu search (Glover 1989) over exchanges and moves, in steps, never by the clock."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.engine.progress import Watch
from matching.engine.scores import SCORE_LIMIT, Ints

NEVER = -(2**62)
FORBIDDEN_PAIR = -(2**14) * SCORE_LIMIT


class Seating:
    """Who sits where, and what each person would add to each circle. No two who may not meet are ever worth it."""

    def __init__(self, worth: Ints, may: NDArray[np.bool_], circles: int, limits: tuple[int, int], seed: int) -> None:
        people = len(worth)
        self.worth = np.where(may, worth, FORBIDDEN_PAIR)
        np.fill_diagonal(self.worth, 0)
        self.random = np.random.default_rng([seed % 2**64, circles])
        self.least, self.most = limits
        self.circle = self.random.permutation(np.arange(people) % circles)
        self.size = np.bincount(self.circle, minlength=circles)
        self.adds = self.worth @ (self.circle[:, None] == np.arange(circles)).astype(np.int64)
        self.total = int(self._staying().sum()) // 2
        self.free_again = np.zeros(people, np.int64)

    def _staying(self) -> Ints:
        """What each person adds to their own circle."""
        stays: Ints = np.take_along_axis(self.adds, self.circle[:, None], axis=1)[:, 0]
        return stays

    def step(self, now: int, best: int) -> None:
        """The best exchange or move, even at a loss, of people who have not just moved, unless it beats the best."""
        stays, busy = self._staying(), self.free_again > now
        exchange = self._exchanges(stays)
        move = self._moves(stays)
        for gains, off in ((exchange, busy[:, None] | busy), (move, busy[:, None])):
            gains[off & (gains + self.total <= best)] = NEVER
        if move.max(initial=NEVER) > exchange.max(initial=NEVER):
            person, circle = divmod(int(move.argmax()), move.shape[1])
            self._seat(person, circle, now)
        elif exchange.max(initial=NEVER) > NEVER:
            first, second = divmod(int(exchange.argmax()), exchange.shape[1])
            to_first, to_second = int(self.circle[second]), int(self.circle[first])
            self._seat(first, to_first, now)
            self._seat(second, to_second, now)

    def _exchanges(self, stays: Ints) -> Ints:
        change = self.adds[:, self.circle]
        gains: Ints = change + change.T - 2 * self.worth - stays[:, None] - stays
        gains[self.circle[:, None] == self.circle] = NEVER
        return gains

    def _moves(self, stays: Ints) -> Ints:
        gains: Ints = self.adds - stays[:, None]
        gains[np.arange(len(gains)), self.circle] = NEVER
        gains[:, self.size >= self.most] = NEVER
        gains[self.size[self.circle] <= self.least] = NEVER
        return gains

    def _seat(self, person: int, circle: int, now: int) -> None:
        old = self.circle[person]
        self.total += int(self.adds[person, circle] - self.adds[person, old])
        self.adds[:, old] -= self.worth[:, person]
        self.adds[:, circle] += self.worth[:, person]
        self.size[[old, circle]] += (-1, 1)
        self.circle[person] = circle
        self.free_again[person] = now + 3 + int(self.random.integers(0, 3 + len(self.circle) // 10))


def search(
    worth: Ints, may: NDArray[np.bool_], counts: range, limits: tuple[int, int], steps: int, seed: int, watch: Watch
) -> Ints | None:
    """The circle of each person in the best seating found, with each number of circles in turn; None if none was found
    that keeps apart whoever must be."""
    found, best = None, NEVER
    for circles in counts:
        seating = Seating(worth, may, circles, limits, seed)
        best_here = NEVER
        for now in range(steps):
            if seating.total > best_here:
                best_here = seating.total
                if best_here > best and may_sit(seating.circle, may):
                    found, best = seating.circle.copy(), best_here
            if now % 100 == 0:
                watch.tell("circles", (circles - counts[0]) * steps + now, len(counts) * steps)
            seating.step(now, best_here)
    return found


def may_sit(circle: Ints, may: NDArray[np.bool_]) -> bool:
    """Whether nobody shares a circle with somebody they may not."""
    together = circle[:, None] == circle
    np.fill_diagonal(together, False)
    return not (together & ~may).any()

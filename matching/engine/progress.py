"""What a long solve tells whoever waits for it, and how it is stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from matching.engine.scores import Ints, blocks_of

Step = Literal["sample", "pairs", "flow", "ties", "prices", "proposals", "circles", "proof"]


@dataclass(frozen=True)
class Progress:
    """Where a solve stands: done of total mentees in this step, which may come again until the proof is complete."""

    step: Step
    done: int
    total: int


@dataclass(frozen=True)
class Watch:
    """Tells a callback between blocks; what the callback raises (Cancelled, say) stops the work at once."""

    callback: Callable[[Progress], object] | None = None

    def tell(self, step: Step, done: int = 0, total: int = 0) -> None:
        """Pass it on, if anybody listens."""
        if self.callback is not None:
            self.callback(Progress(step, done, total))

    def blocks(self, step: Step, rows: Ints, mentors: int) -> Iterator[Ints]:
        """The rows, so many at a time as make a block of pairs with all mentors; told of before each."""
        done = 0
        for some in blocks_of(rows, mentors):
            self.tell(step, done, len(rows))
            yield some
            done += len(some)

    def sampling(self) -> Watch:
        """The same for work on a sample, all of which is one step to whoever waits."""
        return Watch(lambda step: self.tell("sample", step.done, step.total)) if self.callback else self

"""What a long solve tells whoever waits for it, and how it is stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Step = Literal["sample", "pairs", "flow", "ties", "prices", "proposals", "circles"]


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

    def sampling(self) -> Watch:
        """The same for work on a sample, all of which is one step to whoever waits."""
        return Watch(lambda step: self.tell("sample", step.done, step.total)) if self.callback else self

"""Scores from what people said, by blocks and pair by pair: `python -m matching.bench.scoring KIND CASE SEED FOLDER`.

Apart from all other work, which needs neither sign-ups nor a policy and should not pay for their memory.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from matching.bench.cases import Case
from matching.bench.loop import Loop, known
from matching.bench.people import MATCHING, signed_up
from matching.bench.work import Figures, Kinds, main
from matching.criteria import Scores


def built(case: Case, seed: int, folder: Path) -> Figures:
    """Scores of every pair from what people said: `whole` from their sign-ups on, `seconds` for the pairs alone."""
    mentees, mentors = signed_up(case, seed)
    started = time.process_time()
    source = Scores(mentees, mentors, MATCHING)
    known_now = time.process_time()
    scores = source.block(np.arange(case.mentees))
    done = time.process_time()
    np.save(folder / "built.npy", scores)
    return {"seconds": done - known_now, "whole": done - started}


def loop(case: Case, seed: int, folder: Path) -> Figures:
    """The same scores pair by pair. Raises AssertionError if one of them is another."""
    mentees, mentors = signed_up(case, seed)
    started = time.process_time()
    everybody = known(mentees), known(mentors)
    known_now = time.process_time()
    scores = Loop(MATCHING).scores(*everybody)
    done = time.process_time()
    assert np.array_equal(scores, np.load(folder / "built.npy")), "the loop comes to other scores"
    return {"seconds": done - known_now, "whole": done - started}


KINDS: Kinds = {kind.__name__: kind for kind in (built, loop)}

if __name__ == "__main__":
    main(KINDS, *sys.argv[1:])

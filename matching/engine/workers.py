"""Work on one block after another, by several threads if asked: numpy lets others run while it computes.

Results come in the order of the blocks, so nothing depends on who was faster.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Block = TypeVar("Block")
Found = TypeVar("Found")


def in_order(work: Callable[[Block], Found], blocks: Iterable[Block], workers: int = 1) -> Iterator[Found]:
    """What the work finds in each block, one after another. No more than workers + 1 blocks are held at a time.

    What the work, the blocks or the consumer raise stops everything, once blocks under way are done.
    """
    if workers < 2:
        yield from map(work, blocks)
        return
    waiting: deque[Future[Found]] = deque()
    with ThreadPoolExecutor(workers) as threads:
        try:
            for block in blocks:
                waiting.append(threads.submit(work, block))
                if len(waiting) > workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

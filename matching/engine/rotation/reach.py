"""Whether everybody can have as many conversations as they need: a maximum flow (Ford & Fulkerson 1956), by scipy."""

from __future__ import annotations

import numpy as np

from matching.engine.scores import Ints, ScoreSource, blocks_of, read_block


def within_reach(source: ScoreSource, needed: Ints, places: Ints) -> bool:
    """Whether each row can have `needed` different columns, none of which has more rows than `places`.

    source: scores, rows × columns, of which only the sign counts: -1 is never; needed: (rows,); places: (columns,).
    """
    from scipy.sparse import csr_array  # loaded at first use: it takes a while
    from scipy.sparse.csgraph import maximum_flow

    rows, columns = source.shape
    found = [np.zeros((0, 2), np.int64)]
    for some in blocks_of(np.flatnonzero(needed > 0), columns):
        row, col = np.nonzero((read_block(source, some) >= 0) & (places > 0))
        found.append(np.column_stack([some[row], col]))
    row, col = np.concatenate(found).T
    begin, end = rows + columns, rows + columns + 1
    tail = np.concatenate([np.full(rows, begin), row, rows + np.arange(columns)])
    head = np.concatenate([np.arange(rows), rows + col, np.full(columns, end)])
    most = np.concatenate([needed, np.ones(len(row), np.int64), np.minimum(places, rows)])
    network = csr_array((most.astype(np.int32), (tail, head)), shape=(end + 1, end + 1))
    return int(maximum_flow(network, begin, end).flow_value) == int(needed.sum())

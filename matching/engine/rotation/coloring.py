"""König's edge coloring: meetings into rounds, so that nobody has two in one round, and rounds of even size."""

from __future__ import annotations

import numpy as np

from matching.engine.scores import Ints

NONE = -1


def color(first: Ints, second: Ints, colors: int) -> Ints:
    """A color 0 … colors - 1 for each edge first[e]-second[e] of a bipartite graph, no two of one color at one end.

    Always possible if nobody has more than `colors` edges (König 1916); takes edges × people at most, far less as a
    rule. Colors are used equally often, give or take one (de Werra 1971).
    """
    coloring = _Coloring(first.tolist(), second.tolist(), colors)
    for edge in range(len(first)):
        coloring.add(edge)
    coloring.even_out()
    return np.array(coloring.color, np.int64)


class _Coloring:
    """at[side][person][color] is the edge of that color there. Two colors alone make paths and even rings, along which
    they may be exchanged."""

    def __init__(self, first: list[int], second: list[int], colors: int) -> None:
        self.ends = first, second
        self.color = [NONE] * len(first)
        self.at = [[[NONE] * colors for _ in range(max(side, default=NONE) + 1)] for side in self.ends]

    def add(self, edge: int) -> None:
        """Give it a color free at its first end, after freeing that color at its second one."""
        here, there = (self.at[side][self.ends[side][edge]] for side in (0, 1))
        free, other = here.index(NONE), there.index(NONE)
        if there[free] != NONE:
            self.exchange(self.path(1, self.ends[1][edge], free, other), free, other)
        self.put(edge, free)

    def path(self, side: int, person: int, color: int, other: int) -> list[int]:
        """The edges from a person on, of the one color and the other in turn."""
        edges = []
        while (edge := self.at[side][person][color]) != NONE:
            edges.append(edge)
            side, color, other = 1 - side, other, color
            person = self.ends[side][edge]
        return edges

    def exchange(self, edges: list[int], color: int, other: int) -> None:
        """Color what is of the one color with the other."""
        exchanged = [color + other - self.color[edge] for edge in edges]
        for edge in edges:
            for side in (0, 1):
                self.at[side][self.ends[side][edge]][self.color[edge]] = NONE
        for edge, new in zip(edges, exchanged, strict=True):
            self.put(edge, new)

    def put(self, edge: int, color: int) -> None:
        """Write a color down at both ends."""
        self.color[edge] = color
        for side in (0, 1):
            self.at[side][self.ends[side][edge]][color] = edge

    def even_out(self) -> None:
        """Exchange along paths that have one more of the most used color than of the least used."""
        if not self.color:
            return
        colors = range(len(self.at[0][0]))
        count = [self.color.count(color) for color in colors]
        while max(count) - min(count) > 1:
            most, least = count.index(max(count)), count.index(min(count))
            self.exchange(self._longer_in(most, least), most, least)
            count[most] -= 1
            count[least] += 1

    def _longer_in(self, most: int, least: int) -> list[int]:
        """A path that begins and ends with the most used of two colors: there is one for each edge it has more."""
        for side in (0, 1):
            for person, at in enumerate(self.at[side]):
                if at[most] != NONE and at[least] == NONE:
                    edges = self.path(side, person, most, least)
                    if len(edges) % 2:
                        return edges
        raise AssertionError("a color used more often has a path that begins and ends with it")

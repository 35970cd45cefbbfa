"""Which function answers which request. Paths are written as in Stripe's published description."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from stripe_emulator.kinds import Body, Document
from stripe_emulator.params import Params
from stripe_emulator.world import World

Handler = Callable[..., Body | Document]
Answer = TypeVar("Answer", bound=Handler)


@dataclass(frozen=True)
class Route:
    """One operation of Stripe's, as its description names it, and what answers it."""

    method: str
    path: str
    handler: Handler

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{\w+\}", r"([^/]+)", self.path))


ROUTES: dict[str, list[tuple[re.Pattern[str], Route]]] = {"GET": [], "POST": [], "DELETE": []}


def route(operation: str) -> Callable[[Answer], Answer]:
    """Register a function for `METHOD /path/{id}`; it takes the world, the parameters and the ids in the path."""
    method, path = operation.split(" ")

    def register(handler: Answer) -> Answer:
        found = Route(method, path, handler)
        ROUTES[method].append((found.pattern, found))
        # What is fixed in a path comes before what is anything: /invoices/create_preview before /invoices/{invoice}.
        ROUTES[method].sort(key=lambda pair: pair[1].path.count("{"))
        return handler

    return register


def find(method: str, path: str) -> tuple[Route, list[str]] | None:
    """The operation of a request, and the ids in its path."""
    for pattern, candidate in ROUTES.get(method, []):
        if match := pattern.fullmatch(path):
            return candidate, list(match.groups())
    return None


def answer(found: Route, world: World, params: Params, identities: list[str]) -> Body | Document:
    return found.handler(world, params, *identities)

"""Pages of a list, as every kind of object has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stripe_emulator.errors import missing
from stripe_emulator.kinds import Body, listing
from stripe_emulator.params import Params
from stripe_emulator.showing import show
from stripe_emulator.world import World

LIMIT, MOST = 10, 100


def page(
    world: World,
    params: Params,
    url: str,
    kind: str,
    *,
    by: Sequence[str] = (),
    where: Callable[[Body], bool] | None = None,
) -> Body:
    """A page of the objects of a kind, the newest first: filtered by the fields that the request names in `by`."""
    fields = {name: value for name in by if (value := params.text(name)) is not None}
    found = [body for body in world.find(kind, **fields) if not body.get("_deleted") and (where is None or where(body))]
    return page_of(world, params, url, within(params, found))


def page_of(world: World, params: Params, url: str, found: Sequence[Body]) -> Body:
    """The part of a list that a request asks for."""
    limit = min(params.integer("limit", LIMIT, least=1) or LIMIT, MOST)
    identities = [body["id"] for body in found]
    first, end = 0, len(found)
    if after := params.text("starting_after"):
        first = _place(identities, after, "starting_after") + 1
        end = min(end, first + limit)
        more = end < len(found)
    elif before := params.text("ending_before"):
        end = _place(identities, before, "ending_before")
        first = max(0, end - limit)
        more = first > 0
    else:
        end = min(end, limit)
        more = end < len(found)
    return listing([show(world, body) for body in found[first:end]], url, has_more=more)


def within(params: Params, found: Sequence[Body], name: str = "created", field: str | None = None) -> list[Body]:
    """Those whose moment lies where `created[gte]` and its like say."""
    if not params.given(name):
        return list(found)
    if (exactly := params.moment(name)) is not None:
        return [body for body in found if body[field or name] == exactly]
    limits = params.child(name)
    assert limits is not None
    lower, upper = limits.integer("gte"), limits.integer("lte")
    above, below = limits.integer("gt"), limits.integer("lt")
    return [
        body
        for body in found
        if (at := body[field or name]) is not None
        and (lower is None or at >= lower)
        and (upper is None or at <= upper)
        and (above is None or at > above)
        and (below is None or at < below)
    ]


def _place(identities: Sequence[str], identity: str, param: str) -> int:
    try:
        return identities.index(identity)
    except ValueError:
        raise missing("object", identity, param) from None

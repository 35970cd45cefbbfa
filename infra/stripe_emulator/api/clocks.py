"""Test clocks: time that stands still until it is moved, for the customers that live by it."""

from __future__ import annotations

from stripe_emulator.billing.advancing import advance
from stripe_emulator.errors import StripeError, required
from stripe_emulator.kinds import Body
from stripe_emulator.lists import page
from stripe_emulator.params import Params
from stripe_emulator.routing import route
from stripe_emulator.world import World

ROOM = "/v1/test_helpers/test_clocks"
KIND = "test_helpers.test_clock"
KEPT_FOR = 30 * 86_400


@route(f"POST {ROOM}")
def create_clock(world: World, params: Params) -> Body:
    moment = params.integer("frozen_time", least=0)
    if moment is None:
        raise required("frozen_time")
    clock: Body = {
        "deletes_after": world.now() + KEPT_FOR,
        "frozen_time": moment,
        "name": params.text("name"),
        "status": "ready",
        "status_details": {},
    }
    return world.add(KIND, clock, event=f"{KIND}.created")


@route(f"GET {ROOM}/{{test_clock}}")
def retrieve_clock(world: World, params: Params, identity: str) -> Body:
    return world.get(KIND, identity)


@route(f"GET {ROOM}")
def list_clocks(world: World, params: Params) -> Body:
    return page(world, params, ROOM, KIND)


@route(f"POST {ROOM}/{{test_clock}}/advance")
def advance_clock(world: World, params: Params, identity: str) -> Body:
    """Move a clock. Everything happens before the reply, which tells, like Stripe's, that it is on its way."""
    clock = world.get(KIND, identity)
    to = params.integer("frozen_time")
    if to is None:
        raise required("frozen_time")
    if to <= clock["frozen_time"]:
        raise StripeError("The new frozen time must be after the current one.", param="frozen_time")
    target = {"advancing": {"target_frozen_time": to}}
    advancing = clock | {"status": "advancing", "status_details": target}
    world.emit(f"{KIND}.advancing", advancing)
    advance(world, identity, to)
    clock["frozen_time"] = to
    world.save(clock)
    world.emit(f"{KIND}.ready", clock)
    return advancing


@route(f"DELETE {ROOM}/{{test_clock}}")
def delete_clock(world: World, params: Params, identity: str) -> Body:
    clock = world.get(KIND, identity)
    for customer in world.find("customer", test_clock=identity):
        world.save({**customer, "_deleted": True})
    for subscription in world.find("subscription", test_clock=identity):
        world.save({**subscription, "status": "canceled", "_deleted": True})
    world.emit(f"{KIND}.deleted", clock)
    return world.save({**clock, "_deleted": True})

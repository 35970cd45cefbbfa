"""What only the emulator has: its own clock, mischief with web hooks, settings of the account. Under `/_emulator/`."""

from __future__ import annotations

from collections.abc import Callable

from stripe_emulator import deliveries
from stripe_emulator.api.events import register
from stripe_emulator.billing.advancing import advance
from stripe_emulator.billing.standing import AFTER_RETRIES
from stripe_emulator.errors import StripeError
from stripe_emulator.kinds import Body
from stripe_emulator.params import Params
from stripe_emulator.world import World

Command = Callable[[World, Params], Body]
COMMANDS: dict[str, Command] = {}


def command(operation: str) -> Callable[[Command], Command]:
    def add(function: Command) -> Command:
        COMMANDS[operation] = function
        return function

    return add


def answer(world: World, operation: str, params: Params) -> Body:
    """Run a command; none of them is Stripe's."""
    if operation not in COMMANDS:
        raise StripeError(f"The emulator has no such command: {operation}", status=404)
    return COMMANDS[operation](world, params)


@command("GET /_emulator/clock")
def tell_time(world: World, params: Params) -> Body:
    return {"now": world.now()}


@command("POST /_emulator/clock")
def move_clock(world: World, params: Params) -> Body:
    """Move the time of all that is on no test clock to `to`, and let happen what is due until then.

    `frozen` says that the clock stands still there; else it goes on from there with the world's.
    """
    to = params.integer("to")
    frozen = params.flag("frozen", isinstance(world.store.setting("frozen_at"), int))
    with world.store.transaction():
        if to is None:
            world.store.set("frozen_at", world.now() if frozen else None)
        else:
            advance(world, None, to)
            world.set_house_clock(to, frozen=frozen)
    return {"now": world.now(), "frozen": frozen}


@command("POST /_emulator/settings")
def change_settings(world: World, params: Params) -> Body:
    """`after_retries`: what becomes of a subscription whose last retry failed."""
    with world.store.transaction():
        if outcome := params.text("after_retries", among=AFTER_RETRIES):
            world.store.set("after_retries", outcome)
    return {"after_retries": world.store.setting("after_retries", "unpaid")}


@command("POST /_emulator/endpoint")
def set_endpoint(world: World, params: Params) -> Body:
    """The one address of the platform, with its secrets: what was set here before is replaced."""
    secrets = params.texts("secrets")
    with world.store.transaction():
        return {"id": ensure_endpoint(world, params.need("url"), secrets)["id"]}


def ensure_endpoint(world: World, url: str, secrets: list[str]) -> Body:
    """The endpoint that the emulator was started with; with two secrets, messages are signed with both."""
    for endpoint in world.find("webhook_endpoint"):
        if endpoint.get("_ours"):
            endpoint |= {"url": url, "_secrets": secrets, "status": "enabled"}
            return world.save(endpoint)
    endpoint = register(world, url, ["*"], secrets)
    endpoint["_ours"] = True
    return world.save(endpoint)


@command("POST /_emulator/hooks")
def set_mischief(world: World, params: Params) -> Body:
    """From now on: `held` keeps web hooks back until they are taken or released, `duplicates` is the share that is
    sent twice, `longest_delay` is in seconds, and what is delayed is overtaken. All by `seed`; without any: calm.
    """
    mischief: Body = {
        "seed": params.integer("seed", 0),
        "duplicates": params.number("duplicates") or 0.0,
        "longest_delay": params.number("longest_delay") or 0.0,
        "held": params.flag("held"),
    }
    calm = not (mischief["duplicates"] or mischief["longest_delay"] or mischief["held"])
    with world.store.transaction():
        world.store.set("mischief", {} if calm else mischief)
    return mischief


@command("POST /_emulator/hooks/take")
def take_hooks(world: World, params: Params) -> Body:
    """Hand out what is held, signed, instead of sending it: in order, or shuffled by `seed`."""
    with world.store.transaction():
        return {"hooks": deliveries.take(world, seed=params.integer("seed"))}


@command("POST /_emulator/hooks/release")
def release_hooks(world: World, params: Params) -> Body:
    """Send what is held: in order, or shuffled by `seed`."""
    with world.store.transaction():
        return {"released": deliveries.release(world, seed=params.integer("seed"))}


@command("POST /_emulator/hooks/again")
def send_again(world: World, params: Params) -> Body:
    """Send an event once more, as the dashboard's “Resend” does."""
    with world.store.transaction():
        return {"planned": deliveries.again(world, params.need("event"))}


@command("GET /_emulator/hooks")
def list_hooks(world: World, params: Params) -> Body:
    """How many are delivered, planned, held and given up."""
    return deliveries.counts(world)

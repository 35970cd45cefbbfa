"""Changes that are planned: phases of a subscription, one after the other."""

from __future__ import annotations

from stripe_emulator.billing.changing import ItemChange, change_items
from stripe_emulator.billing.ending import end_now
from stripe_emulator.billing.subscribing import Line, Start, subscribe
from stripe_emulator.errors import not_now
from stripe_emulator.kinds import Body
from stripe_emulator.world import World

UPDATED = "customer.subscription.updated"


def end_phase(world: World, schedule: Body, moment: int) -> None:
    """Go on to the phase that begins now, or end the schedule as it says."""
    following = next((phase for phase in schedule["phases"] if phase["start_date"] == moment), None)
    if following is None:
        _finish(world, schedule, moment)
        return
    if schedule["subscription"] is None:
        begin(world, schedule, following)
        return
    enter(world, schedule, following, moment)


def begin(world: World, schedule: Body, phase: Body) -> None:
    """Begin the subscription of a schedule that started without one."""
    customer = world.get("customer", schedule["customer"])
    lines = [Line(world.get("price", item["price"]), item["quantity"]) for item in phase["items"]]
    fields = {"schedule": schedule["id"], "metadata": phase["metadata"] or {}}
    if phase["collection_method"]:
        days = (phase["invoice_settings"] or {}).get("days_until_due")
        fields |= {"collection_method": phase["collection_method"], "days_until_due": days}
    subscription = subscribe(world, Start(customer, lines, trial_end=phase["trial_end"], fields=fields))
    schedule |= {"status": "active", "subscription": subscription["id"], "current_phase": span(phase)}
    world.save(schedule, event="subscription_schedule.updated")


def enter(world: World, schedule: Body, phase: Body, moment: int) -> None:
    """Change the subscription to what a phase says."""
    subscription = world.get("subscription", schedule["subscription"])
    before = world.get("subscription", schedule["subscription"])
    changes = changes_to(world, subscription, phase)
    if phase["metadata"]:
        subscription["metadata"] = subscription["metadata"] | phase["metadata"]
    # What a phase does not name is gone with it.
    subscription["discounts"] = discounts_of(phase)
    world.save(subscription)
    if changes:
        change_items(world, subscription, changes, proration=phase["proration_behavior"], date=moment)
        kept = world.get("subscription", subscription["id"])
        subscription |= {name: kept[name] for name in ("status", "latest_invoice")}
    world.save(subscription)
    world.changed(UPDATED, before, subscription)
    schedule |= {"status": "active", "current_phase": span(phase)}
    world.save(schedule, event="subscription_schedule.updated")


def discounts_of(phase: Body) -> list[str]:
    """The discounts that a subscription has in a phase."""
    return [each["discount"] for each in phase["discounts"]]


def changes_to(world: World, subscription: Body, phase: Body) -> list[ItemChange]:
    """What makes the items of a subscription those of a phase; one item for one item keeps its id."""
    old = subscription["_items"]
    new = [Line(world.get("price", item["price"]), item["quantity"]) for item in phase["items"]]
    if [(item["price"], item["quantity"]) for item in old] == [(line.price["id"], line.quantity) for line in new]:
        return []
    changes = [ItemChange(item["id"], line) for item, line in zip(old, new, strict=False)]
    changes += [ItemChange(item["id"], None, deleted=True) for item in old[len(new) :]]
    return changes + [ItemChange(None, line) for line in new[len(old) :]]


def follow(world: World, subscription: Body) -> None:
    """The phase that runs takes over what its subscription was changed to by a request."""
    if not subscription["schedule"]:
        return
    schedule = world.get("subscription_schedule", subscription["schedule"])
    for phase in schedule["phases"]:
        if span(phase) == schedule["current_phase"]:
            phase["items"] = [
                phase["items"][0] | {"price": item["price"], "quantity": item["quantity"]}
                for item in subscription["_items"]
            ]
    world.save(schedule, event="subscription_schedule.updated")


def span(phase: Body) -> Body:
    return {"start_date": phase["start_date"], "end_date": phase["end_date"]}


def _finish(world: World, schedule: Body, moment: int) -> None:
    if schedule["end_behavior"] == "cancel":
        subscription = world.get("subscription", schedule["subscription"])
        subscription["schedule"] = None
        end_now(world, subscription, reason="cancellation_requested")
    else:
        _let_go(world, schedule)
    schedule |= {"status": "completed", "completed_at": moment, "current_phase": None}
    world.save(schedule)
    world.emit("subscription_schedule.completed", schedule)


def release(world: World, schedule: Body) -> Body:
    """Take the plan back; the subscription goes on as it is."""
    _require_open(schedule)
    _let_go(world, schedule)
    schedule |= {"status": "released", "released_at": world.now_of(schedule), "current_phase": None}
    world.save(schedule)
    world.emit("subscription_schedule.released", schedule)
    return schedule


def _let_go(world: World, schedule: Body) -> None:
    identity = schedule["subscription"]
    if identity is None:
        return
    subscription = world.get("subscription", identity)
    subscription["schedule"] = None
    world.save(subscription, event=UPDATED)
    schedule |= {"released_subscription": identity, "subscription": None}


def cancel(world: World, schedule: Body) -> Body:
    """Take the plan back and end its subscription at once."""
    _require_open(schedule)
    if schedule["subscription"]:
        subscription = world.get("subscription", schedule["subscription"])
        subscription["schedule"] = None
        end_now(world, subscription, reason="cancellation_requested")
    schedule |= {"status": "canceled", "canceled_at": world.now_of(schedule), "current_phase": None}
    world.save(schedule)
    world.emit("subscription_schedule.canceled", schedule)
    return schedule


def _require_open(schedule: Body) -> None:
    if schedule["status"] not in ("active", "not_started"):
        raise not_now(f"The schedule is {schedule['status']}, so nothing can be changed in it any more.")

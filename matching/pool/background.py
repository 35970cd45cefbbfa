"""What one more mentor would bring, remembered as long as nothing changes, and worked out by a worker for many people.

All of it is in the cache: nothing rests on it but a picture.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

from django.core.cache import cache

from chiron.kernel.errors import DomainError
from matching.engine import Cancelled, Progress
from matching.pool.kinds import Kind
from matching.pool.recruiting import Step, Worth, worth
from matching.pool.supply import Supply
from programs.policy.models import Cycle
from tenants.tasks import society_task

# Possible pairs up to which it is worked out while one waits for the page, half a second.
AT_ONCE: Final = 100 * 100
KEPT_FOR: Final = 24 * 3600
# A worker that died is forgotten after this.
WORKED_FOR: Final = 600


@dataclass(frozen=True)
class Working:
    """How far a worker is, or why it ended without an answer."""

    done: int = 0
    total: int = 0
    refused: str = ""


def is_long(supply: Supply) -> bool:
    """Whether there are too many people to work it out for a page."""
    whole = supply.whole
    return whole.mentees * whole.mentors > AT_ONCE


def remembered(supply: Supply) -> Worth | None:
    """What was worked out for the very same people, answers, places, words of staff and settings."""
    stored: dict[str, Any] | None = cache.get(_key(supply))
    if stored is None:
        return None
    return Worth(*([Step(**step | {"kind": Kind(**step["kind"])}) for step in stored[name]] for name in stored))


def work_out(supply: Supply, *, told: bool = False) -> Worth:
    """Work it out and remember it; told: leave word of how far it is. DomainError as `worth`."""
    found = worth(supply, (lambda progress: _tell(supply.cycle, progress)) if told else None)
    cache.set(_key(supply), asdict(found), KEPT_FOR)
    return found


def begin(cycle: Cycle) -> None:
    """A worker has been asked."""
    cache.delete(_stop_key(cycle))
    cache.set(_working_key(cycle), asdict(Working()), WORKED_FOR)


def look(cycle: Cycle) -> Working | None:
    """How far the worker is, or what it was refused; None if none is at it."""
    stored: dict[str, Any] | None = cache.get(_working_key(cycle))
    return None if stored is None else Working(**stored)


def forget(cycle: Cycle) -> None:
    """What was refused has been told."""
    cache.delete(_working_key(cycle))


def stop(cycle: Cycle) -> None:
    """Let the worker end at its next step."""
    cache.set(_stop_key(cycle), value=True, timeout=WORKED_FOR)
    cache.delete(_working_key(cycle))


@society_task
def work_out_in_background(*, cycle_id: UUID) -> None:
    """Work out what one more mentor would bring in a large session."""
    cycle = Cycle.objects.select_related("version").get(pk=cycle_id)
    try:
        work_out(Supply.of(cycle), told=True)
    except Cancelled:
        cache.delete(_working_key(cycle))
    except DomainError as error:
        cache.set(_working_key(cycle), asdict(Working(refused=error.message)), WORKED_FOR)
    else:
        cache.delete(_working_key(cycle))


def _tell(cycle: Cycle, progress: Progress) -> None:
    if cache.get(_stop_key(cycle)):
        raise Cancelled
    cache.set(_working_key(cycle), asdict(Working(progress.done, progress.total)), WORKED_FOR)


def _key(supply: Supply) -> str:
    """Of everything that the answer depends on."""
    waiting = supply.waiting
    people = [(str(one.enrollment.pk), one.left, str(one.participant)) for one in supply.people]
    rest = [waiting.keep, waiting.never, waiting.asked, waiting.standing, supply.cycle.version.digest, people]
    digest = blake2b(json.dumps(rest).encode(), digest_size=16).hexdigest()
    return f"one-more-{supply.cycle.pk}-{digest}"


def _working_key(cycle: Cycle) -> str:
    return f"one-more-working-{cycle.pk}"


def _stop_key(cycle: Cycle) -> str:
    return f"one-more-stop-{cycle.pk}"

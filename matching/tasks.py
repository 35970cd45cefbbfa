"""Work of the desk that is too long for a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from chiron.kernel.errors import DomainError
from matching import working
from matching.engine import Cancelled, Progress
from matching.groups import suggest_groups
from matching.models import MatchRun
from matching.pool.background import work_out_in_background
from matching.services import suggest_pairs
from matching.trying.trial import People, keep_outcome, tried_at_length
from programs.policy.models import Cycle
from tenants.people.models import Person
from tenants.tasks import society_task

__all__ = ["suggest_for", "suggest_in_background", "try_in_background", "work_out_in_background"]


def suggest_for(cycle: Cycle, by: Person | None, progress: Callable[[Progress], object] | None = None) -> MatchRun:
    """Suggest what the session's part brings together: pairs, or groups."""
    suggest = suggest_groups if cycle.settings.in_groups else suggest_pairs
    return suggest(cycle=cycle, by=by, progress=progress)


@society_task
def suggest_in_background(*, cycle_id: UUID, by_id: UUID) -> None:
    """Suggest pairs for a large session; whoever waits at the desk sees how far it is, or why it was refused."""
    cycle = Cycle.objects.get(pk=cycle_id)
    by = Person.objects.filter(pk=by_id).first()
    refused = ""
    try:
        suggest_for(cycle, by, lambda progress: working.note_progress(cycle, progress))
    except Cancelled:  # whoever stopped it has taken the note away
        pass
    except DomainError as error:
        refused = error.message
    finally:
        working.end(cycle, refused)


@society_task
def try_in_background(*, cycle_id: UUID, wanted: Mapping[str, int]) -> None:
    """Try other weights with a large session; whoever waits at the desk sees how far it is, or why it was refused."""
    cycle = Cycle.objects.select_related("version").get(pk=cycle_id)
    refused = ""
    try:
        outcome = tried_at_length(
            People.of(cycle), wanted, lambda progress: working.note_progress(cycle, progress, "trying")
        )
        keep_outcome(cycle, wanted, outcome)
    except Cancelled:  # whoever stopped it has taken the note away
        pass
    except DomainError as error:
        refused = error.message
    finally:
        working.end(cycle, refused, "trying")

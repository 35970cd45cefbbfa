"""Whether a draft is still true: its people are there with the places and answers they had, and it is proven."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chiron.kernel.errors import DomainError
from matching.engine import CertificateError
from matching.groups import changed_since, grouped_of, people_in
from matching.models import MatchRun
from matching.selectors import contradicted, people_changed
from matching.snapshots import solved_of
from matching.solving.grouping import check
from programs.enrollment.models import Enrollment
from programs.mentorships.room import with_ceiling
from programs.policy.models import Cycle


def must_be_true(run: MatchRun, cycle: Cycle) -> None:
    """DomainError, with what to do, if a draft may not be published as it is; its people are held from here on."""
    if cycle.state not in (Cycle.State.MATCHING, Cycle.State.RUNNING):
        raise DomainError(_("This session takes no pairs now."))
    in_groups = cycle.settings.in_groups
    hold(people_in(run) if in_groups else _in_pairs(run))
    _nobody_changed(len(changed_since(run, cycle) if in_groups else people_changed(run, cycle)))
    if not in_groups and contradicted(run):
        raise DomainError(_("You have said otherwise of a pair since this draft. Suggest again, then publish."))
    if run.version_id != cycle.version_id:
        raise DomainError(_("The program's settings have changed since this draft. Suggest again, then publish."))
    try:
        if in_groups:
            check(grouped_of(run))
        else:
            solved_of(run).answer.verify()
    except CertificateError:
        raise DomainError(_("This draft no longer passes its check. Suggest again, then publish.")) from None


def _in_pairs(run: MatchRun) -> Sequence[UUID]:
    found = {each for pair in run.pairs.values_list("mentee_id", "mentor_id") for each in pair}
    if not found:
        raise DomainError(_("There is no pair in this draft, so there is nothing to publish."))
    return list(found)


def hold(people: Sequence[UUID]) -> None:
    """Hold people's sign-ups until the end.

    First those who take so many at once in all programs together: another session may give them somebody.
    """
    list(with_ceiling(sorted(people)).select_for_update(no_key=True))
    list(Enrollment.objects.select_for_update(of=["self"]).filter(pk__in=people).order_by("pk"))


def _nobody_changed(changed: int) -> None:
    if changed:
        raise DomainError(
            ngettext(
                "%(count)d person of this draft has changed something since. Suggest again, then publish.",
                "%(count)d people of this draft have changed something since. Suggest again, then publish.",
                changed,
            )
            % {"count": changed}
        )

"""Suggesting pairs, having a say in them, and publishing them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.criteria import Known
from matching.engine import CertificateError, Explainer, ProblemError, verify
from matching.facts import pair_facts
from matching.models import MatchRun, PairDecision, SuggestedPair
from matching.snapshots import Decisions, enrollment_ids, pool_of_enrollments, snapshot_of, solved_of
from matching.solving import Solved, solve_pool
from programs.enrollment.models import Enrollment, Role
from programs.mentorships.services import Proposal, propose
from programs.policy.models import Cycle
from programs.policy.services import change_state
from tenants import audit
from tenants.people.models import Person

# Larger pools get the bound of each margin at once, and the exact one when somebody asks.
EXACT_MARGINS_UP_TO = 250


@transaction.atomic
def suggest_pairs(*, cycle: Cycle, by: Person | None, seed: int | None = None) -> MatchRun:
    """Find the best set of pairs among all who may be matched, check it against every pair, and keep it as the draft.

    An earlier draft is replaced. DomainError if sign-up is still open, nobody can be matched, or a kept pair may not
    be.
    """
    cycle = Cycle.objects.select_for_update(of=["self"]).select_related("version").get(pk=cycle.pk)
    if cycle.state not in (Cycle.State.MATCHING, Cycle.State.RUNNING):
        raise DomainError(_("Close sign-up first: pairs are suggested once nobody can join any more."))
    enrollments = list(matchable(cycle))
    pool, decisions = pool_of_enrollments(enrollments), Decisions.of(cycle)
    if not pool.mentees or not pool.mentors:
        raise DomainError(_("There is nobody to match: it takes at least one mentor and one mentee who can take part."))
    seed = secrets.randbits(31) if seed is None else seed
    try:
        solved = solve_pool(cycle.settings, pool, seed=seed, known=Known(never=decisions.never), keep=decisions.keep)
    except ProblemError as error:
        raise DomainError(_("A pair that you keep cannot be: %(why)s") % {"why": error}) from None
    MatchRun.objects.filter(cycle=cycle, state=MatchRun.State.DRAFT).update(state=MatchRun.State.REPLACED)
    run = MatchRun.objects.create(
        cycle=cycle,
        version=cycle.version,
        seed=seed,
        snapshot=snapshot_of(pool, enrollments, decisions),
        result=solved.result.to_dict(),
        engine_version=solved.result.version,
        created_by=by,
        created_at=clock.now(),
    )
    _keep_pairs(run, solved)
    audit.record("match.suggested", subject=run, actor=by, pairs=len(solved.pairs), total=solved.result.total)
    return run


def matchable(cycle: Cycle) -> Sequence[Enrollment]:
    """The sign-ups of a session that can be in a new draft."""
    return list(cycle.enrollments.filter(state=Enrollment.State.ELIGIBLE).select_related("person"))


def _keep_pairs(run: MatchRun, solved: Solved) -> None:
    ids = enrollment_ids(run.snapshot)
    explained = Explainer(solved.result, solved.problem).explain(exact=len(solved.pairs) <= EXACT_MARGINS_UP_TO)
    margins = {(each.mentee, each.mentor): each.margin.points if each.margin else None for each in explained}
    SuggestedPair.objects.bulk_create(
        SuggestedPair(
            run=run,
            mentee_id=ids[solved.pool.mentees[pair.mentee].key, Role.MENTEE],
            mentor_id=ids[solved.pool.mentors[pair.mentor].key, Role.MENTOR],
            score=pair.score,
            margin=_at_least_nothing(margins[pair.mentee, pair.mentor]),
            facts=facts,
        )
        for pair, facts in pair_facts(solved)
    )


def _at_least_nothing(points: int | None) -> int | None:
    """Fewer points can go with one more pair; what staff read is never below nothing."""
    return None if points is None else max(points, 0)


@transaction.atomic
def decide_pair(
    *, cycle: Cycle, mentee: Enrollment, mentor: Enrollment, kind: PairDecision.Kind, reason: str, by: Person
) -> PairDecision:
    """Keep a pair in every later draft, or rule it out; the later word counts."""
    if {mentee.cycle_id, mentor.cycle_id} != {cycle.pk} or (mentee.role, mentor.role) != (Role.MENTEE, Role.MENTOR):
        raise DomainError(_("A pair is a mentee and a mentor of the same session."))
    decision, _new = PairDecision.objects.update_or_create(
        cycle=cycle,
        mentee=mentee,
        mentor=mentor,
        defaults={"kind": kind, "reason": reason.strip(), "decided_by": by, "created_at": clock.now()},
    )
    audit.record("pair.decided", subject=decision, actor=by, kind=kind)
    return decision


@transaction.atomic
def forget_decision(*, decision: PairDecision, by: Person) -> None:
    """Take staff's word on a pair back."""
    audit.record("pair.decision_forgotten", subject=decision, actor=by, kind=decision.kind)
    decision.delete()


@transaction.atomic
def publish(*, run: MatchRun, by: Person | None) -> MatchRun:
    """Propose every pair of the draft to whoever is asked first; the session runs from then on.

    Publishing twice changes nothing. DomainError if the draft was replaced, or if somebody in it is no longer there as
    they were: then everything stays as it is.
    """
    cycle = Cycle.objects.select_for_update(of=["self"]).select_related("version").get(pk=run.cycle_id)
    locked = MatchRun.objects.select_for_update(of=["self"]).select_related("version", "cycle").get(pk=run.pk)
    if locked.state == MatchRun.State.PUBLISHED:
        return locked
    if locked.state != MatchRun.State.DRAFT:
        raise DomainError(_("A newer draft has taken this one's place. Look at that one."))
    pairs = list(locked.pairs.select_related("mentee__person", "mentor__person"))
    _must_be_current(locked, cycle, pairs)
    for pair in pairs:
        pair.mentorship = propose(cycle=cycle, proposal=_proposal(pair), by=by)
    SuggestedPair.objects.bulk_update(pairs, ["mentorship"])
    locked.state, locked.published_at, locked.published_by = MatchRun.State.PUBLISHED, clock.now(), by
    locked.save(update_fields=["state", "published_at", "published_by"])
    audit.record("match.published", subject=locked, actor=by, pairs=len(pairs))
    if cycle.state == Cycle.State.MATCHING:
        change_state(cycle=cycle, to=Cycle.State.RUNNING, by=by)
    return locked


def _must_be_current(run: MatchRun, cycle: Cycle, pairs: Sequence[SuggestedPair]) -> None:
    """The draft's people are the session's, in the state and with the answers they had, and its proof still holds."""
    people = [enrollment for pair in pairs for enrollment in (pair.mentee, pair.mentor)]
    ids = sorted({enrollment.pk for enrollment in people})
    now = list(Enrollment.objects.select_for_update(of=["self"]).filter(pk__in=ids).order_by("pk"))
    changed = sum(each.state != Enrollment.State.ELIGIBLE or each.changed_at > run.created_at for each in now)
    if changed or run.version_id != cycle.version_id:
        raise DomainError(
            ngettext(
                "%(count)d person of this draft has changed something since. Suggest again, then publish.",
                "%(count)d people of this draft have changed something since. Suggest again, then publish.",
                changed,
            )
            % {"count": changed}
            if changed
            else _("The program's settings have changed since this draft. Suggest again, then publish.")
        )
    solved = solved_of(run)
    try:
        verify(solved.result, solved.problem)
    except CertificateError as error:
        raise DomainError(
            _("This draft no longer passes its check (%(why)s). Suggest again.") % {"why": error}
        ) from None


def _proposal(pair: SuggestedPair) -> Proposal:
    covered = pair.facts["points"].get("aspects_covered", {}).get("facts", {}).get("common", [])
    return Proposal(
        mentor=pair.mentor,
        mentee=pair.mentee,
        aspects=covered,
        why_for_mentor=pair.facts["to_mentor"],
        why_for_mentee=pair.facts["to_mentee"],
    )

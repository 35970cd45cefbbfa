"""Suggesting pairs, and having a say in them."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.criteria import Known, Scores
from matching.criteria.aspects import aspect_of
from matching.criteria.sentences import RULES
from matching.engine import Explainer, Explanation, ProblemError, Progress
from matching.locking import locked_cycle
from matching.models import MatchRun, PairDecision, SuggestedPair
from matching.publishing.selectors import must_not_be_leaving
from matching.snapshots import enrollment_ids, pairs_before, snapshot_of, stored_result
from matching.solving.facts import pair_facts
from matching.solving.part import Solved, solve_pool
from matching.solving.problems import rows_of
from matching.waiting import Waiting
from programs.enrollment.answers import key_of
from programs.enrollment.models import Enrollment, Role
from programs.policy.models import Cycle
from tenants import audit
from tenants.people.models import Person

# Larger pools get the bound of each margin at once, and the exact one when somebody asks.
EXACT_MARGINS_UP_TO = 250


@transaction.atomic
def suggest_pairs(
    *,
    cycle: Cycle,
    by: Person | None,
    seed: int | None = None,
    progress: Callable[[Progress], object] | None = None,
) -> MatchRun:
    """Find the best set of pairs among all who wait, check it against every pair, and keep it as the draft.

    An earlier draft is replaced, and of several best answers the one nearest to it is taken; pairs that are published
    stay as they are. The same people, settings and decisions give the same pairs, however often they are asked for,
    unless another seed is chosen. DomainError if sign-up is still open, nobody can be matched, or a kept pair may not
    be.
    """
    cycle = locked_cycle(cycle)
    if cycle.state not in (Cycle.State.MATCHING, Cycle.State.RUNNING):
        raise DomainError(_("Pairs are suggested once sign-up is closed, and until the session wraps up."))
    must_not_be_leaving(cycle)
    waiting = Waiting.of(cycle)
    pool = waiting.pool()
    if not pool.mentees or not pool.mentors:
        raise DomainError(_("There is nobody to match: it takes at least one mentor and one mentee with a free place."))
    before = pairs_before(cycle) if seed is None else []
    seed = seed_of(cycle) if seed is None else seed
    try:
        solved = solve_pool(
            cycle.settings,
            pool,
            seed=seed,
            known=waiting.known,
            keep=waiting.keep,
            standing=waiting.standing,
            served=waiting.served,
            before=before,
            progress=progress,
        )
    except ProblemError:
        raise DomainError(
            _("The pairs that you keep cannot all be any more: somebody changed an answer. Look through them again.")
        ) from None
    cycle.match_runs.filter(state=MatchRun.State.DRAFT).update(state=MatchRun.State.REPLACED)
    run = MatchRun.objects.create(
        cycle=cycle,
        version=cycle.version,
        seed=seed,
        snapshot=snapshot_of(waiting, solved, before),
        result=stored_result(solved.answer),
        engine_version=solved.result.version,
        created_by=by,
        created_at=clock.now(),
    )
    _keep_pairs(run, solved)
    audit.record("match.suggested", subject=run, actor=by, pairs=len(solved.pairs), total=solved.result.total)
    return run


def seed_of(cycle: Cycle) -> int:
    """What draws among equals in a session: as it was drawn before, and at first by the session's id."""
    before = cycle.match_runs.values_list("seed", flat=True).first()
    return cycle.pk.int % 2**31 if before is None else before


def _keep_pairs(run: MatchRun, solved: Solved) -> None:
    ids = enrollment_ids(run.snapshot)
    margins = _margins(solved)
    SuggestedPair.objects.bulk_create(
        SuggestedPair(
            run=run,
            mentee_id=ids[solved.rows[pair.mentee].key, Role.MENTEE],
            mentor_id=ids[solved.pool.mentors[pair.mentor].key, Role.MENTOR],
            aspect=aspect_of(solved.rows[pair.mentee]),
            score=pair.score,
            margin=margins.get((pair.mentee, pair.mentor)),
            facts=facts,
        )
        for pair, facts in pair_facts(solved)
    )


def _margins(solved: Solved) -> dict[tuple[int, int], int | None]:
    """Of a first mentor among the first ones, of another one among what these leave; none where pairs follow lists."""
    exact = len(solved.pairs) <= EXACT_MARGINS_UP_TO
    margins: dict[tuple[int, int], int | None] = {}
    for each in reversed(solved.answer.rounds):
        explained = Explainer(each.result, each.problem).explain(exact=exact)
        margins |= {(one.mentee, one.mentor): _margin(one) for one in explained}
    return margins


def _margin(each: Explanation) -> int | None:
    """What staff read: the points lost without the pair, or at least lost; never below nothing, nor above the pair.

    Without a pair there may be one pair fewer, which no points measure, or more points with fewer pairs.
    """
    if each.pinned:
        return None
    points = each.margin.points if each.margin else each.at_least
    return min(max(points, 0), each.score)


@transaction.atomic
def decide_pair(
    *,
    cycle: Cycle,
    mentee: Enrollment,
    mentor: Enrollment,
    kind: PairDecision.Kind,
    reason: str,
    by: Person,
    aspect: str = "",
) -> PairDecision:
    """Keep a pair in every later draft, or rule it out; the later word counts.

    aspect: what a pair to keep is for, where each mentor is for one thing; else it is for what suits best.

    DomainError if the two are not of this session, or if a pair to keep may not be.
    """
    cycle = locked_cycle(cycle)
    if {mentee.cycle_id, mentor.cycle_id} != {cycle.pk} or (mentee.role, mentor.role) != (Role.MENTEE, Role.MENTOR):
        raise DomainError(_("A pair is a mentee and a mentor of the same session."))
    must_not_be_leaving(cycle)
    if kind == PairDecision.Kind.KEEP:
        must_be_possible(Waiting.of(cycle), cycle, mentee, mentor)
        _must_be_the_only_one(cycle, mentee, mentor, aspect)
    decision, _new = PairDecision.objects.update_or_create(
        cycle=cycle,
        mentee=mentee,
        mentor=mentor,
        defaults={
            "kind": kind,
            "aspect": aspect,
            "reason": reason.strip(),
            "decided_by": by,
            "created_at": clock.now(),
        },
    )
    audit.record("pair.decided", subject=decision, actor=by, kind=kind)
    return decision


def _must_be_the_only_one(cycle: Cycle, mentee: Enrollment, mentor: Enrollment, aspect: str) -> None:
    """DomainError if another pair is kept for the same thing."""
    kept = cycle.pair_decisions.filter(mentee=mentee, kind=PairDecision.Kind.KEEP, aspect=aspect)
    if aspect and (other := kept.exclude(mentor=mentor).select_related("mentor__person").first()):
        said = _("You keep %(mentor)s for %(what)s with %(mentee)s already. Take that back first.")
        names = {"mentor": other.mentor.person.name, "mentee": mentee.person.name}
        raise DomainError(said % {**names, "what": aspect})


def must_be_possible(waiting: Waiting, cycle: Cycle, mentee: Enrollment, mentor: Enrollment) -> None:
    """DomainError, with the reason, if two people may not be a pair or have no place left beside the pairs kept."""
    pair = (key_of(mentee.person), key_of(mentor.person))
    for side, who in enumerate((mentee, mentor)):
        kept = sum(other[side] == pair[side] for other in waiting.keep if other[:2] != pair)
        if kept >= waiting.left.get(who.pk, 0):
            raise DomainError(_("%(name)s has no place left for this pair.") % {"name": who.person.name})
    # The later word counts, so an earlier “never” of staff is no reason.
    known = Known(asked=waiting.asked)
    rows = rows_of(cycle.settings, [waiting.participant(mentee)])
    scores = Scores(rows, [waiting.participant(mentor)], cycle.settings.matching, known)
    if rules := min((scores.forbidden_by(row, 0) for row in range(len(rows))), key=len):
        why = "; ".join(_(RULES[rule]) for rule in rules)
        raise DomainError(_("This pair cannot be: %(why)s.") % {"why": why})


@transaction.atomic
def forget_decision(*, decision: PairDecision, by: Person) -> None:
    """Take staff's word on a pair back."""
    must_not_be_leaving(locked_cycle(decision.cycle))
    audit.record("pair.decision_forgotten", subject=decision, actor=by, kind=decision.kind)
    decision.delete()

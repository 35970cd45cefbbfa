"""Questions about drafts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from matching.models import MatchRun, PairDecision, SuggestedPair
from matching.waiting import MATCHABLE
from programs.enrollment.models import Enrollment, Role
from programs.mentorships.models import Participation
from programs.mentorships.room import places_left
from programs.mentorships.selectors import STANDING
from programs.policy.models import Cycle
from programs.wishing.selectors import wishes_in
from tenants.audit.models import Entry

# Possible pairs up to which a suggestion is made while one waits, about three seconds.
AT_ONCE = 300 * 300
# People up to whom groups are suggested while one waits.
GROUPED_AT_ONCE = 40


def draft_of(cycle: Cycle) -> MatchRun | None:
    """The draft that staff look at, if there is one."""
    return cycle.match_runs.select_related("version", "cycle__version", "created_by").filter(state="draft").first()


def latest_published(cycle: Cycle) -> MatchRun | None:
    """What was published last."""
    published = cycle.match_runs.filter(state=MatchRun.State.PUBLISHED)
    return published.select_related("published_by").order_by("-published_at").first()


def draft_before(run: MatchRun) -> MatchRun | None:
    """The draft that this one replaced; None if it is the first since pairs were published."""
    before = run.cycle.match_runs.filter(created_at__lt=run.created_at).order_by("-created_at", "-id").first()
    return before if before and before.state == MatchRun.State.REPLACED else None


def new_pairs(run: MatchRun, before: MatchRun) -> QuerySet[SuggestedPair]:
    """The pairs that the draft before did not have, or had for something else."""
    same = before.pairs.filter(mentee=OuterRef("mentee"), mentor=OuterRef("mentor"), aspect=OuterRef("aspect"))
    return run.pairs.exclude(Exists(same))


def people_changed(run: MatchRun, cycle: Cycle) -> Sequence[Enrollment]:
    """Those in the draft's pairs who changed an answer since, left, or have too few places left."""
    wanted: Counter[UUID] = Counter()
    for pair in run.pairs.values_list("mentee_id", "mentor_id"):
        wanted.update(pair)
    people = list(Enrollment.objects.filter(pk__in=wanted).select_related("person"))
    left = places_left(cycle, people)
    return [
        each
        for each in people
        if each.state not in MATCHABLE or each.changed_at > run.created_at or left[each.pk] < wanted[each.pk]
    ]


def joined_since(run: MatchRun) -> int:
    """How many more can be matched now who were not there when the draft was made."""
    there = [person["enrollment"] for person in run.snapshot["people"]]
    ready = run.cycle.enrollments.filter(state=Enrollment.State.ELIGIBLE)
    others = list(ready.exclude(pk__in=there).select_related("person"))
    # Whose place is held, as by a question in the directory, waits for that answer.
    left = places_left(run.cycle, others) if others else {}
    return sum(left[each.pk] > 0 for each in others)


def wishes_changed(run: MatchRun) -> bool:
    """Whether anybody of the draft would like others now than when it was made; one query."""
    people = {each["enrollment"]: (each["key"], each["role"]) for each in run.snapshot["people"]}
    sides: dict[str, dict[str, list[str]]] = {"mentees": {}, "mentors": {}}
    for mine, others in wishes_in(run.cycle).items():
        if str(mine) in people:
            key, role = people[str(mine)]
            if named := [people[str(other)][0] for other in others if str(other) in people]:
                sides[f"{role}s"][key] = named
    before: dict[str, dict[str, list[str]]] = run.snapshot.get("wishes", {"mentees": {}, "mentors": {}})
    return sides != before


def contradicted(run: MatchRun) -> QuerySet[PairDecision]:
    """What staff said since that this draft does not do: pairs to keep that it lacks, and pairs never to be."""
    in_draft = Exists(run.pairs.filter(mentee=OuterRef("mentee"), mentor=OuterRef("mentor")))
    newer = PairDecision.objects.filter(cycle=run.cycle_id, created_at__gte=run.created_at)
    keep, never = Q(kind=PairDecision.Kind.KEEP), Q(kind=PairDecision.Kind.NEVER)
    return newer.filter((keep & ~in_draft) | (never & in_draft))


def decisions_of(cycle: Cycle) -> QuerySet[PairDecision]:
    """Staff's word on pairs, newest first."""
    return cycle.pair_decisions.select_related("mentee__person", "mentor__person", "decided_by").order_by(
        "-created_at", "-id"
    )


def kept_in(cycle: Cycle) -> set[tuple[UUID, UUID]]:
    """The (mentee, mentor) that staff keep in every draft."""
    kept = cycle.pair_decisions.filter(kind=PairDecision.Kind.KEEP)
    return set(kept.order_by().values_list("mentee_id", "mentor_id"))


def word_on(cycle: Cycle, mentee: UUID, mentor: UUID) -> str:
    """What staff say of a pair now; empty if nothing."""
    said = cycle.pair_decisions.filter(mentee=mentee, mentor=mentor)
    return said.values_list("kind", flat=True).first() or ""


def pairs_of(cycle: Cycle) -> QuerySet[SuggestedPair]:
    """Every pair that was ever suggested in a session, with its people and its draft."""
    pairs = SuggestedPair.objects.filter(run__cycle=cycle)
    return pairs.select_related("run__version", "run__cycle__version", "mentee__person", "mentor__person", "mentorship")


def answers_to(pairs: QuerySet[SuggestedPair]) -> dict[str, int]:
    """How many published pairs stand how, by the state of their mentorships."""
    counted = pairs.values_list("mentorship__state").annotate(count=Count("pk"))
    return dict(counted.order_by())


def was_cut(run: MatchRun) -> bool:
    """Whether pairs were taken out of a draft since, because there was room for fewer."""
    return Entry.objects.filter(verb="match.fewer", subject_id=str(run.pk)).exists()


def is_long(cycle: Cycle) -> bool:
    """Whether a suggestion takes longer than one waits for a page."""
    if cycle.settings.in_groups:
        return cycle.enrollments.filter(state=Enrollment.State.ELIGIBLE).count() > GROUPED_AT_ONCE
    return possible_pairs(cycle) > AT_ONCE


def possible_pairs(cycle: Cycle) -> int:
    """How many pairs a suggestion would look at, nearly: mentees times mentors who can take part."""
    roles = Counter(cycle.enrollments.filter(state__in=MATCHABLE).values_list("role", flat=True))
    return roles[Role.MENTEE] * roles[Role.MENTOR]


def waiting_in(cycle: Cycle) -> dict[str, int]:
    """How many can take part, and have nobody and nobody asked, by role."""
    standing = Participation.objects.filter(enrollment=OuterRef("pk"), mentorship__state__in=STANDING)
    waiting = cycle.enrollments.filter(~Exists(standing), state=Enrollment.State.ELIGIBLE)
    counted = Counter(waiting.values_list("role", flat=True))
    return {role.value: counted[role] for role in Role}

"""After publishing: a pair is added, ended, or given another mentor, and the run stays as it was published."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.criteria.aspects import aspect_of
from matching.criteria.columns import fold, folded
from matching.locking import locked_cycle
from matching.models import SuggestedPair
from matching.publishing.checks import hold
from matching.publishing.models import Change
from matching.publishing.proposals import proposal_of
from matching.publishing.selectors import must_not_be_leaving, published_last
from matching.services import must_be_possible, seed_of
from matching.solving.facts import pair_facts
from matching.solving.part import solve_pool
from matching.waiting import Waiting, pool_of_people
from programs.enrollment.answers import key_of
from programs.enrollment.models import Enrollment
from programs.mentorships.ending import end_mentorship
from programs.mentorships.models import Mentorship
from programs.mentorships.selectors import OPEN, STANDING
from programs.mentorships.services import mentor_and_mentee, propose, this_day
from programs.mentorships.taking_back import take_back
from programs.policy.models import Cycle
from tenants import allowance, audit, outbox
from tenants.allowance import Thing
from tenants.people.models import Person

Kind = Change.Kind


@transaction.atomic
def add_pair(*, cycle: Cycle, mentee: Enrollment, mentor: Enrollment, reason: str, by: Person | None) -> Change:
    """Ask two people about each other who are in no draft. DomainError if they may not be, without a
    reason, or if there is no room for one more.
    """
    cycle = _open(cycle, reason)
    allowance.require_here(Thing.PUBLISH, pairs=1)
    pair = _begin(cycle, mentee, mentor, by)
    return _write_down(cycle, Kind.ADDED, reason, by, pair=pair)


@transaction.atomic
def end_pair(*, mentorship: Mentorship, reason: str, by: Person | None, words: str = "") -> Change:
    """End a pair, or take the question back while it is open; both who know of it are written to, never the reason.

    words: a few of staff's own in the mails. DomainError if it has ended already, or without a reason.
    """
    cycle = _open(Cycle(pk=mentorship.cycle_id), reason)
    ended = _end(mentorship, reason, by, words)
    return _write_down(cycle, Kind.ENDED, reason, by, before=ended)


@transaction.atomic
def change_pair(
    *, mentorship: Mentorship, mentor: Enrollment, reason: str, by: Person | None, words: str = ""
) -> Change:
    """Another mentor for somebody: the pair that was ends, and the new one is asked about. All of it or nothing."""
    cycle = _open(Cycle(pk=mentorship.cycle_id), reason)
    mentee = mentor_and_mentee(mentorship)[1].enrollment
    ended = _end(mentorship, reason, by, words)
    again = Enrollment.objects.select_related("person").get(pk=mentee.pk)
    pair = _begin(cycle, again, mentor, by, what=mentorship.aspects)
    return _write_down(cycle, Kind.CHANGED, reason, by, pair=pair, before=ended)


def _open(cycle: Cycle, reason: str) -> Cycle:
    """The session, held; DomainError where no published pair can be changed now."""
    locked = locked_cycle(cycle)
    if locked.state != Cycle.State.RUNNING or locked.settings.in_groups:
        raise DomainError(_("Pairs are changed one by one once they are published, as long as the session runs."))
    must_not_be_leaving(locked)
    if not reason.strip():
        raise DomainError(_("Write down why, so that a colleague understands it next year."), field="reason")
    return locked


def _begin(
    cycle: Cycle, mentee: Enrollment, mentor: Enrollment, by: Person | None, *, what: Sequence[str] = ()
) -> SuggestedPair:
    """Propose two people to each other, with what their answers say of them; for what the mentor before was for."""
    hold([mentee.pk, mentor.pk])
    waiting = Waiting.of(cycle)
    must_be_possible(waiting, cycle, mentee, mentor)
    pair = suited(cycle, waiting, mentee, mentor, what=what)
    pair.mentorship = propose(cycle=cycle, proposal=proposal_of(pair), by=by)
    return pair


def suited(
    cycle: Cycle, waiting: Waiting, mentee: Enrollment, mentor: Enrollment, *, what: Sequence[str] = ()
) -> SuggestedPair:
    """How well two people suit each other, as a suggested pair of no draft; what: what for, if the mentor offers it."""
    pool = pool_of_people([waiting.participant(mentee), waiting.participant(mentor)])
    both = (key_of(mentee.person), key_of(mentor.person))
    offered = [each for each in what if fold(each) in folded(pool.mentors[0].aspects)]
    solved = solve_pool(cycle.settings, pool, seed=seed_of(cycle), keep=[(*both, *offered[:1])])
    ((pair, facts),) = pair_facts(solved)
    what = aspect_of(solved.rows[pair.mentee])
    return SuggestedPair(mentee=mentee, mentor=mentor, aspect=what, score=pair.score, facts=facts)


def _end(mentorship: Mentorship, reason: str, by: Person | None, words: str) -> Mentorship:
    now = Mentorship.objects.get(pk=mentorship.pk)
    if now.state not in STANDING:
        raise DomainError(_("This pair has ended already."))
    if now.state in OPEN:
        return take_back(mentorship=now, by=by)
    ended = end_mentorship(mentorship=now, by=by, reason=reason)
    _tell_ended(ended, words)
    return ended


def _tell_ended(mentorship: Mentorship, words: str) -> None:
    """Tell both that their mentorship has ended, how it goes on, and never why."""
    both = mentor_and_mentee(mentorship)
    program = mentorship.cycle.program
    for mine, other in (both, both[::-1]):
        context = {
            "me": mine.person,
            "other": other.person,
            "program": program,
            "i_am_mentee": mine.role == "mentee",
            "words": words.strip(),
            "has_begun": this_day() >= mentorship.cycle.starts_on,
        }
        outbox.mail("pair_ended", to=mine.person, context=context, reply_to=program.contact)


def _write_down(
    cycle: Cycle,
    kind: Change.Kind,
    reason: str,
    by: Person | None,
    *,
    pair: SuggestedPair | None = None,
    before: Mentorship | None = None,
) -> Change:
    change = Change.objects.create(
        cycle=cycle,
        run=published_last(cycle),
        kind=kind,
        mentorship=pair.mentorship if pair else None,
        before=before,
        score=pair.score if pair else None,
        facts=pair.facts if pair else {},
        reason=reason.strip()[:200],
        by=by,
        at=clock.now(),
    )
    audit.record("pair.changed", subject=change, actor=by, kind=kind)
    return change

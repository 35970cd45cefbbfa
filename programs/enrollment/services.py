"""Signing up, deciding who may take part, and leaving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment import many, pairs, waiting
from programs.enrollment.answers import participant_of
from programs.enrollment.models import Enrollment, SheetImport
from programs.enrollment.working import Notice
from programs.policy.models import Cycle
from programs.policy.rules import Answer, decide
from tenants import audit, outbox
from tenants import context as doors
from tenants.people.models import Person

State = Enrollment.State
AFTER = {Answer.YES: State.ELIGIBLE, Answer.NO: State.NOT_ELIGIBLE, Answer.UNKNOWN: State.TO_CHECK}
# States that the rules alone decide; later ones are somebody's doing and stay.
BY_RULES = (State.APPLIED, State.ELIGIBLE, State.TO_CHECK, State.NOT_ELIGIBLE, State.WAITLISTED)
# Marks a decision on somebody who was not refused before the settings changed: the rules alone never turn them away.
WAS_ELIGIBLE = "was_eligible"
# What stays with a decision when the rules are asked again.
KEPT = ("by_hand", WAS_ELIGIBLE, "asked_to_join", "moved_up")
# Rows that one statement changes.
AT_ONCE = 500
TAKES_SIGN_UPS = (Cycle.State.RECRUITING, Cycle.State.MATCHING)


@transaction.atomic
def sign_up(
    *,
    cycle: Cycle,
    person: Person,
    role: str,
    answers: Mapping[str, Any],
    by: Person | None,
    at: datetime | None = None,
    source: SheetImport | None = None,
    confirms: bool = False,
) -> Enrollment:
    """Sign somebody up, or change what they answered before; the rules decide at once, with their reasons.

    Signing up again after leaving begins anew. With `confirms` whoever signs up is written to, and whoever changes
    answers is not. DomainError if the session takes no sign-ups, or is full and keeps no
    waiting list.
    """
    check_takes_sign_ups(cycle)
    waiting.hold(cycle)
    now = clock.now()
    enrollment, new = Enrollment.objects.select_for_update().get_or_create(
        cycle=cycle,
        person=person,
        role=role,
        defaults={"answers": dict(answers), "signed_up_at": at or now, "changed_at": now, "source": source},
    )
    begins = new or enrollment.state == State.WITHDRAWN
    if by == person and begins:
        waiting.check_has_room(cycle, role)
    if not new:
        enrollment.answers, enrollment.changed_at = dict(answers), now
        if begins:
            enrollment.state, enrollment.signed_up_at = State.APPLIED, at or now
            enrollment.decided_by, enrollment.decision = None, {}
        enrollment.save(update_fields=["answers", "changed_at", "state", "signed_up_at", "decided_by", "decision"])
    audit.record("sign_up.made" if new else "sign_up.changed", subject=enrollment, actor=by, role=role)
    apply_rules(enrollment=enrollment)
    if begins and confirms:
        _confirm(enrollment)
    return enrollment


def why_no_sign_ups(cycle: Cycle) -> str:
    """Why nobody can be signed up to a session in its present state, not even by staff; empty where they can."""
    if cycle.state in TAKES_SIGN_UPS or _is_rolling(cycle):
        return ""
    if cycle.state == Cycle.State.CLOSED:
        return _("%(session)s is finished, so nobody can sign up to it.") % {"session": cycle.name}
    return _("Sign-up for %(session)s is not open.") % {"session": cycle.name}


def check_takes_sign_ups(cycle: Cycle) -> None:
    """DomainError if nobody can be signed up to a session in its present state."""
    if refused := why_no_sign_ups(cycle):
        raise DomainError(refused)


def _is_rolling(cycle: Cycle) -> bool:
    return cycle.state == Cycle.State.RUNNING and cycle.version.policy.calendar.rolling


def apply_rules(*, enrollment: Enrollment) -> Enrollment:
    """Decide by the program's rules, counted on the session's first day, and keep the reasons.

    What a member of staff decided stands, whatever the rules say now. Nothing is written where nothing changed.
    """
    if settle(enrollment):
        enrollment.save(update_fields=["decision", "decided_at", "state"])
        give_places(enrollment)
    return enrollment


def give_places(enrollment: Enrollment) -> None:
    """Let the waiting list go on after a sign-up changed, and read where that one stands now."""
    waiting.fill(enrollment.cycle)
    if enrollment.state == State.WAITLISTED:
        enrollment.refresh_from_db(fields=["state", "waiting_since"])


def settle(enrollment: Enrollment) -> bool:
    """Let the rules decide about a sign-up that somebody else will save; whether anything changed.

    Where places are limited, whoever comes to be able to take part goes through the waiting list, which the caller has
    go on by `waiting.fill` once all is saved.
    """
    rule = enrollment.cycle.settings.eligible.get(enrollment.role)
    decision = decide(rule, participant_of(enrollment), enrollment.cycle.starts_on)
    by_hand, was_eligible = enrollment.decision.get("by_hand"), enrollment.decision.get(WAS_ELIGIBLE)
    said = decision.as_data() | {name: value for name in KEPT if (value := enrollment.decision.get(name))}
    state = enrollment.state
    if state in BY_RULES and enrollment.decided_by_id is None and not by_hand:
        refused_late = decision.answer is Answer.NO and was_eligible
        state = State.TO_CHECK if refused_late else _after(enrollment, decision.answer)
        state = through_the_list(enrollment, state)
    if (said, state) == (enrollment.decision, enrollment.state):
        return False
    enrollment.decision, enrollment.state = said, state
    enrollment.decided_at = enrollment.decided_at if by_hand else clock.now()
    return True


def _after(enrollment: Enrollment, answer: Answer) -> Enrollment.State:
    """Where an answer leads. Where people apply a yes waits for staff, who chose whom their own sheet brought."""
    after = AFTER[answer]
    chosen = enrollment.state in (State.ELIGIBLE, State.WAITLISTED) or enrollment.source_id is not None
    waits = after == State.ELIGIBLE and not chosen and is_by_application(enrollment)
    return State.APPLIED if waits else after


def through_the_list(enrollment: Enrollment, after: Enrollment.State) -> Enrollment.State:
    """Whoever has no place yet stands on the list first; without a limit only who stands there already."""
    listed = enrollment.state == State.WAITLISTED or waiting.most(enrollment.cycle) is not None
    new = after == State.ELIGIBLE and enrollment.state != State.ELIGIBLE
    return State.WAITLISTED if new and listed else after


def is_by_application(enrollment: Enrollment) -> bool:
    """Whether staff look at each sign-up to this role before anybody takes part."""
    return enrollment.cycle.settings.way_in(enrollment.role) == "apply"


@transaction.atomic
def apply_rules_again(*, cycle: Cycle, notice: Notice | None = None) -> int:
    """Decide about everybody anew, after facts changed; returns how many came out differently."""
    waiting.hold(cycle)
    everybody = list(cycle.enrollments.select_for_update(of=["self"]).select_related("person"))
    changed = 0
    for start in range(0, len(everybody), AT_ONCE):
        some = everybody[start : start + AT_ONCE]
        for enrollment in some:
            enrollment.cycle = cycle
        before = [enrollment.state for enrollment in some]
        write_decisions([enrollment for enrollment in some if settle(enrollment)])
        changed += sum(enrollment.state != state for enrollment, state in zip(some, before, strict=True))
        if notice:
            notice(start + len(some), len(everybody))
    waiting.fill(cycle)
    return changed


def write_decisions(settled: Sequence[Enrollment]) -> None:
    """Write what `settle` decided of very many."""
    many.write(settled, ["decision", "decided_at", "state"])


def hold_sessions_of(*people: UUID) -> None:
    """Hold the sessions to which these people are signed up and in which rules still decide."""
    theirs = Enrollment.objects.filter(person__in=people).order_by().values("cycle")
    waiting.hold(*Cycle.objects.filter(pk__in=theirs, state__in=TAKES_SIGN_UPS).select_related("version"))


def decide_again(person: Person) -> None:
    """Decide anew about everything somebody signed up to; whoever calls holds these sessions."""
    theirs = person.enrollments.filter(cycle__state__in=TAKES_SIGN_UPS).select_for_update(of=["self"])
    for enrollment in theirs.select_related("cycle__version", "cycle__program"):
        enrollment.person = person
        apply_rules(enrollment=enrollment)


@transaction.atomic
def apply_rules_everywhere() -> int:
    """Decide anew in every session that still takes sign-ups or is being matched; returns how many changed."""
    cycles = Cycle.objects.filter(state__in=TAKES_SIGN_UPS).select_related("version")
    return sum(apply_rules_again(cycle=cycle) for cycle in cycles)


@transaction.atomic
def decide_by_hand(*, enrollment: Enrollment, accept: bool, reason: str, by: Person) -> Enrollment:
    """Let somebody take part, or not, whatever the rules say; DomainError without a reason or after matching.

    Where all places are taken, whoever may take part waits for one; `waiting.move_up` is another decision.
    """
    locked = _locked(enrollment)
    if not reason.strip():
        raise DomainError(_("Write down why, so that a colleague understands it next year."))
    if locked.state not in BY_RULES:
        raise DomainError(_("%(name)s is “%(state)s”, so there is nothing to decide.") % _words_for(locked))
    locked.state = through_the_list(locked, State.ELIGIBLE) if accept else State.NOT_ELIGIBLE
    locked.decided_by, locked.decided_at = by, clock.now()
    locked.decision = {**locked.decision, "by_hand": {"accept": accept, "reason": reason.strip()}}
    locked.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    audit.record("sign_up.decided_by_hand", subject=locked, actor=by, accept=accept)
    give_places(locked)
    if is_by_application(locked):
        program = locked.cycle.program
        context = {"enrollment": locked, "program": program, "accept": accept, "link": _page_of(locked)}
        outbox.mail("sign_up_decided", to=locked.person, context=context, reply_to=program.contact)
    return locked


@transaction.atomic
def withdraw(*, enrollment: Enrollment, by: Person) -> Enrollment:
    """Take a sign-up back, and give its place to whoever waits; doing it twice changes nothing.

    What is asked about it meanwhile is taken back too, in the same words to its owner whether they knew of it or not.
    DomainError once somebody was introduced, also while they pause.
    """
    waiting.hold_session(enrollment.cycle_id)
    pairs.hold(enrollment)
    locked = _locked(enrollment)
    if locked.state == State.WITHDRAWN:
        return locked
    if locked.state == State.FINISHED or (pairs.is_found(locked) and not pairs.may_leave(locked)):
        raise DomainError(
            _("You have been matched. If it isn’t working, say so on the page of your mentorship, or write to us.")
        )
    pairs.take_back(locked, by=by)
    locked.state, locked.changed_at = State.WITHDRAWN, clock.now()
    locked.before_pause, locked.paused_until, locked.waiting_since = "", None, None
    locked.save(update_fields=["state", "changed_at", "before_pause", "paused_until", "waiting_since"])
    audit.record("sign_up.withdrawn", subject=locked, actor=by)
    waiting.fill(locked.cycle)
    return locked


def _confirm(enrollment: Enrollment) -> None:
    """Write to somebody that they have signed up, and what comes; not where nothing comes."""
    if enrollment.state == State.NOT_ELIGIBLE:
        return
    society, cycle = doors.current(), enrollment.cycle
    assert society is not None, "A sign-up belongs to a society."
    today = clock.today(society.zone)
    days = {"closes": cycle.sign_up_closes_on, "publishes": cycle.publish_on, "starts": cycle.starts_on}
    ahead = {name: day for name, day in days.items() if day is not None and day >= today}
    about = {"enrollment": enrollment, "cycle": cycle, "program": cycle.program, "link": _page_of(enrollment)}
    waits = enrollment.state == State.WAITLISTED
    outbox.mail(
        "signed_up", to=enrollment.person, context=about | ahead | {"waits": waits}, reply_to=cycle.program.contact
    )


def _page_of(enrollment: Enrollment) -> str:
    society = doors.current()
    assert society is not None, "A sign-up belongs to a society."
    return society.url(reverse("enrollment:signed_up", args=[enrollment.cycle_id, enrollment.role]))


def _locked(enrollment: Enrollment) -> Enrollment:
    waiting.hold(enrollment.cycle)
    there = Enrollment.objects.select_for_update(of=["self"]).select_related("person", "cycle__version")
    return there.select_related("cycle__program").get(pk=enrollment.pk)


def _words_for(enrollment: Enrollment) -> dict[str, str]:
    return {"name": enrollment.person.name, "state": enrollment.get_state_display()}

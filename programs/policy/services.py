"""Starting programs, changing their settings, and running their sessions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from chiron.design import logos
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.policy.document import Policy, diff, policy_hash, store_policy
from programs.policy.models import Cycle, PartnerLogo, PolicyVersion, Program
from tenants import allowance, audit, context
from tenants.people.access import may
from tenants.people.models import Person, StaffRole

State = Cycle.State
# Where a session may go from each state. Matching may be opened again while nothing is published.
NEXT_STATES: dict[str, tuple[Cycle.State, ...]] = {
    State.DRAFT: (State.RECRUITING,),
    State.RECRUITING: (State.MATCHING,),
    State.MATCHING: (State.RECRUITING, State.RUNNING),
    State.RUNNING: (State.CLOSING,),
    State.CLOSING: (State.CLOSED,),
    State.CLOSED: (),
}
# Settings that decide about people are frozen from here on.
FROZEN = (State.RUNNING, State.CLOSING, State.CLOSED)

# What happens by itself at the days of a session is known above; whoever knows it plans it anew when these change.
Plan = Callable[[Cycle], None]
_plans: list[Plan] = []

# Days that people plan for: sessions that began lately may be entered later, and nobody plans a decade ahead.
A_YEAR, TEN_YEARS = timedelta(days=366), timedelta(days=3653)


def plans(plan: Plan) -> Plan:
    """Register who plans what happens by itself: called where a session's state or days change, with it."""
    _plans.append(plan)
    return plan


@transaction.atomic
def create_program(*, policy: Policy, contact: str = "", slug: str = "", by: Person | None) -> Program:
    """Start a program with its first settings; DomainError if its address is taken or none can be made."""
    slug = slug or slugify(policy.title)[:60].strip("-")
    if not slug:
        raise DomainError(_("The program's address is made from its name, so the name needs letters from A to Z."))
    if contact:  # what people agree to names it too
        policy = policy.model_copy(update={"contact": contact})
    try:
        with transaction.atomic():
            program = Program.objects.create(
                slug=slug, name=policy.title[:120], contact=policy.contact, created_at=clock.now()
            )
    except IntegrityError:
        raise DomainError(
            _("There is a program at “%(slug)s” already. Choose another name.") % {"slug": slug}
        ) from None
    audit.record("program.created", subject=program, actor=by)
    publish_version(program=program, policy=policy, by=by)
    return program


@transaction.atomic
def show_program(*, program: Program, by: Person | None) -> Program:
    """Let everybody see a program, though no session has opened yet. Showing it twice changes nothing."""
    return _show(program, by)


@transaction.atomic
def hide_program(*, program: Program, by: Person | None) -> Program:
    """Take a program that was shown too early off the list; DomainError once a session has opened: it never closes."""
    locked = Program.objects.select_for_update().get(pk=program.pk)
    if locked.shown_at is None:
        return locked
    if locked.cycles.exclude(state=State.DRAFT).exists():
        raise DomainError(
            _("A session of this program has opened, so its page stays. Between sessions it takes interest.")
        )
    locked.shown_at = None
    locked.save(update_fields=["shown_at"])
    audit.record("program.hidden", subject=locked, actor=by)
    return locked


def _show(program: Program, by: Person | None) -> Program:
    locked = Program.objects.select_for_update().get(pk=program.pk)
    if locked.shown_at is None:
        locked.shown_at = clock.now()
        locked.save(update_fields=["shown_at"])
        audit.record("program.shown", subject=locked, actor=by)
    return locked


class ChangedMeanwhile(DomainError):
    """Somebody kept other settings while these were being edited; `newest` is what is kept now."""

    def __init__(self, newest: PolicyVersion) -> None:
        self.newest = newest
        super().__init__(_("Somebody else changed the settings while you were editing. Nothing of yours is kept yet."))


@transaction.atomic
def publish_version(
    *, program: Program, policy: Policy, by: Person | None, note: str = "", after: int | None = None
) -> PolicyVersion:
    """Keep new settings as the program's next version, made from version `after`; the program takes its name from them.

    DomainError if nothing differs from the last version, or if a protected trait would decide and no owner says so;
    ChangedMeanwhile if there is a later version than the one that these were made from.
    """
    locked = Program.objects.select_for_update().get(pk=program.pk)
    last = program.versions.order_by("-number").first()
    digest = policy_hash(policy)
    if last is not None and after is not None and last.number != after:
        raise ChangedMeanwhile(last)
    if last is not None and last.digest == digest:
        raise DomainError(_("These settings are the same as before, so there is nothing to keep."))
    _owner_decides_on_traits(last.policy if last else None, policy, by)
    if last is not None and (locked.name, locked.contact) != (policy.title[:120], policy.contact):
        locked.name, locked.contact = policy.title[:120], policy.contact
        locked.save(update_fields=["name", "contact"])
    version = PolicyVersion.objects.create(
        program=program,
        number=last.number + 1 if last else 1,
        document=store_policy(policy),
        digest=digest,
        note=note,
        created_by=by,
        created_at=clock.now(),
    )
    changes = len(diff(last.policy, policy)) if last else 0
    audit.record("policy.published", subject=version, actor=by, number=version.number, changes=changes)
    return version


def _owner_decides_on_traits(before: Policy | None, after: Policy, by: Person | None) -> None:
    """Letting protected traits bear on who may take part is for the society's owner alone to decide."""
    decided = [part.decision_on_traits for part in before.parts] if before else []
    new = [part.decision_on_traits for part in after.parts if part.decision_on_traits not in (None, *decided)]
    if new and by is not None and not may(by, StaffRole.Kind.OWNER):
        raise DomainError(
            _("Only an owner of the society can decide that a protected trait bears on who may take part.")
        )


@transaction.atomic
def go_back_to(*, version: PolicyVersion, by: Person | None, after: int | None = None) -> PolicyVersion:
    """Keep earlier settings once more, as the newest; DomainError if they are the newest already.

    ChangedMeanwhile if there is a later version than `after`, which was seen as the newest.
    """
    society = context.current()
    kept_at = version.created_at.astimezone(society.zone if society else None)
    note = _("As on %(day)s") % {"day": date_format(kept_at, "F j, Y")}
    return publish_version(program=version.program, policy=version.policy, by=by, note=note, after=after)


@transaction.atomic
def keep_logo(*, content: bytes) -> str:
    """Keep a partner's logo and return its fingerprint, by which settings name it; DomainError if it is no picture."""
    picture = logos.prepare(content)
    digest = hashlib.sha256(picture).hexdigest()
    PartnerLogo.objects.get_or_create(digest=digest, defaults={"content": picture, "created_at": clock.now()})
    return digest


@transaction.atomic
def open_cycle(
    *, program: Program, part: str, starts_on: date, name: str = "", today: date, by: Person | None
) -> Cycle:
    """Prepare a session of a part under the program's newest settings, with the dates that its calendar proposes.

    DomainError if the program has no such part, or has a session of that name, or if the first day is too far away.
    """
    _must_be_near(starts_on, today)
    version = program.versions.order_by("-number").first()
    if version is None or part not in {each.name for each in version.policy.parts}:
        raise DomainError(_("%(program)s has no part “%(part)s”.") % {"program": program.name, "part": part})
    dates = version.policy.calendar.dates_from(starts_on)
    opens = dates.sign_up_opens or min(today, starts_on)
    closes = dates.sign_up_closes or (dates.ends if version.policy.calendar.rolling else starts_on)
    try:
        with transaction.atomic():
            cycle = Cycle.objects.create(
                program=program,
                version=version,
                part=part,
                name=name or date_format(starts_on, "F Y"),
                sign_up_opens_on=opens,
                sign_up_closes_on=closes,
                publish_on=dates.published or starts_on - timedelta(days=7),
                starts_on=starts_on,
                ends_on=dates.ends,
                created_at=clock.now(),
            )
    except IntegrityError:
        raise DomainError(_("There is a session of that name already. Give this one another.")) from None
    audit.record("cycle.opened", subject=cycle, actor=by, starts_on=starts_on.isoformat())
    return cycle


def _must_be_near(day: date, today: date) -> None:
    first, last = today - A_YEAR, today + TEN_YEARS
    if not first <= day <= last:
        raise DomainError(
            _("%(day)s is too far away: choose days from %(first)s to %(last)s.")
            % {"day": day.isoformat(), "first": date_format(first), "last": date_format(last)}
        )


@transaction.atomic
def change_state(*, cycle: Cycle, to: Cycle.State, by: Person | None) -> Cycle:
    """Move a session on; DomainError if it cannot go there from where it is, or may not be opened now. Asking twice
    changes nothing.

    With its first session a program becomes public, for good.
    """
    locked = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if locked.state == to:
        return locked
    if to not in NEXT_STATES[locked.state]:
        raise DomainError(
            _("This session is at “%(from)s”, from where it cannot go to “%(to)s”.")
            % {"from": locked.get_state_display(), "to": to.label}
        )
    if locked.state == State.DRAFT:
        allowance.require_here(allowance.Thing.OPEN_SESSION)
    before, locked.state = locked.state, to
    locked.save(update_fields=["state"])
    audit.record("cycle.state_changed", subject=locked, actor=by, before=before, after=to)
    if before == State.DRAFT:
        _show(locked.program, by)
    plan_anew(locked)
    return locked


@transaction.atomic
def move_dates(*, cycle: Cycle, by: Person | None, **days: date) -> Cycle:
    """Move a session's dates; DomainError if they would be the wrong way round or too far away."""
    locked = Cycle.objects.select_for_update().get(pk=cycle.pk)
    # Days that stay are not asked: a long session may have begun more than a year ago.
    moved = [day for name, day in days.items() if day != getattr(locked, name)]
    for name, day in days.items():
        setattr(locked, name, day)
    try:
        with transaction.atomic():
            locked.save(update_fields=list(days))
    except IntegrityError:
        raise DomainError(
            _("These dates are the wrong way round: sign-up opens, then closes; the session starts, then ends.")
        ) from None
    for day in moved:
        _must_be_near(day, clock.today())
    audit.record("cycle.dates_moved", subject=locked, actor=by, **{name: day.isoformat() for name, day in days.items()})
    plan_anew(locked)
    return locked


def plan_anew(cycle: Cycle) -> None:
    """Plan anew what happens by itself, after a session's state, days or settings changed."""
    for plan in _plans:
        plan(cycle)

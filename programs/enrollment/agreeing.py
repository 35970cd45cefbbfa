"""What has to be agreed to before anything of a program is shown or answered, and who still has to.

People who sign up by themselves agree at the end of their form. Those whom staff brought, and those whose program has
another text since, agree when they come for the first time; until then they see nothing of it but the texts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from programs.agreements.models import Agreed
from programs.agreements.selectors import digests_of
from programs.agreements.services import digest_of, write_down
from programs.enrollment import waiting
from programs.enrollment.drafts import agreements_of
from programs.enrollment.models import Enrollment
from programs.enrollment.services import apply_rules
from programs.policy.document import Agreement, Policy
from programs.policy.models import Cycle, Program
from programs.policy.words import ROLES_OF
from tenants.people.models import Person

State = Enrollment.State
# Who is out has nothing to agree to any more.
OUT = (State.WITHDRAWN, State.NOT_ELIGIBLE, State.FINISHED)

_planned: list[Callable[[Cycle], None]] = []


def remind_by(plan: Callable[[Cycle], None]) -> None:
    """Have a function plan when a session reminds those who have still to agree. Invitations lie above."""
    _planned.append(plan)


def plan_reminder(cycle: Cycle) -> None:
    """After a session was opened or its days were moved: plan anew when it reminds those who have still to agree."""
    for plan in _planned:
        plan(cycle)


@dataclass(frozen=True)
class Owed:
    """What somebody has not agreed to yet, for one sign-up."""

    enrollment: Enrollment
    agreements: Sequence[Agreement]

    @property
    def policy(self) -> Policy:
        return self.enrollment.cycle.version.policy

    def __bool__(self) -> bool:
        return bool(self.agreements)


def owed_for(enrollment: Enrollment) -> Owed:
    """What the owner of a sign-up has still to agree to."""
    cycle = enrollment.cycle
    is_over = enrollment.state in OUT or cycle.state == Cycle.State.CLOSED
    if is_over or not agreements_of(cycle.settings, enrollment.role):
        return Owed(enrollment, ())
    return _owed(enrollment, digests_of(cycle.program, [enrollment.person_id]))


def owed_of(program: Program, enrollments: Iterable[Enrollment]) -> list[Owed]:
    """What the owners of these sign-ups of a program have still to agree to, each one's own."""
    several = list(enrollments)
    said = digests_of(program, {enrollment.person_id for enrollment in several})
    return [_owed(enrollment, said) for enrollment in several]


def owed_by(person: Person) -> list[Enrollment]:
    """The sign-ups for which somebody has still to agree to something, newest first."""
    mine = Enrollment.objects.filter(person=person).select_related("cycle__program", "cycle__version")
    cycles = {enrollment.cycle_id: enrollment.cycle for enrollment in mine}
    return list(mine.filter(_owing(cycles.values())).order_by("-signed_up_at")) if cycles else []


def must_have_agreed(enrollment: Enrollment) -> None:
    """DomainError as long as the owner of a sign-up has something to agree to."""
    if owed_for(enrollment):
        raise DomainError(
            _("Read first what everybody in “%(program)s” agrees to, and agree. Your home page leads there.")
            % {"program": enrollment.cycle.program.name}
        )


@transaction.atomic
def agree(*, enrollment: Enrollment, agreed: Sequence[Agreement]) -> None:
    """Write down what the owner of a sign-up agreed to; the rules decide anew where they attested something.

    Doing it twice changes nothing. DomainError if anything is left open.
    """
    waiting.hold(enrollment.cycle)
    locked = Enrollment.objects.select_for_update(of=["self"]).get(pk=enrollment.pk)
    locked.person, locked.cycle = enrollment.person, enrollment.cycle
    owed = owed_for(locked)
    if missing := [each for each in owed.agreements if each not in agreed]:
        raise DomainError(
            _("You have not agreed to this yet: %(title)s") % {"title": missing[0].title or _("We agree")}
        )
    write_down(
        person=locked.person,
        cycle=locked.cycle,
        role=locked.role,
        agreements=owed.agreements,
        how=Agreed.How.FIRST_VISIT,
    )
    if any(each.attests_values for each in owed.agreements):
        locked.answers = {**locked.answers, "attests": True}
        locked.save(update_fields=["answers"])
        apply_rules(enrollment=locked)


def open_cycles(program: Program) -> QuerySet[Cycle]:
    """The sessions of a program in which something may still have to be agreed to."""
    return program.cycles.exclude(state=Cycle.State.CLOSED).select_related("program", "version")


def still_to_agree(cycles: Iterable[Cycle]) -> QuerySet[Enrollment]:
    """Sign-ups to these sessions whose owners have still to agree to something, in the order of names."""
    found = Enrollment.objects.filter(_owing(cycles)).select_related("person", "cycle__program", "cycle__version")
    return found.order_by("person__family_name", "person__given_name", "pk")


def _owed(enrollment: Enrollment, said: Mapping[UUID, Collection[str]]) -> Owed:
    cycle, digests = enrollment.cycle, said.get(enrollment.person_id, ())
    wanted = agreements_of(cycle.settings, enrollment.role)
    return Owed(enrollment, [each for each in wanted if digest_of(each, cycle.version.policy) not in digests])


def _owing(cycles: Iterable[Cycle]) -> Q:
    """Sign-ups to which something is missing of what their session asks of their role."""
    found = Q(pk__in=[])
    for cycle in cycles:
        if cycle.state == Cycle.State.CLOSED:
            continue
        for role in ROLES_OF[cycle.settings.format]:
            missing = Q()
            for agreement in agreements_of(cycle.settings, role):
                digest = digest_of(agreement, cycle.version.policy)
                missing |= Q(~Exists(_said(cycle, digest)))
            if missing:
                found |= Q(cycle=cycle.pk, role=role) & missing
    return found & ~Q(state__in=OUT)


def _said(cycle: Cycle, digest: str) -> QuerySet[Agreed]:
    return Agreed.objects.filter(program=cycle.program_id, person=OuterRef("person_id"), digest=digest)

"""Beginning a rehearsal of a program."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.drafts import is_biosketch
from programs.enrollment.models import Enrollment
from programs.enrollment.services import decide_by_hand
from programs.enrollment.signing_up import send_sign_up, start_sign_up
from programs.policy.document import Part, Policy
from programs.policy.models import Cycle, Program
from programs.policy.services import change_state, create_program, move_dates, open_cycle
from programs.rehearsing.acting import plan_next_day
from programs.rehearsing.answering import fill
from programs.rehearsing.people import Invented, invented_for
from tenants import context, rehearsals
from tenants.models import Society
from tenants.people.access import may
from tenants.people.models import Person, StaffRole

# Long before a session: people sign up today.
SIGN_UP_LASTS = timedelta(days=14)
# An evening is not one of the things that a session matches people for.
NOT_IN_SESSIONS = ("speed", "flash")


def parts_to_rehearse(policy: Policy) -> list[Part]:
    """The parts that run in sessions."""
    return [part for part in policy.parts if part.format not in NOT_IN_SESSIONS]


@transaction.atomic
def begin_rehearsal(*, program: Program, part: str, society: Society, by: Person) -> Society:
    """A society of invented people in which one part of a program, as it is set now, opens for sign-up today.

    Everybody has signed up when this returns. One rehearsal for each member of staff: an earlier one ends.
    DomainError if the program has no such part, or if its rules let nobody in whom we can think of.
    """
    version = program.versions.first()
    if version is None or part not in {each.name for each in parts_to_rehearse(version.policy)}:
        raise DomainError(_("%(program)s has no such part that runs in sessions.") % {"program": program.name})
    policy = version.policy
    if earlier := rehearsals.of_person(society, by):
        rehearsals.end(rehearsal=earlier)
    rehearsal = rehearsals.begin(of=society, by=by, owner=may(by, StaffRole.Kind.OWNER))
    with context.society(rehearsal):
        cycle = _session(policy, program, part, clock.today(rehearsal.zone))
        people = list(invented_for(cycle.settings, cycle.starts_on, rehearsal.time_zone))
        if len({each.role for each in people}) < len(cycle.settings.roles):
            raise DomainError(_("We cannot think of anybody whom the rules of this program let in on both sides."))
        for number, invented in enumerate(people):
            sign_up(invented, cycle, Random(number))  # noqa: S311, the same people in each rehearsal
        plan_next_day()
    return rehearsal


@transaction.atomic
def let_in(*, cycle: Cycle, by: Person) -> int:
    """Let everybody take part who waits for a word of staff, as staff would one by one; returns how many."""
    waiting = list(who_waits_for_staff(cycle))
    for enrollment in waiting:
        decide_by_hand(enrollment=enrollment, accept=True, reason=_("It is a rehearsal."), by=by)
    return len(waiting)


def who_waits_for_staff(cycle: Cycle) -> QuerySet[Enrollment]:
    """Sign-ups that are read by staff first, or of which something is not known."""
    return cycle.enrollments.filter(state__in=(Enrollment.State.APPLIED, Enrollment.State.TO_CHECK))


def _session(policy: Policy, of: Program, part: str, today: date) -> Cycle:
    """The program as it is, and one session of it, open for sign-up from today."""
    program = create_program(policy=_without_pictures(policy), contact=of.contact, slug=of.slug, by=None)
    closes = today + SIGN_UP_LASTS
    cycle = open_cycle(program=program, part=part, starts_on=closes + timedelta(days=14), today=today, by=None)
    cycle = move_dates(
        cycle=cycle,
        by=None,
        sign_up_opens_on=today,
        sign_up_closes_on=closes,
        publish_on=closes + timedelta(days=7),
    )
    return change_state(cycle=cycle, to=Cycle.State.RECRUITING, by=None)


def _without_pictures(policy: Policy) -> Policy:
    """The same settings; partners' pictures lie with the society, so their names stand alone."""
    partners = tuple(partner.model_copy(update={"logo": None}) for partner in policy.partners)
    return policy.model_copy(update={"partners": partners})


def sign_up(invented: Invented, cycle: Cycle, random: Random) -> Enrollment:
    """Fill the whole form as somebody would, page by page, and send it."""
    person = invented.become_known()
    somebody = invented.on_the_form()
    draft = start_sign_up(person=person, cycle=cycle, role=invented.role, facts=invented.facts())
    today = clock.today()
    while (question := draft.next) is not None:
        if is_biosketch(question):  # left as it is drafted from their answers
            draft.response.answers[question.ask] = {}
            draft = replace(draft)
            continue
        form = draft.form(question, fill(draft.form(question), somebody, random, today))
        if not form.is_valid():
            raise DomainError(
                _("An invented person could not answer “%(question)s”: %(why)s")
                % {"question": form.title, "why": form.errors.as_text()}
            )
        draft.response.answers[question.ask] = form.answers()
        draft = replace(draft)  # which asks anew what is asked as things stand
    draft.response.save(update_fields=["answers"])
    return send_sign_up(draft=draft, agreed=draft.agreements)

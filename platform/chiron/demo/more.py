"""More programs of the demonstration: a directory with people in it and a circle, a council, a waiting list by lot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from chiron.demo.finished import finished_session, noon
from chiron.kernel import clock
from matching.council.ballots import open_ballot
from matching.council.seats import appoint
from matching.council.selectors import factors_of, seats_named
from matching.council.voting import vote_in_words
from matching.groups import suggest_groups
from matching.publishing.services import publish
from programs.enrollment.agreeing import agree, owed_for
from programs.enrollment.models import Enrollment, Role
from programs.enrollment.services import sign_up
from programs.mentorships.models import Mentorship
from programs.mentorships.requests import ask, show_in_directory
from programs.mentorships.services import Proposal, propose
from programs.mentorships.touch.saying import note_meeting
from programs.policy import templates
from programs.policy.document import restore_policy, store_policy
from programs.policy.models import Cycle, Program
from programs.policy.services import change_state, create_program, move_dates, open_cycle
from programs.renewing import asking, together
from programs.renewing.answering import (
    ask_me_next_time,
    change_something,
    come_again,
    go_on_with,
    not_this_time,
    to_agree,
)
from programs.renewing.models import Renewal
from programs.renewing.services import WAIT, prepare_next
from tenants import context
from tenants.people.models import Person, StaffRole

LEFT_TO_SIGN_UP, IN_A_MONTH = timedelta(days=21), timedelta(days=30)
# How long ago a session of six months began whose people are asked about the next one, when, and when its pairs met.
ALMOST_OVER, ASKED_AGAIN, MET = timedelta(days=165), timedelta(days=4), (9, 36, 68, 99, 133)
ESTABLISHED, BEGINNING = ("mid career", "late career", "retired"), ("resident", "early career", "fellow")
# What somebody answers, in turn: enough that people differ, and that nobody is ruled out.
HELP: Final = ("research", "leadership", "work and life", "first job", "teaching")
INTERESTS: Final = ("telehealth", "teaching", "writing", "public health")
TIMES: Final = ("weekday evenings", "weekends")
HARD: Final = ("burnout", "changing practice", "difficult colleagues", "parental leave")
# How five seats voted, in the order in which they are asked.
BALLOT: Final = timedelta(days=12)
VOTES: Final = (
    ("little", "some", "most", "little", "some", "none", "some"),
    ("some", "some", "most", "some", "little", "little", "little"),
    ("little", "most", "most", "none", "some", "none", "some"),
    ("none", "some", "most", "little", "most", "some", "none"),
    ("little", "most", "some", "none", "some", "none", "little"),
)


def directory_and_circle(manager: Person, today: date) -> Iterator[str]:
    """A program of several parts: in one people find each other, in another they meet in circles."""
    program = _program(manager, "Several Mentors", "primary-care")
    menu = _session(program, "A menu of mentors", manager, today)
    mentors = _join(menu, Role.MENTOR, _members(ESTABLISHED, 8), manager)
    mentees = _join(menu, Role.MENTEE, _members(BEGINNING, 8), manager)
    shown = [*mentors[:6], *mentees[:5]]
    for enrollment in shown:
        show_in_directory(enrollment=enrollment, shown=True)
    ask(mine=mentees[0], other=mentors[0], words=_("I would love to hear how you came to research."), talk_first=True)
    yield f"in the directory: {len(shown)}"
    circle = _session(program, "Peer circle", manager, today)
    _join(circle, Role.PEER, _members(("early career",), 12)[4:], manager)
    circle = change_state(cycle=circle, to=Cycle.State.MATCHING, by=manager)
    run = publish(run=suggest_groups(cycle=circle, by=manager), by=manager)
    yield f"circles: {run.groups.count()}"


def waiting_by_lot(manager: Person, today: date) -> Iterator[str]:
    """A program that takes three of each, and draws a lot among those who come later."""
    few = {"pairs": 3, "beyond": "waitlist", "order": "lot"}
    program = _program(manager, "Residents’ Mentoring", "one-to-one-mentoring", cap=few)
    cycle = _session(program, program.versions.get().policy.parts[0].name, manager, today)
    _join(cycle, Role.MENTOR, _members(ESTABLISHED, 3), manager)
    _join(cycle, Role.MENTEE, _members(BEGINNING, 9), manager)
    yield f"on a waiting list by lot: {cycle.enrollments.filter(state=Enrollment.State.WAITLISTED).count()}"


def comes_again(manager: Person, today: date) -> Iterator[str]:
    """A program whose session nears its end while the next one gathers its people; one pair goes on together."""
    program, starts = _program(manager, "Mentoring for New Members", "one-to-one-mentoring"), today - ALMOST_OVER
    part = program.versions.get().policy.parts[0].name
    with clock.moved_to(noon(starts - IN_A_MONTH)):
        last = open_cycle(program=program, part=part, starts_on=starts, today=starts - IN_A_MONTH, by=manager)
        last = change_state(cycle=last, to=Cycle.State.RECRUITING, by=manager)
        mentors = _join(last, Role.MENTOR, _members(ESTABLISHED, 20)[-5:], manager)
        mentees = _join(last, Role.MENTEE, _members(BEGINNING, 20)[-5:], manager)
        last = change_state(cycle=last, to=Cycle.State.MATCHING, by=manager)
        pairs = [_introduce(last, *both, manager) for both in zip(mentors, mentees, strict=True)]
        last = change_state(cycle=last, to=Cycle.State.RUNNING, by=manager)
    for pair in pairs:
        place = pair.participations.select_related("person").get(role=Role.MENTEE)
        for met_on in (starts + timedelta(days=days) for days in MET):
            with clock.moved_to(noon(met_on)):
                note_meeting(participation=place, met_on=met_on)
    with clock.moved_to(noon(today - ASKED_AGAIN)):
        renewal = prepare_next(last=last, by=manager, write=True)
    with clock.moved_to(noon(today - ASKED_AGAIN) + 2 * WAIT):
        asking.go_on(renewal=renewal)
    with clock.moved_to(noon(today - timedelta(days=2))):
        answered = _answer_again(renewal, pairs)
    yield f"asked whether they come again: {renewal.asked.count()}, answered: {answered}"


def _introduce(cycle: Cycle, mentor: Enrollment, mentee: Enrollment, manager: Person) -> Mentorship:
    proposal = Proposal(mentor=mentor, mentee=mentee, aspects=[], why_for_mentor=[], why_for_mentee=[])
    return propose(cycle=cycle, proposal=proposal, by=manager, first="nobody")


def _answer_again(renewal: Renewal, pairs: Sequence[Mentorship]) -> int:
    """The first two go on together, the others answer each in another way, and some have not answered yet."""
    asked = {each.person_id: each for each in renewal.asked.select_related("person", "renewal__coming__version")}
    both = [[asked[place.person_id] for place in each.participations.order_by("-role")] for each in pairs]
    for each in both[0]:
        go_on_with(asked=each, mentorship=pairs[0], agreed=to_agree(each).agreements)
    with clock.moved_by(together.WAIT):
        together.settle(mentorship=pairs[0])
    for each in (both[1][0], both[2][1]):
        come_again(asked=each, agreed=to_agree(each).agreements)
    not_this_time(asked=both[1][1])
    ask_me_next_time(asked=both[2][0])
    change_something(asked=both[3][0])
    return renewal.asked.exclude(answer="").count()


def council_at_work(manager: Person, today: date) -> Iterator[str]:
    """A program whose council votes on what matters: a seat is empty, most have voted, the committee's has not."""
    program = _program(manager, "Physician to Physician, Full Length", "physician-to-physician")
    cycle = _session(program, "One-to-one", manager, today)
    everybody = _members((*BEGINNING, *ESTABLISHED), 400)
    early = [person for person in everybody if person.stage == "early career" and _trained_lately(person, today)]
    mentors = [person for person in everybody if person.stage in ESTABLISHED][-14:]
    _join(cycle, Role.MENTEE, early[-14:], manager)
    _join(cycle, Role.MENTOR, mentors, manager)
    seated = [Person.objects.get(staff_roles__kind=StaffRole.Kind.COMMITTEE), *mentors[:3], *everybody[:4]]
    for seat, person in zip(seats_named(cycle), seated, strict=False):
        appoint(cycle=cycle, seat=seat, email=person.email, ends_on=cycle.ends_on, by=manager)
    ballot = open_ballot(cycle=cycle, closes_on=today + BALLOT, by=manager)
    voters = list(ballot.voters.exclude(person=seated[0]).select_related("seat", "person")[: len(VOTES)])
    for voter, levels in zip(voters, VOTES, strict=True):
        vote_in_words(voter=voter, levels=dict(zip(factors_of(ballot.part.matching), levels, strict=True)))
    yield f"have voted in the council: {len(voters)}"


def _trained_lately(person: Person, today: date) -> bool:
    """Whether somebody's training ended within the years in which the program takes them."""
    ended = str(person.roster.get("training_completed_on", ""))
    return (
        f"{today.year - 4}" <= ended[:4] and ended < today.isoformat() and person.roster.get("training_state") == "MA"
    )


# What each society has beside its own program.
MORE: Final[Mapping[str, Sequence[Callable[[Person, date], Iterator[str]]]]] = {
    "sierra": (finished_session,),
    "commonwealth": (directory_and_circle, council_at_work),
    "northstar": (comes_again, waiting_by_lot),
}


def _program(manager: Person, title: str, template: str, **first_part: object) -> Program:
    """A template under a name of the society's own, with other settings for its first part."""
    document = store_policy(templates.load(template))
    document["title"] = title
    document["parts"][0] |= first_part
    society = context.current()
    contact = society.contact_mail if society else ""
    return create_program(policy=restore_policy(document), contact=contact, by=manager)


def _session(program: Program, part: str, manager: Person, today: date) -> Cycle:
    """A session whose sign-up is open."""
    cycle = open_cycle(program=program, part=part, starts_on=today + IN_A_MONTH, today=today, by=manager)
    cycle = move_dates(
        cycle=cycle, by=manager, sign_up_opens_on=today - IN_A_MONTH, sign_up_closes_on=today + LEFT_TO_SIGN_UP
    )
    return change_state(cycle=cycle, to=Cycle.State.RECRUITING, by=manager)


def _members(stages: Sequence[str], count: int) -> list[Person]:
    """So many of the society's members who stand there."""
    members = Person.objects.filter(stage__in=stages, on_roster_since__isnull=False).exclude(email="")
    return list(members.order_by("family_name", "given_name", "pk")[:count])


def _join(cycle: Cycle, role: Role, people: Sequence[Person], manager: Person) -> list[Enrollment]:
    """Sign them up; all have been here and agreed. What others read of them follows what they answer here."""
    joined = []
    Person.objects.filter(pk__in=[person.pk for person in people]).update(biosketch="")
    for number, person in enumerate(people):
        answers = _answers(person, number) | ({"places": 1} if role == Role.MENTOR else {})
        enrollment = sign_up(cycle=cycle, person=person, role=role, answers=answers, by=manager)
        agree(enrollment=enrollment, agreed=owed_for(enrollment).agreements)
        joined.append(enrollment)
    return joined


def _answers(person: Person, number: int) -> dict[str, Any]:
    return {
        "stage": person.stage,
        "specialty": person.specialty,
        "languages": ["English"],
        "meeting_mode": "either",
        "aspects": [HELP[number % len(HELP)], HELP[(number + 2) % len(HELP)]],
        "interests": [INTERESTS[number % 2], INTERESTS[2 + number // 2 % 2]],
        "availability": list(TIMES[: 1 + number % 2]),
        "challenges": [HARD[number % len(HARD)], HARD[(number + number // 4 + 1) % len(HARD)]],
    }

"""A session of 22 pairs by a moved clock, mail by mail: from the invitations to the answers for the next session."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from uuid import uuid4

from django.test import Client

from matching.council import ballots, deciding, voting
from matching.council.counting import of_levels
from matching.council.models import Ballot
from matching.publishing import leaving, nexts
from matching.services import suggest_pairs
from programs.enrollment.models import Role
from programs.mentorships import leaving as parting
from programs.mentorships.concerns.reporting import report
from programs.mentorships.models import Mentorship, Participation, Question, Word
from programs.mentorships.services import answer_no, answer_yes, mentor_and_mentee
from programs.mentorships.touch.saying import note_meeting, say
from programs.outcomes.pdf import report_pdf
from programs.outcomes.quoting import release
from programs.outcomes.report import report_of
from programs.policy.models import Cycle, Interest
from programs.policy.services import change_state
from programs.renewing.links import link_together
from programs.renewing.models import GoingOn
from programs.renewing.services import prepare_next
from programs.surveys.models import Asked, Comment, Wave
from programs.surveys.waves import send_answers
from tenants.brands import brand_of
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person
from tests.renewing.making import asked, fresh, link_of, path
from tests.sessions.cast import (
    CONCERN,
    HERITAGE,
    MENTEES,
    MENTORS,
    OUTSIDE,
    ask_to_join,
    feedback,
    join,
    open_session,
)
from tests.sessions.days import Days, Letter
from tests.surveys.asking_many import sheet

State = Mentorship.State
# Every mail that left: on which day and at which hour, which, to whom, and how many.
MAILS = """
2027-01-06 09:10 invitation mentee 25
2027-01-06 09:10 invitation mentor 23
2027-01-09 18:00 signed_up mentor 23
2027-01-12 18:00 signed_up mentee 24
2027-01-18 18:10 council_asked seat 5
2027-01-29 09:00 council_reminder seat 1
2027-02-01 09:00 council_reminder seat 1
2027-02-02 00:00 council_closed jonah.whitfield 1
2027-02-03 18:00 council_decided seat 5
2027-02-22 09:30 mentorship_asked mentor 22
2027-02-22 09:30 publication_not_eligible mentee 1
2027-02-22 09:30 publication_not_needed mentor 1
2027-02-22 09:30 publication_waits mentee 2
2027-02-24 18:00 mentorship_asked mentee 20
2027-02-25 08:00 mentorship_asked mentor 1
2027-02-25 08:00 mentorship_introduced mentee 20
2027-02-25 08:00 mentorship_introduced mentor 20
2027-02-25 09:00 mentorship_reminder mentor 1
2027-02-26 18:00 mentorship_asked mentee 2
2027-02-27 18:00 mentorship_introduced mentee 2
2027-02-27 18:00 mentorship_introduced mentor 2
2027-03-31 09:00 mentorship_question mentee 14
2027-03-31 09:00 mentorship_question mentor 14
2027-04-14 09:00 mentorship_words mentee 4
2027-04-20 18:00 mentorship_ended mentor 1
2027-04-30 09:00 mentorship_question mentee 7
2027-04-30 09:00 mentorship_question mentor 7
2027-05-01 09:00 mentorship_goals mentee 3
2027-05-01 09:00 mentorship_goals mentor 3
2027-05-10 18:00 concern nina 1
2027-05-15 09:00 mentorship_quiet mentorship 3
2027-05-29 09:00 mentorship_change mentee 3
2027-05-29 09:00 mentorship_change mentor 3
2027-05-30 09:00 mentorship_question mentee 7
2027-05-30 09:00 mentorship_question mentor 7
2027-05-31 09:00 mentorship_question mentee 3
2027-05-31 09:00 mentorship_question mentor 3
2027-06-29 09:00 mentorship_question mentee 3
2027-06-29 09:00 mentorship_question mentor 3
2027-06-30 09:00 mentorship_question mentee 7
2027-06-30 09:00 mentorship_question mentor 7
2027-07-12 09:00 survey_asked mentee 22
2027-07-12 09:00 survey_asked mentor 44
2028-01-05 09:00 next_session mentee 24
2028-01-05 09:00 next_session mentor 23
2028-01-05 18:10 going_on_together mentee 1
2028-01-05 18:10 going_on_together mentor 1
2028-01-30 09:00 next_session_reminder mentee 18
2028-01-30 09:00 next_session_reminder mentor 17
"""
# Evenings on which somebody does something: every four weeks some meet, others answer on the day they are asked.
MEETINGS = ((3, 10), (4, 7), (5, 5), (6, 2), (6, 30))
ONE_ENDS, A_CONCERN = (4, 20), (5, 10)
EVENINGS = sorted({*MEETINGS, ONE_ENDS, A_CONCERN, (3, 31), (4, 30), (5, 30), (5, 31), (6, 29)})
NAME, WHICH = re.compile(r"(?:Mentor|Mentee|Seat)\d\d"), re.compile(r"\d*@.*")
# Mails before two are introduced, and to the coordinator.
NOT_OF_A_PAIR = ("mentorship_asked", "mentorship_reminder", "mentorship_quiet")
A_MONTH = timedelta(days=31)
# What a mentor wrote when they said no, and what was written for the program: no mail has either.
REASON, COMMENT = "I am moving away", "I learned much."


def test_twenty_two_pairs_from_january_to_the_next_session(commonwealth: Society) -> None:
    days = Days(commonwealth, 2027)
    with days.on(1, 5, 9):
        cycle, manager = open_session()
    sign_up(days, cycle, manager)
    vote(days, cycle, manager)
    publish(days, fresh(cycle), manager)
    answer(days, cycle, manager)
    keep_in_touch(days)
    answer_the_surveys(days)
    tell_the_board(days, cycle, manager)
    come_again(days, cycle, manager)
    assert by_hour(days.left) == MAILS.strip().splitlines()
    assert most_in_a_month(days.left) == 2
    assert [fault for letter in days.left for fault in what_is_not_theirs(letter)] == []


def sign_up(days: Days, cycle: Cycle, manager: Person) -> None:
    """Everybody is invited on one morning and signs up within days."""
    with days.on(1, 6, 9):
        for role, count in ((Role.MENTOR, MENTORS), (Role.MENTEE, MENTEES)):
            for number in range(count):
                ask_to_join(cycle, manager, role, number)
    for role, count, day in ((Role.MENTOR, MENTORS, 9), (Role.MENTEE, MENTEES, 12)):
        with days.on(1, day):
            for number in range(count):
                join(cycle, role, number)


def vote(days: Days, cycle: Cycle, manager: Person) -> None:
    """Five are asked, four vote, and what comes of it is adopted."""
    with days.on(1, 18) as now:
        ballots.open_ballot(cycle=cycle, closes_on=(now + timedelta(days=14)).date(), by=manager)
    with days.on(1, 20):
        ballot = Ballot.objects.select_related("version", "cycle").get()
        levels = {str(name): "some" for name in cycle.settings.matching.weights} | {"lived_my_challenge": "most"}
        voters = ballot.voters.select_related("seat", "person", "ballot__version").order_by("person__given_name")
        for voter in voters[:4]:
            voting.cast(voter=voter, percents=of_levels(levels))
    with days.on(2, 3):
        deciding.adopt(ballot=Ballot.objects.get(), by=manager)
    assert fresh(cycle).version.number == cycle.version.number + 1


def publish(days: Days, cycle: Cycle, manager: Person) -> None:
    """Pairs are suggested, and leave half an hour after the button."""
    with days.on(2, 8):
        change_state(cycle=cycle, to=Cycle.State.MATCHING, by=manager)
        run = suggest_pairs(cycle=fresh(cycle), by=manager)
    with days.on(2, 22, 9) as now:
        leaving.plan(run=run, asked_first="mentor", wanted_at=None, by=manager)
        leaving.publish_later(run=run, by=manager)
    days.pass_to(now + timedelta(minutes=29))
    assert not Mentorship.objects.exists(), "nothing begins while it can be stopped"
    days.pass_to(now + timedelta(minutes=31))
    assert Mentorship.objects.filter(state=State.PROPOSED).count() == 22


def answer(days: Days, cycle: Cycle, manager: Person) -> None:
    """One mentor says no and is asked about somebody who waits; one answers after a reminder; all others at once."""
    with days.on(2, 24):
        no, _late, *others = waiting(Role.MENTOR)
        answer_no(participation=no, reason=REASON)
        say_yes(others)
    with days.on(2, 25, 8):
        (found,) = cycle.next_best.all()
        assert found.mentor_id == no.enrollment_id
        nexts.send_next(next_best=found, by=manager)
        say_yes(waiting(Role.MENTEE))
    with days.on(2, 26):
        say_yes(waiting(Role.MENTOR))
    with days.on(2, 27):
        say_yes(waiting(Role.MENTEE))
    assert Counter(Mentorship.objects.values_list("state", flat=True)) == {State.ACTIVE: 22, State.DECLINED: 1}


def waiting(role: Role) -> list[Participation]:
    """Who is asked and has not answered, by name."""
    there = Participation.objects.filter(role=role, answer=Participation.Answer.WAITING)
    return list(there.select_related("mentorship__cycle__version", "person").order_by("person__given_name"))


def say_yes(places: list[Participation]) -> None:
    for each in places:
        answer_yes(participation=each)


def keep_in_touch(days: Days) -> None:
    """Eight pairs note their meetings unasked, seven answer when they are asked, three are asked less often and three
    are silent; one ends, and with one of the seven there is a concern.
    """
    there = Participation.objects.filter(role=Role.MENTOR, mentorship__state=State.ACTIVE)
    places = there.select_related("mentorship").order_by("person__given_name")
    pairs = [mentor_and_mentee(each.mentorship) for each in places]
    noting, telling, fine, ends, concerned = pairs[:8], pairs[8:14], pairs[14:17], pairs[20], pairs[21]
    answers = dict.fromkeys([mentee.mentorship_id for _mentor, mentee in [*telling, concerned]], Word.Said.MET)
    answers |= dict.fromkeys([mentee.mentorship_id for _mentor, mentee in fine], Word.Said.FINE)
    mentees = {mentee.mentorship_id: mentee for _mentor, mentee in pairs}
    for month, day in EVENINGS:
        with days.on(month, day) as evening:
            for mentor, _mentee in noting if (month, day) in MEETINGS else ():
                note_meeting(participation=mentor, met_on=evening.date())
            open_ones = Question.objects.filter(words=None, mentorship__in=answers)
            for pk in open_ones.values_list("mentorship", flat=True):
                say(participation=mentees[pk], said=answers[pk])
            if (month, day) == ONE_ENDS:
                parting.end(participation=ends[1], case=parting.Case.TIME, again=False)
            if (month, day) == A_CONCERN:
                report(participation=concerned[1], to=OUTSIDE, words=CONCERN, key=uuid4())


def answer_the_surveys(days: Days) -> None:
    """Three quarters of each side answer, and the two who ended. Nobody is asked again, as two mails went out."""
    for day, quarters in ((14, [-1, 0]), (24, [1, 2])):
        with days.on(7, day):
            for wave in Wave.objects.all():
                for role in (Role.MENTOR, Role.MENTEE):
                    for number, each in in_turn(wave, role):
                        if (number % 4 if number >= 0 else number) in quarters:
                            send_answers(asked=each, answers=answers_to(wave, number))


def in_turn(wave: Wave, role: Role) -> list[tuple[int, Asked]]:
    """Who was asked in a role, numbered by name; whose pair has ended, by chance the one or the other, as -1."""
    people = wave.people.filter(role=role).select_related("person", "wave__cycle", "wave__version")
    ended = Participation.objects.filter(mentorship__state=State.ENDED).values("person")
    going = people.exclude(person__in=ended).order_by("person__given_name")
    return [*((-1, each) for each in people.filter(person__in=ended)), *enumerate(going)]


def answers_to(wave: Wave, number: int) -> dict[str, dict[str, object]]:
    """One mentor and one mentee would not take part again; two of each write something."""
    if wave.name != "society experience":
        return feedback()
    return sheet("no" if number == 5 else "yes", COMMENT if number in (8, 9) else "", quote=number == 8)


def tell_the_board(days: Days, cycle: Cycle, manager: Person) -> None:
    """The survey has closed, and the page for the board says what came of it."""
    with days.on(8, 3):
        change_state(cycle=fresh(cycle), to=Cycle.State.CLOSING, by=manager)
        for comment in Comment.objects.filter(may_quote=True):
            release(comment=comment, part=comment.text, by=manager)
        page = report_of(fresh(cycle))
        assert [(figure.label, figure.said) for figure in page.figures] == [
            ("Signed up", "48"),
            ("Could take part", "47"),
            ("Matched", "44"),
            ("Met at least monthly", "15 of 22 pairs"),
            ("Answered at the end", "34 of 44"),
            ("Would take part again", "32 of 34"),
        ]
        assert page.quotes == [COMMENT] * 2
        assert report_pdf(page, brand_of(days.society)).startswith(b"%PDF")


def come_again(days: Days, cycle: Cycle, manager: Person) -> None:
    """Everybody is written to once sign-up opens, and says what they like by the links of that mail; a pair goes on."""
    with days.on(8, 10):
        coming = prepare_next(last=fresh(cycle), by=manager, write=True).coming
    days.year = 2028
    anybody = Client(headers={"host": days.society.host})
    with days.on(1, 5):
        written = {each.recipient_name: each for each in OutboxMail.objects.filter(template="next_session")}
        for number, said in enumerate(("again", "again", "change", "not_now", "later")):
            for role in ("Mentor", "Mentee"):
                link = link_of(written[f"{role}{number:02} Vega"], said, days.society)
                anybody.get(link)
                assert anybody.post(link, {"answer": said}).status_code == 302
        old = Participation.objects.get(person__given_name="Mentor05", mentorship__state=State.ACTIVE).mentorship
        both = list(old.participations.order_by("-role").values_list("person__given_name", flat=True))
        for name in both:
            wishes = path(link_together(asked(name), old), days.society)
            assert anybody.post(wishes, {"wish": "yes"}).status_code == 302
    with days.on(3, 1):
        signed_up = coming.enrollments.order_by("-role", "person__given_name")
        assert list(signed_up.values_list("person__given_name", "state")) == [
            ("Mentor00", "eligible"),
            ("Mentor01", "eligible"),
            ("Mentor05", "matched"),
            ("Mentee00", "eligible"),
            ("Mentee01", "eligible"),
            (both[1], "matched"),
        ]
        assert sorted(Interest.objects.values_list("given_name", flat=True)) == ["Mentee04", "Mentor04"]
        old.refresh_from_db()
        assert (old.state, GoingOn.objects.get(old=old).new.state) == (State.ENDED, State.ACTIVE)


def by_hour(left: list[Letter]) -> list[str]:
    """What left, by the minute."""
    lines = Counter(f"{each.at:%Y-%m-%d %H:%M} {each.template} {re.sub(WHICH, '', each.to)}" for each in left)
    return [f"{line} {count}" for line, count in sorted(lines.items())]


def most_in_a_month(left: list[Letter]) -> int:
    """How many mails about their pair anybody got in any 31 days, from the introduction on."""
    mails: dict[str, list[date]] = {}
    for each in left:
        if each.template.startswith("mentorship_") and each.template not in NOT_OF_A_PAIR:
            mails.setdefault(each.to, []).append(each.at.date())
    return max(sum(day <= other < day + A_MONTH for other in days) for days in mails.values() for day in days)


def what_is_not_theirs(letter: Letter) -> list[str]:
    """What a mail says that its reader must not know."""
    faults = [f"{letter.to} reads of {name}" for name in set(NAME.findall(letter.text)) - known_to(letter.to)]
    secrets = [HERITAGE, REASON, COMMENT, "points", *([] if letter.to == OUTSIDE.email else [CONCERN])]
    return faults + [f"{letter.to} reads {secret}" for secret in secrets if secret in letter.text]


def known_to(address: str) -> set[str]:
    """Whose names somebody may read: their own, and of whomever they were asked about or introduced to."""
    there = Participation.objects.all()
    if address == OUTSIDE.email:
        there = there.filter(mentorship__participations__person__given_name="Mentee21")
    elif not address.startswith("mentorship@"):
        there = there.filter(mentorship__participations__in=there.filter(person__email=address).exclude(asked_at=None))
    own = {address.partition("@")[0].capitalize()}
    return own | set(there.values_list("person__given_name", flat=True))

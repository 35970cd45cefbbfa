"""What one of the two answered about themselves is never told to the other, on no page and in no mail."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from matching.explaining.privacy import lines_of
from matching.models import MatchRun
from matching.publishing.previews import preview_of
from matching.publishing.services import publish
from matching.services import suggest_pairs
from matching.showing.rows import parts_of, rows_of
from programs.enrollment.models import Enrollment, Role
from programs.mentorships.links import link_for
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.services import answer_yes, mentor_and_mentee
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tests.desk.making import small_cycle
from tests.factories.staff import browser_of, make_staff
from tests.mentorships.making import proposed

Visitor = Callable[[str], Client]
HERITAGE = "Zembla"
PREFERENCE = "We took your preference into account."
# What each of the two answered, and the other must not read. Shared words that stand in a sentence are none of these.
PLANTED = {
    Role.MENTEE: {
        "gender": "gender-of-mentee",
        "heritage": HERITAGE,
        "prefers_shared": ["heritage"],
        "challenges": ["challenge-of-both", "challenge-of-mentee"],
        "employer": "Employer Of Mentee",
        "goals": ["goal-of-mentee"],
        "zip": "02139",
        "training_state": "Oz-of-mentee",
    },
    Role.MENTOR: {
        "gender": "gender-of-mentor",
        "heritage": HERITAGE,
        "challenges": ["challenge-of-both", "challenge-of-mentor"],
        "employer": "Employer Of Mentor",
        "zip": "94105",
        # Little else in common, so that the preference is among the reasons that are told.
        "aspects": ["writing"],
        "interests": ["sailing"],
        "specialty": "Psychiatry",
        "training_state": "Oz-of-mentor",
    },
}


@pytest.fixture
def both(commonwealth: Society) -> tuple[Participation, Participation]:
    """A published pair whose answers are planted, and whose preference was met."""
    cycle = small_cycle(society="commonwealth", mentors=1, mentees=1)
    for enrollment in cycle.enrollments.all():
        answers = enrollment.answers | PLANTED[Role(enrollment.role)]
        Enrollment.objects.filter(pk=enrollment.pk).update(answers=answers)
    run = suggest_pairs(cycle=cycle, by=None)
    facts = run.pairs.get().facts
    assert facts["points"]["my_own_preference"]["points"] == 1000, "the preference is met, or nothing is tested"
    assert PREFERENCE in facts["to_mentee"], "and it is told to its owner"
    publish(run=run, by=None)
    return mentor_and_mentee(Mentorship.objects.get())


def everything_read_by(place: Participation, visitor: Visitor, society: Society) -> str:
    """The page as it is now and every mail to this person, as text and as source."""
    link = "/" + link_for(place).split("/", 3)[3]
    pages = [visitor(society.host).get(address, follow=True) for address in (link, link + "not-this-one/")]
    assert {page.status_code for page in pages} == {200}
    mails = OutboxMail.objects.filter(recipient=place.person.email)
    assert mails.exists()
    return unescape("".join([page.content.decode() for page in pages] + [m.subject + m.text + m.html for m in mails]))


def test_neither_reads_what_the_other_answered(
    commonwealth: Society, both: tuple[Participation, Participation], visitor: Visitor
) -> None:
    mentor, mentee = both
    read = {Role.MENTOR: everything_read_by(mentor, visitor, commonwealth)}
    answer_yes(participation=mentor)
    read[Role.MENTOR] += everything_read_by(mentor, visitor, commonwealth)
    read[Role.MENTEE] = everything_read_by(mentee, visitor, commonwealth)
    answer_yes(participation=mentee)
    for place in both:
        read[Role(place.role)] += everything_read_by(place, visitor, commonwealth)

    unsaid = {
        Role.MENTOR: [
            *("gender-of-mentee", HERITAGE, "challenge-of", "Employer Of Mentee", "goal-of-mentee", "02139", "Oz-of"),
            *(PREFERENCE, "preference"),
        ],
        Role.MENTEE: [
            *("gender-of-mentor", HERITAGE, "challenge-of-mentor", "Employer Of Mentor", "94105", "Oz-of"),
        ],
    }
    told = {(role, word) for role, words in unsaid.items() for word in words if word in read[role]}
    assert told == set()
    assert PREFERENCE in read[Role.MENTEE]
    assert "challenge-of-both" in read[Role.MENTEE], "what the mentor has been through too is said to the mentee"


def test_nobody_reads_points(
    commonwealth: Society, both: tuple[Participation, Participation], visitor: Visitor
) -> None:
    pair = Mentorship.objects.get().suggested_pair
    numbers = {
        str(pair.score),
        str(round(pair.score / 1000)),
        *(str(each["share"]) for each in pair.facts["points"].values() if each["share"]),
    }
    answer_yes(participation=both[0])
    for place in both:
        words = set(everything_read_by(place, visitor, commonwealth).replace("<", " ").replace(">", " ").split())
        assert words.isdisjoint(numbers | {"points", "score", "rank"})


def test_that_a_preference_was_met_is_not_told_to_staff(
    commonwealth: Society, both: tuple[Participation, Participation]
) -> None:
    pair = Mentorship.objects.get().suggested_pair
    cycle, staff = both[0].mentorship.cycle, browser_of(make_staff(), commonwealth)
    pages = [
        staff.get(reverse("desk:pairs", args=[cycle.pk])).content.decode(),
        staff.get(reverse("desk:pair", args=[cycle.pk, pair.pk])).content.decode(),
        *(mail.text for mail in preview_of(MatchRun.objects.get())),
    ]
    assert [page for page in pages if PREFERENCE in page] == []
    assert "One more, private sentence may be shown to the mentee." in pages[1]


def test_the_points_of_a_preference_stand_with_another_s_and_still_add_up(
    both: tuple[Participation, Participation],
) -> None:
    pair = Mentorship.objects.get().suggested_pair
    points, lines = pair.facts["points"], parts_of(pair)
    assert "Own preference" not in {line.name for line in lines}
    (shared,) = (line for line in lines if line.name.endswith("with own preference"))
    assert int(shared.whole) >= 2 * points["my_own_preference"]["weight"], "the other one could hide it"
    assert (shared.because, shared.known) == ("private", True)
    assert sum(int(line.whole) for line in lines) == 1000
    assert len(lines) == len(points) - 1
    (row,) = rows_of([pair], both[0].mentorship.cycle)
    assert [name for name, _points in row.parts] == [line.name for line in lines]
    assert sum(line.share for line in lines_of(pair)) == pair.score


@pytest.mark.parametrize("name", ["home", "enrollment:me", "own_copy:copy"])
def test_no_page_tells_that_somebody_was_found_before_they_said_yes(sierra: Society, name: str) -> None:
    mentor, mentee = proposed("mentor")
    assert mentee.enrollment.state == Enrollment.State.MATCHED
    browser = browser_of(mentee.person, sierra)
    page = unescape(browser.get(reverse(name)).content.decode())
    assert "Matched" not in page
    answer_yes(participation=mentor)
    assert mentor.person.name in unescape(browser.get(reverse("home")).content.decode())

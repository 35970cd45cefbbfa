"""The directory's pages: what one reads of others, narrowing, and lists of thousands."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from chiron.kernel.ids import uuid7
from programs.enrollment.models import Enrollment, Role
from programs.enrollment.pausing import come_back, pause
from programs.mentorships import directory
from programs.mentorships.models import Listing, Participation
from programs.mentorships.requests import ask
from programs.policy.models import Cycle
from programs.surveys.forms import MATCH, WHO_SEES
from tenants.models import Society
from tenants.people.models import Person
from tests.factories.staff import browser_of
from tests.mentorships.test_requests import PEOPLE, asked, finding_cycle, page_of, people


def test_the_page_of_somebody_says_what_their_answers_say_and_never_who_they_are(sierra: Society) -> None:
    cycle = finding_cycle()
    mentor, mentee = people(cycle, Role.MENTOR)[0], people(cycle, Role.MENTEE)[0]
    Person.objects.filter(pk=mentor.person_id).update(biosketch="", stage="", specialty="")
    told = {"gender": "planted", "extra": {WHO_SEES: {"gender": MATCH}}}
    Enrollment.objects.filter(pk=mentor.pk).update(answers=mentor.answers | told)
    page = page_of(browser_of(mentee.person, sierra), reverse("directory_of_people:person", args=[mentor.pk]))
    assert "From their sign-up" in page
    assert "I am a physician in pediatrics, with a long career behind me." in page
    assert "Pediatrics · late career" in page
    assert "planted" not in page


def test_whoever_signed_up_is_told_where_people_find_each_other(sierra: Society) -> None:
    cycle = finding_cycle()
    mentee = people(cycle, Role.MENTEE)[0]
    client = browser_of(mentee.person, sierra)
    done = reverse("enrollment:signed_up", args=[cycle.pk, Role.MENTEE])
    there = f"{reverse('directory_of_people:people')}?as={mentee.pk}"
    assert f'href="{there}"' in page_of(client, done)
    assert client.get(there).status_code == 200
    for over in ({"state": Cycle.State.CLOSED}, {"state": Cycle.State.DRAFT}):
        Cycle.objects.filter(pk=cycle.pk).update(**over)
        assert there not in page_of(client, done)


def test_whoever_pauses_is_led_to_where_they_come_back(sierra: Society) -> None:
    mentee = people(finding_cycle(), Role.MENTEE)[0]
    client, there = browser_of(mentee.person, sierra), reverse("directory_of_people:people")
    pause(person=mentee.person, enrollments=[mentee], until=None)
    reply = client.get(there, follow=True)
    assert reply.redirect_chain == [(reverse("enrollment:availability"), 302)]
    assert "While you pause you look for nobody" in reply.content.decode()
    come_back(person=mentee.person, enrollments=[mentee])
    assert client.get(there).status_code == 200
    assert client.get(f"{there}?as={uuid7()}").status_code == 404


def test_a_question_sent_twice_is_one_and_leads_on_both_times(sierra: Society) -> None:
    cycle = finding_cycle()
    (mentor, second), mentee = people(cycle, Role.MENTOR), people(cycle, Role.MENTEE)[0]
    client = browser_of(mentee.person, sierra)
    for other in (mentor, second):  # the second one waits in line
        page = reverse("directory_of_people:person", args=[other.pk])
        replies = [client.post(page, {"words": "Hello"}) for _twice in range(2)]
        assert [reply.status_code for reply in replies] == [302, 302]
        assert len({reply.headers["Location"] for reply in replies}) == 1
    assert (directory.open_requests(mentee).count(), directory.line_of(mentee).count()) == (1, 1)


def test_what_stands_already_leads_on_and_what_nobody_was_asked_stays_unseen(sierra: Society) -> None:
    cycle = finding_cycle()
    (mentor, second), mentee = people(cycle, Role.MENTOR), people(cycle, Role.MENTEE)[0]
    mentorship = asked(mentee, mentor)
    client = browser_of(mentee.person, sierra)
    page = page_of(client, reverse("directory_of_people:person", args=[mentor.pk]))
    assert "You said yes. The other has until" in page
    assert reverse("mentorships:detail", args=[mentorship.pk]) in page
    assert "Put in my line" in page_of(client, reverse("directory_of_people:person", args=[second.pk]))
    Participation.objects.filter(enrollment=mentee).update(answer=Participation.Answer.NOT_ASKED)
    assert "You said yes" not in page_of(client, reverse("directory_of_people:person", args=[mentor.pk]))
    with pytest.raises(DomainError, match="cannot be asked any more"):
        ask(mine=mentee, other=mentor)


def test_every_way_back_leads_to_the_same_list(sierra: Society) -> None:
    cycle = finding_cycle()
    mine, mentor = people(cycle, Role.MENTEE)[0], people(cycle, Role.MENTOR)[0]
    as_mentor = Enrollment.objects.get(pk=mine.pk)
    as_mentor.pk, as_mentor.role, as_mentor.signed_up_at = uuid7(), Role.MENTOR, clock.now()
    as_mentor.save(force_insert=True)
    client = browser_of(mine.person, sierra)
    here = f"?as={mine.pk}"
    assert mentor.person.name not in page_of(client, PEOPLE)
    assert mentor.person.name in page_of(client, PEOPLE + here)
    replies = [
        client.post(f"{PEOPLE}show-me/", {"as": mine.pk, "shown": "no"}),
        client.post(f"{PEOPLE}known/", {"as": mine.pk, "email": "nobody@example.org"}),
        client.post(f"{PEOPLE}{mentor.pk}/", {"words": ""}),
        client.post(f"{PEOPLE}line/{mine.wishes.get().pk}/take-out/"),
        client.post(f"{PEOPLE}known/{mine.known_pairs.get().pk}/take-back/"),
    ]
    assert [reply["Location"] for reply in replies] == [PEOPLE + here] * len(replies)


def test_who_likes_both_ways_is_found_by_either(sierra: Society) -> None:
    cycle = finding_cycle()
    (first, second), mentee = people(cycle, Role.MENTOR), people(cycle, Role.MENTEE)[0]
    Enrollment.objects.filter(pk=first.pk).update(answers=first.answers | {"meeting_mode": "virtual"})
    Enrollment.objects.filter(pk=second.pk).update(answers=second.answers | {"languages": ["English", "Spanish"]})
    found = directory.listed(mentee)
    shown = {facet.name: facet.values for facet in directory.facets(found, {})}
    assert shown == {
        "aspects": [("leadership", 2), ("research", 2)],
        "languages": [("English", 2), ("Spanish", 1)],
    }
    assert set(directory.narrowed(found, {"meeting_mode": "virtual"})) == {first, second}
    assert set(directory.narrowed(found, {"meeting_mode": "in person"})) == {second}


def many(cycle: Cycle, numbers: range) -> None:
    """As many more mentors who can be found."""
    mentor = people(cycle, Role.MENTOR)[0]
    now, answers = mentor.signed_up_at, mentor.answers
    made = Person.objects.bulk_create(
        Person(given_name=f"Ada{each}", family_name="Vega", email=f"ada{each}@example.org", created_at=now)
        for each in numbers
    )
    signed_up = Enrollment.objects.bulk_create(
        Enrollment(
            cycle=cycle,
            person=person,
            role=Role.MENTOR,
            state=Enrollment.State.ELIGIBLE,
            answers=answers | {"languages": ["English", ("Spanish", "Hindi")[number % 2]]},
            signed_up_at=now,
            changed_at=now,
        )
        for number, person in enumerate(made)
    )
    Listing.objects.bulk_create(Listing(enrollment=each, listed_at=now) for each in signed_up)


def test_the_list_of_thousands_takes_as_many_queries_as_the_list_of_some(sierra: Society) -> None:
    cycle = finding_cycle()
    client = browser_of(people(cycle, Role.MENTEE)[0].person, sierra)
    addresses = [PEOPLE, f"{PEOPLE}?q=pediatrics&languages=English&page=2", f"{PEOPLE}?q=nobody"]
    counts = []
    page_of(client, PEOPLE)
    for numbers in (range(60), range(60, 400)):
        many(cycle, numbers)
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                page_of(client, address)
            counts.append(len(queries))
    assert counts[:3] == counts[3:]
    assert max(counts) < 40

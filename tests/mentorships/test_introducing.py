"""The introduction: who the other is, who writes first and by when, and what may be expected."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import unquote

from django.urls import reverse

from chiron.kernel import clock
from programs.mentorships.introducing import expectations, ready_letter
from programs.mentorships.models import Participation
from programs.mentorships.selectors import shown_to
from programs.mentorships.services import answer_yes
from programs.mentorships.showing import Shown
from programs.policy.document import store_policy
from programs.policy.models import PolicyVersion
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tests.factories.staff import browser_of
from tests.mentorships.making import Both, proposed


def introduced() -> Both:
    mentor, mentee = proposed("both")
    answer_yes(participation=mentor)
    answer_yes(participation=mentee)
    return mentor, mentee


def shown(place: Participation) -> Shown:
    return Shown.of(shown_to(Participation.objects.all()).get(pk=place.pk))


def mail_to(place: Participation) -> str:
    return OutboxMail.objects.get(template="mentorship_introduced", recipient=place.person.email).text


def test_each_reads_of_the_other_how_to_reach_them_and_what_to_expect(sierra: Society) -> None:
    mentor, mentee = introduced()
    for mine, other in ((mentor, mentee), (mentee, mentor)):
        text = " ".join(mail_to(mine).split())
        assert other.person.email in text
        assert other.person.biosketch in text
        assert mine.person.biosketch not in text
        for line in expectations(shown(mine)):
            assert line in text
    assert len(expectations(shown(mentor))) == 4


def test_the_mentee_writes_first_within_a_week_with_three_sentences_ready(sierra: Society) -> None:
    mentor, mentee = introduced()
    by = clock.today(sierra.zone) + timedelta(days=7)
    said = " ".join(mail_to(mentee).split())
    assert f"You write first, by {by:%A, %B} {by.day}" in said
    assert f"writes first, by {by:%A, %B} {by.day}" in " ".join(mail_to(mentor).split())
    letter = unquote(ready_letter(shown(mentee)))
    assert letter.startswith(f"mailto:{mentor.person.email}?subject=")
    assert "When in the next two weeks" in letter
    page = browser_of(mentee.person, sierra).get(reverse("mentorships:detail", args=[mentee.mentorship_id]))
    assert ready_letter(shown(mentee)).replace("&", "&amp;") in page.content.decode()


def test_the_day_of_the_first_meeting_stays_where_it_was(sierra: Society) -> None:
    mentor, _mentee = introduced()
    first = shown(mentor).meet_before
    with clock.moved_by(timedelta(days=200)):
        assert shown(mentor).meet_before == first


def test_no_address_and_no_biosketch_where_the_program_shares_neither(sierra: Society) -> None:
    mentor, mentee = proposed("both")
    document = store_policy(mentor.mentorship.cycle.version.policy)
    document["parts"][0]["mentorship"]["introduction"] = {"shares": ["biosketch"]}
    PolicyVersion.objects.update(document=document)
    for place in (mentor, mentee):
        answer_yes(participation=Participation.objects.get(pk=place.pk))
    assert mentor.person.email not in mail_to(mentee)
    mail = OutboxMail.objects.get(recipient=mentee.person.email, template="mentorship_introduced")
    assert "mailto:" not in mail.html.split("Questions")[0]


def test_a_ready_mail_stands_in_the_plain_text_as_its_address_alone(sierra: Society) -> None:
    mentor, mentee = introduced()
    text = mail_to(mentee)
    assert f": {mentor.person.email}\n" in text
    assert "?subject=" not in text
    assert "%20" not in text


def test_days_that_are_over_are_not_named_any_more(sierra: Society) -> None:
    both = introduced()
    starts = both[0].mentorship.cycle.starts_on - clock.today(sierra.zone)
    for mine in both:
        url = reverse("mentorships:detail", args=[mine.mentorship_id])
        page = browser_of(mine.person, sierra).get(url).content.decode()
        assert "By " in page
        assert "Before " in page
        with clock.moved_by(max(starts, timedelta(0)) + timedelta(days=30)):
            later = browser_of(mine.person, sierra).get(url).content.decode()
        assert "writes first" in later or "You write first" in later
        assert "Meet once." in later
        assert "By " not in later
        assert "Before " not in later.split("Meet once.")[1].split("</li>")[0]
        assert "by then" not in later

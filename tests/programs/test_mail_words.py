"""A program's own words stand in its mails at once, in sessions that run too."""

from __future__ import annotations

from programs.mentorships.services import answer_yes
from programs.policy.services import publish_version
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tests.mentorships.making import proposed


def test_words_that_are_changed_later_stand_in_the_next_mail(sierra: Society) -> None:
    mentor, mentee = proposed()
    program = mentor.mentorship.cycle.program
    newest = program.versions.first()
    assert newest is not None
    mails = newest.policy.mails.model_copy(update={"asked": "Coffee is on {title}."})
    publish_version(program=program, policy=newest.policy.model_copy(update={"mails": mails}), by=None)
    answer_yes(participation=mentor)
    written = {mail.recipient: mail.text for mail in OutboxMail.objects.filter(template="mentorship_asked")}
    assert "Coffee is on" not in written[mentor.person.email]
    assert f"Coffee is on {newest.policy.title}." in written[mentee.person.email]

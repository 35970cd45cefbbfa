"""What a pair writes is on no page of staff, in no look, in no log, and opened by few modules alone."""

from __future__ import annotations

import ast
import logging
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse

from programs.mentorships.content.writing import add_goal, write_note
from programs.mentorships.leaving import Case, end
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import StaffRole
from tests.architecture.source import our_code
from tests.factories.staff import browser_of, make_staff
from tests.mentorships.making import Both, proposed
from tests.mentorships.test_concerns import everywhere

GOAL, NOTE, SHARED, TYPED = "Zanzibar goal", "Zanzibar note", "Zanzibar for both", "Zanzibar typed"


@pytest.fixture
def both(sierra: Society) -> Both:
    mentor, mentee = proposed("nobody")
    add_goal(participation=mentee, text=GOAL)
    write_note(participation=mentee, text=NOTE)
    write_note(participation=mentor, text=SHARED, shared=True)
    return mentor, mentee


def test_no_page_of_staff_and_no_look_holds_a_word_and_its_own_pages_are_not_there(both: Both, sierra: Society) -> None:
    mentor, mentee = both
    owner = browser_of(make_staff(StaffRole.Kind.OWNER), sierra)
    session = f"/staff/sessions/{mentor.mentorship.cycle_id}"
    pages = [
        "/staff/",
        f"{session}/",
        f"{session}/people/",
        f"{session}/people/take-out/",
        f"{session}/keeping-in-touch/",
        f"{session}/keeping-in-touch/{mentor.mentorship_id}/",
        f"{session}/pairs/",
        f"{session}/report/",
        f"/staff/sign-ups/{mentee.enrollment_id}/",
        f"/staff/people/{mentee.person_id}/",
        "/staff/people/?q=Zanzibar",
        "/staff/mail/",
    ]
    seen = {page: owner.get(page) for page in pages}
    assert {page: reply.status_code for page, reply in seen.items() if reply.status_code != 200} == {}
    assert [page for page, reply in seen.items() if "Zanzibar" in unescape(text(reply)).replace("?q=", "")] in (
        [],
        ["/staff/people/?q=Zanzibar"],
    )
    for name in ("goals", "new_note"):
        assert owner.get(reverse(f"mentorships:{name}", args=[mentor.mentorship_id])).status_code == 404
        look = f"{session}/view-as/mentor/mentorships/{mentor.mentorship_id}/goals/"
        assert owner.get(look).status_code in (302, 404)
        assert "Zanzibar" not in text(owner.get(look))


def text(reply: object) -> str:
    if getattr(reply, "streaming", False):
        return b"".join(reply.streaming_content).decode(errors="replace")  # type: ignore[attr-defined]
    return reply.content.decode(errors="replace")  # type: ignore[attr-defined,no-any-return]


def test_what_is_typed_is_in_no_log_no_message_and_no_mail(
    both: Both, sierra: Society, caplog: pytest.LogCaptureFixture
) -> None:
    mentor, mentee = both
    browser = browser_of(mentee.person, sierra)
    with caplog.at_level(logging.DEBUG):
        for name in ("goals", "new_note"):
            at = reverse(f"mentorships:{name}", args=[mentee.mentorship_id])
            browser.post(at, {"text": TYPED, "key": str(uuid4())})
            browser.post(at, {"text": TYPED * 999, "key": str(uuid4())})
    end(participation=mentor, case=Case.DONE)
    assert "Zanzibar" not in caplog.text
    assert "Zanzibar" not in everywhere()
    assert not [mail for mail in OutboxMail.objects.all() if "Zanzibar" in mail.subject + mail.text + mail.html]


def test_words_are_opened_by_their_own_pages_and_by_ones_own_copy_alone() -> None:
    opens = {"contents", "content_of", "line_of", "text_of"}
    found = {
        path
        for path, nodes in our_code().items()
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module == "programs.mentorships.content.reading"
        if opens & {name.name for name in node.names}
    }
    assert found == {
        "programs/mentorships/content/writing.py",
        "programs/mentorships/portal/content.py",
        "programs/mentorships/portal/content_forms.py",
        "programs/mentorships/portal/going_on.py",
        "programs/own_copy/gathering.py",
    }

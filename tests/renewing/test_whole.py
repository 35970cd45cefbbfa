"""From one session into the next with a moved clock, mail by mail: by the pages of staff and by links alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from programs.enrollment.models import Enrollment
from programs.mentorships.models import Mentorship
from programs.policy.models import Cycle, Interest
from programs.renewing import due, services, together
from programs.renewing.links import link_together
from programs.renewing.models import GoingOn, Renewal
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tests.factories.staff import browser_of, make_staff
from tests.renewing.making import asked, fresh, link_of, path, running, when, work
from tests.renewing.test_preparing import form_of, page
from tests.renewing.test_together import pair


def at(moment: datetime | None) -> timedelta:
    """How far it is to a moment, and a minute more."""
    assert moment is not None
    return moment - clock.now() + timedelta(minutes=1)


def written(since: int) -> list[str]:
    """The mails that came since so many, by template and first name."""
    rows = OutboxMail.objects.order_by("written_at", "recipient").values_list("template", "recipient")
    return sorted(f"{template} {recipient.partition('.')[0]}" for template, recipient in list(rows)[since:])


def test_a_session_renews_itself_from_june_to_september(sierra: Society) -> None:
    anybody = Client(headers={"host": sierra.host})
    with running(mentors=3, mentees=3) as last:
        pair(last, "Mentor0", "Mentee0")
        manager = browser_of(make_staff(), sierra)
        manager.post(page(last), form_of(manager, page(last)) | {"write": "yes", "words": "It was a good spring."})
        renewal = Renewal.objects.select_related("coming").get()
        so_far = OutboxMail.objects.count()

        with clock.moved_by(at(when(services.ASK))):  # July 21, nine in the morning
            work(renewal)
            people = ("mentee0", "mentee1", "mentee2", "mentor0", "mentor1", "mentor2")
            assert written(so_far) == [f"next_session {name}" for name in people]
            mails = {mail.recipient.partition(".")[0]: mail for mail in OutboxMail.objects.all()[:6]}
            for name in people:  # a mail filter opens every link, and nothing happens
                for answer in ("again", "change", "not_now", "later"):
                    assert anybody.get(link_of(mails[name], answer, sierra)).status_code == 200
            assert set(renewal.asked.values_list("answer", flat=True)) == {""}
            so_far = OutboxMail.objects.count()

            for name in ("Mentor0", "Mentee0"):  # they go on
                anybody.post(path(link_together(asked(name), Mentorship.objects.get()), sierra), {"wish": "yes"})
            anybody.post(link_of(mails["mentor1"], "again", sierra), {"answer": "again"})
            anybody.post(link_of(mails["mentee1"], "not_now", sierra), {"answer": "not_now"})
            anybody.post(link_of(mails["mentor2"], "later", sierra), {"answer": "later"})
            assert written(so_far) == [], "an answer brings no mail"

        with clock.moved_by(at(when(together.KIND))):
            due.settle(str(Mentorship.objects.get().pk))
            assert written(so_far) == ["going_on_together mentee0", "going_on_together mentor0"]
            so_far = OutboxMail.objects.count()

        with clock.moved_by(at(when(services.REMIND))):  # August 25
            due.remind(str(renewal.pk))
            assert written(so_far) == ["next_session_reminder mentee2"]
            reminder = OutboxMail.objects.get(template="next_session_reminder")
            anybody.post(link_of(reminder, "again", sierra), {"answer": "again"})
            due.remind(str(renewal.pk))
            assert len(written(so_far)) == 1
            text = manager.get(page(last, "answers")).content.decode()
            assert "1 pair goes on together" in text

        with clock.moved_by(at(when(together.HAND_OVER))):  # September 15
            old = GoingOn.objects.get().old
            due.hand_over(str(old.pk))
            states = Mentorship.objects.order_by("proposed_at").values_list("cycle__name", "state")
            assert list(states) == [("February 2027", "ended"), ("September 2027", "active")]

        signed_up = Enrollment.objects.filter(cycle=renewal.coming).order_by("person__given_name")
        assert list(signed_up.values_list("person__given_name", "state")) == [
            ("Mentee0", "matched"), ("Mentee2", "eligible"), ("Mentor0", "matched"), ("Mentor1", "eligible"),
        ]  # fmt: skip
        assert list(Interest.objects.values_list("given_name", flat=True)) == ["Mentor2"]
        assert fresh(renewal.coming).state == Cycle.State.RECRUITING
        board = manager.get(reverse("sessions:board", args=[renewal.coming_id])).content.decode()
        assert page(last, "answers") in board

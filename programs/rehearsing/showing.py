"""What whoever rehearses sees of it: what has happened, and what there is to do next."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chiron.kernel import clock
from programs.mentorships.days import zone
from programs.mentorships.models import Mentorship
from programs.policy.models import Cycle
from programs.rehearsing.services import who_waits_for_staff
from tenants.outbox.models import OutboxMail

State = Cycle.State


@dataclass(frozen=True)
class Step:
    """One station of a session: what it is about, where that is done, and whether it is behind us."""

    title: str
    words: str
    url: str
    done: bool
    lets_in: int = 0
    """Whom a button here lets in at once."""


def session() -> Cycle | None:
    """The session that is rehearsed, or the one after it once that has been prepared."""
    return Cycle.objects.select_related("program", "version").order_by("-starts_on", "-pk").first()


def steps(cycle: Cycle) -> list[Step]:
    """The way of a session, in its order."""
    board, desk = reverse("sessions:board", args=[cycle.pk]), reverse("desk:pairs", args=[cycle.pk])
    signed_up, pairs = cycle.enrollments.count(), cycle.mentorships
    answered = pairs.exclude(state=Mentorship.State.PROPOSED).exists()
    begun = pairs.filter(state__in=(Mentorship.State.ACTIVE, Mentorship.State.ENDED)).count()
    over = (begun > 0 and clock.today(zone()) >= cycle.ends_on) or cycle.state in (State.CLOSING, State.CLOSED)
    matched = cycle.state not in (State.DRAFT, State.RECRUITING) and pairs.exists()
    waiting = who_waits_for_staff(cycle).count()
    found = [
        Step(
            _("Sign-up"),
            ngettext(
                "%(count)d invented person has filled in the form. Look at what they said.",
                "%(count)d invented people have filled in the form. Look at what they said.",
                signed_up,
            )
            % {"count": signed_up},
            board,
            done=True,
        ),
        Step(
            _("Who may take part"),
            ngettext(
                "%(count)d sign-up waits for you, and nobody is matched before you have decided. Read it as you will "
                "for real, or let them in here.",
                "%(count)d sign-ups wait for you, and nobody is matched before you have decided. Read one or two as "
                "you will for real, and let all others in here.",
                waiting,
            )
            % {"count": waiting}
            if waiting
            else _("You have decided about everybody."),
            reverse("today"),
            done=not waiting,
            lets_in=waiting,
        ),
        Step(
            _("Matching"),
            _("Close sign-up, have pairs suggested, look at them, and publish them: as you will do it for real."),
            desk,
            done=matched,
        ),
        Step(
            _("Answers"),
            _("Let a week pass. Most say yes within days; one declines, and one says nothing."),
            desk,
            done=matched and answered,
        ),
        Step(
            _("Meeting"),
            ngettext(
                "Let the months pass, until the session ends on %(day)s. So far %(count)d mentorship has begun.",
                "Let the months pass, until the session ends on %(day)s. So far %(count)d mentorships have begun.",
                begun,
            )
            % {"count": begun, "day": date_format(cycle.ends_on, "F j, Y")},
            board,
            done=over,
        ),
        Step(
            _("The end"), _the_end(cycle), reverse("outcomes:report", args=[cycle.pk]), done=cycle.state == State.CLOSED
        ),
    ]
    staff_decide = waiting or any(cycle.settings.way_in(role) == "apply" for role in cycle.settings.roles)
    return found if staff_decide else [found[0], *found[2:]]


def _the_end(cycle: Cycle) -> str:
    """What is still to come before the page for the board is whole, and what closes a session."""
    survey = cycle.waves.filter(moment="end").order_by("closes_on").last()
    if survey is not None and survey.closed_at is None:
        day = date_format(survey.closes_on, "F j, Y")
        return _("People answer the survey now. Let time pass until it has closed, after %(day)s.") % {"day": day}
    if survey is None:
        return _("The survey leaves by itself. Read what people answered, and the page for the board.")
    return _("The survey has closed: read the page for the board. Then wrap the session up on its own page.")


def mails_written() -> int:
    """How many mails there are so far, to whomever."""
    return OutboxMail.objects.count()

"""What whoever rehearses sees of it: what has happened, and what there is to do next."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
                "Let the months pass. So far %(count)d has been introduced.",
                "Let the months pass. So far %(count)d have been introduced.",
                begun,
            )
            % {"count": begun},
            board,
            done=cycle.state in (State.CLOSING, State.CLOSED),
        ),
        Step(
            _("The end"),
            _("Read the survey’s answers and the report for the board."),
            board,
            done=cycle.state == State.CLOSED,
        ),
    ]
    staff_decide = waiting or any(cycle.settings.way_in(role) == "apply" for role in cycle.settings.roles)
    return found if staff_decide else [found[0], *found[2:]]


def mails_written() -> int:
    """How many mails there are so far, to whomever."""
    return OutboxMail.objects.count()

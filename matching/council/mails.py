"""What the council and its program's staff are written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.urls import reverse

from chiron.kernel import clock
from matching.council.links import here, link_for
from matching.council.models import Ballot, Voter
from programs.policy.models import Cycle
from tenants import outbox
from tenants.brands import brand_of
from tenants.outbox.letter import Letter, compose
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person

ASKED, REMINDER, CLOSED, DECIDED = "council_asked", "council_reminder", "council_closed", "council_decided"
# Staff have this long to call a ballot off before anybody is asked.
WAIT = timedelta(minutes=10)


@dataclass(frozen=True)
class _AsIf:
    """A seat to show a mail for."""

    name: str


def ask(voters: Iterable[Voter], *, wait: timedelta = WAIT) -> None:
    """Ask for a vote. The link lets its reader see and change a vote, so its words go once the mail has left."""
    _send(ASKED, voters, wait)


def remind(voters: Iterable[Voter]) -> None:
    """Ask once more those who have not voted."""
    _send(REMINDER, voters, timedelta(0))


def _send(template: str, voters: Iterable[Voter], wait: timedelta) -> None:
    for voter in voters:
        ballot = voter.ballot
        context = _values(ballot.cycle, ballot) | {"seat": voter.seat, "link": link_for(voter)}
        contact = ballot.cycle.program.contact
        outbox.mail(template, to=voter.person, context=context, reply_to=contact, wait=wait, secret=True)


def take_back_asking(ballot: Ballot, voters: Iterable[Voter], *, by: Person | None) -> int:
    """Keep the mails to these voters that still wait from leaving; returns how many had left."""
    addresses = [voter.person.email for voter in voters if voter.person.email]
    mails = OutboxMail.objects.filter(template=ASKED, recipient__in=addresses, written_at__gte=ballot.opened_at)
    waiting = list(mails.filter(state=OutboxMail.State.WAITING))
    for mail in waiting:
        outbox.take_back(mail=mail, by=by)
    return len(addresses) - len(waiting)


def wrote_lately(ballot: Ballot) -> bool:
    """Whether the council was asked or reminded within a day."""
    since = clock.now() - timedelta(days=1)
    addresses = ballot.voters.values_list("person__email", flat=True)
    mails = OutboxMail.objects.filter(template__in=[ASKED, REMINDER], recipient__in=addresses, written_at__gte=since)
    return mails.exclude(state=OutboxMail.State.CANCELED).exists()


def preview(cycle: Cycle, ballot: Ballot, seat: str, person: Person) -> Letter:
    """The mail that asks, to look at; its button leads to the council's page."""
    brand = replace(brand_of(here()), contact=cycle.program.contact)
    values = _values(cycle, ballot) | {"seat": _AsIf(seat), "link": page_of(cycle)}
    return compose(ASKED, values | {"recipient": person, "brand": brand})


def tell_closed(ballot: Ballot, *, to: Person) -> None:
    """Tell whoever opened a ballot that it has closed, and what to do now."""
    contact = ballot.cycle.program.contact
    outbox.mail(CLOSED, to=to, context=_values(ballot.cycle, ballot), reply_to=contact)


def tell_decided(ballot: Ballot, people: Iterable[Person]) -> None:
    """Tell the council what became of its result."""
    context = _values(ballot.cycle, ballot) | {"adopted": ballot.state == Ballot.State.ADOPTED}
    outbox.mail(DECIDED, to=people, context=context, reply_to=ballot.cycle.program.contact)


def page_of(cycle: Cycle) -> str:
    """The council's page, for a mail."""
    return here().url(reverse("council:council", args=[cycle.pk]))


def _values(cycle: Cycle, ballot: Ballot) -> dict[str, Any]:
    return {
        "ballot": ballot,
        "cycle": cycle,
        "program": cycle.program,
        "closes_at": ballot.closes_at,
        "page": page_of(cycle),
    }

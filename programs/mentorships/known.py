"""Pairs that know each other already: one has the program know it, and the other is asked whether it is so.

The one types an address. What they see, what they have left and what they are written follows that address alone, until
the other's yes: a no, silence, and an address that nobody of the session has are all the same to them.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.agreeing import must_have_agreed
from programs.enrollment.models import Enrollment
from programs.enrollment.waiting import is_told
from programs.mentorships import mails, requests, services
from programs.mentorships.models import KnownPair, Mentorship
from programs.mentorships.selectors import OPEN
from tenants import audit, due

# Whoever has the address may sign up tomorrow, so it is looked for once a day.
LOOK_EVERY = timedelta(days=1)


@transaction.atomic
def register(*, mine: Enrollment, address: str) -> KnownPair:
    """Have the program know whom somebody meets already; saying it again changes nothing.

    DomainError if they may not ask or have still to agree, if the address is their own, or if too many wait in line.
    """
    requests.lock(mine)
    requests.require_asking(mine)
    must_have_agreed(mine)
    if address.casefold() == mine.person.email.casefold():
        raise DomainError(_("This is your own address. Type that of the person whom you meet."))
    if said := KnownPair.objects.filter(mine=mine, address__iexact=address).first():
        return said
    now_asked = requests.left(mine) > 0
    if not now_asked:
        requests.require_a_place_in_line(mine)
    pair = KnownPair.objects.create(mine=mine, address=address, made_at=clock.now())
    audit.record("known_pair.said", subject=mine, actor=mine.person)
    if now_asked:
        requests.look_for(pair)
    return pair


@transaction.atomic
def look(*, pair: KnownPair) -> None:
    """Ask whoever has the address, if they can be asked; else look again tomorrow, until the last day to answer."""
    if pair.answer_by is None or pair.mentorship_id or pair.answer_by < services.this_day():
        return
    mine = pair.mine
    others = Enrollment.objects.filter(cycle=mine.cycle_id, person__email__iexact=pair.address).exclude(role=mine.role)
    other = others.select_related("person", "cycle__version").first()
    if other is not None and is_told(other):
        requests.lock(mine, other)
        try:
            requests.require_possible(mine, other, known=True)
        except DomainError:
            pass  # who they are and what they have is nobody else's to learn
        else:
            requests.send_known(pair, other)
            return
    due.schedule(requests.LOOK, str(pair.pk), at=clock.now() + LOOK_EVERY)


@transaction.atomic
def end(*, pair: KnownPair) -> None:
    """The last day to answer is over without a yes: say so, in the same words whatever came, and ask the next."""
    if pair.answer_by is None or pair.answer_by >= services.this_day():
        return
    mine, open_one = pair.mine, _open(pair)
    if open_one is not None:
        open_one.state = Mentorship.State.DECLINED
        open_one.save(update_fields=["state"])
        audit.record("mentorship.expired", subject=open_one)
    pair.delete()
    mails.tell_no_known_pair(mine, pair.address)
    if open_one is not None:
        requests.go_on(open_one)
    else:
        requests.next_in_line(mine)


@transaction.atomic
def take_back(*, pair: KnownPair) -> None:
    """Somebody says it no longer; whoever was asked already is told that it will be somebody else."""
    mine, open_one = pair.mine, _open(pair)
    pair.delete()
    if open_one is not None:
        services.answer_no(participation=open_one.participations.get(enrollment=mine))
    audit.record("known_pair.taken_back", subject=mine, actor=mine.person)
    requests.next_in_line(mine)


def _open(pair: KnownPair) -> Mentorship | None:
    """The question to the other, locked, as long as it waits for an answer."""
    return Mentorship.objects.select_for_update().filter(known_pair=pair, state__in=OPEN).first()

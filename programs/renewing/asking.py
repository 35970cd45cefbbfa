"""Writing to everybody of the last session, some at a time, and reminding once whoever has not answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.mentorships.models import Mentorship
from programs.policy.models import Cycle
from programs.policy.offered import takes_sign_ups
from programs.renewing import audience, mails
from programs.renewing.links import here
from programs.renewing.models import Asked, Renewal
from programs.renewing.selectors import live_sign_ups
from programs.renewing.services import ASK, REMIND, when_written
from programs.renewing.together import pairs_of
from tenants import audit, due
from tenants.outbox import mailings
from tenants.outbox.models import Mailing
from tenants.people.models import Person

# So many are written in one transaction.
AT_ONCE = 100
# So long before sign-up closes whoever has not answered is reminded, unless they were asked a few days ago.
BEFORE, REST = timedelta(days=7), timedelta(days=3)


@transaction.atomic
def go_on(*, renewal: Renewal) -> None:
    """Write to the next of them; once nobody is left it is finished. Where sign-up opens later now, it is put off."""
    locked = _locked(renewal)
    if locked.asks_at is None or locked.asked_at is not None or clock.now() < locked.asks_at:
        return
    coming = locked.coming
    if not takes_sign_ups(coming, clock.today(here().zone)):
        _put_off(locked)
        return
    chosen = audience.whom(locked.last, coming.settings, coming)
    try:
        mailing = _mailing(ASK, locked, len(chosen.people))
    except DomainError:  # “Written to many” says why
        due.schedule(ASK, str(locked.pk), at=clock.now() + mailings.ASK_AGAIN_AFTER)
        return
    people = [] if mailing.stopped_at else chosen.people
    for person in people[:AT_ONCE]:
        asked = Asked.objects.create(renewal=locked, person=person, written_at=clock.now())
        asked.mail = mails.ask(asked, chosen.sign_ups[person.pk], _pairs(asked), mailing=mailing)
        asked.save(update_fields=["mail"])
    if len(people) > AT_ONCE:
        due.schedule(ASK, str(locked.pk), at=clock.now())
        return
    locked.asked_at = clock.now()
    locked.save(update_fields=["asked_at"])
    audit.record("next_session.asked", subject=locked, people=locked.asked.count())
    due.schedule(REMIND, str(locked.pk), at=_reminder_of(coming))


@transaction.atomic
def remind(*, renewal: Renewal) -> None:
    """Remind whoever has neither answered nor signed up; once, and not where the program wants no reminders."""
    locked = _locked(renewal)
    coming = locked.coming
    if locked.asked_at is None or not coming.settings.matching.reminders:
        return
    if clock.now() < _reminder_of(coming):  # the day was moved on
        due.schedule(REMIND, str(locked.pk), at=_reminder_of(coming))
        return
    if not takes_sign_ups(coming, clock.today(here().zone)):
        return
    waiting = locked.asked.select_for_update(of=["self"]).filter(
        answer="", reminded_at=None, written_at__lte=clock.now() - REST
    )
    rows = list(waiting.select_related("person").order_by("written_at", "pk")[:AT_ONCE])
    if not rows:
        return
    mailing = _mailing(REMIND, locked, waiting.count(), invites=False)
    if mailing.stopped_at:
        return
    for asked in rows:
        asked.renewal, asked.reminded_at = locked, clock.now()
        asked.save(update_fields=["reminded_at"])
        sign_ups = audience.stayed_in(locked.last, asked.person, coming.settings)
        there = live_sign_ups(coming, asked.person)
        if (
            asked.person.email
            and not audience.wants_none(asked.person)
            and any(each.role not in there for each in sign_ups)
        ):
            mails.remind(asked, sign_ups, _pairs(asked), mailing=mailing)
    if len(rows) == AT_ONCE:
        due.schedule(REMIND, str(locked.pk), at=clock.now(), lane=due.Lane.BULK)


def _mailing(kind: str, renewal: Renewal, people: int, *, invites: bool = True) -> Mailing:
    coming = renewal.coming
    title = _("Who comes again to %(program)s, %(session)s") % {"program": coming.program.name, "session": coming.name}
    return mailings.begin(key=f"{kind}:{renewal.pk}", title=title, people=people, by=renewal.by, invites=invites)


def _pairs(asked: Asked) -> list[tuple[Mentorship, Sequence[Person]]]:
    """With whom they could go on, as far as that is not settled."""
    return [(pair.mentorship, pair.others) for pair in pairs_of(asked) if pair.wish is None and not pair.is_settled]


def _put_off(renewal: Renewal) -> None:
    """Wait for the day on which sign-up opens, if it is still to come; else staff say when."""
    coming = renewal.coming
    waits = coming.state == Cycle.State.RECRUITING and coming.sign_up_opens_on > clock.today(here().zone)
    renewal.asks_at = when_written(coming) if waits else None
    renewal.save(update_fields=["asks_at"])
    if renewal.asks_at is not None:
        due.schedule(ASK, str(renewal.pk), at=renewal.asks_at)


def _reminder_of(coming: Cycle) -> datetime:
    return datetime.combine(coming.sign_up_closes_on - BEFORE, time(9), tzinfo=here().zone)


def _locked(renewal: Renewal) -> Renewal:
    rows = Renewal.objects.select_for_update(of=["self"]).select_related(
        "last__version", "last__program", "coming__version", "coming__program"
    )
    return rows.get(pk=renewal.pk)

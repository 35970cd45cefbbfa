"""Opening a ballot, reminding of it, closing it, calling it off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.council import mails
from matching.council.counting import FEWEST, combined
from matching.council.links import here
from matching.council.models import Ballot, Seat, Voter
from matching.council.outlook import look_soon
from matching.council.selectors import has_council, seated, seats_named
from matching.council.voting import counted, fill_anew, have_voted, is_open, key_of
from programs.policy.models import Cycle
from programs.policy.services import FROZEN
from tenants import audit, due
from tenants.people.models import Person

# What becomes due about a ballot; the reference is its id, for reminders with the day.
CLOSES, REMINDS, EMPTIES = "council.closes", "council.reminds", "council.empties"
# Who has not voted is reminded so many days before the last, and on the last.
REMINDED_BEFORE = (3, 0)
# Votes go so long after the close; the result stays.
KEPT = timedelta(days=90)
USUAL = timedelta(days=10)
LONGEST = timedelta(days=180)


@dataclass(frozen=True)
class Timing:
    """What a closing day means for the session: too late to bear on its pairs, or only after sign-up has closed."""

    too_late: str = ""
    mind: str = ""


def proposed_day(cycle: Cycle, today: date) -> date:
    """The day on which a ballot would close: as the calendar says, if that is still to come and early enough."""
    planned = cycle.version.policy.calendar.dates_from(cycle.starts_on).council_closes
    if planned is not None and today < planned < cycle.publish_on:
        return planned
    return max(today + timedelta(days=1), min(today + USUAL, cycle.publish_on - timedelta(days=1)))


def timing_of(cycle: Cycle, closes_on: date) -> Timing:
    """Whether the result could still bear on the session's pairs."""
    days = {
        "published": date_format(cycle.publish_on, "F j"),
        "signed_up": date_format(cycle.sign_up_closes_on, "F j"),
        "closes": date_format(closes_on, "F j"),
    }
    if closes_on >= cycle.publish_on:
        return Timing(
            too_late=_(
                "Pairs are to be published on %(published)s, and a ballot that closes on %(closes)s comes too late for "
                "them. Choose an earlier day, or move the session’s dates."
            )
            % days
        )
    if cycle.state == Cycle.State.MATCHING or closes_on > cycle.sign_up_closes_on:
        return Timing(
            mind=_("Sign-up closes on %(signed_up)s, before the ballot does: suggest pairs after %(closes)s.") % days
        )
    return Timing()


def why_no_ballot(cycle: Cycle) -> str:
    """Why no ballot can be opened now; empty if one can."""
    if cycle.state in FROZEN:
        return _("The pairs of this session are published, so its settings stay. Open a ballot for the next one.")
    if cycle.ballots.filter(state__in=[Ballot.State.OPEN, Ballot.State.CLOSED]).exists():
        return _("There is a ballot already. Decide about its result first.")
    if len(_may_vote(cycle)) < FEWEST:
        return ngettext(
            "A ballot takes at least %(count)d seat that is filled, or its result would say what somebody voted.",
            "A ballot takes at least %(count)d seats that are filled, or its result would say what somebody voted.",
            FEWEST,
        ) % {"count": FEWEST}
    return ""


@transaction.atomic
def open_ballot(*, cycle: Cycle, closes_on: date, by: Person) -> Ballot:
    """Ask the council until the end of a day; the mails leave after a few minutes.

    DomainError if the result would come too late for the session, too few seats are filled, or there is a ballot.
    """
    cycle = Cycle.objects.select_for_update(of=["self"]).select_related("program", "version").get(pk=cycle.pk)
    if not has_council(cycle):
        raise DomainError(_("The settings of this session name no council."))
    if why_not := why_no_ballot(cycle):
        raise DomainError(why_not)
    closes_at = _in_time(cycle, closes_on)
    try:
        with transaction.atomic():
            ballot = Ballot.objects.create(
                cycle=cycle,
                version=cycle.version,
                opened_by=by,
                opened_at=clock.now(),
                closes_at=closes_at,
            )
    except IntegrityError:
        raise DomainError(_("There is a ballot already. Decide about its result first.")) from None
    voters = [Voter(ballot=ballot, seat=seat, person=seat.person) for seat in _may_vote(cycle)]
    Voter.objects.bulk_create(voters)
    mails.ask(voters)
    _plan(ballot)
    audit.record("council.ballot_opened", subject=ballot, actor=by, seats=len(voters), closes_at=closes_at)
    return ballot


@transaction.atomic
def move_close(*, ballot: Ballot, closes_on: date, by: Person) -> Ballot:
    """Let a ballot close on another day; DomainError once it has closed, or if that day is over or too late."""
    locked = _locked(ballot)
    if not is_open(locked):
        raise DomainError(_("This ballot has closed."))
    closes_at = _in_time(locked.cycle, closes_on)
    if closes_at == locked.closes_at:
        return locked
    _forget_plans(locked)
    before, locked.closes_at = locked.closes_at, closes_at
    locked.save(update_fields=["closes_at"])
    _plan(locked)
    audit.record("council.close_moved", subject=locked, actor=by, before=before, closes_at=closes_at)
    return locked


@transaction.atomic
def close_ballot(*, ballot: Ballot, by: Person | None = None) -> Ballot:
    """Count the votes; whoever opened the ballot is told. Closing twice changes nothing."""
    locked = _locked(ballot)
    if locked.state != Ballot.State.OPEN:
        return locked
    votes, part = counted(locked), locked.part
    assert part.matching.council is not None, "A ballot is a council's."
    seats = locked.voters.count()
    said = [vote.percents for vote in votes]
    result = combined(said, sorted(part.matching.weights), seats=seats, by=part.matching.council.combine)
    locked.state, locked.closed_at, locked.result = Ballot.State.CLOSED, clock.now(), result.stored()
    locked.save(update_fields=["state", "closed_at", "result"])
    fill_anew(locked, votes)
    _forget_plans(locked)
    _ask_no_more(locked, by)
    due.schedule(EMPTIES, str(locked.pk), at=locked.closed_at + KEPT)
    audit.record("council.ballot_closed", subject=locked, actor=by, votes=len(votes), seats=seats)
    if locked.opened_by is not None and by is None:
        mails.tell_closed(locked, to=locked.opened_by)
    look_soon(locked)
    locked.refresh_from_db(fields=["outlook", "looked_at"])
    return locked


@transaction.atomic
def call_off(*, ballot: Ballot, by: Person) -> int:
    """Stop a ballot without a result: votes go unread, mails that still wait do not leave. Returns how many had left.

    DomainError once it has closed.
    """
    locked = _locked(ballot)
    if locked.state == Ballot.State.CALLED_OFF:
        return 0
    if not is_open(locked):
        raise DomainError(_("This ballot has closed."))
    locked.state, locked.closed_at = Ballot.State.CALLED_OFF, clock.now()
    locked.save(update_fields=["state", "closed_at"])
    locked.votes.all().delete()
    _forget_plans(locked)
    had_left = _ask_no_more(locked, by)
    audit.record("council.ballot_called_off", subject=locked, actor=by)
    return had_left


@transaction.atomic
def remind(*, ballot: Ballot) -> int:
    """Ask once more who has not voted; returns how many that are."""
    locked = _locked(ballot)
    if not is_open(locked):
        return 0
    voters = list(locked.voters.select_related("seat", "person"))
    voted = have_voted(voters)
    waiting = [voter for voter in voters if key_of(voter) not in voted]
    for voter in waiting:
        voter.ballot = locked
    mails.remind(waiting)
    return len(waiting)


@transaction.atomic
def remind_now(*, ballot: Ballot, by: Person) -> int:
    """The same because staff want it; DomainError once the ballot has closed, or if all were written to today."""
    locked = _locked(ballot)
    if not is_open(locked):
        raise DomainError(_("This ballot has closed."))
    if mails.wrote_lately(locked):
        raise DomainError(_("They were written to within a day. Give them until tomorrow."))
    count = remind(ballot=locked)
    audit.record("council.reminded", subject=locked, actor=by, voters=count)
    return count


@transaction.atomic
def empty(*, ballot: Ballot) -> None:
    """Throw the votes away. Nobody reads what they voted any more, they themselves neither; the result stays."""
    ballot.votes.all().delete()


def _may_vote(cycle: Cycle) -> list[Seat]:
    """Who sits in a seat that the settings name, and can be written to."""
    named = seats_named(cycle)
    return [seat for seat in seated(cycle) if seat.name in named and seat.person.email]


def _locked(ballot: Ballot) -> Ballot:
    rows = Ballot.objects.select_for_update(of=["self"])
    return rows.select_related("version", "cycle__program", "cycle__version", "opened_by").get(pk=ballot.pk)


def end_of(day: date) -> datetime:
    """The moment at which a day is over in the society's zone."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=here().zone)


def _in_time(cycle: Cycle, closes_on: date) -> datetime:
    """When votes end if this is the last day; DomainError for a day that makes no sense."""
    today = clock.today(here().zone)
    if closes_on < today:
        raise DomainError(_("This day is over. Choose today or a later one."), field="closes_on")
    if closes_on > today + LONGEST:
        raise DomainError(_("Choose a day within half a year."), field="closes_on")
    if too_late := timing_of(cycle, closes_on).too_late:
        raise DomainError(too_late, field="closes_on")
    return end_of(closes_on)


def _plan(ballot: Ballot) -> None:
    """Have the ballot close by itself, and those reminded who have not voted by then."""
    zone = here().zone
    due.schedule(CLOSES, str(ballot.pk), at=ballot.closes_at)
    last_day = ballot.closes_at.astimezone(zone).date() - timedelta(days=1)
    for before in REMINDED_BEFORE:
        at = datetime.combine(last_day - timedelta(days=before), time(9), tzinfo=zone)
        if at > clock.now() + timedelta(days=1):  # else they were asked only just now
            due.schedule(REMINDS, f"{ballot.pk}:{before}", at=at)


def _ask_no_more(ballot: Ballot, by: Person | None) -> int:
    """Mails that ask and still wait do not leave; returns how many had left."""
    return mails.take_back_asking(ballot, ballot.voters.select_related("person"), by=by)


def _forget_plans(ballot: Ballot) -> None:
    due.cancel(CLOSES, str(ballot.pk))
    for before in REMINDED_BEFORE:
        due.cancel(REMINDS, f"{ballot.pk}:{before}")

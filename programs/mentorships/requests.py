"""Finding each other: who is in a session's directory, who asked whom, and who is asked next.

A request is a mentorship that one of the two proposed: their yes stands from the beginning, so the other's yes under
the lock of `answer_yes` is where places are enforced. Further wishes wait in line until the one before is answered.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.agreeing import must_have_agreed
from programs.enrollment.models import Enrollment
from programs.enrollment.selectors import places_of
from programs.mentorships import mails, room, services
from programs.mentorships.aspects import what_for
from programs.mentorships.models import KnownPair, Listing, Mentorship, Participation, Wish
from programs.mentorships.selectors import OPEN, STANDING, shown_to
from programs.policy.models import Cycle
from tenants import audit, due
from tenants.people.models import Person

Answer = Participation.Answer
State = Enrollment.State
# Requests that nobody answered end under this kind; the reference is the mentorship's id.
EXPIRY = "mentorship.expiry"
# Looking for the people of a known pair, and the end of waiting for them; the reference is the known pair's id.
LOOK, LOOK_NO_MORE = "mentorship.known", "mentorship.known_over"
# Asking on once somebody is back from a pause; the reference is the sign-up's id.
ON_AGAIN = "mentorship.on_again"
MOST_WISHES = 5
A_DAY = timedelta(days=1)
CAN_ASK = (State.ELIGIBLE, State.MATCHED)
HAS_DIRECTORY = (Cycle.State.RECRUITING, Cycle.State.MATCHING, Cycle.State.RUNNING)

# Rules about pairs are known above; whoever knows them says which forbid one. Nothing is forbidden by nobody.
Forbids = Callable[[Enrollment, Enrollment], bool]
_forbids: list[Forbids] = []


def forbids(check: Forbids) -> Forbids:
    """Register who knows whether a hard rule forbids a mentor and a mentee; called as check(mentor, mentee)."""
    _forbids.append(check)
    return check


# What happens further once a pair came to nothing is known above.
Looks = Callable[[Mentorship], None]
_looks: list[Looks] = []


def looks_further(look: Looks) -> Looks:
    """Register what else is done once somebody said no or a pair ended, after their own lines."""
    _looks.append(look)
    return look


def has_directory(cycle: Cycle) -> bool:
    """Whether people of a session may find each other; off unless its program says so."""
    return "directory" in cycle.settings.matching.by and cycle.state in HAS_DIRECTORY


def may_be_shown(cycle: Cycle) -> bool:
    """Whether people of a session can let others read about them: to be asked, or to be named as a wish."""
    return has_directory(cycle) or (cycle.settings.matching.wishes is not None and cycle.state in HAS_DIRECTORY)


@transaction.atomic
def show_in_directory(*, enrollment: Enrollment, shown: bool) -> None:
    """Let others find somebody, or no longer; doing it twice changes nothing. Only the person decides it.

    DomainError for who is in no session in which people read about each other, or has still something to agree to.
    """
    if not shown:
        Listing.objects.filter(enrollment=enrollment).delete()
    elif not may_be_shown(enrollment.cycle) or enrollment.state not in CAN_ASK:
        raise DomainError(_("You can be found here once your sign-up is in order."))
    else:
        must_have_agreed(enrollment)
        Listing.objects.get_or_create(enrollment=enrollment, defaults={"listed_at": clock.now()})
    audit.record("directory.changed", subject=enrollment, actor=enrollment.person, shown=shown)


@transaction.atomic
def ask(*, mine: Enrollment, other: Enrollment, words: str = "", talk_first: bool = False) -> Mentorship | Wish:
    """Ask somebody of the directory, or put them in line behind those whom one has asked already.

    DomainError if they cannot be asked, with the reason.
    """
    lock(mine, other)
    must_have_agreed(mine)
    require_possible(mine, other)
    if left(mine) > 0:
        return send(mine, other, words, talk_first=talk_first)
    require_a_place_in_line(mine)
    return Wish.objects.create(mine=mine, other=other, words=words, talk_first=talk_first, made_at=clock.now())


@transaction.atomic
def expire(*, mentorship: Mentorship) -> None:
    """End a request whose day to answer is over, kindly, and ask whoever is next in line."""
    locked = Mentorship.objects.select_for_update().get(pk=mentorship.pk)
    if locked.state not in OPEN or locked.answer_by >= services.this_day():
        return
    locked.state = Mentorship.State.DECLINED
    locked.save(update_fields=["state"])
    asker = locked.participations.select_related("person", "mentorship__cycle__program").get(role=locked.requested_by)
    mails.tell_expired(asker)
    audit.record("mentorship.expired", subject=locked)
    go_on(locked)


def go_on(mentorship: Mentorship) -> None:
    """After a request ended without a pair: both wait again, and whoever is next in the line of either is asked."""
    for enrollment in Enrollment.objects.filter(participations__mentorship=mentorship).order_by("pk"):
        services.wait_again(enrollment)
        next_in_line(enrollment)
    for look_further in _looks:
        look_further(mentorship)


@transaction.atomic
def ask_on(*, enrollment: Enrollment) -> None:
    """Ask whoever is next in somebody's line; doing it again changes nothing."""
    lock(enrollment)
    next_in_line(enrollment)


def next_in_line(mine: Enrollment) -> None:
    """Send the next wish that can still be sent, as long as there is a place; wishes that cannot be any more go.

    Whoever pauses keeps their line, and it goes on once they are back.
    """
    wishes = Wish.objects.select_for_update(of=["self"]).filter(mine=mine).select_related("other__person")
    known = KnownPair.objects.select_for_update(of=["self"]).filter(mine=mine, answer_by=None)
    waiting: list[Wish | KnownPair] = [*wishes, *known]
    if waiting and mine.state == State.PAUSED:
        due.schedule(ON_AGAIN, str(mine.pk), at=clock.now() + A_DAY)
        return
    for wish in sorted(waiting, key=lambda each: each.made_at):
        if left(mine) <= 0:
            return
        if isinstance(wish, KnownPair):
            look_for(wish)
            continue
        wish.delete()
        try:
            require_possible(mine, wish.other)
        except DomainError:
            continue
        send(mine, wish.other, wish.words, talk_first=wish.talk_first)


def look_for(pair: KnownPair) -> None:
    """Have a worker look for somebody with the address, so that the time it takes tells nothing either."""
    pair.answer_by = services.deadline(pair.mine.cycle)
    pair.save(update_fields=["answer_by"])
    due.schedule(LOOK, str(pair.pk), at=clock.now())
    due.schedule(LOOK_NO_MORE, str(pair.pk), at=end_of(pair.answer_by))


def left(enrollment: Enrollment) -> int:
    """How many more somebody may have or ask; an open request of their own holds its place.

    A known pair holds one from the day it was said to the other's yes or the last day to answer, whatever they answer.
    """
    places = Participation.objects.filter(enrollment=enrollment, mentorship__state__in=STANDING)
    places = places.exclude(answer=Answer.NOT_ASKED).exclude(answer=Answer.WAITING, mentorship__state="proposed")
    said = KnownPair.objects.filter(mine=enrollment).exclude(answer_by=None)
    standing = places.exclude(mentorship__known_pair__in=said)
    free, of_ceiling = places_of(enrollment) - standing.count() - said.count(), room.left_of_ceiling(enrollment)
    return free if of_ceiling is None else min(free, of_ceiling)


def require_a_place_in_line(mine: Enrollment) -> None:
    """DomainError if somebody's line is as long as it may be."""
    known = KnownPair.objects.filter(mine=mine, answer_by=None)
    if Wish.objects.filter(mine=mine).count() + known.count() >= MOST_WISHES:
        raise DomainError(_("%(count)s people wait in your line already. Take one out first.") % {"count": MOST_WISHES})


def send(mine: Enrollment, other: Enrollment, words: str = "", *, talk_first: bool = False) -> Mentorship:
    """Put the question to somebody who can be asked; they have the program's time to answer."""
    facts = {"words": words.strip(), "talk_first": talk_first, "aspects": (what_for(mine, other) or [])[:1]}
    mentorship = _make(mine, other, **facts, answer_by=services.deadline(mine.cycle))
    due.schedule(EXPIRY, str(mentorship.pk), at=end_of(mentorship.answer_by))
    return mentorship


def send_known(pair: KnownPair, other: Enrollment) -> Mentorship:
    """Ask the other of a known pair whether it is so; it ends with the pair, and not by itself."""
    assert pair.answer_by is not None, "Who waits in line is not looked for."
    pair.mentorship = _make(pair.mine, other, known=True, answer_by=pair.answer_by)
    pair.save(update_fields=["mentorship"])
    return pair.mentorship


def _make(mine: Enrollment, other: Enrollment, **facts: Any) -> Mentorship:
    now = clock.now()
    mentorship = Mentorship.objects.create(cycle=mine.cycle, proposed_at=now, requested_by=mine.role, **facts)
    asked = Participation(mentorship=mentorship, enrollment=other, person=other.person, role=other.role)
    asked.answer, asked.asked_at = Answer.WAITING, now
    asker = Participation(mentorship=mentorship, enrollment=mine, person=mine.person, role=mine.role)
    asker.answer, asker.asked_at, asker.answered_at = Answer.YES, now, now
    Participation.objects.bulk_create([asker, asked])
    audit.record("mentorship.requested", subject=mentorship, actor=mine.person, cycle=str(mine.cycle_id))
    services.put_question(asked, asker)
    return mentorship


def end_of(day: date) -> datetime:
    """The end of a day where the society is."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=services.zone())


def require_possible(mine: Enrollment, other: Enrollment, *, known: bool = False) -> None:
    """DomainError with the first reason why these two cannot be a pair by request; it tells nothing of anybody else.

    known: they are a pair already, so the other need not be in the directory.
    """
    gone = _("%(name)s cannot be asked any more. Look for somebody else.") % {"name": other.person.address_name}
    already = _("You have asked %(name)s already.") % {"name": other.person.address_name}
    require_asking(mine)
    same_session = mine.cycle_id == other.cycle_id and mine.role != other.role and mine.person_id != other.person_id
    listed = known or Listing.objects.filter(enrollment=other).exists()
    if not (same_session and listed and other.state in CAN_ASK):
        raise DomainError(gone)
    between = Mentorship.objects.filter(participations__enrollment=mine).filter(participations__enrollment=other)
    if standing := between.filter(state__in=STANDING).first():
        seen = shown_to(mine.participations.all()).filter(mentorship=standing).exists()
        raise DomainError(already if seen else gone)
    if Wish.objects.filter(mine=mine, other=other).exists():
        raise DomainError(already)
    mentor, mentee = (mine, other) if mine.role == "mentor" else (other, mine)
    if between.filter(state=Mentorship.State.DECLINED).exists() or any(rule(mentor, mentee) for rule in _forbids):
        raise DomainError(gone)
    if room.is_full(other) or room.is_at_ceiling(other):
        raise DomainError(_("%(name)s has no place left by now.") % {"name": other.person.address_name})
    if not known and what_for(mine, other) == []:
        said = _("%(name)s helps with nothing for which you still look for a mentor.")
        said = said if mine.role == "mentee" else _("%(name)s looks for nobody any more for what you help with.")
        raise DomainError(said % {"name": other.person.address_name})


def require_asking(mine: Enrollment) -> None:
    """DomainError unless somebody may ask others by themselves."""
    if not has_directory(mine.cycle):
        raise DomainError(_("People do not find each other by themselves in this session."))
    if mine.state not in CAN_ASK:
        raise DomainError(_("You can ask others once your sign-up is in order."))


def lock(*both: Enrollment) -> None:
    """The people's rows, always in one order, as when a question is answered; then their sign-ups as they are now."""
    people = Person.objects.select_for_update(no_key=True).filter(pk__in=[each.person_id for each in both])
    list(people.order_by("pk"))
    for each in both:
        each.refresh_from_db(fields=["state", "answers"])

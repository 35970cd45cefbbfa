"""Finding each other: who is in a session's directory, who asked whom, and who is asked next.

A request is a mentorship that one of the two proposed: their yes stands from the beginning, so the other's yes under
the lock of `answer_yes` is where places are enforced. Further wishes wait in line until the one before is answered.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.models import Enrollment
from programs.enrollment.selectors import places_of
from programs.mentorships import mails, services
from programs.mentorships.models import Listing, Mentorship, Participation, Wish
from programs.mentorships.selectors import OPEN, STANDING
from programs.policy.models import Cycle
from tenants import audit, due
from tenants.people.models import Person

Answer = Participation.Answer
State = Enrollment.State
# Requests that nobody answered end under this kind; the reference is the mentorship's id.
EXPIRY = "mentorship.expiry"
MOST_WISHES = 5
CAN_ASK = (State.ELIGIBLE, State.MATCHED)
HAS_DIRECTORY = (Cycle.State.RECRUITING, Cycle.State.MATCHING, Cycle.State.RUNNING)

# Rules about pairs are known above; whoever knows them says which forbid one. Nothing is forbidden by nobody.
Forbids = Callable[[Enrollment, Enrollment], bool]
_forbids: list[Forbids] = []


def forbids(check: Forbids) -> Forbids:
    """Register who knows whether a hard rule forbids a mentor and a mentee; called as check(mentor, mentee)."""
    _forbids.append(check)
    return check


def has_directory(cycle: Cycle) -> bool:
    """Whether people of a session may find each other; off unless its program says so."""
    return "directory" in cycle.settings.matching.by and cycle.state in HAS_DIRECTORY


@transaction.atomic
def show_in_directory(*, enrollment: Enrollment, shown: bool) -> None:
    """Let others find somebody, or no longer; doing it twice changes nothing. Only the person decides it."""
    if not shown:
        Listing.objects.filter(enrollment=enrollment).delete()
    elif not has_directory(enrollment.cycle) or enrollment.state not in CAN_ASK:
        raise DomainError(_("You can be found here once your sign-up is in order."))
    else:
        Listing.objects.get_or_create(enrollment=enrollment, defaults={"listed_at": clock.now()})
    audit.record("directory.changed", subject=enrollment, actor=enrollment.person, shown=shown)


@transaction.atomic
def ask(
    *, mine: Enrollment, other: Enrollment, words: str = "", talk_first: bool = False, known: bool = False
) -> Mentorship | Wish:
    """Ask somebody of the directory, or put them in line behind those whom one has asked already.

    known: the two are a pair already and only have the program know it, so the other need not be in the directory.
    DomainError if they cannot be asked, with the reason.
    """
    _lock(mine, other)
    mine.refresh_from_db()
    other.refresh_from_db()
    _require_possible(mine, other, known=known)
    if left(mine) > 0:
        return _send(mine, other, words, talk_first=talk_first)
    if Wish.objects.filter(mine=mine).count() >= MOST_WISHES:
        raise DomainError(_("%(count)s people wait in your line already. Take one out first.") % {"count": MOST_WISHES})
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


def next_in_line(mine: Enrollment) -> None:
    """Send the next wish that can still be sent, as long as there is a place; wishes that cannot be any more go."""
    for wish in Wish.objects.select_for_update(of=["self"]).filter(mine=mine).select_related("other__person"):
        if left(mine) <= 0:
            return
        wish.delete()
        try:
            _require_possible(mine, wish.other, known=False)
        except DomainError:
            continue
        _send(mine, wish.other, wish.words, talk_first=wish.talk_first)


def left(enrollment: Enrollment) -> int:
    """How many more somebody may have or ask; an open request of their own holds its place."""
    places = Participation.objects.filter(enrollment=enrollment, mentorship__state__in=STANDING)
    return places_of(enrollment) - places.exclude(answer=Answer.WAITING, mentorship__state="proposed").count()


def _send(mine: Enrollment, other: Enrollment, words: str, *, talk_first: bool) -> Mentorship:
    now = clock.now()
    mentorship = Mentorship.objects.create(
        cycle=mine.cycle,
        proposed_at=now,
        answer_by=services.deadline(mine.cycle),
        requested_by=mine.role,
        words=words.strip(),
        talk_first=talk_first,
    )
    asked = Participation(mentorship=mentorship, enrollment=other, person=other.person, role=other.role)
    asked.answer, asked.asked_at = Answer.WAITING, now
    asker = Participation(mentorship=mentorship, enrollment=mine, person=mine.person, role=mine.role)
    asker.answer, asker.asked_at, asker.answered_at = Answer.YES, now, now
    Participation.objects.bulk_create([asker, asked])
    audit.record("mentorship.requested", subject=mentorship, actor=mine.person, cycle=str(mine.cycle_id))
    services.put_question(asked, asker)
    end_of_day = datetime.combine(mentorship.answer_by + timedelta(days=1), time(), tzinfo=services.zone())
    due.schedule(EXPIRY, str(mentorship.pk), at=end_of_day)
    return mentorship


def _require_possible(mine: Enrollment, other: Enrollment, *, known: bool) -> None:
    """DomainError with the first reason why these two cannot be a pair by request; it tells nothing of anybody else."""
    gone = _("%(name)s cannot be asked any more. Look for somebody else.") % {"name": other.person.address_name}
    if not has_directory(mine.cycle):
        raise DomainError(_("People do not find each other by themselves in this session."))
    if mine.state not in CAN_ASK:
        raise DomainError(_("You can ask others once your sign-up is in order."))
    same_session = mine.cycle_id == other.cycle_id and mine.role != other.role and mine.person_id != other.person_id
    listed = known or Listing.objects.filter(enrollment=other).exists()
    if not (same_session and listed and other.state in CAN_ASK):
        raise DomainError(gone)
    between = Mentorship.objects.filter(participations__enrollment=mine).filter(participations__enrollment=other)
    if between.filter(state__in=STANDING).exists() or Wish.objects.filter(mine=mine, other=other).exists():
        raise DomainError(_("You have asked %(name)s already.") % {"name": other.person.address_name})
    mentor, mentee = (mine, other) if mine.role == "mentor" else (other, mine)
    if between.filter(state=Mentorship.State.DECLINED).exists() or any(rule(mentor, mentee) for rule in _forbids):
        raise DomainError(gone)
    if services.places_taken(other) >= places_of(other):
        raise DomainError(_("%(name)s has no place left by now.") % {"name": other.person.address_name})


def _lock(mine: Enrollment, other: Enrollment) -> None:
    """Both people's rows, always in one order, as when a question is answered."""
    people = Person.objects.select_for_update(no_key=True).filter(pk__in=[mine.person_id, other.person_id])
    list(people.order_by("pk"))

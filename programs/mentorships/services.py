"""What happens between a proposal and an introduction: asking, answering, introducing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment import waiting
from programs.enrollment.agreeing import must_have_agreed
from programs.enrollment.models import Enrollment, Role
from programs.enrollment.room import say_room, says_room
from programs.enrollment.services import withdraw
from programs.mentorships import mails, room
from programs.mentorships.models import KnownPair, Mentorship, Participation
from programs.mentorships.selectors import OPEN, STANDING
from programs.mentorships.touch import asking
from programs.policy.models import Cycle
from tenants import audit, context, due
from tenants.people.models import Person

Answer = Participation.Answer
# Reminders lie in the platform's table of what is due under this kind; the reference is the participation's id.
REMINDER = "mentorship.reminder"
# After a no, whoever is next in the line of either is asked; the reference is the mentorship's id.
NEXT_IN_LINE = "mentorship.next_in_line"
REMIND_BEFORE = timedelta(days=2)
# So long two people have for their first conversation.
TO_TALK = timedelta(weeks=2)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pair that staff publishes: who, over what, and the sentences each of them will read."""

    mentor: Enrollment
    mentee: Enrollment
    aspects: Sequence[str]
    why_for_mentor: Sequence[str]
    why_for_mentee: Sequence[str]


@transaction.atomic
def propose(*, cycle: Cycle, proposal: Proposal, by: Person | None, first: str = "") -> Mentorship:
    """Ask whoever is asked first, by the cycle's policy unless said; with "nobody" the two are introduced at once."""
    now = clock.now()
    mentorship = Mentorship.objects.create(
        cycle=cycle, aspects=list(proposal.aspects), proposed_at=now, answer_by=deadline(cycle)
    )
    first = first or cycle.settings.matching.asked_first
    both = Participation.objects.bulk_create(
        Participation(
            mentorship=mentorship,
            enrollment=enrollment,
            person=enrollment.person,
            role=enrollment.role,
            why=list(why),
            **_first_answer(asked=first in ("both", enrollment.role), nobody=first == "nobody"),
        )
        for enrollment, why in (
            (proposal.mentor, proposal.why_for_mentor),
            (proposal.mentee, proposal.why_for_mentee),
        )
    )
    matched = Enrollment.objects.filter(pk__in=[proposal.mentor.pk, proposal.mentee.pk])
    matched.update(state=Enrollment.State.MATCHED, changed_at=now)
    audit.record("mentorship.proposed", subject=mentorship, actor=by, cycle=str(cycle.pk))
    if first == "nobody":
        _introduce(mentorship, at=now)
    for mine, other in (both, both[::-1]):
        if mine.answer == Answer.WAITING:
            put_question(mine, other)
    return mentorship


def _first_answer(*, asked: bool, nobody: bool) -> dict[str, object]:
    now = clock.now()
    if nobody:
        return {"answer": Answer.YES, "asked_at": now, "answered_at": now}
    if asked:
        return {"answer": Answer.WAITING, "asked_at": now}
    return {"answer": Answer.NOT_ASKED}


@transaction.atomic
def answer_yes(*, participation: Participation) -> Mentorship:
    """Accept a proposal. The last yes introduces the two, or lets them talk first; saying yes twice changes nothing.

    DomainError if the proposal is no longer open, or if places were filled in the meantime on either side.
    """
    mentorship, mine = _lock(participation)
    if mine.answer == Answer.YES:
        return mentorship
    _must_be_open(mentorship, mine)
    must_have_agreed(mine.enrollment)
    _require_a_place(mentorship, mine)
    write_answer(mine, Answer.YES)
    audit.record("mentorship.accepted", subject=mentorship, actor=mine.person)
    open_ones = list(mentorship.participations.select_related("person").exclude(answer=Answer.YES))
    if not open_ones:
        _begin(mentorship)
    for other in open_ones:
        if other.answer == Answer.NOT_ASKED:
            _ask_next(mentorship, other, mine)
    return mentorship


@transaction.atomic
def answer_no(*, participation: Participation, reason: str = "", none_this_session: bool = False) -> Mentorship:
    """Decline a proposal without blame: both wait for another pair, and whoever was not asked yet never hears of it.

    Who wants none this session does not wait: they keep the pairs that go on, or leave the session if there are none.
    """
    if none_this_session:  # what leaving holds is held in the same order everywhere
        waiting.hold_session(participation.mentorship.cycle_id)
    mentorship, mine = _lock(participation)
    if mine.answer == Answer.NO:
        return mentorship
    if mine.answer != Answer.YES or mentorship.state not in OPEN:  # a yes may be taken back
        _must_be_open(mentorship, mine)
    if none_this_session:  # before any sign-up, as everywhere
        Person.objects.select_for_update(no_key=True).get(pk=mine.person_id)
    write_answer(mine, Answer.NO, reason=reason)
    mentorship.state = Mentorship.State.DECLINED
    mentorship.save(update_fields=["state"])
    both = Enrollment.objects.select_for_update(of=["self"]).filter(participations__mentorship=mentorship)
    for enrollment in both.order_by("pk"):
        wait_again(enrollment)
    audit.record("mentorship.declined", subject=mentorship, actor=mine.person)
    if none_this_session:
        _take_no_more(mine)
    mails.tell_declined(mentorship, declined_by=mine)
    due.schedule(NEXT_IN_LINE, str(mentorship.pk), at=clock.now())
    return mentorship


def _take_no_more(mine: Participation) -> None:
    """No other pair in this session for somebody; pairs of this sign-up that go on stay."""
    sign_up = Enrollment.objects.select_related("person", "cycle__version").get(pk=mine.enrollment_id)
    if sign_up.participations.filter(mentorship__state__in=STANDING).exists():
        if says_room(sign_up):
            say_room(enrollment=sign_up, room=0)
    else:
        withdraw(enrollment=sign_up, by=mine.person)


def _ask_next(mentorship: Mentorship, mine: Participation, other: Participation) -> None:
    """Ask the second of the two, who has the full time to answer from now on."""
    mentorship.answer_by = deadline(mentorship.cycle)
    mentorship.save(update_fields=["answer_by"])
    mine.answer, mine.asked_at = Answer.WAITING, clock.now()
    mine.save(update_fields=["answer", "asked_at"])
    mine.mentorship = mentorship
    put_question(mine, other)


def put_question(mine: Participation, other: Participation) -> None:
    """Ask somebody by mail, and once more before the answer is due."""
    mails.ask(mine, other)
    reminder = _morning(mine.mentorship.answer_by - REMIND_BEFORE)
    if mine.mentorship.cycle.settings.matching.reminders and reminder > clock.now():
        due.schedule(REMINDER, str(mine.pk), at=reminder)


@transaction.atomic
def remind(*, participation: Participation) -> None:
    """Ask once more, if the answer is still wanted."""
    mentorship, mine = _lock(participation)
    if mentorship.state in OPEN and mine.answer == Answer.WAITING:
        mails.remind(mine)


def deadline(cycle: Cycle) -> date:
    """The last day to answer; its end in the society's time zone."""
    return cycle.settings.matching.offer_waits.after(this_day())


def this_day() -> date:
    """The day where the society is."""
    return clock.today(zone())


def _morning(day: date) -> datetime:
    """Nine in the morning, when people read mail."""
    return datetime.combine(day, time(9), tzinfo=zone())


def zone() -> tzinfo:
    """The society's time zone."""
    society = context.current()
    assert society is not None, "A mentorship belongs to a society."
    return society.zone


def _lock(participation: Participation) -> tuple[Mentorship, Participation]:
    """The mentorship and this person's place in it, both locked, always in this order."""
    mentorship = Mentorship.objects.select_for_update().get(pk=participation.mentorship_id)
    mine = Participation.objects.select_for_update(of=["self"]).select_related("person").get(pk=participation.pk)
    return mentorship, mine


def _must_be_open(mentorship: Mentorship, mine: Participation) -> None:
    if mentorship.state == Mentorship.State.ACTIVE:
        raise DomainError(
            _("You have been introduced already. If it isn’t working, say so on the page of your mentorship.")
        )
    if mentorship.state not in OPEN or mine.answer != Answer.WAITING:
        raise DomainError(_("This question is no longer open. Your home page shows where things stand."))


def _require_a_place(mentorship: Mentorship, mine: Participation) -> None:
    """Check both sides' places and ceilings at the moment of acceptance, holding both people's rows.

    Without their keys, so that pairs of the same people that are being published meanwhile need not wait, nor we.
    """
    people = mentorship.participations.values_list("person_id", flat=True)
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=list(people)).order_by("pk"))
    for place in mentorship.participations.select_related("enrollment__cycle__version", "person"):
        if place.enrollment.state == Enrollment.State.WITHDRAWN:
            raise DomainError(
                _("%(name)s does not take part any more. Choose “Not this one”, and we look for somebody else.")
                % {"name": place.person.address_name}
            )
        at_ceiling = room.is_at_ceiling(place.enrollment, beside=mentorship)
        if at_ceiling and place.person == mine.person:
            raise DomainError(
                _(
                    "You said that you take no more than %(most)s at once, in all programs together, and you have as "
                    "many. Change that on your own page, or choose “Not this one”."
                )
                % {"most": place.person.most_at_once}
            )
        if at_ceiling or room.is_full(place.enrollment, beside=mentorship):
            raise DomainError(
                _("%(name)s has no place left by now. Choose “Not this one”, and we look for somebody else.")
                % {"name": place.person.address_name}
            )


def write_answer(mine: Participation, answer: Participation.Answer, *, reason: str = "") -> None:
    """What somebody answered, now."""
    mine.answer, mine.answered_at, mine.decline_reason = answer, clock.now(), reason
    mine.save(update_fields=["answer", "answered_at", "decline_reason"])


def wait_again(enrollment: Enrollment) -> None:
    """Back among those who can be matched, unless another mentorship of this sign-up goes on."""
    if enrollment.participations.filter(mentorship__state__in=STANDING).exclude(answer=Answer.NO).exists():
        return
    if enrollment.state == Enrollment.State.MATCHED:
        enrollment.state, enrollment.changed_at = Enrollment.State.ELIGIBLE, clock.now()
        enrollment.save(update_fields=["state", "changed_at"])
    elif enrollment.before_pause == Enrollment.State.MATCHED:  # whoever pauses goes on pausing
        enrollment.before_pause = Enrollment.State.ELIGIBLE
        enrollment.save(update_fields=["before_pause"])


def _begin(mentorship: Mentorship) -> None:
    """Introduce two people who both said yes, or give them each other's address for a first conversation."""
    if mentorship.state == Mentorship.State.TALKING or not mentorship.talk_first:
        _introduce(mentorship)
        return
    mentorship.state = Mentorship.State.TALKING
    mentorship.answer_by = this_day() + TO_TALK
    mentorship.save(update_fields=["state", "answer_by"])
    mentorship.participations.update(answer=Answer.WAITING, asked_at=clock.now(), answered_at=None)
    audit.record("mentorship.talks", subject=mentorship)
    mails.let_talk(mentorship)
    for place in mentorship.participations.all():
        due.schedule(REMINDER, str(place.pk), at=_morning(mentorship.answer_by - REMIND_BEFORE))


def _introduce(mentorship: Mentorship, *, at: datetime | None = None) -> None:
    mentorship.state, mentorship.introduced_at = Mentorship.State.ACTIVE, at or clock.now()
    mentorship.save(update_fields=["state", "introduced_at"])
    KnownPair.objects.filter(mentorship=mentorship).delete()
    both, matched = Enrollment.objects.filter(participations__mentorship=mentorship), Enrollment.State.MATCHED
    both.filter(state=Enrollment.State.ELIGIBLE).update(state=matched, changed_at=clock.now())
    both.filter(state=Enrollment.State.PAUSED).update(before_pause=matched)
    audit.record("mentorship.introduced", subject=mentorship)
    mails.introduce(mentorship)
    asking.begin(mentorship)


def mentor_and_mentee(mentorship: Mentorship) -> tuple[Participation, Participation]:
    """The two places of a one-to-one mentorship, mentor first."""
    places = {place.role: place for place in mentorship.participations.select_related("person", "enrollment")}
    return places[Role.MENTOR], places[Role.MENTEE]

"""Pairs who go on together: each is asked alone, and only where both wish it do they hear of it.

A pair that goes on has a mentorship of its own in the next session. So its places count there and matching leaves it
alone, the last session's report stays true, and texts, dates and questions are those of the session that they are in.
The old one ends on the day on which the new session starts; until then the two count once in everybody's ceiling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment import waiting
from programs.enrollment.models import Enrollment
from programs.mentorships import room
from programs.mentorships.ending import end_mentorship
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.selectors import STANDING
from programs.mentorships.touch import asking
from programs.policy.document import Part
from programs.policy.models import Cycle
from programs.renewing import mails
from programs.renewing.links import here
from programs.renewing.models import Asked, GoingOn, Renewal, Wish
from tenants import audit, due
from tenants.people.models import Person

State = Enrollment.State
# Looking whether both wish it, and ending the old mentorship; the reference is the old mentorship's id.
KIND, HAND_OVER = "next_session.together", "next_session.hand_over"
# So long a second yes can be taken back before anybody hears of it.
WAIT = timedelta(minutes=10)
# Where something is still missing, one looks again tomorrow.
AGAIN = timedelta(days=1)
# Of so many pairs one is found for an example, or none is looked for any more.
LOOKED_AT = 20
# In these states a session can still take a pair that goes on.
TAKES = (Cycle.State.RECRUITING, Cycle.State.MATCHING)
# With a sign-up in these states somebody can go on: whoever waits for a place keeps the one that they have.
CAN = (State.ELIGIBLE, State.MATCHED, State.WAITLISTED, State.PAUSED)


@dataclass(frozen=True)
class Pair:
    """Somebody's mentorship, the other in it, and what was said about going on."""

    mentorship: Mentorship
    mine: Participation
    other: Person
    wish: bool | None
    goes_on: bool


@dataclass(frozen=True)
class Together:
    """What staff see: who goes on, and who wishes it and what that waits for. Who said no, they do not see."""

    go_on: Sequence[Sequence[Person]]
    wait: Sequence[Sequence[Person]]


def may_go_on(before: Part, after: Part) -> bool:
    """Whether pairs of the last session may go on in the next one, if both wish."""
    wished = after.mentorship.ends.continue_if_both_wish
    return wished and not before.in_groups and before.format == after.format


def how_many(last: Cycle, after: Part) -> int:
    """How many pairs would be asked whether they go on."""
    return pairs_in(last).count() if may_go_on(last.settings, after) else 0


def example(last: Cycle, after: Part, people: Sequence[Person]) -> tuple[Person, list[Person]]:
    """Whose mail to look at beforehand: somebody's who is asked to go on, with whom; else the first one's."""
    chosen = {person.pk for person in people}
    pairs = pairs_in(last).prefetch_related("participations__person") if may_go_on(last.settings, after) else ()
    for mentorship in pairs[:LOOKED_AT]:
        both = sorted((place.person for place in mentorship.participations.all()), key=lambda each: each.family_name)
        if mine := next((person for person in both if person.pk in chosen), None):
            return mine, [person for person in both if person.pk != mine.pk]
    return people[0], []


def shown_to_staff(renewal: Renewal) -> Together:
    """The pairs that go on in the next session, and those that both wish it and cannot yet."""
    gone_on = GoingOn.objects.filter(old__cycle=renewal.last_id).values("old")
    both = Wish.objects.filter(asked__renewal=renewal, yes=True).values("mentorship")
    wished = both.annotate(count=Count("pk")).filter(count=2).values("mentorship")
    people = Prefetch("participations", Participation.objects.select_related("person").order_by("-role"))
    of = Mentorship.objects.filter(cycle=renewal.last_id).prefetch_related(people).order_by("pk")
    wait = of.filter(pk__in=wished, state=Mentorship.State.ACTIVE).exclude(pk__in=gone_on)
    return Together(_people(of.filter(pk__in=gone_on)), _people(wait))


def _people(mentorships: QuerySet[Mentorship]) -> list[list[Person]]:
    return [[place.person for place in each.participations.all()] for each in mentorships]


def pairs_of(asked: Asked) -> list[Pair]:
    """With whom somebody could go on: those with whom they are a pair now."""
    if not may_go_on(asked.renewal.last.settings, asked.renewal.coming.settings):
        return []
    mine = Participation.objects.filter(person=asked.person, mentorship__in=pairs_in(asked.renewal.last))
    wishes = dict(asked.wishes.values_list("mentorship_id", "yes"))
    gone_on = set(GoingOn.objects.filter(old__cycle=asked.renewal.last_id).values_list("old_id", flat=True))
    found = []
    for place in mine.select_related("mentorship").prefetch_related("mentorship__participations__person"):
        pk = place.mentorship_id
        other = next(each.person for each in place.mentorship.participations.all() if each.pk != place.pk)
        found.append(Pair(place.mentorship, place, other, wishes.get(pk), pk in gone_on))
    return found


def pairs_in(last: Cycle) -> QuerySet[Mentorship]:
    """The pairs of a session that are pairs now."""
    return Mentorship.objects.filter(cycle=last, state=Mentorship.State.ACTIVE).order_by("introduced_at", "pk")


@transaction.atomic
def wish(*, asked: Asked, mentorship: Mentorship, yes: bool | None) -> None:
    """Say whether one would like to go on with somebody; None takes it back. Saying it again changes nothing.

    DomainError once it is settled, or for a pair that there is not.
    """
    Asked.objects.select_for_update(of=["self"]).get(pk=asked.pk)
    pair = next((each for each in pairs_of(asked) if each.mentorship.pk == mentorship.pk), None)
    if pair is None:
        raise DomainError(_("The two of you are no pair any more, so there is nothing to go on with."))
    if pair.wish == yes:
        return
    if pair.goes_on:
        raise DomainError(_("You both wished to go on, and you do. On the page about you two you can end it."))
    if yes is None:
        asked.wishes.filter(mentorship=mentorship).delete()
    else:
        values = {"yes": yes, "said_at": clock.now()}
        Wish.objects.update_or_create(asked=asked, mentorship=mentorship, defaults=values)
    # Not which: it is nobody's but theirs.
    audit.record("next_session.wished", subject=mentorship, actor=asked.person)
    if yes:
        due.schedule(KIND, str(mentorship.pk), at=clock.now() + WAIT)


def forget_wishes(asked: Asked) -> None:
    """Whoever does not come again goes on with nobody; what is settled already stays as it is."""
    asked.wishes.filter(mentorship__goes_on_as=None).delete()


@transaction.atomic
def settle(*, mentorship: Mentorship) -> GoingOn | None:
    """Have a pair go on if both wish it and can; if something is still missing, look again tomorrow."""
    renewal = Renewal.objects.select_related("last__version").filter(last=mentorship.cycle_id).first()
    if renewal is None:
        return None
    coming = _held(renewal)
    old = Mentorship.objects.select_for_update(of=["self"]).get(pk=mentorship.pk)
    if coming.state not in TAKES or old.state != Mentorship.State.ACTIVE or not both_wish(old):
        return None
    if GoingOn.objects.filter(old=old).exists():
        return None
    before = list(old.participations.select_related("person").order_by("role"))
    list(
        Person.objects.select_for_update(no_key=True).filter(pk__in=[each.person_id for each in before]).order_by("pk")
    )
    places = _places(coming, before)
    if places is None or any(_has_no_room(each, old) for each in places):
        due.schedule(KIND, str(old.pk), at=clock.now() + AGAIN)
        return None
    return _carry_over(old, coming, before, places)


@transaction.atomic
def hand_over(*, mentorship: Mentorship) -> None:
    """The new session has started: the old mentorship ends without a word, for the two go on. Twice changes nothing."""
    gone_on = GoingOn.objects.select_related("old", "new__cycle").filter(old=mentorship).first()
    if gone_on is None or gone_on.old.state != Mentorship.State.ACTIVE:
        return
    starts = _first_morning(gone_on.new.cycle)
    if clock.now() < starts:  # the day was moved on
        due.schedule(HAND_OVER, str(mentorship.pk), at=starts)
        return
    end_mentorship(mentorship=gone_on.old, by=None, reason=_("They go on in the next session."))
    sign_ups = Enrollment.objects.filter(participations__mentorship=mentorship, state=State.ELIGIBLE)
    sign_ups.update(state=State.FINISHED, changed_at=clock.now())


def both_wish(mentorship: Mentorship) -> bool:
    """Whether both of a pair said yes."""
    return Wish.objects.filter(mentorship=mentorship, yes=True).count() == 2


def counted_elsewhere() -> QuerySet[Mentorship]:
    """Old mentorships whose new ones stand: in the ceiling of whoever has both, the two are one."""
    return Mentorship.objects.filter(goes_on_as__new__state__in=STANDING)


def _places(coming: Cycle, before: Sequence[Participation]) -> list[Enrollment] | None:
    """The two's sign-ups to the next session, locked; None where one of them has none with which they can go on."""
    found = []
    for place in sorted(before, key=lambda each: each.person_id):
        there = Enrollment.objects.select_for_update(of=["self"]).filter(
            cycle=coming, person=place.person, role=place.role, state__in=CAN
        )
        enrollment = there.select_related("person").first()
        if enrollment is None:
            return None
        enrollment.cycle = coming
        found.append(enrollment)
    return found


def _has_no_room(enrollment: Enrollment, old: Mentorship) -> bool:
    return room.is_full(enrollment) or room.is_at_ceiling(enrollment, beside=old)


def _carry_over(
    old: Mentorship, coming: Cycle, before: Sequence[Participation], places: Sequence[Enrollment]
) -> GoingOn:
    now, by_person = clock.now(), {each.person_id: each for each in places}
    new = Mentorship.objects.create(
        cycle=coming,
        state=Mentorship.State.ACTIVE,
        aspects=old.aspects,
        proposed_at=now,
        introduced_at=now,
        answer_by=clock.today(here().zone),
        known=old.known,
        ask_every=old.ask_every,
        paused_until=old.paused_until,
    )
    Participation.objects.bulk_create(
        Participation(
            mentorship=new,
            enrollment=by_person[each.person_id],
            person=each.person,
            role=each.role,
            answer=Participation.Answer.YES,
            asked_at=now,
            answered_at=now,
            why=each.why,
        )
        for each in before
    )
    mine = Enrollment.objects.filter(pk__in=[each.pk for each in places])
    mine.filter(state=State.PAUSED).update(before_pause=State.MATCHED)
    mine.exclude(state=State.PAUSED).update(state=State.MATCHED, waiting_since=None, changed_at=now)
    gone_on = GoingOn.objects.create(old=old, new=new, since=now)
    audit.record("mentorship.goes_on", subject=new, before=str(old.pk), cycle=str(coming.pk))
    mails.tell_going_on(new)
    asking.begin(new)
    due.schedule(HAND_OVER, str(old.pk), at=_first_morning(coming))
    return gone_on


def _held(renewal: Renewal) -> Cycle:
    """The next session, held: publishing its pairs and giving its places wait until the end."""
    rows = Cycle.objects.select_for_update(of=["self"], no_key=True).select_related("version", "program")
    coming = rows.get(pk=renewal.coming_id)
    waiting.hold(coming)
    return coming


def _first_morning(cycle: Cycle) -> datetime:
    return datetime.combine(cycle.starts_on, time(9), tzinfo=here().zone)

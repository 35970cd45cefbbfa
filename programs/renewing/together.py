"""Pairs and groups who go on together: each is asked alone, and of a pair both have to wish it before either hears.

Who goes on has a mentorship of its own in the next session. So its places count there and matching leaves it alone,
the last session's report stays true, and texts, dates and questions are those of the session that they are in.
The old one ends on the day on which the new session starts; until then the two count once in everybody's ceiling.

A group goes on with those of it who wish it, if these are a group still. That is settled once, when everybody in it has
said a word or when sign-up closes, so that nobody reads by and by who has answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment import waiting
from programs.enrollment.models import Enrollment, Role
from programs.mentorships import room
from programs.mentorships.content.forgetting import carry_over
from programs.mentorships.ending import end_mentorship
from programs.mentorships.leaving import LEAST_OF_A_GROUP
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.selectors import STANDING
from programs.mentorships.touch import asking
from programs.policy.document import Part
from programs.policy.models import Cycle
from programs.policy.services import plans
from programs.policy.words import ROLES_OF
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
# Of so many one is found for an example, or none is looked for any more.
LOOKED_AT = 20
# In these states a session can still take a pair that goes on.
TAKES = (Cycle.State.RECRUITING, Cycle.State.MATCHING)
# Who says one of these comes again, and may go on with somebody.
COMES = (Asked.Answer.AGAIN, Asked.Answer.CHANGE)
# With a sign-up in these states somebody can go on: whoever waits for a place keeps the one that they have.
CAN = (State.ELIGIBLE, State.MATCHED, State.WAITLISTED, State.PAUSED)


@dataclass(frozen=True)
class Pair:
    """Somebody's mentorship, the others in it, and what was said about going on."""

    mentorship: Mentorship
    mine: Participation
    others: Sequence[Person]
    wish: bool | None
    goes_on: bool
    # Nothing is to be said any more: it goes on, with its owner or without.
    is_settled: bool
    in_group: bool

    @property
    def called(self) -> str:
        """The others as one addresses them."""
        return mails.named(self.others)


@dataclass(frozen=True)
class Together:
    """What staff see: who goes on, and who wishes it and what that waits for. Who said no, they do not see."""

    go_on: Sequence[Sequence[Person]]
    wait: Sequence[Sequence[Person]]


def may_go_on(before: Part, after: Part) -> bool:
    """Whether pairs or groups of the last session may go on in the next one, if they wish."""
    return after.mentorship.ends.continue_if_both_wish and before.format == after.format


def how_many(last: Cycle, after: Part) -> int:
    """How many pairs or groups would be asked whether they go on."""
    return pairs_in(last).count() if may_go_on(last.settings, after) else 0


def example(last: Cycle, after: Part, people: Sequence[Person]) -> tuple[Person, list[Person]]:
    """Whose mail to look at beforehand: somebody's who is asked to go on, with whom; else the first one's."""
    chosen = {person.pk for person in people}
    pairs = pairs_in(last).prefetch_related("participations__person") if may_go_on(last.settings, after) else ()
    for mentorship in pairs[:LOOKED_AT]:
        everybody = sorted(_there(mentorship), key=lambda each: each.family_name)
        if mine := next((person for person in everybody if person.pk in chosen), None):
            return mine, [person for person in everybody if person.pk != mine.pk]
    return people[0], []


def shown_to_staff(renewal: Renewal) -> Together:
    """Who goes on in the next session, and who wishes it, as far as it would be enough, and cannot yet."""
    people = Prefetch("participations", Participation.objects.select_related("person").order_by("-role"))
    there = Mentorship.objects.prefetch_related(people).order_by("pk")
    go_on = [_there(each) for each in there.filter(goes_on_from__old__cycle=renewal.last_id)]
    gone_on = GoingOn.objects.filter(old__cycle=renewal.last_id).values("old")
    wait = []
    wished = set(Wish.objects.filter(asked__renewal=renewal, yes=True).values_list("mentorship", "asked__person"))
    of = there.filter(cycle=renewal.last_id, pk__in={pk for pk, _person in wished}, state=Mentorship.State.ACTIVE)
    for each in of.exclude(pk__in=gone_on):
        places = [place for place in each.participations.all() if (each.pk, place.person_id) in wished]
        if _are_enough(renewal.coming.settings, places):
            wait.append([place.person for place in places])
    return Together(go_on, wait)


def _there(mentorship: Mentorship) -> list[Person]:
    """Who is in a mentorship now."""
    return [each.person for each in mentorship.participations.all() if each.answer != Participation.Answer.NO]


def pairs_of(asked: Asked) -> list[Pair]:
    """With whom somebody could go on: those with whom they are together now."""
    last = asked.renewal.last.settings
    if not may_go_on(last, asked.renewal.coming.settings):
        return []
    mine = Participation.objects.filter(person=asked.person, mentorship__in=pairs_in(asked.renewal.last))
    wishes = dict(asked.wishes.values_list("mentorship_id", "yes"))
    gone_on = GoingOn.objects.filter(old__cycle=asked.renewal.last_id)
    settled = set(gone_on.values_list("old_id", flat=True))
    with_me = set(gone_on.filter(new__participations__person=asked.person).values_list("old_id", flat=True))
    found = []
    rows = mine.exclude(answer=Participation.Answer.NO).select_related("mentorship")
    for place in rows.prefetch_related("mentorship__participations__person"):
        pk = place.mentorship_id
        others = [person for person in _there(place.mentorship) if person.pk != asked.person_id]
        found.append(
            Pair(place.mentorship, place, others, wishes.get(pk), pk in with_me, pk in settled, last.in_groups)
        )
    return found


def pairs_in(last: Cycle) -> QuerySet[Mentorship]:
    """The pairs or groups of a session that are that now."""
    return Mentorship.objects.filter(cycle=last, state=Mentorship.State.ACTIVE).order_by("introduced_at", "pk")


@transaction.atomic
def wish(*, asked: Asked, mentorship: Mentorship, yes: bool | None) -> None:
    """Say whether one would like to go on with somebody; None takes it back. Saying it again changes nothing.

    DomainError once it is settled, or for a pair that there is not.
    """
    Asked.objects.select_for_update(of=["self"]).get(pk=asked.pk)
    pair = next((each for each in pairs_of(asked) if each.mentorship.pk == mentorship.pk), None)
    if pair is None:
        raise DomainError(_("You are not together any more, so there is nothing to go on with."))
    if pair.wish == yes:
        return
    if pair.is_settled:
        raise DomainError(_settled_words(pair))
    if yes is None:
        asked.wishes.filter(mentorship=mentorship).delete()
    else:
        values = {"yes": yes, "said_at": clock.now()}
        Wish.objects.update_or_create(asked=asked, mentorship=mentorship, defaults=values)
    # Not which: it is nobody's but theirs.
    audit.record("next_session.wished", subject=mentorship, actor=asked.person)
    if yes or pair.in_group:
        due.schedule(KIND, str(mentorship.pk), at=clock.now() + WAIT)


def _settled_words(pair: Pair) -> str:
    if not pair.in_group:
        return _("You both wished to go on, and you do. On the page about you two you can end it.")
    if pair.goes_on:
        return _("You wished to go on with your group, and you do. On its page you can leave it.")
    return _("Your group goes on with those who wished it. Write to us if you would like to be in it again.")


def forget_wishes(asked: Asked) -> None:
    """Whoever does not come again goes on with nobody; what is settled already stays as it is."""
    with_me = GoingOn.objects.filter(new__participations__person=asked.person).values("old")
    asked.wishes.exclude(mentorship__in=with_me).delete()


@transaction.atomic
def settle(*, mentorship: Mentorship) -> GoingOn | None:
    """Have a pair go on if both wish it and can, and a group with those who do once nobody else is waited for; if
    something is still missing, look again tomorrow.
    """
    renewal = Renewal.objects.select_related("last__version").filter(last=mentorship.cycle_id).first()
    if renewal is None:
        return None
    coming = _held(renewal)
    old = Mentorship.objects.select_for_update(of=["self"]).get(pk=mentorship.pk)
    if coming.state not in TAKES or old.state != Mentorship.State.ACTIVE:
        return None
    before = _wishing(old)
    if GoingOn.objects.filter(old=old).exists() or not _are_enough(coming.settings, before):
        return None
    list(
        Person.objects.select_for_update(no_key=True).filter(pk__in=[each.person_id for each in before]).order_by("pk")
    )
    places = [each for each in _places(coming, before) if not _has_no_room(each, old)]
    can = {each.person_id for each in places}
    with_place = [each for each in before if each.person_id in can]
    in_groups = coming.settings.in_groups
    closes = _close_of(coming)
    is_over = coming.state != Cycle.State.RECRUITING or clock.now() >= closes
    if in_groups and not is_over and (len(can) < len(before) or _is_waited_for(renewal, old)):
        due.schedule(KIND, str(old.pk), at=closes)
        return None
    if not _are_enough(coming.settings, with_place):
        due.schedule(KIND, str(old.pk), at=clock.now() + AGAIN)
        return None
    return _carry_over(old, coming, with_place, places)


def settle_groups(coming: Cycle) -> None:
    """Settle what is not settled yet about groups that go on in a session, before others are suggested in it."""
    for pk in _unsettled(coming):
        settle(mentorship=Mentorship.objects.get(pk=pk))


@plans
def plan_settling(coming: Cycle) -> None:
    """Once sign-up is over nobody of a group is waited for any more."""
    if coming.state in TAKES:
        over = coming.state == Cycle.State.MATCHING
        due.schedule_all(KIND, map(str, _unsettled(coming)), at=clock.now() if over else _close_of(coming))


def _unsettled(coming: Cycle) -> list[UUID]:
    """The groups of the session before of which somebody wished to go on in this one, in a fixed order."""
    if not coming.settings.in_groups:
        return []
    wished = Wish.objects.filter(asked__renewal__coming=coming, yes=True, mentorship__goes_on_as=None)
    return sorted(set(wished.order_by().values_list("mentorship_id", flat=True)))


def _wishing(mentorship: Mentorship) -> list[Participation]:
    """Those of a mentorship who said yes."""
    yes = Wish.objects.filter(mentorship=mentorship, yes=True).values("asked__person")
    there = mentorship.participations.exclude(answer=Participation.Answer.NO).filter(person__in=yes)
    return list(there.select_related("person").order_by("role", "pk"))


def _are_enough(part: Part, people: Sequence[Participation]) -> bool:
    """Whether these can go on together: both of a pair; of a group those without whom it would be none, and two."""
    roles = {each.role for each in people}
    needed = {"triad": set(ROLES_OF["triad"]), "group": {Role.MENTOR.value}}.get(part.format, set())
    return len(people) >= LEAST_OF_A_GROUP and needed <= roles


def _is_waited_for(renewal: Renewal, old: Mentorship) -> bool:
    """Whether somebody of a group is asked, and has neither answered that nor said that they do not come again."""
    if renewal.asked_at is None:  # the mails are being written
        return True
    people = old.participations.exclude(answer=Participation.Answer.NO).values("person")
    asked = Asked.objects.filter(renewal=renewal, person__in=people, answer__in=["", *COMES])
    return asked.exclude(pk__in=Wish.objects.filter(mentorship=old).values("asked")).exists()


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
    carry_over(old=gone_on.old, new=gone_on.new)
    end_mentorship(mentorship=gone_on.old, by=None, reason=_("They go on in the next session."))
    sign_ups = Enrollment.objects.filter(participations__mentorship=mentorship, state=State.ELIGIBLE)
    sign_ups.update(state=State.FINISHED, changed_at=clock.now())


def counted_elsewhere() -> QuerySet[Mentorship]:
    """Old mentorships whose new ones stand: in the ceiling of whoever has both, the two are one."""
    return Mentorship.objects.filter(goes_on_as__new__state__in=STANDING)


def _places(coming: Cycle, before: Sequence[Participation]) -> list[Enrollment]:
    """Their sign-ups to the next session, locked, of those who have one with which they can go on."""
    found = []
    for place in sorted(before, key=lambda each: each.person_id):
        there = Enrollment.objects.select_for_update(of=["self"]).filter(
            cycle=coming, person=place.person, role=place.role, state__in=CAN
        )
        enrollment = there.select_related("person").first()
        if enrollment is not None:
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
            # In a group it was said of all who were in it then.
            why=[] if coming.settings.in_groups else each.why,
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


def _close_of(coming: Cycle) -> datetime:
    """When sign-up is over: after its last day."""
    return datetime.combine(coming.sign_up_closes_on + timedelta(days=1), time(0), tzinfo=here().zone)


def _first_morning(cycle: Cycle) -> datetime:
    return datetime.combine(cycle.starts_on, time(9), tzinfo=here().zone)

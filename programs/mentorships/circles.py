"""Groups: staff publish who meets, and everybody is introduced at once. Nobody is asked one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from chiron.kernel import clock
from programs.enrollment.models import Enrollment
from programs.mentorships import mails
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.services import this_day
from programs.mentorships.showing import Shown
from programs.mentorships.touch import asking
from programs.policy.models import Cycle
from tenants import audit
from tenants.people.models import Person


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody of a group that staff publish, and the sentences that they will read."""

    enrollment: Enrollment
    why: Sequence[str] = ()


@transaction.atomic
def introduce_group(*, cycle: Cycle, places: Sequence[Place], by: Person | None) -> Mentorship:
    """Make people a group: each reads of the others, by mail and on their page."""
    now = clock.now()
    mentorship = Mentorship.objects.create(
        cycle=cycle, state=Mentorship.State.ACTIVE, proposed_at=now, introduced_at=now, answer_by=this_day()
    )
    Participation.objects.bulk_create(
        Participation(
            mentorship=mentorship,
            enrollment=place.enrollment,
            person=place.enrollment.person,
            role=place.enrollment.role,
            answer=Participation.Answer.YES,
            asked_at=now,
            answered_at=now,
            why=list(place.why),
        )
        for place in places
    )
    matched = Enrollment.objects.filter(pk__in=[place.enrollment.pk for place in places])
    matched.update(state=Enrollment.State.MATCHED, changed_at=now)
    audit.record("mentorship.introduced", subject=mentorship, actor=by, cycle=str(cycle.pk), people=len(places))
    mails.introduce_group(mentorship)
    asking.begin(mentorship)
    return mentorship


def others_in(mine: Participation) -> list[Shown]:
    """Everybody else of a group as its owner sees them, whoever leads it first."""
    everybody = mine.mentorship.participations.all()
    others = [each for each in everybody if each.pk != mine.pk and each.answer != Participation.Answer.NO]
    others.sort(key=lambda each: (LEADS.get(each.role, 1), each.person.family_name, each.person.given_name))
    return [Shown(mine, each) for each in others]


LEADS = {"mentor": 0, "senior": 0, "early": 2}

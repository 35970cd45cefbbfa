"""The mails that people of a program get first, each as it will look: written to somebody invented, and undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chiron.kernel import clock
from programs.enrollment.services import sign_up
from programs.invitations import mails as invitations
from programs.invitations.models import Invitation
from programs.mentorships import mails as mentorships
from programs.mentorships.circles import Place, introduce_group
from programs.mentorships.models import Mentorship
from programs.mentorships.touch import mails as touch
from programs.policy.document import Part, Policy
from programs.policy.models import Program
from programs.policy.words import ROLES_OF
from programs.viewing.inventing import Cast, Scene
from tenants import audit, context
from tenants.due import Lane
from tenants.models import Society
from tenants.outbox.letter import Letter, pointing_at
from tenants.outbox.models import OutboxMail
from tenants.outbox.services import draft, post
from tenants.people.models import Person

SENT = "first_mails.sent"
TEMPLATE = "first_mails"
# Pressed twice, they are sent once.
AGAIN_AFTER = timedelta(minutes=1)
A_MONTH = timedelta(days=30)

Write = Callable[[Cast], None]


@dataclass(frozen=True)
class FirstMail:
    """One of them: when it is written, to whom, and its words."""

    when: str
    to: str
    letter: Letter


def main_part(policy: Policy) -> Part:
    """What a program is about: its pairs, where it has them."""
    return policy.first_one_to_one() or policy.parts[0]


def first_mails(program: Program, *, viewer: Person) -> list[FirstMail]:
    """The first mails of a program under its newest settings, in the order in which somebody would get them."""
    version = program.versions.first()
    if version is None:
        return []
    part = main_part(version.policy)
    page = _here().url(reverse("enrollment:program", args=[program.slug]))
    found = []
    for when, role, write in _moments(part):
        scene = Scene(program, version, part, role, viewer)
        letter = pointing_at(page, _written(scene, write), origin=_here().url(""))
        found.append(FirstMail(when, part.roles[role].called, letter))
    return found


@transaction.atomic
def send_first_mails(*, program: Program, to: Person) -> int:
    """Send all of them to a member of the staff alone; returns how many. Pressed twice, they are sent once."""
    sent = OutboxMail.objects.filter(template=TEMPLATE, recipient=to.email)
    found = first_mails(program, viewer=to)
    if sent.filter(written_at__gt=clock.now() - AGAIN_AFTER).exists():
        return len(found)
    mails = [draft(TEMPLATE, each.letter, to=to.email, name=to.name, reply_to=program.contact) for each in found]
    post(mails, wait=timedelta(0), lane=Lane.NORMAL)
    audit.record(SENT, subject=program, actor=to, mails=len(mails))
    return len(mails)


def _moments(part: Part) -> Iterator[tuple[str, str, Write]]:
    """When a mail is written, to which role, and by what."""
    roles = ROLES_OF[part.format]
    first, last = roles[0], roles[-1]
    yield _("When you invite somebody"), first, _invited
    yield _("When they have signed up"), last, _signed_up
    if part.in_groups:
        yield _("When you publish the groups"), last, _in_a_group
        yield _("A month later"), first, _asked_whether_the_group_met
    elif part.format == "one_to_one":
        asked_first = part.matching.asked_first
        if asked_first != "nobody":
            yield _("When you publish the pairs"), first if asked_first == "both" else asked_first, _asked
        yield _("When both have said yes"), last, _introduced
        yield _("A month later"), first, _asked_whether_they_met


def _written(scene: Scene, write: Write) -> Letter:
    """The words of the mail that the invented person gets; nothing of it stays."""
    with transaction.atomic():
        cast = Cast(scene, clock.today(_here().zone))
        write(cast)
        mail = OutboxMail.objects.filter(recipient=cast.me.email).latest("written_at", "id")
        transaction.set_rollback(True)
    return Letter(mail.subject, mail.html, mail.text)


def _invited(cast: Cast) -> None:
    me, now = cast.me, clock.now()
    invitation = Invitation.objects.create(
        cycle=cast.cycle, role=cast.scene.who, person=me, given_name=me.given_name, family_name=me.family_name,
        email=me.email, created_at=now, written_at=now,
    )  # fmt: skip
    invitations.invite(invitation)


def _signed_up(cast: Cast) -> None:
    answers = {"stage": cast.me.stage, "specialty": cast.me.specialty}
    sign_up(cycle=cast.cycle, person=cast.me, role=cast.scene.who, answers=answers, by=None, confirms=True)


def _asked(cast: Cast) -> None:
    cast.ask()
    mine = _pair(cast).participations.get(person=cast.me)
    mentorships.ask(mine, mentorships.other_of(mine))


def _introduced(cast: Cast) -> None:
    cast.introduce()
    mentorships.introduce(_pair(cast))


def _asked_whether_they_met(cast: Cast) -> None:
    cast.introduce()
    _ask(cast, _pair(cast))


def _in_a_group(cast: Cast) -> None:
    _group(cast)


def _asked_whether_the_group_met(cast: Cast) -> None:
    _ask(cast, _group(cast))


def _ask(cast: Cast, mentorship: Mentorship) -> None:
    everybody = touch.people_of(mentorship)
    mine = next(each for each in everybody if each.person_id == cast.me.pk)
    touch.write("mentorship_question", mine, everybody, since=cast.today - A_MONTH)


def _pair(cast: Cast) -> Mentorship:
    return Mentorship.objects.select_related("cycle__program", "cycle__version").get(cycle=cast.cycle)


def _group(cast: Cast) -> Mentorship:
    places = [Place(enrollment, [_("This stands for the reasons of a real group.")]) for enrollment in cast.gather()]
    return introduce_group(cycle=cast.cycle, places=places, by=None)


def _here() -> Society:
    society = context.current()
    assert society is not None, "A program belongs to a society."
    return society

"""What people are written who are invited, or who are asked for their yes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from programs.enrollment.agreeing import Owed
from programs.invitations.links import here, link_for, no_more_link, spoken_link
from programs.invitations.models import Invitation, SpokenSignUp
from programs.policy.models import Cycle
from programs.policy.wording import words_in_mail
from tenants import outbox
from tenants.brands import brand_of
from tenants.outbox.letter import Letter, compose
from tenants.outbox.models import Mailing, OutboxMail

# Staff have this long to take a mail back.
WAIT = timedelta(minutes=10)


@dataclass(frozen=True)
class Addressee:
    """To whom an invitation goes, and how the mail speaks to them."""

    name: str
    email: str
    address_name: str


def invite(
    invitation: Invitation, *, nominated_by: str = "", wait: timedelta = WAIT, mailing: Mailing | None = None
) -> OutboxMail:
    """The invitation itself, with the way to get no more of them; in the back of the queue."""
    letter = letter_values(invitation, link=link_for(invitation), nominated_by=nominated_by)
    return _send(invitation, letter, wait, mailing)


def sample(invitation: Invitation, *, to: str, nominated_by: str = "") -> OutboxMail:
    """The same mail to a member of the staff alone; its button leads to the program's page and lets nobody in."""
    program = invitation.cycle.program
    page = here().url(reverse("enrollment:program", args=[program.slug]))
    letter = letter_values(invitation, link=page, nominated_by=nominated_by) | {"no_more": page}
    addressee = Addressee(invitation.name, to, _called(invitation))
    (mail,) = outbox.mail("invitation", to=addressee, context=letter, reply_to=program.contact)
    return mail


def preview(invitation: Invitation) -> Letter:
    """The same mail, to look at."""
    page = here().url(reverse("enrollment:program", args=[invitation.cycle.program.slug]))
    values = letter_values(invitation, link=page) | {"no_more": page}
    brand = replace(brand_of(here()), contact=invitation.cycle.program.contact)
    addressee = Addressee(invitation.name, invitation.email, _called(invitation))
    return compose("invitation", values | {"recipient": addressee, "brand": brand})


def letter_values(invitation: Invitation, *, link: str, nominated_by: str = "") -> dict[str, object]:
    """What the mail says, for the mail and for looking at it beforehand."""
    cycle = invitation.cycle
    return {
        "invitation": invitation,
        "called": _called(invitation),
        "program": cycle.program,
        "cycle": cycle,
        "role": role_called(cycle, invitation.role),
        "time_commitment": cycle.version.policy.time_commitment,
        "own_words": words_in_mail(cycle.program, "invited"),
        "nominated_by": nominated_by,
        "link": link,
        "no_more": no_more_link(invitation.email),
    }


def ask_for_yes(spoken: SpokenSignUp) -> None:
    """Ask whoever spoke on the phone to look at what was filled in, and to say yes."""
    program = spoken.cycle.program
    context = {
        "program": program,
        "cycle": spoken.cycle,
        "role": role_called(spoken.cycle, spoken.role),
        "by": spoken.by,
        "link": spoken_link(spoken),
    }
    outbox.mail("spoken_sign_up", to=spoken.person, context=context, reply_to=program.contact)


def remind_to_agree(owed: Owed, *, wait: timedelta, mailing: Mailing | None = None) -> None:
    """Remind somebody of what they have still to agree to, with the way to get no more of this."""
    enrollment = owed.enrollment
    agree = reverse("enrollment:agree", args=[enrollment.cycle_id, enrollment.role])
    outbox.mail(
        "agree_reminder",
        to=enrollment.person,
        context=_owed_values(owed, link=here().url(agree), no_more=no_more_link(enrollment.person.email)),
        reply_to=enrollment.cycle.program.contact,
        wait=wait,
        unsubscribe=lambda _recipient: no_more_link(enrollment.person.email),
        mailing=mailing,
    )


def sample_reminder(owed: Owed, *, to: str) -> None:
    """The same mail to a member of the staff alone; its links lead to the program's page."""
    program = owed.enrollment.cycle.program
    person = owed.enrollment.person
    page = here().url(reverse("enrollment:program", args=[program.slug]))
    addressee = Addressee(person.name, to, person.address_name)
    values = _owed_values(owed, link=page, no_more=page)
    outbox.mail("agree_reminder", to=addressee, context=values, reply_to=program.contact)


def preview_reminder(owed: Owed) -> Letter:
    """The same mail, to look at."""
    program = owed.enrollment.cycle.program
    page = here().url(reverse("enrollment:program", args=[program.slug]))
    brand = replace(brand_of(here()), contact=program.contact)
    values = _owed_values(owed, link=page, no_more=page)
    return compose("agree_reminder", values | {"recipient": owed.enrollment.person, "brand": brand})


def _owed_values(owed: Owed, *, link: str, no_more: str) -> dict[str, object]:
    cycle = owed.enrollment.cycle
    return {
        "program": cycle.program,
        "cycle": cycle,
        "role": role_called(cycle, owed.enrollment.role),
        "titles": [each.title or _("We agree") for each in owed.agreements],
        "link": link,
        "no_more": no_more,
    }


def role_called(cycle: Cycle, role: str) -> str:
    """The society's own word for a role."""
    return cycle.settings.roles[role].called


def _send(invitation: Invitation, letter: dict[str, object], wait: timedelta, mailing: Mailing | None) -> OutboxMail:
    (mail,) = outbox.mail(
        "invitation",
        to=Addressee(invitation.name, invitation.email, _called(invitation)),
        context=letter,
        reply_to=invitation.cycle.program.contact,
        wait=wait,
        unsubscribe=lambda _recipient: no_more_link(invitation.email),
        mailing=mailing,
    )
    return mail


def _called(invitation: Invitation) -> str:
    """How the person wishes to be addressed, where the society knows them under this very address."""
    person = invitation.person
    known = person is not None and person.name == invitation.name
    return person.address_name if known and person is not None else invitation.name

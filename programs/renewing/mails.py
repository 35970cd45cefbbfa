"""What everybody of the last session is written: one mail, its reminder, and how either looks beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from programs.enrollment.models import Enrollment
from programs.invitations.links import no_more_link
from programs.policy.models import Cycle
from programs.renewing.links import here, link_for
from programs.renewing.models import Asked
from tenants import outbox
from tenants.brands import brand_of
from tenants.outbox.letter import Letter, compose
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person

Answer = Asked.Answer
# What the links behind the button are called; the button itself is “Again, same details”.
LINKS = (Answer.CHANGE, Answer.NOT_NOW, Answer.LATER)


@dataclass(frozen=True)
class About:
    """What one mail is about: whose it is, which session ends, and which one comes."""

    person: Person
    sign_ups: Sequence[Enrollment]
    last: Cycle
    coming: Cycle
    words: str


@dataclass(frozen=True)
class Myself:
    """A member of the staff who looks at a mail as somebody else would get it."""

    name: str
    email: str
    address_name: str


def ask(asked: Asked, sign_ups: Sequence[Enrollment]) -> OutboxMail:
    """Ask somebody whether they come again, with the way to get no such mails; in the back of the queue."""
    return _send("next_session", asked, sign_ups)


def remind(asked: Asked, sign_ups: Sequence[Enrollment]) -> OutboxMail:
    """Ask once more, before sign-up closes."""
    return _send("next_session_reminder", asked, sign_ups)


def sample(about: About, *, to: str) -> None:
    """The same mail to a member of the staff alone; its links lead to the program's page."""
    addressee = Myself(about.person.name, to, about.person.address_name)
    outbox.mail("next_session", to=addressee, context=_looked_at(about), reply_to=about.coming.program.contact)


def preview(about: About) -> Letter:
    """The same mail, to look at."""
    brand = replace(brand_of(here()), contact=about.coming.program.contact)
    return compose("next_session", _looked_at(about) | {"recipient": about.person, "brand": brand})


def _send(template: str, asked: Asked, sign_ups: Sequence[Enrollment]) -> OutboxMail:
    renewal, no_more = asked.renewal, no_more_link(asked.person.email)
    about = About(asked.person, sign_ups, renewal.last, renewal.coming, renewal.words)
    context = _values(about) | {
        "link": link_for(asked, Answer.AGAIN),
        "links": [(each.label, link_for(asked, each)) for each in LINKS],
        "no_more": no_more,
    }
    (mail,) = outbox.mail(
        template,
        to=asked.person,
        context=context,
        reply_to=renewal.coming.program.contact,
        unsubscribe=lambda _recipient: no_more,
    )
    return mail


def _looked_at(about: About) -> dict[str, Any]:
    page = here().url(reverse("enrollment:program", args=[about.coming.program.slug]))
    return _values(about) | {"link": page, "links": [(each.label, page) for each in LINKS], "no_more": page}


def _values(about: About) -> dict[str, Any]:
    roles = about.coming.settings.roles
    return {
        "last": about.last,
        "cycle": about.coming,
        "program": about.coming.program,
        "roles": [roles[each.role].called for each in about.sign_ups],
        "own_words": about.words,
        "time_commitment": about.coming.version.policy.time_commitment,
    }

"""What everybody of the last session is written: one mail, its reminder, and how either looks beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.enrollment.models import Enrollment
from programs.invitations.links import no_more_link
from programs.mentorships import links as mentorship_links
from programs.mentorships.models import Mentorship
from programs.policy.models import Cycle
from programs.renewing.links import here, link_for, link_together
from programs.renewing.models import Asked
from programs.renewing.moving_on import is_asked_to_mentor
from tenants import outbox
from tenants.brands import brand_of
from tenants.outbox.letter import Letter, compose
from tenants.outbox.models import Mailing, OutboxMail
from tenants.people.models import Person

Answer = Asked.Answer
# Of a group so many are named in a line.
NAMED = 3
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
    # With whom they could go on, and where they say so.
    pairs: Sequence[tuple[Sequence[Person], str]] = ()


@dataclass(frozen=True)
class Myself:
    """A member of the staff who looks at a mail as somebody else would get it."""

    name: str
    email: str
    address_name: str


def named(people: Sequence[Person]) -> str:
    """People in a line: all of them, or the first and how many more."""
    names = [person.address_name for person in people]
    if len(names) > NAMED + 1:
        more = len(names) - NAMED
        names = [*names[:NAMED], ngettext("%(count)d more", "%(count)d more", more) % {"count": more}]
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def ask(
    asked: Asked,
    sign_ups: Sequence[Enrollment],
    pairs: Sequence[tuple[Mentorship, Sequence[Person]]] = (),
    *,
    mailing: Mailing | None = None,
) -> OutboxMail:
    """Ask somebody whether they come again, with the way to get no such mails; in the back of the queue."""
    return _send("next_session", asked, sign_ups, pairs, mailing)


def remind(
    asked: Asked,
    sign_ups: Sequence[Enrollment],
    pairs: Sequence[tuple[Mentorship, Sequence[Person]]] = (),
    *,
    mailing: Mailing | None = None,
) -> OutboxMail:
    """Ask once more, before sign-up closes."""
    return _send("next_session_reminder", asked, sign_ups, pairs, mailing)


def tell_going_on(mentorship: Mentorship) -> None:
    """Tell both that they go on together, for both wished it; of a group, everybody who goes on."""
    cycle = mentorship.cycle
    template = "group_goes_on" if cycle.settings.in_groups else "going_on_together"
    places = list(mentorship.participations.select_related("person", "mentorship__cycle"))
    for mine in places:
        others = [each.person for each in places if each.pk != mine.pk]
        context = {
            "other": others[0],
            "others": others,
            "program": cycle.program,
            "cycle": cycle,
            "link": mentorship_links.link_for(mine),
        }
        outbox.mail(template, to=mine.person, context=context, reply_to=cycle.program.contact)


def sample(about: About, *, to: str) -> None:
    """The same mail to a member of the staff alone; its links lead to the program's page."""
    addressee = Myself(about.person.name, to, about.person.address_name)
    outbox.mail("next_session", to=addressee, context=_looked_at(about), reply_to=about.coming.program.contact)


def preview(about: About) -> Letter:
    """The same mail, to look at."""
    brand = replace(brand_of(here()), contact=about.coming.program.contact)
    return compose("next_session", _looked_at(about) | {"recipient": about.person, "brand": brand})


def _send(
    template: str,
    asked: Asked,
    sign_ups: Sequence[Enrollment],
    pairs: Sequence[tuple[Mentorship, Sequence[Person]]],
    mailing: Mailing | None,
) -> OutboxMail:
    renewal, no_more = asked.renewal, no_more_link(asked.person.email)
    together = [(others, link_together(asked, mentorship)) for mentorship, others in pairs]
    about = About(asked.person, sign_ups, renewal.last, renewal.coming, renewal.words, together)
    context = _values(about) | {
        "link": link_for(asked, Answer.AGAIN),
        "links": [(each.label, link_for(asked, each)) for each in LINKS],
        "to_mentor": link_for(asked, Answer.MENTOR) if is_asked_to_mentor(sign_ups, renewal.coming) else "",
        "no_more": no_more,
    }
    (mail,) = outbox.mail(
        template,
        to=asked.person,
        context=context,
        reply_to=renewal.coming.program.contact,
        unsubscribe=lambda _recipient: no_more,
        mailing=mailing,
    )
    return mail


def _looked_at(about: About) -> dict[str, Any]:
    page = here().url(reverse("enrollment:program", args=[about.coming.program.slug]))
    links = [(each.label, page) for each in LINKS]
    pairs = [(named(others), page) for others, _address in about.pairs]
    mentor = page if is_asked_to_mentor(about.sign_ups, about.coming) else ""
    return _values(about) | {"link": page, "links": links, "no_more": page, "pairs": pairs, "to_mentor": mentor}


def _values(about: About) -> dict[str, Any]:
    roles = about.coming.settings.roles
    return {
        "last": about.last,
        "cycle": about.coming,
        "program": about.coming.program,
        "roles": [roles[each.role].called for each in about.sign_ups],
        "own_words": about.words,
        "pairs": [(named(others), address) for others, address in about.pairs],
        "in_groups": about.last.settings.in_groups,
        "time_commitment": about.coming.version.policy.time_commitment,
    }

"""Who would like to take part some time: they say so, hear when sign-up opens, are asked once after a silent year."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _

from chiron.kernel import clock, signing
from chiron.kernel.errors import DomainError
from programs.enrollment.models import Enrollment
from programs.policy.lengths import Length
from programs.policy.models import Cycle, Interest, Program
from programs.policy.offered import takes_sign_ups
from programs.policy.wording import words_in_mail
from tenants import audit, context, due, outbox
from tenants.models import Society
from tenants.outbox import mailings
from tenants.outbox.models import Mailing
from tenants.people.models import Person
from tenants.people.names import checked_name

KIND, PURPOSE = "interest", "interest"
# Telling the whole list that sign-up is open; the reference is the session's id.
OPENED = "interest.opened"
# By the hour after, staff have invited whom they would rather choose themselves, or have closed sign-up again.
FIRST_STAFF, AT_ONCE = timedelta(hours=1), 100
SILENCE, LAST_CHANCE = Length(12, "month"), timedelta(days=30)
INVITES = ("interest_invited", "interest_still")
OWN_WORDS = {"interest_invited": "invited", "interest_still": "still_interested"}
# Whoever is on the list already is told again that they are, but not with every press.
TOLD_AGAIN_AFTER = timedelta(days=1)
# Staff have this long to take a mail back.
WAIT = timedelta(minutes=10)

InvitationLink = Callable[[Interest, Cycle, Person], str]

_links: list[InvitationLink] = []
_wanting_none: list[Callable[[], set[str]]] = []


def leave_out(wanting_none: Callable[[], set[str]]) -> None:
    """Have addresses, in small letters, left out of telling that sign-up is open. Who wants none is known above."""
    _wanting_none.append(wanting_none)


def invite_by(link: InvitationLink) -> None:
    """Have a function make the link by which somebody who is interested comes in. Invitations lie above."""
    _links.append(link)


@transaction.atomic
def say_interest(
    *,
    program: Program,
    given_name: str,
    family_name: str,
    email: str,
    role: str,
    stage: str,
    text: str,
    told: bool = False,
) -> Interest:
    """Put somebody on the program's list. Said again, the newer words count, and nobody learns that they were there.

    A mail tells them, with the way off the list; whoever typed somebody else's address has done no harm. Said again
    after a day, it tells them again: else a stranger could keep them on the list for good, in words of the stranger's.
    Who is `told` at once, by the page to which a mail of theirs led, gets no mail.
    """
    now = clock.now()
    said = {
        "given_name": checked_name(given_name, field="given_name"),
        "family_name": checked_name(family_name, field="family_name"),
        "stage": stage,
        "text": text.strip(),
        "heard_at": now,
        "asked_at": None,
    }
    interest, new = Interest.objects.select_for_update().get_or_create(
        program=program, email__iexact=email, role=role, defaults={**said, "email": email, "said_at": now}
    )
    if new:
        if not told:
            _write(interest, "interest_noted")
        audit.record("interest.said", subject=program)
    else:
        told_lately = interest.heard_at > now - TOLD_AGAIN_AFTER
        for name, value in said.items():
            setattr(interest, name, value)
        interest.save(update_fields=list(said))
        if not told and not told_lately:
            _write(interest, "interest_noted")
    _ask_in_a_year(interest, now)
    return interest


@transaction.atomic
def stay_interested(*, interest: Interest) -> Interest:
    """Somebody still is: they are asked again after twelve more silent months."""
    now = clock.now()
    interest.heard_at, interest.asked_at = now, None
    if Interest.objects.filter(pk=interest.pk).update(heard_at=now, asked_at=None):
        _ask_in_a_year(interest, now)
    return interest


@transaction.atomic
def forget_interest(*, interest: Interest) -> None:
    """Take somebody off the list for good; what they had said goes too. Twice changes nothing."""
    due.cancel(KIND, str(interest.pk))
    gone, _kinds = Interest.objects.filter(pk=interest.pk).delete()
    if gone:
        audit.record("interest.forgotten", subject=interest.program)


@transaction.atomic
def forget_address(email: str) -> None:
    """Take whoever marked a mail of ours as spam off every list."""
    for interest in Interest.objects.select_related("program").filter(email__iexact=email):
        forget_interest(interest=interest)


@transaction.atomic
def ask_or_forget(*, interest: Interest) -> None:
    """After twelve silent months: ask once. After a month without an answer: forget."""
    now = clock.now()
    locked = Interest.objects.select_for_update(of=["self"]).select_related("program").filter(pk=interest.pk).first()
    if locked is None:
        return
    interest = locked
    if interest.asked_at is not None and now >= interest.asked_at + LAST_CHANCE:
        forget_interest(interest=interest)
    elif interest.asked_at is not None:  # an answer is still waited for
        due.schedule(KIND, str(interest.pk), at=interest.asked_at + LAST_CHANCE)
    elif now >= _a_year_after(interest.heard_at):
        interest.asked_at = now
        interest.save(update_fields=["asked_at"])
        _write(interest, "interest_still")
        due.schedule(KIND, str(interest.pk), at=now + LAST_CHANCE)
    else:  # they were heard of meanwhile
        _ask_in_a_year(interest, interest.heard_at)


@transaction.atomic
def invite_interested(*, interests: Iterable[Interest], cycle: Cycle, by: Person) -> int:
    """Write to those who are interested that sign-up is open; returns to how many.

    DomainError if it is not, or if the society may not invite that many.
    """
    if not takes_sign_ups(cycle, clock.today(_here().zone)):
        raise DomainError(
            _("Sign-up for %(session)s is not open, so nobody can be invited to it.") % {"session": cycle}
        )
    unwanted = _unwanted()
    people = [each for each in interests if each.email.lower() not in unwanted]
    if not people:
        return 0
    key = f"interest.invited:{cycle.pk}:{clock.now().isoformat()}"
    mailing = mailings.begin(key=key, title=_told(cycle), people=len(people), wait=WAIT, by=by)
    count = 0
    for interest in people:
        link = _invitation_link(interest, cycle, by)
        _write(interest, "interest_invited", cycle=cycle, wait=WAIT, link=link, mailing=mailing)
        interest.invited_at, interest.invited_to = clock.now(), cycle
        interest.save(update_fields=["invited_at", "invited_to"])
        count += 1
    audit.record("interest.invited", subject=cycle, actor=by, people=count)
    return count


def plan_telling(cycle: Cycle) -> None:
    """After a session was opened or its days were moved: plan anew when everybody on the list is told, as promised."""
    zone = _here().zone
    opens = datetime.combine(cycle.sign_up_opens_on, time(9), tzinfo=zone)
    due.schedule(OPENED, str(cycle.pk), at=max(opens, clock.now() + FIRST_STAFF), lane=due.Lane.BULK)


@transaction.atomic
def tell_that_it_opened(*, cycle: Cycle) -> None:
    """Tell those on the list whom staff have not invited and who have not signed up, where anybody may sign up."""
    part, today = cycle.settings, clock.today(_here().zone)
    if not takes_sign_ups(cycle, today):
        if cycle.state == Cycle.State.RECRUITING and cycle.sign_up_opens_on > today:  # the day was moved on
            plan_telling(cycle)
        return
    here = Enrollment.objects.filter(cycle=cycle).values("person__email")
    roles = [role for role in part.roles if part.way_in(role) != "invitation"]
    waiting = cycle.program.interests.filter(role__in=roles).exclude(invited_to=cycle).exclude(email__in=here)
    waiting = waiting.annotate(address=Lower("email")).exclude(address__in=_unwanted())
    told = list(waiting.select_for_update(of=["self"]).order_by("said_at", "pk")[:AT_ONCE])
    if not told:
        return
    try:
        mailing = mailings.begin(key=f"{OPENED}:{cycle.pk}", title=_told(cycle), people=waiting.count())
    except DomainError:  # “Written to many” says why
        due.schedule(OPENED, str(cycle.pk), at=clock.now() + mailings.ASK_AGAIN_AFTER, lane=due.Lane.BULK)
        return
    if mailing.stopped_at is not None:
        return
    for interest in told:
        _write(interest, "interest_invited", cycle=cycle, mailing=mailing)
        interest.invited_at, interest.invited_to = clock.now(), cycle
        interest.save(update_fields=["invited_at", "invited_to"])
    audit.record("interest.invited", subject=cycle, people=len(told))
    if len(told) == AT_ONCE:
        due.schedule(OPENED, str(cycle.pk), at=clock.now(), lane=due.Lane.BULK)


def send_me_one(*, program: Program, cycle: Cycle, me: Person) -> None:
    """The invitation as somebody interested would get it, to the member of staff alone."""
    now = clock.now()
    sample = Interest(
        program=program, given_name=me.given_name, family_name=me.family_name, email=me.email, role="mentee",
        said_at=now, heard_at=now,
    )  # fmt: skip
    _write(sample, "interest_invited", cycle=cycle)


def interested_in(program: Program, *, role: str = "") -> QuerySet[Interest]:
    """The standing list, longest waiting first."""
    found = program.interests.select_related("invited_to")
    return found.filter(role=role) if role else found


def interest_by(token: str) -> Interest | None:
    """Whose link this is, None once they are forgotten; signing.Expired after its time, Http404 for no link of ours."""
    pk = UUID(signing.unseal(token, purpose=PURPOSE, society=_here().pk))
    return Interest.objects.select_related("program").filter(pk=pk).first()


def link_for(interest: Interest) -> str:
    """Where somebody stays on the list or leaves it, without signing in."""
    society = _here()
    until = _a_year_after(clock.now()) + 2 * LAST_CHANCE
    token = signing.seal(str(interest.pk), purpose=PURPOSE, society=society.pk, until=until)
    return society.url(reverse("interest:answer", args=[token]))


def _ask_in_a_year(interest: Interest, since: datetime) -> None:
    due.schedule(KIND, str(interest.pk), at=_a_year_after(since), lane=due.Lane.BULK)


def _a_year_after(moment: datetime) -> datetime:
    return datetime.combine(SILENCE.after(moment.date()), moment.timetz())


def _invitation_link(interest: Interest, cycle: Cycle, by: Person) -> str:
    return next((link(interest, cycle, by) for link in _links), "")


def _write(
    interest: Interest,
    template: str,
    *,
    cycle: Cycle | None = None,
    wait: timedelta = timedelta(0),
    link: str = "",
    mailing: Mailing | None = None,
) -> None:
    society, program = _here(), interest.program
    newest = program.versions.first()
    sign_up = reverse("enrollment:who", args=[cycle.pk, interest.role]) if cycle else ""
    values = {
        "interest": interest,
        "program": program,
        "cycle": cycle,
        "words": words_in_mail(program, OWN_WORDS[template]) if template in OWN_WORDS else "",
        "time_commitment": newest.policy.time_commitment if newest else "",
        "link": link_for(interest),
        "sign_up": link or (society.url(sign_up) if sign_up else ""),
    }
    leave = link_for(interest)
    outbox.mail(
        template,
        to=interest,
        context=values,
        reply_to=program.contact,
        wait=wait,
        unsubscribe=(lambda _recipient: leave) if template in INVITES else None,
        mailing=mailing,
    )


def _unwanted() -> set[str]:
    """Addresses that get no such mail: their owners want none, or the last one came back."""
    return mailings.undeliverable().union(*(wanting_none() for wanting_none in _wanting_none))


def _told(cycle: Cycle) -> str:
    return _("Sign-up to %(program)s, %(session)s is open") % {"program": cycle.program.name, "session": cycle.name}


def _here() -> Society:
    society = context.current()
    assert society is not None, "A program belongs to a society."
    return society

"""Inviting one person, writing again, taking back; and who wants no invitations at all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.models import Enrollment
from programs.invitations import mails, visits
from programs.invitations.links import here, link_for
from programs.invitations.models import Invitation, Nomination, OptOut, Round
from programs.policy.models import Cycle, Interest
from programs.policy.offered import takes_sign_ups
from programs.policy.words import ROLES_OF
from tenants import audit, outbox
from tenants.outbox import mailings
from tenants.outbox.models import Mailing, OutboxMail
from tenants.people.models import Person
from tenants.people.names import checked_name

if TYPE_CHECKING:
    from collections.abc import Iterable

# Whoever asked for a new link has it by then.
ASK_AGAIN_AFTER = timedelta(minutes=10)


@transaction.atomic
def invite(
    *,
    cycle: Cycle,
    role: str,
    given_name: str,
    family_name: str = "",
    email: str,
    words: str = "",
    person: Person | None = None,
    nomination: Nomination | None = None,
    by: Person,
) -> Invitation:
    """Invite one person, who gets a mail in ten minutes.

    DomainError if sign-up is not open, the person is signed up, is invited already or wants no invitations, or if the
    society may not invite anybody more yet.
    """
    check_open(cycle, role)
    given_name = checked_name(given_name, field="given_name")
    if not given_name:
        raise DomainError(_("Type a first name."), field="given_name")
    email = _settle_address(person, email, by) if person is not None else email.strip().lower()
    check_wanted(cycle, role, email)
    invitation = the_row(cycle, role, email)
    _check_not_invited(invitation)
    if refused := mailings.refusal(1):
        raise DomainError(refused)
    invitation.given_name, invitation.family_name = given_name, checked_name(family_name, field="family_name")
    invitation.person = person or Person.objects.filter(email__iexact=email).first()
    invitation.words, invitation.by = words.strip(), by
    nominated_by = _close(nomination, invitation, by) if nomination else ""
    write(invitation, nominated_by=nominated_by)
    audit.record("invitation.made", subject=invitation, actor=by, cycle=str(cycle.pk), role=role)
    return invitation


@transaction.atomic
def write_again(*, invitation: Invitation, by: Person | None) -> Invitation:
    """Write the mail again; its link is good for another month. Without `by` the person asked for it themselves.

    A mail that still waits leaves at once instead. DomainError as for `invite`; asked for twice within minutes, it is
    written once.
    """
    locked = _locked(invitation)
    check_open(locked.cycle, locked.role)
    check_wanted(locked.cycle, locked.role, locked.email, asked_for=by is None)
    if locked.taken_back_at is not None:
        raise DomainError(_("This invitation was taken back. Invite %(name)s anew.") % {"name": locked.name})
    if locked.mail is not None and locked.mail.state == OutboxMail.State.WAITING:
        outbox.send_now(mail=locked.mail, by=by)
        locked.written_at = clock.now()
        locked.save(update_fields=["written_at"])
        return locked
    if clock.now() < locked.written_at + ASK_AGAIN_AFTER:
        if by is None:
            return locked
        raise DomainError(_("A mail to %(name)s was written a moment ago.") % {"name": locked.name})
    write(locked, wait=timedelta(0))
    audit.record("invitation.written_again", subject=locked, actor=by or locked.person)
    return locked


@transaction.atomic
def take_back(*, invitation: Invitation, by: Person) -> Invitation:
    """End an invitation: its link lets nobody in any more, and a mail that waits stays here. Twice changes nothing.

    Whoever came in by the link is signed out, unless a code proved since that it is they.
    """
    locked = _locked(invitation)
    if locked.taken_back_at is not None:
        return locked
    locked.taken_back_at = clock.now()
    locked.save(update_fields=["taken_back_at"])
    if locked.mail is not None and locked.mail.state == OutboxMail.State.WAITING:
        outbox.take_back(mail=locked.mail, by=by)
    visits.end(locked, by=by)
    audit.record("invitation.taken_back", subject=locked, actor=by)
    return locked


@transaction.atomic
def decline(*, invitation: Invitation) -> Invitation:
    """Somebody would rather not, this time. They may change their mind while sign-up is open."""
    locked = _locked(invitation)
    if locked.declined_at is None:
        locked.declined_at = clock.now()
        locked.save(update_fields=["declined_at"])
        audit.record("invitation.declined", subject=locked, actor=locked.person)
    return locked


@transaction.atomic
def want_no_more(*, email: str) -> None:
    """An address gets no invitations of this society any more, and no mail to many; those that wait do not leave.
    Twice changes nothing.

    What a link had opened there ends: whoever wants none is perhaps not who came in by it.
    """
    _row_made, new = OptOut.objects.get_or_create(email=email.lower(), defaults={"at": clock.now()})
    if not new:
        return
    waiting = OutboxMail.objects.filter(recipient__iexact=email, state=OutboxMail.State.WAITING)
    for mail in waiting.filter(headers__has_key="List-Unsubscribe"):
        outbox.take_back(mail=mail)
    for invitation in Invitation.objects.select_for_update(of=["self"]).filter(email__iexact=email).order_by("pk"):
        visits.end(invitation)
    audit.record("invitation.no_more")


def whoever_complained(email: str) -> None:
    """Whoever marks a mail of ours as spam gets no invitations any more, as if they had asked for that."""
    want_no_more(email=email)


@transaction.atomic
def want_them_again(*, email: str) -> None:
    """Take that back."""
    gone, _kinds = OptOut.objects.filter(email__iexact=email).delete()
    if gone:
        audit.record("invitation.wanted_again")


@transaction.atomic
def link_for_interested(interest: Interest, cycle: Cycle, by: Person) -> str:
    """The link for somebody who had said that they are interested; the mail is that of the standing list."""
    invitation = the_row(cycle, interest.role, interest.email)
    invitation.given_name, invitation.family_name = interest.given_name, interest.family_name
    invitation.person = Person.objects.filter(email__iexact=interest.email).first()
    invitation.written_at, invitation.taken_back_at, invitation.by = clock.now(), None, by
    invitation.save()
    return link_for(invitation)


def no_more_invitations(cycle: Cycle) -> str:
    """Why nobody will ever be invited to a session again; empty while somebody may be."""
    if cycle.state != Cycle.State.CLOSED:
        return ""
    return _("%(session)s is finished, so nobody can be invited to it.") % {"session": cycle.name}


def check_open(cycle: Cycle, role: str) -> None:
    """DomainError if nobody can sign up to the session in this role today."""
    if refused := no_more_invitations(cycle):
        raise DomainError(refused)
    if role not in ROLES_OF[cycle.settings.format] or not takes_sign_ups(cycle, clock.today(here().zone)):
        raise DomainError(
            _("Sign-up for %(session)s is not open, so nobody can be invited to it.") % {"session": cycle}
        )


def check_wanted(cycle: Cycle, role: str, email: str, *, asked_for: bool = False) -> None:
    """DomainError if the owner of an address has signed up, or wants no invitations."""
    if email.lower() in signed_up_addresses(cycle, role, [email]):
        raise DomainError(_("%(email)s has signed up already.") % {"email": email}, field="email")
    if not asked_for and wants_none(email):
        raise DomainError(
            _("%(email)s asked to get no invitations. Call them, or let them sign up by themselves.")
            % {"email": email},
            field="email",
        )


def wants_none(email: str) -> bool:
    """Whether the owner of an address wants no invitations of this society."""
    return OptOut.objects.filter(email__iexact=email).exists()


def signed_up_addresses(cycle: Cycle, role: str, emails: Iterable[str]) -> set[str]:
    """Those of some addresses, in small letters, whose owners are signed up in this role and have not left."""
    rows = Enrollment.objects.filter(cycle=cycle, role=role, person__email__in={*emails, *map(str.lower, emails)})
    live = rows.exclude(state=Enrollment.State.WITHDRAWN)
    return {email.lower() for email in live.values_list("person__email", flat=True)}


def write(
    invitation: Invitation,
    *,
    round_: Round | None = None,
    nominated_by: str = "",
    wait: timedelta = mails.WAIT,
    mailing: Mailing | None = None,
) -> None:
    """Write the mail of an invitation and keep when that was; what was said of an earlier one is over."""
    invitation.written_at, invitation.taken_back_at = clock.now(), None
    if round_ is not None:
        invitation.round = round_
    invitation.save()
    invitation.mail = mails.invite(invitation, nominated_by=nominated_by, wait=wait, mailing=mailing)
    invitation.save(update_fields=["mail"])


def the_row(cycle: Cycle, role: str, email: str) -> Invitation:
    """The one row of an address for a session and role, locked; made if there is none."""
    now = clock.now()
    defaults = {"email": email.lower(), "created_at": now, "written_at": now}
    row, _new = Invitation.objects.select_for_update(of=["self"]).get_or_create(
        cycle=cycle, role=role, email__iexact=email, defaults=defaults
    )
    row.cycle = cycle
    return row


def _check_not_invited(row: Invitation) -> None:
    if row.is_new or row.taken_back_at is not None:
        return
    day = date_format(row.written_at.astimezone(here().zone), "F j")
    raise DomainError(
        _("%(name)s was invited on %(day)s. Write again from the list.") % {"name": row.name, "day": day},
        field="email",
    )


def _settle_address(person: Person, email: str, by: Person) -> str:
    """The address of somebody on the list; one who has none gets the one that staff typed."""
    if person.email:
        return person.email.lower()
    email = email.strip().lower()
    if not email:
        raise DomainError(_("No mail address is known of %(name)s. Type it.") % {"name": person.name}, field="email")
    if Person.objects.filter(email__iexact=email).exists():
        raise DomainError(_("Somebody else has this address."), field="email")
    person.email = email
    person.save(update_fields=["email"])
    audit.record("person.address_noted", subject=person, actor=by)
    return email


def _close(nomination: Nomination, invitation: Invitation, by: Person) -> str:
    """The nomination is answered; returns whom the mail names, if they allowed it."""
    invitation.save()
    nomination.state, nomination.invitation, nomination.decided_by = Nomination.State.INVITED, invitation, by
    nomination.save(update_fields=["state", "invitation", "decided_by"])
    return nomination.by.address_name if nomination.may_name and nomination.by is not None else ""


def _locked(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=["self"])
    return rows.select_related("cycle__program", "cycle__version", "person", "mail").get(pk=invitation.pk)

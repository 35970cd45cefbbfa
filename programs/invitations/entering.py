"""Coming in by the link of an invitation.

The link proves the address, as a code does, so on the first visit no code is asked. But a mail may be forwarded, and so
it opens nothing that is worth keeping from others: once the person has anything here but a row of the membership list,
a code is asked after all. Whoever comes in by it is there alone, for each entry ends the visits before; and the first
code that proves the address ends the visit that the link had opened. So does the end of the invitation itself.
"""

from __future__ import annotations

import enum
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, login, logout
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.signing_up import become_known
from programs.invitations import visits
from programs.invitations.models import Invitation
from programs.invitations.services import check_open, wants_none
from programs.policy.models import Cycle
from tenants import audit, context
from tenants.accounts.models import Account
from tenants.accounts.services import account_for, sign_out_everywhere
from tenants.people.models import Person
from tenants.people.services import join_person

BY_LINK = "by_link"


class Way(enum.Enum):
    """How somebody goes on from an invitation."""

    IN = enum.auto()  # signed in now, or all along
    CODE = enum.auto()  # a code is asked
    SOMEBODY_ELSE = enum.auto()  # another person is signed in here


@transaction.atomic
def enter(*, request: HttpRequest, invitation: Invitation, switch: bool = False) -> Way:
    """Go on to the sign-up. DomainError if the invitation was taken back, is too old, or sign-up is not open."""
    locked = Invitation.objects.select_for_update(of=["self"]).select_related("cycle__version").get(pk=invitation.pk)
    check_good(locked)
    email = locked.email.lower()
    if request.user.is_authenticated:
        if request.user.email == email:
            if visits.is_by_link(email):
                visits.begin(locked)
            return _opened(locked, request.user, Way.IN)
        if not switch:
            return Way.SOMEBODY_ELSE
        logout(request)
    account = account_for(email)
    if not account.is_active or wants_none(email) or has_content(email):
        return _opened(locked, account, Way.CODE)
    join_person(account=account)
    if not Person.objects.filter(account=account).exists():
        become_known(account_id=account.pk, given_name=locked.given_name, family_name=locked.family_name)
    setattr(request, BY_LINK, True)
    sign_out_everywhere(account)  # whoever came in before: only one of them is the person, and nobody can tell which
    visits.forget(email)
    login(request, account)
    visits.begin(locked)
    return _opened(locked, account, Way.IN)


def check_good(invitation: Invitation) -> None:
    """DomainError if the link does not work any more."""
    if invitation.taken_back_at is not None:
        raise DomainError(_("This invitation was taken back. If you think that is a mistake, write to us."))
    check_open(invitation.cycle, invitation.role)
    if is_too_old(invitation):
        raise DomainError(_("This link is more than a month old. Ask for a new one."))


def is_too_old(invitation: Invitation) -> bool:
    """Whether its newest mail was written too long ago."""
    return clock.now() >= invitation.good_until


def has_content(email: str) -> bool:
    """Whether there is more behind an address than a row of the membership list: then a link alone opens nothing."""
    person = Person.objects.filter(email__iexact=email).first() or Person.objects.filter(account__email=email).first()
    if person is None:
        return False
    related = (each for each in Person._meta.related_objects)
    rows = any(each.related_model._base_manager.filter(**{each.field.name: person}).exists() for each in related)
    return bool(rows or person.biosketch or person.called)


def is_invited(email: str, cycle: Cycle, role: str) -> bool:
    """Whether an address was invited to a session in a role, and still is."""
    rows = Invitation.objects.filter(cycle=cycle, role=role, email__iexact=email, taken_back_at=None)
    return rows.exists()


def end_visits_by_link(request: HttpRequest, user: Any, **_signal: object) -> None:
    """After a code proved an address: end all visits that a link had opened there, which may have been forwarded."""
    if context.current() is None or getattr(request, BY_LINK, False):
        return
    if visits.forget(user.email):
        sign_out_everywhere(user)
        request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        audit.record("account.visits_by_link_ended", subject=user)


def _opened(invitation: Invitation, account: Account, way: Way) -> Way:
    invitation.person = Person.objects.filter(account=account).first() or invitation.person
    invitation.opened_at = invitation.opened_at or clock.now()
    if way is Way.IN:
        invitation.declined_at = None
    invitation.save(update_fields=["person", "opened_at", "declined_at", "entered_by_link"])
    audit.record("invitation.opened", subject=invitation, actor=invitation.person)
    return way

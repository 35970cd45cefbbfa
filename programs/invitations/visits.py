"""Visits that the link of an invitation opened, and that no code has proved since: they end with the invitation."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from chiron.kernel import clock
from programs.invitations.models import Invitation
from tenants import audit, due
from tenants.accounts.models import Account
from tenants.accounts.services import sign_out_everywhere
from tenants.people.models import Person

# The end of the month for which a link is good; the reference is the invitation's id.
KIND = "invitation.visit_over"


def is_by_link(email: str) -> bool:
    """Whether whoever is signed in with an address came by a link, and typed no code since."""
    return _marked(email).exists()


def begin(invitation: Invitation) -> None:
    """Keep in mind that the link of this invitation opened a visit; of several, it lasts as long as the last."""
    if not invitation.entered_by_link:
        invitation.entered_by_link = True
        invitation.save(update_fields=["entered_by_link"])
    due.schedule(KIND, str(invitation.pk), at=invitation.good_until)


def forget(email: str) -> int:
    """No visit at this address counts as opened by a link any more; returns how many invitations said so."""
    return _marked(email).update(entered_by_link=False)


def end(invitation: Invitation, *, by: Person | None = None) -> None:
    """Sign out whoever came in by the link of an invitation, unless another one's link or a code brought them too."""
    if not _marked(invitation.email).filter(pk=invitation.pk).update(entered_by_link=False):
        return
    invitation.entered_by_link = False
    account = Account.objects.filter(email=invitation.email.lower()).first()
    if account is not None and not is_by_link(invitation.email):
        sign_out_everywhere(account)
        audit.record("account.visits_by_link_ended", subject=account, actor=by)


@transaction.atomic
def end_if_over(*, invitation: Invitation) -> None:
    """Once the month of the newest mail is over, end what the link had opened; else look again then."""
    locked = Invitation.objects.select_for_update(of=["self"]).get(pk=invitation.pk)
    if not locked.entered_by_link:
        return
    if clock.now() >= locked.good_until:
        end(locked)
    else:
        due.schedule(KIND, str(locked.pk), at=locked.good_until)


def _marked(email: str) -> QuerySet[Invitation]:
    return Invitation.objects.filter(email__iexact=email, entered_by_link=True)

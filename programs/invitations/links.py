"""Links in mails about invitations: each for one row and one purpose, and nothing happens by opening one.

The signature is good for long; whether the link still is, its row says: taken back, written too long ago, sign-up over.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse

from chiron.kernel import clock, signing
from programs.invitations.models import Invitation, SpokenSignUp
from tenants import context
from tenants.models import Society

INVITATION, NO_MORE, SPOKEN = "invitation", "invitation.no_more", "spoken_sign_up"
SIGNED_FOR = timedelta(days=400)


def link_for(invitation: Invitation) -> str:
    """The page of an invitation, for its mail."""
    return here().url(reverse("invitations:answer", args=[_seal(str(invitation.pk), INVITATION)]))


def no_more_link(email: str) -> str:
    """Where an address wishes to get no more invitations."""
    return here().url(reverse("invitations:no_more", args=[_seal(email.lower(), NO_MORE)]))


def spoken_link(spoken: SpokenSignUp) -> str:
    """Where somebody says yes to what staff filled in for them."""
    return here().url(reverse("invitations:spoken", args=[_seal(str(spoken.pk), SPOKEN)]))


def invitation_by(token: str) -> Invitation:
    """Whose link this is; Http404 for what is no link of ours."""
    rows = Invitation.objects.select_related("cycle__program", "cycle__version", "person")
    return get_object_or_404(rows, pk=UUID(_unseal(token, INVITATION)))


def address_by(token: str) -> str:
    """The address that wants no more; Http404 for what is no link of ours."""
    return str(_unseal(token, NO_MORE))


def spoken_by(token: str) -> SpokenSignUp:
    """Whose yes is asked for; Http404 for what is no link of ours."""
    rows = SpokenSignUp.objects.select_related("cycle__program", "cycle__version", "person", "by")
    return get_object_or_404(rows, pk=UUID(_unseal(token, SPOKEN)))


def here() -> Society:
    """The society whose door we stand in."""
    society = context.current()
    assert society is not None, "An invitation belongs to a society."
    return society


def _seal(value: str, purpose: str) -> str:
    return signing.seal(value, purpose=purpose, society=here().pk, until=clock.now() + SIGNED_FOR)


def _unseal(token: str, purpose: str) -> str:
    return str(signing.unseal(token, purpose=purpose, society=here().pk))

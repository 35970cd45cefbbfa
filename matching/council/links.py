"""The link of a ballot's mail: for one voter, and nothing happens by opening it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.urls import reverse

from chiron.kernel import signing
from matching.council.models import Voter
from tenants import context
from tenants.models import Society

PURPOSE = "council.vote"
# After a ballot has closed its link says so for a while.
GOOD_AFTER = timedelta(days=30)


def link_for(voter: Voter) -> str:
    """The whole address, for a mail."""
    return here().url(path_for(voter))


def path_for(voter: Voter) -> str:
    """The same, on the society's host."""
    until = voter.ballot.closes_at + GOOD_AFTER
    token = signing.seal(str(voter.pk), purpose=PURPOSE, society=here().pk, until=until)
    return reverse("council_vote:vote", args=[token])


def voter_by(token: str) -> Voter:
    """Whose link this is; signing.Expired after its time, Http404 for what is no link of ours.

    Voter.DoesNotExist for a link of ours whose seat is free since, or somebody else's.
    """
    pk = UUID(signing.unseal(token, purpose=PURPOSE, society=here().pk))
    related = ("ballot__version", "ballot__cycle__program", "seat", "person")
    return Voter.objects.select_related(*related).get(pk=pk)


def here() -> Society:
    """The society whose door we stand in."""
    society = context.current()
    assert society is not None, "A council is a society's."
    return society

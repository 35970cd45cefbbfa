"""A society leaves: its door is shut at once, and its data goes thirty days later."""

from __future__ import annotations

import shutil
from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import audit, context, roles
from tenants.archive.export import folder_of
from tenants.models import Society
from tenants.provisioning.owner import connect
from tenants.provisioning.schemas import drop_schema

GRACE = timedelta(days=30)


def leave(society: Society) -> Society:
    """Shut a society's door: the web can no longer enter its schema. Nothing is deleted yet."""
    with context.platform():
        leaving = _locked(society)
        if leaving.state == Society.State.LEFT:
            raise DomainError(_("%s has left already.") % leaving.name)
        leaving.state, leaving.left_at, leaving.leaves_at = Society.State.LEFT, clock.now(), None
        leaving.save(update_fields=["state", "left_at", "leaves_at"])
        audit.record("society.left", subject=leaving)
        with connect() as owner:
            owner.execute(roles.close_role(leaving.schema_name, roles.roles()))
    return leaving


def come_back(society: Society) -> Society:
    """Open the door again, as long as the data is there."""
    with context.platform():
        returning = _locked(society)
        if returning.state != Society.State.LEFT:
            raise DomainError(_("%s has not left.") % returning.name)
        if returning.dropped_at:
            sentence = _("The data of %s was deleted. Bring it back from its export with `chiron society restore`.")
            raise DomainError(sentence % returning.name)
        returning.state, returning.left_at = Society.State.ACTIVE, None
        returning.save(update_fields=["state", "left_at"])
        audit.record("society.returned", subject=returning)
        with connect() as owner:
            owner.execute(roles.open_role(returning.schema_name, roles.roles()))
    return returning


def drop_who_left() -> list[str]:
    """Delete the data of every society that left thirty days ago or earlier; answers their slugs.

    Their rows stay, so that an address is never given to somebody else; their own hosts are free again. Of rehearsals,
    which go as soon as they end, only the trail tells.
    """
    with context.platform():
        long_ago = Q(left_at__lte=clock.now() - GRACE) | Q(left_at__isnull=False, rehearses__isnull=False)
        due = list(Society.objects.filter(long_ago, dropped_at=None).defer("logo"))
    return [society.slug for society in due if drop(society)]


def drop(society: Society) -> bool:
    """Delete the data of one that has left, unless it came back in the meantime; whether it was there."""
    with context.platform():
        gone = _locked(society)
        if gone.left_at is None or gone.dropped_at is not None:
            return False
        gone.dropped_at = clock.now()
        gone.save(update_fields=["dropped_at"])
        gone.domains.all().delete()
        gone.due.all().delete()
        audit.record("society.dropped", subject=gone)
        with connect() as owner:
            drop_schema(owner, gone.schema_name)
        shutil.rmtree(folder_of(gone), ignore_errors=True)
        if gone.is_rehearsal:
            gone.delete()
    return True


def _locked(society: Society) -> Society:
    return Society.objects.select_for_update().get(pk=society.pk)

"""Writing down that a society is who it says; `tenants.trust` says what that takes, and what waits for it."""

from __future__ import annotations

from django.db.models import Model

from chiron.kernel import clock
from tenants import audit, context, outbox
from tenants.models import Society
from tenants.people.models import StaffRole
from tenants.trust import proves


def is_proved(society: Society) -> bool:
    """Whether an owner of a society has signed in with an address that speaks for its website."""
    with context.society(society):
        today = clock.today(society.zone)
        roles = StaffRole.objects.filter(kind=StaffRole.Kind.OWNER, person__account__last_login__isnull=False)
        held = [role.person.account for role in roles.select_related("person__account") if role.holds_on(today)]
        mails = [account.email for account in held if account]
    return any(proves(mail, society.website) for mail in mails)


def confirm(*, society: Society, by: Model | None = None) -> Society:
    """Write down that a society is who it says, and tell its owners if an operator did; twice is once."""
    with context.platform():
        locked = Society.objects.select_for_update().defer("logo").get(pk=society.pk)
        if locked.confirmed_at is not None:
            return locked
        locked.confirmed_at = clock.now()
        locked.save(update_fields=["confirmed_at"])
        audit.record("society.confirmed", subject=locked, actor=by)
    if by is not None:
        with context.society(locked):
            roles = StaffRole.objects.filter(kind=StaffRole.Kind.OWNER).select_related("person")
            outbox.mail("society_confirmed", to=[role.person for role in roles])
    return locked


def doubt(*, society: Society, by: Model) -> Society:
    """Take back that a society is who it says: until it is confirmed anew it writes to few."""
    with context.platform():
        locked = Society.objects.select_for_update().defer("logo").get(pk=society.pk)
        if locked.confirmed_at is not None:
            locked.confirmed_at = None
            locked.save(update_fields=["confirmed_at"])
            audit.record("society.doubted", subject=locked, actor=by)
    return locked

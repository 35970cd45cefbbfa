"""Canceling a session that was prepared by mistake, as long as nobody has signed up to it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from programs.policy.models import Cycle
from programs.policy.services import FROZEN
from tenants import audit
from tenants.people.models import Person


@transaction.atomic
def cancel_session(*, cycle: Cycle, by: Person | None) -> None:
    """Take a session away; DomainError once somebody has signed up, even if they have left again."""
    locked = Cycle.objects.select_for_update(of=["self"]).select_related("program").get(pk=cycle.pk)
    refused = DomainError(
        _("People have signed up to %(session)s, so it cannot be canceled here. Close its sign-up, and write to them.")
        % {"session": locked.name}
    )
    if locked.state in FROZEN or locked.enrollments.exists():
        raise refused
    audit.record("cycle.canceled", subject=locked, actor=by, name=locked.name)
    try:
        with transaction.atomic():
            locked.delete()
    except ProtectedError:  # somebody signed up a moment ago, or people of an earlier session were asked about it
        raise DomainError(
            _("People know of %(session)s by now, so it is not canceled here. Close its sign-up, and write to them.")
            % {"session": locked.name}
        ) from None

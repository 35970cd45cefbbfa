"""What people say of themselves."""

from __future__ import annotations

from django.db import transaction

from tenants import audit
from tenants.people.models import Person
from tenants.people.names import checked_name


@transaction.atomic
def change_profile(*, person: Person, called: str, biosketch: str) -> Person:
    """Keep how somebody wishes to be addressed and what others read of them; DomainError about hidden characters."""
    called = checked_name(called, field="called")
    locked = Person.objects.select_for_update().get(pk=person.pk)
    locked.called, locked.biosketch = called, biosketch.strip()
    locked.save(update_fields=["called", "biosketch"])
    audit.record("person.profile_changed", subject=locked, actor=locked)
    return locked

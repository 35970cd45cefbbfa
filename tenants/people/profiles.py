"""What people say of themselves."""

from __future__ import annotations

from django.db import transaction

from tenants import audit
from tenants.people.models import Person


@transaction.atomic
def change_profile(*, person: Person, called: str, biosketch: str) -> Person:
    """Keep how somebody wishes to be addressed and what others read of them."""
    locked = Person.objects.select_for_update().get(pk=person.pk)
    locked.called, locked.biosketch = called.strip(), biosketch.strip()
    locked.save(update_fields=["called", "biosketch"])
    audit.record("person.profile_changed", subject=locked, actor=locked)
    return locked

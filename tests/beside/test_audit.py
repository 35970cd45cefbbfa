"""The trail holds who did what to which row, on which request; it can be added to and nothing else."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, transaction

from chiron.kernel import clock
from chiron.observability import labels
from tenants import audit, context
from tenants.audit.models import Entry
from tenants.models import Society
from tenants.people.models import Person


@pytest.fixture
def person(sierra: Society) -> Person:
    return Person.objects.create(given_name="Jo", family_name="Rivera", created_at=clock.now())


def test_an_entry_says_who_did_what_to_which_row_on_which_request(person: Person) -> None:
    with labels.labelled(request_id="r-12345678"):
        audit.record("person.renamed", subject=person, actor=person, fields=["family_name"])
    entry = Entry.objects.get()
    assert (entry.verb, entry.subject_kind, entry.subject_id) == ("person.renamed", "people.person", str(person.pk))
    assert (entry.actor_kind, entry.actor_id) == (Entry.Actor.PERSON, person.pk)
    assert (entry.request_id, entry.facts) == ("r-12345678", {"fields": ["family_name"]})


def test_without_an_actor_the_system_did_it(sierra: Society) -> None:
    entry = audit.record("spares.filled", count=3)
    assert (entry.actor_kind, entry.actor_id, entry.facts) == (Entry.Actor.SYSTEM, None, {"count": 3})


def test_only_people_and_operators_act(sierra: Society) -> None:
    with pytest.raises(TypeError, match=r"not tenants\.society"):
        audit.record("society.renamed", actor=sierra)


@pytest.mark.parametrize("where", ["society", "platform"])
@pytest.mark.parametrize("change", ["update", "delete", "truncate"])
def test_the_database_lets_nobody_change_the_past(sierra: Society, where: str, change: str) -> None:
    with context.platform() if where == "platform" else context.society(sierra):
        kept = audit.record("something.happened")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            match change:
                case "update":
                    Entry.objects.filter(pk=kept.pk).update(verb="nothing.happened")
                case "delete":
                    kept.delete()
                case "truncate":
                    with transaction.get_connection().cursor() as cursor:
                        cursor.execute("TRUNCATE audit_entry")
        assert Entry.objects.get(pk=kept.pk).verb == "something.happened"


def test_each_society_has_a_trail_of_its_own(sierra: Society, societies: dict[str, Society]) -> None:
    audit.record("ours")
    with context.society(societies["northstar"]):
        assert not Entry.objects.exists()
    with context.platform():
        audit.record("the platform's")
    assert [entry.verb for entry in Entry.objects.all()] == ["ours"]


def test_an_entry_falls_with_what_it_tells(sierra: Society) -> None:
    with pytest.raises(LookupError), transaction.atomic():
        audit.record("half.done")
        assert Entry.objects.exists()
        raise LookupError
    assert not Entry.objects.exists()

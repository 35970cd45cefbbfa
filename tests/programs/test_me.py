"""What the membership list says of somebody, on their own page."""

from __future__ import annotations

from django.urls import reverse

from programs.enrollment.portal.me import known_of
from programs.enrollment.services import sign_up
from programs.policy.document import store_policy
from programs.policy.models import PolicyVersion
from tenants.models import Society
from tenants.people.models import Person
from tests.factories.programs import make_cycle, make_person
from tests.factories.staff import browser_of, make_staff


def test_a_day_of_the_membership_list_is_told_as_a_day() -> None:
    person = Person(roster={"training_completed_on": "1985-07-01", "training_state": "MA", "npi": "1234567893"})
    assert [value for _label, value in known_of(person)] == ["July 1, 1985", "Massachusetts", "1234567893"]


def test_a_role_is_called_as_the_program_calls_it(sierra: Society) -> None:
    cycle, person = make_cycle(), make_person()
    document = store_policy(cycle.version.policy)
    for part in document["parts"]:
        part["roles"]["mentee"]["called"] = "Protégé"
    PolicyVersion.objects.filter(pk=cycle.version_id).update(document=document)
    cycle.refresh_from_db()
    made = sign_up(cycle=cycle, person=person, role="mentee", answers={"stage": "resident"}, by=person)
    mine, staff = browser_of(person, sierra), browser_of(make_staff(), sierra)
    pages = [mine.get(address) for address in ("/", "/me/", f"/programs/{cycle.program.slug}/")]
    mine.post(reverse("enrollment:pause"), {"which": str(made.pk)})
    pages += [mine.get(reverse("enrollment:availability")), staff.get(reverse("sessions:sign_up", args=[made.pk]))]
    assert ["Protégé" in page.content.decode() for page in pages] == [True] * len(pages)

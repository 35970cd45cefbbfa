"""Who of the membership list qualifies, and how many more would with training further back."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse

from chiron.kernel import clock
from programs.enrollment.qualifying import members, who_qualifies
from programs.policy import templates
from programs.policy.document import store_policy
from programs.policy.editing.forms import SectionForm
from programs.policy.editing.sections import section
from programs.policy.services import create_program
from tenants.models import Society
from tests.factories.programs import make_person
from tests.factories.staff import browser_of, make_staff
from tests.programs.sending import sent

PILOT = "physician-to-physician-pilot"
ON = date(2027, 3, 1)


def on_the_list(given: str, completed: str | None, **roster: str) -> None:
    known = {"training_state": "MA", "practice_state": "MA", **roster}
    if completed:
        known["training_completed_on"] = completed
    make_person(
        given,
        stage="early career",
        membership_status="active",
        roster=known | {"membership_status": "active"},
        on_roster_since=clock.now(),
    )


def plant() -> None:
    """On March 1, 2027: within two years to the day, a day too late, within five, within seven, beyond, unknown."""
    on_the_list("Two", "2025-03-01")
    on_the_list("Late", "2025-02-28")
    on_the_list("Five", "2022-03-01")
    on_the_list("Seven", "2020-03-01")
    on_the_list("Beyond", "2020-02-29")
    on_the_list("Elsewhere", "2025-06-30", practice_state="OH")
    on_the_list("Unknown", None)
    make_person("Guest", stage="early career")


def test_how_many_qualify_and_how_many_more_would(sierra: Society) -> None:
    plant()
    people = members()
    assert len(people) == 7, "a guest is on no list"
    mentor, mentee = who_qualifies(templates.load(PILOT).parts[0], people, ON)
    assert (mentee.yes, mentee.no, mentee.unknown) == (1, 5, 1)
    assert mentee.more == {3: 1, 5: 2, 7: 3}
    assert (mentor.yes, mentor.more) == (0, {})


def test_what_is_typed_counts_before_it_is_kept(sierra: Society) -> None:
    plant()
    policy = templates.load(PILOT)
    program = create_program(policy=policy, by=None)
    manager = browser_of(make_staff(), sierra)
    where = reverse("qualifying:preview", args=[program.slug, 0])
    assert "Of 7 people on the membership list" in manager.get(where).content.decode()
    who = section("who", part=store_policy(policy)["parts"][0])
    assert who is not None
    typed = dict(sent(SectionForm(section=who, base=policy, part=0)).lists()) | {"eligible-mentee.2.value": "50 years"}
    shown = manager.post(where, typed, headers={"HX-Request": "true"})
    assert "<html" not in shown.content.decode()
    _mentor, mentee = shown.context["roles"]
    assert mentee.yes == 5
    assert program.versions.count() == 1


def test_a_long_list_is_counted_by_what_is_alike(sierra: Society) -> None:
    plant()
    people = members() * 3000
    began = clock.now()
    _mentor, mentee = who_qualifies(templates.load(PILOT).parts[0], people, ON)
    assert mentee.yes == 3000
    assert clock.now() - began < timedelta(seconds=20)


def test_each_number_opens_into_the_people_behind_it(sierra: Society) -> None:
    plant()
    program = create_program(policy=templates.load(PILOT), by=None)
    manager = browser_of(make_staff(), sierra)
    where = reverse("qualifying:preview", args=[program.slug, 0])
    counts = manager.get(where).content.decode()
    for answer, given in (("yes", ["Two"]), ("unknown", ["Unknown"])):
        assert f"?role=mentee&amp;answer={answer}" in counts
        shown = manager.get(f"{where}?role=mentee&answer={answer}").content.decode()
        assert [name for name in ("Two", "Late", "Elsewhere", "Unknown") if f"{name} Rivera" in shown] == given
    assert "What would settle it:" in shown
    refused = manager.get(f"{where}?role=mentee&answer=no").content.decode()
    assert "Practices in Ohio; this asks for Massachusetts" in refused
    for nothing in ("?role=peer&answer=yes", "?role=mentee&answer=maybe", "?role=mentee"):
        assert manager.get(where + nothing).context.get("page") is None, "the numbers"


def test_the_membership_list_is_not_for_partner_organizers(sierra: Society) -> None:
    plant()
    program = create_program(policy=templates.load(PILOT), by=None)
    ends_on = clock.today(sierra.zone) + timedelta(days=30)
    organizer = make_staff(given="Of", institution="A residency", program_id=program.pk, ends_on=ends_on)
    browser, where = browser_of(organizer, sierra), reverse("qualifying:preview", args=[program.slug, 0])
    counts = browser.get(where).content.decode()
    assert "on the membership list" in counts
    assert "?role=" not in counts
    assert browser.get(f"{where}?role=mentee&answer=yes").status_code == 404

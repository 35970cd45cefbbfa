"""Settings on pages: each section says what it holds, keeps what is said, and tells what is wrong at its field."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from programs.policy import templates
from programs.policy.document import diff, dump_policy, load_policy, restore_policy, store_policy
from programs.policy.editing.forms import SectionForm
from programs.policy.editing.section import Section
from programs.policy.editing.sections import PART, PROGRAM, section
from programs.policy.models import Program
from programs.policy.services import create_program, publish_version
from tenants.models import Society
from tenants.people.models import StaffRole
from tests.design import words
from tests.factories.programs import make_cycle
from tests.factories.staff import browser_of, make_staff
from tests.programs.sending import sent

Kind = StaffRole.Kind
PILOT, FULL = "physician-to-physician-pilot", "physician-to-physician"


@pytest.fixture
def program(sierra: Society) -> Program:
    return create_program(policy=templates.load(PILOT), by=None)


@pytest.fixture
def manager(sierra: Society) -> Client:
    return browser_of(make_staff(), sierra)


def every_section(name: str) -> list[tuple[Section, int | None]]:
    parts = store_policy(templates.load(name))["parts"]
    of_parts = [(each, position) for position, part in enumerate(parts) for each in PART if each.suits(part)]
    return [*((each, None) for each in PROGRAM), *of_parts]


@pytest.mark.parametrize("name", templates.names())
def test_no_section_changes_what_nobody_touched(name: str) -> None:
    base = templates.load(name)
    for each, part in every_section(name):
        untouched = sent(SectionForm(section=each, base=base, part=part))
        form = SectionForm(untouched, section=each, base=base, part=part)
        assert form.policy() == base, (each.slug, form.errors)


DEEP = {"all": ["stage is fellow", {"any": ["stage is fellow", "stage is resident"]}]}


@pytest.mark.parametrize(
    "rule",
    [
        "membership.status is one of [active, emeritus]",
        'specialty is one of ["Radiology, Diagnostic", Urology]',
        "specialty is Otolaryngology, Head & Neck",
        {"any": [f"specialty is number {number}" for number in range(40)]},
        {"all": [DEEP, {"any": [DEEP, {"all": [DEEP, {"any": [DEEP, {"all": [DEEP, "stage is resident"]}]}]}]}]},
    ],
    ids=["unusual-word", "commas", "comma", "many", "deep"],
)
def test_a_rule_that_a_text_says_outlives_the_page_of_its_section(rule: Any) -> None:
    stored = store_policy(templates.load(PILOT))
    stored["parts"][0]["eligible"]["mentee"] = rule
    base = restore_policy(stored)
    found = section("who", part=store_policy(base)["parts"][0])
    assert found is not None
    untouched = sent(SectionForm(section=found, base=base, part=0))
    form = SectionForm(untouched, section=found, base=base, part=0)
    assert form.policy() == base, form.errors


def test_when_closeness_counts_outlives_the_page_of_what_matters() -> None:
    stored = store_policy(templates.load(PILOT))
    stored["parts"][0]["matching"]["weights"]["near_each_other"]["counts_when"] = "always"
    stored["parts"][0]["matching"]["by"] = ["directory", "solver"]
    base = restore_policy(stored)
    found = section("matching", part=store_policy(base)["parts"][0])
    assert found is not None
    untouched = sent(SectionForm(section=found, base=base, part=0))
    form = SectionForm(untouched, section=found, base=base, part=0)
    assert form.policy() == base, form.errors


def of(slug: str, part: int | None = None, **changes: Any) -> tuple[list[str], dict[str, Any]]:
    """What a section of the pilot changes when this is said in it, and what it says is wrong."""
    base = templates.load(PILOT)
    found = section(slug, part=None if part is None else store_policy(base)["parts"][part])
    assert found is not None
    data = sent(SectionForm(section=found, base=base, part=part))
    for name, value in changes.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    form = SectionForm(data, section=found, base=base, part=part)
    policy = form.policy()
    return [str(change) for change in diff(base, policy)] if policy else [], dict(form.errors)


@pytest.mark.parametrize(
    ("slug", "part", "changes", "expected"),
    [
        ("about", None, {"title": "Colleagues"}, ["Title: Physician to Physician, Pilot → Colleagues"]),
        ("about", None, {"partners-0-name": "A residency"}, ["Partners: new, A residency"]),
        ("when", None, {"calendar-runs_for": "9 months"}, ["A session runs for: 19 weeks → 9 months"]),
        ("interest", None, {"interest-text": "Tell us."}, ["Text: new"]),
        ("mails", None, {"mails-asked": "We are glad."}, ["Our words in the mail that asks: new"]),
        ("places", 0, {"cap-pairs": "60"}, ["Pairs at most: 24 → 60"]),
        ("places", 0, {"roles-mentor-called": "Guide"}, ["Roles, mentor, called: Mentor → Guide"]),
        ("who", 0, {"eligible-mentee.2.value": "5 years"}, ["Training completed within 2 years → 5 years"]),
        (
            "who",
            0,
            {"eligible-mentee.3.drop": "yes"},
            ["Who may take part, mentee: no longer state of training is Massachusetts"],
        ),
        ("matching", 0, {"matching-asked_first": "both"}, ["Asked first: mentor → both"]),
        (
            "meeting",
            0,
            {"mentorship-meetings-at_least": "every 2 months", "mentorship-meetings-binding": "on"},
            ["Meetings at least: new, every 2 months", "The least number of meetings is binding: no → yes"],
        ),
    ],
)
def test_what_is_said_is_what_changes(
    slug: str, part: int | None, changes: dict[str, Any], expected: list[str]
) -> None:
    assert of(slug, part, **changes) == (expected, {})


@pytest.mark.parametrize(
    ("slug", "part", "changes", "field", "message"),
    [
        ("about", None, {"contact": "nobody"}, "contact", "“nobody” is not a mail address."),
        ("about", None, {"title": ""}, "title", "This is empty."),
        ("when", None, {"calendar-runs_for": "some time"}, "calendar-runs_for", "“some time” is not a length of time."),
        ("when", None, {"calendar-sign_up-closes": "9 weeks before"}, "calendar-sign_up-closes", "the wrong way round"),
        ("who", 0, {"eligible-mentee.3.value": "Atlantis"}, "eligible-mentee", "“Atlantis” is not a state."),
        ("matching", 0, {"matching-weights-specialty": "0"}, "matching-weights-lived_my_challenge", "these sum to 880"),
        ("agreements", 0, {"agree-1-by": []}, "agree-1-by", "it needs at least one entry"),
        ("places", 0, {"roles-mentor-places-most": "0"}, "roles-mentor-places-most", "“0” is too small: at least 1."),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    slug: str, part: int | None, changes: dict[str, Any], field: str, message: str
) -> None:
    said, errors = of(slug, part, **changes)
    assert said == []
    assert list(errors) == [field]
    assert message in " ".join(errors[field])


def test_who_people_are_decides_about_nobody_on_pages_either() -> None:
    said, errors = of(
        "who", 0, **{"eligible-mentee.0.is": "own", "eligible-mentee.0.value": "identity.gender is woman"}
    )
    assert said == []
    assert "is a protected trait and cannot decide who may take part" in " ".join(errors["eligible-mentee"])


def test_marks_of_settings_that_are_taken_away_go_with_them() -> None:
    said, errors = of("matching", 0, **{"matching-council-seats": ""})
    assert errors == {}
    assert said[0].startswith("Seats: no longer women physicians")


def test_a_changed_text_that_people_agree_to_is_its_next_version() -> None:
    base = templates.load(PILOT)
    found = section("agreements", part=store_policy(base)["parts"][0])
    assert found is not None
    data = sent(SectionForm(section=found, base=base, part=0))
    data["agree-0-text"] = "I will be kind."
    policy = SectionForm(data, section=found, base=base, part=0).policy()
    assert policy is not None
    changed, same = policy.parts[0].agree
    assert (changed.text, changed.version) == ("I will be kind.", 2)
    assert same == base.parts[0].agree[1]


def test_who_has_to_be_of_age_is_ticked() -> None:
    """A tick says it for a role, another one for both, and none lets everybody in; every other text stays."""
    base, said = templates.load(PILOT), []
    for ticked in (["mentee"], ["mentor", "mentee"], []):
        found = section("agreements", part=store_policy(base)["parts"][0])
        assert found is not None
        data = sent(SectionForm(section=found, base=base, part=0))
        data.setlist("agree-adult", ticked)
        policy = SectionForm(data, section=found, base=base, part=0).policy()
        assert policy is not None
        texts = policy.parts[0].agree
        assert [(text.by, text.attests_values) for text in texts if text.name == "adult"] == (
            [(("mentee", "mentor")[: len(ticked)], False)] if ticked else []
        )
        assert [text for text in texts if text.name != "adult"] == list(templates.load(PILOT).parts[0].agree)
        said.append([str(change) for change in diff(base, policy)])
        base = policy
    assert said == [
        ["Agreements: new, 18 or older"],
        ["Agreements, 18 or older, agreed to by: new, mentor"],
        ["Agreements: no longer 18 or older"],
    ]


def test_a_question_of_ones_own() -> None:
    said, errors = of(
        "questions",
        0,
        **{
            "intake-mentee-0-text": "What would you like to read?",
            "intake-mentee-0-blanks-0-kind": "choice",
            "intake-mentee-0-blanks-0-choices": "novels\npoems",
        },
    )
    assert errors == {}
    assert said == ["Sign-up questions, mentee: new, what would you like to read"]


def address(program: Program, slug: str, part: int | None = None) -> str:
    if part is None:
        return reverse("programs:section", args=[program.slug, slug])
    return reverse("programs:section_of_part", args=[program.slug, part, slug])


def form_of(client: Client, where: str) -> dict[str, Any]:
    """What a browser would send from a page: its fields with what stands in them."""
    reply = client.get(where)
    assert reply.status_code == 200
    text = reply.content.decode()
    assert words.found(re.sub(r"<[^>]+>", " ", text)) == []
    return dict(sent(reply.context["form"]).lists()) | {"base": reply.context["base"].number}


def test_a_section_is_checked_as_one_types_and_kept_by_its_button(program: Program, manager: Client) -> None:
    where = address(program, "when")
    said = form_of(manager, where)
    typed = said | {"calendar-runs_for": "20 weeks"}
    live = manager.post(where, typed, headers={"HX-Request": "true"}).content.decode()
    assert "A session runs for: 19 weeks → 20 weeks" in live
    assert "<html" not in live
    wrong = manager.post(where, said | {"calendar-runs_for": "20 moons"}, headers={"HX-Request": "true"})
    assert "is not a length of time" in wrong.content.decode()
    assert program.versions.count() == 1
    kept = manager.post(where, typed | {"keep": "yes", "note": "A week more"}, follow=True).content.decode()
    assert "Kept." in kept
    newest = program.versions.first()
    assert newest is not None
    assert (newest.number, newest.note, str(newest.policy.calendar.runs_for)) == (2, "A week more", "20 weeks")


def test_two_editors_at_once_lose_nothing(program: Program, manager: Client, sierra: Society) -> None:
    other = browser_of(make_staff(given="Theo"), sierra)
    mine, theirs = address(program, "when"), address(program, "places", 0)
    my_form, their_form = form_of(manager, mine), form_of(other, theirs)
    other.post(theirs, their_form | {"cap-pairs": "60", "keep": "yes"})
    told = manager.post(mine, my_form | {"calendar-runs_for": "20 weeks", "keep": "yes"}).content.decode()
    assert "Theo Whitfield kept other settings" in told
    assert "Pairs at most: 24 → 60" in told
    assert "A session runs for: 19 weeks → 20 weeks" in told
    assert 'value="20 weeks"' in told, "what was typed stands in the form"
    assert program.versions.count() == 2
    manager.post(mine, my_form | {"calendar-runs_for": "20 weeks", "keep": "yes", "over": "2"})
    newest = program.versions.first()
    assert newest is not None
    assert (newest.policy.parts[0].cap.pairs, str(newest.policy.calendar.runs_for)) == (60, "20 weeks")


def test_a_sentence_is_added_without_scripts(program: Program, manager: Client) -> None:
    where = address(program, "who", 0)
    said = form_of(manager, where)
    page = manager.post(where, said | {"eligible-mentor.add": "speaks", "more": "eligible-mentor"}).content.decode()
    assert 'name="eligible-mentor.2.value" value="Spanish"' in page
    kept = said | {"eligible-mentor.2.is": "speaks", "eligible-mentor.2.value": "Hmong", "keep": "yes"}
    manager.post(where, kept)
    newest = program.versions.first()
    assert newest is not None
    assert "languages include Hmong" in dump_policy(newest.policy)


@pytest.mark.parametrize(("name", "led"), [("who", "eligible-mentor.add"), ("agreements", "agree-last")])
def test_room_for_one_more_leads_to_that_place_of_the_page(
    program: Program, manager: Client, name: str, led: str
) -> None:
    """Without scripts, and for whoever has no mouse: the reply is a whole page, which begins at its top."""
    page = manager.get(address(program, name, 0)).content.decode()
    assert f'formaction="#{led}"' in page
    assert f'id="{led}"' in page


def test_return_in_a_line_looks_and_adds_nothing(program: Program, manager: Client) -> None:
    for name in ("who", "agreements"):
        page = manager.get(address(program, name, 0)).content.decode()
        form = page.partition('name="base"')[2]
        first = re.search(r"<button[^>]*>", form)
        assert first is not None
        assert 'name="look"' in first[0], "browsers press a form's first button"


def test_a_group_of_sentences(program: Program, manager: Client) -> None:
    where = address(program, "who", 0)
    said = form_of(manager, where)
    said |= {
        "eligible-mentor.2.is": "any",
        "eligible-mentor.2.0.is": "speaks",
        "eligible-mentor.2.0.value": "Hmong",
        "eligible-mentor.2.1.is": "practices_in",
        "eligible-mentor.2.1.value": "Minnesota, Iowa",
        "keep": "yes",
    }
    manager.post(where, said)
    newest = program.versions.first()
    assert newest is not None
    written = store_policy(newest.policy)["parts"][0]["eligible"]["mentor"]["all"]
    assert written[2] == {"any": ["languages include Hmong", "practice.state is one of [MN, IA]"]}


def test_only_the_owner_decides_on_protected_traits(program: Program, manager: Client, sierra: Society) -> None:
    owner = browser_of(make_staff(Kind.OWNER, given="Olive"), sierra)
    where = address(program, "traits", 0)
    decision = {
        "decision_on_traits-traits": "gender",
        "decision_on_traits-reason": "The women's section runs it",
        "decision_on_traits-decided_on": "2027-01-05",
        "keep": "yes",
    }
    refused = manager.post(where, form_of(manager, where) | decision).content.decode()
    assert "Only an owner of the society can decide" in refused
    assert program.versions.count() == 1
    assert "Kept." in owner.post(where, form_of(owner, where) | decision, follow=True).content.decode()
    assert program.versions.count() == 2


def test_going_back_undoes_nothing_that_was_not_seen(program: Program, manager: Client) -> None:
    def keeps(weeks: str) -> None:
        where = address(program, "when")
        manager.post(where, form_of(manager, where) | {"calendar-runs_for": weeks, "keep": "yes"})

    keeps("20 weeks")
    first = reverse("programs:version", args=[program.slug, 1])
    button = {"newest": re.findall(r'name="newest" value="(\d+)"', manager.get(first).content.decode())}
    keeps("21 weeks")
    told = manager.post(first, button, follow=True).content.decode()
    assert "have changed since you looked" in told
    assert "A session runs for: 21 weeks → 19 weeks" in told, "the page again, as it would be now"
    newest = program.versions.first()
    assert newest is not None
    assert str(newest.policy.calendar.runs_for) == "21 weeks"


def test_settings_are_compared_and_gone_back_to(program: Program, manager: Client) -> None:
    publish_version(program=program, policy=templates.load(FULL), by=None, note="Full length")
    compared = manager.get(reverse("programs:compare", args=[program.slug]), {"from": 1, "to": 2}).content.decode()
    assert "Training completed within 2 years → 5 years" in compared
    assert "Pairs at most: 24 → 60" in compared
    first = reverse("programs:version", args=[program.slug, 1])
    assert "Training completed within 5 years → 2 years" in manager.get(first).content.decode()
    assert "hold again" in manager.post(first, follow=True).content.decode()
    newest = program.versions.first()
    assert newest is not None
    assert (newest.number, newest.note[:5]) == (3, "As on")
    assert newest.policy == templates.load(PILOT)
    assert "the same as before" in manager.post(first, follow=True).content.decode()
    assert manager.get(reverse("programs:compare", args=[program.slug]), {"from": 9}).status_code == 404


def test_a_program_goes_out_as_a_file_and_comes_in_again(program: Program, manager: Client) -> None:
    file = manager.get(reverse("programs:as_file", args=[program.slug, 1])).content.decode()
    assert load_policy(file) == templates.load(PILOT)
    brought = reverse("programs:from_file")
    wrong = manager.post(brought, {"text": file.replace("runs_for: 19 weeks", "runs_for: ages")})
    line = file[: file.index("runs_for")].count("\n") + 1
    assert (wrong.status_code, f"line {line}, calendar.runs_for" in wrong.content.decode()) == (422, True)
    manager.post(brought, {"text": file.replace("title: Physician to Physician, Pilot", "title: Brought in")})
    made = Program.objects.get(name="Brought in")
    assert made.versions.count() == 1


def test_a_program_is_copied(program: Program, manager: Client) -> None:
    where = reverse("programs:copy", args=[program.slug])
    manager.post(where, {"title": "Second program", "contact": "second@example.org"})
    made = Program.objects.get(slug="second-program")
    newest = made.versions.first()
    assert newest is not None
    assert newest.policy == templates.load(PILOT).model_copy(
        update={"title": "Second program", "contact": "second@example.org"}
    )


def test_parts_are_added_and_taken_out(program: Program, manager: Client) -> None:
    where = reverse("programs:parts", args=[program.slug])
    manager.post(where, {"name": "Evening", "format": "speed"})
    assert [part.name for part in program.versions.all()[0].policy.parts] == ["One-to-one", "Evening"]
    told = manager.post(where, {"name": "evening", "format": "group"}, follow=True).content.decode()
    assert "Another part is called" in told
    manager.post(where, {"remove": "One-to-one"})
    assert [part.name for part in program.versions.all()[0].policy.parts] == ["Evening"]
    assert "at least one part" in manager.post(where, {"remove": "Evening"}, follow=True).content.decode()


def test_six_questions_start_a_program_and_show_its_page(sierra: Society, manager: Client) -> None:
    for name in templates.names():
        where = reverse("programs:template", args=[name])
        reply = manager.get(where)
        blocks = list(reply.context["form"].blocks())
        assert len(blocks) == 6
        assert templates.load(name).time_commitment.capitalize()[:20] in reply.content.decode()
    said = dict(sent(reply.context["form"]).lists())
    typed = said | {"title": "Colleagues in primary care", "time_commitment": "two hours a month"}
    picture = manager.post(where, typed, headers={"HX-Request": "true"}).content.decode()
    assert "Two hours a month" in picture
    assert "<html" not in picture
    assert Program.objects.count() == 0
    assert "Two hours a month" in manager.post(where, typed | {"see": "yes"}).content.decode()
    manager.post(where, typed | {"start": "yes"})
    assert Program.objects.get().name == "Colleagues in primary care"


def test_a_manager_of_one_program_starts_none(sierra: Society) -> None:
    cycle = make_cycle()
    client = browser_of(make_staff(program_id=cycle.program_id), sierra)
    for where in (reverse("programs:choose"), reverse("programs:copy", args=[cycle.program.slug])):
        assert client.get(where).status_code == 404

"""What a new version changes, in words."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.policy import templates
from programs.policy.document import Policy, PolicyError, diff, load_policy, policy_hash
from tests.policy.documents import EVENING, MINIMAL, load, varied, with_part


def said(old: Policy, new: Policy) -> list[str]:
    return [str(change) for change in diff(old, new)]


def test_the_pilot_and_its_full_length_differ_by_a_handful() -> None:
    pilot, full = templates.load("physician-to-physician-pilot"), templates.load("physician-to-physician")
    assert said(pilot, full) == [
        "Title: Physician to Physician, Pilot → Physician to Physician",
        "Time commitment: about one hour a month, March to July → about one hour a month, September to June",
        "A session runs for: 19 weeks → 9 months",
        "Sessions start: March 1 → September 15",
        "Pairs at most: 24 → 60",
        "Training completed within 2 years → 5 years",
        "Whom we seek, mentee: underrepresented is yes → underrepresented is yes, or gender is woman",
    ]
    assert [change.part for change in diff(pilot, full)] == [None] * 4 + ["One-to-one"] * 3
    assert [change.role for change in diff(pilot, full)][-2:] == ["mentee", "mentee"]


@pytest.mark.parametrize("name", templates.names())
def test_nothing_changes_nothing(name: str) -> None:
    assert diff(templates.load(name), templates.load(name)) == []


def test_where_it_came_from_and_when_it_starts_are_no_change() -> None:
    more = MINIMAL + "first_cycle: {starts: 2027-03-01}\nsource: {what: A society}\n"
    assert said(load_policy(MINIMAL), load_policy(more)) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "eligible: {mentee: stage is resident}",
            "eligible: {mentee: stage is fellow}",
            ["Career stage is resident → fellow"],
        ),
        (
            "eligible: {mentee: stage is resident}",
            "cap: {}",
            ["Who may take part, mentee: no longer career stage is resident"],
        ),
        (
            "cap: {}",
            "eligible: {mentee: {all: [stage is resident, training.state is MA]}}",
            [
                "Who may take part, mentee: new, career stage is resident",
                "Who may take part, mentee: new, state of training is Massachusetts",
            ],
        ),
        (
            "eligible: {mentee: {all: [stage is resident, practice.state is MA]}}",
            "eligible: {mentee: {any: [stage is resident, practice.state is MA]}}",
            [
                "Who may take part, mentee: no longer career stage is resident",
                "Who may take part, mentee: no longer state of practice is Massachusetts",
                "Who may take part, mentee: new, career stage is resident, or state of practice is Massachusetts",
            ],
        ),
        (
            "eligible: {mentor: {all: [years_since_training at least 8, {not: stage is fellow}]}}",
            "eligible: {mentor: {all: [years_since_training at least 5, stage is not fellow]}}",
            ["Years since training at least 8 → 5"],
        ),
        ("cap: {}", "cap: {pairs: 24}", ["Pairs at most: new, 24"]),
        (
            "cap: {pairs: 24}",
            "cap: {pairs: 30, order: lot}",
            ["Pairs at most: 24 → 30", "Order of the waitlist: date of sign-up → lot"],
        ),
        ("enter: {mentor: open}", "enter: {mentor: apply}", ["Way in, mentor: open → apply"]),
        (
            "roles: {mentor: {called: Guide}}",
            "roles: {mentor: {called: Guide, places: {default: 1, most: 3}}}",
            ["Roles, mentor, places, most: 1 → 3"],
        ),
        (
            "mentorship: {prompts: [contracts, burnout]}",
            "mentorship: {prompts: [burnout, contracts]}",
            ["Prompts: Contracts, When it is too much → When it is too much, Contracts"],
        ),
        (
            "mentorship: {prompts: [contracts]}",
            "mentorship: {prompts: [{text: contracts, for: mentee}, burnout]}",
            ["Prompts: new, When it is too much", "Prompts, Contracts, for: resident, fellow, early career → mentee"],
        ),
        (
            "agree: [{text: Be kind., title: Conduct, by: mentor}]",
            "agree: [{text: Be good., title: Conduct, by: mentor, version: 2}]",
            ["Agreements, Conduct, text: reworded", "Agreements, Conduct, version: 1 → 2"],
        ),
        ("mentorship: {directs_itself: true}", "mentorship: {directs_itself: false}", ["Directs itself: yes → no"]),
        ("mentorship: {meetings: {ideal: monthly}}", "mentorship: {}", ["Meetings ideally: no longer monthly"]),
    ],
)
def test_what_changed_in_a_part(old: str, new: str, expected: list[str]) -> None:
    assert said(load_policy(with_part(old)), load_policy(with_part(new))) == expected


def test_weights_and_hard_rules() -> None:
    weights = "        specialty: 600\n        shared_interests: 400\n"
    new = load((weights, "        specialty: 500\n        near_each_other: 500\n      never: [same_employer]\n"))
    assert sorted(said(load_policy(MINIMAL), new)) == [
        "Never match: new, same employer",
        "What matters, close to each other, counts when: new, in person is possible",
        "What matters, close to each other, half at: new, 12 mi",
        "What matters, close to each other: new, 500",
        "What matters, shared interests: no longer 400",
        "What matters, specialty: 600 → 500",
    ]


def test_parts_come_and_go() -> None:
    one, two = load_policy(MINIMAL), load_policy(MINIMAL + EVENING)
    assert said(one, two) == ["Parts: new, Evening"]
    assert said(two, one) == ["Parts: no longer Evening"]
    assert said(one, load(("One-to-one", "Pairs"))) == ["Parts: One-to-one → Pairs"]


def test_names_with_braces_do_no_harm() -> None:
    odd = varied(("One-to-one", "'{part}'"), ("title: Mentoring", 'title: "{title}"'))
    assert said(load_policy(MINIMAL), load_policy(odd)) == ["Title: Mentoring → {title}", "Parts: One-to-one → {part}"]
    prompts = [with_part(f'mentorship: {{prompts: [{{title: "{{x}}", text: {text}}}]}}') for text in ("A.", "B.")]
    assert said(*map(load_policy, prompts)) == ["Prompts, {x}, text: reworded"]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(templates.names()), st.integers(0, 2**32))
def test_a_difference_is_seen_exactly_where_the_fingerprint_sees_one(name: str, seed: int) -> None:
    """Lines of a template are taken out at random; what still loads is compared with the whole, both ways."""
    chance = random.Random(seed)
    whole = templates.load(name)
    lines = [line for line in templates.text(name).split("\n") if chance.random() > 0.02]
    try:
        less = load_policy("\n".join(lines))
    except PolicyError:
        return
    forth, back = said(whole, less), said(less, whole)
    without_source = [policy_hash(policy.model_copy(update={"source": None})) for policy in (whole, less)]
    assert bool(forth) == bool(back) == (without_source[0] != without_source[1])


def test_partners_and_mails_are_named() -> None:
    before = load_policy(MINIMAL + "partners: [a residency, a school]\n")
    after = load_policy(
        MINIMAL + "partners: [{name: a residency, link: https://example.org}, a school]\nmails: {asked: Welcome.}\n"
    )
    assert said(before, after) == [
        "Partners, a residency, link: new, https://example.org",
        "Our words in the mail that asks: new",
    ]


def test_a_partner_with_nothing_but_a_name_is_written_as_one() -> None:
    text = MINIMAL + "partners: [a residency, {name: a school}]\n"
    assert load_policy(text).model_dump(mode="json")["partners"] == ["a residency", "a school"]
    assert policy_hash(load_policy(text)) == policy_hash(load_policy(text.replace("{name: a school}", "a school")))

"""What a policy document holds, what it refuses, and that nothing is lost on the way out and back."""

from __future__ import annotations

import json
from datetime import date

import pytest

from programs.policy import templates
from programs.policy.document import (
    Dates,
    Distance,
    PolicyError,
    dump_policy,
    load_policy,
    policy_hash,
    restore_policy,
    store_policy,
)
from tests.policy.documents import EVENING, MINIMAL, faults, load, varied, with_part

WEIGHTS = "        specialty: 600\n        shared_interests: 400\n"


def test_what_the_minimal_policy_means() -> None:
    policy = load_policy(MINIMAL)
    part = policy.part("One-to-one")
    assert part is policy.part(0) is policy.first_one_to_one()
    assert (part.roles["mentor"].places.default, part.roles["mentor"].places.most) == (1, 1)
    assert (part.roles["mentee"].mentors.default, part.roles["mentee"].mentors.most) == (1, 1)
    assert (part.roles["mentor"].called, part.way_in("mentor")) == ("Mentor", "open")
    assert (part.cap.pairs, part.cap.beyond, part.cap.order) == (None, "waitlist", "date of sign-up")
    assert part.eligible.get("mentor") is None
    assert part.matching.aim == "most_pairs"
    assert (part.matching.never, part.matching.floor, part.matching.by) == ((), 0, ("solver",))
    assert {name: weight.points for name, weight in part.matching.weights.items()} == {
        "specialty": 600,
        "shared_interests": 400,
    }


def test_an_unknown_part_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        load_policy(MINIMAL).part("Two-to-two")
    assert load(("one_to_one", "flash")).first_one_to_one() is None


def test_all_faults_come_at_once_in_the_order_of_lines() -> None:
    text = varied(
        ("title: Mentoring", "tilte: Mentoring"),
        ("mentoring@example.org", "mentoring at example.org"),
        ("runs_for: 5 months", "runs_for: a while"),
        ("specialty: 600", "speciality: 601"),
    )
    assert faults(text) == [
        ("title", 1, "This setting is missing."),
        ("tilte", 2, "There is no setting “tilte” here. Did you mean “title”?"),
        ("contact", 5, "“mentoring at example.org” is not a mail address."),
        (
            "calendar.runs_for",
            7,
            "“a while” is not a length of time. Write it like “5 months” or “8 weeks”.",
        ),
        (
            "parts[0].matching.weights",
            12,
            "Weights share out 1000 points (or 100 percent); these sum to 1001.",
        ),
    ]


def test_an_unknown_criterion_names_the_nearest() -> None:
    assert faults(varied(("specialty: 600", "speciality: 600"))) == [
        ("parts[0].matching.weights.speciality", 13, "“speciality” is not known here. Did you mean “specialty”?")
    ]


@pytest.mark.parametrize(
    ("lines", "path", "message"),
    [
        (["colour: blue"], "parts[0].colour", "There is no setting “colour” here."),
        (["cap: {pears: 3}"], "parts[0].cap.pears", "There is no setting “pears” here. Did you mean “pairs”?"),
        (["cap: {pairs: 0}"], "parts[0].cap.pairs", "“0” is too small: at least 1."),
        (["cap: {pairs: true}"], "parts[0].cap.pairs", "“true” should be a whole number."),
        (["cap: {pairs: '24'}"], "parts[0].cap.pairs", "“24” should be a whole number."),
        (["cap: 24"], "parts[0].cap", "“24” should be a set of settings, each with a name."),
        (["cap: {beyond: waitlst}"], "parts[0].cap.beyond", "“waitlst” is not known here. Did you mean “waitlist”?"),
        (["name: Again"], "parts[0].name", "“name” stands here twice."),
        (["enter: {mentor: by chance}"], "parts[0].enter.mentor", "“by chance” is not known here."),
        (["enter: {mentr: open}"], "parts[0].enter.mentr", "A part of format “one_to_one” has no role “mentr”."),
        (["roles: {peer: {called: Peer}}"], "parts[0].roles.peer", "A part of format “one_to_one” has no role “peer”."),
        (
            ["roles: {mentor: {called: Mentor, places: {default: 3, most: 2}}}"],
            "parts[0].roles.mentor.places.default",
            "The default, 3, is more than the most, 2.",
        ),
        (
            ["roles: {mentee: {called: Mentee, places: {most: 2}}}"],
            "parts[0].roles.mentee.places",
            "“places” is not for a mentee: a mentor has places, a mentee has mentors.",
        ),
        (["agree: [{text: Be kind., by: mentors}]"], "parts[0].agree[0].by", "Did you mean “mentor”?"),
        (["agree: [{text: Be kind., by: []}]"], "parts[0].agree[0].by", "This is empty; it needs at least one entry."),
        (["agree: [{text: condct, by: mentor}]"], "parts[0].agree[0].text", "Did you mean “conduct”?"),
        (["agree: [{text: '', by: mentor}]"], "parts[0].agree[0].text", "This is empty."),
        (["intake: {mentor: [abot_me]}"], "parts[0].intake.mentor[0]", "Did you mean “about_me”?"),
        (
            ["intake: {mentor: [{ask: why, text: Why?, kind: choice}]}"],
            "parts[0].intake.mentor[0]",
            "Choices belong to a “choice” or “choices”, and such a question needs them.",
        ),
        (
            ["intake: {mentor: [{ask: why, text: Why?, fills: bio}]}"],
            "parts[0].intake.mentor[0]",
            "A participant has no field “bio”.",
        ),
        (
            ["mentorship: {prompts: [{text: To talk about., for: residents}]}"],
            "parts[0].mentorship.prompts[0].for",
            "“residents” is neither a role nor a stage. Did you mean “resident”?",
        ),
        (
            ["mentorship: {meetings: {at_least: once in a while}}"],
            "parts[0].mentorship.meetings.at_least",
            "“once in a while” is not how often.",
        ),
        (
            ["surveys: [{wave: final, instrument: society experience, to: mentor}]"],
            "parts[0].surveys[0].wave",
            "“final” is not known here.",
        ),
        (
            ["surveys: [{wave: end, instrument: society experiance, to: mentor}]"],
            "parts[0].surveys[0].instrument",
            "No questions “society experiance” ship with Chiron. Did you mean “society experience”?",
        ),
        (
            ["surveys: [{wave: end, instrument: evening, to: mentor}, {wave: end, instrument: evening, to: mentor}]"],
            "parts[0].surveys[1]",
            "“evening” goes to the same people twice: mentor.",
        ),
        (["evening: {rounds: 6}"], "parts[0].evening", "Only a part of format “speed” has an evening."),
        (
            ["mentorship: {directs_itself: no}"],
            "parts[0].mentorship.directs_itself",
            "“no” should be “true” or “false”.",
        ),
    ],
)
def test_what_a_part_refuses(lines: list[str], path: str, message: str) -> None:
    [(at, line, said)] = faults(with_part(*lines))
    assert (at, line) == (path, MINIMAL.count("\n") + 1)
    assert said.startswith(message) or said.endswith(message)


@pytest.mark.parametrize(
    ("lines", "path", "line", "message"),
    [
        ("        specialty: 1000\n        shared_interests: -1\n", "parts[0].matching.weights", 12, "sum to 999"),
        ("        specialty: 1.5\n", "parts[0].matching.weights.specialty", 13, "“1.5” should be a whole number."),
        ("        specialty: {half_at: 3 mi}\n", "parts[0].matching.weights.specialty.half_at", 13, "has no option"),
        ("        specialty: {}\n", "parts[0].matching.weights.specialty.points", 13, "This setting is missing."),
        (
            "        near_each_other:\n          points: 1000\n          half_at: 12\n",
            "parts[0].matching.weights.near_each_other.half_at",
            15,
            "“12” is not a distance. Write it like “12 mi” or “20 km”.",
        ),
        (
            "        near_each_other:\n          points: 1000\n          half_ta: 12 mi\n",
            "parts[0].matching.weights.near_each_other.half_ta",
            15,
            "Did you mean “half_at”?",
        ),
    ],
)
def test_what_weights_refuse(lines: str, path: str, line: int, message: str) -> None:
    [(at, on, said)] = faults(varied((WEIGHTS, lines)))
    assert (at, on) == (path, line)
    assert message in said


def test_percent_are_points_in_tens() -> None:
    percent = load(("specialty: 600", "specialty: 60"), ("shared_interests: 400", "shared_interests: 40"))
    assert percent == load_policy(MINIMAL)


def test_a_criterion_has_its_options_even_where_the_policy_is_silent() -> None:
    weight = load((WEIGHTS, "        near_each_other: 1000\n")).parts[0].matching.weights["near_each_other"]
    assert (weight.points, weight.half_at, weight.counts_when) == (1000, Distance(12, "mi"), "in person is possible")
    assert weight.options == {"half_at": Distance(12, "mi"), "counts_when": "in person is possible"}
    assert load_policy(MINIMAL).parts[0].matching.weights["specialty"].options == {}


def test_distances_may_be_in_kilometers() -> None:
    policy = load((WEIGHTS, "        near_each_other: {points: 1000, half_at: 20 km, counts_when: always}\n"))
    half_at = policy.parts[0].matching.weights["near_each_other"].half_at
    assert half_at is not None
    assert half_at.miles == pytest.approx(12.43, abs=0.01)
    assert str(half_at) == "20 km"
    assert load_policy(dump_policy(policy)) == policy


def test_suggested_pairs_need_weights() -> None:
    assert [message for _, _, message in faults(varied(("weights:\n" + WEIGHTS, "by: solver\n")))] == [
        "Suggested pairs need weights: say what matters in a match."
    ]
    assert load(("weights:\n" + WEIGHTS, "by: hand\n")).parts[0].matching.weights == {}


def test_a_hard_rule_stands_once_and_is_known() -> None:
    def never(rules: str) -> list[tuple[str, int | None, str]]:
        return faults(varied(("      weights:\n", f"      never: {rules}\n      weights:\n")))

    assert never("[same_employer, reporting_line]") == []
    assert [path for path, _, _ in never("[same_employer, same_employer]")] == ["parts[0].matching.never[1]"]
    assert never("[same_employr]") == [
        ("parts[0].matching.never[0]", 12, "“same_employr” is not known here. Did you mean “same_employer”?")
    ]
    assert [path for path, _, _ in never("[same_employer]\n      flag: [same_employer]")] == [
        "parts[0].matching.flag[0]"
    ]


def test_ways_in_as_people_say_them() -> None:
    part = load_policy(with_part("enter: {mentor: by invitation, mentee: by application}")).parts[0]
    assert (part.way_in("mentor"), part.way_in("mentee")) == ("invitation", "apply")


PROTECTED = [
    "identity.gender is woman",
    "identity.underrepresented is true",
    "gender is woman",
    "age at least 60",
    "religion is quaker",
    "answers.disability is true",
    "answers.age_group is over 60",
    "sexual_orientation is not straight",
]


@pytest.mark.parametrize("rule", PROTECTED)
def test_protected_traits_decide_about_nobody(rule: str) -> None:
    text = with_part("eligible:", "  mentee:", "    any:", "      - stage is resident", f"      - not: {rule}")
    [(path, line, message)] = faults(text)
    assert (path, line) == ("parts[0].eligible.mentee.any[1].not", MINIMAL.count("\n") + 5)
    assert "is a protected trait and cannot decide who may take part" in message


def test_a_waitlist_is_never_ordered_by_who_people_are() -> None:
    [(path, _line, message)] = faults(with_part("cap: {order: identity.underrepresented}"))
    assert path == "parts[0].cap.order"
    assert "only by the date of sign-up, or by lot" in message


@pytest.mark.parametrize("rule", PROTECTED)
def test_protected_traits_may_stand_in_the_focus(rule: str) -> None:
    assert faults(with_part(f"focus: {{mentee: {rule}}}")) == []


def test_the_owner_may_decide_otherwise_for_named_traits() -> None:
    decision = (
        "decision_on_traits: {traits: [gender], reason: A program of the women's section, "
        "decided_on: 2027-01-05, reviewed_by_counsel: true}"
    )
    assert faults(with_part("eligible: {mentee: identity.gender is woman}", decision)) == []
    [(path, _, _)] = faults(with_part("eligible: {mentee: identity.religion is quaker}", decision))
    assert path == "parts[0].eligible.mentee"
    without_reason = decision.replace("reason: A program of the women's section, ", "")
    assert [path for path, _, _ in faults(with_part(without_reason))] == ["parts[0].decision_on_traits.reason"]


@pytest.mark.parametrize("day", ["20270105", "January 5", "1767600000", "2027-02-30", "2027-01-05T00:00:00"])
def test_a_date_is_written_one_way(day: str) -> None:
    assert faults(f"first_cycle: {{starts: {day}}}\n{MINIMAL}") == [
        ("first_cycle.starts", 1, f"“{day}” is not a date. Write it like 2027-03-01.")
    ]


def test_the_calendar_proposes_dates() -> None:
    calendar = load(
        (
            "runs_for: 5 months",
            "runs_for: 5 months\n  starts: [mid-February, mid-September]\n"
            "  sign_up: {opens: 8 weeks before, closes: 2 weeks before}\n  published: 7 days before",
        )
    ).calendar
    assert calendar.dates_from(date(2027, 2, 15)) == Dates(
        starts=date(2027, 2, 15),
        ends=date(2027, 7, 15),
        sign_up_opens=date(2026, 12, 21),
        sign_up_closes=date(2027, 2, 1),
        council_closes=None,
        published=date(2027, 2, 8),
    )
    assert calendar.next_start(date(2026, 11, 21)) == date(2027, 2, 15)
    assert calendar.next_start(date(2027, 2, 15)) == date(2027, 9, 15)
    assert load_policy(MINIMAL).calendar.next_start(date(2027, 1, 1)) is None


@pytest.mark.parametrize(
    ("lines", "path", "line"),
    [
        ("  sign_up: {opens: 2 weeks before, closes: 8 weeks before}", "calendar.sign_up.closes", 8),
        (
            "  published: 9 weeks before\n  sign_up: {opens: 10 weeks before, closes: 8 weeks before}",
            "calendar.published",
            8,
        ),
        ("  sign_up: {opens: 2 weeks before}", "calendar.sign_up.closes", 8),
        ("  sign_up: {opens: 8 weeks, closes: 2 weeks before}", "calendar.sign_up.opens", 8),
        ("  starts: [March 1]\n  each_year: 2", "calendar.each_year", 9),
        ("  rolling: true\n  starts: [March 1]", "calendar.starts", 9),
        ("  starts: [May 1, Mai 2]", "calendar.starts[1]", 8),
    ],
)
def test_what_a_calendar_refuses(lines: str, path: str, line: int) -> None:
    text = varied(("  runs_for: 5 months\n", f"  runs_for: 5 months\n{lines}\n"))
    assert [(at, on) for at, on, _ in faults(text)] == [(path, line)]


def test_a_speed_evening() -> None:
    policy = load_policy(MINIMAL + EVENING)
    evening = policy.part("Evening").evening
    assert evening is not None
    assert evening.length_in_minutes == 15 + 6 * 8 + 5 * 2 + 30
    assert [path for path, _, _ in faults(MINIMAL + EVENING.split("    evening")[0])] == ["parts[1].evening"]
    twice = EVENING + "      breaks: [{after_round: 3, minutes: 15}, {after_round: 3, minutes: 5}]\n"
    assert [path for path, _, _ in faults(MINIMAL + twice)] == ["parts[1].evening.breaks[1].after_round"]
    last = EVENING + "      breaks: [{after_round: 6, minutes: 15}]\n"
    assert [path for path, _, _ in faults(MINIMAL + last)] == ["parts[1].evening.breaks[0].after_round"]


def test_parts_have_different_names() -> None:
    assert faults(MINIMAL + EVENING.replace("Evening", "one-to-One")) == [
        ("parts[1].name", 15, "Another part is called “one-to-One” too.")
    ]
    assert [path for path, _, _ in faults(MINIMAL[: MINIMAL.index("  - name")].replace("parts:", "parts: []"))] == [
        "parts"
    ]


def test_what_is_ours_has_to_be_there() -> None:
    ours = "source: {what: A society, ours: [matching.floor, One-to-one.roles, calender]}\n"
    assert faults(MINIMAL + ours) == [("source.ours[2]", 15, "There is no setting “calender” in this policy.")]
    policy = load_policy(MINIMAL + ours.replace("calender", "calendar"))
    assert policy.is_ours("calendar", "runs_for")
    assert policy.is_ours("One-to-one", "matching", "floor")
    assert policy.is_ours("One-to-one", "roles", "mentor", "places")
    assert not policy.is_ours("One-to-one", "matching", "weights")
    assert not policy.is_ours("title")


def test_texts_by_name_are_copied_in_and_own_texts_stay() -> None:
    part = load_policy(
        with_part(
            "agree: [{text: conduct, by: [mentor, mentee]}, {text: Bring a book., by: mentee, version: 3}]",
            "mentorship: {prompts: [contracts, {text: contracts, for: mentee}, {text: What now?}]}",
        )
    ).parts[0]
    conduct, book = part.agree
    assert (conduct.name, conduct.version, conduct.kind) == ("conduct", 1, "agreement")
    assert conduct.text.startswith("I will treat the other person with respect")
    assert (book.name, book.text, book.version, book.by) == (None, "Bring a book.", 3, ("mentee",))
    shipped, narrowed, own = part.mentorship.prompts
    assert (shipped.title, shipped.for_) == ("Contracts", ("resident", "fellow", "early career"))
    assert (narrowed.text, narrowed.for_) == (shipped.text, ("mentee",))
    assert (own.name, own.text) == (None, "What now?")


def test_texts_are_for_roles_and_stages() -> None:
    text = with_part(
        "mentorship:",
        "  prompts:",
        "    - {text: All.}",
        "    - {text: R., for: mentor}",
        "    - {text: S., for: resident}",
        "    - {text: B., for: [mentor, resident]}",
    )
    prompts = load_policy(text).parts[0].mentorship.prompts

    def shown(role: str, stage: str | None) -> str:
        return " ".join(prompt.text for prompt in prompts if prompt.is_for(role=role, stage=stage))

    assert shown("mentee", "pre-med") == "All."
    assert shown("mentor", "pre-med") == "All. R."
    assert shown("mentee", "resident") == "All. S."
    assert shown("mentor", "resident") == "All. R. S. B."
    assert shown("mentor", None) == "All. R."


def test_questions_come_in_order_for_a_role_at_a_stage() -> None:
    part = load_policy(
        with_part(
            "intake:",
            "  both: [about_me, training]",
            "  mentor: [aspects_offered]",
            "  mentee:",
            "    - {ask: path, text: How far are you?, for: pre-med, kind: choice, choices: [begun, done]}",
        )
    ).parts[0]
    assert [question.ask for question in part.questions("mentee", "pre-med")] == ["about_me", "path"]
    assert [question.ask for question in part.questions("mentor", "retired")] == [
        "about_me",
        "training",
        "aspects_offered",
    ]
    [blank] = part.intake["mentee"][0].blanks
    assert (blank.name, blank.kind, blank.choices, blank.fills) == ("path", "choice", ("begun", "done"), None)
    assert [blank.fills for blank in part.intake["both"][1].blanks] == ["training_completed_on", "training_state"]


def test_texts_are_filled_in_by_what_the_policy_says() -> None:
    policy = load_policy(MINIMAL)
    assert policy.filled("{title}: {time_commitment}, {contact} {other}") == (
        "Mentoring: an hour a month, mentoring@example.org {other}"
    )


@pytest.mark.parametrize("name", templates.names())
def test_out_and_back_is_the_same_policy(name: str) -> None:
    policy = templates.load(name)
    assert load_policy(dump_policy(policy)) == policy
    assert restore_policy(json.loads(json.dumps(store_policy(policy)))) == policy


AWKWARD = [
    *(
        "no",
        "~",
        "12",
        "1e3",
        "2027-03-01",
        "'",
        '"',
        "@",
        "%",
        "!x",
        "&x",
        "*x",
        "|",
        ">",
        "- x",
        "? x",
        "a: b",
        "{title}",
    ),
    *("# not a comment", "a\ttab", "two\nlines", "two\n\n  indented\nlines", "é – “q” 中 🩺"),
    *("x " * 90, "y " * 60 + ": z #", "z" * 300),
]


@pytest.mark.parametrize("text", AWKWARD)
def test_any_words_survive_out_and_back(text: str) -> None:
    policy = load_policy(MINIMAL).model_copy(update={"purpose": text.strip()})
    assert load_policy(dump_policy(policy)).purpose == text.strip()


def test_a_stored_policy_that_is_none_is_refused_without_lines() -> None:
    stored = store_policy(load_policy(MINIMAL))
    stored["parts"][0]["format"] = "two_to_two"
    with pytest.raises(PolicyError) as caught:
        restore_policy(stored, "version 3")
    assert caught.value.faults[0].line is None
    assert caught.value.message.startswith("version 3, parts[0].format: “two_to_two” is not known here.")


def test_the_fingerprint_is_of_what_the_policy_says() -> None:
    said = policy_hash(load_policy(MINIMAL))
    reordered = varied(("title: Mentoring\n", ""), ("contact:", "title: Mentoring\ncontact:"))
    commented = MINIMAL.replace("parts:", "# what we offer\nparts:")
    spelled_out = with_part("cap: {beyond: waitlist, order: date of sign-up}", "surveys: []")
    first = MINIMAL + "first_cycle: {starts: 2027-03-01}\n"
    assert {policy_hash(load_policy(text)) for text in (reordered, commented, spelled_out, first)} == {said}
    assert policy_hash(restore_policy(store_policy(load_policy(MINIMAL)))) == said
    assert said not in {policy_hash(load(change)) for change in (("title: M", "title: m"), ("5 months", "6 months"))}


def test_the_fingerprint_of_the_minimal_policy_never_changes() -> None:
    assert policy_hash(load_policy(MINIMAL)) == ("64404f4f472818d2dbecd604da611bf251fb04b0791b1dae800422a45dd584af")

"""Why these two, in words: the strongest reasons, no points, and nothing of anybody's identity."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest

from matching.criteria import Flag, Known, Scores
from matching.criteria.aspects import DOES_NOT_HELP
from matching.criteria.rules import ASKED, RULED_OUT, SAME_PERSON
from matching.criteria.sentences import CALLED, HOLDS, RULES, UNSURE, called, flag_sentence, for_staff, reasons_for
from matching.criteria.wishes import Wished
from programs.policy.participant import Participant, RoleName
from programs.policy.words import CriterionId, HardRuleId
from tests.matching.people import matters, mentee, mentor

WEIGHTS = {
    "lived_my_challenge": 270,
    "aspects_covered": 220,
    "near_each_other": 200,
    "specialty": 120,
    "shared_interests": 80,
    "my_own_preference": 60,
    "free_at_the_same_time": 50,
}
SECRETS = {"gender": "woman", "heritage": "Somali"}


def reasons(reader: RoleName, one: Participant, other: Participant, **weights: int) -> list[str]:
    wished = Wished({one.key: [other.key]}, {other.key: [one.key]})
    scores = Scores([one], [other], matters(weights=weights or WEIGHTS), Known(wished=wished))
    about = other if reader == "mentee" else one
    return [str(each) for each in reasons_for(reader, about, scores.points(0, 0), scores.weights)]


def a_pair(**changes: Any) -> tuple[Participant, Participant]:
    said: dict[str, Any] = {
        "specialty": "Neurology",
        "zip": "02111",
        "interests": ("teaching", "advocacy"),
        "aspects": ("research", "leadership", "burnout"),
        "challenges": ("parental leave",),
        "availability": ("Mon evening",),
        **SECRETS,
        **changes,
    }
    prefers = ("gender", "heritage")
    one = mentee(given_name="Bo", family_name="Reed", stage="medical student", prefers_shared=prefers, **said)
    return one, mentor(given_name="Ada", family_name="Stone", stage="retired", **said)


def test_a_mentee_reads_the_strongest_three() -> None:
    assert reasons("mentee", *a_pair()) == [
        "Dr. Stone has been through parental leave too.",
        "Dr. Stone can help with research, leadership and burnout, which you asked for.",
        "You are less than 5 miles apart.",
    ]


def test_a_mentor_reads_their_side_without_the_mentees_challenge() -> None:
    assert reasons("mentor", *a_pair()) == [
        "Bo is facing something that you have been through.",
        "Bo would like help with research, leadership and burnout, which you offer.",
        "You are less than 5 miles apart.",
    ]


def test_weaker_reasons_come_when_stronger_ones_do_not_hold() -> None:
    one, other = a_pair(challenges=(), aspects=(), zip=None)
    assert reasons("mentee", one, other) == [
        "You are both in neurology.",
        "You share an interest in teaching and advocacy.",
        "We took your preference into account.",
    ]
    assert reasons("mentor", one, other) == [
        "You are both in neurology.",
        "You share an interest in teaching and advocacy.",
        "You are both free Mon evening.",
    ]


def test_related_fields_are_named_from_the_readers_side() -> None:
    one, other = mentee(specialty="Neurology"), mentor(specialty="Psychiatry")
    assert reasons("mentee", one, other, specialty=1000) == [
        "Your fields, neurology and psychiatry, are close to each other."
    ]
    assert reasons("mentor", one, other, specialty=1000) == [
        "Your fields, psychiatry and neurology, are close to each other."
    ]


def test_strength_is_the_share_in_the_score() -> None:
    one = mentee(interests=("a", "b", "c"), specialty="Neurology")
    other = mentor(interests=("a",), specialty="Neurology")
    assert reasons("mentee", one, other, shared_interests=700, specialty=300)[0] == "You are both in neurology."
    assert reasons("mentee", one, other, shared_interests=800, specialty=200)[0] == "You share an interest in a."


def test_what_is_unknown_or_missed_is_no_reason() -> None:
    assert reasons("mentee", mentee(), mentor()) == []
    one, other = mentee(interests=("a",), zip="02111"), mentor(interests=("b",), zip="90001")
    assert reasons("mentee", one, other) == []


def test_a_preference_that_was_not_met_is_no_reason() -> None:
    one, other = mentee(prefers_shared=("gender",), gender="woman"), mentor(gender="man")
    assert reasons("mentee", one, other, my_own_preference=1000) == []


@pytest.mark.parametrize("reader", ["mentor", "mentee"])
@pytest.mark.parametrize("criterion", get_args(CriterionId))
def test_no_sentence_holds_identity_points_or_scores(reader: RoleName, criterion: CriterionId) -> None:
    said = reasons(reader, *a_pair(), **{criterion: 1000})
    assert len(said) == (0 if (reader, criterion) == ("mentor", "my_own_preference") else 1)
    told = " ".join(said).lower()
    assert not any(secret in told for secret in ("woman", "somali", "gender", "heritage", "point", "score", "rank"))
    assert [int(number) for number in re.findall(r"\d+", told)] in ([], [5])
    assert reader == "mentee" or "parental leave" not in told
    assert reader == "mentee" or "preference" not in told


def test_people_are_called_as_they_should_be() -> None:
    said: dict[str, Any] = {"given_name": "Bo", "family_name": "Reed"}
    assert str(called(mentee(stage="pre-med", **said))) == "Bo"
    assert str(called(mentee(stage="resident", **said))) == "Dr. Reed"
    assert str(called(mentor(stage=None, **said))) == "Dr. Reed"
    assert str(called(mentor(given_name="Cher"))) == "Cher"


def test_staff_read_the_shares_that_add_up() -> None:
    scores = Scores(*([person] for person in a_pair(interests=())), matters(weights=WEIGHTS))
    said = [str(each) for each in for_staff(scores.points(0, 0), scores.weights)]
    assert said[0] == "has lived my challenge: 270 of 270"
    assert "shared interests: 40 of 80 (not known)" in said
    assert sum(float(re.search(r": ([\d.]+) of", each)[1]) for each in said) == scores.block([0])[0, 0] / 1000  # type: ignore


def test_everything_that_can_be_said_has_words() -> None:
    assert set(CALLED) == set(get_args(CriterionId))
    assert set(RULES) == {*get_args(HardRuleId), SAME_PERSON, RULED_OUT, ASKED, DOES_NOT_HELP}
    assert str(flag_sentence(Flag("same_employer", "holds"))) == "Please look: both have the same employer."
    assert {str(flag_sentence(Flag(rule, "cannot tell"))) for rule in UNSURE} == set(UNSURE.values())
    assert "{rule}" in HOLDS

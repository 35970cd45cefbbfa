"""Why these two, in sentences. All words about pairs are here.

A participant reads the strongest reasons, never points. What one of them reads tells nothing of the other's identity:
a preference or a wish that was met is told to its owner alone. What a mentee struggles with is not named to the mentor
either; that is for the mentee to tell. Staff read points, rules and flags.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from matching.criteria.points import Flag, Points
from programs.policy.participant import Participant, RoleName
from programs.policy.sentences import Sentence, gettext_noop
from programs.policy.words import CriterionId

MOST_REASONS = 3
STUDENTS: Final = frozenset({"pre-med", "medical student"})

CALLED: Final[dict[CriterionId, str]] = {
    "lived_my_challenge": gettext_noop("has lived my challenge"),
    "aspects_covered": gettext_noop("help wanted and offered"),
    "near_each_other": gettext_noop("close to each other"),
    "specialty": gettext_noop("specialty"),
    "shared_interests": gettext_noop("shared interests"),
    "my_own_preference": gettext_noop("own preference"),
    "free_at_the_same_time": gettext_noop("free at the same time"),
    "wished_for": gettext_noop("wishes"),
}

RULES: Final = {
    "same_person": gettext_noop("they are the same person"),
    "ruled_out_by_staff": gettext_noop("staff ruled this pair out"),
    "asked_before": gettext_noop("they are a pair already, or one of them said no"),
    "does_not_help_with_it": gettext_noop("the mentor does not offer the help that is wanted"),
    "mentor_not_further_along": gettext_noop("the mentor is not further along"),
    "same_employer": gettext_noop("both have the same employer"),
    "reporting_line": gettext_noop("one reports to the other"),
    "no_common_language": gettext_noop("they have no common language"),
    "meeting_modes_clash": gettext_noop("one meets only in person, the other only online"),
    "blocked_by_either": gettext_noop("one of them does not want to be paired with the other"),
    "ended_early_before": gettext_noop("they were paired before and ended early"),
}

UNSURE: Final = {
    "does_not_help_with_it": gettext_noop("The mentor does not say what they can help with."),
    "mentor_not_further_along": gettext_noop("We cannot tell whether the mentor is further along."),
    "same_employer": gettext_noop("We cannot tell whether both have the same employer."),
    "no_common_language": gettext_noop("One of them does not say which languages they speak."),
    "meeting_modes_clash": gettext_noop("One of them does not say how they want to meet."),
}
HOLDS: Final = gettext_noop("Please look: {rule}.")

# To the mentee, about the mentor, and the other way round. {they} is the other person, {what} the facts.
TO_MENTEE: Final[dict[CriterionId, str]] = {
    "lived_my_challenge": gettext_noop("{they} has been through {what} too."),
    "aspects_covered": gettext_noop("{they} can help with {what}, which you asked for."),
    "near_each_other": gettext_noop("You are less than {what} miles apart."),
    "specialty": gettext_noop("You are both in {what}."),
    "shared_interests": gettext_noop("You share an interest in {what}."),
    "my_own_preference": gettext_noop("We took your preference into account."),
    "free_at_the_same_time": gettext_noop("You are both free {what}."),
    "wished_for": gettext_noop("{they} is one of those whom you would like."),
}
TO_MENTOR: Final[dict[CriterionId, str]] = TO_MENTEE | {
    "lived_my_challenge": gettext_noop("{they} is facing something that you have been through."),
    "aspects_covered": gettext_noop("{they} would like help with {what}, which you offer."),
}
RELATED_FIELDS: Final = gettext_noop("Your fields, {one} and {other}, are close to each other.")
ONLY_TO_MENTEE: Final = frozenset({"my_own_preference"})


def called(person: Participant) -> Sentence | str:
    """How a person is named to somebody they will meet: physicians as Dr., students by their given name."""
    if person.stage in STUDENTS or not person.family_name:
        return person.given_name or person.name
    return Sentence(gettext_noop("Dr. {name}"), {"name": person.family_name})


def reasons_for(
    reader: RoleName, other: Participant, points: Mapping[CriterionId, Points], weights: Mapping[CriterionId, int]
) -> list[Sentence]:
    """The strongest two or three reasons of one pair for one of the two, strongest first; fewer if there are not more.

    A criterion is a reason if it is known and gives at least something; strength is its share in the pair's score.
    """
    by_strength = sorted(points, key=lambda name: (-weights.get(name, 0) * points[name].points, name))
    said = [_reason(name, reader, other, points[name]) for name in by_strength]
    return [sentence for sentence in said if sentence][:MOST_REASONS]


def wish_met(other: Participant) -> Sentence:
    """To whoever named the other; what the other named is told to nobody but staff."""
    return Sentence(TO_MENTEE["wished_for"], {"they": called(other)})


def for_staff(points: Mapping[CriterionId, Points], weights: Mapping[CriterionId, int]) -> list[Sentence]:
    """Each criterion's share in the score, in points of 1000 as staff see them."""
    known, unknown = gettext_noop("{name}: {share} of {whole}"), gettext_noop("{name}: {share} of {whole} (not known)")
    said = []
    for name, each in points.items():
        share = f"{weights[name] * each.points / 1000:g}"
        values = {"name": Sentence(CALLED[name]), "share": share, "whole": weights[name]}
        said.append(Sentence(known if each.known else unknown, values))
    return said


def flag_sentence(flag: Flag) -> Sentence:
    """What staff should look at."""
    if flag.says == "holds":
        return Sentence(HOLDS, {"rule": Sentence(RULES[flag.rule])})
    return Sentence(UNSURE[flag.rule])


def and_list(words: Sequence[object]) -> Sentence | str:
    """Words as people list them: a, b and c."""
    *most, last = words
    if not most:
        return str(last)
    return Sentence(gettext_noop("{most} and {last}"), {"most": ", ".join(map(str, most)), "last": last})


def _reason(name: CriterionId, reader: RoleName, other: Participant, points: Points) -> Sentence | None:
    if not points.known or not points.points or (name in ONLY_TO_MENTEE and reader != "mentee"):
        return None
    facts = points.facts
    if name == "specialty" and facts["relation"] == "related":
        mine, theirs = (facts["mentee"], facts["mentor"]) if reader == "mentee" else (facts["mentor"], facts["mentee"])
        return Sentence(RELATED_FIELDS, {"one": mine.lower(), "other": theirs.lower()})
    if name == "wished_for":
        return wish_met(other) if f"by_{reader}" in facts else None
    what = _what(name, facts)
    if not what:
        return None
    return Sentence((TO_MENTEE if reader == "mentee" else TO_MENTOR)[name], {"they": called(other), "what": what})


def _what(name: CriterionId, facts: Mapping[str, object]) -> Sentence | str | None:
    """The facts of a criterion as they stand in its sentence; None if they are not worth one."""
    if name == "near_each_other":
        return str(facts["under_miles"]) if facts["under_miles"] else None
    if name == "specialty":
        return str(facts["mentor"]).lower() if facts["relation"] == "same" else None
    words = facts["shared" if name == "my_own_preference" else "common"]
    assert isinstance(words, Sequence)
    return and_list(words) if words else None

"""What the desk shows: rows of pairs, who is left, one pair in full."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chiron.design import charts
from matching.explaining import words
from matching.explaining.privacy import Line, lines_of
from matching.models import MatchRun, PairDecision, SuggestedPair
from matching.selectors import draft_before, new_pairs
from matching.showing.lists import kept
from programs.enrollment.biosketch import Biosketch, biosketch_of
from programs.enrollment.models import Enrollment, Role
from programs.policy.models import Cycle

Decisions = Mapping[tuple[UUID, UUID], PairDecision]


@dataclass(frozen=True)
class Row:
    """A pair in the table."""

    pair: SuggestedPair
    decision: PairDecision | None

    @property
    def parts(self) -> list[tuple[str, int]]:
        """What the score is made of, the same thing in the same place in every row."""
        return [(called(line), round(line.share / 1000)) for line in lines_of(self.pair)]

    @property
    def total(self) -> str:
        return words.points(self.pair.score)

    @property
    def verdict(self) -> words.Verdict:
        return words.verdict_on(self.pair)

    @property
    def wish(self) -> str:
        return words.wish(self.pair.facts.get("wishes", {}))

    @property
    def is_kept(self) -> bool:
        return self.decision is not None and self.decision.kind == PairDecision.Kind.KEEP

    @property
    def is_never(self) -> bool:
        return self.decision is not None and self.decision.kind == PairDecision.Kind.NEVER

    @property
    def mentee_is(self) -> str:
        return about(self.pair.mentee)

    @property
    def mentor_is(self) -> str:
        near = self.pair.facts["points"].get("near_each_other", {}).get("facts", {})
        miles = _("under %(miles)s mi") % {"miles": near["under_miles"]} if near.get("under_miles") else ""
        return " · ".join(part for part in (about(self.pair.mentor), miles) if part)

    @property
    def mentee_biosketch(self) -> Biosketch:
        return _biosketch(self.pair.mentee)

    @property
    def mentor_biosketch(self) -> Biosketch:
        return _biosketch(self.pair.mentor)

    @property
    def flags(self) -> list[str]:
        return [flag["sentence"] for flag in self.pair.facts["flags"]]


def _biosketch(enrollment: Enrollment) -> Biosketch:
    """What the other would read, without who somebody is: that is for their match alone."""
    return biosketch_of(enrollment.person, enrollment.answers, enrollment.role, to_match=False)


def called(line: Line) -> str:
    """What a line is about: “Specialty”, or “Specialty, with own preference”."""
    if len(line.criteria) == 1:
        return words.called(line.criteria[0])
    open_one, private = line.criteria
    return _("%(one)s, with %(private)s") % {"one": words.called(open_one), "private": words.called(private).lower()}


def about(enrollment: Enrollment) -> str:
    """Stage and field, as one line."""
    answers, person = enrollment.answers, enrollment.person
    said = (answers.get("stage") or person.stage, answers.get("specialty") or person.specialty)
    return " · ".join(part for part in said if part)


def rows_of(pairs: Iterable[SuggestedPair], cycle: Cycle) -> list[Row]:
    """Pairs with what staff said of them."""
    said: Decisions = {(each.mentee_id, each.mentor_id): each for each in cycle.pair_decisions.all()}
    return [Row(pair, said.get((pair.mentee_id, pair.mentor_id))) for pair in pairs]


@dataclass(frozen=True)
class Part:
    """One line of what a pair's score is made of."""

    name: str
    share: str
    whole: str
    because: str
    known: bool


def parts_of(pair: SuggestedPair) -> list[Part]:
    """The points of a pair, line by line; they add up to its score."""
    return [
        Part(
            name=called(line),
            share=words.points(line.share),
            whole=str(line.weight),
            because=words.because(line.facts) if len(line.criteria) == 1 else _("private"),
            known=line.known,
        )
        for line in lines_of(pair)
    ]


def runner_up(pair: SuggestedPair) -> tuple[str, str] | None:
    """The best other mentor for the mentee, by name, with the points; None if there is nobody else."""
    found = pair.facts["runner_up"]
    if found is None:
        return None
    names = {each["key"]: _name(each) for each in pair.run.snapshot["people"] if each["role"] == Role.MENTOR}
    return names[found["mentor_id"]], words.points(found["score"])


def _name(person: Mapping[str, Any]) -> str:
    return f"{person['given_name']} {person['family_name']}".strip()


@dataclass(frozen=True)
class Left:
    """Somebody without a pair in the draft."""

    enrollment_id: str
    name: str
    why: str


def left_of(run: MatchRun, role: Role, *, cut: bool = False) -> list[Left]:
    """Who has nobody, and why, as it was when the draft was made; where it was cut, also whose pair was taken out."""
    people = {each["enrollment"]: each for each in run.snapshot["people"]}
    found = []
    for each in run.snapshot["left"]:
        person = people[each["enrollment"]]
        if person["role"] == role:
            why = (
                words.IDLE[each["why"]] if role == Role.MENTOR else words.waits_because(each["why"], each["forbidden"])
            )
            found.append(Left(each["enrollment"], _name(person), str(why)))
    return found + _taken_out(run, role) if cut else found


def _taken_out(run: MatchRun, role: Role) -> list[Left]:
    """Whose pair was suggested, and taken out for want of room."""
    paired = {str(pk) for pk in run.pairs.values_list("mentor" if role == Role.MENTOR else "mentee", flat=True)}
    known = paired | {each["enrollment"] for each in run.snapshot["left"]}
    theirs = (each for each in run.snapshot["people"] if each["role"] == role)
    out = [each for each in theirs if each["enrollment"] not in known]
    return [Left(each["enrollment"], _name(each), str(words.NO_ROOM)) for each in out]


@dataclass(frozen=True)
class Numbers:
    """The draft at a glance."""

    pairs: int
    lowest: str
    kept: int
    changed: int | None
    before: MatchRun | None
    # How many mentees have the one whom they named first, and how many named anybody; None where nobody did.
    first_wishes: tuple[int, int] | None


def numbers_of(run: MatchRun) -> Numbers:
    """How many pairs, where the lowest five begin, how many are kept, and how many the draft before did not have."""
    scores = list(run.pairs.order_by("score").values_list("score", flat=True))
    before = draft_before(run)
    return Numbers(
        pairs=len(scores),
        lowest=words.points(scores[min(5, len(scores)) - 1]) if scores else "–",
        kept=kept(run.pairs.all()).count(),
        changed=new_pairs(run, before).count() if before else None,
        before=before,
        first_wishes=first_wishes_of(run),
    )


def first_wishes_of(run: MatchRun) -> tuple[int, int] | None:
    """How many mentees have the one whom they named first, of how many who named anybody; None if nobody did."""
    named = run.snapshot.get("wishes", {}).get("mentees", {})
    if not named:
        return None
    met = run.pairs.filter(facts__wishes__by_mentee=1).values("mentee").distinct().count()
    return met, len(named)


def weights_of(run: MatchRun) -> SafeString:
    """What matters in a match, as bars; percent as the program's settings give them."""
    matching = run.version.policy.part(run.cycle.part).matching
    bars = [
        charts.Bar(words.called(name), weight.points, f"{weight.points / 10:g}")
        for name, weight in sorted(matching.weights.items(), key=lambda each: -each[1].points)
        if weight.points
    ]
    said = ", ".join(f"{bar.label} {bar.said}" for bar in bars)
    return charts.bar_chart("weights", _("What matters, in percent"), said, bars)

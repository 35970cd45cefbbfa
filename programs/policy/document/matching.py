"""How pairs are found: what matters, what may never be, who is asked first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_serializer, model_validator

from programs.policy.document.base import Settings, Words
from programs.policy.document.fields import DistanceField, LengthField, NotEmpty, OneOrMore
from programs.policy.faults import FaultsError, Found
from programs.policy.lengths import Distance, Length, show
from programs.policy.words import Aim, CriterionId, HardRuleId, Method

WHOLE = 1000
# The options each criterion has, with what holds where the policy says nothing.
OPTIONS: dict[str, dict[str, str]] = {
    "near_each_other": {"half_at": "12 mi", "counts_when": "in person is possible"},
}


class Weight(Settings):
    """How much a criterion matters, in points of 1000, with the options of that criterion (None where it has none)."""

    points: Annotated[int, Field(strict=True, ge=0, le=WHOLE)]
    half_at: DistanceField | None = None
    """The distance at which closeness is worth half its points."""
    counts_when: Literal["in person is possible", "always"] | None = None

    @property
    def options(self) -> dict[str, Distance | str]:
        """The options that this criterion has."""
        return {name: value for name in ("half_at", "counts_when") if (value := getattr(self, name)) is not None}

    @model_validator(mode="before")
    @classmethod
    def _points_alone(cls, data: Any) -> Any:
        if not isinstance(data, dict | int | Weight):
            raise ValueError(f"{show(data)} should be a whole number.")
        return {"points": data} if isinstance(data, int) else data

    @model_serializer
    def _short(self) -> int | dict[str, Any]:
        options = {name: str(value) for name, value in self.options.items()}
        return {"points": self.points, **options} if options else self.points


def _weights(value: object) -> object:
    """Read points of 1000 or percent, fill in each criterion's options, and see that the whole is shared out."""
    if not isinstance(value, dict) or not value:
        return value
    weights = {key: {"points": weight} if type(weight) is int else weight for key, weight in value.items()}
    given = {key: weight for key, weight in weights.items() if isinstance(weight, dict)}
    found = [
        Found((key, option), f"“{key}” has no option “{option}”.")
        for key, weight in given.items()
        for option in {"half_at", "counts_when"} & weight.keys()
        if option not in OPTIONS.get(key, {})
    ]
    points = [weight["points"] for weight in given.values() if type(weight.get("points")) is int]
    if len(points) == len(weights):
        total = sum(points)
        if total not in (100, WHOLE):
            found.append(Found((), f"Weights share out {WHOLE} points (or 100 percent); these sum to {total}."))
        if total == 100:
            given = {key: weight | {"points": weight["points"] * 10} for key, weight in given.items()}
    if found:
        raise FaultsError(found)
    return weights | {key: OPTIONS.get(key, {}) | weight for key, weight in given.items()}


class Council(Settings):
    """The advisory council that proposes the weights: a seat each, combined without names."""

    seats: Annotated[tuple[Words, ...], NotEmpty]
    combine: Literal["median", "mean"] = "median"


class Wishes(Settings):
    """How participants say whom they would like, where they do."""

    ranked_by: Literal["mentee", "both"] = "mentee"
    at_most: Annotated[int, Field(strict=True, ge=1, le=10)] = 5
    """How many people somebody may name."""
    open_for: LengthField = Length(0, "day")
    """How long they can be changed after sign-up closes."""
    pairs_by: Literal["points", "lists"] = "points"
    """Whether a wish is one of the things that matter, or pairs follow both sides' lists."""


class Matching(Settings):
    """How pairs of a part are found and offered."""

    by: Annotated[tuple[Method, ...], OneOrMore, NotEmpty] = ("solver",)
    asked_first: Literal["mentor", "mentee", "both", "nobody"] = "mentor"
    offer_waits: LengthField = Length(5, "day")
    reminders: Annotated[int, Field(strict=True, ge=0, le=5)] = 1
    after_a_no: Literal["staff", "itself"] = "staff"
    """Who sends the next best pair once a place is free again: staff by a button, or the platform by itself."""
    aim: Aim = "most_pairs"
    floor: Annotated[int, Field(strict=True, ge=0, le=WHOLE)] = 0
    """A pair worth less than this, in points of 1000 as staff see them, is worse than none."""
    never: tuple[HardRuleId, ...] = ()
    flag: tuple[HardRuleId, ...] = ()
    """Hard rules that do not forbid a pair here but are shown on it."""
    weights: Annotated[dict[CriterionId, Weight], BeforeValidator(_weights)] = {}
    wishes: Wishes | None = None
    """There exactly where `by` has wishes."""
    council: Council | None = None

    @property
    def by_lists(self) -> bool:
        """Whether pairs follow the lists in which both sides rank each other, instead of points."""
        return self.wishes is not None and self.wishes.pairs_by == "lists"

    @model_validator(mode="before")
    @classmethod
    def _wishes_where_they_count(cls, data: Any) -> Any:
        """Who switches wishes off need not take their options out; who switches them on need not name them."""
        if not isinstance(data, dict):
            return data
        by = data.get("by", ())
        if "wishes" in ([by] if isinstance(by, str) else by):
            return data if data.get("wishes") is not None else {**data, "wishes": {}}
        return {key: value for key, value in data.items() if key != "wishes"}

    @model_validator(mode="after")
    def _each_rule_once(self) -> Self:
        found = [
            Found((name, position), f"“{rule}” stands here twice, in never or flag.")
            for name, rules in (("never", self.never), ("flag", self.flag))
            for position, rule in enumerate(rules)
            if rule in rules[:position] or (name == "flag" and rule in self.never)
        ]
        if not self.weights and {"solver", "wishes"} & {*self.by}:
            found.append(
                Found(("weights",), "Suggested pairs need weights: say what matters in a match.", missing=True)
            )
        found += self._misplaced_wishes()
        if found:
            raise FaultsError(found)
        return self

    def _misplaced_wishes(self) -> Iterator[Found]:
        wished, wishes = self.weights.get("wished_for"), self.wishes
        if wished and wished.points and wishes is None:
            yield Found(
                ("weights", "wished_for"),
                "Nobody says here whom they would like, so share these points out to what else matters.",
            )
        elif wished and wished.points and self.by_lists:
            yield Found(
                ("weights", "wished_for"),
                "Pairs follow the lists themselves here, so whom they would like has no points beside: first share "
                "these out to what else matters.",
            )
        if wishes and self.by_lists and wishes.ranked_by != "both":
            yield Found(("wishes", "pairs_by"), "Pairs can follow lists only where both sides rank each other.")

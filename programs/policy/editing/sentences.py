"""Rules as sentences with blanks: how each kind of sentence is worded, and what fits in its blank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.utils.translation import gettext_lazy as _

from programs.policy.rules import Condition, parse_rule
from programs.policy.states import STATES
from programs.policy.words import STAGES

Blank = Literal["ticks", "words", "length", "number", "none", "rule"]
MEMBERSHIPS = ("active", "retired", "student", "resident", "affiliate", "honorary", "life")


@dataclass(frozen=True)
class Shape:
    """A sentence with a blank in it."""

    key: str
    fact: str
    how: str
    before: Any
    blank: Blank
    after: Any = ""
    options: Sequence[str] = ()
    usual: str = ""
    about_identity: bool = False

    def written(self, values: Sequence[str]) -> str:
        """The rule with its blank filled in."""
        if self.blank == "rule":
            return values[0] if values else ""
        if self.blank == "none":
            return f"{self.fact} {self.how} true"
        if self.blank in ("length", "number"):
            return f"{self.fact} {self.how} {values[0] if values else ''}"
        listed = ", ".join(f'"{value}"' if "," in value else value for value in values)
        return f"{self.fact} {self.how} one of [{listed}]" if len(values) > 1 else f"{self.fact} {self.how} {listed}"


SHAPES: Final[tuple[Shape, ...]] = (
    Shape("member", "membership.status", "is", _("Their membership is"), "ticks", options=MEMBERSHIPS, usual="active"),
    Shape("stage", "stage", "is", _("In their career they are"), "ticks", options=STAGES, usual="early career"),
    Shape("recent", "training.completed", "within", _("They completed training within"), "length", usual="2 years"),
    Shape("trained_in", "training.state", "is", _("They completed training in"), "words", usual="Massachusetts"),
    Shape(
        "seasoned",
        "years_since_training",
        "at least",
        _("They completed training at least"),
        "number",
        _("years ago"),
        usual="8",
    ),
    Shape(
        "newer",
        "years_since_training",
        "at most",
        _("They completed training at most"),
        "number",
        _("years ago"),
        usual="10",
    ),
    Shape("practices_in", "practice.state", "is", _("They practice in"), "words", usual="Massachusetts"),
    Shape("specialty", "specialty", "is", _("Their specialty is"), "words", usual="family medicine"),
    Shape("speaks", "languages", "include", _("They speak"), "words", usual="Spanish"),
    Shape("attests", "values.attested", "is", _("They attest to the program’s values"), "none"),
    Shape(
        "underrepresented",
        "identity.underrepresented",
        "is",
        _("They say that they belong to a group that is underrepresented in medicine"),
        "none",
        about_identity=True,
    ),
    Shape("gender", "identity.gender", "is", _("They say that their gender is"), "words", about_identity=True),
    Shape("heritage", "identity.heritage", "is", _("They say that their heritage is"), "words", about_identity=True),
    Shape("own", "", "", _("In the program’s own words:"), "rule", usual="answers.license is full"),
)
BY_KEY: Final[Mapping[str, Shape]] = {shape.key: shape for shape in SHAPES}
OWN: Final = BY_KEY["own"]


def shape_of(condition: Condition) -> tuple[Shape, list[str]]:
    """The sentence that says a condition, and what stands in its blank; the rule itself where no sentence says it."""
    for shape in SHAPES:
        same = (shape.fact, shape.how) == (condition.fact.name, condition.verb) and not condition.negated
        if same and _fits(shape, condition):
            return shape, _values(condition)
    return OWN, [str(condition)]


def _fits(shape: Shape, condition: Condition) -> bool:
    """Whether the blank can hold what the condition says, and would be read back as the same."""
    if shape.blank == "none":
        return condition.values == ("true",)
    if shape.blank == "ticks":
        return {*condition.values} <= {*shape.options}
    return not any("," in value for value in condition.values)


def _values(condition: Condition) -> list[str]:
    if condition.length is not None:
        return [str(condition.length)]
    if condition.verb in ("at least", "at most"):
        return [str(condition.number)]
    return [STATES[value] if condition.fact.known is STATES else value for value in condition.values]


def example(shape: Shape) -> str:
    """The rule that a new sentence begins with."""
    text = shape.written([shape.usual] if shape.usual else [])
    return str(parse_rule(text)) if shape.usual or shape.blank == "none" else text

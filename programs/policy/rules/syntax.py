"""Rules as people write them (“stage is early career”, all, any, not) and as the program reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Final, Literal

from programs.policy.faults import FaultsError, Found, Path
from programs.policy.lengths import Length, show
from programs.policy.rules.facts import Fact, fact_named
from programs.policy.states import CODES, STATES, state_code
from programs.policy.words import did_you_mean

Verb = Literal["is", "include", "at least", "at most", "within"]

VERBS: Final[Mapping[str, tuple[Verb, ...]]] = {
    "word": ("is",),
    "flag": ("is",),
    "list": ("include",),
    "number": ("at least", "at most"),
    "date": ("within",),
    "any": ("is", "include", "at least", "at most"),
}
# How each comparison is written, and whether that denies it.
SPOKEN: Final[Mapping[str, tuple[Verb, bool]]] = {
    "is": ("is", False),
    "is one of": ("is", False),
    "is not": ("is", True),
    "is not one of": ("is", True),
    "include": ("include", False),
    "include one of": ("include", False),
    "do not include": ("include", True),
    "do not include one of": ("include", True),
    "at least": ("at least", False),
    "at most": ("at most", False),
    "within": ("within", False),
    "not within": ("within", True),
}
SENTENCE: Final = re.compile(rf"(\S+) ({'|'.join(sorted(SPOKEN, key=len, reverse=True))})\b ?(.+)")
LISTED: Final = re.compile(r'\s*(?:"([^"]+)"|([^,"\[\]]+?))\s*(?:,|$)')
MOST_YEARS: Final = 100
# Groups in groups, more than anybody can follow.
MOST_NESTED: Final = 12


@dataclass(frozen=True, slots=True)
class Condition:
    """One sentence about one fact."""

    fact: Fact
    verb: Verb
    values: tuple[str, ...] = ()
    number: int = 0
    length: Length | None = None
    negated: bool = False

    def __str__(self) -> str:
        return f"{self.fact.name} {self.comparison}"

    def opposite(self) -> Condition:
        """The same sentence, denied."""
        return replace(self, negated=not self.negated)

    @property
    def comparison(self) -> str:
        """The sentence after its fact, as it is written."""
        if self.verb not in ("is", "include"):
            return f"{'not ' if self.negated else ''}{self.verb} {self.length or self.number}"
        wanted = {("is", False): "is", ("is", True): "is not", ("include", False): "include"}
        verb = wanted.get((self.verb, self.negated), "do not include")
        listed = ", ".join(f'"{value}"' if "," in value else value for value in self.values)
        return f"{verb} one of [{listed}]" if len(self.values) > 1 else f"{verb} {self.values[0]}"


@dataclass(frozen=True, slots=True)
class All:
    """Every one of these rules."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these rules."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of this rule."""

    rule: Rule


Rule = Condition | All | AnyOf | Not


def parse_rule(written: object) -> Rule:
    """Read a sentence or a nest of all, any, not; FaultsError says everything that is wrong, each with its place."""
    found: list[Found] = []
    rule = _rule(written, (), found)
    if found or rule is None:
        raise FaultsError(found)
    return rule


def written(rule: Rule) -> str | dict[str, Any]:
    """The rule as it stands in a document."""
    match rule:
        case Condition():
            return str(rule)
        case All(rules):
            return {"all": [written(inner) for inner in rules]}
        case AnyOf(rules):
            return {"any": [written(inner) for inner in rules]}
        case Not(inner):
            return {"not": written(inner)}


def conditions(rule: Rule, path: Path = ()) -> Iterator[tuple[Path, Condition]]:
    """Every sentence of a rule with its place, in its order."""
    match rule:
        case Condition():
            yield path, rule
        case All(rules) | AnyOf(rules):
            key = "all" if isinstance(rule, All) else "any"
            for position, inner in enumerate(rules):
                yield from conditions(inner, (*path, key, position))
        case Not(inner):
            yield from conditions(inner, (*path, "not"))


def _rule(value: object, path: Path, found: list[Found]) -> Rule | None:
    if isinstance(value, str):
        try:
            return _condition(value)
        except ValueError as error:
            found.append(Found(path, str(error)))
            return None
    if not isinstance(value, Mapping) or len(value) != 1:
        found.append(
            Found(
                path,
                f"{show(value)} is not a rule. Write a sentence like “stage is resident”, or one of all, any, not.",
            )
        )
        return None
    if sum(isinstance(step, str) for step in path) >= MOST_NESTED:
        found.append(Found(path, f"Rules stand in each other more than {MOST_NESTED} deep here. Put it more simply."))
        return None
    ((key, inner),) = value.items()
    if key == "not":
        rule = _rule(inner, (*path, key), found)
        return Not(rule) if rule else None
    if key not in ("all", "any"):
        found.append(Found((*path, str(key)), f"“{key}” is not one of all, any, not."))
        return None
    if not isinstance(inner, list | tuple) or not inner:
        found.append(Found((*path, key), f"“{key}” needs a list of at least one rule."))
        return None
    rules = [_rule(item, (*path, key, position), found) for position, item in enumerate(inner)]
    kept = tuple(rule for rule in rules if rule is not None)
    return All(kept) if key == "all" else AnyOf(kept)


def _condition(text: str) -> Condition:
    words = " ".join(text.split())
    match = SENTENCE.fullmatch(words)
    if match is None:
        fact = fact_named(words.partition(" ")[0]) if words else fact_named("stage")
        raise ValueError(f"{show(text)} is not a rule. Write it like {_usage(fact)}.")
    fact, spoken, rest = fact_named(match[1]), match[2], match[3]
    verb, negated = SPOKEN[spoken]
    if verb not in VERBS[fact.kind]:
        raise ValueError(f"“{fact.name}” cannot be compared with “{spoken}”. Write it like {_usage(fact)}.")
    if verb == "within":
        return Condition(fact, verb, length=Length.parse(rest), negated=negated)
    if verb in ("at least", "at most"):
        if not re.fullmatch(r"\d{1,6}", rest, re.ASCII) or (fact.about_training and int(rest) > MOST_YEARS):
            raise ValueError(f"{show(rest)} is not a number that fits. Write it like {_usage(fact)}.")
        return Condition(fact, verb, number=int(rest))
    values = _listed(rest) if spoken.endswith("one of") else (rest,)
    return Condition(fact, verb, tuple(_known(fact, value) for value in values), negated=negated)


def _usage(fact: Fact) -> str:
    return {
        "word": f"“{fact.name} is one of [this, that]”",
        "any": f"“{fact.name} is this”",
        "flag": f"“{fact.name} is true”",
        "list": f"“{fact.name} include this”",
        "number": f"“{fact.name} at least 8”",
        "date": f"“{fact.name} within 2 years”",
    }[fact.kind]


def _listed(text: str) -> tuple[str, ...]:
    """The words of “[a, b]”; a word with a comma stands in quotes."""
    inner = text[1:-1].strip()
    if not (text.startswith("[") and text.endswith("]") and inner):
        raise ValueError(f"{show(text)} is not a list. Write it like [this, that].")
    values: list[str] = []
    position = 0
    while position < len(inner):
        match = LISTED.match(inner, position)
        if match is None:
            raise ValueError(f"{show(text)} is not a list. Write it like [this, that].")
        values.append(match[1] or match[2])
        position = match.end()
    if len(set(values)) < len(values):
        raise ValueError(f"{show(text)} names something twice.")
    return tuple(values)


def _known(fact: Fact, value: str) -> str:
    """The word as the fact knows it; ValueError for one that it cannot have."""
    if any(sign in value for sign in '[]"'):
        raise ValueError(f"{show(value)} is not a single word or name. For a list, write “one of [this, that]”.")
    if fact.kind == "flag" and value not in ("true", "false"):
        raise ValueError(f"{show(value)} should be “true” or “false”.")
    if fact.known is STATES:
        code = state_code(value)
        if code is None or code not in STATES:
            raise ValueError(f"{show(value)} is not a state.{did_you_mean(value, CODES)}")
        return code
    if fact.known and value not in fact.known:
        raise ValueError(f"“{fact.name}” is never {show(value)}.{did_you_mean(value, fact.known)}")
    near = get_close_matches(value, fact.usual, n=1, cutoff=0.9)
    if near and near[0] != value:
        raise ValueError(f"{show(value)} looks like a typing error. Did you mean “{near[0]}”?")
    return value

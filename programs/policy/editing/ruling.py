"""A rule on a page: sentences with blanks, in groups of all, any or none. It needs no script."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.policy.editing.entries import Entry, Made
from programs.policy.editing.sentences import BY_KEY, SHAPES, Shape, shape_of
from programs.policy.rules import MOST_NESTED, All, AnyOf, Condition, Not, Rule, parse_rule

GROUPS: Final = (("all", _("all of these")), ("any", _("at least one of these")), ("none", _("none of these")))
# Groups are offered down to here; a rule that goes deeper, as a text may, is shown and kept all the same.
DEEPEST = 5


@dataclass
class Node:
    """A sentence or a group, under its own name in the form."""

    name: str
    group: str = ""
    shape: Shape | None = None
    values: list[str] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    number: int = 0

    @property
    def text(self) -> str:
        """What stands in the blank, as one line."""
        return ", ".join(self.values)

    @property
    def is_root(self) -> bool:
        return "." not in self.name

    @property
    def is_deep(self) -> bool:
        """Whether no further group fits in."""
        return self.name.count(".") >= DEEPEST - 1

    def written(self) -> Any:
        """The rule as it stands in a document; None for a group with nothing in it."""
        if self.shape is not None:
            return self.shape.written(self.values)
        rules = [rule for child in self.children if (rule := child.written()) is not None]
        if not rules:
            return None
        if self.group == "none":
            return {"not": {"any": rules} if len(rules) > 1 else rules[0]}
        return rules[0] if self.is_root and len(rules) == 1 else {self.group: rules}


@dataclass(frozen=True)
class Ruling(Entry):
    """Who may take part, or whom the program seeks."""

    seeks: bool = False

    def fields(self, value: Any) -> Made:
        """A field that holds nothing: faults of the rule stand at it."""
        yield self.name, forms.CharField(label=self.label, help_text=self.help, required=False)

    @property
    def offered(self) -> list[Shape]:
        """The sentences that can be added: who people are may be sought, and decides about nobody."""
        return [shape for shape in SHAPES if self.seeks or not shape.about_identity]

    def node(self, value: Any) -> Node:
        """A stored rule as it is edited."""
        if value is None:
            return Node(self.name, "all")
        rule = parse_rule(value)
        node = _node(rule, self.name)
        return node if node.group else Node(self.name, "all", children=[_node(rule, f"{self.name}.0")])

    def sent(self, data: Any) -> Node:
        """The rule as it was sent (a `QueryDict`), without what was taken out and with what was added."""
        return _sent(data, self.name)


def _node(rule: Rule, name: str) -> Node:
    if isinstance(rule, Condition):
        shape, values = shape_of(rule)
        return Node(name, shape=shape, values=values)
    if isinstance(rule, Not):
        inner = rule.rule.rules if isinstance(rule.rule, AnyOf) else (rule.rule,)
        return Node(name, "none", children=_children(inner, name))
    return Node(name, "all" if isinstance(rule, All) else "any", children=_children(rule.rules, name))


def _children(rules: Sequence[Rule], name: str) -> list[Node]:
    return [_node(rule, f"{name}.{index}") for index, rule in enumerate(rules)]


def _sent(data: Any, name: str) -> Node:
    said = data.get(f"{name}.is", "")
    if shape := BY_KEY.get(said):
        return Node(name, shape=shape, values=_values_sent(data, name, shape))
    node = Node(name, said if said in dict(GROUPS) else "all")
    kept = [child for child in _children_sent(data, name) if not data.get(f"{child.name}.drop")]
    node.children = [_renamed(child, f"{name}.{index}") for index, child in enumerate(kept)]
    if added := _added(data.get(f"{name}.add", ""), f"{name}.{len(node.children)}"):
        node.children.append(added)
    return node


def _children_sent(data: Any, name: str) -> Iterator[Node]:
    if name.count(".") >= MOST_NESTED:
        return
    for index in itertools.count():
        if not data.get(f"{name}.{index}.is"):
            return
        yield _sent(data, f"{name}.{index}")


def _values_sent(data: Any, name: str, shape: Shape) -> list[str]:
    if shape.blank == "ticks":
        return [str(value) for value in data.getlist(f"{name}.value")]
    text = str(data.get(f"{name}.value", "")).strip()
    if shape.blank == "words":
        return [word.strip() for word in text.split(",") if word.strip()]
    return [text] if text else []


def _added(what: str, name: str) -> Node | None:
    if what in dict(GROUPS):
        return Node(name, what)
    shape = BY_KEY.get(what)
    return Node(name, shape=shape, values=[shape.usual] if shape.usual else []) if shape else None


def _renamed(node: Node, name: str) -> Node:
    node.name = name
    node.children = [_renamed(child, f"{name}.{index}") for index, child in enumerate(node.children)]
    return node

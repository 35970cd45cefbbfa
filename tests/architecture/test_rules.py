"""Rules that no type and no linter holds, each because breaking it was seen to go wrong in silence."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pytest

from tests.architecture.source import our_code


@dataclass(frozen=True)
class Rule:
    """What code may not do, where it may all the same, and a line that does it."""

    why: str
    breaks: Callable[[ast.AST], bool]
    example: str
    but: tuple[str, ...] = ()

    def broken_in(self, name: str, code: Iterable[ast.AST]) -> Iterator[str]:
        if name not in self.but:
            yield from (f"{name}:{getattr(node, 'lineno', 0)}" for node in code if self.breaks(node))


def calls(*names: str) -> Callable[[ast.AST], bool]:
    return lambda node: _called(node) in names


def imports(*dotted: str) -> Callable[[ast.AST], bool]:
    """Whether one of these, "package.module" or "package.module.name", is imported by the node."""

    def found(node: ast.AST) -> bool:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            return False
        return any(f"{name}.".startswith(f"{wanted}.") for name in names for wanted in dotted)

    return found


def _called(node: ast.AST) -> str:
    """The last part of what is called: "on_commit" of `transaction.on_commit(…)`."""
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _catches_outside_of_a_savepoint(node: ast.AST) -> bool:
    return isinstance(node, ast.Try) and any(map(_catches, node.handlers)) and not _is_savepoint(node.body)


def _catches(handler: ast.ExceptHandler) -> bool:
    """Whether it catches Django's IntegrityError, by that name."""
    return handler.type is not None and any(
        isinstance(node, ast.Name) and node.id == "IntegrityError" for node in ast.walk(handler.type)
    )


def _is_savepoint(body: list[ast.stmt]) -> bool:
    return isinstance(body[0], ast.With) and any(
        _called(item.context_expr) in ("atomic", "society", "platform") for item in body[0].items
    )


def _moves_a_door(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "door" and isinstance(node.ctx, ast.Store)


def _asks_another_clock(node: ast.AST) -> bool:
    if _called(node) not in ("now", "utcnow", "today", "localtime", "localdate"):
        return False
    assert isinstance(node, ast.Call)
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    return not (isinstance(owner, ast.Name) and owner.id == "clock")


RULES = [
    Rule(
        "A bare on_commit runs outside of every society; context.after_commit enters it again.",
        calls("on_commit"),
        "transaction.on_commit(send)",
        but=("tenants/context.py",),
    ),
    Rule(
        "An IntegrityError that is caught elsewhere than around its own savepoint has broken the transaction already: "
        "the page says 200, and nothing is saved.",
        _catches_outside_of_a_savepoint,
        "try:\n    row.save()\nexcept IntegrityError:\n    pass",
    ),
    Rule(
        "Only the context moves a connection through doors.",
        _moves_a_door,
        "connection.door = door",
        but=("tenants/context.py", "tenants/postgresql/base.py"),
    ),
    Rule(
        "Signed values name their purpose and their society, which our own signing sees to.",
        imports("django.core.signing"),
        "from django.core import signing",
        but=("platform/chiron/kernel/signing.py",),
    ),
    Rule(
        "Content types have other numbers in each schema, and permissions and groups rest on them.",
        imports(
            "django.contrib.contenttypes",
            "django.contrib.auth.models.Group",
            "django.contrib.auth.models.Permission",
            "django.contrib.auth.models.PermissionsMixin",
            "django.contrib.auth.decorators.permission_required",
        ),
        "from django.contrib.contenttypes.fields import GenericForeignKey",
        but=("tenants/content_types.py",),
    ),
    Rule(
        "What somebody may do is said by our own staff roles.",
        calls("has_perm", "has_perms"),
        "request.user.has_perm('people.change')",
    ),
    Rule(
        "The time comes from the one clock, which tests and rehearsals can move.",
        _asks_another_clock,
        "timezone.now()",
        but=("platform/chiron/kernel/clock.py",),
    ),
]
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.why)


@each_rule
def test_our_code_keeps_the_rule(rule: Rule) -> None:
    assert [place for name, code in our_code().items() for place in rule.broken_in(name, code)] == []


@each_rule
def test_the_rule_sees_what_breaks_it(rule: Rule) -> None:
    assert list(rule.broken_in("some/module.py", ast.walk(ast.parse(rule.example))))


@each_rule
def test_an_exception_to_the_rule_is_needed(rule: Rule) -> None:
    assert [name for name in rule.but if not any(map(rule.breaks, our_code()[name]))] == []

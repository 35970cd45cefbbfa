"""Whoever calls the engine reads in its docstrings what it refuses: all that can raise says so."""

from __future__ import annotations

import ast
import inspect
from functools import cache
from importlib import import_module
from textwrap import dedent
from types import FunctionType, ModuleType
from typing import Any

import pytest

from matching import engine

REFUSALS = {"ProblemError", "CertificateError"}
AT_SET_UP = ("__init__", "__post_init__")
Definition = tuple[Any, str]  # a module or a class, and a function in it


def functions_of(owner: Any) -> dict[str, FunctionType]:
    """What is defined in a class or module, properties and class methods too, by name."""
    found = {}
    for name, member in vars(owner).items():
        inner = getattr(member, "fget", None) or getattr(member, "func", None) or getattr(member, "__func__", member)
        if is_ours(inner):
            found[name] = inner
    return found


def is_ours(thing: Any) -> bool:
    """Whether this is a function that somebody wrote in the engine."""
    return (
        inspect.isfunction(thing)
        and thing.__module__.startswith(engine.__name__)
        and not thing.__code__.co_filename.startswith("<")
    )


@cache
def calls(function: FunctionType) -> tuple[bool, frozenset[FunctionType]]:
    """Whether a function raises a refusal itself, and which of ours it calls by their own names."""
    tree = ast.parse(dedent(inspect.getsource(function)))
    refuses, called = False, set[FunctionType]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name):
            refuses |= node.exc.func.id in REFUSALS
        if isinstance(node, ast.Call):
            called |= resolved(function, node.func)
    return refuses, frozenset(called)


def resolved(function: FunctionType, call: ast.expr) -> set[FunctionType]:
    """The function, or the set-up of the class, that is called; nothing where only a run could tell."""
    if isinstance(call, ast.Name):
        called = function.__globals__.get(call.id)
    elif isinstance(call, ast.Attribute) and isinstance(call.value, ast.Name):
        owner = function.__globals__.get(call.value.id)
        if call.value.id in ("self", "cls"):
            owner = owner_of(function)
        known = isinstance(owner, type | ModuleType)
        called = functions_of(owner).get(call.attr) if known else None
    else:
        return set()
    if isinstance(called, type):
        return {one for name, one in functions_of(called).items() if name in AT_SET_UP}
    return {called} if called is not None and is_ours(called) else set()


def owner_of(function: FunctionType) -> Any:
    """The class that a method stands in, or its module."""
    module = import_module(function.__module__)
    name, _, method = function.__qualname__.rpartition(".")
    return getattr(module, name, None) if method and name else module


@cache
def refuses(function: FunctionType) -> bool:
    """Whether a function, or one that it calls, raises a refusal."""
    seen, left = set[FunctionType](), [function]
    while left:
        one = left.pop()
        if one in seen:
            continue
        seen.add(one)
        itself, called = calls(one)
        if itself:
            return True
        left += called
    return False


def public() -> list[tuple[str, FunctionType, str]]:
    """Each public function by name, and the docstrings that speak for it: a method's, and its class's."""
    found = []
    for name in engine.__all__:
        thing = getattr(engine, name)
        if is_ours(thing):
            found.append((name, thing, thing.__doc__ or ""))
        elif isinstance(thing, type) and thing.__module__.startswith(engine.__name__):
            for method, function in functions_of(thing).items():
                if method in AT_SET_UP or not method.startswith("_"):
                    found.append((f"{name}.{method}", function, f"{thing.__doc__} {function.__doc__}"))
    return found


PUBLIC = {name: (function, told) for name, function, told in public()}


@pytest.mark.parametrize("name", PUBLIC)
def test_what_can_be_refused_is_told(name: str) -> None:
    function, told = PUBLIC[name]
    # what a name calls through something else cannot be read here, so that more may be told than is found
    assert not refuses(function) or "aises " in told or "raise " in told, f"{name} does not say what it raises"


def test_refusals_are_found_however_deep_they_are() -> None:
    found = {name for name, (function, _) in PUBLIC.items() if refuses(function)}
    assert {
        "solve",
        "verify",
        "prepare",
        "Problem.__post_init__",
        "MatrixSource.__init__",
        "Explainer.why_not",
    } <= found
    assert not found & {"GroupRate.rate", "Loss", "Certificate", "Share.score"}


def test_every_question_names_its_source() -> None:
    """Sets of pairs are compared without one."""
    asked = [name for name, (function, _) in PUBLIC.items() if "." not in name and name != "compare"]
    assert [name for name in asked if "Source: " not in (PUBLIC[name][0].__doc__ or "")] == []

"""What a request carries: form fields in Stripe's brackets, read by name and type, and none unread."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from stripe_emulator.errors import StripeError, required
from stripe_emulator.kinds import Body

FALSE_TRUE = {"false": False, "true": True}


def nested(pairs: Iterable[tuple[str, str]]) -> Body:
    """`items[0][price]=x` and `expand[]=y` as they were before a library flattened them."""
    root: Body = {}
    for name, value in pairs:
        head, *rest = re.split(r"\[", name)
        path = [head, *(part.rstrip("]") for part in rest)]
        here = root
        for part in path[:-1]:
            here = here.setdefault(part or str(len(here)), {})
            if not isinstance(here, dict):
                raise StripeError(f"Invalid {name}", param=name)
        here[path[-1] or str(len(here))] = value
    return root


class Params:
    """One level of a request's parameters. `unread` tells which names nobody asked for."""

    def __init__(self, values: Body, path: str = "") -> None:
        self._values = values
        self._path = path
        self._read: set[str] = set()
        self._children: list[Params] = []

    def given(self, name: str) -> bool:
        """Whether the request says anything about it, be it to empty it."""
        self._read.add(name)
        return name in self._values

    def text(
        self, name: str, default: str | None = None, *, among: Sequence[str] = (), must: bool = False
    ) -> str | None:
        """A text; an empty one is None, as Stripe unsets with it."""
        value = self._plain(name)
        if value is None:
            if must:
                raise required(self._full(name))
            return default if not self.given(name) else None
        if among and value not in among:
            raise StripeError(f"Invalid {self._full(name)}: must be one of {', '.join(among)}", param=self._full(name))
        return value

    def need(self, name: str, *, among: Sequence[str] = ()) -> str:
        """A text that must be there."""
        value = self.text(name, among=among, must=True)
        assert value is not None
        return value

    def integer(self, name: str, default: int | None = None, *, least: int | None = None) -> int | None:
        """A whole number, or None where it is not said."""
        value = self._plain(name)
        if value is None:
            return default
        if not re.fullmatch(r"-?\d{1,15}", value):
            raise StripeError(f"Invalid integer: {value}", code="parameter_invalid_integer", param=self._full(name))
        if least is not None and int(value) < least:
            raise StripeError(
                f"This value must be greater than or equal to {least}.",
                code="parameter_invalid_integer",
                param=self._full(name),
            )
        return int(value)

    def moment(self, name: str) -> int | None:
        """A moment said plainly; None where limits are said instead."""
        self._read.add(name)
        return self.integer(name) if isinstance(self._values.get(name), str) else None

    def number(self, name: str) -> float | None:
        """A number with a fraction, such as a percentage."""
        value = self._plain(name)
        try:
            return None if value is None else float(value)
        except ValueError:
            raise StripeError(f"Invalid decimal: {value}", param=self._full(name)) from None

    def flag(self, name: str, default: bool = False) -> bool:
        value = self._plain(name)
        if value is None:
            return default
        if value not in FALSE_TRUE:
            raise StripeError(f"Invalid boolean: {value}", param=self._full(name))
        return FALSE_TRUE[value]

    def child(self, name: str) -> Params | None:
        """A level below, or None where it is absent or emptied."""
        self._read.add(name)
        value = self._values.get(name)
        if value in (None, ""):
            return None
        if not isinstance(value, dict):
            raise StripeError("Invalid object", param=self._full(name))
        return self._below(value, self._full(name))

    def children(self, name: str) -> list[Params]:
        """A list of levels below, in the order of their numbers."""
        return [self._below(value, path) for path, value in self._listed(name) if isinstance(value, dict)]

    def texts(self, name: str) -> list[str]:
        """A list of texts."""
        return [value for _path, value in self._listed(name) if isinstance(value, str)]

    def mapping(self, name: str) -> dict[str, str]:
        """Names and texts as they come: metadata."""
        self._read.add(name)
        value = self._values.get(name)
        return {str(key): str(text) for key, text in value.items()} if isinstance(value, dict) else {}

    def unread(self) -> Iterator[str]:
        """The names that nobody asked for, here and below."""
        yield from (self._full(name) for name in self._values if name not in self._read)
        for child in self._children:
            yield from child.unread()

    def _plain(self, name: str) -> str | None:
        self._read.add(name)
        value = self._values.get(name)
        if value is not None and not isinstance(value, str):
            raise StripeError("Invalid string", param=self._full(name))
        return value or None

    def _listed(self, name: str) -> Iterator[tuple[str, Any]]:
        self._read.add(name)
        value = self._values.get(name)
        if isinstance(value, dict):
            for key in sorted(value, key=lambda key: int(key) if key.isdigit() else 0):
                yield f"{self._full(name)}[{key}]", value[key]

    def _below(self, values: Body, path: str) -> Params:
        child = Params(values, path)
        self._children.append(child)
        return child

    def _full(self, name: str) -> str:
        return f"{self._path}[{name}]" if self._path else name


def change_metadata(body: Body, params: Params, name: str = "metadata") -> None:
    """Stripe's way with metadata: names are added, an empty text takes one away, an empty whole takes all away."""
    if not params.given(name):
        return
    changes = params.mapping(name)
    if any(len(key) > 40 or len(text) > 500 for key, text in changes.items()):
        raise StripeError("Metadata keys can be up to 40 characters long, values up to 500.", param=name)
    kept = body.get(name) or {} if changes else {}
    body[name] = {key: text for key, text in {**kept, **changes}.items() if text}
    if len(body[name]) > 50:
        raise StripeError("Metadata can hold up to 50 keys.", param=name)


def change_texts(body: Body, params: Params, *names: str) -> None:
    """Take over the texts that a request says; an empty one becomes None."""
    for name in names:
        if params.given(name):
            body[name] = params.text(name)


def address_of(params: Params | None) -> Body | None:
    """A postal address, or None."""
    if params is None:
        return None
    return {name: params.text(name) for name in ("city", "country", "line1", "line2", "postal_code", "state")}


def custom_fields_of(params: Params) -> list[Body] | None:
    """The fields that an invoice shows at its top, such as a purchase order's number."""
    fields = [{"name": field.need("name"), "value": field.need("value")} for field in params.children("custom_fields")]
    if any(len(field["name"]) > 40 or len(field["value"]) > 140 for field in fields):
        raise StripeError(
            "A custom field's name can be up to 40 characters long, its value up to 140.", param="custom_fields"
        )
    if len(fields) > 4:
        raise StripeError("You may only specify up to 4 custom fields.", param="custom_fields")
    return fields or None

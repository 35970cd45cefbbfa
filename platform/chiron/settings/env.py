"""Typed readers of the environment. A wrong value stops the start with a sentence that names it.

This module needs no Django, so that the supervisor and the command line read the same values by the same rules.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from chiron.kernel.errors import DomainError

HOST_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


class SettingError(DomainError):
    """A setting is missing or makes no sense."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(f"{name} {sentence}", field=name)


@dataclass(frozen=True)
class Address:
    """Where a service is and how to enter it: an URL taken apart."""

    scheme: str
    host: str
    port: int | None
    user: str
    password: str = field(repr=False)
    path: str
    options: Mapping[str, str]


class Environment:
    """One set of variables; an empty text counts as not set."""

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        self.variables = variables

    def text(self, name: str, default: str = "") -> str:
        return self.variables.get(name, "").strip() or default

    def several(self, name: str) -> tuple[str, ...]:
        """Texts with commas between them."""
        return tuple(part.strip() for part in self.text(name).split(",") if part.strip())

    def required(self, name: str) -> str:
        if not (value := self.text(name)):
            raise SettingError(name, "is not set, and nothing stands in for it here.")
        return value

    def flag(self, name: str) -> bool:
        value = self.text(name, NO[0]).lower()
        if value not in YES + NO:
            raise SettingError(name, f"is “{value}”. Say yes or no.")
        return value in YES

    def port(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
            raise SettingError(name, f"is “{value}”. It has to be a port: a number from 1 to 65535.")
        return int(value)

    def days(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit() and int(value) <= 3650):
            raise SettingError(name, f"is “{value}”. It has to be a number of days, from 0 to 3650.")
        return int(value)

    def folder(self, name: str, default: str) -> Path:
        path = Path(self.text(name, default)).expanduser().absolute()
        if path.exists() and not path.is_dir():
            raise SettingError(name, f"is {path}, which is a file. It has to be a folder.")
        return path

    def pdf(self, name: str) -> bytes:
        """What a PDF holds, or nothing if none is named."""
        if not (value := self.text(name)):
            return b""
        try:
            content = Path(value).expanduser().read_bytes()
        except OSError as error:
            raise SettingError(name, f"is “{value}”, which cannot be read: {error.strerror}.") from None
        if not content.startswith(b"%PDF-"):
            raise SettingError(name, f"is “{value}”, which is no PDF.")
        return content

    def host_name(self, name: str, default: str) -> str:
        value = self.text(name, default).lower()
        if not HOST_NAME.fullmatch(value):
            raise SettingError(
                name, f"is “{value}”. It has to be a host name such as chiron.example.org, without a port."
            )
        return value

    def url(self, name: str, schemes: Collection[str]) -> str:
        """An address as it stands, or nothing; with a scheme out of a few."""
        value = self.text(name)
        if value:
            _split(name, value, schemes)
        return value

    def address(self, name: str, schemes: Collection[str], default: str = "") -> Address:
        """An address taken apart."""
        parts, port = _split(name, self.text(name, default), schemes)
        return Address(
            scheme=parts.scheme,
            host=parts.hostname or "",
            port=port,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            path=unquote(parts.path.removeprefix("/")),
            options=dict(parse_qsl(parts.query)),
        )

    def secret(self, name: str, *, at_least: int, default: str = "") -> str:
        value = self.text(name, default)
        if len(value) < at_least:
            raise SettingError(name, f"is missing or too short. It needs {at_least} random characters or more.")
        return value

    def error_reports(self, name: str) -> str:
        """Sentry's address of a project: a key, a host and the project's number."""
        value = self.url(name, ("https", "http"))
        if value and not (urlsplit(value).username and urlsplit(value).path.strip("/")):
            raise SettingError(name, "has to look like https://key@host/project.")
        return value


def _split(name: str, value: str, schemes: Collection[str]) -> tuple[SplitResult, int | None]:
    """The parts of an address and its port. No sentence repeats the value: it may hold a password."""
    wanted = f"It has to begin with {' or '.join(f'{scheme}://' for scheme in schemes)}."
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise SettingError(name, f"is no valid address. {wanted}") from None
    if parts.scheme not in schemes:
        raise SettingError(name, f"is no address that can be used here. {wanted}")
    if not parts.hostname and parts.scheme not in WITHOUT_HOST:
        raise SettingError(name, "names no host.")
    return parts, port


WITHOUT_HOST = ("memory", "console")
POSTGRESQL = ("postgresql", "postgres")
BROKERS = ("redis", "rediss", "amqp", "amqps", "memory")
CACHES = ("redis", "rediss", "memory")
MAIL = ("smtp", "smtp+tls", "smtps", "console", "memory")
MAIL_PORTS = {"smtp+tls": 587, "smtps": 465}
MAIL_BACKENDS = {"console": "console", "memory": "locmem"}


def database(environment: Environment, name: str) -> dict[str, Any]:
    """PostgreSQL's address in the words of Django's DATABASES, or nothing; what follows the `?` goes to the driver."""
    if not environment.text(name):
        return {"NAME": ""}
    address = environment.address(name, POSTGRESQL)
    if not address.path or "/" in address.path:
        raise SettingError(
            name, "names no database. It has to look like postgresql://user:password@host:5432/database."
        )
    return {
        "NAME": address.path,
        "USER": address.user,
        "PASSWORD": address.password,
        "HOST": address.host,
        "PORT": str(address.port or ""),
        # Whoever waits for a page is told soon that the database is away.
        "OPTIONS": {"connect_timeout": "5", **address.options},
    }


def server(url: str) -> str:
    """The server in an address, without what lies on it."""
    return urlsplit(url).netloc.rpartition("@")[2]


def role_prefix(name: str, user: str) -> str:
    """What the names of this installation's roles begin with, taken from the application's. No other role may enter:
    all others have rights of their own, and so no walls.
    """
    prefix = user.removesuffix("_app")
    if user and prefix == user:
        raise SettingError(name, f"enters as “{user}”. It has to enter as the application, whose name ends in _app.")
    return prefix or "chiron"


@dataclass(frozen=True)
class Mail:
    """How mail leaves, in the words of Django's EMAIL_ settings."""

    backend: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    use_tls: bool
    use_ssl: bool


def mail(environment: Environment, name: str, default: str) -> Mail:
    """Where mail goes: to a server, or with memory:// and console:// nowhere."""
    address = environment.address(name, MAIL, default)
    return Mail(
        backend=f"django.core.mail.backends.{MAIL_BACKENDS.get(address.scheme, 'smtp')}.EmailBackend",
        host=address.host,
        port=address.port or MAIL_PORTS.get(address.scheme, 25),
        user=address.user,
        password=address.password,
        use_tls=address.scheme == "smtp+tls",
        use_ssl=address.scheme == "smtps",
    )


def refuse_owner(kind: str, admin_url: str) -> None:
    """Stop a process of production that serves others and could change tables; it does without."""
    if kind == "production" and admin_url:
        raise SettingError(
            "DATABASE_ADMIN_URL",
            "is set. Give it to `chiron migrate`, `chiron society` and the provisioning worker alone.",
        )

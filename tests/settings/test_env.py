"""A wrong value stops the start with a sentence that names the setting, and never repeats a password."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chiron.settings import env
from chiron.settings.env import Environment, SettingError

Read = Callable[[Environment, str], Any]

flag, reports, required = Environment.flag, Environment.error_reports, Environment.required


def port(given: Environment, name: str) -> int:
    return given.port(name, 8000)


def folder(given: Environment, name: str) -> Path:
    return given.folder(name, ".chiron")


def host(given: Environment, name: str) -> str:
    return given.host_name(name, "localhost")


def broker(given: Environment, name: str) -> str:
    return given.url(name, env.BROKERS)


def secret(given: Environment, name: str) -> str:
    return given.secret(name, at_least=50)


def mail(given: Environment, name: str) -> env.Mail:
    return env.mail(given, name, default="console://")


@pytest.mark.parametrize(
    ("read", "value", "meaning"),
    [
        (flag, "", False),
        (flag, "no", False),
        (flag, "Yes", True),
        (flag, "1", True),
        (port, "", 8000),
        (port, "65535", 65535),
        (host, "Chiron.Example.org", "chiron.example.org"),
        (broker, "", ""),
        (broker, "amqps://user:pa%2Fss@queue.example:5671/v", "amqps://user:pa%2Fss@queue.example:5671/v"),
        (reports, "https://key@sentry.example/7", "https://key@sentry.example/7"),
        (secret, "x" * 50, "x" * 50),
        (required, " there ", "there"),
    ],
)
def test_a_right_value_is_taken(read: Read, value: str, meaning: object) -> None:
    assert read(Environment({"X": value}), "X") == meaning


@pytest.mark.parametrize(
    ("read", "value", "sentence"),
    [
        (flag, "perhaps", "X is “perhaps”. Say yes or no."),
        (port, "http", "X is “http”. It has to be a port: a number from 1 to 65535."),
        (port, "0", "X is “0”. It has to be a port: a number from 1 to 65535."),
        (port, "65536", "X is “65536”. It has to be a port: a number from 1 to 65535."),
        (port, "٣", "X is “٣”. It has to be a port: a number from 1 to 65535."),
        (host, "chiron.example:80", "X is “chiron.example:80”. It has to be a host name such as chiron.example.org, "
                                    "without a port."),
        (host, "-chiron", "X is “-chiron”. It has to be a host name such as chiron.example.org, without a port."),
        (broker, "kafka://hush:secret@queue", "X is no address that can be used here. It has to begin with redis:// or "
                                              "rediss:// or amqp:// or amqps:// or memory://."),
        (broker, "redis://hush:secret@queue:port", "X is no valid address. It has to begin with redis:// or rediss:// "
                                                   "or amqp:// or amqps:// or memory://."),
        (broker, "redis:///0", "X names no host."),
        (env.database, "postgresql://app:secret@db.example", "X names no database. It has to look like "
                                                             "postgresql://user:password@host:5432/database."),
        (env.database, "mysql://app:secret@db.example/chiron", "X is no address that can be used here. It has to begin "
                                                               "with postgresql:// or postgres://."),
        (mail, "mailto:secret@example", "X is no address that can be used here. It has to begin with smtp:// or "
                                        "smtp+tls:// or smtps:// or console:// or memory://."),
        (reports, "https://sentry.example", "X has to look like https://key@host/project."),
        (secret, "hush", "X is missing or too short. It needs 50 random characters or more."),
        (secret, "", "X is missing or too short. It needs 50 random characters or more."),
        (required, " ", "X is not set, and nothing stands in for it here."),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_in_a_sentence(read: Read, value: str, sentence: str) -> None:
    with pytest.raises(SettingError) as told:
        read(Environment({"X": value}), "X")
    assert told.value.message == sentence
    assert told.value.field == "X"


def test_a_folder_may_not_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert folder(Environment({"X": str(tmp_path / "new")}), "X") == tmp_path / "new"
    with pytest.raises(SettingError, match="which is a file"):
        folder(Environment({"X": str(tmp_path / "file")}), "X")


def test_a_pdf_is_read_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "w9.pdf").write_bytes(b"%PDF-1.7 ours")
    (tmp_path / "w9.docx").write_bytes(b"PK")
    assert Environment({"X": str(tmp_path / "w9.pdf")}).pdf("X") == b"%PDF-1.7 ours"
    assert Environment({}).pdf("X") == b""
    for name, sentence in (("w9.docx", "which is no PDF"), ("none.pdf", "cannot be read: No such file")):
        with pytest.raises(SettingError, match=sentence):
            Environment({"X": str(tmp_path / name)}).pdf("X")


def test_the_databases_address_becomes_djangos_words() -> None:
    given = Environment({"X": "postgresql://chiron_app:p%40ss@db.example:6432/chiron?sslmode=verify-full"})
    assert env.database(given, "X") == {
        "NAME": "chiron",
        "USER": "chiron_app",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "6432",
        "OPTIONS": {"connect_timeout": "5", "sslmode": "verify-full"},
    }
    patient = env.database(Environment({"X": "postgresql://chiron_app@db.example/chiron?connect_timeout=60"}), "X")
    assert patient["OPTIONS"] == {"connect_timeout": "60"}
    assert env.database(Environment({}), "X") == {"NAME": ""}


@pytest.mark.parametrize(
    ("url", "server", "encrypted"),
    [
        ("smtp://relay.example", ("relay.example", 25), (False, False)),
        ("smtp+tls://relay.example", ("relay.example", 587), (True, False)),
        ("smtps://relay.example:2465", ("relay.example", 2465), (False, True)),
    ],
)
def test_mail_goes_to_a_server(url: str, server: tuple[str, int], encrypted: tuple[bool, bool]) -> None:
    read = mail(Environment({"X": url}), "X")
    assert read.backend == "django.core.mail.backends.smtp.EmailBackend"
    assert ((read.host, read.port), (read.use_tls, read.use_ssl)) == (server, encrypted)


def test_mail_without_a_server_is_printed_or_kept() -> None:
    assert mail(Environment({}), "X").backend == "django.core.mail.backends.console.EmailBackend"
    assert mail(Environment({"X": "memory://"}), "X").backend == "django.core.mail.backends.locmem.EmailBackend"


def test_what_is_printed_of_an_address_holds_no_password() -> None:
    given = Environment({"X": "smtp://user:hush@relay.example"})
    assert "hush" not in repr(mail(given, "X")) + repr(given.address("X", env.MAIL))


def test_the_roles_are_named_after_the_applications() -> None:
    assert env.role_prefix("X", "staging_app") == "staging"
    assert env.role_prefix("X", "") == "chiron"
    for user in ("chiron_owner", "postgres", "chiron_platform"):
        with pytest.raises(SettingError, match="has to enter as the application"):
            env.role_prefix("X", user)

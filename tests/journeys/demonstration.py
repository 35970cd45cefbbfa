"""The running demonstration: where its pages are, and what its sink caught."""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from tests import databases
from tests.supervisor.watching import eventually


@dataclass(frozen=True)
class Mail:
    """A mail that left, as its reader sees it."""

    to: str
    subject: str
    text: str

    @property
    def code(self) -> str:
        """The code in its subject."""
        return self.subject.split()[0]

    @property
    def link(self) -> str:
        """Where its button leads."""
        return str(re.findall(r"http://\S+", self.text)[0])


@dataclass(frozen=True)
class Demonstration:
    """Three societies and the public site, on one port."""

    home: Path
    port: int

    def site(self, slug: str = "") -> str:
        """The address of a society, or of the public site."""
        return f"http://{slug}{'.' if slug else ''}localhost:{self.port}"

    def mails(self, to: str = "", subject: str = "") -> list[Mail]:
        """What was caught so far, oldest first: to an address, and with these words in its subject."""
        files = sorted((self.home / "mail" / "new").glob("*"), key=lambda file: file.stat().st_mtime_ns)
        caught = (_read(file) for file in files)
        return [mail for mail in caught if mail.to.endswith(to) and subject in mail.subject]

    def await_mail(self, to: str, subject: str, *, after: int = 0) -> Mail:
        """The newest such mail, once there are more than `after` of them."""
        eventually(lambda: len(self.mails(to, subject)) > after, f"a mail to {to}: {subject}", seconds=60)
        return self.mails(to, subject)[-1]

    def await_letters(self, name: str, subject: str) -> list[Mail]:
        """The mails with these words in their subject that begin with a person's name, once there is one."""

        def letters() -> list[Mail]:
            return [mail for mail in self.mails(subject=subject) if f"Dear {name}," in mail.text]

        eventually(lambda: bool(letters()), f"a letter to {name}: {subject}", seconds=60)
        return letters()


@cache
def running() -> Demonstration:
    """The run's demonstration, as soon as it is ready."""
    begin()
    with (_folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
    note = _folder() / "demonstration.json"
    assert note.exists(), "The demonstration did not start; what it said stands above."
    place = json.loads(note.read_text())
    return Demonstration(Path(place["home"]), place["port"])


def begin() -> None:
    """Start the run's demonstration unless somebody has. Its keeper holds the lock from now until it is ready."""
    _folder().mkdir(mode=0o711, exist_ok=True)
    with (_folder() / "lock").open("w") as lock, suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not (_folder() / "demonstration.json").exists():
            run = databases.process_of_run(Path(os.environ[databases.RUN]))
            keeper = subprocess.Popen(
                [sys.executable, "-m", "tests.journeys.keeper", str(_folder()), str(run), str(lock.fileno())],
                cwd=Path(__file__).parents[2],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[lock.fileno()],
                start_new_session=True,  # Ctrl-C is for the tests; the platform ends after them
            )
            keeper.returncode = 0  # it is meant to outlive us


def _folder() -> Path:
    run = Path(os.environ[databases.RUN])
    return run.with_name(f"{run.name}-journeys")


@cache  # a caught mail does not change, and who waits for one looks often
def _read(file: Path) -> Mail:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    text = message.get_body(("plain",))
    assert isinstance(text, EmailMessage)
    return Mail(str(message["X-Envelope-To"]), str(message["Subject"]), text.get_content())

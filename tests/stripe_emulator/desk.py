"""A Stripe for tests: `from tests.stripe_emulator.desk import stripe_desk` in a conftest, and ask for `stripe_desk`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import stripe
import urllib3

from stripe_emulator import API_VERSION
from stripe_emulator.running import Emulator

KEY = "sk_test_chiron_in_tests"


@dataclass(frozen=True)
class Hook:
    """A web hook as it would arrive: its raw body, and the header `Stripe-Signature`."""

    event: str
    body: bytes
    signature: str


@dataclass(frozen=True)
class StripeDesk:
    """A running emulator, and what a test asks of it."""

    emulator: Emulator
    key: str = KEY

    @property
    def base(self) -> str:
        """What the setting STRIPE_API_BASE is for it."""
        return self.emulator.base

    @property
    def client(self) -> stripe.StripeClient:
        """The official library, talking to it."""
        return client_for(self.base, self.key)

    def listen(self, url: str, *secrets: str) -> None:
        """Send web hooks there; with two secrets they are signed with both."""
        self.tell("endpoint", url=url, **{f"secrets[{number}]": secret for number, secret in enumerate(secrets)})

    def hold(self, *secrets: str, duplicates: float = 0, seed: int = 0) -> None:
        """Keep web hooks back from now on, until `take` hands them out; some of them twice."""
        self.listen("http://127.0.0.1:9/held", *secrets)
        self.tell("hooks", held=True, duplicates=duplicates, seed=seed)

    def take(self, *, shuffled: int | None = None) -> list[Hook]:
        """Web hooks that were held since the last time: in order, or shuffled by a seed."""
        wish = {} if shuffled is None else {"seed": shuffled}
        found = self.tell("hooks/take", **wish)["hooks"]
        return [Hook(hook["event"], hook["body"].encode(), hook["signature"]) for hook in found]

    def move_to(self, moment: int) -> None:
        """Let the time of all that is on no test clock stand at a moment, after all that is due until then."""
        self.tell("clock", to=moment, frozen=True)

    def tell(self, command: str, **fields: object) -> Any:
        """Run a command that only the emulator has."""
        words = {name: json.dumps(value) if isinstance(value, bool) else str(value) for name, value in fields.items()}
        reply = urllib3.request(
            "POST",
            f"{self.base}/_emulator/{command}",
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/x-www-form-urlencoded"},
            body=urlencode(words),
            timeout=120,
            retries=False,
        )
        assert reply.status == 200, reply.data
        return reply.json()


def client_for(base: str, key: str) -> stripe.StripeClient:
    """The official library with the pinned version, for a base address."""
    addresses: Any = {"api": base, "files": base}
    return stripe.StripeClient(key, stripe_version=API_VERSION, base_addresses=addresses, max_network_retries=0)


@pytest.fixture
def stripe_desk(tmp_path: Path) -> Iterator[StripeDesk]:
    """A Stripe of this test's own on a free port, there at once. Its time goes on only when a test moves it."""
    with Emulator(tmp_path / "stripe.sqlite", port=0, key=KEY, ticking=False) as emulator:
        yield StripeDesk(emulator)

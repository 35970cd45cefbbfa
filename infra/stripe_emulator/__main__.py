"""`python -m stripe_emulator --port 9999 --file stripe.sqlite`: run until told to stop.

It reads what the platform reads: STRIPE_SECRET_KEY is the one test key that it takes, STRIPE_WEBHOOK_SECRETS is what
web hooks are signed with, two with a comma between them while one takes the other's place.
"""

from __future__ import annotations

import argparse
import os
import signal
from pathlib import Path

from stripe_emulator.running import Emulator


def main() -> None:
    parser = argparse.ArgumentParser(prog="stripe_emulator", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--file", type=Path, required=True, help="where its state is kept")
    parser.add_argument("--hook", help="the address on this machine that is told of every event")
    given = parser.parse_args()
    secrets = [secret.strip() for secret in os.environ.get("STRIPE_WEBHOOK_SECRETS", "").split(",")]
    try:
        emulator = Emulator(given.file, port=given.port, key=os.environ.get("STRIPE_SECRET_KEY", ""))
    except ValueError as error:
        parser.error(str(error))
    if given.hook:
        emulator.listen(given.hook, [secret for secret in secrets if secret])
    # Signals are blocked in every thread that comes after, so that this one alone is told to stop.
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM, signal.SIGINT))
    with emulator:
        signal.sigwait((signal.SIGTERM, signal.SIGINT))


if __name__ == "__main__":
    main()

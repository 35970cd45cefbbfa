"""`python -m stripe_emulator --port 9999 --file stripe.sqlite --key sk_test_…`: run until told to stop."""

from __future__ import annotations

import argparse
import signal
from pathlib import Path

from stripe_emulator.running import Emulator


def main() -> None:
    parser = argparse.ArgumentParser(prog="stripe_emulator", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--file", type=Path, required=True, help="where its state is kept")
    parser.add_argument("--key", required=True, help="the one test key that it takes: sk_test_…")
    parser.add_argument("--hook", help="the address that is told of every event")
    parser.add_argument("--hook-secrets", default="", help="what web hooks are signed with; two, while one is replaced")
    given = parser.parse_args()
    try:
        emulator = Emulator(given.file, port=given.port, key=given.key)
    except ValueError as error:
        parser.error(str(error))
    if given.hook:
        emulator.listen(given.hook, [secret for secret in given.hook_secrets.split(",") if secret])
    # Signals are blocked in every thread that comes after, so that this one alone is told to stop.
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM, signal.SIGINT))
    with emulator:
        signal.sigwait((signal.SIGTERM, signal.SIGINT))


if __name__ == "__main__":
    main()

"""A supervisor over stand-in services, as its own process: `python -m tests.supervisor.driver HOME NAME[=SECONDS]…`.

Each name becomes a stage of one service that writes down when it starts and when it is told to stop; a service with
seconds takes that long to be ready. `fails` is a service that ends at once.
"""

from __future__ import annotations

import sys
from pathlib import Path

from chiron.supervisor.children import Program
from chiron.supervisor.commands import Voice
from chiron.supervisor.processes import heed_stop_signals
from chiron.supervisor.supervisor import Supervisor

SERVICE = """
import pathlib, signal, sys, time
name, ready_after, home = sys.argv[1], float(sys.argv[2]), pathlib.Path(sys.argv[3])
def write(what):
    with (home / "journal").open("a") as journal:
        journal.write(f"{name} {what}\\n")
def stop(*_):
    write("stops")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
if name == "fails":
    sys.exit("it is Tuesday")
write("starts")
time.sleep(ready_after)
(home / f"{name}.ready").touch()
write("ready")
while True:
    signal.pause()
"""


def main() -> None:
    home = Path(sys.argv[1])
    heed_stop_signals()
    say = Voice(as_json=True)
    stages = [[stand_in(home, word)] for word in sys.argv[2:]]
    Supervisor(stages, say=say, terminal=sys.stderr.buffer).run(lambda: say("ready", "All are ready."))


def stand_in(home: Path, word: str) -> Program:
    name, _, seconds = word.partition("=")
    command = [sys.executable, "-c", SERVICE, name, seconds or "0", str(home)]
    return Program(home, name, command, {}, (home / f"{name}.ready").exists)


if __name__ == "__main__":
    main()

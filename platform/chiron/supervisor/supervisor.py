"""Starting services in order, keeping them up, and stopping them in the opposite order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Protocol

from chiron.supervisor.faults import Exit, Fault
from chiron.supervisor.home import SPACE_TO_GO_ON, require_space
from chiron.supervisor.processes import Interrupted, pause, run_to_end
from chiron.supervisor.services import Service

FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0
RECOVERED_AFTER = 60.0
LOOK_EVERY = 0.2


class Say(Protocol):
    """How the supervisor tells what happens: a word for programs, a sentence for people, facts for both."""

    def __call__(self, event: str, sentence: str, **facts: object) -> None: ...


@dataclass(frozen=True)
class Preparation:
    """A command that has to succeed before the next stage starts."""

    name: str
    sentence: str
    command: Sequence[str]
    env: Mapping[str, str]

    def run(self, terminal: IO[bytes]) -> None:
        """Run it to its end; what it says goes to the terminal. A Fault if it fails."""
        status = run_to_end(self.command, env=self.env, output=terminal)
        if status != 0:
            raise Fault(Exit.BROKEN, f"The step “{self.name}” failed with status {status}; what it said stands above.")


Stage = Sequence[Service] | Preparation


@dataclass
class Watched:
    """A service under watch, with what its restarts need to know."""

    service: Service
    launched: float = field(default_factory=time.monotonic)
    failures: int = 0
    due: float | None = None

    def note_end(self) -> float:
        """Plan the next start after an end nobody asked for; the seconds until then double while it keeps failing."""
        now = time.monotonic()
        if now - self.launched > RECOVERED_AFTER:
            self.failures = 0
        delay = min(FIRST_DELAY * 2.0**self.failures, LONGEST_DELAY)
        self.failures += 1
        self.due = now + delay
        return delay

    def is_due(self) -> bool:
        return self.due is not None and time.monotonic() >= self.due

    def launch(self) -> None:
        self.due, self.launched = None, time.monotonic()
        self.service.launch()


class Supervisor:
    """Runs stages in order, then watches their services until it is told to stop."""

    def __init__(self, stages: Iterable[Stage], *, say: Say, terminal: IO[bytes]) -> None:
        self._stages = list(stages)
        self._say = say
        self._terminal = terminal
        self._watched: list[Watched] = []

    def run(self, when_ready: Callable[[], None]) -> None:
        """Start all, stay until a stop signal, stop all. A Fault, after stopping, if we cannot start or go on."""
        try:
            for stage in self._stages:
                self._enter(stage)
            when_ready()
            while True:
                pause(LOOK_EVERY)
                self._look_after()
        except Interrupted:
            self._say("stopping", "Stopping.")
        finally:
            self._stop()
        self._say("stopped", "Stopped; everything is kept.")

    def _enter(self, stage: Stage) -> None:
        if isinstance(stage, Preparation):
            self._say("preparing", stage.sentence, step=stage.name)
            stage.run(self._terminal)
            return
        for service in stage:
            self._watched.append(Watched(service))
            service.launch()
        for service in stage:
            service.await_ready()
            self._say("started", f"{service.name} is ready.", service=service.name, pid=service.pid)

    def _look_after(self) -> None:
        for watched in self._watched:
            service = watched.service
            require_space(service.folder, SPACE_TO_GO_ON)
            if watched.is_due():
                self._start_again(watched)
            elif watched.due is None and service.has_ended():
                self._plan(watched, f"{service.name} ended ({service.collect()})")

    def _start_again(self, watched: Watched) -> None:
        try:
            watched.launch()
        except Fault as fault:
            self._plan(watched, fault.message.rstrip("."))
        else:
            name = watched.service.name
            self._say("restarted", f"{name} was started again.", service=name, pid=watched.service.pid)

    def _plan(self, watched: Watched, what: str) -> None:
        delay = watched.note_end()
        service = watched.service
        sentence = f"{what}; starting it again in {delay:g} s. Its log is {service.log}."
        self._say("ended", sentence, service=service.name, delay=delay)

    def _stop(self) -> None:
        """Stop the later stages before the earlier: nothing loses what it stands on."""
        for stage in reversed(self._stages):
            services = [] if isinstance(stage, Preparation) else stage
            for service in services:
                service.ask_to_stop()
            for service in services:
                service.stop()

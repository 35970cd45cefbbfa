"""Writing several files so that either all of them are there, whole, or none was touched."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from chiron.kernel.errors import DomainError

Write = Callable[[TextIO], None]


def check_outputs(outputs: Iterable[Path], inputs: Iterable[Path]) -> None:
    """Refuse, before any work is done, outputs that cannot be written or that would replace an input or each other."""
    read = {path.resolve() for path in inputs}
    seen: set[Path] = set()
    for path in outputs:
        with _named(path):
            _check_output(path, read, seen)


def _check_output(path: Path, read: Set[Path], seen: set[Path]) -> None:
    target = path.resolve()
    if target in read or any(target.exists() and target.samefile(each) for each in read):
        raise DomainError(f"{path} is one of the files to read and would be overwritten. Choose another name.")
    if target in seen:
        raise DomainError(f"{path} is named for two outputs. Choose a name for each.")
    seen.add(target)
    if target.exists() and not target.is_file():
        raise DomainError(f"{path} is there and is not a file, so it cannot be replaced.")
    if not target.parent.is_dir():
        raise DomainError(f"{path} cannot be written: there is no folder {path.parent}.")
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise DomainError(f"{path} cannot be written: the folder {path.parent} does not allow it.")


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Say of which file the system speaks; a loop of links is a RuntimeError in older Pythons."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise DomainError(f"{path} cannot be written: {reason or error}. Nothing was written.") from error


def write_all(files: Mapping[Path, Write]) -> None:
    """Write each file beside its place, then put all in place; what fails leaves everything as it was.

    Raises DomainError with the file and what the system says of it, for example that the disk is full.
    """
    targets: dict[Path, Path] = {}
    for path in files:
        with _named(path):
            targets[path] = path.resolve()
    drafts = {path: _beside(target) for path, target in targets.items()}
    kept: dict[Path, Path | None] = {}
    try:
        for path, write in files.items():
            with _named(path), drafts[path].open("x", encoding="utf-8", newline="") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
        for path, target in targets.items():
            with _named(path):
                kept[target] = _set_aside(target)
                drafts[path].replace(target)
    except BaseException:
        _put_back(kept)
        raise
    finally:
        for leftover in (*drafts.values(), *(aside for aside in kept.values() if aside)):
            with suppress(OSError):
                leftover.unlink(missing_ok=True)


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")


def _set_aside(target: Path) -> Path | None:
    """A copy of what stands at the target, until all is done."""
    if not target.exists():
        return None
    aside = _beside(target)
    shutil.copy2(target, aside)
    return aside


def _put_back(kept: Mapping[Path, Path | None]) -> None:
    for target, aside in kept.items():
        with suppress(OSError):
            if aside:
                aside.replace(target)
            else:
                target.unlink(missing_ok=True)

"""All files or none."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TextIO

import pytest

from chiron.kernel.errors import DomainError
from matching.on_files.outputs import check_outputs, write_all


def says(text: str):  # type: ignore[no-untyped-def]
    return lambda file: file.write(text)


def fails(file: TextIO) -> None:
    file.write("half")
    raise OSError(28, "No space left on device")


def test_all_files_are_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    old = tmp_path / "b.csv"
    old.write_text("old")
    write_all({tmp_path / "a.csv": says("a"), old: says("b")})
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.csv": "a", "b.csv": "b"}


def test_what_fails_while_writing_leaves_everything_as_it_was(tmp_path: Path) -> None:
    old = tmp_path / "a.csv"
    old.write_text("old")
    with pytest.raises(DomainError, match=r"b\.csv cannot be written: No space left on device\. Nothing was written"):
        write_all({old: says("new"), tmp_path / "b.csv": fails})
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.csv": "old"}


def test_what_fails_while_putting_in_place_is_put_back(tmp_path: Path) -> None:
    old, new, folder = tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "c.csv"
    old.write_text("old")

    def and_a_folder_appears(file: TextIO) -> None:
        file.write("c")
        folder.mkdir()

    with pytest.raises(DomainError, match="Nothing was written"):
        write_all({old: says("new"), new: says("new"), folder: and_a_folder_appears})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "c.csv"]
    assert old.read_text() == "old"


def test_a_link_keeps_pointing_where_it_did(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("old")
    link.symlink_to(real)
    write_all({link: says("new")})
    assert link.is_symlink()
    assert real.read_text() == "new"


def test_a_place_that_cannot_be_looked_at_is_named(tmp_path: Path) -> None:
    for path in (Path("/proc/self/a.csv"), _loop(tmp_path) / "a.csv"):
        with pytest.raises(DomainError, match=f"^{path} cannot be written: "):
            check_outputs([path], [])
        with pytest.raises(DomainError, match=f"^{path} cannot be written: "):
            write_all({path: says("new")})


def _loop(folder: Path) -> Path:
    loop = folder / "loop"
    loop.symlink_to(loop)
    return loop


def refused(outputs: list[Path], inputs: list[Path]) -> str:
    with pytest.raises(DomainError) as error:
        check_outputs(outputs, inputs)
    return error.value.message


def test_outputs_that_would_do_harm_are_refused(tmp_path: Path) -> None:
    sheet, other = tmp_path / "mentors.csv", tmp_path / "same.csv"
    sheet.write_text("x")
    os.link(sheet, other)
    assert "would be overwritten" in refused([tmp_path / "." / "mentors.csv"], [sheet])
    assert "would be overwritten" in refused([other], [sheet])
    assert "is named for two outputs" in refused([tmp_path / "a", tmp_path / "x" / ".." / "a"], [sheet])
    assert "is there and is not a file" in refused([tmp_path], [sheet])
    assert "is there and is not a file" in refused([Path("/dev/null")], [sheet])
    assert "there is no folder" in refused([tmp_path / "nowhere" / "a.csv"], [sheet])


def test_a_folder_that_takes_no_file_is_refused() -> None:
    """Even root cannot write into /proc."""
    with pytest.raises(DomainError, match=r"cannot be written|Nothing was written"):
        check_outputs([Path("/proc/pairs.csv")], [])
        write_all({Path("/proc/pairs.csv"): says("x")})

"""Long sheets of ours as CSV, compressed as they come and unpacked as they are read: no formula is in them."""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from programs.enrollment.importing.sheets.harmless import as_it_was, harmless

# So many characters are compressed at once, and so many bytes unpacked.
AT_ONCE = 1 << 16


class Packer:
    """Collects rows. It begins with a byte order mark, by which spreadsheets know UTF-8."""

    def __init__(self, headings: Iterable[str]) -> None:
        self._compressor = zlib.compressobj(1)
        self._parts = [self._compressor.compress(b"\xef\xbb\xbf")]
        self._text = io.StringIO()
        self._writer = csv.writer(self._text)
        self.add(headings)

    def add(self, cells: Iterable[str]) -> None:
        """One row."""
        self._writer.writerow(list(map(harmless, cells)))
        if self._text.tell() > AT_ONCE:
            self._press()

    def finish(self) -> bytes:
        """All of it, compressed."""
        self._press()
        return b"".join([*self._parts, self._compressor.flush()])

    def _press(self) -> None:
        self._parts.append(self._compressor.compress(self._text.getvalue().encode("utf-8", errors="replace")))
        self._text.seek(0)
        self._text.truncate()


def unpacked(sheet: bytes) -> bytes:
    """A whole sheet as a file."""
    return zlib.decompress(sheet)


def rows_of(sheet: bytes) -> Iterator[Sequence[str]]:
    """The rows of a sheet under its headings as they were before they were made harmless, one after the other."""
    rows = csv.reader(
        io.TextIOWrapper(io.BufferedReader(cast(Any, _Unpacked(sheet)), AT_ONCE), encoding="utf-8-sig", newline="")
    )
    next(rows)
    return (list(map(as_it_was, row)) for row in rows)


class _Unpacked(io.RawIOBase):
    """A compressed sheet as a stream."""

    def __init__(self, sheet: bytes) -> None:
        self._rest, self._decompressor = sheet, zlib.decompressobj()

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        found = self._decompressor.decompress(self._rest, len(into))
        self._rest = self._decompressor.unconsumed_tail
        into[: len(found)] = found
        return len(found)

"""The fonts of the pages as TrueType, for what is printed: unpacked from WOFF 1.0 (a W3C recommendation), once."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from pathlib import Path

BUILT = Path(__file__).parent / "static" / "build" / "fonts"
_HEADER, _ENTRY = struct.Struct(">4s4sIHHIHHIIIII"), struct.Struct(">4sIIII")
_TABLE, _START = struct.Struct(">4sIII"), struct.Struct(">4sHHHH")


@cache
def truetype(name: str) -> bytes:
    """A font of the asset build by its name there ("source-serif-4-latin-400"); FileNotFoundError before that."""
    return unpack((BUILT / f"{name}.woff").read_bytes())


def unpack(packed: bytes) -> bytes:
    """A font from its WOFF file; ValueError for any other file."""
    signature, flavor, _length, count, *_rest = _HEADER.unpack_from(packed)
    if signature != b"wOFF":
        raise ValueError("This is no WOFF file.")
    power = 1 << count.bit_length() - 1
    start = _START.pack(flavor, count, power * 16, power.bit_length() - 1, (count - power) * 16)
    place, tables, bodies = _START.size + count * _TABLE.size, [], []
    for number in range(count):
        tag, offset, compressed, length, checksum = _ENTRY.unpack_from(packed, _HEADER.size + number * _ENTRY.size)
        body = packed[offset : offset + compressed]
        body = zlib.decompress(body) if compressed < length else body
        tables.append(_TABLE.pack(tag, checksum, place, length))
        bodies.append(body + bytes(-length % 4))
        place += len(bodies[-1])
    return b"".join([start, *tables, *bodies])

"""Logos: whatever comes in, a plain square picture comes out, or a sentence."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from chiron.design import logos
from chiron.kernel.errors import DomainError

OURS = Path(logos.__file__).parent / "static" / "design"


def encoded(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def decoded(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=["PNG"]).convert("RGBA")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_wide_picture_is_centered_in_a_square(kind: str) -> None:
    square = decoded(logos.prepare(encoded(Image.new("RGB", (400, 100), "#7b1e3a"), kind)))
    assert square.size == (256, 256)
    assert square.getpixel((128, 10)) == (0, 0, 0, 0)
    red, green, blue, alpha = square.getpixel((128, 128))  # type: ignore[misc]
    assert (abs(red - 0x7B) < 4, abs(green - 0x1E) < 4, abs(blue - 0x3A) < 4, alpha) == (True, True, True, 255)


def test_only_pixels_survive() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "<script>alert(1)</script>")
    exif = Image.Exif()
    exif[0x010E] = "made at 12 Home Street"
    data = encoded(Image.new("RGB", (90, 90), "green"), pnginfo=info, exif=exif) + b"<script>alert(2)</script>"
    assert b"script" in data
    assert b"Home Street" in data
    made = logos.prepare(data)
    assert b"script" not in made
    assert b"Home Street" not in made


def test_a_picture_taken_sideways_stands_upright() -> None:
    picture = Image.new("RGB", (200, 100), "white")
    picture.paste("black", (0, 0, 100, 100))
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter to the right when shown
    square = decoded(logos.prepare(encoded(picture, exif=exif)))
    assert square.getpixel((128, 20))[:3] == (0, 0, 0)  # type: ignore[index]
    assert square.getpixel((128, 235))[:3] == (255, 255, 255)  # type: ignore[index]


def test_a_transparent_border_is_cut_off() -> None:
    picture = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    picture.paste((200, 0, 0, 255), (100, 100, 200, 200))
    assert decoded(logos.prepare(encoded(picture))).getpixel((3, 3)) == (200, 0, 0, 255)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "cannot read this file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG does not work here"),
        (b"GIF89a" + bytes(200), "cannot read this file"),
        (encoded(Image.new("RGB", (300, 300)))[:150], "cannot read this file"),
        (encoded(Image.new("RGB", (20, 20))), "too small"),
        (encoded(Image.new("RGBA", (100, 100), (0, 0, 0, 0))), "every pixel of it is transparent"),
        (encoded(Image.new("1", (7000, 7000))), "too many pixels"),
        (encoded(Image.new("1", (14000, 14000))), "cannot read this file"),
        (bytes(2 * 1024 * 1024 + 1), "larger than 2 MB"),
    ],
    ids=["nothing", "svg", "gif", "cut off", "small", "empty", "large", "bomb", "heavy"],
)
def test_what_is_no_logo_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(DomainError, match=sentence):
        logos.prepare(data)


@pytest.mark.parametrize("name", ["logos/sierra", "logos/commonwealth", "logos/northstar", "chiron"])
def test_our_own_pass(name: str) -> None:
    assert decoded(logos.prepare((OURS / f"{name}.png").read_bytes())).size == (256, 256)

"""Logos that societies bring: only pixels survive. Whatever comes in is decoded, squared and drawn anew."""

from __future__ import annotations

import io
import warnings

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from chiron.kernel.errors import DomainError

BYTES = 2 * 1024 * 1024
PIXELS = 30_000_000
SMALLEST, SIDE = 64, 256
FORMATS = ("PNG", "JPEG", "WEBP")


def prepare(data: bytes) -> bytes:
    """A square PNG of 256 pixels, without anything that was not picture; DomainError says what to bring instead."""
    if len(data) > BYTES:
        raise DomainError(_("This picture is larger than 2 MB. Please bring a smaller one."))
    picture = _decoded(data)
    if max(picture.size) < SMALLEST:
        raise DomainError(_("This picture is too small to look good. It should be at least 64 pixels wide or high."))
    square = ImageOps.pad(picture, (SIDE, SIDE), Image.Resampling.LANCZOS, color=(0, 0, 0, 0))
    out = io.BytesIO()
    square.save(out, "PNG", optimize=True)
    return out.getvalue()


def _decoded(data: bytes) -> Image.Image:
    """The picture upright, without the transparent border that it may have."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            file = Image.open(io.BytesIO(data), formats=FORMATS)
            if file.width * file.height > PIXELS:
                raise DomainError(_("This picture has too many pixels. Please bring a smaller one."))
            picture = ImageOps.exif_transpose(file).convert("RGBA")
    except DomainError:
        raise
    except Exception as error:  # Pillow's decoders raise a dozen kinds for files that are broken on purpose
        raise DomainError(
            _("We cannot read this file as a picture. Please bring a PNG, JPEG or WebP file; SVG does not work here.")
        ) from error
    box = picture.getchannel("A").getbbox()
    if box is None:
        raise DomainError(_("This picture is empty: every pixel of it is transparent."))
    return picture.crop(box)

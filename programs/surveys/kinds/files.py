"""A file that somebody brings: its type and size are checked by what is in it, not by its name."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps

from programs.policy.document import Blank
from programs.surveys.kinds.base import Fields, Kind, Offer, Values

MEGABYTE: Final = 1_000_000
MOST_PIXELS: Final = 40_000_000
LONGEST_SIDE: Final = 1600
LONGEST_NAME: Final = 120
ACCEPTED: Final = {"PDF": ".pdf,application/pdf", "picture": ".jpg,.jpeg,.png,image/jpeg,image/png"}
SUFFIXES: Final = {"application/pdf": ".pdf", "image/jpeg": ".jpg"}


@dataclass(frozen=True)
class Checked:
    """A file that may be kept."""

    name: str
    content_type: str
    content: bytes


class UploadField(forms.FileField):
    """A file of some types, up to some size."""

    def __init__(self, blank: Blank, **common: Any) -> None:
        super().__init__(**common)
        self.blank = blank

    def clean(self, data: Any, initial: Any = None) -> Checked | None:
        """The file as it is kept; ValidationError says what is wrong with it."""
        upload = super().clean(data, initial)
        return checked_file(upload, self.blank) if isinstance(upload, UploadedFile) else None


class File(Kind):
    """One file. What is kept of it is its row: `programs.surveys.models.Upload`."""

    def fields(self, offer: Offer) -> Fields:
        types, blank = [ACCEPTED[each] for each in offer.blank.types], offer.blank
        said = offer.common(
            required=gettext_lazy("Choose a file first."),
            empty=gettext_lazy("This file is empty. Is it the right one?"),
        )
        said["help_text"] = offer.help or _limits(blank)
        line = forms.FileInput(attrs={"accept": ",".join(types)})
        fields: Fields = {"": UploadField(blank, widget=line, max_length=LONGEST_NAME * 2, **said)}
        if offer.kept:
            fields[""].required = False
            label = _("Take “%(name)s” away") % {"name": offer.kept["name"]}
            fields["remove"] = forms.BooleanField(required=False, label=label)
        return fields

    def kept(self, blank: Blank, values: Values) -> Any:
        """The checked file, to be stored; False where it is taken away; None where nothing was brought."""
        return values.get("") or (False if values.get("remove") else None)

    def initial(self, blank: Blank, kept: Any) -> dict[str, Any]:
        return {}

    def said(self, blank: Blank, kept: Any) -> str:
        return str(kept["name"])


def checked_file(upload: UploadedFile[Any], blank: Blank) -> Checked:
    """A PDF as it is, a picture made smaller and freed of what cameras write into it (place, time, owner)."""
    if (upload.size or 0) > blank.most_mb * MEGABYTE:
        raise ValidationError(_("This file is too large: %(most)d MB at most.") % {"most": blank.most_mb})
    content, name = upload.read(), (upload.name or "")[-LONGEST_NAME:]
    if "PDF" in blank.types and content.startswith(b"%PDF-"):
        return Checked(_named(name, "application/pdf"), "application/pdf", content)
    picture = _picture(content) if "picture" in blank.types else None
    if picture is None:
        raise ValidationError(_limits(blank))
    return Checked(_named(name, "image/jpeg"), "image/jpeg", picture)


def _limits(blank: Blank) -> str:
    types = _(" or ").join({"PDF": _("a PDF"), "picture": _("a picture (JPEG or PNG)")}[each] for each in blank.types)
    return _("It has to be %(types)s, %(most)d MB at most.") % {"types": types, "most": blank.most_mb}


def _named(name: str, content_type: str) -> str:
    """The file's own name under the suffix of what it is."""
    stem = name.rpartition(".")[0] or name
    plain = "".join(letter for letter in stem if letter.isprintable() and letter not in '\\/"<>|:*?')
    return f"{plain.strip() or 'file'}{SUFFIXES[content_type]}"


def _picture(content: bytes) -> bytes | None:
    """The picture upright, as a plain JPEG; None if it is none, or one too large to open."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
            if image.width * image.height > MOST_PIXELS:
                return None
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except Exception:  # Pillow's decoders raise a dozen kinds for files that are broken on purpose
        return None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    flat = Image.new("RGB", upright.size, "white")
    flat.paste(upright, mask=upright.getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=88)
    return out.getvalue()

"""Files of societies, each in a folder of its own named after the society's id."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage

from tenants import context


class SocietyStorage(FileSystemStorage):
    """The folder of the society whose door we stand in. A name that leads out of it is refused by Django's storage.

    Files are served by views that know who may see them, so they have no address of their own.
    """

    @property
    def location(self) -> str:
        place = context.place()
        if not place:
            raise RuntimeError("A file belongs to a society or to the platform. Enter one of their doors to use it.")
        return str(Path(settings.MEDIA_ROOT) / place)

    def url(self, name: str | None) -> Any:
        raise ValueError("Files of societies have no address. Serve them by a view that checks who asks.")

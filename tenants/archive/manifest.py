"""What an archive says about itself, in its `manifest.json`."""

from __future__ import annotations

from typing import Any

from django.db.models import Field
from django.utils.translation import gettext as _
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from chiron.kernel.errors import DomainError
from tenants.migration.steps import Key
from tenants.models import Society

FORMAT = 1
# What belongs to this installation and this moment, and not to the society.
_NOT_TAKEN = {"id", "schema_name", "left_at", "dropped_at", "last_active_at"}
_NOT_TAKEN |= {"rehearses", "rehearsed_for", "clock_ahead", "passing_until", "on_show_at"}


class Sequence(BaseModel):
    """Where the numbering of an identity column stands."""

    last_value: int
    is_called: bool


class Manifest(BaseModel):
    """Whose archive it is, at which version, and how much of what is in it."""

    model_config = ConfigDict(extra="forbid")

    format: int
    made_at: AwareDatetime
    society_id: str
    society: dict[str, str | None]
    hosts: list[str]
    migrations: list[Key]
    tables: dict[str, int]
    sequences: dict[str, Sequence]
    files: int


def read_manifest(text: bytes) -> Manifest:
    """DomainError if it is none of ours."""
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError as error:
        raise DomainError(_("This is no archive of a society: its manifest makes no sense.")) from error
    if manifest.format != FORMAT:
        raise DomainError(
            _("This archive has format %(theirs)s; this version of Chiron reads format %(ours)s.")
            % {"theirs": manifest.format, "ours": FORMAT}
        )
    return manifest


def facts_of(society: Society) -> dict[str, str | None]:
    """The society's own row as texts, without what belongs to this installation."""
    return {
        field.name: None if field.value_from_object(society) is None else field.value_to_string(society)
        for field in _taken()
    }


def facts_from(texts: dict[str, str | None]) -> dict[str, Any]:
    """The same back as values; a field that this version does not know is left out."""
    return {field.name: field.to_python(texts[field.name]) for field in _taken() if field.name in texts}


def _taken() -> list[Field[Any, Any]]:
    return [field for field in Society._meta.concrete_fields if field.name not in _NOT_TAKEN]

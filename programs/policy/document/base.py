"""What every piece of a policy document is made of: strict settings whose faults are plain sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic import ModelWrapValidatorHandler as Handler

from programs.policy.document.complaints import found_in
from programs.policy.faults import FaultsError, Found
from programs.policy.lengths import show
from programs.policy.words import did_you_mean

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def _printable(value: object) -> object:
    if isinstance(value, str):
        if CONTROL.search(value):
            raise ValueError("This has a control character in it. Write plain text.")
        return value.strip()
    return value


Title = Annotated[str, Field(min_length=1, max_length=80), BeforeValidator(_printable)]
Words = Annotated[str, Field(min_length=1, max_length=200), BeforeValidator(_printable)]
Prose = Annotated[str, Field(min_length=1, max_length=4000), BeforeValidator(_printable)]
Flag = Annotated[bool, Field(strict=True)]
Count = Annotated[int, Field(strict=True, ge=1, le=10_000)]


class Settings(BaseModel):
    """A set of settings that refuses what it does not know, and says what was probably meant."""

    SHORTHAND: ClassVar[tuple[str, ...]] = ()
    """Settings that may be written here but are kept elsewhere."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False, hide_input_in_errors=True)

    @model_validator(mode="wrap")
    @classmethod
    def _known_keys(cls, data: Any, handler: Handler[Self]) -> Self:
        """Report unknown keys together with whatever else is wrong here, each with the nearest known key."""
        if not isinstance(data, Mapping):
            return handler(data)
        known = {field.alias or name for name, field in cls.model_fields.items()} | set(cls.SHORTHAND)
        faults = [
            Found((key,), f"There is no setting {show(key)} here.{did_you_mean(str(key), known)}")
            for key in data
            if key not in known
        ]
        try:
            settings = handler({key: value for key, value in data.items() if key in known})
        except ValidationError as error:
            raise FaultsError(faults + found_in(error)) from None
        if faults:
            raise FaultsError(faults)
        return settings

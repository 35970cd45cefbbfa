"""Refusals in Stripe's shape: type, code, parameter and a sentence."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from stripe_emulator.kinds import Body


class StripeError(Exception):
    """A request that is answered with an error; nothing of what it began is kept, except where it says `keep`."""

    def __init__(
        self,
        message: str,
        *,
        status: int = HTTPStatus.BAD_REQUEST,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        keep: bool = False,
        **more: object,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.keep = keep
        words = {"type": kind, "code": code, "param": param, "message": message, **more}
        self.error: Body = {name: value for name, value in words.items() if value is not None}


def missing(kind: str, identity: str, param: str = "id", status: int = HTTPStatus.NOT_FOUND) -> StripeError:
    """What Stripe says to an id that it does not know."""
    return StripeError(
        f"No such {kind.rpartition('.')[2]}: '{identity}'", status=status, code="resource_missing", param=param
    )


def required(param: str) -> StripeError:
    return StripeError(f"Missing required param: {param}.", code="parameter_missing", param=param)


def not_now(message: str, code: str | None = None) -> StripeError:
    """The request makes sense, but not for the state that the object is in."""
    return StripeError(message, code=code)


def declined(
    message: str, *, code: str, decline_code: str | None = None, keep: bool = True, **more: Any
) -> StripeError:
    """A card that was not charged. The attempt itself is kept, as it happened, unless all was to be undone."""
    return StripeError(
        message,
        status=HTTPStatus.PAYMENT_REQUIRED,
        kind="card_error",
        code=code,
        decline_code=decline_code,
        keep=keep,
        **more,
    )

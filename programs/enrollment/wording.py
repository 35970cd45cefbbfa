"""What forms say of an answer that is missing or impossible."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

WORDS: Final[dict[str, Any]] = {
    "required": _("This needs an answer."),
    "invalid_choice": _("Choose from what is offered here."),
    "max_length": _("This is too long: there is room for %(limit_value)s characters."),
    "min_value": _("This is too little: it must be %(limit_value)s or more."),
    "max_value": _("This is too much: it must be %(limit_value)s or less."),
}

"""What forms say of an answer that is missing or impossible: one place, for every field of every form.

A field of a form says its own sentence where it has one; for all else these stand in the place of Django's.
"""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

_ROOM = ngettext_lazy(
    "This is too long: there is room for %(limit_value)d character.",
    "This is too long: there is room for %(limit_value)d characters.",
    "limit_value",
)
_CHOICE = {"invalid_choice": _("Choose from what is offered here.")}
_LIST = {"invalid_list": _("Choose from what is offered here.")}
_PERIOD = _("Write a length of time, like 2 days.")
WORDS: Final[dict[type[forms.Field], dict[str, Any]]] = {
    forms.Field: {
        "required": _("This needs an answer."),
        "max_length": _ROOM,
        "min_length": _("This is too short: it takes at least %(limit_value)s characters."),
        "min_value": _("This is too little: it must be %(limit_value)s or more."),
        "max_value": _("This is too much: it must be %(limit_value)s or less."),
        "step_size": _("This must be a multiple of %(limit_value)s."),
        "max_digits": _("This number has too many digits."),
        "max_decimal_places": _("This number has too many digits after the point."),
        "max_whole_digits": _("This number has too many digits."),
        "null_characters_not_allowed": _("This holds a character that nobody can read. Type it anew."),
    },
    forms.EmailField: {"invalid": _("This does not look like a mail address. It has an @, as in name@example.org.")},
    forms.URLField: {"invalid": _("This is no address of a page. It looks like https://www.example.org.")},
    forms.IntegerField: {"invalid": _("Write a whole number, like 2.")},
    forms.FloatField: {"invalid": _("Write a number, like 2 or 2.5.")},
    forms.DecimalField: {"invalid": _("Write a number, like 2 or 2.5.")},
    forms.DateField: {"invalid": _("Write a day, like 2027-03-01.")},
    forms.TimeField: {"invalid": _("Write a time of day, like 14:30.")},
    forms.DateTimeField: {"invalid": _("Write a day and a time, like 2027-03-01 14:30.")},
    forms.DurationField: {"invalid": _PERIOD, "overflow": _PERIOD},
    forms.RegexField: {"invalid": _("This is not written as it has to be.")},
    forms.SlugField: {"invalid": _("Write small letters, digits and hyphens alone.")},
    forms.UUIDField: {"invalid": _("This page was changed on its way. Load it again.")},
    forms.JSONField: {"invalid": _("This is not written as it has to be.")},
    forms.ChoiceField: _CHOICE,
    forms.MultipleChoiceField: _CHOICE | _LIST,
    forms.ModelChoiceField: _CHOICE,
    forms.ModelMultipleChoiceField: _CHOICE | _LIST | {"invalid_pk_value": _("Choose from what is offered here.")},
    forms.FileField: {
        "invalid": _("This is no file. Choose one and send it again."),
        "missing": _("Choose a file first."),
        "empty": _("This file is empty."),
        "max_length": _("The name of this file is too long: there is room for %(max)d characters."),
        "contradiction": _("Choose a file or leave it out, not both."),
    },
    forms.ImageField: {"invalid_image": _("This is no picture that we can read.")},
}


def speak_plainly() -> None:
    """Have every field made from now on say these. Called before any form is there, for a field takes them as it is
    made.
    """
    for field, words in WORDS.items():
        field.default_error_messages = {**field.default_error_messages, **words}

"""Every field of every form says in our words what is wrong, with an answer that is forged or far too long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module

from django import forms

# Words of Django's own, which know nothing of who reads them.
DJANGOS = re.compile(
    r"[Tt]his field|Select a valid|Enter a|Ensure |No file|submitted file|is not a valid|is not one of|Null characters"
)
FORGED = ("", "x" * 50_000, "\x00", "-99999999999", "99999999999", "x", "2027-02-31")
PAGES = ("chiron.urls_society", "chiron.urls_public")
OURS = ("programs.", "matching.", "tenants.", "billing.", "chiron.")


def every_form(above: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    for form in above.__subclasses__():
        if form.__module__.startswith(OURS):
            yield form
        yield from every_form(form)


def test_no_field_speaks_as_django_does() -> None:
    for page in PAGES:
        import_module(page)
    said = {
        f"{form.__name__}.{name}: {message}"
        for form in every_form()
        for name, field in form.base_fields.items()
        for value in FORGED
        for message in refusals(field, value)
        if DJANGOS.search(message)
    }
    assert said == set()


def refusals(field: forms.Field, value: object) -> list[str]:
    several = isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)
    try:
        field.clean([value] if several else value)
    except forms.ValidationError as error:
        return list(error.messages)
    return []


def test_how_much_too_long_is_said_and_a_field_keeps_its_own_sentence() -> None:
    assert refusals(forms.CharField(max_length=140), "x" * 141) == [
        "This is too long: there is room for 140 characters."
    ]
    assert refusals(forms.CharField(error_messages={"required": "Type a name."}), "") == ["Type a name."]

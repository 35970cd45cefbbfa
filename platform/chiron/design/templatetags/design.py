"""`{% load design %}`: what the layouts and components cannot say in a template alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from chiron.design import brand, charts, icons
from chiron.design.names import initials

register = template.Library()
register.simple_tag(icons.icon, name="icon")
register.filter("initials", initials)


@register.filter(expects_localtime=True)
def moment(at: datetime | None) -> str:
    """A day with its time, in the zone of whoever's page it is, and that zone: “November 22, 2026, 4:07 PM PST”."""
    return date_format(at, "F j, Y, g:i A T") if at else ""


@register.filter(expects_localtime=True)
def day(on: date | None) -> str:
    """A day with its year: “July 1, 1985”."""
    return date_format(on, "F j, Y") if on else ""


@register.simple_tag(takes_context=True)
def repeat(context: template.Context, block: str) -> SafeString:
    """The content of a block once more: a page says its title once, for the tab and for its heading."""
    node = context.render_context[BLOCK_CONTEXT_KEY].get_block(block)
    rendered: SafeString = node.render(context)
    return rendered


@register.filter
def spread(attrs: Mapping[str, Any]) -> SafeString:
    """The attributes that a component passes on, escaped (cotton's own `{{ attrs }}` escapes nothing)."""
    given: dict[str, Any] = attrs.attrs_dict()  # type: ignore[attr-defined]
    return flatatt(given)


@register.filter
def kind(field: BoundField) -> str:
    """How a field is drawn: `tick`, `choices`, `select`, `file` or `line`."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    return "select" if isinstance(widget, forms.Select) else "line"


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The field's own widget in our clothes. Django adds what ties it to its hint and its fault."""
    names = {"tick": "form-check-input", "select": "form-select"}
    given = field.field.widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"{names.get(kind(field), 'form-control')} {given}".strip()})


@register.filter
def anchor(field: BoundField) -> str:
    """Where a link to the field leads: its control, or the first of its choices."""
    return f"{field.auto_id}_0" if kind(field) == "choices" else str(field.auto_id)


@register.simple_tag
def score(parts: Iterable[tuple[str, float]], whole: float = 1000) -> SafeString:
    return charts.score_bar(parts, whole=whole)


register.simple_tag(charts.dots, name="dots")


@register.simple_tag
def palette(primary: str) -> dict[brand.Scheme, brand.Palette]:
    """The colors of a mail, which has no stylesheet to take them from."""
    own = primary or brand.PRIMARY
    return {scheme: brand.palette(own, own, scheme) for scheme in brand.SCHEMES}

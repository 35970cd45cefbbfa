"""What a browser sends of a form of settings."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from programs.policy.editing.forms import SectionForm
from programs.policy.editing.ruling import Node
from programs.policy.editing.sentences import Shape


def sent(form: SectionForm) -> QueryDict:
    """What a browser sends of a form that nobody touched."""
    data = QueryDict(mutable=True)
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        if isinstance(field, forms.MultipleChoiceField):
            data.setlist(name, [choice for choice, _label in field.choices if choice in (value or [])])
        elif value is not None and value is not False and value != "":
            data[name] = "on" if value is True else str(value)
    for block in form.blocks():
        if block.node is not None:
            _send_rule(data, block.node)
        if block.kind in ("rows", "shelf"):
            data[f"{block.entry.name}-rows"] = str(len(block.rows))
    return data


def _send_rule(data: QueryDict, node: Node) -> None:
    data[f"{node.name}.is"] = node.shape.key if node.shape else node.group
    if node.shape:
        data.setlist(f"{node.name}.value", _blank_sent(node.shape, node))
    for child in node.children:
        _send_rule(data, child)


def _blank_sent(shape: Shape, node: Node) -> list[str]:
    if shape.blank == "ticks":
        return [option for option in shape.options if option in node.values]
    return node.values if shape.blank == "rule" else [node.text]

"""What one more mentor would bring, in words for staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.explaining.words import points
from matching.pool.kinds import Kind
from matching.pool.recruiting import Step

NAMED: Final = 3


def kind_called(kind: Kind, regions: Mapping[str, str]) -> str:
    """A kind of mentor, short: “Pediatrics · Placer County (956…)”; regions: what they are called."""
    said = [kind.specialty, regions.get(kind.region, kind.region), kind.help]
    return " · ".join(part for part in said if part) or _("Any mentor")


def would_bring(step: Step) -> str:
    """What a step would bring, and to whom."""
    if step.pairs > 0:
        more = ngettext("%(count)d pair more: %(names)s.", "%(count)d pairs more: %(names)s.", step.pairs)
        return more % {"count": step.pairs, "names": _names(step.new)}
    values = {"points": points(step.points), "names": _names(step.better)}
    return _("No pair more, but %(points)s points: somebody who suits better for %(names)s.") % values


def _names(people: Sequence[Sequence[str]]) -> str:
    said = [name for _enrollment, name in people[:NAMED]]
    if more := len(people) - len(said):
        said.append(ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
    return ", ".join(said)

"""Our icons: strokes on a grid of 24, drawn in the color of the words beside them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

PATHS: Mapping[str, str] = MappingProxyType(
    {
        "check": '<path d="M5 12.5l4.5 4.5L19 7.5"/>',
        "cross": '<path d="M6 6l12 12M18 6L6 18"/>',
        "plus": '<path d="M12 5v14M5 12h14"/>',
        "right": '<path d="M9 5l7 7-7 7"/>',
        "left": '<path d="M15 5l-7 7 7 7"/>',
        "down": '<path d="M5 9l7 7 7-7"/>',
        "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
        "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5v.1"/>',
        "alert": '<path d="M12 4L2.8 19.5h18.4z"/><path d="M12 10v4.5M12 17v.1"/>',
        "done": '<circle cx="12" cy="12" r="9"/><path d="M8 12.5l3 3 5-6"/>',
        "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.5l3.5 2"/>',
        "calendar": '<rect x="4" y="5.5" width="16" height="15" rx="2"/><path d="M4 10.5h16M8.5 3v4M15.5 3v4"/>',
        "mail": '<rect x="3" y="5.5" width="18" height="13.5" rx="2"/><path d="M3.5 7.5L12 13l8.5-5.5"/>',
        "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.6-4 3.6-6.5 7.5-6.5s6.9 2.5 7.5 6.5"/>',
        "people": '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 19.5c.5-3.5 3-5.5 6.5-5.5s6 2 6.5 5.5"/>'
        '<path d="M15.5 5.3a3.5 3.5 0 010 6.4M18 14.6c2 .8 3.2 2.5 3.5 4.9"/>',
        "pair": '<circle cx="8.5" cy="12" r="5.5"/><circle cx="15.5" cy="12" r="5.5"/>',
        "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5L20.5 20.5"/>',
        "upload": '<path d="M12 16V4.5M7 9l5-5 5 5M4 16v4h16v-4"/>',
        "download": '<path d="M12 4v11.5M7 11l5 5 5-5M4 16v4h16v-4"/>',
        "pencil": '<path d="M4 20l1-4.5L16.5 4 20 7.5 8.5 19z"/>',
        "leaf": '<path d="M5 19c0-9 5-14 15-14 0 10-5 14-11 14-2 0-3-.5-4-1.5M5 20c1.5-4.5 4.5-8 9-10"/>',
        "key": '<circle cx="8" cy="15" r="4"/><path d="M11 12l8.5-8.5M16 7l3 3"/>',
    }
)


def icon(name: str) -> SafeString:
    """The picture alone; words beside it say what it means. KeyError for a name we have not drawn."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(PATHS[name]),  # noqa: S308 - drawn above, by us
    )

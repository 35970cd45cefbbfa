"""Days and moments are written in one way on all pages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.template import Context, Template
from django.utils import timezone

AT = datetime(2026, 11, 23, 0, 7, tzinfo=UTC)


def drawn(source: str) -> str:
    return Template("{% load design %}" + source).render(Context({"at": AT, "on": date(1985, 7, 1), "never": None}))


def test_a_moment_is_told_in_the_zone_of_the_page() -> None:
    with timezone.override(ZoneInfo("America/Los_Angeles")):
        assert drawn("{{ at|moment }}") == "November 22, 2026, 4:07 PM PST"
        assert drawn("{{ at|day }}") == "November 22, 2026"
    assert drawn("{{ at|moment }}") == "November 23, 2026, 12:07 AM UTC"


def test_a_day_has_its_year_and_no_moment_is_no_word() -> None:
    assert drawn("{{ on|day }}") == "July 1, 1985"
    assert drawn("[{{ never|moment }}{{ never|day }}]") == "[]"

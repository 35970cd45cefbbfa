"""The picture shows what was measured, stands alone, and says it in words."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, fromstring

import pytest

from matching.bench.cases import Case
from matching.bench.plot import LEFT, NAMES, RIGHT, WIDTH, Axis, Point, draw, series

SVG = "{http://www.w3.org/2000/svg}"
POINTS = {
    "proven": [Point(6_000, 0.004, 140), Point(15_000_000, 0.5, 190), Point(10**9, 27.5, 452)],
    "scipy": [Point(6_000, 0.001, 70), Point(15_000_000, 3.0, 640)],
}


@pytest.fixture(scope="module")
def picture() -> Element:
    return fromstring(draw(POINTS))


def test_it_says_in_words_what_it_shows(picture: Element) -> None:
    title, desc = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
    assert picture.get("role") == "img"
    assert picture.get("aria-labelledby") == "title desc"
    assert title is not None
    assert desc is not None
    assert "this engine: from 0.004 seconds and 140 megabytes at 6,000 pairs to 27.5 seconds" in (desc.text or "")
    assert "scipy: " in (desc.text or "")


def test_every_point_is_drawn_once_in_each_chart_and_inside_of_it(picture: Element) -> None:
    places = [
        tuple(map(float, re.findall(r"[\d.]+", mark.get("transform", ""))))
        for group in picture.iter(f"{SVG}g")
        for mark in group
        if "transform" in mark.attrib
    ]
    assert len(places) == len(POINTS) + 2 * sum(map(len, POINTS.values()))
    height = float(picture.get("viewBox", "").split()[-1])
    assert all(LEFT <= x <= WIDTH - RIGHT and 0 < y < height for x, y in places)


def test_axes_end_at_round_numbers_and_are_logarithmic() -> None:
    axis = Axis.around([0.004, 27.5], 100, 0)
    assert (axis.low, axis.high) == (0.001, 100)
    assert [axis.at(value) for value in (0.001, 0.01, 0.1, 100)] == [100, 80, 60, 0]
    assert Axis.around([70, 640], 0, 1, (1, 2, 5)).low == 50


def test_ticks_are_told_as_people_read_them(picture: Element) -> None:
    words = {text.text for text in picture.iter(f"{SVG}text")}
    assert {"1 ms", "100 s", "50 MB", "1 GB", "1 million", "1 billion", "1,000"} <= words
    assert {NAMES["proven"], NAMES["scipy"]} <= words
    assert NAMES["lapx"] not in words


def test_there_are_colors_for_light_and_for_dark(picture: Element) -> None:
    style = picture.find(f"{SVG}style")
    assert style is not None
    light, dark = (style.text or "").split("@media (prefers-color-scheme: dark)")
    for kind in NAMES:
        assert f".{kind} {{" in light
        assert f".{kind} {{" in dark


def test_a_series_has_medians_and_a_peers_time_counts_its_scores() -> None:
    runs = {
        "scores": [{"seconds": 1.0, "peak_mb": 9}],
        "proven": [{"seconds": second, "peak_mb": 5} for second in (3.0, 1.0, 2.0)],
        "scipy": [{"seconds": 4.0, "peak_mb": 7}],
    }
    assert series({Case(20, 10): runs}) == {"proven": [Point(200, 2.0, 5)], "scipy": [Point(200, 5.0, 7)]}

"""Whatever two colors a society has: everything made of them can be read."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chiron.design import brand
from chiron.design.color import BLACK, WHITE, Color, contrast, luminance, mend, mix, parse, shift
from chiron.kernel.errors import DomainError
from tests.design import assets

part = st.integers(min_value=0, max_value=255)
colors = st.builds(Color, part, part, part)
schemes = st.sampled_from(brand.SCHEMES)


@given(colors, colors, schemes)
def test_text_has_4_5_and_parts_have_3(primary: Color, accent: Color, scheme: brand.Scheme) -> None:
    made = brand.palette(str(primary), str(accent), scheme)
    for ground in brand.GROUNDS[scheme]:
        assert contrast(made.text, ground) >= 4.5
        assert contrast(made.text_hover, ground) >= 4.5
        assert contrast(made.fill, ground) >= 3
        assert contrast(made.hover, ground) >= 3
        assert contrast(made.accent, ground) >= 3
        assert all(contrast(bar, ground) >= 3 for bar in made.bars)
    assert contrast(made.on_fill, made.fill) >= 4.5
    assert contrast(made.on_fill, made.hover) >= 4.5
    assert contrast(made.text, made.tint) >= 4.5


@given(colors, colors, schemes)
def test_a_score_fades_in_one_direction(primary: Color, accent: Color, scheme: brand.Scheme) -> None:
    bars = [luminance(bar) for bar in brand.palette(str(primary), str(accent), scheme).bars]
    for stronger, fainter in pairwise(bars):
        assert stronger <= fainter + 0.02 if scheme == "light" else stronger >= fainter - 0.02


@given(colors, colors)
def test_every_change_is_told_and_nothing_else(primary: Color, accent: Color) -> None:
    told = {(mend.given, mend.used) for mend in brand.check(str(primary), str(accent))}
    changed = set()
    for scheme in brand.SCHEMES:
        made = brand.palette(str(primary), str(accent), scheme)
        changed |= {(primary, made.fill), (primary, made.text), (accent, made.accent)}
    assert told == {(given, used) for given, used in changed if given != used}


@given(colors)
def test_what_serves_is_left_alone(color: Color) -> None:
    grounds = brand.GROUNDS["light"]
    mended = mend(color, grounds, 3, lighter=False)
    assert (mended == color) is all(contrast(color, ground) >= 3 for ground in grounds)
    assert luminance(mended) <= luminance(color) + 1e-9


@given(colors)
def test_a_color_is_read_as_it_is_written(color: Color) -> None:
    assert parse(str(color)) == color
    assert all(abs(one - other) <= 1 for one, other in zip(shift(color, 0), color, strict=True))


def test_known_contrasts() -> None:
    assert contrast(WHITE, BLACK) == pytest.approx(21)
    assert contrast(parse("#767676"), WHITE) == pytest.approx(4.54, abs=0.01)
    assert mix(BLACK, WHITE, 0.25) == parse("#bfbfbf")
    assert parse("fA0") == Color(255, 170, 0)


@pytest.mark.parametrize("text", ["", "red", "#12345", "#1234567", "url(x)", "#fff;}", "javascript:1"])
def test_what_is_no_color_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(DomainError, match="is not a color"):
        brand.stylesheet(text, "#fff")


def test_a_mend_is_a_sentence_for_the_owner() -> None:
    sentences = [mend.sentence for mend in brand.check("#7b1e3a", "#ffffff")]
    assert "#ffffff is too light for the accent on white; we use #8c8c8c there." in sentences
    assert any(
        sentence.startswith("On dark screens #7b1e3a is too dark for buttons; we use ") for sentence in sentences
    )


def test_a_stylesheet_is_named_after_what_it_says() -> None:
    first, second = brand.stylesheet("#7b1e3a", "#c98a2b"), brand.stylesheet("#7b1e3b", "#c98a2b")
    assert brand.digest(first) == brand.digest(brand.stylesheet("#7B1E3A", "c98a2b"))
    assert brand.digest(first) != brand.digest(second)
    assert "--primary:#7b1e3a" in first


def test_chirons_own_colors_are_in_the_stylesheet(stylesheet: str) -> None:
    source = (assets.SCRIPT.parents[2] / "platform/chiron/design/styles/_brand.scss").read_text()
    assert source.split("\n", 1)[1] == brand.stylesheet(brand.PRIMARY, brand.ACCENT)


def test_the_grounds_are_those_of_the_stylesheet(stylesheet: str) -> None:
    light, dark, *_dark_without_scripts = re.findall(r"{([^{}]*--edge:[^{}]*)}", stylesheet)
    for grounds, sheet in ((brand.GROUNDS["light"], light), (brand.GROUNDS["dark"], dark)):
        surface, page, sunken = grounds
        for name, ground in (("", surface), ("-secondary", page), ("-tertiary", sunken)):
            short = "#fff" if ground == WHITE else str(ground)
            assert f"--bg-surface{name}:{short};" in sheet

"""What templates, the stylesheet and the asset build may hold."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.design import assets, words

ROOT = Path(__file__).parents[2]
ROOMS = ("platform", "tenants", "programs", "matching", "billing", "api")
# Set by scripts, or by names of people's own rather than by a rule.
WITHOUT_RULES = {"skip-link", "htmx-request"}
FORBIDDEN = re.compile(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:|\shx-on|\shx-vals=['\"]js:")
# A number of which there may be thousands, in what a form sends or a browser counts by.
SEPARATED = re.compile(
    r"<(?:input|option|progress|c-progress)\b[^>]*\s(?:value|max)=\"({{[^}\"|]*(?:number|count|total|\|length) }})"
)


# All but mails, which carry their styles within.
PAGES = sorted(
    path for room in ROOMS for path in (ROOT / room).rglob("templates/**/*.html") if "mail" not in path.parts
)


def classes(source: str) -> set[str]:
    """The classes that a template names outright; those that a variable completes are the component's affair."""
    source = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", source, flags=re.DOTALL)
    named = set()
    for value in re.findall(r'\sclass="((?:{[{%].*?[%}]}|[^"])*)"', source):
        without_tags = re.sub(r"{{.*?}}", "{}", re.sub(r"{%.*?%}", " ", value))
        named |= {word for word in without_tags.split() if "{" not in word and not word.endswith("-")}
    return named


def test_there_are_templates_to_look_at() -> None:
    assert len(PAGES) > 40


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_brings_no_script_and_no_style_along(path: Path) -> None:
    assert FORBIDDEN.findall(path.read_text()) == []


@pytest.fixture(scope="module")
def ruled(stylesheet: str) -> set[str]:
    """The classes that the stylesheet has rules for."""
    return set(re.findall(r"\.((?:[A-Za-z_-]|\\.)(?:[\w-]|\\.)*)", stylesheet))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_class_has_a_rule(path: Path, ruled: set[str]) -> None:
    assert classes(path.read_text()) - ruled - WITHOUT_RULES == set()


def test_numbers_that_machines_read_have_no_separators() -> None:
    assert {path.name: found for path in PAGES if (found := SEPARATED.findall(path.read_text()))} == {}


def test_the_checks_see_what_they_look_for(stylesheet: str) -> None:
    for line in ('<p style="x">', "<script>x</script>", '<a onclick="x">', '<p hx-on:click="x">', "<style>"):
        assert FORBIDDEN.search(line)
    assert SEPARATED.search('<input type="hidden" value="{{ base.number }}">')
    assert not SEPARATED.search('<input type="hidden" value="{{ base.number|stringformat:"d" }}">')
    assert not FORBIDDEN.search('<script src="/static/x.js" defer></script>')
    assert classes('<p class="a{% if b %} c{% endif %} d-{{ e }} f"><c-card class="g">') == {"a", "c", "f", "g"}
    assert words.found("Each wave of the Pool; privacy-policy, spinning, pins.") == ["wave", "pool", "pins"]


def test_the_stylesheet_is_lowered(stylesheet: str) -> None:
    assert "light-dark(" not in stylesheet
    assert "@layer" not in stylesheet
    assert "@container" not in stylesheet
    for imported in ("@import", "url(http", "url(//"):
        assert imported not in stylesheet


def test_front_end_packages_are_pinned_by_hash_and_without_addresses() -> None:
    text = (ROOT / "infra/assets/package-lock.json").read_text()
    packages = {name: facts for name, facts in json.loads(text)["packages"].items() if name}
    assert len(packages) > 10
    assert [name for name, facts in packages.items() if not facts["integrity"].startswith("sha512-")] == []
    assert [name for name, facts in packages.items() if "resolved" in facts] == []
    wanted = json.loads((ROOT / "infra/assets/package.json").read_text())["dependencies"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_what_is_shipped_carries_its_licenses(stylesheet: str) -> None:
    licenses = (assets.OUT / "LICENSES.txt").read_text()
    assert "The Tabler Authors" in licenses
    assert licenses.count("This Font Software is licensed under the SIL Open Font License") == 2


def test_a_second_build_does_nothing(stylesheet: str) -> None:
    before = (assets.OUT / "chiron.css").stat().st_mtime_ns
    assets.script().main()
    assert (assets.OUT / "chiron.css").stat().st_mtime_ns == before


def test_the_gallery_shows_every_component() -> None:
    folder = ROOT / "platform/chiron/design/templates"
    shown = "".join(path.read_text() for path in [*folder.glob("design/*.html"), *folder.glob("mail/*.html")])
    parts = [path.relative_to(folder / "cotton") for path in (folder / "cotton").rglob("*.html")]
    names = [str(part.with_suffix("")).replace("/", ".") for part in parts]
    assert len(names) > 25
    assert [name for name in names if not re.search(rf"<c-{re.escape(name)}[\s>]", shown)] == []

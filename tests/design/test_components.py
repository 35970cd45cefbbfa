"""The components as templates: what they take, what they escape, what they tell a screen reader."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler

from chiron.design import charts
from chiron.design.frame import Link
from chiron.design.icons import PATHS
from chiron.design.names import initials

EVIL = "<script>alert('x')</script>\" onclick=\"y"


def drawn(source: str, request: Any = None, **context: Any) -> str:
    template = engines["django"].from_string(CottonCompiler().process(source))
    return " ".join(template.render(context, request).split())


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Dr. Michelle Armstrong", "MA"),
        ("Michelle Armstrong, MD, FACP", "MA"),
        ("Cher", "C"),
        ("Ludwig van Beethoven", "LB"),
        ("Society of Bright Yellow", "SY"),
        ("Éva Ősz", "ÉŐ"),
        ("  ", ""),
        ("Dr.", ""),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.mark.parametrize(
    "source",
    [
        '<c-person name="{{ evil }}" detail="{{ evil }}" href="{{ evil }}" />',
        '<c-person :name="evil" :detail="evil" :href="evil" />',
        '<c-button href="{{ evil }}" :data-name="evil" title="{{ evil }}">{{ evil }}</c-button>',
        '<c-button :value="evil" name="answer">{{ evil }}</c-button>',
        '<c-card :title="evil" :data-x="evil">{{ evil }}<c-slot name="foot">{{ evil }}</c-slot></c-card>',
        '<c-stat :label="evil" :value="evil" :hint="evil" :href="evil" />',
        '<c-empty :title="evil">{{ evil }}</c-empty>',
        '<c-badge :tone="evil">{{ evil }}</c-badge>',
        '<c-message :tone="evil" :title="evil">{{ evil }}</c-message>',
        '<c-fact :label="evil">{{ evil }}</c-fact>',
        '<c-progress :label="evil" :words="evil" value="1" />',
        '<c-bars :parts="parts" :total="evil" />',
        '<c-tabs :tabs="tabs" :label="evil" />',
        '<c-steps :steps="steps" :current="1" />',
        '<c-table :caption="evil"></c-table>',
        '<c-more :title="evil">{{ evil }}</c-more>',
        '<c-next :title="evil"><li>{{ evil }}</li></c-next>',
        '<c-form :action="evil" :submit="evil" :data-x="evil"><i></i></c-form>',
        '<c-post :action="evil" :value="evil" name="x">{{ evil }}</c-post>',
        '<c-slider :label="evil" :name="evil" :value="evil" :hx-post="evil" />',
        '<c-search :label="evil" :name="evil" :value="evil" :action="evil" />',
        '<c-mail.button :href="evil">{{ evil }}</c-mail.button>',
    ],
)
def test_whatever_people_write_stays_text(source: str) -> None:
    page = drawn(source, evil=EVIL, parts=[(EVIL, 3)], tabs=[Link(EVIL, EVIL)], steps=[EVIL])
    assert "script" in page
    assert "<script" not in page
    assert '" onclick' not in page


def test_every_icon_is_a_picture_beside_words() -> None:
    for name in PATHS:
        assert drawn(f'<c-icon name="{name}" />').startswith('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"')
    with pytest.raises(KeyError):
        drawn('<c-icon name="unicorn" />')


def test_a_button_passes_on_what_it_does_not_know() -> None:
    assert (
        drawn('<c-button tone="primary" name="answer" value="yes" disabled>Yes</c-button>')
        == '<button class="btn btn-primary" type="submit" name="answer" value="yes" disabled><span>Yes</span></button>'
    )
    assert (
        drawn('<c-button href="/x/" size="sm" rel="next">On</c-button>')
        == '<a class="btn btn-sm" href="/x/" rel="next"><span>On</span></a>'
    )


class Questions(forms.Form):
    name = forms.CharField(label="Your name", help_text="As on <b>paper</b>.")
    note = forms.CharField(label="A note", required=False)
    meet = forms.ChoiceField(choices=[("a", "In person"), ("b", "Online")], widget=forms.RadioSelect, label="Meet")
    token = forms.CharField(widget=forms.HiddenInput, initial="t")


def test_a_field_has_a_label_a_hint_and_says_what_is_optional() -> None:
    page = drawn('<c-form :form="form" submit="Save" />', form=Questions())
    assert '<label for="id_name">Your name</label>' in page
    assert "As on &lt;b&gt;paper&lt;/b&gt;." in page
    assert 'aria-describedby="id_name_helptext"' in page
    assert 'id="id_name_helptext"' in page
    assert '<label for="id_note">A note <span class="optional">(optional)</span></label>' in page
    assert "<legend>Meet</legend>" in page
    assert '<input type="hidden" name="token" value="t" id="id_token">' in page
    assert 'role="alert"' not in page


def test_what_is_wrong_is_told_first_and_leads_to_its_field() -> None:
    page = drawn('<c-form :form="form" submit="Save" />', form=Questions({"note": EVIL, "meet": "c"}))
    summary, fields = page.split("</ul>", 1)
    assert '<a href="#id_name">Your name</a>: This needs an answer.' in summary
    assert '<a href="#id_meet_0">Meet</a>: Choose from what is offered here.' in summary
    assert 'aria-describedby="id_name_helptext id_name_error"' in fields
    assert 'id="id_name_error"' in fields
    assert 'aria-invalid="true"' in fields
    assert 'id="id_meet_0"' in fields
    assert '" onclick' not in page


def test_a_form_that_changes_something_carries_its_token(rf: RequestFactory) -> None:
    for source, there in (
        ('<c-form submit="Go"> </c-form>', True),
        ('<c-form method="get" submit="Go"></c-form>', False),
    ):
        assert ("csrfmiddlewaretoken" in drawn(source, rf.get("/"))) is there
    assert "csrfmiddlewaretoken" in drawn('<c-post action="/x/">Go</c-post>', rf.get("/"))


def test_steps_say_what_is_done_and_where_one_is() -> None:
    page = drawn('<c-steps :steps="steps" :current="2" />', steps=["One", "Two", "Three"])
    assert page.count('aria-current="step"') == 1
    assert (
        '<li class="done"><span class="stage-name"><span class="visually-hidden">Done: </span>One</span></li>' in page
    )
    assert '<li class="current" aria-current="step"><span class="stage-name">Two</span></li>' in page


def test_pages_keep_what_was_asked_for(rf: RequestFactory) -> None:
    page = drawn('<c-pages :page="page" />', rf.get("/?q=amira&page=2"), page=Paginator(range(60), 25).page(2))
    assert "26–50 of 60" in page
    assert 'href="?q=amira&amp;page=1"' in page
    assert 'href="?q=amira&amp;page=3"' in page
    assert drawn('<c-pages :page="page" />', rf.get("/"), page=Paginator(range(3), 25).page(1)) == ""


def test_numbers_are_written_for_people_and_kept_plain_for_machines(rf: RequestFactory) -> None:
    page = Paginator(range(20_000), 5_000).get_page(2)
    assert "5,001–10,000 of 20,000" in drawn('<c-pages :page="page" />', rf.get("/"), page=page)
    assert '<dd class="stat-value">20,000</dd>' in drawn('<c-stat label="a" value="{{ n }}" />', n=20_000)
    assert "1,500 people" in drawn(
        "{% load i18n %}{% blocktranslate count n=n %}{{ n }} person{% plural %}{{ n }} people{% endblocktranslate %}",
        n=1_500,
    )
    assert 'max="20000" value="1500"' in drawn('<c-progress label="a" :value="n" :max="m" />', n=1_500, m=20_000)


def test_a_score_is_drawn_and_said() -> None:
    page = charts.score_bar([("Interests", 300), ("Closeness", 150)])
    assert '<rect class="bar-1" x="0.0%" width="30.0%" height="100%"/>' in page
    assert '<rect class="bar-2" x="30.0%" width="15.0%" height="100%"/>' in page
    assert '<span class="visually-hidden">Interests 300, Closeness 150</span>' in page
    bars = drawn('<c-bars :parts="parts" :total="total" />', parts=[("Interests", 300)], total=300)
    assert re.sub("<[^>]*>", "", bars).strip() == "Interests 300: 300", "two numbers that run together are another one"


def test_charts_have_a_name_a_description_and_a_table() -> None:
    bars = charts.bar_chart("b", "Mentors", "Most are in <A>.", [charts.Bar("<A>", 4, "4 of 8"), charts.Bar("B", 2)])
    assert '<svg role="img" aria-labelledby="b-title b-desc"' in bars
    assert '<desc id="b-desc">Most are in &lt;A&gt;.</desc>' in bars
    assert '<th scope="row">&lt;A&gt;</th><td class="number">4 of 8</td>' in bars
    assert 'width="50.0%"' in bars
    strip = charts.dot_strip("s", "Fit", "Between 5 and 7.", [5, 5, 7], low=0, high=10)
    assert strip.count("<circle") == 3
    assert '<th scope="row">5</th><td class="number">2</td>' in strip


def test_two_bars_of_a_balance_have_one_scale() -> None:
    rows = [charts.Balance("<A>", 4, 1, "4 want, 1 place"), charts.Balance("B", 0, 2, "2 places")]
    drawn_rows = charts.balance_chart("b", "Mentors", "A has too few.", rows, legend=("Wanted", "Places"))
    assert 'class="chart-mark" x="0" y="3.5em" width="100.0%"' in drawn_rows
    assert 'class="chart-second" x="0" y="4.3em" width="25.0%"' in drawn_rows
    assert 'width="50.0%"' in drawn_rows
    assert "&lt;A&gt;" in drawn_rows
    assert "4 want, 1 place" in drawn_rows
    assert "<details" not in drawn_rows, "the page has its own table"


def test_charts_of_nothing_are_still_charts() -> None:
    assert "<svg" in charts.bar_chart("b", "Mentors", "None yet.", [])
    assert "<svg" in charts.bar_chart("b", "Mentors", "None yet.", [charts.Bar("A", 0)])
    assert "<svg" in charts.dot_strip("s", "Fit", "None yet.", [], low=0, high=1)
    assert "<svg" in charts.balance_chart("b", "Mentors", "None yet.", [], legend=("Wanted", "Places"))
    assert "<svg" in charts.dots(0, 0)

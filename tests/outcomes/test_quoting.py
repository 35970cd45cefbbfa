"""Quotes: only what its writer allowed, word for word, three at most, and no more once withheld."""

from __future__ import annotations

import pytest

from chiron.kernel.errors import DomainError
from programs.outcomes.quoting import release, withhold
from programs.outcomes.report import report_of
from programs.surveys.models import Comment
from tenants.audit.models import Entry
from tenants.models import Society
from tenants.people.models import Person
from tests.factories.staff import make_staff
from tests.outcomes.making import closed, running

WROTE = ("One thing I will keep.", "Two  of us\nlaughed a lot.", "Three.", "Four.", "x" * 301)


@pytest.fixture
def sam(sierra: Society) -> Person:
    wave = closed(running({}, pairs=5), "yyyyn", "ynyyn", WROTE)
    assert wave.comments.count() == 5
    return make_staff(given="Bo")


def comment(words: str) -> Comment:
    return Comment.objects.get(text__startswith=words)


def test_a_quote_stands_in_the_report_until_it_is_withheld(sam: Person) -> None:
    release(comment=comment("One"), part="I will keep.", by=sam)
    release(comment=comment("Two"), part="Two of us laughed a lot.", by=sam)
    report = report_of(comment("One").wave.cycle)
    assert sorted(report.quotes) == ["I will keep.", "Two of us laughed a lot."]
    release(comment=comment("One"), part="I will keep.", by=sam)
    with pytest.raises(DomainError, match="It stands in the report as “I will keep"):
        release(comment=comment("One"), part="One", by=sam)
    withhold(comment=comment("One"), by=sam)
    withhold(comment=comment("One"), by=sam)
    assert list(report_of(comment("One").wave.cycle).quotes) == ["Two of us laughed a lot."]
    verbs = Entry.objects.filter(verb__startswith="quote.").order_by("at").values_list("verb", flat=True)
    assert list(verbs) == ["quote.released", "quote.released", "quote.withheld"]


@pytest.mark.parametrize(
    ("words", "part", "refused"),
    [
        ("One", "One thing I will not keep.", "word for word"),
        ("One", "  ", "word for word"),
        ("xxx", "x" * 301, "room for 300 letters"),
    ],
)
def test_nobody_is_quoted_with_other_words_or_at_length(sam: Person, words: str, part: str, refused: str) -> None:
    with pytest.raises(DomainError, match=refused):
        release(comment=comment(words), part=part, by=sam)
    assert not Comment.objects.filter(released=True).exists()


def test_what_its_writer_did_not_allow_is_never_quoted(sam: Person) -> None:
    Comment.objects.update(may_quote=False)
    with pytest.raises(DomainError, match="did not say that it may be quoted"):
        release(comment=comment("One"), part="One", by=sam)


def test_the_fourth_quote_has_no_room(sam: Person) -> None:
    for words in ("One", "Two", "Three"):
        release(comment=comment(words), part=words, by=sam)
    with pytest.raises(DomainError, match="room for three quotes"):
        release(comment=comment("Four"), part="Four.", by=sam)
    withhold(comment=comment("Two"), by=sam)
    release(comment=comment("Four"), part="Four.", by=sam)

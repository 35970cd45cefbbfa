"""The example is whole before anybody comes in, takes the place of the one before, and leaves nothing half made."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chiron.demo import example
from chiron.demo.societies import Example
from tenants import context
from tenants.models import Society, Spare

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filled(owner_url: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """In which state each was as it was filled; with nothing, for that takes long and is tried elsewhere."""
    states: list[str] = []

    def fill(_like: Example, society: Society) -> Iterator[str]:
        states.append(society.state)
        yield "members: none"

    monkeypatch.setattr(example, "fill", fill)
    with context.platform():
        Spare.objects.all().delete()
    return states


def known() -> list[tuple[str, str]]:
    with context.platform():
        return sorted(Society.objects.filter(name=example.NAME).values_list("slug", "state"))


def test_it_is_closed_until_it_is_whole_and_then_takes_the_place_of_the_one_before(filled: list[str]) -> None:
    assert not example.is_shown()
    assert list(example.put_on_show())[-1].startswith("anybody may look at")
    assert (filled, known(), example.is_shown()) == (["suspended"], [("example", "active")], True)
    list(example.put_on_show())
    assert [state for _slug, state in known()] == ["active", "left"]


def test_what_a_killed_process_left_is_gone_after_the_next(filled: list[str]) -> None:
    next(example.put_on_show())  # killed while it was filled
    assert [state for _slug, state in known()] == ["suspended"]
    list(example.put_on_show())
    assert [state for _slug, state in known()] == ["active", "left"]
    assert filled == ["suspended", "suspended"]

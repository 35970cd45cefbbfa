"""`chiron bench tenancy` measures what it says. Whether the bars are met, only a quiet machine can say."""

from __future__ import annotations

import psycopg
import pytest
from click.testing import CliRunner

from chiron.bench import bench
from tenants import context
from tenants.measuring import Result, measure_creation, measure_request
from tenants.models import Society
from tenants.people.models import Person

commits = pytest.mark.django_db(transaction=True)


@commits
def test_creation_is_measured_on_schemas_without_a_difference(owner: psycopg.Connection) -> None:
    result = measure_creation(2)
    assert result.differences == ()
    assert 0 < result.ours < result.plain
    assert owner.execute("SELECT count(*) FROM plain_1.people_person").fetchone() == (0,)
    with context.platform():
        assert Society.objects.filter(slug__in=["bench-0", "bench-1"]).count() == 2


@commits
def test_requests_are_measured_on_the_same_rows(owner: psycopg.Connection) -> None:
    result = measure_request(3)
    assert result.plain > 0
    assert result.ours > 0
    with context.platform():
        society = Society.objects.get(slug="requests")
    with context.society(society):
        assert Person.objects.count() == 200


@pytest.mark.parametrize(
    ("result", "met", "said"),
    [
        (Result("creation", 20.0, 100.0, 0.25), True, "0.200 of it; the bar is 0.25 and is met"),
        (Result("creation", 30.0, 100.0, 0.25), False, "0.300 of it; the bar is 0.25 and is missed"),
        (Result("creation", 20.0, 100.0, 0.25, ("missing: index x",)), False, "missed\n  missing: index x"),
    ],
)
def test_a_bar_is_met_by_the_ratio_and_without_a_difference(result: Result, met: bool, said: str) -> None:
    assert result.is_met is met
    assert said in result.sentence()
    assert result.summary()["met"] is met


def test_the_benches_explain_themselves() -> None:
    told = CliRunner().invoke(bench, ["--help"]).output
    assert "tenancy" in told
    assert "matching" in told
    assert "0 both bars are met" in CliRunner().invoke(bench, ["tenancy", "--help"]).output

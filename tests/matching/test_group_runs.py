"""A run of groups in one file: what it proves without a database, what only a search says, and that nothing changes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from chiron.kernel.errors import DomainError
from matching.commands import match
from matching.engine import Groups
from matching.on_files.groups import check_groups, write_groups
from matching.solving.grouping import Somebody, group_people
from tests.matching.test_grouping import part, people
from tests.matching.test_runs import ABOUT, numbers

LANGUAGES = {"matching": {"by": "solver", "weights": {"shared_interests": 1000}, "never": ["no_common_language"]}}


def written(format_: str, some: Sequence[Somebody], **more: Any) -> dict[str, Any]:
    file = BytesIO()
    fingerprint = write_groups(file, ABOUT, group_people(part(format_, **more), some))
    data: dict[str, Any] = json.loads(file.getvalue())
    assert data["fingerprint"] == fingerprint
    return data


def circles() -> dict[str, Any]:
    return written("peer_circle", people("peer", 9, "resident"), size={"at_least": 3, "most": 3})


def led() -> dict[str, Any]:
    some = [*people("mentor", 3, "late career"), *people("mentee", 7, "resident")]
    return written("group", some, size={"at_least": 3, "most": 4}, cap={"pairs": 2})


def threes() -> dict[str, Any]:
    stages = {"senior": "retired", "middle": "mid career", "early": "resident"}
    return written("triad", [each for role, stage in stages.items() for each in people(role, 4, stage)])


def verified(data: dict[str, Any], path: Path) -> tuple[int, str]:
    path.write_text(json.dumps(data))
    ran = CliRunner().invoke(match, ["--verify", str(path)])
    return ran.exit_code, ran.output or str(ran.exception)


@pytest.mark.parametrize("run", [circles, led, threes])
def test_the_command_proves_groups_of_every_kind(run: Any, tmp_path: Path) -> None:
    data = run()
    code, said = verified(data, tmp_path / "run.json")
    assert code == 0, said
    assert f"{len(data['groups']['members'])} groups; " in said
    assert f"prices prove that none are worth more than {data['groups']['proven']:,}" in said
    assert "what people answered" in said


def test_who_was_left_out_beforehand_is_told_and_not_called_proven(tmp_path: Path) -> None:
    _code, said = verified(led(), tmp_path / "run.json")
    assert "Nor who was left out before groups were looked for: 1 beyond the groups that there may be." in said


@pytest.mark.parametrize("run", [circles, led, threes])
def test_no_number_can_be_changed_unseen(run: Any) -> None:
    data = run()
    places = list(numbers(data))
    assert len(places) > 60
    for *path, last in places[:: max(1, len(places) // 60)]:
        changed = deepcopy(data)
        part_of = changed
        for key in path:
            part_of = part_of[key]
        part_of[last] += 1
        with pytest.raises(DomainError):
            check_groups(changed)


def ring() -> dict[str, Any]:
    """Seven of whom each has something in common with two others: here prices alone do not close the gap."""
    both = ("ab", "bc", "cd", "de", "ef", "fg", "ga")
    some = zip(people("peer", 7, "resident"), both, strict=True)
    asked = [Somebody(each.role, replace(each.said, interests=tuple(two))) for each, two in some]
    return written("peer_circle", asked, size={"at_least": 3, "most": 4})


def test_what_only_a_search_says_is_searched_again_and_called_that(tmp_path: Path) -> None:
    data = ring()
    assert data["groups"]["proof"] == "search"
    code, said = verified(data, tmp_path / "run.json")
    assert (code, "a search says that no better groups exist" in said) == (0, True), said
    assert "no proof\n  that could be checked without one" in said


def test_a_bound_that_no_search_comes_to_is_refused() -> None:
    data = ring()
    claimed = Groups.from_dict(data["groups"])
    for bound in (claimed.total - 1, claimed.proven):
        data["groups"] = replace(claimed, bound=bound).sealed().to_dict()
        with pytest.raises(DomainError, match="No search comes to a bound"):
            check_groups(data)
    lower = replace(claimed, members=((0, 2, 4), (1, 3, 5, 6)), total=0, bound=1).sealed()
    with pytest.raises(DomainError, match=r"worth|same search"):
        check_groups(data | {"groups": lower.to_dict()})


@pytest.mark.parametrize("change", [{"asked": {}}, {"groups": []}, {"scores": [[1]]}, {"chiron_run": 2}])
def test_a_file_that_is_none_says_what_is_wrong(change: dict[str, Any]) -> None:
    with pytest.raises(DomainError, match=r"needs|version"):
        check_groups(circles() | change)

"""The measurements measure what they say: on small pools, where every figure can be checked."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from matching.bench import peers, processes, scoring, work
from matching.bench.cases import Case
from matching.bench.lists import LONGEST, RankedLists
from matching.bench.pools import Synthetic
from matching.bench.processes import PACKAGES, run, why_not_run

SMALL = Case(60, 40)
FREE = ("scipy", "highs")
INSTALLED = [kind for kind in peers.KINDS if not why_not_run(kind, SMALL)]


def test_ours_and_the_peers_come_to_one_total(tmp_path: Path) -> None:
    work.scores(SMALL, 3, tmp_path)
    totals = {work.KINDS[kind](SMALL, 3, tmp_path)["total"] for kind in ("proven", "given", "explained")}
    totals |= {run(kind, SMALL, 3, tmp_path)["total"] for kind in INSTALLED if kind in ("scipy", "lapx", "highs")}
    assert len(totals) == 1
    assert set(FREE) <= set(INSTALLED)


def test_what_is_proven_is_told_with_its_seed(tmp_path: Path) -> None:
    figures = work.proven(SMALL, 5, tmp_path)
    proof = figures["certificate"]
    assert proof["seed"] == 5
    assert proof["value"] == proof["bound"] == proof["total"] == figures["total"]
    assert 0 < figures["proof"] < figures["seconds"]


def test_the_order_of_people_changes_nothing(tmp_path: Path) -> None:
    assert work.shuffled(SMALL, 3, tmp_path) == {"changed": 0}


def test_the_loop_comes_to_the_same_scores(tmp_path: Path) -> None:
    case = Case(150, 120)
    scoring.built(case, 2, tmp_path)
    scoring.loop(case, 2, tmp_path)
    built = np.load(tmp_path / "built.npy")
    assert 0.05 < (built < 0).mean() < 0.5, "rules are tried as well as criteria"
    assert len(np.unique(built)) > 1000
    np.save(tmp_path / "built.npy", built + (np.arange(built.size) == 77).reshape(built.shape))
    with pytest.raises(AssertionError, match="other scores"):
        scoring.loop(case, 2, tmp_path)


def test_the_same_seed_makes_the_same_instance_and_another_one_does_not() -> None:
    first, again, other = (Synthetic(SMALL, seed).everything() for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_ranked_lists_of_both_sides_name_the_same_pairs() -> None:
    lists = RankedLists(Case(200, 50), 1)
    named = np.repeat(np.arange(200), np.diff(lists.mentee_start))
    naming = np.repeat(np.arange(50), np.diff(lists.mentor_start))
    pairs = set(zip(named.tolist(), lists.mentee_choice.tolist(), strict=True))
    assert len(pairs) == len(named) == len(naming)
    assert pairs == set(zip(lists.mentor_choice.tolist(), naming.tolist(), strict=True))
    assert np.diff(lists.mentee_start).max() == LONGEST
    assert lists.places.sum() < 200


@pytest.mark.parametrize("peer", ["algmatch", "matching"])
def test_the_peers_find_the_same_stable_pairs(peer: str, tmp_path: Path) -> None:
    if why_not_run(peer, SMALL):
        pytest.skip("not installed: make peers")
    ours = work.stable_pairs(Case(200, 50), 1, tmp_path)["pairs"]
    assert run(peer, SMALL, 1, tmp_path)["pairs"] == ours
    assert len(ours) > 100


def test_each_work_is_measured_alone_with_its_own_memory(tmp_path: Path) -> None:
    figures = run("proven", SMALL, 0, tmp_path)
    assert figures["total"] == work.proven(SMALL, 0, tmp_path)["total"]
    assert 20 < figures["peak_mb"] < 400


def test_the_memory_of_whoever_starts_a_process_does_not_count() -> None:
    held = np.ones(40_000_000)
    here = str(Path(peers.__file__).parent)
    script = f"import sys; sys.path.insert(0, {here!r}); import peers; print(peers.peak_mb())"
    told = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, check=True)
    assert float(told.stdout) < held.nbytes / 1e6 < peers.peak_mb()


def test_the_peers_import_nothing_of_ours() -> None:
    """One of them is a package `matching` too; whatever stands in that script runs where ours cannot be found."""
    tree = ast.parse(Path(peers.__file__).read_text())
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    plain |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    ours = {"matching", "programs", "tenants", "chiron", "billing", "api"}
    assert plain
    assert not {name for name in plain if name.split(".")[0] in ours}


def test_what_is_not_installed_or_too_large_is_left_out_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "PEERS", tmp_path)
    assert {kind: why_not_run(kind, SMALL) for kind in PACKAGES} == dict.fromkeys(PACKAGES, "not run: `make peers`")
    assert [why_not_run(kind, SMALL) for kind in FREE] == ["", ""]
    assert why_not_run("scipy", Case(50_000, 20_000)) == "not run: its matrix alone takes 16 GB"
    assert why_not_run("highs", Case(1_000, 600)) == "not run: takes minutes"
    assert why_not_run("highs", Case(1_000, 600), patiently=True) == ""
    assert why_not_run("proven", Case(50_000, 20_000)) == ""


def test_figures_come_out_as_one_line_of_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    work.main(work.KINDS, "scores", "12x9", "0", str(tmp_path))
    assert set(json.loads(capsys.readouterr().out)) == {"seconds", "peak_mb"}
    assert np.load(tmp_path / "scores.npy").shape == (12, 9)

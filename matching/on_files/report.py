"""The report of a match on files, for the person at the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from matching.criteria.sentences import RULES
from matching.on_files.groups import CheckedGroups
from matching.on_files.runs import Checked
from matching.solving.facts import Data
from programs.policy.sentences import plain

WHY_NOT = {
    "asks_for_none": "asks for no mentor",
    "no_mentors": "there are no mentors",
    "forbidden": "no mentor may be theirs",
    "below_floor": "every pair would be worth less than the policy's floor",
    "beyond_cap": "beyond the cap of {cap} pairs{waits}",
    "all_full": "every suitable mentor is full",
}
NOBODY_RATHER = "checked: no two people would both rather have each other"
AGAIN = (
    "  A search, made once more here, finds none that are worth more than {:,}. That is a second look, and no proof\n"
    "  that could be checked without one."
)
LEFT_OUT = {
    "beyond_cap": "beyond the groups that there may be",
    "forbidden": "whom a rule keeps apart from too many",
    "too_few": "who signed up last, one too many",
}
TELL_RULES = frozenset({"forbidden", "below_floor", "all_full"})
AIMS = {
    "most_pairs": "as many pairs as possible, then the most points",
    "total": "the most points",
    "worst_off_first": "the best for whoever is worst off, then the most points",
}


def report(run: Data, not_matched: Sequence[Data], left_out: Sequence[Data], written: Sequence[str]) -> str:
    """The whole report, ready to print."""
    lines = [*_head(run), "", *_counts(run), "", *_result(run), ""]
    lines += _section("Not matched", [_why_not(each, run) for each in not_matched])
    for title, answer in (("Not eligible", "no"), ("Can't tell yet", "unknown")):
        lines += _section(title, [_why_out(each) for each in left_out if each["answer"] == answer])
    if run["unused_columns"]:
        lines += [f"Columns that nothing read: {', '.join(run['unused_columns'])}.", ""]
    return "\n".join([*lines, f"Written: {', '.join(written)}"])


def of_checked(checked: Checked) -> str:
    """What a run that was taken out proves, ready to print."""
    figures = checked.figures
    return "\n".join(
        [
            _which(checked.about),
            f"{_number(figures['pairs'], 'pair')} among {_number(checked.mentees, 'mentee')} and "
            f"{_number(checked.mentors, 'mentor')}.",
            "",
            *(_checked(checked.first) if checked.looked_at is None else [NOBODY_RATHER]),
            "  Every pair keeps to the places, wishes and limits that the file names, and none is forbidden.",
            _looked_at(checked),
            "  Every figure follows from the pairs and the scores.",
            f"  Nothing was changed since it was written. Fingerprint: {checked.fingerprint}",
            "",
            "Not in the file, so not checked: what people answered, from which their scores come, and how lots among",
            "equals fell. The society's record has the fingerprint under which the run was taken out.",
        ]
    )


def of_checked_groups(checked: CheckedGroups) -> str:
    """What a run of groups that was taken out proves, and what it does not, ready to print."""
    figures, searched = checked.figures, checked.bound < checked.proven
    who = "a search says that " if searched else ""
    away = f"these are at most {checked.bound - checked.total:,} away from the best possible"
    left = ", ".join(f"{count} {LEFT_OUT.get(why, why)}" for why, count in checked.left_out.items())
    return "\n".join(
        [
            _which(checked.about),
            f"{_number(figures['groups'], 'group')}; in them {figures['in_groups']:,} of {figures['people']:,} people.",
            "",
            f"checked: {who}{'no better groups exist' if checked.optimal else away}",
            "  Every group keeps to the sizes that the file names, and nobody is in one with somebody who may not be.",
            f"  They are worth {checked.total:,}; the prices prove that none are worth more than {checked.proven:,}.",
            *([AGAIN.format(checked.bound)] if searched else []),
            "  Every figure follows from the groups and the scores.",
            f"  Nothing was changed since it was written. Fingerprint: {checked.fingerprint}",
            "",
            "Not in the file, so not checked: what people answered, from which their scores come.",
            *([f"Nor who was left out before groups were looked for: {left}."] if left else []),
            "The society's record has the fingerprint under which the run was taken out.",
        ]
    )


def _which(about: Data) -> str:
    settings = about.get("settings", {})
    return (
        f"{about.get('program')} – {about.get('session')}, suggested on {about.get('suggested_at')} "
        f"(settings of version {settings.get('version')}, {str(settings.get('digest'))[:12]})"
    )


def _looked_at(checked: Checked) -> str:
    if checked.looked_at is not None:
        return (
            f"  All {checked.looked_at:,} pairs that may be were looked at again, by who named whom and then by "
            "points;\n  pairs that staff keep stand beside."
        )
    possible = checked.mentees * checked.mentors
    return (
        f"  All {possible:,} possible pairs were priced again: the pairs are worth {checked.value:,}, and the "
        f"prices prove that no set is worth more than {checked.bound:,}."
    )


def _checked(first: int | None) -> list[str]:
    """What is proven. first: how many first mentors there are, where these go before second ones."""
    if first is None:
        return ["checked: no better set of pairs exists"]
    return [
        f"checked: {_number(first, 'first mentor')}: nobody more can have one, and no better set of as many exists;",
        "         beside them no better set of further mentors exists",
    ]


def _head(run: Data) -> Iterator[str]:
    yield f"{run['policy']} – {run['part']} (settings {run['policy_hash'][:12]}, seed {run['seed']})"
    yield f"The session starts on {plain(date.fromisoformat(run['starts']))} ({run['starts_from']})."


def _counts(run: Data) -> Iterator[str]:
    mentors, mentees = run["mentors"], run["mentees"]
    yield f"{'':10}{'in sheet':>10}{'eligible':>10}{'matched':>10}"
    for name, row in (("Mentors", mentors), ("Mentees", mentees)):
        yield f"{name:10}{row['in_sheet']:>10}{row['eligible']:>10}{row['matched']:>10}"
    yield f"The eligible mentors have {_number(mentors['places'], 'place')}."


def _result(run: Data) -> Iterator[str]:
    mentees = run["mentees"]
    cap = f" (at most {run['cap']})" if run["cap"] else ""
    yield f"{_number(run['pairs'], 'pair')}{cap}, {run['total'] / 1000:,.3f} points in all; aim: {AIMS[run['aim']]}."
    yield from _checked(run["first_mentors"])
    yield f"{mentees['matched']} matched, {mentees['eligible'] - mentees['matched']} not matched."
    if idle := run["mentors"]["eligible"] - run["mentors"]["matched"]:
        yield f"{_number(idle, 'eligible mentor')} without a mentee."
    if fewer := mentees["with_fewer_mentors_than_asked_for"]:
        yield f"{_number(fewer, 'mentee')} matched, but with fewer mentors than asked for."


def _section(title: str, entries: Sequence[str]) -> list[str]:
    return [f"{title} ({len(entries)}):", *(f"  {entry}" for entry in entries), ""] if entries else []


def _why_not(each: Data, run: Data) -> str:
    counts: dict[str, int] = each["forbidden_by"]
    waits = "; waits" if run["beyond_cap"] == "waitlist" else ""
    why = WHY_NOT[each["why"]].format(cap=run["cap"], waits=waits)
    ruled_out = ", ".join(f"{count} because {RULES[rule]}" for rule, count in counts.items())
    tells = each["why"] in TELL_RULES and ruled_out
    return f"{each['mentee_id']}  {why}" + (f"; ruled out: {ruled_out}" if tells else "")


def _why_out(each: Data) -> str:
    reasons: list[dict[str, Any]] = each["reasons"]
    return f"{each['id']} ({each['role']})  {'; '.join(reason['note'] for reason in reasons)}"


def _number(count: int, thing: str) -> str:
    return f"1 {thing}" if count == 1 else f"{count:,} {thing}s"
